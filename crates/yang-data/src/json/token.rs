//! Tokens of JSON (RFC 8259): found in bytes that may end in the midst of one.

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Token {
    BeginObject,
    EndObject,
    BeginArray,
    EndArray,
    Colon,
    Comma,
    String,
    Number,
    True,
    False,
    Null,
}

/// What is wrong, and how many bytes ahead.
pub(crate) type Wrong = (usize, String);

/// The token at the begin of the bytes, with its length; `None`: its end has not come. `finished`: nothing more will.
pub(crate) fn token(bytes: &[u8], finished: bool) -> Result<Option<(Token, usize)>, Wrong> {
    let Some(&first) = bytes.first() else { return Ok(None) };
    let single = |token| Ok(Some((token, 1)));
    match first {
        b'{' => single(Token::BeginObject),
        b'}' => single(Token::EndObject),
        b'[' => single(Token::BeginArray),
        b']' => single(Token::EndArray),
        b':' => single(Token::Colon),
        b',' => single(Token::Comma),
        b'"' => string_end(bytes).map(|end| end.map(|end| (Token::String, end))),
        b'-' | b'0'..=b'9' => number(bytes, finished),
        b't' => word(bytes, b"true", Token::True),
        b'f' => word(bytes, b"false", Token::False),
        b'n' => word(bytes, b"null", Token::Null),
        _ => Err((0, "this begins no value of JSON".to_owned())),
    }
}

fn word(bytes: &[u8], word: &[u8], token: Token) -> Result<Option<(Token, usize)>, Wrong> {
    if bytes.starts_with(word) {
        return Ok(Some((token, word.len())));
    }
    if word.starts_with(bytes) {
        return Ok(None);
    }
    Err((0, "this begins no value of JSON".to_owned()))
}

/// Section 7: the length up to the closing quote.
fn string_end(bytes: &[u8]) -> Result<Option<usize>, Wrong> {
    let mut at = 1;
    loop {
        match memchr::memchr2(b'"', b'\\', &bytes[at..]) {
            None => return Ok(None),
            Some(found) => {
                at += found;
                if bytes[at] == b'"' {
                    return Ok(Some(at + 1));
                }
                // Whatever is escaped does not end the string.
                at += 2;
                if at > bytes.len() {
                    return Ok(None);
                }
            }
        }
    }
}

/// Section 6.
fn number(bytes: &[u8], finished: bool) -> Result<Option<(Token, usize)>, Wrong> {
    let end = bytes.iter().position(|b| !matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'));
    let text = match end {
        Some(end) => &bytes[..end],
        None if finished => bytes,
        None => return Ok(None),
    };
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let digits = |rest: &mut &[u8]| {
        let count = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        *rest = &rest[count..];
        count
    };
    let wrong = || Err((0, "this is no number of JSON".to_owned()));
    let leading_zero = rest.first() == Some(&b'0');
    let whole = digits(&mut rest);
    if whole == 0 || (leading_zero && whole > 1) {
        return wrong();
    }
    if let Some(fraction) = rest.strip_prefix(b".") {
        rest = fraction;
        if digits(&mut rest) == 0 {
            return wrong();
        }
    }
    if let Some(exponent) = rest.strip_prefix(b"e").or_else(|| rest.strip_prefix(b"E")) {
        rest = exponent.strip_prefix(b"+").or_else(|| exponent.strip_prefix(b"-")).unwrap_or(exponent);
        if digits(&mut rest) == 0 {
            return wrong();
        }
    }
    if rest.is_empty() { Ok(Some((Token::Number, text.len()))) } else { wrong() }
}

/// Appends what a string token stands for, its quotes cut off.
pub(crate) fn unescape(out: &mut String, text: &str) -> Result<(), Wrong> {
    if text.bytes().fold(false, |any, b| any | (b < 0x20))
        && let Some(at) = text.bytes().position(|b| b < 0x20)
    {
        return Err((at, "a control character stands in a string unescaped".to_owned()));
    }
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        let wrong = |message: &str| (text.len() - rest.len() + at, message.to_owned());
        let mut chars = rest[at + 1..].chars();
        let (c, length) = match chars.next() {
            Some(c @ ('"' | '\\' | '/')) => (c, 2),
            Some('b') => ('\u{8}', 2),
            Some('f') => ('\u{c}', 2),
            Some('n') => ('\n', 2),
            Some('r') => ('\r', 2),
            Some('t') => ('\t', 2),
            Some('u') => {
                let unit = |at: usize| {
                    rest.get(at..at + 4)
                        .filter(|h| h.bytes().all(|b| b.is_ascii_hexdigit()))
                        .and_then(|h| u32::from_str_radix(h, 16).ok())
                        .ok_or_else(|| wrong("\\u stands before four hexadecimal digits"))
                };
                let first = unit(at + 2)?;
                if let 0xd800..0xdc00 = first {
                    let second = match rest.get(at + 6..at + 8) {
                        Some("\\u") => unit(at + 8)?,
                        _ => 0,
                    };
                    if !(0xdc00..0xe000).contains(&second) {
                        return Err(wrong("half of a surrogate pair stands alone"));
                    }
                    let c = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                    (char::from_u32(c).ok_or_else(|| wrong("this is no character"))?, 12)
                } else {
                    (
                        char::from_u32(first)
                            .ok_or_else(|| wrong("half of a surrogate pair stands alone"))?,
                        6,
                    )
                }
            }
            _ => return Err(wrong("JSON knows no such escape")),
        };
        out.push(c);
        rest = &rest[at + length..];
    }
    out.push_str(rest);
    Ok(())
}
