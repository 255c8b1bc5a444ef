//! `node-instance-identifier` (RFC 8341 section 5): a data node and all below it, of all entries of a list or of some.
//!
//! A prefix is the name of a module, which a data tree has in the place of what a client declared around the text, or else the
//! prefix that the module gives itself.

use yang_schema::value::{CanonicalNames, InstanceIdentifier, InstanceSelector};
use yang_schema::xpath::{Axis, CompareOp, Expr, LocationPath, NodeTest, Step};
use yang_schema::{ModuleId, NodeId, NodeKind, NodeRef, Schema, Value};

/// Nodes of instance data.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Pattern {
    steps: Vec<Place>,
}

#[derive(Clone, PartialEq, Debug)]
struct Place {
    node: NodeId,
    /// Keys that the entry must have: which, value.
    keys: Vec<(usize, Wanted)>,
    /// The value of a leaf-list entry.
    value: Option<Wanted>,
}

/// What a key or leaf-list entry must be.
#[derive(Clone, PartialEq, Debug)]
enum Wanted {
    Value(Value),
    /// The name of the user whose request it is: the variable `USER`.
    User,
}

impl Wanted {
    fn is(&self, value: &Value, schema: &Schema, user: &str) -> bool {
        match self {
            Wanted::Value(wanted) => wanted == value,
            Wanted::User => value.canonical(schema) == user,
        }
    }
}

/// Stands for the variable while a path is read. No text of a configuration has this character, so no user can write it.
const USER: &str = "\u{1}";

impl Pattern {
    /// Reads one.
    pub(super) fn parse(schema: &Schema, text: &str) -> Result<Self, String> {
        let mut resolve = |prefix: &str| module(schema, prefix);
        let text = without_variables(text.trim())?;
        let parsed = yang_schema::xpath::parse(&text, &mut resolve).map_err(|e| e.to_string())?;
        let Expr::Path(LocationPath { absolute: true, steps }) = parsed else {
            return Err("it does not start at the root, or is no path".to_owned());
        };
        let mut found = Vec::new();
        let mut at = schema.root();
        for step in &steps {
            let Step { axis: Axis::Child, test: NodeTest::Name { module, name }, predicates } = step else {
                return Err("each of its steps is the name of a node".to_owned());
            };
            let module = module.unwrap_or_else(|| at.module());
            let next = child(at, module, name);
            let Some(next) = next else {
                return Err(format!(
                    "{} has no node {name}",
                    if found.is_empty() { "/".to_owned() } else { at.data_path() }
                ));
            };
            let mut place = Place { node: next.id(), keys: Vec::new(), value: None };
            for predicate in predicates {
                read_predicate(schema, next, predicate, &mut place)?;
            }
            found.push(place);
            at = next;
        }
        Ok(Self { steps: found })
    }

    /// Is the schema node one that this names, or below one? The line is that of the node from the top, choices left out.
    pub(super) fn covers(&self, line: &[NodeId]) -> bool {
        self.steps.len() <= line.len() && self.steps.iter().zip(line).all(|(place, node)| place.node == *node)
    }

    /// Does it name some entries of a list and not others?
    pub(super) fn is_of_instances(&self) -> bool {
        self.steps.iter().any(|place| !place.keys.is_empty() || place.value.is_some())
    }

    /// Is it one of the entries that this names, of a node that it [covers](Self::covers)? Of an action or nested notification `at`
    /// is the node that it belongs to.
    pub(super) fn matches(&self, at: &InstanceIdentifier, schema: &Schema, user: &str) -> bool {
        self.steps.iter().zip(&at.steps).all(|(place, step)| {
            place.node == step.node
                && match &step.selector {
                    InstanceSelector::Keys(keys) => {
                        let is = |(nth, wanted): &(usize, Wanted)| {
                            keys.get(*nth).is_some_and(|key| wanted.is(key, schema, user))
                        };
                        place.keys.iter().all(is)
                    }
                    InstanceSelector::Value(value) => {
                        place.value.as_ref().is_none_or(|wanted| wanted.is(value, schema, user))
                    }
                    InstanceSelector::Only | InstanceSelector::Position(_) => place.keys.is_empty(),
                }
        })
    }
}

/// The path with a text in the place of the variable `USER`, the one there is. The XPath of YANG has no variables (RFC 7950 section
/// 6.4.1), so its parser knows none.
fn without_variables(text: &str) -> Result<String, String> {
    let mut out = String::with_capacity(text.len());
    let mut quote = None;
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        rest = &rest[next.len_utf8()..];
        match (next, quote) {
            ('$', None) => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c)));
                let (name, tail) = rest.split_at(end.unwrap_or(rest.len()));
                if name != "USER" {
                    return Err(format!("there is no variable ${name}, only $USER"));
                }
                out.push_str(&format!("'{USER}'"));
                rest = tail;
                continue;
            }
            ('\u{1}', _) => return Err("it holds a character that no text may have".to_owned()),
            ('\'' | '"', None) => quote = Some(next),
            (_, Some(open)) if open == next => quote = None,
            _ => {}
        }
        out.push(next);
    }
    Ok(out)
}

/// The module of a prefix.
fn module(schema: &Schema, prefix: &str) -> Option<ModuleId> {
    schema.find_module(prefix).or_else(|| {
        let mut named = schema.modules().filter(|(_, m)| m.implemented && schema.str(m.prefix) == prefix);
        // Two modules of one prefix: neither is meant.
        let (first, second) = (named.next(), named.next());
        first.filter(|_| second.is_none()).map(|(id, _)| id)
    })
}

/// A data node or action, past choices and cases.
fn child<'s>(at: NodeRef<'s>, module: ModuleId, name: &str) -> Option<NodeRef<'s>> {
    at.data_child(module, name).or_else(|| {
        at.children().find(|child| {
            matches!(child.kind(), NodeKind::Action | NodeKind::Notification)
                && child.module() == module
                && child.name() == name
        })
    })
}

fn read_predicate(
    schema: &Schema,
    node: NodeRef<'_>,
    predicate: &Expr,
    place: &mut Place,
) -> Result<(), String> {
    let wrong = || format!("a predicate of {} is not key = 'value' or key = $USER", node.name());
    let Expr::Compare(CompareOp::Equal, left, right) = predicate else { return Err(wrong()) };
    let (Expr::Path(path), Expr::Literal(literal)) = (&**left, &**right) else { return Err(wrong()) };
    let [Step { axis, test, predicates }] = path.steps.as_slice() else { return Err(wrong()) };
    if path.absolute || !predicates.is_empty() {
        return Err(wrong());
    }
    let value = |leaf: NodeRef<'_>| -> Result<Wanted, String> {
        if &**literal == USER {
            return Ok(Wanted::User);
        }
        let ty = leaf.type_().ok_or_else(wrong)?;
        let value = Value::parse(schema, ty.id(), literal, &CanonicalNames(schema));
        value.map(Wanted::Value).map_err(|e| e.to_string())
    };
    match (axis, test) {
        (Axis::SelfAxis, NodeTest::Node) if node.kind() == NodeKind::LeafList => {
            place.value = Some(value(node)?);
        }
        (Axis::Child, NodeTest::Name { module, name }) => {
            let module = module.unwrap_or_else(|| node.module());
            let found = node.keys().enumerate().find(|(_, k)| k.module() == module && k.name() == &**name);
            let Some((nth, key)) = found else {
                return Err(format!("{} has no key {name}", node.name()));
            };
            place.keys.push((nth, value(key)?));
        }
        _ => return Err(wrong()),
    }
    Ok(())
}
