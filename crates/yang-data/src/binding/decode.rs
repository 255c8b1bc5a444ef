//! Bound structs out of a source: one walk for all of them.
//!
//! Recursion goes as deep as the types are nested, which is as deep as the model; what no type describes is read without.

use super::any::{Begin, error};
use super::{Field, Fragment, Kind, LeafError, Module, Node, SlotMut, Table, Unknowns, ValueContext, walk};
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Event, Form, Inside, Name, Namespace, Place, Position, Prefixes, Scalar, Source};
use std::borrow::Cow;

/// How to read bound structs.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Options {
    /// What to do with what the model does not know.
    pub unknown: Unknowns,
    /// What to do with metadata on nodes that the model does know: attributes in XML, annotations in JSON.
    pub metadata: Metadata,
}

/// What to do with metadata (RFC 7952) on nodes that have fields. A struct has no place for it: it holds data alone, and whoever
/// wants both reads a tree. On nodes that are kept because the model does not know them, attributes are kept, too.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub enum Metadata {
    /// It is passed over: a server may send an etag, or mark defaults (RFC 6243), to a client that does not ask for it.
    #[default]
    Ignore,
    /// It is an error: nothing that was sent may be lost.
    Reject,
}

impl Options {
    /// Keeps what the model does not know, where the types have room for it.
    pub const KEEP: Options = Options { unknown: Unknowns::Keep, metadata: Metadata::Ignore };
}

/// The place of the struct that is being read.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    pub(crate) options: Options,
    /// The module of nodes that do not say another.
    pub(crate) module: Module,
    /// The modules of the set.
    pub(crate) modules: &'static [Module],
}

impl Context {
    /// For what stands in a type that says its own.
    pub(crate) fn inside(self, table: &Table) -> Self {
        Self {
            module: table.module.unwrap_or(self.module),
            modules: if table.modules.is_empty() { self.modules } else { table.modules },
            ..self
        }
    }

    fn at(self, module: Option<Module>) -> Self {
        Self { module: module.unwrap_or(self.module), ..self }
    }

    pub(crate) fn value(&self) -> ValueContext<'static> {
        ValueContext { module: self.module, modules: self.modules, unknown: self.options.unknown }
    }
}

/// Which field a name means: its position, and behind a choice the positions of variant, field, variant, field...
struct Route {
    field: usize,
    inner: Vec<usize>,
}

pub(crate) fn same_name(name: &Name<'_>, module: &Module, parent: &Module, local: &str) -> bool {
    name.local == local
        && match name.namespace {
            Namespace::Uri(uri) => uri == module.namespace,
            Namespace::Module(m) => m == module.name,
            Namespace::Inherited => module == parent,
        }
}

/// Looks for the field of a name, from the one behind the last found on: documents mostly come in the order of the model.
fn route(table: &'static Table, module: Module, name: &Name<'_>, from: usize) -> Option<Route> {
    let count = table.fields.len();
    (0..count).map(|i| (from + i) % count).find_map(|index| {
        let field = &table.fields[index];
        let own = field.module.unwrap_or(module);
        match field.kind {
            Kind::Unknown => None,
            Kind::Choice => {
                let mut inner = Vec::new();
                // A choice's name is not in documents; its module is the default of what is in it.
                into_choice(field.child?(), own, module, name, &mut inner)
                    .then_some(Route { field: index, inner })
            }
            _ => {
                same_name(name, &own, &module, field.name).then(|| Route { field: index, inner: Vec::new() })
            }
        }
    })
}

fn into_choice(
    table: &'static Table,
    module: Module,
    parent: Module,
    name: &Name<'_>,
    path: &mut Vec<usize>,
) -> bool {
    let module = table.module.unwrap_or(module);
    for (variant, field) in table.fields.iter().enumerate() {
        let own = field.module.unwrap_or(module);
        path.push(variant);
        match (field.kind, field.child) {
            (Kind::Case, Some(case)) => {
                let case = case();
                let own = case.module.unwrap_or(own);
                for (index, inner) in case.fields.iter().enumerate() {
                    let inner_module = inner.module.unwrap_or(own);
                    path.push(index);
                    let found = match (inner.kind, inner.child) {
                        (Kind::Choice, Some(child)) => into_choice(child(), inner_module, parent, name, path),
                        (Kind::Unknown, _) => false,
                        _ => same_name(name, &inner_module, &parent, inner.name),
                    };
                    if found {
                        return true;
                    }
                    path.pop();
                }
            }
            (Kind::Choice, Some(child)) => {
                if into_choice(child(), own, parent, name, path) {
                    return true;
                }
            }
            _ => {
                if same_name(name, &own, &parent, field.name) {
                    return true;
                }
            }
        }
        path.pop();
    }
    false
}

/// Which single fields have come already.
#[derive(Default)]
struct Seen {
    few: u64,
    many: Vec<u64>,
}

impl Seen {
    /// Marks a field; was it marked before?
    fn mark(&mut self, index: usize) -> bool {
        let (word, bit) = if index < 64 {
            (&mut self.few, 1 << index)
        } else {
            let at = index / 64 - 1;
            if self.many.len() <= at {
                self.many.resize(at + 1, 0);
            }
            (&mut self.many[at], 1u64 << (index % 64))
        };
        let before = *word & bit != 0;
        *word |= bit;
        before
    }

    fn has(&self, index: usize) -> bool {
        if index < 64 {
            self.few & (1 << index) != 0
        } else {
            self.many.get(index / 64 - 1).is_some_and(|w| w & (1u64 << (index % 64)) != 0)
        }
    }
}

/// Reads the fields of a struct up to the close of its node, or the end of the document.
pub(crate) fn fields(
    node: &mut dyn Node,
    context: Context,
    source: &mut dyn Source,
) -> Result<(), CodecError> {
    let table = node.node_table();
    let context = context.inside(table);
    let mut seen = Seen::default();
    let mut from = 0;
    loop {
        let route = match source.next()? {
            Event::Close | Event::End => break,
            Event::Annotations { .. } if context.options.metadata == Metadata::Reject => {
                let message = format!("annotations stand in {}, which holds data alone", describe(table));
                return Err(here(error(CodecErrorKind::UnknownAttribute, message), source));
            }
            Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            Event::Text(scalar) => {
                if is_space(&scalar) {
                    continue;
                }
                let message = format!("{} holds nodes, not text", describe(table));
                return Err(here(error(CodecErrorKind::InvalidValue, message), source));
            }
            Event::Open { name, place, attributes } => match route(table, context.module, &name, from) {
                Some(_) if context.options.metadata == Metadata::Reject && !attributes.is_empty() => {
                    let (kind, message) = metadata(attributes[0].name.local, name.local);
                    return Err(here(error(kind, message), source));
                }
                Some(route) => Ok((route, place)),
                None => Err({
                    let inherited = (context.module.name, context.module.namespace);
                    Begin::new(&name, &attributes, place, &context.value(), inherited)
                }),
            },
        };
        match route {
            Ok((route, place)) => {
                from = route.field;
                member(node, table, &route, place, &mut seen, context, source)?;
            }
            Err(begin) => unknown(node, table, begin, context, source)?,
        }
    }
    for &key in table.keys {
        if !seen.has(key) {
            let message = format!("{} has no {:?}, which is a key", describe(table), table.fields[key].name);
            return Err(here(error(CodecErrorKind::MissingKey, message), source));
        }
    }
    Ok(())
}

/// What is said of an attribute that has no place.
pub(crate) fn metadata(attribute: &str, node: &str) -> (CodecErrorKind, String) {
    let message = format!("the attribute {attribute:?} stands on {node:?}, whose struct holds data alone");
    (CodecErrorKind::UnknownAttribute, message)
}

/// A node that no field has.
fn unknown(
    node: &mut dyn Node,
    table: &'static Table,
    begin: Begin,
    context: Context,
    source: &mut dyn Source,
) -> Result<(), CodecError> {
    let place = table.fields.iter().position(|f| f.kind == Kind::Unknown);
    if let (Unknowns::Keep, Some(index)) = (context.options.unknown, place)
        && let SlotMut::Unknown(kept) = node.slot_mut(index)
    {
        kept.push(Fragment::read_node(begin, source, &context.value())?);
        return Ok(());
    }
    // The data of one module among those of others.
    if table.kind == Kind::Root && begin.is_foreign(&context.module) {
        return Inside::new(source).skip();
    }
    let message = format!("{} has no {:?}", describe(table), begin.local());
    Err(here(error(CodecErrorKind::UnknownNode, message), source))
}

/// Reads the node of a field, which has just been opened.
fn member(
    node: &mut dyn Node,
    table: &'static Table,
    route: &Route,
    place: Place,
    seen: &mut Seen,
    context: Context,
    source: &mut dyn Source,
) -> Result<(), CodecError> {
    let field = &table.fields[route.field];
    let context = context.at(field.module);
    let single = !matches!(field.kind, Kind::List | Kind::LeafList | Kind::Choice);
    if seen.mark(route.field) && single {
        return Err(on_path(here(twice(field), source), field.name));
    }
    match node.slot_mut(route.field) {
        SlotMut::Choice(choice) => case(choice, field, &route.inner, place, context, source),
        slot => value(slot, field, place, context, source).map_err(|e| on_path(e, field.name)),
    }
}

/// Reads a node that stands in a choice: `route` tells the variant, and in a case struct the field.
fn case(
    slot: &mut dyn super::ChoiceSlot,
    field: &'static Field,
    route: &[usize],
    place: Place,
    context: Context,
    source: &mut dyn Source,
) -> Result<(), CodecError> {
    let nowhere = || error(CodecErrorKind::UnknownNode, format!("choice {:?} has no such case", field.name));
    let (&variant, rest) = route.split_first().ok_or_else(nowhere)?;
    let fresh = match slot.get() {
        None => true,
        Some(there) if there.variant() == variant => false,
        // RFC 7950 section 7.9: nodes of one case at most.
        Some(there) => {
            let cases = there.node_table().fields;
            let name = |at: usize| cases.get(at).map_or("", |f| f.name);
            let message = format!(
                "nodes of two cases of choice {:?}: {:?} and {:?}",
                field.name,
                name(there.variant()),
                name(variant)
            );
            return Err(here(error(CodecErrorKind::Duplicate, message), source));
        }
    };
    let choice = if fresh { slot.make(variant) } else { slot.get_mut() };
    let choice = choice.ok_or_else(nowhere)?;
    let table = choice.node_table();
    let context = context.inside(table);
    let inner = table.fields.get(variant).ok_or_else(nowhere)?;
    let context = context.at(inner.module);
    match (inner.kind, choice.content_mut(), rest.split_first()) {
        (Kind::Case, SlotMut::Container(content), Some((&index, deeper))) => {
            let content = content.make();
            let table = content.node_table();
            let context = context.inside(table);
            let inner = table.fields.get(index).ok_or_else(nowhere)?;
            let context = context.at(inner.module);
            let there = !walk::slot_is_empty(&content.slot(index), true);
            match content.slot_mut(index) {
                SlotMut::Choice(slot) => case(slot, inner, deeper, place, context, source),
                _ if there && !matches!(inner.kind, Kind::List | Kind::LeafList) => {
                    Err(on_path(here(twice(inner), source), inner.name))
                }
                slot => value(slot, inner, place, context, source).map_err(|e| on_path(e, inner.name)),
            }
        }
        (_, SlotMut::Choice(slot), _) => case(slot, inner, rest, place, context, source),
        (kind, slot, _) => {
            if !fresh && !matches!(kind, Kind::List | Kind::LeafList) {
                return Err(on_path(here(twice(inner), source), inner.name));
            }
            value(slot, inner, place, context, source).map_err(|e| on_path(e, inner.name))
        }
    }
}

/// Reads what stands in a node up to its close.
fn value(
    slot: SlotMut<'_>,
    field: &'static Field,
    place: Place,
    context: Context,
    source: &mut dyn Source,
) -> Result<(), CodecError> {
    // RFC 7951 sections 5.3 and 5.4: arrays are for lists and leaf-lists, and these are nothing else.
    let array = matches!(slot, SlotMut::List(_) | SlotMut::LeafList(_));
    if (place == Place::Member && array) || (place == Place::Item && !array) {
        let message = format!("{:?} is {} array in JSON", field.name, if array { "an" } else { "no" });
        return Err(here(error(CodecErrorKind::InvalidValue, message), source));
    }
    match slot {
        SlotMut::Leaf(leaf) => {
            let context = context.value();
            scalar(source, &mut |text| leaf.set(text, &context))
        }
        SlotMut::LeafList(list) => {
            let context = context.value();
            scalar(source, &mut |text| list.push(text, &context))
        }
        SlotMut::Container(container) => fields(container.make(), context, source),
        SlotMut::List(list) => {
            if list.push(&mut |entry| fields(entry, context, source))? {
                return Ok(());
            }
            let message =
                format!("an entry of list {:?} with the same keys stands there already", field.name);
            Err(here(error(CodecErrorKind::Duplicate, message), source))
        }
        SlotMut::Any(any) => {
            any.set(Fragment::read(&mut Inside::new(source), &context.value())?);
            Ok(())
        }
        SlotMut::Choice(_) | SlotMut::Unknown(_) | SlotMut::Nothing => {
            Err(error(CodecErrorKind::UnknownNode, format!("{:?} holds no value", field.name)))
        }
    }
}

struct NoPrefixes;

impl Prefixes for NoPrefixes {
    fn namespace(&self, _: &str) -> Option<&str> {
        None
    }
}

/// Reads the text of a leaf up to its close.
pub(crate) fn scalar(
    source: &mut dyn Source,
    set: &mut dyn FnMut(&Scalar<'_>) -> Result<(), LeafError>,
) -> Result<(), CodecError> {
    let failed = match source.next()? {
        Event::Text(text) => set(&text),
        // An element without content is the empty string.
        Event::Close => {
            let empty = Scalar { text: Cow::Borrowed(""), form: Form::Xml(&NoPrefixes) };
            return set(&empty).map_err(|e| here(error(CodecErrorKind::InvalidValue, e.0), source));
        }
        Event::Open { name, .. } => {
            Err(LeafError(format!("a leaf holds a value, not nodes such as {:?}", name.local)))
        }
        Event::Annotations { .. } => Err(LeafError("a leaf holds a value, not annotations".to_owned())),
        Event::EmptyArray(_) => Err(LeafError("a leaf holds a value, not an array".to_owned())),
        Event::End => {
            let message = "the document ends inside of a leaf".to_owned();
            return Err(here(error(CodecErrorKind::Truncated, message), source));
        }
    };
    failed.map_err(|e| here(error(CodecErrorKind::InvalidValue, e.0), source))?;
    let message = match source.next()? {
        Event::Close => return Ok(()),
        Event::Open { name, .. } => format!("a leaf holds a value, not nodes such as {:?}", name.local),
        Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_) => {
            "a leaf holds one value".to_owned()
        }
        Event::End => "the document ends inside of a leaf".to_owned(),
    };
    Err(here(error(CodecErrorKind::InvalidValue, message), source))
}

/// Sets a value from its canonical text.
pub(crate) fn canonical(
    text: Cow<'_, str>,
    set: &mut dyn FnMut(&Scalar<'_>) -> Result<(), LeafError>,
) -> Result<(), CodecError> {
    set(&Scalar { text, form: Form::Canonical }).map_err(|e| error(CodecErrorKind::InvalidValue, e.0))
}

pub(crate) fn is_space(scalar: &Scalar<'_>) -> bool {
    matches!(scalar.form, Form::Xml(_))
        && scalar.text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}

fn twice(field: &Field) -> CodecError {
    error(CodecErrorKind::Duplicate, format!("{:?} stands there twice", field.name))
}

fn describe(table: &Table) -> String {
    match table.kind {
        Kind::Root => "the datastore".to_owned(),
        Kind::Case => format!("case {:?}", table.name),
        Kind::List => format!("an entry of list {:?}", table.name),
        Kind::Container => format!("container {:?}", table.name),
        _ => format!("{:?}", table.name),
    }
}

/// Adds the place in the document, if the error does not know it.
pub(crate) fn here(mut error: CodecError, source: &dyn Source) -> CodecError {
    if error.position == Position::default() {
        error.position = source.position();
    }
    error
}

/// Adds the name of the node around.
pub(crate) fn on_path(mut error: CodecError, name: &str) -> CodecError {
    let inner = error.path.take().unwrap_or_default();
    error.path = Some(format!("/{name}{inner}"));
    error
}
