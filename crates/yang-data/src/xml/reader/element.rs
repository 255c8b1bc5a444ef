//! Start tags and end tags (XML 1.0 section 3.1, Namespaces in XML sections 5 and 6).

use super::{Element, Held, Reader, Stage};
use crate::codec::{CodecError, CodecErrorKind};
use crate::xml::chars::is_space;
use crate::xml::scope::Resolved;
use crate::xml::tag::Tag;
use crate::xml::{name, text};

impl Reader {
    pub(super) fn start_tag(&mut self, length: usize) -> Result<(), CodecError> {
        let end = length - 1;
        if let Some(tag) = self.known.find(self.input.ahead(1..end)) {
            return self.known_tag(tag);
        }
        self.count_element()?;
        let inside = self.input.ahead(1..end);
        let empty = inside.ends_with('/');
        let end = if empty { end - 1 } else { end };
        let scope = self.scope.len();
        let name = self.names.len();
        // The tag is cut out of the input while the reader's other parts change.
        let inside = inside[..end - 1].to_owned();
        let (prefix, namespace) =
            self.read_tag(&inside, scope).map_err(|(kind, at, message)| self.fail(kind, 1 + at, message))?;
        if self.attributes.is_empty() {
            let whole = self.input.ahead(1..length - 1);
            let declared = (scope..self.scope.len()).map(|at| self.scope.declaration(at));
            self.known.add(whole, &self.names[name..], prefix, declared, empty);
        } else {
            self.known.pass();
        }
        self.enter(Element { name, prefix, namespace, scope }, length, empty);
        Ok(())
    }

    /// Takes a start tag that came before, and was found to be one.
    pub(super) fn known_tag(&mut self, tag: usize) -> Result<(), CodecError> {
        self.count_element()?;
        self.attributes.clear();
        let scope = self.scope.len();
        let name = self.names.len();
        let known = self.known.take(tag);
        for (prefix, uri) in known.declarations() {
            self.scope.declare_again(prefix, uri);
        }
        let qname = known.name();
        let prefix = known.prefix;
        let Some(namespace) = self.scope.resolve(qname.get(..prefix.saturating_sub(1)).unwrap_or_default())
        else {
            let message = format!("the prefix {:?} is not declared", &qname[..prefix - 1]);
            return Err(self.fail(CodecErrorKind::Malformed, 1, message));
        };
        if self.scope.uri(namespace).len() + qname.len() - prefix > self.limits.name {
            let message = format!("a name with its namespace is longer than {} bytes", self.limits.name);
            return Err(self.fail(CodecErrorKind::Limit, 1, message));
        }
        self.names.push_str(qname);
        let (length, empty) = (known.inside.len() + 2, known.empty);
        self.enter(Element { name, prefix, namespace, scope }, length, empty);
        Ok(())
    }

    /// One more element: may it stand here?
    fn count_element(&mut self) -> Result<(), CodecError> {
        match self.stage {
            Stage::Epilog if !self.fragment => {
                let message = "a second element stands behind the root".to_owned();
                return Err(self.fail(CodecErrorKind::Malformed, 0, message));
            }
            _ => self.stage = Stage::Content,
        }
        if self.elements.len() >= self.limits.depth as usize {
            let message = format!("elements stand in each other deeper than {}", self.limits.depth);
            return Err(self.fail(CodecErrorKind::Limit, 0, message));
        }
        self.nodes += 1;
        if self.nodes > self.limits.nodes {
            let message = format!("the document has more than {} elements", self.limits.nodes);
            return Err(self.fail(CodecErrorKind::Limit, 0, message));
        }
        Ok(())
    }

    fn enter(&mut self, element: Element, length: usize, empty: bool) {
        self.elements.push(element);
        self.position = self.input.mark();
        self.token = self.input.offset()..self.input.offset() + length as u64;
        self.pending_close = empty;
        self.advance(length);
    }

    /// Reads a tag's name and attributes; gives the length of the prefix with its colon, and the namespace.
    pub(super) fn read_tag(
        &mut self,
        inside: &str,
        scope: usize,
    ) -> Result<(usize, Resolved), (CodecErrorKind, usize, String)> {
        use CodecErrorKind::{Limit, Malformed};
        let mut tag = Tag::new(inside);
        let (prefix, local) = name::split(tag.name)
            .ok_or_else(|| (Malformed, 0, format!("{:?} is no name", shown(tag.name))))?;
        if tag.name.len() > self.limits.name {
            return Err((Limit, 0, format!("a name is longer than {} bytes", self.limits.name)));
        }
        self.attributes.clear();
        self.attribute_text.clear();
        let mut bytes = 0;
        // Prefixes may be declared behind the attributes that use them: names first, namespaces after.
        let mut offsets = Vec::new();
        while let Some(attribute) = tag.next() {
            let attribute = attribute.map_err(|(at, message)| (Malformed, at, message.to_owned()))?;
            bytes += attribute.name.len() + attribute.value.len();
            if bytes > self.limits.attributes {
                let message =
                    format!("the attributes of an element are longer than {} bytes", self.limits.attributes);
                return Err((Limit, attribute.offset, message));
            }
            if name::split(attribute.name).is_none() {
                return Err((Malformed, attribute.offset, format!("{:?} is no name", shown(attribute.name))));
            }
            let start = self.attribute_text.len();
            self.attribute_text.push_str(attribute.name);
            let value = self.attribute_text.len();
            text::append_attribute(&mut self.attribute_text, attribute.value)
                .map_err(|(_, message)| (Malformed, attribute.offset, message))?;
            let declared = match attribute.name.strip_prefix("xmlns") {
                Some("") => Some(""),
                Some(rest) => rest.strip_prefix(':'),
                None => None,
            };
            match declared {
                Some(prefix) => {
                    self.scope
                        .declare(prefix, &self.attribute_text[value..], scope)
                        .map_err(|message| (Malformed, attribute.offset, message))?;
                    self.attribute_text.truncate(start);
                }
                None => {
                    let held = Held {
                        namespace: Resolved::None,
                        name: start..value,
                        value: value..self.attribute_text.len(),
                    };
                    self.attributes.push(held);
                    offsets.push(attribute.offset);
                }
            }
        }
        for (held, offset) in self.attributes.iter_mut().zip(&offsets) {
            let qname = &self.attribute_text[held.name.clone()];
            if let Some((prefix, _)) = qname.split_once(':') {
                held.namespace = self
                    .scope
                    .resolve(prefix)
                    .ok_or_else(|| (Malformed, *offset, format!("the prefix {prefix:?} is not declared")))?;
                held.name.start += prefix.len() + 1;
            }
        }
        self.check_unique(&offsets)?;
        let namespace = self
            .scope
            .resolve(prefix)
            .ok_or_else(|| (Malformed, 0, format!("the prefix {prefix:?} is not declared")))?;
        if self.scope.uri(namespace).len() + local.len() > self.limits.name {
            return Err((
                Limit,
                0,
                format!("a name with its namespace is longer than {} bytes", self.limits.name),
            ));
        }
        self.names.push_str(tag.name);
        Ok((tag.name.len() - local.len(), namespace))
    }

    /// Namespaces in XML, section 6.3: no two attributes of one name, whatever their prefixes.
    pub(super) fn check_unique(&self, offsets: &[usize]) -> Result<(), (CodecErrorKind, usize, String)> {
        if self.attributes.len() < 2 {
            return Ok(());
        }
        let mut seen = std::collections::HashSet::with_capacity(self.attributes.len());
        for (held, offset) in self.attributes.iter().zip(offsets) {
            let name = &self.attribute_text[held.name.clone()];
            if !seen.insert((self.scope.uri(held.namespace), name)) {
                let message = format!("the attribute {name:?} stands there twice");
                return Err((CodecErrorKind::Malformed, *offset, message));
            }
        }
        Ok(())
    }

    pub(super) fn end_tag(&mut self, length: usize) -> Result<(), CodecError> {
        let inside = &self.input.bytes()[2..length - 1];
        let space = inside.iter().rev().take_while(|&&b| is_space(b)).count();
        let name = &inside[..inside.len() - space];
        let Some(element) = self.elements.last() else {
            let message = "an end tag stands outside of the root element".to_owned();
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        };
        let open = &self.names[element.name..];
        if open.as_bytes() != name {
            let message = format!("the end tag {:?} closes {open:?}", shown(&String::from_utf8_lossy(name)));
            return Err(self.fail(CodecErrorKind::Malformed, 0, message));
        }
        self.position = self.input.mark();
        self.token = self.input.offset()..self.input.offset() + length as u64;
        self.advance(length);
        self.leave();
        Ok(())
    }

    pub(super) fn leave(&mut self) {
        if let Some(element) = self.elements.pop() {
            self.names.truncate(element.name);
            self.scope.truncate(element.scope);
        }
        if self.elements.is_empty() {
            self.stage = Stage::Epilog;
        }
    }
}

/// A name in a message: cut where it is long.
fn shown(name: &str) -> String {
    name.chars().take(60).collect()
}
