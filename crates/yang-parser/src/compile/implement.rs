//! Which modules' nodes stand in the schema (RFC 7950 section 5.6.5): those that were asked for, and those whose nodes
//! these augment, deviate or refer to in a `path`.

use super::map::IdMap;
use super::scope::{Kind, Scopes};
use crate::argument::split_reference;
use crate::diagnostic::Diagnostics;
use crate::grammar::Keyword;
use crate::library::Library;
use crate::syntax::{Stmt, StmtId};
use yang_schema::{Base, FileId, ModuleId};

/// Of each module: is it implemented?
pub(super) fn implemented(library: &Library, scopes: &Scopes<'_>) -> Vec<bool> {
    let mut walk = Walk {
        library,
        scopes,
        implemented: library.modules.iter().map(|m| m.implemented).collect(),
        queue: Vec::new(),
        seen: IdMap::default(),
    };
    for (i, module) in library.modules.iter().enumerate() {
        if module.implemented {
            walk.queue_module(ModuleId::from_index(i));
        }
    }
    while let Some(stmt) = walk.queue.pop() {
        walk.definition(stmt);
    }
    walk.implemented
}

struct Walk<'a, 't> {
    library: &'t Library,
    scopes: &'a Scopes<'t>,
    implemented: Vec<bool>,
    queue: Vec<Stmt<'t>>,
    seen: IdMap<StmtId, ()>,
}

impl<'t> Walk<'_, 't> {
    fn queue_module(&mut self, module: ModuleId) {
        for &file in &self.library.module(module).files {
            self.queue.extend(self.library.file(file).root());
        }
    }

    fn implement(&mut self, module: ModuleId) {
        if self.implemented[module.index()] {
            return;
        }
        // Of several revisions only one can be; it was chosen, or the first that is referred to is.
        let name = &self.library.module(module).name;
        let taken = self.library.modules.iter().zip(&self.implemented).any(|(m, &on)| on && m.name == *name);
        if !taken {
            self.implemented[module.index()] = true;
            self.queue_module(module);
        }
    }

    fn implement_prefix(&mut self, file: FileId, prefix: &str) {
        if let Some(module) = self.scopes.prefix(file, prefix) {
            self.implement(module);
        }
    }

    /// Looks at a module, or at a typedef or grouping of another module that is used.
    fn definition(&mut self, definition: Stmt<'t>) {
        if self.seen.insert(definition.id(), ()).is_some() {
            return;
        }
        let file = definition.id().file;
        for stmt in definition.descendants() {
            match stmt.keyword() {
                // An extension's argument may be a path too: `augment-structure`.
                Keyword::Augment | Keyword::Deviation | Keyword::Extended => {
                    if stmt.is(Keyword::Extended) && !stmt.keyword_text().ends_with(":augment-structure") {
                        continue;
                    }
                    for step in stmt.arg().split('/') {
                        if let (Some(prefix), _) = split_reference(step) {
                            self.implement_prefix(file, prefix);
                        }
                    }
                }
                Keyword::Path => {
                    let words = stmt
                        .arg()
                        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':')));
                    for word in words {
                        if let (Some(prefix), _) = split_reference(word) {
                            self.implement_prefix(file, prefix);
                        }
                    }
                }
                Keyword::Type if Base::from_name(stmt.arg()).is_none() => self.refer(stmt, Kind::Typedef),
                Keyword::Uses => self.refer(stmt, Kind::Grouping),
                _ => {}
            }
        }
    }

    fn refer(&mut self, stmt: Stmt<'t>, kind: Kind) {
        // Of an implemented module everything is looked at anyway; what is wrong is reported where it is compiled.
        let own = self.library.file(stmt.id().file).module;
        if split_reference(stmt.arg()).0.is_none() && own.is_some_and(|m| self.implemented[m.index()]) {
            return;
        }
        let found = self.scopes.resolve(stmt, kind, stmt.arg(), &mut Diagnostics::default());
        self.queue.extend(found);
    }
}
