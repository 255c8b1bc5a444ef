//! A diff for people: one line a node, `+` for what came, `-` for what went, `~` for another value, `>` for a move.

use super::{Change, ChangeKind, Diff, Item, Moved, annotated};
use crate::tree::annotation::Annotation;
use crate::tree::list::Entry;
use crate::tree::{Content, Record, push_keys};
use crate::view::push_step;
use std::fmt::{Display, Formatter, Result};
use yang_schema::{NodeId, NodeKind, NodeRef, Value};

impl Display for Diff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.show(f, &self.changes, "/")
    }
}

impl std::fmt::Debug for Diff {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        Display::fmt(self, f)
    }
}

impl Diff {
    fn show(&self, f: &mut Formatter<'_>, changes: &[Change], above: &str) -> Result {
        for change in changes {
            if let ChangeKind::Annotated(from, to) = &change.kind {
                self.show_annotations(f, from, to, above)?;
                continue;
            }
            let node = self.schema.node(change.node);
            let mut path = above.to_owned();
            push_step(&mut path, above_of(node), node);
            push_keys(&mut path, node, &change.key.iter().collect::<Vec<_>>());
            let place = change.moved.as_deref().map(|m| place(node, m)).unwrap_or_default();
            match &change.kind {
                ChangeKind::Created(item) => show_item(f, "+", node, item, &path, &place)?,
                ChangeKind::Deleted(item) => show_item(f, "-", node, item, &path, "")?,
                ChangeKind::Replaced(Item::Value(old), Item::Value(new)) => {
                    let text = |v: &Value| v.canonical(&*self.schema).into_owned();
                    writeln!(f, "~ {path}: {:?} -> {:?}", text(old), text(new))?;
                }
                ChangeKind::Replaced(..) => writeln!(f, "~ {path}: other content")?,
                ChangeKind::Inside(below) => {
                    if !place.is_empty() {
                        writeln!(f, "> {path}{place}")?;
                    }
                    self.show(f, below, &path)?;
                }
                ChangeKind::Annotated(..) => {}
            }
        }
        Ok(())
    }

    /// `@` and the name of the annotation stand behind the path of what it is on.
    fn show_annotations(&self, f: &mut Formatter<'_>, from: &Record, to: &Record, above: &str) -> Result {
        for noted in annotated::noted(from, to) {
            let mut path = above.to_owned();
            if let Some((node, value)) =
                noted.child(&self.schema, to).or_else(|| noted.child(&self.schema, from))
            {
                push_step(&mut path, above_of(node), node);
                if node.kind() == NodeKind::LeafList {
                    push_keys(&mut path, node, &value.into_iter().collect::<Vec<_>>());
                }
            }
            let name = |a: &Annotation| match a.module() {
                "" => format!("{path}@{}", a.name()),
                module => format!("{path}@{module}:{}", a.name()),
            };
            let text = |a: &Annotation| a.text(&self.schema).into_owned();
            let find = |all: &[Annotation], a: &Annotation| all.iter().find(|b| name(b) == name(a)).cloned();
            for old in noted.old {
                match find(noted.new, old) {
                    None => writeln!(f, "- {}: {:?}", name(old), text(old))?,
                    Some(new) if new == *old => {}
                    Some(new) => writeln!(f, "~ {}: {:?} -> {:?}", name(old), text(old), text(&new))?,
                }
            }
            for new in noted.new.iter().filter(|new| find(noted.old, new).is_none()) {
                writeln!(f, "+ {}: {:?}", name(new), text(new))?;
            }
        }
        Ok(())
    }
}

fn above_of(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    node.data_parent().filter(|p| p.id() != NodeId::ROOT)
}

fn place(node: NodeRef<'_>, moved: &Moved) -> String {
    match &moved.to {
        None => String::new(),
        Some(spot) => match &spot.after {
            None => " (first)".to_owned(),
            Some(key) => {
                let mut text = String::from(" (after ");
                push_keys(&mut text, node, &key.iter().collect::<Vec<_>>());
                text + ")"
            }
        },
    }
}

fn show_item(
    f: &mut Formatter<'_>,
    sign: &str,
    node: NodeRef<'_>,
    item: &Item,
    path: &str,
    place: &str,
) -> Result {
    match item {
        // A leaf-list entry's value stands in its path.
        Item::Value(_) if node.kind() == NodeKind::LeafList => writeln!(f, "{sign} {path}{place}"),
        Item::Value(value) => writeln!(f, "{sign} {path}: {:?}", value.canonical(node.schema())),
        Item::Any(_) => writeln!(f, "{sign} {path}: any content"),
        Item::Sequence(_) => writeln!(f, "{sign} {path}"),
        Item::Record(record) => {
            writeln!(f, "{sign} {path}{place}")?;
            show_record(f, sign, node, record, path)
        }
    }
}

fn show_record(f: &mut Formatter<'_>, sign: &str, node: NodeRef<'_>, record: &Record, above: &str) -> Result {
    let schema = node.schema();
    for slot in record.slots() {
        let child = schema.node(slot.node);
        if child.is_key() {
            continue;
        }
        let mut path = above.to_owned();
        push_step(&mut path, Some(node), child);
        match (child.kind(), &slot.content) {
            (NodeKind::LeafList, content) => {
                for (_, value) in Value::in_content(content).iter() {
                    let mut path = path.clone();
                    push_keys(&mut path, child, &[value]);
                    writeln!(f, "{sign} {path}")?;
                }
            }
            (_, Content::Value(value)) => writeln!(f, "{sign} {path}: {:?}", value.canonical(schema))?,
            (_, Content::Any(_)) => writeln!(f, "{sign} {path}: any content")?,
            (_, content) => {
                for (_, entry) in Record::in_content(content).iter() {
                    let mut path = path.clone();
                    let keys: Vec<&Value> =
                        child.keys().filter_map(|k| entry.value(k.data_ordinal())).collect();
                    push_keys(&mut path, child, &keys);
                    if child.kind() == NodeKind::List || child.presence().is_some() {
                        writeln!(f, "{sign} {path}")?;
                    }
                    show_record(f, sign, child, entry, &path)?;
                }
            }
        }
    }
    Ok(())
}
