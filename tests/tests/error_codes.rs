//! Error codes of a model on the wire: what a constraint has for a number is in the `error-info` of the reply, and the typed client
//! reads it there.

mod yang {
    include!("../../crates/yang-codegen/tests/golden/coded.gen.rs");
}

use netconf_runtime::binding::{Empty, Yang};
use netconf_runtime::client::{Datastore, Error, Session};
use netconf_runtime::mock::connect;
use netconf_runtime::server::Server;
use netconf_runtime::{CODE_NAMESPACE, ErrorInfo, RpcError};
use std::path::Path;
use std::sync::Arc;
use yang::coded::Port;
use yang::coded::paths::{self, *};
use yang::coded::port::{Queue, Way};
use yang::codes;
use yang_schema::Schema;

fn schema() -> Arc<Schema> {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/yang-codegen/tests/golden");
    let compiled = yang_parser::Compiler::new().search_path(golden).module("coded").compile();
    Arc::new(compiled.schema.expect("the model is good"))
}

async fn session() -> (Server, Session) {
    let schema = schema();
    let initial = good().to_tree(&schema).unwrap();
    let server = Server::builder(schema).initial(initial).build().await.unwrap();
    let session = connect(&server, "ann").await.unwrap();
    (server, session)
}

fn good() -> Port {
    Port { name: Some("a".into()), tag: vec!["t".into()], way: Some(Way::Up(Empty)), ..Default::default() }
}

/// The one error of a reply.
#[track_caller]
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> RpcError {
    match outcome {
        Err(Error::Rpc(errors)) if errors.0.len() == 1 => errors.0[0].clone(),
        other => panic!("{other:?}"),
    }
}

/// An edit that only the device can judge, since it needs the data around.
#[tokio::test]
async fn a_code_comes_with_the_refusal_of_an_edit() {
    let (_server, session) = session().await;
    let speed = paths::port().speed().edit(10);
    let error = refusal(session.edit_config(Datastore::Running).edit(&speed).await);
    assert_eq!(error.code(), Some(codes::CODE_1003), "{error:?}");
    assert!(error.info.contains(&ErrorInfo::Code(codes::CODE_1003)));
    assert_eq!(error.message.as_deref(), Some("A port with a speed has an MTU."));
    // The registry tells what the number means.
    let row = codes::ALL.iter().find(|row| Some(row.number) == error.code()).unwrap();
    assert_eq!(row.places[0].0, "/coded:port");

    let missing = Port { name: None, ..good() };
    let edit = paths::port().replace(missing);
    let error = refusal(session.edit_config(Datastore::Running).edit(&edit).await);
    assert_eq!(error.code(), Some(codes::CODE_1004), "{error:?}");
    let queue = |id: &str| Queue { id: id.into(), weight: Some(1) };
    let twice = Port { queue: [queue("a"), queue("b")].into(), ..good() };
    let error = refusal(session.edit_config(Datastore::Running).config(&twice).await);
    assert_eq!(error.code(), Some(codes::CODE_1009), "{error:?}");
}

/// What the types would refuse, sent as text; and how it looks on the wire.
#[tokio::test]
async fn a_code_of_a_type_comes_as_an_element_of_its_own() {
    let (_server, session) = session().await;
    let port = "<port xmlns=\"urn:coded\"><name>a</name><mtu>9001</mtu></port>";
    let edit = format!("<edit-config><target><running/></target><config>{port}</config></edit-config>");
    let error = refusal(session.rpc_xml(&edit).await);
    assert_eq!((error.code(), error.app_tag.as_deref()), (Some(codes::CODE_100002), Some("mtu-range")));
    assert_eq!(error.message.as_deref(), Some("MTU out of range."));
    assert!(error.to_xml().contains(&format!("<code xmlns=\"{CODE_NAMESPACE}\">100002</code>")), "{error:?}");
}
