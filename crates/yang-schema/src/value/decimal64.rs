//! `decimal64` (RFC 7950 section 9.3): exact, never a floating-point number.

use super::Decimal64;
use std::cmp::Ordering;
use std::fmt;

impl Decimal64 {
    /// The number that a text stands for, with so many fraction digits.
    ///
    /// Digits beyond `fraction_digits` must be zeros: the value space is what counts.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str, fraction_digits: u8) -> Result<Decimal64, String> {
        let digits = units(text, fraction_digits)?;
        let digits = i64::try_from(digits).map_err(|_| {
            let limit = if digits < 0 { i64::MIN } else { i64::MAX };
            let side = if digits < 0 { "below" } else { "above" };
            format!("{text} is {side} {}", Decimal64 { digits: limit, fraction_digits })
        })?;
        Ok(Decimal64 { digits, fraction_digits })
    }

    /// The nearest floating-point number, as XPath wants it.
    pub fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or(f64::NAN)
    }

    /// The digits as they are with 18 fraction digits: what numbers of different scale are compared by.
    fn scaled(self) -> i128 {
        i128::from(self.digits) * 10i128.pow(u32::from(18 - self.fraction_digits.min(18)))
    }
}

/// A decimal numeral in units of 10^-fraction_digits; far too large a number stays too large.
pub(crate) fn units(text: &str, fraction_digits: u8) -> Result<i128, String> {
    let (negative, rest) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, "0"));
    let all_digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return Err(format!("{} is not a decimal number", super::seen::shown(text)));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > usize::from(fraction_digits) {
        return Err(format!("{text} has {} fraction digits, {fraction_digits} are allowed", fraction.len()));
    }
    // 10^36 is far beyond any bound, and far from overflow.
    const TOO_LARGE: i128 = 10i128.pow(36);
    let zeros = std::iter::repeat_n(b'0', usize::from(fraction_digits) - fraction.len());
    let magnitude = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(zeros)
        .fold(0i128, |n, b| (n * 10 + i128::from(b - b'0')).min(TOO_LARGE));
    Ok(if negative { -magnitude } else { magnitude })
}

/// The canonical form (RFC 7950 section 9.3.2).
impl fmt::Display for Decimal64 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.fraction_digits);
        let all = format!("{:0>width$}", self.digits.unsigned_abs(), width = scale + 1);
        let (whole, fraction) = all.split_at(all.len() - scale);
        let fraction = fraction.trim_end_matches('0');
        let sign = if self.digits < 0 { "-" } else { "" };
        write!(f, "{sign}{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
    }
}

/// By the number, whatever the fraction digits.
impl Ord for Decimal64 {
    fn cmp(&self, other: &Self) -> Ordering {
        self.scaled().cmp(&other.scaled())
    }
}

impl PartialOrd for Decimal64 {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Decimal64 {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Decimal64 {}

impl std::hash::Hash for Decimal64 {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.scaled().hash(state);
    }
}
