//! `binary` (RFC 7950 section 9.8): octets, in base64 (RFC 4648 section 4) on the wire.

use super::leaf::string_form;
use super::{Facet, Leaf, LeafError, ValueContext, Write};
use crate::codec::CodecError;
use crate::event::{Datum, Scalar};
use std::fmt;
use yang_schema::Base;

/// Octets.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Binary(pub Vec<u8>);

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

impl Binary {
    /// Its base64.
    pub fn to_base64(&self) -> String {
        let mut text = String::with_capacity(self.0.len().div_ceil(3) * 4);
        for chunk in self.0.chunks(3) {
            let mut bits = 0u32;
            for i in 0..3 {
                bits = bits << 8 | u32::from(chunk.get(i).copied().unwrap_or(0));
            }
            for i in 0..4 {
                if i <= chunk.len() {
                    text.push(char::from(ALPHABET[(bits >> (18 - 6 * i)) as usize & 63]));
                } else {
                    text.push('=');
                }
            }
        }
        text
    }

    /// The octets of a base64 text. White space may stand in it (RFC 2045 breaks lines); nothing else that is foreign.
    pub fn from_base64(text: &str) -> Option<Self> {
        let mut octets = Vec::with_capacity(text.len() / 4 * 3);
        let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
        for byte in text.bytes() {
            let value = match byte {
                b'A'..=b'Z' => byte - b'A',
                b'a'..=b'z' => byte - b'a' + 26,
                b'0'..=b'9' => byte - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                b' ' | b'\t' | b'\r' | b'\n' => continue,
                b'=' => {
                    padding += 1;
                    continue;
                }
                _ => return None,
            };
            if padding > 0 {
                return None;
            }
            bits = bits << 6 | u32::from(value);
            count += 1;
            if count == 4 {
                octets.extend_from_slice(&bits.to_be_bytes()[1..]);
                (bits, count) = (0, 0);
            }
        }
        // Bits behind the last octet are zero in the one right encoding.
        match (count, padding) {
            (0, 0) => {}
            (2, 2) if bits & 0xf == 0 => octets.push((bits >> 4) as u8),
            (3, 1) if bits & 0x3 == 0 => octets.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
            _ => return None,
        }
        Some(Self(octets))
    }
}

impl fmt::Debug for Binary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Binary({})", self.to_base64())
    }
}

impl From<Vec<u8>> for Binary {
    fn from(octets: Vec<u8>) -> Self {
        Self(octets)
    }
}

impl From<&[u8]> for Binary {
    fn from(octets: &[u8]) -> Self {
        Self(octets.to_vec())
    }
}

impl Leaf for Binary {
    const BASE: Base = Base::Binary;
    const HAS_LENGTH: bool = true;

    fn parse(scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<Self, LeafError> {
        Self::from_base64(string_form(scalar, "binary")?).ok_or_else(|| LeafError::no(scalar, "base64"))
    }

    fn write(&self, write: Write<'_>) -> Result<(), CodecError> {
        write(Datum::Text(&self.to_base64()))
    }

    fn facet(&self) -> Facet<'_> {
        Facet::Octets(self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_both_ways() {
        // The test vectors of RFC 4648 section 10.
        for (octets, text) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(Binary::from(octets.as_bytes()).to_base64(), text);
            assert_eq!(Binary::from_base64(text), Some(Binary::from(octets.as_bytes())));
        }
        assert_eq!(Binary::from_base64(" Zm9v\nYg== "), Some(Binary::from(b"foob".as_slice())));
        for text in ["Z", "Zg", "Zg=", "Zh==", "Zg==Zg==", "Zm9v!", "===="] {
            assert_eq!(Binary::from_base64(text), None, "{text}");
        }
    }
}
