//! Identifiers (RFC 7950 section 6.2).

use super::shortened;
use yang_schema::YangVersion;

/// Is it an identifier of YANG 1.1?
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// What is wrong with an identifier, if anything is.
pub(super) fn problem(text: &str, version: YangVersion) -> Option<String> {
    if !is_identifier(text) {
        return Some(if text.is_empty() {
            "an empty identifier".to_owned()
        } else {
            format!("`{}` is no identifier", shortened(text))
        });
    }
    // RFC 6020 section 12; YANG 1.1 lifted it.
    let reserved = version == YangVersion::V1 && text.get(..3).is_some_and(|s| s.eq_ignore_ascii_case("xml"));
    reserved.then(|| format!("`{text}`: an identifier of YANG 1 does not start with `xml`"))
}

/// The prefix and the name of `prefix:name` or `name`.
pub(crate) fn split_reference(text: &str) -> (Option<&str>, &str) {
    match text.split_once(':') {
        Some((prefix, name)) => (Some(prefix), name),
        None => (None, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form() {
        for good in ["a", "_a", "A-b.c_9"] {
            assert_eq!(problem(good, YangVersion::V1), None);
        }
        for bad in ["", "9a", "-a", "a b", "a:b", "ä"] {
            assert!(problem(bad, YangVersion::V1_1).is_some(), "{bad}");
        }
        assert!(problem("xMlfoo", YangVersion::V1).is_some());
        assert_eq!(problem("xmlfoo", YangVersion::V1_1), None);
    }
}
