//! Choices (RFC 7950 section 7.9): an enum with a variant for each case.

use super::{HasTable, Slot, SlotMut, Walked};

/// A choice that is walked by its table; the part of [`Choice`] that can stand behind `dyn`.
/// The fields of its table are its variants.
pub trait ChoiceNode: Walked + Send + Sync + 'static {
    /// The position in the table of the case that is there.
    fn variant(&self) -> usize;
    /// What the case holds.
    fn content(&self) -> Slot<'_>;
    /// What the case holds.
    fn content_mut(&mut self) -> SlotMut<'_>;
}

/// A choice.
pub trait Choice: ChoiceNode + HasTable + Sized {
    /// The case at a position of the table, empty.
    fn make(variant: usize) -> Option<Self>;
}

impl<T: ChoiceNode + HasTable> ChoiceNode for Box<T> {
    fn variant(&self) -> usize {
        (**self).variant()
    }
    fn content(&self) -> Slot<'_> {
        (**self).content()
    }
    fn content_mut(&mut self) -> SlotMut<'_> {
        (**self).content_mut()
    }
}

impl<T: Choice> Choice for Box<T> {
    fn make(variant: usize) -> Option<Self> {
        T::make(variant).map(Box::new)
    }
}
