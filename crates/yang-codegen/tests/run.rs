//! The golden file, compiled and run: what was generated does what the model says.

#![allow(deprecated, reason = "the model has deprecated nodes")]

mod yang {
    include!("golden/every.gen.rs");
}

use netconf_runtime::binding::{Decimal64, Empty, Options, Yang};
use yang::every::paths::{self, *};
use yang::every::top::way::{self, Direct};
use yang::every::top::{Flags, Pair, Peer, State, Way};
use yang::every::types::{Amount, Level};
use yang::every::{Data, Ping, Top, identities::Link, ping};

fn top() -> Top {
    Top {
        r#type: Some("x".into()),
        self_: Some("me".into()),
        foo_bar: Some("1".into()),
        _foo_bar: Some("2".into()),
        _fooBar: Some("3".into()),
        level: Some(Level::High),
        amount: Some(Amount::Percent(Decimal64::from_units(1250))),
        link: Some(Link::every_more__copper),
        flags: Some(Flags { a: true, c_d: true, ..Default::default() }),
        on: Some(Empty),
        numbers: vec![3, 1, 2],
        peer: [Peer { name: "b".into(), port: Some(2000), ..Default::default() }].into_iter().collect(),
        pair: [Pair { one: "x".into(), two: Level::Low, ..Default::default() }].into_iter().collect(),
        way: Some(Way::Direct(Box::new(Direct { mtu: Some(1500), ..Default::default() }))),
        state: Some(Box::new(State { count: Some(1), ..Default::default() })),
        every_more__mtu: Some(9000),
        ..Default::default()
    }
}

fn data() -> Data {
    Data { top: Some(Box::new(top())), ..Default::default() }
}

#[test]
fn what_is_written_is_read_again() {
    let data = data();
    assert_eq!(Data::from_xml(&data.to_xml().unwrap(), &Options::default()).unwrap(), data);
    assert_eq!(Data::from_json(&data.to_json().unwrap(), &Options::default()).unwrap(), data);
}

#[test]
fn names_of_one_sound_are_three_fields() {
    let xml = top().to_xml().unwrap();
    for text in ["<foo-bar>1</foo-bar>", "<foo_bar>2</foo_bar>", "<fooBar>3</fooBar>", "<self>me</self>"] {
        assert!(xml.contains(text), "{text} in {xml}");
    }
}

#[test]
fn an_augmenting_module_has_its_own_namespace() {
    let json = top().to_json().unwrap();
    assert!(json.contains(r#""every-more:mtu":9000"#), "{json}");
    assert!(json.contains(r#""mtu":1500"#), "{json}");
    assert!(json.contains(r#""link":"every-more:copper""#), "{json}");
}

#[test]
fn all_violations_are_told_at_once() {
    assert!(top().validate().is_ok(), "{:?}", top().validate());
    let mut wrong = top();
    wrong.r#type = None;
    wrong.numbers.clear();
    wrong.way = Some(Way::Direct(Box::new(way::Direct { mtu: Some(9001), ..Default::default() })));
    let violations = wrong.validate().unwrap_err();
    let text = violations.to_string();
    for part in ["type", "numbers", "MTU out of range"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn paths_name_what_they_lead_to() {
    assert_eq!(paths::top().peer("a").port().to_string(), "/every:top/peer[name='a']/port");
    assert_eq!(paths::top().pair("1", Level::High).to_string(), "/every:top/pair[one='1'][two='high']");
    assert_eq!(paths::top().every_more__mtu().to_string(), "/every:top/every-more:mtu");
    assert_eq!(paths::top().mtu().to_string(), "/every:top/mtu");
    paths::top().peer__all().host().check().unwrap();
    // Choices and cases are no steps.
    paths::top().tunnel().end().check().unwrap();
    paths::top().numbers(3).check().unwrap();
    paths::top().state().state().deep().check().unwrap();
    paths::entry(7_u32).id().check().unwrap();
}

#[test]
fn an_rpc_knows_its_input() {
    fn input<R: netconf_runtime::binding::Rpc>(input: R::Input) -> String {
        input.to_xml().unwrap()
    }
    let xml =
        input::<Ping>(ping::Input { dest: Some("a".into()), every_more__ttl: Some(3), ..Default::default() });
    assert!(xml.contains("<dest>a</dest>"), "{xml}");
    assert!(ping::Input::default().validate().is_err());
}
