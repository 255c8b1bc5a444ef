//! anydata and anyxml (RFC 7950 sections 7.10 and 7.11): content that the schema does not know, kept flat.

use crate::codec::CodecError;
use crate::event::{
    Annotated, Attribute, Datum, Form, FullName, Name, Namespace, Place, Prefixes, Shape, Sink,
};
use crate::tree::annotation::{self, Annotation, with_attributes};
use smol_str::SmolStr;
use std::collections::HashMap;
use yang_schema::{NodeKind, NodeRef, Schema};

/// The content of an anydata or anyxml node: its events in order. Flat, so that no depth of nesting can hurt.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct AnyData {
    pub(crate) events: Vec<AnyEvent>,
    /// An anyxml that is an array in JSON: its events are those of nodes of its own name, one for each item; none if it is empty.
    pub(crate) array: bool,
}

/// An event of an [`AnyData`].
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum AnyEvent {
    /// A node begins.
    Open { name: AnyName, attributes: Vec<Annotation>, place: Place },
    /// The value of the open node.
    Text { text: SmolStr, form: AnyForm, prefixes: Vec<(SmolStr, SmolStr)> },
    /// An array without items.
    EmptyArray(AnyName),
    /// The node ends.
    Close,
}

/// A name. A module or namespace that the schema does not know is empty in the other codec's word.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
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

impl AnyForm {
    /// What a form says, without the scope of its prefixes.
    pub(crate) fn of(form: Form<'_>) -> Self {
        match form {
            Form::Xml(_) => AnyForm::Xml,
            Form::JsonString | Form::Canonical => AnyForm::String,
            Form::JsonNumber => AnyForm::Number,
            Form::JsonBoolean => AnyForm::Boolean,
            Form::JsonEmpty => AnyForm::Empty,
            Form::JsonNull => AnyForm::Null,
        }
    }

    /// The form again, with these prefixes in scope.
    pub(crate) fn form(self, scope: &dyn Prefixes) -> Form<'_> {
        match self {
            AnyForm::Xml => Form::Xml(scope),
            AnyForm::String => Form::JsonString,
            AnyForm::Number => Form::JsonNumber,
            AnyForm::Boolean => Form::JsonBoolean,
            AnyForm::Empty => Form::JsonEmpty,
            AnyForm::Null => Form::JsonNull,
        }
    }
}

impl AnyName {
    /// A name in anydata. One that names no module has that of the node around it.
    pub(crate) fn new(schema: &Schema, name: Name<'_>, around: Option<&AnyName>) -> Self {
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
            ("", "") => Namespace::Uri(""),
            ("", module) => Namespace::Module(module),
            (uri, _) => Namespace::Uri(uri),
        };
        Name { namespace, local: &self.local }
    }

    pub(crate) fn full(&self) -> FullName<'_> {
        FullName { module: &self.module, namespace: &self.namespace, local: &self.local }
    }
}

/// Collects the content of an anydata node.
#[derive(Default)]
pub(crate) struct AnyBuilder {
    events: Vec<AnyEvent>,
    open: Vec<AnyName>,
    /// Annotations of what is not complete, those of the innermost node last.
    waiting: Vec<Waiting>,
    own: Vec<Annotation>,
}

/// Annotations that came apart from their node.
struct Waiting {
    /// How many nodes were open.
    depth: usize,
    /// A node right in the innermost one; none for that one itself.
    name: Option<AnyName>,
    item: usize,
    annotations: Vec<Annotation>,
}

impl AnyBuilder {
    /// For the content of a node with this name.
    pub(crate) fn new(top: FullName<'_>) -> Self {
        let top =
            AnyName { module: top.module.into(), namespace: top.namespace.into(), local: top.local.into() };
        Self { open: vec![top], ..Self::default() }
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
            .map(|a| Annotation::untyped(AnyName::new(schema, a.name, None), &a.value, a.form))
            .collect();
        self.open.push(name.clone());
        self.events.push(AnyEvent::Open { name, attributes, place });
    }

    pub(crate) fn empty_array(&mut self, schema: &Schema, name: Name<'_>) {
        let name = AnyName::new(schema, name, self.open.last());
        self.events.push(AnyEvent::EmptyArray(name));
    }

    pub(crate) fn text(&mut self, text: &str, form: Form<'_>) {
        let prefixes = text_prefixes(text, form);
        let form = AnyForm::of(form);
        self.events.push(AnyEvent::Text { text: text.into(), form, prefixes });
    }

    /// Annotations that stand apart from their node: its attributes. Of a node that is not there, or not yet, they wait.
    pub(crate) fn annotate(&mut self, schema: &Schema, of: Annotated<'_>, attributes: &[Attribute<'_>]) {
        let around = self.open.last();
        let name = match of {
            Annotated::Open => None,
            Annotated::Member(name) | Annotated::Item(name, _) => Some(AnyName::new(schema, name, around)),
        };
        let item = if let Annotated::Item(_, item) = of { item } else { 0 };
        let annotations = attributes
            .iter()
            .map(|a| Annotation::untyped(AnyName::new(schema, a.name, None), &a.value, a.form))
            .collect();
        self.waiting.push(Waiting { depth: self.open.len(), name, item, annotations });
    }

    /// Gives what waits for the innermost node, or for nodes right in it, to them; the node ends.
    fn settle(&mut self) {
        let depth = self.open.len();
        if self.waiting.last().is_none_or(|w| w.depth < depth) {
            return;
        }
        let at = self.waiting.partition_point(|w| w.depth < depth);
        let waiting = self.waiting.split_off(at);
        // The events of the innermost node, and those of its children.
        let mut own = None;
        let mut children = Vec::new();
        let mut level = 0usize;
        for (i, event) in self.events.iter().enumerate().rev() {
            match event {
                AnyEvent::Close => level += 1,
                AnyEvent::Open { .. } if level == 0 => {
                    own = Some(i);
                    break;
                }
                AnyEvent::Open { .. } => {
                    level -= 1;
                    if level == 0 {
                        children.push(i);
                    }
                }
                AnyEvent::Text { .. } | AnyEvent::EmptyArray(_) => {}
            }
        }
        children.reverse();
        // Each name is looked up, since there may be as many annotations as nodes.
        let mut named: HashMap<AnyName, Vec<usize>> = HashMap::new();
        for i in children {
            if let AnyEvent::Open { name, .. } = &self.events[i] {
                named.entry(name.clone()).or_default().push(i);
            }
        }
        for Waiting { name, item, annotations, .. } in waiting {
            let target = match &name {
                None => own,
                Some(name) => named.get(name).and_then(|nodes| nodes.get(item)).copied(),
            };
            match target {
                Some(i) => {
                    if let AnyEvent::Open { attributes, .. } = &mut self.events[i] {
                        attributes.extend(annotations);
                    }
                }
                // The anydata node itself has no event: its annotations are the tree's.
                None if name.is_none() => self.own.extend(annotations),
                None => {}
            }
        }
    }

    /// Annotations of the node itself that came with its begin.
    pub(crate) fn say_of_own(&mut self, schema: &Schema, attributes: &[Attribute<'_>]) {
        let kept =
            |a: &Attribute<'_>| Annotation::untyped(AnyName::new(schema, a.name, None), &a.value, a.form);
        self.own.extend(attributes.iter().map(kept));
    }

    /// The annotations of the node itself, from inside of it.
    pub(crate) fn take_own(&mut self) -> Vec<Annotation> {
        std::mem::take(&mut self.own)
    }

    /// Ends the innermost node; says whether that was the anydata node itself.
    pub(crate) fn close(&mut self) -> bool {
        self.settle();
        self.open.pop();
        if self.open.is_empty() {
            return true;
        }
        self.events.push(AnyEvent::Close);
        false
    }

    /// White space between elements is layout; where there are no elements, it is the value.
    pub(crate) fn finish(mut self) -> AnyData {
        let is_child =
            |event: Option<&AnyEvent>| matches!(event, Some(AnyEvent::Open { .. } | AnyEvent::EmptyArray(_)));
        let keep: Vec<bool> = (0..self.events.len())
            .map(|i| match &self.events[i] {
                // Whoever has no word for an element without text says that its text is empty.
                AnyEvent::Text { text, form: AnyForm::Xml, .. } if text.is_empty() => false,
                AnyEvent::Text { text, form: AnyForm::Xml, .. } => {
                    let beside = is_child(self.events.get(i + 1))
                        || i > 0 && matches!(self.events[i - 1], AnyEvent::Close | AnyEvent::EmptyArray(_));
                    !text.trim().is_empty() || !beside
                }
                _ => true,
            })
            .collect();
        self.tell_places(&keep);
        let mut keep = keep.into_iter();
        self.events.retain(|_| keep.next().unwrap_or(true));
        AnyData { events: self.events, array: false }
    }

    /// Keeps of places what is not told without them, so that content is the same whatever way it came by: that a node is the
    /// only item of an array, and that one without content is an object.
    fn tell_places(&mut self, kept: &[bool]) {
        let siblings = siblings(&self.events);
        let empty: Vec<bool> = (1..=self.events.len())
            .map(|next| {
                let silent = kept.get(next) == Some(&false);
                !silent && matches!(self.events.get(next), Some(AnyEvent::Close))
            })
            .collect();
        for ((event, sibling), empty) in self.events.iter_mut().zip(siblings).zip(empty) {
            if let AnyEvent::Open { place, attributes, .. } = event {
                annotation::sort(attributes);
                let only_item = *place == Place::Item && !sibling;
                if !only_item && !empty {
                    *place = Place::Untold;
                }
            }
        }
    }
}

/// Which nodes stand beside another of their name: those are entries.
fn siblings(events: &[AnyEvent]) -> Vec<bool> {
    let mut siblings = vec![false; events.len()];
    // Of each open node: the position of its youngest child.
    let mut youngest: Vec<Option<usize>> = vec![None];
    for (i, event) in events.iter().enumerate() {
        match event {
            AnyEvent::Open { name, .. } => {
                if let Some(last) = youngest.last_mut() {
                    if let Some(older) = *last
                        && matches!(&events[older], AnyEvent::Open { name: n, .. } if n == name)
                    {
                        (siblings[older], siblings[i]) = (true, true);
                    }
                    *last = Some(i);
                }
                youngest.push(None);
            }
            AnyEvent::Close => _ = youngest.pop(),
            AnyEvent::EmptyArray(_) => {
                if let Some(last) = youngest.last_mut() {
                    *last = None;
                }
            }
            AnyEvent::Text { .. } => {}
        }
    }
    siblings
}

impl AnyData {
    /// Adds an item of the array that an anyxml is in JSON.
    pub(crate) fn push_item(&mut self, node: NodeRef<'_>, attributes: Vec<Annotation>, item: AnyData) {
        let full = super::names::full_name(node);
        let name = AnyName {
            module: full.module.into(),
            namespace: full.namespace.into(),
            local: full.local.into(),
        };
        self.array = true;
        self.events.push(AnyEvent::Open { name, attributes, place: Place::Item });
        self.events.extend(item.events);
        self.events.push(AnyEvent::Close);
    }
}

/// The prefixes that text of unknown meaning may use. The default namespace is not among them: it is that of the element around
/// wherever the text is written.
pub(crate) fn text_prefixes(text: &str, form: Form<'_>) -> Vec<(SmolStr, SmolStr)> {
    let Form::Xml(scope) = form else { return Vec::new() };
    let mut found = prefixes_in(text, scope);
    found.retain(|(prefix, _)| !prefix.is_empty());
    found
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
    /// Writes a node with this content.
    pub(crate) fn write_node(
        &self,
        node: NodeRef<'_>,
        annotations: &[Annotation],
        sink: &mut dyn Sink,
    ) -> Result<(), CodecError> {
        let schema = node.schema();
        let shape = self.shape(node);
        with_attributes(schema, annotations, &[], |attributes| {
            sink.open(super::names::full_name(node), shape, attributes)
        })?;
        self.write(schema, sink)?;
        sink.close()
    }

    /// How a node with this content stands among its siblings.
    pub(crate) fn shape(&self, node: NodeRef<'_>) -> Shape {
        match node.kind() {
            NodeKind::AnyXml if self.array => Shape::AnyXmlArray,
            NodeKind::AnyXml => Shape::AnyXml,
            _ => Shape::Any,
        }
    }

    /// Writes the content into the node that is open.
    pub(crate) fn write(&self, schema: &Schema, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let shapes = self.shapes();
        for (event, shape) in self.events.iter().zip(shapes) {
            match event {
                AnyEvent::Open { name, attributes, .. } => {
                    with_attributes(schema, attributes, &[], |a| sink.open(name.full(), shape, a))?;
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
                AnyEvent::EmptyArray(name) => {
                    sink.open(name.full(), Shape::NoEntry, &[])?;
                    sink.close()?;
                }
                AnyEvent::Close => sink.close()?,
            }
        }
        Ok(())
    }

    /// How each event's node stands among its siblings: those with one name in a row are entries.
    fn shapes(&self) -> Vec<Shape> {
        let mut shapes = vec![Shape::Leaf; self.events.len()];
        let siblings = siblings(&self.events);
        let mut level = 0usize;
        let mut depth = |i: usize| {
            let top = level == 0;
            match &self.events[i] {
                AnyEvent::Open { .. } => level += 1,
                AnyEvent::Close => level = level.saturating_sub(1),
                AnyEvent::Text { .. } | AnyEvent::EmptyArray(_) => {}
            }
            top
        };
        for i in 0..self.events.len() {
            let next = self.events.get(i + 1);
            let item = siblings[i] || matches!(&self.events[i], AnyEvent::Open { place: Place::Item, .. });
            // An empty element may be a leaf; an object of JSON is none.
            let object = matches!(&self.events[i], AnyEvent::Open { place, .. } if *place != Place::Untold)
                && matches!(next, Some(AnyEvent::Close));
            let inner = object || matches!(next, Some(AnyEvent::Open { .. } | AnyEvent::EmptyArray(_)));
            if self.array && depth(i) {
                shapes[i] = Shape::AnyXmlItem;
                continue;
            }
            shapes[i] = match (inner, item) {
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
