//! Base 64 (RFC 4648 section 4), the lexical form of `binary`.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Octets as base 64, padded, without line breaks.
pub fn encode(octets: &[u8]) -> String {
    let mut out = String::with_capacity(octets.len().div_ceil(3) * 4);
    for chunk in octets.chunks(3) {
        let bits = chunk.iter().fold(0u32, |n, &b| (n << 8) | u32::from(b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let sextet = (bits >> (18 - 6 * i)) & 0x3f;
            out.push(if i <= chunk.len() { char::from(ALPHABET[sextet as usize]) } else { '=' });
        }
    }
    out
}

/// The octets of a text in base 64.
///
/// White space is passed over: documents break long values into lines (certificates above all), although RFC 4648 section
/// 3.3 leaves that to whoever refers to it, and RFC 7950 says nothing.
///
/// # Errors
/// What is wrong, in words.
pub fn decode(text: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count, mut padding) = (0u32, 0u32, 0u32);
    for c in text.chars() {
        let sextet = match c {
            ' ' | '\t' | '\r' | '\n' => continue,
            '=' => {
                padding += 1;
                continue;
            }
            'A'..='Z' => c as u32 - 'A' as u32,
            'a'..='z' => c as u32 - 'a' as u32 + 26,
            '0'..='9' => c as u32 - '0' as u32 + 52,
            '+' => 62,
            '/' => 63,
            _ => return Err(format!("{c:?} is no character of base64")),
        };
        if padding > 0 {
            return Err("base64 goes on behind its padding".to_owned());
        }
        bits = (bits << 6) | sextet;
        count += 1;
        if count.is_multiple_of(4) {
            out.extend_from_slice(&bits.to_be_bytes()[1..]);
            bits = 0;
        }
    }
    if (count + padding) % 4 != 0 || padding > 2 {
        return Err(format!(
            "base64 comes in groups of four characters, the last has {}",
            (count + padding) % 4
        ));
    }
    // What the last, partial group holds beyond whole octets must be zero (RFC 4648 section 3.5): one form a value.
    match count % 4 {
        0 if padding == 0 => {}
        2 if bits & 0xf == 0 => out.push((bits >> 4) as u8),
        3 if bits & 0x3 == 0 => out.extend_from_slice(&((bits >> 2) as u16).to_be_bytes()),
        2 | 3 => {
            return Err("the last character of this base64 has bits set that stand for nothing".to_owned());
        }
        _ => return Err("a base64 group of one character holds no octet".to_owned()),
    }
    Ok(out)
}
