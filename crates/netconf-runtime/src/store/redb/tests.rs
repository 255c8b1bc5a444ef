//! Failing and torn writes below the store: whatever the disk does, and at whatever operation, a commit that was answered is there
//! whole, one that was refused is not there once the disk works again, and one that was on its way when the power failed
//! is there whole or not at all.

use super::disk::{Disk, Trouble};
use super::*;
use crate::store::{NewName, Stamp, Write};
use std::collections::BTreeMap;
use tokio::runtime::{Builder, Runtime};

/// What a store must hold.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
struct Model {
    head: Head,
    names: Vec<String>,
    entries: BTreeMap<Vec<u8>, Vec<u8>>,
    transactions: Vec<String>,
}

impl Model {
    /// A record that can be appended, of any size, and what is there then.
    fn next(&self, nth: u64) -> (Record, Model) {
        let mut after = self.clone();
        after.head.0 += 1;
        let transaction = format!("t{nth}");
        after.transactions.push(transaction.clone());
        let name = NewName { id: self.names.len() as u32, name: format!("name {nth}") };
        after.names.push(name.name.clone());
        let mut writes = BTreeMap::new();
        for i in 0..1 + nth * 7 % 12 {
            let key = format!("key {}", (nth * 31 + i * 17) % 40).into_bytes();
            let length = if nth % 5 == 3 { 9000 } else { nth as usize * 13 % 120 };
            let removes = i > 0 && (nth + i).is_multiple_of(3);
            writes.insert(key, (!removes).then(|| vec![nth as u8; length]));
        }
        for (key, value) in &writes {
            match value {
                Some(value) => drop(after.entries.insert(key.clone(), value.clone())),
                None => drop(after.entries.remove(key)),
            }
        }
        let record = Record {
            stamp: Stamp { transaction, ..Stamp::default() },
            names: vec![name],
            writes: writes.into_iter().map(|(key, value)| Write { key, value }).collect(),
        };
        (record, after)
    }

    fn of(runtime: &Runtime, store: &RedbStore) -> Result<Model, StoreError> {
        runtime.block_on(async {
            let loaded = store.load().await?;
            let log = store.history(loaded.head, usize::MAX).await?;
            assert!(log.iter().zip((1..=loaded.head.0).rev()).all(|(entry, head)| entry.head.0 == head));
            assert_eq!(log.len() as u64, loaded.head.0);
            assert_eq!(loaded.last, log.first().map(|entry| entry.stamp.clone()));
            let pair = |entry: Entry| (entry.key.into_vec(), entry.value.into_vec());
            Ok(Model {
                head: loaded.head,
                names: loaded.names,
                entries: loaded.entries.into_iter().map(pair).collect(),
                transactions: log.into_iter().rev().map(|entry| entry.stamp.transaction).collect(),
            })
        })
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// So much more is tried.
fn scale() -> u64 {
    std::env::var("CI_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1)
}

fn append(runtime: &Runtime, store: &RedbStore, model: &Model, nth: u64) -> Result<Model, StoreError> {
    let (record, after) = model.next(nth);
    runtime.block_on(store.append(model.head, record)).map(|head| {
        assert_eq!(head, after.head);
        after
    })
}

/// A history of so many commits with trouble after so many operations; with `power`, what fails first is the last that the store
/// does. Did the trouble come?
fn history(runtime: &Runtime, seed: u64, commits: u64, trouble: Trouble, after: u64, power: bool) -> bool {
    let disk = Disk::new(seed);
    let mut store = disk.open().unwrap();
    disk.trouble(trouble, after);
    let mut model = Model::default();
    let mut came = false;
    for nth in 0..commits {
        let Err(error) = append(runtime, &store, &model, nth).map(|after| model = after) else { continue };
        came = true;
        if power {
            drop(store);
            disk.lose_power();
            store = disk.open().unwrap();
            let found = Model::of(runtime, &store).unwrap();
            let (_, whole) = model.next(nth);
            assert!(found == model || found == whole, "{error}: found {found:?}, expected {model:?}");
            model = found;
            if model.transactions.last() == Some(&format!("t{nth}")) {
                continue;
            }
        } else {
            // A disk that is broken says so until it is mended; it never shows half a commit.
            match Model::of(runtime, &store) {
                Ok(found) => assert_eq!(found, model, "{error}"),
                Err(_) => assert_ne!(trouble, Trouble::Once, "{error}"),
            }
            disk.mend();
            assert_eq!(Model::of(runtime, &store).unwrap(), model, "{error}");
        }
        // It goes on.
        model = append(runtime, &store, &model, nth).unwrap();
    }
    came |= disk.mend();
    // Whatever was answered is there for good.
    drop(store);
    disk.lose_power();
    assert_eq!(Model::of(runtime, &disk.open().unwrap()).unwrap(), model);
    came
}

/// Every operation of a short history, one after the other.
fn at_every_operation(trouble: Trouble, power: bool) {
    let runtime = runtime();
    for after in 0.. {
        let seeds = (0..scale().min(4)).map(|seed| seed + after * 4);
        let came = seeds.filter(|seed| history(&runtime, *seed, 4, trouble, after, power)).count() > 0;
        if !came {
            assert!(after > 30, "there are no more than {after} operations: the test has seen nothing");
            return;
        }
    }
}

#[test]
fn a_write_that_fails_leaves_nothing_behind() {
    at_every_operation(Trouble::Once, false);
}

#[test]
fn a_disk_that_breaks_leaves_nothing_behind_once_it_is_mended() {
    at_every_operation(Trouble::Broken, false);
}

#[test]
fn a_full_disk_refuses_what_has_no_room() {
    at_every_operation(Trouble::Full, false);
}

#[test]
fn a_power_failure_leaves_whole_commits() {
    at_every_operation(Trouble::Broken, true);
}

/// Long histories in which the disk and the power fail many times, at start too.
#[test]
fn in_the_long_run_nothing_is_lost() {
    let runtime = runtime();
    for seed in 0..2 * scale() {
        let mut random = seed.wrapping_mul(0x2545_f491_4f6c_dd1d) | 1;
        let mut draw = |below: u64| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random >> 11) % below
        };
        let disk = Disk::new(seed);
        let mut store = disk.open().unwrap();
        let mut model = Model::default();
        for nth in 0..120 {
            match draw(6) {
                0 => disk.trouble(Trouble::Once, draw(40)),
                1 => disk.trouble(Trouble::Broken, draw(40)),
                2 => disk.trouble(Trouble::Full, draw(40)),
                _ => _ = disk.mend(),
            }
            let answered = append(&runtime, &store, &model, nth).map(|after| model = after);
            if draw(4) == 0 {
                drop(store);
                disk.lose_power();
                if draw(2) == 0 {
                    // It fails again while the server starts.
                    disk.trouble(Trouble::Broken, draw(12));
                    drop(disk.open());
                    disk.lose_power();
                }
                store = disk.open().unwrap();
                let found = Model::of(&runtime, &store).unwrap();
                let (_, whole) = model.next(nth);
                let may_be_there = answered.is_err() && found == whole;
                assert!(found == model || may_be_there, "seed {seed}, {nth}: {found:?} is not {model:?}");
                model = found;
            } else {
                disk.mend();
                assert_eq!(Model::of(&runtime, &store).unwrap(), model, "seed {seed}, {nth}: {answered:?}");
            }
        }
    }
}

#[test]
fn a_disk_that_is_broken_is_told_of_in_clear_words() {
    let runtime = runtime();
    let mut unsettled = 0;
    for after in 0..40 {
        let disk = Disk::new(after);
        let store = disk.open().unwrap();
        let model = append(&runtime, &store, &Model::default(), 0).unwrap();
        disk.trouble(Trouble::Broken, after);
        match append(&runtime, &store, &model, 1) {
            Ok(_) => break,
            Err(StoreError::Unsettled(why)) => {
                unsettled += 1;
                assert!(why.to_string().contains("the disk does not answer"), "{why}");
            }
            Err(error) => assert!(error.to_string().contains("the disk does not answer"), "{error}"),
        }
        // It goes on as soon as it can.
        assert!(append(&runtime, &store, &model, 2).is_err());
        disk.mend();
        assert!(append(&runtime, &store, &model, 2).is_ok());
    }
    assert!(unsettled > 0);
}
