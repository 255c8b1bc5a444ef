//! Statements as canonical YANG (RFC 7950 sections 6 and 14): one statement a line, blocks indented by two, arguments quoted
//! where they are text, comments kept and in their places.
//!
//! What a statement's argument looks like depends on its keyword and value alone, not on how it was written, so printing what
//! was printed changes nothing.

mod argument;
mod comment;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::grammar;
use crate::source::{Source, Sources};
use crate::syntax::{self, Place, Stmt, Tree};
use std::sync::Arc;

/// How to print.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct YangOptions {
    /// Sorts substatements into the canonical order of RFC 7950 section 14. Without it they stay where they are: the RFC lets
    /// most stand in any order, and moving them makes differences that hide others.
    pub order: bool,
    /// Where lines are broken, if that can be done without changing what they mean.
    pub line_length: usize,
}

impl Default for YangOptions {
    fn default() -> Self {
        Self { order: false, line_length: 80 }
    }
}

/// Why a text is not printed: it is not made of statements.
#[derive(Debug)]
pub struct Refusal {
    /// What is wrong with it.
    pub diagnostics: Vec<Diagnostic>,
    /// The text that they are about.
    pub sources: Sources,
}

/// A text of YANG or YIN as canonical YANG. Diagnostics call it by the name, which ends with `.yin` where it is YIN.
pub fn yang(name: &str, text: &str, options: &YangOptions) -> Result<String, Refusal> {
    let text: Arc<str> = text.into();
    let mut sources = Sources::default();
    let file = sources.add(Source::new(None, name.to_owned(), text.clone()));
    let (tree, diagnostics) = if crate::yin::is_yin(name) {
        crate::yin::parse(file, text)
    } else {
        syntax::parse_with_comments(file, text)
    };
    print(&tree, diagnostics, options).map_err(|diagnostics| Refusal { diagnostics, sources })
}

fn print(tree: &Tree, diagnostics: Diagnostics, options: &YangOptions) -> Result<String, Vec<Diagnostic>> {
    if diagnostics.has_errors() {
        return Err(diagnostics.into_sorted());
    }
    let mut printer = Printer {
        text: tree.text(),
        options,
        out: String::with_capacity(tree.text().len() + tree.text().len() / 8),
        line_break: comment::line_break(tree.text()),
    };
    let end = tree.text().len() as u32;
    printer.body(None, &tree.top().collect::<Vec<_>>(), tree.comments(), (0, end), 0);
    Ok(printer.out)
}

struct Printer<'t> {
    text: &'t str,
    options: &'t YangOptions,
    out: String,
    /// As the text has it.
    line_break: &'static str,
}

/// A statement with the comments that belong to it.
struct Chunk<'t> {
    blank_before: bool,
    /// Each with whether a blank line stands before it; then whether one stands before the statement.
    before: Vec<(bool, Place)>,
    blank_between: bool,
    stmt: Stmt<'t>,
    /// Those inside of it, its header included.
    inside: &'t [Place],
    /// Those behind it on its last line.
    behind: &'t [Place],
    rank: usize,
}

impl<'t> Printer<'t> {
    /// Prints what stands between two bytes: statements and comments.
    fn body(
        &mut self,
        parent: Option<Stmt<'t>>,
        stmts: &[Stmt<'t>],
        mut comments: &'t [Place],
        (start, end): (u32, u32),
        indent: usize,
    ) {
        let mut at = start;
        let mut chunks: Vec<Chunk<'t>> = Vec::with_capacity(stmts.len());
        let opening = match parent {
            Some(_) => {
                let limit = stmts.first().map_or(end, |s| s.span().start);
                self.same_line(&mut comments, &mut at, limit)
            }
            None => &[],
        };
        self.behind(opening);
        for (i, &stmt) in stmts.iter().enumerate() {
            let span = stmt.span();
            let (before, rest) = comments.split_at(comments.partition_point(|c| c.0 < span.start));
            let (inside, rest) = rest.split_at(rest.partition_point(|c| c.0 < span.end));
            comments = rest;
            let blank_before = self.blank(at, before.first().map_or(span.start, |c| c.0));
            let before = self.own_lines(before, &mut at);
            let blank_between = !before.is_empty() && self.blank(at, span.start);
            at = span.end;
            let limit = stmts.get(i + 1).map_or(end, |s| s.span().start);
            let behind = self.same_line(&mut comments, &mut at, limit);
            let last = chunks.last().map_or(0, |c| c.rank);
            let rank = parent.map_or(0, |p| grammar::rank(p.keyword(), stmt.keyword()).unwrap_or(last));
            chunks.push(Chunk { blank_before, before, blank_between, stmt, inside, behind, rank });
        }
        if self.options.order {
            chunks.sort_by_key(|c| c.rank);
        }
        for (i, chunk) in chunks.iter().enumerate() {
            self.chunk(chunk, i == 0, indent);
        }
        // Comments behind the last statement.
        let blank = !chunks.is_empty() && self.blank(at, comments.first().map_or(at, |c| c.0));
        for (i, (blank_before, place)) in self.own_lines(comments, &mut at).into_iter().enumerate() {
            self.comment_line(if i == 0 { blank } else { blank_before }, place, indent);
        }
    }

    fn chunk(&mut self, chunk: &Chunk<'t>, first: bool, indent: usize) {
        let mut blank = chunk.blank_before && !first;
        for (i, &(blank_before, place)) in chunk.before.iter().enumerate() {
            self.comment_line(if i == 0 { blank } else { blank_before }, place, indent);
        }
        if !chunk.before.is_empty() {
            blank = chunk.blank_between;
        }
        let stmt = chunk.stmt;
        // Comments between a keyword and its block go before the statement: there is no better place on a line of its own.
        let body_start = if chunk.inside.is_empty() { stmt.span().end } else { stmt.header_end() };
        let (header, body) = chunk.inside.split_at(chunk.inside.partition_point(|c| c.0 < body_start));
        for &place in header {
            self.comment_line(std::mem::take(&mut blank), place, indent);
        }
        if blank {
            self.out.push_str(self.line_break);
        }
        self.indent(indent);
        self.out.push_str(stmt.keyword_text());
        let has_body = !stmt.is_childless() || !body.is_empty();
        if let Some(value) = stmt.argument() {
            argument::print(self, stmt.keyword(), value, indent, if has_body { 2 } else { 1 });
        }
        if has_body {
            self.out.push_str(" {");
            self.out.push_str(self.line_break);
            let children: Vec<_> = stmt.children().collect();
            let inner = (body_start, stmt.span().end - 1);
            self.body(Some(stmt), &children, body, inner, indent + 2);
            self.indent(indent);
            self.out.push('}');
        } else {
            self.out.push(';');
        }
        self.out.push_str(self.line_break);
        self.behind(chunk.behind);
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }
}

#[cfg(test)]
mod tests;
