//! YIN to statements (RFC 7950 section 13.1). The places of statements are those in the XML.

use super::xml::{Attribute, Fault, Scanner, Token, decode};
use super::{NAMESPACE, mapping};
use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use crate::syntax::{Argument, MAX_DEPTH, MAX_FAULTS, Place, Tree, TreeBuilder, check_characters};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;
use std::sync::Arc;
use yang_schema::{FileId, Span, YangVersion};

/// The statements of a YIN module, and what is wrong with it. XML that is not well-formed is not read any further.
pub(crate) fn parse(file: FileId, text: Arc<str>) -> (Tree, Diagnostics) {
    let mut reader = Reader {
        file,
        text: &text,
        scanner: Scanner::new(&text),
        builder: TreeBuilder::default(),
        diagnostics: Diagnostics::default(),
        faults: 0,
        frames: Vec::new(),
        namespaces: HashMap::new(),
        root_prefixes: BTreeMap::new(),
        extended: Vec::new(),
        rooted: false,
    };
    if let Err(Fault { at, message }) = reader.document() {
        reader.fault(Code::InvalidXml, at, message);
    }
    reader.name_extensions();
    let Reader { builder, mut diagnostics, .. } = reader;
    let tree = builder.finish(file, text);
    let root = tree.top().next();
    if root.is_some_and(|r| crate::grammar::version(r) == YangVersion::V1_1) {
        check_characters(file, tree.text(), YangVersion::V1_1, &mut diagnostics);
    }
    (tree, diagnostics)
}

/// What an open element is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// A statement of YANG.
    Core(Keyword),
    /// A statement of an extension.
    Extension,
    /// The argument of the statement around it.
    Argument,
    /// Not understood; it was said.
    Ignored,
}

struct Frame<'t> {
    role: Role,
    name: &'t str,
    namespace: Rc<str>,
    /// The prefixes that its tag binds.
    bound: Vec<&'t str>,
    /// Has it elements below it?
    children: bool,
    /// May it be the argument of the extension's statement around it? It is, if it holds text.
    candidate: bool,
    value: Value,
}

/// The characters of an element.
#[derive(Default)]
struct Value {
    /// They are this part of the text, if they are one.
    place: Option<Place>,
    /// They are these, if they are not.
    owned: Option<String>,
    /// They are more than blanks, or were marked as text.
    counts: bool,
}

struct Reader<'t> {
    file: FileId,
    text: &'t str,
    scanner: Scanner<'t>,
    builder: TreeBuilder,
    diagnostics: Diagnostics,
    faults: usize,
    frames: Vec<Frame<'t>>,
    /// What each prefix is bound to, the innermost last.
    namespaces: HashMap<&'t str, Vec<Rc<str>>>,
    /// What the root binds.
    root_prefixes: BTreeMap<&'t str, Rc<str>>,
    /// Statements of extensions: the record, its prefix in the XML, its namespace.
    extended: Vec<(u32, &'t str, Rc<str>)>,
    rooted: bool,
}

impl<'t> Reader<'t> {
    fn fault(&mut self, code: Code, (start, end): Place, message: impl Into<String>) {
        self.faults += 1;
        if self.faults <= MAX_FAULTS {
            self.diagnostics.push(Diagnostic::error(code, Span { file: self.file, start, end }, message));
        }
    }

    fn part(&self, (start, end): Place) -> &'t str {
        &self.text[start as usize..end as usize]
    }

    fn document(&mut self) -> Result<(), Fault> {
        if u32::try_from(self.text.len()).is_ok_and(|n| n >= crate::syntax::MAX_LENGTH) {
            return Err(Fault { at: (0, 0), message: "a text as long as this is not supported".to_owned() });
        }
        while let Some(token) = self.scanner.next()? {
            match token {
                Token::Open { name, end, empty } => {
                    self.open(name)?;
                    if empty {
                        self.close(end);
                    }
                }
                Token::Close { name, start, end } => {
                    let found = self.part(name);
                    match self.frames.last() {
                        Some(frame) if frame.name == found => self.close(end),
                        open => {
                            let message = match open {
                                Some(frame) => format!("expected `</{}>`, found `</{found}>`", frame.name),
                                None => format!("`</{found}>` closes nothing"),
                            };
                            return Err(Fault { at: (start, end), message });
                        }
                    }
                }
                Token::Text(place) => self.characters(place, false)?,
                Token::Literal(place) => self.characters(place, true)?,
            }
        }
        let end = self.text.len() as u32;
        match self.frames.last() {
            Some(frame) => Err(Fault {
                at: (end, end),
                message: format!("the document ends inside of `{}`", frame.name),
            }),
            None if !self.rooted => {
                Err(Fault { at: (0, 0), message: "there is no element in this document".to_owned() })
            }
            None => Ok(()),
        }
    }

    fn characters(&mut self, place: Place, literal: bool) -> Result<(), Fault> {
        let text = self.part(place);
        let blank = text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'));
        let Some(frame) = self.frames.last_mut() else {
            if blank && !literal {
                return Ok(());
            }
            return Err(Fault { at: place, message: "text outside of the root element".to_owned() });
        };
        match frame.role {
            Role::Ignored => return Ok(()),
            Role::Argument => {}
            Role::Extension if frame.candidate && !frame.children => {}
            _ if blank && !literal => return Ok(()),
            _ => {
                let message = format!("text in `{}`, where statements stand", frame.name);
                self.fault(Code::InvalidYin, place, message);
                return Ok(());
            }
        }
        frame.value.counts |= literal || !blank;
        let plain = if literal { !text.contains('\r') } else { !text.contains(['&', '\r']) };
        if plain && frame.value.place.is_none() && frame.value.owned.is_none() {
            frame.value.place = Some(place);
            return Ok(());
        }
        let mut owned = frame.value.owned.take().unwrap_or_default();
        if let Some((start, end)) = frame.value.place.take() {
            owned.push_str(&self.text[start as usize..end as usize]);
        }
        if literal {
            owned.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
        } else {
            decode(text, place.0, false, &mut owned)?;
        }
        frame.value.owned = Some(owned);
        Ok(())
    }

    fn open(&mut self, name: Place) -> Result<(), Fault> {
        let attributes = self.scanner.attributes().to_vec();
        let mut seen = BTreeSet::new();
        let mut bound = Vec::new();
        let mut own = Vec::new();
        for attribute in &attributes {
            let key = self.part(attribute.name);
            if !seen.insert(key) {
                return Err(Fault { at: attribute.name, message: format!("a second attribute `{key}`") });
            }
            match key.split_once(':') {
                None if key == "xmlns" => bound.push(self.bind("", *attribute)?),
                Some(("xmlns", prefix)) => bound.push(self.bind(prefix, *attribute)?),
                None => own.push(*attribute),
                Some(("xml", _)) => {}
                Some(_) => self.fault(
                    Code::InvalidYin,
                    attribute.name,
                    format!("`{key}`: the attribute of a statement has no namespace"),
                ),
            }
        }
        let qualified = self.part(name);
        let (prefix, local) = qualified.split_once(':').unwrap_or(("", qualified));
        let namespace = match self.namespaces.get(prefix).and_then(|uris| uris.last()) {
            Some(uri) => uri.clone(),
            None if prefix.is_empty() => Rc::from(""),
            None => return Err(Fault { at: name, message: format!("the prefix `{prefix}` is not bound") }),
        };
        if self.frames.is_empty() {
            if self.rooted {
                return Err(Fault { at: name, message: "a second root element".to_owned() });
            }
            self.rooted = true;
            let innermost = bound.iter().filter_map(|p| Some((*p, self.namespaces.get(p)?.last()?.clone())));
            self.root_prefixes = innermost.collect();
        }
        if self.frames.len() > MAX_DEPTH {
            self.fault(Code::NestingTooDeep, name, format!("elements are nested more than {MAX_DEPTH} deep"));
            return Err(Fault { at: name, message: "the rest of the file is not read".to_owned() });
        }
        let role = self.role(name, local, &namespace);
        let mut frame = Frame {
            role,
            name: qualified,
            namespace: namespace.clone(),
            bound,
            children: false,
            candidate: false,
            value: Value::default(),
        };
        if let Some(parent) = self.frames.last_mut() {
            let first = !parent.children;
            parent.children = true;
            frame.candidate = first
                && role == Role::Extension
                && parent.role == Role::Extension
                && own.is_empty()
                && parent.namespace == namespace
                && !self.builder.has_argument();
        }
        match role {
            Role::Core(keyword) => {
                let local_start = name.1 - local.len() as u32;
                self.builder.open(keyword, (local_start, name.1));
                self.core_argument(keyword, &own)?;
            }
            Role::Extension => {
                let record = self.builder.open(Keyword::Extended, name);
                self.extended.push((record, prefix, namespace));
                if let Some(attribute) = own.first() {
                    let argument = self.attribute_value(*attribute)?;
                    self.builder.argument(argument);
                }
                if let Some(second) = own.get(1) {
                    self.fault(Code::InvalidYin, second.name, "an extension takes one argument at most");
                }
            }
            Role::Ignored => {}
            Role::Argument => {
                for attribute in own {
                    let message = format!("`{}` has no attribute", self.part(name));
                    self.fault(Code::InvalidYin, attribute.name, message);
                }
            }
        }
        self.frames.push(frame);
        Ok(())
    }

    /// Binds a prefix for the element that is being opened.
    fn bind(&mut self, prefix: &'t str, attribute: Attribute) -> Result<&'t str, Fault> {
        let mut uri = String::new();
        decode(self.part(attribute.value), attribute.value.0, true, &mut uri)?;
        let reserved = matches!(prefix, "xml" | "xmlns")
            || matches!(&*uri, "http://www.w3.org/XML/1998/namespace" | "http://www.w3.org/2000/xmlns/");
        if reserved || (uri.is_empty() && !prefix.is_empty()) {
            return Err(Fault {
                at: attribute.name,
                message: format!("`{prefix}` cannot be bound to `{uri}`"),
            });
        }
        self.namespaces.entry(prefix).or_default().push(uri.into());
        Ok(prefix)
    }

    fn role(&mut self, name: Place, local: &str, namespace: &str) -> Role {
        let parent = self.frames.last();
        if let Some(parent) = parent {
            match parent.role {
                Role::Ignored => return Role::Ignored,
                Role::Argument => {
                    let message = format!("`{}` stands inside of an argument", self.part(name));
                    self.fault(Code::InvalidYin, name, message);
                    return Role::Ignored;
                }
                Role::Extension if parent.value.counts => {
                    let message = "text and elements are mixed".to_owned();
                    self.fault(Code::InvalidYin, name, message);
                    return Role::Ignored;
                }
                Role::Core(keyword) if namespace == NAMESPACE => {
                    let is_argument = matches!(mapping::argument(keyword), Some((n, true)) if n == local);
                    // `value` is the argument of `error-message`, and a statement elsewhere.
                    if is_argument && !parent.children {
                        return Role::Argument;
                    }
                    if is_argument {
                        let message =
                            format!("`{local}` is not the first element below `{}`", keyword.text());
                        self.fault(Code::InvalidYin, name, message);
                        return Role::Ignored;
                    }
                }
                _ => {}
            }
        }
        if namespace == NAMESPACE {
            return Role::Core(Keyword::from_text(local));
        }
        if namespace.is_empty() {
            let message = format!("`{local}` has no namespace; that of YIN is `{NAMESPACE}`");
            self.fault(Code::InvalidYin, name, message);
            return Role::Ignored;
        }
        if self.frames.is_empty() {
            let message = format!("the root is `module` or `submodule` in the namespace `{NAMESPACE}`");
            self.fault(Code::InvalidYin, name, message);
            return Role::Ignored;
        }
        Role::Extension
    }

    fn attribute_value(&mut self, attribute: Attribute) -> Result<Argument, Fault> {
        let text = self.part(attribute.value);
        if !text.contains(['&', '\r', '\n', '\t']) {
            return Ok(Argument::Place(attribute.value));
        }
        let mut value = String::with_capacity(text.len());
        decode(text, attribute.value.0, true, &mut value)?;
        Ok(Argument::Text(value, attribute.value))
    }

    fn core_argument(&mut self, keyword: Keyword, attributes: &[Attribute]) -> Result<(), Fault> {
        let expected = mapping::argument(keyword).filter(|(_, element)| !element).map(|(name, _)| name);
        for &attribute in attributes {
            let found = self.part(attribute.name);
            if Some(found) == expected {
                let argument = self.attribute_value(attribute)?;
                self.builder.argument(argument);
            } else if keyword != Keyword::Unknown {
                let message = match mapping::argument(keyword) {
                    None => format!("`{}` has no argument", keyword.text()),
                    Some((name, true)) => {
                        format!("the argument of `{}` is the element `{name}`", keyword.text())
                    }
                    Some((name, false)) => {
                        format!("the argument of `{}` is `{name}`, not `{found}`", keyword.text())
                    }
                };
                self.fault(Code::InvalidYin, attribute.name, message);
            }
        }
        Ok(())
    }

    /// Closes the innermost element; it ends before a byte.
    fn close(&mut self, end: u32) {
        let Some(frame) = self.frames.pop() else { return };
        for prefix in &frame.bound {
            if let Some(uris) = self.namespaces.get_mut(prefix) {
                uris.pop();
            }
        }
        let Value { place, owned, counts } = frame.value;
        let at = place.unwrap_or((end, end));
        let argument = match owned {
            Some(text) => Argument::Text(text, at),
            None => Argument::Place(at),
        };
        match frame.role {
            Role::Ignored => {}
            Role::Argument => self.builder.argument(argument),
            Role::Extension if frame.candidate && counts && !frame.children => {
                self.builder.take_back();
                self.extended.pop();
                self.builder.argument(argument);
            }
            Role::Core(_) | Role::Extension => self.builder.close(end),
        }
    }

    /// In YANG, an extension's keyword has the prefix by which the module knows the extension's module. In YIN only the
    /// namespace counts.
    fn name_extensions(&mut self) {
        let (own, declared) = self.builder.prefixes(self.text);
        for (record, prefix, namespace) in std::mem::take(&mut self.extended) {
            let known = |p: &str| declared.contains(p);
            let mut bound = self.root_prefixes.iter().filter(|(_, uri)| **uri == namespace).map(|(p, _)| *p);
            let right = match bound.find(|p| known(p)) {
                _ if known(prefix) => prefix,
                Some(p) => p,
                None if own.as_ref().is_some_and(|(_, uri)| **uri == *namespace) => {
                    own.as_ref().map_or("", |(p, _)| p)
                }
                None => {
                    let place = self.builder.keyword_place(record);
                    let message = format!("no `import` has a prefix that is bound to `{namespace}`");
                    self.fault(Code::InvalidYin, place, message);
                    continue;
                }
            };
            if right != prefix {
                self.builder.rename(record, right, self.text);
            }
            let place = self.builder.keyword_place(record);
            self.builder.namespace(right, &namespace, place);
        }
    }
}
