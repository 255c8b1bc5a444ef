//! Paths as filters: subtree (RFC 6241 section 6) and XPath (section 8.9).

use super::{Path, Selector, Step};
use crate::binding::encode::full;
use crate::binding::validate::quoted;
use crate::binding::{Action, Kind, Module, Yang, canonical, encode};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{OutAttribute, Shape, Sink};
use crate::xml;
use std::fmt::Write as _;

/// An XPath expression with the namespaces of its prefixes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct XPathText {
    /// The expression.
    pub text: String,
    /// Prefix and namespace of each.
    pub namespaces: Vec<(String, String)>,
}

pub(super) fn shape(step: &Step) -> Shape {
    match step.field.kind {
        Kind::List => Shape::ListEntry,
        Kind::Leaf => Shape::Leaf,
        Kind::LeafList => Shape::LeafListEntry,
        Kind::AnyData => Shape::Any,
        Kind::AnyXml => Shape::AnyXml,
        _ => Shape::Container,
    }
}

/// Opens a step's node, with its keys in it.
pub(super) fn open(
    step: &Step,
    attributes: &[OutAttribute<'_>],
    sink: &mut dyn Sink,
) -> Result<(), CodecError> {
    sink.open(full(step.module, step.field.name), shape(step), attributes)?;
    match &step.selector {
        Selector::Keys(keys) => {
            for key in keys {
                sink.open(full(key.module, key.name), Shape::Leaf, &[])?;
                key.value.value.write(&mut |datum| sink.value(datum))?;
                sink.close()?;
            }
            Ok(())
        }
        Selector::Value(value) => value.value.write(&mut |datum| sink.value(datum)),
        Selector::Only | Selector::Every => Ok(()),
    }
}

impl<T, M> Path<T, M> {
    /// Writes the content of a subtree filter that selects the node: keys are content match nodes (section 6.2.5).
    ///
    /// # Errors
    /// The path has a step that does not exist, or the sink fails.
    pub fn write_filter(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        self.check()?;
        for step in &self.steps {
            open(step, &[], sink)?;
        }
        self.steps.iter().try_for_each(|_| sink.close())
    }

    /// The content of a subtree filter that selects the node, as XML: what stands inside of `<filter>`.
    ///
    /// # Errors
    /// The path has a step that does not exist.
    pub fn subtree_filter(&self) -> Result<String, CodecError> {
        xml::to_string(|sink| self.write_filter(sink))
    }

    /// An XPath expression that selects the node. Prefixes are names of modules.
    ///
    /// # Errors
    /// The path has a step that does not exist, or a key that no XPath literal can hold.
    pub fn xpath(&self) -> Result<XPathText, CodecError> {
        self.check()?;
        let mut out = XPathText { text: String::new(), namespaces: Vec::new() };
        for step in &self.steps {
            let prefix = out.prefix(step.module);
            // Writing to a String cannot fail.
            let _ = write!(out.text, "/{prefix}:{}", step.field.name);
            match &step.selector {
                Selector::Only | Selector::Every => {}
                Selector::Keys(keys) => {
                    for key in keys {
                        let prefix = out.prefix(key.module);
                        let literal = literal(&canonical(&*key.value.value))?;
                        let _ = write!(out.text, "[{prefix}:{}={literal}]", key.name);
                    }
                }
                Selector::Value(value) => {
                    let literal = literal(&canonical(&*value.value))?;
                    let _ = write!(out.text, "[.={literal}]");
                }
            }
        }
        if out.text.is_empty() {
            out.text.push('/');
        }
        Ok(out)
    }

    /// Writes the content of `<action>` (RFC 7950 section 7.15.2): the node, and in it the action with its input.
    ///
    /// # Errors
    /// The path has a step that does not exist or names no one entry, or the sink fails.
    pub fn write_action<A: Action<Parent = T>>(
        &self,
        input: &A::Input,
        sink: &mut dyn Sink,
    ) -> Result<(), CodecError> {
        self.check_one("an action is invoked on one node")?;
        for step in &self.steps {
            open(step, &[], sink)?;
        }
        let around = self.steps.last().map_or(Module::new("", ""), |s| s.module);
        let module = A::MODULE.unwrap_or(around);
        sink.open(full(module, A::NAME), Shape::Container, &[])?;
        encode::fields(
            input,
            <A::Input as crate::binding::HasTable>::table().module.unwrap_or(module),
            sink,
        )?;
        sink.close()?;
        self.steps.iter().try_for_each(|_| sink.close())
    }

    /// The content of `<action>`, as XML.
    ///
    /// # Errors
    /// As [`write_action`](Self::write_action).
    pub fn action_xml<A: Action<Parent = T>>(&self, input: &A::Input) -> Result<String, CodecError>
    where
        A::Input: Yang,
    {
        xml::to_string(|sink| self.write_action::<A>(input, sink))
    }
}

impl XPathText {
    fn prefix(&mut self, module: Module) -> String {
        if let Some((prefix, _)) = self.namespaces.iter().find(|(_, uri)| uri == module.namespace) {
            return prefix.clone();
        }
        // Prefixes must not begin with "xml".
        let xml = module.name.get(..3).is_some_and(|p| p.eq_ignore_ascii_case("xml"));
        let prefix = if xml { format!("m-{}", module.name) } else { module.name.to_owned() };
        self.namespaces.push((prefix.clone(), module.namespace.to_owned()));
        prefix
    }
}

/// XPath 1.0 has no escapes: a text with both quotes is put together.
fn literal(text: &str) -> Result<String, CodecError> {
    if !text.contains('\'') || !text.contains('"') {
        return Ok(quoted(text));
    }
    if text.chars().any(char::is_control) {
        let message = "a key with control characters and both quotes is no XPath literal".to_owned();
        return Err(crate::binding::any::error(CodecErrorKind::InvalidValue, message));
    }
    let parts: Vec<String> = text.split('\'').map(|part| format!("'{part}'")).collect();
    Ok(format!("concat({})", parts.join(", \"'\", ")))
}
