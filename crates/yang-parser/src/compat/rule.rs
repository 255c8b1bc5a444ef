//! The kinds of changes and what is to be thought of each.

/// What RFC 7950 section 11 says of a change.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Verdict {
    /// It is among the changes that a published module may see.
    Allowed,
    /// Whether it is allowed depends on what two expressions mean: a person has to decide.
    Unclear,
    /// It needs a new definition with a name of its own.
    Forbidden,
}

impl Verdict {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Allowed => "allowed",
            Verdict::Unclear => "unclear",
            Verdict::Forbidden => "forbidden",
        }
    }
}

/// A step of semantic versioning.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Step {
    /// 1.2.3 to 1.2.4: nothing that a user of the generated crate sees.
    Patch,
    /// 1.2.3 to 1.3.0: there is more than before, and what was there is as it was.
    Minor,
    /// 1.2.3 to 2.0.0: what was written against the old crate may not compile, or may mean something else.
    Major,
}

impl Step {
    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Step::Patch => "patch",
            Step::Minor => "minor",
            Step::Major => "major",
        }
    }
}

macro_rules! rules {
    ($($(#[doc = $doc:literal])* $rule:ident = $name:literal, $verdict:ident, $step:ident;)*) => {
        /// A kind of change.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        #[non_exhaustive]
        pub enum Rule {
            $($(#[doc = $doc])* $rule,)*
        }

        impl Rule {
            /// All of them.
            pub const ALL: &'static [Rule] = &[$(Rule::$rule),*];

            /// Its stable name.
            pub fn name(self) -> &'static str {
                match self { $(Rule::$rule => $name,)* }
            }

            /// Why it is judged as it is.
            pub fn reason(self) -> &'static str {
                match self { $(Rule::$rule => concat!($($doc),*).trim_ascii(),)* }
            }

            /// What RFC 7950 section 11 says of it.
            pub fn verdict(self) -> Verdict {
                match self { $(Rule::$rule => Verdict::$verdict,)* }
            }

            /// The step that a generated crate has to take.
            pub fn step(self) -> Step {
                match self { $(Rule::$rule => Step::$step,)* }
            }
        }
    };
}

rules! {
    /// A module is found by its name, which is for ever.
    ModuleRemoved = "module-removed", Forbidden, Major;
    /// A set may have more modules than before.
    ModuleAdded = "module-added", Allowed, Minor;
    /// All elements on the wire carry the namespace.
    NamespaceChanged = "namespace-changed", Forbidden, Major;
    /// A prefix may change; names on the wire do not.
    PrefixChanged = "prefix-changed", Allowed, Patch;
    /// Each published change begins with a new revision statement above the others.
    RevisionMissing = "revision-missing", Forbidden, Patch;
    /// A module may move to YANG 1.1 where what it defines stays as it is.
    YangVersionChanged = "yang-version-changed", Allowed, Patch;

    /// Other modules and servers' capabilities may name the feature.
    FeatureRemoved = "feature-removed", Forbidden, Major;
    /// New features may be added.
    FeatureAdded = "feature-added", Allowed, Minor;
    /// Other modules, and data, may name the identity.
    IdentityRemoved = "identity-removed", Forbidden, Major;
    /// New identities may be added.
    IdentityAdded = "identity-added", Allowed, Minor;
    /// Values that the identity was good for are refused now.
    IdentityBaseRemoved = "identity-base-removed", Forbidden, Major;
    /// A base may be added to an identity.
    IdentityBaseAdded = "identity-base-added", Allowed, Minor;
    /// Other modules may name the typedef.
    TypedefRemoved = "typedef-removed", Forbidden, Major;
    /// New typedefs may be added.
    TypedefAdded = "typedef-added", Allowed, Minor;
    /// Other modules may use the grouping.
    GroupingRemoved = "grouping-removed", Forbidden, Major;
    /// New groupings may be added.
    GroupingAdded = "grouping-added", Allowed, Minor;
    /// Other modules may use the extension.
    ExtensionRemoved = "extension-removed", Forbidden, Major;
    /// New extensions may be added.
    ExtensionAdded = "extension-added", Allowed, Minor;
    /// Each use of the extension was written for the argument that it had.
    ExtensionArgumentChanged = "extension-argument-changed", Forbidden, Major;
    /// Data may carry the annotation.
    AnnotationRemoved = "annotation-removed", Forbidden, Major;
    /// New annotations may be added.
    AnnotationAdded = "annotation-added", Allowed, Minor;

    /// Clients and other modules may name the node, also where it is obsolete.
    NodeRemoved = "node-removed", Forbidden, Major;
    /// New nodes may be added where nothing demands them.
    NodeAdded = "node-added", Allowed, Minor;
    /// Data that was valid lacks the new mandatory node, and no new feature guards it.
    MandatoryNodeAdded = "mandatory-node-added", Forbidden, Major;
    /// A node of another kind is another definition.
    KindChanged = "kind-changed", Forbidden, Major;
    /// Data definitions keep their order.
    Reordered = "reordered", Forbidden, Major;
    /// Clients configured the node.
    ConfigRemoved = "config-removed", Forbidden, Major;
    /// State may become configuration where it is not mandatory. Typed paths to it get another type.
    ConfigAdded = "config-added", Allowed, Major;
    /// State may become configuration only where it is not mandatory.
    ConfigAddedMandatory = "config-added-mandatory", Forbidden, Major;
    /// Data that was valid lacks the node.
    MandatoryAdded = "mandatory-added", Forbidden, Major;
    /// A node may become optional.
    MandatoryRemoved = "mandatory-removed", Allowed, Minor;
    /// With or without presence, a container means something else.
    PresenceChanged = "presence-changed", Forbidden, Major;
    /// Data that was valid has too few entries.
    MinElementsRaised = "min-elements-raised", Forbidden, Major;
    /// Fewer entries may be demanded.
    MinElementsLowered = "min-elements-lowered", Allowed, Minor;
    /// Data that was valid has too many entries.
    MaxElementsLowered = "max-elements-lowered", Forbidden, Major;
    /// More entries may be allowed.
    MaxElementsRaised = "max-elements-raised", Allowed, Minor;
    /// Who orders the entries is part of what a list means.
    OrderedByChanged = "ordered-by-changed", Forbidden, Major;
    /// A key names the entries, in messages and in paths.
    KeyChanged = "key-changed", Forbidden, Major;
    /// The rules allow no change to what must be unique.
    UniqueChanged = "unique-changed", Forbidden, Major;
    /// A default may be added to a leaf that had none, not even by its type.
    DefaultAdded = "default-added", Allowed, Minor;
    /// What an absent node means has changed.
    DefaultChanged = "default-changed", Forbidden, Major;
    /// Units may be added.
    UnitsAdded = "units-added", Allowed, Patch;
    /// A number in other units is another number.
    UnitsChanged = "units-changed", Forbidden, Major;
    /// A definition may be deprecated, then obsolete.
    StatusAdvanced = "status-advanced", Allowed, Minor;
    /// What was given up does not come back under its old name.
    StatusReverted = "status-reverted", Forbidden, Major;

    /// Data that was valid may break the new condition.
    MustAdded = "must-added", Forbidden, Major;
    /// A condition may be removed.
    MustRemoved = "must-removed", Allowed, Minor;
    /// A condition may be relaxed, and not be narrowed.
    MustChanged = "must-changed", Unclear, Major;
    /// The node may now be absent where it was.
    WhenAdded = "when-added", Forbidden, Major;
    /// A condition may be removed.
    WhenRemoved = "when-removed", Allowed, Minor;
    /// A condition may be relaxed, and not be narrowed.
    WhenChanged = "when-changed", Unclear, Major;
    /// Servers without the feature no longer have the definition.
    IfFeatureAdded = "if-feature-added", Forbidden, Major;
    /// A definition that is not mandatory may become unconditional.
    IfFeatureRemoved = "if-feature-removed", Allowed, Minor;
    /// A mandatory node became unconditional: data of servers without the feature lacks it.
    IfFeatureRemovedMandatory = "if-feature-removed-mandatory", Forbidden, Major;
    /// A condition may be relaxed, and not be narrowed.
    IfFeatureChanged = "if-feature-changed", Unclear, Major;

    /// A type may be replaced only by one of the same syntax and meaning.
    TypeChanged = "type-changed", Forbidden, Major;
    /// The type is the same by another name; the generated Rust type is called after it.
    TypeRenamed = "type-renamed", Allowed, Major;
    /// A range or length may allow more.
    ValuesWidened = "values-widened", Allowed, Minor;
    /// Values that were valid are refused now.
    ValuesNarrowed = "values-narrowed", Forbidden, Major;
    /// Values that were valid may not match.
    PatternAdded = "pattern-added", Forbidden, Major;
    /// A pattern may allow more.
    PatternRemoved = "pattern-removed", Allowed, Minor;
    /// A pattern may allow more, and not less.
    PatternChanged = "pattern-changed", Unclear, Major;
    /// Values that were valid are refused now.
    ItemRemoved = "item-removed", Forbidden, Major;
    /// An enumeration may have new enums, bits may have new bits.
    ItemAdded = "item-added", Allowed, Minor;
    /// The value of an enum or the position of a bit is part of what it is.
    ItemValueChanged = "item-value-changed", Forbidden, Major;
    /// Identities that were valid values are refused now.
    BaseAdded = "base-added", Forbidden, Major;
    /// A base may go from an identityref as long as one stays.
    BaseRemoved = "base-removed", Allowed, Minor;
    /// A reference to something else has another meaning.
    LeafrefTargetChanged = "leafref-target-changed", Forbidden, Major;
    /// The same node is reached by another expression, which may select other instances.
    LeafrefPathChanged = "leafref-path-changed", Unclear, Major;
    /// Whether a value must name something that is there is part of what it means.
    RequireInstanceChanged = "require-instance-changed", Forbidden, Major;

    /// Texts may change where the meaning does not: that is for a reader to judge.
    TextChanged = "text-changed", Allowed, Patch;
    /// What an extension's statement means, and whether it may change, its definition says.
    ExtensionUseChanged = "extension-use-changed", Unclear, Minor;
}
