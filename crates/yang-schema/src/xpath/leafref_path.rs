//! The argument of `path` (RFC 7950 section 9.9.2): `path-arg` of section 14, a small part of XPath.

use super::lexer::Lexer;
use super::{Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step, XPathError};
use crate::ModuleId;

/// Parses the path of a leafref. `resolve` gives the module of a prefix.
///
/// # Errors
/// Anything that `path-arg` does not allow, functions other than `current()` in a predicate among them.
pub fn parse_leafref_path(
    text: &str,
    resolve: &mut dyn FnMut(&str) -> Option<ModuleId>,
) -> Result<Expr, XPathError> {
    let mut parser = Parser { lexer: Lexer { text, at: 0 }, resolve };
    parser.no_space()?;
    let absolute = parser.lexer.rest().starts_with('/');
    let mut steps = Vec::new();
    if !absolute {
        while parser.eat("../") {
            steps.push(parent());
        }
        if steps.is_empty() {
            return Err(parser.lexer.expected("`/` or `../`: a leafref's path is absolute or climbs first"));
        }
        steps.push(parser.step()?);
    }
    while parser.eat("/") {
        steps.push(parser.step()?);
    }
    if parser.lexer.rest().starts_with([' ', '\t', '\r', '\n']) {
        return Err(parser
            .lexer
            .error("white space may stand only inside the predicates of a leafref's path"));
    }
    if parser.lexer.at < text.len() {
        return Err(parser.lexer.expected("`/`, `[` or the end of a leafref's path"));
    }
    // `descendant-path` has no predicate on the last step, unlike `absolute-path`; the leaf that it names could not use one.
    Ok(Expr::Path(LocationPath { absolute, steps }))
}

struct Parser<'a, 'r> {
    lexer: Lexer<'a>,
    resolve: &'r mut dyn FnMut(&str) -> Option<ModuleId>,
}

fn parent() -> Step {
    Step { axis: Axis::Parent, test: NodeTest::Node, predicates: Vec::new() }
}

impl Parser<'_, '_> {
    fn no_space(&self) -> Result<(), XPathError> {
        match self.lexer.rest().starts_with([' ', '\t', '\r', '\n']) {
            true => {
                Err(self.lexer.error("white space may stand only inside the predicates of a leafref's path"))
            }
            false => Ok(()),
        }
    }

    /// A token that no white space may precede.
    fn eat(&mut self, token: &str) -> bool {
        let found = self.lexer.rest().starts_with(token);
        if found {
            self.lexer.at += token.len();
        }
        found
    }

    /// node-identifier *path-predicate
    fn step(&mut self) -> Result<Step, XPathError> {
        let mut step = self.node_identifier()?;
        while self.eat("[") {
            step.predicates.push(self.path_predicate()?);
        }
        Ok(step)
    }

    /// node-identifier ::= [prefix ":"] identifier
    fn node_identifier(&mut self) -> Result<Step, XPathError> {
        let start = self.lexer.at;
        let Some(first) = self.lexer.peek_name() else {
            return Err(self.lexer.expected("the name of a node"));
        };
        self.lexer.at += first.len();
        let (module, name) = if self.eat(":") {
            let Some(module) = (self.resolve)(first) else {
                let message = format!("the prefix `{first}` is not known");
                return Err(XPathError { offset: start, message });
            };
            let Some(name) = self.lexer.peek_name() else {
                return Err(self.lexer.expected(&format!("a name behind `{first}:`")));
            };
            self.lexer.at += name.len();
            (Some(module), name)
        } else {
            (None, first)
        };
        if self.lexer.rest().starts_with('(') {
            let message = "the path of a leafref calls no function, but `current()` in predicates".to_owned();
            return Err(XPathError { offset: start, message });
        }
        Ok(Step {
            axis: Axis::Child,
            test: NodeTest::Name { module, name: name.into() },
            predicates: Vec::new(),
        })
    }

    /// node-identifier *WSP "=" *WSP current-function-invocation *WSP "/" *WSP rel-path-keyexpr *WSP "]"
    fn path_predicate(&mut self) -> Result<Expr, XPathError> {
        self.lexer.space();
        let key = self.node_identifier()?;
        self.lexer.expect("=")?;
        self.lexer.space();
        if !self.lexer.eat_word("current") {
            return Err(self
                .lexer
                .expected("`current()/..`: keys are compared with nodes near the leafref only"));
        }
        for token in ["(", ")", "/"] {
            self.lexer.expect(token)?;
        }
        let mut steps = Vec::new();
        while self.lexer.eat("..") {
            steps.push(parent());
            self.lexer.expect("/")?;
        }
        if steps.is_empty() {
            return Err(self.lexer.expected("`..`"));
        }
        loop {
            self.lexer.space();
            steps.push(self.node_identifier()?);
            if !self.lexer.eat("/") {
                break;
            }
        }
        self.lexer.expect("]")?;
        let key = Expr::Path(LocationPath { absolute: false, steps: vec![key] });
        let current = Expr::Call(Function::Current, Vec::new());
        let value = Expr::Filter { primary: Box::new(current), predicates: Vec::new(), steps };
        Ok(Expr::Compare(CompareOp::Equal, Box::new(key), Box::new(value)))
    }
}
