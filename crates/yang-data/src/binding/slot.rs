//! Fields as a table's walker sees them: each kind of node has one interface, whatever Rust type holds it.

use super::{
    AnyValue, Choice, ChoiceNode, Entry, Fragment, HasTable, Leaf, LeafError, LeafValue, List, Table,
    TypeInfo, Unknown, ValueContext,
};
use crate::codec::CodecError;
use crate::event::Scalar;
use std::any::Any;

/// A value that has a table: [`HasTable`] where it stands behind `dyn`.
pub trait Walked {
    /// Its table.
    fn node_table(&self) -> &'static Table;
}

impl<T: HasTable> Walked for T {
    fn node_table(&self) -> &'static Table {
        T::table()
    }
}

/// A struct that is walked by its table; the part of [`Yang`](super::Yang) that can stand behind `dyn`.
pub trait Node: Walked + Send + Sync + 'static {
    /// The field at a position of the table.
    fn slot(&self, index: usize) -> Slot<'_>;
    /// The field at a position of the table.
    fn slot_mut(&mut self, index: usize) -> SlotMut<'_>;
}

impl<T: Node + HasTable> Node for Box<T> {
    fn slot(&self, index: usize) -> Slot<'_> {
        (**self).slot(index)
    }
    fn slot_mut(&mut self, index: usize) -> SlotMut<'_> {
        (**self).slot_mut(index)
    }
}

/// The input or output of an rpc that has none.
impl Node for () {
    fn slot(&self, _: usize) -> Slot<'_> {
        Slot::Nothing
    }
    fn slot_mut(&mut self, _: usize) -> SlotMut<'_> {
        SlotMut::Nothing
    }
}

impl HasTable for () {
    fn table() -> &'static Table {
        static TABLE: Table = Table { kind: super::Kind::Input, ..Table::EMPTY };
        &TABLE
    }
}

/// A field to read.
#[allow(missing_docs, reason = "each is a kind of node")]
pub enum Slot<'a> {
    Leaf(&'a dyn LeafSlot),
    LeafList(&'a dyn LeafListSlot),
    Container(&'a dyn ContainerSlot),
    List(&'a dyn ListSlot),
    Choice(&'a dyn ChoiceSlot),
    Any(&'a dyn AnySlot),
    Unknown(&'a Unknown),
    /// There is no such field.
    Nothing,
}

/// A field to change.
#[allow(missing_docs, reason = "each is a kind of node")]
pub enum SlotMut<'a> {
    Leaf(&'a mut dyn LeafSlot),
    LeafList(&'a mut dyn LeafListSlot),
    Container(&'a mut dyn ContainerSlot),
    List(&'a mut dyn ListSlot),
    Choice(&'a mut dyn ChoiceSlot),
    Any(&'a mut dyn AnySlot),
    Unknown(&'a mut Unknown),
    /// There is no such field.
    Nothing,
}

/// A leaf: `Option<T>`, or `T` where it is a key or the one leaf of a case.
pub trait LeafSlot {
    /// Its value.
    fn get(&self) -> Option<&dyn LeafValue>;
    /// Sets it from a codec's words.
    ///
    /// # Errors
    /// The text is no value of the type.
    fn set(&mut self, scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<(), LeafError>;
    /// Takes over the value of a slot of the same type.
    fn assign(&mut self, other: &dyn LeafSlot);
    /// [`Leaf::describe`].
    fn describe(&self) -> TypeInfo;
}

impl<T: Leaf> LeafSlot for T {
    fn get(&self) -> Option<&dyn LeafValue> {
        Some(self)
    }
    fn set(&mut self, scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<(), LeafError> {
        *self = T::parse(scalar, context)?;
        Ok(())
    }
    fn assign(&mut self, other: &dyn LeafSlot) {
        if let Some(value) = other.get().and_then(|v| v.as_any().downcast_ref::<T>()) {
            self.clone_from(value);
        }
    }
    fn describe(&self) -> TypeInfo {
        T::describe()
    }
}

impl<T: Leaf> LeafSlot for Option<T> {
    fn get(&self) -> Option<&dyn LeafValue> {
        self.as_ref().map(|v| v as &dyn LeafValue)
    }
    fn set(&mut self, scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<(), LeafError> {
        *self = Some(T::parse(scalar, context)?);
        Ok(())
    }
    fn assign(&mut self, other: &dyn LeafSlot) {
        *self = other.get().and_then(|v| v.as_any().downcast_ref::<T>()).cloned();
    }
    fn describe(&self) -> TypeInfo {
        T::describe()
    }
}

/// A leaf-list.
pub trait LeafListSlot {
    /// How many entries it has.
    fn len(&self) -> usize;
    /// Has it none?
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// An entry.
    fn get(&self, index: usize) -> Option<&dyn LeafValue>;
    /// Adds an entry from a codec's words.
    ///
    /// # Errors
    /// The text is no value of the type.
    fn push(&mut self, scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<(), LeafError>;
    /// Takes over the values of a slot of the same type.
    fn assign(&mut self, other: &dyn LeafListSlot);
    /// The positions of entries whose values stand there before.
    fn duplicates(&self) -> Vec<usize>;
    /// For [`assign`](Self::assign).
    fn as_any(&self) -> &dyn Any;
    /// [`Leaf::describe`].
    fn describe(&self) -> TypeInfo;
}

impl<T: Leaf> LeafListSlot for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn get(&self, index: usize) -> Option<&dyn LeafValue> {
        <[T]>::get(self, index).map(|v| v as &dyn LeafValue)
    }
    fn push(&mut self, scalar: &Scalar<'_>, context: &ValueContext<'_>) -> Result<(), LeafError> {
        self.push(T::parse(scalar, context)?);
        Ok(())
    }
    fn assign(&mut self, other: &dyn LeafListSlot) {
        if let Some(values) = other.as_any().downcast_ref::<Self>() {
            self.clone_from(values);
        }
    }
    fn duplicates(&self) -> Vec<usize> {
        if self.len() < 2 {
            return Vec::new();
        }
        let mut order: Vec<usize> = (0..self.len()).collect();
        order.sort_by(|&a, &b| self[a].cmp(&self[b]).then(a.cmp(&b)));
        let mut again: Vec<usize> =
            order.windows(2).filter(|w| self[w[0]] == self[w[1]]).map(|w| w[1]).collect();
        again.sort_unstable();
        again
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
    fn describe(&self) -> TypeInfo {
        T::describe()
    }
}

/// A container: `Option<Box<C>>`, `Option<C>`, `Box<C>` or `C`; also the struct of a case.
pub trait ContainerSlot {
    /// The container.
    fn get(&self) -> Option<&dyn Node>;
    /// The container, made if it is not there.
    fn make(&mut self) -> &mut dyn Node;
}

impl<T: Node> ContainerSlot for T {
    fn get(&self) -> Option<&dyn Node> {
        Some(self)
    }
    fn make(&mut self) -> &mut dyn Node {
        self
    }
}

impl<T: Node + Default> ContainerSlot for Option<T> {
    fn get(&self) -> Option<&dyn Node> {
        self.as_ref().map(|c| c as &dyn Node)
    }
    fn make(&mut self) -> &mut dyn Node {
        self.get_or_insert_default()
    }
}

/// What fills a new entry.
pub type Fill<'f> = &'f mut dyn FnMut(&mut dyn Node) -> Result<(), CodecError>;

/// A list: [`List`], or `Vec` where it has no key.
pub trait ListSlot {
    /// How many entries it has.
    fn len(&self) -> usize;
    /// Has it none?
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The entries in order.
    fn entries(&self) -> Box<dyn Iterator<Item = &dyn Node> + '_>;
    /// Adds an entry, which `fill` has filled. `false`: an entry with its keys is there already.
    ///
    /// # Errors
    /// What `fill` says.
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError>;
    /// Is it the same list, entry by entry? The order counts where users set it, or where there are no keys.
    fn same(&self, other: &dyn ListSlot) -> bool;
    /// The first entry whose keys are not those it was inserted with, or are those of an entry before it.
    fn misplaced(&self) -> Option<&dyn Node>;
    /// For [`same`](Self::same).
    fn as_any(&self) -> &dyn Any;
}

impl<T: Node + Default> ListSlot for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn entries(&self) -> Box<dyn Iterator<Item = &dyn Node> + '_> {
        Box::new(self.iter().map(|e| e as &dyn Node))
    }
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError> {
        let mut entry = T::default();
        fill(&mut entry)?;
        self.push(entry);
        Ok(true)
    }
    fn same(&self, other: &dyn ListSlot) -> bool {
        self.len() == other.len() && self.iter().zip(other.entries()).all(|(a, b)| super::walk::same(a, b))
    }
    fn misplaced(&self) -> Option<&dyn Node> {
        None
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl<T: Entry> ListSlot for List<T> {
    fn len(&self) -> usize {
        self.len()
    }
    fn entries(&self) -> Box<dyn Iterator<Item = &dyn Node> + '_> {
        Box::new(self.iter().map(|e| e as &dyn Node))
    }
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError> {
        let mut entry = T::default();
        fill(&mut entry)?;
        Ok(self.try_insert(entry).is_ok())
    }
    fn same(&self, other: &dyn ListSlot) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| self == other)
    }
    fn misplaced(&self) -> Option<&dyn Node> {
        self.misplaced_entry().map(|e| e as &dyn Node)
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A choice: `Option<C>` or `Option<Box<C>>`.
pub trait ChoiceSlot {
    /// The case that is there.
    fn get(&self) -> Option<&dyn ChoiceNode>;
    /// Makes a case, empty; `None` where there is no such case.
    fn make(&mut self, variant: usize) -> Option<&mut dyn ChoiceNode>;
    /// The case that is there.
    fn get_mut(&mut self) -> Option<&mut dyn ChoiceNode>;
}

impl<T: Choice> ChoiceSlot for Option<T> {
    fn get(&self) -> Option<&dyn ChoiceNode> {
        self.as_ref().map(|c| c as &dyn ChoiceNode)
    }
    fn make(&mut self, variant: usize) -> Option<&mut dyn ChoiceNode> {
        *self = Some(T::make(variant)?);
        self.get_mut()
    }
    fn get_mut(&mut self) -> Option<&mut dyn ChoiceNode> {
        self.as_mut().map(|c| c as &mut dyn ChoiceNode)
    }
}

/// anydata or anyxml.
pub trait AnySlot {
    /// Its content.
    fn get(&self) -> Option<&Fragment>;
    /// Sets its content.
    fn set(&mut self, content: Fragment);
}

impl<T: AnyValue> AnySlot for T {
    fn get(&self) -> Option<&Fragment> {
        Some(self.fragment())
    }
    fn set(&mut self, content: Fragment) {
        *self = T::from_fragment(content);
    }
}

impl<T: AnyValue> AnySlot for Option<T> {
    fn get(&self) -> Option<&Fragment> {
        self.as_ref().map(AnyValue::fragment)
    }
    fn set(&mut self, content: Fragment) {
        *self = Some(T::from_fragment(content));
    }
}

/// What a typed [`Path`](super::path::Path) can lead to: a struct of a container or entry, a leaf's value, anydata or anyxml.
pub trait Target: Default + 'static {
    /// The value as a field that is there.
    fn target(&self) -> Slot<'_>;
    /// The value as a field that is there.
    fn target_mut(&mut self) -> SlotMut<'_>;
}

impl<T: Node + Default> Target for T {
    fn target(&self) -> Slot<'_> {
        Slot::Container(self)
    }
    fn target_mut(&mut self) -> SlotMut<'_> {
        SlotMut::Container(self)
    }
}

macro_rules! targets {
    ($slot:ident: $($type:ty),*) => {$(
        impl Target for $type {
            fn target(&self) -> Slot<'_> {
                Slot::$slot(self)
            }
            fn target_mut(&mut self) -> SlotMut<'_> {
                SlotMut::$slot(self)
            }
        }
    )*};
}

targets!(Leaf: u8, u16, u32, u64, i8, i16, i32, i64, bool, String, super::Empty, super::Binary, super::Identity, super::InstanceIdentifier);
targets!(Any: super::AnyData, super::AnyXml);

impl<const F: u8> Target for super::Decimal64<F> {
    fn target(&self) -> Slot<'_> {
        Slot::Leaf(self)
    }
    fn target_mut(&mut self) -> SlotMut<'_> {
        SlotMut::Leaf(self)
    }
}

/// A whole leaf-list.
impl<T: Leaf> Target for Vec<T> {
    fn target(&self) -> Slot<'_> {
        Slot::LeafList(self)
    }
    fn target_mut(&mut self) -> SlotMut<'_> {
        SlotMut::LeafList(self)
    }
}
