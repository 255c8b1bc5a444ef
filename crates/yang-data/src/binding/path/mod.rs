//! Typed paths: where in the data a value stands, which type it has, and whether it can be configured.
//!
//! `paths::interfaces().interface("eth0").mtu()` is a [`Path<u16, Config>`]: a filter to fetch it by, the place to put it in
//! an edit, and the way to find it in a reply.

mod edit;
mod instance;
mod place;
mod query;
mod read;
mod steps;
mod write;

pub use edit::{Edit, Insert, Operation};
pub use place::read_notification;
pub use query::Query;
pub use steps::Steps;
pub use write::XPathText;

use super::any::error;
use super::validate::{Violations, quoted, validate, validate_value};
use super::{Field, HasTable, Kind, Leaf, LeafValue, Module, Slot, Table, Target, ValueContext, canonical};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::Scalar;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// The mode of a path to a node that can be configured.
#[derive(Clone, Copy, Debug)]
pub enum Config {}

/// The mode of a path to state, which can only be read.
#[derive(Clone, Copy, Debug)]
pub enum State {}

/// [`Config`] or [`State`].
pub trait Mode: Send + Sync + 'static + sealed::Mode {
    /// Can what stands there be configured?
    const CONFIG: bool;
}

impl Mode for Config {
    const CONFIG: bool = true;
}

impl Mode for State {
    const CONFIG: bool = false;
}

mod sealed {
    pub trait Mode {}
    impl Mode for super::Config {}
    impl Mode for super::State {}
}

/// A place in the data. `T` is the type of the value there; `M` is [`Config`] or [`State`].
pub struct Path<T, M = Config> {
    steps: Vec<Step>,
    modules: &'static [Module],
    /// A step that the tables do not know: whoever uses the path is told.
    wrong: Option<Arc<str>>,
    target: PhantomData<fn() -> (T, M)>,
}

#[derive(Clone)]
struct Step {
    field: &'static Field,
    module: Module,
    selector: Selector,
}

impl Step {
    /// Is it the same node, and the same entry of it?
    fn same(&self, other: &Step) -> bool {
        let key = |a: &KeyText, b: &KeyText| a.value.same(&*b.value);
        std::ptr::eq(self.field, other.field)
            && self.module == other.module
            && match (&self.selector, &other.selector) {
                (Selector::Only, Selector::Only) | (Selector::Every, Selector::Every) => true,
                (Selector::Keys(a), Selector::Keys(b)) => {
                    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| key(&a.value, &b.value))
                }
                (Selector::Value(a), Selector::Value(b)) => key(a, b),
                _ => false,
            }
    }
}

#[derive(Clone)]
enum Selector {
    Only,
    /// All entries.
    Every,
    /// The entry with these keys.
    Keys(Vec<Key>),
    /// The leaf-list entry with this value.
    Value(KeyText),
}

#[derive(Clone)]
struct Key {
    name: &'static str,
    module: Module,
    value: KeyText,
}

/// The value of a key in a path.
#[derive(Clone)]
pub struct KeyText {
    value: Arc<dyn LeafValue>,
    matches: fn(&Scalar<'_>, &ValueContext<'_>, &dyn LeafValue) -> bool,
}

/// A key's value for [`Path::entry`].
pub fn key<T: Leaf>(value: T) -> KeyText {
    KeyText {
        value: Arc::new(value),
        matches: |scalar, context, value| T::parse(scalar, context).is_ok_and(|found| value.same(&found)),
    }
}

/// The same, of what becomes a value of the type.
pub fn key_of<T: Leaf>(value: impl Into<T>) -> KeyText {
    key::<T>(value.into())
}

impl<T, M> Clone for Path<T, M> {
    fn clone(&self) -> Self {
        Self {
            steps: self.steps.clone(),
            modules: self.modules,
            wrong: self.wrong.clone(),
            target: PhantomData,
        }
    }
}

/// The path as an instance-identifier in the form of RFC 7951 section 6.11; entries without keys are all entries.
impl<T, M> fmt::Display for Path<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return f.write_str("/");
        }
        let mut before = None;
        for step in &self.steps {
            f.write_str("/")?;
            if before != Some(step.module) {
                write!(f, "{}:", step.module.name)?;
            }
            before = Some(step.module);
            f.write_str(step.field.name)?;
            match &step.selector {
                Selector::Only | Selector::Every => {}
                Selector::Keys(keys) => {
                    for key in keys {
                        write!(f, "[{}={}]", key.name, quoted(&canonical(&*key.value.value)))?;
                    }
                }
                Selector::Value(value) => write!(f, "[.={}]", quoted(&canonical(&*value.value)))?,
            }
        }
        Ok(())
    }
}

impl<T, M> fmt::Debug for Path<T, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}

impl<R: HasTable, M> Path<R, M> {
    /// All data of a `root` struct.
    pub fn root() -> Self {
        Self { steps: Vec::new(), modules: R::table().modules, wrong: None, target: PhantomData }
    }
}

impl<T, M> Path<T, M> {
    /// A top-level node.
    pub fn top<R: HasTable>(name: &str) -> Self {
        Path::<R, M>::root().child(name)
    }

    /// What is wrong with it, if anything: a step that its struct does not have.
    ///
    /// # Errors
    /// There is such a step.
    pub fn check(&self) -> Result<(), CodecError> {
        match &self.wrong {
            None => Ok(()),
            Some(wrong) => Err(error(CodecErrorKind::UnknownNode, wrong.to_string())),
        }
    }

    /// Why keys do not fit, or nothing.
    fn step<U, N>(
        mut self,
        table: &'static Table,
        module: Option<&Module>,
        name: &str,
        select: impl FnOnce(&'static Field, Module) -> Result<Selector, String>,
    ) -> Path<U, N> {
        let around = self.steps.last().map_or(Module::new("", ""), |s| s.module);
        let around = table.module.unwrap_or(around);
        // Where no module is told, the struct's own comes first.
        let own = || find(table, around, Some(&around), name);
        let found = match module {
            Some(_) => find(table, around, module, name),
            None => own().or_else(|| find(table, around, None, name)),
        };
        let step = match found {
            Some((field, module)) => select(field, module)
                .map(|selector| Step { field, module, selector })
                .map_err(|message| format!("{message}: {self}/{name}")),
            None => Err(format!("there is no {name:?} in {:?}: {self}/{name}", table.name)),
        };
        match step {
            Ok(step) => {
                if let (true, Some(child)) = (self.modules.is_empty(), step.field.child) {
                    self.modules = child().modules;
                }
                self.steps.push(step);
            }
            Err(message) => self.wrong = Some(self.wrong.take().unwrap_or_else(|| message.into())),
        }
        Path { steps: self.steps, modules: self.modules, wrong: self.wrong, target: PhantomData }
    }
}

impl<T: HasTable, M> Path<T, M> {
    /// A node below that is there once: a container, a leaf, anydata or anyxml; also one in a choice. Where several modules have
    /// a node of this name, it is that of the struct's own module.
    #[must_use]
    pub fn child<U, N>(self, name: &str) -> Path<U, N> {
        self.step(T::table(), None, name, |_, _| Ok(Selector::Only))
    }

    /// As [`child`](Self::child), of a module.
    #[must_use]
    pub fn child_of<U, N>(self, module: &Module, name: &str) -> Path<U, N> {
        self.step(T::table(), Some(module), name, |_, _| Ok(Selector::Only))
    }

    /// The entry of a list with these keys, in the order of `key`.
    #[must_use]
    pub fn entry<U, N>(self, name: &str, keys: Vec<KeyText>) -> Path<U, N> {
        self.step(T::table(), None, name, |field, module| with_keys(field, module, keys))
    }

    /// As [`entry`](Self::entry), of a module.
    #[must_use]
    pub fn entry_of<U, N>(self, module: &Module, name: &str, keys: Vec<KeyText>) -> Path<U, N> {
        self.step(T::table(), Some(module), name, |field, module| with_keys(field, module, keys))
    }

    /// All entries of a list or leaf-list.
    #[must_use]
    pub fn every<U, N>(self, name: &str) -> Path<U, N> {
        self.step(T::table(), None, name, |_, _| Ok(Selector::Every))
    }

    /// As [`every`](Self::every), of a module.
    #[must_use]
    pub fn every_of<U, N>(self, module: &Module, name: &str) -> Path<U, N> {
        self.step(T::table(), Some(module), name, |_, _| Ok(Selector::Every))
    }

    /// The entry of a leaf-list with a value.
    #[must_use]
    pub fn item<U, N>(self, name: &str, value: KeyText) -> Path<U, N> {
        self.step(T::table(), None, name, |_, _| Ok(Selector::Value(value)))
    }

    /// As [`item`](Self::item), of a module.
    #[must_use]
    pub fn item_of<U, N>(self, module: &Module, name: &str, value: KeyText) -> Path<U, N> {
        self.step(T::table(), Some(module), name, |_, _| Ok(Selector::Value(value)))
    }
}

fn with_keys(field: &'static Field, module: Module, values: Vec<KeyText>) -> Result<Selector, String> {
    let table = field.child.ok_or("only lists have keys")?();
    if table.keys.len() != values.len() {
        return Err(format!("{} keys are wanted, not {}", table.keys.len(), values.len()));
    }
    let inside = table.module.unwrap_or(module);
    let keys = table.keys.iter().zip(values).filter_map(|(&at, value)| {
        let field = table.fields.get(at)?;
        Some(Key { name: field.name, module: field.module.unwrap_or(inside), value })
    });
    Ok(Selector::Keys(keys.collect()))
}

impl<T: Target, M> Path<T, M> {
    /// Checks a value that is to stand here: what its type and the node's own restrictions say.
    ///
    /// # Errors
    /// The constraints that do not hold.
    pub fn validate(&self, value: &T) -> Result<(), Violations> {
        let violations = match (value.target(), self.steps.last()) {
            (Slot::Leaf(leaf), Some(step)) => match leaf.get() {
                Some(value) => validate_value(value, step.field, self.to_string()),
                None => Vec::new(),
            },
            (Slot::Container(node), step) => match node.get() {
                Some(node) => validate(node, step.map_or(Module::new("", ""), |s| s.module)),
                None => Vec::new(),
            },
            _ => Vec::new(),
        };
        if violations.is_empty() { Ok(()) } else { Err(Violations(violations)) }
    }
}

/// The field of a name, in choices and cases too, with its module. The first wins where no module is told.
fn find(
    table: &'static Table,
    around: Module,
    wanted: Option<&Module>,
    name: &str,
) -> Option<(&'static Field, Module)> {
    table.fields.iter().find_map(|field| {
        let module = field.module.unwrap_or(around);
        match (field.kind, field.child) {
            (Kind::Choice | Kind::Case, Some(child)) => {
                let table = child();
                find(table, table.module.unwrap_or(module), wanted, name)
            }
            (Kind::Unknown, _) => None,
            _ => (field.name == name && wanted.is_none_or(|w| *w == module)).then_some((field, module)),
        }
    })
}
