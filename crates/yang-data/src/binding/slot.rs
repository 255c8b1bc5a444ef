//! Fields as a table's walker sees them: each kind of node has one interface, whatever Rust type holds it.

use super::links::{Links, NONE};
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

    /// It behind `dyn`: of a box what it holds, so that each struct has one table of functions.
    fn as_node(&self) -> &dyn Node
    where
        Self: Sized,
    {
        self
    }

    /// The same, to change it.
    fn as_node_mut(&mut self) -> &mut dyn Node
    where
        Self: Sized,
    {
        self
    }
}

impl<T: Node + HasTable> Node for Box<T> {
    fn slot(&self, index: usize) -> Slot<'_> {
        (**self).slot(index)
    }
    fn slot_mut(&mut self, index: usize) -> SlotMut<'_> {
        (**self).slot_mut(index)
    }
    fn as_node(&self) -> &dyn Node {
        (**self).as_node()
    }
    fn as_node_mut(&mut self) -> &mut dyn Node {
        (**self).as_node_mut()
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
        Some(self.as_node())
    }
    fn make(&mut self) -> &mut dyn Node {
        self.as_node_mut()
    }
}

impl<T: Node + Default> ContainerSlot for Option<T> {
    fn get(&self) -> Option<&dyn Node> {
        self.as_ref().map(T::as_node)
    }
    fn make(&mut self) -> &mut dyn Node {
        self.get_or_insert_default().as_node_mut()
    }
}

/// What fills a new entry.
pub type Fill<'f> = &'f mut dyn FnMut(&mut dyn Node) -> Result<(), CodecError>;

/// How the entries of a list follow each other.
pub enum Order<'l> {
    /// As they stand, so many of them.
    Plain(usize),
    /// By links; there are none as long as there was no entry.
    Linked(Option<&'l Links>),
}

/// A list: [`List`], or `Vec` where it has no key. What does not depend on the type of its entries is done by methods of
/// `dyn ListSlot`, which are compiled once.
pub trait ListSlot {
    /// The order of its entries.
    fn order(&self) -> Order<'_>;
    /// The entry in a slot.
    fn node(&self, at: usize) -> Option<&dyn Node>;
    /// Adds an entry, which `fill` has filled. `false`: an entry with its keys is there already.
    ///
    /// # Errors
    /// What `fill` says.
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError>;
}

impl dyn ListSlot + '_ {
    /// How many entries it has.
    pub fn len(&self) -> usize {
        match self.order() {
            Order::Plain(count) => count,
            Order::Linked(links) => links.map_or(0, Links::len),
        }
    }

    /// Has it none?
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The entries in order.
    pub fn entries(&self) -> Entries<'_> {
        let next = match self.order() {
            Order::Plain(_) => 0,
            Order::Linked(links) => links.map_or(NONE, Links::first),
        };
        Entries { list: self, next: next as usize }
    }

    /// Is it the same list, entry by entry? The order counts where users set it, or where there are no keys.
    pub fn same(&self, other: &dyn ListSlot) -> bool {
        if self.len() != other.len() {
            return false;
        }
        let Some(first) = self.entries().next() else { return true };
        match other.order() {
            Order::Linked(Some(links)) if !first.node_table().user_ordered => self.entries().all(|entry| {
                let found = links.find_like(entry, &|at| other.node(at as usize));
                found
                    .and_then(|at| other.node(at as usize))
                    .is_some_and(|other| super::walk::same(entry, other))
            }),
            _ => self.entries().zip(other.entries()).all(|(a, b)| super::walk::same(a, b)),
        }
    }

    /// The first entry whose keys are not those it was inserted with, or are those of an entry before it.
    pub fn misplaced(&self) -> Option<&dyn Node> {
        let Order::Linked(Some(links)) = self.order() else { return None };
        let mut at = links.first();
        while let Some(entry) = self.node(at as usize) {
            if links.find_like(entry, &|at| self.node(at as usize)) != Some(at) {
                return Some(entry);
            }
            at = links.after(at);
        }
        None
    }
}

/// The entries of a [`ListSlot`] in order.
pub struct Entries<'l> {
    list: &'l dyn ListSlot,
    next: usize,
}

impl<'l> Iterator for Entries<'l> {
    type Item = &'l dyn Node;

    fn next(&mut self) -> Option<&'l dyn Node> {
        let entry = self.list.node(self.next)?;
        self.next = match self.list.order() {
            Order::Plain(_) => self.next + 1,
            Order::Linked(links) => links.map_or(NONE, |links| links.after(self.next as u32)) as usize,
        };
        Some(entry)
    }
}

impl<T: Node + Default> ListSlot for Vec<T> {
    fn order(&self) -> Order<'_> {
        Order::Plain(self.len())
    }
    fn node(&self, at: usize) -> Option<&dyn Node> {
        self.get(at).map(T::as_node)
    }
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError> {
        let mut entry = T::default();
        fill(entry.as_node_mut())?;
        self.push(entry);
        Ok(true)
    }
}

impl<T: Entry> ListSlot for List<T> {
    fn order(&self) -> Order<'_> {
        Order::Linked(self.links())
    }
    fn node(&self, at: usize) -> Option<&dyn Node> {
        self.entry(u32::try_from(at).ok()?).map(T::as_node)
    }
    fn push(&mut self, fill: Fill<'_>) -> Result<bool, CodecError> {
        let mut entry = T::default();
        fill(entry.as_node_mut())?;
        Ok(self.try_insert(entry).is_ok())
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
