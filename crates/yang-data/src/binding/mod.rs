//! Typed structs bound to YANG: what `#[derive(Yang)]` implements, and all that is done with it.
//!
//! The derive writes down a [`Table`] for each struct and gives access to its fields as [`Slot`]s; encoding, decoding,
//! validation, Clone, PartialEq and Debug are each one walk over these, the same for all structs. [`Yang`] is the trait
//! that users meet.
//!
//! Setting a field checks nothing: construction is plain Rust, and `..Default::default()` invents no value. What the model
//! demands is checked by [`Yang::validate`], as far as a struct can tell by itself.

mod any;
mod binary;
mod choice;
mod decimal64;
mod decode;
mod described;
mod encode;
mod export;
mod fingerprint;
mod identity;
mod instance_identifier;
mod keys;
mod leaf;
mod links;
mod list;
mod operation;
pub mod path;
mod restriction;
#[cfg(feature = "serde")]
mod serde;
mod slot;
mod table;
mod tree;
mod validate;
pub mod walk;
mod yang;

pub use any::{AnyData, AnyValue, AnyXml, Fragment, Unknown};
pub use binary::Binary;
pub use choice::{Choice, ChoiceNode};
pub use decimal64::{Decimal64, ParseDecimalError};
pub use decode::{Metadata, Options};
pub use described::Described;
pub use export::{Export, ExportError, TypeInfo, YangModule};
pub use fingerprint::Fingerprint;
pub use identity::Identity;
pub use instance_identifier::InstanceIdentifier;
pub use keys::{Keys, Placed};
pub use leaf::{Empty, Facet, Leaf, LeafError, LeafValue, Unknowns, ValueContext, Write, canonical};
pub use links::Links;
pub use list::{Entry, IntoIter, Iter, List, MissingInstance, Position};
pub use operation::{Action, NestedNotification, Notification, Rpc};
pub use path::Path;
pub use slot::{
    AnySlot, ChoiceSlot, ContainerSlot, Entries, Fill, LeafListSlot, LeafSlot, ListSlot, Node, Order, Slot,
    SlotMut, Target, Walked,
};
pub use table::{
    Bounds, Condition, Detail, ErrorCode, Field, HasTable, Info, Kind, LeafOf, Module, Pattern, Table, Unique,
};
pub use validate::{Violation, Violations};
pub use yang::Yang;

/// What derived code calls; not for people.
#[doc(hidden)]
pub mod derived;
