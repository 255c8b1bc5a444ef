//! Identities (RFC 7950 section 7.18).

use super::Context;
use super::graph::order;
use super::scope::Kind;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use yang_schema::{Identity, IdentityId};

impl Context<'_> {
    /// Adds all identities with their bases.
    pub(super) fn identities(&mut self) {
        let mut all = Vec::new();
        for module in self.module_ids() {
            for stmt in self.scopes.all(module, Kind::Identity) {
                let id = IdentityId::from_index(all.len());
                self.identities.insert(stmt.id(), id);
                all.push((module, stmt));
                self.builder.module_mut(module).identities.push(id);
            }
        }
        let mut edges = Vec::with_capacity(all.len());
        for &(module, stmt) in &all {
            let mut bases = Vec::new();
            for base in stmt.all(Keyword::Base) {
                let found = self.scopes.resolve(base, Kind::Identity, base.arg(), &mut self.diagnostics);
                if let Some(found) = found {
                    self.check_status_reference(base, found, found.argument_span());
                    bases.extend(self.identities.get(&found.id()).copied());
                }
            }
            edges.push(bases.iter().map(|b| b.index()).collect());
            let identity = Identity {
                name: self.builder.intern(stmt.arg()),
                module,
                bases,
                derived: Vec::new(),
                status: self.status_of(stmt),
                description: self.text_of(stmt, Keyword::Description),
                reference: self.text_of(stmt, Keyword::Reference),
                if_features: stmt.all(Keyword::IfFeature).map(|s| self.builder.intern(s.arg())).collect(),
                enabled: self.features_hold(stmt),
                extensions: self.extension_uses(stmt),
                span: stmt.argument_span(),
            };
            self.builder.add_identity(identity);
        }
        for (from, to) in order(&edges).circles {
            let (from, to) = (all[from].1, all[to].1);
            self.diagnostics.push(
                Diagnostic::error(
                    Code::CircularIdentity,
                    from.argument_span(),
                    format!("the identity `{}` is derived from itself", from.arg()),
                )
                .also(to.argument_span(), "through this one"),
            );
        }
    }
}
