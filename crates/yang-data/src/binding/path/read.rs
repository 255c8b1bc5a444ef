//! Values found at a path in data that was read: a reply, a tree.

use super::{Path, Selector, Step};
use crate::binding::any::error;
use crate::binding::decode::{self, Context, here, is_space, on_path, same_name};
use crate::binding::{Fragment, Kind, Module, Node, Options, Slot, SlotMut, Target};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Event, Inside, Source};

impl<T: Target, M> Path<T, M> {
    /// The value at the path, in the content of a datastore or of `<data>`: the source stands inside.
    ///
    /// # Errors
    /// The path has a step that does not exist, or what stands there does not fit the type.
    pub fn read(&self, source: &mut dyn Source, options: &Options) -> Result<Option<T>, CodecError> {
        Ok(self.read_all(source, options)?.into_iter().next())
    }

    /// All values at the path: one for each entry where it has steps without keys.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_all(&self, source: &mut dyn Source, options: &Options) -> Result<Vec<T>, CodecError> {
        self.check()?;
        let context = Context { options: *options, module: Module::new("", ""), modules: self.modules };
        let mut found = Vec::new();
        if self.steps.is_empty() {
            let mut value = T::default();
            if let SlotMut::Container(root) = value.target_mut() {
                decode::fields(root.make(), context, source)?;
                found.push(value);
            }
            return Ok(found);
        }
        level(&self.steps, None, context, source, &mut found)?;
        Ok(found)
    }
}

/// Reads one level up to its close. `around` is the entry that it is the inside of. Gives `false` where that entry's keys
/// are not those of the path.
fn level<T: Target>(
    steps: &[Step],
    around: Option<&Step>,
    context: Context,
    source: &mut dyn Source,
    found: &mut Vec<T>,
) -> Result<bool, CodecError> {
    let Some((step, below)) = steps.split_first() else { return Ok(true) };
    let keys = match around.map(|s| &s.selector) {
        Some(Selector::Keys(keys)) => keys.as_slice(),
        _ => &[],
    };
    let mut fits = true;
    // The entries of a leaf-list are one value.
    let mut list: Option<usize> = None;
    enum Is {
        Step,
        Key(usize),
        Other,
    }
    loop {
        let is = match source.next()? {
            Event::Close | Event::End => return Ok(fits),
            Event::Text(text) if is_space(&text) => continue,
            Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            Event::Text(_) => {
                let message = "text stands where nodes are expected".to_owned();
                return Err(here(error(CodecErrorKind::InvalidValue, message), source));
            }
            Event::Open { name, .. } => {
                let key = keys.iter().position(|k| same_name(&name, &k.module, &context.module, k.name));
                match key {
                    // A key can be what the path leads to.
                    Some(at) if !same_name(&name, &step.module, &context.module, step.field.name) => {
                        Is::Key(at)
                    }
                    _ if same_name(&name, &step.module, &context.module, step.field.name) => Is::Step,
                    _ => Is::Other,
                }
            }
        };
        match is {
            Is::Other => Inside::new(source).skip()?,
            Is::Key(at) => {
                let key = &keys[at];
                let value = Context { module: key.module, ..context }.value();
                decode::scalar(source, &mut |scalar| {
                    fits &= (key.value.matches)(scalar, &value, &*key.value.value);
                    Ok(())
                })?;
            }
            Is::Step => {
                let context = Context { module: step.module, ..context };
                let before = found.len();
                if below.is_empty() && step.field.kind == Kind::LeafList {
                    let at = *list.get_or_insert(before);
                    if at == before {
                        found.push(T::default());
                    }
                    let value = context.value();
                    let read = match found[at].target_mut() {
                        SlotMut::LeafList(list) => decode::scalar(source, &mut |s| list.push(s, &value)),
                        _ => {
                            found.truncate(before);
                            list = None;
                            found.extend(
                                last::<T>(step, context, source).map_err(|e| on_path(e, step.field.name))?,
                            );
                            continue;
                        }
                    };
                    read.map_err(|e| on_path(e, step.field.name))?;
                } else if below.is_empty() {
                    let value = last::<T>(step, context, source).map_err(|e| on_path(e, step.field.name))?;
                    found.extend(value);
                } else if !level(below, Some(step), context, source, found)
                    .map_err(|e| on_path(e, step.field.name))?
                {
                    found.truncate(before);
                }
            }
        }
    }
}

/// Reads the node that the path leads to, if its keys or its value are those of the path.
fn last<T: Target>(step: &Step, context: Context, source: &mut dyn Source) -> Result<Option<T>, CodecError> {
    let mut value = T::default();
    match value.target_mut() {
        SlotMut::Leaf(leaf) => {
            let context = context.value();
            decode::scalar(source, &mut |scalar| leaf.set(scalar, &context))?;
        }
        SlotMut::Container(container) => decode::fields(container.make(), context, source)?,
        SlotMut::Any(any) => any.set(Fragment::read(&mut Inside::new(source), &context.value())?),
        _ => return Err(error(CodecErrorKind::InvalidValue, "a path leads to one node".to_owned())),
    }
    let fits = match (&step.selector, value.target()) {
        (Selector::Keys(keys), Slot::Container(entry)) => entry.get().is_some_and(|node| {
            let table = node.node_table();
            table.kind == Kind::List && keys.iter().zip(table.keys).all(|(key, &at)| has(node, at, key))
        }),
        (Selector::Value(wanted), Slot::Leaf(leaf)) => leaf.get().is_some_and(|v| v.same(&*wanted.value)),
        _ => true,
    };
    Ok(fits.then_some(value))
}

fn has(node: &dyn Node, at: usize, key: &super::Key) -> bool {
    match node.slot(at) {
        Slot::Leaf(leaf) => leaf.get().is_some_and(|v| v.same(&*key.value.value)),
        _ => false,
    }
}
