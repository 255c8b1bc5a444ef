//! Typed calls, in types written by hand, against a device that a test plays.

#![cfg(feature = "client")]

use netconf_runtime::binding::path::Path;
use netconf_runtime::binding::*;
use netconf_runtime::client::{Datastore, Error, Options as SessionOptions, Session};
use netconf_runtime::transport::memory;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

const TOAST: Module = Module::new("toast", "urn:toast");

#[derive(Default, Yang)]
#[yang(root, module = TOAST)]
struct Data {
    #[yang(container = "toaster")]
    toaster: Option<Box<Toaster>>,
}

#[derive(Default, Yang)]
#[yang(container = "toaster", module = TOAST)]
struct Toaster {
    #[yang(leaf = "name")]
    name: Option<String>,
    #[yang(list = "slot")]
    slot: List<SlotEntry>,
}

#[derive(Default, Yang)]
#[yang(list = "slot", key = "id", module = TOAST)]
struct SlotEntry {
    #[yang(leaf = "id")]
    id: u8,
    #[yang(leaf = "width", range = "1..30")]
    width: Option<u8>,
}

#[derive(Yang)]
#[yang(rpc = "make-toast", module = TOAST, input = MakeToastInput, output = MakeToastOutput)]
struct MakeToast;

#[derive(Default, Yang)]
#[yang(input, module = TOAST)]
struct MakeToastInput {
    #[yang(leaf = "doneness", range = "1..10")]
    doneness: Option<u8>,
}

#[derive(Default, Yang)]
#[yang(output, module = TOAST)]
struct MakeToastOutput {
    #[yang(leaf = "seconds")]
    seconds: Option<u32>,
}

#[derive(Yang)]
#[yang(rpc = "cancel-toast", module = TOAST)]
struct CancelToast;

#[derive(Default, Yang)]
#[yang(notification = "toast-done", module = TOAST)]
struct ToastDone {
    #[yang(leaf = "status")]
    status: Option<String>,
}

const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";

/// A device that was told what to say: a pair for each request is what it must hold, and the reply's content.
async fn device(mut stream: DuplexStream, script: Vec<(&'static str, &'static str)>) {
    for (number, (wanted, reply)) in script.into_iter().enumerate() {
        let request = read_message(&mut stream).await;
        assert!(request.contains(wanted), "{request} does not hold {wanted}");
        let reply = if reply.starts_with("<notification") {
            format!(
                "{reply}]]>]]><rpc-reply message-id=\"{}\" xmlns=\"{BASE}\"><ok/></rpc-reply>]]>]]>",
                number + 1
            )
        } else {
            format!(
                "<rpc-reply message-id=\"{}\" xmlns=\"{BASE}\" xmlns:t=\"urn:toast\">{reply}</rpc-reply>]]>]]>",
                number + 1
            )
        };
        stream.write_all(reply.as_bytes()).await.unwrap();
    }
    read_message(&mut stream).await;
}

async fn read_message(stream: &mut DuplexStream) -> String {
    let mut text = Vec::new();
    while !text.ends_with(b"]]>]]>") {
        match stream.read_u8().await {
            Ok(byte) => text.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8(text).unwrap()
}

async fn session(script: Vec<(&'static str, &'static str)>) -> Session {
    let (near, mut far) = memory();
    let capabilities = ["base:1.0", "capability:candidate:1.0", "capability:notification:1.0"]
        .map(|c| format!("<capability>urn:ietf:params:netconf:{c}</capability>"))
        .concat();
    let hello = format!(
        "<hello xmlns=\"{BASE}\"><capabilities>{capabilities}</capabilities><session-id>1</session-id></hello>]]>]]>"
    );
    far.write_all(hello.as_bytes()).await.unwrap();
    let session = Session::open(near, SessionOptions::default()).await.unwrap();
    tokio::spawn(async move {
        read_message(&mut far).await;
        device(far, script).await;
    });
    session
}

fn slot(id: u8) -> Path<SlotEntry> {
    Path::<Toaster>::top::<Data>("toaster").entry("slot", vec![path::key(id)])
}

#[tokio::test]
async fn rpcs() {
    let session = session(vec![
        ("<make-toast xmlns=\"urn:toast\"><doneness>3</doneness></make-toast>", "<t:seconds>90</t:seconds>"),
        ("<cancel-toast xmlns=\"urn:toast\"/>", "<ok/>"),
        ("<make-toast", "<seconds xmlns=\"urn:toast\">many</seconds>"),
    ])
    .await;
    let output = session.rpc::<MakeToast>(MakeToastInput { doneness: Some(3) }).await.unwrap();
    assert_eq!(output.seconds, Some(90));
    // What violates the model is not sent.
    let error = session.rpc::<MakeToast>(MakeToastInput { doneness: Some(11) }).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(v) if v.0.len() == 1), "{error}");
    session.rpc::<CancelToast>(()).await.unwrap();
    let error = session.rpc::<MakeToast>(MakeToastInput::default()).await.unwrap_err();
    assert!(matches!(&error, Error::Reply(text) if text.contains("seconds")), "{error}");
}

#[tokio::test]
async fn reads_and_edits() {
    let two = "<data><t:toaster><t:name>big</t:name><t:slot><t:id>1</t:id><t:width>12</t:width></t:slot>\
        <t:slot><t:id>2</t:id></t:slot></t:toaster></data>";
    let session = session(vec![
        ("<id>2</id>", two),
        ("<get-config><source><running/></source><filter", two),
        ("<get></get>", two),
        ("<get></get>", "<data/>"),
        ("<id>7</id>", "<data/>"),
        (
            "<config><toaster xmlns=\"urn:toast\"><name>small</name></toaster><toaster xmlns=\"urn:toast\"",
            "<ok/>",
        ),
    ])
    .await;
    let second = session.get().read(&slot(2)).await.unwrap().unwrap();
    assert_eq!((second.id, second.width), (2, None));
    let every: Path<SlotEntry> = Path::<Toaster>::top::<Data>("toaster").every("slot");
    let all = session.get_config(Datastore::Running).read_all(&every).await.unwrap();
    assert_eq!(all.iter().map(|s| s.id).collect::<Vec<_>>(), [1, 2]);
    let data: Data = session.get().await.unwrap().decode(&Options::default()).unwrap();
    assert_eq!(data.toaster.unwrap().slot.get(&1).unwrap().width, Some(12));
    let empty: Data = session.get().await.unwrap().decode(&Options::default()).unwrap();
    assert!(empty.toaster.is_none());
    assert!(session.get().read(&slot(7)).await.unwrap().is_none());
    let toaster = Toaster { name: Some("small".to_owned()), ..Default::default() };
    session
        .edit_config(Datastore::Candidate)
        .config(&toaster)
        .edit(&slot(3).edit(SlotEntry { id: 3, width: Some(20) }))
        .await
        .unwrap();
}

#[tokio::test]
async fn notifications() {
    let session = session(vec![(
        "<create-subscription xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\">",
        "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><eventTime>2024-01-01T00:00:00Z</eventTime>\
         <other xmlns=\"urn:toast\"/></notification>]]>]]>\
         <notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><eventTime>2024-01-01T00:00:01Z</eventTime>\
         <t:toast-done xmlns:t=\"urn:toast\"><t:status>done</t:status></t:toast-done></notification>",
    )])
    .await;
    let mut done = session.notifications::<ToastDone>();
    let mut all = session.create_subscription().await.unwrap();
    let received = done.next().await.unwrap().unwrap();
    assert_eq!(
        (received.event_time.as_str(), received.notification.status.as_deref()),
        ("2024-01-01T00:00:01Z", Some("done"))
    );
    assert_eq!(all.next().await.unwrap().unwrap().event.local(), "other");
}

/// A reply as values, one after the other; what stands in front of them are keys, and is kept.
#[tokio::test]
async fn entries_while_they_come() {
    let three = "<data><t:toaster><t:name>big</t:name><t:slot><t:id>1</t:id><t:width>12</t:width></t:slot>\
        <t:slot><t:id>2</t:id></t:slot><t:slot><t:id>3</t:id><t:width>7</t:width></t:slot></t:toaster></data>";
    let wrong = "<data><t:toaster><t:slot><t:id>1</t:id></t:slot><t:slot><t:id>many</t:id></t:slot></t:toaster></data>";
    let session = session(vec![
        ("<toaster xmlns=\"urn:toast\"><slot/></toaster>", three),
        ("<id>2</id>", three),
        ("<filter", "<data/>"),
        ("<filter", wrong),
        ("<filter", "<rpc-error><error-tag>too-big</error-tag></rpc-error>"),
    ])
    .await;
    let every: Path<SlotEntry> = Path::<Toaster>::top::<Data>("toaster").every("slot");
    let mut entries = session.get().entries(&every).await.unwrap();
    let mut seen = Vec::new();
    while let Some(entry) = entries.next().await {
        let entry = entry.unwrap();
        seen.push((entry.id, entry.width));
    }
    assert_eq!(seen, [(1, Some(12)), (2, None), (3, Some(7))]);
    // What the path does not lead to is left out, whatever the device sends.
    let mut one = session.get_config(Datastore::Running).entries(&slot(2)).await.unwrap();
    assert_eq!(one.next().await.unwrap().unwrap().id, 2);
    assert!(one.next().await.is_none());
    assert!(session.get().entries(&every).await.unwrap().next().await.is_none());
    let mut entries = session.get().entries(&every).await.unwrap();
    assert_eq!(entries.next().await.unwrap().unwrap().id, 1);
    let error = entries.next().await.unwrap().err().unwrap();
    assert!(matches!(&error, Error::Reply(text) if text.contains("id")), "{error}");
    assert!(matches!(session.get().entries(&every).await, Err(Error::Rpc(_))));
}

/// The same without types, where the schema is at hand.
#[tokio::test]
async fn trees_in_and_out() {
    use netconf_runtime::yang_data::tree::DecodeOptions;
    let module = "module toast { namespace urn:toast; prefix t; container toaster { leaf name { type string; }
        leaf hot { config false; type boolean; } list slot { key id; leaf id { type uint8; } leaf width { type uint8; } } }
        notification toast-done { leaf status { type string; } } }";
    let compilation = yang_parser::Compiler::new().source("toast.yang", module).compile();
    let schema = std::sync::Arc::new(compilation.schema.unwrap());
    let data = "<data><t:toaster><t:name>big</t:name><t:hot>true</t:hot></t:toaster></data>";
    let session = session(vec![
        ("<get></get>", data),
        ("<config><toaster xmlns=\"urn:toast\"><name>big</name></toaster></config>", "<ok/>"),
        ("<get></get>", "<data><t:toaster><t:name>big</t:name><t:lid/></t:toaster></data>"),
        (
            "<create-subscription",
            "<notification xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><eventTime>2024-01-01T00:00:00Z</eventTime>\
             <toast-done xmlns=\"urn:toast\"><status>done</status></toast-done></notification>",
        ),
    ])
    .await;
    let tree = session.get().await.unwrap().tree(&schema, &DecodeOptions::default()).unwrap();
    assert!(!tree.is_empty());
    // Its state is not configuration, and stays behind.
    session.edit_config(Datastore::Candidate).tree(&tree).await.unwrap();
    let unknown = session.get().await.unwrap().tree(&schema, &DecodeOptions::default()).unwrap_err();
    assert!(matches!(&unknown, Error::Reply(text) if text.contains("lid")), "{unknown}");
    let mut events = session.create_subscription().await.unwrap();
    let (_, done) = events.next_tree(&schema, &DecodeOptions::default()).await.unwrap().unwrap();
    assert_eq!(done.node().name(), "toast-done");
}
