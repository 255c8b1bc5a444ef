//! The stable codes of diagnostics and what there is to say about each.

/// What a code means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Explanation {
    /// The code.
    pub code: Code,
    /// The sections of RFC 7950 (or of the RFC that is named) that state the rule.
    pub sections: &'static str,
    /// The rule, and what to do where it is broken.
    pub text: &'static str,
}

macro_rules! codes {
    ($($variant:ident $name:literal $sections:literal $text:literal)*) => {
        /// A code. Its name is stable: scripts may match on it.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        #[allow(missing_docs, reason = "`Code::explanation` says what each means")]
        pub enum Code { $($variant,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The name that users see.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// What it means.
            pub fn explanation(self) -> Explanation {
                match self { $(Code::$variant => Explanation { code: self, sections: $sections, text: $text },)* }
            }
        }
    };
}

codes! {
    // Reading and syntax.
    FileUnreadable "file-unreadable" "-" "The file or directory could not be read."
    InvalidUtf8 "invalid-utf8" "6" "YANG modules are UTF-8 text. The mark shows the first byte that is not."
    InvalidCharacter "invalid-character" "6, 14 (yang-char)" "Control characters other than tab, carriage return and line feed, and Unicode's noncharacters, may not stand in a module."
    Syntax "syntax" "6.1, 6.3" "A statement is a keyword, at most one argument, and `;` or a block in braces. The mark shows where the text stops being that."
    UnterminatedString "unterminated-string" "6.1.3" "A quoted string runs to the end of the file: its closing quote is missing."
    UnterminatedComment "unterminated-comment" "6.1.1" "A block comment runs to the end of the file: its `*/` is missing."
    UnclosedBlock "unclosed-block" "6.3" "A block that `{` opens is never closed: the file ends before its `}`."
    UnmatchedBrace "unmatched-brace" "6.3" "A `}` closes a block that nothing opened."
    ExpansionTooLarge "expansion-too-large" "7.13" "Groupings that use others several times, and these others again, add more nodes than this compiler follows; or unions of unions, or of leafrefs to unions, have more members. No real set of modules comes near the limits."
    NestingTooDeep "nesting-too-deep" "-" "Statements, groupings or unions are nested deeper than this compiler follows. No real model comes near the limit."
    InvalidEscape "invalid-escape" "6.1.3" "In YANG 1.1 a backslash in a double-quoted string stands only before `n`, `t`, `\"` and `\\`. Write patterns in single quotes."
    InvalidUnquoted "invalid-unquoted" "6.1.3" "In YANG 1.1 an unquoted string holds no quotes. Put the whole argument in quotes."
    InvalidXml "invalid-xml" "13" "A YIN module is a well-formed XML document in UTF-8 with namespaces, without a document type. The mark shows where it stops being one; what is behind it is not read."
    InvalidYin "invalid-yin" "13.1" "In YIN a keyword is an element in YIN's namespace, an extension's keyword one in the namespace of the extension's module; an argument is an attribute without a namespace or the first subelement, as the table of section 13.1 says for each keyword."
    // Grammar.
    NotAModule "not-a-module" "5, 14" "A file holds exactly one `module` or `submodule` statement."
    UnknownStatement "unknown-statement" "14" "The keyword is none of YANG's. Keywords are lower-case; extensions are written with a prefix."
    MisplacedStatement "misplaced-statement" "14" "The statement may not stand below the one that holds it."
    VersionMismatch "version-mismatch" "12, RFC 6020" "The statement, or this use of it, is new in YANG 1.1. Add `yang-version 1.1;` to the module."
    DuplicateStatement "duplicate-statement" "14" "The statement may stand here only once."
    MissingStatement "missing-statement" "14" "A statement that must stand here is missing."
    StatementOrder "statement-order" "14" "In a module the header (yang-version, namespace, prefix) comes first, then imports and includes, then organization, contact, description and reference, then revisions, then the definitions."
    MissingArgument "missing-argument" "6.3, 14" "The statement needs an argument."
    UnexpectedArgument "unexpected-argument" "6.3, 14" "The statement takes no argument."
    InvalidArgument "invalid-argument" "14" "The argument is not of the form that the statement demands."
    InvalidIdentifier "invalid-identifier" "6.2" "An identifier starts with a letter or `_`, followed by letters, digits, `_`, `-` and `.`. In YANG 1 it may not start with `xml` in any case."
    InvalidDate "invalid-date" "14 (date-arg)" "A date has the form YYYY-MM-DD and exists in the calendar."
    InvalidPath "invalid-path" "6.5, 9.9.2" "The argument does not have the form of a schema node identifier or of a path."
    InvalidVersion "invalid-version" "7.1.2" "`yang-version` is `1` or `1.1`."
    // Modules.
    ModuleNotFound "module-not-found" "5.1, 7.1.5, 7.1.6" "No file for the module was found: add its directory to the search path (`-p DIR`). Files are named `name.yang` or `name@YYYY-MM-DD.yang`."
    ModuleName "module-name" "5.2" "The file's name says another module or revision than its text."
    DuplicateModule "duplicate-module" "5.6.5" "The same module and revision were given twice, with different texts."
    DuplicateNamespace "duplicate-namespace" "5.3" "Two modules claim the same namespace."
    ImportCycle "import-cycle" "5.1" "Modules may not import each other in a circle, nor submodules include each other so."
    SubmoduleMismatch "submodule-mismatch" "7.1.6, 7.2.2" "A module includes only its own submodules, and a submodule belongs to exactly one module."
    ImportOfSubmodule "import-of-submodule" "7.1.5" "Only modules can be imported; a submodule is reached through the module it belongs to."
    DuplicatePrefix "duplicate-prefix" "7.1.4" "All prefixes of a module or submodule, its own included, must differ."
    DuplicateImport "duplicate-import" "RFC 6020 7.1.5" "YANG 1 does not import several revisions of one module."
    UnknownPrefix "unknown-prefix" "6.2, 7.1.5" "The prefix is neither the module's own nor that of an import."
    RevisionOrder "revision-order" "7.1.9" "Revisions should stand newest first, each date once."
    UnusedImport "unused-import" "7.1.5" "The module is imported, but its prefix is never used."
    // Names.
    DuplicateDefinition "duplicate-definition" "6.2.1" "Within a module, all features share one namespace of identifiers, as do identities, and extensions; typedefs and groupings each share one within their scope."
    ShadowedDefinition "shadowed-definition" "5.5" "A typedef or grouping may not have the name of one that is visible from an enclosing scope."
    BuiltinTypeName "builtin-type-name" "7.3" "A typedef may not have the name of a built-in type."
    DuplicateNode "duplicate-node" "6.2.1, 7.9.2" "Nodes below one parent need different names, also across the cases of a choice, groupings that are used and nodes of the same module that are augmented."
    UnknownType "unknown-type" "7.4" "No built-in type and no visible typedef has this name."
    UnknownGrouping "unknown-grouping" "7.13" "No visible grouping has this name."
    UnknownFeature "unknown-feature" "7.20.2" "The module defines no feature of this name."
    UnknownIdentity "unknown-identity" "7.18.2, 9.10.2" "The module defines no identity of this name."
    UnknownExtension "unknown-extension" "7.19" "The module defines no extension of this name."
    ExtensionArgument "extension-argument" "7.19" "An extension takes an argument exactly if its definition has an `argument` statement."
    ExtensionMisuse "extension-misuse" "RFC 7952, RFC 8040, RFC 8528, RFC 8791" "The extension stands where its definition does not allow it, or holds what it may not."
    ErrorCode "error-code" "-" "`code` of `netconf-error-codes` gives a number from 1 to 18446744073709551615 to a constraint or a data node, and holds one `error-message` at most; `non-zero` stands on a leaf or leaf-list whose type has a zero: integers, decimal64, string, binary, boolean, bits and unions."
    DuplicateErrorCode "duplicate-error-code" "-" "In a set of modules each error code is given by one statement: programs know a violation by its number. To have one code for several nodes, give it in a grouping or typedef that they share."
    CircularTypedef "circular-typedef" "7.3.3" "A typedef may not be defined by itself, directly or through others."
    CircularGrouping "circular-grouping" "7.12" "A grouping may not use itself, directly or through others."
    CircularIdentity "circular-identity" "7.18.2" "An identity may not be derived from itself."
    CircularFeature "circular-feature" "7.20.1.1" "A feature may not depend on itself."
    CircularLeafref "circular-leafref" "9.9" "Leafrefs may not point at each other in a circle."
    LeafrefFeature "leafref-feature" "9.9" "A leafref whose target depends on features (its own or those of the nodes above it) depends at least on the same features."
    CircularWhen "circular-when" "7.21.5" "`when` expressions may not depend on each other in a circle: an expression depends on the `when` of each node that it reads, and on those above that node."
    StatusReference "status-reference" "7.21.2" "A `current` definition may not refer to a `deprecated` or `obsolete` one of the same module, nor a `deprecated` one to an `obsolete` one."
    // Types.
    InvalidRestriction "invalid-restriction" "9.2 to 9.13" "The type does not take this restriction."
    InvalidRange "invalid-range" "9.2.4, 9.4.4" "Parts of a range or length ascend, do not overlap, and lie within the values of the type that they restrict."
    InvalidPattern "invalid-pattern" "9.4.5" "The pattern is no XSD regular expression (XML Schema part 2, appendix F). It is not Perl's: `^` and `$` match themselves, there are no lazy quantifiers and no look-around."
    InvalidEnum "invalid-enum" "9.6.4" "An enum's name is not empty, has no space around it and stands once in its type; its value stands once and fits in an int32."
    InvalidBit "invalid-bit" "9.7.4" "A bit's name and position stand once in its type; positions fit in a uint32."
    NotASubset "not-a-subset" "9.6.3, 9.7.3" "A type derived from an enumeration or bits type names a subset of its enums or bits, with the same values or positions."
    MissingRestriction "missing-restriction" "9.3.4, 9.6.3, 9.7.3, 9.9.2, 9.10.2, 9.12" "The built-in type needs a statement below it: decimal64 `fraction-digits`, enumeration `enum`, bits `bit`, leafref `path`, identityref `base`, union `type`."
    InvalidDefault "invalid-default" "7.3.4, 7.6.4, 7.7.4" "The default is not a value of the type."
    ConditionalDefault "conditional-default" "7.6.4, 7.7.4" "A default may not name an enum, bit or identity that depends on a feature."
    // Data definitions.
    KeyMissing "key-missing" "7.8.2" "A list of configuration needs a `key`."
    InvalidKey "invalid-key" "7.8.2" "A key names leaves that are children of the list, each once, with the list's `config`, and without `when` and `if-feature` (YANG 1.1) and not of type empty (YANG 1)."
    InvalidUnique "invalid-unique" "7.8.3" "`unique` names descendant leaves of the list, not through another list, all configuration or all state."
    ConfigBelowState "config-below-state" "7.21.1" "A node below `config false` cannot be `config true`."
    MandatoryDefault "mandatory-default" "7.6.4, 7.7.4, 7.9.3" "What is mandatory has no default."
    ElementBounds "element-bounds" "7.7.5, 7.7.6" "`min-elements` is not greater than `max-elements`."
    DefaultCase "default-case" "7.9.3" "The default of a choice is the name of one of its cases, which holds no mandatory nodes."
    MisplacedNode "misplaced-node" "7.15, 7.16" "Actions and notifications may not stand in rpcs, actions or notifications, nor below a list without keys."
    InvalidLeafref "invalid-leafref" "9.9.2" "The path of a leafref leads to an existing leaf or leaf-list; from configuration it leads to configuration unless `require-instance` is false."
    InvalidXPath "invalid-xpath" "6.4, 7.5.3, 7.21.5, 10" "The expression is not XPath 1.0 with the functions of YANG."
    XPathNode "xpath-node" "6.4, 7.5.3" "The expression names a node that the schema does not have at that place: it selects nothing."
    XPathType "xpath-type" "10" "A function of YANG is given a node that is never of the type it is about: `deref` wants a leafref or instance-identifier, `derived-from` an identityref, `enum-value` an enumeration, `bit-is-set` bits that have the bit. The result is always the same."
    InvalidRefine "invalid-refine" "7.13.2" "The refined node does not exist in the grouping, or is of a kind that has no such property."
    InvalidAugment "invalid-augment" "7.17" "The target of an augment exists and may hold the nodes that are added."
    AugmentMandatory "augment-mandatory" "7.17" "A module may not add mandatory nodes to another module's configuration, unless the augment has a `when` (YANG 1.1)."
    InvalidDeviation "invalid-deviation" "7.20.3" "The target of a deviation exists and has, or may have, the property that is deviated."
    IfFeatureSyntax "if-feature-syntax" "7.20.2" "An if-feature is a feature's name or, in YANG 1.1, an expression of names with `not`, `and`, `or` and parentheses."
    // What this compiler does not do.
    Unsupported "unsupported" "-" "The module uses something that this version of the compiler does not support. It says so instead of ignoring it."
    // Habits (`--lint`).
    LintMissing "lint-missing" "RFC 8407 4.8" "Published modules and submodules carry organization, contact, description and a revision."
    LintRevision "lint-revision" "RFC 8407 4.8" "A revision has a description that says what changed, and a reference that says where that is published."
    LintDescription "lint-description" "RFC 8407 4.14" "Definitions (nodes, typedefs, groupings, features, identities, extensions, rpcs, actions, notifications) and augments of the top level have a description."
    LintEnum "lint-enum" "RFC 8407 4.11.3" "Enums and bits have a description: a name alone does not say what a value means."
    LintName "lint-name" "RFC 8407 4.3.1" "Identifiers are lower-case with hyphens and at most 64 characters long."
    LintPrefix "lint-prefix" "RFC 8407 4.2" "A prefix is short, is that of one module alone, and is the one by which other modules import it."
    LintMandatory "lint-mandatory" "RFC 8407 4.10" "Configuration at the top of a module is optional: otherwise no server that has the module has a valid configuration until someone sets the node. Put it below a container with presence or into a list."
    LintDefault "lint-default" "RFC 8407 4.4" "The statement says what holds without it. Leave it out."
    LintAxis "lint-axis" "RFC 8407 4.6.3, 4.6.5" "`preceding`, `following` and their siblings ask for an order that servers are free to choose; `//` and `descendant` search everything below, also what modules add that are not known yet. Name the way to the nodes."
    LintMust "lint-must" "RFC 8407 4.14" "A condition has an error-message or a description: who breaks it sees only that."
    LintIncremental "lint-incremental" "-" "Nothing ties what the expression reads to the node that carries it, so a change of the one has the expression evaluated for all instances of the other: each commit costs more as the datastore grows. A predicate that compares a key of what is read with a leaf of the carrier is such a tie."
    UnusedDefinition "unused-definition" "5.5" "A typedef or grouping inside of another statement is seen only there, and nothing there uses it."
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// What the code of a name means.
pub fn explain(name: &str) -> Option<Explanation> {
    Code::ALL.iter().find(|c| c.name() == name).map(|c| c.explanation())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_distinct_and_explained() {
        let mut names: Vec<_> = Code::ALL.iter().map(|c| c.name()).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for code in Code::ALL {
            assert_eq!(explain(code.name()).map(|e| e.code), Some(*code));
        }
        assert_eq!(explain("no-such-code"), None);
    }
}
