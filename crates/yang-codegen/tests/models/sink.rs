//! The kitchen sink, generated and compiled: a test for each construct. Compiled by `tests/models.rs` in a crate of its own.

#![deny(warnings)]

mod yang {
    include!("../src/sink/yang.gen.rs");
}
/// Without `big`, which a deviation takes away.
mod deviated {
    include!("../src/sink_deviated/yang.gen.rs");
}
/// The same, but what the model does not know is kept.
mod kept {
    include!("../src/sink_kept/yang.gen.rs");
}
/// Without the feature.
mod bare {
    include!("../src/sink_bare/yang.gen.rs");
}

use netconf_runtime::binding::{
    AnyData, AnyXml, Binary, Decimal64, Empty, InstanceIdentifier, Options, Rpc, Violations, Yang,
};
use netconf_runtime::yang_data::error::ErrorTag;
use netconf_runtime::yang_data::tree::Tree;
use serde::de::DeserializeOwned;
use serde::Serialize;
use std::sync::Arc;
use yang::ks::top::{self, Bt, En, How, None_, One, St, Two, U, how, u};
use yang::ks::{Alarm, Data, Ping, Top, alarm, paths::{self, *}, ping};
use yang::ks_base::identities::Transport;

/// What is valid, and has a bit of everything.
fn whole() -> Top {
    Top {
        r#type: Some("x".into()),
        self_: Some("me".into()),
        foo_bar: Some("1".into()),
        _foo_bar: Some("2".into()),
        _fooBar: Some("3".into()),
        u: Some(U::Enumeration(u::Enumeration::Any)),
        tr: Some(Transport::ks_more_ids__tcp),
        en: Some(En::_10__hGb__ss),
        bt: Some(Bt { a: true, c_d: true, ..Default::default() }),
        d: Some(Decimal64::from_units(9999)),
        e: Some(Empty),
        bin: Some(Binary::from(vec![0, 255])),
        iid: Some(InstanceIdentifier::new("/ks:top/one[name='a']/port", yang::MODULES).unwrap()),
        big: Some(u64::MAX),
        ll: vec![3, -1, 2],
        llr: vec!["k".into()],
        one: [one("b", "2"), one("a", "1")].into_iter().collect(),
        two: [Two { k1: "k".into(), k2: 7, v: Some("v".into()) }].into_iter().collect(),
        how: Some(How::Direct(Box::new(how::Direct { ip: None, mtu: Some(1500) }))),
        w: Some("w".into()),
        m: Some("m".into()),
        fx: Some("f".into()),
        ks_aug__extra: Some("e".into()),
        ks_aug__mtu: Some(9000),
        ..Default::default()
    }
}

fn one(name: &str, ip: &str) -> One {
    One { name: name.into(), ip: Some(ip.into()), host: Some("h.example".into()), port: Some(2000) }
}

fn data(top: Top) -> Data {
    Data { top: Some(Box::new(top)) }
}

/// By XML, by JSON, by serde, and by a data tree.
fn both_ways(data: &Data) {
    let options = Options::default();
    ways(data);
    let tree = data.to_tree(yang::schema()).unwrap();
    assert_eq!(&Data::from_tree(&tree, &options).unwrap(), data);
}

fn ways<T: Yang + Serialize + DeserializeOwned>(data: &T) {
    let options = Options::default();
    let (xml, json) = (data.to_xml().unwrap(), data.to_json().unwrap());
    assert_eq!(&T::from_xml(&xml, &options).unwrap(), data, "{xml}");
    assert_eq!(&T::from_json(&json, &options).unwrap(), data, "{json}");
    let text = serde_json::to_string(data).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&text).unwrap(), data, "{text}");
}

/// A change of what is valid, and what is said of it.
fn violations(change: impl FnOnce(&mut Top)) -> Violations {
    let mut top = whole();
    assert!(top.validate().is_ok(), "{:?}", top.validate());
    change(&mut top);
    top.validate().expect_err("the change is not valid")
}

fn refused(change: impl FnOnce(&mut Top), words: &str) {
    let said = violations(change).to_string();
    assert!(said.contains(words), "{words:?} in {said}");
}

#[test]
fn the_whole_goes_both_ways() {
    both_ways(&data(whole()));
}

#[test]
fn names_of_one_sound_and_keywords() {
    let xml = whole().to_xml().unwrap();
    for part in ["<type>x</type>", "<self>me</self>", "<foo-bar>1<", "<foo_bar>2<", "<fooBar>3<"] {
        assert!(xml.contains(part), "{part} in {xml}");
    }
}

#[test]
fn a_presence_container_is_there_or_not() {
    // There is no XML document without an element.
    let nothing = Data::default().to_json().unwrap();
    assert_eq!(Data::from_json(&nothing, &Options::default()).unwrap(), Data::default());
    let empty = data(Top::default());
    assert_ne!(empty, Data::default());
    both_ways(&empty);
}

#[test]
fn a_mandatory_leaf_is_demanded() {
    refused(|top| top.r#type = None, "type");
}

#[test]
fn a_mandatory_choice_is_demanded() {
    refused(|top| top.how = None, "how");
}

#[test]
fn members_of_a_union_come_in_order() {
    let read = |text: &str| {
        let xml = format!("<top xmlns='urn:ks'><type>x</type><u>{text}</u></top>");
        Top::from_xml(&xml, &Options::default()).map(|top| top.u.unwrap())
    };
    assert_eq!(read("7").unwrap(), U::Uint8(7));
    assert_eq!(read("auto").unwrap(), U::Enumeration(u::Enumeration::Auto));
    assert_eq!(read("any").unwrap(), U::Enumeration(u::Enumeration::Any), "an enum before a string");
    assert_eq!(read("xyz").unwrap(), U::String("xyz".into()));
    assert_eq!(read("100").unwrap(), U::String("100".into()), "no uint8 of 1 to 10, but three characters");
    assert!(read("four").is_err());
    refused(|top| top.u = Some(U::Uint8(11)), "11");
    refused(|top| top.u = Some(U::String("four".into())), "/ks:top/u");
}

#[test]
fn identities_of_one_name_are_of_their_modules() {
    assert_ne!(Transport::tcp, Transport::ks_more_ids__tcp);
    let json = |tr| data(Top { tr: Some(tr), ..whole() }).to_json().unwrap();
    assert!(json(Transport::tcp).contains("\"ks-base:tcp\""));
    assert!(json(Transport::ks_more_ids__tcp).contains("\"ks-more-ids:tcp\""));
    for tr in [Transport::tcp, Transport::quic, Transport::ks_more_ids__tcp, Transport::ks_more_ids__sctp] {
        both_ways(&data(Top { tr: Some(tr), ..whole() }));
    }
    let unknown = "<top xmlns='urn:ks' xmlns:b='urn:ks:base'><tr>b:udp</tr></top>";
    assert!(Top::from_xml(unknown, &Options::default()).is_err());
}

#[test]
fn enums_keep_names_and_values() {
    let all = [(En::One, "one", 0), (En::_10__hGb__ss, "10-Gb/s", 1), (En::_10Gbs, "10Gbs", 7)];
    for (value, name, number) in all {
        assert_eq!((value.name(), value.value()), (name, Some(number)));
        assert_eq!(name.parse::<En>().unwrap(), value);
    }
    assert!("two".parse::<En>().is_err());
}

#[test]
fn bits_are_in_the_order_of_their_positions() {
    let bits = Bt { a: true, b: true, c_d: true };
    assert_eq!(bits.to_string(), "a b c-d");
    assert_eq!(Bt::default().to_string(), "");
    let read = Top::from_xml("<top xmlns='urn:ks'><bt> c-d  a </bt></top>", &Options::default()).unwrap();
    assert_eq!(read.bt, Some(Bt { a: true, b: false, c_d: true }));
    assert!(Top::from_xml("<top xmlns='urn:ks'><bt>a a</bt></top>", &Options::default()).is_err());
}

#[test]
fn a_decimal_is_exact_and_in_its_range() {
    let json = data(whole()).to_json().unwrap();
    assert!(json.contains("\"d\":\"99.99\""), "{json}");
    refused(|top| top.d = Some(Decimal64::from_units(10001)), "100.01");
    refused(|top| top.d = Some(Decimal64::from_units(-1)), "-0.01");
}

#[test]
fn empty_binary_and_instance_identifier() {
    let json = data(whole()).to_json().unwrap();
    assert!(json.contains("\"e\":[null]"), "{json}");
    assert!(json.contains("\"bin\":\"AP8=\""), "{json}");
    refused(|top| top.bin = Some(Binary::from(vec![])), "bin");
    refused(|top| top.bin = Some(Binary::from(vec![0; 9])), "bin");
    let xml = "<top xmlns='urn:ks'><bin>!</bin></top>";
    assert!(Top::from_xml(xml, &Options::default()).is_err());
}

#[test]
fn a_large_number_is_a_string_in_json() {
    assert!(data(whole()).to_json().unwrap().contains("\"big\":\"18446744073709551615\""));
}

#[test]
fn a_leaf_list_is_in_order_and_of_its_length() {
    assert!(data(whole()).to_json().unwrap().contains("\"ll\":[3,-1,2]"));
    refused(|top| top.ll.clear(), "ll");
    refused(|top| top.ll = vec![1, 2, 3, 4, 5], "ll");
    refused(|top| top.ll = vec![1, 1], "ll");
}

#[test]
fn a_leafref_has_the_type_of_its_target() {
    let _: &Vec<String> = &whole().llr;
    let via = how::via::Via { gw: Some("a".into()) };
    both_ways(&data(Top { how: Some(How::Via(Box::new(how::Via { via: Some(Box::new(via)) }))), ..whole() }));
}

#[test]
fn anydata_and_anyxml_are_kept() {
    let options = Options::default();
    let xml = "<top xmlns='urn:ks'><type>x</type><ad><a xmlns='urn:a'><b>1</b></a></ad><ax><i>t</i></ax></top>";
    let top = Top::from_xml(xml, &options).unwrap();
    let (_, _): (&AnyData, &AnyXml) = (top.ad.as_ref().unwrap(), top.ax.as_ref().unwrap());
    let again = Top::from_xml(&top.to_xml().unwrap(), &options).unwrap();
    assert_eq!(again, top);
}

#[test]
fn a_list_has_keys_an_order_and_unique_values() {
    let json = data(whole()).to_json().unwrap();
    assert!(json.find("\"name\":\"b\"").unwrap() < json.find("\"name\":\"a\"").unwrap(), "users order it");
    let mut top = whole();
    assert!(top.one.insert(one("a", "9")).is_some(), "the same key: the old entry comes back");
    assert_eq!(top.one.get(&"a".to_owned()).unwrap().ip.as_deref(), Some("9"));
    assert_eq!(top.two.get(&("k".to_owned(), 7)).unwrap().v.as_deref(), Some("v"));
    refused(|top| drop(top.one.insert(one("c", "1"))), "ip");
}

#[test]
fn what_a_grouping_restricts_and_a_refine_changes() {
    fn with(host: &str, port: u16) -> impl FnOnce(&mut Top) {
        let entry = One { name: "z".into(), host: Some(host.into()), port: Some(port), ip: None };
        move |top| drop(top.one.insert(entry))
    }
    refused(with("h", 1024), "1024");
    refused(with("h", 1999), "1999");
    refused(with("H", 1), "H");
    refused(with("", 1), "host");
    refused(with(&"h".repeat(65), 1), "host");
    let field = <One as netconf_runtime::binding::HasTable>::table().field(None, "port").unwrap();
    assert_eq!(field.detail.defaults, ["3000"], "as refined");
}

#[test]
fn a_list_without_a_key_takes_the_same_entry_twice() {
    let none = || None_ { a: Some("a".into()) };
    both_ways(&data(Top { none: vec![none(), none()], ..whole() }));
}

#[test]
fn cases_shorthand_and_of_other_modules() {
    for case in [
        How::Shortcut(Empty),
        How::Direct(Box::new(how::Direct { ip: Some("i".into()), mtu: Some(68) })),
        How::KsAug__Aug(Box::new(how::KsAug__Aug { from_aug: Some("f".into()) })),
    ] {
        both_ways(&data(Top { how: Some(case), ..whole() }));
    }
    let aug = How::KsAug__Aug(Box::new(how::KsAug__Aug { from_aug: Some("f".into()) }));
    let xml = data(Top { how: Some(aug), ..whole() }).to_xml().unwrap();
    assert!(xml.contains("urn:ks:aug"), "{xml}");
    let two = "<top xmlns='urn:ks'><ip>i</ip><shortcut/></top>";
    assert!(Top::from_xml(two, &Options::default()).is_err(), "two cases of one choice");
}

#[test]
fn a_range_says_what_the_model_says_of_its_violation() {
    let mtu = |mtu| How::Direct(Box::new(how::Direct { ip: None, mtu: Some(mtu) }));
    let violations = violations(|top| top.how = Some(mtu(9001)));
    let violation = violations.0.first().unwrap();
    assert_eq!(violation.app_tag.as_deref(), Some("mtu-range"));
    assert!(violation.message.contains("MTU out of range"), "{}", violation.message);
    refused(|top| top.how = Some(mtu(67)), "MTU out of range");
}

#[test]
fn conditions_are_on_record() {
    let table = <Top as netconf_runtime::binding::HasTable>::table();
    let detail = |name| table.field(None, name).unwrap().detail;
    assert_eq!(detail("w").whens[0].xpath, "../type = 'x'");
    assert_eq!(detail("m").musts[0].xpath, "../type != 'y'");
    assert_eq!(detail("m").musts[0].info.app_tag, Some("bad-m"));
    assert_eq!(detail("m").musts[0].info.message, Some("no m with y"));
    assert_eq!(detail("fx").if_features, ["fancy"]);
    assert_eq!(detail("llr").leafref, Some("../two/k1"));
    assert!(!detail("st").config);
}

/// What is said of a value in the place of its tree.
fn refused_in(change: impl FnOnce(&mut Top), tag: &str, app_tag: Option<&str>, path: &str) {
    let mut top = whole();
    let empty = Tree::new(Arc::clone(yang::schema()));
    assert_eq!(data(top.clone()).validate_in(&empty), Ok(()));
    change(&mut top);
    let violations = data(top).validate_in(&empty).expect_err("the change is not valid").0;
    let found = violations.iter().find(|v| v.path == path).unwrap_or_else(|| panic!("{violations:?}"));
    assert_eq!((found.tag, found.app_tag.as_deref()), (tag, app_tag), "{violations:?}");
}

#[test]
fn conditions_are_enforced_in_a_tree() {
    let y = |top: &mut Top| (top.r#type, top.w) = (Some("y".into()), None);
    refused_in(y, "operation-failed", Some("bad-m"), "/ks:top/m");
    refused_in(|top| top.r#type = Some("z".into()), "unknown-element", None, "/ks:top/w");
}

#[test]
fn references_are_enforced_in_a_tree() {
    let instance = Some("instance-required");
    refused_in(|top| top.llr.push("l".into()), "data-missing", instance, "/ks:top/llr[.='l']");
    let via = how::via::Via { gw: Some("c".into()) };
    let way = How::Via(Box::new(how::Via { via: Some(Box::new(via)) }));
    refused_in(|top| top.how = Some(way), "data-missing", instance, "/ks:top/via/gw");
}

#[test]
fn what_was_kept_goes_into_a_tree_that_knows_it() {
    let xml = "<top xmlns='urn:ks'><type>x</type><big>7</big><what/></top>";
    let read = |xml: &str| kept::ks::Top::from_xml(xml, &Options::KEEP).unwrap();
    let top = read(&xml.replace("<what/>", ""));
    let tree = top.to_tree(yang::schema()).unwrap();
    assert_eq!(Top::from_tree(&tree, &Options::default()).unwrap().big, Some(7));
    for (schema, text, name) in [(kept::schema(), xml.replace("<what/>", ""), "ks:big"), (yang::schema(), xml.into(), "ks:what")] {
        let errors = read(&text).to_tree(schema).unwrap_err();
        assert_eq!(errors.iter().map(|e| &e.tag).collect::<Vec<_>>(), [&ErrorTag::UnknownElement], "{errors:?}");
        assert!(errors[0].message.contains(name), "{errors:?}");
    }
    // By the model of the types it is not valid.
    let violations = read(xml).validate().unwrap_err();
    let unknown = |name: &str| violations.0.iter().any(|v| v.unknown && v.path == format!("/ks:top/{name}"));
    assert!(unknown("ks:big") && unknown("ks:what"), "{violations:?}");
}

#[test]
fn state_is_there_and_is_no_configuration() {
    both_ways(&data(Top { st: Some(Box::new(St { cnt: Some(u64::MAX) })), ..whole() }));
    paths::top().st().check().unwrap();
    let _: netconf_runtime::binding::path::Path<u64, netconf_runtime::binding::path::State> =
        paths::top().st().cnt();
}

#[test]
fn a_deviation_takes_a_leaf_away_and_a_feature_too() {
    let deviated = deviated::ks::Top { fx: Some("f".into()), ..Default::default() };
    ways(&deviated);
    assert!(deviated.to_xml().unwrap().contains("<fx>"));
    let xml = "<top xmlns='urn:ks'><big>1</big></top>";
    assert!(deviated::ks::Top::from_xml(xml, &Options::default()).is_err());
    assert!(Top::from_xml(xml, &Options::default()).is_ok());
    let bare = bare::ks::Top { big: Some(1), ..Default::default() };
    ways(&bare);
    assert!(bare.to_xml().unwrap().contains("<big>"));
    let xml = "<top xmlns='urn:ks'><fx>1</fx></top>";
    assert!(bare::ks::Top::from_xml(xml, &Options::default()).is_err());
    assert!(Top::from_xml(xml, &Options::default()).is_ok());
}

#[test]
fn rpcs_actions_and_notifications() {
    fn types_of<R: Rpc>(_: R, input: R::Input, output: R::Output) -> (String, String) {
        (input.to_xml().unwrap(), output.to_xml().unwrap())
    }
    let opt = [ping::input::Opt { k: "k".into() }].into_iter().collect();
    let input = ping::Input { dest: Some("d".into()), opt, ks_aug__ttl: Some(3) };
    input.validate().unwrap();
    assert!(ping::Input::default().validate().is_err(), "dest is mandatory");
    let (input, output) = types_of(Ping, input, ping::Output { ms: Some(Decimal64::from_units(150)) });
    assert!(input.contains("<dest>d</dest>") && input.contains("urn:ks:aug"), "{input}");
    assert!(output.contains("1.50") || output.contains("1.5<"), "{output}");
    assert!(ping::Output { ms: Some(Decimal64::from_units(20_000)) }.validate().is_err());
    let input = top::reset::Input { delay: Some(5) };
    assert!(input.to_xml().unwrap().contains("<delay>5</delay>"));
    let alarm = Alarm { sev: Some(alarm::Sev::High) };
    ways(&alarm);
    assert_eq!(Alarm::from_xml(&alarm.to_xml().unwrap(), &Options::default()).unwrap(), alarm);
    let changed = top::Changed { why: Some("y".into()) };
    assert!(changed.to_json().unwrap().contains("\"why\":\"y\""));
}

#[test]
fn unknown_nodes_are_refused() {
    let unknown = "<top xmlns='urn:ks'><what/></top>";
    assert!(Top::from_xml(unknown, &Options::default()).is_err());
    assert!(Data::from_json(r#"{"ks:top":{"what":1}}"#, &Options::default()).is_err());
}
