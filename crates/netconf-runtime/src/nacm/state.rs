//! The counters of `/nacm` (RFC 8341 section 2.6), as a server counts them since it started.

use super::{MODULE, Nacm};
use crate::handler::StateEntry;
use crate::rpc_error::RpcError;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use yang_data::codec::CodecError;
use yang_data::event::{Datum, FullName, Shape, Sink};
use yang_data::tree::{DecodeOptions, TreeSink};
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
                let counts = counts.map(|(name, count)| (name, count.load(Ordering::Relaxed)));
                let mut sink = TreeSink::new(out.schema(), NodeId::ROOT, &DecodeOptions::default());
                write(&mut sink, &counts).map_err(|e| RpcError::operation_failed(e.to_string()))?;
                let tree = sink.finish().map_err(|errors| {
                    let first = errors.first().map(ToString::to_string).unwrap_or_default();
                    RpcError::operation_failed(first)
                })?;
                out.send_tree(tree).await
            })
        }),
    }
}

fn write(sink: &mut dyn Sink, counts: &[(&str, u32)]) -> Result<(), CodecError> {
    sink.open(name("nacm"), Shape::Container, &[])?;
    for (counter, count) in counts {
        sink.open(name(counter), Shape::Leaf, &[])?;
        sink.value(Datum::Text(&count.to_string()))?;
        sink.close()?;
    }
    sink.close()
}

fn name(local: &str) -> FullName<'_> {
    FullName { module: MODULE, namespace: "urn:ietf:params:xml:ns:yang:ietf-netconf-acm", local }
}
