//! A tree of statements from a reader that knows where each begins and ends: that of YIN.

use super::lexer::Place;
use super::tree::{ArgumentText, Decoded, NONE, Namespace, Record, Tree};
use crate::grammar::Keyword;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use yang_schema::FileId;

/// An argument.
pub(crate) enum Argument {
    /// It is this part of the text.
    Place(Place),
    /// It is this, and stands for that part of the text.
    Text(String, Place),
}

/// Statements on their way to a tree.
#[derive(Default)]
pub(crate) struct TreeBuilder {
    records: Vec<Record>,
    open: Vec<u32>,
    decoded: Decoded,
    renamed: BTreeMap<u32, Box<str>>,
    namespaces: Vec<Namespace>,
}

impl TreeBuilder {
    /// Begins a statement below the innermost that is open; its number.
    pub(crate) fn open(&mut self, keyword: Keyword, (start, keyword_end): Place) -> u32 {
        let index = self.records.len() as u32;
        self.records.push(Record {
            keyword,
            start,
            keyword_end,
            argument: ArgumentText::None,
            end: keyword_end,
            parent: self.open.last().copied().unwrap_or(NONE),
            next: index + 1,
        });
        self.open.push(index);
        index
    }

    fn innermost(&mut self) -> Option<&mut Record> {
        self.records.get_mut(*self.open.last()? as usize)
    }

    /// Gives the innermost statement its argument.
    pub(crate) fn argument(&mut self, argument: Argument) {
        let text = match argument {
            Argument::Place((start, end)) => ArgumentText::Slice(start, end),
            Argument::Text(text, (start, end)) => {
                self.decoded.push(&text);
                ArgumentText::Owned(self.decoded.finish(), start, end)
            }
        };
        if let Some(record) = self.innermost() {
            record.argument = text;
        }
    }

    /// Has the innermost statement an argument?
    pub(crate) fn has_argument(&self) -> bool {
        let innermost = self.open.last().map(|&i| self.records[i as usize].argument);
        innermost.is_some_and(|a| !matches!(a, ArgumentText::None))
    }

    /// Ends the innermost statement.
    pub(crate) fn close(&mut self, end: u32) {
        let next = self.records.len() as u32;
        if let Some(record) = self.innermost() {
            record.end = end;
            record.next = next;
        }
        self.open.pop();
    }

    /// The innermost statement, which has none below it, was none.
    pub(crate) fn take_back(&mut self) {
        if let Some(index) = self.open.pop() {
            self.records.truncate(index as usize);
        }
    }

    /// The module's own prefix and namespace, and all prefixes that it declares.
    pub(crate) fn prefixes(&self, text: &str) -> (Option<(String, String)>, BTreeSet<String>) {
        let value = |record: &Record| match record.argument {
            ArgumentText::None => String::new(),
            ArgumentText::Slice(start, end) => text[start as usize..end as usize].to_owned(),
            ArgumentText::Owned(index, ..) => self.decoded.get(index).to_owned(),
        };
        let (mut own, mut namespace, mut declared) = (None, None, BTreeSet::new());
        for record in &self.records {
            let Some(parent) = self.records.get(record.parent as usize) else { continue };
            match (record.keyword, parent.keyword) {
                (Keyword::Namespace, Keyword::Module) => namespace = Some(value(record)),
                (Keyword::Prefix, Keyword::Module | Keyword::BelongsTo | Keyword::Import) => {
                    declared.insert(value(record));
                    if parent.keyword == Keyword::Module {
                        own = Some(value(record));
                    }
                }
                _ => {}
            }
        }
        (own.zip(namespace), declared)
    }

    /// The keyword of a statement in the text.
    pub(crate) fn keyword_place(&self, index: u32) -> Place {
        let record = &self.records[index as usize];
        (record.start, record.keyword_end)
    }

    /// Gives the keyword of a statement another prefix than the text has.
    pub(crate) fn rename(&mut self, index: u32, prefix: &str, text: &str) {
        let (start, end) = self.keyword_place(index);
        let keyword = &text[start as usize..end as usize];
        let local = keyword.split_once(':').map_or(keyword, |(_, local)| local);
        self.renamed.insert(index, format!("{prefix}:{local}").into());
    }

    /// Notes that a prefix has to be that of the module with a namespace.
    pub(crate) fn namespace(&mut self, prefix: &str, uri: &str, place: Place) {
        if !self.namespaces.iter().any(|n| &*n.prefix == prefix && &*n.uri == uri) {
            self.namespaces.push(Namespace { prefix: prefix.into(), uri: uri.into(), place });
        }
    }

    /// The tree. What is still open ends with the text.
    pub(crate) fn finish(mut self, file: FileId, text: Arc<str>) -> Tree {
        while !self.open.is_empty() {
            self.close(text.len() as u32);
        }
        let Self { records, decoded, renamed, namespaces, .. } = self;
        Tree { file, text, records, decoded, comments: Vec::new(), renamed, namespaces }
    }
}
