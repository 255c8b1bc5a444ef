//! Operations, each with what the device must have for it: RFC 6241 section 7, and those of RFC 5277, 5717, 6022, 8526, 8639
//! and 8641. What the device lacks is found before anything is sent.

mod commit;
mod copy_config;
mod datastore;
mod edit;
mod edit_data;
mod get;
mod get_data;
mod get_schema;
mod lock;
mod partial_lock;
mod push;
mod subscribed;
mod subscription;
mod update;

pub use commit::{CommitConfirmed, ConfirmedCommit};
pub use copy_config::{Configuration, CopyConfig};
pub use datastore::{Datastore, NmdaDatastore};
pub use edit::{DefaultOperation, EditConfig, ErrorOption, TestOption};
pub use edit_data::EditData;
pub use get::{Data, Filter, Get, WithDefaults};
pub use get_data::{GetData, Origin};
pub use get_schema::GetSchema;
pub use lock::LockGuard;
pub use partial_lock::PartialLock;
pub use push::{ChangeKind, Trigger};
pub use subscribed::{EstablishSubscription, ModifySubscription, Subscription, SubscriptionEvent};
pub use subscription::CreateSubscription;

use super::{Error, Session};
use crate::protocol::capability::{VALIDATE, VALIDATE_1_0};
use crate::xml::{escape_attribute, escape_text};
use std::fmt::Write as _;

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

    /// Has a datastore, or configuration that comes with the request, checked (section 8.6.4.1).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn validate(&self, source: impl Into<Configuration>) -> Result<(), Error> {
        let source = source.into();
        self.capabilities().require("validate", &[VALIDATE, VALIDATE_1_0])?;
        self.capabilities().require(&format!("validate of {source}"), source.capability())?;
        let mut body = String::new();
        source.write("source", &mut body);
        self.command("validate", &format!("<validate>{body}</validate>")).await
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
        if session_id == self.id() {
            return Err(Error::Caller("a session cannot kill itself: close it".to_owned()));
        }
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

/// Appends an element with text.
fn element(out: &mut String, name: &str, text: &str) {
    _ = write!(out, "<{name}>");
    escape_text(out, text);
    _ = write!(out, "</{name}>");
}

/// Appends an element with text in which prefixes stand for namespaces.
fn element_with(out: &mut String, name: &str, namespaces: &[(String, String)], text: &str) {
    _ = write!(out, "<{name}");
    for (prefix, namespace) in namespaces {
        _ = write!(out, " xmlns:{prefix}=\"");
        escape_attribute(out, namespace);
        out.push('"');
    }
    out.push('>');
    escape_text(out, text);
    _ = write!(out, "</{name}>");
}

/// Makes builders awaitable: awaiting one sends it.
macro_rules! sent_by_await {
    ($($builder:ident => $output:ty),+ $(,)?) => {$(
        impl std::future::IntoFuture for $builder {
            type Output = Result<$output, crate::client::Error>;
            type IntoFuture =
                std::pin::Pin<Box<dyn std::future::Future<Output = Self::Output> + Send>>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(self.send())
            }
        }
    )+};
}
use sent_by_await;
