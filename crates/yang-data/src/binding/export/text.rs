//! YANG as text: statements in lines, strings in quotes.

/// Lines with indentation.
#[derive(Default)]
pub(super) struct Text {
    pub(super) text: String,
    pub(super) depth: usize,
}

impl Text {
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(&"  ".repeat(self.depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    pub(super) fn open(&mut self, head: &str) {
        self.line(&format!("{head} {{"));
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.line("}");
    }

    /// A statement that holds others, or none.
    pub(super) fn block(&mut self, head: &str, inside: &[String]) {
        if inside.is_empty() {
            return self.line(&format!("{head};"));
        }
        self.open(head);
        inside.iter().for_each(|line| self.line(line));
        self.close();
    }
}

/// A string in double quotes (RFC 7950 section 6.1.3).
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Puts other prefixes in the place of those of an expression (XPath, an identity's name, an `if-feature`).
pub(super) fn map_prefixes(expression: &str, map: &mut dyn FnMut(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = expression;
    while let Some(c) = rest.chars().next() {
        if matches!(c, '"' | '\'') {
            let end = rest[1..].find(c).map_or(rest.len(), |i| i + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if c.is_alphabetic() || c == '_' {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
            let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            if behind.starts_with(':') && !behind.starts_with("::") {
                out.push_str(&map(name));
            } else {
                out.push_str(name);
            }
            rest = behind;
        } else if c.is_ascii_digit() {
            // A number is no name, and letters behind it belong to none.
            let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_mapped_and_literals_left() {
        let mut seen = Vec::new();
        let mut map = |module: &str| {
            seen.push(module.to_owned());
            format!("p-{module}")
        };
        let text =
            map_prefixes("../if:name = 'if:x' and child::a-1:b[if:c > 10] or ancestor::if:d", &mut map);
        assert_eq!(text, "../p-if:name = 'if:x' and child::p-a-1:b[p-if:c > 10] or ancestor::p-if:d");
        assert_eq!(seen, ["if", "a-1", "if", "if"]);
    }

    #[test]
    fn strings_keep_what_they_say() {
        assert_eq!(quoted("a \"b\" \\d\n"), r#""a \"b\" \\d\n""#);
    }
}
