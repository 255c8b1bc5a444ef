//! Types (RFC 7950 section 9) and typedefs (section 7.3).

use crate::pattern::CompiledPattern;
use crate::{
    ConstraintInfo, Default, ExtensionUse, IdentityId, ModuleId, NodeId, Schema, Span, Status, Sym, TypeId,
    TypedefId, XPathId,
};

/// The built-in types (RFC 7950 section 4.2.4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[allow(missing_docs, reason = "each is the RFC's name of the type")]
pub enum Base {
    Int8,
    Int16,
    Int32,
    Int64,
    Uint8,
    Uint16,
    Uint32,
    Uint64,
    Decimal64,
    String,
    Boolean,
    Enumeration,
    Bits,
    Binary,
    Leafref,
    Identityref,
    Empty,
    Union,
    InstanceIdentifier,
}

impl Base {
    /// All built-in types.
    pub const ALL: [Base; 19] = [
        Base::Int8,
        Base::Int16,
        Base::Int32,
        Base::Int64,
        Base::Uint8,
        Base::Uint16,
        Base::Uint32,
        Base::Uint64,
        Base::Decimal64,
        Base::String,
        Base::Boolean,
        Base::Enumeration,
        Base::Bits,
        Base::Binary,
        Base::Leafref,
        Base::Identityref,
        Base::Empty,
        Base::Union,
        Base::InstanceIdentifier,
    ];

    /// The name in YANG.
    pub fn name(self) -> &'static str {
        match self {
            Base::Int8 => "int8",
            Base::Int16 => "int16",
            Base::Int32 => "int32",
            Base::Int64 => "int64",
            Base::Uint8 => "uint8",
            Base::Uint16 => "uint16",
            Base::Uint32 => "uint32",
            Base::Uint64 => "uint64",
            Base::Decimal64 => "decimal64",
            Base::String => "string",
            Base::Boolean => "boolean",
            Base::Enumeration => "enumeration",
            Base::Bits => "bits",
            Base::Binary => "binary",
            Base::Leafref => "leafref",
            Base::Identityref => "identityref",
            Base::Empty => "empty",
            Base::Union => "union",
            Base::InstanceIdentifier => "instance-identifier",
        }
    }

    /// The built-in type of a name.
    pub fn from_name(name: &str) -> Option<Base> {
        Some(match name {
            "int8" => Base::Int8,
            "int16" => Base::Int16,
            "int32" => Base::Int32,
            "int64" => Base::Int64,
            "uint8" => Base::Uint8,
            "uint16" => Base::Uint16,
            "uint32" => Base::Uint32,
            "uint64" => Base::Uint64,
            "decimal64" => Base::Decimal64,
            "string" => Base::String,
            "boolean" => Base::Boolean,
            "enumeration" => Base::Enumeration,
            "bits" => Base::Bits,
            "binary" => Base::Binary,
            "leafref" => Base::Leafref,
            "identityref" => Base::Identityref,
            "empty" => Base::Empty,
            "union" => Base::Union,
            "instance-identifier" => Base::InstanceIdentifier,
            _ => return None,
        })
    }

    /// The least and greatest value of an integer type (RFC 7950 section 9.2).
    pub fn integer_bounds(self) -> Option<Interval> {
        let (min, max) = match self {
            Base::Int8 => (i8::MIN as i128, i8::MAX as i128),
            Base::Int16 => (i16::MIN as i128, i16::MAX as i128),
            Base::Int32 => (i32::MIN as i128, i32::MAX as i128),
            Base::Int64 => (i64::MIN as i128, i64::MAX as i128),
            Base::Uint8 => (0, u8::MAX as i128),
            Base::Uint16 => (0, u16::MAX as i128),
            Base::Uint32 => (0, u32::MAX as i128),
            Base::Uint64 => (0, u64::MAX as i128),
            _ => return None,
        };
        Some(Interval { min, max })
    }
}

/// A type as one `type` statement gives it. Restrictions of the whole typedef chain stand in it, base first.
#[derive(Clone, PartialEq, Debug)]
pub struct Type {
    /// The name as written, with its prefix.
    pub name: Sym,
    /// The typedef that it names; `None` for a built-in type.
    pub typedef: Option<TypedefId>,
    /// What it is and what restricts it.
    pub detail: TypeDetail,
    /// Does this `type` statement restrict further what it names?
    pub restricted_here: bool,
    /// The leaf demands a value that is not zero, empty or `false` (the extension `non-zero` of
    /// [`CODE_MODULE`](crate::CODE_MODULE)); its type is its own then.
    pub non_zero: Option<ConstraintInfo>,
    /// Extension statements below it.
    pub extensions: Vec<ExtensionUse>,
    /// The `type` statement's argument; of several that only name the same type, the first.
    pub span: Span,
}

/// A built-in type with its restrictions.
#[derive(Clone, PartialEq, Debug)]
pub enum TypeDetail {
    /// Any integer type.
    Integer {
        /// Which.
        base: Base,
        /// `range` statements of the chain, base first. A value must be in each; the last is the narrowest.
        ranges: Vec<Range>,
    },
    /// `decimal64` (section 9.3).
    Decimal64 {
        /// 1 to 18.
        fraction_digits: u8,
        /// As for integers; bounds are in units of 10^-fraction_digits.
        ranges: Vec<Range>,
    },
    /// `string` (section 9.4).
    String {
        /// `length` statements of the chain, in characters.
        lengths: Vec<Length>,
        /// `pattern` statements of the chain; a value must match all.
        patterns: Vec<Pattern>,
    },
    /// `boolean` (section 9.5).
    Boolean,
    /// `enumeration` (section 9.6): the enums that this type allows, in the order of the text.
    Enumeration(Vec<EnumItem>),
    /// `bits` (section 9.7): the bits that this type allows, by position.
    Bits(Vec<BitItem>),
    /// `binary` (section 9.8).
    Binary {
        /// `length` statements of the chain, in octets.
        lengths: Vec<Length>,
    },
    /// `leafref` (section 9.9). Each leaf has a type of its own, since the path starts there.
    Leafref {
        /// `path`.
        path: XPathId,
        /// `require-instance`.
        require_instance: bool,
        /// The leaf or leaf-list that the path names; `None` only in a typedef, which has no place.
        target: Option<NodeId>,
        /// The target's type, followed through further leafrefs; `None` as `target` is.
        real: Option<TypeId>,
    },
    /// `identityref` (section 9.10): a value must be derived from all bases.
    Identityref {
        /// The bases.
        bases: Vec<IdentityId>,
    },
    /// `empty` (section 9.11).
    Empty,
    /// `union` (section 9.12): the first member that accepts a value takes it.
    Union {
        /// Members in order; a member may itself be a union.
        members: Vec<TypeId>,
    },
    /// `instance-identifier` (section 9.13).
    InstanceIdentifier {
        /// `require-instance`.
        require_instance: bool,
    },
}

impl TypeDetail {
    /// The built-in type.
    pub fn base(&self) -> Base {
        match self {
            TypeDetail::Integer { base, .. } => *base,
            TypeDetail::Decimal64 { .. } => Base::Decimal64,
            TypeDetail::String { .. } => Base::String,
            TypeDetail::Boolean => Base::Boolean,
            TypeDetail::Enumeration(_) => Base::Enumeration,
            TypeDetail::Bits(_) => Base::Bits,
            TypeDetail::Binary { .. } => Base::Binary,
            TypeDetail::Leafref { .. } => Base::Leafref,
            TypeDetail::Identityref { .. } => Base::Identityref,
            TypeDetail::Empty => Base::Empty,
            TypeDetail::Union { .. } => Base::Union,
            TypeDetail::InstanceIdentifier { .. } => Base::InstanceIdentifier,
        }
    }
}

/// A closed interval.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interval {
    /// The least value in it.
    pub min: i128,
    /// The greatest value in it.
    pub max: i128,
}

impl Interval {
    /// Is the value in it?
    pub fn contains(&self, value: i128) -> bool {
        (self.min..=self.max).contains(&value)
    }
}

/// A `range` (section 9.2.4): ascending, disjoint parts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Range {
    /// The argument as written.
    pub text: Sym,
    /// Its parts, with `min` and `max` resolved.
    pub parts: Vec<Interval>,
    /// What it says of its violation.
    pub info: ConstraintInfo,
}

/// A `length` (section 9.4.4): the same shape as a range.
pub type Length = Range;

/// A `pattern` (section 9.4.5).
#[derive(Clone, PartialEq, Debug)]
pub struct Pattern {
    /// The XSD regular expression as written.
    pub text: Sym,
    /// Its translation, compiled when it is first needed.
    pub compiled: CompiledPattern,
    /// `modifier invert-match`.
    pub inverted: bool,
    /// What it says of its violation.
    pub info: ConstraintInfo,
}

/// An `enum` (section 9.6.4).
#[derive(Clone, PartialEq, Debug)]
pub struct EnumItem {
    /// Its name.
    pub name: Sym,
    /// Its value.
    pub value: i32,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// `if-feature` expressions, as written.
    pub if_features: Vec<Sym>,
    /// Do they hold? A value may not name an item that is switched off.
    pub enabled: bool,
}

/// A `bit` (section 9.7.4).
#[derive(Clone, PartialEq, Debug)]
pub struct BitItem {
    /// Its name.
    pub name: Sym,
    /// Its position.
    pub position: u32,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// `if-feature` expressions, as written.
    pub if_features: Vec<Sym>,
    /// Do they hold? A value may not name an item that is switched off.
    pub enabled: bool,
}

/// A `typedef` (section 7.3).
#[derive(Clone, PartialEq, Debug)]
pub struct Typedef {
    /// Its name.
    pub name: Sym,
    /// The module that defines it.
    pub module: ModuleId,
    /// Does it stand at the top level of its module, where others can name it?
    pub top_level: bool,
    /// What it stands for.
    pub type_id: TypeId,
    /// Its own default (not one that its type inherits).
    pub default: Option<Default>,
    /// Its own units.
    pub units: Option<Sym>,
    /// Its status.
    pub status: Status,
    /// `description`.
    pub description: Option<Sym>,
    /// `reference`.
    pub reference: Option<Sym>,
    /// Extension statements below it.
    pub extensions: Vec<ExtensionUse>,
    /// The argument of its statement.
    pub span: Span,
}

/// A type and the schema it lives in.
#[derive(Clone, Copy)]
pub struct TypeRef<'s> {
    pub(crate) schema: &'s Schema,
    pub(crate) id: TypeId,
}

impl<'s> TypeRef<'s> {
    /// Its id.
    pub fn id(self) -> TypeId {
        self.id
    }

    /// The schema it lives in.
    pub fn schema(self) -> &'s Schema {
        self.schema
    }

    /// The record.
    pub fn get(self) -> &'s Type {
        self.schema.type_record(self.id)
    }

    /// What it is and what restricts it.
    pub fn detail(self) -> &'s TypeDetail {
        &self.get().detail
    }

    /// The name as written, with its prefix.
    pub fn name(self) -> &'s str {
        self.schema.str(self.get().name)
    }

    /// The typedef that it names.
    pub fn typedef(self) -> Option<&'s Typedef> {
        self.get().typedef.map(|id| self.schema.typedef(id))
    }

    /// The type and those that it stands on, by typedef after typedef, down to the built-in type (RFC 7950 section 7.3). Restrictions
    /// and enums of all of them stand in the first already.
    ///
    /// ```
    /// # fn chain(leaf: yang_schema::NodeRef<'_>) -> Vec<String> {
    /// // For `typedef percent { type uint8; }` and `leaf load { type percent; }`: "percent", "uint8".
    /// leaf.type_().into_iter().flat_map(|ty| ty.chain()).map(|ty| ty.name().to_owned()).collect()
    /// # }
    /// ```
    pub fn chain(self) -> impl Iterator<Item = TypeRef<'s>> {
        std::iter::successors(Some(self), |ty| {
            ty.typedef().map(|typedef| TypeRef { schema: ty.schema, id: typedef.type_id })
        })
    }

    /// The built-in type at the end of its chain.
    pub fn base(self) -> Base {
        self.detail().base()
    }

    /// The type that a leafref's values have, or itself.
    pub fn real(self) -> TypeRef<'s> {
        match self.detail() {
            TypeDetail::Leafref { real: Some(id), .. } => TypeRef { schema: self.schema, id: *id },
            _ => self,
        }
    }

    /// Can a value name an instance that must exist (`require-instance`)? Leafrefs, instance-identifiers, unions of these.
    pub fn must_refer(self) -> bool {
        match self.detail() {
            TypeDetail::Leafref { require_instance, .. }
            | TypeDetail::InstanceIdentifier { require_instance } => *require_instance,
            // A union has no other unions inside but by typedefs, which end.
            TypeDetail::Union { .. } => self.members().any(TypeRef::must_refer),
            _ => false,
        }
    }

    /// The members of a union, in order; none for another type.
    pub fn members(self) -> impl Iterator<Item = TypeRef<'s>> {
        let ids: &[TypeId] = match self.detail() {
            TypeDetail::Union { members } => members,
            _ => &[],
        };
        ids.iter().map(move |&id| TypeRef { schema: self.schema, id })
    }
}

impl std::fmt::Debug for TypeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "TypeRef({})", self.name())
    }
}
