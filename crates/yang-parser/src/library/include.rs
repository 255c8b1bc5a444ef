//! `include` (RFC 7950 sections 5.1, 7.1.6, 7.2.2): which submodules a module is made of.

use super::Library;
use super::link::children;
use super::read::Parsed;
use crate::compile::order;
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::StmtId;
use std::collections::HashMap;
use yang_schema::{FileId, ModuleId, Span, YangVersion};

/// Reads the submodules of a module, those that they include too.
pub(super) fn link(library: &mut Library, module: ModuleId) {
    // Any revision is as good as another where an `include` names none; one that names it decides for all.
    let mut wanted = HashMap::new();
    let mut found = Vec::new();
    while let Some((name, revision)) = attempt(library, module, &wanted, &mut found) {
        wanted.insert(name, revision);
        found.clear();
        let dropped = library.modules[module.index()].files.split_off(1);
        library.files[library.modules[module.index()].main.index()].includes.clear();
        for file in dropped {
            let file = &mut library.files[file.index()];
            file.includes.clear();
            file.module = None;
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
    check_cycles(library, module);
    check_all_included(library, module);
}

/// Links everything, or stops at a submodule of which another revision has to be taken.
fn attempt(
    library: &mut Library,
    module: ModuleId,
    wanted: &HashMap<String, String>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<(String, String)> {
    // Where each submodule was included first, and which revision was asked for there.
    let mut places: HashMap<FileId, (Span, Option<String>)> = HashMap::new();
    let mut at = 0;
    while at < library.modules[module.index()].files.len() {
        let from = library.modules[module.index()].files[at];
        for include in children(library, from, Keyword::Include) {
            let stmt = library.stmt(include);
            let (name, span) = (stmt.arg().to_owned(), stmt.argument_span());
            let own = stmt.value_of(Keyword::RevisionDate).map(str::to_owned);
            let revision = own.clone().or_else(|| wanted.get(&name).cloned());
            let file = include_one(library, module, from, include, revision.as_deref(), diagnostics);
            let Some(file) = file else { continue };
            let other = own.as_deref().filter(|r| library.file(file).revision() != Some(r));
            if let (Some(revision), Some((first, asked))) = (other, places.get(&file)) {
                if asked.is_none() && !wanted.contains_key(&name) {
                    return Some((name, revision.to_owned()));
                }
                let d = Diagnostic::error(
                    Code::SubmoduleMismatch,
                    span,
                    format!("another revision of the submodule `{name}` is included already"),
                )
                .also(*first, "first included here")
                .help("a module is made of one revision of each of its submodules");
                diagnostics.push(d);
            }
            places.entry(file).or_insert((span, own));
            library.files[from.index()].includes.push(file);
            let files = &mut library.modules[module.index()].files;
            if !files.contains(&file) {
                files.push(file);
            }
        }
        at += 1;
    }
    None
}

fn include_one(
    library: &mut Library,
    module: ModuleId,
    from: FileId,
    include: StmtId,
    revision: Option<&str>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<FileId> {
    let stmt = library.stmt(include);
    let (name, span) = (stmt.arg().to_owned(), stmt.argument_span());
    // A module has one revision of each submodule.
    let known = library.modules[module.index()]
        .files
        .iter()
        .copied()
        .find(|&f| library.file(f).name() == name && f != from);
    let given = library.submodules.get(&name).into_iter().flatten().copied();
    let fits = |f: &FileId| revision.is_none_or(|r| library.file(*f).revision() == Some(r));
    let given = { given }.find(fits);
    let found = known.or(given).or_else(|| library.find(&name, revision));
    let Some(file) = found else {
        if library.by_name.contains_key(&name) {
            let d = Diagnostic::error(
                Code::SubmoduleMismatch,
                span,
                format!("`{name}` is a module, not a submodule"),
            );
            diagnostics.push(d.help("a module includes its own submodules only"));
            return None;
        }
        let help = library.not_found_help(&name);
        let d = Diagnostic::error(Code::ModuleNotFound, span, format!("no submodule `{name}` was found"));
        diagnostics.push(d.help(help));
        return None;
    };
    let root = library.file(file).root()?;
    let owner = library.modules[module.index()].name.as_str();
    let problem = if !root.is(Keyword::Submodule) {
        Some((format!("`{name}` is a module, not a submodule"), "use `import`", root.argument_span()))
    } else {
        root.child(Keyword::BelongsTo).filter(|b| b.arg() != owner).map(|b| {
            (
                format!("the submodule `{name}` belongs to `{}`, not to `{owner}`", b.arg()),
                "a module includes its own submodules only",
                b.argument_span(),
            )
        })
    };
    if let Some((message, help, there)) = problem {
        let d = Diagnostic::error(Code::SubmoduleMismatch, span, message)
            .help(help)
            .also(there, "as it says here");
        diagnostics.push(d);
        return None;
    }
    let (own, other) = (library.file(from).version, library.file(file).version);
    if own != other {
        // RFC 7950 section 12.
        let d = Diagnostic::error(
            Code::VersionMismatch,
            span,
            format!("a module of YANG {} includes a submodule of YANG {}", named(own), named(other)),
        )
        .also(root.argument_span(), "the submodule");
        diagnostics.push(d);
    }
    if library.file(file).module.is_some_and(|m| m != module) {
        // Two revisions of one module share the submodule's text: a second reading gives it a place of its own.
        let source = library.sources.get(file).clone();
        let copy = library.add(Parsed::new(source));
        library.files[copy.index()].module = Some(module);
        return Some(copy);
    }
    library.files[file.index()].module = Some(module);
    Some(file)
}

fn named(version: YangVersion) -> &'static str {
    match version {
        YangVersion::V1 => "1",
        YangVersion::V1_1 => "1.1",
    }
}

/// RFC 6020 section 5.1: in YANG 1 there are no circles of includes. YANG 1.1 has no such rule.
fn check_cycles(library: &mut Library, module: ModuleId) {
    let files = &library.module(module).files;
    let position = |file: &FileId| files.iter().position(|f| f == file);
    let edges: Vec<Vec<usize>> =
        files.iter().map(|&f| library.file(f).includes.iter().filter_map(position).collect()).collect();
    let mut found = Vec::new();
    for (from, to) in order(&edges).circles {
        let (from, to) = (library.file(files[from]), library.file(files[to]));
        let stmt = from.root().and_then(|r| r.all(Keyword::Include).find(|i| i.arg() == to.name()));
        if let Some(stmt) = stmt.filter(|_| from.version == YangVersion::V1) {
            found.push(
                Diagnostic::error(
                    Code::ImportCycle,
                    stmt.argument_span(),
                    format!(
                        "`{}` and `{}` include each other, directly or through others, which YANG 1 forbids",
                        from.name(),
                        to.name()
                    ),
                )
                .here("this include closes the circle")
                .help("in YANG 1.1 submodules see each other without an `include`"),
            );
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}

/// RFC 7950 section 5.1: in YANG 1.1 it is the module that includes all of its submodules.
fn check_all_included(library: &mut Library, module: ModuleId) {
    let unit = library.module(module);
    let included = &library.file(unit.main).includes;
    let mut found = Vec::new();
    for &from in &unit.files[1..] {
        let from = library.file(from);
        for stmt in from.root().into_iter().flat_map(|r| r.all(Keyword::Include)) {
            let known = included.iter().any(|&f| library.file(f).name() == stmt.arg());
            let there = from.includes.iter().any(|&f| library.file(f).name() == stmt.arg());
            if there && !known && from.version == YangVersion::V1_1 {
                found.push(
                    Diagnostic::error(
                        Code::SubmoduleMismatch,
                        stmt.argument_span(),
                        format!("the module `{}` does not include `{}` itself", unit.name, stmt.arg()),
                    )
                    .help(format!("add `include {};` to the module", stmt.arg())),
                );
            }
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}

/// A submodule that was asked for, but whose module does without it.
pub(super) fn check_unused(library: &mut Library) {
    let mut found = Vec::new();
    for file in library.files.iter().filter(|f| f.module.is_none()) {
        let Some(root) = file.root().filter(|r| r.is(Keyword::Submodule)) else { continue };
        let Some(owner) = root.value_of(Keyword::BelongsTo) else { continue };
        let mut modules = library.modules.iter().filter(|m| m.name == owner).peekable();
        if modules.peek().is_some()
            && !modules.any(|m| m.files.iter().any(|&f| library.file(f).name() == root.arg()))
        {
            let d = Diagnostic::warning(
                Code::SubmoduleMismatch,
                root.argument_span(),
                format!("the module `{owner}` does not include its submodule `{}`", root.arg()),
            );
            found.push(d.help("what it defines is not there"));
        }
    }
    for d in found {
        library.diagnostics.push(d);
    }
}
