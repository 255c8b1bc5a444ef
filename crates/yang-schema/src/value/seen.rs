//! What is wrong with a value, in words that name the value and the limit. Trees and typed structs say it alike: both ask here.

use super::range::Numbers;
use crate::Interval;

/// A text in quotes for a message: one line, and no longer than a reader bears.
pub fn shown(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((cut, _)) => format!("{:?}...", &text[..cut]),
        None => format!("{text:?}"),
    }
}

/// A number as its type prints it.
pub fn number(n: i128, numbers: Numbers) -> String {
    match (numbers, i64::try_from(n)) {
        (Numbers::Decimal64(fraction_digits), Ok(digits)) => {
            super::Decimal64 { digits, fraction_digits }.to_string()
        }
        _ => n.to_string(),
    }
}

/// Parts of a range or length, as a model has them.
pub fn parts(parts: &[Interval], numbers: Numbers) -> String {
    let one = |n: i128| number(n, numbers);
    let parts: Vec<String> = parts
        .iter()
        .map(|p| if p.min == p.max { one(p.min) } else { format!("{}..{}", one(p.min), one(p.max)) })
        .collect();
    parts.join(" | ")
}

/// `9001 is above 9000`; nothing where the number is in one of the parts.
pub fn outside(parts: &[Interval], n: i128, numbers: Numbers) -> Option<String> {
    let (first, last) = (parts.first()?, parts.last()?);
    if parts.iter().any(|p| p.contains(n)) {
        return None;
    }
    let seen = number(n, numbers);
    Some(if n < first.min {
        format!("{seen} is below {}", number(first.min, numbers))
    } else if n > last.max {
        format!("{seen} is above {}", number(last.max, numbers))
    } else {
        format!("{seen} is in no part of {}", self::parts(parts, numbers))
    })
}

/// `"abcd" has 4 characters, at most 3 are allowed`; nothing where the length is in one of the parts. `text` is the value as
/// it is written.
pub fn wrong_length(parts: &[Interval], count: usize, unit: &str, text: &str) -> Option<String> {
    let (first, last) = (parts.first()?, parts.last()?);
    let n = count as i128;
    if parts.iter().any(|p| p.contains(n)) {
        return None;
    }
    let (plural, are) = (if count == 1 { "" } else { "s" }, |n: i128| if n == 1 { "is" } else { "are" });
    let limit = if n < first.min {
        format!("at least {} {} demanded", first.min, are(first.min))
    } else if n > last.max {
        format!("at most {} {} allowed", last.max, are(last.max))
    } else {
        format!("{} are allowed", self::parts(parts, Numbers::Length))
    };
    Some(format!("{} has {count} {unit}{plural}, {limit}", shown(text)))
}

/// `"A_B" does not match the pattern [a-z]*`.
pub fn mismatch(text: &str, pattern: &str, inverted: bool) -> String {
    let verb = if inverted { "matches the forbidden pattern" } else { "does not match the pattern" };
    match pattern.char_indices().nth(200) {
        Some((cut, _)) => format!("{} {verb} {}...", shown(text), &pattern[..cut]),
        None => format!("{} {verb} {pattern}", shown(text)),
    }
}

/// `0 is not allowed here`: what breaks a demand for a value that is not zero, by its canonical text.
pub fn zero(canonical: &str) -> String {
    match canonical {
        "" => "\"\" is empty, and must not be".to_owned(),
        other => format!("{other} is not allowed here, any other value is"),
    }
}

/// Names that a message lists: not all of very many.
pub fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let names: Vec<&str> = names.collect();
    match names.len() {
        0 => "no names at all".to_owned(),
        n if n > MOST => format!("{} and {} more", names[..MOST].join(", "), n - MOST),
        _ => names.join(", "),
    }
}

/// `"x" is none of a, b, c`.
pub fn no_enum<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> String {
    format!("{} is none of {}", shown(text), list(names))
}

/// `"x" is none of the bits a, b, c`.
pub fn no_bit<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> String {
    format!("{} is none of the bits {}", shown(text), list(names))
}

/// `"x" is no node that the model knows`.
pub fn unknown_node(name: &str) -> String {
    format!("{} is no node that the model knows", shown(name))
}

/// `the bit "x" is named twice`.
pub fn bit_twice(text: &str) -> String {
    format!("the bit {} is named twice", shown(text))
}

/// `the character U+0001 may not stand in a string`.
pub fn character(c: char) -> String {
    format!("the character U+{:04X} may not stand in a string", u32::from(c))
}

/// `256 is above 255, the greatest uint8`.
pub fn beyond_type(n: i128, bounds: Interval, type_name: &str) -> Option<String> {
    if n < bounds.min {
        Some(format!("{n} is below {}, the least {type_name}", bounds.min))
    } else if n > bounds.max {
        Some(format!("{n} is above {}, the greatest {type_name}", bounds.max))
    } else {
        None
    }
}

/// `list "x" has 3 entries, at most 2 are allowed`.
pub fn too_many(keyword: &str, name: &str, count: usize, most: usize) -> String {
    format!(
        "{}, at most {most} {} allowed",
        entries(keyword, name, count),
        if most == 1 { "is" } else { "are" }
    )
}

/// `list "x" has 1 entry, at least 2 are demanded`.
pub fn too_few(keyword: &str, name: &str, count: usize, least: usize) -> String {
    format!(
        "{}, at least {least} {} demanded",
        entries(keyword, name, count),
        if least == 1 { "is" } else { "are" }
    )
}

fn entries(keyword: &str, name: &str, count: usize) -> String {
    format!("{keyword} `{name}` has {count} {}", if count == 1 { "entry" } else { "entries" })
}

/// `mandatory leaf "x" is missing`.
pub fn missing(keyword: &str, name: &str) -> String {
    format!("mandatory {keyword} `{name}` is missing")
}

/// What is said where no case of a mandatory choice is there.
pub fn missing_choice(name: &str) -> String {
    format!("no node of mandatory choice `{name}` is there")
}

/// What is said where entries have the same values in the leaves of a `unique`.
pub fn not_unique<'a>(
    leaves: &str,
    list: &str,
    values: impl Iterator<Item = &'a str>,
    first: &str,
) -> String {
    let values: Vec<String> = values.map(shown).collect();
    format!("`{leaves}` must be unique in list `{list}`, and {} is also in {first}", values.join(", "))
}
