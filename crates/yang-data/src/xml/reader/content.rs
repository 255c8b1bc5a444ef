//! Character data and CDATA sections (XML 1.0 sections 2.4 and 2.7).

use super::{Reader, Stage, find};
use crate::codec::{CodecError, CodecErrorKind};
use crate::xml::chars::is_space;
use crate::xml::text;

impl Reader {
    /// Takes character data up to the next `<`. `false`: it has not come.
    pub(super) fn character_data(&mut self) -> Result<bool, CodecError> {
        let from = self.scanned.max(self.at);
        let found = find(&self.buffer, b"<", from);
        let end = match found {
            Some(end) => end,
            None if self.finished => self.buffer.len(),
            None => {
                self.scanned = self.buffer.len();
                self.check_length(self.scanned - self.at, self.limits.text, "a text")?;
                return Ok(false);
            }
        };
        let length = end - self.at;
        self.check_length(length, self.limits.text, "a text")?;
        let range = self.at..end;
        if self.stage == Stage::Content {
            self.begin_text();
            let mut out = std::mem::take(&mut self.text);
            let result = match std::str::from_utf8(&self.buffer[range.clone()]) {
                Ok(raw) => text::append(&mut out, raw),
                Err(e) => Err((e.valid_up_to(), "the text is not UTF-8".to_owned())),
            };
            self.text = out;
            result.map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, at, message))?;
            self.check_length(self.text.len(), self.limits.text, "a text")?;
        } else if let Some(at) = self.buffer[range].iter().position(|&b| !is_space(b)) {
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
            self.text_position = self.here(0);
            self.token = self.offset(0)..self.offset(0);
        }
    }

    pub(super) fn cdata(&mut self, length: usize) -> Result<(), CodecError> {
        if self.stage != Stage::Content {
            let message = "text stands outside of the root element".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.begin_text();
        let mut out = std::mem::take(&mut self.text);
        let result = match std::str::from_utf8(&self.buffer[self.at + 9..self.at + length - 3]) {
            Ok(raw) => text::append_cdata(&mut out, raw),
            Err(e) => Err((e.valid_up_to(), "the text is not UTF-8".to_owned())),
        };
        self.text = out;
        result.map_err(|(at, message)| self.fail(CodecErrorKind::Malformed, 9 + at, message))?;
        self.check_length(self.text.len(), self.limits.text, "a text")?;
        self.advance(length);
        Ok(())
    }
}
