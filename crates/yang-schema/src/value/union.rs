//! `union` (RFC 7950 section 9.12; in JSON RFC 7951 section 6.10), and what stands behind a leafref (section 9.9).

use super::seen::shown;
use super::{NameResolver, TypeSource, Value, ValueError, ValueErrorKind};
use crate::{TypeDetail, TypeId};

/// The types without unions and leafrefs that a value may have, in the order in which they are tried.
///
/// A loop, not a recursion: models from outside may nest unions as deeply as they like. What stands there twice is tried once: a
/// union of two unions of two unions would grow without end.
pub(super) fn plain_types(types: &dyn TypeSource, ty: TypeId) -> Result<Vec<TypeId>, ValueError> {
    let mut plain = Vec::new();
    let mut opened: Vec<TypeId> = Vec::new();
    let mut stack = vec![ty];
    while let Some(ty) = stack.pop() {
        if opened.contains(&ty) {
            continue;
        }
        match &types.type_of(ty).detail {
            TypeDetail::Union { members } => {
                opened.push(ty);
                stack.extend(members.iter().rev());
            }
            TypeDetail::Leafref { real: Some(real), .. } => {
                opened.push(ty);
                stack.push(*real);
            }
            TypeDetail::Leafref { real: None, .. } => {
                let detail = "a leafref outside a leaf refers to nothing, so it has no values";
                return Err(ValueError::new(ValueErrorKind::Lexical, detail));
            }
            _ => plain.push(ty),
        }
    }
    Ok(plain)
}

/// The value of the first member that takes the text.
pub(super) fn parse(
    types: &dyn TypeSource,
    ty: TypeId,
    text: &str,
    names: &dyn NameResolver,
) -> Result<Value, ValueError> {
    let members = plain_types(types, ty)?;
    let mut reasons: Vec<String> = Vec::new();
    for &member in &members {
        match Value::parse(types, member, text, names) {
            Ok(value) => return Ok(value),
            Err(e) if members.len() == 1 => return Err(e),
            Err(e) => {
                let name = types.text(types.type_of(member).name);
                let reason = format!("{name}: {}", e.message());
                if !reasons.contains(&reason) {
                    reasons.push(reason);
                }
            }
        }
    }
    const MOST: usize = 4;
    let more = if reasons.len() > MOST { "; ..." } else { "" };
    reasons.truncate(MOST);
    let detail = format!("{} fits no member of the union ({}{more})", shown(text), reasons.join("; "));
    Err(ValueError::new(ValueErrorKind::Union, detail))
}
