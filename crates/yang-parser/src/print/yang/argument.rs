//! Arguments as they are printed (RFC 7950 section 6.1.3): words stand as they are, text is quoted; what is too long for a line
//! is broken where that does not change its value.

use super::Printer;
use crate::argument::{is_identifier, split_reference};
use crate::grammar::{ArgumentKind, Keyword};

/// Prints the argument of a keyword that was just printed; `behind` is what follows on the line (` {` or `;`).
pub(super) fn print(printer: &mut Printer<'_>, keyword: Keyword, value: &str, indent: usize, behind: usize) {
    let form = form(keyword, value);
    let limit = printer.options.line_length;
    let line = printer.out.rfind('\n').map_or(0, |i| i + 1);
    let used = printer.out[line..].chars().count() + 1 + behind;
    let width = |text: &str| text.chars().count();
    if form == Form::Word {
        printer.out.push(' ');
        printer.out.push_str(value);
        return;
    }
    let lines = value.contains('\n');
    let quote = quote(keyword, value);
    let own_line = matches!(
        keyword,
        Keyword::Description | Keyword::Reference | Keyword::Contact | Keyword::Organization
    );
    if !lines && !own_line && used + width(&quoted(value, quote)) <= limit {
        printer.out.push(' ');
        printer.out.push_str(&quoted(value, quote));
        return;
    }
    let column = indent + 2;
    printer.out.push_str(printer.line_break);
    printer.indent(column);
    if lines {
        text_lines(printer, value, column);
    } else if own_line || column + width(&quoted(value, quote)) + behind <= limit {
        printer.out.push_str(&quoted(value, quote));
    } else {
        parts(printer, keyword, value, quote, column, behind);
    }
}

/// How an argument is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As it is.
    Word,
    Quoted,
}

fn form(keyword: Keyword, value: &str) -> Form {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':');
    let is_reference = || {
        let (prefix, name) = split_reference(value);
        prefix.is_none_or(is_identifier) && is_identifier(name)
    };
    let word = match keyword.argument() {
        ArgumentKind::Uri
        | ArgumentKind::Range
        | ArgumentKind::Length
        | ArgumentKind::Key
        | ArgumentKind::Unique
        | ArgumentKind::SchemaNodeId
        | ArgumentKind::Descendant
        | ArgumentKind::Path
        | ArgumentKind::XPath
        | ArgumentKind::Pattern => false,
        ArgumentKind::IfFeature => is_reference(),
        ArgumentKind::Text => {
            matches!(keyword, Keyword::Enum | Keyword::Extended | Keyword::Unknown) && is_reference()
        }
        _ => true,
    };
    if word && !value.is_empty() && value.chars().all(plain) { Form::Word } else { Form::Quoted }
}

/// Single quotes are for what double ones would need backslashes in, and for patterns, where people look for backslashes.
fn quote(keyword: Keyword, value: &str) -> char {
    let single = keyword == Keyword::Pattern || value.contains(['"', '\\']);
    if single && !value.contains(['\'', '\n']) { '\'' } else { '"' }
}

fn quoted(value: &str, quote: char) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push(quote);
    if quote == '"' {
        escape(value, &mut out)
    } else {
        out.push_str(value)
    }
    out.push(quote);
    out
}

fn escape(value: &str, out: &mut String) {
    for c in value.chars() {
        if matches!(c, '"' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
}

/// A value of several lines: each line below the character behind the quote, as that much indentation does not count.
fn text_lines(printer: &mut Printer<'_>, value: &str, column: usize) {
    let mut text = column + 1;
    printer.out.push('"');
    let mut lines = value.split('\n').peekable();
    while let Some(line) = lines.next() {
        escape(line, &mut printer.out);
        if lines.peek().is_none() {
            break;
        }
        // Blanks before a line break would be lost: the line break is written as an escape, and the next part begins.
        if line.trim_end_matches('\r').ends_with([' ', '\t']) {
            printer.out.push_str("\\n\"");
            printer.out.push_str(printer.line_break);
            printer.indent(column);
            printer.out.push_str("+ \"");
            text = column + 3;
            continue;
        }
        printer.out.push('\n');
        match lines.peek() {
            Some(next) if next.is_empty() || *next == "\r" => {}
            _ => printer.indent(text),
        }
    }
    printer.out.push('"');
}

/// A value in one line that is too long for one: parts that are joined by `+`.
fn parts(
    printer: &mut Printer<'_>,
    keyword: Keyword,
    value: &str,
    quote: char,
    column: usize,
    behind: usize,
) {
    // A line holds `+ `, the quotes and, at the end, what follows. Very deep ones get some room all the same.
    let room = printer.options.line_length.saturating_sub(column + 4 + behind).max(24);
    let mut rest = value;
    let mut first = true;
    // A value without a character is one part.
    while first || !rest.is_empty() {
        let (part, behind) = rest.split_at(cut(keyword, rest, quote, room));
        if !first {
            printer.out.push_str(printer.line_break);
            printer.indent(column);
            printer.out.push_str("+ ");
        }
        printer.out.push_str(&quoted(part, quote));
        rest = behind;
        first = false;
    }
}

/// How many bytes of a text go into a part of some width: up to the last good place for a break.
fn cut(keyword: Keyword, text: &str, quote: char, room: usize) -> usize {
    let mut width = 0;
    let mut good = 0;
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_good = match keyword {
            Keyword::Pattern => before == '|' || before == ')' || c == '(',
            _ => before == ' ' || (c == '/' && before != '/' && before != '.'),
        };
        if at > 0 && is_good {
            good = at;
        }
        width += if quote == '"' && matches!(c, '"' | '\\') { 2 } else { 1 };
        if width > room {
            return if good > 0 { good } else { at.max(c.len_utf8()) };
        }
        before = c;
    }
    text.len()
}
