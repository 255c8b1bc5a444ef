//! What stands around elements: byte order mark, XML declaration, comments, processing instructions (XML 1.0 sections 2.5, 2.6,
//! 2.8 and 4.3.3).

use super::{Reader, Stage, find};
use crate::codec::{CodecError, CodecErrorKind};
use crate::xml::chars::is_space;
use crate::xml::name;
use crate::xml::tag::Tag;

impl Reader {
    /// The byte order mark, and what other encodings begin with. XML declarations can stand here and nowhere else.
    pub(super) fn start(&mut self) -> Result<bool, CodecError> {
        self.input.skip_mark();
        let bytes = self.input.bytes();
        let declaration = b"<?xml";
        if !self.input.is_finished()
            && self.input.fault().is_none()
            && bytes.len() <= declaration.len()
            && declaration.starts_with(bytes)
        {
            return Ok(false);
        }
        if bytes.starts_with(b"<?xml") && bytes.get(5).copied().is_some_and(is_space) {
            let Some(end) = find(bytes, b"?>", self.scanned) else {
                let length = bytes.len();
                self.scanned = length.saturating_sub(1);
                self.check_length(length, self.limits.attributes, "the XML declaration")?;
                // A byte order mark that was passed over must not be looked for again.
                return if self.input.is_finished() && self.input.fault().is_none() {
                    Err(self.fail(
                        CodecErrorKind::Truncated,
                        0,
                        "the XML declaration is not closed".to_owned(),
                    ))
                } else {
                    Ok(false)
                };
            };
            let text = self.input.ahead(5..end).to_owned();
            self.declaration(&text)?;
            self.advance(end + 2);
        }
        self.stage = Stage::Prolog;
        Ok(true)
    }

    /// XML 1.0 sections 2.8 and 4.3.3: version, then encoding, then standalone.
    pub(super) fn declaration(&mut self, inside: &str) -> Result<(), CodecError> {
        let mut tag = Tag::new(inside);
        let mut last = 0;
        while let Some(attribute) = tag.next() {
            let attribute = attribute
                .map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, 5 + at, message.to_owned()))?;
            let (rank, fits) = match attribute.name {
                "version" => (
                    1,
                    attribute
                        .value
                        .strip_prefix("1.")
                        .is_some_and(|minor| !minor.is_empty() && minor.bytes().all(|b| b.is_ascii_digit())),
                ),
                "encoding" => (2, attribute.value.eq_ignore_ascii_case("utf-8")),
                "standalone" => (3, matches!(attribute.value, "yes" | "no")),
                _ => (0, false),
            };
            if rank <= last || (last == 0 && rank != 1) || !fits {
                let message = if attribute.name == "encoding" {
                    format!("the encoding {:?} is not UTF-8", attribute.value)
                } else {
                    format!("the XML declaration must not say {}={:?} here", attribute.name, attribute.value)
                };
                return Err(self.fail(CodecErrorKind::Malformed, 5 + attribute.offset, message));
            }
            last = rank;
        }
        if last == 0 {
            return Err(self.fail(
                CodecErrorKind::Malformed,
                0,
                "the XML declaration tells no version".to_owned(),
            ));
        }
        Ok(())
    }

    pub(super) fn comment(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = self.input.ahead(4..length - 3);
        // Section 2.5.
        if inside.contains("--") || inside.ends_with('-') {
            return Err(self.fail(
                CodecErrorKind::Malformed,
                0,
                "\"--\" must not stand in a comment".to_owned(),
            ));
        }
        self.advance(length);
        Ok(())
    }

    pub(super) fn instruction(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = self.input.ahead(2..length - 2);
        let target = inside.split(|c: char| c.is_ascii_whitespace()).next().unwrap_or_default();
        if target.eq_ignore_ascii_case("xml") {
            let message = "an XML declaration stands at the begin of a document alone".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        if !name::is_ncname(target) {
            let message = "a processing instruction has no name".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.advance(length);
        Ok(())
    }
}
