//! What the compiler has to say: errors and warnings with stable codes, places and help.

mod code;
mod example;
mod json;
#[cfg(feature = "render")]
mod render;

pub use code::{Code, Explanation, explain};
pub use example::Example;
pub use json::render_json;
#[cfg(feature = "render")]
pub use render::render_human;

use yang_schema::{FileId, Span};

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Severity {
    /// The module is not valid; there is no schema.
    Error,
    /// The module is valid, but something in it is likely not meant.
    Warning,
}

impl Severity {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
        }
    }
}

/// A place in the source and what it has to do with the matter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there; may be empty for the primary one.
    pub text: String,
    /// Is it the place that the diagnostic is about?
    pub primary: bool,
}

/// One error or warning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Diagnostic {
    /// Its stable code; [`explain`] tells more.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, with the names and values at hand.
    pub message: String,
    /// Where; the primary label comes first. Empty when no source text is to blame (a file that cannot be read).
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, Some(span), message.into())
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Warning, Some(span), message.into())
    }

    /// An error that belongs to no source text.
    pub fn without_place(code: Code, message: impl Into<String>) -> Self {
        Self::new(code, Severity::Error, None, message.into())
    }

    fn new(code: Code, severity: Severity, span: Option<Span>, message: String) -> Self {
        let labels =
            span.map(|span| Label { span, text: String::new(), primary: true }).into_iter().collect();
        Self { code, severity, message, labels, help: None }
    }

    /// Says what is at the primary place.
    #[must_use]
    pub fn here(mut self, text: impl Into<String>) -> Self {
        if let Some(label) = self.labels.first_mut() {
            label.text = text.into();
        }
        self
    }

    /// Names another place that has to do with it.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The place it is about.
    pub fn span(&self) -> Option<Span> {
        self.labels.iter().find(|l| l.primary).map(|l| l.span)
    }
}

/// A keyword with its article, for messages.
pub(crate) fn article(word: &str) -> String {
    let vowel = word.starts_with(['a', 'e', 'i', 'o', 'u']) || word == "rpc";
    format!("{} {word}", if vowel { "an" } else { "a" })
}

/// Diagnostics on their way to the user.
#[derive(Default, Debug)]
pub(crate) struct Diagnostics {
    list: Vec<Diagnostic>,
    errors: usize,
    /// At this length what was found several times is taken out.
    crowded: usize,
}

impl Diagnostics {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        if diagnostic.severity == Severity::Error {
            self.errors += 1;
        }
        self.list.push(diagnostic);
        if self.list.len() > self.crowded.max(1 << 14) {
            sort(&mut self.list);
            self.crowded = 2 * self.list.len();
        }
    }

    pub(crate) fn extend(&mut self, other: Diagnostics) {
        self.errors += other.errors;
        self.list.extend(other.list);
    }

    pub(crate) fn error(&mut self, code: Code, span: Span, message: impl Into<String>) {
        self.push(Diagnostic::error(code, span, message));
    }

    /// Moves all places to a file.
    pub(crate) fn set_file(&mut self, file: FileId) {
        for label in self.list.iter_mut().flat_map(|d| &mut d.labels) {
            label.span.file = file;
        }
    }

    pub(crate) fn has_errors(&self) -> bool {
        self.errors > 0
    }

    #[cfg(test)]
    pub(crate) fn list(&self) -> &[Diagnostic] {
        &self.list
    }

    /// In the order of files and places; what was found several times (a grouping's fault shows at each use) is said once.
    pub(crate) fn into_sorted(mut self) -> Vec<Diagnostic> {
        sort(&mut self.list);
        self.list
    }
}

fn sort(list: &mut Vec<Diagnostic>) {
    let key = |d: &Diagnostic| d.span().map(|s| (s.file, s.start, s.end));
    list.sort_by(|a, b| {
        (key(a), a.severity, a.code.name(), &a.message).cmp(&(key(b), b.severity, b.code.name(), &b.message))
    });
    list.dedup_by(|a, b| {
        key(a) == key(b) && a.severity == b.severity && a.code == b.code && a.message == b.message
    });
}
