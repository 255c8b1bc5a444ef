//! Instances of a node, told from one another by the keys on the way to them.

use super::{Key, Path, Selector, State, Step, write};
use crate::binding::any::error;
use crate::binding::decode::{self, Context};
use crate::binding::encode::{self, full};
use crate::binding::{Fragment, Keys, Module, Options, SlotMut, Target, Yang, canonical};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::Sink;
use crate::view::{Cursor, CursorSource, View};

impl<T, M> Path<T, M> {
    /// Module and name of each node on it.
    pub fn names(&self) -> impl Iterator<Item = (Module, &'static str)> {
        self.steps.iter().map(|step| (step.module, step.field.name))
    }

    /// The same path, to read by alone.
    #[must_use]
    pub fn for_reading(self) -> Path<T, State> {
        Path { steps: self.steps, modules: self.modules, wrong: self.wrong, target: std::marker::PhantomData }
    }

    /// The path with these keys, the outermost first, in the lists that it does not say an entry of.
    #[must_use]
    pub fn at<K: Keys>(mut self, keys: &K) -> Self {
        let mut next = 0;
        for step in &mut self.steps {
            let (Selector::Every, Some(child)) = (&step.selector, step.field.child) else { continue };
            let table = child();
            let inside = table.module.unwrap_or(step.module);
            let mut found = Vec::new();
            for &at in table.keys {
                if let (Some(field), Some(value)) = (table.fields.get(at), keys.key_text(next)) {
                    let module = field.module.unwrap_or(inside);
                    found.push(Key { name: field.name, module, value });
                }
                next += 1;
            }
            if !found.is_empty() && found.len() == table.keys.len() {
                step.selector = Selector::Keys(found);
            }
        }
        self
    }
}

impl<T: Yang, M> Path<T, M> {
    /// Writes values in their place, in the entries of these keys: those of the lists around it, the outermost first. The keys
    /// of an entry itself stand in the value.
    ///
    /// # Errors
    /// The path has a step that does not exist, there are more or fewer keys than lists around it have, or the sink fails.
    pub fn write_values<'t, K: Keys>(
        &self,
        around: &K,
        values: impl IntoIterator<Item = &'t T>,
        sink: &mut dyn Sink,
    ) -> Result<(), CodecError> {
        self.check()?;
        let mut values = values.into_iter();
        let Some((last, way)) = self.steps.split_last() else {
            let module = T::table().module.unwrap_or(Module::new("", ""));
            return values.try_for_each(|value| encode::fields(value, module, sink));
        };
        let way: Path<(), M> = Path {
            steps: way.to_vec(),
            modules: self.modules,
            wrong: None,
            target: std::marker::PhantomData,
        };
        let way = way.at(around);
        way.check_one("a value stands in one place")?;
        way.steps.iter().try_for_each(|step| write::open(step, &[], sink))?;
        values.try_for_each(|value| {
            sink.open(full(last.module, last.field.name), write::shape(last), &[])?;
            encode::fields(value, T::table().module.unwrap_or(last.module), sink)?;
            sink.close()
        })?;
        way.steps.iter().try_for_each(|_| sink.close())
    }

    /// The canonical texts of the keys on the way to a value, the outermost first: those of the lists around it, and its own.
    pub fn key_texts<K: Keys>(&self, around: &K, value: &T) -> Vec<String> {
        let mut texts: Vec<String> = (0..K::COUNT).filter_map(|i| around.get(i)).map(canonical).collect();
        let table = T::table();
        if table.kind == crate::binding::Kind::List {
            for &at in table.keys {
                if let crate::binding::Slot::Leaf(leaf) = value.slot(at) {
                    texts.push(leaf.get().map(canonical).unwrap_or_default());
                }
            }
        }
        texts
    }
}

impl<T: Target, M> Path<T, M> {
    /// The value here, in a view of a data tree.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_in(&self, view: &View) -> Result<Option<T>, CodecError> {
        self.read(&mut CursorSource::below(&view.root()), &Options::default())
    }

    /// All values here, in a view of a data tree: one for each entry where the path has steps without keys.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_all_in(&self, view: &View) -> Result<Vec<T>, CodecError> {
        self.read_all(&mut CursorSource::below(&view.root()), &Options::default())
    }

    /// The value at a node of a view: of a leaf-list all its entries, beginning with this one.
    ///
    /// # Errors
    /// What stands there does not fit the type.
    pub fn read_at(&self, at: &Cursor<'_>) -> Result<T, CodecError> {
        self.check()?;
        let module = self.steps.last().map_or(Module::new("", ""), |s: &Step| s.module);
        let context = Context { options: Options::default(), module, modules: self.modules };
        let mut value = T::default();
        let mut source = CursorSource::below(at);
        match value.target_mut() {
            SlotMut::Container(container) => decode::fields(container.make(), context, &mut source)?,
            SlotMut::Any(any) => any.set(Fragment::read(&mut source, &context.value())?),
            SlotMut::Leaf(leaf) => {
                let value = context.value();
                let text = at.text().unwrap_or_default();
                decode::canonical(text, &mut |scalar| leaf.set(scalar, &value))?;
            }
            SlotMut::LeafList(list) => {
                let value = context.value();
                let up = at.parent().into_iter();
                for entry in up.flat_map(|up| up.children_of(at.node_id())) {
                    let text = entry.text().unwrap_or_default();
                    decode::canonical(text, &mut |scalar| list.push(scalar, &value))?;
                }
            }
            _ => return Err(error(CodecErrorKind::InvalidValue, "a path leads to one node".to_owned())),
        }
        Ok(value)
    }
}
