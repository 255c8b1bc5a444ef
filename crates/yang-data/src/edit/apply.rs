//! The elements of procedure of `edit-config` (RFC 6241 section 7.2; RFC 7950 sections 7.5.8, 7.6.7, 7.7.9, 7.8.6).

use super::{
    DefaultOperation, Edit, EditContent, EditNode, Inner, Insert, Operation, Payload, plain, selected,
};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::tree::annotation::Of;
use crate::tree::list::{Entry, Keys, Place};
use crate::tree::list_ops::ListAt;
use crate::tree::{Content, ContentRef, Record, Slot, Tree, push_keys};
use crate::view::push_step;
use std::sync::Arc;
use yang_schema::value::InstanceIdentifier;
use yang_schema::{NodeKind, NodeRef, Schema, Value};

/// What to do after an error (`error-option`, RFC 6241 section 7.2).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum ErrorOption {
    /// Nothing more is done; what is done stays.
    #[default]
    StopOnError,
    /// The rest is done.
    ContinueOnError,
    /// Everything stays as it was.
    RollbackOnError,
}

impl ErrorOption {
    /// The option of a word.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "stop-on-error" => Some(Self::StopOnError),
            "continue-on-error" => Some(Self::ContinueOnError),
            "rollback-on-error" => Some(Self::RollbackOnError),
            _ => None,
        }
    }
}

/// How an edit is applied.
#[derive(Clone, Copy, Debug, Default)]
pub struct ApplyOptions {
    /// What holds for nodes that say nothing.
    pub default_operation: DefaultOperation,
    /// The commit id of the records that change.
    pub commit: u64,
}

impl Edit {
    /// The tree after the edit; records that do not change are shared with `base`.
    ///
    /// # Errors
    /// All nodes whose operation does not fit what is there: `data-exists`, `data-missing`, a missing neighbour of
    /// `insert`.
    pub fn apply(&self, base: &Tree, options: &ApplyOptions) -> Result<Tree, Vec<DataError>> {
        let (tree, errors) = self.apply_with(base, options, ErrorOption::ContinueOnError);
        if errors.is_empty() { Ok(tree) } else { Err(errors) }
    }

    /// The tree after the edit, or after the part of it that the error option lets be done, and what went wrong.
    pub fn apply_with(
        &self,
        base: &Tree,
        options: &ApplyOptions,
        on_error: ErrorOption,
    ) -> (Tree, Vec<DataError>) {
        let mut tree = base.clone();
        let inherited = match options.default_operation {
            DefaultOperation::Merge => Operation::Merge,
            DefaultOperation::None => Operation::None,
            DefaultOperation::Replace => {
                *tree.root_mut() = Record::new(base.at(), options.commit, []);
                Operation::Replace
            }
        };
        let mut run = Run {
            schema: &self.schema,
            commit: options.commit,
            stop: on_error == ErrorOption::StopOnError,
            errors: Vec::new(),
        };
        run.children(tree.root_mut(), &self.nodes, inherited, None);
        let errors = run.errors;
        if tree == *base || on_error == ErrorOption::RollbackOnError && !errors.is_empty() {
            tree = base.clone();
        }
        (tree, errors)
    }
}

struct Run<'s> {
    schema: &'s Schema,
    commit: u64,
    stop: bool,
    errors: Vec<DataError>,
}

/// The way to a node of the edit. Its text is made where an error tells it.
struct Way<'w> {
    above: Option<&'w Way<'w>>,
    edit: &'w EditNode,
}

impl Way<'_> {
    fn path(&self, schema: &Schema) -> String {
        let mut line: Vec<&EditNode> =
            std::iter::successors(Some(self), |way| way.above).map(|way| way.edit).collect();
        line.reverse();
        let mut path = String::from("/");
        let mut above = None;
        for edit in line {
            let node = schema.node(edit.node);
            push_step(&mut path, above, node);
            match (&edit.content, node.kind()) {
                (EditContent::Value(Some(value)), NodeKind::LeafList) => push_keys(&mut path, node, &[value]),
                (EditContent::Inner(inner), NodeKind::List) => {
                    push_keys(&mut path, node, &inner.keys.iter().collect::<Vec<_>>());
                }
                (EditContent::Plain(record), NodeKind::List) => {
                    push_keys(&mut path, node, &Keys::of(node).values(record));
                }
                _ => {}
            }
            above = Some(node);
        }
        path
    }
}

impl<'s> Run<'s> {
    fn children(
        &mut self,
        record: &mut Record,
        nodes: &[EditNode],
        inherited: Operation,
        above: Option<&Way<'_>>,
    ) {
        // Entries of one list come one after the other.
        let mut list: Option<ListAt<'s>> = None;
        for edit in nodes {
            if self.stop && !self.errors.is_empty() {
                return;
            }
            let way = &Way { above, edit };
            let node = self.schema.node(edit.node);
            let operation = edit.operation.unwrap_or(inherited);
            if !matches!(node.kind(), NodeKind::List | NodeKind::LeafList) {
                match &edit.content {
                    EditContent::Value(value) => {
                        let content = value.clone().map(Content::Value);
                        self.single(record, node, way, content, operation);
                    }
                    EditContent::Any(any) => {
                        self.single(record, node, way, Some(Content::Any(Arc::clone(any))), operation);
                    }
                    EditContent::Inner(_) | EditContent::Plain(_) => {
                        self.container(record, node, way, operation);
                    }
                }
                continue;
            }
            let list = match &list {
                Some(list) if list.node == node => list,
                _ => list.insert(ListAt::new(node)),
            };
            match &edit.content {
                EditContent::Value(Some(value)) => self.leaf_list_entry(record, list, way, value, operation),
                EditContent::Inner(_) | EditContent::Plain(_) => {
                    self.list_entry(record, list, way, operation);
                }
                // A leaf-list's entry has its value, and a list has no others.
                EditContent::Value(None) | EditContent::Any(_) => {}
            }
        }
    }

    /// May the operation go on, by what is there? An error is reported.
    fn check(&mut self, node: NodeRef<'_>, way: &Way<'_>, operation: Operation, exists: bool) -> bool {
        let (tag, message) = match operation {
            Operation::Create if exists => (ErrorTag::DataExists, "is there already"),
            Operation::Delete if !exists => (ErrorTag::DataMissing, "is not there to be deleted"),
            Operation::None if !exists => (ErrorTag::DataMissing, "is not there"),
            _ => return true,
        };
        let message = format!("{} `{}` {message}", node.kind().keyword(), node.name());
        let error = DataError::new(tag, way.path(self.schema), message).at(way.edit.position);
        self.errors.push(error.info(ErrorInfo::BadElement(node.name().to_owned())));
        false
    }

    /// A leaf, anydata or anyxml.
    fn single(
        &mut self,
        record: &mut Record,
        node: NodeRef<'_>,
        way: &Way<'_>,
        content: Option<Content>,
        operation: Operation,
    ) {
        let ordinal = node.data_ordinal();
        let old = record.get(ordinal);
        if !self.check(node, way, operation, old.is_some()) {
            return;
        }
        match (operation, content) {
            (Operation::Delete | Operation::Remove, _) => _ = record.remove(ordinal, self.commit),
            (Operation::None, _) | (_, None) => {}
            (_, Some(content)) => {
                if old != Some(&content) {
                    self.set(record, node, content);
                }
                self.note(record, Some((ordinal, &Of::Node)), way.edit, operation);
            }
        }
    }

    /// The node has been written: so are its annotations (RFC 7952). They are part of it: what is merged keeps those that the edit
    /// does not name, what is replaced has those of the edit alone, and what goes takes them along.
    fn note(&self, record: &mut Record, at: Option<(u32, &Of)>, edit: &EditNode, operation: Operation) {
        if operation != Operation::None {
            record.note(at, &edit.annotations, operation != Operation::Merge, self.commit);
        }
    }

    fn leaf_list_entry(
        &mut self,
        record: &mut Record,
        list: &ListAt<'_>,
        way: &Way<'_>,
        value: &Value,
        operation: Operation,
    ) {
        let (node, edit) = (list.node, way.edit);
        let exists = list.get::<Value>(record, &[value]).is_some();
        if !self.check(node, way, operation, exists) {
            return;
        }
        match operation {
            Operation::Delete | Operation::Remove => {
                list.remove::<Value>(record, &[value], self.commit);
            }
            Operation::None => {}
            _ => {
                if !exists || edit.insert.is_some() {
                    self.put(record, list, way, value.clone());
                }
                if list.get::<Value>(record, &[value]).is_some() {
                    let of = Of::Entry(value.clone());
                    self.note(record, Some((node.data_ordinal(), &of)), edit, operation);
                }
            }
        }
    }

    fn container(&mut self, record: &mut Record, node: NodeRef<'_>, way: &Way<'_>, operation: Operation) {
        let ordinal = node.data_ordinal();
        let old = match record.get(ordinal) {
            Some(Content::Record(old)) => Some(old.clone()),
            _ => None,
        };
        // A container without presence is always there to be looked into (RFC 7950 section 7.5.1).
        let looked_into = operation == Operation::None && node.is_np_container();
        if !looked_into && !self.check(node, way, operation, old.is_some()) {
            return;
        }
        if operation.deletes() {
            record.remove(ordinal, self.commit);
            return;
        }
        let new = self.inside(way, old.as_ref(), operation, |commit| Record::new(node.id(), commit, []));
        if node.is_np_container() && new.is_empty() {
            record.remove(ordinal, self.commit);
        } else if old.as_ref() != Some(&new) {
            self.set(record, node, Content::Record(new));
        }
    }

    fn list_entry(&mut self, record: &mut Record, list: &ListAt<'_>, way: &Way<'_>, operation: Operation) {
        let (node, edit) = (list.node, way.edit);
        let probe: Vec<&Value> = match &edit.content {
            EditContent::Plain(entry) => list.keys.values(entry),
            EditContent::Inner(inner) => inner.keys.iter().collect(),
            EditContent::Value(_) | EditContent::Any(_) => return,
        };
        let old = list.get::<Record>(record, &probe).cloned();
        if !self.check(node, way, operation, old.is_some()) {
            return;
        }
        if operation.deletes() {
            list.remove::<Record>(record, &probe, self.commit);
            return;
        }
        let new = self.inside(way, old.as_ref(), operation, |commit| entry(node, &probe, commit));
        if edit.insert.is_none() && old.as_ref() == Some(&new) {
            return;
        }
        self.put(record, list, way, new);
    }

    /// What becomes of a container or list entry that stays or comes; `bare` makes one with nothing in it but its keys.
    fn inside(
        &mut self,
        way: &Way<'_>,
        old: Option<&Record>,
        operation: Operation,
        bare: impl FnOnce(u64) -> Record,
    ) -> Record {
        let old = old.filter(|_| operation != Operation::Replace);
        let unpacked;
        let inner = match &way.edit.content {
            // All that is new is as it came. Where nothing was there before, `none` has been refused, or looks into nothing.
            EditContent::Plain(record)
                if old.is_none() && operation != Operation::None && record.commit() == self.commit =>
            {
                let mut new = record.clone();
                self.note(&mut new, None, way.edit, operation);
                return new;
            }
            EditContent::Plain(record) => {
                unpacked = plain::unpack(self.schema, record);
                &unpacked
            }
            EditContent::Inner(inner) => inner,
            EditContent::Value(_) | EditContent::Any(_) => return bare(self.commit),
        };
        let mut new = old.cloned().unwrap_or_else(|| bare(self.commit));
        self.children(&mut new, &inner.children, operation, Some(way));
        self.note(&mut new, None, way.edit, operation);
        for (ordinal, annotations) in inner.noted.iter().filter(|_| operation != Operation::None) {
            new.note(Some((*ordinal, &Of::Node)), annotations, operation != Operation::Merge, self.commit);
        }
        new
    }

    fn put<T: Entry>(&mut self, record: &mut Record, list: &ListAt<'_>, way: &Way<'_>, entry: T) {
        let anchor: Vec<&Value>;
        let place = match way.edit.insert.as_deref() {
            None => Place::Keep,
            Some(Insert::First) => Place::First,
            Some(Insert::Last) => Place::Last,
            Some(Insert::Before(keys)) => {
                anchor = keys.iter().collect();
                Place::Before(&anchor)
            }
            Some(Insert::After(keys)) => {
                anchor = keys.iter().collect();
                Place::After(&anchor)
            }
        };
        self.choose(record, list.node);
        if list.put(record, entry, place, self.commit).is_err() {
            let name = if list.node.kind() == NodeKind::LeafList { "value" } else { "key" };
            let message = format!("the entry that `{name}` names is not there");
            let error = DataError::new(ErrorTag::BadAttribute, way.path(self.schema), message)
                .app_tag("missing-instance")
                .info(ErrorInfo::BadAttribute(name.to_owned()))
                .info(ErrorInfo::BadElement(list.node.name().to_owned()));
            self.errors.push(error.at(way.edit.position));
        }
    }

    fn set(&self, record: &mut Record, node: NodeRef<'_>, content: Content) {
        self.choose(record, node);
        record.set(Slot { node: node.id(), ordinal: node.data_ordinal(), content }, self.commit);
    }

    /// A node of one case makes the nodes of the others go (RFC 7950 section 8.2).
    fn choose(&self, record: &mut Record, node: NodeRef<'_>) {
        let mut at = node;
        while let Some(up) = at.parent().filter(|p| matches!(p.kind(), NodeKind::Choice | NodeKind::Case)) {
            if up.kind() == NodeKind::Choice {
                for other in up.children().filter(|c| *c != at) {
                    for gone in other.data_nodes_inside() {
                        record.remove(gone.data_ordinal(), self.commit);
                    }
                }
            }
            at = up;
        }
    }
}

/// A new list entry: its keys and nothing else.
fn entry(node: NodeRef<'_>, keys: &[&Value], commit: u64) -> Record {
    let mut slots: Vec<Slot> = node
        .keys()
        .zip(keys)
        .map(|(key, value)| Slot {
            node: key.id(),
            ordinal: key.data_ordinal(),
            content: Content::Value((*value).clone()),
        })
        .collect();
    slots.sort_unstable_by_key(|s| s.ordinal);
    Record::new(node.id(), commit, slots)
}

/// The edit of one node, with the nodes above it around it.
pub(super) fn from_path(
    schema: &Schema,
    path: &InstanceIdentifier,
    operation: Operation,
    payload: Payload,
    insert: Option<Insert>,
) -> Result<EditNode, DataError> {
    let text = || path.print(schema, false);
    let fail = |message: String| Err(DataError::new(ErrorTag::OperationFailed, text(), message));
    let Some((last, above)) = path.steps.split_last() else {
        return fail("an edit of the root is an edit of its children".to_owned());
    };
    let mut parent = schema.root();
    for step in &path.steps {
        let node = schema.node(step.node);
        if node.data_parent() != Some(parent) || !node.kind().is_data_node() {
            return fail(format!("`{}` is no child of the node above it", node.name()));
        }
        if !node.is_config() {
            return fail(format!("`{}` is state, not configuration", node.name()));
        }
        if node.kind() == NodeKind::List && selected(&step.selector).len() != node.keys().len() {
            return fail(format!("the keys of `{}` are not all there", node.name()));
        }
        parent = node;
    }
    let node = parent;
    if node.is_key() {
        return fail(format!("key `{}` cannot be changed", node.name()));
    }
    let mut annotations = Vec::new();
    let content = match (node.kind(), payload) {
        (NodeKind::LeafList, _) => match selected(&last.selector).pop() {
            Some(value) => EditContent::Value(Some(value)),
            None => return fail(format!("the path does not say which entry of `{}`", node.name())),
        },
        (NodeKind::Leaf, Payload::Value(value)) => {
            if let Some(Err(error)) = node.type_().map(|t| value.check(schema, t.id())) {
                let mut found = DataError::new(ErrorTag::InvalidValue, text(), error.message());
                found.app_tag = error.app_tag;
                if let Some(code) = error.code {
                    found = found.info(crate::error::ErrorInfo::Code(code));
                }
                return Err(found);
            }
            EditContent::Value(Some(value))
        }
        (NodeKind::Leaf, Payload::None) if operation.deletes() => EditContent::Value(None),
        (NodeKind::Leaf, _) => return fail(format!("leaf `{}` needs a value", node.name())),
        (NodeKind::AnyData | NodeKind::AnyXml, Payload::None) if operation.deletes() => {
            EditContent::Value(None)
        }
        (NodeKind::Container | NodeKind::List, Payload::None) => {
            EditContent::Inner(Box::new(Inner { keys: selected(&last.selector), ..Inner::default() }))
        }
        (_, Payload::Tree(tree)) => match tree.record_at(path) {
            Some(ContentRef::Record(record)) => {
                annotations = super::own(record);
                let inner = super::inner(schema, record);
                EditContent::Inner(Box::new(Inner { keys: selected(&last.selector), ..inner }))
            }
            Some(ContentRef::Any(any)) => EditContent::Any(Arc::clone(any)),
            _ => return fail("the payload has no such node".to_owned()),
        },
        _ => return fail(format!("`{}` takes another payload", node.name())),
    };
    let mut edit = EditNode {
        operation: Some(operation),
        insert: insert.map(Box::new),
        annotations,
        ..EditNode::new(node.id(), content)
    };
    for step in above.iter().rev() {
        let keys = selected(&step.selector);
        let inner = Inner { keys, children: vec![edit], ..Inner::default() };
        let content = EditContent::Inner(Box::new(inner));
        edit = EditNode { operation: Some(Operation::None), ..EditNode::new(step.node, content) };
    }
    Ok(edit)
}
