//! Units as instance data again: a source of events for a tree to be read from.

use super::key::{CONTAINER, KeyReader, LIST, ORDER};
use super::stored::{Scope, StoredName, StoredNote, StoredText, attributes, form_of, notes};
use super::unit::{UNIT, any_form, form, item, place};
use super::{Names, PersistError};
use crate::migration::{Document, Node, document};
use crate::store::{Entry, Reader, Truncated};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use yang_data::codec::{CodecError, CodecErrorKind};
use yang_data::event::{Annotated, Event, Form, Name, Namespace, Place, Position, Scalar, Source};

/// Containers in containers of one unit, and list entries in list entries: more is damage.
const DEPTH: usize = 512;

/// The entries of a store as a [`Source`] of the children of the root.
pub(crate) struct StoredSource<'a> {
    entries: &'a [Entry],
    names: &'a Names,
    /// What comes next, innermost last.
    stack: Vec<Frame>,
    failed: Option<CodecError>,
    /// What the event that was given last borrows.
    text: String,
    any: StoredName,
    notes: Vec<StoredNote>,
    scope: Scope,
}

enum Frame {
    /// Events in order.
    Events(VecDeque<Step>),
    /// List entries in order, and how long the key of their list is.
    Units { units: VecDeque<Range<usize>>, list: usize, name: u32 },
}

enum Step {
    Open(u32, Vec<StoredNote>),
    Text(String),
    Close,
    /// The list entries at this place: their entries in the store, and the length of the list's key.
    List {
        entries: Range<usize>,
        list: usize,
        name: u32,
    },
    /// A node of an anydata or anyxml node, or inside one, with its place and its annotations.
    AnyOpen(StoredName, Place, Vec<StoredNote>),
    /// A value in one.
    AnyText(StoredText),
    /// An array without items.
    AnyEmpty(StoredName),
    /// Annotations of an anyxml that is an array.
    AnyNotes(StoredName, Vec<StoredNote>),
}

/// What a unit's value says.
enum Item {
    Leaf(u32, Vec<StoredNote>, String),
    Container(u32, Vec<StoredNote>, Vec<Item>),
    Any(Vec<Step>),
}

/// A container of a unit that is not closed yet, and what stands in front of it.
struct OpenItem {
    name: u32,
    notes: Vec<StoredNote>,
    above: Vec<Item>,
}

impl<'a> StoredSource<'a> {
    /// The entries must be in the order of their keys.
    pub(crate) fn new(entries: &'a [Entry], names: &'a Names) -> Result<Self, PersistError> {
        let mut source = Self {
            entries,
            names,
            stack: Vec::new(),
            failed: None,
            text: String::new(),
            any: StoredName::default(),
            notes: Vec::new(),
            scope: Scope::default(),
        };
        let mut events = VecDeque::new();
        // The root is no node: nothing is annotated of it.
        let _ = source.unit(0..entries.len(), 0, &mut events)?;
        source.stack.push(Frame::Events(events));
        Ok(source)
    }

    /// All of it as a tree of names.
    pub(crate) fn document(mut self) -> Result<Document, PersistError> {
        let mut top = Vec::new();
        let mut open: Vec<Node> = Vec::new();
        while let Some(step) = self.step()? {
            let item = match step {
                Step::Open(id, notes) => {
                    let name = self.names.name(id)?;
                    let (module, local) = name.split_once(':').unwrap_or(("", name));
                    let name = StoredName::of_module(module.to_owned(), local.to_owned());
                    open.push(Node::stored(name, Place::Untold, notes));
                    continue;
                }
                Step::AnyOpen(name, place, notes) => {
                    open.push(Node::stored(name, place, notes));
                    continue;
                }
                Step::Close | Step::List { .. } => match open.pop() {
                    None => return Err(Truncated.into()),
                    Some(node) if open.is_empty() => {
                        top.push(node);
                        continue;
                    }
                    Some(node) => document::Item::Node(node),
                },
                Step::Text(text) => document::Item::Value(StoredText::canonical(text)),
                Step::AnyText(text) => document::Item::Value(text),
                Step::AnyEmpty(name) => document::Item::EmptyArray(name),
                Step::AnyNotes(name, notes) => document::Item::Notes(name, notes),
            };
            // What stands right in the root are nodes.
            open.last_mut().ok_or(Truncated)?.push_item(item);
        }
        Ok(Document::of(top))
    }

    /// The content of a unit: the entries with its key for a prefix. Its own annotations come back.
    fn unit(
        &self,
        range: Range<usize>,
        key: usize,
        out: &mut VecDeque<Step>,
    ) -> Result<Vec<StoredNote>, PersistError> {
        let mut own_notes = Vec::new();
        let mut items = Vec::new();
        let mut nested = range.clone();
        match self.entries.get(range.start) {
            Some(own) if !range.is_empty() && own.key.len() == key => {
                (own_notes, items) = self.value(&own.value, &own.key, out)?;
                nested.start += 1;
            }
            // The root may be empty; a list entry is there or its children are not.
            _ if key == 0 => {}
            _ => return Err(PersistError::Damaged("a list entry is missing around its children".to_owned())),
        }
        self.level(items, nested, key, DEPTH, out)?;
        Ok(own_notes)
    }

    /// Reads a unit's value: its annotations, and what stands in it. The keys of a list entry come out first, since their values
    /// stand in its key.
    fn value(
        &self,
        value: &[u8],
        key: &[u8],
        out: &mut VecDeque<Step>,
    ) -> Result<(Vec<StoredNote>, Vec<Item>), PersistError> {
        let mut r = Reader(value);
        if r.u8()? != UNIT {
            return Err(PersistError::Damaged("an entry is of a version that is not known here".to_owned()));
        }
        let keys = r.int()?;
        let first = out.len();
        if keys > 0 {
            let mut values = last_values(key)?;
            for _ in 0..keys {
                out.push_back(Step::Open(r.u32()?, Vec::new()));
                out.push_back(Step::Text(values.value(self.names)?.into_owned()));
                out.push_back(Step::Close);
            }
        }
        let mut own = Vec::new();
        let mut open: Vec<OpenItem> = Vec::new();
        let mut items = Vec::new();
        // Of what comes next.
        let mut noted = Vec::new();
        while !r.is_empty() {
            match r.u8()? {
                item::OWN_NOTE => own = notes(&mut r)?,
                item::KEY_NOTE => {
                    let nth = usize::try_from(r.int()?).ok().and_then(|n| n.checked_mul(3));
                    let found = notes(&mut r)?;
                    match nth.and_then(|n| n.checked_add(first)).and_then(|at| out.get_mut(at)) {
                        Some(Step::Open(_, notes)) => *notes = found,
                        _ => return Err(Truncated.into()),
                    }
                }
                item::NOTE => noted = notes(&mut r)?,
                item::LEAF => {
                    let name = r.u32()?;
                    let text = match r.u8()? {
                        form::TEXT => r.str()?,
                        form::NAME => self.names.name(r.u32()?)?,
                        _ => return Err(Truncated.into()),
                    };
                    items.push(Item::Leaf(name, std::mem::take(&mut noted), text.to_owned()));
                }
                item::OPEN => {
                    if open.len() >= DEPTH {
                        return Err(Truncated.into());
                    }
                    let (notes, above) = (std::mem::take(&mut noted), std::mem::take(&mut items));
                    open.push(OpenItem { name: r.u32()?, notes, above });
                }
                item::CLOSE => {
                    let OpenItem { name, notes, above } = open.pop().ok_or(Truncated)?;
                    let container = Item::Container(name, notes, std::mem::replace(&mut items, above));
                    items.push(container);
                }
                mark @ (item::ANY_OPEN | item::ANY_NODE | item::ANY_EMPTY | item::ANY_NOTE) => {
                    items.push(Item::Any(any(mark, &mut r)?));
                }
                _ => return Err(Truncated.into()),
            }
        }
        if open.is_empty() { Ok((own, items)) } else { Err(Truncated.into()) }
    }

    /// What stands at one place of a unit: its own items, and the units whose keys go through here.
    fn level(
        &self,
        items: Vec<Item>,
        mut entries: Range<usize>,
        prefix: usize,
        depth: usize,
        out: &mut VecDeque<Step>,
    ) -> Result<(), PersistError> {
        if depth == 0 {
            return Err(Truncated.into());
        }
        let mut containers = Vec::new();
        for item in items {
            match item {
                Item::Leaf(name, notes, text) => {
                    out.extend([Step::Open(name, notes), Step::Text(text), Step::Close]);
                }
                Item::Any(steps) => out.extend(steps),
                Item::Container(name, notes, items) => containers.push((name, notes, items)),
            }
        }
        while !entries.is_empty() {
            let rest = &self.entries[entries.start].key[prefix..];
            let (kind, name) = KeyReader(rest).step()?;
            let step = prefix + rest.len().min(5);
            let group = self.group(entries.clone(), step);
            entries.start = group.end;
            match kind {
                CONTAINER => {
                    let own = containers.iter().position(|(n, ..)| *n == name);
                    let (_, notes, items) = own.map(|i| containers.swap_remove(i)).unwrap_or_default();
                    out.push_back(Step::Open(name, notes));
                    self.level(items, group, step, depth - 1, out)?;
                    out.push_back(Step::Close);
                }
                LIST => out.push_back(Step::List { entries: group, list: step, name }),
                _ => return Err(Truncated.into()),
            }
        }
        for (name, notes, items) in containers {
            out.push_back(Step::Open(name, notes));
            self.level(items, 0..0, 0, depth - 1, out)?;
            out.push_back(Step::Close);
        }
        Ok(())
    }

    /// The entries from the first one on that share `len` bytes of key with it.
    fn group(&self, entries: Range<usize>, len: usize) -> Range<usize> {
        let prefix = &self.entries[entries.start].key[..len];
        let slice = &self.entries[entries.clone()];
        let n = slice.partition_point(|e| e.key.starts_with(prefix));
        entries.start..entries.start + n
    }

    /// The units of one list, in their order.
    fn units(&self, mut entries: Range<usize>, list: usize) -> Result<VecDeque<Range<usize>>, PersistError> {
        let mut order = None;
        if let Some(first) = self.entries.get(entries.start)
            && first.key.get(list..) == Some(&[ORDER])
        {
            order = Some(&first.value);
            entries.start += 1;
        }
        let mut units = Vec::new();
        while !entries.is_empty() {
            let key = &self.entries[entries.start].key;
            let len = KeyReader(&key[list..]).values_len()?;
            if len == 0 {
                return Err(Truncated.into());
            }
            let group = self.group(entries.clone(), list + len);
            entries.start = group.end;
            units.push((&key[list..list + len], group));
        }
        if let Some(order) = order {
            let mut place = HashMap::new();
            let mut r = Reader(order);
            while !r.is_empty() {
                place.insert(r.bytes()?, place.len());
            }
            units.sort_by_key(|(key, _)| place.get(key).copied().unwrap_or(usize::MAX));
        }
        Ok(units.into_iter().map(|(_, range)| range).collect())
    }

    /// The next step of what is simple; lists are taken apart on the way.
    fn step(&mut self) -> Result<Option<Step>, PersistError> {
        loop {
            let Some(frame) = self.stack.last_mut() else { return Ok(None) };
            match frame {
                Frame::Events(events) => match events.pop_front() {
                    None => drop(self.stack.pop()),
                    Some(Step::List { entries, list, name }) => {
                        let units = self.units(entries, list)?;
                        if self.stack.len() > DEPTH {
                            return Err(Truncated.into());
                        }
                        self.stack.push(Frame::Units { units, list, name });
                    }
                    Some(step) => return Ok(Some(step)),
                },
                Frame::Units { units, list, name } => {
                    let (list, name) = (*list, *name);
                    let Some(unit) = units.pop_front() else {
                        self.stack.pop();
                        continue;
                    };
                    let key = &self.entries[unit.start].key;
                    let len = list + KeyReader(&key[list..]).values_len()?;
                    let mut events = VecDeque::new();
                    let own = self.unit(unit, len, &mut events)?;
                    events.push_front(Step::Open(name, own));
                    events.push_back(Step::Close);
                    self.stack.push(Frame::Events(events));
                }
            }
        }
    }
}

/// The events of an anydata or anyxml node, or of an item of one, of which the first mark is read.
fn any(first: u8, r: &mut Reader<'_>) -> Result<Vec<Step>, PersistError> {
    let mut steps = Vec::new();
    let mut depth = 0usize;
    let mut mark = first;
    loop {
        match mark {
            item::ANY_OPEN => {
                let name = StoredName::read(r)?;
                let mut notes = Vec::new();
                for _ in 0..r.int()? {
                    let name = StoredName::read(r)?;
                    notes.push(StoredNote(
                        name,
                        StoredText(any_form::STRING, Scope::default(), r.str()?.to_owned()),
                    ));
                }
                steps.push(Step::AnyOpen(name, Place::Untold, notes));
                depth += 1;
            }
            item::ANY_NODE => {
                let name = StoredName::read(r)?;
                let place = match r.u8()? {
                    place::UNTOLD => Place::Untold,
                    place::MEMBER => Place::Member,
                    place::ITEM => Place::Item,
                    _ => return Err(Truncated.into()),
                };
                steps.push(Step::AnyOpen(name, place, notes(r)?));
                depth += 1;
            }
            item::ANY_EMPTY => steps.push(Step::AnyEmpty(StoredName::read(r)?)),
            item::ANY_NOTE => steps.push(Step::AnyNotes(StoredName::read(r)?, notes(r)?)),
            item::ANY_TEXT => steps.push(Step::AnyText(StoredText::read(r)?)),
            item::ANY_CLOSE => {
                steps.push(Step::Close);
                depth = depth.checked_sub(1).ok_or(Truncated)?;
            }
            _ => return Err(Truncated.into()),
        }
        if depth == 0 {
            return Ok(steps);
        }
        mark = r.u8()?;
    }
}

/// A reader at the key values of the last list of a key.
fn last_values(key: &[u8]) -> Result<KeyReader<'_>, Truncated> {
    let mut r = KeyReader(key);
    let mut last = KeyReader(&[]);
    while !r.is_empty() {
        r.step()?;
        let len = r.values_len()?;
        if len > 0 {
            last = KeyReader(&r.0[..len]);
        }
        r.0 = &r.0[len..];
    }
    Ok(last)
}

impl Source for StoredSource<'_> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let step = match self.step() {
            Ok(step) => step,
            Err(error) => {
                let error = CodecError {
                    kind: CodecErrorKind::Malformed,
                    message: error.to_string(),
                    position: Position::default(),
                    path: None,
                };
                self.failed = Some(error.clone());
                return Err(error);
            }
        };
        Ok(match step {
            None => Event::End,
            Some(Step::Open(id, notes)) => {
                self.notes = notes;
                let name = self.names.name(id).unwrap_or_default();
                let (module, local) = name.split_once(':').unwrap_or(("", name));
                let name = Name { namespace: Namespace::Module(module), local };
                Event::Open { name, attributes: attributes(&self.notes).into(), place: Place::Untold }
            }
            Some(Step::Text(text)) => {
                self.text = text;
                Event::Text(Scalar { text: self.text.as_str().into(), form: Form::Canonical })
            }
            Some(Step::AnyOpen(name, place, notes)) => {
                (self.any, self.notes) = (name, notes);
                Event::Open { name: self.any.name(), attributes: attributes(&self.notes).into(), place }
            }
            Some(Step::AnyEmpty(name)) => {
                self.any = name;
                Event::EmptyArray(self.any.name())
            }
            Some(Step::AnyNotes(name, notes)) => {
                (self.any, self.notes) = (name, notes);
                Event::Annotations {
                    of: Annotated::Member(self.any.name()),
                    attributes: attributes(&self.notes).into(),
                }
            }
            Some(Step::AnyText(StoredText(form, scope, text))) => {
                (self.text, self.scope) = (text, scope);
                Event::Text(Scalar { text: self.text.as_str().into(), form: form_of(form, &self.scope) })
            }
            Some(Step::Close | Step::List { .. }) => Event::Close,
        })
    }

    fn position(&self) -> Position {
        Position::default()
    }
}
