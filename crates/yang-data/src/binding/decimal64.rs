//! `decimal64` (RFC 7950 section 9.3): exact, with as many fraction digits as its type says.

use super::leaf::long_number;
use super::{Facet, Leaf, LeafError, TypeInfo, ValueContext, Write};
use crate::codec::CodecError;
use crate::event::{Datum, Scalar};
use std::fmt;
use std::str::FromStr;
use yang_schema::Base;

/// A decimal number with `F` digits behind the point, 1 to 18.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal64<const F: u8>(i64);

impl<const F: u8> Decimal64<F> {
    const VALID: () = assert!(1 <= F && F <= 18, "decimal64 has 1 to 18 fraction digits");

    /// The greatest value.
    pub const MAX: Self = Self(i64::MAX);
    /// The least value.
    pub const MIN: Self = Self(i64::MIN);

    /// From units of the last digit: `Decimal64::<2>::from_units(314)` is 3.14.
    pub const fn from_units(units: i64) -> Self {
        let () = Self::VALID;
        Self(units)
    }

    /// In units of the last digit.
    pub const fn units(self) -> i64 {
        self.0
    }

    /// A whole number, if it fits.
    pub const fn from_integer(integer: i64) -> Option<Self> {
        let () = Self::VALID;
        match integer.checked_mul(10i64.pow(F as u32)) {
            Some(units) => Some(Self(units)),
            None => None,
        }
    }

    /// The nearest floating-point number: for reckoning, never for going back.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / 10f64.powi(i32::from(F))
    }
}

/// Why a text is no decimal number of its type.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParseDecimalError {
    /// It is no decimal number.
    #[error("is no decimal number")]
    Syntax,
    /// It has too many digits behind the point; nothing is rounded.
    #[error("has more than {0} digits behind the point")]
    FractionDigits(u8),
    /// It is too great or too small.
    #[error("is beyond the values of decimal64 with {0} fraction digits")]
    Overflow(u8),
}

impl<const F: u8> FromStr for Decimal64<F> {
    type Err = ParseDecimalError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let () = Self::VALID;
        let (negative, unsigned) = match text.as_bytes().first() {
            Some(b'-') => (true, &text[1..]),
            Some(b'+') => (false, &text[1..]),
            _ => (false, text),
        };
        // Section 9.3.1: digits before the point, and behind it if there is one.
        let (whole, fraction) = match unsigned.split_once('.') {
            Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
            Some(_) => return Err(ParseDecimalError::Syntax),
            None => (unsigned, ""),
        };
        if whole.is_empty() || !whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit()) {
            return Err(ParseDecimalError::Syntax);
        }
        let significant = fraction.trim_end_matches('0');
        if significant.len() > usize::from(F) {
            return Err(ParseDecimalError::FractionDigits(F));
        }
        let zeros = usize::from(F) - significant.len();
        let digits = whole.bytes().chain(significant.bytes()).chain(std::iter::repeat_n(b'0', zeros));
        // Counted downwards, since there is one more negative number than positive ones.
        let mut units = 0i64;
        for digit in digits {
            units = units
                .checked_mul(10)
                .and_then(|u| u.checked_sub(i64::from(digit - b'0')))
                .ok_or(ParseDecimalError::Overflow(F))?;
        }
        let units = if negative { Some(units) } else { units.checked_neg() };
        units.map(Self).ok_or(ParseDecimalError::Overflow(F))
    }
}

/// Section 9.3.2: the canonical form has one digit at least on each side of the point, and no other zeros at the ends.
pub(crate) fn print(units: i128, fraction_digits: u8, f: &mut dyn fmt::Write) -> fmt::Result {
    let scale = 10u128.pow(u32::from(fraction_digits));
    let (whole, fraction) = (units.unsigned_abs() / scale, units.unsigned_abs() % scale);
    if units < 0 {
        f.write_char('-')?;
    }
    let fraction = format!("{fraction:0width$}", width = usize::from(fraction_digits));
    let fraction = fraction.trim_end_matches('0');
    write!(f, "{whole}.{}", if fraction.is_empty() { "0" } else { fraction })
}

impl<const F: u8> fmt::Display for Decimal64<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print(i128::from(self.0), F, f)
    }
}

impl<const F: u8> fmt::Debug for Decimal64<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<const F: u8> Leaf for Decimal64<F> {
    const BASE: Base = Base::Decimal64;

    fn describe() -> TypeInfo {
        TypeInfo::Decimal64(F)
    }

    fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
        let text = long_number(scalar, "decimal64")?;
        text.parse().map_err(|e| LeafError(format!("{} {e}", yang_schema::value::seen::shown(text))))
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::LongNumber(&self.to_string()))
    }

    fn facet(&self) -> Facet<'_> {
        Facet::Number { value: i128::from(self.0), fraction_digits: F }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back_is_canonical() {
        for (text, canonical) in [
            ("3.14", "3.14"),
            ("0", "0.0"),
            ("-0.5", "-0.5"),
            ("+007.10", "7.1"),
            ("10.000", "10.0"),
            ("-92233720368547758.08", "-92233720368547758.08"),
        ] {
            assert_eq!(
                text.parse::<Decimal64<2>>().map(|d| d.to_string()),
                Ok(canonical.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_is_rounded_or_wrapped() {
        assert_eq!("1.005".parse::<Decimal64<2>>(), Err(ParseDecimalError::FractionDigits(2)));
        assert_eq!("92233720368547758.08".parse::<Decimal64<2>>(), Err(ParseDecimalError::Overflow(2)));
        assert_eq!("9223372036854775807".parse::<Decimal64<1>>(), Err(ParseDecimalError::Overflow(1)));
        for text in ["", ".", "1.", ".5", "1e3", "1.2.3", "--1", "٣"] {
            assert_eq!(text.parse::<Decimal64<2>>(), Err(ParseDecimalError::Syntax), "{text}");
        }
    }
}
