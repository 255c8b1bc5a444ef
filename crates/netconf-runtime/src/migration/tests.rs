//! Stores that were written for other modules.

use super::*;
use crate::datastore::OpenError;
use crate::server::{BuildError, Server};
use crate::store::{Head, MemoryStore, Store};
use yang_data::codec::Limits;
use yang_data::view::{EncodeOptions, View};
use yang_data::xml::{ReadSource, Reader, Writer};

const OLD: &str = "module box {
  yang-version 1.1; namespace 'urn:box'; prefix b;
  container box {
    leaf label { type string; }
    leaf width { type uint8; }
    leaf note { type string; }
    list item { key name; leaf name { type string; } leaf size { type uint8; } anydata more; }
    leaf-list shelf { ordered-by user; type leafref { path '../item/name'; } }
  }
}";

const DATA: &str = "<box xmlns='urn:box'><label>l</label><width>200</width><note>n</note>\
    <item><name>a</name><size>1</size><more><x xmlns='urn:x' y='1'>z</x></more></item>\
    <item><name>b b</name><size>99</size></item>\
    <shelf>b b</shelf><shelf>a</shelf></box>";

fn schema(text: &str) -> Arc<Schema> {
    let compiled = yang_parser::Compiler::new().source("box.yang", text.to_owned()).compile();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
}

fn tree(schema: &Arc<Schema>, xml: &str) -> Tree {
    let mut source = ReadSource::over(Reader::of_content(Limits::default()), xml.as_bytes());
    Tree::decode(schema, NodeId::ROOT, &mut source, &options(0)).unwrap()
}

fn xml(tree: &Tree) -> String {
    let mut writer = Writer::new(Vec::new());
    View::of(tree).encode(&mut writer, &EncodeOptions { config_only: true }).unwrap();
    String::from_utf8(writer.finish().unwrap()).unwrap()
}

/// A store that outlives its servers.
#[derive(Clone)]
struct Shared(Arc<MemoryStore>);

impl Store for Shared {
    fn load(&self) -> crate::BoxFuture<'_, Result<crate::store::Loaded, crate::store::StoreError>> {
        self.0.load()
    }
    fn append(
        &self,
        expected: Head,
        record: crate::store::Record,
    ) -> crate::BoxFuture<'_, Result<Head, crate::store::StoreError>> {
        self.0.append(expected, record)
    }
    fn checkpoint(&self, upto: Head) -> crate::BoxFuture<'_, Result<(), crate::store::StoreError>> {
        self.0.checkpoint(upto)
    }
    fn history(
        &self,
        from: Head,
        limit: usize,
    ) -> crate::BoxFuture<'_, Result<Vec<crate::store::LogEntry>, crate::store::StoreError>> {
        self.0.history(from, limit)
    }
    fn watch(&self) -> tokio::sync::watch::Receiver<Head> {
        self.0.watch()
    }
}

/// A store with the data, written for the old modules.
async fn written(startup: bool) -> Shared {
    let store = Shared(Arc::new(MemoryStore::new()));
    let old = schema(OLD);
    let first = tree(&old, DATA);
    Server::builder(old).store(store.clone()).startup(startup).initial(first).build().await.unwrap();
    store
}

async fn open(
    store: &Shared,
    text: &str,
    startup: bool,
    migration: impl Migration,
) -> Result<Server, BuildError> {
    Server::builder(schema(text)).store(store.clone()).startup(startup).migrate(migration).build().await
}

#[tokio::test]
async fn what_fits_is_not_migrated() {
    let store = written(false).await;
    let never = |_: Unfit| Err("nobody asked".to_owned());
    let server =
        open(&store, &OLD.replace("leaf note", "leaf more { type string; } leaf note"), false, never).await;
    assert!(xml(&server.unwrap().snapshot().running).contains("<note>n</note>"));
}

#[tokio::test]
async fn a_migration_gives_nodes_other_names_and_places() {
    let store = written(false).await;
    let new = OLD
        .replace("leaf label", "leaf title")
        .replace("leaf note { type string; }", "container notes { leaf note { type string; } }");
    let migration = |unfit: Unfit| {
        assert_eq!(unfit.errors.len(), 2, "{:?}", unfit.errors);
        let mut document = unfit.document;
        let path = |e: PathError| e.to_string();
        assert_eq!(document.at("/box:box/label", |label| label.rename("box", "title")).map_err(path)?, 1);
        let notes = document.remove("/box:box/note").map_err(path)?;
        document
            .at("/box:box", |top| {
                let mut inside = Node::new("box", "notes");
                notes.iter().for_each(|note| inside.push(note.clone()));
                top.push(inside);
            })
            .map_err(path)?;
        // One entry of many.
        let entries = "/box:box/item[name='b b']/size";
        assert_eq!(document.at(entries, |size| size.set_value("98")).map_err(path)?, 1);
        Ok(Migrated::document(document).note("label is title now"))
    };
    let server = open(&store, &new, false, migration).await.unwrap();
    let expected = DATA
        .replace("label>", "title>")
        .replace("<note>n</note>", "<notes><note>n</note></notes>")
        .replace("99", "98");
    let expected = tree(server.schema(), &expected);
    assert_eq!(xml(&server.snapshot().running), xml(&expected));
    assert_eq!(server.opening().migration, ["label is title now"]);
    let log = server.history(1).await.unwrap();
    assert!(log[0].stamp.comment.as_deref().unwrap().contains("label is title now"));
    let head = server.snapshot().commit;
    drop(server);
    // It is done once, and what was before is still there for those who have the old modules.
    let never = |_: Unfit| Err("nobody asked".to_owned());
    let server = open(&store, &new, false, never).await.unwrap();
    assert_eq!(server.snapshot().commit, head);
    assert_eq!(xml(&server.snapshot().running), xml(&expected));
    let old = schema(OLD);
    let before = crate::datastore::running_at(&store, &old, Head(1)).await.unwrap();
    assert_eq!(xml(&before), xml(&tree(&old, DATA)));
}

#[tokio::test]
async fn what_does_not_fit_is_dropped_and_told_and_nothing_else() {
    let new = OLD
        .replace("leaf width { type uint8; }", "leaf width { type uint8 { range '1..100'; } }")
        .replace("leaf note { type string; }", "")
        .replace("leaf size { type uint8; }", "leaf size { type uint8; must '. < 50'; }");
    for startup in [false, true] {
        let store = written(startup).await;
        let server = open(&store, &new, startup, DropInvalid).await.unwrap();
        let expected = DATA.replace("<width>200</width><note>n</note>", "").replace("<size>99</size>", "");
        let expected = xml(&tree(server.schema(), &expected));
        assert_eq!(xml(&server.snapshot().running), expected);
        assert_eq!(server.snapshot().startup.as_ref().map(xml), startup.then(|| expected.clone()));
        let told = server.opening().migration.join("\n");
        for what in ["width", "note", "/box:box/item[name='b b']/size"] {
            assert!(told.contains(what), "{what} in {told}");
        }
        assert_eq!(server.opening().migration.len(), 3, "{told}");
        drop(server);
        let never = |_: Unfit| Err("nobody asked".to_owned());
        let again = open(&store, &new, startup, never).await.unwrap();
        assert_eq!(xml(&again.snapshot().running), expected);
    }
}

/// What refers to what is dropped goes too; entries without a key that is one, and nodes of modules that are gone.
#[tokio::test]
async fn what_depends_on_what_is_dropped_goes_with_it() {
    let store = written(false).await;
    let new = OLD.replace("leaf name { type string; }", "leaf name { type string { pattern 'a'; } }");
    let server = open(&store, &new, false, DropInvalid).await.unwrap();
    let running = xml(&server.snapshot().running);
    assert!(!running.contains("b b"), "{running}");
    assert!(running.contains("<shelf>a</shelf>") && running.contains("<width>200</width>"), "{running}");
    let gone = "module other { yang-version 1.1; namespace 'urn:o'; prefix o; leaf x { type string; } }";
    let store = written(false).await;
    let server = open(&store, gone, false, DropInvalid).await.unwrap();
    assert_eq!(xml(&server.snapshot().running), "");
    assert!(server.opening().migration[0].contains("box"), "{:?}", server.opening());
}

#[tokio::test]
async fn a_migration_that_fails_or_makes_nonsense_is_refused() {
    let store = written(false).await;
    let new = OLD.replace("leaf label", "leaf title");
    let refused = open(&store, &new, false, |_: Unfit| Err("not today".to_owned())).await.unwrap_err();
    assert!(matches!(refused, BuildError::Open(OpenError::Migration { .. })), "{refused}");
    assert!(refused.to_string().contains("not today") && refused.to_string().contains("label"), "{refused}");
    let refused = open(&store, &new, false, |unfit: Unfit| Ok(Migrated::document(unfit.document))).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused, BuildError::Open(OpenError::Migrated(_))), "{refused}");
    // Nothing was written.
    assert_eq!(store.load().await.unwrap().head, Head(1));
}

#[cfg(feature = "store-redb")]
#[tokio::test]
async fn the_failsafe_configuration_runs_when_the_stored_one_cannot() {
    let dir = tempfile::tempdir().unwrap();
    let old = schema(OLD);
    let first = tree(&old, DATA);
    let server = Server::builder(Arc::clone(&old)).directory(dir.path()).initial(first.clone()).build().await;
    server.unwrap().shutdown().await;

    let new = schema(&OLD.replace("leaf label", "leaf title"));
    let failsafe = tree(&new, "<box xmlns='urn:box'><title>safe</title></box>");
    let open = || Server::builder(Arc::clone(&new)).directory(dir.path()).failsafe(failsafe.clone()).build();
    let server = open().await.unwrap();
    assert_eq!(xml(&server.snapshot().running), xml(&failsafe));
    let told = server.opening().failsafe.clone().unwrap();
    assert!(told.why.contains("label"), "{told}");
    server.shutdown().await;
    // The stored one is where it says, as it was.
    let other = tempfile::tempdir().unwrap();
    std::fs::copy(told.aside.unwrap(), other.path().join("config.redb")).unwrap();
    let kept = Server::builder(old).directory(other.path()).build().await.unwrap();
    assert_eq!((kept.snapshot().commit, xml(&kept.snapshot().running)), (Head(1), xml(&first)));
    // From now on that is the configuration, and what happens to it is kept.
    let server = open().await.unwrap();
    assert!(server.opening().failsafe.is_none());
    server.replace(tree(&new, "<box xmlns='urn:box'><title>mended</title></box>"), "by hand").await.unwrap();
    server.shutdown().await;
    // A damaged file; a second one that is put aside does not take the first one's name.
    std::fs::write(dir.path().join("config.redb"), b"nonsense, but long enough").unwrap();
    let server = open().await.unwrap();
    let told = server.opening().failsafe.clone().unwrap();
    assert_eq!(told.aside.as_deref(), Some(&*dir.path().join("config.redb.aside-2")), "{told}");
    assert_eq!(std::fs::read(dir.path().join("config.redb.aside-2")).unwrap(), b"nonsense, but long enough");
    // One that is in use is left alone.
    let refused = open().await.unwrap_err();
    assert!(refused.to_string().contains("in use"), "{refused}");
    assert!(!dir.path().join("config.redb.aside-3").exists());
}

#[tokio::test]
async fn a_store_that_is_no_directory_keeps_the_old_state_in_its_log() {
    let store = written(false).await;
    let new = schema(&OLD.replace("leaf label", "leaf title"));
    let failsafe = tree(&new, "<box xmlns='urn:box'><title>safe</title></box>");
    let server =
        Server::builder(Arc::clone(&new)).store(store.clone()).failsafe(failsafe).build().await.unwrap();
    assert!(xml(&server.snapshot().running).contains("safe"));
    assert!(server.opening().failsafe.clone().unwrap().aside.is_none());
    assert_eq!(server.snapshot().commit, Head(2));
    let wrong = tree(&new, "<box xmlns='urn:box'><shelf>nothing</shelf></box>");
    let refused = Server::builder(new).store(MemoryStore::new()).failsafe(wrong).build().await.unwrap_err();
    assert!(matches!(refused, BuildError::Failsafe(_)), "{refused}");
}

#[test]
fn what_is_no_path_is_refused() {
    let mut document = Document::default();
    for wrong in ["", "a", "/", "/a[", "/a[b]", "/a[b='c]", "/a[b='c'", "/a/", "/a[b=concat('x')]"] {
        assert!(document.remove(wrong).is_err(), "{wrong}");
    }
    assert!(document.remove("/m:a[b='/[]']/c[.=\"it's\"]").unwrap().is_empty());
}
