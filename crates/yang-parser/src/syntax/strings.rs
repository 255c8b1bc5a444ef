//! Arguments lose their quotes, escapes and indentation (RFC 7950 section 6.1.3).

use super::MAX_FAULTS;
use super::lexer::Place;
use super::tree::{ArgumentText, Decoded};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use memchr::{memchr, memchr_iter};
use yang_schema::{FileId, Span, YangVersion};

/// What YANG 1.1 forbids in a string and YANG 1 lets pass. The text means the same in both, and which it is may be said later.
enum Suspect {
    /// A quote inside of an unquoted string.
    Quote(usize),
    /// A backslash before a character that it does not escape.
    Escape(usize, usize),
}

/// Reads the arguments of one file.
pub(super) struct Decoder<'t> {
    text: &'t str,
    decoded: Decoded,
    suspects: Vec<Suspect>,
}

impl<'t> Decoder<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, decoded: Decoded::default(), suspects: Vec::new() }
    }

    /// The argument that the parts make up; parts are given with their quotes.
    pub(super) fn argument(&mut self, parts: &[Place]) -> ArgumentText {
        let (Some(&(first, _)), Some(&(_, last))) = (parts.first(), parts.last()) else {
            return ArgumentText::None;
        };
        let bytes = self.text.as_bytes();
        if let [(start, end)] = *parts {
            let (from, to) = (start as usize, end as usize);
            match bytes[from] {
                b'\'' => return ArgumentText::Slice(start + 1, end - 1),
                b'"' => {
                    if memchr::memchr2(b'\\', b'\n', &bytes[from + 1..to - 1]).is_none() {
                        return ArgumentText::Slice(start + 1, end - 1);
                    }
                }
                _ => {
                    if let Some(at) = bytes[from..to].iter().position(|b| matches!(b, b'"' | b'\'')) {
                        self.suspect(Suspect::Quote(from + at));
                    }
                    return ArgumentText::Slice(start, end);
                }
            }
        }
        for &(start, end) in parts {
            let (from, to) = (start as usize, end as usize);
            if bytes[from] == b'"' {
                self.double_quoted(from, to);
            } else {
                self.decoded.push(&self.text[from + 1..to - 1]);
            }
        }
        let index = self.decoded.finish();
        let (start, end) = if parts.len() == 1 { (first + 1, last - 1) } else { (first, last) };
        ArgumentText::Owned(index, start, end)
    }

    /// The text of an argument.
    pub(super) fn text(&self, argument: ArgumentText) -> Option<&str> {
        match argument {
            ArgumentText::None => None,
            ArgumentText::Slice(start, end) => self.text.get(start as usize..end as usize),
            ArgumentText::Owned(index, ..) => Some(self.decoded.get(index)),
        }
    }

    /// All decoded texts; what the version forbids in strings is reported.
    pub(super) fn finish(self, file: FileId, version: YangVersion, diagnostics: &mut Diagnostics) -> Decoded {
        let span = |start: usize, end: usize| Span { file, start: start as u32, end: end as u32 };
        if version == YangVersion::V1_1 {
            for suspect in self.suspects {
                diagnostics.push(match suspect {
                    Suspect::Quote(at) => Diagnostic::error(
                        Code::InvalidUnquoted,
                        span(at, at + 1),
                        "a quote inside of an unquoted string",
                    )
                    .help("put the whole argument in quotes"),
                    Suspect::Escape(start, end) => Diagnostic::error(
                        Code::InvalidEscape,
                        span(start, end),
                        format!("`{}` is no escape", &self.text[start..end]),
                    )
                    .here("only `\\n`, `\\t`, `\\\"` and `\\\\` are")
                    .help("put the string in single quotes, or double the backslash"),
                });
            }
        }
        self.decoded
    }

    fn suspect(&mut self, suspect: Suspect) {
        if self.suspects.len() < MAX_FAULTS {
            self.suspects.push(suspect);
        }
    }

    /// Whitespace before a line break goes, and so does indentation up to the column of the quote; then escapes count.
    fn double_quoted(&mut self, start: usize, end: usize) {
        let text = self.text;
        let inner = &text[start + 1..end - 1];
        let mut at = 0;
        let mut column = None;
        for line_break in memchr_iter(b'\n', inner.as_bytes()) {
            let line = &inner[at..line_break];
            let (line, ending) = match line.strip_suffix('\r') {
                Some(line) => (line, "\r\n"),
                None => (line, "\n"),
            };
            let from = column.map_or(0, |column| self.indentation(line, column));
            let line = &line[from..];
            self.unescape(line.trim_end_matches([' ', '\t']), start + 1 + at + from);
            self.decoded.push(ending);
            at = line_break + 1;
            column.get_or_insert_with(|| column_after(text, start));
        }
        let line = &inner[at..];
        let from = column.map_or(0, |column| self.indentation(line, column));
        self.unescape(&line[from..], start + 1 + at + from);
    }

    /// Where a line's text begins. A tab may reach beyond the column: what is beyond stays, as spaces.
    fn indentation(&mut self, line: &str, column: usize) -> usize {
        let mut width = 0;
        let mut skipped = 0;
        for b in line.bytes() {
            match b {
                _ if width >= column => break,
                b' ' => width += 1,
                b'\t' => width += 8,
                _ => break,
            }
            skipped += 1;
        }
        for _ in column..width {
            self.decoded.push(" ");
        }
        skipped
    }

    fn unescape(&mut self, text: &str, at: usize) {
        let mut rest = text;
        while let Some(i) = memchr(b'\\', rest.as_bytes()) {
            self.decoded.push(&rest[..i]);
            let behind = &rest[i + 1..];
            let escaped = behind.chars().next();
            let length = escaped.map_or(0, char::len_utf8);
            match escaped {
                Some('n') => self.decoded.push("\n"),
                Some('t') => self.decoded.push("\t"),
                Some('"' | '\\') => self.decoded.push(&behind[..1]),
                _ => {
                    // RFC 6020 leaves it open; everybody keeps both characters.
                    self.decoded.push(&rest[i..i + 1 + length]);
                    let from = at + (text.len() - rest.len()) + i;
                    self.suspect(Suspect::Escape(from, from + 1 + length));
                }
            }
            rest = &behind[length..];
        }
        self.decoded.push(rest);
    }
}

/// The column behind a quote; a tab counts as 8.
fn column_after(text: &str, quote: usize) -> usize {
    let line = memchr::memrchr(b'\n', &text.as_bytes()[..quote]).map_or(0, |i| i + 1);
    text[line..=quote].chars().map(|c| if c == '\t' { 8 } else { 1 }).sum()
}

/// What follows in a text, for a message: a word, a quote or a sign.
pub(super) fn next_token(text: &str) -> Option<&str> {
    let text = text.trim_start();
    let first = text.chars().next()?;
    let end = if first.is_alphanumeric() {
        text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':')))
            .unwrap_or(text.len())
    } else {
        first.len_utf8()
    };
    text.get(..end)
}
