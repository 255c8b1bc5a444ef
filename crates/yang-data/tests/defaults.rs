//! Defaults (RFC 7950 sections 7.6.1, 7.7.2, 7.9.3; RFC 6243): never stored, always told.

mod common;
use common::*;
use yang_data::view::{DefaultMode, View};

const NET: &str = r#"
module net {
  yang-version 1.1;
  namespace "urn:net";
  prefix n;
  container net {
    list port {
      key name;
      leaf name { type string; }
      leaf mtu { type uint16; default 1500; }
      leaf-list flag { type string; ordered-by user; default b; default a; }
      container vlan { leaf id { type uint16; default 1; } }
      container qos { presence x; leaf class { type uint8; default 3; } }
      leaf burst { when "../mtu > 2000"; type uint8; default 7; }
      choice speed {
        default auto;
        leaf auto { type boolean; default true; }
        case fixed { leaf rate { type uint8; default 10; } leaf duplex { type string; } }
        case none { leaf off { type empty; } }
      }
    }
  }
}"#;

fn shown(mode: DefaultMode, port: &str) -> String {
    let tree =
        tree(&schema(&[NET]), &format!("<net xmlns='urn:net'><port><name>x</name>{port}</port></net>"));
    let text = view_text(&View::of(&tree).defaults(mode));
    text.trim_start_matches("<net><port><name>x</name>").trim_end_matches("</port></net>").to_owned()
}

#[test]
fn what_nobody_set_appears_with_its_default() {
    let all = DefaultMode::ReportAll;
    assert_eq!(
        shown(all, ""),
        "<mtu>1500</mtu><flag>b</flag><flag>a</flag><vlan><id>1</id></vlan><auto>true</auto>"
    );
    assert_eq!(
        shown(all, "<mtu>9000</mtu><flag>c</flag><qos/>"),
        "<mtu>9000</mtu><flag>c</flag><vlan><id>1</id></vlan><qos><class>3</class></qos><burst>7</burst><auto>true</auto>"
    );
}

#[test]
fn defaults_of_a_case_only_where_it_is_chosen() {
    let all = DefaultMode::ReportAll;
    let rest = "<mtu>1500</mtu><flag>b</flag><flag>a</flag><vlan><id>1</id></vlan>";
    assert_eq!(shown(all, "<duplex>full</duplex>"), format!("{rest}<rate>10</rate><duplex>full</duplex>"));
    assert_eq!(shown(all, "<off/>"), format!("{rest}<off/>"));
}

#[test]
fn the_other_modes() {
    let set = "<mtu>1500</mtu><flag>b</flag><flag>a</flag><vlan><id>2</id></vlan>";
    assert_eq!(shown(DefaultMode::Explicit, set), set);
    assert_eq!(shown(DefaultMode::Explicit, ""), "");
    assert_eq!(shown(DefaultMode::Trim, set), "<vlan><id>2</id></vlan>");
    assert_eq!(
        shown(DefaultMode::ReportAllTagged, "<mtu>1500</mtu><flag>x</flag><off/>"),
        "<mtu>1500</mtu><flag>x</flag><vlan><id wd:default=\"true\">1</id></vlan><off/>",
        "what somebody set is no default, whatever its value"
    );
}

#[test]
fn a_tagged_default_is_not_set_when_read_back() {
    let schema = schema(&[NET]);
    let port = |body: &str| {
        format!(
            "<net xmlns='urn:net' xmlns:wd='urn:ietf:params:xml:ns:netconf:default:1.0'><port><name>x</name>{body}</port></net>"
        )
    };
    let read =
        tree(&schema, &port("<mtu wd:default='true'>1500</mtu><vlan><id wd:default='true'>1</id></vlan>"));
    assert_eq!(text(&read), "<net><port><name>x</name></port></net>");
    let errors = decode(&schema, &port("<mtu wd:default='true'>9</mtu>")).expect_err("9 is not the default");
    assert_eq!(brief(&errors), "invalid-value - /net:net/port[name='x']/mtu");
}

#[test]
fn cursors_tell_defaults_from_set_values() {
    let tree = tree(&schema(&[NET]), "<net xmlns='urn:net'><port><name>x</name><mtu>1500</mtu></port></net>");
    let view = View::of(&tree).defaults(DefaultMode::ReportAll);
    let port = view.root().children().next().and_then(|net| net.children().next()).expect("it is there");
    let told: Vec<(String, bool)> = port
        .children()
        .filter(|c| c.value().is_some())
        .map(|c| (c.node().name().to_owned(), c.is_default()))
        .collect();
    let told: Vec<(&str, bool)> = told.iter().map(|(n, d)| (n.as_str(), *d)).collect();
    assert_eq!(told, [("name", false), ("mtu", false), ("flag", true), ("flag", true), ("auto", true)]);
}
