//! The checks of a finished tree: one file each, with its tests.

mod augment;
mod case;
mod default;
mod element;
mod error_code;
mod key;
mod leafref_features;
mod leafref_status;
mod lint;
mod mandatory;
mod misplaced;
mod mount_point;
#[cfg(test)]
pub(crate) mod testing;
mod unique;

pub(crate) use augment::augment_mandatory;
pub(crate) use case::default_case;
pub(crate) use default::default_values;
pub(crate) use element::elements;
pub(crate) use error_code::error_code;
pub(crate) use key::keys;
pub(crate) use leafref_features::leafref_features;
pub(crate) use leafref_status::leafref_status;
pub(crate) use lint::{lint, lint_schema};
pub(crate) use mandatory::mandatory_default;
pub(crate) use misplaced::misplaced;
pub(crate) use mount_point::mount_point;
pub(crate) use unique::unique;

pub(crate) use crate::compile::Visit;
