//! `require-instance` of leafrefs and instance-identifiers (RFC 7950 sections 9.9.3, 9.13.2 and 15.5).

use crate::error::{DataError, ErrorTag};
use crate::view::Cursor;
use crate::xpath;
use yang_schema::value::seen::shown;
use yang_schema::{CodeOf, TypeDetail, TypeRef, Value};

pub(super) fn check(at: &Cursor<'_>, errors: &mut Vec<DataError>) {
    let (Some(value), Some(ty)) = (at.value(), at.node().type_()) else { return };
    if !ty.must_refer() {
        return;
    }
    if let Err(message) = exists(at, ty, value) {
        let error = DataError::new(ErrorTag::DataMissing, at.path(), message).app_tag("instance-required");
        errors.push(error.coded(at.schema(), at.node().code(CodeOf::Node), false));
    }
}

/// Does the instance exist that a value of a type names, where it must? A union is satisfied by any of its members that
/// takes the value.
fn exists(at: &Cursor<'_>, ty: TypeRef<'_>, value: &Value) -> Result<(), String> {
    let schema = at.schema();
    let missing = |path: &str| {
        Err(format!("{} names nothing that is there (`{path}`)", shown(&value.canonical(schema))))
    };
    match ty.detail() {
        TypeDetail::Leafref { path, require_instance: true, .. } => {
            match xpath::leafref_targets(at, *path, value) {
                Ok(targets) if !targets.is_empty() => Ok(()),
                Ok(_) => missing(schema.str(schema.xpath(*path).text)),
                Err(error) => Err(format!(
                    "leafref path `{}` cannot be evaluated: {error}",
                    schema.str(schema.xpath(*path).text)
                )),
            }
        }
        TypeDetail::InstanceIdentifier { require_instance: true } => match value {
            Value::InstanceIdentifier(id) if at.view().find(id).is_none() => missing("instance-identifier"),
            _ => Ok(()),
        },
        TypeDetail::Union { .. } => {
            let mut fault = Ok(());
            for member in ty.members().filter(|m| value.check(schema, m.id()).is_ok()) {
                match exists(at, member, value) {
                    Ok(()) => return Ok(()),
                    Err(message) => fault = Err(message),
                }
            }
            fault
        }
        _ => Ok(()),
    }
}
