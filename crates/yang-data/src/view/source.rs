//! A view as a source of events, for whoever reads data without a document: typed structs, other trees.

use crate::codec::CodecError;
use crate::event::{Annotated, Attribute, Event, Form, Name, Namespace, Place, Position, Scalar, Source};
use crate::tree::{Annotation, AnyData, AnyEvent, WITH_DEFAULTS};
use crate::view::{Children, Cursor, DefaultMode};
use std::borrow::Cow;
use std::collections::VecDeque;
use yang_schema::NodeRef;

/// The events of what is below a node, or of the node with what is below it.
pub struct CursorSource<'v> {
    /// Entered nodes: whether their `Open` was given, the node, what is left of its children.
    levels: Vec<(bool, Cursor<'v>, Children<'v>)>,
    queue: VecDeque<Item<'v>>,
    tagged: bool,
    attributes: Vec<Attribute<'v>>,
}

enum Item<'v> {
    Open(NodeRef<'v>, bool, &'v [Annotation]),
    Annotations(NodeRef<'v>, &'v [Annotation]),
    EmptyArray(NodeRef<'v>),
    Text(Cow<'v, str>),
    Any(&'v AnyEvent),
    Close,
}

impl<'v> CursorSource<'v> {
    /// The content of a node.
    pub fn below(at: &Cursor<'v>) -> Self {
        let mut source = Self::empty(at);
        source.levels.push((true, at.clone(), at.children()));
        source
    }

    /// A node with its content.
    pub fn of(at: &Cursor<'v>) -> Self {
        let mut source = Self::empty(at);
        source.enter(at);
        source
    }

    fn empty(at: &Cursor<'v>) -> Self {
        Self {
            levels: Vec::new(),
            queue: VecDeque::new(),
            tagged: at.view().default_mode() == DefaultMode::ReportAllTagged,
            attributes: Vec::new(),
        }
    }

    fn enter(&mut self, at: &Cursor<'v>) {
        let node = at.node();
        if let Some(text) = at.text() {
            self.open_levels();
            let open = Item::Open(node, at.is_default(), at.annotations());
            self.queue.extend([open, Item::Text(text), Item::Close]);
        } else if let Some(AnyData { events, array: true }) = at.any() {
            self.open_levels();
            if !at.annotations().is_empty() {
                self.queue.push_back(Item::Annotations(node, at.annotations()));
            }
            if events.is_empty() {
                self.queue.push_back(Item::EmptyArray(node));
            }
            self.queue.extend(events.iter().map(Item::Any));
        } else if let Some(AnyData { events, .. }) = at.any() {
            self.open_levels();
            self.queue.push_back(Item::Open(node, false, at.annotations()));
            self.queue.extend(events.iter().map(Item::Any));
            self.queue.push_back(Item::Close);
        } else {
            self.levels.push((false, at.clone(), at.children()));
            if !node.is_np_container() || !at.annotations().is_empty() {
                self.open_levels();
            }
        }
    }

    fn open_levels(&mut self) {
        for (opened, at, _) in self.levels.iter_mut().filter(|(opened, ..)| !opened) {
            self.queue.push_back(Item::Open(at.node(), false, at.annotations()));
            *opened = true;
        }
    }

    fn fill(&mut self) {
        while self.queue.is_empty() {
            let Some((_, _, children)) = self.levels.last_mut() else { return };
            match children.next() {
                Some(child) => self.enter(&child),
                None => {
                    // The content's own end is the end of all.
                    if let Some((true, ..)) = self.levels.pop()
                        && !self.levels.is_empty()
                    {
                        self.queue.push_back(Item::Close);
                    }
                }
            }
        }
    }
}

fn name_of(node: NodeRef<'_>) -> Name<'_> {
    Name { namespace: Namespace::Uri(node.namespace()), local: node.name() }
}

impl Source for CursorSource<'_> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        self.fill();
        Ok(match self.queue.pop_front() {
            None => Event::End,
            Some(Item::Close | Item::Any(AnyEvent::Close)) => Event::Close,
            Some(Item::Text(text)) => Event::Text(Scalar { text, form: Form::Canonical }),
            Some(Item::Open(node, default, annotations)) => {
                self.attributes.clear();
                if self.tagged && default {
                    let name = Name { namespace: Namespace::Uri(WITH_DEFAULTS.0), local: "default" };
                    let value = Cow::Borrowed("true");
                    self.attributes.push(Attribute { name, value, form: Form::Canonical });
                }
                self.attributes.extend(annotations.iter().map(|a| a.attribute_in(node.schema())));
                Event::Open {
                    name: name_of(node),
                    attributes: Cow::Borrowed(&self.attributes),
                    place: Place::Untold,
                }
            }
            Some(Item::Annotations(node, annotations)) => {
                self.attributes.clear();
                self.attributes.extend(annotations.iter().map(|a| a.attribute_in(node.schema())));
                Event::Annotations {
                    of: Annotated::Member(name_of(node)),
                    attributes: Cow::Borrowed(&self.attributes),
                }
            }
            Some(Item::EmptyArray(node)) => Event::EmptyArray(name_of(node)),
            Some(Item::Any(AnyEvent::EmptyArray(name))) => Event::EmptyArray(name.name()),
            Some(Item::Any(AnyEvent::Open { name, attributes, place })) => {
                self.attributes.clear();
                self.attributes.extend(attributes.iter().map(Annotation::attribute));
                Event::Open { name: name.name(), attributes: Cow::Borrowed(&self.attributes), place: *place }
            }
            Some(Item::Any(event @ AnyEvent::Text { text, form, .. })) => {
                let form = form.form(event);
                Event::Text(Scalar { text: Cow::Borrowed(text), form })
            }
        })
    }

    fn position(&self) -> Position {
        Position::default()
    }
}
