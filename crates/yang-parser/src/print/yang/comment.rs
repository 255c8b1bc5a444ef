//! Comments (RFC 7950 section 6.1.1): what stands behind something on its line stays there, all others have lines of their own.

use super::Printer;
use crate::syntax::Place;

/// The line break of a text: that of its first line.
pub(super) fn line_break(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

impl<'t> Printer<'t> {
    fn between(&self, start: u32, end: u32) -> &'t str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    /// Is there a blank line between two bytes that only whitespace parts?
    pub(super) fn blank(&self, start: u32, end: u32) -> bool {
        self.between(start, end).bytes().filter(|&b| b == b'\n').count() > 1
    }

    /// Takes the comments that begin on the line on which a byte stands; the byte goes behind them.
    pub(super) fn same_line(&self, comments: &mut &'t [Place], at: &mut u32, limit: u32) -> &'t [Place] {
        let mut count = 0;
        for &(start, end) in *comments {
            if start >= limit || self.between(*at, start).contains('\n') {
                break;
            }
            *at = end;
            count += 1;
        }
        let (taken, rest) = comments.split_at(count);
        *comments = rest;
        taken
    }

    /// Comments on lines of their own, each with whether a blank line stands before it; the byte goes behind them.
    pub(super) fn own_lines(&self, comments: &[Place], at: &mut u32) -> Vec<(bool, Place)> {
        let mut lines = Vec::with_capacity(comments.len());
        for &(start, end) in comments {
            lines.push((self.blank(*at, start), (start, end)));
            *at = end;
        }
        lines
    }

    /// A comment on a line of its own.
    pub(super) fn comment_line(&mut self, blank: bool, place: Place, indent: usize) {
        if blank {
            self.out.push_str(self.line_break);
        }
        self.indent(indent);
        self.comment(place);
        self.out.push_str(self.line_break);
    }

    /// Comments behind what was printed last, which ended its line.
    pub(super) fn behind(&mut self, comments: &[Place]) {
        for &place in comments {
            self.out.truncate(self.out.len() - self.line_break.len());
            self.out.push(' ');
            self.comment(place);
            self.out.push_str(self.line_break);
        }
    }

    /// The text of a comment. Its further lines move as its first one does.
    fn comment(&mut self, (start, end): Place) {
        let comment = self.between(start, end);
        let Some((first, further)) = comment.split_once('\n') else {
            self.out.push_str(comment.trim_end());
            return;
        };
        let width = |text: &str| text.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum::<usize>();
        let column = |text: &str| width(&text[text.rfind('\n').map_or(0, |i| i + 1)..]);
        let (old, new) = (column(&self.text[..start as usize]), column(&self.out));
        self.out.push_str(first.trim_end());
        for line in further.split('\n') {
            self.out.push_str(self.line_break);
            let text = line.trim_end();
            let words = text.trim_start_matches([' ', '\t']);
            if !words.is_empty() {
                self.indent((width(&text[..text.len() - words.len()]) + new).saturating_sub(old));
                self.out.push_str(words);
            }
        }
    }
}
