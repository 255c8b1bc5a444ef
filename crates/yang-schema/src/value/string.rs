//! `string` (RFC 7950 section 9.4) and its patterns (section 9.4.5).

use super::{TypeSource, ValueError, ValueErrorKind, range, seen};
use crate::{Length, Pattern};

/// Checks characters, length and patterns.
pub(super) fn check(
    text: &str,
    lengths: &[Length],
    patterns: &[Pattern],
    types: &dyn TypeSource,
) -> Result<(), ValueError> {
    // Most texts are printable ASCII, which is quickly seen.
    let plain = text.bytes().fold(true, |all, b| all & matches!(b, b' '..=b'~'));
    if !plain && let Some(c) = text.chars().find(|&c| !is_yang_char(c)) {
        return Err(ValueError::new(ValueErrorKind::Lexical, seen::character(c)));
    }
    if !lengths.is_empty() {
        let count = if plain { text.len() } else { text.chars().count() };
        range::check_length(lengths, count, "character", &|| text.to_owned(), types)?;
    }
    for pattern in patterns {
        check_pattern(text, pattern, types)?;
    }
    Ok(())
}

fn check_pattern(text: &str, pattern: &Pattern, types: &dyn TypeSource) -> Result<(), ValueError> {
    let error = |detail| ValueError::new(ValueErrorKind::Pattern, detail);
    let matches = pattern.compiled.try_match(text).map_err(|e| error(e.to_string()))?;
    if matches != pattern.inverted {
        return Ok(());
    }
    let detail = seen::mismatch(text, types.text(pattern.text), pattern.inverted);
    Err(error(detail).with(&pattern.info, types))
}

/// `yang-char` of RFC 7950 section 14: no control characters but tab, line feed and carriage return, no noncharacters.
fn is_yang_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => true,
        '\0'..='\u{1f}' | '\u{fdd0}'..='\u{fdef}' => false,
        _ => u32::from(c) & 0xfffe != 0xfffe,
    }
}
