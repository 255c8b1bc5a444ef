//! serde's traits for bound types, as RFC 7951 JSON and through the table. Derived code calls what stands here.
//!
//! A struct is the object that its node has for a value: a `root` is a whole document, and the members of another struct
//! carry a module's name only where that is not the module of the struct. A leaf's type is its value. What the model does
//! not know is kept where the types have room for it.

mod json;
mod sink;
mod source;

use super::{Binary, Decimal64, Empty, Identity, InstanceIdentifier};
use super::{Kind, Leaf, Module, Options, ValueContext, Yang, decode, encode};
use json::Json;
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

const NOWHERE: Module = Module::new("", "");

/// Writes a struct.
///
/// # Errors
/// The serializer's, or what the struct holds cannot be said in JSON.
pub fn serialize<T: Yang, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let table = T::table();
    let module = table.module.unwrap_or(NOWHERE);
    // All names of a document are qualified.
    let around = if table.kind == Kind::Root { NOWHERE } else { module };
    let mut sink = sink::JsonSink::new(around.name);
    encode::fields(value, module, &mut sink).map_err(S::Error::custom)?;
    sink.finish().serialize(serializer)
}

/// Reads a struct.
///
/// # Errors
/// The deserializer's, or what it holds does not fit the types.
pub fn deserialize<'de, T: Yang, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let Json::Object(members) = Json::deserialize(deserializer)? else {
        return Err(D::Error::custom("an object is expected"));
    };
    let mut source = source::JsonSource::new(&members);
    let mut value = T::default();
    let context = decode::Context { options: Options::KEEP, module: NOWHERE, modules: &[] };
    decode::fields(&mut value, context, &mut source).map_err(|e| match &e.path {
        Some(path) => D::Error::custom(format_args!("{path}: {e}")),
        None => D::Error::custom(e),
    })?;
    Ok(value)
}

/// Writes a leaf's value.
///
/// # Errors
/// The serializer's, or the value cannot be said in JSON.
pub fn serialize_leaf<T: Leaf, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut json = Json::Null;
    value
        .write(&mut |datum| {
            json = sink::scalar(datum)?;
            Ok(())
        })
        .map_err(S::Error::custom)?;
    json.serialize(serializer)
}

/// Reads a leaf's value.
///
/// # Errors
/// The deserializer's, or what it holds is no value of the type.
pub fn deserialize_leaf<'de, T: Leaf, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let json = Json::deserialize(deserializer)?;
    let scalar = source::scalar(&json).ok_or_else(|| D::Error::custom("a value is expected, not nodes"))?;
    let context = ValueContext { module: NOWHERE, modules: &[], unknown: Options::KEEP.unknown };
    T::parse(&scalar, &context).map_err(D::Error::custom)
}

/// Implements serde's traits for a bound type; called by derived code.
#[doc(hidden)]
#[macro_export]
macro_rules! __yang_serde {
    (node $type:ty) => {
        $crate::__yang_serde!($type, serialize, deserialize);
    };
    (leaf $type:ty) => {
        $crate::__yang_serde!($type, serialize_leaf, deserialize_leaf);
    };
    ($type:ty, $serialize:ident, $deserialize:ident) => {
        impl $crate::binding::derived::serde::Serialize for $type {
            fn serialize<S: $crate::binding::derived::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::binding::derived::$serialize(self, serializer)
            }
        }
        impl<'de> $crate::binding::derived::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::binding::derived::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::binding::derived::$deserialize(deserializer)
            }
        }
    };
}

crate::__yang_serde!(leaf Binary);
crate::__yang_serde!(leaf Empty);
crate::__yang_serde!(leaf Identity);
crate::__yang_serde!(leaf InstanceIdentifier);

impl<const F: u8> Serialize for Decimal64<F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize_leaf(self, serializer)
    }
}

impl<'de, const F: u8> Deserialize<'de> for Decimal64<F> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserialize_leaf(deserializer)
    }
}
