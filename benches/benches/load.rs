//! The load generator: what a server does for its clients, and what it costs.
//!
//!     cargo bench -p toolchain-benches --bench load -- --help

use netconf_runtime::client::{Datastore, HostKeyCheck, Session, SshOptions};
use netconf_runtime::transport::ssh::{PrivateKey, PublicKey};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use toolchain_benches::device::{self, Device, Other, one_leaf, resident};
use toolchain_benches::{interfaces, table};
use toolchain_tests::corpus::{carried_modules, quickstart_modules};
use toolchain_tests::netconfd::Netconfd;

const HELP: &str = "\
The load generator: what a server does for its clients, and what it costs.

    cargo bench -p toolchain-benches --bench load -- [--quick] [--json] [--full] [--no-peer]

Ours is a server as `cargo yang serve` starts it, in a process of its own, of ietf-interfaces and ietf-ip, with a durable
store and access control on; the client is ours. It is reached over SSH, and over a unix socket where the line says so.
Beside it, in the same run and by the same client, netconfd (Debian's `netconfd`, behind OpenSSH's sshd) does the same
work, where it is installed; it writes nothing to disk. What others were measured to take stands beside it, too
(netopeer2, clixon and yuma123).

    --quick     one round of each, a tenth of the interfaces for netconfd
    --full      grows the configuration to 1,000,000 interfaces (needs 3 GB of memory), else to 100,000
    --json      the table as JSON, one object a line: work, unit, goal, others, netconfd, ours, ratio
    --no-peer   without netconfd

Times are wall times on a machine that should have nothing else to do: of several rounds the one in the middle, of rates
the best. `ratio` is how many times better ours is than netconfd's.";

/// Interfaces of a large configuration.
const LARGE: usize = 10_000;

/// How long the peer may take for one thing.
const PATIENCE: Duration = Duration::from_secs(60);

fn main() {
    if device::serve_if_asked() {
        return;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |name: &str| arguments.iter().any(|a| a == name);
    if has("--help") {
        return table::say(HELP);
    }
    let plan =
        Plan { rounds: if has("--quick") { 1 } else { 5 }, quick: has("--quick"), full: has("--full") };
    let runtime = device::runtime();
    let mut rows = runtime.block_on(ours(&plan));
    let peer = if has("--no-peer") {
        Err("it was not asked for".to_owned())
    } else if Path::new("/usr/sbin/netconfd").exists() && Path::new("/usr/sbin/sshd").exists() {
        Ok(runtime.block_on(netconfd(&plan)))
    } else {
        Err("it is not installed".to_owned())
    };
    for (work, value) in peer.iter().flatten() {
        if let Some(row) = rows.iter_mut().find(|row| row.work == *work) {
            row.netconfd = Some(value.clone());
        }
    }
    if has("--json") {
        return rows.iter().for_each(|row| table::say(&row.json()));
    }
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    table::print(&["work", "netopeer2 / clixon / yuma123", "netconfd here", "ours", "goal", "ratio"], &cells);
    match peer {
        Ok(_) if plan.quick => table::say("netconfd had a tenth of the interfaces."),
        Ok(_) => {}
        Err(why) => table::say(&format!("no netconfd beside it: {why}")),
    }
}

struct Plan {
    rounds: usize,
    quick: bool,
    full: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Unit {
    Milliseconds,
    PerSecond,
    Mebibytes,
}

/// What the peer took.
#[derive(Clone)]
enum Value {
    Took(f64),
    /// It was given up.
    TooLong(Duration),
    Failed(String),
}

/// A line of the table.
struct Row {
    work: &'static str,
    unit: Unit,
    goal: f64,
    /// What others were measured to take, elsewhere.
    others: &'static str,
    netconfd: Option<Value>,
    ours: f64,
}

impl Row {
    fn new(work: &'static str, unit: Unit, goal: f64, others: &'static str, ours: f64) -> Self {
        Self { work, unit, goal, others, netconfd: None, ours }
    }

    /// How many times better ours is.
    fn ratio(&self) -> Option<f64> {
        let Some(Value::Took(theirs)) = &self.netconfd else { return None };
        Some(if self.unit == Unit::PerSecond { self.ours / theirs } else { theirs / self.ours })
    }

    fn show(&self, value: f64) -> String {
        match self.unit {
            Unit::Milliseconds if value < 10.0 => format!("{value:.2} ms"),
            Unit::Milliseconds => format!("{value:.0} ms"),
            Unit::PerSecond => format!("{value:.0}/s"),
            Unit::Mebibytes => format!("{value:.1} MiB"),
        }
    }

    fn cells(&self) -> Vec<String> {
        let peer = match &self.netconfd {
            None => String::new(),
            Some(Value::Took(value)) => self.show(*value),
            Some(Value::TooLong(after)) => format!("above {} s", after.as_secs()),
            Some(Value::Failed(_)) => "failed".to_owned(),
        };
        let sign = if self.unit == Unit::PerSecond { "above " } else { "under " };
        vec![
            self.work.to_owned(),
            self.others.to_owned(),
            peer,
            self.show(self.ours),
            format!("{sign}{}", self.show(self.goal)),
            self.ratio().map_or_else(String::new, |ratio| format!("{ratio:.1}")),
        ]
    }

    fn json(&self) -> String {
        let unit = match self.unit {
            Unit::Milliseconds => "ms",
            Unit::PerSecond => "1/s",
            Unit::Mebibytes => "MiB",
        };
        let peer = match &self.netconfd {
            Some(Value::Took(value)) => format!("{value:.3}"),
            Some(Value::TooLong(after)) => format!("\"above {} s\"", after.as_secs()),
            Some(Value::Failed(why)) => format!("{:?}", why.replace(|c: char| c.is_control(), " ")),
            None => "null".to_owned(),
        };
        let ratio = self.ratio().map_or_else(|| "null".to_owned(), |ratio| format!("{ratio:.2}"));
        format!(
            "{{\"work\":{:?},\"unit\":\"{unit}\",\"goal\":{},\"others\":{:?},\"netconfd\":{peer},\"ours\":{:.3},\"ratio\":{ratio}}}",
            self.work, self.goal, self.others, self.ours
        )
    }
}

const SETUP: &str = "session set-up over SSH";
const SESSIONS: &str = "sessions, 8 set up at a time";
const SEQUENTIAL: &str = "small get-config, one after the other";
const PIPELINED: &str = "small get-config, 32 in flight";
const ALL_SSH: &str = "get-config of 10,000 interfaces, SSH";
const ALL_UNIX: &str = "get-config of 10,000 interfaces, unix socket";
const LEAF: &str = "one leaf out of 10,000";
const MERGE: &str = "merge one interface on 10,000, commit";
const EDIT: &str = "edit 10,000 in one message, commit";
const IDLE: &str = "memory, idle";
const LOADED: &str = "memory more with 10,000 interfaces";
const GROWTH: [(usize, &str); 4] = [
    (1_000, "one-interface commit on 1,000"),
    (10_000, "one-interface commit on 10,000"),
    (100_000, "one-interface commit on 100,000"),
    (1_000_000, "one-interface commit on 1,000,000"),
];

/// A device in a process of its own, with its directory.
struct Own {
    other: Other,
    _directory: tempfile::TempDir,
}

impl Own {
    fn start(interfaces: usize) -> Self {
        let directory = tempfile::tempdir().expect("a directory for the store");
        let path = Some(directory.path().to_owned());
        let device = Device { interfaces, directory: path, access_control: true };
        Self { other: device.start(), _directory: directory }
    }
}

async fn ours(plan: &Plan) -> Vec<Row> {
    use Unit::{Mebibytes, Milliseconds, PerSecond};
    let mut rows = Vec::new();
    let small = Own::start(10);
    let way = &small.other.way;
    let setup = middle(plan.rounds * 10, async || set_up(&async || way.ssh().await).await).await;
    rows.push(Row::new(SETUP, Milliseconds, 15.0, "78 / 516 / 440 ms", setup));
    let rate = sessions(plan, || way.ssh()).await;
    rows.push(Row::new(SESSIONS, PerSecond, 150.0, "", rate));
    let session = way.ssh().await;
    rows.push(Row::new(
        SEQUENTIAL,
        PerSecond,
        6_000.0,
        "1,163 / 1,880 / 4,005",
        requests(plan, &session, 1).await,
    ));
    rows.push(Row::new(
        PIPELINED,
        PerSecond,
        27_000.0,
        "1,784 / 3,656 / 13,450",
        requests(plan, &session, 32).await,
    ));
    drop(session);

    let large = Own::start(LARGE);
    let (ssh, unix) = (large.other.way.ssh().await, large.other.way.unix().await);
    let by_ssh = middle(plan.rounds, async || all(&ssh, LARGE).await).await;
    rows.push(Row::new(ALL_SSH, Milliseconds, 50.0, "110 / 400 / 80 ms", by_ssh));
    let by_unix = middle(plan.rounds, async || all(&unix, LARGE).await).await;
    rows.push(Row::new(ALL_UNIX, Milliseconds, 30.0, "", by_unix));
    let leaf = middle(plan.rounds * 100, async || leaf(&ssh, LARGE).await).await;
    rows.push(Row::new(LEAF, Milliseconds, 0.3, "1.6 / 377 / 6 ms", leaf));
    let merge = merges(plan.rounds * 10, &ssh, LARGE).await.expect("our own server commits");
    rows.push(Row::new(MERGE, Milliseconds, 2.0, "439 / 632 ms / minutes", merge));
    drop((ssh, unix, large));

    let (mut edits, mut idle, mut loaded) = (Vec::new(), None, None);
    for _ in 0..plan.rounds {
        let empty = Own::start(0);
        let session = empty.other.way.ssh().await;
        let before = empty.other.resident();
        edits.push(fill(&session, LARGE).await.expect("our own server commits"));
        // What the commit leaves behind goes in the background.
        tokio::time::sleep(Duration::from_millis(300)).await;
        (idle, loaded) = (before, empty.other.resident());
    }
    rows.push(Row::new(EDIT, Milliseconds, 250.0, "910 / 1,500 / 8,500 ms", middle_of(edits)));
    let (idle, loaded) = (mebibytes(idle), mebibytes(loaded));
    rows.push(Row::new(IDLE, Mebibytes, 15.0, "16.5 MiB", idle));
    rows.push(Row::new(LOADED, Mebibytes, 10.0, "87.5 MiB", loaded - idle));

    for (count, work) in GROWTH {
        if count > 100_000 && !plan.full {
            continue;
        }
        let device = Own::start(count);
        let session = device.other.way.ssh().await;
        let took = merges(plan.rounds * 10, &session, count).await.expect("our own server commits");
        rows.push(Row::new(work, Milliseconds, 2.0, "linear or worse", took));
    }
    rows
}

/// The same work by netconfd, as far as it can do it in time.
async fn netconfd(plan: &Plan) -> Vec<(&'static str, Value)> {
    let modules = ["ietf-interfaces@2018-02-20", "ietf-ip@2018-02-22", "iana-if-type"];
    let search: [PathBuf; 2] = [quickstart_modules(), carried_modules()];
    let peer = Netconfd::start(&search, &modules);
    let connect = async || {
        let key = std::fs::read_to_string(&peer.host_key).expect("the host's key");
        let key = PublicKey::parse(&key).expect("a key that ssh-keygen made");
        let own = PrivateKey::load(&peer.user_key, None).expect("a key that ssh-keygen made");
        let options = SshOptions::new(&peer.user).key(own).host_key(HostKeyCheck::Key(key));
        Session::connect_ssh(("127.0.0.1", peer.port), options).await.expect("a session")
    };
    let took = Value::Took;
    let mut values = Vec::new();
    values.push((SETUP, took(middle(plan.rounds * 3, async || set_up(&connect).await).await)));
    values.push((SESSIONS, took(sessions(plan, connect).await)));
    values.push((IDLE, took(mebibytes(resident(peer.process())))));
    let idle = resident(peer.process());
    let session = connect().await.with_timeout(PATIENCE);
    if let Err(why) = fill(&session, 10).await {
        values.push((SEQUENTIAL, Value::Failed(why)));
        return values;
    }
    values.push((SEQUENTIAL, took(requests(plan, &session, 1).await)));
    values.push((PIPELINED, took(requests(plan, &session, 32).await)));
    let count = if plan.quick { LARGE / 10 } else { LARGE };
    match fill(&session, count).await {
        Ok(seconds) => values.push((EDIT, took(seconds))),
        Err(why) => {
            values.push((EDIT, Value::Failed(why)));
            return values;
        }
    }
    values.push((LOADED, took(mebibytes(resident(peer.process())) - mebibytes(idle))));
    values.push((ALL_SSH, took(middle(plan.rounds, async || all(&session, count).await).await)));
    values.push((LEAF, took(middle(plan.rounds * 10, async || leaf(&session, count).await).await)));
    let begun = Instant::now();
    values.push((
        MERGE,
        match merges(1, &session, count).await {
            Ok(milliseconds) => took(milliseconds),
            Err(_) if begun.elapsed() >= PATIENCE => Value::TooLong(PATIENCE),
            Err(why) => Value::Failed(why),
        },
    ));
    values
}

fn mebibytes(kib: Option<u64>) -> f64 {
    kib.map_or(f64::NAN, |kib| kib as f64 / 1024.0)
}

fn middle_of(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

async fn middle(times: usize, mut work: impl AsyncFnMut() -> f64) -> f64 {
    let mut all = Vec::new();
    for _ in 0..times {
        all.push(work().await);
    }
    middle_of(all)
}

fn milliseconds(since: Instant) -> f64 {
    since.elapsed().as_secs_f64() * 1000.0
}

/// From nothing to both hellos.
async fn set_up(connect: &impl AsyncFn() -> Session) -> f64 {
    let begun = Instant::now();
    let session = connect().await;
    let took = milliseconds(begun);
    session.close().await.expect("a proper end");
    took
}

/// Sessions a second, 8 at a time.
async fn sessions<F: Future<Output = Session>>(plan: &Plan, connect: impl Fn() -> F) -> f64 {
    let mut best: f64 = 0.0;
    for _ in 0..plan.rounds {
        let begun = Instant::now();
        let mut count = 0;
        while begun.elapsed() < Duration::from_millis(if plan.quick { 200 } else { 1000 }) {
            let connect = || async { connect().await.close().await.expect("a proper end") };
            let eight =
                (connect(), connect(), connect(), connect(), connect(), connect(), connect(), connect());
            let (a, b, c, d, e, f, g, h) = eight;
            tokio::join!(a, b, c, d, e, f, g, h);
            count += 8;
        }
        best = best.max(f64::from(count) / begun.elapsed().as_secs_f64());
    }
    best
}

/// Small requests a second on one session.
async fn requests(plan: &Plan, session: &Session, in_flight: usize) -> f64 {
    let each = if plan.quick { 200 } else { 10_000 } / in_flight;
    let mut best: f64 = 0.0;
    for _ in 0..plan.rounds {
        let begun = Instant::now();
        let tasks: Vec<_> = (0..in_flight)
            .map(|_| {
                let session = session.clone();
                tokio::spawn(async move {
                    for _ in 0..each {
                        _ = leaf(&session, 10).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.expect("no panic");
        }
        best = best.max((each * in_flight) as f64 / begun.elapsed().as_secs_f64());
    }
    best
}

/// The whole configuration.
async fn all(session: &Session, count: usize) -> f64 {
    let begun = Instant::now();
    let data = session.get_config(Datastore::Running).await.expect("the configuration");
    let took = milliseconds(begun);
    assert!(data.fragment().bytes().len() > count * 150, "it is not whole");
    took
}

/// One leaf of one interface.
async fn leaf(session: &Session, count: usize) -> f64 {
    let begun = Instant::now();
    let data =
        session.get_config(Datastore::Running).filter(one_leaf(count * 7 / 10)).await.expect("a reply");
    let took = milliseconds(begun);
    assert!(data.fragment().as_str().contains("enabled"), "{}", data.xml());
    took
}

/// All interfaces in one edit, and a commit.
async fn fill(session: &Session, count: usize) -> Result<f64, String> {
    let text = interfaces::xml(count);
    let begun = Instant::now();
    commit(session, &text).await?;
    Ok(milliseconds(begun))
}

/// Changes of one interface, each committed.
async fn merges(times: usize, session: &Session, count: usize) -> Result<f64, String> {
    let mut all = Vec::new();
    for n in 0..times {
        let text = one_interface(count / 2 + n, 1400 + n % 100);
        let begun = Instant::now();
        commit(session, &text).await?;
        all.push(milliseconds(begun));
    }
    Ok(middle_of(all))
}

async fn commit(session: &Session, config: &str) -> Result<(), String> {
    let edit = session.edit_config(Datastore::Candidate).config_xml(config).await;
    edit.map_err(|e| e.to_string())?;
    session.commit().await.map_err(|e| e.to_string())
}

fn one_interface(n: usize, mtu: usize) -> String {
    let mut out = String::from("<interfaces xmlns=\"urn:ietf:params:xml:ns:yang:ietf-interfaces\">");
    _ = write!(
        out,
        "<interface><name>eth{n}</name><type xmlns:t=\"urn:ietf:params:xml:ns:yang:iana-if-type\">t:ethernetCsmacd</type>\
         <ipv4 xmlns=\"urn:ietf:params:xml:ns:yang:ietf-ip\"><mtu>{mtu}</mtu></ipv4></interface></interfaces>"
    );
    out
}
