//! Where items are written, laid out as rustfmt would: the regular shapes as text, the others as tokens that are parsed and printed.
//!
//! A model is structs, enums and paths for the most part. Tokens of these, which only came to be printed again, were half of what
//! the generator did.

use crate::docs::Docs;
use crate::error::MapError;
use crate::print;
use proc_macro2::TokenStream;
use std::fmt::Display;
use yang_schema::Status;

/// How long a line may be, if it can be broken.
const WIDTH: usize = 89;

/// The content of a Rust module.
#[derive(Default)]
pub(crate) struct Out {
    text: String,
    /// What stands in front of each item: that it is there with a feature alone.
    gate: Option<String>,
    errors: Vec<MapError>,
}

impl Out {
    /// What was written.
    ///
    /// # Errors
    /// Tokens that are no Rust.
    pub(crate) fn finish(self) -> Result<String, Vec<MapError>> {
        if self.errors.is_empty() { Ok(self.text) } else { Err(self.errors) }
    }

    /// Puts `#[cfg(...)]` in front of the items that come.
    pub(super) fn gate(&mut self, gate: Option<String>) {
        self.gate = gate;
    }

    /// Begins an item: an empty line, unless it is the first of its Rust module.
    pub(super) fn item(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
        if let Some(gate) = &self.gate {
            self.text.push_str(gate);
            self.text.push('\n');
        }
    }

    /// A line.
    pub(super) fn line(&mut self, indent: usize, line: impl Display) {
        use std::fmt::Write as _;
        self.indent(indent);
        // A string takes whatever is written.
        let _ = writeln!(self.text, "{line}");
    }

    /// What is laid out already.
    pub(super) fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// An empty line between two methods.
    pub(super) fn between(&mut self) {
        if !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
    }

    /// Doc comments.
    pub(super) fn docs(&mut self, indent: usize, docs: &Docs) {
        for line in docs.lines() {
            self.indent(indent);
            self.text.push_str(if line.is_empty() { "///" } else { "/// " });
            self.text.push_str(line);
            self.text.push('\n');
        }
    }

    /// `#[deprecated]` for what a model's `status` says.
    pub(super) fn deprecated(&mut self, indent: usize, status: Status) {
        let what = match status {
            Status::Current => return,
            Status::Deprecated => "deprecated",
            Status::Obsolete => "obsolete",
        };
        self.line(indent, format_args!("#[deprecated = \"{what} in the model\"]"));
    }

    /// What stands between `head` and `tail`, separated by commas: on one line if there is room, or on one line each.
    pub(super) fn listed(&mut self, indent: usize, head: &str, pieces: &[String], tail: &str, end: &str) {
        let length = (pieces.iter().map(|p| p.len() + 2).sum::<usize>()).saturating_sub(2);
        self.indent(indent);
        self.text.push_str(head);
        if indent + head.len() + length + tail.len() <= WIDTH || pieces.is_empty() {
            self.text.push_str(&pieces.join(", "));
        } else {
            for (i, piece) in pieces.iter().enumerate() {
                self.text.push('\n');
                self.piece(indent + 4, piece);
                self.text.push_str(if i + 1 < pieces.len() { "," } else { end });
            }
            self.text.push('\n');
            self.indent(indent);
        }
        self.text.push_str(tail);
        self.text.push('\n');
    }

    /// One that does not fit in its line, `name(a, b)`, has its own on a line each.
    fn piece(&mut self, indent: usize, piece: &str) {
        self.indent(indent);
        let broken = (indent + piece.len() > WIDTH).then(|| arguments(piece)).flatten();
        match broken {
            Some((head, inside)) => {
                self.text.push_str(head);
                for (i, argument) in inside.iter().enumerate() {
                    self.text.push('\n');
                    self.indent(indent + 4);
                    self.text.push_str(argument);
                    self.text.push_str(if i + 1 < inside.len() { "," } else { "" });
                }
                self.text.push('\n');
                self.indent(indent);
                self.text.push(')');
            }
            None => self.text.push_str(piece),
        }
    }

    /// Names separated by commas, as many on a line as there is room for.
    pub(super) fn filled(&mut self, head: &str, names: &[String], tail: &str) {
        if head.len() + tail.len() + names.iter().map(|n| n.len() + 2).sum::<usize>() <= WIDTH {
            return self.line(0, format_args!("{head}{}{tail}", names.join(", ")));
        }
        self.text.push_str(head);
        self.text.push('\n');
        let mut column = 0;
        for name in names {
            if column > 0 && column + name.len() + 2 > WIDTH {
                self.text.push('\n');
                column = 0;
            }
            let before = if column == 0 { "    " } else { " " };
            self.text.push_str(before);
            self.text.push_str(name);
            self.text.push(',');
            column += before.len() + name.len() + 1;
        }
        self.text.push('\n');
        self.line(0, tail);
    }

    /// A Rust module. What stands in one is not indented: models nest deeply, and half of the text would be blanks.
    pub(super) fn module(&mut self, name: &str, inside: impl FnOnce(&mut Self)) {
        self.item();
        let gate = self.gate.take();
        self.line(0, format_args!("pub mod {name} {{"));
        self.line(0, "use super::rt;");
        inside(self);
        self.line(0, "}");
        self.gate = gate;
    }

    /// Items that are tokens.
    pub(super) fn tokens(&mut self, tokens: &TokenStream) {
        if tokens.is_empty() {
            return;
        }
        let gate = self.gate.as_deref().and_then(|gate| gate.parse::<TokenStream>().ok());
        match print::items(tokens, gate.as_ref()) {
            Ok(text) => {
                if !self.text.is_empty() && !self.text.ends_with("{\n") {
                    self.text.push('\n');
                }
                self.text.push_str(&text);
            }
            Err(error) => self.errors.push(error),
        }
    }

    /// Items that are there where the runtime has the side that they are of: types alone need neither client nor server.
    pub(super) fn side(&mut self, side: &str, tokens: &TokenStream) {
        if !tokens.is_empty() {
            self.begin_side(side);
            self.tokens(tokens);
            self.line(0, "}");
        }
    }

    /// The head of a block of such items; `}` ends it.
    pub(super) fn begin_side(&mut self, side: &str) {
        if !self.text.is_empty() && !self.text.ends_with("{\n") {
            self.text.push('\n');
        }
        self.line(0, format_args!("::netconf_runtime::__{side}! {{"));
    }

    fn indent(&mut self, indent: usize) {
        self.text.extend(std::iter::repeat_n(' ', indent));
    }
}

/// The head of `name(a, "b, c")`, up to its bracket, and what stands in that.
fn arguments(piece: &str) -> Option<(&str, Vec<&str>)> {
    let inside = piece.strip_suffix(')')?;
    let open = inside.find('(').filter(|&at| !inside[..at].contains('"'))?;
    let (head, inside) = inside.split_at(open + 1);
    let (mut parts, mut from, mut quoted, mut escaped, mut depth) = (Vec::new(), 0, false, false, 0);
    for (at, c) in inside.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(inside[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inside[from..].trim());
    Some((head, parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn what_does_not_fit_in_a_line_is_broken_at_its_commas() {
        let mut out = Out::default();
        let long = "x".repeat(60);
        let pieces = |all: &[&str]| all.iter().map(|p| (*p).to_owned()).collect::<Vec<_>>();
        out.listed(0, "#[yang(", &pieces(&["leaf = \"a\"", "mandatory"]), ")]", "");
        out.listed(
            0,
            "#[yang(",
            &pieces(&["leaf = \"a\"", &format!("must(\"a, {long}\", code = 1, x = \"\\\",\")")]),
            ")]",
            "",
        );
        let longer = "y".repeat(80);
        out.listed(4, "fn f(", &pieces(&["self", &longer, "b: u8"]), ") {", ",");
        let want = format!(
            "#[yang(leaf = \"a\", mandatory)]\n\
             #[yang(\n    leaf = \"a\",\n    must(\n        \"a, {long}\",\n        code = 1,\n        x = \"\\\",\"\n    )\n)]\n    \
             fn f(\n        self,\n        {longer},\n        b: u8,\n    ) {{\n"
        );
        assert_eq!(out.finish().unwrap(), want);
    }

    #[test]
    fn names_fill_lines() {
        let mut out = Out::default();
        let names: Vec<String> = (0..20).map(|i| format!("name_{i}")).collect();
        out.filled("pub use super::{", &names[..2], "};");
        out.filled("pub use super::{", &names, "};");
        let text = out.finish().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "pub use super::{name_0, name_1};");
        assert_eq!((lines[1], *lines.last().unwrap()), ("pub use super::{", "};"));
        assert!(lines.iter().all(|line| line.len() <= WIDTH), "{text}");
        assert!(lines[2].starts_with("    name_0, name_1,"), "{text}");
    }

    #[test]
    fn items_stand_apart_and_each_behind_its_feature() {
        let mut out = Out::default();
        out.gate(Some("#[cfg(feature = \"f\")]".to_owned()));
        out.item();
        out.line(0, "struct A;");
        out.tokens(&quote!(
            struct B;
            struct C;
        ));
        out.gate(None);
        out.module("m", |out| {
            out.item();
            out.line(0, "struct D;");
        });
        let gate = "#[cfg(feature = \"f\")]\n";
        let want = format!(
            "{gate}struct A;\n\n{gate}struct B;\n\n{gate}struct C;\n\npub mod m {{\nuse super::rt;\n\nstruct D;\n}}\n"
        );
        assert_eq!(out.finish().unwrap(), want);
    }

    #[test]
    fn tokens_that_are_no_rust_are_an_error() {
        let mut out = Out::default();
        out.tokens(&quote!(struct struct));
        assert!(out.finish().is_err());
    }
}
