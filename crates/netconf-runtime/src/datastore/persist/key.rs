//! Paths as keys: their bytes sort as the document does, list entries by the typed order of their keys.

use super::{Names, PersistError};
use crate::store::Truncated;
use std::borrow::Cow;
use yang_schema::value::Decimal64;
use yang_schema::{NodeRef, Schema, Value};

/// A step into a container.
pub(super) const CONTAINER: u8 = 1;
/// A step into a list: to one entry if key values follow.
pub(super) const LIST: u8 = 2;
/// The order of the list that the key names so far.
pub(super) const ORDER: u8 = 3;

/// Marks of key values, in the order of the variants of [`Value`].
mod mark {
    pub(super) const EMPTY: u8 = 0x10;
    pub(super) const BOOLEAN: u8 = 0x11;
    pub(super) const INT: u8 = 0x12;
    pub(super) const UINT: u8 = 0x13;
    pub(super) const DECIMAL64: u8 = 0x14;
    pub(super) const STRING: u8 = 0x15;
    /// The canonical form of what has no order of its own worth keeping: base64, bits, instance-identifiers.
    pub(super) const TEXT: u8 = 0x16;
    /// A number in the table of names: enums and identities.
    pub(super) const NAME: u8 = 0x17;
}

const SIGN: u64 = 1 << 63;

/// The name of a node in the table of names.
pub(super) fn node_name(node: NodeRef<'_>) -> String {
    format!("{}:{}", node.module_name(), node.name())
}

/// `name` is the number of the node's name.
pub(super) fn push_step(key: &mut Vec<u8>, kind: u8, name: u32) {
    key.push(kind);
    key.extend_from_slice(&name.to_be_bytes());
}

pub(super) fn push_value(key: &mut Vec<u8>, value: &Value, schema: &Schema, names: &mut Names) {
    match value {
        Value::Empty => key.push(mark::EMPTY),
        Value::Boolean(b) => key.extend([mark::BOOLEAN, u8::from(*b)]),
        Value::Int(i) => {
            key.push(mark::INT);
            key.extend_from_slice(&((*i as u64) ^ SIGN).to_be_bytes());
        }
        Value::Uint(u) => {
            key.push(mark::UINT);
            key.extend_from_slice(&u.to_be_bytes());
        }
        Value::Decimal64(d) => {
            key.push(mark::DECIMAL64);
            key.push(d.fraction_digits);
            key.extend_from_slice(&((d.digits as u64) ^ SIGN).to_be_bytes());
        }
        Value::String(s) => push_text(key, mark::STRING, s),
        Value::Enumeration(..) | Value::Identity(_) => {
            key.push(mark::NAME);
            key.extend_from_slice(&names.id(&value.canonical(schema)).to_be_bytes());
        }
        _ => push_text(key, mark::TEXT, &value.canonical(schema)),
    }
}

/// Text ends with two zero bytes; a zero inside it is followed by 0xff.
fn push_text(key: &mut Vec<u8>, mark: u8, text: &str) {
    key.push(mark);
    for &b in text.as_bytes() {
        key.push(b);
        if b == 0 {
            key.push(0xff);
        }
    }
    key.extend([0, 0]);
}

/// Reads steps and values back.
pub(super) struct KeyReader<'k>(pub(super) &'k [u8]);

impl<'k> KeyReader<'k> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Truncated> {
        let (head, rest) = self.0.split_first_chunk::<N>().ok_or(Truncated)?;
        self.0 = rest;
        Ok(*head)
    }

    /// The kind of a step, and the number of its node's name.
    pub(super) fn step(&mut self) -> Result<(u8, u32), Truncated> {
        let [kind] = self.take()?;
        Ok((kind, u32::from_be_bytes(self.take()?)))
    }

    /// Does a key value come next?
    pub(super) fn has_value(&self) -> bool {
        self.0.first().is_some_and(|&b| b >= mark::EMPTY)
    }

    /// The canonical form of a key value.
    pub(super) fn value<'n>(&mut self, names: &'n Names) -> Result<Cow<'n, str>, PersistError> {
        let [mark] = self.take()?;
        Ok(match mark {
            mark::EMPTY => "".into(),
            mark::BOOLEAN => if self.take::<1>()? == [0] { "false" } else { "true" }.into(),
            mark::INT => ((u64::from_be_bytes(self.take()?) ^ SIGN) as i64).to_string().into(),
            mark::UINT => u64::from_be_bytes(self.take()?).to_string().into(),
            mark::DECIMAL64 => {
                let [fraction_digits] = self.take()?;
                let digits = (u64::from_be_bytes(self.take()?) ^ SIGN) as i64;
                if !(1..=18).contains(&fraction_digits) {
                    return Err(Truncated.into());
                }
                Decimal64 { digits, fraction_digits }.to_string().into()
            }
            mark::STRING | mark::TEXT => self.text()?.into(),
            mark::NAME => names.name(u32::from_be_bytes(self.take()?))?.into(),
            _ => return Err(Truncated.into()),
        })
    }

    fn text(&mut self) -> Result<String, Truncated> {
        let mut text = Vec::new();
        loop {
            match self.take()? {
                [0] => match self.take()? {
                    [0] => return String::from_utf8(text).map_err(|_| Truncated),
                    [0xff] => text.push(0),
                    _ => return Err(Truncated),
                },
                [b] => text.push(b),
            }
        }
    }

    /// How many bytes the key values that come next have.
    pub(super) fn values_len(&self) -> Result<usize, Truncated> {
        let mut r = KeyReader(self.0);
        while r.has_value() {
            let [mark] = r.take()?;
            match mark {
                mark::EMPTY => {}
                mark::BOOLEAN => drop(r.take::<1>()?),
                mark::INT | mark::UINT => drop(r.take::<8>()?),
                mark::DECIMAL64 => drop(r.take::<9>()?),
                mark::NAME => drop(r.take::<4>()?),
                mark::STRING | mark::TEXT => drop(r.text()?),
                _ => return Err(Truncated),
            }
        }
        Ok(self.0.len() - r.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use yang_schema::Builder;

    fn value() -> impl Strategy<Value = Value> {
        prop_oneof![
            Just(Value::Empty),
            any::<bool>().prop_map(Value::Boolean),
            any::<i64>().prop_map(Value::Int),
            any::<u64>().prop_map(Value::Uint),
            any::<i64>().prop_map(|digits| Value::Decimal64(Decimal64 { digits, fraction_digits: 2 })),
            any::<String>().prop_map(|s| Value::String(s.into())),
        ]
    }

    proptest! {
        #[test]
        fn keys_sort_as_values_do_and_come_back(a in value(), b in value()) {
            let schema = Builder::new().finish();
            let mut names = Names::default();
            let mut key = |v: &Value| {
                let mut key = Vec::new();
                push_value(&mut key, v, &schema, &mut names);
                key
            };
            let (ka, kb) = (key(&a), key(&b));
            prop_assert_eq!(a.cmp(&b), ka.cmp(&kb));
            let mut r = KeyReader(&ka);
            prop_assert_eq!(r.values_len().unwrap(), ka.len());
            prop_assert_eq!(r.value(&names).unwrap(), a.canonical(&schema));
            prop_assert!(r.is_empty());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let mut r = KeyReader(&bytes);
            let _ = r.values_len();
            while r.step().is_ok() && r.value(&Names::default()).is_ok() {}
        }
    }
}
