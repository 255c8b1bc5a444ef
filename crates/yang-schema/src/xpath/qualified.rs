//! XPath expressions as text that means the same in every file: prefixes are names of modules.

use super::{Expr, Function, NodeTest, Step, print};
use crate::{ModuleId, Schema, XPathId};

impl Schema {
    /// An expression with the names of modules for prefixes. Names without a prefix are those of the module `home`; where
    /// there is none, every name has its module.
    pub fn qualified_xpath(&self, id: XPathId, home: Option<ModuleId>) -> String {
        let xpath = self.xpath(id);
        let mut expr = self.expr(xpath.expr).clone();
        let default = (Some(xpath.default_module) != home).then_some(xpath.default_module);
        Rewrite { schema: self, default, id }.expr(&mut expr);
        print(&expr, &mut |module| self.module_name(module).to_owned())
    }
}

struct Rewrite<'s> {
    schema: &'s Schema,
    /// The module of names without a prefix, where it has to be said.
    default: Option<ModuleId>,
    id: XPathId,
}

impl Rewrite<'_> {
    /// Recursion is as deep as the expression, whose depth its parser limits.
    fn expr(&self, expr: &mut Expr) {
        match expr {
            Expr::Or(a, b)
            | Expr::And(a, b)
            | Expr::Union(a, b)
            | Expr::Compare(_, a, b)
            | Expr::Arithmetic(_, a, b) => {
                self.expr(a);
                self.expr(b);
            }
            Expr::Negate(a) => self.expr(a),
            Expr::Path(path) => self.steps(&mut path.steps),
            Expr::Filter { primary, predicates, steps } => {
                self.expr(primary);
                predicates.iter_mut().for_each(|p| self.expr(p));
                self.steps(steps);
            }
            Expr::Call(function, arguments) => {
                arguments.iter_mut().for_each(|a| self.expr(a));
                if matches!(function, Function::DerivedFrom | Function::DerivedFromOrSelf)
                    && let Some(Expr::Literal(name)) = arguments.last_mut()
                {
                    self.identity(name);
                }
            }
            Expr::Literal(_) | Expr::Number(_) => {}
        }
    }

    fn steps(&self, steps: &mut [Step]) {
        for step in steps {
            if let NodeTest::Name { module: module @ None, .. } = &mut step.test {
                *module = self.default;
            }
            step.predicates.iter_mut().for_each(|p| self.expr(p));
        }
    }

    /// The prefix of an identity's name is that of the file in which the expression stands.
    fn identity(&self, name: &mut Box<str>) {
        let xpath = self.schema.xpath(self.id);
        let Some((prefix, local)) = name.split_once(':') else {
            if let Some(module) = self.default {
                *name = format!("{}:{name}", self.schema.module_name(module)).into();
            }
            return;
        };
        let found = self.schema.prefix(xpath.span.file, prefix);
        if let Some(found) = found {
            *name = format!("{}:{local}", self.schema.module_name(found)).into();
        }
    }
}
