//! Typed values and data trees: a value as a tree and back, and `validate_in`, by which a value is held against the data around
//! it: `must`, `when`, leafrefs, instances and `unique` (RFC 7950 section 8).

use super::encode;
use super::path::Path;
use super::validate::{Violation, Violations, validate};
use super::{Kind, Module, Node, Options, Target, Yang};
use crate::codec::Limits;
use crate::edit::{ApplyOptions, DefaultOperation, Edit};
use crate::error::{DataError, ErrorTag};
use crate::event::{Event, Source};
use crate::tree::{DecodeOptions, Tree, TreeSink};
use crate::validate::ValidateOptions;
use crate::view::{CursorSource, DefaultMode, View};
use crate::xml;
use std::borrow::Cow;
use std::sync::Arc;
use yang_schema::value::InstanceSelector;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

/// The value as a tree of data of the schema. See [`Yang::to_tree`].
pub(super) fn to_tree<T: Yang>(value: &T, schema: &Arc<Schema>) -> Result<Tree, Vec<DataError>> {
    let at = place(T::table(), schema).map_err(|e| vec![e])?;
    tree_at(value, at, schema)
}

/// The content of an rpc's input or output stands at that node, all else at the root.
fn tree_at(value: &dyn Node, at: NodeId, schema: &Arc<Schema>) -> Result<Tree, Vec<DataError>> {
    let mut sink = TreeSink::new(schema, at, &DecodeOptions::default());
    let table = value.node_table();
    let module = table.module.unwrap_or(NOWHERE);
    let written = match table.kind {
        Kind::Input | Kind::Output | Kind::Notification => encode::fields(value, module, &mut sink),
        _ => encode::node(value, NOWHERE, &mut sink),
    };
    written.map_err(|e| vec![DataError::from_codec(e, "/")])?;
    sink.finish()
}

const NOWHERE: Module = Module::new("", "");

/// The schema node that a struct's tree is of: the notification, or the root.
fn place(table: &super::Table, schema: &Schema) -> Result<NodeId, DataError> {
    let unknown = |message: String| DataError::new(ErrorTag::OperationFailed, "/", message);
    match table.kind {
        Kind::Root => Ok(NodeId::ROOT),
        Kind::Container | Kind::List if table.module.is_some() => Ok(NodeId::ROOT),
        Kind::Notification => {
            let module = table.module.and_then(|m| schema.find_module(m.name));
            let found = module.and_then(|m| schema.root().child(m, table.name));
            found
                .filter(|n| n.kind() == NodeKind::Notification)
                .map(NodeRef::id)
                .ok_or_else(|| unknown(format!("the schema has no notification `{}` at its top", table.name)))
        }
        Kind::Input | Kind::Output => Err(unknown(format!(
            "`{}` does not tell its operation: ask `Rpc::validate_input` or `Rpc::validate_output`",
            table.name
        ))),
        _ => Err(unknown(format!("`{}` does not tell its place: ask `Path::validate_in`", table.name))),
    }
}

/// The value that a tree holds. See [`Yang::from_tree`].
pub(super) fn from_tree<T: Yang>(tree: &Tree, options: &Options) -> Result<T, crate::codec::CodecError> {
    let view = View::of(tree).defaults(DefaultMode::Explicit);
    match T::table().kind {
        Kind::Input | Kind::Output | Kind::Notification => {
            let at = view.operation_node().unwrap_or_else(|| view.root());
            T::decode_fields(&mut CursorSource::below(&at), options)
        }
        Kind::Root => T::decode(&mut CursorSource::below(&view.root()), options),
        _ => {
            let table = T::table();
            let module = table.module.and_then(|m| tree.schema().find_module(m.name));
            let root = view.root();
            let at =
                root.children().find(|c| Some(c.node().module()) == module && c.node().name() == table.name);
            match at {
                Some(at) => T::decode(&mut CursorSource::of(&at), options),
                None => T::decode(&mut CursorSource::below(&root), options),
            }
        }
    }
}

/// See [`Yang::validate_in`].
pub(super) fn validate_in<T: Yang>(value: &T, tree: &Tree) -> Result<(), Violations> {
    let schema = tree.schema();
    let own = match to_tree(value, schema) {
        Ok(own) => own,
        Err(errors) => return refused(validate(value, NOWHERE), errors),
    };
    if own.at() != NodeId::ROOT {
        return finish(operation(&own, tree));
    }
    // What the struct speaks of is taken out of the tree, and the value put there.
    let table = T::table();
    let speaks_of = |node: NodeRef<'_>| match table.kind {
        Kind::Root => {
            let own = table.module.unwrap_or(NOWHERE).namespace;
            let is = |f: &super::Field| f.module.map_or(own, |m| m.namespace) == node.namespace();
            table.fields.iter().any(|f| is(f) && speaks(f, node.name()))
        }
        _ => node.name() == table.name && table.module.is_some_and(|m| m.namespace == node.namespace()),
    };
    let emptied = without(tree, &speaks_of, value).map_err(|e| Violations(convert(e)))?;
    let with = emptied.overlay(&own);
    let inside = |path: &str| {
        let top = path.trim_start_matches('/').split(['/', '[']).next().unwrap_or_default();
        let (module, name) = top.split_once(':').unwrap_or(("", top));
        let node = schema.find_module(module).and_then(|m| schema.root().data_child(m, name));
        path == "/" || node.is_some_and(speaks_of)
    };
    finish(compare(tree, &with, &inside))
}

/// Is the node one of the field, or in the choice that it is?
fn speaks(field: &super::Field, name: &str) -> bool {
    match (field.kind, field.child) {
        (Kind::Choice | Kind::Case, Some(child)) => child().fields.iter().any(|f| speaks(f, name)),
        (Kind::Unknown, _) => false,
        _ => field.name == name,
    }
}

/// The tree without the top-level nodes that a struct speaks of; of a list only the entry.
fn without(
    tree: &Tree,
    speaks_of: &dyn Fn(NodeRef<'_>) -> bool,
    value: &dyn Node,
) -> Result<Tree, Vec<DataError>> {
    let view = View::of(tree).defaults(DefaultMode::Explicit);
    let keys = entry_keys(value, tree.schema());
    let mut sink = TreeSink::new(tree.schema(), NodeId::ROOT, &DecodeOptions::default());
    let root = view.root();
    for child in root.children().filter(|c| c.is_set()) {
        let drop = speaks_of(child.node())
            && match (&keys, child.instance_identifier().steps.last().map(|s| s.selector.clone())) {
                (Some(keys), Some(InstanceSelector::Keys(found))) => *keys == found,
                _ => true,
            };
        if !drop {
            child
                .encode(&mut sink, &crate::view::EncodeOptions::default())
                .map_err(|e| vec![DataError::from_codec(e, "/")])?;
        }
    }
    sink.finish()
}

/// The key values of a top-level entry.
fn entry_keys(value: &dyn Node, schema: &Arc<Schema>) -> Option<Vec<yang_schema::Value>> {
    let table = value.node_table();
    if table.kind != Kind::List || table.keys.is_empty() {
        return None;
    }
    let own = tree_at(value, NodeId::ROOT, schema).ok()?;
    let view = View::of(&own);
    let id = view.root().children().find(|c| c.is_set())?.instance_identifier();
    match id.steps.into_iter().next_back()?.selector {
        InstanceSelector::Keys(keys) => Some(keys),
        _ => None,
    }
}

/// What is wrong with the content of an operation before a datastore.
fn operation(content: &Tree, datastore: &Tree) -> Vec<Violation> {
    let view = View::new(Arc::clone(content.schema())).layer(datastore).operation(content, None);
    convert(crate::validate::validate(&view, &ValidateOptions::default()))
}

/// What is wrong with a tree: in the value, and elsewhere what was not wrong before.
fn compare(before: &Tree, with: &Tree, inside: &dyn Fn(&str) -> bool) -> Vec<Violation> {
    let options = ValidateOptions { present_modules_only: true, ..ValidateOptions::default() };
    let errors = crate::validate::validate(&View::of(with), &options);
    let (mut found, elsewhere): (Vec<_>, Vec<_>) = errors.into_iter().partition(|e| inside(&e.path));
    if !elsewhere.is_empty() {
        let old = crate::validate::validate(&View::of(before), &options);
        found.extend(elsewhere.into_iter().filter(|e| !old.contains(e)));
    }
    convert(found)
}

/// A value that is in no tree: what it says of itself, and what else the tree found.
fn refused(mut own: Vec<Violation>, errors: Vec<DataError>) -> Result<(), Violations> {
    for violation in convert(errors) {
        if !own.iter().any(|v| v.path == violation.path && v.tag == violation.tag) {
            own.push(violation);
        }
    }
    finish(own)
}

fn finish(violations: Vec<Violation>) -> Result<(), Violations> {
    if violations.is_empty() { Ok(()) } else { Err(Violations(violations)) }
}

fn convert(errors: Vec<DataError>) -> Vec<Violation> {
    errors
        .into_iter()
        .map(|e| Violation {
            tag: e.tag.as_str(),
            code: e.code(),
            app_tag: e.app_tag.map(Cow::Owned),
            path: e.path,
            seen: e.message.clone(),
            message: e.message,
            unknown: false,
        })
        .collect()
}

/// An rpc's input or output before a datastore.
pub(super) fn validate_operation(
    value: &dyn Node,
    module: Module,
    name: &str,
    side: NodeKind,
    datastore: &Tree,
) -> Result<(), Violations> {
    let schema = datastore.schema();
    let rpc = schema.find_module(module.name).and_then(|m| schema.root().child(m, name));
    let at = rpc.and_then(|rpc| rpc.children().find(|c| c.kind() == side));
    let Some(at) = at else {
        let message = format!("the schema has no rpc `{}:{name}`", module.name);
        return finish(convert(vec![DataError::new(ErrorTag::OperationFailed, "/", message)]));
    };
    match tree_at(value, at.id(), schema) {
        Ok(content) => finish(operation(&content, datastore)),
        Err(errors) => refused(validate(value, module), errors),
    }
}

impl<T: Target + Clone + Send + Sync> Path<T, super::path::Config> {
    /// Checks a value that is to stand here in the place of what is there: all that the models demand, of it and of what
    /// refers to it.
    ///
    /// # Errors
    /// The constraints that do not hold.
    pub fn validate_in(&self, value: &T, tree: &Tree) -> Result<(), Violations> {
        let fault = |e: DataError| Violations(convert(vec![e]));
        let text = self.replace(value.clone()).to_xml().map_err(|e| fault(DataError::from_codec(e, "/")))?;
        let wrapped = format!("<config>{text}</config>");
        let mut source = xml::SliceSource::new(wrapped.as_bytes(), Limits::default());
        match source.next() {
            Ok(Event::Open { .. }) => {}
            Ok(_) => return Ok(()),
            Err(e) => return Err(fault(DataError::from_codec(e, "/"))),
        }
        let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 0 };
        let applied = Edit::decode(tree.schema(), &mut source).and_then(|edit| edit.apply(tree, &options));
        match applied {
            Ok(with) => {
                let here = self.to_string();
                finish(compare(tree, &with, &|path| path.starts_with(&here) || here.starts_with(path)))
            }
            Err(errors) => match self.validate(value) {
                Ok(()) => finish(convert(errors)),
                Err(own) => refused(own.0, errors),
            },
        }
    }
}
