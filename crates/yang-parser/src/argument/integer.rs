//! Whole numbers (RFC 7950 section 14): no sign but `-`, no leading zeros.

fn canonical(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    // non-negative-integer-value = "0" / positive-integer-value; integer-value = ("-" non-negative) / non-negative
    let zeros = digits.len() > 1 && digits.starts_with('0');
    (plain && !zeros).then(|| text.parse().ok()).flatten()
}

/// `min-elements` and `position`.
pub(crate) fn non_negative(text: &str) -> Option<u32> {
    canonical(text).filter(|_| !text.starts_with('-')).and_then(|n| u32::try_from(n).ok())
}

/// A number of 64 bits, as error codes are.
pub(crate) fn decimal_u64(text: &str) -> Option<u64> {
    let good = text == "0" || !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| good)
}

/// `max-elements`; `Some(None)` is `unbounded`.
pub(crate) fn max_elements(text: &str) -> Option<Option<u32>> {
    match text {
        "unbounded" => Some(None),
        _ => non_negative(text).filter(|&n| n > 0).map(Some),
    }
}

/// `value` of an enum.
pub(crate) fn enum_value(text: &str) -> Option<i32> {
    canonical(text).and_then(|n| i32::try_from(n).ok())
}

/// `fraction-digits`.
pub(super) fn fraction_digits(text: &str) -> Option<u8> {
    non_negative(text).and_then(|n| u8::try_from(n).ok()).filter(|n| (1..=18).contains(n))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds() {
        assert_eq!(non_negative("4294967295"), Some(u32::MAX));
        for bad in ["4294967296", "-1", "+1", "01", "", "1 ", "0x1", "-0"] {
            assert_eq!(non_negative(bad), None, "{bad}");
        }
        assert_eq!(max_elements("unbounded"), Some(None));
        assert_eq!(max_elements("0"), None);
        assert_eq!(enum_value("-2147483648"), Some(i32::MIN));
        assert_eq!(enum_value("2147483648"), None);
        assert_eq!(
            (fraction_digits("0"), fraction_digits("18"), fraction_digits("19")),
            (None, Some(18), None)
        );
    }
}
