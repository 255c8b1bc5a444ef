//! The device over real sessions: actions, nested notifications, state, hooks.

use netconf_runtime::binding::path::{Path, Query};
use netconf_runtime::client::{Datastore, Error, Filter, Session};
use netconf_runtime::mock::connect;
use netconf_runtime::server::{Limits, Server};
use netconf_runtime::{ErrorTag, RpcError};
use server_farm::Device;
use server_farm::yang::example_farm::farm::Server as FarmServer;
use server_farm::yang::example_farm::farm::server::Slot;
use server_farm::yang::example_farm::farm::server::slot::{Overheated, reset};
use server_farm::yang::example_farm::paths::{self, *};
use server_farm::yang::example_farm::{Client as _, Event, Farm, MODULE};
use server_farm::yang::schema;
use std::sync::Arc;
use std::time::Duration;

async fn farm_with(limits: Limits) -> (Arc<Device>, Server, Session) {
    let device = Arc::new(Device::default());
    let server = Server::builder(Arc::clone(schema())).handlers(Arc::clone(&device)).limits(limits);
    let server = server.build().await.unwrap();
    let session = connect(&server, "ann").await.unwrap();
    (device, server, session)
}

/// A farm of two servers, each with a card in slot 1.
async fn farm() -> (Arc<Device>, Server, Session) {
    let (device, server, session) = farm_with(Limits::default()).await;
    let one = |name: &str, card: &str| {
        let slot = Slot { id: 1, card: Some(card.to_owned()), ..Default::default() };
        FarmServer { name: name.to_owned(), slot: [slot].into(), ..Default::default() }
    };
    let farm = Farm { server: [one("s1", "radio"), one("it's \"s2\"", "disk")].into(), ..Default::default() };
    session.edit_config(Datastore::Running).config(&farm).await.unwrap();
    device.called();
    (device, server, session)
}

/// What was done, apart from questions for state.
fn done(device: &Device) -> Vec<String> {
    device.called().into_iter().filter(|c| !c.starts_with("asked")).collect()
}

#[track_caller]
fn refusal<T: std::fmt::Debug>(outcome: Result<T, Error>) -> RpcError {
    match outcome {
        Err(Error::Rpc(errors)) if errors.0.len() == 1 => errors.0[0].clone(),
        other => panic!("{other:?}"),
    }
}

fn path(error: &RpcError) -> &str {
    error.path.as_ref().map_or("", |p| p.xpath.as_str())
}

// RFC 7950 section 7.15.

#[tokio::test]
async fn an_action_gets_the_keys_around_it() {
    let (device, _server, session) = farm().await;
    let slot = paths::farm().server("it's \"s2\"").slot(1);
    let input = reset::Input { delay: Some(20), because_of: Some("s1".into()) };
    let output = slot.reset(&session, input).await.unwrap();
    assert_eq!(output.card.as_deref(), Some("disk"));
    assert_eq!(done(&device), ["ann resets it's \"s2\"/1 after Some(20)"]);
    // Without input and output.
    paths::farm().server("s1").drain(&session).await.unwrap();
    assert_eq!(done(&device), ["drain s1"]);
}

#[tokio::test]
async fn an_action_on_what_is_not_there_is_refused() {
    let (device, _server, session) = farm().await;
    let error = refusal(paths::farm().server("s1").slot(9).reset(&session, reset::Input::default()).await);
    assert_eq!(
        (error.tag.clone(), path(&error)),
        (ErrorTag::DataMissing, "/f:farm/f:server[f:name='s1']/f:slot[f:id='9']")
    );
    // The first node that is missing is named.
    let error = refusal(paths::farm().server("s7").slot(9).reset(&session, reset::Input::default()).await);
    assert_eq!((error.tag.clone(), path(&error)), (ErrorTag::DataMissing, "/f:farm/f:server[f:name='s7']"));
    assert_eq!(done(&device), Vec::<String>::new());
}

#[tokio::test]
async fn an_action_works_on_what_only_the_state_has() {
    let (device, _server, session) = farm().await;
    // `s3` is not configured; its provider shows it.
    paths::farm().server("s3").drain(&session).await.unwrap();
    let called = device.called();
    assert!(called.contains(&"asked for servers Some([(\"s3\",)])".to_owned()), "{called:?}");
    assert!(called.contains(&"drain s3".to_owned()), "{called:?}");
}

#[tokio::test]
async fn input_and_output_are_held_to_the_model() {
    let (device, _server, session) = farm().await;
    let slot = paths::farm().server("s1").slot(1);
    // Here the client finds it.
    let long = reset::Input { delay: Some(4000), ..Default::default() };
    let error = slot.reset(&session, long.clone()).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(v) if v.0.len() == 1), "{error}");
    // Told not to look, the device does.
    let error = refusal(slot.reset(&session.without_checks(), long).await);
    assert_eq!(error.tag, ErrorTag::InvalidValue);
    // `must` and leafref look around from where the action stands (section 6.4.1).
    let input = reset::Input { delay: Some(301), ..Default::default() };
    let error = refusal(slot.reset(&session, input).await);
    assert_eq!(error.app_tag.as_deref(), Some("too-long"));
    assert_eq!(error.message.as_deref(), Some("The farm does not wait so long."));
    assert_eq!(path(&error), "/f:farm/f:server[f:name='s1']/f:slot[f:id='1']/f:reset/f:delay");
    let input = reset::Input { because_of: Some("nobody".into()), ..Default::default() };
    let error = refusal(slot.reset(&session, input).await);
    assert_eq!(error.app_tag.as_deref(), Some("instance-required"));
    // What the handler says goes out as it is.
    let input = reset::Input { delay: Some(13), ..Default::default() };
    let error = refusal(slot.reset(&session, input).await);
    assert_eq!(
        (error.tag.clone(), error.app_tag.as_deref()),
        (ErrorTag::ResourceDenied, Some("superstition"))
    );
    assert_eq!(done(&device), ["ann resets s1/1 after Some(13)"]);
    // An output that breaks the model is the device's fault. There is no such card in slot 2.
    let empty = Slot { id: 2, card: Some("broken".into()), ..Default::default() };
    session
        .edit_config(Datastore::Running)
        .edit(&paths::farm().server("s1").slot(2).edit(empty))
        .await
        .unwrap();
    let error = refusal(paths::farm().server("s1").slot(2).reset(&session, reset::Input::default()).await);
    assert_eq!(error.tag, ErrorTag::OperationFailed);
    assert!(error.message.as_deref().is_some_and(|m| m.contains("breaks its model")), "{error}");
}

#[tokio::test]
async fn one_action_in_an_rpc() {
    let (_device, _server, session) = farm().await;
    let slot = "<farm xmlns=\"urn:example:farm\"><server><name>s1</name><drain/></server></farm>";
    let action = |inside: &str| format!("<action xmlns=\"urn:ietf:params:xml:ns:yang:1\">{inside}</action>");
    session.rpc_xml(&action(slot)).await.unwrap();
    // Section 7.15.2.
    for two in [
        format!("{slot}{slot}"),
        "<farm xmlns=\"urn:example:farm\"><server><name>s1</name><drain/><drain/></server></farm>".to_owned(),
    ] {
        let error = refusal(session.rpc_xml(&action(&two)).await);
        assert_eq!(error.tag, ErrorTag::BadElement, "{two}");
    }
    for (wrong, tag) in [
        ("", ErrorTag::MissingElement),
        ("<farm xmlns=\"urn:example:farm\"><server><drain/></server></farm>", ErrorTag::MissingElement),
        (
            "<farm xmlns=\"urn:example:farm\"><server><name>s1</name><explode/></server></farm>",
            ErrorTag::UnknownElement,
        ),
        ("<farm xmlns=\"urn:example:other\"/>", ErrorTag::UnknownNamespace),
    ] {
        let error = refusal(session.rpc_xml(&action(wrong)).await);
        assert_eq!(error.tag, tag, "{wrong}: {error}");
    }
}

#[tokio::test]
async fn a_path_without_keys_names_no_node() {
    let (_device, _server, session) = farm().await;
    let error = paths::farm().server__all().drain(&session).await.unwrap_err();
    assert!(matches!(&error, Error::Caller(why) if why.contains("server")), "{error}");
}

// RFC 7950 section 7.16.

#[tokio::test]
async fn a_nested_notification_brings_the_keys_around_it() {
    let (_device, server, session) = farm().await;
    let listener = connect(&server, "bob").await.unwrap();
    let mut hot = listener.create_subscription().await.unwrap().of_nested::<Overheated>();
    paths::farm().server("it's \"s2\"").slot(1).reset(&session, reset::Input::default()).await.unwrap();
    let received = hot.next().await.unwrap().unwrap();
    assert_eq!(received.at, ("it's \"s2\"".to_owned(), 1));
    assert_eq!(received.notification.temperature, Some(90));
    // One that breaks its model, and one about no single node, are not published.
    let all: Path<Slot> = paths::farm().server("s1").slot__all();
    let publisher = server.publisher();
    publisher.publish_at(&all, &Overheated { temperature: Some(1) }).unwrap_err();
    publisher.publish_at(&paths::farm().server("s1").slot(1), &Overheated::default()).unwrap_err();
}

#[tokio::test]
async fn a_filter_looks_at_the_way_to_a_nested_notification() {
    let (_device, server, _session) = farm().await;
    let publish = |name: &str| {
        let at = paths::farm().server(name).slot(1);
        server.publisher().publish_at(&at, &Overheated { temperature: Some(70) }).unwrap();
    };
    for filter in [
        Filter::subtree(
            "<farm xmlns=\"urn:example:farm\"><server><name>s2</name><slot><overheated/></slot></server></farm>",
        ),
        Filter::xpath("/f:farm/f:server[f:name='s2']/f:slot/f:overheated", [("f", MODULE.namespace)]),
    ] {
        let session = connect(&server, "bob").await.unwrap();
        let mut hot = session.create_subscription().filter(filter).await.unwrap().of_nested::<Overheated>();
        publish("s1");
        publish("s2");
        assert_eq!(hot.next().await.unwrap().unwrap().at.0, "s2");
    }
}

// State.

#[tokio::test]
async fn providers_are_asked_for_what_a_request_can_see() {
    let (device, _server, session) = farm().await;
    let get = |filter: Filter| session.get().filter(filter);
    let x = |select: &str| Filter::xpath(select, [("f", MODULE.namespace)]);
    let s = |xml: &str| Filter::subtree(xml.replacen('>', " xmlns=\"urn:example:farm\">", 1));
    for (filter, asked) in [
        // Who provides the state of entries says that they are there.
        (s("<farm><server><name/></server></farm>"), vec!["asked for farm", "asked for servers None"]),
        // Nothing of it is state.
        (s("<farm><server><memory/></server></farm>"), vec![]),
        (s("<farm><site/></farm>"), vec![]),
        (x("/f:farm/f:site"), vec![]),
        (s("<nothing></nothing>"), vec![]),
        (s("<farm><power/></farm>"), vec!["asked for farm"]),
        (x("/f:farm/f:power"), vec!["asked for farm"]),
        (s("<uptime></uptime>"), vec!["asked for uptime"]),
        (x("/f:uptime"), vec!["asked for uptime"]),
        (
            s("<farm><server><name>s2</name><load/></server></farm>"),
            vec!["asked for farm", "asked for servers Some([(\"s2\",)])"],
        ),
        (
            x("/f:farm/f:server[f:name='s2']/f:load"),
            vec!["asked for farm", "asked for servers Some([(\"s2\",)])"],
        ),
        (
            x("/f:farm/f:server[f:load > 1.5]/f:name"),
            vec!["asked for farm", "asked for servers None", "asked for slots"],
        ),
        (s("<event><id>7</id></event>"), vec!["asked for events Some([(7,)])"]),
        (x("/f:event[f:id='7'] | /f:event[f:id='9']"), vec!["asked for events Some([(7,), (9,)])"]),
        (
            x("//f:load"),
            vec![
                "asked for events None",
                "asked for farm",
                "asked for servers None",
                "asked for slots",
                "asked for uptime",
            ],
        ),
    ] {
        let what = format!("{filter:?}");
        get(filter).await.unwrap();
        let mut called = device.called();
        called.sort();
        assert_eq!(called, asked, "{what}");
    }
    session.get_config(Datastore::Running).await.unwrap();
    assert_eq!(device.called(), Vec::<String>::new());
}

#[tokio::test]
async fn entries_come_one_by_one_over_the_configuration() {
    let (_device, _server, session) = farm().await;
    let servers = session.get().read_all(&paths::farm().server__all()).await.unwrap();
    let seen: Vec<_> = servers.iter().map(|s| (s.name.as_str(), s.load.map(|l| l.to_string()))).collect();
    let load = |l: &str| Some(l.to_owned());
    assert_eq!(seen, [("it's \"s2\"", None), ("s1", load("1.0")), ("s2", load("2.0")), ("s3", load("3.0"))]);
    let slot = session.get().read(&paths::farm().server("s1").slot(1)).await.unwrap().unwrap();
    assert_eq!((slot.card.as_deref(), slot.temperature), (Some("radio"), Some(40)));
    let events: Vec<Event> = session.get().read_all(&paths::event__all()).await.unwrap();
    assert_eq!((events.len(), events[999].what.as_deref()), (1000, Some("event 1000")));
    let one = session.get().read(&paths::event(7_u64)).await.unwrap().unwrap();
    assert_eq!(one.what.as_deref(), Some("event 7"));
    assert_eq!(session.get().read(&paths::uptime()).await.unwrap(), Some(86_400));
}

#[tokio::test]
async fn state_has_a_limit() {
    let mut limits = Limits::default();
    limits.state_nodes = 100;
    let (_device, _server, session) = farm_with(limits).await;
    let error = refusal(session.get().read_all(&paths::event__all()).await);
    assert_eq!((error.tag.clone(), path(&error)), (ErrorTag::TooBig, "/f:event"));
    assert!(error.message.as_deref().is_some_and(|m| m.contains("state_nodes")), "{error}");
    session.get().read(&paths::event(7_u64)).await.unwrap().unwrap();
}

// Several paths at once.

#[tokio::test]
async fn several_paths_in_one_request() {
    let (_device, _server, session) = farm().await;
    let card = |server: &str| paths::farm().server(server).slot(1).card();
    let (one, two) = (card("s1"), card("it's \"s2\""));
    let edits = [one.edit("fan".into()), paths::farm().site().edit("hill".into()), two.edit("lamp".into())];
    session.edit_config(Datastore::Running).edits(&edits).await.unwrap();
    let data = session.get().select(&one).select(&two).select(&paths::farm().power()).await.unwrap();
    assert_eq!(data.read(&one).unwrap().as_deref(), Some("fan"));
    assert_eq!(data.read(&two).unwrap().as_deref(), Some("lamp"));
    assert_eq!(data.read(&paths::farm().power()).unwrap(), Some(1200));
    assert!(!data.xml().contains("hill"), "{}", data.xml());
    let by_xpath = Filter::query_xpath(&Query::from(&one).and(&two)).unwrap();
    let data = session.get_config(Datastore::Running).filter(by_xpath).await.unwrap();
    assert_eq!(data.read(&two).unwrap().as_deref(), Some("lamp"));
    assert_eq!(data.read_all(&paths::farm().server__all()).unwrap().len(), 2);
    // Managers have an order.
    let manager = |name: &str| paths::farm().manager(name);
    session
        .edit_config(Datastore::Running)
        .edit(&manager("ann").create("ann".into()))
        .edit(&manager("bob").create("bob".into()).before(&manager("ann")))
        .await
        .unwrap();
    let farm = session.get_config(Datastore::Running).read(&paths::farm()).await.unwrap().unwrap();
    assert_eq!(farm.manager, ["bob", "ann"]);
}

// Hooks.

#[tokio::test]
async fn hooks_tell_what_came_went_and_changed() {
    let (device, _server, session) = farm().await;
    let edit = || session.edit_config(Datastore::Running);
    let server = |name: &str| paths::farm().server(name);
    edit()
        .edit(&server("s1").memory().edit(64))
        .edit(&server("it's \"s2\"").delete())
        .edit(&server("s9").create(FarmServer { memory: Some(8), ..Default::default() }))
        .await
        .unwrap();
    let mut called = device.called();
    called.sort();
    assert_eq!(
        called,
        ["+ server s9 None Some(8)", "- server it's \"s2\" None None", "~ server s1 None Some(64)"]
    );
    // Of a leaf-list all is told; other nodes' hooks hear nothing.
    edit().edit(&paths::farm().manager("ann").create("ann".into())).await.unwrap();
    assert_eq!(device.called(), ["managers [\"ann\"]"]);
    // What is around goes, and all that is in it.
    edit().edit(&paths::farm().delete()).await.unwrap();
    let mut called = device.called();
    called.sort();
    assert_eq!(called, ["- server s1 Some(64) None", "- server s9 Some(8) None", "managers []"]);
    assert_eq!(session.census().await.unwrap().servers, Some(0));
}

// A wide card takes two slots: the device adds the second one to the commit, once.
#[tokio::test]
async fn a_hook_adds_to_what_is_asked_for() {
    let (_device, server, session) = farm().await;
    let slot = |id: u8| paths::farm().server("s1").slot(id);
    let commits = server.snapshot().commit.0;
    session
        .edit_config(Datastore::Running)
        .edit(&slot(3).card().edit("wide".into()))
        .edit(&slot(7).card().edit("wide".into()))
        .await
        .unwrap();
    assert_eq!(server.snapshot().commit.0, commits + 1);
    let config = || session.get_config(Datastore::Running);
    for id in [4, 8] {
        assert_eq!(config().read(&slot(id).card()).await.unwrap().as_deref(), Some("wide, right half"));
    }
    session.edit_config(Datastore::Running).edit(&slot(3).card().delete()).await.unwrap();
    assert_eq!(config().read(&slot(4)).await.unwrap(), None);
    let error =
        refusal(session.edit_config(Datastore::Running).edit(&slot(255).card().edit("wide".into())).await);
    assert_eq!(error.message.as_deref(), Some("there is no slot beside the last one"));
    assert_eq!(config().read(&slot(255)).await.unwrap(), None);
}

#[tokio::test]
async fn a_handler_that_refuses_is_slow_or_dies_changes_nothing() {
    let mut limits = Limits::default();
    limits.prepare = Duration::from_millis(50);
    let (device, _server, session) = farm_with(limits).await;
    for (site, told) in [
        ("swamp", "it would sink"),
        (
            "far",
            "the configuration handler \"/example-farm:farm\" did not finish prepare within 50ms (limit `prepare`)",
        ),
        ("volcano", "the configuration handler \"/example-farm:farm\" died in prepare"),
    ] {
        let edit = paths::farm().site().edit(site.to_owned());
        let error = refusal(session.edit_config(Datastore::Running).edit(&edit).await);
        assert_eq!(error.message.as_deref(), Some(told));
        assert!(device.called().contains(&"abort farm".to_owned()), "{site}");
        assert_eq!(session.get_config(Datastore::Running).read(&paths::farm().site()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_failure_to_apply_is_seen_until_it_is_over() {
    let (_device, server, session) = farm().await;
    let card = paths::farm().server("s1").slot(1).card();
    session.edit_config(Datastore::Running).edit(&card.edit("broken".into())).await.unwrap();
    // The commit stands.
    assert_eq!(session.get_config(Datastore::Running).read(&card).await.unwrap().as_deref(), Some("broken"));
    let faults = server.apply_faults();
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].handler, "/example-farm:farm/server/slot/card");
    assert_eq!(faults[0].error.message.as_deref(), Some("the card does not start"));
    session.edit_config(Datastore::Running).edit(&card.edit("fine".into())).await.unwrap();
    assert_eq!(server.apply_faults(), []);
}
