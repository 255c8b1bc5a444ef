//! Text to statements (RFC 7950 sections 6.1 and 6.3).
//!
//! [`parse`] never fails: it returns the statements that are there and says what is wrong with the rest. The lexer takes every
//! text and knows no nesting, so no input overflows the stack; blocks are matched up here.

mod builder;
mod characters;
mod lexer;
mod strings;
mod tree;

pub(crate) use characters::is_yang_char;
pub(crate) use tree::{Stmt, StmtId, Tree};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use crate::yin;
pub(crate) use builder::{Argument, TreeBuilder};
pub(crate) use characters::check as check_characters;
pub(crate) use lexer::Place;
use lexer::{Item, Kind, Lexer};
use std::sync::Arc;
use strings::Decoder;
use tree::{ArgumentText, NONE, Record};
use yang_schema::{FileId, Span, YangVersion};

/// Blocks may be nested this deep. Real models stay below 40; later stages may recurse as deep as this.
pub(crate) const MAX_DEPTH: usize = 160;

/// So many faults of one text are told; who has more has given something else than YANG.
pub(crate) const MAX_FAULTS: usize = 1_000;

/// Texts are shorter. What tabs are expanded to has to fit into 4 GiB too.
pub(crate) const MAX_LENGTH: u32 = 512 << 20;

struct Nesting<'t> {
    file: FileId,
    text: &'t str,
    records: Vec<Record>,
    open: Vec<u32>,
    decoder: Decoder<'t>,
    diagnostics: Diagnostics,
    version: Option<YangVersion>,
    faults: usize,
    /// The rest of the text is not read.
    stopped: bool,
    /// A statement was not finished: what strays behind it belongs to the same fault.
    recovering: bool,
}

/// The statements of a text of YANG or, where the name of the source says so, of YIN; and what is wrong with it.
pub(crate) fn read(name: &str, file: FileId, text: Arc<str>) -> (Tree, Diagnostics) {
    if yin::is_yin(name) { yin::parse(file, text) } else { parse(file, text) }
}

/// The statements of a text, and what is wrong with it.
pub(crate) fn parse(file: FileId, text: Arc<str>) -> (Tree, Diagnostics) {
    parse_with(file, text, false)
}

/// The same with the comments, which nobody but a printer wants.
pub(crate) fn parse_with_comments(file: FileId, text: Arc<str>) -> (Tree, Diagnostics) {
    parse_with(file, text, true)
}

fn parse_with(file: FileId, text: Arc<str>, keep_comments: bool) -> (Tree, Diagnostics) {
    let mut nesting = Nesting {
        file,
        text: &text,
        records: Vec::with_capacity(text.len() / 48),
        open: Vec::new(),
        decoder: Decoder::new(&text),
        diagnostics: Diagnostics::default(),
        version: None,
        faults: 0,
        stopped: false,
        recovering: false,
    };
    let mut comments = Vec::new();
    if u32::try_from(text.len()).is_ok_and(|n| n < MAX_LENGTH) {
        let skip = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut lexer = Lexer::new(&text, skip, keep_comments);
        while let Some(item) = lexer.next() {
            nesting.item(item, lexer.parts());
            if nesting.stopped {
                break;
            }
        }
        comments = lexer.into_comments();
        nesting.close_all();
    } else {
        nesting.diagnostics.push(Diagnostic::without_place(
            Code::Unsupported,
            format!("a source text of {} MiB or more is not supported", MAX_LENGTH >> 20),
        ));
    }
    let Nesting { mut records, decoder, mut diagnostics, version, .. } = nesting;
    // Without a version it is YANG 1 (RFC 7950 section 7.1.2).
    let version = version.unwrap_or(YangVersion::V1);
    let decoded = decoder.finish(file, version, &mut diagnostics);
    check_characters(file, &text, version, &mut diagnostics);
    if version == YangVersion::V1_1 && text.len() < MAX_LENGTH as usize {
        characters::check_line_ends(file, &text, &mut diagnostics);
    }
    records.shrink_to_fit();
    let (renamed, namespaces) = Default::default();
    (Tree { file, text, records, decoded, comments, renamed, namespaces }, diagnostics)
}

impl Nesting<'_> {
    fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end }
    }

    /// The character before a byte.
    fn last_character(&self, end: u32) -> Span {
        let before = self.text.get(..end as usize).unwrap_or("");
        self.span(before.char_indices().next_back().map_or(0, |(i, _)| i as u32), end)
    }

    /// Reports a fault, up to [`MAX_FAULTS`].
    fn fault(&mut self, diagnostic: Diagnostic) {
        self.faults += 1;
        if self.faults <= MAX_FAULTS {
            self.diagnostics.push(diagnostic);
        } else {
            self.stopped = true;
            let message =
                format!("more than {MAX_FAULTS} faults of syntax: the rest of the file is not read");
            self.diagnostics.push(Diagnostic { message, ..diagnostic });
        }
    }

    fn item(&mut self, item: Item, parts: &[Place]) {
        let Item { kind, start, end, .. } = item;
        let recovering = std::mem::replace(&mut self.recovering, false);
        match kind {
            Kind::Stray | Kind::StrayString if recovering => self.recovering = true,
            Kind::Statement => {
                self.statement(item, parts);
            }
            Kind::Block => {
                self.statement(item, parts);
                self.open(end);
            }
            Kind::Unfinished => {
                self.recovering = true;
                self.statement(item, parts);
                let keyword = &self.text[start as usize..item.keyword_end as usize];
                let what = if parts.is_empty() {
                    format!("expected an argument, `;` or `{{` after `{keyword}`")
                } else {
                    format!("expected `;` or `{{` after the argument of `{keyword}`")
                };
                let found = strings::next_token(&self.text[end as usize..]);
                self.fault(
                    Diagnostic::error(Code::Syntax, self.last_character(end), what)
                        .here(match found {
                            Some(found) => format!("`{found}` follows"),
                            None => "the file ends here".to_owned(),
                        })
                        .help("end the statement with `;`"),
                );
            }
            Kind::Close => match self.open.pop() {
                Some(index) => {
                    let next = self.records.len() as u32;
                    let record = &mut self.records[index as usize];
                    record.end = end;
                    record.next = next;
                }
                None => self.fault(
                    Diagnostic::error(Code::UnmatchedBrace, self.span(start, end), "`}` closes nothing")
                        .here("no block is open here"),
                ),
            },
            Kind::StrayString => self.fault(
                Diagnostic::error(
                    Code::Syntax,
                    self.span(start, end),
                    "a string stands where a statement should",
                )
                .here("expected a keyword or `}`")
                .help("join the parts of a string with `+`; end the statement before it with `;`"),
            ),
            Kind::UnclosedString => self.fault(
                Diagnostic::error(
                    Code::UnterminatedString,
                    self.span(start, start + 1),
                    "this string never ends",
                )
                .here("the quote is opened here")
                .help("add the closing quote"),
            ),
            Kind::UnclosedComment => self.fault(
                Diagnostic::error(
                    Code::UnterminatedComment,
                    self.span(start, start + 2),
                    "this comment never ends",
                )
                .here("it is opened here")
                .help("add `*/`"),
            ),
            Kind::Stray => {
                let found = &self.text[start as usize..end as usize];
                self.fault(
                    Diagnostic::error(Code::Syntax, self.span(start, end), format!("unexpected `{found}`"))
                        .here("expected a keyword or `}`"),
                );
            }
        }
    }

    /// Adds a record; its block is not known yet.
    fn statement(&mut self, item: Item, parts: &[Place]) {
        let keyword = Keyword::from_source(&self.text[item.start as usize..item.keyword_end as usize]);
        let argument = if parts.is_empty() { ArgumentText::None } else { self.decoder.argument(parts) };
        let parent = self.open.last().copied().unwrap_or(NONE);
        if keyword == Keyword::YangVersion && self.open.len() == 1 && self.version.is_none() {
            let text = self.decoder.text(argument);
            self.version = text.map(|t| if t == "1.1" { YangVersion::V1_1 } else { YangVersion::V1 });
        }
        let next = self.records.len() as u32 + 1;
        self.records.push(Record {
            keyword,
            start: item.start,
            keyword_end: item.keyword_end,
            argument,
            end: item.end,
            parent,
            next,
        });
    }

    fn open(&mut self, end: u32) {
        if self.open.len() >= MAX_DEPTH {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::NestingTooDeep,
                    self.span(end - 1, end),
                    format!("blocks are nested more than {MAX_DEPTH} deep"),
                )
                .here("the rest of the file is not read"),
            );
            self.stopped = true;
            return;
        }
        self.open.push(self.records.len() as u32 - 1);
    }

    fn close_all(&mut self) {
        let (next, end) = (self.records.len() as u32, self.text.len() as u32);
        let innermost = self.open.last().copied();
        while let Some(index) = self.open.pop() {
            let record = &mut self.records[index as usize];
            record.end = end;
            record.next = next;
        }
        if let Some(index) = innermost.filter(|_| !self.stopped) {
            let record = self.records[index as usize];
            let keyword = &self.text[record.start as usize..record.keyword_end as usize];
            let at = self.text.trim_end().len() as u32;
            self.diagnostics.push(
                Diagnostic::error(
                    Code::UnclosedBlock,
                    self.last_character(at),
                    format!("the file ends inside of `{keyword}`"),
                )
                .here("expected `}` after this")
                .also(self.span(record.start, record.keyword_end), "this block is not closed"),
            );
        }
    }
}

#[cfg(test)]
mod tests;
