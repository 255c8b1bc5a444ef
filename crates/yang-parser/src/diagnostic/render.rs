//! Diagnostics for people: the source lines with marks under them.

use super::{Diagnostic, Severity};
use crate::source::Sources;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

/// The longest stretch of source that is shown; a mark over a whole module helps nobody.
const WINDOW: usize = 64 * 1024;

/// A longer line is not shown, its place is: a generated text in one line would be scanned for each of its faults.
const LONGEST_LINE: usize = 8 * 1024;

/// Diagnostics with the source lines they are about, as rustc shows its own. Colour only if asked for.
pub fn render_human(diagnostics: &[Diagnostic], sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for d in diagnostics {
        out.push_str(&one(d, sources, &renderer));
        out.push_str("\n\n");
    }
    out
}

fn one(d: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match d.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(d.message.as_str()).id(d.code.name()));
    let mut files = Vec::new();
    for label in &d.labels {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    for file in files {
        let source = sources.get(file);
        let labels: Vec<_> = d.labels.iter().filter(|l| l.span.file == file).collect();
        // Only the lines around the labels go to the renderer: it scans all the text it is given.
        let lowest = labels.iter().map(|l| l.span.start).min().unwrap_or(0);
        let highest = labels.iter().map(|l| l.span.end).max().unwrap_or(0);
        let text = &*source.text;
        let named = labels.iter().find(|l| l.primary).or(labels.first());
        if let Some(label) = named.filter(|l| source.line(l.span.start).len() > LONGEST_LINE) {
            let at = source.position(label.span.start);
            let place = Origin::path(source.name.as_str()).line(at.line as usize);
            group = group.element(place.char_column(at.column as usize));
            continue;
        }
        let first = source.line(lowest).start;
        let last = source.line(highest.min((first + WINDOW) as u32)).end;
        let mut snippet = Snippet::source(&text[first..last])
            .line_start(source.position(first as u32).line as usize)
            .path(source.name.as_str());
        for label in labels {
            let start = floor(text, label.span.start as usize).saturating_sub(first).min(last - first);
            let end = floor(text, label.span.end as usize).saturating_sub(first).clamp(start, last - first);
            let kind = if label.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mut annotation = kind.span(start..end);
            if !label.text.is_empty() {
                annotation = annotation.label(label.text.as_str());
            }
            snippet = snippet.annotation(annotation);
        }
        group = group.element(snippet);
    }
    if let Some(help) = &d.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    renderer.render(&[group]).to_string()
}

/// The closest character boundary at or before a byte.
fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
