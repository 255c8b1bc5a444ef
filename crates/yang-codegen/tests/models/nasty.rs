//! The model of hard names, generated and compiled. Compiled by `tests/models.rs` in a crate of its own.

#![deny(warnings)]

mod yang {
    include!("../src/nasty/yang.gen.rs");
}
/// The same, one file for each module, with unknown nodes kept.
#[path = "../src/nasty_files/yang.gen.rs"]
mod files;

use netconf_runtime::binding::{Binary, Decimal64, Empty, List, Options, Yang};
use yang::_nasty__hb__d2_x__m as other;
use yang::nasty::chosen::chosen::chosen::{Inner, inner};
use yang::nasty::chosen::{Chosen as Choice, chosen};
use yang::nasty::identities::Same;
use yang::nasty::keyed::{ByBinary, ByBits, ByDecimal, ByEmpty, ByIdentity, ByLeafref, ByUnion, by_bits, by_empty, by_union};
use yang::nasty::names::{Loop, Union};
use yang::nasty::{Chosen, Keyed, Names, names, types};

fn both_ways<T: Yang + PartialEq + std::fmt::Debug>(value: &T) {
    let options = Options::default();
    let (xml, json) = (value.to_xml().unwrap(), value.to_json().unwrap());
    assert_eq!(&T::from_xml(&xml, &options).unwrap(), value, "{xml}");
    assert_eq!(&T::from_json(&json, &options).unwrap(), value, "{json}");
}

#[test]
fn names_that_could_meet_are_apart() {
    let all = Names {
        names: Some("leaf".into()),
        nasty_aug__names: Some("augment".into()),
        self_: Some(String::new()),
        nasty_aug__self: Some(String::new()),
        crate_: Some(42),
        super_: Some(-4),
        _Self: Some(-1),
        r#type: Some(Decimal64::from_units(i64::MIN)),
        unknown: Some("a".into()),
        _unknown__u: Some("b".into()),
        ..Default::default()
    };
    all.validate().unwrap();
    both_ways(&all);
    assert!(all.to_xml().unwrap().contains("-9.223372036854775808"));
    both_ways(&Names {
        _fooBar: Some(Box::new(names::_fooBar {
            _fooBar: Some(Box::new(names::_fooBar__m::_fooBar { _fooBar: Some("in".into()) })),
            x: Some(names::_fooBar__m::X::X),
            nasty_aug__x: Some("augment".into()),
        })),
        _nasty__haug__cfooBar: Some(Box::new(names::_nasty__haug__cfooBar { x: Some("other".into()) })),
        ..Default::default()
    });
}

#[test]
fn ranges_with_gaps() {
    for (value, valid) in [(9, false), (10, true), (20, true), (21, false), (42, true), (43, false)] {
        assert_eq!(Names { crate_: Some(value), ..Default::default() }.validate().is_ok(), valid, "{value}");
    }
    for (value, valid) in [(i64::MIN, true), (-5, true), (-4, true), (-3, false), (-1, false), (0, true)] {
        assert_eq!(Names { super_: Some(value), ..Default::default() }.validate().is_ok(), valid, "{value}");
    }
    assert!(Names { self_: Some("x".into()), ..Default::default() }.validate().is_err());
}

#[test]
fn enums_of_any_text() {
    for name in ["inner  space", "ünïcödé", "-1", "a b", "a-b", "a_b", "A-B", "self", "Self", "\"quoted\\", "{}", "😀", "//"] {
        let value: types::Data_ = name.parse().unwrap();
        assert_eq!(value.name(), name);
        both_ways(&Names { r#enum: Some(value), ..Default::default() });
    }
    assert_eq!("//".parse::<types::Data_>().unwrap().value(), Some(i32::MIN));
    assert_eq!("last".parse::<types::Data_>().unwrap().value(), Some(i32::MAX));
}

#[test]
fn unions_in_unions() {
    let read = |text: &str| {
        let xml = format!("<names xmlns='urn:example:nasty' xmlns:b=\"urn:example:nasty:b?x=1&amp;y='2'\">{text}</names>");
        Names::from_xml(&xml, &Options::default()).unwrap()
    };
    let union = |text: &str| read(&format!("<union>{text}</union>")).union.unwrap();
    assert_eq!(union("42"), Union::Leafref(42));
    assert_eq!(union("b:type"), Union::SameType(other::types::SameType::Identityref(other::identities::Same::r#type)));
    assert_eq!(union("same"), Union::SameType(other::types::SameType::Same(other::types::Same::Same)));
    assert!(matches!(union("a b"), Union::Data(_)));
    assert!(matches!(union("one self"), Union::Bits(bits) if bits.one && bits.self_));
    for value in ["42", "b:type", "same", "a b", "one self"] {
        both_ways(&Names { union: Some(union(value)), ..Default::default() });
    }
    let names = read("<loop>1</loop><loop>x</loop><loop>300</loop>");
    assert_eq!(names.r#loop, [Loop::Int8(1), Loop::String("x".into()), Loop::String("300".into())]);
    both_ways(&names);
}

#[test]
fn identities_and_features_of_one_name() {
    let with = |identity| Names { identity: Some(identity), ..Default::default() };
    for identity in [Same::r#type, Same::self_, Same::name, Same::KNOWN, Same::both, Same::nasty_aug__type] {
        both_ways(&with(identity));
    }
    assert!(with(Same::r#type).to_json().unwrap().contains("\"nasty:type\""));
    assert!(with(Same::nasty_aug__type).to_json().unwrap().contains("\"nasty-aug:type\""));
    let two = |base| Names { two_bases: Some(base), ..Default::default() };
    both_ways(&two(names::TwoBases::both));
    both_ways(&two(names::TwoBases::nasty_aug__type));
    let one_base = r#"{"nasty:names":{"two-bases":"nasty:type"}}"#;
    assert!(yang::nasty::Data::from_json(one_base, &Options::default()).is_err());
}

#[test]
fn lists_keyed_by_every_type() {
    let bits = |a, b| ByBits { k: by_bits::K { a, b } };
    let keyed = Keyed {
        by_union: List::from([
            ByUnion { k: by_union::K::Uint8(7), l: by_union::L::Leafref(by_bits::K { a: true, b: false }) },
            ByUnion { k: by_union::K::Enumeration(by_union::k::Enumeration::Auto), l: by_union::L::String("x".into()) },
        ]),
        by_bits: List::from([bits(true, false), bits(false, true), bits(false, false)]),
        by_empty: List::from([
            ByEmpty { k: Empty, e: by_empty::E::X },
            ByEmpty { k: Empty, e: by_empty::E::_X },
        ]),
        by_identity: List::from([ByIdentity { k: Same::self_, v: None }]),
        by_leafref: List::from([ByLeafref { k: Same::nasty_aug__type }]),
        by_decimal: List::from([ByDecimal { k: Decimal64::from_units(-1) }]),
        by_binary: List::from([ByBinary { k: Binary::from(vec![1, 2]) }]),
        ..Default::default()
    };
    keyed.validate().unwrap();
    both_ways(&keyed);
    assert!(keyed.by_bits.get(&by_bits::K { a: false, b: true }).is_some());
    assert!(keyed.by_empty.get(&(Empty, by_empty::E::_X)).is_some());
}

#[test]
fn choices_in_cases_of_one_name() {
    let one = chosen::Chosen {
        inner: Some(Inner::Chosen(Box::new(inner::Chosen { one: Some("1".into()) }))),
        four: Some("4".into()),
        nasty_aug__four: Some("augment".into()),
    };
    let five = [chosen::Five { k: "k".into() }].into_iter().collect();
    for choice in [
        Choice::Chosen(Box::new(one)),
        Choice::Five(five),
        Choice::NastyAug__Five(Box::new(chosen::NastyAug__Five { k: Some("k".into()) })),
        Choice::Eight(chosen::Eight::Eight),
        Choice::NastyAug__Eight(Box::new(chosen::NastyAug__Eight { augmented: Some("a".into()) })),
        Choice::NastyAug__Nine(other::types::Same::Same),
    ] {
        let chosen = Chosen { chosen: Some(choice), ..Default::default() };
        chosen.validate().unwrap();
        both_ways(&chosen);
    }
    assert!(Chosen::default().validate().is_err(), "one of the cases is mandatory");
}

#[test]
fn a_shared_struct_has_a_name_at_each_place() {
    use yang::nasty::{same, type_changed, uses_five, uses_one, uses_three};
    // What is refined in one place is another struct; what is below it is the same.
    let below: uses_one::shared::C = uses_three::shared::C { d: "d".into(), e: None };
    let shared = uses_one::Shared { c: [below].into_iter().collect(), ..Default::default() };
    both_ways(&yang::nasty::UsesOne { shared: Some(Box::new(shared)) });
    both_ways(&uses_five::Shared { g: Some("g".into()), ..Default::default() });
    let _: fn(same::output::Shared) -> type_changed::Shared = |shared| shared;
    let default = |table: &'static netconf_runtime::binding::Table| table.field(None, "b").unwrap().detail.defaults;
    assert_eq!(default(<uses_one::Shared as netconf_runtime::binding::HasTable>::table()), ["one"]);
    assert_eq!(default(<uses_three::Shared as netconf_runtime::binding::HasTable>::table()), ["two"]);
}

#[test]
fn what_the_model_does_not_know_is_kept() {
    use netconf_runtime::binding::Unknowns;
    let options = Options { unknown: Unknowns::Keep, ..Options::default() };
    let xml = "<names xmlns='urn:example:nasty'><names>n</names><new>x</new><enum>newer</enum></names>";
    let names = files::nasty::Names::from_xml(xml, &options).unwrap();
    let again = names.to_xml().unwrap();
    assert!(again.contains("<new>x</new>") && again.contains("newer"), "{again}");
    assert!(Names::from_xml(xml, &Options::default()).is_err());
}

#[test]
fn paths_to_all_of_it() {
    use yang::nasty::paths::{self, *};
    paths::names().crate_().check().unwrap();
    paths::names().nasty_aug__names().check().unwrap();
    paths::keyed().by_bits(by_bits::K { a: true, b: false }).k().check().unwrap();
    paths::keyed().by_identity(Same::name).v().check().unwrap();
    paths::chosen().one().check().unwrap();
    paths::uses_three().shared().c("d").e().f().check().unwrap();
    paths::data().data().check().unwrap();
}
