//! `string` (RFC 7950 section 9.4) and its patterns (section 9.4.5).

use super::error::shown;
use super::range::{self, Numbers};
use super::{TypeSource, ValueError, ValueErrorKind};
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
        let detail = format!("the character U+{:04X} may not stand in a string", u32::from(c));
        return Err(ValueError::new(ValueErrorKind::Lexical, detail));
    }
    if !lengths.is_empty() {
        let length = if plain { text.len() } else { text.chars().count() };
        range::check(lengths, length as i128, Numbers::Length, types)?;
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
    let verb = if pattern.inverted { "matches the forbidden pattern" } else { "does not match the pattern" };
    let source = types.text(pattern.text);
    let source = match source.char_indices().nth(200) {
        Some((cut, _)) => format!("{}...", &source[..cut]),
        None => source.to_owned(),
    };
    Err(error(format!("{} {verb} {source}", shown(text))).with(&pattern.info, types))
}

/// `yang-char` of RFC 7950 section 14: no control characters but tab, line feed and carriage return, no noncharacters.
fn is_yang_char(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | ' '..='~' => true,
        '\0'..='\u{1f}' | '\u{fdd0}'..='\u{fdef}' => false,
        _ => u32::from(c) & 0xfffe != 0xfffe,
    }
}
