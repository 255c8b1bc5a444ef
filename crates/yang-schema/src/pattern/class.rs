//! Character classes and escapes (XML Schema part 2, appendix F.1).

use super::PatternError;
use super::block;
use super::translate::{Translator, push_char};

/// `\s`: the white space of XML.
const SPACE: &str = r"\x20\t\n\r";
/// The complement of `\w`.
const NOT_WORD: &str = r"\p{P}\p{Z}\p{C}";
/// `\i`: what an XML name may start with.
const NAME_START: &str = r":A-Z_a-z\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{2FF}\x{370}-\x{37D}\x{37F}-\x{1FFF}\x{200C}\x{200D}\x{2070}-\x{218F}\x{2C00}-\x{2FEF}\x{3001}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFFD}\x{10000}-\x{EFFFF}";
/// `\c` without what is in `\i`.
const NAME_REST: &str = r"\-.0-9\x{B7}\x{300}-\x{36F}\x{203F}\x{2040}";
/// The general categories that appendix F.1.1 lists.
const CATEGORIES: [&str; 36] = [
    "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps",
    "Pe", "Pi", "Pf", "Po", "Z", "Zs", "Zl", "Zp", "S", "Sm", "Sc", "Sk", "So", "C", "Cc", "Cf", "Co", "Cn",
];

/// What stands behind a backslash.
pub(super) enum Escape {
    /// A character.
    Char(char),
    /// A class, in brackets or as `\p`.
    Class(String),
}

/// charClassEsc or SingleCharEsc; the backslash has been read.
pub(super) fn escape(t: &mut Translator<'_>, start: usize) -> Result<Escape, PatternError> {
    let Some(c) = t.next() else {
        return Err(t.error_at(start, "the pattern ends behind a backslash"));
    };
    Ok(match c {
        'n' => Escape::Char('\n'),
        'r' => Escape::Char('\r'),
        't' => Escape::Char('\t'),
        '\\' | '|' | '.' | '?' | '*' | '+' | '(' | ')' | '{' | '}' | '-' | '[' | ']' | '^' => Escape::Char(c),
        's' => Escape::Class(format!("[{SPACE}]")),
        'S' => Escape::Class(format!("[^{SPACE}]")),
        'd' => Escape::Class(r"\p{Nd}".to_owned()),
        'D' => Escape::Class(r"\P{Nd}".to_owned()),
        'w' => Escape::Class(format!("[^{NOT_WORD}]")),
        'W' => Escape::Class(format!("[{NOT_WORD}]")),
        'i' => Escape::Class(format!("[{NAME_START}]")),
        'I' => Escape::Class(format!("[^{NAME_START}]")),
        'c' => Escape::Class(format!("[{NAME_START}{NAME_REST}]")),
        'C' => Escape::Class(format!("[^{NAME_START}{NAME_REST}]")),
        'p' | 'P' => Escape::Class(property(t, start, c == 'P')?),
        _ => return Err(t.error_at(start, format!("XSD knows no escape `\\{c}`"))),
    })
}

/// catEsc and complEsc: `\p{…}`.
fn property(t: &mut Translator<'_>, start: usize, negated: bool) -> Result<String, PatternError> {
    let letter = if negated { 'P' } else { 'p' };
    let name = match t.rest().strip_prefix('{').and_then(|rest| rest.split_once('}')) {
        Some((name, _)) => name,
        None => return Err(t.error_at(start, format!("`\\{letter}` is followed by a property in braces"))),
    };
    t.at += name.len() + 2;
    if let Some(block_name) = name.strip_prefix("Is") {
        let Some(class) = block::class(block_name, negated) else {
            return Err(t.error_at(start, format!("there is no block {block_name} in Unicode")));
        };
        return Ok(class);
    }
    match CATEGORIES.contains(&name) {
        true => Ok(format!("\\{letter}{{{name}}}")),
        false => Err(t.error_at(start, format!("there is no character property {name}"))),
    }
}

/// charClassExpr; the `[` has been read.
///
/// A hyphen stands for itself at either end of a group and, as XML Schema 1.1 has it, behind a range or an escape like `\d`.
pub(super) fn expression(t: &mut Translator<'_>, start: usize) -> Result<(), PatternError> {
    t.enter()?;
    let open = t.out.len();
    let negated = t.eat('^');
    t.out.push_str(if negated { "[^" } else { "[" });
    let mut empty = true;
    loop {
        let at = t.at;
        let Some(c) = t.next() else {
            return Err(t.error_at(start, "this class has no `]`"));
        };
        match c {
            ']' if empty => return Err(t.error_at(start, "a class holds at least one character")),
            ']' => {
                t.out.push(']');
                break;
            }
            '[' => return Err(t.error_at(at, "inside a class the character `[` is written `\\[`")),
            '-' if !empty && t.peek() == Some('[') => {
                subtraction(t, open)?;
                break;
            }
            '\\' => match escape(t, at)? {
                Escape::Char(c) => range(t, c, at)?,
                Escape::Class(class) => t.out.push_str(&class),
            },
            '-' => push_char(&mut t.out, '-'),
            _ => range(t, c, at)?,
        }
        empty = false;
    }
    t.leave();
    Ok(())
}

/// seRange, or the one character that could have begun it.
fn range(t: &mut Translator<'_>, first: char, at: usize) -> Result<(), PatternError> {
    let is_range =
        t.rest().strip_prefix('-').is_some_and(|rest| !rest.starts_with([']', '[']) && !rest.is_empty());
    if !is_range || t.rest().starts_with("--[") {
        push_char(&mut t.out, first);
        return Ok(());
    }
    t.next();
    let end = t.at;
    let last = match t.next() {
        Some('\\') => match escape(t, end)? {
            Escape::Char(c) => c,
            Escape::Class(_) => {
                return Err(t.error_at(end, "a range ends with a character, not with a class"));
            }
        },
        Some(c) => c,
        None => return Err(t.error_at(at, "this range has no end")),
    };
    if last < first {
        return Err(t.error_at(at, format!("the range {first}-{last} has its ends the wrong way round")));
    }
    push_char(&mut t.out, first);
    t.out.push('-');
    push_char(&mut t.out, last);
    Ok(())
}

/// charClassSub: `[a-z-[aeiou]]`. What stands from `open` on becomes the first operand.
fn subtraction(t: &mut Translator<'_>, open: usize) -> Result<(), PatternError> {
    t.out.insert(open, '[');
    t.out.push_str("]--");
    let start = t.at;
    t.next();
    expression(t, start)?;
    if !t.eat(']') {
        return Err(t.error("a subtraction is the last thing in a class: expected `]`"));
    }
    t.out.push(']');
    Ok(())
}
