//! Commits that stand though a handler failed to apply them: told by a module of our own, netconf-apply-faults, where it is
//! implemented. `docs/apply-faults.md` describes it.

use super::notification::Hub;
use super::own_data::OwnData;
use super::time::timestamp;
use crate::datastore::{ApplyFault, Datastores};
use crate::handler::StateEntry;
use crate::rpc_error::RpcError;
use crate::store::Head;
use std::sync::Arc;
use yang_data::operation::Operation;
use yang_schema::{ModuleId, NodeId, Schema};

const MODULE: &str = "netconf-apply-faults";

fn module(schema: &Schema) -> Option<ModuleId> {
    schema.find_module(MODULE).filter(|&module| schema.module(module).implemented)
}

/// The state `/netconf-apply-faults:apply-faults`: what has failed and is not over. `None` where the module is not implemented.
pub(super) fn provider(schema: &Schema, datastores: &Arc<Datastores>) -> Option<StateEntry> {
    let module = module(schema)?;
    let datastores = Arc::clone(datastores);
    Some(StateEntry {
        path: format!("/{MODULE}:apply-faults"),
        provider: Arc::new(move |_, out| {
            let faults = datastores.faults();
            Box::pin(async move {
                let mut data = OwnData::new(out.schema(), module, NodeId::ROOT);
                data.container("apply-faults", |data| {
                    for fault in &faults {
                        data.entry("fault", |data| write(data, fault));
                    }
                });
                let tree = data.finish()?;
                out.send_tree(tree).await
            })
        }),
    })
}

/// Tells subscribers that a handler failed.
pub(crate) fn failed(hub: &Arc<Hub>, fault: &ApplyFault) {
    publish(hub, "apply-failed", |data| write(data, fault));
}

/// Tells subscribers that it applied a later commit.
pub(crate) fn recovered(hub: &Arc<Hub>, handler: &str, commit: Head) {
    publish(hub, "apply-recovered", |data| {
        data.text("handler", handler);
        data.number("commit", commit.0);
    });
}

fn write(data: &mut OwnData<'_>, fault: &ApplyFault) {
    data.text("handler", &fault.handler);
    data.number("commit", fault.commit.0);
    data.text("since", &timestamp(fault.since));
    data.text("error-tag", &fault.error.tag.to_string());
    if let Some(message) = &fault.error.message {
        data.text("message", message);
    }
}

fn publish(hub: &Arc<Hub>, name: &str, fill: impl FnOnce(&mut OwnData<'_>)) {
    let schema = hub.schema();
    let Some(module) = module(schema) else { return };
    let Some(node) = schema.find_notification(module, name) else { return };
    let mut data = OwnData::new(schema, module, node.id());
    fill(&mut data);
    let publish = |tree| -> Result<(), RpcError> { hub.publish(&Operation::new(tree, None)) };
    if let Err(error) = data.finish().and_then(publish) {
        tracing::error!(notification = name, %error, "a notification of the server's own could not be published");
    }
}
