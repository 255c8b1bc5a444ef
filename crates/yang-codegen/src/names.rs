//! YANG names (RFC 7950 section 6.2) as Rust names: injective functions of the YANG name alone.
//!
//! Adding a node to a model never renames another, since no other name is looked at; and no two names meet, since every
//! Rust name made here can be read back (the tests do). Four places, four spellings:
//!
//! | place | `foo-bar` | `fooBar` | `foo_bar` | `FOO_BAR` |
//! |---|---|---|---|---|
//! | field, method, Rust module | `foo_bar` | `_fooBar` | `_foo_bar` | `_FOO_BAR` |
//! | type, enum variant | `FooBar` | `_fooBar` | `_foo_bar` | `FOO_BAR` |
//! | constant (identity, bit) | `foo_bar` | `fooBar` | `_foo_bar` | `FOO_BAR` |
//!
//! A leading `_` says: what follows is the YANG name as written, with `__` before the code of each character that Rust
//! does not take. A name that carries its module has `__` between the two: `ietf_ip__ipv4`. Rust's keywords become raw
//! identifiers; the few that cannot, and the names that generated code needs itself, get a trailing `_`.

use proc_macro2::{Ident, Span};

/// A YANG name, with its module where that must be told: on a node that another module's `augment` added.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct QName<'a> {
    /// The module, where the name carries it.
    pub module: Option<&'a str>,
    /// The name.
    pub name: &'a str,
}

impl<'a> QName<'a> {
    /// A name that stands alone.
    pub fn plain(name: &'a str) -> Self {
        Self { module: None, name }
    }

    /// A name that carries its module.
    pub fn of(module: &'a str, name: &'a str) -> Self {
        Self { module: Some(module), name }
    }

    /// The name of a field, method or argument.
    pub fn snake(self) -> Ident {
        ident(&self.snake_text())
    }

    /// The name of a type or variant.
    pub fn camel(self) -> Ident {
        ident(&self.camel_text())
    }

    /// The name of an enum's variant: as of a type, but an enum is a namespace of its own.
    pub fn variant(self) -> Ident {
        ident(&self.variant_text())
    }

    /// The name of an associated constant.
    pub fn constant(self) -> Ident {
        ident(&self.constant_text())
    }

    /// [`snake`](Self::snake) as text, `r#` included.
    pub fn snake_text(self) -> String {
        let text = self.spell(|s| is_kebab(s).then(|| s.replace('-', "_")));
        if NOT_RAW.contains(&text.as_str()) { format!("{text}_") } else { raw_if_keyword(text) }
    }

    /// The name of a Rust module, as text: as of a field, but out of the way of the Rust modules of generated code.
    pub fn module_text(self) -> String {
        let text = self.snake_text();
        if text.starts_with('_') {
            // A name as written is the name of the type as well, and the two stand side by side. No code of a character is `m`.
            format!("{text}__m")
        } else if RESERVED_MODULES.contains(&text.as_str()) || PRIMITIVE.contains(&text.as_str()) {
            format!("{text}_")
        } else {
            text
        }
    }

    /// [`camel`](Self::camel) as text.
    pub fn camel_text(self) -> String {
        let text = self.spell(camel_plain);
        if RESERVED_CAMEL.contains(&text.as_str()) { format!("{text}_") } else { text }
    }

    /// [`variant`](Self::variant) as text.
    pub fn variant_text(self) -> String {
        let text = self.spell(camel_plain);
        if text == "Self" { "Self_".to_owned() } else { text }
    }

    /// [`constant`](Self::constant) as text, `r#` included.
    pub fn constant_text(self) -> String {
        let text = self.spell(constant_plain);
        if NOT_RAW.contains(&text.as_str()) || text == "Self" {
            format!("{text}_")
        } else {
            raw_if_keyword(text)
        }
    }

    fn spell(self, plain: impl Fn(&str) -> Option<String>) -> String {
        let Some(module) = self.module else {
            return plain(self.name).unwrap_or_else(|| literal(self.name));
        };
        match (plain(module), plain(self.name)) {
            (Some(m), Some(n)) if !m.contains("__") && !n.contains("__") => format!("{m}__{n}"),
            _ => literal(&format!("{module}:{}", self.name)),
        }
    }
}

fn ident(text: &str) -> Ident {
    match text.strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(text, Span::call_site()),
    }
}

/// Words joined by single hyphens, lower case and digits alone, a letter first.
fn is_kebab(s: &str) -> bool {
    let mut before = b'-';
    s.starts_with(|c: char| c.is_ascii_lowercase())
        && !s.ends_with('-')
        && s.bytes().all(|b| {
            let good = b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' && before != b'-';
            before = b;
            good
        })
}

/// Words joined by single underscores, upper case and digits alone, a letter first: how OpenConfig writes identities.
fn is_shouted(s: &str) -> bool {
    s.starts_with(|c: char| c.is_ascii_uppercase())
        && s.split('_').all(|word| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
        })
}

fn camel_plain(s: &str) -> Option<String> {
    // `A`, `A1`: one letter tells no case, and belongs to the lower-case name.
    let ambiguous = |text: &str| text.bytes().skip(1).all(|b| b.is_ascii_digit());
    if is_shouted(s) {
        return (!ambiguous(s)).then(|| s.to_owned());
    }
    if !is_kebab(s) {
        return None;
    }
    let mut out = String::with_capacity(s.len());
    for (i, word) in s.split('-').enumerate() {
        let first = word.chars().next()?;
        if i > 0 && first.is_ascii_digit() {
            out.push('_');
        }
        out.push(first.to_ascii_uppercase());
        out.push_str(&word[1..]);
    }
    // `u-p` would be `UP`, which is the name `UP`.
    (out.contains(|c: char| c.is_ascii_lowercase()) || ambiguous(&out)).then_some(out)
}

fn constant_plain(s: &str) -> Option<String> {
    let mixed_case_word =
        || s.starts_with(|c: char| c.is_ascii_alphabetic()) && s.bytes().all(|b| b.is_ascii_alphanumeric());
    if is_kebab(s) {
        Some(s.replace('-', "_"))
    } else {
        (is_shouted(s) || mixed_case_word()).then(|| s.to_owned())
    }
}

/// `_` and the name as written: letters and digits stand for themselves, so does an underscore between two of them; all
/// else is `__` and a code. Takes any text, since an enum's name may be any.
fn literal(s: &str) -> String {
    let mut out = String::with_capacity(s.len() + 4);
    out.push('_');
    let alnum = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut chars = s.chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        match c {
            c if c.is_ascii_alphanumeric() => out.push(c),
            '_' if alnum(before) && alnum(chars.peek().copied()) => out.push('_'),
            '_' => out.push_str("__u"),
            '-' => out.push_str("__h"),
            '.' => out.push_str("__d"),
            ':' => out.push_str("__c"),
            '/' => out.push_str("__s"),
            ' ' => out.push_str("__w"),
            c => out.push_str(&format!("__x{:x}_", c as u32)),
        }
        before = Some(c);
    }
    out
}

/// Keywords that cannot be raw identifiers.
const NOT_RAW: [&str; 3] = ["self", "super", "crate"];

/// All other keywords of every edition, in use or reserved (the Rust reference, "Keywords").
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Rust modules of generated code, beside which those of nodes stand.
const RESERVED_MODULES: [&str; 5] = ["identities", "paths", "rt", "structures", "types"];

/// Rust's own types, which a Rust module of the name would hide: both are found where types are.
const PRIMITIVE: [&str; 17] = [
    "bool", "char", "f32", "f64", "i128", "i16", "i32", "i64", "i8", "isize", "str", "u128", "u16", "u32",
    "u64", "u8", "usize",
];

/// Types that generated code names without a path, or makes itself.
const RESERVED_CAMEL: [&str; 16] = [
    "Self", "Option", "Vec", "String", "Box", "Some", "None", "Ok", "Err", "Result", "Into", "Send", "Data",
    "Handler", "Client", "MODULE",
];

fn raw_if_keyword(text: String) -> String {
    if KEYWORDS.contains(&text.as_str()) { format!("r#{text}") } else { text }
}

#[cfg(test)]
mod tests;
