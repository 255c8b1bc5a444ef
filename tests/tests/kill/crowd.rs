//! Many sessions at once, each with an entry of its own that it brings one step forward with every commit; some edit `running`,
//! some go through the candidate under its lock. Others read all the while.

use super::process::{Process, session};
use super::{check_log, open, rounds, seed};
use netconf_runtime::ErrorTag;
use netconf_runtime::client::{Datastore, Error, Session};
use netconf_runtime::store::Head;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use toolchain_tests::random::Random;
use yang_data::tree::Tree;
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;

/// Sessions that write.
const WRITERS: u32 = 4;

/// The entry of a writer after so many steps: what it says hangs together.
fn entry(id: u32, step: u32, operation: &str) -> String {
    let text = "y".repeat(1 + (id * 7 + step * 31) as usize % 300);
    let mut xml = format!("<writer{operation}><id>{id}</id><step>{step}</step><text>{text}</text>");
    for n in 0..step % 5 {
        write!(xml, "<piece><n>{n}</n><of>{step}</of></piece>").unwrap();
    }
    xml + "</writer>"
}

/// How far each writer is, in a text that is to hold whole entries alone.
fn steps(text: &str) -> BTreeMap<u32, u32> {
    let number = |entry: &str, name: &str| -> u32 {
        let (_, rest) = entry.split_once(&format!("<{name}>")).unwrap();
        rest.split_once('<').unwrap().0.parse().unwrap()
    };
    let text = text.replace(" xmlns=\"urn:kill\"", "");
    let mut steps = BTreeMap::new();
    for found in text.split_inclusive("</writer>").filter(|found| found.contains("<writer>")) {
        let found = &found[found.find("<writer>").unwrap()..];
        let (id, step) = (number(found, "id"), number(found, "step"));
        assert_eq!(found, entry(id, step, ""), "an entry is there in part");
        assert_eq!(steps.insert(id, step), None);
    }
    steps
}

fn steps_of(tree: &Tree) -> BTreeMap<u32, u32> {
    let mut writer = xml::Writer::new(Vec::new());
    View::of(tree).encode(&mut writer, &EncodeOptions { config_only: true }).unwrap();
    steps(std::str::from_utf8(&writer.finish().unwrap()).unwrap())
}

/// How far a writer came: what was answered, and what was asked for.
struct Reached {
    answered: u32,
    asked: u32,
}

/// One step after the other until the server is gone.
async fn write(socket: PathBuf, id: u32, from: u32, through_candidate: bool) -> Reached {
    let mut reached = Reached { answered: from, asked: from };
    let Some(session) = session(&socket).await else { return reached };
    while forward(&session, id, &mut reached, through_candidate).await.is_ok() {}
    reached
}

/// A request that the server answers with `ok`, or never.
async fn ask(session: &Session, xml: &str) -> Result<(), ()> {
    match session.rpc_xml(xml).await {
        Ok(_) => Ok(()),
        Err(error) if error.is_session_over() => Err(()),
        Err(error) => panic!("{xml}: {error}"),
    }
}

/// Waits for the lock on the candidate.
async fn lock(session: &Session) -> Result<(), ()> {
    loop {
        match session.rpc_xml("<lock><target><candidate/></target></lock>").await {
            Ok(_) => return Ok(()),
            Err(Error::Rpc(errors)) if errors.0[0].tag == ErrorTag::LockDenied => {
                tokio::task::yield_now().await;
            }
            Err(error) if error.is_session_over() => return Err(()),
            Err(error) => panic!("{error}"),
        }
    }
}

async fn forward(session: &Session, id: u32, reached: &mut Reached, candidate: bool) -> Result<(), ()> {
    let target = if candidate { "candidate" } else { "running" };
    if candidate {
        lock(session).await?;
    }
    let step = reached.answered + 1;
    let entry = entry(id, step, " xmlns='urn:kill' nc:operation='replace'");
    let edit = format!(
        "<edit-config xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'><target><{target}/></target>\
         <config>{entry}</config></edit-config>"
    );
    if !candidate {
        reached.asked = step;
    }
    ask(session, &edit).await?;
    if candidate {
        reached.asked = step;
        ask(session, "<commit/>").await?;
    }
    reached.answered = step;
    if candidate {
        ask(session, "<unlock><target><candidate/></target></unlock>").await?;
    }
    Ok(())
}

/// Reads until the server is gone; gives how far it saw each writer.
async fn read(socket: PathBuf) -> BTreeMap<u32, u32> {
    let mut seen = BTreeMap::new();
    let Some(session) = session(&socket).await else { return seen };
    while let Ok(reply) = session.get_config(Datastore::Running).send().await {
        let now = steps(&reply.xml());
        assert!(seen.iter().all(|(id, step)| now.get(id) >= Some(step)), "{seen:?}, then {now:?}");
        seen = now;
    }
    seen
}

async fn round(directory: &Path, random: &mut Random, from: &mut BTreeMap<u32, u32>, seen: &mut Head) {
    let mut process = Process::start(directory, false);
    process.wait();
    let socket = process.socket().to_owned();
    let through_candidate = random.once_in(2);
    let gone = process.kill_after(Duration::from_millis(random.below(250) as u64));
    let reader = tokio::spawn(read(socket.clone()));
    let writers: Vec<_> = (0..WRITERS)
        .map(|id| {
            let from = from.get(&id).copied().unwrap_or_default();
            tokio::spawn(write(socket.clone(), id, from, through_candidate))
        })
        .collect();
    let mut reached = Vec::new();
    for writer in writers {
        reached.push(writer.await.unwrap());
    }
    let was_seen = reader.await.unwrap();
    gone.await.unwrap();

    let server = open(&directory.join("store"), false).await;
    check_log(&server).await;
    let now = steps_of(&server.snapshot().running);
    for (id, reached) in (0..).zip(&reached) {
        let there = now.get(&id).copied().unwrap_or_default();
        let possible = reached.answered..=reached.asked;
        assert!(possible.contains(&there), "writer {id} is at step {there}, not in {possible:?}");
        // What was read was committed.
        assert!(was_seen.get(&id).is_none_or(|seen| *seen <= there), "{id}: {was_seen:?}, then {now:?}");
    }
    // One commit, one step of one writer.
    let mut before = steps_of(&server.running_at(*seen).await.unwrap());
    for head in seen.0 + 1..=server.snapshot().commit.0 {
        let after = steps_of(&server.running_at(Head(head)).await.unwrap());
        let moved: Vec<_> = after.iter().filter(|(id, step)| before.get(id) != Some(step)).collect();
        let [(id, step)] = moved[..] else { panic!("commit {head} made of {before:?} {after:?}") };
        assert_eq!(*step, before.get(id).copied().unwrap_or_default() + 1);
        assert!(before.keys().all(|id| after.contains_key(id)));
        before = after;
    }
    *from = now;
    *seen = server.snapshot().commit;
    server.shutdown().await;
}

async fn hold(seed: u64, rounds: usize) {
    let directory = tempfile::tempdir().unwrap();
    let mut random = Random::new(seed);
    let (mut from, mut seen) = (BTreeMap::new(), Head(0));
    for _ in 0..rounds {
        round(directory.path(), &mut random, &mut from, &mut seen).await;
    }
    assert!(!from.is_empty(), "nothing was ever written: the test has seen nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_many_sessions_write_at_once_is_there_whole() {
    let seed = seed();
    let held = tokio::spawn(hold(seed, rounds(8))).await;
    assert!(held.is_ok(), "KILL_SEED={seed}");
}

#[test]
fn an_entry_in_part_is_noticed() {
    let whole = entry(3, 4, "");
    assert_eq!(steps(&whole), BTreeMap::from([(3, 4)]));
    let part = whole.replacen("<piece><n>3</n><of>4</of></piece>", "", 1);
    assert!(std::panic::catch_unwind(|| steps(&part)).is_err());
}
