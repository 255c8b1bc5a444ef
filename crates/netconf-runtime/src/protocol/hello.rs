//! `<hello>`: RFC 6241 section 8.1.

use super::Version;
use super::capability::{self, BASE_1_0, BASE_1_1};
use super::error::ProtocolError;
use crate::xml::{BASE_NAMESPACE, Element, Scanner, Token, escape_text};
use std::fmt::Write as _;

/// What an end says first.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Hello {
    /// Its capabilities.
    pub capabilities: Vec<String>,
    /// The session's id: servers say it, clients do not.
    pub session_id: Option<u32>,
}

impl Hello {
    /// Its XML.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = format!("<hello xmlns=\"{BASE_NAMESPACE}\"><capabilities>");
        for capability in &self.capabilities {
            out.push_str("<capability>");
            escape_text(&mut out, capability);
            out.push_str("</capability>");
        }
        out.push_str("</capabilities>");
        if let Some(id) = self.session_id {
            _ = write!(out, "<session-id>{id}</session-id>");
        }
        out.push_str("</hello>");
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// What is not a hello. Elements that RFC 6241 does not have are passed over.
    pub fn from_xml(message: &[u8]) -> Result<Self, ProtocolError> {
        let mut scanner = Scanner::new(message)?;
        let Token::Open { raw, span } = scanner.next()? else {
            return Err(ProtocolError::Hello("there is no element".to_owned()));
        };
        let root = Element::read(&mut scanner, raw, span)?;
        scanner.next()?;
        if !root.is(BASE_NAMESPACE, "hello") {
            return Err(ProtocolError::Hello(format!(
                "`{}` of namespace `{}` came first",
                root.local, root.namespace
            )));
        }
        let mut hello = Self::default();
        let mut listed = false;
        for child in root.children.iter().filter(|c| c.namespace == BASE_NAMESPACE) {
            match child.local.as_str() {
                "capabilities" => {
                    listed = true;
                    let uris = child.children.iter().filter(|c| c.is(BASE_NAMESPACE, "capability"));
                    hello.capabilities.extend(uris.map(|c| c.text.trim().to_owned()));
                }
                "session-id" => {
                    let text = child.text.trim();
                    let id = text.parse().ok().filter(|id| *id != 0);
                    let id = id.ok_or_else(|| {
                        ProtocolError::Hello(format!("the session-id `{text}` is no number above zero"))
                    })?;
                    if hello.session_id.replace(id).is_some() {
                        return Err(ProtocolError::Hello("there are two session-ids".to_owned()));
                    }
                }
                _ => {}
            }
        }
        if listed { Ok(hello) } else { Err(ProtocolError::Hello("it has no capabilities".to_owned())) }
    }

    /// The newest version that both ends have.
    ///
    /// # Errors
    /// There is none.
    pub fn common_version(&self, own: &[String]) -> Result<Version, ProtocolError> {
        [Version::V1_1, Version::V1_0]
            .into_iter()
            .find(|v| [own, &self.capabilities].iter().all(|c| capability::contains(*c, v.capability())))
            .ok_or_else(|| {
                let bases = [BASE_1_0, BASE_1_1];
                let theirs = self.capabilities.iter().filter(|c| bases.contains(&c.as_str()));
                let theirs: Vec<_> = theirs.map(String::as_str).collect();
                ProtocolError::NoCommonVersion(if theirs.is_empty() {
                    "no version".to_owned()
                } else {
                    theirs.join(" and ")
                })
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 6241 section 8.1: the example, with a URI that XML has to escape.
    #[test]
    fn reads_what_it_writes() {
        let hello = Hello {
            capabilities: vec![
                BASE_1_1.to_owned(),
                "http://example.net/x?module=x&revision=2020-01-01".to_owned(),
            ],
            session_id: Some(4),
        };
        assert!(hello.to_xml().contains("module=x&amp;revision"));
        assert_eq!(Hello::from_xml(hello.to_xml().as_bytes()).unwrap(), hello);
        let spaced = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<n:hello xmlns:n=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\
            <n:capabilities>\n <n:capability>\n urn:a\n </n:capability></n:capabilities><x xmlns=\"urn:x\"/></n:hello>";
        let read = Hello::from_xml(spaced.as_bytes()).unwrap();
        assert_eq!(read, Hello { capabilities: vec!["urn:a".to_owned()], session_id: None });
    }

    #[test]
    fn refuses_what_is_none() {
        let with = |inner: &str| {
            let text = format!("<hello xmlns=\"{BASE_NAMESPACE}\">{inner}</hello>");
            Hello::from_xml(text.as_bytes()).unwrap_err().to_string()
        };
        assert!(with("").contains("no capabilities"));
        assert!(with("<capabilities/><session-id>0</session-id>").contains("session-id `0`"));
        assert!(with("<capabilities/><session-id>-1</session-id>").contains("session-id `-1`"));
        assert!(with("<capabilities/><session-id>1</session-id><session-id>1</session-id>").contains("two"));
        assert!(Hello::from_xml(b"<hello/>").unwrap_err().to_string().contains("came first"));
        assert!(matches!(Hello::from_xml(b"<hello"), Err(ProtocolError::Malformed(_))));
    }

    #[test]
    fn newest_common_version() {
        let of = |c: &[&str]| c.iter().map(|c| (*c).to_owned()).collect::<Vec<_>>();
        let hello = |c: &[&str]| Hello { capabilities: of(c), session_id: None };
        let both = of(&[BASE_1_0, BASE_1_1]);
        assert_eq!(hello(&[BASE_1_0, BASE_1_1]).common_version(&both), Ok(Version::V1_1));
        assert_eq!(hello(&[BASE_1_0]).common_version(&both), Ok(Version::V1_0));
        assert_eq!(hello(&[BASE_1_1]).common_version(&both), Ok(Version::V1_1));
        let error = hello(&[BASE_1_0]).common_version(&of(&[BASE_1_1])).unwrap_err();
        assert_eq!(error, ProtocolError::NoCommonVersion(BASE_1_0.to_owned()));
        assert!(hello(&[]).common_version(&both).is_err());
    }
}
