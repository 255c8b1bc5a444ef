//! What a server notifies of itself (RFC 6470): changed configuration, sessions, confirmed commits. A server does so where
//! ietf-netconf-notifications is implemented, and says nothing of changed capabilities: they do not change while it runs.

use super::notification::Hub;
use super::own_data::OwnData;
use super::service::{CloseReason, SessionInfo};
use std::sync::Arc;
use std::time::Duration;
use yang_data::diff::{Changed, ChangedKind};
use yang_data::event::Datum;
use yang_data::operation::Operation;
use yang_schema::ModuleId;
use yang_schema::value::InstanceIdentifier;

const MODULE: &str = "ietf-netconf-notifications";

/// Edits that a notification tells one by one. Of more than these it tells the nodes at the top: "the topmost node associated with
/// the configuration change" is what the target is.
const EDITS: usize = 256;

/// Tells of what the server does.
pub(crate) struct BaseNotifications {
    hub: Arc<Hub>,
    module: ModuleId,
}

/// What happens to a confirmed commit (section 2.2, `confirm-event`).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum ConfirmEvent {
    /// It waits from now on, so long.
    Start(Duration),
    /// It waits on, so long.
    Extend(Duration),
    /// It was taken back before its time was over.
    Cancel,
    /// It was taken back as its time was over.
    Timeout,
    /// It is confirmed.
    Complete,
}

impl BaseNotifications {
    /// `None` where the module is not implemented.
    pub(crate) fn of(hub: &Arc<Hub>) -> Option<Self> {
        let schema = hub.schema();
        let module = schema.find_module(MODULE).filter(|&module| schema.module(module).implemented)?;
        Some(Self { hub: Arc::clone(hub), module })
    }

    /// `netconf-session-start`.
    pub(crate) fn session_started(&self, session: &SessionInfo) {
        self.publish("netconf-session-start", |data| whose(data, session));
    }

    /// `netconf-session-end`.
    pub(crate) fn session_ended(&self, session: &SessionInfo, reason: &CloseReason) {
        self.publish("netconf-session-end", |data| {
            whose(data, session);
            if let CloseReason::Killed { by } = reason {
                data.number("killed-by", by);
            }
            data.text(
                "termination-reason",
                match reason {
                    CloseReason::Requested => "closed",
                    CloseReason::Killed { .. } => "killed",
                    CloseReason::Dropped => "dropped",
                    CloseReason::Failed(_) | CloseReason::Shutdown => "other",
                },
            );
        });
    }

    /// `netconf-config-change`; without a session it was the server by itself.
    pub(crate) fn config_changed(&self, by: &SessionInfo, datastore: &str, changes: &[Changed]) {
        self.publish("netconf-config-change", |data| {
            data.container("changed-by", |data| match by.id {
                0 => data.leaf("server", Datum::Empty),
                _ => whose(data, by),
            });
            data.text("datastore", datastore);
            let edit = |data: &mut OwnData<'_>, target: &InstanceIdentifier, operation: &str| {
                data.entry("edit", |data| {
                    // What concerns the whole of a datastore has no name.
                    if !target.steps.is_empty() {
                        data.node("target", target);
                    }
                    data.text("operation", operation);
                });
            };
            if changes.len() <= EDITS {
                for change in changes {
                    edit(data, &change.path, operation(change.kind));
                }
                return;
            }
            let mut tops: Vec<InstanceIdentifier> = Vec::new();
            for change in changes {
                let top = InstanceIdentifier { steps: change.path.steps.iter().take(1).cloned().collect() };
                // They come in the order of the schema; a list at the top has no bound but this.
                if tops.last() != Some(&top) && tops.len() < EDITS {
                    tops.push(top);
                }
            }
            tops.iter().for_each(|top| edit(data, top, "merge"));
        });
    }

    /// `netconf-confirmed-commit`, by a session.
    pub(crate) fn confirmed_commit(&self, by: &SessionInfo, event: ConfirmEvent) {
        self.publish("netconf-confirmed-commit", |data| {
            if event != ConfirmEvent::Timeout {
                whose(data, by);
            }
            let (word, timeout) = match event {
                ConfirmEvent::Start(timeout) => ("start", Some(timeout)),
                ConfirmEvent::Extend(timeout) => ("extend", Some(timeout)),
                ConfirmEvent::Cancel => ("cancel", None),
                ConfirmEvent::Timeout => ("timeout", None),
                ConfirmEvent::Complete => ("complete", None),
            };
            data.text("confirm-event", word);
            if let Some(timeout) = timeout {
                data.number("timeout", timeout.as_secs());
            }
        });
    }

    /// They are not validated: what is written here is valid but for one `when` of the module, `../confirm-event != 'timeout'`, which stands
    /// on the `uses` in `netconf-confirmed-commit`. The context node of that is the notification (RFC 7950 section
    /// 7.21.5), so that by the letter `..` finds no `confirm-event`, and no session could ever be named.
    fn publish(&self, name: &str, write: impl FnOnce(&mut OwnData<'_>)) {
        if self.hub.is_deserted() {
            return;
        }
        let schema = self.hub.schema();
        let Some(node) = schema.find_notification(self.module, name) else { return };
        let mut data = OwnData::new(schema, self.module, node.id());
        write(&mut data);
        let published = data.finish().and_then(|tree| self.hub.publish_as_it_is(Operation::new(tree, None)));
        if let Err(error) = published {
            tracing::error!(notification = name, %error, "a notification of the server's own could not be published");
        }
    }
}

/// `common-session-parms`.
fn whose(data: &mut OwnData<'_>, session: &SessionInfo) {
    data.text("username", &session.user);
    data.number("session-id", session.id);
    if let Some(host) = session.source_host() {
        data.text("source-host", &host.to_string());
    }
}

/// In the words of `edit-operation-type`.
fn operation(kind: ChangedKind) -> &'static str {
    match kind {
        ChangedKind::Created => "create",
        ChangedKind::Deleted => "delete",
        ChangedKind::Replaced => "replace",
        ChangedKind::Moved | ChangedKind::Annotated => "merge",
    }
}
