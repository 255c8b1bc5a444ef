//! Characters that may not stand in a module (RFC 7950 sections 6 and 14, yang-char).

use super::MAX_FAULTS;
use super::lexer::{Kind, Lexer};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use memchr::memchr_iter;
use yang_schema::{FileId, Span, YangVersion};

/// Reports control characters and noncharacters. RFC 6020 does not name them.
pub(crate) fn check(file: FileId, text: &str, version: YangVersion, diagnostics: &mut Diagnostics) {
    if version == YangVersion::V1 || !text.as_bytes().chunks(256).any(is_suspicious) {
        return;
    }
    let bad = text.char_indices().filter(|&(_, c)| !is_yang_char(c));
    for (at, c) in bad.take(MAX_FAULTS) {
        let span = Span { file, start: at as u32, end: (at + c.len_utf8()) as u32 };
        diagnostics.error(
            Code::InvalidCharacter,
            span,
            format!("the character U+{:04X} may not stand in a module", c as u32),
        );
    }
}

/// Reports carriage returns without a line feed, which stand in quoted strings alone.
pub(super) fn check_line_ends(file: FileId, text: &str, diagnostics: &mut Diagnostics) {
    let bytes = text.as_bytes();
    let mut lonely = memchr_iter(b'\r', bytes).filter(|&at| bytes.get(at + 1) != Some(&b'\n')).peekable();
    if lonely.peek().is_none() {
        return;
    }
    // There are nearly none of these, so that a second look at the whole text costs nothing.
    let mut lexer = Lexer::new(text, 0, false);
    let mut quoted: Vec<(u32, u32)> = Vec::new();
    while let Some(item) = lexer.next() {
        match item.kind {
            Kind::Statement | Kind::Block | Kind::Unfinished => quoted.extend(lexer.parts()),
            Kind::StrayString | Kind::UnclosedString => quoted.push((item.start, item.end)),
            Kind::Close | Kind::UnclosedComment | Kind::Stray => {}
        }
    }
    let is_quoted = |at: u32| {
        let next = quoted.partition_point(|&(_, end)| end <= at);
        quoted.get(next).is_some_and(|&(start, _)| start <= at && !is_bare(bytes, start))
    };
    for at in lonely.map(|at| at as u32).filter(|&at| !is_quoted(at)).take(MAX_FAULTS) {
        let message = "a carriage return without a line feed stands outside of a quoted string";
        let d = Diagnostic::error(Code::InvalidCharacter, Span { file, start: at, end: at + 1 }, message);
        diagnostics.push(d.help("end lines with a line feed, or with a carriage return and a line feed"));
    }
}

/// Does a string that begins here stand without quotes?
fn is_bare(bytes: &[u8], start: u32) -> bool {
    !matches!(bytes.get(start as usize), Some(b'"' | b'\''))
}

/// May the character stand in a module of YANG 1.1?
pub(crate) fn is_yang_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => true,
        '\0'..='\u{1f}' | '\u{fdd0}'..='\u{fdef}' => false,
        _ => (c as u32) & 0xfffe != 0xfffe,
    }
}

/// May one of these bytes begin a character that is not allowed? All noncharacters are encoded with a byte from `ef` on.
fn is_suspicious(bytes: &[u8]) -> bool {
    // Without a way out of the loop it is a few instructions for many bytes.
    let suspicious = |b: u8| ((b < 0x20) & (b != b'\t') & (b != b'\n') & (b != b'\r')) | (b >= 0xef);
    bytes.iter().fold(false, |found, &b| found | suspicious(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fast_look_misses_no_character() {
        let mut buffer = [0; 4];
        for c in '\0'..=char::MAX {
            let suspicious = is_suspicious(c.encode_utf8(&mut buffer).as_bytes());
            assert!(suspicious || is_yang_char(c), "{c:?}");
        }
        assert!(!is_suspicious("leaf a {\r\n\t}äé→".as_bytes()));
    }

    #[test]
    fn yang_char_is_that_of_the_rfc() {
        // RFC 7950 section 14: the ranges end before each plane's last two code points, and leave out FDD0 to FDEF.
        for (c, allowed) in [
            ('\u{8}', false),
            ('\u{9}', true),
            ('\u{b}', false),
            ('\u{d}', true),
            ('\u{1f}', false),
            ('\u{20}', true),
            ('\u{7f}', true),
            ('\u{d7ff}', true),
            ('\u{e000}', true),
            ('\u{fdcf}', true),
            ('\u{fdd0}', false),
            ('\u{fdef}', false),
            ('\u{fdf0}', true),
            ('\u{fffd}', true),
            ('\u{fffe}', false),
            ('\u{ffff}', false),
            ('\u{10000}', true),
            ('\u{1ffff}', false),
            ('\u{10fffd}', true),
            ('\u{10ffff}', false),
        ] {
            assert_eq!(is_yang_char(c), allowed, "{c:?}");
        }
    }
}
