//! The names of functions and how many arguments each takes (XPath 1.0 section 4, RFC 7950 section 10).

use super::Function;

/// Name, function, fewest and most arguments.
static FUNCTIONS: &[(&str, Function, usize, usize)] = &[
    ("last", Function::Last, 0, 0),
    ("position", Function::Position, 0, 0),
    ("count", Function::Count, 1, 1),
    ("id", Function::Id, 1, 1),
    ("local-name", Function::LocalName, 0, 1),
    ("namespace-uri", Function::NamespaceUri, 0, 1),
    ("name", Function::Name, 0, 1),
    ("string", Function::String, 0, 1),
    ("concat", Function::Concat, 2, usize::MAX),
    ("starts-with", Function::StartsWith, 2, 2),
    ("contains", Function::Contains, 2, 2),
    ("substring-before", Function::SubstringBefore, 2, 2),
    ("substring-after", Function::SubstringAfter, 2, 2),
    ("substring", Function::Substring, 2, 3),
    ("string-length", Function::StringLength, 0, 1),
    ("normalize-space", Function::NormalizeSpace, 0, 1),
    ("translate", Function::Translate, 3, 3),
    ("boolean", Function::Boolean, 1, 1),
    ("not", Function::Not, 1, 1),
    ("true", Function::True, 0, 0),
    ("false", Function::False, 0, 0),
    ("lang", Function::Lang, 1, 1),
    ("number", Function::Number, 0, 1),
    ("sum", Function::Sum, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("ceiling", Function::Ceiling, 1, 1),
    ("round", Function::Round, 1, 1),
    ("current", Function::Current, 0, 0),
    ("re-match", Function::ReMatch, 2, 2),
    ("deref", Function::Deref, 1, 1),
    ("derived-from", Function::DerivedFrom, 2, 2),
    ("derived-from-or-self", Function::DerivedFromOrSelf, 2, 2),
    ("enum-value", Function::EnumValue, 1, 1),
    ("bit-is-set", Function::BitIsSet, 2, 2),
];

impl Function {
    /// The function of a name.
    pub fn from_name(name: &str) -> Option<Function> {
        FUNCTIONS.iter().find(|f| f.0 == name).map(|f| f.1)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        FUNCTIONS.iter().find(|f| f.1 == self).map_or("", |f| f.0)
    }

    /// Is its first argument a set of nodes, to which nothing else can be converted (XPath 1.0 section 3.2)?
    pub fn takes_nodes(self) -> bool {
        matches!(
            self,
            Function::Count
                | Function::Sum
                | Function::LocalName
                | Function::NamespaceUri
                | Function::Name
                | Function::Deref
                | Function::DerivedFrom
                | Function::DerivedFromOrSelf
                | Function::EnumValue
                | Function::BitIsSet
        )
    }

    /// The fewest and the most arguments that it takes.
    pub fn arguments(self) -> (usize, usize) {
        FUNCTIONS.iter().find(|f| f.1 == self).map_or((0, 0), |f| (f.2, f.3))
    }
}
