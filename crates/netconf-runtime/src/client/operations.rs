//! The operations of RFC 6241 section 7 and of RFC 5277, each with the capability that it needs.

mod edit;
mod get;
mod subscription;

pub use edit::{DefaultOperation, EditConfig, ErrorOption, TestOption};
pub use get::{Data, Filter, Get, WithDefaults};
pub use subscription::CreateSubscription;

use super::{Error, Session};
use crate::protocol::capability::{CANDIDATE, STARTUP, URL, VALIDATE, VALIDATE_1_0, WRITABLE_RUNNING};
use crate::xml::escape_text;
use std::fmt;

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
    fn write(&self, role: &str, out: &mut String) {
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
    fn capability(&self) -> &'static [&'static str] {
        match self {
            Self::Running => &[],
            Self::Candidate => &[CANDIDATE],
            Self::Startup => &[STARTUP],
            Self::Url(_) => &[URL],
        }
    }

    /// The capability without which it cannot be written.
    fn capability_to_write(&self) -> &'static [&'static str] {
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

impl Session {
    /// Reads state and configuration (section 7.7).
    pub fn get(&self) -> Get {
        Get::new(self.clone(), None)
    }

    /// Reads configuration (section 7.1).
    pub fn get_config(&self, source: Datastore) -> Get {
        Get::new(self.clone(), Some(source))
    }

    /// Changes configuration (section 7.2).
    pub fn edit_config(&self, target: Datastore) -> EditConfig {
        EditConfig::new(self.clone(), target)
    }

    /// Replaces a whole datastore with another (section 7.3).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn copy_config(&self, source: Datastore, target: Datastore) -> Result<(), Error> {
        self.capabilities().require(&format!("copy-config from {source}"), source.capability())?;
        self.capabilities().require(&format!("copy-config to {target}"), target.capability_to_write())?;
        let mut body = String::new();
        target.write("target", &mut body);
        source.write("source", &mut body);
        self.command("copy-config", &format!("<copy-config>{body}</copy-config>")).await
    }

    /// Deletes a datastore, which is not `running` (section 7.4).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn delete_config(&self, target: Datastore) -> Result<(), Error> {
        self.on("delete-config", "target", &target, target.capability()).await
    }

    /// Locks a datastore against all other sessions (section 7.5).
    ///
    /// # Errors
    /// See [`Error`]. If another session has the lock, the error-tag is `lock-denied` and
    /// [`crate::RpcError::session_id`] says which.
    pub async fn lock(&self, target: Datastore) -> Result<(), Error> {
        self.on("lock", "target", &target, target.capability()).await
    }

    /// Gives a lock back (section 7.6).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn unlock(&self, target: Datastore) -> Result<(), Error> {
        self.on("unlock", "target", &target, target.capability()).await
    }

    /// Has a datastore checked (section 8.6.4.1).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn validate(&self, source: Datastore) -> Result<(), Error> {
        self.capabilities().require("validate", &[VALIDATE, VALIDATE_1_0])?;
        self.on("validate", "source", &source, source.capability()).await
    }

    /// Makes the candidate running (section 8.3.4.1).
    ///
    /// # Errors
    /// See [`Error`]. If the reply is lost, it is [`Error::Unknown`].
    pub async fn commit(&self) -> Result<(), Error> {
        self.require_candidate("commit")?;
        self.command("commit", "<commit/>").await
    }

    /// Makes the candidate what running is (section 8.3.4.2).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn discard_changes(&self) -> Result<(), Error> {
        self.require_candidate("discard-changes")?;
        self.command("discard-changes", "<discard-changes/>").await
    }

    /// Ends another session at once (section 7.9).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn kill_session(&self, session_id: u32) -> Result<(), Error> {
        let operation = format!("<kill-session><session-id>{session_id}</session-id></kill-session>");
        self.command("kill-session", &operation).await
    }

    /// Asks for notifications (RFC 5277 section 2.1.1).
    pub fn create_subscription(&self) -> CreateSubscription {
        CreateSubscription::new(self.clone())
    }

    /// An operation on one datastore.
    async fn on(
        &self,
        name: &str,
        role: &str,
        datastore: &Datastore,
        needs: &[&'static str],
    ) -> Result<(), Error> {
        self.capabilities().require(&format!("{name} of {datastore}"), needs)?;
        let mut body = String::new();
        datastore.write(role, &mut body);
        self.command(name, &format!("<{name}>{body}</{name}>")).await
    }
}
