//! A server that is killed: a process of its own with a store on disk gets SIGKILL at random moments, under load and while
//! it starts, again and again on the same store. After each restart every commit that was answered `ok` is there whole, none that was
//! not is there in part, a confirmed commit that waited is taken back (RFC 6241 section 8.4.1), `running` begins as `startup`
//! says where there is one (section 8.7), the log tells the whole way, and any commit that it remembers can be gone back to.
//!
//! `dialogue` knows to the letter what must be there: one request at a time, of any kind. `crowd` has many sessions at once.
//! `CI_SCALE` is the number of rounds in twenties. A failure names its seed; `KILL_SEED` repeats one.

#![cfg(unix)]

mod crowd;
mod dialogue;
mod document;
mod process;

use document::SCHEMA_TEXT;
use netconf_runtime::server::Server;
use netconf_runtime::store::{Head, LogEntry};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, OnceLock};
use yang_schema::Schema;

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled = yang_parser::Compiler::new().source("kill.yang", SCHEMA_TEXT).compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// A server of a store: in the process that is killed, and in the one that looks at what is left.
async fn open(store: &Path, startup: bool) -> Server {
    let built = Server::builder(schema()).directory(store).startup(startup).build().await;
    built.unwrap_or_else(|e| panic!("the store does not open again: {e}"))
}

/// So many rounds, of which there are `least` at the smallest scale.
fn rounds(least: usize) -> usize {
    let scale: usize = std::env::var("CI_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    least * scale
}

/// Another one each time; a failure says which it was.
fn seed() -> u64 {
    let given = std::env::var("KILL_SEED").ok().and_then(|s| s.parse().ok());
    given.unwrap_or_else(|| {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
        now.as_nanos() as u64 ^ u64::from(std::process::id())
    })
}

/// The log is one chain up to the head: no record is missing, no transaction is there twice, and each begins with what the one
/// before it left. Gives the oldest head that can be gone back to.
async fn check_log(server: &Server) -> Head {
    let now = server.snapshot().commit;
    let log = server.history(usize::MAX).await.unwrap();
    let heads: Vec<u64> = log.iter().map(|entry| entry.head.0).collect();
    let oldest = now.0 - heads.len() as u64;
    assert_eq!(heads, (oldest + 1..=now.0).rev().collect::<Vec<_>>());
    let transactions: BTreeSet<&str> = log.iter().map(|entry| entry.stamp.transaction.as_str()).collect();
    assert_eq!(transactions.len(), log.len(), "a transaction is there twice");
    let mut left: BTreeMap<&[u8], Option<&[u8]>> = BTreeMap::new();
    for LogEntry { head, changes, .. } in log.iter().rev() {
        for change in changes {
            let before = change.before.as_deref();
            if let Some(known) = left.insert(&change.key, change.after.as_deref()) {
                assert_eq!(known, before, "record {head} does not go on from the one before it");
            }
        }
    }
    Head(oldest)
}
