//! What a struct bound to YANG says of its nodes, as one text: the derive macro writes it, a device reads it when it first
//! walks the struct.
//!
//! The description of a large model as Rust expressions costs the compiler most of the time that the model takes; a text
//! costs it nothing. So a description is a row of [`Word`]s, each a letter and its operands: a string as its length in
//! bytes, `:` and itself, a number as its digits and `;`. A word that opens with [`Word::Node`] or [`Word::Field`] is told
//! more of by the words behind it.

/// What a bound type or a field stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the name of the statement")]
pub enum Kind {
    /// All top-level data nodes of a module or of a set of modules; it has no name.
    Root,
    Container,
    List,
    Leaf,
    LeafList,
    Choice,
    Case,
    AnyData,
    AnyXml,
    Input,
    Output,
    Notification,
    /// Where nodes go that the model does not know.
    Unknown,
}

/// All kinds; a kind is written as its number in this row.
const KINDS: [Kind; 13] = [
    Kind::Root,
    Kind::Container,
    Kind::List,
    Kind::Leaf,
    Kind::LeafList,
    Kind::Choice,
    Kind::Case,
    Kind::AnyData,
    Kind::AnyXml,
    Kind::Input,
    Kind::Output,
    Kind::Notification,
    Kind::Unknown,
];

/// What a constraint says of its violation.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Info<'a> {
    /// `error-app-tag`.
    pub app_tag: Option<&'a str>,
    /// `error-message`.
    pub message: Option<&'a str>,
    /// The numeric code that the model's author gave.
    pub code: Option<u64>,
}

impl Info<'_> {
    /// Nothing said.
    pub const NONE: Info<'static> = Info { app_tag: None, message: None, code: None };
}

/// What is said with one string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "each is the name of the statement")]
pub enum Text {
    Default,
    Units,
    Status,
    Presence,
    IfFeature,
    /// `path` of a leafref.
    Leafref,
    /// `base` of an identityref.
    Base,
    /// The typedef that the model names.
    Typedef,
    Description,
}

/// The letters of strings.
const TEXTS: [(char, Text); 9] = [
    ('d', Text::Default),
    ('u', Text::Units),
    ('s', Text::Status),
    ('p', Text::Presence),
    ('f', Text::IfFeature),
    ('l', Text::Leafref),
    ('b', Text::Base),
    ('t', Text::Typedef),
    ('i', Text::Description),
];

/// One thing that is said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Word<'a> {
    /// A type begins: its kind and its name in YANG.
    Node(Kind, &'a str),
    /// A field or variant begins: its kind, and its names in YANG and in Rust.
    Field(Kind, &'a str, &'a str),
    /// The node's or field's module, by its number among those that the type names.
    Module(usize),
    /// The field's type is bound too: its number among those that the type names.
    Child(usize),
    /// A key of the list, by the number of its field.
    Key(usize),
    /// `unique`: as written.
    Unique(&'a str, Info<'a>),
    /// `ordered-by user`.
    UserOrdered,
    /// `config false`.
    State,
    /// `require-instance false`.
    NoInstance,
    /// `mandatory`.
    Mandatory(Info<'a>),
    /// An empty or zero value is a violation.
    NonZero(Info<'a>),
    /// `min-elements`.
    MinElements(u32, Info<'a>),
    /// `max-elements`.
    MaxElements(u32, Info<'a>),
    /// `range`: as written, and its ascending, disjoint parts.
    Range(&'a str, Vec<(i128, i128)>, Info<'a>),
    /// `length`: the same.
    Length(&'a str, Vec<(i128, i128)>, Info<'a>),
    /// `pattern`: the expression, and whether it is inverted.
    Pattern(&'a str, bool, Info<'a>),
    /// `must`.
    Must(&'a str, Info<'a>),
    /// `when`.
    When(&'a str, Info<'a>),
    /// What is said with one string.
    Text(Text, &'a str),
    /// What every violation at the node says that has nothing of its own to say.
    Info(Info<'a>),
}

impl Word<'_> {
    /// Adds the word to a text.
    pub fn write(&self, out: &mut String) {
        match self {
            Word::Node(kind, name) => {
                start(out, 'N', *kind as usize);
                string(out, name);
            }
            Word::Field(kind, name, rust) => {
                start(out, 'F', *kind as usize);
                string(out, name);
                string(out, rust);
            }
            Word::Module(number) => start(out, 'O', *number),
            Word::Child(number) => start(out, 'C', *number),
            Word::Key(number) => start(out, 'K', *number),
            Word::Unique(text, info) => said(out, 'U', text, info),
            Word::UserOrdered => out.push('o'),
            Word::State => out.push('c'),
            Word::NoInstance => out.push('n'),
            Word::Mandatory(info) => {
                out.push('m');
                write_info(out, info);
            }
            Word::NonZero(info) => {
                out.push('z');
                write_info(out, info);
            }
            Word::MinElements(count, info) => {
                start(out, 'A', *count);
                write_info(out, info);
            }
            Word::MaxElements(count, info) => {
                start(out, 'Z', *count);
                write_info(out, info);
            }
            Word::Range(text, parts, info) => bounds(out, 'R', text, parts, info),
            Word::Length(text, parts, info) => bounds(out, 'L', text, parts, info),
            Word::Pattern(text, inverted, info) => said(out, if *inverted { 'I' } else { 'P' }, text, info),
            Word::Must(text, info) => said(out, 'M', text, info),
            Word::When(text, info) => said(out, 'W', text, info),
            Word::Text(what, text) => {
                let letter = TEXTS.iter().find(|(_, t)| t == what).map_or('d', |(letter, _)| *letter);
                out.push(letter);
                string(out, text);
            }
            Word::Info(info) => {
                out.push('e');
                write_info(out, info);
            }
        }
    }
}

fn start(out: &mut String, letter: char, number: impl std::fmt::Display) {
    out.push(letter);
    self::number(out, number);
}

fn number(out: &mut String, number: impl std::fmt::Display) {
    out.push_str(&number.to_string());
    out.push(';');
}

fn string(out: &mut String, text: &str) {
    out.push_str(&text.len().to_string());
    out.push(':');
    out.push_str(text);
}

fn said(out: &mut String, letter: char, text: &str, info: &Info<'_>) {
    out.push(letter);
    string(out, text);
    write_info(out, info);
}

fn bounds(out: &mut String, letter: char, text: &str, parts: &[(i128, i128)], info: &Info<'_>) {
    start(out, letter, parts.len());
    for (min, max) in parts {
        number(out, min);
        number(out, max);
    }
    string(out, text);
    write_info(out, info);
}

fn write_info(out: &mut String, info: &Info<'_>) {
    if let Some(tag) = info.app_tag {
        out.push('t');
        string(out, tag);
    }
    if let Some(message) = info.message {
        out.push('m');
        string(out, message);
    }
    if let Some(code) = info.code {
        start(out, 'c', code);
    }
    out.push('.');
}

/// Reads the words of a text. `None` inside: the text is none that [`Word::write`] makes, and there is nothing behind it.
#[derive(Clone, Debug)]
pub struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    /// The words of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    fn letter(&mut self) -> Option<char> {
        let letter = self.rest.chars().next()?;
        self.rest = &self.rest[letter.len_utf8()..];
        Some(letter)
    }

    fn until<T: std::str::FromStr>(&mut self, end: char) -> Option<T> {
        let (digits, rest) = self.rest.split_once(end)?;
        self.rest = rest;
        digits.parse().ok()
    }

    fn number<T: std::str::FromStr>(&mut self) -> Option<T> {
        self.until(';')
    }

    fn string(&mut self) -> Option<&'a str> {
        let length: usize = self.until(':')?;
        let text = self.rest.get(..length)?;
        self.rest = &self.rest[length..];
        Some(text)
    }

    fn kind(&mut self) -> Option<Kind> {
        KINDS.get(self.number::<usize>()?).copied()
    }

    fn parts(&mut self) -> Option<Vec<(i128, i128)>> {
        let count: usize = self.number()?;
        (0..count).map(|_| Some((self.number()?, self.number()?))).collect()
    }

    fn info(&mut self) -> Option<Info<'a>> {
        let mut info = Info::NONE;
        loop {
            match self.letter()? {
                't' => info.app_tag = Some(self.string()?),
                'm' => info.message = Some(self.string()?),
                'c' => info.code = Some(self.number()?),
                '.' => return Some(info),
                _ => return None,
            }
        }
    }

    fn word(&mut self) -> Option<Word<'a>> {
        Some(match self.letter()? {
            'N' => Word::Node(self.kind()?, self.string()?),
            'F' => Word::Field(self.kind()?, self.string()?, self.string()?),
            'O' => Word::Module(self.number()?),
            'C' => Word::Child(self.number()?),
            'K' => Word::Key(self.number()?),
            'U' => Word::Unique(self.string()?, self.info()?),
            'o' => Word::UserOrdered,
            'c' => Word::State,
            'n' => Word::NoInstance,
            'm' => Word::Mandatory(self.info()?),
            'z' => Word::NonZero(self.info()?),
            'A' => Word::MinElements(self.number()?, self.info()?),
            'Z' => Word::MaxElements(self.number()?, self.info()?),
            letter @ ('R' | 'L') => {
                let (parts, text, info) = (self.parts()?, self.string()?, self.info()?);
                if letter == 'R' { Word::Range(text, parts, info) } else { Word::Length(text, parts, info) }
            }
            'P' => Word::Pattern(self.string()?, false, self.info()?),
            'I' => Word::Pattern(self.string()?, true, self.info()?),
            'M' => Word::Must(self.string()?, self.info()?),
            'W' => Word::When(self.string()?, self.info()?),
            'e' => Word::Info(self.info()?),
            letter => {
                let (_, what) = TEXTS.iter().find(|(l, _)| *l == letter)?;
                Word::Text(*what, self.string()?)
            }
        })
    }
}

impl<'a> Iterator for Words<'a> {
    type Item = Option<Word<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let word = self.word();
        if word.is_none() {
            self.rest = "";
        }
        Some(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SAID: Info<'static> =
        Info { app_tag: Some("too;big"), message: Some("3:é.\n"), code: Some(u64::MAX) };

    fn all() -> Vec<Word<'static>> {
        let mut all = vec![
            Word::Module(0),
            Word::Child(12),
            Word::Key(3),
            Word::Unique("a b/c", SAID),
            Word::UserOrdered,
            Word::State,
            Word::NoInstance,
            Word::Mandatory(Info::NONE),
            Word::NonZero(SAID),
            Word::MinElements(1, Info::NONE),
            Word::MaxElements(u32::MAX, SAID),
            Word::Range("min..-1 | 5", vec![(i128::from(i64::MIN), -1), (5, 5)], SAID),
            Word::Length("", Vec::new(), Info::NONE),
            Word::Pattern("[;:.]*", false, Info::NONE),
            Word::Pattern("\\p{L}\u{1F600}", true, SAID),
            Word::Must("../a = 'b'", SAID),
            Word::When("", Info::NONE),
            Word::Info(SAID),
        ];
        all.extend(KINDS.map(|kind| Word::Node(kind, "top")));
        all.extend(KINDS.map(|kind| Word::Field(kind, "foo-bar", "foo_bar")));
        all.extend(TEXTS.map(|(_, what)| Word::Text(what, "12:x")));
        all
    }

    #[test]
    fn each_word_is_read_back() {
        let mut text = String::new();
        all().iter().for_each(|word| word.write(&mut text));
        let back: Option<Vec<_>> = Words::new(&text).collect();
        assert_eq!(back, Some(all()));
    }

    #[test]
    fn kinds_stand_at_their_numbers() {
        for (number, kind) in KINDS.into_iter().enumerate() {
            assert_eq!(kind as usize, number);
        }
    }

    #[test]
    fn what_is_cut_off_is_no_text() {
        for word in all() {
            let mut text = String::new();
            word.write(&mut text);
            for end in (1..text.len()).filter(|&end| text.is_char_boundary(end)) {
                assert_eq!(Words::new(&text[..end]).next(), Some(None), "{text:?} up to {end}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_comes_to_an_end(text in "[NFOCKUAZRLPIMWdte0-9:;.é]{0,40}") {
            prop_assert!(Words::new(&text).count() <= text.len());
        }
    }
}
