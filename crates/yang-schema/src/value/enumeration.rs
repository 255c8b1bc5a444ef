//! `enumeration` (RFC 7950 section 9.6).

use super::error::shown;
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
        None => error(format!(
            "{} is none of {}",
            shown(text),
            list(items.iter().filter(|i| i.enabled).map(|i| types.text(i.name)))
        )),
    }
}

/// The names that would do, as far as a reader bears.
pub(super) fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const MOST: usize = 12;
    let names: Vec<&str> = names.collect();
    match names.len() {
        0 => "no names at all".to_owned(),
        n if n > MOST => format!("{} and {} more", names[..MOST].join(", "), n - MOST),
        _ => names.join(", "),
    }
}
