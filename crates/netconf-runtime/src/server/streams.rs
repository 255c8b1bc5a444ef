//! The streams that can be subscribed to (RFC 5277 section 3.4), as nc-notifications has them: there is one.

use super::notification::{Hub, STREAM};
use super::own_data::OwnData;
use super::time::timestamp;
use crate::handler::StateEntry;
use std::sync::Arc;
use yang_schema::{NodeId, Schema};

const MODULE: &str = "nc-notifications";

/// The provider of `/netconf/streams`. `None` where the module is not implemented.
pub(super) fn provider(schema: &Schema, hub: &Arc<Hub>) -> Option<StateEntry> {
    let module = schema.find_module(MODULE).filter(|&module| schema.module(module).implemented)?;
    let hub = Arc::clone(hub);
    Some(StateEntry {
        path: format!("/{MODULE}:netconf/streams"),
        provider: Arc::new(move |_, out| {
            let times = hub.replays_since();
            Box::pin(async move {
                let mut data = OwnData::new(out.schema(), module, NodeId::ROOT);
                data.container("netconf", |data| {
                    data.container("streams", |data| data.entry("stream", |data| stream(data, times)));
                });
                let tree = data.finish()?;
                out.send_tree(tree).await
            })
        }),
    })
}

fn stream(data: &mut OwnData<'_>, times: Option<(std::time::SystemTime, Option<std::time::SystemTime>)>) {
    data.text("name", STREAM);
    data.text("description", "All notifications of this server.");
    data.text("replaySupport", if times.is_some() { "true" } else { "false" });
    if let Some((created, aged)) = times {
        data.text("replayLogCreationTime", &timestamp(created));
        if let Some(aged) = aged {
            data.text("replayLogAgedTime", &timestamp(aged));
        }
    }
}
