//! Annotations (RFC 7952) as they come in: read, kept until what they annotate is known, and put on it.

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Annotated, Attribute, Name, Namespace, Position};
use crate::tree::annotation::{self, Annotation, Annotations, Of};
use crate::tree::any::AnyName;
use crate::tree::assemble::{Assembler, Collected, Inner, WITH_DEFAULTS};
use crate::tree::decode::UnknownAnnotations;
use crate::tree::list::ListKind;
use crate::tree::{Content, Slot, names};
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef};

/// Annotations that wait for the end of the record around.
pub(super) struct Note {
    /// A leaf, leaf-list, anydata or anyxml of the record; none for the record itself.
    pub(super) node: Option<NodeId>,
    /// Of a leaf-list: which entry, as they came.
    pub(super) item: Option<usize>,
    /// The mark of a default that is only reported (RFC 6243 section 6).
    pub(super) default: bool,
    pub(super) annotations: Vec<Annotation>,
    position: Position,
}

impl Assembler<'_> {
    /// Annotations that stand apart from their node.
    pub(crate) fn annotate(&mut self, of: Annotated<'_>, attributes: &[Attribute<'_>]) {
        match &mut self.inner {
            Inner::Skipped(_) => return,
            Inner::Any { content, .. } => {
                if let Some(nameless) = attributes.iter().find(|a| a.name.namespace == Namespace::Inherited) {
                    let message = no_module(nameless.name.local);
                    let error = DataError::new(ErrorTag::UnknownAttribute, self.path(), message);
                    return self.report(error.info(ErrorInfo::BadAttribute(nameless.name.local.to_owned())));
                }
                return content.annotate(self.schema, of, attributes);
            }
            Inner::Nothing | Inner::Leaf { .. } => {}
        }
        let Some(frame) = self.frames.last() else { return };
        let open = self.schema.node(frame.node);
        let child = |name| names::child(open, name, || self.path());
        let (node, item) = match of {
            Annotated::Open => (open, None),
            Annotated::Member(name) => match child(name) {
                Ok(node) => (node, None),
                Err(error) => return self.unknown_member(error),
            },
            Annotated::Item(name, item) => match child(name) {
                Ok(node) => (node, Some(item)),
                Err(error) => return self.unknown_member(error),
            },
        };
        if let Err(error) = self.check_target(node, of) {
            return self.report(error);
        }
        let mut note = self.read_annotations(node, attributes);
        note.node = (!matches!(of, Annotated::Open)).then_some(node.id());
        note.item = item;
        if let Some(frame) = self.frames.last_mut() {
            frame.notes.push(note);
        }
    }

    pub(super) fn unknown_member(&mut self, error: DataError) {
        if !self.options.skip_unknown {
            self.report(error);
        }
    }

    fn check_target(&self, node: NodeRef<'_>, of: Annotated<'_>) -> Result<(), DataError> {
        check_target(node, of, || self.path_of(node))
    }

    /// Reads the annotations of a node; what is wrong with them is reported.
    pub(super) fn read_annotations(&mut self, node: NodeRef<'_>, attributes: &[Attribute<'_>]) -> Note {
        let mut note =
            Note { node: None, item: None, default: false, annotations: Vec::new(), position: self.position };
        for attribute in attributes {
            match self.annotation(node, attribute) {
                Ok(Found::Default(is)) => note.default |= is,
                Ok(Found::Annotation(annotation)) => {
                    if note.annotations.iter().any(|a| a.name == annotation.name) {
                        let message = format!("annotation `{}` stands here twice", attribute.name.local);
                        self.report(self.fault(node, attribute.name, ErrorTag::BadAttribute, message));
                    } else {
                        note.annotations.push(annotation);
                    }
                }
                Ok(Found::Nothing) => {}
                Err(error) => self.report(error),
            }
        }
        note
    }

    fn fault(&self, node: NodeRef<'_>, name: Name<'_>, tag: ErrorTag, message: String) -> DataError {
        let is_open = self.frames.last().is_some_and(|f| f.node == node.id());
        let path = if is_open { self.path() } else { self.path_of(node) };
        let error = DataError::new(tag, path, message).info(ErrorInfo::BadElement(node.name().to_owned()));
        error.info(ErrorInfo::BadAttribute(name.local.to_owned()))
    }

    fn annotation(&self, node: NodeRef<'_>, attribute: &Attribute<'_>) -> Result<Found, DataError> {
        let name = attribute.name;
        let of_with_defaults = matches!(name.namespace, Namespace::Uri(n) if n == WITH_DEFAULTS.0)
            || matches!(name.namespace, Namespace::Module(n) if n == WITH_DEFAULTS.1);
        if of_with_defaults && name.local == "default" && node.kind().has_value() {
            return match attribute.value.as_ref() {
                "true" | "1" => Ok(Found::Default(true)),
                "false" | "0" => Ok(Found::Default(false)),
                other => {
                    let message = format!("attribute `default` is {other:?}, not a boolean");
                    Err(self.fault(node, name, ErrorTag::BadAttribute, message))
                }
            };
        }
        match Annotation::typed(self.schema, attribute) {
            Some(Ok(annotation)) => Ok(Found::Annotation(annotation)),
            Some(Err(error)) => {
                let mut fault = self.fault(node, name, ErrorTag::InvalidValue, error.message().to_owned());
                fault.app_tag = error.app_tag;
                Err(fault)
            }
            None => match self.options.unknown_annotations {
                UnknownAnnotations::Skip => Ok(Found::Nothing),
                // RFC 7952 section 5.2: without its module it is nobody's.
                UnknownAnnotations::Keep if name.namespace != Namespace::Inherited => {
                    let any_name = AnyName::new(self.schema, name, None);
                    let kept = Annotation::untyped(any_name, &attribute.value, attribute.form);
                    Ok(Found::Annotation(kept))
                }
                UnknownAnnotations::Keep | UnknownAnnotations::Refuse => {
                    let message = match name.namespace {
                        Namespace::Inherited => no_module(name.local),
                        _ => format!("attribute `{}` is not known here", name.local),
                    };
                    Err(self.fault(node, name, ErrorTag::UnknownAttribute, message))
                }
            },
        }
    }

    /// Annotations of an anydata node that stood in it.
    pub(super) fn note_any(&mut self, node: NodeId, annotations: Vec<Annotation>) {
        if annotations.is_empty() {
            return;
        }
        let schema = Arc::clone(self.schema);
        // They were taken as they came, like all in it; these are the tree's, and the schema may know them.
        let attributes: Vec<Attribute<'_>> = annotations.iter().map(Annotation::attribute).collect();
        let mut note = self.read_annotations(schema.node(node), &attributes);
        note.node = Some(node);
        if let Some(frame) = self.frames.last_mut() {
            frame.notes.push(note);
        }
    }

    /// How many entries of a leaf-list have come.
    pub(super) fn items_of(&self, node: NodeId) -> usize {
        self.open_lists().iter().find(|l| l.node == node).map_or(0, |l| l.positions.len())
    }

    /// Puts the annotations of the innermost record on it and its leaves, before its lists are sorted.
    pub(super) fn settle_notes(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        if frame.notes.is_empty() {
            return;
        }
        let mut notes = std::mem::take(&mut frame.notes);
        // What is to go is found by its position among those that came: the last first.
        notes.sort_by_key(|n| std::cmp::Reverse(n.item));
        let mut all = Annotations::default();
        for note in notes {
            let Some(id) = note.node else {
                all.own.extend(note.annotations);
                continue;
            };
            let node = self.schema.node(id);
            let Some(of) = self.instance(node, &note) else {
                // A value that was refused is missing, too.
                if self.errors.is_empty() {
                    let message = format!("there is no `{}` that these annotations are about", node.name());
                    let error = DataError::new(ErrorTag::MissingElement, self.path_of(node), message);
                    let info = ErrorInfo::BadElement(node.name().to_owned());
                    self.report(error.info(info).at(note.position));
                }
                continue;
            };
            if note.default {
                self.unset(node, &note);
            } else if !note.annotations.is_empty() {
                all.below.push((node.data_ordinal(), of, note.annotations));
            }
        }
        if all.is_empty() {
            return;
        }
        annotation::sort(&mut all.own);
        all.below.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.order().cmp(&b.1.order())));
        // Those of one node may come in several pieces.
        all.below.dedup_by(|(o, of, more), (before, first, annotations)| {
            let one = o == before && of == first;
            if one {
                annotations.append(more);
            }
            one
        });
        for (ordinal, _, annotations) in &mut all.below {
            annotation::sort(annotations);
            let twice = annotations.windows(2).find(|two| two[0].name == two[1].name);
            if let (Some(two), Some(frame)) = (twice, self.frames.last()) {
                let message = format!("annotation `{}` stands here twice", two[0].name());
                let node = self.schema.node(frame.node).data_children().nth(*ordinal as usize);
                let path = node.map_or_else(|| self.path(), |node| self.path_of(node));
                let info = ErrorInfo::BadAttribute(two[0].name().to_owned());
                self.errors.push(DataError::new(ErrorTag::BadAttribute, path, message).info(info));
            }
        }
        let Some(node) = self.frames.last().map(|f| f.node) else { return };
        self.buffer.push(Slot::of_annotations(node, Arc::new(all)));
    }

    /// The instance that a note is about, if it is there.
    fn instance(&self, node: NodeRef<'_>, note: &Note) -> Option<Of> {
        let frame = self.frames.last()?;
        if node.kind() != NodeKind::LeafList {
            let ordinal = node.data_ordinal();
            return self.buffer[frame.start..].iter().any(|s| s.ordinal == ordinal).then_some(Of::Node);
        }
        let list = self.open_lists().iter().find(|l| l.node == node.id())?;
        let item = note.item?;
        match &list.entries {
            Collected::Values(values) => {
                let value = values.get(item)?;
                let sequence = ListKind::of(node) == ListKind::Sequence;
                Some(if sequence { Of::Nth(item) } else { Of::Entry(value.clone()) })
            }
            Collected::Records(_) => None,
        }
    }

    /// A default that is only reported is not set (RFC 6243 section 5.3.2): the view will supply it.
    fn unset(&mut self, node: NodeRef<'_>, note: &Note) {
        let Some(frame) = self.frames.last_mut() else { return };
        let mut value = None;
        if node.kind() == NodeKind::LeafList {
            let start = frame.lists;
            if let Some(list) = self.lists[start..].iter_mut().find(|l| l.node == node.id())
                && let (Collected::Values(values), Some(item)) = (&mut list.entries, note.item)
                && item < values.len()
            {
                value = Some(values.remove(item));
                list.positions.remove(item);
            }
        } else {
            let ordinal = node.data_ordinal();
            let found = self.buffer[frame.start..].iter().position(|s| s.ordinal == ordinal);
            if let Some(at) = found
                && let Content::Value(gone) = self.buffer.remove(frame.start + at).content
            {
                value = Some(gone);
            }
        }
        if let Some(value) = value
            && !node.defaults().iter().any(|d| d.value == value)
        {
            let error = self.no_default(node, &value);
            self.report(error.at(note.position));
        }
    }

    /// The fault of a value that is marked as a default and is none.
    pub(super) fn no_default(&self, node: NodeRef<'_>, value: &yang_schema::Value) -> DataError {
        let value = value.canonical(&**self.schema);
        let message = format!("`{}` is marked as default, which {value} is not", node.name());
        DataError::new(ErrorTag::InvalidValue, self.path_of(node), message)
    }
}

/// What an attribute is.
enum Found {
    /// The mark of a default, and what it says.
    Default(bool),
    Annotation(Annotation),
    /// Unknown, and to be left out.
    Nothing,
}

/// RFC 7952 section 5.2: names of annotations are never inherited.
pub(crate) fn no_module(name: &str) -> String {
    format!("annotation `{name}` does not name its module")
}

/// RFC 7952 section 5.2: where annotations of what stand.
pub(crate) fn check_target(
    node: NodeRef<'_>,
    of: Annotated<'_>,
    path: impl Fn() -> String,
) -> Result<(), DataError> {
    let fits = match of {
        Annotated::Open => true,
        Annotated::Member(_) => {
            matches!(node.kind(), NodeKind::Leaf | NodeKind::AnyXml | NodeKind::AnyData)
        }
        Annotated::Item(..) => node.kind() == NodeKind::LeafList,
    };
    if fits {
        return Ok(());
    }
    let (kind, name) = (node.kind().keyword(), node.name());
    let message = match node.kind() {
        NodeKind::LeafList => {
            format!("the annotations of {kind} `{name}` stand in an array, one item for each entry")
        }
        NodeKind::Leaf | NodeKind::AnyXml | NodeKind::AnyData => {
            format!("the annotations of {kind} `{name}` stand in an object")
        }
        _ => format!("the annotations of {kind} `{name}` stand in it, as its member \"@\""),
    };
    Err(DataError::new(ErrorTag::BadElement, path(), message).info(ErrorInfo::BadElement(format!("@{name}"))))
}
