//! Character data (XML 1.0 sections 2.4, 2.11, 4.1 and 4.6): references are resolved, line ends made one. Its characters have
//! been checked.

use super::chars::is_char;

/// Appends what character data stands for.
pub(crate) fn append(out: &mut String, raw: &str) -> Result<(), (usize, String)> {
    if let Some(at) = memchr::memmem::find(raw.as_bytes(), b"]]>") {
        return Err((at, "\"]]>\" must not stand in text".to_owned()));
    }
    resolve(out, raw, false)
}

/// Appends what an attribute's value stands for: white space becomes spaces (section 3.3.3).
pub(crate) fn append_attribute(out: &mut String, raw: &str) -> Result<(), (usize, String)> {
    if let Some(at) = raw.find('<') {
        return Err((at, "\"<\" must not stand in an attribute".to_owned()));
    }
    resolve(out, raw, true)
}

/// Appends the inside of a CDATA section: no references there.
pub(crate) fn append_cdata(out: &mut String, raw: &str) {
    append_lines(out, raw);
}

fn resolve(out: &mut String, raw: &str, attribute: bool) -> Result<(), (usize, String)> {
    let literal = |out: &mut String, part: &str| {
        if attribute {
            // CR LF is one line end first, then each is a space.
            let mut after_return = false;
            for c in part.chars() {
                match c {
                    '\n' if after_return => {}
                    '\t' | '\n' | '\r' => out.push(' '),
                    c => out.push(c),
                }
                after_return = c == '\r';
            }
        } else {
            append_lines(out, part);
        }
    };
    let mut done = 0;
    while let Some(found) = raw[done..].find('&') {
        let at = done + found;
        literal(out, &raw[done..at]);
        let end = raw[at..].find(';').ok_or_else(|| (at, "\"&\" begins no reference".to_owned()))?;
        let name = &raw[at + 1..at + end];
        out.push(reference(name).map_err(|message| (at, message))?);
        done = at + end + 1;
    }
    literal(out, &raw[done..]);
    Ok(())
}

/// Section 2.11: CR LF, and CR alone, are line feeds.
fn append_lines(out: &mut String, raw: &str) {
    let mut rest = raw;
    while let Some(at) = rest.find('\r') {
        out.push_str(&rest[..at]);
        out.push('\n');
        rest = &rest[at + 1..];
        rest = rest.strip_prefix('\n').unwrap_or(rest);
    }
    out.push_str(rest);
}

fn reference(name: &str) -> Result<char, String> {
    match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "apos" => return Ok('\''),
        "quot" => return Ok('"'),
        _ => {}
    }
    let number = match name.strip_prefix('#') {
        Some(digits) => match digits.strip_prefix('x') {
            Some(hex) if !hex.is_empty() && hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                u32::from_str_radix(hex, 16).ok()
            }
            None if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
            _ => return Err("the character reference is no number".to_owned()),
        },
        None => {
            let name: String = name.chars().take(40).collect();
            return Err(format!("the entity {name:?} is not known: only lt, gt, amp, apos and quot are"));
        }
    };
    number
        .and_then(char::from_u32)
        .filter(|&c| is_char(c))
        .ok_or_else(|| "the character reference names no character of XML".to_owned())
}
