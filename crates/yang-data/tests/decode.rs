//! Documents into trees: what payload parsing must find (RFC 7950 section 8.3.1).

mod common;
use common::*;
use yang_data::tree::DecodeOptions;
use yang_data::tree::Tree;
use yang_schema::NodeId;

const SERVERS: &str = r#"
module servers {
  yang-version 1.1;
  namespace "urn:servers";
  prefix s;
  identity protocol;
  identity tcp { base protocol; }
  container servers {
    list server {
      key "name port";
      leaf name { type string { length "1..8"; } }
      leaf port { type uint16 { range "1..max" { error-app-tag bad-port; error-message "Ports start at 1."; } } }
      leaf protocol { type identityref { base protocol; } }
      leaf-list tag { type string; }
      leaf-list address { type string; ordered-by user; }
      choice how {
        leaf dhcp { type empty; }
        case static { leaf ip { type string; } leaf mask { type string; } }
      }
      container options { leaf verbose { type boolean; } }
      container log { presence "Logs."; }
      leaf uptime { type uint32; config false; }
    }
    anydata extra;
  }
}"#;

const NS: &str = r#"xmlns="urn:servers""#;

fn fails(body: &str) -> String {
    let schema = schema(&[SERVERS]);
    brief(&decode(&schema, &format!("<servers {NS}>{body}</servers>")).expect_err("it is wrong"))
}

const ONE: &str = "<name>a</name><port>1</port>";

#[test]
fn entries_are_sorted_by_key_unless_users_order_them() {
    let schema = schema(&[SERVERS]);
    let tree = tree(
        &schema,
        &format!(
            "<servers {NS}>
               <server><name>b</name><port>10</port></server>
               <server><name>b</name><port>9</port>
                 <tag>y</tag><tag>x</tag><address>y</address><address>x</address>
                 <options/><log/>
               </server>
               <server><port>7</port><name>a</name></server>
             </servers>"
        ),
    );
    assert_eq!(
        text(&tree),
        "<servers><server><name>a</name><port>7</port></server>\
         <server><name>b</name><port>9</port><tag>x</tag><tag>y</tag><address>y</address><address>x</address><log/></server>\
         <server><name>b</name><port>10</port></server></servers>",
        "ports are numbers; a container without presence and content is not there"
    );
}

#[test]
fn values_that_their_types_forbid() {
    let server = "<server><name>a</name><port>0</port><name>a</name></server>";
    assert_eq!(
        fails(server),
        "invalid-value bad-port /servers:servers/server[name='a']/port\n\
         bad-element - /servers:servers/server[name='a']/name\n\
         missing-element - /servers:servers/server[name='a']"
    );
    let schema = schema(&[SERVERS]);
    let errors = decode(&schema, &format!("<servers {NS}>{server}</servers>")).expect_err("it is wrong");
    assert_eq!(errors[0].message, "Ports start at 1.");
    assert_eq!(
        fails(&format!("<server>{ONE}<dhcp>x</dhcp></server>")),
        "invalid-value - /servers:servers/server[name='a'][port='1']/dhcp"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}<protocol>udp</protocol></server>")),
        "invalid-value - /servers:servers/server[name='a'][port='1']/protocol"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}<protocol xmlns:p='urn:servers'>p:protocol</protocol></server>")),
        "invalid-value - /servers:servers/server[name='a'][port='1']/protocol",
        "an identity is not derived from itself"
    );
}

#[test]
fn prefixes_of_values_are_those_in_scope() {
    let schema = schema(&[SERVERS]);
    let xml = "<x:servers xmlns:x='urn:servers'><x:server><x:name>a</x:name><x:port>1</x:port><x:protocol xmlns:q='urn:servers'>q:tcp</x:protocol></x:server></x:servers>";
    let found = tree(&schema, xml);
    assert_eq!(format!("{found:?}").lines().last(), Some("    servers:protocol \"servers:tcp\""));
}

#[test]
fn keys_that_are_missing_and_entries_that_come_twice() {
    assert_eq!(
        fails("<server><name>a</name></server><server><port>1</port></server>"),
        "missing-element - /servers:servers/server[name='a']\nmissing-element - /servers:servers/server[port='1']"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}<tag>x</tag><tag>x</tag></server><server>{ONE}</server>")),
        "bad-element - /servers:servers/server[name='a'][port='1']/tag[.='x']\n\
         bad-element - /servers:servers/server[name='a'][port='1']"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}</server><server>{ONE}</server>")),
        "bad-element - /servers:servers/server[name='a'][port='1']"
    );
}

#[test]
fn nodes_that_do_not_belong() {
    assert_eq!(
        fails("<client/><server xmlns='urn:other'/>text"),
        "unknown-element - /servers:servers\nunknown-namespace - /servers:servers\nbad-element - /servers:servers"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}<dhcp/><mask>1</mask></server>")),
        "bad-element - /servers:servers/server[name='a'][port='1']/mask",
        "two cases"
    );
    assert_eq!(
        fails(&format!("<server>{ONE}<tag><b/></tag></server>")),
        "bad-element - /servers:servers/server[name='a'][port='1']/tag"
    );
    assert_eq!(
        fails(&format!("<server foo='1'>{ONE}</server>")),
        "unknown-attribute - /servers:servers/server"
    );
}

#[test]
fn errors_say_where() {
    let schema = schema(&[SERVERS]);
    let errors = decode(
        &schema,
        &format!("<servers {NS}>\n  <server>\n    <name>a</name>\n    <port>0</port>\n  </server>\n  <huh/>\n</servers>"),
    )
    .expect_err("it is wrong");
    let lines: Vec<u32> = errors.iter().map(|e| e.position.line).collect();
    assert_eq!(lines, [4, 2, 6]);
}

#[test]
fn state_is_no_configuration() {
    let schema = schema(&[SERVERS]);
    let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
    let xml = format!("<servers {NS}><server>{ONE}<uptime>3</uptime></server></servers>");
    let errors =
        inside(&xml, |s| Tree::decode(&schema, NodeId::ROOT, s, &options)).expect_err("uptime is state");
    assert_eq!(brief(&errors), "unknown-element - /servers:servers/server[name='a'][port='1']/uptime");
    assert!(decode(&schema, &xml).is_ok());
}

#[test]
fn anydata_is_carried() {
    let schema = schema(&[SERVERS]);
    let body = "<extra><a xmlns='urn:a'><b>1</b> <b>2</b><c x='y'> z </c></a></extra>";
    let tree = tree(&schema, &format!("<servers {NS}>{body}</servers>"));
    assert_eq!(text(&tree), "<servers><extra><a><b>1</b><b>2</b><c x=\"y\"> z </c></a></extra></servers>");
}

#[test]
fn a_tree_deeper_than_the_limit_is_refused() {
    let schema = schema(&[SERVERS]);
    let options = DecodeOptions { depth: 1, ..DecodeOptions::default() };
    let xml = format!("<servers {NS}><server>{ONE}</server></servers>");
    let errors =
        inside(&xml, |s| Tree::decode(&schema, NodeId::ROOT, s, &options)).expect_err("it is too deep");
    assert_eq!(brief(&errors), "too-big - /servers:servers/server");
}
