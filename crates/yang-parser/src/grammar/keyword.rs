//! The keywords of YANG (RFC 7950 section 14) and what each takes as its argument.

/// The form of an argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ArgumentKind {
    /// There is none (`input`, `output`).
    None,
    /// Free text.
    Text,
    /// identifier-arg-str.
    Identifier,
    /// identifier-ref-arg-str: an identifier with or without a prefix.
    IdentifierRef,
    /// uri-str.
    Uri,
    /// date-arg-str.
    Date,
    /// yang-version-arg-str.
    Version,
    /// `true` or `false`.
    Boolean,
    /// status-arg.
    Status,
    /// ordered-by-arg.
    OrderedBy,
    /// modifier-arg.
    Modifier,
    /// deviate-arg.
    Deviate,
    /// A non-negative integer below 2^32 (`min-elements`, `position`).
    NonNegative,
    /// max-value-arg: a positive integer or `unbounded`.
    MaxElements,
    /// integer-value of an enum.
    Integer,
    /// fraction-digits-arg: 1 to 18.
    FractionDigits,
    /// range-arg-str.
    Range,
    /// length-arg-str.
    Length,
    /// key-arg-str.
    Key,
    /// unique-arg-str.
    Unique,
    /// absolute-schema-nodeid or descendant-schema-nodeid, as the parent demands.
    SchemaNodeId,
    /// descendant-schema-nodeid.
    Descendant,
    /// if-feature-expr-str.
    IfFeature,
    /// path-arg-str.
    Path,
    /// An XPath expression.
    XPath,
    /// An XSD regular expression.
    Pattern,
}

macro_rules! keywords {
    ($($variant:ident $text:literal $argument:ident)*) => {
        /// A statement's keyword.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[allow(missing_docs, reason = "each is the RFC's statement of the name")]
        pub enum Keyword {
            $($variant,)*
            /// An extension's keyword, with a prefix.
            Extended,
            /// A keyword that YANG does not have.
            Unknown,
        }

        impl Keyword {
            /// All of YANG's own.
            pub const ALL: &[Keyword] = &[$(Keyword::$variant,)*];

            const TEXTS: &[&str] = &[$($text,)*];

            /// As it is written.
            pub fn text(self) -> &'static str {
                match self {
                    $(Keyword::$variant => $text,)*
                    Keyword::Extended => "extension statement",
                    Keyword::Unknown => "unknown statement",
                }
            }

            /// The form of its argument.
            pub(crate) fn argument(self) -> ArgumentKind {
                match self {
                    $(Keyword::$variant => ArgumentKind::$argument,)*
                    Keyword::Extended | Keyword::Unknown => ArgumentKind::Text,
                }
            }
        }
    };
}

keywords! {
    Action "action" Identifier
    AnyData "anydata" Identifier
    AnyXml "anyxml" Identifier
    Argument "argument" Identifier
    Augment "augment" SchemaNodeId
    Base "base" IdentifierRef
    BelongsTo "belongs-to" Identifier
    Bit "bit" Identifier
    Case "case" Identifier
    Choice "choice" Identifier
    Config "config" Boolean
    Contact "contact" Text
    Container "container" Identifier
    Default "default" Text
    Description "description" Text
    Deviate "deviate" Deviate
    Deviation "deviation" SchemaNodeId
    Enum "enum" Text
    ErrorAppTag "error-app-tag" Text
    ErrorMessage "error-message" Text
    Extension "extension" Identifier
    Feature "feature" Identifier
    FractionDigits "fraction-digits" FractionDigits
    Grouping "grouping" Identifier
    Identity "identity" Identifier
    IfFeature "if-feature" IfFeature
    Import "import" Identifier
    Include "include" Identifier
    Input "input" None
    Key "key" Key
    Leaf "leaf" Identifier
    LeafList "leaf-list" Identifier
    Length "length" Length
    List "list" Identifier
    Mandatory "mandatory" Boolean
    MaxElements "max-elements" MaxElements
    MinElements "min-elements" NonNegative
    Modifier "modifier" Modifier
    Module "module" Identifier
    Must "must" XPath
    Namespace "namespace" Uri
    Notification "notification" Identifier
    OrderedBy "ordered-by" OrderedBy
    Organization "organization" Text
    Output "output" None
    Path "path" Path
    Pattern "pattern" Pattern
    Position "position" NonNegative
    Prefix "prefix" Identifier
    Presence "presence" Text
    Range "range" Range
    Reference "reference" Text
    Refine "refine" Descendant
    RequireInstance "require-instance" Boolean
    Revision "revision" Date
    RevisionDate "revision-date" Date
    Rpc "rpc" Identifier
    Status "status" Status
    Submodule "submodule" Identifier
    Type "type" IdentifierRef
    Typedef "typedef" Identifier
    Unique "unique" Unique
    Units "units" Text
    Uses "uses" IdentifierRef
    Value "value" Integer
    When "when" XPath
    YangVersion "yang-version" Version
    YinElement "yin-element" Boolean
}

/// A table of [`Keyword::ALL`] in which each keyword has a slot of its own: one comparison tells whether a text is one.
struct Slots {
    factor: u64,
    table: [u8; SLOTS],
}

const SLOTS: usize = 512;
const FREE: u8 = u8::MAX;

const fn slot(text: &[u8], factor: u64) -> usize {
    let n = text.len();
    // No two keywords are alike in all of these; that is seen when this is compiled.
    let signs = n as u64
        | (text[0] as u64) << 8
        | (text[1] as u64) << 16
        | (text[n / 2] as u64) << 24
        | (text[n - 1] as u64) << 32;
    (signs.wrapping_mul(factor) >> (u64::BITS - SLOTS.ilog2())) as usize
}

const fn slots() -> Slots {
    let mut factor: u64 = 0x9e37_79b9_7f4a_7c15;
    'next: loop {
        factor = factor.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(2) | 1;
        let mut table = [FREE; SLOTS];
        let mut i = 0;
        while i < Keyword::TEXTS.len() {
            let slot = slot(Keyword::TEXTS[i].as_bytes(), factor);
            if table[slot] != FREE {
                continue 'next;
            }
            table[slot] = i as u8;
            i += 1;
        }
        return Slots { factor, table };
    }
}

static KEYWORDS: Slots = slots();

impl Keyword {
    /// The keyword of a text without a prefix.
    pub fn from_text(text: &str) -> Keyword {
        if text.len() < 2 {
            return Keyword::Unknown;
        }
        let index = KEYWORDS.table[slot(text.as_bytes(), KEYWORDS.factor)] as usize;
        match Keyword::TEXTS.get(index) {
            Some(&found) if found == text => Keyword::ALL[index],
            _ => Keyword::Unknown,
        }
    }

    /// The keyword of a text, which may have a prefix.
    pub(crate) fn from_source(text: &str) -> Keyword {
        match Keyword::from_text(text) {
            Keyword::Unknown if text.contains(':') => Keyword::Extended,
            found => found,
        }
    }

    /// Is its argument text for people, in which names mean nothing?
    pub(crate) fn is_free_text(self) -> bool {
        self.argument() == ArgumentKind::Text && !matches!(self, Keyword::Default | Keyword::Extended)
    }

    /// Does it define a schema node that stands below a data definition's parent?
    pub(crate) fn is_data_definition(self) -> bool {
        matches!(
            self,
            Keyword::Container
                | Keyword::Leaf
                | Keyword::LeafList
                | Keyword::List
                | Keyword::Choice
                | Keyword::AnyData
                | Keyword::AnyXml
                | Keyword::Uses
        )
    }
}

/// The keyword that a misspelt one most likely means.
pub(crate) fn closest(text: &str) -> Option<&'static str> {
    crate::spelling::closest(text, Keyword::ALL.iter().map(|k| k.text()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_keywords_match() {
        for &keyword in Keyword::ALL {
            assert_eq!(Keyword::from_text(keyword.text()), keyword);
        }
        for none in ["Leaf", "", "l", "leag", "lleaf", "leaf-", "ex:leaf", "ä", "→→"] {
            assert_eq!(Keyword::from_text(none), Keyword::Unknown, "{none}");
        }
        assert_eq!(Keyword::from_source("ex:leaf"), Keyword::Extended);
        assert_eq!(Keyword::from_source("leaf"), Keyword::Leaf);
    }

    #[test]
    fn misspelt_keywords_are_recognised() {
        assert_eq!(closest("contianer"), Some("container"));
        assert_eq!(closest("leaflist"), Some("leaf-list"));
        assert_eq!(closest("frobnicate"), None);
    }
}
