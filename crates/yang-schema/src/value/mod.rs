//! Values of the built-in types (RFC 7950 section 9).

use crate::{IdentityId, NodeId, TypeId};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::sync::Arc;

/// A value of a leaf or leaf-list entry. It has passed its type: nothing is parsed again later.
///
/// Values of one type compare by the value, as RFC 7950 section 9 says; the order of `Ord` is the typed order of keys.
/// A union's value is that of the member which took it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum Value {
    /// `empty`.
    Empty,
    /// `boolean`.
    Boolean(bool),
    /// `int8` to `int64`.
    Int(i64),
    /// `uint8` to `uint64`.
    Uint(u64),
    /// `decimal64`.
    Decimal64(Decimal64),
    /// `string`.
    String(SmolStr),
    /// `binary`: the octets.
    Binary(Arc<[u8]>),
    /// `enumeration`: the type, and the position of the enum in its list.
    Enumeration(TypeId, u32),
    /// `bits`: the type, and the positions in its list of the bits that are set, ascending.
    Bits(TypeId, Arc<[u32]>),
    /// `identityref`.
    Identity(IdentityId),
    /// `instance-identifier`.
    InstanceIdentifier(Arc<InstanceIdentifier>),
}

/// An exact decimal number: `digits` times 10 to the minus `fraction_digits` (RFC 7950 section 9.3).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct Decimal64 {
    /// All digits.
    pub digits: i64,
    /// How many of them stand behind the point, 1 to 18.
    pub fraction_digits: u8,
}

/// An `instance-identifier` (RFC 7950 section 9.13): the nodes from the top, each with what picks the entry.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct InstanceIdentifier {
    /// One step a data node.
    pub steps: Vec<InstanceStep>,
}

/// A step of an [`InstanceIdentifier`].
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct InstanceStep {
    /// The schema node.
    pub node: NodeId,
    /// Which of its instances.
    pub selector: InstanceSelector,
}

/// Which instance a step takes.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub enum InstanceSelector {
    /// The only one.
    Only,
    /// The list entry with these keys, in the order of `key`.
    Keys(Vec<Value>),
    /// The leaf-list entry with this value: `[.='x']`.
    Value(Value),
    /// The n-th entry of a keyless list, from 1.
    Position(u64),
}

impl Value {
    pub(crate) fn map_nodes(&mut self, map: &dyn Fn(NodeId) -> Option<NodeId>) {
        if let Value::InstanceIdentifier(id) = self {
            for step in &mut Arc::make_mut(id).steps {
                if let Some(node) = map(step.node) {
                    step.node = node;
                }
            }
        }
    }
}
