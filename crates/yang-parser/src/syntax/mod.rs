//! Text to statements (RFC 7950 sections 6.1 and 6.3).
//!
//! [`parse`] never fails: it returns the statements that are there and says what is wrong with the rest. The pest grammar
//! matches every text and knows no nesting, so no input overflows the stack; blocks are matched up here.

mod strings;
mod tree;

pub(crate) use tree::{Stmt, StmtId, Tree};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use pest::Parser as _;
use pest::iterators::Pair;
use std::sync::Arc;
use tree::{ArgumentText, NONE, Record};
use yang_schema::{FileId, Span, YangVersion};

#[allow(missing_docs, unreachable_pub, reason = "made by pest")]
mod generated {
    #[derive(pest_derive::Parser)]
    #[grammar = "syntax/yang.pest"]
    pub struct Yang;
}
use generated::{Rule, Yang};

/// Blocks may be nested this deep. Real models stay below 40; later stages may recurse as deep as this.
pub(crate) const MAX_DEPTH: usize = 160;

/// An argument as the text has it: its parts with their quotes.
struct RawArgument {
    record: usize,
    first_part: usize,
    parts: usize,
}

struct Nesting<'t> {
    file: FileId,
    text: &'t str,
    records: Vec<Record>,
    open: Vec<u32>,
    arguments: Vec<RawArgument>,
    parts: Vec<(u32, u32)>,
    diagnostics: Diagnostics,
    too_deep: bool,
    /// A statement was not finished: what strays behind it belongs to the same fault.
    recovering: bool,
}

/// The statements of a text, and what is wrong with it.
pub(crate) fn parse(file: FileId, text: Arc<str>) -> (Tree, Diagnostics) {
    let mut nesting = Nesting {
        file,
        text: &text,
        records: Vec::with_capacity(text.len() / 48),
        open: Vec::new(),
        arguments: Vec::new(),
        parts: Vec::new(),
        diagnostics: Diagnostics::default(),
        too_deep: false,
        recovering: false,
    };
    if u32::try_from(text.len()).is_ok_and(|n| n < NONE / 2) {
        let skip = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        match Yang::parse(Rule::file, &text[skip..]) {
            Ok(pairs) => {
                for file in pairs {
                    for pair in file.into_inner() {
                        nesting.item(pair, skip as u32);
                        if nesting.too_deep {
                            break;
                        }
                    }
                }
            }
            // The grammar matches every text; were that wrong, it had to be said.
            Err(e) => nesting.diagnostics.push(Diagnostic::without_place(Code::Syntax, e.to_string())),
        }
        nesting.close_all();
    } else {
        nesting.diagnostics.push(Diagnostic::without_place(
            Code::Unsupported,
            "a source text of 2 GiB or more is not supported",
        ));
    }
    let version = version(&nesting);
    let mut owned = Vec::new();
    let Nesting { mut records, arguments, parts, mut diagnostics, .. } = nesting;
    let mut decoder = strings::Decoder::new(file, &text, version);
    for raw in arguments {
        let parts = &parts[raw.first_part..raw.first_part + raw.parts];
        records[raw.record].argument = decoder.argument(parts, &mut owned, &mut diagnostics);
    }
    strings::check_characters(file, &text, version, &mut diagnostics);
    (Tree { file, text, records, owned }, diagnostics)
}

/// The version decides how strings are read, so it is looked up before they are.
fn version(nesting: &Nesting<'_>) -> YangVersion {
    for raw in &nesting.arguments {
        let record = &nesting.records[raw.record];
        let top = |r: &Record| r.parent != NONE && nesting.records[r.parent as usize].parent == NONE;
        if record.keyword == Keyword::YangVersion && top(record) && raw.parts == 1 {
            let (start, end) = nesting.parts[raw.first_part];
            let text = nesting.text[start as usize..end as usize].trim_matches(['"', '\'']);
            return if text == "1.1" { YangVersion::V1_1 } else { YangVersion::V1 };
        }
    }
    YangVersion::V1
}

impl Nesting<'_> {
    fn span(&self, start: u32, end: u32) -> Span {
        Span { file: self.file, start, end }
    }

    fn item(&mut self, pair: Pair<'_, Rule>, skip: u32) {
        let (start, end) = (pair.as_span().start() as u32 + skip, pair.as_span().end() as u32 + skip);
        let recovering = std::mem::replace(&mut self.recovering, false);
        match pair.as_rule() {
            Rule::stray | Rule::stray_string if recovering => self.recovering = true,
            Rule::statement => {
                self.statement(pair, skip);
                if self.text.as_bytes()[end as usize - 1] == b'{' {
                    self.open(end);
                } else {
                    self.finish_last(end);
                }
            }
            Rule::unfinished => {
                self.recovering = true;
                self.statement(pair, skip);
                self.finish_last(end);
                let keyword =
                    self.records.last().map_or("", |r| &self.text[r.start as usize..r.keyword_end as usize]);
                let what = if self.arguments.last().is_some_and(|a| a.record + 1 == self.records.len()) {
                    format!("expected `;` or `{{` after the argument of `{keyword}`")
                } else {
                    format!("expected an argument, `;` or `{{` after `{keyword}`")
                };
                let found = strings::next_token(&self.text[end as usize..]);
                self.diagnostics.push(
                    Diagnostic::error(Code::Syntax, self.span(end.saturating_sub(1).max(start), end), what)
                        .here(match found {
                            Some(found) => format!("`{found}` follows"),
                            None => "the file ends here".to_owned(),
                        })
                        .help("end the statement with `;`"),
                );
            }
            Rule::close => match self.open.pop() {
                Some(index) => {
                    let next = self.records.len() as u32;
                    let record = &mut self.records[index as usize];
                    record.end = end;
                    record.next = next;
                }
                None => self.diagnostics.push(
                    Diagnostic::error(Code::UnmatchedBrace, self.span(start, end), "`}` closes nothing")
                        .here("no block is open here"),
                ),
            },
            Rule::stray_string => self.diagnostics.push(
                Diagnostic::error(
                    Code::Syntax,
                    self.span(start, end),
                    "a string stands where a statement should",
                )
                .here("expected a keyword or `}`")
                .help("join the parts of a string with `+`; end the statement before it with `;`"),
            ),
            Rule::unclosed_string => self.diagnostics.push(
                Diagnostic::error(
                    Code::UnterminatedString,
                    self.span(start, start + 1),
                    "this string never ends",
                )
                .here("the quote is opened here")
                .help("add the closing quote"),
            ),
            Rule::unclosed_comment => self.diagnostics.push(
                Diagnostic::error(
                    Code::UnterminatedComment,
                    self.span(start, start + 2),
                    "this comment never ends",
                )
                .here("it is opened here")
                .help("add `*/`"),
            ),
            Rule::stray => {
                let found = &self.text[start as usize..end as usize];
                self.diagnostics.push(
                    Diagnostic::error(Code::Syntax, self.span(start, end), format!("unexpected `{found}`"))
                        .here("expected a keyword or `}`"),
                );
            }
            _ => {}
        }
    }

    /// Adds a record; whether it has a block is not known yet.
    fn statement(&mut self, pair: Pair<'_, Rule>, skip: u32) {
        let first_part = self.parts.len();
        let record = self.records.len();
        for token in pair.into_inner() {
            let (start, end) = (token.as_span().start() as u32 + skip, token.as_span().end() as u32 + skip);
            match token.as_rule() {
                Rule::keyword => {
                    let text = &self.text[start as usize..end as usize];
                    let keyword =
                        if text.contains(':') { Keyword::Extended } else { Keyword::from_text(text) };
                    self.records.push(Record {
                        keyword,
                        start,
                        keyword_end: end,
                        argument: ArgumentText::None,
                        end,
                        parent: self.open.last().copied().unwrap_or(NONE),
                        next: record as u32 + 1,
                    });
                }
                Rule::double | Rule::single | Rule::unquoted => self.parts.push((start, end)),
                _ => {}
            }
        }
        let parts = self.parts.len() - first_part;
        if parts > 0 {
            self.arguments.push(RawArgument { record, first_part, parts });
        }
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
            self.too_deep = true;
            return;
        }
        self.open.push(self.records.len() as u32 - 1);
    }

    fn finish_last(&mut self, end: u32) {
        if let Some(record) = self.records.last_mut() {
            record.end = end;
        }
    }

    fn close_all(&mut self) {
        let (next, end) = (self.records.len() as u32, self.text.len() as u32);
        let innermost = self.open.last().copied();
        while let Some(index) = self.open.pop() {
            let record = &mut self.records[index as usize];
            record.end = end;
            record.next = next;
        }
        if let Some(index) = innermost.filter(|_| !self.too_deep) {
            let record = self.records[index as usize];
            let keyword = &self.text[record.start as usize..record.keyword_end as usize];
            let at = self.text.trim_end().len() as u32;
            self.diagnostics.push(
                Diagnostic::error(
                    Code::UnclosedBlock,
                    self.span(at.saturating_sub(1), at),
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
