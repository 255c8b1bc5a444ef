//! The core library (XPath 1.0 section 4) and the functions of RFC 7950 section 10.

use super::evaluate::{Evaluator, Focus};
use super::{EvaluationError, Node, XPathValue, convert, leafref_targets};
use std::collections::HashMap;
use yang_schema::pattern;
use yang_schema::xpath::{Expr, Function};
use yang_schema::{IdentityId, TypeDetail, TypeRef, Value};

impl<'v> Evaluator<'_, 'v> {
    /// A function call. The parser has counted the arguments.
    pub(super) fn call(
        &self,
        function: Function,
        arguments: &[Expr],
        focus: &Focus<'v>,
    ) -> Result<XPathValue<'v>, EvaluationError> {
        let nodes = |i: usize| self.nodes(&arguments[i], focus, function.name());
        let string = |i: usize| self.string(&arguments[i], focus);
        let number = |i: usize| self.number(&arguments[i], focus);
        // Functions that take the context node where they are given nothing.
        let string_or_context = || match arguments {
            [] => {
                self.charge_node(&focus.node)?;
                Ok(focus.node.string(self.names).into_owned())
            }
            _ => string(0),
        };
        let node_or_context = || match arguments {
            [] => Ok(Some(focus.node.clone())),
            _ => nodes(0).map(|nodes| nodes.into_iter().next()),
        };
        Ok(match function {
            Function::Last => XPathValue::Number(focus.size as f64),
            Function::Position => XPathValue::Number(focus.position as f64),
            Function::Count => XPathValue::Number(self.count(&arguments[0], focus)? as f64),
            // Data has no attributes, hence no ids.
            Function::Id => {
                self.value(&arguments[0], focus)?;
                XPathValue::Nodes(Vec::new())
            }
            Function::LocalName => XPathValue::String(named(node_or_context()?, |n| n.name().to_owned())),
            Function::NamespaceUri => {
                XPathValue::String(named(node_or_context()?, |n| n.namespace().to_owned()))
            }
            Function::Name => XPathValue::String(named(node_or_context()?, |n| {
                let prefix = self.names.prefix(n.module());
                format!("{}:{}", prefix.as_deref().unwrap_or_else(|| n.module_name()), n.name())
            })),
            Function::String => XPathValue::String(string_or_context()?),
            Function::Concat => {
                let mut out = String::new();
                for i in 0..arguments.len() {
                    out.push_str(&string(i)?);
                }
                XPathValue::String(out)
            }
            Function::StartsWith => XPathValue::Boolean(string(0)?.starts_with(&string(1)?)),
            Function::Contains => XPathValue::Boolean(string(0)?.contains(&string(1)?)),
            Function::SubstringBefore => {
                let text = string(0)?;
                XPathValue::String(
                    text.split_once(&string(1)?).map_or_else(String::new, |(a, _)| a.to_owned()),
                )
            }
            Function::SubstringAfter => {
                let text = string(0)?;
                XPathValue::String(
                    text.split_once(&string(1)?).map_or_else(String::new, |(_, b)| b.to_owned()),
                )
            }
            Function::Substring => {
                let length = if arguments.len() > 2 { Some(number(2)?) } else { None };
                XPathValue::String(substring(&string(0)?, number(1)?, length))
            }
            Function::StringLength => XPathValue::Number(string_or_context()?.chars().count() as f64),
            Function::NormalizeSpace => {
                let text = string_or_context()?;
                let words = text.split([' ', '\t', '\r', '\n']).filter(|w| !w.is_empty());
                XPathValue::String(words.collect::<Vec<_>>().join(" "))
            }
            Function::Translate => XPathValue::String(translate(&string(0)?, &string(1)?, &string(2)?)),
            Function::Boolean => XPathValue::Boolean(self.boolean(&arguments[0], focus)?),
            Function::Not => XPathValue::Boolean(!self.boolean(&arguments[0], focus)?),
            Function::True => XPathValue::Boolean(true),
            Function::False => XPathValue::Boolean(false),
            // Data has no `xml:lang`.
            Function::Lang => XPathValue::Boolean(false),
            Function::Number => XPathValue::Number(match arguments {
                [] => {
                    self.charge_node(&focus.node)?;
                    focus.node.number(self.names)
                }
                _ => number(0)?,
            }),
            Function::Sum => {
                if let Some(sum) = self.total(&arguments[0], focus)?.and_then(|total| total.sum()) {
                    return Ok(XPathValue::Number(sum));
                }
                // Not `Iterator::sum`, which makes negative zero of nothing.
                let nodes = nodes(0)?;
                nodes.iter().try_for_each(|n| self.charge_node(n))?;
                XPathValue::Number(nodes.iter().map(|n| n.number(self.names)).fold(0.0, |a, b| a + b))
            }
            Function::Floor => XPathValue::Number(number(0)?.floor()),
            Function::Ceiling => XPathValue::Number(number(0)?.ceil()),
            Function::Round => XPathValue::Number(convert::round(number(0)?)),
            Function::Current => XPathValue::Nodes(vec![Node::element(self.current.clone())]),
            Function::ReMatch => XPathValue::Boolean(pattern::kept(&string(1)?)?.try_match(&string(0)?)?),
            Function::Deref => {
                let first = nodes(0)?.into_iter().next();
                XPathValue::Nodes(first.map_or(Ok(Vec::new()), |n| self.deref(&n))?)
            }
            Function::DerivedFrom => XPathValue::Boolean(self.derived_from(&nodes(0)?, &string(1)?, false)),
            Function::DerivedFromOrSelf => {
                XPathValue::Boolean(self.derived_from(&nodes(0)?, &string(1)?, true))
            }
            Function::EnumValue => XPathValue::Number(nodes(0)?.first().map_or(f64::NAN, enum_value)),
            Function::BitIsSet => {
                let name = string(1)?;
                XPathValue::Boolean(nodes(0)?.first().is_some_and(|n| bit_is_set(n, &name)))
            }
        })
    }

    /// The node that a leafref or instance-identifier refers to (section 10.3.1).
    fn deref(&self, node: &Node<'v>) -> Result<Vec<Node<'v>>, EvaluationError> {
        let cursor = &node.cursor;
        let (Some(ty), Some(value)) = (cursor.node().type_(), cursor.value()) else { return Ok(Vec::new()) };
        if let Value::InstanceIdentifier(id) = value {
            return Ok(cursor.view().find(id).map(Node::element).into_iter().collect());
        }
        // Of a union's leafrefs the first that refers to something.
        let mut stack = vec![ty];
        while let Some(ty) = stack.pop() {
            match ty.detail() {
                TypeDetail::Leafref { path, .. } => {
                    let targets = leafref_targets(cursor, *path, value)?;
                    if !targets.is_empty() {
                        return Ok(targets.into_iter().map(Node::element).collect());
                    }
                }
                TypeDetail::Union { .. } => {
                    let from = stack.len();
                    stack.extend(ty.members());
                    stack[from..].reverse();
                }
                _ => {}
            }
        }
        Ok(Vec::new())
    }

    /// Has any of the nodes an identity derived from the named one (section 10.4)?
    fn derived_from(&self, nodes: &[Node<'v>], base: &str, or_self: bool) -> bool {
        let schema = self.current.schema();
        let (module, name) = match base.split_once(':') {
            Some((prefix, name)) => (self.names.module(prefix), name),
            None => (self.names.default_module(), base),
        };
        let Some(base) = module.and_then(|module| schema.find_identity(module, name)) else { return false };
        let is_derived = |id: IdentityId| (or_self && id == base) || schema.is_derived_from(id, base);
        nodes.iter().any(|n| matches!(n.cursor.value(), Some(Value::Identity(id)) if is_derived(*id)))
    }
}

/// Something about the schema node of the first node; the root and text have no name.
fn named<'v>(node: Option<Node<'v>>, what: impl FnOnce(yang_schema::NodeRef<'v>) -> String) -> String {
    node.filter(|n| !n.text && !n.cursor.is_root()).map_or_else(String::new, |n| what(n.cursor.node()))
}

/// Characters whose position, from 1, is at least `start` and less than `start + length`, both rounded: so not-a-number and
/// infinities have their meaning (section 4.2).
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let start = convert::round(start);
    let end = length.map_or(f64::INFINITY, |length| start + convert::round(length));
    let inside = |i: usize| {
        let position = (i + 1) as f64;
        position >= start && position < end
    };
    text.chars().enumerate().filter(|(i, _)| inside(*i)).map(|(_, c)| c).collect()
}

/// Each character of `from` becomes that of `to` at the same place; without one it is dropped. Of a character that stands in
/// `from` twice the first counts. It costs the sum of the lengths.
fn translate(text: &str, from: &str, to: &str) -> String {
    let mut into: HashMap<char, Option<char>> = HashMap::new();
    let mut to = to.chars();
    for c in from.chars() {
        let place = to.next();
        into.entry(c).or_insert(place);
    }
    text.chars().filter_map(|c| into.get(&c).map_or(Some(c), |to| *to)).collect()
}

/// The value of the enum (section 10.5.1).
fn enum_value(node: &Node<'_>) -> f64 {
    match node.cursor.value() {
        Some(Value::Enumeration(ty, i)) => match node.cursor.schema().type_(*ty).detail() {
            TypeDetail::Enumeration(items) => {
                items.get(*i as usize).map_or(f64::NAN, |item| f64::from(item.value))
            }
            _ => f64::NAN,
        },
        _ => f64::NAN,
    }
}

/// Is the bit among those set (section 10.6.1)?
fn bit_is_set(node: &Node<'_>, name: &str) -> bool {
    let schema = node.cursor.schema();
    let Some(Value::Bits(ty, set)) = node.cursor.value() else { return false };
    let ty: TypeRef<'_> = schema.type_(*ty);
    match ty.detail() {
        TypeDetail::Bits(items) => {
            set.iter().filter_map(|&i| items.get(i as usize)).any(|item| schema.str(item.name) == name)
        }
        _ => false,
    }
}
