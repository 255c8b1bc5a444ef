//! `description`, `reference` and `units` (RFC 7950 section 7.21) as documentation that rustdoc shows as it was meant.
//!
//! A description is plain text, rustdoc reads Markdown: brackets would be links, indented text would be code, and code
//! would be a test. So words are escaped, and a paragraph with a layout of its own is fenced as `text`.

use std::fmt::Write as _;

/// What is known of a node besides its name.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Docs {
    lines: Vec<String>,
}

impl Docs {
    /// One line of ours, Markdown allowed.
    pub fn line(text: impl Into<String>) -> Self {
        Self { lines: vec![text.into()] }
    }

    /// Adds a paragraph of ours, Markdown allowed.
    pub fn add(&mut self, text: impl Into<String>) {
        self.paragraph();
        self.lines.push(text.into());
    }

    /// Adds text of the model.
    pub fn add_text(&mut self, text: &str) {
        for paragraph in paragraphs(text) {
            self.paragraph();
            if has_layout(&paragraph) {
                let fence = fence_for(&paragraph);
                self.lines.push(format!("{fence}text"));
                self.lines.extend(paragraph);
                self.lines.push(fence);
            } else {
                self.lines.extend(paragraph.iter().map(|line| escape(line.trim())));
            }
        }
    }

    /// Adds text of the model behind a label.
    pub fn add_labelled(&mut self, label: &str, text: &str) {
        self.paragraph();
        let words: Vec<&str> = text.split_whitespace().collect();
        self.lines.push(format!("{label}: {}", escape(&words.join(" "))));
    }

    /// The lines of the doc comment.
    pub fn lines(&self) -> &[String] {
        &self.lines
    }

    fn paragraph(&mut self) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
    }
}

/// The paragraphs of a text, without the indentation that all its lines share.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let clean: String = text
        .chars()
        .map(|c| if c == '\t' { ' ' } else { c })
        // Control characters and those that turn the direction of text have no place in source.
        .filter(|&c| {
            c == '\n' || !(c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        })
        .collect();
    let indent = |line: &str| line.len() - line.trim_start_matches(' ').len();
    // The first line stands right behind the quotation mark: only those below tell where the margin is.
    let margin =
        clean.lines().skip(1).filter(|l| !l.trim().is_empty()).map(indent).min().unwrap_or(usize::MAX);
    let mut out = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    for (i, line) in clean.lines().chain([""]).enumerate() {
        let line = line.trim_end();
        if line.is_empty() {
            if !paragraph.is_empty() {
                out.push(std::mem::take(&mut paragraph));
            }
            continue;
        }
        let cut = if i == 0 { indent(line) } else { margin.min(indent(line)) };
        paragraph.push(line[cut..].to_owned());
    }
    out
}

/// Do its lines stand where they do for a reason: tables, lists with hanging indents, pictures?
fn has_layout(lines: &[String]) -> bool {
    lines.iter().any(|line| line.starts_with(' ') || line.trim_start().contains("   "))
        || lines
            .first()
            .is_some_and(|line| line.starts_with(['-', '+', '*', 'o']) && line[1..].starts_with(' '))
}

fn fence_for(lines: &[String]) -> String {
    let mut fence = "```".to_owned();
    while lines.iter().any(|line| line.contains(&fence)) {
        fence.push('`');
    }
    fence
}

/// Words as Markdown that shows them unchanged.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        // A bare URL is a link to nobody unless it says so.
        let url_end = word.trim_end_matches(['.', ',', ';', ')', '>', ']', '"', '\'']);
        if (url_end.starts_with("http://") || url_end.starts_with("https://"))
            && !url_end.contains(['<', '>', '`'])
        {
            let _ = write!(out, "<{url_end}>");
            escape_word(&word[url_end.len()..], &mut out);
        } else if word.contains("://") {
            let _ = write!(out, "`{}`", word.replace('`', "'"));
        } else {
            escape_word(word, &mut out);
        }
    }
    let start = out.trim_start();
    let marks_block = start.starts_with(['#', '+', '-', '=', '~', '|'])
        || start.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')'])
            && start.starts_with(|c: char| c.is_ascii_digit());
    if marks_block {
        let at = start.find(|c: char| !c.is_ascii_digit()).unwrap_or(0);
        let at = out.len() - start.len() + at;
        out.insert(at, '\\');
    }
    out
}

fn escape_word(word: &str, out: &mut String) {
    for c in word.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '|' | '~' | '$') {
            out.push('\\');
        }
        out.push(c);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(input: &str) -> Vec<String> {
        let mut docs = Docs::default();
        docs.add_text(input);
        docs.lines
    }

    #[test]
    fn plain_text_is_joined_by_its_lines() {
        assert_eq!(text("One\n   two.\n\n   Three."), ["One", "two.", "", "Three."]);
    }

    #[test]
    fn links_tags_and_emphasis_are_no_markup() {
        assert_eq!(text("[x] <rpc> a_b *c* `d`"), [r"\[x\] \<rpc\> a\_b \*c\* \`d\`"]);
        assert_eq!(text("# not a title"), [r"\# not a title"]);
        assert_eq!(text("1. no list"), [r"1\. no list"]);
        assert_eq!(text("see https://a.example/x_y."), ["see <https://a.example/x_y>."]);
    }

    #[test]
    fn a_layout_is_kept_and_is_never_a_test() {
        let got = text("Bits:\n   here\n\n     0  on\n       1  ``` off");
        assert_eq!(got, ["Bits:", "here", "", "````text", "  0  on", "    1  ``` off", "````"]);
    }

    #[test]
    fn what_turns_text_around_is_left_out() {
        assert_eq!(text("a\u{202e}b\u{0007}c"), ["abc"]);
    }
}
