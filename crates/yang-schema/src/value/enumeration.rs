//! `enumeration` (RFC 7950 section 9.6).

use super::seen::{self, shown};
use super::{TypeSource, Value, ValueError, ValueErrorKind};
use crate::{EnumItem, TypeId};

pub(super) fn parse(
    types: &dyn TypeSource,
    ty: TypeId,
    items: &[EnumItem],
    text: &str,
) -> Result<Value, ValueError> {
    let error = |detail| Err(ValueError::new(ValueErrorKind::Enum, detail));
    match items.iter().position(|item| types.text(item.name) == text) {
        Some(i) if items[i].enabled => Ok(Value::Enumeration(ty, i as u32)),
        Some(_) => error(format!("{} needs a feature that is not supported", shown(text))),
        None => error(seen::no_enum(text, items.iter().filter(|i| i.enabled).map(|i| types.text(i.name)))),
    }
}
