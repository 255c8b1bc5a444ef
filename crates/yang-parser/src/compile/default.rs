//! Defaults (RFC 7950 sections 7.3.4, 7.6.4, 7.7.4): each is a value of its type.

use super::Context;
use crate::argument::shortened;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::{Stmt, is_yang_char};
use std::collections::HashSet;
use yang_schema::value::{NameResolver, Notation};
use yang_schema::{Default, FileId, ModuleId, TypeDetail, TypeId, Value};

/// Prefixes of values mean what they mean in the file of the statement.
struct Names<'a, 't> {
    context: &'a Context<'t>,
    file: FileId,
}

impl NameResolver for Names<'_, '_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        match prefix {
            "" => self.context.library.file(self.file).module,
            prefix => self.context.scopes.prefix(self.file, prefix),
        }
    }

    fn notation(&self) -> Notation {
        Notation::Module
    }
}

impl<'t> Context<'t> {
    /// The value of a `default`, checked; `place` is what gets it, for messages. One that is inherited from a typedef is to
    /// blame on what makes the type narrower and gives it no default of its own.
    pub(super) fn default_value(
        &mut self,
        stmt: Stmt<'t>,
        ty: TypeId,
        inherited: bool,
        place: impl Fn(&Self) -> String,
    ) -> Option<Default> {
        if !self.is_resolved(ty) {
            return None;
        }
        if matches!(self.builder.type_(ty).detail, TypeDetail::Empty) {
            // RFC 7950 section 9.11.
            let message = format!("{} is of type empty, which has no default", place(self));
            self.error(Code::InvalidDefault, stmt, message);
            return None;
        }
        let names = Names { context: self, file: stmt.id().file };
        match Value::parse(&self.builder, ty, stmt.arg(), &names) {
            Ok(value) => {
                self.check_unconditional(stmt, &value);
                Some(Default { text: self.builder.intern(stmt.arg()), value })
            }
            // The syntax has reported what may stand in no text.
            Err(_) if !stmt.arg().chars().all(is_yang_char) => None,
            Err(e) => {
                let place = place(self);
                // Types without restrictions are shared by those that name them: the statement beside the default is meant.
                let beside = stmt.parent().and_then(|p| p.child(Keyword::Type)).filter(|_| !inherited);
                let type_span = beside.map_or(self.builder.type_(ty).span, Stmt::argument_span);
                let text = shortened(stmt.arg());
                let message = format!("the default `{text}` of {place} is not valid: {}", e.detail);
                self.diagnostics.push(if inherited {
                    Diagnostic::error(Code::InvalidDefault, type_span, message)
                        .here("for this type")
                        .also(stmt.argument_span(), "the default is inherited from here")
                        .help("give it a default of its own that is a value of the type")
                } else {
                    Diagnostic::error(Code::InvalidDefault, stmt.argument_span(), message)
                        .also(type_span, "for this type")
                });
                None
            }
        }
    }

    /// Are all leafrefs of a type resolved? In a typedef none is, and what failed was reported.
    fn is_resolved(&self, ty: TypeId) -> bool {
        let mut stack = vec![ty];
        // Unions may hold the same types again and again.
        let mut seen = HashSet::new();
        while let Some(ty) = stack.pop() {
            if !seen.insert(ty) {
                continue;
            }
            match &self.builder.type_(ty).detail {
                TypeDetail::Leafref { real: None, .. } => return false,
                TypeDetail::Leafref { real: Some(real), .. } => stack.push(*real),
                TypeDetail::Union { members } => stack.extend(members),
                _ => {}
            }
        }
        true
    }

    /// What a default names does not depend on features.
    fn check_unconditional(&mut self, stmt: Stmt<'t>, value: &Value) {
        let conditional = match value {
            Value::Enumeration(ty, at) => match &self.builder.type_(*ty).detail {
                TypeDetail::Enumeration(items) => {
                    items.get(*at as usize).filter(|i| !i.if_features.is_empty()).map(|i| i.name)
                }
                _ => None,
            },
            Value::Bits(ty, set) => match &self.builder.type_(*ty).detail {
                TypeDetail::Bits(items) => set
                    .iter()
                    .filter_map(|&at| items.get(at as usize))
                    .find(|i| !i.if_features.is_empty())
                    .map(|i| i.name),
                _ => None,
            },
            Value::Identity(id) => {
                let identity = self.builder.identity(*id);
                (!identity.if_features.is_empty()).then_some(identity.name)
            }
            _ => None,
        };
        if let Some(name) = conditional {
            let message =
                format!("the default names `{}`, which depends on a feature", self.builder.str(name));
            self.error(Code::ConditionalDefault, stmt, message);
        }
    }

    /// Typedefs' own defaults.
    pub(super) fn typedef_defaults(&mut self) {
        for (id, ty, stmt) in std::mem::take(&mut self.types.with_default) {
            let name = self.builder.typedef(id).name;
            // One that is inherited is only checked.
            let own = stmt.parent().map(|p| p.argument_span()) == Some(self.builder.typedef(id).span);
            let place = |c: &Self| format!("the typedef `{}`", c.builder.str(name));
            let value = self.default_value(stmt, ty, !own, place);
            if own {
                self.builder.typedef_mut(id).default = value;
            }
        }
    }
}
