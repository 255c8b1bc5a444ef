//! Datastores: RFC 6241 section 5.1, and those of RFC 8342 section 5.

use crate::protocol::capability::{CANDIDATE, STARTUP, URL, WRITABLE_RUNNING};
use crate::xml::{escape_attribute, escape_text};
use std::fmt;

/// The namespace of the identities of datastores (RFC 8342 appendix A).
const DATASTORES: &str = "urn:ietf:params:xml:ns:yang:ietf-datastores";

/// A configuration datastore (RFC 6241 section 5.1).
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Datastore {
    /// What the device does now.
    Running,
    /// What may become running by a commit.
    Candidate,
    /// What it does after a restart.
    Startup,
    /// One that a URL names (section 8.8).
    Url(String),
}

impl Datastore {
    pub(super) fn write(&self, role: &str, out: &mut String) {
        out.push_str(&format!("<{role}>"));
        match self {
            Self::Running => out.push_str("<running/>"),
            Self::Candidate => out.push_str("<candidate/>"),
            Self::Startup => out.push_str("<startup/>"),
            Self::Url(url) => {
                out.push_str("<url>");
                escape_text(out, url);
                out.push_str("</url>");
            }
        }
        out.push_str(&format!("</{role}>"));
    }

    /// The capability without which a device does not have it.
    pub(super) fn capability(&self) -> &'static [&'static str] {
        match self {
            Self::Running => &[],
            Self::Candidate => &[CANDIDATE],
            Self::Startup => &[STARTUP],
            Self::Url(_) => &[URL],
        }
    }

    /// The capability without which it cannot be written.
    pub(super) fn capability_to_write(&self) -> &'static [&'static str] {
        match self {
            Self::Running => &[WRITABLE_RUNNING],
            other => other.capability(),
        }
    }
}

impl fmt::Display for Datastore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Running => f.write_str("running"),
            Self::Candidate => f.write_str("candidate"),
            Self::Startup => f.write_str("startup"),
            Self::Url(url) => f.write_str(url),
        }
    }
}

/// A datastore of the NMDA (RFC 8342 section 5), as get-data, edit-data and YANG push name it: an identity.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum NmdaDatastore {
    /// The configuration that was asked for.
    Running,
    /// What may become running by a commit.
    Candidate,
    /// What it does after a restart.
    Startup,
    /// What of the configuration is to be in use.
    Intended,
    /// What is in use, and the state of the device.
    Operational,
    /// One that another module defines.
    Other {
        /// The module's namespace.
        namespace: String,
        /// The identity's name.
        name: String,
    },
}

impl NmdaDatastore {
    fn name(&self) -> &str {
        match self {
            Self::Running => "running",
            Self::Candidate => "candidate",
            Self::Startup => "startup",
            Self::Intended => "intended",
            Self::Operational => "operational",
            Self::Other { name, .. } => name,
        }
    }

    /// Appends an element that names it.
    pub(super) fn write(&self, element: &str, out: &mut String) {
        let namespace = if let Self::Other { namespace, .. } = self { namespace } else { DATASTORES };
        out.push_str(&format!("<{element} xmlns:ds=\""));
        escape_attribute(out, namespace);
        out.push_str("\">ds:");
        escape_text(out, self.name());
        out.push_str(&format!("</{element}>"));
    }
}

impl fmt::Display for NmdaDatastore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
