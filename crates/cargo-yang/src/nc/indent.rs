//! XML with a line for each element, made while it comes: what is held is one token that is not complete.
//!
//! Text stands as it came; white space that stands between elements alone goes.

use super::redact::token_from;

/// Indents well-formed XML that comes in pieces, which may end anywhere.
#[derive(Debug, Default)]
pub(super) struct Indenter {
    /// How many elements are open.
    depth: usize,
    /// What has come and is not a whole token yet.
    rest: Vec<u8>,
    /// White space that is text if text follows, or if it is all that an element holds.
    blank: Vec<u8>,
    /// A start tag was last, behind which text may follow on the same line.
    after_open: bool,
    /// Markup was last, not text.
    after_markup: bool,
    /// Something was written.
    begun: bool,
}

impl Indenter {
    /// Takes a piece. A start tag with nothing around it goes through `outermost` first, which can add to it.
    pub(super) fn push(&mut self, piece: &[u8], outermost: &dyn Fn(&str) -> String, out: &mut Vec<u8>) {
        let mut joined = std::mem::take(&mut self.rest);
        let mut looked_at = joined.len();
        let mut bytes = if joined.is_empty() {
            piece
        } else {
            joined.extend_from_slice(piece);
            &joined
        };
        while let Some(length) = token_from(bytes, looked_at).filter(|length| *length > 0) {
            let (part, behind) = bytes.split_at(length);
            (bytes, looked_at) = (behind, 0);
            self.token(part, outermost, out);
        }
        let whole = bytes.len() == joined.len();
        self.rest = if whole { joined } else { bytes.to_vec() };
    }

    /// Nothing more comes. Says whether there was anything.
    pub(super) fn finish(mut self, out: &mut Vec<u8>) -> bool {
        out.append(&mut self.rest);
        self.begun
    }

    fn token(&mut self, part: &[u8], outermost: &dyn Fn(&str) -> String, out: &mut Vec<u8>) {
        let is_text = !part.starts_with(b"<") || part.starts_with(b"<![CDATA[");
        if is_text {
            if part.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')) {
                // The middle of a text may be white space, too.
                if self.after_markup || !self.begun {
                    self.blank.extend_from_slice(part)
                } else {
                    out.extend_from_slice(part)
                }
                return;
            }
            out.append(&mut self.blank);
            out.extend_from_slice(part);
            (self.begun, self.after_markup) = (true, false);
            return;
        }
        if part.starts_with(b"</") {
            self.depth = self.depth.saturating_sub(1);
            if self.after_open {
                out.append(&mut self.blank);
            } else if self.after_markup {
                self.new_line(out);
            }
            out.extend_from_slice(part);
            self.after_open = false;
        } else {
            self.new_line(out);
            let is_tag = !part.starts_with(b"<!") && !part.starts_with(b"<?");
            match std::str::from_utf8(part) {
                Ok(tag) if is_tag && self.depth == 0 => out.extend_from_slice(outermost(tag).as_bytes()),
                _ => out.extend_from_slice(part),
            }
            self.after_open = is_tag && !part.ends_with(b"/>");
            self.depth += usize::from(self.after_open);
        }
        self.blank.clear();
        (self.begun, self.after_markup) = (true, true);
    }

    fn new_line(&self, out: &mut Vec<u8>) {
        if self.begun {
            out.push(b'\n');
        }
        out.resize(out.len() + 2 * self.depth, b' ');
    }
}

/// The same of XML that is there.
pub(super) fn indent(text: &str) -> String {
    let mut out = Vec::with_capacity(text.len() * 2);
    let mut indenter = Indenter::default();
    indenter.push(text.as_bytes(), &str::to_owned, &mut out);
    indenter.finish(&mut out);
    // It went in as UTF-8, and is taken apart at `<` and `>` alone.
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [(&str, &str); 9] = [
        ("<a/>", "<a/>"),
        ("<a><b>x</b><c/></a>", "<a>\n  <b>x</b>\n  <c/>\n</a>"),
        ("<a>\n <b> </b>\n</a>", "<a>\n  <b> </b>\n</a>"),
        ("<a b='>'><c><d>1\n2</d></c></a>", "<a b='>'>\n  <c>\n    <d>1\n2</d>\n  </c>\n</a>"),
        ("<a></a><b><![CDATA[<x>]]></b>", "<a></a>\n<b><![CDATA[<x>]]></b>"),
        // White space at the edges of a text, and in the middle of one, is the text's.
        ("<a>\n <b> x  y </b></a>", "<a>\n  <b> x  y </b>\n</a>"),
        ("<a><b>ä\u{a0}</b><b>\u{a0}</b></a>", "<a>\n  <b>ä\u{a0}</b>\n  <b>\u{a0}</b>\n</a>"),
        (
            "<a><!-- > --><b c=\"/>\"> <![CDATA[ ]]> </b></a>",
            "<a>\n  <!-- > -->\n  <b c=\"/>\"> <![CDATA[ ]]> </b>\n</a>",
        ),
        // Text beside elements stays where it is.
        ("<a><b/>x></a>", "<a>\n  <b/>x></a>"),
    ];

    #[test]
    fn xml_is_indented() {
        for (text, shown) in CASES {
            assert_eq!(indent(text), shown);
        }
    }

    #[test]
    fn wherever_it_is_cut() {
        for (text, shown) in CASES {
            for at in 0..=text.len() {
                for then in at..=text.len() {
                    let (mut out, mut indenter) = (Vec::new(), Indenter::default());
                    for piece in
                        [&text.as_bytes()[..at], &text.as_bytes()[at..then], &text.as_bytes()[then..]]
                    {
                        indenter.push(piece, &str::to_owned, &mut out);
                    }
                    assert!(indenter.finish(&mut out));
                    assert_eq!(String::from_utf8(out).unwrap(), shown, "cut at {at} and {then}");
                }
            }
        }
    }

    #[test]
    fn outermost_tags_can_be_added_to() {
        let (mut out, mut indenter) = (Vec::new(), Indenter::default());
        let declared = |tag: &str| tag.replacen(['>', '/'], " x>", 1).replace(">>", "/>");
        for piece in ["<da", "ta><a/></data><b", "/>"] {
            indenter.push(piece.as_bytes(), &declared, &mut out);
        }
        assert!(indenter.finish(&mut out));
        assert_eq!(String::from_utf8(out).unwrap(), "<data x>\n  <a/>\n</data>\n<b x/>");
        let mut out = Vec::new();
        assert!(!Indenter::default().finish(&mut out) && out.is_empty());
    }
}
