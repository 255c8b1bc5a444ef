//! get-data: RFC 8526 section 3.1.1.

use super::get::{Source, write_identities};
use super::{Data, Filter, Get, NmdaDatastore, Session, WithDefaults, sent_by_await};
use crate::client::Error;
use std::fmt::Write as _;
use yang_data::binding::Target;
use yang_data::binding::path::Path;

pub(crate) const NMDA: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda";

/// Where a value comes from (RFC 8342 section 5.3.4): an identity derived from `origin`.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Origin {
    /// Somebody configured it.
    Intended,
    /// It was configured by a protocol other than those of management.
    Dynamic,
    /// The system made it.
    System,
    /// It was learned from elsewhere.
    Learned,
    /// It is the model's default.
    Default,
    /// It is not known.
    Unknown,
    /// One that another module defines.
    Other {
        /// The module's namespace.
        namespace: String,
        /// The identity's name.
        name: String,
    },
}

impl Origin {
    /// Namespace and name.
    pub(super) fn identity(&self) -> (&str, &str) {
        let name = match self {
            Self::Intended => "intended",
            Self::Dynamic => "dynamic",
            Self::System => "system",
            Self::Learned => "learned",
            Self::Default => "default",
            Self::Unknown => "unknown",
            Self::Other { namespace, name } => return (namespace, name),
        };
        ("urn:ietf:params:xml:ns:yang:ietf-origin", name)
    }
}

/// What get-data may be told beside what get-config may.
#[derive(Clone, Debug)]
pub(super) struct DataOptions {
    pub(super) datastore: NmdaDatastore,
    config: Option<bool>,
    origins: Vec<Origin>,
    negated: bool,
    max_depth: Option<u16>,
    with_origin: bool,
}

impl DataOptions {
    pub(super) fn write(&self, out: &mut String) {
        if let Some(config) = self.config {
            _ = write!(out, "<config-filter>{config}</config-filter>");
        }
        let name = if self.negated { "negated-origin-filter" } else { "origin-filter" };
        write_identities(out, name, self.origins.iter().map(Origin::identity));
        if let Some(depth) = self.max_depth {
            _ = write!(out, "<max-depth>{depth}</max-depth>");
        }
        if self.with_origin {
            out.push_str("<with-origin/>");
        }
    }
}

/// A get-data that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct GetData {
    get: Get,
    options: DataOptions,
}

impl GetData {
    /// Asks for a part only.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.get = self.get.filter(filter);
        self
    }

    /// Asks for what stands at a path, beside what other paths lead to: see [`Get::select`].
    pub fn select<T, M>(mut self, path: &Path<T, M>) -> Self {
        self.get = self.get.select(path);
        self
    }

    /// Says how defaults are to be told.
    pub fn with_defaults(mut self, mode: WithDefaults) -> Self {
        self.get = self.get.with_defaults(mode);
        self
    }

    /// Asks for configuration only (`true`), or for state only.
    pub fn config(mut self, config: bool) -> Self {
        self.options.config = Some(config);
        self
    }

    /// Asks for values of these origins only (of `operational`).
    pub fn origins(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        (self.options.origins, self.options.negated) = (origins.into_iter().collect(), false);
        self
    }

    /// Asks for values of other origins only (of `operational`).
    pub fn without_origins(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        (self.options.origins, self.options.negated) = (origins.into_iter().collect(), true);
        self
    }

    /// Asks for so many levels below what the filter selects.
    pub fn max_depth(mut self, levels: u16) -> Self {
        self.options.max_depth = Some(levels);
        self
    }

    /// Asks for the origin of each value, as an annotation (of `operational`).
    pub fn with_origin(mut self) -> Self {
        self.options.with_origin = true;
        self
    }

    /// The same as what asks.
    pub(in crate::client) fn into_get(self) -> Get {
        self.get.of(Source::Data(Box::new(self.options)))
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Data, Error> {
        self.into_get().send().await
    }

    /// Asks for what stands at a path, and gives it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read<T: Target, M>(self, path: &Path<T, M>) -> Result<Option<T>, Error> {
        self.into_get().read(path).await
    }

    /// Asks for all that stands at a path, and gives it: one for each entry where it has steps without keys.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn read_all<T: Target, M>(self, path: &Path<T, M>) -> Result<Vec<T>, Error> {
        self.into_get().read_all(path).await
    }
}

sent_by_await!(GetData => Data);

impl Session {
    /// Reads a datastore of the NMDA.
    pub fn get_data(&self, datastore: NmdaDatastore) -> GetData {
        let options = DataOptions {
            datastore,
            config: None,
            origins: Vec::new(),
            negated: false,
            max_depth: None,
            with_origin: false,
        };
        GetData { get: self.get(), options }
    }
}
