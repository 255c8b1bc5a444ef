//! Expressions as text, in the abbreviated syntax, with as few parentheses as the meaning allows.

use super::{ArithmeticOp, Axis, CompareOp, Expr, NodeTest, Step};
use crate::ModuleId;
use std::fmt::Write as _;

/// The text of an expression; `prefix` gives the prefix of a module. Parsing the text gives the expression back.
pub fn print(expr: &Expr, prefix: &mut dyn FnMut(ModuleId) -> String) -> String {
    let mut printer = Printer { out: String::new(), prefix };
    printer.expr(expr);
    printer.out
}

struct Printer<'p> {
    out: String,
    prefix: &'p mut dyn FnMut(ModuleId) -> String,
}

/// How strongly the outermost operator binds.
fn precedence(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(..) => 0,
        Expr::And(..) => 1,
        Expr::Compare(CompareOp::Equal | CompareOp::NotEqual, ..) => 2,
        Expr::Compare(..) => 3,
        Expr::Arithmetic(ArithmeticOp::Add | ArithmeticOp::Subtract, ..) => 4,
        Expr::Arithmetic(..) => 5,
        Expr::Negate(_) => 6,
        Expr::Union(..) => 7,
        Expr::Path(_) | Expr::Filter { .. } => 8,
        // No number is negative or infinite that was parsed; others become an operator.
        Expr::Number(n) if !n.is_finite() || n.is_sign_negative() => 4,
        Expr::Literal(_) | Expr::Number(_) | Expr::Call(..) => 9,
    }
}

impl Printer<'_> {
    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Or(left, right) => self.binary(expr, left, "or", right, true),
            Expr::And(left, right) => self.binary(expr, left, "and", right, true),
            Expr::Union(left, right) => self.binary(expr, left, "|", right, true),
            Expr::Compare(op, left, right) => {
                let op = match op {
                    CompareOp::Equal => "=",
                    CompareOp::NotEqual => "!=",
                    CompareOp::Less => "<",
                    CompareOp::LessOrEqual => "<=",
                    CompareOp::Greater => ">",
                    CompareOp::GreaterOrEqual => ">=",
                };
                self.binary(expr, left, op, right, false);
            }
            Expr::Arithmetic(op, left, right) => {
                let op = match op {
                    ArithmeticOp::Add => "+",
                    ArithmeticOp::Subtract => "-",
                    ArithmeticOp::Multiply => "*",
                    ArithmeticOp::Divide => "div",
                    ArithmeticOp::Modulo => "mod",
                };
                self.binary(expr, left, op, right, false);
            }
            Expr::Negate(inner) => {
                self.out.push('-');
                self.operand(inner, precedence(expr));
            }
            Expr::Path(path) => {
                if path.absolute {
                    self.out.push('/');
                }
                self.steps(&path.steps, path.absolute);
            }
            Expr::Filter { primary, predicates, steps } => {
                self.operand(primary, precedence(&Expr::Literal("".into())));
                self.predicates(predicates);
                if !steps.is_empty() {
                    self.out.push('/');
                    self.steps(steps, true);
                }
            }
            Expr::Literal(text) => self.out.push_str(&crate::value::quoted(text)),
            Expr::Number(n) => self.number(*n),
            Expr::Call(function, arguments) => {
                self.out.push_str(function.name());
                self.out.push('(');
                for (i, argument) in arguments.iter().enumerate() {
                    if i > 0 {
                        self.out.push_str(", ");
                    }
                    self.expr(argument);
                }
                self.out.push(')');
            }
        }
    }

    fn binary(&mut self, expr: &Expr, left: &Expr, op: &str, right: &Expr, chain: bool) {
        let own = precedence(expr);
        self.operand(left, own);
        _ = write!(self.out, " {op} ");
        self.operand(right, if chain { own } else { own + 1 });
    }

    /// An operand that must bind at least so strongly.
    fn operand(&mut self, expr: &Expr, at_least: u8) {
        // Behind a lone `/` even `*` and `or` would be names.
        let root = matches!(expr, Expr::Path(path) if path.steps.is_empty());
        if precedence(expr) >= at_least && !root {
            self.expr(expr);
        } else {
            self.out.push('(');
            self.expr(expr);
            self.out.push(')');
        }
    }

    /// XPath writes no exponents, and neither does Rust's `Display`.
    fn number(&mut self, n: f64) {
        if n.is_nan() {
            self.out.push_str("0 div 0");
        } else if n.is_infinite() {
            self.out.push_str(if n > 0.0 { "1 div 0" } else { "-1 div 0" });
        } else {
            _ = write!(self.out, "{n}");
        }
    }

    /// Steps behind a `/`, or the first ones of a relative path.
    fn steps(&mut self, steps: &[Step], behind_slash: bool) {
        // May the next step shrink to the second slash of `//`? It needs a slash before it and a step behind it.
        let mut may_shrink = behind_slash;
        for (i, step) in steps.iter().enumerate() {
            if i > 0 {
                self.out.push('/');
            }
            let any = step.test == NodeTest::Node && step.predicates.is_empty();
            if any && step.axis == Axis::DescendantOrSelf && may_shrink && i + 1 < steps.len() {
                may_shrink = false;
                continue;
            }
            may_shrink = true;
            match step.axis {
                Axis::Parent if any => self.out.push_str(".."),
                Axis::SelfAxis if any => self.out.push('.'),
                axis => {
                    match axis {
                        Axis::Child => {}
                        Axis::Attribute => self.out.push('@'),
                        _ => _ = write!(self.out, "{}::", axis.name()),
                    }
                    self.node_test(&step.test);
                    self.predicates(&step.predicates);
                }
            }
        }
    }

    fn node_test(&mut self, test: &NodeTest) {
        match test {
            NodeTest::Any => self.out.push('*'),
            NodeTest::AnyIn(module) => {
                let prefix = (self.prefix)(*module);
                _ = write!(self.out, "{prefix}:*");
            }
            NodeTest::Name { module, name } => {
                if let Some(module) = module {
                    let prefix = (self.prefix)(*module);
                    _ = write!(self.out, "{prefix}:");
                }
                self.out.push_str(name);
            }
            NodeTest::Node => self.out.push_str("node()"),
            NodeTest::Text => self.out.push_str("text()"),
            NodeTest::Comment => self.out.push_str("comment()"),
            NodeTest::ProcessingInstruction => self.out.push_str("processing-instruction()"),
        }
    }

    fn predicates(&mut self, predicates: &[Expr]) {
        for predicate in predicates {
            self.out.push('[');
            self.expr(predicate);
            self.out.push(']');
        }
    }
}
