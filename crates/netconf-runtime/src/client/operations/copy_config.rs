//! copy-config and delete-config: RFC 6241 sections 7.3 and 7.4.

use super::get::{WithDefaults, write_with_defaults};
use super::{Datastore, Session, sent_by_await};
use crate::client::Error;
use std::fmt;

/// Where configuration comes from: a datastore, or the request itself.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Configuration {
    /// What stands in a datastore.
    Of(Datastore),
    /// This: elements that declare their namespaces.
    Inline(String),
}

impl Configuration {
    /// Configuration as XML: elements that declare their namespaces.
    #[must_use]
    pub fn xml(elements: impl Into<String>) -> Self {
        Self::Inline(elements.into())
    }

    pub(super) fn capability(&self) -> &'static [&'static str] {
        match self {
            Self::Of(datastore) => datastore.capability(),
            Self::Inline(_) => &[],
        }
    }

    pub(super) fn write(&self, role: &str, out: &mut String) {
        match self {
            Self::Of(datastore) => datastore.write(role, out),
            Self::Inline(xml) => out.push_str(&format!("<{role}><config>{xml}</config></{role}>")),
        }
    }
}

impl From<Datastore> for Configuration {
    fn from(datastore: Datastore) -> Self {
        Self::Of(datastore)
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Of(datastore) => datastore.fmt(f),
            Self::Inline(_) => f.write_str("configuration in the request"),
        }
    }
}

/// A copy-config that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct CopyConfig {
    session: Session,
    source: Configuration,
    target: Datastore,
    with_defaults: Option<WithDefaults>,
}

impl CopyConfig {
    /// Says what is done with defaults in the copy (RFC 6243 section 4.1).
    pub fn with_defaults(mut self, mode: WithDefaults) -> Self {
        self.with_defaults = Some(mode);
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<(), Error> {
        let Self { session, source, target, with_defaults } = self;
        let capabilities = session.capabilities();
        capabilities.require(&format!("copy-config from {source}"), source.capability())?;
        capabilities.require(&format!("copy-config to {target}"), target.capability_to_write())?;
        let mut body = String::new();
        target.write("target", &mut body);
        source.write("source", &mut body);
        write_with_defaults(&session, with_defaults, &mut body)?;
        session.command("copy-config", &format!("<copy-config>{body}</copy-config>")).await
    }
}

sent_by_await!(CopyConfig => ());

impl Session {
    /// Replaces a whole datastore with another, or with configuration that comes with the request (section 7.3).
    pub fn copy_config(&self, source: impl Into<Configuration>, target: Datastore) -> CopyConfig {
        CopyConfig { session: self.clone(), source: source.into(), target, with_defaults: None }
    }

    /// Deletes a datastore, which is not `running` (section 7.4).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_config(&self, target: Datastore) -> Result<(), Error> {
        if target == Datastore::Running {
            return Err(Error::Caller("running cannot be deleted (RFC 6241 section 7.4)".to_owned()));
        }
        self.on("delete-config", "target", &target, target.capability()).await
    }
}
