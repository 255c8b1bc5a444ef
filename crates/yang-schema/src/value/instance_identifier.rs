//! `instance-identifier` (RFC 7950 section 9.13; in JSON RFC 7951 section 6.11).

use super::seen::shown;
use super::{
    InstanceIdentifier, InstanceSelector, InstanceStep, NameResolver, Notation, TypeSource, Value,
    ValueError, ValueErrorKind,
};
use crate::{ModuleId, NodeId, NodeKind};
use std::fmt::Write as _;

/// `instance-identifier` of RFC 7950 section 14, resolved against the schema: whether the instance exists is for
/// validation to say.
pub(super) fn parse(
    types: &dyn TypeSource,
    text: &str,
    names: &dyn NameResolver,
) -> Result<InstanceIdentifier, ValueError> {
    let mut parser = Parser { types, names, text, at: 0 };
    let mut steps: Vec<InstanceStep> = Vec::new();
    let mut module = None;
    while parser.eat("/") {
        let above = steps.last().map_or(NodeId::ROOT, |s| s.node);
        let node = parser.node(above, &mut module)?;
        let selector = parser.selector(node)?;
        steps.push(InstanceStep { node, selector });
    }
    match parser.rest() {
        "" if !steps.is_empty() => Ok(InstanceIdentifier { steps }),
        _ => Err(parser.error("expected `/`".to_owned())),
    }
}

struct Parser<'a> {
    types: &'a dyn TypeSource,
    names: &'a dyn NameResolver,
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
    }

    fn error(&self, what: String) -> ValueError {
        let detail = match self.rest() {
            "" => format!("{what}, but {} ends there", shown(self.text)),
            rest => format!("{what} in an instance-identifier at {}", shown(rest)),
        };
        ValueError::new(ValueErrorKind::InstanceIdentifier, detail)
    }

    fn expect(&mut self, token: &str) -> Result<(), ValueError> {
        if self.eat(token) { Ok(()) } else { Err(self.error(format!("expected `{token}`"))) }
    }

    fn identifier(&mut self) -> Result<&'a str, ValueError> {
        let rest = self.rest();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
            .unwrap_or(rest.len());
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
            return Err(self.error("expected a name".to_owned()));
        }
        self.at += end;
        Ok(&rest[..end])
    }

    /// A name and its module. In XML every name carries a prefix; in JSON a name without one belongs to the module of the
    /// node before it, and the first carries one.
    fn name(&mut self, inherited: Option<ModuleId>) -> Result<(ModuleId, &'a str), ValueError> {
        let start = self.at;
        let first = self.identifier()?;
        if self.eat(":") {
            let name = self.identifier()?;
            let module = self.names.module(first).ok_or_else(|| {
                self.at = start;
                self.error(format!("{} stands for no known module", shown(first)))
            })?;
            return Ok((module, name));
        }
        let module = match self.names.notation() {
            Notation::Xml => None,
            Notation::Module => inherited.or_else(|| self.names.module("")),
            Notation::Json(_) | Notation::Canonical => inherited,
        };
        module.map(|m| (m, first)).ok_or_else(|| {
            self.at = start;
            self.error("a name without prefix".to_owned())
        })
    }

    fn node(&mut self, above: NodeId, module: &mut Option<ModuleId>) -> Result<NodeId, ValueError> {
        let start = self.at;
        let (found, name) = self.name(*module)?;
        *module = Some(found);
        self.types.data_child_of(above, found, name).ok_or_else(|| {
            self.at = start;
            self.error("no such node".to_owned())
        })
    }

    /// The predicates of a step. Entries of a list and a leaf-list must be picked; nothing else may be.
    fn selector(&mut self, node: NodeId) -> Result<InstanceSelector, ValueError> {
        let info = self.types.node_info(node);
        match info.kind {
            NodeKind::List if info.keys.is_empty() => {
                self.expect("[")?;
                self.space();
                let rest = self.rest();
                let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
                let position = match digits.parse::<u64>() {
                    Ok(n) if n > 0 && !digits.starts_with('0') => n,
                    _ => return Err(self.error("expected the position of an entry, from 1".to_owned())),
                };
                self.at += digits.len();
                self.space();
                self.expect("]")?;
                Ok(InstanceSelector::Position(position))
            }
            NodeKind::List => self.keys(info.module, info.keys),
            NodeKind::LeafList => {
                self.expect("[")?;
                self.space();
                self.expect(".")?;
                let value = self.equals(node)?;
                Ok(InstanceSelector::Value(value))
            }
            _ => Ok(InstanceSelector::Only),
        }
    }

    fn keys(&mut self, list_module: ModuleId, keys: &[NodeId]) -> Result<InstanceSelector, ValueError> {
        let mut values: Vec<Option<Value>> = vec![None; keys.len()];
        while self.eat("[") {
            self.space();
            let start = self.at;
            let (module, name) = self.name(Some(list_module))?;
            let key = keys.iter().position(|&key| {
                let info = self.types.node_info(key);
                info.module == module && self.types.text(info.name) == name
            });
            let Some(i) = key else {
                self.at = start;
                return Err(self.error("not a key of the list".to_owned()));
            };
            if values[i].is_some() {
                self.at = start;
                return Err(self.error("a second value for the same key".to_owned()));
            }
            values[i] = Some(self.equals(keys[i])?);
        }
        let missing = values.iter().position(Option::is_none);
        if let Some(i) = missing {
            let name = self.types.text(self.types.node_info(keys[i]).name);
            return Err(self.error(format!("expected a predicate for the key {name}")));
        }
        Ok(InstanceSelector::Keys(values.into_iter().flatten().collect()))
    }

    /// `= "value"]`
    fn equals(&mut self, leaf: NodeId) -> Result<Value, ValueError> {
        self.space();
        self.expect("=")?;
        self.space();
        let quote = if self.eat("'") {
            '\''
        } else if self.eat("\"") {
            '"'
        } else {
            return Err(self.error("expected a quoted string".to_owned()));
        };
        let rest = self.rest();
        let Some(end) = rest.find(quote) else {
            return Err(self.error(format!("expected a closing {quote}")));
        };
        let value = self.key_value(leaf, &rest[..end])?;
        self.at += end + 1;
        self.space();
        self.expect("]")?;
        Ok(value)
    }

    /// Predicates hold strings whatever the type, so JSON's kinds do not count here.
    fn key_value(&self, leaf: NodeId, text: &str) -> Result<Value, ValueError> {
        let ty = self.types.node_info(leaf).type_id;
        let ty = ty.ok_or_else(|| self.error("a node without a type".to_owned()))?;
        let quoted = Quoted(self.names);
        Value::parse(self.types, ty, text, &quoted).map_err(|e| {
            let name = self.types.text(self.types.node_info(leaf).name);
            ValueError::new(ValueErrorKind::InstanceIdentifier, format!("{name}: {}", e.detail))
        })
    }
}

/// Names as around the predicate; the text as in XML, where everything is a string.
struct Quoted<'a>(&'a dyn NameResolver);

impl NameResolver for Quoted<'_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        self.0.module(prefix)
    }

    fn notation(&self) -> Notation {
        match self.0.notation() {
            Notation::Xml => Notation::Xml,
            _ => Notation::Canonical,
        }
    }
}

impl InstanceIdentifier {
    /// The nodes that a text names, as a value of the type would name them.
    ///
    /// # Errors
    /// It is no such text, or names what the schema does not have.
    pub fn parse(types: &dyn TypeSource, text: &str, names: &dyn NameResolver) -> Result<Self, ValueError> {
        parse(types, text, names)
    }

    /// The text. Module names stand where RFC 7951 section 6.11 wants them, or before every name.
    pub fn print(&self, types: &dyn TypeSource, every_name: bool) -> String {
        let mut out = String::new();
        let mut module = None;
        for step in &self.steps {
            let info = types.node_info(step.node);
            out.push('/');
            push_name(
                &mut out,
                types,
                info.module,
                types.text(info.name),
                every_name || module != Some(info.module),
            );
            module = Some(info.module);
            let text = |value: &Value| {
                let text = if every_name { value.qualified(types) } else { value.canonical(types) };
                quoted(&text)
            };
            match &step.selector {
                InstanceSelector::Only => {}
                InstanceSelector::Position(n) => _ = write!(out, "[{n}]"),
                InstanceSelector::Value(value) => _ = write!(out, "[.={}]", text(value)),
                InstanceSelector::Keys(values) => {
                    for (&key, value) in info.keys.iter().zip(values) {
                        let key = types.node_info(key);
                        out.push('[');
                        push_name(
                            &mut out,
                            types,
                            key.module,
                            types.text(key.name),
                            every_name || key.module != info.module,
                        );
                        _ = write!(out, "={}]", text(value));
                    }
                }
            }
        }
        out
    }

    /// The modules of all names in it, each once, in the order of the text.
    pub fn modules(&self, types: &dyn TypeSource) -> Vec<ModuleId> {
        let mut found = Vec::new();
        let mut add = |module| {
            if !found.contains(&module) {
                found.push(module);
            }
        };
        for step in &self.steps {
            add(types.node_info(step.node).module);
            let values = match &step.selector {
                InstanceSelector::Keys(values) => values.as_slice(),
                InstanceSelector::Value(value) => std::slice::from_ref(value),
                InstanceSelector::Only | InstanceSelector::Position(_) => &[],
            };
            for value in values {
                value.modules(types).into_iter().for_each(&mut add);
            }
        }
        found
    }
}

fn push_name(out: &mut String, types: &dyn TypeSource, module: ModuleId, name: &str, qualified: bool) {
    if qualified {
        out.push_str(types.text(types.module_of(module).name));
        out.push(':');
    }
    out.push_str(name);
}

/// A string of XPath 1.0, which has no escapes. One with both kinds of quotes fits no instance-identifier; `concat` at least
/// says what is meant.
pub fn quoted(text: &str) -> String {
    if !text.contains('\'') {
        format!("'{text}'")
    } else if !text.contains('"') {
        format!("\"{text}\"")
    } else {
        format!("concat('{}')", text.replace('\'', "', \"'\", '"))
    }
}
