//! The second pass over the text: arguments lose their quotes, escapes and indentation (RFC 7950 section 6.1.3).

use super::tree::ArgumentText;
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use yang_schema::{FileId, Span, YangVersion};

/// Reads arguments of one file.
pub(super) struct Decoder<'t> {
    file: FileId,
    text: &'t str,
    version: YangVersion,
}

impl<'t> Decoder<'t> {
    pub(super) fn new(file: FileId, text: &'t str, version: YangVersion) -> Self {
        Self { file, text, version }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start: start as u32, end: end as u32 }
    }

    /// The argument that the parts make up; parts are given with their quotes.
    pub(super) fn argument(
        &mut self,
        parts: &[(u32, u32)],
        owned: &mut Vec<Box<str>>,
        diagnostics: &mut Diagnostics,
    ) -> ArgumentText {
        let (Some(&(first, _)), Some(&(_, last))) = (parts.first(), parts.last()) else {
            return ArgumentText::None;
        };
        let source = self.text;
        if let [(start, end)] = *parts {
            let (from, to) = (start as usize, end as usize);
            match source.as_bytes()[from] {
                b'\'' => return ArgumentText::Slice(start + 1, end - 1),
                b'"' => {
                    let inner = &source[from + 1..to - 1];
                    if !inner.contains(['\\', '\n']) {
                        return ArgumentText::Slice(start + 1, end - 1);
                    }
                }
                _ => {
                    let quote = source[from..to].find(['"', '\'']);
                    if let (Some(at), YangVersion::V1_1) = (quote, self.version) {
                        diagnostics.push(
                            Diagnostic::error(
                                Code::InvalidUnquoted,
                                self.span(from + at, from + at + 1),
                                "a quote inside of an unquoted string",
                            )
                            .help("put the whole argument in quotes"),
                        );
                    }
                    return ArgumentText::Slice(start, end);
                }
            }
        }
        let mut out = String::new();
        for &(start, end) in parts {
            let (from, to) = (start as usize, end as usize);
            if source.as_bytes()[from] == b'"' {
                self.double_quoted(from, to, &mut out, diagnostics);
            } else {
                out.push_str(&source[from + 1..to - 1]);
            }
        }
        owned.push(out.into());
        let (start, end) = if parts.len() == 1 { (first + 1, last - 1) } else { (first, last) };
        ArgumentText::Owned(owned.len() as u32 - 1, start, end)
    }

    /// Whitespace before a line break goes, and so does indentation up to the column of the quote; then escapes count.
    fn double_quoted(&self, start: usize, end: usize, out: &mut String, diagnostics: &mut Diagnostics) {
        let inner = &self.text[start + 1..end - 1];
        let column = if inner.contains('\n') { self.column_after(start) } else { 0 };
        let mut at = start + 1;
        for (i, line) in inner.split_inclusive('\n').enumerate() {
            let (body, line_break) = match line.strip_suffix("\r\n") {
                Some(body) => (body, "\r\n"),
                None => match line.strip_suffix('\n') {
                    Some(body) => (body, "\n"),
                    None => (line, ""),
                },
            };
            let mut skipped = 0;
            if i > 0 {
                let mut width = 0;
                for b in body.bytes() {
                    if width >= column {
                        break;
                    }
                    match b {
                        b' ' => width += 1,
                        b'\t' => width += 8,
                        _ => break,
                    }
                    skipped += 1;
                }
                // A tab may reach beyond the column: what is beyond stays, as spaces.
                out.extend(std::iter::repeat_n(' ', width.saturating_sub(column)));
            }
            let body_at = at + skipped;
            let body = &body[skipped..];
            let body = if line_break.is_empty() { body } else { body.trim_end_matches([' ', '\t']) };
            self.unescape(body, body_at, out, diagnostics);
            out.push_str(line_break);
            at += line.len();
        }
    }

    fn unescape(&self, text: &str, at: usize, out: &mut String, diagnostics: &mut Diagnostics) {
        let mut rest = text;
        while let Some(i) = rest.find('\\') {
            out.push_str(&rest[..i]);
            let escaped = rest[i + 1..].chars().next();
            match escaped {
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('"') => out.push('"'),
                Some('\\') => out.push('\\'),
                other => {
                    // RFC 6020 leaves it open; everybody keeps both characters.
                    out.push('\\');
                    if let Some(c) = other {
                        out.push(c);
                    }
                    if self.version == YangVersion::V1_1 {
                        let from = at + (text.len() - rest.len()) + i;
                        let to = from + 1 + other.map_or(0, char::len_utf8);
                        diagnostics.push(
                            Diagnostic::error(
                                Code::InvalidEscape,
                                self.span(from, to),
                                format!("`{}` is no escape", &self.text[from..to]),
                            )
                            .here("only `\\n`, `\\t`, `\\\"` and `\\\\` are")
                            .help("put the string in single quotes, or double the backslash"),
                        );
                    }
                }
            }
            rest = &rest[i + 1 + escaped.map_or(0, char::len_utf8)..];
        }
        out.push_str(rest);
    }

    /// The column behind a quote; a tab counts as 8.
    fn column_after(&self, quote: usize) -> usize {
        let line = self.text[..quote].rfind('\n').map_or(0, |i| i + 1);
        self.text[line..=quote].chars().map(|c| if c == '\t' { 8 } else { 1 }).sum()
    }
}

/// Control characters and noncharacters (RFC 7950 section 14, yang-char). RFC 6020 does not name them.
pub(super) fn check_characters(
    file: FileId,
    text: &str,
    version: YangVersion,
    diagnostics: &mut Diagnostics,
) {
    let suspicious = |b: u8| (b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r')) || b >= 0xef;
    if version == YangVersion::V1 || !text.bytes().any(suspicious) {
        return;
    }
    for (at, c) in text.char_indices() {
        let bad = match c {
            '\t' | '\n' | '\r' => false,
            '\0'..='\u{1f}' | '\u{fdd0}'..='\u{fdef}' => true,
            _ => (c as u32) & 0xfffe == 0xfffe,
        };
        if bad {
            let span = Span { file, start: at as u32, end: (at + c.len_utf8()) as u32 };
            diagnostics.error(
                Code::InvalidCharacter,
                span,
                format!("the character U+{:04X} may not stand in a module", c as u32),
            );
        }
    }
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
