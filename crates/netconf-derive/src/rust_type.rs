//! What a macro can tell of a Rust type by its name alone.

use syn::{GenericArgument, PathArguments, Type};

/// What restrictions a leaf's type takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Restricts {
    /// An integer: least and greatest value.
    Integer(i128, i128),
    /// A decimal64: fraction digits.
    Decimal(u8),
    /// A string: length and patterns.
    String,
    /// Binary: length.
    Octets,
    /// Nothing.
    Nothing,
    /// Behind an alias, or the user's own: rustc tells later.
    Unknown,
}

/// Looks through `Option`, `Vec` and `Box`.
pub(crate) fn inner(ty: &Type) -> &Type {
    let mut ty = ty;
    loop {
        let Some((name, Some(argument))) = last_segment(ty) else { return ty };
        match (name.as_str(), argument) {
            ("Option" | "Vec" | "Box", GenericArgument::Type(inner)) => ty = inner,
            _ => return ty,
        }
    }
}

/// The struct whose table a field's type has: looks through `List` as well.
pub(crate) fn entry(ty: &Type) -> &Type {
    match last_segment(inner(ty)) {
        Some((name, Some(GenericArgument::Type(entry)))) if name == "List" => inner(entry),
        _ => inner(ty),
    }
}

fn last_segment(ty: &Type) -> Option<(String, Option<&GenericArgument>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let argument = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => arguments.args.first(),
        _ => None,
    };
    Some((segment.ident.to_string(), argument))
}

pub(crate) fn restricts(ty: &Type) -> Restricts {
    let Some((name, argument)) = last_segment(inner(ty)) else { return Restricts::Unknown };
    match name.as_str() {
        "i8" => Restricts::Integer(i8::MIN.into(), i8::MAX.into()),
        "i16" => Restricts::Integer(i16::MIN.into(), i16::MAX.into()),
        "i32" => Restricts::Integer(i32::MIN.into(), i32::MAX.into()),
        "i64" => Restricts::Integer(i64::MIN.into(), i64::MAX.into()),
        "u8" => Restricts::Integer(0, u8::MAX.into()),
        "u16" => Restricts::Integer(0, u16::MAX.into()),
        "u32" => Restricts::Integer(0, u32::MAX.into()),
        "u64" => Restricts::Integer(0, u64::MAX.into()),
        "String" => Restricts::String,
        "Binary" => Restricts::Octets,
        "bool" | "Empty" | "InstanceIdentifier" | "Identity" => Restricts::Nothing,
        "Decimal64" => match argument {
            Some(GenericArgument::Const(syn::Expr::Lit(lit))) => match &lit.lit {
                syn::Lit::Int(n) => n.base10_parse().map_or(Restricts::Unknown, Restricts::Decimal),
                _ => Restricts::Unknown,
            },
            _ => Restricts::Unknown,
        },
        _ => Restricts::Unknown,
    }
}

/// Is it a type of this name itself?
pub(crate) fn is_outermost(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|(n, _)| n == name)
}

/// Is it a type of this name, behind `Option`, `Vec` or `Box`?
pub(crate) fn is(ty: &Type, name: &str) -> bool {
    last_segment(inner(ty)).is_some_and(|(n, _)| n == name)
}
