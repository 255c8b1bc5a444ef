//! What is known of calls of YANG's XPath functions when a module is compiled (RFC 7950 section 10).

use super::Context;
use super::scope::Kind;
use crate::argument::{is_identifier, shortened, split_reference};
use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::Stmt;
use yang_schema::pattern::CompiledPattern;
use yang_schema::xpath::{Expr, Function, LocationPath, Step};
use yang_schema::{NodeId, TypeDetail, TypeId, YangVersion};

impl<'t> Context<'t> {
    /// Checks what does not depend on the place of an expression: literal identities and patterns, and functions that YANG 1
    /// does not have.
    pub(super) fn check_functions(&mut self, stmt: Stmt<'t>, expr: &Expr) {
        // Expressions are nested no deeper than their parser allows.
        match expr {
            Expr::Or(a, b)
            | Expr::And(a, b)
            | Expr::Compare(_, a, b)
            | Expr::Arithmetic(_, a, b)
            | Expr::Union(a, b) => {
                self.check_functions(stmt, a);
                self.check_functions(stmt, b);
            }
            Expr::Negate(a) => self.check_functions(stmt, a),
            Expr::Path(LocationPath { steps, .. }) => self.check_steps(stmt, steps),
            Expr::Filter { primary, predicates, steps } => {
                self.check_functions(stmt, primary);
                predicates.iter().for_each(|p| self.check_functions(stmt, p));
                self.check_steps(stmt, steps);
            }
            Expr::Literal(_) | Expr::Number(_) => {}
            Expr::Call(function, arguments) => {
                self.check_call(stmt, *function, arguments);
                arguments.iter().for_each(|a| self.check_functions(stmt, a));
            }
        }
    }

    fn check_steps(&mut self, stmt: Stmt<'t>, steps: &[Step]) {
        for predicate in steps.iter().flat_map(|s| &s.predicates) {
            self.check_functions(stmt, predicate);
        }
    }

    fn check_call(&mut self, stmt: Stmt<'t>, function: Function, arguments: &[Expr]) {
        self.check_version(stmt, function);
        let Some(Expr::Literal(literal)) = arguments.get(1) else { return };
        let at = stmt.arg().find(&**literal).unwrap_or(0);
        let span = stmt.argument_part(at, at + literal.len());
        let d = match function {
            // To XPath it is a string like any other, and published modules name identities that were renamed.
            Function::DerivedFrom | Function::DerivedFromOrSelf => self
                .identity_problem(stmt, literal)
                .map(|problem| Diagnostic::warning(Code::UnknownIdentity, span, problem)),
            Function::ReMatch => CompiledPattern::new(literal).err().map(|e| {
                let message = format!("invalid pattern `{}`: {}", shortened(literal), e.message);
                Diagnostic::error(Code::InvalidPattern, span, message)
            }),
            _ => None,
        };
        if let Some(d) = d {
            self.diagnostics.push(d);
        }
    }

    /// RFC 6020 section 6.4.1 has XPath's own functions and `current`.
    fn check_version(&mut self, stmt: Stmt<'t>, function: Function) {
        let new = matches!(
            function,
            Function::ReMatch
                | Function::Deref
                | Function::DerivedFrom
                | Function::DerivedFromOrSelf
                | Function::EnumValue
                | Function::BitIsSet
        );
        if !new || self.version(stmt) != YangVersion::V1 {
            return;
        }
        let name = function.name();
        let at = stmt.arg().find(name).unwrap_or(0);
        let span = stmt.argument_part(at, at + name.len());
        let message = format!("the function `{name}` is new in YANG 1.1");
        // Tools have offered `deref` to YANG 1 for long.
        let d = match function {
            Function::Deref => Diagnostic::warning(Code::VersionMismatch, span, message),
            _ => Diagnostic::error(Code::VersionMismatch, span, message),
        };
        self.diagnostics.push(d.help("add `yang-version 1.1;` to the module"));
    }

    fn identity_problem(&self, stmt: Stmt<'t>, literal: &str) -> Option<String> {
        let (prefix, name) = split_reference(literal);
        if !prefix.is_none_or(is_identifier) || !is_identifier(name) {
            return Some(format!("`{}` is no name of an identity", shortened(literal)));
        }
        let module = match prefix {
            Some(prefix) => self.scopes.prefix(stmt.id().file, prefix),
            None => Some(self.module_of(stmt)),
        };
        let Some(module) = module else {
            return Some(format!("the prefix `{}` is not defined", prefix.unwrap_or_default()));
        };
        let found = self.scopes.top_level(module, Kind::Identity, name);
        found.is_none().then(|| format!("`{}` has no identity `{name}`", self.library.module(module).name))
    }

    /// Why a function never finds what it is about in any of the nodes.
    pub(super) fn useless(
        &self,
        function: Function,
        nodes: &[NodeId],
        named: Option<&Expr>,
    ) -> Option<String> {
        let (&first, rest) = nodes.split_first()?;
        if !rest.iter().chain([&first]).all(|&n| !self.suits(function, n)) {
            return match (function, named) {
                (Function::BitIsSet, Some(Expr::Literal(bit))) => self.no_such_bit(nodes, bit),
                _ => None,
            };
        }
        let wanted = match function {
            Function::Deref => "a leafref or instance-identifier",
            Function::EnumValue => "an enumeration",
            Function::BitIsSet => "of type bits",
            _ => "an identityref",
        };
        Some(format!("`{}` is about {}, which is not {wanted}", function.name(), self.path_of(first)))
    }

    fn suits(&self, function: Function, node: NodeId) -> bool {
        let Some(ty) = self.builder.node(node).type_id else {
            // Its type is wrong, or it has none.
            return self.builder.node(node).kind.has_value();
        };
        if function == Function::Deref {
            return self.any_member(ty, &|d| {
                matches!(d, TypeDetail::Leafref { .. } | TypeDetail::InstanceIdentifier { .. })
            });
        }
        self.any_member(ty, &|detail| match detail {
            TypeDetail::Leafref { real, .. } => real.is_none(),
            TypeDetail::Enumeration(_) => function == Function::EnumValue,
            TypeDetail::Bits(_) => function == Function::BitIsSet,
            TypeDetail::Identityref { .. } => {
                matches!(function, Function::DerivedFrom | Function::DerivedFromOrSelf)
            }
            _ => false,
        })
    }

    /// Is the type, what it refers to, or a member of either of that kind?
    fn any_member(&self, ty: TypeId, is: &dyn Fn(&TypeDetail) -> bool) -> bool {
        let mut stack = vec![ty];
        while let Some(ty) = stack.pop() {
            let detail = &self.builder.type_(ty).detail;
            if is(detail) {
                return true;
            }
            match detail {
                TypeDetail::Union { members } => stack.extend(members),
                TypeDetail::Leafref { real, .. } => stack.extend(real),
                _ => {}
            }
        }
        false
    }

    fn no_such_bit(&self, nodes: &[NodeId], bit: &str) -> Option<String> {
        let has_it = |detail: &TypeDetail| match detail {
            TypeDetail::Bits(items) => items.iter().any(|i| self.builder.str(i.name) == bit),
            TypeDetail::Leafref { real, .. } => real.is_none(),
            _ => false,
        };
        let has =
            |node: &NodeId| self.builder.node(*node).type_id.is_none_or(|ty| self.any_member(ty, &has_it));
        let path = self.path_of(*nodes.first()?);
        (!nodes.iter().any(has)).then(|| format!("{path} has no bit `{}`", shortened(bit)))
    }
}
