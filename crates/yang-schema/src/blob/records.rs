//! The records of a schema, field by field, in the order in which they are written.
//!
//! A field that is added to a record and not here does not compile. Whoever changes a line raises
//! [`VERSION`](super::VERSION).

use super::Damage;
use super::wire::{Reader, Wire, Writer};
use crate::node::Details;
use crate::schema::Arena;
use crate::value::{Decimal64, InstanceIdentifier, InstanceSelector, InstanceStep};
use crate::xpath::{ArithmeticOp, Axis, CompareOp, Expr, Function, LocationPath, NodeTest, Step};
use crate::{
    Amendment, Annotation, Base, BitItem, CodeOf, ConstraintInfo, Default, EnumItem, ErrorCode, ExtensionDef,
    ExtensionUse, Feature, Grouping, Identity, IdentityId, Import, Interval, Module, ModuleId, Must,
    NodeCode, NodeId, NodeKind, OrderedBy, Pattern, Range, Revision, SidOf, SourceFile, Span, Status,
    Submodule, Sym, Type, TypeDetail, TypeId, Typedef, Unique, Value, When, WhenContext, XPath, XPathId,
    YangVersion,
};
use smol_str::SmolStr;
use std::sync::Arc;

/// Records, all of whose fields are written but those that stand elsewhere.
macro_rules! structs {
    ($($record:ident { $($field:ident),* $(,)? $(; $elsewhere:ident)? })*) => {$(
        impl Wire for $record {
            fn put(&self, w: &mut Writer<'_>) {
                let Self { $($field,)* $($elsewhere: _)? } = self;
                $($field.put(w);)*
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                Ok(Self {
                    $($field: Wire::get(r)?,)*
                    $($elsewhere: std::default::Default::default())?
                })
            }
        }
    )*};
}

/// Enums without fields, by position.
macro_rules! names {
    ($($name:ident [$($variant:ident),* $(,)?])*) => {$(
        impl Wire for $name {
            fn put(&self, w: &mut Writer<'_>) {
                (*self as u8).put(w);
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                const ALL: &[$name] = &[$($name::$variant),*];
                // A variant that is missing above, or stands elsewhere, does not compile.
                const _: () = {
                    let mut i = 0;
                    while i < ALL.len() {
                        assert!(ALL[i] as usize == i);
                        i += 1;
                    }
                };
                let _ = |one: $name| match one { $($name::$variant => {})* };
                ALL.get(usize::from(u8::get(r)?)).copied().ok_or(Damage("an unknown word"))
            }
        }
    )*};
}

/// Enums with fields. A number stands before each, and in brackets what looks at the bytes behind it first.
macro_rules! enums {
    ($($name:ident {$(
        $tag:literal $variant:ident
            $(($($item:ident: $item_type:ty),*))?
            $({$($field:ident: $field_type:ty),*})?
            $([$check:path])?
    ),* $(,)?})*) => {$(
        impl Wire for $name {
            fn put(&self, w: &mut Writer<'_>) {
                match self {$(
                    Self::$variant $(($($item),*))? $({$($field),*})? => {
                        u8::put(&$tag, w);
                        $($($item.put(w);)*)?
                        $($($field.put(w);)*)?
                    }
                )*}
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                r.nested(|r| match u8::get(r)? {
                    $($tag => {
                        $($check(r)?;)?
                        Ok(Self::$variant
                            $(($(<$item_type>::get(r)?),*))?
                            $({$($field: <$field_type>::get(r)?),*})?
                        )
                    })*
                    _ => Err(Damage("an unknown kind")),
                })
            }

            fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
                r.nested(|r| {
                    match u8::get(r)? {
                        $($tag => {
                            $($check(r)?;)?
                            $($(<$item_type>::skip(r)?;)*)?
                            $($(<$field_type>::skip(r)?;)*)?
                        })*
                        _ => return Err(Damage("an unknown kind")),
                    }
                    Ok(())
                })
            }
        }
    )*};
}

/// Parts of expressions: most are only skipped.
macro_rules! skipped {
    ($($record:ident { $($field:ident: $field_type:ty),* })*) => {$(
        impl Wire for $record {
            fn put(&self, w: &mut Writer<'_>) {
                let Self { $($field),* } = self;
                $($field.put(w);)*
            }

            fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
                Ok(Self { $($field: <$field_type>::get(r)?),* })
            }

            fn skip(r: &mut Reader<'_, '_>) -> Result<(), Damage> {
                $(<$field_type>::skip(r)?;)*
                Ok(())
            }
        }
    )*};
}

structs! {
    Arena {
        modules, types, typedefs, groupings, identities, features, extensions, annotations, files, xpaths, codes, sids; exprs
    }
    Module {
        name, namespace, prefix, revision, yang_version, implemented, organization, contact, description, reference,
        revisions, imports, submodules, features, identities, typedefs, deviated_by, augmented_by, extensions, file,
        span,
    }
    Revision { date, description, reference }
    Import { file, prefix, module, revision }
    Submodule { name, prefix, revision, file }
    SourceFile { path }
    Feature { name, module, enabled, status, description, reference, if_features, span }
    Identity {
        name, module, bases, derived, status, description, reference, if_features, enabled, extensions, span,
    }
    ExtensionDef { name, module, argument, yin_element, description, span }
    Annotation { name, module, type_id, units, status, description, extensions, span }
    Grouping { name, module, top_level, description, span }
    Typedef {
        name, module, top_level, type_id, default, units, status, description, reference, extensions, span,
    }
    Type { name, typedef, detail, restricted_here, non_zero, extensions, span }
    EnumItem { name, value, status, description, reference, if_features, enabled }
    BitItem { name, position, status, description, reference, if_features, enabled }
    Interval { min, max }
    Range { text, parts, info }
    ConstraintInfo { error_message, error_app_tag, description, reference, code }
    ErrorCode { number, message, span }
    NodeCode { of, code }
    XPath { text, expr, default_module, reads, span }
    Must { xpath, info }
    When { xpath, context, description, reference }
    Unique { text, leaves, span }
    Default { text, value }
    Amendment { module, span }
    Details {
        presence, units, defaults, default_case, min_elements, max_elements, ordered_by, keys, uniques, musts, whens,
        if_features, extensions, augmented_by, deviated_by, codes,
    }
    InstanceIdentifier { steps }
    InstanceStep { node, selector }
}

names! {
    YangVersion [V1, V1_1]
    Status [Current, Deprecated, Obsolete]
    OrderedBy [System, User]
    WhenContext [Node, Parent]
    NodeKind [
        Root, Container, Leaf, LeafList, List, Choice, Case, AnyData, AnyXml, Rpc, Action, Input, Output, Notification,
        Structure, Grouping,
    ]
    Base [
        Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64, Decimal64, String, Boolean, Enumeration, Bits, Binary,
        Leafref, Identityref, Empty, Union, InstanceIdentifier,
    ]
    CompareOp [Equal, NotEqual, Less, LessOrEqual, Greater, GreaterOrEqual]
    ArithmeticOp [Add, Subtract, Multiply, Divide, Modulo]
    Axis [
        Ancestor, AncestorOrSelf, Attribute, Child, Descendant, DescendantOrSelf, Following, FollowingSibling, Namespace,
        Parent, Preceding, PrecedingSibling, SelfAxis,
    ]
    Function [
        Last, Position, Count, Id, LocalName, NamespaceUri, Name, String, Concat, StartsWith, Contains, SubstringBefore,
        SubstringAfter, Substring, StringLength, NormalizeSpace, Translate, Boolean, Not, True, False, Lang, Number, Sum,
        Floor, Ceiling, Round, Current, ReMatch, Deref, DerivedFrom, DerivedFromOrSelf, EnumValue, BitIsSet,
    ]
}

enums! {
    TypeDetail {
        0 Integer { base: Base, ranges: Vec<Range> },
        1 Decimal64 { fraction_digits: u8, ranges: Vec<Range> },
        2 String { lengths: Vec<Range>, patterns: Vec<Pattern> },
        3 Boolean,
        4 Enumeration(items: Vec<EnumItem>),
        5 Bits(items: Vec<BitItem>),
        6 Binary { lengths: Vec<Range> },
        7 Leafref { path: XPathId, require_instance: bool, target: Option<NodeId>, real: Option<TypeId> },
        8 Identityref { bases: Vec<IdentityId> },
        9 Empty,
        10 Union { members: Vec<TypeId> },
        11 InstanceIdentifier { require_instance: bool },
    }
    Value {
        0 Empty,
        1 Boolean(on: bool),
        2 Int(number: i64),
        3 Uint(number: u64),
        4 Decimal64(number: Decimal64),
        5 String(text: SmolStr),
        6 Binary(octets: Arc<[u8]>),
        7 Enumeration(of: TypeId, item: u32),
        8 Bits(of: TypeId, items: Arc<Vec<u32>>),
        9 Identity(id: IdentityId),
        10 InstanceIdentifier(id: Arc<InstanceIdentifier>),
    }
    CodeOf {
        0 Node,
        1 Mandatory,
        2 MinElements,
        3 MaxElements,
        4 Unique(at: u32),
        5 When(at: u32),
    }
    InstanceSelector {
        0 Only,
        1 Keys(keys: Vec<Value>),
        2 Value(value: Value),
        3 Position(position: u64),
    }
    SidOf {
        0 Module(id: ModuleId),
        1 Identity(id: IdentityId),
        2 Feature(id: crate::FeatureId),
        3 Node(id: NodeId),
    }
    Expr {
        0 Or(left: Box<Expr>, right: Box<Expr>),
        1 And(left: Box<Expr>, right: Box<Expr>),
        2 Compare(op: CompareOp, left: Box<Expr>, right: Box<Expr>),
        3 Arithmetic(op: ArithmeticOp, left: Box<Expr>, right: Box<Expr>),
        4 Negate(operand: Box<Expr>),
        5 Union(left: Box<Expr>, right: Box<Expr>),
        6 Path(path: LocationPath),
        7 Filter { primary: Box<Expr>, predicates: Vec<Expr>, steps: Vec<Step> },
        8 Literal(text: Box<str>),
        9 Number(number: f64),
        10 Call(function: Function, arguments: Vec<Expr>) [right_number_of_arguments],
    }
    NodeTest {
        0 Any,
        1 AnyIn(module: ModuleId),
        2 Name { module: Option<ModuleId>, name: Box<str> },
        3 Node,
        4 Text,
        5 Comment,
        6 ProcessingInstruction,
    }
}

skipped! {
    LocationPath { absolute: bool, steps: Vec<Step> }
    Step { axis: Axis, test: NodeTest, predicates: Vec<Expr> }
}

impl Wire for (SidOf, u64) {
    fn put(&self, w: &mut Writer<'_>) {
        self.0.put(w);
        self.1.put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        Ok((SidOf::get(r)?, u64::get(r)?))
    }
}

impl Wire for Decimal64 {
    fn put(&self, w: &mut Writer<'_>) {
        self.fraction_digits.put(w);
        self.digits.put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let fraction_digits = u8::get(r)?;
        if !(1..=18).contains(&fraction_digits) {
            return Err(Damage("a decimal64 has 1 to 18 fraction digits"));
        }
        Ok(Self { fraction_digits, digits: Wire::get(r)? })
    }
}

impl Wire for Span {
    fn put(&self, w: &mut Writer<'_>) {
        self.file.put(w);
        self.start.put(w);
        self.end.saturating_sub(self.start).put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let (file, start, length) = (Wire::get(r)?, u32::get(r)?, u32::get(r)?);
        let end = start.checked_add(length).ok_or(Damage("a number is too large"))?;
        Ok(Self { file, start, end })
    }
}

impl Wire for ExtensionUse {
    fn put(&self, w: &mut Writer<'_>) {
        let Self { module, name, argument, substatements, span } = self;
        module.put(w);
        name.put(w);
        argument.put(w);
        substatements.put(w);
        span.put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        r.nested(|r| {
            Ok(Self {
                module: Wire::get(r)?,
                name: Wire::get(r)?,
                argument: Wire::get(r)?,
                substatements: Wire::get(r)?,
                span: Wire::get(r)?,
            })
        })
    }
}

/// The expression is nearly always the text; only where a schema was made by hand it may be another.
impl Wire for Pattern {
    fn put(&self, w: &mut Writer<'_>) {
        let Self { text, compiled, inverted, info } = self;
        text.put(w);
        compiled.has_anchors().put(w);
        let other = (w.strings.get(*text) != compiled.source()).then(|| Box::<str>::from(compiled.source()));
        other.put(w);
        inverted.put(w);
        info.put(w);
    }

    fn get(r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let text = Sym::get(r)?;
        let anchors = bool::get(r)?;
        let compiled = match Option::<Box<str>>::get(r)? {
            Some(source) => crate::pattern::CompiledPattern::known(&source, anchors),
            None => r.pattern(text, anchors),
        };
        Ok(Self { text, compiled, inverted: Wire::get(r)?, info: Wire::get(r)? })
    }
}

/// What evaluates a call relies on the parser's count.
fn right_number_of_arguments(r: &Reader<'_, '_>) -> Result<(), Damage> {
    let mut ahead = r.ahead();
    let (least, most) = Function::get(&mut ahead)?.arguments();
    if (least..=most).contains(&ahead.length()?) {
        Ok(())
    } else {
        Err(Damage("a function has too few or too many arguments"))
    }
}
