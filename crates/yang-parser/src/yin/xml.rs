//! The tokens of XML 1.0 that a YIN module may have, with their places.

use crate::syntax::Place;
use memchr::{memchr, memmem};

/// An attribute: its name, and its value without quotes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attribute {
    pub(super) name: Place,
    pub(super) value: Place,
}

/// One token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Token {
    /// `<name ...>`, or `<name .../>`, which is empty. Its attributes are in [`Scanner::attributes`].
    Open { name: Place, end: u32, empty: bool },
    /// `</name>`.
    Close { name: Place, start: u32, end: u32 },
    /// Characters between tags.
    Text(Place),
    /// Characters of a CDATA section, which stand for themselves.
    Literal(Place),
}

/// What keeps a text from being XML: where, and why.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) at: Place,
    pub(super) message: String,
}

/// An element has no more attributes. A module's root names a namespace for each import.
const MAX_ATTRIBUTES: usize = 1_024;

/// Cuts a text into tokens; comments and processing instructions are passed over.
pub(super) struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    attributes: Vec<Attribute>,
    /// Where the document begins; a declaration may stand only here.
    start: usize,
}

fn is_blank(b: u8) -> bool {
    matches!(b, b' ' | b'\t' | b'\n' | b'\r')
}

fn is_name_start(c: char) -> bool {
    matches!(c, ':' | '_' | 'A'..='Z' | 'a'..='z' | '\u{c0}'..='\u{d6}' | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ff}'
        | '\u{370}'..='\u{37d}' | '\u{37f}'..='\u{1fff}' | '\u{200c}' | '\u{200d}' | '\u{2070}'..='\u{218f}'
        | '\u{2c00}'..='\u{2fef}' | '\u{3001}'..='\u{d7ff}' | '\u{f900}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fffd}'
        | '\u{10000}'..='\u{effff}')
}

fn is_name_char(c: char) -> bool {
    is_name_start(c)
        || matches!(c, '-' | '.' | '0'..='9' | '\u{b7}' | '\u{300}'..='\u{36f}' | '\u{203f}'..='\u{2040}')
}

/// May the character stand in a document?
fn is_xml_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

impl<'t> Scanner<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, bytes: text.as_bytes(), at: start, attributes: Vec::new(), start }
    }

    /// Those of the last opening tag.
    pub(super) fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    fn fault<T>(&self, start: usize, end: usize, message: impl Into<String>) -> Result<T, Fault> {
        let text = self.text;
        let (start, end) = (text.floor_char_boundary(start), text.ceil_char_boundary(end.max(start)));
        Err(Fault { at: (start as u32, end as u32), message: message.into() })
    }

    /// The next token; `None` at the end.
    pub(super) fn next(&mut self) -> Result<Option<Token>, Fault> {
        loop {
            let start = self.at;
            let rest = &self.bytes[start..];
            if rest.is_empty() {
                return Ok(None);
            }
            if rest[0] != b'<' {
                self.at += memchr(b'<', rest).unwrap_or(rest.len());
                self.check_characters(start, self.at)?;
                if let Some(n) = memmem::find(&self.bytes[start..self.at], b"]]>") {
                    return self.fault(start + n, start + n + 3, "`]]>` stands in a text");
                }
                return Ok(Some(Token::Text((start as u32, self.at as u32))));
            }
            match rest.get(1) {
                Some(b'/') => return self.close(start).map(Some),
                Some(b'?') => self.instruction(start)?,
                Some(b'!') if rest.starts_with(b"<!--") => self.comment(start)?,
                Some(b'!') if rest.starts_with(b"<![CDATA[") => {
                    let from = start + "<![CDATA[".len();
                    let to = self.find(start, from, b"]]>", "this CDATA section never ends")?;
                    self.at = to + 3;
                    return Ok(Some(Token::Literal((from as u32, to as u32))));
                }
                Some(b'!') if rest.starts_with(b"<!DOCTYPE") => {
                    return self.fault(start, start + 9, "a document type is not allowed");
                }
                _ => return self.open(start).map(Some),
            }
        }
    }

    fn check_characters(&self, start: usize, end: usize) -> Result<(), Fault> {
        let part = &self.text[start..end];
        match part.char_indices().find(|&(_, c)| !is_xml_char(c)) {
            None => Ok(()),
            Some((i, c)) => self.fault(
                start + i,
                start + i + c.len_utf8(),
                format!("the character U+{:04X} may not stand in XML", c as u32),
            ),
        }
    }

    /// Where something that has to come begins.
    fn find(&self, start: usize, from: usize, wanted: &[u8], missing: &str) -> Result<usize, Fault> {
        match self.bytes.get(from..).and_then(|rest| memmem::find(rest, wanted)) {
            Some(n) => self.check_characters(from, from + n).map(|()| from + n),
            None => self.fault(start, start + 1, missing),
        }
    }

    fn comment(&mut self, start: usize) -> Result<(), Fault> {
        let end = self.find(start, start + 4, b"--", "this comment never ends")?;
        if self.bytes.get(end + 2) != Some(&b'>') {
            return self.fault(end, end + 2, "`--` stands in a comment");
        }
        self.at = end + 3;
        Ok(())
    }

    fn instruction(&mut self, start: usize) -> Result<(), Fault> {
        let end = self.find(start, start + 2, b"?>", "this processing instruction never ends")?;
        let target = self.name_end(start + 2);
        let name = &self.text[start + 2..target];
        if name.is_empty() || (target < end && !is_blank(self.bytes[target])) {
            return self.fault(start, target + 1, "a processing instruction without a name");
        }
        if name.eq_ignore_ascii_case("xml") {
            if start != self.start || name != "xml" {
                return self.fault(start, target, "an XML declaration stands only at the start");
            }
            self.declaration(target, end)?;
        }
        self.at = end + 2;
        Ok(())
    }

    /// `version`, then maybe `encoding`, then maybe `standalone`.
    fn declaration(&mut self, from: usize, end: usize) -> Result<(), Fault> {
        self.at = from;
        self.attributes.clear();
        while self.at < end {
            if !self.blanks() || self.at == end {
                break;
            }
            let attribute = self.attribute()?;
            self.attributes.push(attribute);
        }
        let text = self.text;
        let part = |(start, end): Place| &text[start as usize..end as usize];
        let found: Vec<_> = self.attributes.iter().map(|a| (part(a.name), part(a.value))).collect();
        let names: Vec<_> = found.iter().map(|f| f.0).collect();
        let known = matches!(
            names[..],
            ["version"]
                | ["version", "encoding"]
                | ["version", "standalone"]
                | ["version", "encoding", "standalone"]
        );
        if self.at != end || !known || !matches!(found[0].1, "1.0" | "1.1") {
            return self.fault(from, end, "no declaration of XML 1.0");
        }
        match found.iter().find(|f| f.0 == "encoding") {
            Some((_, encoding)) if !["utf-8", "us-ascii"].contains(&&*encoding.to_ascii_lowercase()) => self
                .fault(from, end, format!("the encoding `{encoding}` is not supported: modules are UTF-8")),
            _ => Ok(()),
        }
    }

    /// Behind the name that begins at a byte.
    fn name_end(&self, start: usize) -> usize {
        let rest = self.text.get(start..).unwrap_or("");
        match rest.chars().next() {
            Some(c) if is_name_start(c) => start + rest.find(|c| !is_name_char(c)).unwrap_or(rest.len()),
            _ => start,
        }
    }

    fn name(&mut self, what: &str) -> Result<Place, Fault> {
        let start = self.at;
        let end = self.name_end(start);
        if end == start {
            return self.fault(start, start + 1, format!("expected {what}"));
        }
        self.at = end;
        let name = &self.text[start..end];
        let mut parts = name.split(':');
        let whole = parts.clone().count() <= 2 && parts.all(|part| part.starts_with(is_name_start));
        if !whole {
            return self.fault(start, end, format!("`{name}` is no name with or without a prefix"));
        }
        Ok((start as u32, end as u32))
    }

    fn blanks(&mut self) -> bool {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(|&b| is_blank(b)) {
            self.at += 1;
        }
        self.at > start
    }

    fn attribute(&mut self) -> Result<Attribute, Fault> {
        let name = self.name("an attribute, `>` or `/>`")?;
        self.blanks();
        if self.bytes.get(self.at) != Some(&b'=') {
            return self.fault(self.at, self.at + 1, "expected `=` after the name of an attribute");
        }
        self.at += 1;
        self.blanks();
        let quote = match self.bytes.get(self.at) {
            Some(&quote @ (b'"' | b'\'')) => quote,
            _ => return self.fault(self.at, self.at + 1, "expected the value of the attribute in quotes"),
        };
        let start = self.at + 1;
        let end = self.find(self.at, start, &[quote], "this value never ends")?;
        if let Some(n) = memchr(b'<', &self.bytes[start..end]) {
            return self.fault(start + n, start + n + 1, "`<` stands in the value of an attribute");
        }
        self.at = end + 1;
        Ok(Attribute { name, value: (start as u32, end as u32) })
    }

    fn open(&mut self, start: usize) -> Result<Token, Fault> {
        self.at = start + 1;
        let name = self.name("the name of an element")?;
        self.attributes.clear();
        loop {
            let blank = self.blanks();
            let empty = match self.bytes.get(self.at..) {
                Some([b'>', ..]) => false,
                Some([b'/', b'>', ..]) => {
                    self.at += 1;
                    true
                }
                None | Some([]) => return self.fault(start, start + 1, "this tag never ends"),
                _ if !blank => return self.fault(self.at, self.at + 1, "expected a blank, `>` or `/>`"),
                _ => {
                    if self.attributes.len() == MAX_ATTRIBUTES {
                        let message = format!("more than {MAX_ATTRIBUTES} attributes");
                        return self.fault(self.at, self.at + 1, message);
                    }
                    let attribute = self.attribute()?;
                    self.attributes.push(attribute);
                    continue;
                }
            };
            self.at += 1;
            return Ok(Token::Open { name, end: self.at as u32, empty });
        }
    }

    fn close(&mut self, start: usize) -> Result<Token, Fault> {
        self.at = start + 2;
        let name = self.name("the name of an element")?;
        self.blanks();
        if self.bytes.get(self.at) != Some(&b'>') {
            return self.fault(self.at, self.at + 1, "expected `>`");
        }
        self.at += 1;
        Ok(Token::Close { name, start: start as u32, end: self.at as u32 })
    }
}

/// Adds a text to a value: references are replaced and line breaks are line feeds. In an attribute, blanks are spaces.
pub(super) fn decode(text: &str, start: u32, attribute: bool, out: &mut String) -> Result<(), Fault> {
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '\r' => {
                if chars.peek().is_some_and(|&(_, c)| c == '\n') {
                    chars.next();
                }
                out.push(if attribute { ' ' } else { '\n' });
            }
            '\t' | '\n' if attribute => out.push(' '),
            '&' => {
                let rest = &text[at + 1..];
                // No reference that is allowed is longer.
                let end = rest.bytes().take(12).position(|b| b == b';');
                let name = end.map_or("", |end| &rest[..end]);
                let Some(c) = reference(name) else {
                    let place = (start + at as u32, start + (at + 1 + end.map_or(0, |end| end + 1)) as u32);
                    let message = if name.is_empty() {
                        "`&` begins a reference, which ends with `;`".to_owned()
                    } else {
                        format!("`&{name};` is no reference to a character that may stand here")
                    };
                    return Err(Fault { at: place, message });
                };
                out.push(c);
                for _ in 0..=name.len() {
                    chars.next();
                }
            }
            c => out.push(c),
        }
    }
    Ok(())
}

fn reference(name: &str) -> Option<char> {
    let number = |digits: &str, radix| {
        // `from_str_radix` takes a sign.
        let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
        u32::from_str_radix(digits, radix).ok().filter(|_| plain).and_then(char::from_u32)
    };
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => match name.strip_prefix("#x") {
            Some(digits) => number(digits, 16),
            None => number(name.strip_prefix('#')?, 10),
        }
        .filter(|&c| is_xml_char(c)),
    }
}
