//! Nested notifications (RFC 7950 section 7.16.2) in documents: inside of the node that they are about.

use super::{Path, Selector, Step};
use crate::binding::any::error;
use crate::binding::decode::{self, Context, here, is_space, on_path, same_name};
use crate::binding::encode::{self, full};
use crate::binding::{Keys, Module, NestedNotification, Options, Placed};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Event, Form, Scalar, Shape, Sink, Source};
use crate::xml;
use std::borrow::Cow;

impl<T, M> Path<T, M> {
    /// Writes a notification about the node: the nodes on the way with their keys, and in them the notification.
    ///
    /// # Errors
    /// The path has a step that does not exist or names no one entry, or the sink fails.
    pub fn write_notification<N: NestedNotification + Placed<Node = T>>(
        &self,
        notification: &N,
        sink: &mut dyn Sink,
    ) -> Result<(), CodecError> {
        self.check_one("a notification is about one node")?;
        for step in &self.steps {
            super::write::open(step, &[], sink)?;
        }
        let around = self.steps.last().map_or(Module::new("", ""), |s| s.module);
        let module = N::MODULE.unwrap_or(around);
        sink.open(full(module, N::NAME), Shape::Container, &[])?;
        encode::fields(notification, module, sink)?;
        sink.close()?;
        self.steps.iter().try_for_each(|_| sink.close())
    }

    /// A notification about the node, as XML.
    ///
    /// # Errors
    /// As [`write_notification`](Self::write_notification).
    pub fn notification_xml<N: NestedNotification + Placed<Node = T>>(
        &self,
        notification: &N,
    ) -> Result<String, CodecError> {
        xml::to_string(|sink| self.write_notification(notification, sink))
    }

    /// Reads the keys on the way to a node of this path, whichever the path itself names: their canonical texts, the
    /// outermost first.
    ///
    /// # Errors
    /// A text is no value of its key's type, or there are more or fewer than the path has.
    pub fn read_keys<'t, K: Keys>(
        &self,
        texts: impl IntoIterator<Item = Cow<'t, str>>,
    ) -> Result<K, CodecError> {
        self.check()?;
        let context =
            Context { options: Options::default(), module: Module::new("", ""), modules: self.modules };
        let mut keys = K::default();
        let mut texts = texts.into_iter();
        let mut at = 0;
        let wrong = |message: String| error(CodecErrorKind::InvalidValue, message);
        for step in &self.steps {
            let Some(table) = step.field.child.map(|child| child()) else { continue };
            let inside = table.module.unwrap_or(step.module);
            for &key in table.keys {
                let Some(field) = table.fields.get(key) else { continue };
                let text =
                    texts.next().ok_or_else(|| wrong(format!("a key of {:?} is missing", table.name)))?;
                let value = Context { module: field.module.unwrap_or(inside), ..context }.value();
                let scalar = Scalar { text, form: Form::Canonical };
                keys.set(at, &scalar, &value).map_err(|e| wrong(format!("{}: {e}", field.name)))?;
                at += 1;
            }
        }
        match texts.next() {
            Some(text) => Err(wrong(format!("{text:?} is a key too many"))),
            None if at == K::COUNT => Ok(keys),
            None => Err(wrong(format!("the path has {at} keys, its type {}", K::COUNT))),
        }
    }

    /// The path exists, and every list on it says which entry.
    pub(super) fn check_one(&self, why: &str) -> Result<(), CodecError> {
        self.check()?;
        match self.steps.iter().find(|s| matches!(s.selector, Selector::Every)) {
            Some(step) => {
                let message = format!("{why}, not all of {:?}", step.field.name);
                Err(error(CodecErrorKind::MissingKey, message))
            }
            None => Ok(()),
        }
    }
}

/// Reads a notification that is defined on a node, with the keys on the way to it. The source holds the topmost of these nodes.
/// `None`: what it holds is another notification.
///
/// # Errors
/// The document cannot be read, or the notification or a key does not fit its type.
pub fn read_notification<N: NestedNotification + Placed>(
    source: &mut dyn Source,
    options: &Options,
) -> Result<Option<(N::Keys, N)>, CodecError> {
    let places = N::places();
    places.check()?;
    let context = Context { options: *options, module: Module::new("", ""), modules: places.modules };
    let mut keys = N::Keys::default();
    let mut known = 0;
    let content = way::<N>(&places.steps, context, source, &mut keys, &mut known)?;
    let Some(module) = content else { return Ok(None) };
    let mut value = N::default();
    decode::fields(&mut value, Context { module, ..context }, source).map_err(|e| on_path(e, N::NAME))?;
    if known != N::Keys::COUNT {
        let message = format!("the notification {:?} does not say of which entry it is", N::NAME);
        return Err(here(error(CodecErrorKind::MissingKey, message), source));
    }
    Ok(Some((keys, value)))
}

/// Goes down to the notification; the source then stands in it. Keys come first in their entries (RFC 7950 section 7.8.5).
fn way<N: NestedNotification + Placed>(
    steps: &[Step],
    context: Context,
    source: &mut dyn Source,
    keys: &mut N::Keys,
    known: &mut usize,
) -> Result<Option<Module>, CodecError> {
    let mut context = context;
    let mut below = steps.iter();
    let mut next = below.next();
    // The keys of the entry that the source stands in: name, module, place among all keys.
    let mut here_keys: Vec<(&'static str, Module, usize)> = Vec::new();
    let mut first = 0;
    loop {
        enum Is {
            Key(usize, Module),
            Step(Module),
            Notification(Module),
        }
        let is = match source.next()? {
            Event::Text(text) if is_space(&text) => continue,
            Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            Event::Open { name, .. } => {
                let key =
                    here_keys.iter().find(|(key, module, _)| same_name(&name, module, &context.module, key));
                let module = N::MODULE.unwrap_or(context.module);
                match (key, next) {
                    (Some((_, module, at)), _) => Is::Key(*at, *module),
                    (None, Some(step))
                        if same_name(&name, &step.module, &context.module, step.field.name) =>
                    {
                        Is::Step(step.module)
                    }
                    (None, None) if same_name(&name, &module, &context.module, N::NAME) => {
                        Is::Notification(module)
                    }
                    _ => return Ok(None),
                }
            }
            Event::Text(_) | Event::Close | Event::End => return Ok(None),
        };
        match is {
            Is::Notification(module) => return Ok(Some(module)),
            Is::Key(at, module) => {
                let value = Context { module, ..context }.value();
                decode::scalar(source, &mut |scalar| keys.set(at, scalar, &value))?;
                *known += 1;
            }
            Is::Step(module) => {
                context.module = module;
                here_keys.clear();
                if let (Some(step), Some(child)) = (next, next.and_then(|s| s.field.child)) {
                    let table = child();
                    let inside = table.module.unwrap_or(step.module);
                    for (nth, &at) in table.keys.iter().enumerate() {
                        if let Some(field) = table.fields.get(at) {
                            here_keys.push((field.name, field.module.unwrap_or(inside), first + nth));
                        }
                    }
                    first += table.keys.len();
                }
                next = below.next();
            }
        }
    }
}
