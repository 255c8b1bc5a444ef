//! `identityref` (RFC 7950 section 9.10; in JSON RFC 7951 section 6.8).

use super::seen::shown;
use super::{NameResolver, Notation, TypeSource, Value, ValueError, ValueErrorKind};
use crate::IdentityId;

pub(super) fn parse(
    types: &dyn TypeSource,
    bases: &[IdentityId],
    text: &str,
    names: &dyn NameResolver,
) -> Result<Value, ValueError> {
    let error = |detail| ValueError::new(ValueErrorKind::Identity, detail);
    let (prefix, name) = text.split_once(':').unwrap_or(("", text));
    let module = names.module(prefix).ok_or_else(|| {
        error(match (prefix, names.notation()) {
            ("", _) => format!("{} has no prefix, and no module is the default here", shown(text)),
            (_, Notation::Xml) => {
                format!("the prefix of {} stands for no namespace of a known module", shown(text))
            }
            (_, Notation::Module) => format!("the prefix of {} is not declared", shown(text)),
            _ => format!("the module of {} is not known", shown(text)),
        })
    })?;
    let module_name = types.text(types.module_of(module).name);
    let id = types
        .identity_named(module, name)
        .ok_or_else(|| error(format!("module {module_name} has no identity {}", shown(name))))?;
    check(types, bases, id, names.notation() != Notation::Module)?;
    Ok(Value::Identity(id))
}

/// Is the identity derived from all bases, and may a value name it?
///
/// Values are restricted to identities of implemented modules (section 9.10.2); which modules a server implements is not
/// known to the module that states a default.
pub(super) fn check(
    types: &dyn TypeSource,
    bases: &[IdentityId],
    id: IdentityId,
    in_data: bool,
) -> Result<(), ValueError> {
    let error = |detail| Err(ValueError::new(ValueErrorKind::Identity, detail));
    let identity = types.identity_of(id);
    let module = types.module_of(identity.module);
    let full_name = || format!("{}:{}", types.text(module.name), types.text(identity.name));
    if let Some(&base) = bases.iter().find(|&&base| !types.derives(id, base)) {
        let base = types.identity_of(base);
        let base_module = types.text(types.module_of(base.module).name);
        return error(format!("{} is not derived from {base_module}:{}", full_name(), types.text(base.name)));
    }
    if !identity.enabled {
        return error(format!("{} needs a feature that is not supported", full_name()));
    }
    if in_data && !module.implemented {
        return error(format!("{} stands in a module that is imported only, not implemented", full_name()));
    }
    Ok(())
}
