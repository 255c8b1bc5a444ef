//! Access control (RFC 8341). `root` is the recovery user, whom nothing binds.

use super::peer::{Peer, refused};
use crate::handler::{Handlers, Registry};
use crate::server::Server;
use std::sync::{Arc, OnceLock};
use yang_data::tree::Tree;
use yang_schema::Schema;

const MORE: &str = "module more {
  yang-version 1.1; namespace 'urn:more'; prefix m;
  import ietf-netconf-acm { prefix nacm; }
  container secrets { nacm:default-deny-all; leaf key { type string; } }
  container clock { nacm:default-deny-write; leaf zone { type string; } container inside { leaf x { type string; } } }
  container vaults {
    list vault {
      key 'site number';
      leaf site { type string; } leaf number { type uint8; }
      leaf content { type string; }
      action open { output { leaf content { type string; } } }
    }
    leaf-list word { type string; }
  }
  rpc explode { nacm:default-deny-all; }
  rpc whisper;
  notification secret { nacm:default-deny-all; leaf text { type string; } }
  notification news { leaf text { type string; } }
}";

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled = yang_parser::Compiler::new()
            .source("device.yang", include_str!("device.yang"))
            .source("more.yang", MORE)
            .module("ietf-netconf-acm")
            .compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// A server, and a session whom nothing binds.
async fn server() -> (Server, Peer) {
    let server = Server::builder(schema()).recovery_user("root").build().await.unwrap();
    let root = Peer::connect_as(&server, "root");
    (server, root)
}

/// `/nacm` with ann and bob in the group `staff`, and rules for it.
fn nacm(leafs: &str, rules: &[(&str, &str)]) -> String {
    let rules: String = rules
        .iter()
        .enumerate()
        .map(|(n, (action, rule))| format!("<rule><name>{n}</name>{rule}<action>{action}</action></rule>"))
        .collect();
    format!(
        "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm' xmlns:m='urn:more' xmlns:d='urn:device'>{leafs}\
         <groups><group><name>staff</name><user-name>ann</user-name><user-name>bob</user-name></group></groups>\
         <rule-list><name>list</name><group>staff</group>{rules}</rule-list></nacm>"
    )
}

const DATA: &str = "<system xmlns='urn:device'><hostname>a</hostname><mtu>1400</mtu></system>\
    <vaults xmlns='urn:more'><vault><site>x</site><number>1</number><content>gold</content></vault>\
    <vault><site>x</site><number>2</number><content>lead</content></vault><word>alpha</word><word>beta</word></vaults>\
    <secrets xmlns='urn:more'><key>k</key></secrets><clock xmlns='urn:more'><zone>UTC</zone></clock>";

/// A server with some data and rules, and sessions of root and ann.
async fn ruled(leafs: &str, rules: &[(&str, &str)]) -> (Server, Peer, Peer) {
    let (server, mut root) = server().await;
    root.edit("running", DATA).await;
    root.edit("running", &nacm(leafs, rules)).await;
    let ann = Peer::connect_as(&server, "ann");
    (server, root, ann)
}

// Section 3.1: without rules everybody reads and runs, nobody writes; section 2.4: enable-nacm switches it off.
#[tokio::test]
async fn by_default_all_read_and_run_and_none_write() {
    let (server, mut root) = server().await;
    root.edit("running", DATA).await;
    let mut ann = Peer::connect_as(&server, "ann");
    let config = ann.config("running").await;
    assert!(config.contains("gold") && config.contains("UTC"), "{config}");
    // "default-deny-all" hides it.
    assert!(!config.contains("secrets") && !config.contains("nacm"), "{config}");
    refused(
        &ann.try_edit("running", "", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await,
        "application access-denied /d:system/d:mtu",
    );
    refused(
        &ann.try_edit("candidate", "", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await,
        "application access-denied /d:system/d:mtu",
    );
    // An edit that changes nothing takes no leave (section 3.2.3 looks at what is different).
    assert_eq!(
        ann.try_edit("running", "", "<system xmlns='urn:device'><mtu>1400</mtu></system>").await,
        "ok"
    );
    refused(&ann.send("<whisper xmlns='urn:more'/>").await, "protocol operation-not-supported");
    refused(&ann.send("<explode xmlns='urn:more'/>").await, "protocol access-denied");
    // RFC 6241's own rpcs that are denied by default.
    refused(&ann.ask("kill-session", "<session-id>1</session-id>").await, "protocol access-denied");
    refused(&ann.ask("delete-config", "<target><startup/></target>").await, "protocol access-denied");

    root.edit("running", &nacm("<enable-nacm>false</enable-nacm>", &[])).await;
    assert_eq!(
        ann.try_edit("running", "", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await,
        "ok"
    );
    assert!(ann.config("running").await.contains("secrets"));
}

// Section 3.4.4: "If the requested operation is the NETCONF <close-session> protocol operation, then the protocol operation is
// permitted."
#[tokio::test]
async fn everybody_may_leave() {
    let (_server, _root, mut ann) = ruled("", &[("deny", "")]).await;
    refused(&ann.ask("get-config", "<source><running/></source>").await, "protocol access-denied");
    assert_eq!(ann.ask("close-session", "").await, "ok and close");
}

// Section 3.4.5: the first rule that matches counts.
#[tokio::test]
async fn the_first_rule_that_matches_counts() {
    let rules = [
        ("deny", "<path>/d:system/d:mtu</path><access-operations>update</access-operations>"),
        (
            "permit",
            "<module-name>device</module-name><access-operations>create update read</access-operations>",
        ),
        ("deny", "<module-name>device</module-name>"),
    ];
    let (_server, _root, mut ann) = ruled("", &rules).await;
    refused(
        &ann.try_edit("running", "", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await,
        "application access-denied /d:system/d:mtu",
    );
    assert_eq!(
        ann.try_edit("running", "", "<system xmlns='urn:device'><hostname>b</hostname></system>").await,
        "ok"
    );
    let nc = "xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='delete'";
    refused(
        &ann.try_edit("running", "", &format!("<system xmlns='urn:device'><hostname {nc}/></system>")).await,
        "application access-denied /d:system/d:hostname",
    );
    // The whole subtree goes with its container: what may not be deleted is told.
    refused(
        &ann.try_edit("running", "", &format!("<system xmlns='urn:device' {nc}/>")).await,
        "application access-denied /d:system",
    );
}

#[tokio::test]
async fn rules_are_for_the_groups_of_their_list() {
    let rules = [("permit", "<path>/d:system</path>")];
    let (server, mut root, mut ann) = ruled("", &rules).await;
    let edit = "<system xmlns='urn:device'><mtu>1300</mtu></system>";
    assert_eq!(ann.try_edit("running", "", edit).await, "ok");
    let mut eve = Peer::connect_as(&server, "eve");
    let edit = "<system xmlns='urn:device'><mtu>1200</mtu></system>";
    refused(&eve.try_edit("running", "", edit).await, "application access-denied");
    // It is asked at each request: a change of the rules binds sessions that are open.
    root.edit(
        "running",
        "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'><groups><group><name>staff</name>\
         <user-name>eve</user-name></group></groups></nacm>",
    )
    .await;
    assert_eq!(eve.try_edit("running", "", edit).await, "ok");
    // An asterisk is every group; who is in none has no rules all the same (section 3.4.4, step 4).
    root.edit(
        "running",
        "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'><rule-list><name>list</name><group>*</group></rule-list></nacm>",
    )
    .await;
    let mut stranger = Peer::connect_as(&server, "stranger");
    let edit = "<system xmlns='urn:device'><mtu>1100</mtu></system>";
    refused(&stranger.try_edit("running", "", edit).await, "application access-denied");
}

// Section 3.2.4: what may not be read is left out, and no filter finds it.
#[tokio::test]
async fn what_may_not_be_read_is_left_out_and_not_found_by_filters() {
    let rules =
        [("deny", "<path>/m:vaults/m:vault/m:content</path><access-operations>read</access-operations>")];
    let (_server, _root, mut ann) = ruled("", &rules).await;
    let config = ann.config("running").await;
    assert!(config.contains("<number>1</number>") && !config.contains("gold"), "{config}");
    let xpath = |select: &str| {
        format!("<source><running/></source><filter type='xpath' xmlns:m='urn:more' select=\"{select}\"/>")
    };
    let found = ann.ask("get-config", &xpath("/m:vaults/m:vault[m:content='gold']")).await;
    assert!(!found.contains("vault"), "a predicate must not tell what is hidden: {found}");
    let found = ann.ask("get-config", &xpath("/m:vaults/m:vault[m:number='1']")).await;
    assert!(found.contains("<number>1</number>"), "{found}");
    let subtree = "<source><running/></source><filter><vaults xmlns='urn:more'><vault><content>gold</content></vault></vaults></filter>";
    assert!(!ann.ask("get-config", subtree).await.contains("vault"));
    assert!(!ann.ask("get", "").await.contains("gold"));
}

// Section 5, node-instance-identifier: with keys some entries, without them all.
#[tokio::test]
async fn rules_name_entries_by_their_keys() {
    let rules = [
        ("permit", "<path>/m:vaults/m:vault[m:site='x'][m:number='1']</path>"),
        ("deny", "<path>/more:vaults/more:vault[more:site='x']</path>"),
        ("deny", "<path>/m:vaults/m:word[.='beta']</path>"),
        ("permit", "<path>/m:vaults</path>"),
    ];
    let (_server, _root, mut ann) = ruled("", &rules).await;
    let config = ann.config("running").await;
    assert!(config.contains("gold") && !config.contains("lead"), "{config}");
    assert!(config.contains("alpha") && !config.contains("beta"), "{config}");
    let edit = |number: u8, site: &str| {
        format!(
            "<vaults xmlns='urn:more'><vault><site>{site}</site><number>{number}</number><content>tin</content></vault></vaults>"
        )
    };
    assert_eq!(ann.try_edit("running", "", &edit(1, "x")).await, "ok");
    refused(
        &ann.try_edit("running", "", &edit(2, "x")).await,
        "application access-denied /m:vaults/m:vault[m:site='x'][m:number='2']/m:content",
    );
    assert_eq!(ann.try_edit("running", "", &edit(2, "y")).await, "ok");
}

#[tokio::test]
async fn a_rule_that_names_nothing_is_refused() {
    let (_server, mut root) = server().await;
    for path in [
        "/m:vaults/m:nothing",
        "/q:vaults",
        "m:vaults",
        "/m:vaults/m:vault[m:content='x']",
        "count(/m:vaults)",
        "/m:vaults/m:vault[m:number='300']",
    ] {
        let rule = format!("<path>{path}</path>");
        let reply = root.try_edit("running", "", &nacm("", &[("deny", &rule)])).await;
        refused(&reply, "application invalid-value /nacm:nacm/nacm:rule-list");
    }
    assert!(!root.config("running").await.contains("nacm"));
}

// Sections 3.2.5 and 3.2.8: a commit takes leave for what becomes different; a copy is of what may be read.
#[tokio::test]
async fn commits_and_copies_are_held_against_the_rules() {
    let rules = [
        ("permit", "<path>/d:system</path>"),
        ("deny", "<path>/m:vaults/m:word</path><access-operations>read</access-operations>"),
    ];
    let (server, mut root, mut ann) = ruled("<exec-default>permit</exec-default>", &rules).await;
    ann.edit("candidate", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await;
    assert_eq!(ann.ask("commit", "").await, "ok");
    // What root put into the candidate is not ann's to commit.
    root.edit("candidate", "<clock xmlns='urn:more'><zone>CET</zone></clock>").await;
    refused(&ann.ask("commit", "").await, "application access-denied /m:clock/m:zone");
    assert_eq!(root.ask("commit", "").await, "ok");
    // Words are not read, so they are not copied, so they would be deleted, which is denied.
    refused(
        &ann.ask("copy-config", "<target><candidate/></target><source><running/></source>").await,
        "application access-denied",
    );
    assert!(!server.snapshot().candidate_modified);
    let get = root
        .ask("get", "<filter><nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/></filter>")
        .await;
    assert!(get.contains("<denied-data-writes>2</denied-data-writes>"), "{get}");
    assert!(get.contains("<denied-operations>0</denied-operations>"), "{get}");
}

// Section 3.4.4, actions: the nodes on the way are read, and no rule keeps from it.
#[tokio::test]
async fn actions_take_leave_by_their_path() {
    let rules = [
        ("deny", "<path>/m:vaults/m:vault[m:number='2']/m:open</path>"),
        ("deny", "<path>/m:vaults/m:vault[m:number='3']</path><access-operations>read</access-operations>"),
    ];
    let server =
        Server::builder(schema()).recovery_user("root").handlers(Arc::new(Vaults)).build().await.unwrap();
    let mut root = Peer::connect_as(&server, "root");
    root.edit("running", DATA).await;
    root.edit("running", "<vaults xmlns='urn:more'><vault><site>x</site><number>3</number></vault></vaults>")
        .await;
    root.edit("running", &nacm("", &rules)).await;
    let mut ann = Peer::connect_as(&server, "ann");
    let open = |number: u8| {
        format!(
            "<action xmlns='urn:ietf:params:xml:ns:yang:1'><vaults xmlns='urn:more'><vault><site>x</site>\
             <number>{number}</number><open/></vault></vaults></action>"
        )
    };
    assert_eq!(ann.send(&open(1)).await, "ok");
    for number in [2, 3] {
        refused(&ann.send(&open(number)).await, "application access-denied /m:vaults/m:vault");
        assert_eq!(root.send(&open(number)).await, "ok");
    }
}

/// Opens every vault, and says nothing.
struct Vaults;

impl Handlers for Vaults {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        registry.action_tree("/more:vaults/vault/open", |_, _, input| {
            Box::pin(async move {
                let schema = Arc::clone(input.schema());
                let output = schema.find("/more:vaults/vault/open/output").unwrap().id();
                Ok(Tree::empty_at(schema, output))
            })
        });
    }
}

// Section 3.4.6.
#[tokio::test]
async fn notifications_that_may_not_be_read_are_dropped_and_counted() {
    let rules = [("deny", "<notification-name>news</notification-name>")];
    let (server, mut root, mut ann) = ruled("", &rules).await;
    for peer in [&mut ann, &mut root] {
        let subscribe = "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";
        assert_eq!(peer.send(subscribe).await, "ok");
    }
    let publish = |name: &str| {
        let schema = server.schema();
        let node = schema.find(&format!("/more:{name}")).unwrap().id();
        let text = "<data><text xmlns='urn:more'>x</text></data>";
        let mut source =
            yang_data::xml::SliceSource::new(text.as_bytes(), yang_data::codec::Limits::default());
        yang_data::event::Source::next(&mut source).unwrap();
        let mut inside = yang_data::event::Inside::new(&mut source);
        let tree = Tree::decode(schema, node, &mut inside, &Default::default()).unwrap();
        server.publisher().publish_tree(&tree).unwrap();
    };
    publish("news");
    publish("secret");
    assert_eq!(ann.notifications().len(), 0);
    assert_eq!(root.notifications().len(), 2);
    let get = root
        .ask("get", "<filter><nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/></filter>")
        .await;
    assert!(get.contains("<denied-notifications>2</denied-notifications>"), "{get}");
}

// Section 3.1.3: nothing binds a recovery session.
#[tokio::test]
async fn a_server_without_control_binds_nobody() {
    let server = Server::builder(schema()).access_control(false).build().await.unwrap();
    let mut ann = Peer::connect_as(&server, "ann");
    ann.edit("running", DATA).await;
    assert!(ann.config("running").await.contains("secrets"));
}

// Section 5, node-instance-identifier: "The set of variable bindings contains" the name of the user.
#[tokio::test]
async fn a_rule_may_be_about_what_is_named_like_its_user() {
    let rules = [
        ("permit", "<path>/m:vaults/m:vault[m:site=$USER]</path>"),
        ("permit", "<path>/m:vaults/m:word[.=$USER]</path>"),
        ("deny", "<path>/m:vaults/m:vault</path>"),
        ("deny", "<path>/m:vaults/m:word</path>"),
    ];
    let (server, mut root, mut ann) = ruled("", &rules).await;
    let vault = |site: &str, content: &str| {
        format!(
            "<vaults xmlns='urn:more'><vault><site>{site}</site><number>1</number><content>{content}</content></vault></vaults>"
        )
    };
    for site in ["ann", "bob", "$USER"] {
        root.edit("running", &vault(site, &format!("of {site}"))).await;
        root.edit("running", &format!("<vaults xmlns='urn:more'><word>{site}</word></vaults>")).await;
    }
    let mut bob = Peer::connect_as(&server, "bob");
    for (peer, own, other) in [(&mut ann, "ann", "bob"), (&mut bob, "bob", "ann")] {
        let seen = peer.config("running").await;
        assert!(seen.contains(&format!("of {own}")) && seen.contains(&format!("<word>{own}")), "{seen}");
        for hidden in [other, "$USER"] {
            assert!(
                !seen.contains(&format!("of {hidden}")) && !seen.contains(&format!("<word>{hidden}")),
                "{seen}"
            );
        }
        assert_eq!(peer.try_edit("running", "", &vault(own, "new")).await, "ok");
        refused(&peer.try_edit("running", "", &vault(other, "taken")).await, "application access-denied");
    }
    // In quotes it is a text, and there is no other variable.
    let text = [
        ("permit", "<path>/m:vaults/m:vault[m:site='$USER']</path>"),
        ("deny", "<path>/m:vaults/m:vault</path>"),
    ];
    root.edit(
        "running",
        &nacm("", &text).replace(
            "<rule-list>",
            "<rule-list xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='replace'>",
        ),
    )
    .await;
    let seen = ann.config("running").await;
    assert!(seen.contains("of $USER") && !seen.contains("new"), "{seen}");
    let other = [("deny", "<path>/m:vaults/m:vault[m:site=$GROUP]</path>")];
    let reply = root.try_edit("running", "", &nacm("", &other)).await;
    refused(&reply, "application invalid-value");
    assert!(reply.contains("there is no variable $GROUP, only $USER"), "{reply}");
}

// Section 2.6: the counters stand in `/nacm`, which is denied by default, and a rule may show them.
#[tokio::test]
async fn the_counters_are_read_by_whom_a_rule_lets() {
    let get = "<filter><nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/></filter>";
    let (server, mut root, mut ann) = ruled("", &[]).await;
    assert_eq!(ann.ask("get", get).await, "<data></data>");
    root.edit(
        "running",
        &nacm(
            "",
            &[
                // What stands in a node that is hidden is hidden with it, so the way is permitted, and the rest of it denied.
                ("deny", "<path>/nacm:nacm/nacm:rule-list</path>"),
                ("deny", "<path>/nacm:nacm/nacm:groups</path>"),
                ("permit", "<path>/nacm:nacm</path><access-operations>read</access-operations>"),
                ("permit", "<rpc-name>explode</rpc-name><module-name>more</module-name>"),
            ],
        ),
    )
    .await;
    let seen = ann.ask("get", get).await;
    assert!(seen.contains("<denied-operations>0</denied-operations>"), "{seen}");
    assert!(!seen.contains("rule-list") && !seen.contains("group"), "{seen}");
    // What the model denies a rule permits, to those of its group; RFC 6241's own are as such.
    refused(&ann.send("<explode xmlns='urn:more'/>").await, "protocol operation-not-supported");
    let mut eve = Peer::connect_as(&server, "eve");
    refused(&eve.send("<explode xmlns='urn:more'/>").await, "protocol access-denied");
    refused(
        &ann.ask("kill-session", &format!("<session-id>{}</session-id>", eve.id)).await,
        "protocol access-denied",
    );
    assert!(ann.ask("get", get).await.contains("<denied-operations>2</denied-operations>"));
}

// Section 3.4: what no rule speaks of is as the three defaults say, each for itself.
#[tokio::test]
async fn each_default_stands_for_itself() {
    let defaults = |read: &str, write: &str, exec: &str| {
        format!(
            "<read-default>{read}</read-default><write-default>{write}</write-default><exec-default>{exec}</exec-default>"
        )
    };
    // Nothing is read; all else is permitted. An edit needs no leave to read (section 3.2.3).
    let (_server, _root, mut ann) = ruled(&defaults("deny", "permit", "permit"), &[]).await;
    assert_eq!(ann.config("running").await, "<data></data>");
    assert_eq!(ann.ask("get", "").await, "<data></data>");
    assert_eq!(
        ann.try_edit("running", "", "<system xmlns='urn:device'><mtu>1300</mtu></system>").await,
        "ok"
    );
    // default-deny-write counts all the same.
    let clock = "<clock xmlns='urn:more'><zone>CET</zone></clock>";
    refused(&ann.try_edit("running", "", clock).await, "application access-denied /m:clock");
    let subscribe = "<create-subscription xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'/>";
    assert_eq!(ann.send(subscribe).await, "ok");

    // Nothing is run but close-session.
    let (_server, _root, mut ann) = ruled(&defaults("permit", "permit", "deny"), &[]).await;
    for operation in ["get", "commit", "discard-changes"] {
        refused(&ann.ask(operation, "").await, "protocol access-denied");
    }
    refused(&ann.send(subscribe).await, "protocol access-denied");
    refused(&ann.send("<whisper xmlns='urn:more'/>").await, "protocol access-denied");
    assert_eq!(ann.ask("close-session", "").await, "ok and close");
}

// Sections 3.4.5 and 5: a node of an augmenting module is that module's, wherever it stands.
#[tokio::test]
async fn nodes_that_others_add_are_of_their_own_modules() {
    let base = "module base { yang-version 1.1; namespace 'urn:b'; prefix b;
      container top { leaf own { type string; } } }";
    let more = "module plus { yang-version 1.1; namespace 'urn:p'; prefix p;
      import base { prefix b; }
      feature wide;
      augment '/b:top' { leaf added { type string; } leaf far { if-feature wide; type string; } } }";
    let schema = yang_parser::Compiler::new()
        .source("base.yang", base)
        .source("plus.yang", more)
        .features("plus", [] as [&str; 0])
        .module("ietf-netconf-acm")
        .compile()
        .schema
        .unwrap();
    let schema = Arc::new(schema);
    let server = Server::builder(Arc::clone(&schema)).recovery_user("root").build().await.unwrap();
    let mut root = Peer::connect_as(&server, "root");
    root.edit("running", "<top xmlns='urn:b'><own>o</own><added xmlns='urn:p'>a</added></top>").await;
    let mut ann = Peer::connect_as(&server, "ann");
    let mut with = async |rule: &str| {
        let nc = "<rule-list xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' nc:operation='replace'>";
        let rules = nacm("", &[("deny", rule)]).replace("<rule-list>", nc);
        let reply = root.try_edit("running", "", &rules).await;
        (reply, ann.config("running").await)
    };
    let (_, seen) = with("<module-name>plus</module-name>").await;
    assert!(seen.contains("<own>") && !seen.contains("<added"), "{seen}");
    // What stands in a node that may not be read is not read either.
    let (_, seen) = with("<module-name>base</module-name>").await;
    assert_eq!(seen, "<data></data>");
    let (_, seen) = with("<path>/b:top/p:added</path>").await;
    assert!(seen.contains("<own>") && !seen.contains("<added"), "{seen}");
    // A node behind a feature that is off is none, as is one of another module.
    for path in ["/b:top/p:far", "/b:top/b:added", "/b:top/p:own"] {
        let (reply, _) = with(&format!("<path>{path}</path>")).await;
        refused(&reply, "application invalid-value");
    }
}
