//! What the server says of itself (RFC 6241 section 8).

use super::device::{builder, schema};
use super::peer::{Peer, refused};
use crate::ModuleTexts;
use crate::server::service::{CloseReason, Refused};
use crate::server::{BuildError, Limits, Server};
use std::sync::Arc;

fn capabilities(server: &Server) -> Vec<String> {
    server.service().greet().unwrap().capabilities
}

#[tokio::test]
async fn capabilities_tell_what_works_and_no_more() {
    let server = builder().build().await.unwrap();
    let all = capabilities(&server);
    for yes in [
        "candidate:1.0",
        "confirmed-commit:1.1",
        "validate:1.1",
        "xpath:1.0",
        "writable-running:1.0",
        "notification:1.0",
    ] {
        let yes = format!("urn:ietf:params:netconf:capability:{yes}");
        assert!(all.contains(&yes), "{yes} in {all:?}");
    }
    for no in ["startup", "url", ":base:"] {
        assert!(!all.iter().any(|c| c.contains(no)), "{no} in {all:?}");
    }
    // RFC 6020 section 5.6.4.
    assert!(
        all.contains(&"urn:device?module=device&revision=2026-01-01&features=shiny".to_owned()),
        "{all:?}"
    );
    let server = builder().writable_running(false).build().await.unwrap();
    assert!(!capabilities(&server).iter().any(|c| c.contains("writable-running")));
    let root = tempfile::tempdir().unwrap();
    let server = builder().startup(true).url_root(root.path()).build().await.unwrap();
    for yes in ["startup:1.0", "url:1.0?scheme=file"] {
        let yes = format!("urn:ietf:params:netconf:capability:{yes}");
        assert!(capabilities(&server).contains(&yes), "{yes}");
    }
    assert!(matches!(
        builder().url_root(root.path().join("nowhere")).build().await,
        Err(BuildError::UrlRoot { .. })
    ));
}

// RFC 7950 section 5.6.4: modules of YANG 1.1 are not for the hello.
#[tokio::test]
async fn yang_1_1_modules_are_not_announced_in_the_hello() {
    let text = "module new { yang-version 1.1; namespace 'urn:new'; prefix n; leaf a { type string; } }";
    let schema = yang_parser::Compiler::new().source("new.yang", text).compile().schema.unwrap();
    let server = Server::builder(schema).build().await.unwrap();
    assert!(!capabilities(&server).iter().any(|c| c.contains("urn:new")));
}

#[tokio::test]
async fn sessions_are_counted_and_their_ids_never_come_twice() {
    let limits = Limits { sessions: 2, ..Limits::default() };
    let server = builder().limits(limits).build().await.unwrap();
    let (one, two) = (Peer::connect(&server), Peer::connect(&server));
    assert!(one.id > 0 && two.id > one.id);
    assert_eq!(server.service().greet(), Err(Refused::TooManySessions(2)));
    drop(one);
    assert!(Peer::connect(&server).id > two.id);
}

#[tokio::test]
async fn shutdown_ends_all_sessions_and_takes_no_more() {
    let server = builder().build().await.unwrap();
    let service = server.service();
    let mut peer = Peer::connect(&server);
    let down = tokio::spawn(server.shutdown());
    while peer.told_to_close().is_none() {
        tokio::task::yield_now().await;
    }
    assert_eq!(peer.told_to_close(), Some(CloseReason::Shutdown));
    assert_eq!(service.greet(), Err(Refused::ShuttingDown));
    assert!(!down.is_finished());
    peer.end(CloseReason::Shutdown);
    down.await.unwrap();
}

#[tokio::test]
async fn handlers_that_do_not_fit_are_refused() {
    struct Odd;
    impl crate::Handlers for Odd {
        fn register(self: Arc<Self>, registry: &mut crate::Registry) {
            registry.rpc_tree("device", "no-such", |_, input| Box::pin(async { Ok(input) }));
            registry.rpc_tree("device", "reset", |_, input| Box::pin(async { Ok(input) }));
            registry.rpc_tree("device", "reset", |_, input| Box::pin(async { Ok(input) }));
            registry.state_tree("/device:nowhere", |_, _| Box::pin(async move { Ok(()) }));
        }
    }
    let error = Server::builder(schema()).handlers(Arc::new(Odd)).build().await.unwrap_err().to_string();
    for part in ["no rpc device:no-such", "device:reset has two handlers", "/device:nowhere"] {
        assert!(error.contains(part), "{error}");
    }
}

/// RFC 8525: with ietf-yang-library among the modules, the server tells of all of them, and its data fits the model.
#[tokio::test]
async fn the_yang_library_tells_of_all_modules() {
    let new =
        "module new { yang-version 1.1; namespace 'urn:new'; prefix n; feature f; leaf a { type string; } }";
    let compiled = yang_parser::Compiler::new()
        .source("new.yang", new)
        .module("ietf-yang-library")
        .module("ietf-datastores")
        .compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let server = Server::builder(schema).build().await.unwrap();
    let all = capabilities(&server);
    let library =
        all.iter().find(|c| c.contains("yang-library:1.1?revision=2019-01-04&content-id=")).unwrap();
    let id = library.rsplit('=').next().unwrap();
    let mut peer = Peer::connect(&server);
    let told = peer.ask("get", "").await;
    for part in [
        "<module><name>new</name><namespace>urn:new</namespace><feature>f</feature></module>",
        "<import-only-module><name>ietf-yang-types</name>",
        "<conformance-type>implement</conformance-type>",
        &format!("<content-id>{id}</content-id>"),
        &format!("<module-set-id>{id}</module-set-id>"),
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let view = yang_data::view::View::of(&super::device::tree_of(server.schema(), &told));
    let errors = yang_data::validate::validate(&view, &yang_data::validate::ValidateOptions::default());
    assert_eq!(errors, []);
}

/// RFC 6022 section 3.1.
#[tokio::test]
async fn get_schema_hands_out_the_modules() {
    let compiled = yang_parser::Compiler::new()
        .module("ietf-netconf-monitoring")
        .source("two.yang", "module two { namespace urn:two; prefix two; revision 2021-01-01; }")
        .compile();
    let schema = compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let schema = Arc::new(schema);
    let three: ModuleTexts = [("three", None::<&str>, "module three {}")].into_iter().collect();
    let stranger = Server::builder(Arc::clone(&schema)).module_texts(three);
    assert!(matches!(stranger.build().await, Err(BuildError::ModuleTexts(names)) if names == ["three"]));
    let texts: ModuleTexts = [
        ("two", Some("2020-01-01"), "module two { description 'a < b'; }"),
        ("two", Some("2021-01-01"), "module two {}"),
        ("ietf-netconf-monitoring", Some("2010-10-04"), "module ietf-netconf-monitoring {}"),
    ]
    .into_iter()
    .collect();
    let server = Server::builder(Arc::clone(&schema)).module_texts(texts).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    let namespace = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
    let mut get = async |params: &str| {
        peer.send(&format!("<get-schema xmlns='{namespace}'>{params}</get-schema>")).await
    };
    assert_eq!(
        get("<identifier>two</identifier><version>2020-01-01</version>").await,
        format!("<data xmlns=\"{namespace}\">module two {{ description 'a &lt; b'; }}</data>")
    );
    refused(&get("<identifier>two</identifier>").await, "protocol operation-failed (data-not-unique)");
    refused(&get("<identifier>three</identifier>").await, "protocol invalid-value");
    refused(&get("<identifier>two</identifier><version>1</version>").await, "protocol invalid-value");
    let xsd = "<identifier>two</identifier><version>2020-01-01</version><format>xsd</format>";
    refused(&get(xsd).await, "protocol invalid-value");
    refused(&get("").await, "application missing-element");
    let told = peer.ask("get", &format!("<filter><netconf-state xmlns='{namespace}'/></filter>")).await;
    // Compared as data: which prefix an identity goes by is the writer's choice.
    let tree = super::device::tree_of(&schema, &told);
    let view = yang_data::view::View::of(&tree);
    let path = format!(
        "/ncm:netconf-state/ncm:schemas/ncm:schema[ncm:identifier='ietf-netconf-monitoring']\
         [ncm:version='2010-10-04'][ncm:namespace='{namespace}'][ncm:location='NETCONF']\
         [derived-from-or-self(ncm:format, 'ncm:yang')]"
    )
    .replace("ncm:", "ietf-netconf-monitoring:");
    let found = yang_data::filter::xpath::select(&view, &path, None, None).unwrap();
    assert!(!found.is_empty(), "{told}");
}
