//! Text in all the styles that vendors write in.

use std::fmt::Write as _;

/// Numbers that look random and are the same each time (splitmix64).
#[derive(Clone, Debug)]
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    /// True once in so many times.
    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// A number for a name (FNV-1a).
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, b| (hash ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

const WORDS: [&str; 32] = [
    "interface",
    "the",
    "configured",
    "neighbour",
    "value",
    "of",
    "session",
    "a",
    "policy",
    "when",
    "traffic",
    "is",
    "not",
    "forwarding",
    "(deprecated)",
    "hold-time",
    "größer",
    "als",
    "接口",
    "\"quoted\"",
    "back\\slash",
    "it's",
    "{brace}",
    "semi;colon",
    "// no comment",
    "/* neither */",
    "naïve",
    "→",
    "100%",
    "e.g.",
    "🛰",
    "<tag/>",
];

/// Writes the statements of one file.
#[derive(Debug)]
pub(super) struct Writer {
    out: String,
    depth: usize,
    pub(super) random: Random,
    crlf: bool,
    tabs: bool,
    commented: bool,
    odd_quotes: bool,
    /// YANG 1.
    pub(super) old: bool,
}

impl Writer {
    pub(super) fn new(seed: u64, old: bool) -> Self {
        let mut random = Random::new(seed);
        let mut out = String::new();
        if random.one_in(2) {
            out.push_str("/*\n * Copyright (c) 2009-2026 by Acme Networks, Inc.\n * All rights reserved; see \"LICENSE\".\n */\n\n");
        }
        Self {
            out,
            depth: 0,
            crlf: random.one_in(6),
            tabs: random.one_in(5),
            commented: random.one_in(2),
            odd_quotes: random.one_in(3),
            random,
            old,
        }
    }

    pub(super) fn finish(self) -> String {
        if self.crlf { self.out.replace('\n', "\r\n") } else { self.out }
    }

    pub(super) fn len(&self) -> usize {
        self.out.len()
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str(if self.tabs { "\t" } else { "  " });
        }
    }

    fn begin(&mut self, keyword: &str) {
        if self.commented && self.random.one_in(12) {
            self.indent();
            self.out.push_str("// ");
            let words = 1 + self.random.below(8);
            self.words(words);
            self.out.push('\n');
        }
        self.indent();
        self.out.push_str(keyword);
        if self.commented && self.random.one_in(60) {
            self.out.push_str(" /* see PR 4711 */");
        }
    }

    /// A statement without substatements.
    pub(super) fn statement(&mut self, keyword: &str, argument: &str) {
        self.begin(keyword);
        self.argument(argument);
        if self.odd_quotes && self.random.one_in(40) {
            self.out.push_str(" { }\n");
        } else {
            self.out.push_str(";\n");
        }
    }

    /// A statement without an argument.
    pub(super) fn bare(&mut self, keyword: &str) {
        self.begin(keyword);
        self.out.push_str(";\n");
    }

    /// A statement whose substatements follow until [`close`](Self::close).
    pub(super) fn open(&mut self, keyword: &str, argument: &str) {
        self.begin(keyword);
        if !argument.is_empty() {
            self.argument(argument);
        }
        self.out.push_str(if self.odd_quotes && self.random.one_in(9) { "\n{\n" } else { " {\n" });
        self.depth += 1;
    }

    pub(super) fn close(&mut self) {
        self.depth -= 1;
        self.indent();
        self.out.push('}');
        if self.commented && self.random.one_in(9) {
            self.out.push_str(" // end");
        }
        self.out.push('\n');
    }

    fn argument(&mut self, text: &str) {
        let plain = !text.is_empty()
            && text
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':' | b'/'))
            && !text.contains("//");
        let style = self.random.below(if self.odd_quotes { 5 } else { 14 });
        self.out.push(' ');
        match style {
            0 if !text.contains('\'') => _ = write!(self.out, "'{text}'"),
            1 if text.len() > 3 && text.is_ascii() => {
                let (first, second) = text.split_at(1 + self.random.below(text.len() - 1));
                self.double(first);
                self.out.push_str(if self.random.one_in(2) { " + " } else { "\n + " });
                self.double(second);
            }
            _ if plain && style != 2 => self.out.push_str(text),
            _ => self.double(text),
        }
    }

    fn double(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            if matches!(c, '"' | '\\') {
                self.out.push('\\');
            }
            self.out.push(c);
        }
        self.out.push('"');
    }

    fn words(&mut self, count: usize) {
        for i in 0..count {
            if i > 0 {
                self.out.push(' ');
            }
            let word = WORDS[self.random.below(WORDS.len())];
            self.out.push_str(word);
        }
    }

    /// A `description` of several lines, indented as people do.
    pub(super) fn description(&mut self) {
        self.text("description", 24);
    }

    fn text(&mut self, keyword: &str, most: usize) {
        let words = 3 + self.random.below(most);
        let mut text = String::new();
        for i in 0..words {
            if i > 0 {
                text.push_str(if i % 9 == 0 { "\n" } else { " " });
                if i % 9 == 0 {
                    text.extend(std::iter::repeat_n(' ', self.depth * 2 + 3));
                }
            }
            text.push_str(WORDS[self.random.below(WORDS.len())]);
        }
        self.begin(keyword);
        self.out.push_str(if self.random.one_in(2) { "\n" } else { " " });
        if self.odd_quotes && !text.contains('\'') {
            let _ = write!(self.out, "'{text}'");
        } else {
            self.double(&text);
        }
        self.out.push_str(";\n");
    }

    pub(super) fn version(&mut self) {
        if !self.old {
            self.statement("yang-version", "1.1");
        } else if self.random.one_in(2) {
            self.statement("yang-version", "1");
        }
    }

    /// What stands at the head of every module.
    pub(super) fn about(&mut self) {
        self.statement("organization", "Acme Networks, Inc.");
        self.statement("contact", "Acme TAC, 1 Loop Road; e-mail: \"cs-yang@acme.example.com\"");
        self.text("description", 60);
    }

    /// A history, newest first; the newest.
    pub(super) fn revisions(&mut self, count: usize) -> String {
        let date = |i: usize| format!("{}-{:02}-{:02}", 2026 - i / 12, 12 - i % 12, 28);
        for i in 0..count.max(1) {
            self.open("revision", &date(i));
            self.text("description", 12);
            if self.random.one_in(4) {
                self.statement("reference", "Release notes 7.11.1, section \"models\"");
            }
            self.close();
        }
        date(0)
    }

    /// The statements that a vendor's own tools read.
    pub(super) fn extension(&mut self) {
        match self.random.below(5) {
            0 => self.bare("ext:hidden"),
            1 => self.statement("ext:cli-name", "ip address-family"),
            2 => {
                self.open("ext:info", "Set the 'mode' of \"it\"");
                self.statement("ext:cli-name", "sub");
                self.close();
            }
            3 => self.statement("ext:task", "read,write:bgp"),
            _ => {}
        }
    }
}
