//! What every store must do, and what redb's must do besides.

use super::*;
use std::sync::Arc;

fn record(transaction: &str, names: &[(u32, &str)], writes: &[(&str, Option<&str>)]) -> Record {
    Record {
        stamp: Stamp {
            transaction: transaction.into(),
            user: "admin".into(),
            session: 4,
            ..Stamp::default()
        },
        names: names.iter().map(|&(id, name)| NewName { id, name: name.into() }).collect(),
        writes: writes
            .iter()
            .map(|&(key, value)| Write { key: key.into(), value: value.map(|v| v.as_bytes().to_vec()) })
            .collect(),
    }
}

fn pairs(loaded: &Loaded) -> Vec<(String, String)> {
    let text = |b: &[u8]| String::from_utf8(b.to_vec()).unwrap();
    loaded.entries.iter().map(|e| (text(&e.key), text(&e.value))).collect()
}

async fn behaves_as_a_log(store: Arc<dyn Store>) {
    let watch = store.watch();
    assert_eq!(store.load().await.unwrap(), Loaded::default());

    let head = store
        .append(Head(0), record("t1", &[(0, "m:a"), (1, "m:b")], &[("b", Some("1")), ("a", Some("2"))]))
        .await
        .unwrap();
    assert_eq!(head, Head(1));
    let head =
        store.append(head, record("t2", &[(2, "m:c")], &[("b", None), ("c", Some("3"))])).await.unwrap();
    assert_eq!(*watch.borrow(), head);

    let loaded = store.load().await.unwrap();
    assert_eq!(loaded.head, Head(2));
    assert_eq!(loaded.names, ["m:a", "m:b", "m:c"]);
    assert_eq!(pairs(&loaded), [("a".into(), "2".into()), ("c".into(), "3".into())]);
    assert_eq!(loaded.last.unwrap().transaction, "t2");

    // Compare and swap: who does not know the head changes nothing.
    let late = store.append(Head(1), record("t3", &[], &[("a", Some("9"))])).await;
    assert!(matches!(late, Err(StoreError::HeadMoved { expected: Head(1), found: Head(2) })), "{late:?}");
    // Rules of a record.
    for bad in [record("t3", &[(7, "m:d")], &[]), record("t3", &[], &[("a", None), ("a", Some("1"))])] {
        let refused = store.append(head, bad).await;
        assert!(matches!(refused, Err(StoreError::BadRecord(_))), "{refused:?}");
    }
    assert_eq!(store.load().await.unwrap().head, Head(2));

    let history = store.history(Head(u64::MAX), 10).await.unwrap();
    assert_eq!(history.iter().map(|e| e.stamp.transaction.as_str()).collect::<Vec<_>>(), ["t2", "t1"]);
    assert_eq!(
        history[0].changes,
        [
            Change { key: b"b".to_vec(), before: Some(b"1".to_vec()), after: None },
            Change { key: b"c".to_vec(), before: None, after: Some(b"3".to_vec()) },
        ]
    );
    assert_eq!(store.history(Head(1), 10).await.unwrap().len(), 1);
    assert_eq!(store.history(Head(2), 1).await.unwrap().len(), 1);

    // A checkpoint forgets records, not what they wrote.
    store.checkpoint(Head(1)).await.unwrap();
    assert_eq!(store.history(Head(2), 10).await.unwrap().len(), 1);
    assert_eq!(pairs(&store.load().await.unwrap()).len(), 2);
}

#[tokio::test]
async fn memory_behaves_as_a_log() {
    behaves_as_a_log(Arc::new(MemoryStore::new())).await;
}

#[cfg(feature = "store-redb")]
mod redb_file {
    use super::*;
    use ::redb::{Database, TableDefinition};
    use std::fs;

    #[tokio::test]
    async fn behaves_as_a_log_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("made/on/the/way");
        behaves_as_a_log(Arc::new(RedbStore::open(&at).await.unwrap())).await;
        let again = RedbStore::open(&at).await.unwrap();
        let loaded = again.load().await.unwrap();
        assert_eq!((loaded.head, *again.watch().borrow()), (Head(2), Head(2)));
        assert_eq!(pairs(&loaded), [("a".into(), "2".into()), ("c".into(), "3".into())]);
    }

    #[tokio::test]
    async fn a_record_of_many_pieces_comes_back_whole() {
        let dir = tempfile::tempdir().unwrap();
        let store = RedbStore::open(dir.path()).await.unwrap();
        let value = "x".repeat(3 << 20);
        store.append(Head(0), record("big", &[], &[("k", Some(&value))])).await.unwrap();
        let history = store.history(Head(1), 1).await.unwrap();
        assert_eq!(history[0].changes[0].after.as_deref(), Some(value.as_bytes()));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn nobody_else_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let at = dir.path().join("store");
        let _store = RedbStore::open(&at).await.unwrap();
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&at), 0o700);
        assert_eq!(mode(&at.join("config.redb")), 0o600);
    }

    #[tokio::test]
    async fn two_servers_do_not_share_it() {
        let dir = tempfile::tempdir().unwrap();
        let _first = RedbStore::open(dir.path()).await.unwrap();
        let second = RedbStore::open(dir.path()).await;
        assert!(matches!(second, Err(StoreError::InUse(_))), "{second:?}");
    }

    #[tokio::test]
    async fn what_is_foreign_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.redb");
        for text in [&b"someone's notes, longer than any header"[..], b"", b"redb"] {
            fs::write(&file, text).unwrap();
            let opened = RedbStore::open(dir.path()).await;
            assert!(matches!(opened, Err(StoreError::Foreign { .. })), "{opened:?}");
            assert_eq!(fs::read(&file).unwrap(), text);
        }
        fs::remove_file(&file).unwrap();
        drop(Database::create(&file).unwrap());
        let opened = RedbStore::open(dir.path()).await;
        assert!(matches!(opened, Err(StoreError::Foreign { .. })), "{opened:?}");
    }

    #[tokio::test]
    async fn what_is_newer_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        drop(RedbStore::open(dir.path()).await.unwrap());
        let db = Database::open(dir.path().join("config.redb")).unwrap();
        let txn = db.begin_write().unwrap();
        let meta: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("meta");
        txn.open_table(meta).unwrap().insert("format", 7u32.to_le_bytes().as_slice()).unwrap();
        txn.commit().unwrap();
        drop(db);
        let opened = RedbStore::open(dir.path()).await;
        assert!(matches!(opened, Err(StoreError::Newer { found: 7, .. })), "{opened:?}");
    }

    #[tokio::test]
    async fn what_is_damaged_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.redb");
        let store = RedbStore::open(dir.path()).await.unwrap();
        store.append(Head(0), record("t", &[], &[("k", Some("v"))])).await.unwrap();
        drop(store);
        let whole = fs::read(&file).unwrap();
        // Cut short.
        fs::write(&file, &whole[..whole.len() / 2]).unwrap();
        let opened = load(dir.path()).await;
        assert!(matches!(opened, Err(StoreError::Damaged { .. })), "{opened:?}");
        // Overwritten behind the header.
        let mut scribbled = whole.clone();
        scribbled[4096..].fill(0xa5);
        fs::write(&file, &scribbled).unwrap();
        let opened = load(dir.path()).await;
        assert!(opened.is_err(), "{opened:?}");
    }

    async fn load(dir: &std::path::Path) -> Result<Loaded, StoreError> {
        RedbStore::open(dir).await?.load().await
    }

    /// Whatever moment the process dies at: a copy of the file taken while commits are written opens at a head that was
    /// answered or was being written, with all of that record and nothing of a later one.
    #[tokio::test(flavor = "multi_thread")]
    async fn a_kill_at_any_moment_leaves_whole_commits() {
        let dir = tempfile::tempdir().unwrap();
        let store = RedbStore::open(dir.path().join("live")).await.unwrap();
        let answered = Arc::new(std::sync::atomic::AtomicU64::new(0));
        let writer = tokio::spawn({
            let (store, answered) = (store.clone(), Arc::clone(&answered));
            async move {
                let mut head = Head(0);
                for i in 0..60u64 {
                    let text = i.to_string();
                    let writes = [("left", Some(text.as_str())), ("right", Some(text.as_str()))];
                    head = store.append(head, record(&text, &[], &writes)).await.unwrap();
                    answered.store(head.0, std::sync::atomic::Ordering::SeqCst);
                }
            }
        });
        let mut round = 0;
        while !writer.is_finished() {
            let before = answered.load(std::sync::atomic::Ordering::SeqCst);
            let copy = dir.path().join(format!("copy{round}"));
            fs::create_dir(&copy).unwrap();
            // A kill freezes the file between two system calls; a copy that runs beside the writer is cruder. The header
            // is what a torn copy may break, so it is taken twice and must be the same.
            let bytes = fs::read(dir.path().join("live/config.redb")).unwrap();
            let after = fs::read(dir.path().join("live/config.redb")).unwrap();
            round += 1;
            if bytes != after {
                continue;
            }
            fs::write(copy.join("config.redb"), bytes).unwrap();
            let loaded = load(&copy).await.unwrap();
            assert!(loaded.head.0 >= before, "{} was answered, {} is there", before, loaded.head);
            if loaded.head.0 > 0 {
                let text = (loaded.head.0 - 1).to_string();
                assert_eq!(pairs(&loaded), [("left".into(), text.clone()), ("right".into(), text)]);
            }
            fs::remove_dir_all(&copy).unwrap();
        }
        writer.await.unwrap();
        assert!(round > 0);
    }
}
