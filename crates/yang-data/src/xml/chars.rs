//! Characters of XML 1.0 (section 2.2).

/// The first character that XML does not know.
pub(crate) fn first_illegal(text: &str) -> Option<(usize, char)> {
    // All that is illegal is a control character, or one of U+FFFE and U+FFFF, which begin with 0xEF.
    let suspicious = |b: u8| b < 0x20 && !is_space(b) || b == 0xef;
    let mut start = 0;
    for block in text.as_bytes().chunks(64) {
        if block.iter().fold(false, |any, &b| any | suspicious(b)) {
            for (i, _) in block.iter().enumerate().filter(|&(_, &b)| suspicious(b)) {
                // A byte like these begins a character.
                match text[start + i..].chars().next() {
                    Some(c) if !is_char(c) => return Some((start + i, c)),
                    _ => {}
                }
            }
        }
        start += block.len();
    }
    None
}

/// `Char`. Surrogates are no `char` at all.
pub(crate) fn is_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{fffd}' | '\u{10000}'..)
}

/// `S`.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
