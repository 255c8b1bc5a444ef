//! Lines, broken where they are too long (RFC 8340 section 3.1).

use super::Printer;
use std::fmt::Write as _;

/// The parts of a line.
#[derive(Default)]
pub(super) struct Line<'i> {
    /// Status, flags, name and options.
    pub(super) head: String,
    /// What stands before the lines below it; a broken line goes on behind that.
    pub(super) below: &'i str,
    /// Where the types of siblings begin.
    pub(super) width: usize,
    /// The type, or empty.
    pub(super) type_name: String,
    /// How far behind the bars a broken line goes on.
    pub(super) hanging: usize,
    /// A leafref's target may be left out.
    pub(super) is_leafref: bool,
    /// Keys and features.
    pub(super) rest: Vec<String>,
}

impl Printer<'_, '_> {
    pub(super) fn line(&mut self, line: &Line<'_>) {
        let limit = self.options.line_length.unwrap_or(usize::MAX);
        let column = line.below.chars().count() + line.hanging;
        let mut text = line.head.clone();
        if !line.type_name.is_empty() {
            let length = line.type_name.chars().count();
            let room = |length: usize| line.width.saturating_add(length + 4) <= limit;
            let too_long = line.is_leafref && column + length > limit;
            if room(length) {
                text = format!("{text:<0$}   {1}", line.width + 1, line.type_name);
            } else if too_long && room("leafref".len()) {
                text = format!("{text:<0$}   leafref", line.width + 1);
            } else {
                let shown = if too_long { "leafref" } else { &line.type_name };
                self.put(&text);
                text = format!("{:<column$}{shown}", line.below);
            }
        }
        for part in &line.rest {
            let breaks = part.chars().count() > 2;
            if breaks && text.chars().count() + 1 + part.chars().count() > limit {
                self.put(&text);
                text = format!("{:<column$}{part}", line.below);
            } else {
                text.push(' ');
                text.push_str(part);
            }
        }
        self.put(&text);
    }

    fn put(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    /// The heading of a section that ends with a path.
    pub(super) fn broken_path(&mut self, lead: &str, path: &str) {
        let limit = self.options.line_length.unwrap_or(usize::MAX);
        let mut line = format!("{lead}{}", if path.starts_with('/') { "/" } else { "" });
        let hanging = lead.chars().count() + 2;
        let mut steps = path.trim_start_matches('/').split('/').peekable();
        let mut fresh = true;
        while let Some(step) = steps.next() {
            let colon = usize::from(steps.peek().is_none());
            let slash = usize::from(!fresh);
            if !fresh && line.chars().count() + slash + step.chars().count() + colon > limit {
                self.put(&line);
                line = format!("{:hanging$}/", "");
                fresh = true;
            }
            _ = write!(line, "{}{step}", if fresh { "" } else { "/" });
            fresh = false;
        }
        line.push(':');
        self.put(&line);
    }
}
