//! anydata and anyxml (RFC 7950 sections 7.10 and 7.11): content that the schema does not know, kept flat.

use crate::codec::CodecError;
use crate::event::{
    Attribute, Datum, Form, FullName, Name, Namespace, OutAttribute, Place, Prefixes, Shape, Sink,
};
use smol_str::SmolStr;
use yang_schema::Schema;

/// The content of an anydata or anyxml node: its events in order. Flat, so that no depth of nesting can hurt.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AnyData {
    pub(crate) events: Vec<AnyEvent>,
}

/// An event of an [`AnyData`].
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum AnyEvent {
    /// A node begins.
    Open { name: AnyName, attributes: Vec<(AnyName, SmolStr)>, item: bool },
    /// The value of the open node.
    Text { text: SmolStr, form: AnyForm, prefixes: Vec<(SmolStr, SmolStr)> },
    /// The node ends.
    Close,
}

/// A name. A module or namespace that the schema does not know is empty in the other codec's word.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct AnyName {
    pub(crate) module: SmolStr,
    pub(crate) namespace: SmolStr,
    pub(crate) local: SmolStr,
}

/// What the document said of a scalar: JSON tells more than XML.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum AnyForm {
    Xml,
    String,
    Number,
    Boolean,
    Empty,
    Null,
}

impl AnyName {
    /// A name in anydata. One that names no module has that of the node around it.
    fn new(schema: &Schema, name: Name<'_>, around: Option<&AnyName>) -> Self {
        let module = match name.namespace {
            Namespace::Uri(uri) => schema.find_namespace(uri),
            Namespace::Module(module) => schema.find_module(module),
            Namespace::Inherited => {
                return Self {
                    local: name.local.into(),
                    module: around.map(|a| a.module.clone()).unwrap_or_default(),
                    namespace: around.map(|a| a.namespace.clone()).unwrap_or_default(),
                };
            }
        };
        let (module, namespace) = match (module, name.namespace) {
            (Some(id), _) => (schema.module_name(id), schema.str(schema.module(id).namespace)),
            (None, Namespace::Uri(uri)) => ("", uri),
            (None, Namespace::Module(module)) => (module, ""),
            (None, Namespace::Inherited) => ("", ""),
        };
        Self { module: module.into(), namespace: namespace.into(), local: name.local.into() }
    }

    pub(crate) fn name(&self) -> Name<'_> {
        let namespace = match (self.namespace.as_str(), self.module.as_str()) {
            ("", "") => Namespace::Inherited,
            ("", module) => Namespace::Module(module),
            (uri, _) => Namespace::Uri(uri),
        };
        Name { namespace, local: &self.local }
    }

    fn full(&self) -> FullName<'_> {
        FullName { module: &self.module, namespace: &self.namespace, local: &self.local }
    }
}

/// Collects the content of an anydata node.
#[derive(Default)]
pub(crate) struct AnyBuilder {
    events: Vec<AnyEvent>,
    open: Vec<AnyName>,
}

impl AnyBuilder {
    /// For the content of a node with this name.
    pub(crate) fn new(top: FullName<'_>) -> Self {
        let top =
            AnyName { module: top.module.into(), namespace: top.namespace.into(), local: top.local.into() };
        Self { events: Vec::new(), open: vec![top] }
    }

    pub(crate) fn open(
        &mut self,
        schema: &Schema,
        name: Name<'_>,
        attributes: &[Attribute<'_>],
        place: Place,
    ) {
        let name = AnyName::new(schema, name, self.open.last());
        let attributes = attributes
            .iter()
            .map(|a| (AnyName::new(schema, a.name, None), SmolStr::from(a.value.as_ref())))
            .collect();
        self.open.push(name.clone());
        self.events.push(AnyEvent::Open { name, attributes, item: place == Place::Item });
    }

    pub(crate) fn text(&mut self, text: &str, form: Form<'_>) {
        let (form, prefixes) = match form {
            Form::Xml(prefixes) => (AnyForm::Xml, prefixes_in(text, prefixes)),
            Form::JsonString | Form::Canonical => (AnyForm::String, Vec::new()),
            Form::JsonNumber => (AnyForm::Number, Vec::new()),
            Form::JsonBoolean => (AnyForm::Boolean, Vec::new()),
            Form::JsonEmpty => (AnyForm::Empty, Vec::new()),
            Form::JsonNull => (AnyForm::Null, Vec::new()),
        };
        self.events.push(AnyEvent::Text { text: text.into(), form, prefixes });
    }

    /// Ends the innermost node; says whether that was the anydata node itself.
    pub(crate) fn close(&mut self) -> bool {
        self.open.pop();
        if self.open.is_empty() {
            return true;
        }
        self.events.push(AnyEvent::Close);
        false
    }

    /// White space between elements is layout; where there are no elements, it is the value.
    pub(crate) fn finish(mut self) -> AnyData {
        let has_children = |events: &[AnyEvent], i: usize| {
            matches!(events.get(i + 1), Some(AnyEvent::Open { .. }))
                || i > 0 && matches!(events[i - 1], AnyEvent::Close)
        };
        let keep: Vec<bool> = (0..self.events.len())
            .map(|i| match &self.events[i] {
                AnyEvent::Text { text, form: AnyForm::Xml, .. } => {
                    !text.trim().is_empty() || !has_children(&self.events, i)
                }
                _ => true,
            })
            .collect();
        let mut keep = keep.into_iter();
        self.events.retain(|_| keep.next().unwrap_or(true));
        AnyData { events: self.events }
    }
}

/// What each run of characters in front of a colon stands for, and the default namespace.
pub(crate) fn prefixes_in(text: &str, prefixes: &dyn Prefixes) -> Vec<(SmolStr, SmolStr)> {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut found: Vec<(SmolStr, SmolStr)> = Vec::new();
    let before_colons = text.match_indices(':').map(|(i, _)| {
        let start = text[..i].char_indices().rev().take_while(|(_, c)| is_name(*c)).last();
        &text[start.map_or(i, |(s, _)| s)..i]
    });
    for prefix in before_colons.chain([""]) {
        if let Some(namespace) = prefixes.namespace(prefix)
            && !found.iter().any(|(p, _)| p == prefix)
        {
            found.push((prefix.into(), namespace.into()));
        }
    }
    found
}

impl AnyData {
    /// Writes the content into the node that is open.
    pub(crate) fn write(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let shapes = self.shapes();
        for (event, shape) in self.events.iter().zip(shapes) {
            match event {
                AnyEvent::Open { name, attributes, .. } => {
                    let attributes: Vec<OutAttribute<'_>> = attributes
                        .iter()
                        .map(|(name, value)| OutAttribute { name: name.full(), value: Datum::Text(value) })
                        .collect();
                    sink.open(name.full(), shape, &attributes)?;
                }
                AnyEvent::Text { text, form, prefixes } => {
                    let prefixes: Vec<(&str, &str)> =
                        prefixes.iter().map(|(p, n)| (p.as_str(), n.as_str())).collect();
                    sink.value(match form {
                        AnyForm::Xml => Datum::Prefixed { text, prefixes: &prefixes },
                        AnyForm::String => Datum::Text(text),
                        AnyForm::Number => Datum::Number(text),
                        AnyForm::Boolean => Datum::Boolean(text == "true"),
                        AnyForm::Empty => Datum::Empty,
                        AnyForm::Null => Datum::Null,
                    })?;
                }
                AnyEvent::Close => sink.close()?,
            }
        }
        Ok(())
    }

    /// How each event's node stands among its siblings: those with one name in a row are entries.
    fn shapes(&self) -> Vec<Shape> {
        let mut shapes = vec![Shape::Leaf; self.events.len()];
        // Of each open node: the position of its youngest child.
        let mut youngest: Vec<Option<usize>> = vec![None];
        let mut items = vec![false; self.events.len()];
        for (i, event) in self.events.iter().enumerate() {
            match event {
                AnyEvent::Open { name, item, .. } => {
                    items[i] = *item;
                    if let Some(last) = youngest.last_mut() {
                        if let Some(older) = *last
                            && matches!(&self.events[older], AnyEvent::Open { name: n, .. } if n == name)
                        {
                            (items[older], items[i]) = (true, true);
                        }
                        *last = Some(i);
                    }
                    youngest.push(None);
                }
                AnyEvent::Close => _ = youngest.pop(),
                AnyEvent::Text { .. } => {}
            }
        }
        for i in 0..self.events.len() {
            let inner = matches!(self.events.get(i + 1), Some(AnyEvent::Open { .. }));
            shapes[i] = match (inner, items[i]) {
                (true, true) => Shape::ListEntry,
                (true, false) => Shape::Container,
                (false, true) => Shape::LeafListEntry,
                (false, false) => Shape::Leaf,
            };
        }
        shapes
    }
}

/// A text knows its prefixes.
impl Prefixes for AnyEvent {
    fn namespace(&self, prefix: &str) -> Option<&str> {
        match self {
            AnyEvent::Text { prefixes, .. } => {
                prefixes.iter().find(|(p, _)| p == prefix).map(|(_, n)| n.as_str())
            }
            _ => None,
        }
    }
}
