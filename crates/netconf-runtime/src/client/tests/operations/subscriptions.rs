//! Subscriptions: RFC 5277, RFC 8639 and RFC 8641.

use super::*;

fn notification(body: &str) -> String {
    format!(
        "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'><eventTime>2024-01-01T00:00:00Z</eventTime>{body}</notification>]]>]]>"
    )
}

/// RFC 8639 section 2.4 and RFC 8641 section 4.
#[tokio::test]
async fn subscriptions_to_a_datastore() {
    use tokio::io::AsyncWriteExt as _;
    let (session, mut far) = by_hand(&capabilities(&[PUSH, SUBSCRIBED])).await;
    let peer = tokio::spawn(async move {
        let mut seen = vec![operation_of(&read_message(&mut far).await)];
        write_reply(&mut far, "message-id='1'", &format!("<id xmlns='{SUBSCRIBED}'>7</id>")).await;
        for event in [
            format!("<push-update xmlns='{PUSH}'><id>8</id><datastore-contents/></push-update>"),
            format!(
                "<p:push-update xmlns:p='{PUSH}' xmlns:a='u'><p:id>7</p:id><p:datastore-contents><a:x/><y xmlns='v'/></p:datastore-contents></p:push-update>"
            ),
            "<tick xmlns='urn:other'/>".to_owned(),
            format!(
                "<push-change-update xmlns='{PUSH}'><id>7</id><datastore-changes><yang-patch xmlns='urn:p'/></datastore-changes><incomplete-update/></push-change-update>"
            ),
            format!(
                "<subscription-suspended xmlns='{SUBSCRIBED}'><id>7</id><reason>insufficient-resources</reason></subscription-suspended>"
            ),
            format!(
                "<subscription-terminated xmlns='{SUBSCRIBED}' xmlns:s='{SUBSCRIBED}'><id>7</id><reason>s:no-such-subscription</reason></subscription-terminated>"
            ),
        ] {
            far.write_all(notification(&event).as_bytes()).await.unwrap();
        }
        for id in 2..=3 {
            seen.push(operation_of(&read_message(&mut far).await));
            write_reply(&mut far, &format!("message-id='{id}'"), "<ok/>").await;
        }
        (seen, far)
    });
    let mut subscription = session
        .subscribe_datastore(NmdaDatastore::Operational, Trigger::on_change())
        .filter(Filter::xpath("/a:x", [("a", "u")]))
        .await
        .unwrap();
    assert_eq!(subscription.id(), 7);
    let mut next = async || subscription.next().await.unwrap().unwrap();
    let SubscriptionEvent::Update { contents, incomplete, .. } = next().await else { panic!() };
    assert!(contents.starts_with("<a:x ") && contents.contains("xmlns:a=\"u\"") && !incomplete, "{contents}");
    assert!(contents.contains("<y"), "{contents}");
    let SubscriptionEvent::Changes { patch, incomplete, .. } = next().await else { panic!() };
    assert!(patch.starts_with("<yang-patch") && incomplete, "{patch}");
    let SubscriptionEvent::Suspended { reason } = next().await else { panic!() };
    assert_eq!(reason, "insufficient-resources");
    subscription.resync().await.unwrap();
    let period =
        Trigger::OnChange { dampening: Duration::from_secs(2), sync_on_start: true, excluded: vec![] };
    subscription.modify().trigger(period).await.unwrap();
    let SubscriptionEvent::Terminated { reason } = subscription.next().await.unwrap().unwrap() else {
        panic!()
    };
    assert_eq!(reason, "no-such-subscription");
    assert!(subscription.next().await.is_none());
    let ds = "xmlns:ds=\"urn:ietf:params:xml:ns:yang:ietf-datastores\"";
    assert_eq!(
        peer.await.unwrap().0,
        [
            format!(
                "<establish-subscription xmlns=\"{SUBSCRIBED}\"><datastore xmlns=\"{PUSH}\" {ds}>ds:operational</datastore>\
                 <datastore-xpath-filter xmlns=\"{PUSH}\" xmlns:a=\"u\">/a:x</datastore-xpath-filter>\
                 <on-change xmlns=\"{PUSH}\"><dampening-period>0</dampening-period><sync-on-start>true</sync-on-start></on-change>\
                 </establish-subscription>"
            ),
            format!("<resync-subscription xmlns=\"{PUSH}\"><id>7</id></resync-subscription>"),
            format!(
                "<modify-subscription xmlns=\"{SUBSCRIBED}\"><id>7</id><datastore xmlns=\"{PUSH}\" {ds}>ds:operational</datastore>\
                 <on-change xmlns=\"{PUSH}\"><dampening-period>200</dampening-period></on-change></modify-subscription>"
            ),
        ]
    );
}

#[tokio::test]
async fn subscriptions_to_a_stream() {
    let id = format!("<id xmlns='{SUBSCRIBED}'>7</id>");
    let late =
        format!("{id}<replay-start-time-revision xmlns='{SUBSCRIBED}'>2024</replay-start-time-revision>");
    let (session, device) =
        device(&[SUBSCRIBED, PUSH], &[&late, "<ok/>", &id, "<ok/>", "<ok/>", &id, "<data/>"]).await;
    let subscription = session
        .establish_subscription("NETCONF")
        .replay_from("2023-01-01T00:00:00Z")
        .stop_time("2033-01-01T00:00:00Z")
        .filter(Filter::subtree("<a xmlns='u'/>"))
        .dscp(10)
        .await
        .unwrap();
    assert_eq!(subscription.replay_from(), Some("2024"));
    drop(subscription);
    let subscription = session.establish_subscription("NETCONF").await.unwrap();
    assert_eq!(subscription.resync().await.unwrap_err().fault(), Fault::Caller);
    subscription.delete().await.unwrap();
    session.kill_subscription(22).await.unwrap();
    let every = Trigger::every(Duration::from_secs(5));
    let _kept = session.subscribe_datastore(NmdaDatastore::Running, every).await.unwrap();
    session.get().await.unwrap();
    let seen = device.saw().await;
    assert_eq!(
        seen[..5],
        [
            format!(
                "<establish-subscription xmlns=\"{SUBSCRIBED}\"><stream-subtree-filter><a xmlns='u'/></stream-subtree-filter>\
                 <stream>NETCONF</stream><replay-start-time>2023-01-01T00:00:00Z</replay-start-time>\
                 <stop-time>2033-01-01T00:00:00Z</stop-time><dscp>10</dscp></establish-subscription>"
            ),
            format!("<delete-subscription xmlns=\"{SUBSCRIBED}\"><id>7</id></delete-subscription>"),
            format!(
                "<establish-subscription xmlns=\"{SUBSCRIBED}\"><stream>NETCONF</stream></establish-subscription>"
            ),
            format!("<delete-subscription xmlns=\"{SUBSCRIBED}\"><id>7</id></delete-subscription>"),
            format!("<kill-subscription xmlns=\"{SUBSCRIBED}\"><id>22</id></kill-subscription>"),
        ]
    );
    assert!(seen[5].contains(
        "<periodic xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-push\"><period>500</period></periodic>"
    ));
}

/// RFC 5277 section 2.1.1.
#[tokio::test]
async fn replay() {
    let (session, device) = device(&["notification:1.0"], &["<ok/>"]).await;
    let error = session.create_subscription().stop_time("x").await.unwrap_err();
    assert_eq!(error.fault(), Fault::Caller);
    session.create_subscription().stream("S").start_time("a").stop_time("b").await.unwrap();
    assert_eq!(
        device.saw().await,
        ["<create-subscription xmlns=\"urn:ietf:params:xml:ns:netconf:notification:1.0\"><stream>S</stream>\
          <startTime>a</startTime><stopTime>b</stopTime></create-subscription>"]
    );
}
