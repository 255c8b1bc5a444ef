//! What text and attributes say: references resolved, line ends and white space as XML 1.0 has them.

use super::{XmlError, is_char};
use std::borrow::Cow;

/// XML 1.0 section 2.11: a carriage return, with or without a line feed after it, is a line feed.
pub(super) fn line_ends(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') { raw.replace("\r\n", "\n").replace('\r', "\n").into() } else { raw.into() }
}

/// XML 1.0 section 4.1: references are the characters that they stand for.
pub(super) fn resolve_references(raw: &str, offset: usize) -> Result<Cow<'_, str>, XmlError> {
    if !raw.contains(['&', '\r']) {
        return Ok(raw.into());
    }
    resolve(raw, offset, line_ends)
}

/// XML 1.0 section 3.3.3: white space becomes spaces, except by reference.
pub(super) fn normalize(raw: &str, offset: usize) -> Result<Cow<'_, str>, XmlError> {
    if !raw.contains(['&', '\r', '\n', '\t']) {
        return Ok(raw.into());
    }
    resolve(raw, offset, |text| line_ends(text).replace(['\n', '\t'], " ").into())
}

/// Resolves references; what stands between them is as `literal` has it.
fn resolve<'t>(
    raw: &'t str,
    offset: usize,
    literal: impl Fn(&'t str) -> Cow<'t, str>,
) -> Result<Cow<'t, str>, XmlError> {
    let mut out = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(amp) = raw[at..].find('&') {
        out.push_str(&literal(&raw[at..at + amp]));
        let (c, length) = reference(&raw[at + amp..]).map_err(|m| XmlError::new(offset + at + amp, m))?;
        out.push(c);
        at += amp + length;
    }
    out.push_str(&literal(&raw[at..]));
    Ok(out.into())
}

/// The character of the reference at the front of `text`, and the reference's length.
fn reference(text: &str) -> Result<(char, usize), String> {
    // The longest that is allowed is a character reference; zeros may lead it, within reason.
    let end = text.bytes().take(32).position(|b| b == b';').ok_or("`&` begins no reference")?;
    let name = &text[1..end];
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name
                .strip_prefix("#x")
                .map(|hex| (hex, 16))
                .or_else(|| name.strip_prefix('#').map(|decimal| (decimal, 10)))
                .filter(|(digits, _)| !digits.starts_with('+'))
                .ok_or_else(|| format!("the entity `{name}` is not declared"))?;
            u32::from_str_radix(number.0, number.1)
                .ok()
                .and_then(char::from_u32)
                .filter(|c| is_char(*c))
                .ok_or_else(|| format!("`&{name};` is no character of XML"))?
        }
    };
    Ok((c, end + 1))
}
