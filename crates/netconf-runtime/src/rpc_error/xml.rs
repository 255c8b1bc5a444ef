//! `<rpc-error>` as XML: writing, and lenient reading, since devices differ in what they send.

use super::{
    CODE_NAMESPACE, ErrorInfo, ErrorPath, ErrorTag, ErrorType, QualifiedName, RpcError, Severity,
    YANG_NAMESPACE,
};
use crate::xml::{BASE_NAMESPACE, Element, Scanner, Token, XML_NAMESPACE, XmlError};
use crate::xml::{escape_attribute, escape_text};
use std::fmt::Write as _;

impl RpcError {
    /// Its XML, which stands for itself: it declares its namespaces.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = String::new();
        self.write_xml(&mut out);
        out
    }

    /// Appends what [`Self::to_xml`] gives.
    pub fn write_xml(&self, out: &mut String) {
        _ = write!(
            out,
            "<rpc-error xmlns=\"{BASE_NAMESPACE}\"><error-type>{}</error-type><error-tag>",
            self.error_type
        );
        escape_text(out, self.tag.as_str());
        _ = write!(out, "</error-tag><error-severity>{}</error-severity>", self.severity.as_str());
        if let Some(app_tag) = &self.app_tag {
            element(out, "error-app-tag", app_tag);
        }
        if let Some(path) = &self.path {
            path_element(out, "error-path", None, path);
        }
        if let Some(message) = &self.message {
            out.push_str("<error-message xml:lang=\"");
            escape_attribute(out, self.lang.as_deref().unwrap_or("en"));
            out.push_str("\">");
            escape_text(out, message);
            out.push_str("</error-message>");
        }
        if !self.info.is_empty() {
            out.push_str("<error-info>");
            self.info.iter().for_each(|info| write_info(info, out));
            out.push_str("</error-info>");
        }
        out.push_str("</rpc-error>");
    }

    /// Reads a document whose root is `<rpc-error>`.
    ///
    /// # Errors
    /// XML that is not well-formed, or another root element. What devices leave out or misspell inside is forgiven.
    pub fn from_xml(xml: &str) -> Result<Self, XmlError> {
        let mut scanner = Scanner::new(xml.as_bytes())?;
        let Token::Open { raw, span } = scanner.next()? else {
            return Err(XmlError::new(0, "there is no element"));
        };
        let root = Element::read(&mut scanner, raw, span)?;
        scanner.next()?;
        if root.is(BASE_NAMESPACE, "rpc-error") {
            Ok(Self::from_element(&root, xml))
        } else {
            Err(XmlError::new(0, format!("`{}` stands where `rpc-error` should", root.local)))
        }
    }

    /// Reads an element that was read from `source`.
    pub(crate) fn from_element(root: &Element, source: &str) -> Self {
        let mut error = Self::new(ErrorType::Application, ErrorTag::OperationFailed);
        // Some devices forget the namespace inside, so names alone decide.
        for child in &root.children {
            let text = child.text.trim();
            match child.local.as_str() {
                "error-type" => error.error_type = ErrorType::from_name(text).unwrap_or(error.error_type),
                "error-tag" => error.tag = ErrorTag::from_name(text),
                "error-severity" if text == "warning" => error.severity = Severity::Warning,
                "error-app-tag" => error.app_tag = Some(text.into()),
                "error-path" => error.path = Some(Box::new(read_path(child))),
                "error-message" => {
                    error.message = Some(text.into());
                    let lang =
                        child.attributes.iter().find(|(ns, name, _)| ns == XML_NAMESPACE && name == "lang");
                    error.lang = lang.map(|(.., value)| value.as_str().into());
                }
                "error-info" => error.info.extend(child.children.iter().map(|i| read_info(i, source))),
                _ => {}
            }
        }
        error
    }
}

fn element(out: &mut String, name: &str, text: &str) {
    _ = write!(out, "<{name}>");
    escape_text(out, text);
    _ = write!(out, "</{name}>");
}

fn declare(out: &mut String, prefix: Option<&str>, namespace: &str) {
    match prefix {
        Some(prefix) => _ = write!(out, " xmlns:{prefix}=\""),
        None => out.push_str(" xmlns=\""),
    }
    escape_attribute(out, namespace);
    out.push('"');
}

fn path_element(out: &mut String, name: &str, namespace: Option<&str>, path: &ErrorPath) {
    _ = write!(out, "<{name}");
    if let Some(namespace) = namespace {
        declare(out, None, namespace);
    }
    for (prefix, namespace) in path.namespaces.iter().filter(|(prefix, _)| !prefix.is_empty()) {
        declare(out, Some(prefix), namespace);
    }
    out.push('>');
    escape_text(out, &path.xpath);
    _ = write!(out, "</{name}>");
}

/// An element whose content is a name: `xs:QName` (appendix B), so a namespace other than the default needs a prefix.
fn name_element(out: &mut String, element: &str, name: &QualifiedName) {
    _ = write!(out, "<{element}");
    let foreign = !name.namespace.is_empty() && name.namespace != BASE_NAMESPACE;
    if foreign {
        declare(out, Some("n"), &name.namespace);
    }
    out.push('>');
    if foreign {
        out.push_str("n:");
    }
    escape_text(out, &name.local);
    _ = write!(out, "</{element}>");
}

fn write_info(info: &ErrorInfo, out: &mut String) {
    let name = info.element().unwrap_or_default();
    match info {
        ErrorInfo::BadAttribute(n)
        | ErrorInfo::BadElement(n)
        | ErrorInfo::OkElement(n)
        | ErrorInfo::ErrElement(n)
        | ErrorInfo::NoopElement(n) => name_element(out, name, n),
        ErrorInfo::BadNamespace(text) => element(out, name, text),
        ErrorInfo::SessionId(id) => element(out, name, &id.to_string()),
        ErrorInfo::NonUnique(path) => path_element(out, name, Some(YANG_NAMESPACE), path),
        ErrorInfo::MissingChoice(text) => {
            _ = write!(out, "<{name} xmlns=\"{YANG_NAMESPACE}\">");
            escape_text(out, text);
            _ = write!(out, "</{name}>");
        }
        ErrorInfo::Code(code) => _ = write!(out, "<{name} xmlns=\"{CODE_NAMESPACE}\">{code}</{name}>"),
        ErrorInfo::Xml(xml) => out.push_str(xml),
    }
}

/// A path with those declarations in scope that it uses.
fn read_path(element: &Element) -> ErrorPath {
    let xpath = element.text.trim().to_owned();
    let used = |prefix: &str| !prefix.is_empty() && xpath.contains(&format!("{prefix}:"));
    let mut namespaces: Vec<_> = element.scope.iter().filter(|(prefix, _)| used(prefix)).cloned().collect();
    namespaces.sort();
    ErrorPath { xpath, namespaces }
}

fn read_name(element: &Element) -> QualifiedName {
    let text = element.text.trim();
    // An unprefixed attribute has no namespace; an unprefixed element has the default one.
    match text.split_once(':') {
        Some((prefix, local)) => match element.namespace_of(prefix) {
            Some(namespace) => QualifiedName::new(namespace, local),
            None => QualifiedName::new("", text),
        },
        None if element.local == "bad-attribute" => QualifiedName::new("", text),
        None => QualifiedName::new(element.namespace_of("").unwrap_or_default(), text),
    }
}

fn read_info(element: &Element, source: &str) -> ErrorInfo {
    let text = || element.text.trim().to_owned();
    match (element.namespace.as_str(), element.local.as_str()) {
        (BASE_NAMESPACE, "bad-attribute") => ErrorInfo::BadAttribute(read_name(element)),
        (BASE_NAMESPACE, "bad-element") => ErrorInfo::BadElement(read_name(element)),
        (BASE_NAMESPACE, "ok-element") => ErrorInfo::OkElement(read_name(element)),
        (BASE_NAMESPACE, "err-element") => ErrorInfo::ErrElement(read_name(element)),
        (BASE_NAMESPACE, "noop-element") => ErrorInfo::NoopElement(read_name(element)),
        (BASE_NAMESPACE, "bad-namespace") => ErrorInfo::BadNamespace(text()),
        (BASE_NAMESPACE, "session-id") => match element.text.trim().parse() {
            Ok(id) => ErrorInfo::SessionId(id),
            Err(_) => ErrorInfo::Xml(element.standalone(source)),
        },
        (YANG_NAMESPACE, "missing-choice") => ErrorInfo::MissingChoice(text()),
        (YANG_NAMESPACE, "non-unique") => ErrorInfo::NonUnique(read_path(element)),
        (CODE_NAMESPACE, "code") => match element.text.trim().parse() {
            Ok(code) => ErrorInfo::Code(code),
            Err(_) => ErrorInfo::Xml(element.standalone(source)),
        },
        _ => ErrorInfo::Xml(element.standalone(source)),
    }
}
