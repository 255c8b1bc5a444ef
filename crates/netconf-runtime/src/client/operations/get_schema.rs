//! get-schema: RFC 6022 section 3.1.

use super::{Session, element, sent_by_await};
use crate::client::Error;
use crate::client::response::{child, inner, text};

pub(crate) const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

/// A get-schema that is being put together; awaiting it sends it, and gives the text of the module.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct GetSchema {
    session: Session,
    identifier: String,
    version: Option<String>,
    format: String,
}

impl GetSchema {
    /// The revision.
    pub fn version(mut self, revision: impl Into<String>) -> Self {
        self.version = Some(revision.into());
        self
    }

    /// The format, an identity of ietf-netconf-monitoring: `yang` if it is not said, `yin`, `xsd`, `rng`.
    pub fn format(mut self, format: impl Into<String>) -> Self {
        self.format = format.into();
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`]. Where the device has several revisions and none was asked for, the error-tag is `operation-failed`.
    pub async fn send(self) -> Result<String, Error> {
        self.session.capabilities().require("get-schema", &[MONITORING])?;
        let mut body = format!("<get-schema xmlns=\"{MONITORING}\">");
        element(&mut body, "identifier", &self.identifier);
        if let Some(version) = &self.version {
            element(&mut body, "version", version);
        }
        // The format is an identity: unprefixed names are those of the default namespace, which is monitoring's here.
        element(&mut body, "format", &self.format);
        body.push_str("</get-schema>");
        let reply = self.session.call("get-schema", &body).await?;
        let data = child(&reply, MONITORING, "data")
            .ok_or_else(|| Error::Reply("the reply to get-schema has no `data`".to_owned()))?;
        // YANG is text; YIN and XSD are elements.
        Ok(text(data).unwrap_or_else(|| inner(data).to_owned()))
    }
}

sent_by_await!(GetSchema => String);

impl Session {
    /// Asks for the text of a module or submodule (RFC 6022 section 3.1).
    pub fn get_schema(&self, identifier: impl Into<String>) -> GetSchema {
        GetSchema {
            session: self.clone(),
            identifier: identifier.into(),
            version: None,
            format: "yang".to_owned(),
        }
    }
}
