//! Where nodes stand in a document. A tree keeps no places: what validation finds wrong is looked for in a second reading.

use crate::event::{Event, Name, Position, Source};
use crate::tree::leaf_text::LeafText;
use crate::tree::{names, push_keys};
use crate::view::push_step;
use std::collections::HashMap;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

/// The places of nodes, named by the `path` of errors. Of a node that is not there (a mandatory leaf) that of the nearest node
/// around it. A path of which nothing is there has none.
///
/// The source stands where [`Tree::decode`](crate::tree::Tree::decode) or
/// [`Operation::decode`](crate::operation::Operation::decode) would have it.
pub fn locate(schema: &Schema, source: &mut dyn Source, paths: &[&str]) -> HashMap<String, Position> {
    let mut wanted: HashMap<String, Option<Position>> = HashMap::new();
    for path in paths {
        for end in ends(path) {
            wanted.insert(path[..end].to_owned(), None);
        }
    }
    let mut run = Run { schema, wanted, open: vec![Open::new(schema.root(), Position::default())] };
    run.read(source);
    let mut found = HashMap::new();
    for path in paths {
        let place = ends(path).into_iter().rev().find_map(|end| *run.wanted.get(&path[..end])?);
        if let Some(place) = place {
            found.insert((*path).to_owned(), place);
        }
    }
    found
}

/// Where each step of a path ends.
fn ends(path: &str) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut quote = None;
    for (at, c) in path.char_indices() {
        match quote {
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if matches!(c, '\'' | '"') => quote = Some(c),
            None if c == '/' && at > 0 => ends.push(at),
            None => {}
        }
    }
    ends.push(path.len());
    ends
}

struct Open<'s> {
    node: NodeRef<'s>,
    position: Position,
    text: LeafText,
    /// Keys so far: their places among all keys, and values.
    keys: Vec<(usize, yang_schema::Value)>,
    /// Nodes found in it: their paths from here on.
    found: Vec<(String, Position)>,
    /// Entries of lists without keys so far.
    positions: HashMap<NodeId, usize>,
}

impl<'s> Open<'s> {
    fn new(node: NodeRef<'s>, position: Position) -> Self {
        let text = LeafText::default();
        Self { node, position, text, keys: Vec::new(), found: Vec::new(), positions: HashMap::new() }
    }
}

struct Run<'s> {
    schema: &'s Schema,
    wanted: HashMap<String, Option<Position>>,
    open: Vec<Open<'s>>,
}

impl Run<'_> {
    fn read(&mut self, source: &mut dyn Source) {
        // Nodes in what the schema does not know.
        let mut unknown = 0usize;
        loop {
            let opened = match source.next() {
                Err(_) | Ok(Event::End) => break,
                Ok(Event::Open { .. }) if unknown > 0 => {
                    unknown += 1;
                    continue;
                }
                Ok(Event::Open { name, .. }) => {
                    let Some(open) = self.open.last() else { break };
                    let any = matches!(open.node.kind(), NodeKind::AnyData | NodeKind::AnyXml);
                    match self.child(open.node, name) {
                        Some(node) if !any => node.id(),
                        _ => {
                            unknown = 1;
                            continue;
                        }
                    }
                }
                Ok(Event::Text(scalar)) => {
                    if unknown == 0
                        && let Some(open) = self.open.last_mut().filter(|o| o.node.kind().has_value())
                    {
                        let node = open.node;
                        open.text.push(&scalar, node);
                    }
                    continue;
                }
                Ok(Event::Annotations { .. } | Event::EmptyArray(_)) => continue,
                Ok(Event::Close) if unknown > 0 => {
                    unknown -= 1;
                    continue;
                }
                Ok(Event::Close) => {
                    if self.open.len() < 2 {
                        break;
                    }
                    self.close();
                    continue;
                }
            };
            let position = source.position();
            self.open.push(Open::new(self.schema.node(opened), position));
        }
        while self.open.len() > 1 {
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(mut open) = self.open.pop() else { return };
        let node = open.node;
        let at_top = self.open.len() == 1;
        let Some(above) = self.open.last_mut() else { return };
        let mut step = String::from("/");
        push_step(&mut step, Some(above.node).filter(|_| !at_top), node);
        if node.kind().has_value()
            && let Ok(value) = open.text.value(node, String::new)
        {
            if node.kind() == NodeKind::LeafList {
                push_keys(&mut step, node, &[&value]);
            }
            if let Some(at) = above.node.keys().position(|k| k.id() == node.id()) {
                above.keys.push((at, value));
            }
        }
        if node.kind() == NodeKind::List {
            if node.keys().len() == 0 {
                let position = above.positions.entry(node.id()).or_default();
                *position += 1;
                step.push_str(&format!("[{position}]"));
            }
            let mut keys: Vec<&(usize, yang_schema::Value)> = open.keys.iter().collect();
            keys.sort_by_key(|(at, _)| *at);
            push_keys(&mut step, node, &keys.iter().map(|(_, v)| v).collect::<Vec<_>>());
        }
        let found = open.found.into_iter().map(|(path, position)| (format!("{step}{path}"), position));
        let all = found.chain([(step.clone(), open.position)]);
        if at_top {
            for (path, position) in all {
                if let Some(place) = self.wanted.get_mut(&path) {
                    place.get_or_insert(position);
                }
            }
            return;
        }
        let wanted = &self.wanted;
        let kept: Vec<(String, Position)> =
            all.filter(|(path, _)| wanted.keys().any(|w| w.ends_with(path.as_str()))).collect();
        if let Some(above) = self.open.last_mut() {
            above.found.extend(kept);
        }
    }

    /// A data node, an rpc or action, or one of its parameters, be it of the input or of the output, or a notification.
    fn child<'s>(&self, parent: NodeRef<'s>, name: Name<'_>) -> Option<NodeRef<'s>> {
        let data = |of: NodeRef<'s>| names::child(of, name, String::new).ok();
        if matches!(parent.kind(), NodeKind::Rpc | NodeKind::Action) {
            return parent
                .children()
                .filter(|c| matches!(c.kind(), NodeKind::Input | NodeKind::Output))
                .find_map(data);
        }
        data(parent).or_else(|| {
            let inherited = (parent.id() != NodeId::ROOT).then(|| parent.module());
            let module = names::module(parent.schema(), name, inherited, String::new).ok()?;
            parent.children().find(|c| c.module() == module && c.name() == name.local)
        })
    }
}
