//! What a commit is for, as our module netconf-commit-comment lets clients say it.

use super::peer::{Peer, refused};
use crate::server::Server;
use std::sync::Arc;
use yang_schema::Schema;

fn schema(modules: &[&str]) -> Arc<Schema> {
    let device = yang_parser::Compiler::new().source("device.yang", include_str!("device.yang"));
    let compiled = modules.iter().fold(device, |compiler, module| compiler.module(module)).compile();
    Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
}

fn hostname(name: &str) -> String {
    format!("<system xmlns='urn:device'><hostname>{name}</hostname></system>")
}

fn comment(text: &str) -> String {
    format!("<comment xmlns='urn:netconf-runtime:commit-comment'>{text}</comment>")
}

/// The comments of the log, newest first.
async fn comments(server: &Server) -> Vec<Option<String>> {
    server.history(100).await.unwrap().into_iter().map(|entry| entry.stamp.comment).collect()
}

#[tokio::test]
async fn the_log_says_what_a_commit_is_for() {
    let server = Server::builder(schema(&["netconf-commit-comment"])).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &hostname("a")).await;
    assert_eq!(peer.ask("commit", &comment(" first &lt;one&gt; ")).await, "ok");
    peer.edit("candidate", &hostname("b")).await;
    assert_eq!(peer.ask("commit", &format!("<confirmed/>{}", comment("on trial"))).await, "ok");
    assert_eq!(peer.ask("commit", &comment("it stays")).await, "ok");
    peer.edit("candidate", &hostname("c")).await;
    assert_eq!(peer.ask("commit", "").await, "ok");
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(comments(&server).await, [None, told("it stays"), told("on trial"), told(" first <one> ")]);
}

#[tokio::test]
async fn what_is_no_comment_is_refused_and_nothing_is_committed() {
    let server = Server::builder(schema(&["netconf-commit-comment"])).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    peer.edit("candidate", &hostname("a")).await;
    for (wrong, error) in [
        (comment(""), "application invalid-value [bad-element comment]"),
        (comment(&"é".repeat(1025)), "application invalid-value [bad-element comment]"),
        (comment("<b/>"), "protocol"),
        (comment("a") + &comment("b"), "protocol bad-element"),
        ("<comment>x</comment>".to_owned(), "protocol unknown-element [bad-element comment]"),
    ] {
        refused(&peer.ask("commit", &wrong).await, error);
    }
    assert_eq!(comments(&server).await, []);
    assert_eq!(peer.ask("commit", &comment(&"é".repeat(1024))).await, "ok");
}

// Who does not implement the module does not take what it says.
#[tokio::test]
async fn a_server_without_the_module_takes_none() {
    let server = Server::builder(schema(&[])).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    refused(&peer.ask("commit", &comment("x")).await, "protocol unknown-namespace");
}

#[cfg(feature = "mock")]
#[tokio::test]
async fn our_client_says_it_where_it_is_taken() {
    let server = Server::builder(schema(&["netconf-commit-comment"])).build().await.unwrap();
    let session = crate::mock::connect(&server, "ann").await.unwrap();
    let edit = async |name: &str| {
        session.edit_config(crate::client::Datastore::Candidate).config_xml(hostname(name)).await.unwrap();
    };
    edit("a").await;
    session.commit_with_comment("a < b").await.unwrap();
    edit("b").await;
    let trial = session.commit_confirmed().comment("trial").persist("id").await.unwrap();
    trial.comment("done").confirm().await.unwrap();
    let told = |text: &str| Some(text.to_owned());
    assert_eq!(comments(&server).await, [told("done"), told("trial"), told("a < b")]);

    let other = Server::builder(schema(&[])).build().await.unwrap();
    let session = crate::mock::connect(&other, "ann").await.unwrap();
    for refused in [
        session.commit_with_comment("x").await.unwrap_err(),
        session.commit_confirmed().comment("x").await.unwrap_err(),
    ] {
        let told = refused.to_string();
        assert!(matches!(refused, crate::client::Error::NotSupported { .. }), "{told}");
        assert!(told.contains("a comment on a commit"), "{told}");
    }
}
