//! The framing of NETCONF 1.1: RFC 6242 section 4.2.
//!
//! ```text
//! message = 1*chunk end-of-chunks
//! chunk = LF "#" chunk-size LF chunk-data        chunk-size: 1 to 4294967295, without leading zeros
//! end-of-chunks = LF "##" LF
//! ```

use super::Piece;
use bytes::{Buf, Bytes};

/// The largest chunk that is sent. Larger ones are received.
pub const MAX_CHUNK: usize = 64 << 10;

#[derive(Debug, Default)]
pub(super) struct Decoder {
    at: At,
    /// A chunk of the current message was seen.
    begun: bool,
}

/// What is to come.
#[derive(Debug, Default, Clone, Copy)]
enum At {
    /// The line feed before a chunk or before the end.
    #[default]
    LineFeed,
    /// The `#` after it.
    Hash,
    /// A digit, or the second `#` of the end.
    Size,
    /// Further digits, or the line feed after them.
    Digits(u32),
    /// That many bytes of data.
    Data(u32),
    /// The line feed that ends the message.
    Last,
}

impl Decoder {
    /// Takes something off `input`, which is not empty.
    pub(super) fn decode(&mut self, input: &mut Bytes) -> Result<Option<Piece>, String> {
        while let Some(&byte) = input.first() {
            self.at = match (self.at, byte) {
                (At::Data(left), _) => {
                    let data = input.split_to(input.len().min(left as usize));
                    let left = left - data.len() as u32;
                    self.at = if left == 0 { At::LineFeed } else { At::Data(left) };
                    return Ok(Some(Piece::Data(data)));
                }
                (At::LineFeed, b'\n') => At::Hash,
                (At::Hash, b'#') => At::Size,
                (At::Size, b'#') if self.begun => At::Last,
                (At::Size, b'#') => return Err("a message ends that has no chunk".to_owned()),
                (At::Size, b'0') => return Err("a chunk size begins with zero".to_owned()),
                (At::Size, b'1'..=b'9') => At::Digits(u32::from(byte - b'0')),
                (At::Digits(size), b'0'..=b'9') => {
                    let size = size.checked_mul(10).and_then(|s| s.checked_add(u32::from(byte - b'0')));
                    At::Digits(size.ok_or("a chunk size is above 4294967295")?)
                }
                (At::Digits(size), b'\n') => {
                    self.begun = true;
                    At::Data(size)
                }
                (At::Last, b'\n') => {
                    input.advance(1);
                    *self = Self::default();
                    return Ok(Some(Piece::End));
                }
                (at, byte) => return Err(unexpected(at, byte)),
            };
            input.advance(1);
        }
        Ok(None)
    }

    pub(super) fn at_boundary(&self) -> bool {
        !self.begun && matches!(self.at, At::LineFeed)
    }
}

fn unexpected(at: At, byte: u8) -> String {
    let expected = match at {
        At::LineFeed => "the line feed before a chunk",
        At::Hash => "`#`",
        At::Size => "a chunk size or `#`",
        At::Digits(_) => "a digit or the line feed after a chunk size",
        At::Data(_) => "data",
        At::Last => "the line feed after `##`",
    };
    format!("`{}` came instead of {expected}", byte.escape_ascii())
}

/// What ends a message.
pub(super) const END: &[u8] = b"\n##\n";

pub(super) fn encode(mut message: Bytes, out: &mut impl Extend<Bytes>) {
    // What is empty has no chunk.
    while !message.is_empty() {
        let chunk = message.split_to(message.len().min(MAX_CHUNK));
        out.extend([Bytes::from(format!("\n#{}\n", chunk.len())), chunk]);
    }
}
