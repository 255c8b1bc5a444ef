//! The statements of a file: a flat array in the order of the text, read through [`Stmt`].

use super::lexer::{Lexer, Place};
use crate::grammar::Keyword;
use std::collections::BTreeMap;
use std::sync::Arc;
use yang_schema::{FileId, Span};

/// The parent of a top-level statement.
pub(super) const NONE: u32 = u32::MAX;

#[derive(Clone, Copy, Debug)]
pub(super) enum ArgumentText {
    None,
    /// The argument is this part of the source.
    Slice(u32, u32),
    /// The argument had escapes, indentation or several parts: its text, and the part of the source.
    Owned(u32, u32, u32),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Record {
    pub(super) keyword: Keyword,
    pub(super) start: u32,
    pub(super) keyword_end: u32,
    pub(super) argument: ArgumentText,
    /// Behind its `;` or `}`.
    pub(super) end: u32,
    pub(super) parent: u32,
    /// The first record behind its substatements.
    pub(super) next: u32,
}

/// The statements of one file.
#[derive(Debug)]
pub(crate) struct Tree {
    pub(super) file: FileId,
    pub(super) text: Arc<str>,
    pub(super) records: Vec<Record>,
    pub(super) decoded: Decoded,
    /// In the order of the text; none, where they were not asked for.
    pub(super) comments: Vec<Place>,
    /// Keywords of extensions that are not written as they are meant: in YIN, where a namespace counts and not a prefix.
    pub(super) renamed: BTreeMap<u32, Box<str>>,
    pub(super) namespaces: Vec<Namespace>,
}

/// What YIN says of a prefix: it is that of the module with the namespace.
#[derive(Debug)]
pub(crate) struct Namespace {
    pub(crate) prefix: Box<str>,
    pub(crate) uri: Box<str>,
    /// A statement with the prefix.
    pub(crate) place: Place,
}

/// The texts of arguments that do not stand in the source as they are, one behind the other.
#[derive(Default, Debug)]
pub(super) struct Decoded {
    text: String,
    /// Where each ends.
    ends: Vec<u32>,
}

impl Decoded {
    /// Adds to the text that is not finished.
    pub(super) fn push(&mut self, part: &str) {
        self.text.push_str(part);
    }

    /// Finishes a text; its number.
    pub(super) fn finish(&mut self) -> u32 {
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// The text of a number.
    pub(super) fn get(&self, index: u32) -> &str {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start as usize..self.ends[index] as usize]
    }
}

/// A statement and the tree it stands in.
#[derive(Clone, Copy)]
pub(crate) struct Stmt<'t> {
    tree: &'t Tree,
    index: u32,
}

/// What tells a statement from all others of a compilation.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct StmtId {
    pub(crate) file: FileId,
    pub(crate) index: u32,
}

impl PartialEq for Stmt<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for Stmt<'_> {}

impl std::fmt::Debug for Stmt<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {:?}", self.keyword_text(), self.argument())
    }
}

impl Tree {
    /// The file.
    pub(crate) fn file(&self) -> FileId {
        self.file
    }

    /// Says which file it is of.
    pub(crate) fn set_file(&mut self, file: FileId) {
        self.file = file;
    }

    /// Number of statements.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// The source.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The comments in the order of the text, where they were kept.
    pub(crate) fn comments(&self) -> &[Place] {
        &self.comments
    }

    /// What YIN says of the prefixes of extensions; nothing, in YANG.
    pub(crate) fn namespaces(&self) -> &[Namespace] {
        &self.namespaces
    }

    pub(crate) fn stmt(&self, id: StmtId) -> Stmt<'_> {
        debug_assert_eq!(id.file, self.file);
        Stmt { tree: self, index: id.index }
    }

    /// The statements that stand in no other.
    pub(crate) fn top(&self) -> impl Iterator<Item = Stmt<'_>> {
        Siblings { tree: self, at: 0, end: self.records.len() as u32 }
    }
}

struct Siblings<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Siblings<'t> {
    type Item = Stmt<'t>;

    fn next(&mut self) -> Option<Stmt<'t>> {
        if self.at >= self.end {
            return None;
        }
        let index = self.at;
        self.at = self.tree.records[index as usize].next;
        Some(Stmt { tree: self.tree, index })
    }
}

impl<'t> Stmt<'t> {
    fn record(self) -> &'t Record {
        &self.tree.records[self.index as usize]
    }

    pub(crate) fn id(self) -> StmtId {
        StmtId { file: self.tree.file, index: self.index }
    }

    /// Its keyword.
    pub(crate) fn keyword(self) -> Keyword {
        self.record().keyword
    }

    /// Is it a statement of this keyword?
    pub(crate) fn is(self, keyword: Keyword) -> bool {
        self.record().keyword == keyword
    }

    /// Its keyword as written, with a prefix if it has one.
    pub(crate) fn keyword_text(self) -> &'t str {
        let r = self.record();
        if !self.tree.renamed.is_empty()
            && let Some(name) = self.tree.renamed.get(&self.index)
        {
            return name;
        }
        &self.tree.text[r.start as usize..r.keyword_end as usize]
    }

    /// Prefix and name of an extension's keyword.
    pub(crate) fn extension_name(self) -> Option<(&'t str, &'t str)> {
        (self.keyword() == Keyword::Extended).then(|| self.keyword_text().split_once(':')).flatten()
    }

    /// Its argument, decoded; `None` where it has none.
    pub(crate) fn argument(self) -> Option<&'t str> {
        match self.record().argument {
            ArgumentText::None => None,
            ArgumentText::Slice(start, end) => Some(&self.tree.text[start as usize..end as usize]),
            ArgumentText::Owned(i, ..) => Some(self.tree.decoded.get(i)),
        }
    }

    /// Its argument, or nothing: the grammar has reported that it is missing.
    pub(crate) fn arg(self) -> &'t str {
        self.argument().unwrap_or("")
    }

    /// The argument in the source, without quotes; the keyword, where it has none.
    pub(crate) fn argument_span(self) -> Span {
        match self.record().argument {
            ArgumentText::None => self.keyword_span(),
            ArgumentText::Slice(start, end) | ArgumentText::Owned(_, start, end) => self.at(start, end),
        }
    }

    /// A part of the argument in the source, by the bytes of the decoded text, widened to whole characters; the whole, where
    /// these do not match up.
    pub(crate) fn argument_part(self, start: usize, end: usize) -> Span {
        match self.record().argument {
            ArgumentText::Slice(from, to) if from as usize + end <= to as usize => {
                let text = &self.tree.text;
                let start = text.floor_char_boundary(from as usize + start);
                let end = text.ceil_char_boundary(from as usize + end);
                self.at(start as u32, end as u32)
            }
            _ => self.argument_span(),
        }
    }

    /// The keyword in the source.
    pub(crate) fn keyword_span(self) -> Span {
        let r = self.record();
        self.at(r.start, r.keyword_end)
    }

    /// The statement in the source with all below it.
    pub(crate) fn span(self) -> Span {
        let r = self.record();
        self.at(r.start, r.end)
    }

    /// The whole statement as written.
    pub(crate) fn source_text(self) -> &'t str {
        let r = self.record();
        &self.tree.text[r.start as usize..r.end as usize]
    }

    /// Behind its `;` or `{`; of a text of YANG only.
    pub(crate) fn header_end(self) -> u32 {
        let r = self.record();
        Lexer::new(&self.tree.text, r.start as usize, false).next().map_or(r.end, |item| item.end)
    }

    fn at(self, start: u32, end: u32) -> Span {
        Span { file: self.tree.file, start, end }
    }

    /// The statement that it stands in.
    pub(crate) fn parent(self) -> Option<Stmt<'t>> {
        let parent = self.record().parent;
        (parent != NONE).then_some(Stmt { tree: self.tree, index: parent })
    }

    /// The statements right below it.
    pub(crate) fn children(self) -> impl Iterator<Item = Stmt<'t>> {
        Siblings { tree: self.tree, at: self.index + 1, end: self.record().next }
    }

    /// All statements below it, in the order of the text.
    pub(crate) fn descendants(self) -> impl Iterator<Item = Stmt<'t>> {
        (self.index + 1..self.record().next).map(move |index| Stmt { tree: self.tree, index })
    }

    /// Has it no substatements?
    pub(crate) fn is_childless(self) -> bool {
        self.record().next == self.index + 1
    }

    /// The first statement of a keyword right below it.
    pub(crate) fn child(self, keyword: Keyword) -> Option<Stmt<'t>> {
        self.children().find(|c| c.is(keyword))
    }

    /// The statements of a keyword right below it.
    pub(crate) fn all(self, keyword: Keyword) -> impl Iterator<Item = Stmt<'t>> {
        self.children().filter(move |c| c.is(keyword))
    }

    /// The argument of the first statement of a keyword right below it.
    pub(crate) fn value_of(self, keyword: Keyword) -> Option<&'t str> {
        self.child(keyword).and_then(Stmt::argument)
    }
}
