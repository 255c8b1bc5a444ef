//! What goes out for each operation, what is made of the reply, and what the device must have for it.

mod failures;
mod subscriptions;

use super::super::*;
use super::{by_hand, read_message, write_reply};
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
