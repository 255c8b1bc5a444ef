//! What is wrong with data, shown.

use super::Document;
use anyhow::Result;
use clap::ValueEnum;
use std::fmt::Write as _;
use std::io::Write as _;
use yang_data::error::{DataError, ErrorInfo};

/// How errors are shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the lines of the document, on standard error.
    Human,
    /// One JSON object a line, on standard output.
    Json,
}

/// Shows the errors of a document for people.
pub(crate) fn report(document: &Document, errors: &[DataError]) -> Result<()> {
    report_as(Format::Human, document, errors)
}

/// Shows the errors of a document.
pub(crate) fn report_as(format: Format, document: &Document, errors: &[DataError]) -> Result<()> {
    match format {
        Format::Json => {
            let text: String = errors.iter().map(json).collect();
            std::io::stdout().lock().write_all(text.as_bytes())?;
        }
        Format::Human => {
            let mut out = std::io::stderr().lock();
            for error in errors {
                out.write_all(human(document, error).as_bytes())?;
            }
        }
    }
    Ok(())
}

fn human(document: &Document, error: &DataError) -> String {
    let mut text = format!("error[{}]: {}\n", error.tag, error.message);
    let position = error.position;
    let line = if position.line == 0 { None } else { document.line(position) };
    let width = position.line.to_string().len();
    let put = |text: &mut String, line: std::fmt::Arguments<'_>| {
        // Writing to a String cannot fail.
        let _ = text.write_fmt(line);
    };
    if position.line == 0 {
        put(&mut text, format_args!("{:width$}--> {}\n", "", document.name()));
    } else {
        let (line, column) = (position.line, position.column);
        put(&mut text, format_args!("{:width$}--> {}:{line}:{column}\n", "", document.name()));
    }
    if let Some((line, column)) = line {
        put(&mut text, format_args!("{:width$} |\n", ""));
        put(&mut text, format_args!("{} | {line}\n", position.line));
        put(&mut text, format_args!("{:width$} | {:>column$}\n", "", "^"));
    }
    put(&mut text, format_args!("{:width$} = path: {}\n", "", error.path));
    if let Some(app_tag) = &error.app_tag {
        put(&mut text, format_args!("{:width$} = error-app-tag: {app_tag}\n", ""));
    }
    for info in &error.info {
        if let ErrorInfo::NonUnique(path) = info {
            put(&mut text, format_args!("{:width$} = not unique: {path}\n", ""));
        }
    }
    text.push('\n');
    text
}

/// One object, in the words of RFC 6241 section 4.3.
fn json(error: &DataError) -> String {
    let known = |n: u32| if n == 0 { "null".to_owned() } else { n.to_string() };
    format!(
        "{{\"error-tag\":{},\"error-app-tag\":{},\"error-path\":{},\"message\":{},\"line\":{},\"column\":{}}}\n",
        quote(error.tag.as_str()),
        error.app_tag.as_deref().map_or("null".to_owned(), quote),
        quote(&error.path),
        quote(&error.message),
        known(error.position.line),
        known(error.position.column),
    )
}

fn quote(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => _ = write!(out, "\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
