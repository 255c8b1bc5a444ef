//! Builds a tree from events: names become schema nodes, text becomes values, keys are demanded. What lists are made of is collected
//! on the way and sorted when the record around them is whole (`lists`).

mod lists;

pub(super) use lists::Collected;
pub(crate) use lists::push_keys;

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Attribute, Name, Place, Position, Scalar};
use crate::tree::annotation::Annotation;
use crate::tree::any::{AnyBuilder, AnyData};
use crate::tree::decode::DecodeOptions;
use crate::tree::leaf_text::LeafText;
use crate::tree::notes::Note;
use crate::tree::{Content, Followers, Record, Slot, Tree, names};
use crate::view::{push_predicate, push_step};
use lists::OpenList;
use std::sync::Arc;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

/// The namespace of the `default` attribute (RFC 6243 section 6) and its module.
pub(crate) const WITH_DEFAULTS: (&str, &str) =
    ("urn:ietf:params:xml:ns:netconf:default:1.0", "ietf-netconf-with-defaults");

/// An open record.
pub(super) struct Frame {
    /// The schema node in data.
    pub(super) node: NodeId,
    /// Where its children begin in the buffer.
    pub(super) start: usize,
    /// Where its lists begin among all that are open.
    pub(super) lists: usize,
    /// Chosen so far: choice and case.
    cases: Vec<(NodeId, NodeId)>,
    /// Annotations that came, of it and of its leaves.
    pub(super) notes: Vec<Note>,
    position: Position,
}

/// What is open below the innermost record.
pub(super) enum Inner {
    Nothing,
    /// A leaf or leaf-list entry; its text so far stands in [`Assembler::text`].
    Leaf {
        node: NodeId,
        default: bool,
    },
    /// anydata or anyxml.
    Any {
        node: NodeId,
        content: AnyBuilder,
        /// Is it an item of an anyxml that is an array?
        item: bool,
    },
    /// A node that is left out, and how deep in it we are.
    Skipped(usize),
}

/// Takes events, one after the other, and makes the tree.
pub(crate) struct Assembler<'s> {
    pub(super) schema: &'s Arc<Schema>,
    pub(super) options: DecodeOptions,
    pub(super) frames: Vec<Frame>,
    /// Slots of all open records, those of the innermost last.
    pub(super) buffer: Vec<Slot>,
    /// Lists of all open records, those of the innermost last.
    pub(super) lists: Vec<OpenList>,
    spare: Vec<OpenList>,
    followers: Followers,
    pub(super) inner: Inner,
    text: LeafText,
    pub(super) position: Position,
    pub(crate) errors: Vec<DataError>,
}

impl<'s> Assembler<'s> {
    pub(crate) fn new(schema: &'s Arc<Schema>, at: NodeId, options: &DecodeOptions) -> Self {
        let mut new = Self {
            schema,
            options: options.clone(),
            frames: Vec::new(),
            buffer: Vec::new(),
            lists: Vec::new(),
            spare: Vec::new(),
            followers: Followers::new(at),
            inner: Inner::Nothing,
            text: LeafText::default(),
            position: Position::default(),
            errors: Vec::new(),
        };
        new.push_frame(at);
        new
    }

    /// Are only the children of the outermost node missing: would a `close` end it?
    pub(crate) fn is_at_top(&self) -> bool {
        self.frames.len() == 1 && matches!(self.inner, Inner::Nothing)
    }

    /// Are we inside anydata or anyxml?
    pub(crate) fn is_in_any(&self) -> bool {
        matches!(self.inner, Inner::Any { .. })
    }

    /// Have there been so many errors that reading on is no use?
    pub(crate) fn is_hopeless(&self) -> bool {
        self.errors.len() >= self.options.errors
    }

    fn push_frame(&mut self, node: NodeId) {
        let start = self.buffer.len();
        let position = Position::default();
        self.frames.push(Frame {
            node,
            start,
            lists: self.lists.len(),
            cases: Vec::new(),
            notes: Vec::new(),
            position,
        });
    }

    /// A node begins.
    pub(crate) fn open(&mut self, name: Name<'_>, attributes: &[Attribute<'_>], place: Place) {
        match &mut self.inner {
            Inner::Nothing => {}
            Inner::Skipped(depth) => return *depth += 1,
            Inner::Any { content, .. } => return content.open(self.schema, name, attributes, place),
            Inner::Leaf { node, .. } => {
                let node = self.schema.node(*node);
                let message =
                    format!("`{}` stands inside the {} `{}`", name.local, node.kind().keyword(), node.name());
                let error = DataError::new(ErrorTag::BadElement, self.path_of(node), message);
                self.inner = Inner::Skipped(2);
                return self.report(error.info(ErrorInfo::BadElement(name.local.to_owned())));
            }
        }
        let schema: &'s Schema = self.schema;
        let parent = schema.node(self.frames.last().map_or(NodeId::ROOT, |f| f.node));
        let (frames, buffer) = (&self.frames, &self.buffer);
        let found = self.followers.child(parent, name, || path(schema, frames, buffer));
        let node = match found {
            Ok(node) => node,
            Err(error) => {
                self.inner = Inner::Skipped(1);
                if !self.options.skip_unknown {
                    self.report(error);
                }
                return;
            }
        };
        if let Err(error) = self.admit(node, place) {
            self.inner = Inner::Skipped(1);
            return self.report(error);
        }
        let record = !node.kind().has_value() && !matches!(node.kind(), NodeKind::AnyData | NodeKind::AnyXml);
        if record {
            self.push_frame(node.id());
        }
        let mut default = false;
        let is_item = node.kind() == NodeKind::AnyXml && place == Place::Item;
        if !attributes.is_empty() && !is_item {
            let mut note = self.read_annotations(node, attributes);
            // A leaf that is only a report of a default is not there to be annotated.
            default = note.default;
            if !note.annotations.is_empty() && !default {
                if node.kind() == NodeKind::LeafList {
                    note.item = Some(self.items_of(node.id()));
                }
                note.node = (!record).then_some(node.id());
                if let Some(frame) = self.frames.last_mut() {
                    frame.notes.push(note);
                }
            }
        }
        match node.kind() {
            NodeKind::Leaf | NodeKind::LeafList => {
                self.text.start();
                self.inner = Inner::Leaf { node: node.id(), default };
            }
            NodeKind::AnyData | NodeKind::AnyXml => {
                let mut content = AnyBuilder::new(names::full_name(node));
                // An item is no node of the schema: what is said of it is kept as it came, like all in it.
                if is_item {
                    content.say_of_own(self.schema, attributes);
                }
                self.inner = Inner::Any { node: node.id(), content, item: is_item };
            }
            _ => {}
        }
    }

    /// May the node stand here once more?
    fn admit(&mut self, node: NodeRef<'_>, place: Place) -> Result<(), DataError> {
        let bad = |tag, message: String| {
            let error = DataError::new(tag, self.path_of(node), message);
            Err(error.info(ErrorInfo::BadElement(node.name().to_owned())))
        };
        names::check_place(node, place, || self.path_of(node))?;
        if self.options.config_only && !node.is_config() {
            return bad(ErrorTag::UnknownElement, format!("`{}` is state, not configuration", node.name()));
        }
        let carries = || matches!(node.kind(), NodeKind::Container | NodeKind::List) || node.is_key();
        if self.options.state_only && node.is_config() && !carries() {
            return bad(ErrorTag::UnknownElement, format!("`{}` is configuration, not state", node.name()));
        }
        if self.frames.len() > self.options.depth {
            return bad(ErrorTag::TooBig, format!("nodes stand more than {} deep", self.options.depth));
        }
        let Some(frame) = self.frames.last() else { return Ok(()) };
        let ordinal = node.data_ordinal();
        let item_of_anyxml = node.kind() == NodeKind::AnyXml && place == Place::Item;
        if !matches!(node.kind(), NodeKind::List | NodeKind::LeafList)
            && !item_of_anyxml
            && self.buffer[frame.start..].iter().any(|s| s.ordinal == ordinal)
        {
            return bad(ErrorTag::BadElement, format!("`{}` stands here twice", node.name()));
        }
        let mut chosen = Vec::new();
        let mut at = node.parent();
        while let Some(case) = at.filter(|n| matches!(n.kind(), NodeKind::Case | NodeKind::Choice)) {
            if let Some(choice) = case.parent().filter(|_| case.kind() == NodeKind::Case) {
                match frame.cases.iter().find(|(c, _)| *c == choice.id()) {
                    Some((_, other)) if *other != case.id() => {
                        let other = self.schema.node(*other).name();
                        let (choice, case) = (choice.name(), case.name());
                        let message = format!(
                            "choice `{choice}` has nodes of case `{other}` already, and `{}` is of case `{case}`",
                            node.name()
                        );
                        return bad(ErrorTag::BadElement, message);
                    }
                    Some(_) => {}
                    None => chosen.push((choice.id(), case.id())),
                }
            }
            at = case.parent();
        }
        if let Some(frame) = self.frames.last_mut() {
            frame.cases.extend(chosen);
        }
        Ok(())
    }

    /// An array without items: a list or leaf-list without entries, or what an anyxml holds.
    pub(crate) fn empty_array(&mut self, name: Name<'_>) {
        match &mut self.inner {
            Inner::Any { content, .. } => return content.empty_array(self.schema, name),
            Inner::Skipped(_) | Inner::Leaf { .. } => return,
            Inner::Nothing => {}
        }
        let Some(frame) = self.frames.last() else { return };
        match names::child(self.schema.node(frame.node), name, || self.path()) {
            Err(error) => self.unknown_member(error),
            Ok(node) if matches!(node.kind(), NodeKind::List | NodeKind::LeafList) => {}
            Ok(node) => match self.admit(node, Place::Item) {
                Err(error) => self.report(error),
                Ok(()) => {
                    let any = AnyData { events: Vec::new(), array: true };
                    let (node, ordinal) = (node.id(), node.data_ordinal());
                    self.buffer.push(Slot { node, ordinal, content: Content::Any(Arc::new(any)) });
                }
            },
        }
    }

    /// Text in the open node.
    pub(crate) fn text(&mut self, scalar: &Scalar<'_>) {
        match &mut self.inner {
            Inner::Skipped(_) => {}
            Inner::Any { content, .. } => content.text(&scalar.text, scalar.form),
            Inner::Nothing if names::is_layout(scalar) => {}
            Inner::Nothing => {
                let Some(frame) = self.frames.last() else { return };
                let node = self.schema.node(frame.node);
                self.report(names::misplaced_text(node, self.path()));
            }
            Inner::Leaf { node, .. } => self.text.push(scalar, self.schema.node(*node)),
        }
    }

    /// The innermost open node ends; the outermost is ended by [`finish`](Self::finish).
    pub(crate) fn close(&mut self) {
        match &mut self.inner {
            Inner::Nothing if self.frames.len() > 1 => self.close_record(),
            Inner::Nothing => {}
            Inner::Leaf { node, default } => {
                let (node, default) = (*node, *default);
                self.inner = Inner::Nothing;
                self.close_leaf(node, default);
            }
            Inner::Skipped(1) => self.inner = Inner::Nothing,
            Inner::Skipped(depth) => *depth -= 1,
            Inner::Any { content, .. } => {
                if content.close()
                    && let Inner::Any { node, mut content, item } =
                        std::mem::replace(&mut self.inner, Inner::Nothing)
                {
                    let own = content.take_own();
                    self.close_any(node, own, content.finish(), item);
                }
            }
        }
    }

    fn close_any(&mut self, node: NodeId, own: Vec<Annotation>, any: AnyData, item: bool) {
        let ordinal = self.schema.data_ordinal(node);
        if !item {
            self.note_any(node, own);
            let content = Content::Any(Arc::new(any));
            return self.buffer.push(Slot { node, ordinal, content });
        }
        let start = self.frames.last().map_or(0, |f| f.start);
        let at = self.buffer[start..].iter().position(|s| s.ordinal == ordinal).map(|i| start + i);
        let mut so_far = AnyData::default();
        if let Some(Slot { content: Content::Any(any), .. }) = at.map(|i| &mut self.buffer[i]) {
            so_far = Arc::try_unwrap(std::mem::take(any)).unwrap_or_else(|shared| (*shared).clone());
        }
        so_far.push_item(self.schema.node(node), own, any);
        let content = Content::Any(Arc::new(so_far));
        match at {
            Some(i) => self.buffer[i].content = content,
            None => self.buffer.push(Slot { node, ordinal, content }),
        }
    }

    fn close_leaf(&mut self, id: NodeId, default: bool) {
        let node = self.schema.node(id);
        let value = match self.text.value(node, String::new) {
            Ok(value) => value,
            Err(error) => {
                let error = DataError { path: self.path_of(node), ..error };
                return self.report(error.at(self.position));
            }
        };
        if default {
            // A default that is only reported is not set (RFC 6243 section 5.3.2): the view will supply it.
            if !node.defaults().iter().any(|d| d.value == value) {
                let error = self.no_default(node, &value);
                self.report(error);
            }
            return;
        }
        if node.kind() == NodeKind::LeafList {
            let position = self.position;
            let list = self.open_list(node);
            list.positions.push(position);
            if let Collected::Values(values) = &mut list.entries {
                values.push(value);
            }
        } else {
            self.buffer.push(Slot { node: id, ordinal: node.data_ordinal(), content: Content::Value(value) });
        }
    }

    fn close_record(&mut self) {
        self.settle_notes();
        self.close_lists();
        let Some(frame) = self.frames.last() else { return };
        let node = self.schema.node(frame.node);
        let missing: Vec<&str> = node
            .keys()
            .filter(|k| !self.buffer[frame.start..].iter().any(|s| s.ordinal == k.data_ordinal()))
            .map(|k| k.name())
            .collect();
        if !missing.is_empty() {
            let (path, position) = (self.path(), frame.position);
            for key in missing {
                let message = format!("an entry of list `{}` has no key `{key}`", node.name());
                self.report(
                    DataError::new(ErrorTag::MissingElement, path.clone(), message)
                        .at(position)
                        .info(ErrorInfo::BadElement(key.to_owned())),
                );
            }
            if let Some(frame) = self.frames.pop() {
                self.buffer.truncate(frame.start);
            }
            return;
        }
        let Some(frame) = self.frames.pop() else { return };
        let record = Record::from_buffer(frame.node, self.options.commit, &mut self.buffer, frame.start);
        if node.kind() == NodeKind::List {
            let list = self.open_list(node);
            list.positions.push(frame.position);
            if let Collected::Records(records) = &mut list.entries {
                records.push(record);
            }
        } else if !(node.is_np_container() && record.is_empty()) {
            // A container that means nothing by itself is there when something is in it (RFC 7950 section 7.5.1).
            let (node, ordinal) = (node.id(), node.data_ordinal());
            self.buffer.push(Slot { node, ordinal, content: Content::Record(record) });
        }
    }

    /// The tree, when everything below its top has been closed.
    pub(crate) fn finish(mut self) -> Result<Tree, Vec<DataError>> {
        self.settle_notes();
        self.close_lists();
        if !self.errors.is_empty() {
            return Err(self.errors);
        }
        let at = self.frames.first().map_or(NodeId::ROOT, |f| f.node);
        let root = Record::from_buffer(at, self.options.commit, &mut self.buffer, 0);
        Ok(Tree::from_root(Arc::clone(self.schema), root))
    }

    pub(crate) fn report(&mut self, error: DataError) {
        self.errors.push(error);
    }

    /// Where the last event began, and whether it opened a node; `known` errors are older than it.
    pub(crate) fn locate(&mut self, position: Position, opened: bool, known: usize) {
        if opened {
            self.position = position;
            if let Some(frame) = self.frames.last_mut()
                && frame.position == Position::default()
            {
                frame.position = position;
            }
        }
        for error in &mut self.errors[known..] {
            if error.position == Position::default() {
                error.position = position;
            }
        }
    }

    /// The path of the innermost open record, with the keys that are known by now.
    pub(crate) fn path(&self) -> String {
        path(self.schema, &self.frames, &self.buffer)
    }

    pub(super) fn path_of(&self, node: NodeRef<'_>) -> String {
        let mut path = self.path();
        push_step(&mut path, node.data_parent(), node);
        path
    }
}

/// The path of the innermost open record, with the keys that are known by now.
fn path(schema: &Schema, frames: &[Frame], buffer: &[Slot]) -> String {
    let mut path = String::from("/");
    let mut above = None;
    let ends = frames.iter().skip(1).map(|f| f.start).chain([buffer.len()]);
    for (depth, (frame, end)) in frames.iter().zip(ends).enumerate() {
        let node = schema.node(frame.node);
        if depth == 0 && matches!(node.kind(), NodeKind::Root | NodeKind::Input | NodeKind::Output) {
            if let Some(rpc) = node.parent() {
                push_step(&mut path, None, rpc);
                above = Some(rpc);
            }
            continue;
        }
        push_step(&mut path, above, node);
        if node.kind() == NodeKind::List {
            for key in node.keys() {
                let slot = buffer[frame.start..end].iter().find(|s| s.node == key.id());
                if let Some(Content::Value(value)) = slot.map(|s| &s.content) {
                    push_predicate(&mut path, key.name(), &value.canonical(schema));
                }
            }
        }
        above = Some(node);
    }
    path
}
