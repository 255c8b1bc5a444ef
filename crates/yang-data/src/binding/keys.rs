//! Where an action or a nested notification stands: the keys of the lists around it.

use super::path::{KeyText, Mode, Path, key};
use super::{Leaf, LeafError, LeafValue, ValueContext, Yang};
use crate::event::Scalar;

/// The keys of all list entries on the way to a node, the outermost first: a tuple of their types, `()` where no list is on
/// the way.
///
/// They are filled one by one, as a reader meets them.
pub trait Keys: Clone + Default + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// How many.
    const COUNT: usize;

    /// Sets one of them from a codec's words.
    ///
    /// # Errors
    /// The text is no value of the key's type, or there is no such key.
    fn set(&mut self, index: usize, scalar: &Scalar<'_>, context: &ValueContext<'_>)
    -> Result<(), LeafError>;

    /// One of them.
    fn get(&self, index: usize) -> Option<&dyn LeafValue>;

    /// One of them, for a path.
    fn key_text(&self, index: usize) -> Option<KeyText>;
}

impl Keys for () {
    const COUNT: usize = 0;

    fn set(&mut self, _: usize, scalar: &Scalar<'_>, _: &ValueContext<'_>) -> Result<(), LeafError> {
        Err(LeafError::no(scalar, "key: there is none here"))
    }

    fn get(&self, _: usize) -> Option<&dyn LeafValue> {
        None
    }

    fn key_text(&self, _: usize) -> Option<KeyText> {
        None
    }
}

macro_rules! keys {
    ($count:literal: $($ty:ident $at:tt),*) => {
        impl<$($ty: Leaf),*> Keys for ($($ty,)*) {
            const COUNT: usize = $count;

            fn set(
                &mut self,
                index: usize,
                scalar: &Scalar<'_>,
                context: &ValueContext<'_>,
            ) -> Result<(), LeafError> {
                match index {
                    $($at => self.$at = $ty::parse(scalar, context)?,)*
                    _ => return Err(LeafError::no(scalar, "key: there are not so many here")),
                }
                Ok(())
            }

            fn get(&self, index: usize) -> Option<&dyn LeafValue> {
                match index {
                    $($at => Some(&self.$at),)*
                    _ => None,
                }
            }

            fn key_text(&self, index: usize) -> Option<KeyText> {
                match index {
                    $($at => Some(key(self.$at.clone())),)*
                    _ => None,
                }
            }
        }
    };
}

keys!(1: A 0);
keys!(2: A 0, B 1);
keys!(3: A 0, B 1, C 2);
keys!(4: A 0, B 1, C 2, D 3);
keys!(5: A 0, B 1, C 2, D 3, E 4);
keys!(6: A 0, B 1, C 2, D 3, E 4, F 5);
keys!(7: A 0, B 1, C 2, D 3, E 4, F 5, G 6);
keys!(8: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
keys!(9: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
keys!(10: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
keys!(11: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
keys!(12: A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);

/// What stands in data: an action's marker, or the struct of a nested notification.
pub trait Placed {
    /// The struct of the node that it is defined on.
    type Node: Yang;
    /// Can that node be configured?
    type Mode: Mode;
    /// The keys on the way to it.
    type Keys: Keys;

    /// All nodes that it is defined on: the path with no key said.
    fn places() -> Path<Self::Node, Self::Mode>;
}
