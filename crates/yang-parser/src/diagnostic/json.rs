//! Diagnostics as JSON, one object a line, for editors and continuous integration.

use super::Diagnostic;
use crate::source::Sources;
use serde::Serialize;
use yang_schema::Span;

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Related<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct Object<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related: Vec<Related<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

fn place(sources: &Sources, span: Span) -> Place<'_> {
    let source = sources.get(span.file);
    let (start, end) = (source.position(span.start), source.position(span.end));
    Place {
        file: &source.name,
        line: start.line,
        column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// One JSON object a line: `severity`, `code`, `message`; where there is a place `file`, `line`, `column`, `end_line`,
/// `end_column` (from 1, columns in characters, the end exclusive) and `label`; `related` places of the same form with a
/// `text` each; `help`. Every line ends with a line feed.
pub fn render_json(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for d in diagnostics {
        let primary = d.labels.iter().find(|l| l.primary);
        let object = Object {
            severity: d.severity.name(),
            code: d.code.name(),
            message: &d.message,
            place: primary.map(|l| place(sources, l.span)),
            label: primary.map_or("", |l| &l.text),
            related: d
                .labels
                .iter()
                .filter(|l| !l.primary)
                .map(|l| Related { place: place(sources, l.span), text: &l.text })
                .collect(),
            help: d.help.as_deref(),
        };
        // Strings and numbers alone: there is nothing here that JSON cannot hold.
        if let Ok(line) = serde_json::to_string(&object) {
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}
