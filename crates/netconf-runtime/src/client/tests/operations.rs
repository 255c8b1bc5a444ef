//! What goes out for each operation, what is made of the reply, and what the device must have for it.

use super::super::*;
use super::{by_hand, read_message, write_reply};
use std::future::Future;
use std::time::Duration;
use tokio::io::DuplexStream;

const NMDA: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-nmda";
const SUBSCRIBED: &str = "urn:ietf:params:xml:ns:yang:ietf-subscribed-notifications";
const PUSH: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-push";
const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";
const LIBRARY: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-library";

/// Standard capabilities by their short names; what has a colon is a whole URI.
fn capabilities(names: &[&str]) -> String {
    let uri = |name: &&str| match name.contains(':') && !name.ends_with(":1.0") && !name.ends_with(":1.1") {
        true => (*name).to_owned(),
        false => format!("urn:ietf:params:netconf:capability:{name}"),
    };
    names.iter().map(|n| format!("<capability>{}</capability>", uri(n))).collect()
}

/// A device that answers each request with the next of `replies`, and tells what it was asked.
struct Device {
    seen: tokio::task::JoinHandle<(Vec<String>, DuplexStream)>,
}

async fn device(names: &[&str], replies: &[&str]) -> (Session, Device) {
    let (session, mut far) = by_hand(&capabilities(names)).await;
    let replies: Vec<String> = replies.iter().map(|r| (*r).to_owned()).collect();
    let seen = tokio::spawn(async move {
        let mut seen = Vec::new();
        for (at, reply) in replies.iter().enumerate() {
            seen.push(operation_of(&read_message(&mut far).await));
            write_reply(&mut far, &format!("message-id='{}'", at + 1), reply).await;
        }
        (seen, far)
    });
    (session, Device { seen })
}

fn operation_of(message: &str) -> String {
    let start = message.find('>').unwrap() + 1;
    message[start..message.len() - "</rpc>]]>]]>".len()].to_owned()
}

impl Device {
    async fn saw(self) -> Vec<String> {
        self.seen.await.unwrap().0
    }
}

#[tokio::test]
async fn copy_and_delete() {
    let names = ["candidate:1.0", "startup:1.0", "writable-running:1.0", "url:1.0", "validate:1.1"];
    let (session, device) = device(&names, &["<ok/>"; 5]).await;
    session.copy_config(Datastore::Running, Datastore::Startup).await.unwrap();
    session.copy_config(Configuration::xml("<a xmlns='u'/>"), Datastore::Candidate).await.unwrap();
    session.copy_config(Datastore::Url("https://x/y?a&b".into()), Datastore::Running).await.unwrap();
    session.delete_config(Datastore::Startup).await.unwrap();
    session.validate(Configuration::xml("<a xmlns='u'/>")).await.unwrap();
    assert_eq!(session.delete_config(Datastore::Running).await.unwrap_err().fault(), Fault::Caller);
    assert_eq!(
        device.saw().await,
        [
            "<copy-config><target><startup/></target><source><running/></source></copy-config>",
            "<copy-config><target><candidate/></target><source><config><a xmlns='u'/></config></source></copy-config>",
            "<copy-config><target><running/></target><source><url>https://x/y?a&amp;b</url></source></copy-config>",
            "<delete-config><target><startup/></target></delete-config>",
            "<validate><source><config><a xmlns='u'/></config></source></validate>",
        ]
    );
}

/// RFC 6241 section 4.3: warnings do not make a reply one of errors.
#[tokio::test]
async fn warnings_are_kept() {
    let warned = "<rpc-error><error-type>application</error-type><error-tag>operation-failed</error-tag>\
        <error-severity>warning</error-severity><error-message>soon full</error-message></rpc-error>";
    let (session, device) = device(&["candidate:1.0"], &[warned, &format!("{warned}<ok/>"), "<data/>"]).await;
    let reply = session.edit_config(Datastore::Candidate).config_xml("<a/>").reply().await.unwrap();
    assert_eq!(reply.errors[0].message.as_deref(), Some("soon full"));
    session.edit_config(Datastore::Candidate).config_xml("<a/>").await.unwrap();
    // Something else than `ok` is no answer to it.
    let error = session.edit_config(Datastore::Candidate).config_xml("<a/>").await.unwrap_err();
    assert_eq!(error.fault(), Fault::Peer, "{error}");
    device.saw().await;
}

/// RFC 6241 section 8.4.
#[tokio::test]
async fn confirmed_commits() {
    let (session, device) = device(&["candidate:1.0", "confirmed-commit:1.1"], &["<ok/>"; 10]).await;
    let mut pending =
        session.commit_confirmed().timeout(Duration::from_millis(1500)).persist("a<b").await.unwrap();
    assert_eq!(pending.persist_id(), Some("a<b"));
    pending.extend(Duration::from_secs(60)).await.unwrap();
    pending.confirm().await.unwrap();
    // Let go of, and taken up again.
    let id = session.commit_confirmed().persist("p").await.unwrap().detach();
    session.resume_commit(id.unwrap()).unwrap().confirm().await.unwrap();
    // Dropped: taken back.
    drop(session.commit_confirmed().await.unwrap());
    session.commit().await.unwrap();
    session.commit_confirmed().await.unwrap().cancel().await.unwrap();
    let error = session.commit_confirmed().timeout(Duration::ZERO).await.unwrap_err();
    assert_eq!(error.fault(), Fault::Caller, "{error}");
    assert_eq!(
        device.saw().await,
        [
            "<commit><confirmed/><confirm-timeout>2</confirm-timeout><persist>a&lt;b</persist></commit>",
            "<commit><confirmed/><confirm-timeout>60</confirm-timeout><persist-id>a&lt;b</persist-id></commit>",
            "<commit><persist-id>a&lt;b</persist-id></commit>",
            "<commit><confirmed/><persist>p</persist></commit>",
            "<commit><persist-id>p</persist-id></commit>",
            "<commit><confirmed/></commit>",
            "<cancel-commit></cancel-commit>",
            "<commit/>",
            "<commit><confirmed/></commit>",
            "<cancel-commit></cancel-commit>",
        ]
    );
}

#[tokio::test]
async fn a_refused_confirmation_takes_the_commit_back() {
    let refused = "<rpc-error><error-tag>operation-failed</error-tag></rpc-error>";
    let names = ["candidate:1.0", "confirmed-commit:1.1"];
    let (session, device) = device(&names, &["<ok/>", refused, "<ok/>"]).await;
    let pending = session.commit_confirmed().await.unwrap();
    assert!(matches!(pending.confirm().await, Err(Error::Rpc(_))));
    assert_eq!(device.saw().await[2], "<cancel-commit></cancel-commit>");
}

/// RFC 4741 section 8.4: the older version has neither persist-id nor cancel-commit.
#[tokio::test]
async fn confirmed_commits_of_the_older_version() {
    let names = ["candidate:1.0", "confirmed-commit:1.0"];
    let (session, device) = device(&names, &["<ok/>", "<ok/>"]).await;
    let error = session.commit_confirmed().persist("p").await.unwrap_err();
    assert!(matches!(error, Error::NotSupported { .. }), "{error}");
    assert!(matches!(session.cancel_commit(None).await, Err(Error::NotSupported { .. })));
    assert!(matches!(session.resume_commit("p"), Err(Error::NotSupported { .. })));
    drop(session.commit_confirmed().await.unwrap());
    session.commit().await.unwrap();
    assert_eq!(device.saw().await, ["<commit><confirmed/></commit>", "<commit/>"]);
}

#[tokio::test]
async fn lock_guards() {
    let denied = "<rpc-error><error-tag>lock-denied</error-tag></rpc-error>";
    let (session, device) = device(
        &["candidate:1.0"],
        &["<ok/>", "<ok/>", "<ok/>", "<ok/>", denied, "<ok/>", "<data/>", "<ok/>"],
    )
    .await;
    let guard = session.lock_guard(Datastore::Candidate).await.unwrap();
    assert_eq!(guard.datastore(), &Datastore::Candidate);
    drop(guard);
    session.lock_guard(Datastore::Running).await.unwrap().unlock().await.unwrap();
    // What was not got is not given back, and what is kept neither.
    assert!(session.lock_guard(Datastore::Running).await.is_err());
    session.lock_guard(Datastore::Running).await.unwrap().keep();
    session.get().await.unwrap();
    drop(session.lock_guard(Datastore::Running).await.unwrap());
    assert_eq!(
        device.saw().await,
        [
            "<lock><target><candidate/></target></lock>",
            "<unlock><target><candidate/></target></unlock>",
            "<lock><target><running/></target></lock>",
            "<unlock><target><running/></target></unlock>",
            "<lock><target><running/></target></lock>",
            "<lock><target><running/></target></lock>",
            "<get></get>",
            "<lock><target><running/></target></lock>",
        ]
    );
}

/// A lock that comes when the one who asked for it is gone is given back.
#[tokio::test]
async fn a_lock_for_nobody() {
    let (session, mut far) = by_hand("").await;
    let asking = tokio::spawn({
        let session = session.clone();
        async move { session.lock_guard(Datastore::Running).await }
    });
    read_message(&mut far).await;
    asking.abort();
    assert!(asking.await.unwrap_err().is_cancelled());
    write_reply(&mut far, "message-id='1'", "<ok/>").await;
    assert_eq!(operation_of(&read_message(&mut far).await), "<unlock><target><running/></target></unlock>");
    // The same if it is denied: there is nothing to give back.
    let hasty = session.with_timeout(Duration::from_millis(20));
    assert!(matches!(hasty.lock_guard(Datastore::Running).await, Err(Error::TimedOut { .. })));
    read_message(&mut far).await;
    write_reply(&mut far, "message-id='3'", "<rpc-error><error-tag>lock-denied</error-tag></rpc-error>")
        .await;
    _ = hasty.get().await;
    assert_eq!(operation_of(&read_message(&mut far).await), "<get></get>");
}

/// RFC 5717 section 2.4.
#[tokio::test]
async fn partial_locks() {
    let ns = "xmlns='urn:ietf:params:xml:ns:netconf:partial-lock:1.0'";
    let reply = format!(
        "<lock-id {ns}>127</lock-id><locked-node {ns} xmlns:a='u'>/a:x[a:n='1']</locked-node><locked-node {ns}>/y</locked-node>"
    );
    let (session, device) = device(&["partial-lock:1.0"], &[&reply, "<ok/>", &reply, "<ok/>"]).await;
    let lock = session.partial_lock(&["/a:x[a:n='1']", "/a:y"], &[("a", "u")]).await.unwrap();
    assert_eq!((lock.id(), lock.nodes()), (127, &["/a:x[a:n='1']".to_owned(), "/y".to_owned()][..]));
    lock.unlock().await.unwrap();
    drop(session.partial_lock(&["/a:x"], &[("a", "u")]).await.unwrap());
    let error = session.partial_lock(&["//a:x"], &[("a", "u")]).await.unwrap_err();
    assert!(matches!(error, Error::NotSupported { .. }), "{error}");
    let ns = "xmlns=\"urn:ietf:params:xml:ns:netconf:partial-lock:1.0\"";
    let unlock = format!("<partial-unlock {ns}><lock-id>127</lock-id></partial-unlock>");
    assert_eq!(
        device.saw().await,
        [
            format!(
                "<partial-lock {ns}><select xmlns:a=\"u\">/a:x[a:n='1']</select><select xmlns:a=\"u\">/a:y</select></partial-lock>"
            ),
            unlock.clone(),
            format!("<partial-lock {ns}><select xmlns:a=\"u\">/a:x</select></partial-lock>"),
            unlock,
        ]
    );
}

/// RFC 6022 section 3.1.
#[tokio::test]
async fn schemas() {
    let yang = format!("<data xmlns='{MONITORING}'>module a {{ pattern \"&lt;&amp;\"; }}</data>");
    let yin = format!("<data xmlns='{MONITORING}' a='>'><module xmlns='urn:yin'/></data>");
    let (session, device) = device(&[&format!("{MONITORING}?module=m")], &[&yang, &yin]).await;
    assert_eq!(session.get_schema("a").version("2020-01-01").await.unwrap(), "module a { pattern \"<&\"; }");
    assert_eq!(session.get_schema("a").format("yin").await.unwrap(), "<module xmlns='urn:yin'/>");
    assert_eq!(
        device.saw().await[0],
        format!(
            "<get-schema xmlns=\"{MONITORING}\"><identifier>a</identifier><version>2020-01-01</version><format>yang</format></get-schema>"
        )
    );
}

/// RFC 8526 section 3.1.
#[tokio::test]
async fn data_of_the_nmda() {
    let data = format!("<data xmlns='{NMDA}'><a xmlns='u'/></data>");
    let defaults = "with-defaults:1.0?basic-mode=explicit";
    let names = [NMDA, "xpath:1.0", &format!("urn:ietf:params:netconf:capability:{defaults}")];
    let (session, device) = device(&names, &[&data, &data, "<ok/>", "<ok/>"]).await;
    let got = session
        .get_data(NmdaDatastore::Operational)
        .filter(Filter::xpath("/a:b", [("a", "u")]))
        .config(false)
        .without_origins([Origin::System, Origin::Other { namespace: "urn:o".into(), name: "mine".into() }])
        .max_depth(3)
        .with_origin()
        .with_defaults(WithDefaults::Explicit)
        .await
        .unwrap();
    assert!(got.xml().contains("<a xmlns='u'/>"));
    session.get_data(NmdaDatastore::Running).filter(Filter::subtree("<a xmlns='u'/>")).await.unwrap();
    let other = NmdaDatastore::Other { namespace: "urn:d".into(), name: "mine".into() };
    session
        .edit_data(other)
        .default_operation(DefaultOperation::None)
        .config_xml("<a xmlns='u'/>")
        .await
        .unwrap();
    let from_both = session.edit_data(NmdaDatastore::Running).config_xml("<a/>").url("file:x").await;
    assert_eq!(from_both.unwrap_err().fault(), Fault::Caller);
    assert!(matches!(
        session.edit_data(NmdaDatastore::Running).url("file:x").await,
        Err(Error::NotSupported { .. })
    ));
    session.edit_data(NmdaDatastore::Running).config_xml("<a xmlns='u'/>").await.unwrap();
    let ds = "xmlns:ds=\"urn:ietf:params:xml:ns:yang:ietf-datastores\"";
    assert_eq!(
        device.saw().await[..3],
        [
            format!(
                "<get-data xmlns=\"{NMDA}\"><datastore {ds}>ds:operational</datastore><xpath-filter xmlns:a=\"u\">/a:b</xpath-filter>\
                 <config-filter>false</config-filter>\
                 <negated-origin-filter xmlns:i=\"urn:ietf:params:xml:ns:yang:ietf-origin\">i:system</negated-origin-filter>\
                 <negated-origin-filter xmlns:i=\"urn:o\">i:mine</negated-origin-filter><max-depth>3</max-depth><with-origin/>\
                 <with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">explicit</with-defaults></get-data>"
            ),
            format!(
                "<get-data xmlns=\"{NMDA}\"><datastore {ds}>ds:running</datastore><subtree-filter><a xmlns='u'/></subtree-filter></get-data>"
            ),
            format!(
                "<edit-data xmlns=\"{NMDA}\"><datastore xmlns:ds=\"urn:d\">ds:mine</datastore>\
                 <default-operation>none</default-operation><config><a xmlns='u'/></config></edit-data>"
            ),
        ]
    );
}

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

/// RFC 8525, RFC 7895, RFC 6022 and RFC 6020: all say which modules there are, in their ways.
#[tokio::test]
async fn modules() {
    let library = format!(
        "<data><yang-library xmlns='{LIBRARY}'><module-set><name>s</name>\
         <module><name>a</name><revision>2020-01-01</revision><namespace>urn:a</namespace><feature>f</feature>\
           <deviation>d</deviation><submodule><name>a-sub</name></submodule></module>\
         <import-only-module><name>t</name><revision></revision><namespace>urn:t</namespace></import-only-module>\
         </module-set></yang-library></data>"
    );
    let old = format!(
        "<data><l:modules-state xmlns:l='{LIBRARY}'><l:module><l:name>a</l:name><l:revision>2020-01-01</l:revision>\
         <l:feature>g</l:feature><l:deviation><l:name>d</l:name></l:deviation><l:conformance-type>implement</l:conformance-type></l:module></l:modules-state></data>"
    );
    let schemas = format!(
        "<data><netconf-state xmlns='{MONITORING}'><schemas><schema><identifier>m</identifier><version/><format>yang</format>\
         <namespace>urn:m</namespace></schema><schema><identifier>n</identifier><format>xsd</format></schema></schemas></netconf-state></data>"
    );
    let names = [
        "yang-library:1.0",
        &format!("{MONITORING}?module=ietf-netconf-monitoring&amp;revision=2010-10-04"),
        "urn:h?module=h&amp;features=x,y%2Dz",
    ];
    let (session, device) = device(&names, &[&library, &old, &schemas]).await;
    let modules = session.modules().await.unwrap();
    let all: Vec<_> =
        modules.iter().map(|m| (m.name.as_str(), m.revision.as_deref(), m.import_only)).collect();
    assert_eq!(
        all,
        [
            ("a", Some("2020-01-01"), Some(false)),
            ("h", None, Some(false)),
            ("ietf-netconf-monitoring", Some("2010-10-04"), Some(false)),
            ("m", None, None),
            ("t", None, Some(true)),
        ]
    );
    let a = modules.named("a").next().unwrap();
    assert_eq!((a.features.join(" "), a.deviations.join(" ")), ("f g".to_owned(), "d".to_owned()));
    assert_eq!(a.submodules, [("a-sub".to_owned(), None)]);
    assert_eq!(modules.named("h").next().unwrap().features, ["x", "y-z"]);
    // They are asked for once.
    assert_eq!(session.modules().await.unwrap().len(), 5);
    let error = session.get_data(NmdaDatastore::Running).await.unwrap_err();
    assert!(error.to_string().contains("ietf-netconf-nmda"), "{error}");
    assert_eq!(device.saw().await.len(), 3);
}

#[tokio::test]
async fn what_the_device_lacks() {
    let (session, _far) = by_hand("").await;
    let url = || Datastore::Url("file:x".into());
    let errors = [
        (session.copy_config(Datastore::Candidate, url()).await.unwrap_err(), "candidate:1.0"),
        (session.copy_config(Datastore::Running, url()).await.unwrap_err(), "url:1.0"),
        (session.copy_config(url(), Datastore::Running).await.unwrap_err(), "url:1.0"),
        (
            session.copy_config(Configuration::xml(""), Datastore::Running).await.unwrap_err(),
            "writable-running",
        ),
        (session.delete_config(Datastore::Startup).await.unwrap_err(), "startup:1.0"),
        (session.lock_guard(Datastore::Candidate).await.unwrap_err(), "candidate:1.0"),
        (session.partial_lock(&["/x"], &[]).await.unwrap_err(), "partial-lock:1.0"),
        (session.partial_unlock(1).await.unwrap_err(), "partial-lock:1.0"),
        (session.validate(Configuration::xml("")).await.unwrap_err(), "validate:1.1"),
        (session.commit().await.unwrap_err(), "candidate:1.0"),
        (session.commit_confirmed().await.unwrap_err(), "candidate:1.0"),
        (session.cancel_commit(None).await.unwrap_err(), "confirmed-commit:1.1"),
        (session.discard_changes().await.unwrap_err(), "candidate:1.0"),
        (session.get_schema("x").await.unwrap_err(), "ietf-netconf-monitoring"),
        (session.get_data(NmdaDatastore::Running).await.unwrap_err(), "ietf-netconf-nmda"),
        (session.edit_data(NmdaDatastore::Running).await.unwrap_err(), "ietf-netconf-nmda"),
        (session.create_subscription().await.unwrap_err(), "notification:1.0"),
        (session.establish_subscription("x").await.unwrap_err(), "ietf-subscribed-notifications"),
        (
            session.subscribe_datastore(NmdaDatastore::Running, Trigger::on_change()).await.unwrap_err(),
            "ietf-yang-push",
        ),
        (session.kill_subscription(1).await.unwrap_err(), "ietf-subscribed-notifications"),
        (session.get_config(Datastore::Candidate).await.unwrap_err(), "candidate:1.0"),
        (
            session
                .copy_config(Configuration::xml(""), Datastore::Startup)
                .with_defaults(WithDefaults::Trim)
                .await
                .unwrap_err(),
            "startup:1.0",
        ),
    ];
    for (error, lacks) in errors {
        assert!(matches!(error, Error::NotSupported { .. }), "{error}");
        assert!(error.to_string().contains(lacks), "{error}");
    }
    assert_eq!(session.kill_session(session.id()).await.unwrap_err().fault(), Fault::Caller);
}

/// Whatever changes something has an unknown outcome if its reply is lost; whatever does not has none.
#[tokio::test]
async fn lost_replies() {
    async fn lost<T, F: Future<Output = Result<T, Error>>>(call: impl FnOnce(Session) -> F) -> Error {
        let names = [
            "candidate:1.0",
            "startup:1.0",
            "writable-running:1.0",
            "confirmed-commit:1.1",
            "validate:1.1",
            "partial-lock:1.0",
            "notification:1.0",
            NMDA,
            SUBSCRIBED,
            PUSH,
            MONITORING,
        ];
        let (session, mut far) = by_hand(&capabilities(&names)).await;
        let cut = tokio::spawn(async move {
            read_message(&mut far).await;
        });
        let error = call(session).await.err().expect("an error");
        cut.await.unwrap();
        assert!(error.is_session_over() && error.fault() == Fault::Transport, "{error:?}");
        error
    }
    let changing = [
        lost(|s| async move { s.edit_config(Datastore::Running).config_xml("<a/>").await }).await,
        lost(|s| async move { s.copy_config(Datastore::Running, Datastore::Startup).await }).await,
        lost(|s| async move { s.delete_config(Datastore::Startup).await }).await,
        lost(|s| async move { s.commit().await }).await,
        lost(|s| async move { s.commit_confirmed().await }).await,
        lost(|s| async move { s.resume_commit("p").unwrap().confirm().await }).await,
        lost(|s| async move { s.cancel_commit(None).await }).await,
        lost(|s| async move { s.discard_changes().await }).await,
        lost(|s| async move { s.kill_session(99).await }).await,
        lost(|s| async move { s.edit_data(NmdaDatastore::Running).config_xml("<a/>").await }).await,
        lost(|s| async move { s.kill_subscription(1).await }).await,
        lost(|s| async move { s.rpc_xml("<reboot xmlns='urn:x'/>").await }).await,
        lost(|s| async move { s.rpc_xml("<action xmlns='urn:ietf:params:xml:ns:yang:1'/>").await }).await,
        // A name of NETCONF's in another namespace may do anything.
        lost(|s| async move { s.rpc_xml("<get xmlns='urn:x'/>").await }).await,
    ];
    for error in changing {
        assert!(error.is_outcome_unknown(), "{error}");
    }
    let harmless = [
        lost(|s| async move { s.get().await }).await,
        lost(|s| async move { s.get_config(Datastore::Running).await }).await,
        lost(|s| async move { s.get_data(NmdaDatastore::Running).await }).await,
        lost(|s| async move { s.get_schema("x").await }).await,
        lost(|s| async move { s.lock(Datastore::Running).await }).await,
        lost(|s| async move { s.lock_guard(Datastore::Running).await }).await,
        lost(|s| async move { s.unlock(Datastore::Running).await }).await,
        lost(|s| async move { s.partial_lock(&["/x"], &[]).await }).await,
        lost(|s| async move { s.validate(Datastore::Running).await }).await,
        lost(|s| async move { s.create_subscription().await }).await,
        lost(|s| async move { s.establish_subscription("x").await }).await,
        lost(|s| async move { s.rpc_xml("<get/>").await }).await,
    ];
    for error in harmless {
        assert!(!error.is_outcome_unknown(), "{error}");
    }
}
