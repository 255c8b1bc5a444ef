//! Which statement may stand where (RFC 7950 section 14, RFC 6020 section 12), held against one file.

mod keyword;
mod table;

pub use keyword::Keyword;
pub(crate) use keyword::{ArgumentKind, closest};

use crate::argument;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::syntax::{Stmt, Tree};
use yang_schema::YangVersion;

/// May a `deviate` with this argument hold the statement?
pub(crate) fn may_deviate(argument: &str, keyword: Keyword) -> bool {
    table::deviate_substatements(argument).contains(&keyword)
}

/// Where a statement stands below another in the canonical order of RFC 7950 section 14; those that may stand in any order
/// among each other have one rank. `None` for what is no statement of YANG there.
pub(crate) fn rank(parent: Keyword, child: Keyword) -> Option<usize> {
    if let (Keyword::Module | Keyword::Submodule, Some(section)) = (parent, table::section(child)) {
        // Of header and meta information each statement has its place.
        let within = match section {
            0 | 2 => table::substatements(parent).iter().position(|s| s.keyword == child)?,
            _ => 0,
        };
        return Some(section as usize * 100 + within);
    }
    let table = table::substatements(parent);
    let group = |k: Keyword| {
        if k.is_data_definition() || k == Keyword::Case {
            Keyword::Container
        } else if k == Keyword::Grouping {
            Keyword::Typedef
        } else if matches!(k, Keyword::Notification | Keyword::Augment) {
            // Among the definitions and refinements, where their order is the author's.
            if k == Keyword::Augment { Keyword::Refine } else { Keyword::Action }
        } else {
            k
        }
    };
    table.iter().any(|s| s.keyword == child).then_some(())?;
    table.iter().position(|s| group(s.keyword) == group(child))
}

/// The version that a (sub)module statement declares.
pub(crate) fn version(module: Stmt<'_>) -> YangVersion {
    match module.value_of(Keyword::YangVersion) {
        Some("1.1") => YangVersion::V1_1,
        _ => YangVersion::V1,
    }
}

/// Checks all statements of a file. The module or submodule in it is returned where there is exactly one.
pub(crate) fn check<'t>(tree: &'t Tree, diagnostics: &mut Diagnostics) -> Option<Stmt<'t>> {
    let module = single_module(tree, diagnostics)?;
    let version = version(module);
    check_order(module, diagnostics);
    // What stands below an unknown statement is anybody's guess.
    let mut unknown_until = None;
    for stmt in std::iter::once(module).chain(module.descendants()) {
        if unknown_until.is_some_and(|end| stmt.span().start < end) {
            continue;
        }
        match stmt.keyword() {
            // Which statements stand below it is said by its definition; but they are statements of YANG (section 7.19).
            Keyword::Extended => argument::check_extension_keyword(stmt, version, diagnostics),
            Keyword::Unknown => {
                unknown_until = Some(stmt.span().end);
                let text = stmt.keyword_text();
                let mut d = Diagnostic::error(
                    Code::UnknownStatement,
                    stmt.keyword_span(),
                    format!("`{text}` is no statement of YANG"),
                );
                if let Some(meant) = closest(text) {
                    d = d.help(format!("did you mean `{meant}`?"));
                }
                diagnostics.push(d);
            }
            _ => {
                argument::check(stmt, version, diagnostics);
                check_substatements(stmt, version, diagnostics);
            }
        }
    }
    Some(module)
}

fn single_module<'t>(tree: &'t Tree, diagnostics: &mut Diagnostics) -> Option<Stmt<'t>> {
    let mut module = None;
    for stmt in tree.top() {
        let is_module = matches!(stmt.keyword(), Keyword::Module | Keyword::Submodule);
        match module {
            None if is_module => module = Some(stmt),
            Some(first) if is_module => {
                let first: Stmt<'_> = first;
                diagnostics.push(
                    Diagnostic::error(Code::NotAModule, stmt.keyword_span(), "a file holds one module only")
                        .also(first.keyword_span(), "the first one is here"),
                );
            }
            _ => diagnostics.error(
                Code::NotAModule,
                stmt.keyword_span(),
                format!("`{}` stands outside of a module", stmt.keyword_text()),
            ),
        }
    }
    if module.is_none() && !diagnostics.has_errors() {
        let span = yang_schema::Span { file: tree.file(), start: 0, end: 0 };
        diagnostics.error(Code::NotAModule, span, "there is no `module` or `submodule` in this file");
    }
    module
}

fn check_order(module: Stmt<'_>, diagnostics: &mut Diagnostics) {
    let mut last: Option<(u8, Stmt<'_>)> = None;
    let table = table::substatements(module.keyword());
    for stmt in module.children() {
        // What may not stand here at all stands in no order.
        if !table.iter().any(|s| s.keyword == stmt.keyword()) {
            continue;
        }
        let Some(section) = table::section(stmt.keyword()) else { continue };
        match last {
            Some((reached, before)) if section < reached => diagnostics.push(
                Diagnostic::error(
                    Code::StatementOrder,
                    stmt.keyword_span(),
                    format!("`{}` stands too late", stmt.keyword_text()),
                )
                .also(before.keyword_span(), format!("`{}` comes after it", before.keyword_text()))
                .help("the order is: header, imports and includes, meta information, revisions, definitions"),
            ),
            _ => last = Some((section, stmt)),
        }
    }
}

fn check_substatements(stmt: Stmt<'_>, version: YangVersion, diagnostics: &mut Diagnostics) {
    let table = table::substatements(stmt.keyword());
    let v1 = version == YangVersion::V1;
    let parent = stmt.keyword();
    let of_deviate = stmt.is(Keyword::Deviate).then(|| table::deviate_substatements(stmt.arg()));
    // No table is longer than 32 entries; positions are counted, not keywords.
    let mut counts = [0usize; 32];
    let mut firsts: [Option<Stmt<'_>>; 32] = [None; 32];
    for child in stmt.children() {
        if matches!(child.keyword(), Keyword::Extended | Keyword::Unknown) {
            continue;
        }
        let allowed_by_deviate = of_deviate.is_none_or(|list| list.contains(&child.keyword()));
        let at = table.iter().position(|s| s.keyword == child.keyword()).filter(|_| allowed_by_deviate);
        let Some(at) = at else {
            diagnostics.push(misplaced(stmt, child));
            continue;
        };
        let sub = &table[at];
        counts[at] += 1;
        let (_, most) = sub.bounds(v1);
        // Whether a leaf-list of YANG 1 has a default is said where the deviation's target is known; only one replaces others.
        let default_of =
            |word: &str| child.is(Keyword::Default) && of_deviate.is_some() && stmt.arg() == word;
        let many_here = default_of("add") || default_of("delete");
        let most = if default_of("replace") { 1 } else { most };
        if most == 0 {
            diagnostics.push(
                Diagnostic::error(
                    Code::VersionMismatch,
                    child.keyword_span(),
                    format!("`{}` below `{}` is new in YANG 1.1", child.keyword_text(), parent.text()),
                )
                .here("the module is YANG 1")
                .help("add `yang-version 1.1;` to the module"),
            );
        } else if counts[at] > most && !many_here {
            let mut d = Diagnostic::error(
                if sub.bounds(false).1 > 1 && v1 { Code::VersionMismatch } else { Code::DuplicateStatement },
                child.keyword_span(),
                if sub.bounds(false).1 > 1 && v1 {
                    format!(
                        "several `{}` below `{}` are new in YANG 1.1",
                        child.keyword_text(),
                        parent.text()
                    )
                } else {
                    format!("`{}` may stand only once below `{}`", child.keyword_text(), parent.text())
                },
            );
            if let Some(first) = firsts[at] {
                d = d.also(first.keyword_span(), "first given here");
            }
            diagnostics.push(d);
        }
        firsts[at].get_or_insert(child);
    }
    for (at, sub) in table.iter().enumerate() {
        if sub.required && counts[at] == 0 {
            diagnostics.push(
                Diagnostic::error(
                    Code::MissingStatement,
                    stmt.argument_span(),
                    format!("`{}` needs a `{}` statement", described(stmt), sub.keyword.text()),
                )
                .here(format!("`{}` is missing", sub.keyword.text())),
            );
        }
    }
    check_content(stmt, diagnostics);
}

/// Inputs and outputs hold a data definition. The grammar asks as much of lists, and an addition of augments, but the tables of
/// their substatements do not, and modules without are in use: these are warned of.
fn check_content(stmt: Stmt<'_>, diagnostics: &mut Diagnostics) {
    let operation = matches!(stmt.keyword(), Keyword::Input | Keyword::Output);
    let augment = stmt.is(Keyword::Augment);
    if !operation && !augment && !stmt.is(Keyword::List) {
        return;
    }
    let counts = |keyword: Keyword| {
        keyword.is_data_definition()
            || matches!(keyword, Keyword::Case | Keyword::Action | Keyword::Notification) && augment
            // What is unknown has been reported.
            || keyword == Keyword::Unknown
    };
    if stmt.children().any(|c| counts(c.keyword())) {
        return;
    }
    let span = stmt.argument_span();
    diagnostics.push(if operation {
        let message = format!("`{}` needs a data definition", described(stmt));
        Diagnostic::error(Code::MissingStatement, span, message)
            .help("leave the statement out where there are no parameters")
    } else {
        let what = if augment { "adds nothing" } else { "has no data definition" };
        Diagnostic::warning(Code::MissingStatement, span, format!("`{}` {what}", described(stmt)))
    });
}

fn described(stmt: Stmt<'_>) -> String {
    match stmt.argument() {
        Some(argument) if argument.len() <= 60 => format!("{} {argument}", stmt.keyword_text()),
        _ => stmt.keyword_text().to_owned(),
    }
}

fn misplaced(parent: Stmt<'_>, child: Stmt<'_>) -> Diagnostic {
    let place = if parent.is(Keyword::Deviate) {
        format!("deviate {}", parent.arg())
    } else {
        parent.keyword_text().to_owned()
    };
    Diagnostic::error(
        Code::MisplacedStatement,
        child.keyword_span(),
        format!("`{}` may not stand below `{place}`", child.keyword_text()),
    )
    .also(parent.keyword_span(), "this statement holds it")
}

#[cfg(test)]
mod tests;
