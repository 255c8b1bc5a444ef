//! The counters of `/nacm` (RFC 8341 section 2.6), as a server counts them since it started.

use super::{MODULE, Nacm};
use crate::handler::StateEntry;
use crate::rpc_error::RpcError;
use crate::server::OwnData;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use yang_schema::NodeId;

/// Tells what was denied.
pub(crate) fn provider(nacm: &Arc<Nacm>) -> StateEntry {
    let nacm = Arc::clone(nacm);
    StateEntry {
        path: format!("/{MODULE}:nacm"),
        provider: Arc::new(move |_, out| {
            let nacm = Arc::clone(&nacm);
            Box::pin(async move {
                let denied = nacm.denied();
                let counts = [
                    ("denied-operations", &denied.operations),
                    ("denied-data-writes", &denied.data_writes),
                    ("denied-notifications", &denied.notifications),
                ];
                let Some(module) = out.schema().find_module(MODULE) else {
                    return Err(RpcError::operation_failed("the module of access control is gone"));
                };
                let mut data = OwnData::new(out.schema(), module, NodeId::ROOT);
                data.container("nacm", |data| {
                    for (name, count) in counts {
                        data.number(name, count.load(Ordering::Relaxed));
                    }
                });
                let tree = data.finish()?;
                out.send_tree(tree).await
            })
        }),
    }
}
