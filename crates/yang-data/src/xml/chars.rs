//! Characters of XML 1.0 (section 2.2).

/// The first character that XML does not know.
pub(crate) fn first_illegal(text: &str) -> Option<(usize, char)> {
    // All that is illegal is a control character, or one of U+FFFE and U+FFFF, which begin with 0xEF.
    if text.bytes().all(|b| b >= 0x20 && b != 0xef) {
        return None;
    }
    text.char_indices().find(|&(_, c)| !is_char(c))
}

/// `Char`. Surrogates are no `char` at all.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// `S`.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
