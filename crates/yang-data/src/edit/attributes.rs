//! The attributes of an edit: `operation` (RFC 6241 section 7.2), `insert`, `key` and `value` (RFC 7950 sections 7.7.9 and
//! 7.8.6), `default` (RFC 6243 section 5.3.2).

use super::{Insert, Operation};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Attribute, Form, Namespace};
use crate::tree::WITH_DEFAULTS;
use crate::tree::annotation::Annotation;
use crate::tree::names::attribute_value;
use yang_schema::{NodeKind, NodeRef, OrderedBy, Value};

const NETCONF: (&str, &str) = ("urn:ietf:params:xml:ns:netconf:base:1.0", "ietf-netconf");
const YANG: (&str, &str) = ("urn:ietf:params:xml:ns:yang:1", "yang");

/// What the attributes of a node say.
#[derive(Default)]
pub(super) struct Attributes {
    pub(super) operation: Option<Operation>,
    pub(super) insert: Option<Insert>,
    /// `default="true"`: the server's default is asked for, whatever stood there.
    pub(super) default: bool,
    /// Those that a module of the schema defines (RFC 7952). Others are unknown attributes.
    pub(super) annotations: Vec<Annotation>,
}

fn is_in(attribute: &Attribute<'_>, (uri, module): (&str, &str)) -> bool {
    match attribute.name.namespace {
        Namespace::Uri(u) => u == uri,
        Namespace::Module(m) => m == module,
        Namespace::Inherited => false,
    }
}

pub(super) fn parse(
    node: NodeRef<'_>,
    attributes: &[Attribute<'_>],
    path: &dyn Fn() -> String,
) -> Result<Attributes, DataError> {
    let mut found = Attributes::default();
    let (mut insert, mut anchor) = (None, None);
    let fail = |tag, name: &str, message: String| {
        DataError::new(tag, path(), message)
            .info(ErrorInfo::BadAttribute(name.to_owned()))
            .info(ErrorInfo::BadElement(node.name().to_owned()))
    };
    for attribute in attributes {
        let name = attribute.name.local;
        let value = attribute.value.as_ref();
        let bad = |message| Err(fail(ErrorTag::BadAttribute, name, message));
        if is_in(attribute, NETCONF) && name == "operation" {
            match Operation::from_name(value) {
                Some(operation) => found.operation = Some(operation),
                None => return bad(format!("{value:?} is no operation")),
            }
        } else if is_in(attribute, YANG) && name == "insert" && is_user_ordered(node) {
            insert = Some(value);
        } else if is_in(attribute, YANG) && name == anchor_name(node) && is_user_ordered(node) {
            anchor = Some((value, attribute.form));
        } else if is_in(attribute, WITH_DEFAULTS) && name == "default" && node.kind().has_value() {
            found.default = match value {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => return bad(format!("{value:?} is no boolean")),
            };
        } else if let Some(annotation) = Annotation::typed(node.schema(), attribute) {
            match annotation {
                Ok(annotation) => found.annotations.push(annotation),
                Err(error) => {
                    let mut fault = fail(ErrorTag::BadAttribute, name, error.message().to_owned());
                    fault.app_tag = error.app_tag;
                    return Err(fault);
                }
            }
        } else {
            let message = match attribute.name.namespace {
                Namespace::Uri("") if name == "operation" => {
                    format!("attribute `operation` must be in the namespace {}", NETCONF.0)
                }
                _ if is_in(attribute, YANG) => {
                    format!(
                        "attribute `{name}` does not fit `{}`, which is no user-ordered {}",
                        node.name(),
                        if name == "value" { "leaf-list" } else { "list" }
                    )
                }
                _ => format!("attribute `{name}` is not known here"),
            };
            return Err(fail(ErrorTag::UnknownAttribute, name, message));
        }
    }
    found.insert = match (insert, anchor) {
        (None, None) => None,
        (Some("first"), None) => Some(Insert::First),
        (Some("last"), None) => Some(Insert::Last),
        (Some(word @ ("before" | "after")), Some((anchor, form))) => {
            let anchor = parse_anchor(node, anchor, form)
                .map_err(|message| fail(ErrorTag::BadAttribute, anchor_name(node), message))?;
            Some(if word == "before" { Insert::Before(anchor) } else { Insert::After(anchor) })
        }
        (Some(word @ ("before" | "after")), None) => {
            let name = anchor_name(node);
            let message = format!("insert={word:?} needs the attribute `{name}`");
            return Err(fail(ErrorTag::MissingAttribute, name, message));
        }
        (Some("first" | "last") | None, Some(_)) => {
            let name = anchor_name(node);
            let message = format!("attribute `{name}` needs insert=\"before\" or insert=\"after\"");
            return Err(fail(ErrorTag::BadAttribute, name, message));
        }
        (Some(other), _) => {
            let message = format!("{other:?} is none of first, last, before, after");
            return Err(fail(ErrorTag::BadAttribute, "insert", message));
        }
    };
    Ok(found)
}

fn is_user_ordered(node: NodeRef<'_>) -> bool {
    matches!(node.kind(), NodeKind::List | NodeKind::LeafList) && node.ordered_by() == OrderedBy::User
}

fn anchor_name(node: NodeRef<'_>) -> &'static str {
    if node.kind() == NodeKind::LeafList { "value" } else { "key" }
}

/// The keys that `key` names, `[p:name='x'][p:name='y']`, or the value of `value`. Prefixes are those in scope of the element.
fn parse_anchor(node: NodeRef<'_>, text: &str, form: Form<'_>) -> Result<Vec<Value>, String> {
    if node.kind() == NodeKind::LeafList {
        return Ok(vec![attribute_value(node, text, form)?]);
    }
    let mut given = parse_predicates(text).ok_or_else(|| format!("{text:?} is no list of key predicates"))?;
    for (name, _) in &mut given {
        *name = key_name(node, name, form)?;
    }
    let mut keys = Vec::new();
    for key in node.keys() {
        let at = given.iter().position(|(name, _)| *name == key.name());
        let at = at.ok_or_else(|| format!("key `{}` is missing in {text:?}", key.name()))?;
        let value = attribute_value(key, &given.remove(at).1, form);
        keys.push(value.map_err(|e| format!("`{}`: {e}", key.name()))?);
    }
    match given.first() {
        Some((name, _)) => Err(format!("`{name}` is no key of list `{}`, or stands twice", node.name())),
        None => Ok(keys),
    }
}

/// The local part of a key's name. The keys of a list are all in its module: a prefix must stand for that (RFC 7950 section
/// 7.8.6).
fn key_name<'t>(node: NodeRef<'_>, name: &'t str, form: Form<'_>) -> Result<&'t str, String> {
    let Some((prefix, local)) = name.split_once(':') else { return Ok(name) };
    let fits = match form {
        Form::Xml(scope) => scope.namespace(prefix) == Some(node.namespace()),
        _ => prefix == node.module_name(),
    };
    if fits {
        Ok(local)
    } else {
        Err(format!("the prefix of `{name}` does not stand for {}", node.namespace()))
    }
}

/// Names, with their prefixes, and values: quoted, or the `concat` of quoted parts, for a value that has both kinds of quotes.
fn parse_predicates(text: &str) -> Option<Vec<(&str, String)>> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let inside = rest.strip_prefix('[')?;
        let (name, after) = inside.split_once('=')?;
        let (value, after) = parse_value(after.trim_start())?;
        found.push((name.trim(), value));
        rest = after.trim_start().strip_prefix(']')?.trim_start();
    }
    Some(found)
}

fn parse_value(text: &str) -> Option<(String, &str)> {
    let Some(parts) = text.strip_prefix("concat") else {
        return parse_quoted(text).map(|(value, rest)| (value.to_owned(), rest));
    };
    let mut rest = parts.trim_start().strip_prefix('(')?;
    let mut value = String::new();
    loop {
        let (part, after) = parse_quoted(rest.trim_start())?;
        value.push_str(part);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(more) => rest = more,
            None => return Some((value, rest.strip_prefix(')')?)),
        }
    }
}

fn parse_quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    text[1..].split_once(quote)
}
