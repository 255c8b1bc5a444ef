//! Conversion of strings and numbers (XPath 1.0 sections 4.2 and 4.4).

/// The number that a string stands for: an optional minus sign and a decimal numeral, white space around it; else not a
/// number. Neither `+` nor an exponent is allowed.
pub(super) fn number(text: &str) -> f64 {
    let text = text.trim_matches([' ', '\t', '\r', '\n']);
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let digits = magnitude.bytes().filter(u8::is_ascii_digit).count();
    let points = magnitude.bytes().filter(|&b| b == b'.').count();
    if digits == 0 || points > 1 || digits + points != magnitude.len() {
        return f64::NAN;
    }
    text.parse().unwrap_or(f64::NAN)
}

/// A number as a string: no exponent, no decimal point where there is no fraction, one zero.
pub(super) fn string(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

/// The nearest integer; of two the one towards positive infinity (XPath 1.0 section 4.4).
pub(super) fn round(number: f64) -> f64 {
    if number.is_nan() || number.is_infinite() || number.fract() == 0.0 {
        return number;
    }
    let floor = number.floor();
    let rounded = if number - floor >= 0.5 { floor + 1.0 } else { floor };
    // What lies between -0.5 and zero becomes negative zero.
    if rounded == 0.0 && number < 0.0 { -0.0 } else { rounded }
}
