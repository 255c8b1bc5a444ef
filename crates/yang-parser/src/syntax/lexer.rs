//! The statements of a text as flat items (RFC 7950 sections 6.1 and 6.3): blocks are paired by who reads them, so depth costs
//! no stack.
//!
//! Every text is a sequence of items, and each byte is looked at a fixed number of times. `tests/yang.pest` says in a grammar
//! what this says in code; the tests hold the two together.

use memchr::{memchr, memchr2, memmem};

/// A place in the text: its first byte, and the first behind it.
pub(crate) type Place = (u32, u32);

/// What an item is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// A statement up to its `;`.
    Statement,
    /// A statement up to its `{`.
    Block,
    /// A keyword, with or without an argument, that neither `;` nor `{` follows.
    Unfinished,
    /// `}`.
    Close,
    /// A string where a keyword should be.
    StrayString,
    /// A quote that has no partner; the rest of the text belongs to it.
    UnclosedString,
    /// A block comment that has no end; the rest of the text belongs to it.
    UnclosedComment,
    /// `;` or `{` where a keyword should be.
    Stray,
}

/// One item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) start: u32,
    /// Of a statement's keyword.
    pub(super) keyword_end: u32,
    pub(super) end: u32,
}

/// Cuts a text into items.
pub(super) struct Lexer<'t> {
    bytes: &'t [u8],
    at: usize,
    /// The parts of the last statement's argument, with their quotes.
    parts: Vec<Place>,
    comments: Option<Vec<Place>>,
}

const BLANK: u8 = 1;
const ENDS_KEYWORD: u8 = 2;
const ENDS_UNQUOTED: u8 = 4;
/// It may begin or end a comment.
const ENDS_IF_COMMENT: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let blanks = b" \n\t\r";
    let mut i = 0;
    while i < blanks.len() {
        classes[blanks[i] as usize] = BLANK | ENDS_KEYWORD | ENDS_UNQUOTED;
        i += 1;
    }
    let signs = b";{}";
    i = 0;
    while i < signs.len() {
        classes[signs[i] as usize] = ENDS_KEYWORD | ENDS_UNQUOTED;
        i += 1;
    }
    classes[b'"' as usize] = ENDS_KEYWORD;
    classes[b'\'' as usize] = ENDS_KEYWORD;
    classes[b'/' as usize] = ENDS_IF_COMMENT;
    classes[b'*' as usize] = ENDS_IF_COMMENT;
    classes
};

impl<'t> Lexer<'t> {
    /// The items from a byte on. The text is shorter than 4 GiB.
    pub(super) fn new(text: &'t str, from: usize, keep_comments: bool) -> Self {
        Self { bytes: text.as_bytes(), at: from, parts: Vec::new(), comments: keep_comments.then(Vec::new) }
    }

    /// The parts of the last statement's argument, with their quotes; none, where it has no argument.
    pub(super) fn parts(&self) -> &[Place] {
        &self.parts
    }

    /// The comments met so far, if they are kept.
    pub(super) fn into_comments(self) -> Vec<Place> {
        self.comments.unwrap_or_default()
    }

    /// The next item; `None` at the end of the text.
    pub(super) fn next(&mut self) -> Option<Item> {
        self.separator();
        let start = self.at;
        let kind = match self.bytes.get(start)? {
            b'}' => {
                self.at += 1;
                Kind::Close
            }
            b';' | b'{' => {
                self.at += 1;
                Kind::Stray
            }
            b'"' | b'\'' => match self.string_end(start) {
                Some(end) => {
                    self.at = end;
                    Kind::StrayString
                }
                None => {
                    self.at = self.bytes.len();
                    Kind::UnclosedString
                }
            },
            // The separator takes all comments that end.
            b'/' if self.bytes.get(start + 1) == Some(&b'*') => {
                self.at = self.bytes.len();
                Kind::UnclosedComment
            }
            _ => return Some(self.statement(start)),
        };
        Some(Item { kind, start: start as u32, keyword_end: start as u32, end: self.at as u32 })
    }

    fn statement(&mut self, start: usize) -> Item {
        self.at = self.keyword_end(start);
        let keyword_end = self.at;
        self.parts.clear();
        let mut header_end = self.at;
        let mut kept = self.comment_count();
        if self.separator() && self.argument() {
            header_end = self.at;
            kept = self.comment_count();
            self.separator();
        }
        let kind = match self.bytes.get(self.at) {
            Some(b';') => Kind::Statement,
            Some(b'{') => Kind::Block,
            _ => Kind::Unfinished,
        };
        if kind == Kind::Unfinished {
            self.back(header_end, kept);
        } else {
            self.at += 1;
        }
        Item { kind, start: start as u32, keyword_end: keyword_end as u32, end: self.at as u32 }
    }

    /// Takes an argument; is there one?
    fn argument(&mut self) -> bool {
        let start = self.at;
        if let Some(b'"' | b'\'') = self.bytes.get(start) {
            let Some(end) = self.string_end(start) else { return false };
            self.parts.push((start as u32, end as u32));
            self.at = end;
            self.further_parts();
            return true;
        }
        self.at = self.unquoted_end(start);
        if self.at > start {
            self.parts.push((start as u32, self.at as u32));
        }
        self.at > start
    }

    /// Takes `+` and a string, as often as they stand there.
    fn further_parts(&mut self) {
        loop {
            let (end, kept) = (self.at, self.comment_count());
            self.separator();
            if self.bytes.get(self.at) == Some(&b'+') {
                self.at += 1;
                self.separator();
                if let Some(b'"' | b'\'') = self.bytes.get(self.at)
                    && let Some(next) = self.string_end(self.at)
                {
                    self.parts.push((self.at as u32, next as u32));
                    self.at = next;
                    continue;
                }
            }
            self.back(end, kept);
            return;
        }
    }

    fn comment_count(&self) -> usize {
        self.comments.as_ref().map_or(0, Vec::len)
    }

    /// Takes back what was skipped.
    fn back(&mut self, at: usize, comments: usize) {
        self.at = at;
        if let Some(list) = &mut self.comments {
            list.truncate(comments);
        }
    }

    /// Skips blanks and comments; are there any? A comment without an end is none.
    fn separator(&mut self) -> bool {
        let start = self.at;
        loop {
            while self.bytes.get(self.at).is_some_and(|&b| CLASSES[b as usize] & BLANK != 0) {
                self.at += 1;
            }
            let end = match self.bytes.get(self.at..) {
                Some([b'/', b'/', rest @ ..]) => {
                    let line = memchr(b'\n', rest).unwrap_or(rest.len());
                    self.at + 2 + line
                }
                Some([b'/', b'*', rest @ ..]) => match memmem::find(rest, b"*/") {
                    Some(n) => self.at + n + 4,
                    None => break,
                },
                _ => break,
            };
            if let Some(list) = &mut self.comments {
                list.push((self.at as u32, end as u32));
            }
            self.at = end;
        }
        self.at > start
    }

    fn keyword_end(&self, mut at: usize) -> usize {
        while let Some(&b) = self.bytes.get(at) {
            let class = CLASSES[b as usize] & (ENDS_KEYWORD | ENDS_IF_COMMENT);
            if class != 0 && (class & ENDS_KEYWORD != 0 || self.opens_comment(at)) {
                break;
            }
            at += 1;
        }
        at
    }

    fn unquoted_end(&self, mut at: usize) -> usize {
        while let Some(&b) = self.bytes.get(at) {
            let class = CLASSES[b as usize] & (ENDS_UNQUOTED | ENDS_IF_COMMENT);
            if class != 0
                && (class & ENDS_UNQUOTED != 0
                    || self.opens_comment(at)
                    || self.bytes[at..].starts_with(b"*/"))
            {
                break;
            }
            at += 1;
        }
        at
    }

    fn opens_comment(&self, at: usize) -> bool {
        matches!(self.bytes.get(at..at + 2), Some(b"//" | b"/*"))
    }

    /// Behind the quote that ends the string whose quote stands at a byte.
    fn string_end(&self, quote: usize) -> Option<usize> {
        let mut at = quote + 1;
        if self.bytes[quote] == b'\'' {
            return memchr(b'\'', &self.bytes[at..]).map(|n| at + n + 1);
        }
        loop {
            at += memchr2(b'"', b'\\', self.bytes.get(at..)?)?;
            if self.bytes[at] == b'"' {
                return Some(at + 1);
            }
            // Behind a backslash any character counts for itself; the bytes that continue it are neither of the two.
            at += 2;
        }
    }
}
