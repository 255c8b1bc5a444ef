//! Error codes and `non-zero`: the extensions of `netconf-error-codes`, whose text the compiler carries.

use super::Context;
use crate::argument::decimal_u64;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{Base, CODE_MODULE, CodeId, CodeOf, ErrorCode, NodeCode, NodeId, TypeId};

impl<'t> Context<'t> {
    /// The statement of an extension of ours right below a statement.
    fn ours(&self, stmt: Stmt<'t>, name: &str) -> Option<Stmt<'t>> {
        if stmt.is_childless() {
            return None;
        }
        stmt.children().find(|s| self.is_use_of(*s, CODE_MODULE, name))
    }

    /// The code below a statement. That of a grouping or typedef is one code, however often that is used.
    pub(crate) fn code_below(&mut self, stmt: Stmt<'t>) -> Option<CodeId> {
        let code = self.ours(stmt, "code")?;
        if let Some(&known) = self.codes.get(&code.id()) {
            return Some(known);
        }
        // What is wrong with the number was said where all uses of extensions are checked.
        let number = decimal_u64(code.argument()?)?;
        let message = self.text_of(code, Keyword::ErrorMessage);
        let id = self.builder.add_code(ErrorCode { number, message, span: code.argument_span() });
        self.codes.insert(code.id(), id);
        Some(id)
    }

    /// The codes of a node, and of what it demands that has no `error-message`.
    pub(super) fn codes_of(&mut self, node: NodeId) {
        let extra = self.extra(node);
        let said = [
            (CodeOf::Node, extra.stmt),
            (CodeOf::Mandatory, extra.mandatory),
            (CodeOf::MinElements, extra.min_elements),
            (CodeOf::MaxElements, extra.max_elements),
        ];
        let uniques = extra.uniques.clone();
        let whens: Vec<Stmt<'t>> = extra.whens.iter().map(|(stmt, _)| *stmt).collect();
        let mut found = Vec::new();
        let mut add = |context: &mut Self, of, stmt| {
            found.extend(context.code_below(stmt).map(|code| NodeCode { of, code }));
        };
        for (of, stmt) in said {
            if let Some(stmt) = stmt {
                add(self, of, stmt);
            }
        }
        for (at, stmt) in uniques.into_iter().enumerate() {
            add(self, CodeOf::Unique(at as u32), stmt);
        }
        for (at, stmt) in whens.into_iter().enumerate() {
            add(self, CodeOf::When(at as u32), stmt);
        }
        self.builder.node_mut(node).codes = found;
    }

    /// A leaf that demands a value that is not zero has a type of its own.
    pub(super) fn non_zero(&mut self, node: NodeId, ty: TypeId) -> TypeId {
        let Some(stmt) = self.extra(node).stmt.and_then(|s| self.ours(s, "non-zero")) else { return ty };
        let mut own = self.builder.type_(ty).clone();
        let base = own.detail.base();
        let has_zero = !matches!(
            base,
            Base::Enumeration | Base::Identityref | Base::InstanceIdentifier | Base::Empty | Base::Leafref
        );
        if !has_zero {
            let message = format!(
                "`non-zero` on {}, whose type is a kind of {}: that has no zero",
                self.path_of(node),
                base.name()
            );
            self.diagnostics.error(Code::ErrorCode, stmt.keyword_span(), message);
            return ty;
        }
        own.non_zero = Some(self.constraint_info(stmt));
        self.builder.add_type(own)
    }
}
