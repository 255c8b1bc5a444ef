//! What a server tells of itself (RFC 6022 section 2.1): capabilities, datastores and their locks, sessions, counters. The schemas
//! are told beside the operation that hands them out (`get_schema`).

use super::own_data::OwnData;
use super::service::{Traffic, TransportKind};
use super::sessions::Sessions;
use super::time::timestamp;
use crate::datastore::{Datastores, Name};
use crate::handler::{Cx, StateEntry};
use std::sync::Arc;
use yang_data::event::Datum;
use yang_schema::{ModuleId, NodeId, Schema};

const MODULE: &str = "ietf-netconf-monitoring";

/// The module of ours with names for transports that RFC 6022 has none for.
const TRANSPORTS: &str = "netconf-transports";

/// Who knows what is told.
pub(super) struct Monitored {
    /// All capabilities that the hello has.
    pub(super) capabilities: Vec<String>,
    pub(super) datastores: Arc<Datastores>,
    pub(super) sessions: Arc<Sessions>,
}

/// The providers of `/netconf-state`, each of a part of its own, so that who asks for one costs no other. None where
/// ietf-netconf-monitoring is not implemented.
pub(super) fn providers(schema: &Schema, of: Monitored) -> Vec<StateEntry> {
    let implemented = |name| schema.find_module(name).filter(|&module| schema.module(module).implemented);
    let Some(module) = implemented(MODULE) else { return Vec::new() };
    let transports = implemented(TRANSPORTS).is_some();
    let Monitored { capabilities, datastores, sessions } = of;
    let all = Arc::clone(&sessions);
    vec![
        part(module, "capabilities", move |_, data| {
            capabilities.iter().for_each(|capability| data.item("capability", capability));
        }),
        part(module, "datastores", move |cx, data| {
            let snapshot = datastores.snapshot();
            for name in Name::ALL.into_iter().filter(|&name| snapshot.content(name).is_some()) {
                data.entry("datastore", |data| datastore(data, name, &datastores, cx));
            }
        }),
        part(module, "sessions", move |_, data| {
            for open in sessions.open_now() {
                data.entry("session", |data| {
                    data.number("session-id", open.info.id);
                    transport(data, open.info.transport, transports);
                    data.text("username", &open.info.user);
                    if let Some(host) = open.info.source_host() {
                        data.text("source-host", &host.to_string());
                    }
                    data.text("login-time", &timestamp(open.login));
                    counters(data, open.traffic);
                });
            }
        }),
        part(module, "statistics", move |_, data| {
            let statistics = all.statistics();
            data.text("netconf-start-time", &timestamp(all.since()));
            data.number("in-bad-hellos", statistics.in_bad_hellos);
            data.number("in-sessions", statistics.in_sessions);
            data.number("dropped-sessions", statistics.dropped_sessions);
            counters(data, statistics.traffic);
        }),
    ]
}

/// The provider of a container below `/netconf-state`.
fn part(
    module: ModuleId,
    name: &'static str,
    write: impl Fn(&Cx, &mut OwnData<'_>) + Send + Sync + 'static,
) -> StateEntry {
    let write = Arc::new(write);
    StateEntry {
        path: format!("/{MODULE}:netconf-state/{name}"),
        provider: Arc::new(move |cx, out| {
            let write = Arc::clone(&write);
            Box::pin(async move {
                let mut data = OwnData::new(out.schema(), module, NodeId::ROOT);
                data.container("netconf-state", |data| data.container(name, |data| write(&cx, data)));
                let tree = data.finish()?;
                out.send_tree(tree).await
            })
        }),
    }
}

/// Section 2.1.2. Locks are whole ones: the server has no partial-lock.
fn datastore(data: &mut OwnData<'_>, name: Name, datastores: &Datastores, cx: &Cx) {
    data.text("name", name.as_str());
    let Some(lock) = datastores.lock_on(name, cx) else { return };
    data.container("locks", |data| {
        data.container("global-lock", |data| {
            data.number("locked-by-session", lock.session);
            data.text("locked-time", &timestamp(lock.since));
        });
    });
}

/// Section 2.1.4. Of a transport that has no name nothing is told: any other name would be wrong.
fn transport(data: &mut OwnData<'_>, transport: TransportKind, has_names: bool) {
    let (own, name) = match transport {
        TransportKind::Ssh => (false, "netconf-ssh"),
        TransportKind::Tls => (false, "netconf-tls"),
        TransportKind::Unix => (true, "unix-socket"),
        TransportKind::Memory => (true, "in-process"),
    };
    let (module, namespace) = match own {
        true => (TRANSPORTS, "urn:netconf-runtime:transports"),
        false => (MODULE, "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring"),
    };
    if !own || has_names {
        data.leaf("transport", Datum::Identity { module, namespace, name });
    }
}

fn counters(data: &mut OwnData<'_>, traffic: Traffic) {
    data.number("in-rpcs", traffic.in_rpcs);
    data.number("in-bad-rpcs", traffic.in_bad_rpcs);
    data.number("out-rpc-errors", traffic.out_rpc_errors);
    data.number("out-notifications", traffic.out_notifications);
}
