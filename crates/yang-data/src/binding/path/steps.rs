//! What the traits of typed steps stand on.

use super::{HasTable, KeyText, Module, Path};

/// A path to a `T`, as the traits of generated code know it. Each of their methods is one step further.
pub trait Steps<T, M>: Sized {
    /// [`Path::child`].
    fn child<U, N>(self, name: &str) -> Path<U, N>;
    /// [`Path::child_of`].
    fn child_of<U, N>(self, module: &Module, name: &str) -> Path<U, N>;
    /// [`Path::entry`].
    fn entry<U, N>(self, name: &str, keys: Vec<KeyText>) -> Path<U, N>;
    /// [`Path::entry_of`].
    fn entry_of<U, N>(self, module: &Module, name: &str, keys: Vec<KeyText>) -> Path<U, N>;
    /// [`Path::every`].
    fn every<U, N>(self, name: &str) -> Path<U, N>;
    /// [`Path::every_of`].
    fn every_of<U, N>(self, module: &Module, name: &str) -> Path<U, N>;
    /// [`Path::item`].
    fn item<U, N>(self, name: &str, value: KeyText) -> Path<U, N>;
    /// [`Path::item_of`].
    fn item_of<U, N>(self, module: &Module, name: &str, value: KeyText) -> Path<U, N>;
}

impl<T: HasTable, M> Steps<T, M> for Path<T, M> {
    fn child<U, N>(self, name: &str) -> Path<U, N> {
        self.child(name)
    }
    fn child_of<U, N>(self, module: &Module, name: &str) -> Path<U, N> {
        self.child_of(module, name)
    }
    fn entry<U, N>(self, name: &str, keys: Vec<KeyText>) -> Path<U, N> {
        self.entry(name, keys)
    }
    fn entry_of<U, N>(self, module: &Module, name: &str, keys: Vec<KeyText>) -> Path<U, N> {
        self.entry_of(module, name, keys)
    }
    fn every<U, N>(self, name: &str) -> Path<U, N> {
        self.every(name)
    }
    fn every_of<U, N>(self, module: &Module, name: &str) -> Path<U, N> {
        self.every_of(module, name)
    }
    fn item<U, N>(self, name: &str, value: KeyText) -> Path<U, N> {
        self.item(name, value)
    }
    fn item_of<U, N>(self, module: &Module, name: &str, value: KeyText) -> Path<U, N> {
        self.item_of(module, name, value)
    }
}
