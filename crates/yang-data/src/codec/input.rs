//! The text of a document that comes in pieces: what a push reader holds of it.

use crate::event::Position;

/// Text that has come and is not read yet. It is checked when it comes, so that tokens need not be: what stands behind a
/// fault is not taken.
#[derive(Debug)]
pub(crate) struct Input {
    text: String,
    /// Text before is read.
    at: usize,
    /// Bytes of a character whose end has not come.
    rest: Vec<u8>,
    fault: Option<Fault>,
    finished: bool,
    /// The first character of a text that the codec does not know, if it forbids any.
    illegal: fn(&str) -> Option<(usize, char)>,
    /// Bytes of the document before the text.
    before: u64,
    /// The line and column of `counted`, which stands in the line of `at` and not behind it.
    line: u32,
    column: u32,
    counted: usize,
    /// The next end of a line, or the length of the text.
    line_end: usize,
    /// Is each byte of the text a character?
    ascii: bool,
}

/// What stands behind the text instead of more text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fault {
    /// Bytes that are no UTF-8; the first of them.
    NotUtf8(u8),
    /// A character that the codec does not know.
    Illegal(char),
}

impl Input {
    pub(crate) fn new(illegal: fn(&str) -> Option<(usize, char)>) -> Self {
        Self {
            text: String::new(),
            at: 0,
            rest: Vec::new(),
            fault: None,
            finished: false,
            illegal,
            before: 0,
            line: 1,
            column: 1,
            counted: 0,
            line_end: 0,
            ascii: true,
        }
    }

    /// Adds bytes of the document.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.forget();
        if self.fault.is_some() {
            return;
        }
        if self.rest.is_empty() {
            return self.take(bytes);
        }
        // Up to the end of the character that began before.
        let mut rest = std::mem::take(&mut self.rest);
        let more = bytes.iter().take_while(|&&b| b & 0xc0 == 0x80).count().min(3);
        rest.extend_from_slice(&bytes[..more]);
        self.take(&rest);
        if self.fault.is_none() && self.rest.is_empty() {
            self.take(&bytes[more..]);
        } else if more < bytes.len() {
            self.fault.get_or_insert(Fault::NotUtf8(rest[0]));
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let mut text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                match error.error_len() {
                    Some(_) => self.fault = Some(Fault::NotUtf8(rest[0])),
                    None => self.rest = rest.to_vec(),
                }
                std::str::from_utf8(valid).unwrap_or_default()
            }
        };
        if let Some((at, c)) = (self.illegal)(text) {
            self.fault = Some(Fault::Illegal(c));
            self.rest.clear();
            text = &text[..at];
        }
        self.ascii &= text.is_ascii();
        let known = self.text.len();
        self.text.push_str(text);
        if self.line_end == known {
            self.line_end = self.find_line_end(known);
        }
    }

    /// Drops what is read.
    fn forget(&mut self) {
        if self.at == 0 {
            return;
        }
        self.mark();
        self.text.drain(..self.at);
        self.before += self.at as u64;
        self.line_end -= self.at;
        (self.at, self.counted) = (0, 0);
        self.ascii |= self.text.is_empty();
    }

    /// Says that no more bytes will come.
    pub(crate) fn finish(&mut self) {
        self.finished = true;
        if let Some(&first) = self.rest.first() {
            self.fault.get_or_insert(Fault::NotUtf8(first));
        }
    }

    /// Will no more bytes come?
    pub(crate) fn is_finished(&self) -> bool {
        self.finished
    }

    /// What stands behind the text, so that no more of it will come.
    pub(crate) fn fault(&self) -> Option<Fault> {
        self.fault
    }

    /// What is not read yet.
    #[inline]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// What is not read yet, up to a distance that ends a character.
    #[inline]
    pub(crate) fn ahead(&self, range: std::ops::Range<usize>) -> &str {
        &self.text[self.at + range.start..self.at + range.end]
    }

    /// The next byte.
    #[inline]
    pub(crate) fn first(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.at == self.text.len()
    }

    /// Passes over a byte order mark, which counts as no column.
    pub(crate) fn skip_mark(&mut self) {
        if self.before == 0 && self.at == 0 && self.text.starts_with('\u{feff}') {
            self.at = '\u{feff}'.len_utf8();
            self.counted = self.at;
        }
    }

    /// Passes over bytes.
    #[inline]
    pub(crate) fn advance(&mut self, count: usize) {
        self.at += count;
        if self.line_end < self.at {
            self.pass_lines();
        }
    }

    fn pass_lines(&mut self) {
        while self.line_end < self.at {
            self.line = self.line.saturating_add(1);
            self.column = 1;
            self.counted = self.line_end + 1;
            self.line_end = self.find_line_end(self.counted);
        }
    }

    fn find_line_end(&self, from: usize) -> usize {
        memchr::memchr(b'\n', &self.text.as_bytes()[from..]).map_or(self.text.len(), |found| from + found)
    }

    /// How many characters a part of one line has.
    fn characters(&self, from: usize, to: usize) -> u32 {
        let count = if self.ascii {
            to - from
        } else {
            // A character has one byte that does not continue another.
            self.text.as_bytes()[from..to].iter().filter(|&&b| b & 0xc0 != 0x80).count()
        };
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Where the next byte stands.
    #[inline]
    pub(crate) fn mark(&mut self) -> Position {
        self.column = self.column.saturating_add(self.characters(self.counted, self.at));
        self.counted = self.at;
        Position { line: self.line, column: self.column }
    }

    /// Where a byte further on stands.
    pub(crate) fn position(&self, ahead: usize) -> Position {
        let to = (self.at + ahead).min(self.text.len());
        let (mut line, mut column, mut from) = (self.line, self.column, self.counted);
        for end in memchr::memchr_iter(b'\n', &self.text.as_bytes()[self.at..to]) {
            line = line.saturating_add(1);
            (column, from) = (1, self.at + end + 1);
        }
        column = column.saturating_add(self.characters(from, to));
        Position { line, column }
    }

    /// How many bytes of the document stand before the next one.
    #[inline]
    pub(crate) fn offset(&self) -> u64 {
        self.before + self.at as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn input() -> Input {
        Input::new(|text| text.char_indices().find(|&(_, c)| c == '\u{1}'))
    }

    #[test]
    fn what_stands_behind_a_fault_is_not_taken() {
        for (bytes, text, fault) in [
            (&b"ab\x01cd"[..], "ab", Fault::Illegal('\u{1}')),
            (b"ab\xffcd", "ab", Fault::NotUtf8(0xff)),
            (b"\xc3\xa4\xc3", "\u{e4}", Fault::NotUtf8(0xc3)),
            (b"\xc3(", "", Fault::NotUtf8(0xc3)),
        ] {
            for pieces in [vec![bytes], bytes.chunks(1).collect::<Vec<_>>()] {
                let mut input = input();
                pieces.into_iter().for_each(|piece| input.push(piece));
                input.finish();
                assert_eq!((input.bytes(), input.fault()), (text.as_bytes(), Some(fault)), "{bytes:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn lines_and_columns_are_those_of_the_text(
            text in "[a\u{e4}\n]{0,30}", piece in 1usize..8, step in 1usize..8, asks in any::<u32>()
        ) {
            let mut input = input();
            let (mut done, mut turn) = (0, 0);
            for piece in text.as_bytes().chunks(piece) {
                input.push(piece);
                while !input.is_empty() {
                    let here = |end: usize| {
                        let before = &text[..end];
                        let line = before.matches('\n').count() as u32 + 1;
                        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
                        Position { line, column }
                    };
                    let count = input.ahead(0..input.bytes().len()).char_indices().nth(step).map_or(input.bytes().len(), |c| c.0);
                    prop_assert_eq!(input.position(count), here(done + count));
                    if asks >> (turn % 32) & 1 == 1 {
                        prop_assert_eq!(input.mark(), here(done));
                    }
                    input.advance(count);
                    (done, turn) = (done + count, turn + 1);
                    prop_assert_eq!(input.offset(), done as u64);
                }
            }
            prop_assert_eq!(done, text.len());
        }
    }
}
