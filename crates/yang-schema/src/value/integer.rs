//! The integer types (RFC 7950 section 9.2).

use super::seen::{self, shown};
use super::{JsonKind, Notation, Value, ValueError, ValueErrorKind};
use crate::Base;

/// No integer type reaches it, and multiplying it by 16 does not overflow.
const TOO_LARGE: i128 = 10i128.pow(36);

/// The number that a text stands for; far too large a number stays too large.
pub(super) fn parse(base: Base, text: &str, notation: Notation) -> Result<i128, ValueError> {
    let lexical = |detail| ValueError::new(ValueErrorKind::Lexical, detail);
    let wrong = || lexical(format!("{} is not an integer", shown(text)));
    if let Notation::Json(kind) = notation {
        let long = matches!(base, Base::Int64 | Base::Uint64);
        let expected = if long { JsonKind::String } else { JsonKind::Number };
        super::expect_json(base, kind, expected)?;
        if kind == JsonKind::Number {
            return plain(text).or_else(|| json_number(text)).ok_or_else(wrong);
        }
    }
    if notation != Notation::Module
        && let Some(number) = plain(text)
    {
        return Ok(number);
    }
    let (negative, digits) = match text.as_bytes().first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (radix, digits) = match (notation, digits.as_bytes()) {
        (Notation::Module, [b'0', b'x', _, ..]) => (16, &digits[2..]),
        (Notation::Module, [b'0', _, ..]) => (8, &digits[1..]),
        _ => (10, digits),
    };
    if digits.is_empty() {
        return Err(wrong());
    }
    let mut magnitude = 0i128;
    for c in digits.chars() {
        let digit = c.to_digit(radix).ok_or_else(|| match radix {
            8 => lexical(format!(
                "{} has a leading zero, which makes it octal, and {c:?} is no octal digit",
                shown(text)
            )),
            _ => wrong(),
        })?;
        magnitude = (magnitude * i128::from(radix) + i128::from(digit)).min(TOO_LARGE);
    }
    Ok(if negative { -magnitude } else { magnitude })
}

/// The usual number: nothing but digits, and few.
fn plain(text: &str) -> Option<i128> {
    if !(1..=18).contains(&text.len()) {
        return None;
    }
    let digit = |b: u8| b.is_ascii_digit().then(|| u64::from(b - b'0'));
    text.bytes().try_fold(0u64, |number, b| Some(number * 10 + digit(b)?)).map(i128::from)
}

/// A JSON number (RFC 8259 section 6) that is an integer, however it is written: `1e3` and `10.0` are.
fn json_number(text: &str) -> Option<i128> {
    let (negative, rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(i) => (&rest[..i], rest[i + 1..].parse::<i32>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    if whole.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut magnitude = 0i128;
    for b in digits.trim_start_matches('0').bytes() {
        // More digits than any integer type has would need an exponent to match; such numbers are not worth exactness.
        magnitude = magnitude * 10 + i128::from(b - b'0');
        if magnitude > TOO_LARGE {
            return Some(if negative { -TOO_LARGE } else { TOO_LARGE });
        }
    }
    let mut shift = i64::from(exponent) - fraction.len() as i64;
    while shift > 0 && magnitude != 0 && magnitude < TOO_LARGE {
        magnitude = (magnitude * 10).min(TOO_LARGE);
        shift -= 1;
    }
    while shift < 0 && magnitude != 0 {
        if magnitude % 10 != 0 {
            return None;
        }
        magnitude /= 10;
        shift += 1;
    }
    Some(if negative { -magnitude } else { magnitude })
}

/// The number as a value, once it is inside the bounds of its type.
pub(super) fn value(base: Base, number: i128) -> Result<Value, ValueError> {
    let bounds = base.integer_bounds().expect("called for integer types");
    if let Some(detail) = seen::beyond_type(number, bounds, base.name()) {
        // Numbers so large are cut when they are read.
        let detail = match number.abs() >= TOO_LARGE {
            true => detail.replacen(&number.to_string(), "the number", 1),
            false => detail,
        };
        return Err(ValueError::new(ValueErrorKind::Range, detail));
    }
    let fits = "inside the bounds of its type";
    Ok(if bounds.min < 0 {
        Value::Int(i64::try_from(number).expect(fits))
    } else {
        Value::Uint(u64::try_from(number).expect(fits))
    })
}
