//! Imports, includes and prefixes (RFC 7950 sections 5.1, 7.1.4 to 7.1.6, 7.2).

use super::{Library, include};
use crate::compile::order;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::{Stmt, StmtId};
use std::collections::{BTreeSet, HashMap};
use yang_schema::{FileId, ModuleId, Span, YangVersion};

/// Reads what the modules import and include, and what that imports, to the end.
pub(super) fn link(library: &mut Library) {
    let mut at = 0;
    let mut ahead = 0;
    while at < library.modules.len() {
        if at == ahead {
            ahead = library.modules.len();
            read_ahead(library, at);
        }
        let module = ModuleId::from_index(at);
        include::link(library, module);
        for file in library.modules[at].files.clone() {
            link_file(library, module, file);
        }
        at += 1;
    }
    check_import_cycles(library);
    check_namespaces(library);
    check_yin_namespaces(library);
    check_names(library);
    include::check_unused(library);
}

/// RFC 7950 section 13.1: in YIN, a statement of an extension is in the namespace of the extension's module.
fn check_yin_namespaces(library: &mut Library) {
    let mut found = Vec::new();
    for file in &library.files {
        for namespace in file.tree.namespaces() {
            let Some(&module) = file.prefixes.get(&*namespace.prefix) else { continue };
            let main = library.file(library.module(module).main).root();
            let uri = main.and_then(|root| root.value_of(Keyword::Namespace));
            if let Some(uri) = uri.filter(|&uri| uri != &*namespace.uri) {
                let (start, end) = namespace.place;
                let span = Span { file: file.tree.file(), start, end };
                let message = format!(
                    "the prefix `{}` is bound to `{}`; the namespace of `{}` is `{uri}`",
                    namespace.prefix,
                    namespace.uri,
                    library.module(module).name
                );
                found.push(Diagnostic::error(Code::InvalidYin, span, message));
            }
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}

/// Has the files ready that the modules from a position on import and include.
fn read_ahead(library: &mut Library, from: usize) {
    if !library.reader.looks_ahead() {
        return;
    }
    let mut names = BTreeSet::new();
    for unit in &library.modules[from..] {
        let Some(root) = library.file(unit.main).root() else { continue };
        let needed = root.children().filter(|s| matches!(s.keyword(), Keyword::Import | Keyword::Include));
        names.extend(needed.map(|s| s.arg().to_owned()));
    }
    let names = names.into_iter().filter(|n| !library.by_name.contains_key(n)).collect::<Vec<_>>();
    let paths = names.iter().flat_map(|name| library.unread(name)).collect();
    library.reader.read_ahead(paths);
}

pub(super) fn children(library: &Library, file: FileId, keyword: Keyword) -> Vec<StmtId> {
    library.file(file).root().map(|r| r.all(keyword).map(Stmt::id).collect()).unwrap_or_default()
}

fn link_file(library: &mut Library, module: ModuleId, file: FileId) {
    let mut places: HashMap<String, Span> = HashMap::new();
    let own = library.file(file).root().and_then(|root| match root.keyword() {
        Keyword::Submodule => root.child(Keyword::BelongsTo).and_then(|b| b.child(Keyword::Prefix)),
        _ => root.child(Keyword::Prefix),
    });
    if let Some((prefix, span)) = own.map(|p| (p.arg().to_owned(), p.argument_span())) {
        places.insert(prefix.clone(), span);
        library.files[file.index()].prefixes.insert(prefix.into(), module);
    }
    let mut imported: HashMap<String, (Span, Option<String>)> = HashMap::new();
    for import in children(library, file, Keyword::Import) {
        let stmt = library.stmt(import);
        let (name, span) = (stmt.arg().to_owned(), stmt.argument_span());
        let revision = stmt.value_of(Keyword::RevisionDate).map(str::to_owned);
        let prefix = stmt.child(Keyword::Prefix).map(|p| (p.arg().to_owned(), p.argument_span()));
        // RFC 6020 section 7.1.5: multiple revisions of the same module must not be imported.
        let before = imported.get(&name).filter(|_| library.file(file).version == YangVersion::V1);
        if let Some((first, _)) = before.filter(|(_, r)| *r != revision) {
            let d = Diagnostic::error(
                Code::DuplicateImport,
                span,
                format!("two revisions of `{name}` are imported, which YANG 1 forbids"),
            )
            .also(*first, "first imported here");
            library.diagnostics.push(d);
        }
        imported.insert(name.clone(), (span, revision.clone()));
        let target = import_one(library, module, file, &name, revision.as_deref(), span);
        let Some((prefix, at)) = prefix else { continue };
        if let Some(first) = places.get(&prefix) {
            let d = Diagnostic::error(Code::DuplicatePrefix, at, format!("the prefix `{prefix}` is taken"))
                .also(*first, "first given here");
            library.diagnostics.push(d);
            continue;
        }
        places.insert(prefix.clone(), at);
        if let Some(target) = target {
            library.files[file.index()].prefixes.insert(prefix.into(), target);
            let imports = &mut library.modules[module.index()].imports;
            if !imports.contains(&target) {
                imports.push(target);
            }
        }
    }
}

fn import_one(
    library: &mut Library,
    module: ModuleId,
    file: FileId,
    name: &str,
    revision: Option<&str>,
    span: Span,
) -> Option<ModuleId> {
    if library.module(module).name == name {
        let message = if library.file(file).is_submodule() {
            format!("a submodule of `{name}` imports its own module")
        } else {
            format!("`{name}` imports itself")
        };
        let d = Diagnostic::error(Code::ImportCycle, span, message);
        library.diagnostics.push(d.help("what the module defines can be seen without an import"));
        return None;
    }
    // What was given comes first, the newest of it; among what is found only the revision that is asked for.
    let given = library.by_name.get(name).into_iter().flatten().copied();
    let fits = |id: &ModuleId| {
        let m = library.module(*id);
        match revision {
            Some(revision) => m.revision.as_deref() == Some(revision),
            None => m.implemented,
        }
    };
    let mut found = given.clone().find(fits);
    if found.is_none() {
        let main = library.find(name, revision);
        if let Some(main) = main {
            if library.file(main).is_submodule() {
                let d = Diagnostic::error(
                    Code::ImportOfSubmodule,
                    span,
                    format!("`{name}` is a submodule and cannot be imported"),
                );
                library.diagnostics.push(d.help("import the module that it belongs to"));
                return None;
            }
            library.file(main).root()?;
            found = Some(library.add_module(main));
        }
    }
    let Some(found) = found else {
        let wanted = revision.map_or_else(|| name.to_owned(), |r| format!("{name}@{r}"));
        let help = library.not_found_help(name);
        let d = Diagnostic::error(Code::ModuleNotFound, span, format!("no module `{wanted}` was found"));
        library.diagnostics.push(d.help(help));
        return None;
    };
    let new_in_old = revision.is_some()
        && library.file(file).version == YangVersion::V1
        && library.module(found).version == YangVersion::V1_1;
    if new_in_old {
        let d = Diagnostic::error(
            Code::VersionMismatch,
            span,
            format!("a module of YANG 1 imports `{name}`, a module of YANG 1.1, by revision"),
        );
        library.diagnostics.push(d.help("import it without `revision-date`"));
    }
    Some(found)
}

/// RFC 7950 section 5.1: there are no circles of imports.
fn check_import_cycles(library: &mut Library) {
    let edges: Vec<Vec<usize>> =
        library.modules.iter().map(|m| m.imports.iter().map(|i| i.index()).collect()).collect();
    for (from, to) in order(&edges).circles {
        let (from, to) = (&library.modules[from], &library.modules[to]);
        let stmt = from
            .files
            .iter()
            .find_map(|&f| library.file(f).root()?.all(Keyword::Import).find(|i| i.arg() == to.name));
        if let Some(stmt) = stmt {
            let message =
                format!("`{}` and `{}` import each other, directly or through others", from.name, to.name);
            let d = Diagnostic::error(Code::ImportCycle, stmt.argument_span(), message)
                .here("this import closes the circle");
            library.diagnostics.push(d);
        }
    }
}

/// RFC 7950 section 5.3: namespaces are unique; revisions of one module share theirs.
fn check_namespaces(library: &mut Library) {
    let mut seen: HashMap<String, (String, Span)> = HashMap::new();
    let mut found = Vec::new();
    for module in &library.modules {
        let Some(stmt) = library.file(module.main).root().and_then(|r| r.child(Keyword::Namespace)) else {
            continue;
        };
        match seen.get(stmt.arg()) {
            Some((name, first)) if *name != module.name => found.push(
                Diagnostic::error(
                    Code::DuplicateNamespace,
                    stmt.argument_span(),
                    format!("the namespace `{}` is that of the module `{name}`", stmt.arg()),
                )
                .also(*first, "claimed here"),
            ),
            Some(_) => {}
            None => {
                seen.insert(stmt.arg().to_owned(), (module.name.clone(), stmt.argument_span()));
            }
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}

/// RFC 7950 section 6.2.1: modules and submodules share one namespace of names.
fn check_names(library: &mut Library) {
    // Of each name: the module that it is of, or is a part of, and where it stands.
    let mut seen: HashMap<&str, (&str, bool, Span)> = HashMap::new();
    let mut found = Vec::new();
    for module in &library.modules {
        for &file in &module.files {
            let file = library.file(file);
            let Some(root) = file.root() else { continue };
            let (name, span, is_submodule) = (root.arg(), root.argument_span(), file.is_submodule());
            let Some(&(owner, was_submodule, first)) = seen.get(name) else {
                seen.insert(name, (&module.name, is_submodule, span));
                continue;
            };
            if owner != module.name || was_submodule != is_submodule {
                let what = if was_submodule { "a submodule" } else { "a module" };
                found.push(
                    Diagnostic::error(
                        Code::DuplicateModule,
                        span,
                        format!("the name `{name}` is that of {what} already"),
                    )
                    .also(first, "first given here")
                    .help("modules and submodules need different names"),
                );
            }
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}
