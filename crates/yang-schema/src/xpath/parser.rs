//! The grammar of XPath 1.0 (section 3), one function a production where that serves; binary operators by precedence.

use super::lexer::Lexer;
use super::{ArithmeticOp, Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step, XPathError};
use crate::ModuleId;

/// How deep the tree of an expression may be, and how many parentheses and predicates may be open at a time.
///
/// What walks an expression recurses; this keeps it within any thread's stack.
pub const MAX_DEPTH: usize = 128;

/// Parses an expression. `resolve` gives the module of a prefix.
///
/// # Errors
/// Text that is no expression of XPath 1.0, prefixes and functions that are not known, calls with too few or too many arguments, variables
/// (YANG has none), and expressions deeper than [`MAX_DEPTH`].
pub fn parse(text: &str, resolve: &mut dyn FnMut(&str) -> Option<ModuleId>) -> Result<Expr, XPathError> {
    let mut parser = Parser { lexer: Lexer { text, at: 0 }, resolve, open: 0 };
    let tree = parser.expr()?;
    parser.lexer.space();
    if parser.lexer.rest().is_empty() {
        Ok(tree.expr)
    } else {
        Err(parser.lexer.expected("an operator or the end"))
    }
}

/// An expression and its depth.
struct Tree {
    expr: Expr,
    depth: usize,
    /// Of a chain of `or`, `and` or `|` the depth of the deepest operand; else the same.
    operand_depth: usize,
}

struct Parser<'a, 'r> {
    lexer: Lexer<'a>,
    resolve: &'r mut dyn FnMut(&str) -> Option<ModuleId>,
    /// Expressions inside expressions at this place.
    open: usize,
}

/// A binary operator that stands between operands of `-`; `|` binds stronger and is a loop of its own.
#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Or,
    And,
    Compare(CompareOp),
    Arithmetic(ArithmeticOp),
    Union,
}

/// Operators by precedence, weak ones first (XPath 1.0 section 3.5). A name is an operator only as a whole name, and `<=`
/// must be tried before `<`.
static OPERATORS: &[(&str, u8, Operator)] = &[
    ("or", 0, Operator::Or),
    ("and", 1, Operator::And),
    ("=", 2, Operator::Compare(CompareOp::Equal)),
    ("!=", 2, Operator::Compare(CompareOp::NotEqual)),
    ("<=", 3, Operator::Compare(CompareOp::LessOrEqual)),
    ("<", 3, Operator::Compare(CompareOp::Less)),
    (">=", 3, Operator::Compare(CompareOp::GreaterOrEqual)),
    (">", 3, Operator::Compare(CompareOp::Greater)),
    ("+", 4, Operator::Arithmetic(ArithmeticOp::Add)),
    ("-", 4, Operator::Arithmetic(ArithmeticOp::Subtract)),
    ("*", 5, Operator::Arithmetic(ArithmeticOp::Multiply)),
    ("div", 5, Operator::Arithmetic(ArithmeticOp::Divide)),
    ("mod", 5, Operator::Arithmetic(ArithmeticOp::Modulo)),
];

/// An operator that waits for its last operand.
struct Waiting {
    operands: Vec<Tree>,
    operator: Operator,
    precedence: u8,
}

impl<'a> Parser<'a, '_> {
    fn too_deep(&self) -> XPathError {
        self.lexer.error(format!("the expression is nested deeper than {MAX_DEPTH}"))
    }

    fn tree(&self, expr: Expr, below: usize) -> Result<Tree, XPathError> {
        let depth = below + 1;
        if depth > MAX_DEPTH { Err(self.too_deep()) } else { Ok(Tree { expr, depth, operand_depth: depth }) }
    }

    /// Expr: operands and binary operators, by a stack instead of a function a level, so that a parenthesis costs few frames.
    fn expr(&mut self) -> Result<Tree, XPathError> {
        self.open += 1;
        if self.open > MAX_DEPTH {
            return Err(self.too_deep());
        }
        // Weaker operators below stronger ones.
        let mut waiting: Vec<Waiting> = Vec::new();
        loop {
            let mut operand = self.unary_expr()?;
            let next = self.operator();
            // What binds at least as strongly as the next operator is complete, except a chain that goes on.
            while let Some(before) = waiting.pop_if(|before| {
                next.is_none_or(|(precedence, operator)| {
                    precedence <= before.precedence && !(operator == before.operator && operator.is_chain())
                })
            }) {
                let mut operands = before.operands;
                operands.push(operand);
                operand = self.join(before.operator, operands)?;
            }
            let Some((precedence, operator)) = next else {
                self.open -= 1;
                return Ok(operand);
            };
            match waiting.last_mut() {
                Some(before) if before.operator == operator => before.operands.push(operand),
                _ => waiting.push(Waiting { operands: vec![operand], operator, precedence }),
            }
        }
    }

    fn operator(&mut self) -> Option<(u8, Operator)> {
        let (_, precedence, operator) = OPERATORS.iter().find(|(token, _, _)| {
            if token.starts_with(|c: char| c.is_ascii_alphabetic()) {
                self.lexer.eat_word(token)
            } else {
                self.lexer.eat(token)
            }
        })?;
        Some((*precedence, *operator))
    }

    /// UnaryExpr ::= UnionExpr | '-' UnaryExpr
    fn unary_expr(&mut self) -> Result<Tree, XPathError> {
        let mut minus_signs = 0;
        while self.lexer.eat("-") {
            minus_signs += 1;
            if minus_signs > MAX_DEPTH {
                return Err(self.too_deep());
            }
        }
        self.lexer.space();
        let mut start = self.lexer.at;
        let mut operands = vec![self.path_expr()?];
        while self.lexer.eat("|") {
            let before = operands.pop();
            operands.push(Self::nodes(start, before)?);
            self.lexer.space();
            start = self.lexer.at;
            let operand = self.path_expr()?;
            operands.push(Self::nodes(start, Some(operand))?);
        }
        let mut tree = self.join(Operator::Union, operands)?;
        for _ in 0..minus_signs {
            let below = tree.depth;
            tree = self.tree(Expr::Negate(Box::new(tree.expr)), below)?;
        }
        Ok(tree)
    }

    /// An operand of `|`.
    fn nodes(start: usize, operand: Option<Tree>) -> Result<Tree, XPathError> {
        match operand {
            Some(operand) if !operand.expr.is_value() => Ok(operand),
            _ => Err(XPathError { offset: start, message: "`|` unites nodes, not values".to_owned() }),
        }
    }

    /// One expression of the operands of an operator. Long chains of `or`, `and` and `|` become balanced trees, so that a
    /// thousand alternatives are ten deep; the order of evaluation stays.
    fn join(&self, operator: Operator, operands: Vec<Tree>) -> Result<Tree, XPathError> {
        let mut trees = Vec::with_capacity(operands.len());
        for operand in operands {
            if operator.is_chain() { operator.unchain(operand, &mut trees) } else { trees.push(operand) }
        }
        let operand_depth = trees.iter().map(|t| t.depth).max().unwrap_or(0);
        loop {
            let mut pairs = Vec::with_capacity(trees.len().div_ceil(2));
            let mut rest = trees.into_iter();
            while let Some(left) = rest.next() {
                pairs.push(match rest.next() {
                    Some(right) => {
                        let below = left.depth.max(right.depth);
                        self.tree(operator.apply(Box::new(left.expr), Box::new(right.expr)), below)?
                    }
                    None => left,
                });
            }
            if pairs.len() == 1 {
                let mut tree = pairs.remove(0);
                if operator.is_chain() && tree.depth > operand_depth {
                    tree.operand_depth = operand_depth;
                }
                return Ok(tree);
            }
            trees = pairs;
        }
    }

    /// PathExpr: a location path, or a primary expression with predicates and steps.
    fn path_expr(&mut self) -> Result<Tree, XPathError> {
        self.lexer.space();
        let start = self.lexer.at;
        let Some(primary) = self.primary_expr()? else { return self.location_path() };
        let (predicates, deepest) = self.predicates()?;
        let mut steps = Vec::new();
        let below = primary.depth.max(deepest).max(self.more_steps(&mut steps)?);
        if predicates.is_empty() && steps.is_empty() {
            return Ok(primary);
        }
        if primary.expr.is_value() {
            let message = "steps and predicates go on from nodes, not from a value".to_owned();
            return Err(XPathError { offset: start, message });
        }
        self.tree(Expr::Filter { primary: Box::new(primary.expr), predicates, steps }, below)
    }

    /// PrimaryExpr, or nothing where a location path begins.
    fn primary_expr(&mut self) -> Result<Option<Tree>, XPathError> {
        if self.lexer.looking_at("$") {
            return Err(self.lexer.error("YANG defines no variables"));
        }
        if self.lexer.eat("(") {
            let tree = self.expr()?;
            self.lexer.expect(")")?;
            return Ok(Some(tree));
        }
        if let Some(literal) = self.lexer.literal()? {
            return self.tree(Expr::Literal(literal.into()), 0).map(Some);
        }
        if let Some(number) = self.lexer.number() {
            return self.tree(Expr::Number(number), 0).map(Some);
        }
        self.function_call()
    }

    /// FunctionCall. A node type with its parentheses is none.
    fn function_call(&mut self) -> Result<Option<Tree>, XPathError> {
        let start = self.lexer.at;
        let Some(name) = self.lexer.peek_name() else { return Ok(None) };
        self.lexer.at += name.len();
        let mut full_name = name;
        if self.lexer.rest().starts_with(':') && !self.lexer.rest().starts_with("::") {
            self.lexer.at += 1;
            self.lexer.at += self.lexer.peek_name().map_or(0, str::len);
            full_name = &self.lexer.text[start..self.lexer.at];
        }
        if !self.lexer.eat("(") || node_type(full_name).is_some() {
            self.lexer.at = start;
            return Ok(None);
        }
        let error = |message| Err(XPathError { offset: start, message });
        let Some(function) = Function::from_name(full_name) else {
            return error(format!("there is no function `{full_name}`"));
        };
        let mut arguments = Vec::new();
        let mut below = 0;
        if !self.lexer.eat(")") {
            loop {
                self.lexer.space();
                let at = self.lexer.at;
                let argument = self.expr()?;
                if arguments.is_empty() && function.takes_nodes() && argument.expr.is_value() {
                    let message = format!("`{full_name}` takes nodes, not a value");
                    return Err(XPathError { offset: at, message });
                }
                below = below.max(argument.depth);
                arguments.push(argument.expr);
                if self.lexer.eat(")") {
                    break;
                }
                if !self.lexer.eat(",") {
                    return Err(self.lexer.expected("`,` or `)`"));
                }
            }
        }
        let (fewest, most) = function.arguments();
        if !(fewest..=most).contains(&arguments.len()) {
            let takes = match (fewest, most) {
                (0, 0) => "no argument".to_owned(),
                (1, 1) => "one argument".to_owned(),
                (_, usize::MAX) => format!("at least {fewest} arguments"),
                _ if fewest == most => format!("{fewest} arguments"),
                _ => format!("{fewest} to {most} arguments"),
            };
            return error(format!("`{full_name}` takes {takes}, found {}", arguments.len()));
        }
        self.tree(Expr::Call(function, arguments), below).map(Some)
    }

    /// LocationPath.
    fn location_path(&mut self) -> Result<Tree, XPathError> {
        let mut steps = Vec::new();
        let absolute = self.lexer.looking_at("/");
        let below = if self.lexer.looking_at("//") {
            self.more_steps(&mut steps)?
        } else if absolute {
            self.lexer.eat("/");
            if self.at_step() { self.steps(&mut steps)? } else { 0 }
        } else if self.at_step() {
            self.steps(&mut steps)?
        } else {
            return Err(self.lexer.expected("an expression"));
        };
        self.tree(Expr::Path(LocationPath { absolute, steps }), below)
    }

    fn at_step(&mut self) -> bool {
        self.lexer.space();
        self.lexer.peek_name().is_some() || self.lexer.rest().starts_with(['.', '@', '*'])
    }

    /// A step and what follows it; gives the depth of the deepest predicate.
    fn steps(&mut self, steps: &mut Vec<Step>) -> Result<usize, XPathError> {
        let below = self.step(steps)?;
        Ok(below.max(self.more_steps(steps)?))
    }

    /// ( '/' Step | '//' Step )*
    fn more_steps(&mut self, steps: &mut Vec<Step>) -> Result<usize, XPathError> {
        let mut below = 0;
        loop {
            if self.lexer.eat("//") {
                steps.push(Step {
                    axis: Axis::DescendantOrSelf,
                    test: NodeTest::Node,
                    predicates: Vec::new(),
                });
            } else if !self.lexer.eat("/") {
                return Ok(below);
            }
            below = below.max(self.step(steps)?);
        }
    }

    fn step(&mut self, steps: &mut Vec<Step>) -> Result<usize, XPathError> {
        for (token, axis) in [("..", Axis::Parent), (".", Axis::SelfAxis)] {
            if self.lexer.eat(token) {
                steps.push(Step { axis, test: NodeTest::Node, predicates: Vec::new() });
                return Ok(0);
            }
        }
        let axis = self.axis()?;
        let test = self.node_test()?;
        let (predicates, below) = self.predicates()?;
        steps.push(Step { axis, test, predicates });
        Ok(below)
    }

    fn axis(&mut self) -> Result<Axis, XPathError> {
        if self.lexer.eat("@") {
            return Ok(Axis::Attribute);
        }
        self.lexer.space();
        let start = self.lexer.at;
        if let Some(name) = self.lexer.peek_name() {
            self.lexer.at += name.len();
            if self.lexer.eat("::") {
                let unknown = XPathError { offset: start, message: format!("there is no axis `{name}`") };
                return Axis::from_name(name).ok_or(unknown);
            }
            self.lexer.at = start;
        }
        Ok(Axis::Child)
    }

    /// NodeTest
    fn node_test(&mut self) -> Result<NodeTest, XPathError> {
        if self.lexer.eat("*") {
            return Ok(NodeTest::Any);
        }
        let start = self.lexer.at;
        let Some(first) = self.lexer.peek_name() else { return Err(self.lexer.expected("a name")) };
        self.lexer.at += first.len();
        if let Some(local) = self.lexer.rest().strip_prefix(':').filter(|rest| !rest.starts_with(':')) {
            let Some(module) = (self.resolve)(first) else {
                let message = format!("the prefix `{first}` is not known");
                return Err(XPathError { offset: start, message });
            };
            self.lexer.at += 1;
            if local.starts_with('*') {
                self.lexer.at += 1;
                return Ok(NodeTest::AnyIn(module));
            }
            let Some(name) = self.lexer.peek_name() else {
                return Err(self.lexer.expected(&format!("a name behind `{first}:`")));
            };
            self.lexer.at += name.len();
            return Ok(NodeTest::Name { module: Some(module), name: name.into() });
        }
        match node_type(first) {
            Some(test) if self.lexer.eat("(") => {
                if test == NodeTest::ProcessingInstruction {
                    self.lexer.literal()?;
                }
                self.lexer.expect(")")?;
                Ok(test)
            }
            _ => Ok(NodeTest::Name { module: None, name: first.into() }),
        }
    }

    /// Predicate*, and the depth of the deepest.
    fn predicates(&mut self) -> Result<(Vec<Expr>, usize), XPathError> {
        let mut predicates = Vec::new();
        let mut below = 0;
        while self.lexer.eat("[") {
            let tree = self.expr()?;
            self.lexer.expect("]")?;
            below = below.max(tree.depth);
            predicates.push(tree.expr);
        }
        Ok((predicates, below))
    }
}

impl Operator {
    /// Does a chain of it mean the same however it is grouped?
    fn is_chain(self) -> bool {
        matches!(self, Operator::Or | Operator::And | Operator::Union)
    }

    fn apply(self, left: Box<Expr>, right: Box<Expr>) -> Expr {
        match self {
            Operator::Or => Expr::Or(left, right),
            Operator::And => Expr::And(left, right),
            Operator::Compare(op) => Expr::Compare(op, left, right),
            Operator::Arithmetic(op) => Expr::Arithmetic(op, left, right),
            Operator::Union => Expr::Union(left, right),
        }
    }

    /// The operands of a chain that stood in parentheses, in order.
    fn unchain(self, tree: Tree, into: &mut Vec<Tree>) {
        let (whole, operand) = (tree.depth, tree.operand_depth);
        let mut parted = false;
        let mut stack = vec![tree.expr];
        while let Some(expr) = stack.pop() {
            match (self, expr) {
                (Operator::Or, Expr::Or(left, right))
                | (Operator::And, Expr::And(left, right))
                | (Operator::Union, Expr::Union(left, right)) => {
                    parted = true;
                    stack.push(*right);
                    stack.push(*left);
                }
                (_, expr) => {
                    let depth = if parted { operand } else { whole };
                    into.push(Tree { expr, depth, operand_depth: operand });
                }
            }
        }
    }
}

fn node_type(name: &str) -> Option<NodeTest> {
    Some(match name {
        "node" => NodeTest::Node,
        "text" => NodeTest::Text,
        "comment" => NodeTest::Comment,
        "processing-instruction" => NodeTest::ProcessingInstruction,
        _ => return None,
    })
}
