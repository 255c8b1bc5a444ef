//! partial-lock and partial-unlock: RFC 5717.

use super::{Session, element, element_with};
use crate::client::Error;
use crate::client::driver::OnDrop;
use crate::client::response::{child_text, children_text};
use crate::protocol::Reply;
use crate::protocol::capability::{PARTIAL_LOCK, XPATH};

const NAMESPACE: &str = "urn:ietf:params:xml:ns:netconf:partial-lock:1.0";

/// A lock on parts of `running`, which is given back when this is dropped: the request is queued then, since dropping
/// cannot wait for the reply.
#[derive(Debug)]
#[must_use = "the lock is given back when this is dropped"]
pub struct PartialLock {
    session: Session,
    id: u32,
    nodes: Vec<String>,
    release: OnDrop,
}

impl PartialLock {
    /// The lock's id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// The nodes that are locked, as the device named them.
    #[must_use]
    pub fn nodes(&self) -> &[String] {
        &self.nodes
    }

    /// Gives the lock back, and waits until the device has said so.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn unlock(mut self) -> Result<(), Error> {
        let done = self.session.partial_unlock(self.id).await;
        if matches!(done, Ok(()) | Err(Error::Rpc(_))) {
            self.release.disarm();
        }
        done
    }

    /// Keeps the lock until it is given back by [`Session::partial_unlock`], or the session ends.
    #[must_use]
    pub fn keep(mut self) -> u32 {
        self.release.disarm();
        self.id
    }
}

fn unlock(id: u32) -> String {
    let mut body = format!("<partial-unlock xmlns=\"{NAMESPACE}\">");
    element(&mut body, "lock-id", &id.to_string());
    body.push_str("</partial-unlock>");
    body
}

fn id_of(reply: &Reply) -> Option<u32> {
    child_text(reply, NAMESPACE, "lock-id")?.parse().ok()
}

impl Session {
    /// Locks the nodes that expressions select in `running`, `namespaces` being those of their prefixes (section 2.4.1).
    ///
    /// A device without `:xpath` takes instance-identifiers only.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn partial_lock(
        &self,
        select: &[&str],
        namespaces: &[(&str, &str)],
    ) -> Result<PartialLock, Error> {
        self.capabilities().require("partial-lock", &[PARTIAL_LOCK])?;
        if select.is_empty() {
            return Err(Error::Caller("a partial-lock selects something".to_owned()));
        }
        if !self.capabilities().has(XPATH)
            && let Some(expression) =
                select.iter().find(|s| s.contains("//") || s.contains("::") || s.contains('|'))
        {
            let what = format!("partial-lock of `{expression}`, which is no instance-identifier,");
            return Err(Error::NotSupported { what, capability: XPATH });
        }
        let namespaces: Vec<_> = namespaces.iter().map(|(p, n)| ((*p).to_owned(), (*n).to_owned())).collect();
        let mut body = format!("<partial-lock xmlns=\"{NAMESPACE}\">");
        for expression in select {
            element_with(&mut body, "select", &namespaces, expression);
        }
        body.push_str("</partial-lock>");
        let undo = |reply: &Reply| Some(("partial-unlock", unlock(id_of(reply)?)));
        let (reply, release) = self.call_undoable("partial-lock", &body, undo).await?;
        let id = id_of(&reply).ok_or_else(|| {
            Error::Reply("the reply to partial-lock has no `lock-id` that is a number".to_owned())
        })?;
        let nodes = children_text(&reply, NAMESPACE, "locked-node");
        Ok(PartialLock { session: self.clone(), id, nodes, release })
    }

    /// Gives a partial lock back (section 2.4.2).
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn partial_unlock(&self, id: u32) -> Result<(), Error> {
        self.capabilities().require("partial-unlock", &[PARTIAL_LOCK])?;
        self.command("partial-unlock", &unlock(id)).await
    }
}
