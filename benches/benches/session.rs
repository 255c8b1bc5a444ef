//! Sessions: our client and our server, over SSH on the loopback address, in one process and in two; beside them ncclient, where
//! `NCCLIENT_PYTHON` names a python that has it.
//!
//!     cargo bench -p toolchain-benches --bench session
//!
//! All times are wall times, the best of several rounds. With two processes client and server share the machine's processors; with one
//! they share a runtime, too.

use netconf_runtime::client::{Datastore, Session};
use netconf_runtime::protocol::framing::{Deframer, Piece, Version, frame};
use netconf_runtime::yang_data::binding::Options;
use std::collections::VecDeque;
use std::process::Command;
use std::time::Instant;
use toolchain_benches::device::{self, Device, Other, Way, one_leaf};
use toolchain_benches::model::Interfaces;
use toolchain_benches::{interfaces, table};

const INTERFACES: usize = 10_000;

fn main() {
    if device::serve_if_asked() {
        return;
    }
    let quick = std::env::args().any(|a| a == "--quick");
    let runtime = device::runtime();
    let device = Device { interfaces: INTERFACES, ..Device::default() };
    let mut rows = vec![framing(quick)];
    let served = runtime.block_on(device.serve());
    rows.extend(runtime.block_on(measure("one process", &served.way, quick)));
    drop(served);
    let other = device.start();
    rows.extend(runtime.block_on(measure("two processes", &other.way, quick)));
    rows.push(runtime.block_on(memory(&other)));
    let peer = ncclient(&other.way);
    for (work, theirs) in peer.iter().flatten() {
        let of_two = rows.iter_mut().filter(|row| row.work == *work && row.how == "two processes");
        of_two.for_each(|row| row.ncclient = Some(*theirs));
    }
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    table::print(&["work", "", "ncclient", "ours", "goal", "ratio"], &cells);
    if let Err(why) = peer {
        table::say(&format!("no ncclient beside it: {why}"));
    }
}

const CONNECT: &str = "connect, authenticate, hello, close";
const SEQUENTIAL: &str = "small get-config, sequential";
const PIPELINED: &str = "small get-config, 64 in flight";
const DECODED: &str = "10,000 interfaces, decoded typed";
const STREAMED: &str = "10,000 interfaces, typed while they come";

/// A line of the table.
struct Row {
    work: &'static str,
    how: &'static str,
    ours: Ours,
    goal: &'static str,
    /// What ncclient takes for it: milliseconds, or how often a second.
    ncclient: Option<f64>,
}

enum Ours {
    Milliseconds(f64),
    PerSecond(f64),
    Text(String),
}

impl Row {
    fn cells(&self) -> Vec<String> {
        let (ours, theirs, ratio) = match (&self.ours, self.ncclient) {
            (Ours::Text(text), _) => (text.clone(), None, None),
            (Ours::Milliseconds(ours), theirs) => {
                let show = |value: f64| format!("{value:.1} ms");
                (show(*ours), theirs.map(show), theirs.map(|theirs| theirs / ours))
            }
            (Ours::PerSecond(ours), theirs) => {
                let show = |value: f64| format!("{value:.0} rpc/s");
                (show(*ours), theirs.map(show), theirs.map(|theirs| ours / theirs))
            }
        };
        let ratio = ratio.map(|ratio| format!("{ratio:.1}"));
        let (work, how, goal) = (self.work.to_owned(), self.how.to_owned(), self.goal.to_owned());
        vec![work, how, theirs.unwrap_or_default(), ours, goal, ratio.unwrap_or_default()]
    }
}

async fn small(session: &Session) {
    let data = session.get_config(Datastore::Running).filter(one_leaf(7)).await.expect("a reply");
    assert!(data.fragment().bytes().len() > 50, "{}", data.xml());
}

async fn measure(how: &'static str, way: &Way, quick: bool) -> Vec<Row> {
    let rounds = if quick { 1 } else { 5 };
    let count = if quick { 500 } else { 10_000 };
    let (mut connects, mut sequential, mut pipelined) = (f64::MAX, f64::MAX, f64::MAX);
    let (mut large, mut streamed) = (f64::MAX, f64::MAX);
    let session = way.ssh().await;
    for _ in 0..rounds {
        let begun = Instant::now();
        for _ in 0..10 {
            way.ssh().await.close().await.expect("a proper end");
        }
        connects = connects.min(begun.elapsed().as_secs_f64() / 10.0);

        let begun = Instant::now();
        for _ in 0..count {
            small(&session).await;
        }
        sequential = sequential.min(begun.elapsed().as_secs_f64());

        let begun = Instant::now();
        let each = count / 64;
        let tasks: VecDeque<_> = (0..64)
            .map(|_| {
                let session = session.clone();
                tokio::spawn(async move {
                    for _ in 0..each {
                        small(&session).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
        pipelined = pipelined.min(begun.elapsed().as_secs_f64() / (each * 64) as f64);

        let begun = Instant::now();
        let data = session.get_config(Datastore::Running).await.expect("the configuration");
        let all: Interfaces = data.decode(&Options::default()).expect("typed interfaces");
        large = large.min(begun.elapsed().as_secs_f64());
        assert_eq!(all.interface.len(), INTERFACES);

        let begun = Instant::now();
        let all: Interfaces = session
            .get_config(Datastore::Running)
            .decode(&Options::default())
            .await
            .expect("typed interfaces");
        streamed = streamed.min(begun.elapsed().as_secs_f64());
        assert_eq!(all.interface.len(), INTERFACES);
    }
    let row = |work, ours, goal| Row { work, how, ours, goal, ncclient: None };
    vec![
        row(CONNECT, Ours::Milliseconds(connects * 1000.0), "under 15 ms"),
        row(SEQUENTIAL, Ours::PerSecond(count as f64 / sequential), "5000 rpc/s"),
        row(PIPELINED, Ours::PerSecond(1.0 / pipelined), "25000 rpc/s"),
        row(DECODED, Ours::Milliseconds(large * 1000.0), "under 60 ms"),
        row(STREAMED, Ours::Milliseconds(streamed * 1000.0), "under 60 ms"),
    ]
}

fn framing(quick: bool) -> Row {
    let message = bytes::Bytes::from(interfaces::xml(INTERFACES));
    let rounds = if quick { 5 } else { 100 };
    let begun = Instant::now();
    let mut through = 0;
    for _ in 0..rounds {
        let mut out = Vec::new();
        frame(Version::V1_1, message.clone(), &mut out).expect("a frame");
        let mut deframer = Deframer::default();
        deframer.switch(Version::V1_1);
        for bytes in out {
            deframer.push(bytes);
            while let Some(piece) = deframer.poll().expect("right framing") {
                if let Piece::Data(data) = piece {
                    through += data.len();
                }
            }
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    assert_eq!(through, message.len() * rounds);
    let rate = through as f64 / seconds / 1e9;
    let ours = Ours::Text(format!("{rate:.1} GB/s"));
    Row { work: "framing and deframing alone", how: "", ours, goal: "above 1 GB/s", ncclient: None }
}

/// What a session costs the server that nothing is asked in, and one after some traffic.
async fn memory(other: &Other) -> Row {
    const SESSIONS: u64 = 100;
    // The first make what all share.
    let warm = other.way.ssh().await;
    small(&warm).await;
    let before = other.resident();
    let mut sessions = Vec::new();
    for _ in 0..SESSIONS {
        sessions.push(other.way.ssh().await);
    }
    let fresh = other.resident();
    for session in &sessions {
        for _ in 0..100 {
            small(session).await;
        }
    }
    let used = other.resident();
    let each = |now: Option<u64>| {
        let both = now.zip(before);
        both.map_or_else(
            || "?".to_owned(),
            |(now, before)| format!("{} KiB", now.saturating_sub(before) / SESSIONS),
        )
    };
    Row {
        work: "memory of an idle session, fresh / after traffic",
        how: "two processes",
        ours: Ours::Text(format!("{} / {}", each(fresh), each(used))),
        goal: "100 / 200 KiB",
        ncclient: None,
    }
}

/// The same work by ncclient.
fn ncclient(way: &Way) -> Result<Vec<(&'static str, f64)>, String> {
    let python = std::env::var_os("NCCLIENT_PYTHON").ok_or("NCCLIENT_PYTHON is not set")?;
    let script = format!(
        r#"
import time
from ncclient import manager
def connect():
    return manager.connect(host="127.0.0.1", port={port}, username="{user}", password="{password}",
        hostkey_verify=False, look_for_keys=False, allow_agent=False, timeout=60)
begun = time.time()
for _ in range(5):
    connect().close_session()
print((time.time() - begun) / 5 * 1000)
m = connect()
filter = ('subtree', '<interfaces xmlns="urn:ietf:params:xml:ns:yang:ietf-interfaces"><interface><name>eth7</name><enabled/></interface></interfaces>')
begun = time.time()
for _ in range(50):
    m.get_config('running', filter=filter)
print(50 / (time.time() - begun))
begun = time.time()
m.get_config('running').data
print((time.time() - begun) * 1000)
m.close_session()
"#,
        port = way.address.port(),
        user = way.user().0,
        password = way.user().1,
    );
    let output = Command::new(&python).arg("-c").arg(script).output().map_err(|e| e.to_string())?;
    if output.status.success() {
        let said = String::from_utf8_lossy(&output.stdout);
        let numbers = said.lines().filter_map(|line| line.trim().parse().ok());
        // ncclient has no types: its last is a tree of elements.
        Ok([CONNECT, SEQUENTIAL, DECODED].into_iter().zip(numbers).collect())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it failed").to_owned())
    }
}
