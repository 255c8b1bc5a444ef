//! The element of an operation and its parameters, before anybody knows what they mean.

use crate::rpc_error::{QualifiedName, RpcError};
use crate::xml::{BASE_NAMESPACE, Scanner, Token, XmlError};
use std::ops::Range;
use yang_data::codec::{CodecError, Limits};
use yang_data::event::{Event, Inside, Source};
use yang_data::xml::{Reader, SliceSource};
use yang_schema::Schema;

/// An operation as it came.
pub(super) struct Request<'a> {
    pub(super) namespace: String,
    pub(super) name: &'a str,
    pub(super) document: &'a [u8],
    params: Vec<Param<'a>>,
    /// Does text stand beside the parameters?
    has_text: bool,
}

/// A parameter: a child element of the operation.
pub(super) struct Param<'a> {
    pub(super) namespace: String,
    pub(super) name: &'a str,
    /// Namespace, name and value.
    pub(super) attributes: Vec<(String, String, String)>,
    /// The prefixes in scope.
    pub(super) scope: Vec<(String, String)>,
    /// Its own character data.
    pub(super) text: String,
    /// Its child elements; only those that stand directly in it.
    pub(super) children: Vec<Child<'a>>,
    document: &'a [u8],
    /// The element in the document.
    span: Range<usize>,
}

/// An element in a parameter, which names a datastore, or holds something.
pub(super) struct Child<'a> {
    pub(super) namespace: String,
    pub(super) name: &'a str,
    /// The first element in it: its namespace and name.
    first: Option<(String, &'a str)>,
    /// Its own character data, if that is more than white space.
    text: String,
}

impl Child<'_> {
    /// Is it the element of a name in NETCONF's namespace?
    pub(super) fn is_base(&self, name: &str) -> bool {
        self.namespace == BASE_NAMESPACE && self.name == name
    }

    pub(super) fn qualified(&self) -> QualifiedName {
        QualifiedName::new(self.namespace.clone(), self.name)
    }
}

impl<'a> Request<'a> {
    /// Reads an operation. What stands in its parameters is only passed over.
    pub(super) fn read(document: &'a [u8]) -> Result<Self, RpcError> {
        Self::scan(document).map_err(|e| RpcError::malformed_message(e.to_string()))
    }

    fn scan(document: &'a [u8]) -> Result<Self, XmlError> {
        let mut scanner = Scanner::new(document)?;
        let mut request =
            Self { namespace: String::new(), name: "", document, params: Vec::new(), has_text: false };
        loop {
            match scanner.next()? {
                Token::Open { raw, span } => {
                    // What stands deeper is for whoever reads the parameter, and of a child the first element counts.
                    let depth = scanner.depth();
                    let last = request.params.last().and_then(|param| param.children.last());
                    if depth > 4 || depth == 4 && last.is_none_or(|child| child.first.is_some()) {
                        continue;
                    }
                    let (namespace, name) = scanner.scope().element(raw);
                    let namespace = namespace.into_owned();
                    match depth {
                        1 => (request.namespace, request.name) = (namespace, name),
                        2 => {
                            let scope = scanner.scope();
                            let attributes = scanner.attributes().iter().map(|a| {
                                let (prefix, local) = a.raw.split_once(':').unwrap_or(("", a.raw));
                                let namespace = if prefix.is_empty() { None } else { scope.resolve(prefix) };
                                (
                                    namespace.unwrap_or_default().to_owned(),
                                    local.to_owned(),
                                    a.value.to_string(),
                                )
                            });
                            request.params.push(Param {
                                attributes: attributes.collect(),
                                scope: scope.effective().map(|(p, u)| (p.to_owned(), u.to_owned())).collect(),
                                namespace,
                                name,
                                text: String::new(),
                                children: Vec::new(),
                                document,
                                span,
                            });
                        }
                        3 => {
                            if let Some(param) = request.params.last_mut() {
                                param.children.push(Child {
                                    namespace,
                                    name,
                                    first: None,
                                    text: String::new(),
                                });
                            }
                        }
                        _ => {
                            let child = request.params.last_mut().and_then(|param| param.children.last_mut());
                            if let Some(child) = child {
                                child.first.get_or_insert((namespace, name));
                            }
                        }
                    }
                }
                // The depth is that without the element that closes.
                Token::Close { span } if scanner.depth() == 1 => {
                    if let Some(param) = request.params.last_mut() {
                        param.span.end = span.end;
                    }
                }
                Token::Text(text) if scanner.depth() == 2 => {
                    if let Some(param) = request.params.last_mut()
                        && param.text.len() + text.len() <= 65_536
                    {
                        param.text.push_str(&text);
                    }
                }
                Token::Text(text) if scanner.depth() == 1 => request.has_text |= !is_layout(&text),
                Token::Text(text) if scanner.depth() == 3 => {
                    let child = request.params.last_mut().and_then(|param| param.children.last_mut());
                    if let Some(child) = child.filter(|c| !(c.text.is_empty() && is_layout(&text)))
                        && child.text.len() + text.len() <= 65_536
                    {
                        child.text.push_str(&text);
                    }
                }
                Token::End => return Ok(request),
                Token::Close { .. } | Token::Text(_) => {}
            }
        }
    }

    /// The name of the operation, for errors.
    pub(super) fn qualified(&self) -> QualifiedName {
        QualifiedName::new(self.namespace.clone(), self.name)
    }

    /// The second of its parameters, if it has more than one.
    pub(super) fn second(&self) -> Option<(String, String)> {
        self.params.get(1).map(|p| (p.namespace.clone(), p.name.to_owned()))
    }

    /// Is there a parameter of a name?
    pub(super) fn has(&self, namespace: &str, name: &str) -> bool {
        self.params.iter().any(|p| p.name == name && p.namespace == namespace)
    }

    /// Takes the parameter of a name in NETCONF's namespace. One that stands twice is an error.
    pub(super) fn take(&mut self, name: &str) -> Result<Option<Param<'a>>, RpcError> {
        self.take_in(BASE_NAMESPACE, name)
    }

    /// Takes the parameter of a name. One that stands twice is an error.
    pub(super) fn take_in(&mut self, namespace: &str, name: &str) -> Result<Option<Param<'a>>, RpcError> {
        let is_it = |p: &Param<'_>| p.name == name && p.namespace == namespace;
        let Some(at) = self.params.iter().position(is_it) else { return Ok(None) };
        let param = self.params.remove(at);
        if self.params.iter().any(is_it) {
            return Err(
                RpcError::bad_element(param.qualified()).message(format!("<{name}> stands more than once"))
            );
        }
        Ok(Some(param))
    }

    /// Takes a parameter that must be there.
    pub(super) fn require(&mut self, name: &str) -> Result<Param<'a>, RpcError> {
        let found = self.take(name)?;
        found.ok_or_else(|| {
            let elsewhere = self.params.iter().find(|p| p.name == name);
            let message = match elsewhere {
                Some(param) => format!(
                    "<{}> needs <{name}> of the namespace {BASE_NAMESPACE}; the one that is there is of {:?}",
                    self.name, param.namespace
                ),
                None => format!("<{}> needs <{name}>", self.name),
            };
            RpcError::missing_element(QualifiedName::base(name)).message(message)
        })
    }

    /// All parameters that are known have been taken: others are errors, and so is text between them.
    pub(super) fn finish(self, schema: &Schema) -> Result<(), RpcError> {
        if self.has_text {
            let message = format!("<{}> holds elements, no text", self.name);
            return Err(RpcError::bad_element(self.qualified()).message(message));
        }
        match self.params.first() {
            None => Ok(()),
            Some(param) => Err(param.unknown(schema, &self)),
        }
    }
}

impl<'a> Param<'a> {
    pub(super) fn qualified(&self) -> QualifiedName {
        QualifiedName::new(self.namespace.clone(), self.name)
    }

    /// It has no business here.
    fn unknown(&self, schema: &Schema, request: &Request<'_>) -> RpcError {
        let known = self.namespace.is_empty()
            || self.namespace == BASE_NAMESPACE
            || self.namespace == request.namespace
            || schema.find_namespace(&self.namespace).is_some();
        if known {
            RpcError::unknown_element(self.qualified())
                .message(format!("<{}> has no parameter <{}>", request.name, self.name))
        } else {
            RpcError::unknown_namespace(self.qualified(), self.namespace.clone())
                .message(format!("the namespace {:?} is not known here", self.namespace))
        }
    }

    /// An attribute without a namespace.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attribute_in("", name)
    }

    /// An attribute of a namespace.
    pub(super) fn attribute_in(&self, namespace: &str, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(ns, n, _)| ns == namespace && n == name);
        found.map(|(.., value)| value.as_str())
    }

    /// The one word that it holds.
    pub(super) fn word(&self) -> Result<&str, RpcError> {
        match self.children.first() {
            None => Ok(self.text.trim()),
            Some(child) => Err(RpcError::unknown_element(child.qualified())
                .message(format!("<{}> holds a word, no elements", self.name))),
        }
    }

    /// The one element that it holds.
    pub(super) fn one_child(&self) -> Result<&Child<'a>, RpcError> {
        if !is_layout(&self.text) {
            let message = format!("<{}> holds an element, no text", self.name);
            return Err(RpcError::bad_element(self.qualified()).message(message));
        }
        match self.children.as_slice() {
            [child] => Ok(child),
            [] => {
                Err(RpcError::missing_element(self.qualified()).message(format!("<{}> is empty", self.name)))
            }
            [_, second, ..] => Err(RpcError::bad_element(second.qualified())
                .message(format!("<{}> holds more than one element", self.name))),
        }
    }

    /// The one element that it holds, which is empty: the name of a datastore.
    pub(super) fn one_name(&self) -> Result<&Child<'a>, RpcError> {
        let child = self.one_child()?;
        if let Some((namespace, name)) = &child.first {
            let inside = QualifiedName::new(namespace.clone(), *name);
            return Err(RpcError::unknown_element(inside).message(format!("<{}> is empty", child.name)));
        }
        if !child.text.is_empty() {
            return Err(
                RpcError::bad_element(child.qualified()).message(format!("<{}> is empty", child.name))
            );
        }
        Ok(child)
    }

    /// The text of the one element that it holds.
    pub(super) fn child_text(&self) -> Result<String, RpcError> {
        let child = self.one_child()?;
        if let Some((namespace, name)) = &child.first {
            let inside = QualifiedName::new(namespace.clone(), *name);
            let message = format!("<{}> holds text, no elements", child.name);
            return Err(RpcError::unknown_element(inside).message(message));
        }
        Ok(child.text.trim().to_owned())
    }

    /// Reads its content as a document of its own.
    pub(super) fn read<T>(
        &self,
        limits: Limits,
        read: impl FnOnce(&mut dyn Source) -> T,
    ) -> Result<T, CodecError> {
        let scope = self.scope.iter().map(|(p, u)| (p.as_str(), u.as_str()));
        let reader = Reader::with_scope(limits, scope)?;
        let mut source = SliceSource::over(reader, &self.document[self.span.clone()]);
        // White space in front is no event; the element itself comes first.
        while !matches!(source.next()?, Event::Open { .. }) {}
        Ok(read(&mut Inside::new(&mut source)))
    }
}

/// Nothing but white space.
fn is_layout(text: &str) -> bool {
    text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}
