//! Tables from their text.

use super::{Bounds, Condition, Detail, Field, Module, Pattern, Table, Unique};
use std::sync::OnceLock;
use yang_schema::record::{Text, Word, Words};

/// A table as `#[derive(Yang)]` writes it down: a text ([`yang_schema::record`]), and what only Rust can say. It is read when
/// it is first asked for, once.
#[derive(Debug)]
pub struct Described {
    text: &'static str,
    modules: &'static [Module],
    set: &'static [Module],
    table: OnceLock<Table>,
}

impl Described {
    /// A text, the modules that its words number, and the modules of the set.
    pub const fn new(text: &'static str, modules: &'static [Module], set: &'static [Module]) -> Self {
        Self { text, modules, set, table: OnceLock::new() }
    }

    /// The table. `children` are the tables that its words number: they stand here and not in the static, since what a static names
    /// has to be compiled, whether anybody asks for it or not.
    ///
    /// # Panics
    /// Where derive macro and runtime are of versions that do not read each other's text.
    #[allow(clippy::expect_used, reason = "the text is compiled in: no data can bring this about")]
    pub fn table(&'static self, children: &[fn() -> &'static Table]) -> &'static Table {
        self.table
            .get_or_init(|| self.read(children).expect("the text was made by the derive of this runtime"))
    }

    /// What the field at a position says; of a union its members are fields.
    pub fn detail(&'static self, index: usize) -> &'static Detail {
        self.table(&[]).fields.get(index).map_or(&Detail::NONE, |field| field.detail)
    }

    /// What is read lives as long as the program: the vectors are made into slices that do.
    fn read(&self, children: &[fn() -> &'static Table]) -> Option<Table> {
        let mut words = Words::new(self.text).peekable();
        let Word::Node(kind, name) = words.next()?? else { return None };
        let mut table = Table { kind, name, modules: self.set, ..Table::EMPTY };
        let (mut keys, mut uniques, mut musts, mut fields) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        while let Some(word) = words.next() {
            match word? {
                Word::Field(kind, name, rust) => {
                    let (mut module, mut child, mut said) = (None, None, Said::default());
                    while let Some(word) = words.next_if(|w| !matches!(w, Some(Word::Field(..)))) {
                        match word? {
                            Word::Module(number) => module = Some(*self.modules.get(number)?),
                            Word::Child(number) => child = Some(*children.get(number)?),
                            word => said.word(word)?,
                        }
                    }
                    let rust = if rust.is_empty() { rust_name(name) } else { rust };
                    fields.push(Field { kind, name, rust, module, child, detail: said.detail() });
                }
                Word::Module(number) => table.module = Some(*self.modules.get(number)?),
                Word::Key(number) => keys.push(number),
                Word::Unique(text, info) => uniques.push(Unique { leaves: leaves(text), text, info }),
                Word::UserOrdered => table.user_ordered = true,
                Word::Must(xpath, info) => musts.push(Condition { xpath, info }),
                _ => return None,
            }
        }
        table.keys = keys.leak();
        table.uniques = uniques.leak();
        table.musts = musts.leak();
        table.fields = fields.leak();
        Some(table)
    }
}

/// The name in Rust that a YANG name has if nothing else is said.
fn rust_name(name: &'static str) -> &'static str {
    if name.contains('-') { name.replace('-', "_").leak() } else { name }
}

/// The leaves of a `unique`, each as names from the entry down.
fn leaves(text: &'static str) -> &'static [&'static [&'static str]] {
    let names = |path: &'static str| -> &'static [&'static str] {
        path.split('/').map(|step| step.rsplit(':').next().unwrap_or(step)).collect::<Vec<_>>().leak()
    };
    text.split_ascii_whitespace().map(names).collect::<Vec<_>>().leak()
}

/// What a field says, as it is read.
struct Said {
    any: bool,
    detail: Detail,
    patterns: Vec<Pattern>,
    musts: Vec<Condition>,
    whens: Vec<Condition>,
    defaults: Vec<&'static str>,
    if_features: Vec<&'static str>,
    bases: Vec<&'static str>,
}

impl Default for Said {
    fn default() -> Self {
        Self {
            any: false,
            detail: Detail::NONE,
            patterns: Vec::new(),
            musts: Vec::new(),
            whens: Vec::new(),
            defaults: Vec::new(),
            if_features: Vec::new(),
            bases: Vec::new(),
        }
    }
}

impl Said {
    fn word(&mut self, word: Word<'static>) -> Option<()> {
        self.any = true;
        let detail = &mut self.detail;
        match word {
            Word::UserOrdered => detail.user_ordered = true,
            Word::State => detail.config = false,
            Word::NoInstance => detail.require_instance = false,
            Word::Mandatory(info) => detail.mandatory = Some(info),
            Word::NonZero(info) => detail.nonzero = Some(info),
            Word::MinElements(count, info) => detail.min_elements = Some((count, info)),
            Word::MaxElements(count, info) => detail.max_elements = Some((count, info)),
            Word::Range(text, parts, info) => {
                detail.range = Some(Bounds { text, parts: parts.leak(), info });
            }
            Word::Length(text, parts, info) => {
                detail.length = Some(Bounds { text, parts: parts.leak(), info });
            }
            Word::Pattern(text, inverted, info) => {
                self.patterns.push(Pattern { text, inverted, info, automaton: OnceLock::new() });
            }
            Word::Must(xpath, info) => self.musts.push(Condition { xpath, info }),
            Word::When(xpath, info) => self.whens.push(Condition { xpath, info }),
            Word::Text(what, text) => match what {
                Text::Default => self.defaults.push(text),
                Text::IfFeature => self.if_features.push(text),
                Text::Base => self.bases.push(text),
                Text::Units => detail.units = Some(text),
                Text::Status => detail.status = Some(text),
                Text::Presence => detail.presence = Some(text),
                Text::Leafref => detail.leafref = Some(text),
                Text::Typedef => detail.typedef = Some(text),
                Text::Description => detail.description = Some(text),
            },
            Word::Info(info) => detail.info = info,
            Word::Node(..)
            | Word::Field(..)
            | Word::Module(_)
            | Word::Child(_)
            | Word::Key(_)
            | Word::Unique(..) => return None,
        }
        Some(())
    }

    fn detail(self) -> &'static Detail {
        if !self.any {
            return &Detail::NONE;
        }
        Box::leak(Box::new(Detail {
            patterns: self.patterns.leak(),
            musts: self.musts.leak(),
            whens: self.whens.leak(),
            defaults: self.defaults.leak(),
            if_features: self.if_features.leak(),
            bases: self.bases.leak(),
            ..self.detail
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use yang_schema::record::{Info, Kind};

    const OWN: Module = Module::new("own", "urn:own");
    const OTHER: Module = Module::new("other", "urn:other");

    fn child() -> &'static Table {
        &Table::EMPTY
    }

    fn read(words: &[Word<'_>]) -> Option<Table> {
        let mut text = String::new();
        words.iter().for_each(|word| word.write(&mut text));
        let of: &'static Described = Box::leak(Box::new(Described::new(text.leak(), &[OWN, OTHER], &[OWN])));
        of.read(&[child])
    }

    #[test]
    fn words_belong_to_the_field_in_front_of_them() {
        let info = Info { code: Some(7), ..Info::NONE };
        let table = read(&[
            Word::Node(Kind::List, "entry"),
            Word::Module(0),
            Word::Key(1),
            Word::Unique("b x/o:y", info),
            Word::UserOrdered,
            Word::Field(Kind::Container, "in-side", ""),
            Word::Module(1),
            Word::Child(0),
            Word::Text(Text::Presence, "it is there"),
            Word::Field(Kind::Leaf, "b", "r_b"),
        ])
        .unwrap();
        assert_eq!(
            (table.kind, table.name, table.module, table.modules),
            (Kind::List, "entry", Some(OWN), &[OWN][..])
        );
        assert_eq!((table.keys, table.user_ordered), (&[1][..], true));
        assert_eq!((table.uniques[0].leaves, table.uniques[0].info), (&[&["b"][..], &["x", "y"]][..], info));
        let [inside, b] = table.fields else { panic!("two fields") };
        assert_eq!((inside.name, inside.rust, inside.module), ("in-side", "in_side", Some(OTHER)));
        assert!(inside.child.is_some());
        assert_eq!(inside.detail.presence, Some("it is there"));
        assert_eq!((b.name, b.rust, b.module, b.detail.presence), ("b", "r_b", None, None));
    }

    #[test]
    fn what_is_not_there_cannot_be_named() {
        let node = || Word::Node(Kind::Container, "top");
        assert!(read(&[node()]).is_some());
        assert!(read(&[]).is_none());
        assert!(read(&[node(), Word::Module(2)]).is_none());
        assert!(read(&[node(), Word::Field(Kind::Container, "a", ""), Word::Child(1)]).is_none());
        assert!(read(&[node(), Word::Field(Kind::Leaf, "a", ""), node()]).is_none());
    }
}
