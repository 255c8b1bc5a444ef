//! `bits` (RFC 7950 section 9.7).

use super::seen::{self, shown};
use super::{TypeSource, Value, ValueError, ValueErrorKind};
use crate::{BitItem, TypeId};

/// White space of any length may stand between the names; the canonical form has one space.
pub(super) fn parse(
    types: &dyn TypeSource,
    ty: TypeId,
    items: &[BitItem],
    text: &str,
) -> Result<Value, ValueError> {
    let error = |detail| Err(ValueError::new(ValueErrorKind::Bit, detail));
    let mut set: Vec<u32> = Vec::new();
    for name in text.split([' ', '\t', '\r', '\n']).filter(|name| !name.is_empty()) {
        let Some(i) = items.iter().position(|item| types.text(item.name) == name) else {
            let names = items.iter().filter(|i| i.enabled).map(|i| types.text(i.name));
            return error(seen::no_bit(name, names));
        };
        if !items[i].enabled {
            return error(format!("{} needs a feature that is not supported", shown(name)));
        }
        match set.binary_search(&(i as u32)) {
            Ok(_) => return error(seen::bit_twice(name)),
            Err(at) => set.insert(at, i as u32),
        }
    }
    Ok(Value::Bits(ty, set.into()))
}
