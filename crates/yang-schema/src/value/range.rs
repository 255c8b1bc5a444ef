//! The arguments of `range` (RFC 7950 section 9.2.4) and `length` (section 9.4.4), and the check of a value against them.

use super::{TypeSource, ValueError, ValueErrorKind, decimal64, seen};
use crate::{Interval, Range};

/// What the bounds of a range count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Numbers {
    /// The value of an integer.
    Integer,
    /// Characters or octets: no sign.
    Length,
    /// Units of 10^-n of a decimal64 with n fraction digits.
    Decimal64(u8),
}

/// What is wrong with a range or length.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct RangeError {
    /// The byte where it is wrong.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

/// The length that an unrestricted string or binary may have (RFC 7950 section 9.4.4).
pub const ANY_LENGTH: Interval = Interval { min: 0, max: u64::MAX as i128 };

/// The parts of a `range` or `length` argument.
///
/// `parent` holds the parts of the type that is restricted, or the bounds of the built-in type: `min` and `max` mean its
/// ends, and every part must lie inside it.
///
/// # Errors
/// Text that breaks the grammar, parts that are not ascending and disjoint, and parts outside `parent`.
pub fn parse(text: &str, numbers: Numbers, parent: &[Interval]) -> Result<Vec<Interval>, RangeError> {
    let (Some(first), Some(last)) = (parent.first(), parent.last()) else {
        return Err(RangeError { offset: 0, message: "the type has no values to restrict".to_owned() });
    };
    let parent_parts = joined(parent);
    let mut parts: Vec<Interval> = Vec::new();
    let mut offset = 0;
    for part in text.split('|') {
        let error = |message: String| RangeError { offset: offset + leading_space(part), message };
        let (low, high) = match part.split_once("..") {
            Some((low, high)) => (low, Some(high)),
            None => (part, None),
        };
        let bound = |bound: &str| match trim(bound) {
            "min" => Ok(first.min),
            "max" => Ok(last.max),
            "" => Err(error("a bound is missing".to_owned())),
            number => parse_bound(number, numbers).map_err(error),
        };
        let min = bound(low)?;
        let max = match high {
            Some(high) => bound(high)?,
            None => min,
        };
        let part_text = trim(part);
        if min > max {
            return Err(error(format!("the bounds of {part_text} are the wrong way round")));
        }
        if parts.last().is_some_and(|before| before.max >= min) {
            return Err(error(format!("{part_text} must begin above the end of the part before it")));
        }
        if !parent_parts.iter().any(|p| p.min <= min && max <= p.max) {
            return Err(error(format!(
                "{part_text} reaches beyond the type it restricts, {}",
                seen::parts(parent, numbers)
            )));
        }
        parts.push(Interval { min, max });
        offset += part.len() + 1;
    }
    Ok(parts)
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

fn leading_space(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t', '\r', '\n']).len()
}

/// `integer-value`, `non-negative-integer-value` or `decimal-value` of RFC 7950 section 14.
fn parse_bound(text: &str, numbers: Numbers) -> Result<i128, String> {
    let magnitude = text.strip_prefix('-').unwrap_or(text);
    let whole = magnitude.split('.').next().unwrap_or_default();
    let well_formed = !whole.is_empty()
        && whole.bytes().all(|b| b.is_ascii_digit())
        && (whole == "0" || !whole.starts_with('0'))
        && match numbers {
            Numbers::Integer => whole == magnitude,
            Numbers::Length => whole == text,
            Numbers::Decimal64(_) => true,
        };
    if !well_formed {
        let what = match numbers {
            Numbers::Integer => "an integer",
            Numbers::Length => "a non-negative integer",
            Numbers::Decimal64(_) => "a decimal number",
        };
        return Err(format!("{} is not {what}, nor `min` or `max`", super::seen::shown(text)));
    }
    match numbers {
        Numbers::Decimal64(fraction_digits) => decimal64::units(text, fraction_digits),
        _ => decimal64::units(text, 0),
    }
}

/// Parts that touch make one: 1..3 | 4..5 holds the same numbers as 1..5.
fn joined(parts: &[Interval]) -> Vec<Interval> {
    let mut out: Vec<Interval> = Vec::with_capacity(parts.len());
    for &part in parts {
        match out.last_mut() {
            Some(last) if last.max + 1 == part.min => last.max = part.max,
            _ => out.push(part),
        }
    }
    out
}

/// Checks a number or a length against the restrictions of a whole typedef chain.
///
/// The narrowest is last and holds all others, so it alone decides; but where only one further down has words of its own for
/// what it also forbids, these are used.
pub(super) fn check(
    ranges: &[Range],
    number: i128,
    numbers: Numbers,
    types: &dyn TypeSource,
) -> Result<(), ValueError> {
    let Some(range) = broken(ranges, number) else { return Ok(()) };
    let detail = seen::outside(&range.parts, number, numbers).unwrap_or_default();
    Err(ValueError::new(ValueErrorKind::Range, detail).with(&range.info, types))
}

/// The same for the length of a text of characters or octets.
pub(super) fn check_length(
    lengths: &[Range],
    count: usize,
    unit: &str,
    text: &dyn Fn() -> String,
    types: &dyn TypeSource,
) -> Result<(), ValueError> {
    let Some(length) = broken(lengths, count as i128) else { return Ok(()) };
    let detail = seen::wrong_length(&length.parts, count, unit, &text()).unwrap_or_default();
    Err(ValueError::new(ValueErrorKind::Length, detail).with(&length.info, types))
}

/// Of the ranges of a chain that a number is outside of, the narrowest that has something to say, else the narrowest.
fn broken(ranges: &[Range], number: i128) -> Option<&Range> {
    let is_broken = |r: &&Range| !r.parts.iter().any(|p| p.contains(number));
    if !ranges.iter().any(|r| is_broken(&r)) {
        return None;
    }
    let broken = || ranges.iter().rev().filter(is_broken);
    let speaks = |r: &&Range| {
        r.info.error_message.is_some() || r.info.error_app_tag.is_some() || r.info.code.is_some()
    };
    broken().find(speaks).or_else(|| broken().next())
}
