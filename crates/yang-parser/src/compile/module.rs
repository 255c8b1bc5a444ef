//! What modules say of themselves (RFC 7950 section 7.1).

use super::Context;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::{FileId, Import, Module, Revision, SourceFile, Submodule};

impl<'t> Context<'t> {
    /// Adds all files and modules.
    pub(super) fn modules(&mut self) {
        for (_, source) in self.library.sources.iter() {
            let path = self.builder.intern(&source.name);
            self.builder.add_file(SourceFile { path });
        }
        for id in self.module_ids() {
            let unit = self.library.module(id);
            let roots = self.roots(id);
            let Some(&main) = roots.first() else { continue };
            let revisions = main.all(Keyword::Revision).map(|r| self.revision(r)).collect();
            let imports =
                roots.iter().flat_map(|r| r.all(Keyword::Import)).filter_map(|i| self.import(i)).collect();
            let submodules = unit.files[1..].iter().map(|&f| self.submodule(f)).collect();
            let module = Module {
                name: self.builder.intern(&unit.name),
                namespace: self.text_of(main, Keyword::Namespace).unwrap_or_else(|| self.builder.intern("")),
                prefix: self.text_of(main, Keyword::Prefix).unwrap_or_else(|| self.builder.intern("")),
                revision: unit.revision.as_deref().map(|r| self.builder.intern(r)),
                yang_version: unit.version,
                implemented: self.implemented[id.index()],
                organization: self.text_of(main, Keyword::Organization),
                contact: self.text_of(main, Keyword::Contact),
                description: self.text_of(main, Keyword::Description),
                reference: self.text_of(main, Keyword::Reference),
                revisions,
                imports,
                submodules,
                features: Vec::new(),
                identities: Vec::new(),
                typedefs: Vec::new(),
                deviated_by: Vec::new(),
                augmented_by: Vec::new(),
                extensions: Vec::new(),
                file: unit.main,
                span: main.argument_span(),
            };
            self.builder.add_module(module);
        }
    }

    fn revision(&mut self, stmt: Stmt<'t>) -> Revision {
        Revision {
            date: self.builder.intern(stmt.arg()),
            description: self.text_of(stmt, Keyword::Description),
            reference: self.text_of(stmt, Keyword::Reference),
        }
    }

    fn import(&mut self, stmt: Stmt<'t>) -> Option<Import> {
        let prefix = stmt.value_of(Keyword::Prefix)?;
        let module = self.scopes.prefix(stmt.id().file, prefix)?;
        Some(Import {
            file: stmt.id().file,
            prefix: self.builder.intern(prefix),
            module,
            revision: self.text_of(stmt, Keyword::RevisionDate),
        })
    }

    fn submodule(&mut self, file: FileId) -> Submodule {
        let library = self.library;
        let parent = library.file(file).root().and_then(|root| root.child(Keyword::BelongsTo));
        let prefix = parent.and_then(|b| b.value_of(Keyword::Prefix));
        Submodule {
            name: self.builder.intern(library.file(file).name()),
            prefix: self.builder.intern(prefix.unwrap_or_default()),
            revision: library.file(file).revision().map(|r| self.builder.intern(r)),
            file,
        }
    }
}
