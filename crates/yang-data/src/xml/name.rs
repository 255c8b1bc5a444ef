//! Names of XML 1.0 (section 2.3) and of Namespaces in XML (section 4).

/// `NameStartChar` without the colon.
fn is_start(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}' | '\u{370}'..='\u{37d}'
        | '\u{37f}'..='\u{1fff}' | '\u{200c}'..='\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}'
        | '\u{fdf0}'..='\u{fffd}' | '\u{10000}'..='\u{effff}')
}

/// `NameChar` without the colon.
fn is_part(c: char) -> bool {
    is_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// `NCName`: a name without a colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
    if text.bytes().fold(true, |all, b| all & plain(b)) {
        return text.bytes().next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_');
    }
    let mut chars = text.chars();
    chars.next().is_some_and(is_start) && chars.all(is_part)
}

/// `QName`, cut into prefix (empty if there is none) and local part.
pub(crate) fn split(qname: &str) -> Option<(&str, &str)> {
    let (prefix, local) = match qname.split_once(':') {
        Some((prefix, local)) if is_ncname(prefix) => (prefix, local),
        Some(_) => return None,
        None => ("", qname),
    };
    is_ncname(local).then_some((prefix, local))
}
