//! The client's side of the farm, tested as its users test their own: against a device in memory that says what the test
//! wants.

use netconf_runtime::RpcError;
use netconf_runtime::client::{Datastore, Error};
use server_farm::yang;
use server_farm::yang::example_farm::farm::Server;
use server_farm::yang::example_farm::farm::server::slot::{Overheated, Reset, reset};
use server_farm::yang::example_farm::farm::server::{Drain, Slot};
use server_farm::yang::example_farm::paths::{self, *};
use server_farm::yang::example_farm::{Census, Client as _, Farm, Opened, census};

fn farm() -> Farm {
    let slot = Slot { id: 1, card: Some("radio".into()), ..Default::default() };
    let server = Server { name: "s1".into(), slot: [slot].into(), ..Default::default() };
    Farm { site: Some("hill".into()), server: [server].into(), ..Default::default() }
}

#[tokio::test]
async fn a_device_that_says_what_the_test_wants() {
    let device = yang::mock()
        .config(&farm())
        .state(&Farm { power: Some(900), ..Default::default() })
        .on::<Census>(|()| Ok(census::Output { servers: Some(42) }))
        .on_action::<Reset>(|(server, slot), _| match (server.as_str(), slot) {
            ("s1", 1) => Ok(reset::Output { card: Some("radio".into()) }),
            _ => Err(RpcError::resource_denied("not that one")),
        })
        .start()
        .await
        .unwrap();
    let session = device.session().await.unwrap();

    // Rpcs and actions are answered, and what was asked can be looked at.
    assert_eq!(session.census().await.unwrap().servers, Some(42));
    assert_eq!(device.calls::<Census>().len(), 1);
    let input = reset::Input { delay: Some(3), ..Default::default() };
    paths::farm().server("s1").slot(1).reset(&session, input.clone()).await.unwrap();
    assert_eq!(device.action_calls::<Reset>(), [(("s1".to_owned(), 1), input)]);

    // What has no answer is not supported.
    let error = paths::farm().server("s1").drain(&session).await.unwrap_err();
    assert!(
        matches!(&error, Error::Rpc(e) if e.0[0].tag == netconf_runtime::ErrorTag::OperationNotSupported)
    );
    assert_eq!(device.action_calls::<Drain>(), []);

    // Configuration and state are there; edits work.
    let site = paths::farm().site();
    assert_eq!(session.get_config(Datastore::Running).read(&site).await.unwrap().as_deref(), Some("hill"));
    assert_eq!(session.get().read(&paths::farm().power()).await.unwrap(), Some(900));
    session.edit_config(Datastore::Running).edit(&site.edit("valley".into())).await.unwrap();
    assert_eq!(device.running(&site).unwrap().as_deref(), Some("valley"));

    // Notifications come when the test says so.
    let notifications = session.create_subscription().await.unwrap();
    let mut opened = notifications.of::<Opened>();
    let mut hot = session.nested_notifications::<Overheated>();
    device.publish(&Opened { site: Some("hill".into()) }).unwrap();
    let slot = paths::farm().server("s1").slot(1);
    device.publish_at(&slot, &Overheated { temperature: Some(99) }).unwrap();
    assert_eq!(opened.next().await.unwrap().unwrap().notification.site.as_deref(), Some("hill"));
    assert_eq!(hot.next().await.unwrap().unwrap().at, ("s1".to_owned(), 1));
}

#[tokio::test]
async fn a_mock_keeps_to_its_model() {
    let wrong =
        Farm { server: [Server { memory: Some(0), ..Default::default() }].into(), ..Default::default() };
    let error = yang::mock().config(&wrong).start().await.unwrap_err();
    assert!(error.to_string().contains("does not fit"), "{error}");
    let device = yang::mock()
        .config(&farm())
        .on_action::<Reset>(|_, _| Ok(reset::Output { card: Some("another".into()) }))
        .start()
        .await
        .unwrap();
    let session = device.session().await.unwrap();
    let answer = paths::farm().server("s1").slot(1).reset(&session, reset::Input::default()).await;
    assert!(answer.unwrap_err().to_string().contains("breaks its model"));
}
