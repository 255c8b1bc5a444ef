//! The static description of a bound type: what `#[derive(Yang)]` writes down and everything else walks.

use super::restriction::Automaton;
use super::{Leaf, List};
use std::sync::OnceLock;
pub use yang_schema::record::Kind;

/// The name and namespace of a module.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Module {
    /// Its name.
    pub name: &'static str,
    /// Its XML namespace.
    pub namespace: &'static str,
}

impl Module {
    /// A module.
    pub const fn new(name: &'static str, namespace: &'static str) -> Self {
        Self { name, namespace }
    }
}

/// A bound struct or choice.
#[derive(Debug)]
pub struct Table {
    /// What it stands for.
    pub kind: Kind,
    /// Its name in YANG.
    pub name: &'static str,
    /// Its module; `None` is the module of the place where it is used.
    pub module: Option<Module>,
    /// The modules of the set it belongs to, by which prefixes are resolved; only outermost types know them.
    pub modules: &'static [Module],
    /// Its fields in the order of the model; of a choice its variants.
    pub fields: &'static [Field],
    /// Positions of the key leaves of a list, in the order of `key`.
    pub keys: &'static [usize],
    /// `unique` statements of a list: the leaves' descendant schema node identifiers.
    pub uniques: &'static [Unique],
    /// `ordered-by user` of a list.
    pub user_ordered: bool,
    /// `must` statements of the node itself, where no field of another struct holds it.
    pub musts: &'static [Condition],
}

impl Table {
    /// Nothing said; for `..Table::EMPTY`.
    pub const EMPTY: Table = Table {
        kind: Kind::Container,
        name: "",
        module: None,
        modules: &[],
        fields: &[],
        keys: &[],
        uniques: &[],
        user_ordered: false,
        musts: &[],
    };

    /// The field of a name, inside choices and cases too. A module decides where two modules use one name.
    pub fn field(&self, module: Option<&Module>, name: &str) -> Option<&'static Field> {
        self.fields.iter().find_map(|field| match field.kind {
            Kind::Choice | Kind::Case => field.child.and_then(|table| table().field(module, name)),
            Kind::Unknown => None,
            _ => (field.name == name
                && module.is_none_or(|m| field.module.or(self.module).is_none_or(|own| own == *m)))
            .then_some(field),
        })
    }
}

/// A field of a bound struct, or a variant of a choice.
#[derive(Debug)]
pub struct Field {
    /// What it stands for.
    pub kind: Kind,
    /// Its name in YANG.
    pub name: &'static str,
    /// Its name in Rust.
    pub rust: &'static str,
    /// Its module where that is not the module of its struct.
    pub module: Option<Module>,
    /// The table of its type; leaves and the like have none.
    pub child: Option<fn() -> &'static Table>,
    /// What the model says of it beyond that.
    pub detail: &'static Detail,
}

/// What a model says of a node beyond name and type.
#[derive(Debug)]
pub struct Detail {
    /// `config`.
    pub config: bool,
    /// `mandatory true`.
    pub mandatory: Option<Info>,
    /// An empty or zero value is a violation.
    pub nonzero: Option<Info>,
    /// `min-elements`.
    pub min_elements: Option<(u32, Info)>,
    /// `max-elements`.
    pub max_elements: Option<(u32, Info)>,
    /// `range`: the narrowest of the chain.
    pub range: Option<Bounds>,
    /// `length`: the narrowest of the chain.
    pub length: Option<Bounds>,
    /// `pattern`s of the chain.
    pub patterns: &'static [Pattern],
    /// `must`.
    pub musts: &'static [Condition],
    /// `when`.
    pub whens: &'static [Condition],
    /// `default`.
    pub defaults: &'static [&'static str],
    /// `units`.
    pub units: Option<&'static str>,
    /// `status`, where it is not `current`.
    pub status: Option<&'static str>,
    /// `presence`.
    pub presence: Option<&'static str>,
    /// `if-feature`.
    pub if_features: &'static [&'static str],
    /// `ordered-by user`.
    pub user_ordered: bool,
    /// `path` of a leafref.
    pub leafref: Option<&'static str>,
    /// `require-instance`.
    pub require_instance: bool,
    /// `base` of an identityref.
    pub bases: &'static [&'static str],
    /// The typedef that the model names.
    pub typedef: Option<&'static str>,
    /// `description`, where the attribute tells it: an exported module has it.
    pub description: Option<&'static str>,
    /// What every violation here says that has nothing of its own to say.
    pub info: Info,
}

impl Detail {
    /// Nothing said; for `..Detail::NONE`.
    pub const NONE: Detail = Detail {
        config: true,
        mandatory: None,
        nonzero: None,
        min_elements: None,
        max_elements: None,
        range: None,
        length: None,
        patterns: &[],
        musts: &[],
        whens: &[],
        defaults: &[],
        units: None,
        status: None,
        presence: None,
        if_features: &[],
        user_ordered: false,
        leafref: None,
        require_instance: true,
        bases: &[],
        typedef: None,
        description: None,
        info: Info::NONE,
    };
}

/// What a constraint says of its violation.
pub type Info = yang_schema::record::Info<'static>;

/// An error code of a set of modules, as its registry has it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ErrorCode {
    /// The number by which programs know the violation.
    pub number: u64,
    /// The message that the model's author gave it.
    pub message: Option<&'static str>,
    /// The nodes it speaks of: the path in the schema, and what is demanded there.
    pub places: &'static [(&'static str, &'static str)],
}

/// A `range` or `length` (RFC 7950 sections 9.2.4 and 9.4.4).
#[derive(Debug)]
pub struct Bounds {
    /// As written.
    pub text: &'static str,
    /// Ascending, disjoint parts. Of a decimal64 in units of its last digit.
    pub parts: &'static [(i128, i128)],
    /// What it says of its violation.
    pub info: Info,
}

/// A `pattern` (RFC 7950 section 9.4.5).
#[derive(Debug)]
pub struct Pattern {
    /// The XSD regular expression.
    pub text: &'static str,
    /// `modifier invert-match`.
    pub inverted: bool,
    /// What it says of its violation.
    pub info: Info,
    /// Its automaton, once it was needed.
    pub(super) automaton: OnceLock<Automaton>,
}

/// A `must` or `when`. Prefixes in it are names of modules.
#[derive(Debug)]
pub struct Condition {
    /// The XPath expression.
    pub xpath: &'static str,
    /// What it says of its violation.
    pub info: Info,
}

/// A `unique` (RFC 7950 section 7.8.3).
#[derive(Debug)]
pub struct Unique {
    /// The leaves, each as names from the entry down.
    pub leaves: &'static [&'static [&'static str]],
    /// As written.
    pub text: &'static str,
    /// What it says of its violation.
    pub info: Info,
}

/// Types whose values are walked by a table, and what holds such values.
pub trait HasTable {
    /// The table.
    fn table() -> &'static Table;
}

impl<T: HasTable> HasTable for Option<T> {
    fn table() -> &'static Table {
        T::table()
    }
}

impl<T: HasTable> HasTable for Box<T> {
    fn table() -> &'static Table {
        T::table()
    }
}

impl<T: HasTable> HasTable for Vec<T> {
    fn table() -> &'static Table {
        T::table()
    }
}

impl<T: HasTable + super::Entry> HasTable for List<T> {
    fn table() -> &'static Table {
        T::table()
    }
}

/// Used by `#[derive(Yang)]` where it cannot see the type behind an alias: the range must fit a type that has ranges.
/// It is evaluated at compile time.
#[doc(hidden)]
pub const fn check_range<T: LeafOf>(parts: &[(i128, i128)]) {
    let Some(bounds) = T::BOUNDS else {
        panic!("this type takes no `range`: only integers do, and decimal64 where it is named as such")
    };
    let mut i = 0;
    while i < parts.len() {
        assert!(
            parts[i].0 >= bounds.0 && parts[i].1 <= bounds.1,
            "the `range` reaches beyond the values of the type"
        );
        i += 1;
    }
}

/// Used by `#[derive(Yang)]`: the type takes a `length`.
#[doc(hidden)]
pub const fn check_length<T: LeafOf>() {
    assert!(T::HAS_LENGTH, "this type takes no `length`: only strings and binary do");
}

/// Used by `#[derive(Yang)]`: the type takes a `pattern`.
#[doc(hidden)]
pub const fn check_pattern<T: LeafOf>() {
    assert!(T::HAS_PATTERN, "this type takes no `pattern`: only strings do");
}

/// The leaf type that a field holds, whatever it is wrapped in.
#[doc(hidden)]
pub trait LeafOf {
    /// Least and greatest value.
    const BOUNDS: Option<(i128, i128)>;
    /// Takes it a length?
    const HAS_LENGTH: bool;
    /// Takes it a pattern?
    const HAS_PATTERN: bool;
}

impl<T: Leaf> LeafOf for T {
    const BOUNDS: Option<(i128, i128)> = T::BOUNDS;
    const HAS_LENGTH: bool = T::HAS_LENGTH;
    const HAS_PATTERN: bool = T::HAS_PATTERN;
}

impl<T: Leaf> LeafOf for Option<T> {
    const BOUNDS: Option<(i128, i128)> = T::BOUNDS;
    const HAS_LENGTH: bool = T::HAS_LENGTH;
    const HAS_PATTERN: bool = T::HAS_PATTERN;
}

impl<T: Leaf> LeafOf for Vec<T> {
    const BOUNDS: Option<(i128, i128)> = T::BOUNDS;
    const HAS_LENGTH: bool = T::HAS_LENGTH;
    const HAS_PATTERN: bool = T::HAS_PATTERN;
}
