//! Character data and CDATA sections (XML 1.0 sections 2.4 and 2.7).

use super::{Reader, Stage, find};
use crate::codec::{CodecError, CodecErrorKind};
use crate::xml::chars::is_space;
use crate::xml::text;

impl Reader {
    /// Takes character data up to the next `<`. `false`: it has not come.
    pub(super) fn character_data(&mut self) -> Result<bool, CodecError> {
        let bytes = self.input.bytes();
        let found = find(bytes, b"<", self.scanned);
        let length = match found {
            Some(end) => end,
            // What stands in front of a fault is looked at first: it may be wrong, too.
            None if self.input.is_finished() || self.input.fault().is_some() => bytes.len(),
            None => {
                let length = bytes.len();
                self.scanned = length;
                self.check_length(length, self.limits.text, "a text")?;
                return Ok(false);
            }
        };
        self.check_length(length, self.limits.text, "a text")?;
        if self.stage == Stage::Content {
            self.begin_text();
            let raw = self.input.ahead(0..length);
            if self.plain && memchr::memchr(b'&', raw.as_bytes()).is_none() {
                self.text.push_str(raw);
            } else if let Err((at, message)) = text::append(&mut self.text, raw) {
                return Err(self.fail(CodecErrorKind::Malformed, at, message));
            }
            self.check_length(self.text.len(), self.limits.text, "a text")?;
        } else if let Some(at) = self.input.bytes()[..length].iter().position(|&b| !is_space(b)) {
            let message = if self.stage == Stage::Epilog {
                "text stands behind the end of the root element"
            } else {
                "text stands before the root element"
            };
            return Err(self.fail(CodecErrorKind::Malformed, at, message.to_owned()));
        }
        self.advance(length);
        Ok(found.is_some())
    }

    pub(super) fn begin_text(&mut self) {
        if !self.has_text {
            self.has_text = true;
            self.text_position = self.input.mark();
            self.token = self.input.offset()..self.input.offset();
        }
    }

    pub(super) fn cdata(&mut self, length: usize) -> Result<(), CodecError> {
        if self.stage != Stage::Content {
            let message = "text stands outside of the root element".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.begin_text();
        text::append_cdata(&mut self.text, self.input.ahead(9..length - 3));
        self.check_length(self.text.len(), self.limits.text, "a text")?;
        self.advance(length);
        Ok(())
    }
}
