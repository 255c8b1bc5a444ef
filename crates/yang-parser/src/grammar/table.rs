//! The table of RFC 7950 section 14: which statement may stand below which, how often, and what YANG 1 (RFC 6020) has of it.

use super::Keyword::{self, *};

/// What YANG 1 says of the same place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum V1 {
    /// The same.
    Same,
    /// It may not stand there.
    Never,
    /// It may stand there once.
    Once,
}

/// One substatement.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sub {
    pub(crate) keyword: Keyword,
    pub(crate) required: bool,
    pub(crate) many: bool,
    pub(crate) v1: V1,
}

const fn sub(keyword: Keyword, required: bool, many: bool) -> Sub {
    Sub { keyword, required, many, v1: V1::Same }
}
/// Exactly once.
const fn one(keyword: Keyword) -> Sub {
    sub(keyword, true, false)
}
/// At most once.
const fn opt(keyword: Keyword) -> Sub {
    sub(keyword, false, false)
}
/// Any number.
const fn any(keyword: Keyword) -> Sub {
    sub(keyword, false, true)
}
/// At least once.
const fn some(keyword: Keyword) -> Sub {
    sub(keyword, true, true)
}

impl Sub {
    /// New in YANG 1.1.
    const fn since_v1_1(self) -> Sub {
        Sub { v1: V1::Never, ..self }
    }
    /// At most once in YANG 1.
    const fn once_in_v1(self) -> Sub {
        Sub { v1: V1::Once, ..self }
    }
}

const MODULE: &[Sub] = &[
    opt(YangVersion),
    one(Namespace),
    one(Prefix),
    any(Import),
    any(Include),
    opt(Organization),
    opt(Contact),
    opt(Description),
    opt(Reference),
    any(Revision),
    any(Extension),
    any(Feature),
    any(Identity),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Augment),
    any(Rpc),
    any(Notification),
    any(Deviation),
];
const SUBMODULE: &[Sub] = &[
    opt(YangVersion),
    one(BelongsTo),
    any(Import),
    any(Include),
    opt(Organization),
    opt(Contact),
    opt(Description),
    opt(Reference),
    any(Revision),
    any(Extension),
    any(Feature),
    any(Identity),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Augment),
    any(Rpc),
    any(Notification),
    any(Deviation),
];
const IMPORT: &[Sub] =
    &[one(Prefix), opt(RevisionDate), opt(Description).since_v1_1(), opt(Reference).since_v1_1()];
const INCLUDE: &[Sub] = &[opt(RevisionDate), opt(Description).since_v1_1(), opt(Reference).since_v1_1()];
const BELONGS_TO: &[Sub] = &[one(Prefix)];
const REVISION: &[Sub] = &[opt(Description), opt(Reference)];
const EXTENSION: &[Sub] = &[opt(Argument), opt(Status), opt(Description), opt(Reference)];
const ARGUMENT: &[Sub] = &[opt(YinElement)];
const IDENTITY: &[Sub] =
    &[any(IfFeature).since_v1_1(), any(Base).once_in_v1(), opt(Status), opt(Description), opt(Reference)];
const FEATURE: &[Sub] = &[any(IfFeature), opt(Status), opt(Description), opt(Reference)];
const TYPEDEF: &[Sub] = &[one(Type), opt(Units), opt(Default), opt(Status), opt(Description), opt(Reference)];
const TYPE: &[Sub] = &[
    opt(FractionDigits),
    opt(Range),
    opt(Length),
    any(Pattern),
    any(Enum),
    any(Bit),
    opt(Path),
    any(Base).once_in_v1(),
    any(Type),
    opt(RequireInstance),
];
const RANGE: &[Sub] = &[opt(ErrorMessage), opt(ErrorAppTag), opt(Description), opt(Reference)];
const PATTERN: &[Sub] =
    &[opt(Modifier).since_v1_1(), opt(ErrorMessage), opt(ErrorAppTag), opt(Description), opt(Reference)];
const ENUM: &[Sub] =
    &[any(IfFeature).since_v1_1(), opt(Value), opt(Status), opt(Description), opt(Reference)];
const BIT: &[Sub] =
    &[any(IfFeature).since_v1_1(), opt(Position), opt(Status), opt(Description), opt(Reference)];
const WHEN: &[Sub] = &[opt(Description), opt(Reference)];
const GROUPING: &[Sub] = &[
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Action).since_v1_1(),
    any(Notification).since_v1_1(),
];
const CONTAINER: &[Sub] = &[
    opt(When),
    any(IfFeature),
    any(Must),
    opt(Presence),
    opt(Config),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Action).since_v1_1(),
    any(Notification).since_v1_1(),
];
const LEAF: &[Sub] = &[
    opt(When),
    any(IfFeature),
    one(Type),
    opt(Units),
    any(Must),
    opt(Default),
    opt(Config),
    opt(Mandatory),
    opt(Status),
    opt(Description),
    opt(Reference),
];
const LEAF_LIST: &[Sub] = &[
    opt(When),
    any(IfFeature),
    one(Type),
    opt(Units),
    any(Must),
    any(Default).since_v1_1(),
    opt(Config),
    opt(MinElements),
    opt(MaxElements),
    opt(OrderedBy),
    opt(Status),
    opt(Description),
    opt(Reference),
];
const LIST: &[Sub] = &[
    opt(When),
    any(IfFeature),
    any(Must),
    opt(Key),
    any(Unique),
    opt(Config),
    opt(MinElements),
    opt(MaxElements),
    opt(OrderedBy),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Action).since_v1_1(),
    any(Notification).since_v1_1(),
];
const CHOICE: &[Sub] = &[
    opt(When),
    any(IfFeature),
    opt(Default),
    opt(Config),
    opt(Mandatory),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Case),
    any(Choice).since_v1_1(),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(AnyData).since_v1_1(),
    any(AnyXml),
];
const CASE: &[Sub] = &[
    opt(When),
    any(IfFeature),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
];
const ANY: &[Sub] = &[
    opt(When),
    any(IfFeature),
    any(Must),
    opt(Config),
    opt(Mandatory),
    opt(Status),
    opt(Description),
    opt(Reference),
];
const USES: &[Sub] =
    &[opt(When), any(IfFeature), opt(Status), opt(Description), opt(Reference), any(Refine), any(Augment)];
const REFINE: &[Sub] = &[
    any(IfFeature).since_v1_1(),
    any(Must),
    opt(Presence),
    any(Default).once_in_v1(),
    opt(Config),
    opt(Mandatory),
    opt(MinElements),
    opt(MaxElements),
    opt(Description),
    opt(Reference),
];
const AUGMENT: &[Sub] = &[
    opt(When),
    any(IfFeature),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
    any(Case),
    any(Action).since_v1_1(),
    any(Notification).since_v1_1(),
];
const RPC: &[Sub] = &[
    any(IfFeature),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Typedef),
    any(Grouping),
    opt(Input),
    opt(Output),
];
const INPUT: &[Sub] = &[
    any(Must).since_v1_1(),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
];
const NOTIFICATION: &[Sub] = &[
    any(IfFeature),
    any(Must).since_v1_1(),
    opt(Status),
    opt(Description),
    opt(Reference),
    any(Typedef),
    any(Grouping),
    any(Container),
    any(Leaf),
    any(LeafList),
    any(List),
    any(Choice),
    any(AnyData).since_v1_1(),
    any(AnyXml),
    any(Uses),
];
const DEVIATION: &[Sub] = &[opt(Description), opt(Reference), some(Deviate)];
const DEVIATE: &[Sub] = &[
    opt(Type),
    opt(Units),
    any(Must),
    any(Unique),
    any(Default).once_in_v1(),
    opt(Config),
    opt(Mandatory),
    opt(MinElements),
    opt(MaxElements),
];

/// What may stand below a statement. Below extension statements and unknown ones anything may.
pub(crate) fn substatements(parent: Keyword) -> &'static [Sub] {
    match parent {
        Module => MODULE,
        Submodule => SUBMODULE,
        Import => IMPORT,
        Include => INCLUDE,
        BelongsTo => BELONGS_TO,
        Revision => REVISION,
        Extension => EXTENSION,
        Argument => ARGUMENT,
        Identity => IDENTITY,
        Feature => FEATURE,
        Typedef => TYPEDEF,
        Type => TYPE,
        Range | Length | Must => RANGE,
        Pattern => PATTERN,
        Enum => ENUM,
        Bit => BIT,
        When => WHEN,
        Grouping => GROUPING,
        Container => CONTAINER,
        Leaf => LEAF,
        LeafList => LEAF_LIST,
        List => LIST,
        Choice => CHOICE,
        Case => CASE,
        AnyData | AnyXml => ANY,
        Uses => USES,
        Refine => REFINE,
        Augment => AUGMENT,
        Rpc | Action => RPC,
        Input | Output => INPUT,
        Notification => NOTIFICATION,
        Deviation => DEVIATION,
        Deviate => DEVIATE,
        _ => &[],
    }
}

/// What may stand below a `deviate`, by its argument.
pub(crate) fn deviate_substatements(argument: &str) -> &'static [Keyword] {
    match argument {
        "add" => &[Units, Must, Unique, Default, Config, Mandatory, MinElements, MaxElements],
        "replace" => &[Type, Units, Default, Config, Mandatory, MinElements, MaxElements],
        "delete" => &[Units, Must, Unique, Default],
        _ => &[],
    }
}

/// Where a statement stands in a module: header, linkage, meta, revision, body.
pub(crate) fn section(keyword: Keyword) -> Option<u8> {
    match keyword {
        YangVersion | Namespace | Prefix | BelongsTo => Some(0),
        Import | Include => Some(1),
        Organization | Contact | Description | Reference => Some(2),
        Revision => Some(3),
        Extended | Unknown => None,
        _ => Some(4),
    }
}

impl Sub {
    /// The fewest and the most times it may stand there in a version.
    pub(crate) fn bounds(&self, v1: bool) -> (usize, usize) {
        let most = if self.many { usize::MAX } else { 1 };
        let least = usize::from(self.required);
        match self.v1 {
            _ if !v1 => (least, most),
            V1::Same => (least, most),
            V1::Never => (0, 0),
            V1::Once => (least, 1),
        }
    }
}
