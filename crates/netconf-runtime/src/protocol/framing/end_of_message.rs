//! The framing of NETCONF 1.0: RFC 6242 section 4.3.

use super::{FramingError, Piece};
use bytes::{Buf, Bytes};
use memchr::memmem;

pub(super) const MARK: &[u8] = b"]]>]]>";

/// Finds the end of messages.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// How many bytes of a mark were seen at the end of what came so far. They are not given out yet.
    matched: usize,
    /// A byte of the current message was seen that is not white space.
    inside: bool,
}

impl Decoder {
    /// Takes something off `input`, which is not empty.
    pub(super) fn decode(&mut self, input: &mut Bytes) -> Option<Piece> {
        if !self.inside && self.matched == 0 {
            // White space between messages is common, and an XML declaration may not follow any.
            let space = input.iter().take_while(|b| b.is_ascii_whitespace()).count();
            input.advance(space);
            if input.is_empty() {
                return None;
            }
        }
        self.inside = true;
        if self.matched > 0 {
            return self.continue_mark(input);
        }
        let end = memmem::find(input, MARK);
        let length = end.unwrap_or_else(|| input.len() - partial(input));
        if end == Some(0) {
            input.advance(MARK.len());
            self.inside = false;
            return Some(Piece::End);
        }
        let data = input.split_to(length);
        if end.is_none() {
            self.matched = input.len();
            input.clear();
        }
        (!data.is_empty()).then_some(Piece::Data(data))
    }

    /// A mark began in bytes that are gone.
    fn continue_mark(&mut self, input: &mut Bytes) -> Option<Piece> {
        while self.matched < MARK.len() {
            let byte = input.first()?;
            if *byte == MARK[self.matched] {
                self.matched += 1;
                input.advance(1);
                continue;
            }
            // The longest end of what was seen that can still begin a mark stays; the rest was data.
            let seen = self.matched;
            let keep = (0..seen).rev().find(|k| MARK[seen - k..seen] == MARK[..*k]).unwrap_or(0);
            self.matched = keep;
            return Some(Piece::Data(Bytes::from_static(&MARK[..seen - keep])));
        }
        *self = Self::default();
        Some(Piece::End)
    }

    pub(super) fn at_boundary(&self) -> bool {
        !self.inside
    }
}

/// How many bytes at the end of `input` begin a mark.
fn partial(input: &[u8]) -> usize {
    (1..MARK.len()).rev().find(|n| input.ends_with(&MARK[..*n])).unwrap_or(0)
}

/// The last bytes of what was sent of a message, as far as a mark could begin in them.
#[derive(Debug, Default)]
pub(super) struct Tail {
    seen: u64,
    last: Vec<u8>,
}

impl Tail {
    /// The message goes on with `part`: does the mark come to stand in it?
    pub(super) fn check(&mut self, part: &[u8]) -> Result<(), FramingError> {
        let keep = MARK.len() - 1;
        let mut seam = std::mem::take(&mut self.last);
        let before = self.seen - seam.len() as u64;
        let across = part.len().min(keep);
        seam.extend_from_slice(&part[..across]);
        let found = memmem::find(&seam, MARK).map(|at| before + at as u64);
        if let Some(offset) = found.or_else(|| memmem::find(part, MARK).map(|at| self.seen + at as u64)) {
            let message = "NETCONF 1.0 cannot carry a message that contains `]]>]]>`".to_owned();
            return Err(FramingError { offset, message });
        }
        self.seen += part.len() as u64;
        if part.len() >= keep {
            seam.clear();
            seam.extend_from_slice(&part[part.len() - keep..]);
        } else {
            seam.drain(..seam.len().saturating_sub(keep));
        }
        self.last = seam;
        Ok(())
    }
}
