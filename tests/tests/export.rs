//! The module that structs describe, compiled again: the generator makes of it what people wrote by hand.

#![allow(
    clippy::needless_update,
    reason = "written as users are told to: a node more in the model changes nothing here"
)]

#[path = "export/model.rs"]
#[allow(dead_code, unreachable_pub, reason = "a model")]
mod model;

/// What the generator makes of the exported text; `export_golden.rs` holds it so.
mod generated {
    #![allow(deprecated, reason = "the model has deprecated nodes")]
    include!("export/exported.gen.rs");
}

use model::{Data, Overheated, PingInput, PingOutput, RestartInput, Top};
use std::sync::Arc;
use yang_data::binding::{Field, HasTable, Kind, List, Module, Options, Table, Violations, Yang, YangModule};
use yang_schema::Schema;

fn text() -> String {
    Data::yang_module().expect("YANG can say it")
}

fn schema(text: &str) -> Schema {
    let compiled = yang_parser::Compiler::new().source("exported", text).compile();
    let told: Vec<String> =
        compiled.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
    assert_eq!(told, Vec::<String>::new(), "{text}");
    compiled.schema.expect("it compiles")
}

/// A table with all below it, as far as data can tell: names of Rust and what is only a record are left out.
fn shown(table: &Table, around: Module, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let module = table.module.unwrap_or(around);
    let uniques: Vec<_> = table.uniques.iter().map(|u| (u.leaves, u.info)).collect();
    let musts: Vec<_> = table.musts.iter().map(|m| (plain(m.xpath), m.info)).collect();
    out.push_str(&format!(
        "{pad}{:?} {} {} keys {:?} uniques {uniques:?} user {} musts {musts:?}\n",
        table.kind, module.name, table.name, table.keys, table.user_ordered
    ));
    for field in table.fields {
        one(field, module, depth + 1, out);
    }
}

/// Prefixes that say nothing: the generator writes none where the module is that of the node.
fn plain(xpath: &str) -> String {
    xpath.replace("exported:name", "name")
}

fn one(field: &Field, module: Module, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let d = field.detail;
    let range = |b: &Option<yang_data::binding::Bounds>| b.as_ref().map(|b| (b.parts, b.info));
    let patterns: Vec<_> = d.patterns.iter().map(|p| (p.text, p.inverted, p.info)).collect();
    let conditions =
        |c: &[yang_data::binding::Condition]| c.iter().map(|c| (plain(c.xpath), c.info)).collect::<Vec<_>>();
    out.push_str(&format!(
        "{pad}{:?} {} {} config {} mandatory {:?} nonzero {:?} min {:?} max {:?} range {:?} length {:?} patterns {patterns:?} \
         musts {:?} whens {:?} defaults {:?} units {:?} status {:?} presence {:?} features {:?} user {} leafref {:?} require {} \
         info {:?}\n",
        field.kind,
        field.module.unwrap_or(module).name,
        field.name,
        d.config,
        d.mandatory,
        d.nonzero,
        d.min_elements,
        d.max_elements,
        range(&d.range),
        range(&d.length),
        conditions(d.musts),
        conditions(d.whens),
        d.defaults,
        d.units,
        d.status,
        d.presence,
        d.if_features,
        d.user_ordered,
        d.leafref,
        d.require_instance,
        d.info,
    ));
    if let Some(child) = field.child {
        shown(child(), field.module.unwrap_or(module), depth + 1, out);
    }
}

fn table<T: HasTable>() -> String {
    let mut out = String::new();
    shown(T::table(), model::M, 0, &mut out);
    out
}

#[test]
fn the_tables_are_the_same() {
    use generated::exported as g;
    for (hand, made) in [
        (table::<Data>(), table::<g::Data>()),
        (table::<PingInput>(), table::<g::ping::Input>()),
        (table::<PingOutput>(), table::<g::ping::Output>()),
        (table::<Overheated>(), table::<g::Overheated>()),
        (table::<RestartInput>(), table::<g::top::entry::restart::Input>()),
    ] {
        for (h, m) in hand.lines().zip(made.lines()) {
            // The name of an input's struct is its own.
            if !h.starts_with("Input") && !h.starts_with("Output") {
                assert_eq!(h, m);
            }
        }
        assert_eq!(hand.lines().count(), made.lines().count());
    }
    assert!(table::<Data>().lines().count() > 40, "all of the model is compared");
}

fn full() -> Top {
    Top {
        r#type: Some("x".into()),
        name: Some("ab1".into()),
        mtu: Some(1500),
        speed: Some(-1),
        share: Some(yang_data::binding::Decimal64::from_units(1234)),
        bytes: Some(yang_data::binding::Binary(vec![1, 2, 3, 4])),
        on: Some(yang_data::binding::Empty),
        flag: Some(true),
        level: Some(model::Level::TwoWords),
        options: Some(model::Options { a: true, b_c: true }),
        either: Some(model::Either::String("abc".into())),
        kind: Some(model::Kind::RADIO),
        chosen: Some("e".into()),
        tag: vec!["b".into(), "a".into()],
        entry: [model::Entry { id: "e".into(), port: Some(1), ..Default::default() }].into(),
        way: Some(model::Way::Direct(model::WayDirect { gate: Some(4), ..Default::default() })),
        ..Default::default()
    }
}

#[test]
fn a_value_goes_from_hand_to_generated_and_through_a_tree() {
    let top = full();
    assert_eq!(top.validate(), Ok(()));
    let xml = top.to_xml().expect("it can be said");
    let made = generated::exported::Top::from_xml(&xml, &Options::default()).expect("it is the same module");
    assert_eq!(made.validate(), Ok(()));
    assert_eq!(made.to_xml().as_deref(), Ok(&*xml));
    let json = top.to_json().expect("it can be said");
    assert_eq!(Top::from_json(&json, &Options::default()), Ok(full()));

    let schema = Arc::new(schema(&text()));
    let tree = top.to_tree(&schema).expect("it fits the schema");
    assert_eq!(Top::from_tree(&tree, &Options::default()), Ok(full()));
    assert_eq!(top.validate_in(&tree), Ok(()));
    let broken = Top { set: Some(Box::new(model::Set { value: Some(1) })), mtu: None, ..full() };
    assert_eq!(broken.validate_in(&tree), Ok(()), "the default of `mtu` is in use");
}

/// RFC 7951 through serde_json: of the struct with its name around it as `to_json`, and of each type of leaves by itself.
#[test]
fn serde_json_reads_what_it_writes() {
    use generated::exported as g;
    fn round<T: serde::Serialize + serde::de::DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
        let text = serde_json::to_string(value).expect("serde writes it");
        let read: T = serde_json::from_str(&text).expect("serde reads it");
        assert_eq!(&read, value, "{text}");
        let tree = serde_json::to_value(value).expect("serde makes a value");
        assert_eq!(&serde_json::from_value::<T>(tree).expect("serde takes the value"), value, "{text}");
    }
    let xml = full().to_xml().expect("it can be said");
    let top = g::Top::from_xml(&xml, &Options::default()).expect("it is the same module");
    round(&top);
    round(&g::Data { top: Some(Box::new(top.clone())), ..Default::default() });
    top.entry.iter().for_each(round);
    round(&g::ping::Input { host: Some("h".into()), count: Some(2), ..Default::default() });
    round(&g::ping::Output { millis: Some(1), ..Default::default() });
    round(&g::Overheated {
        celsius: Some(yang_data::binding::Decimal64::from_units(905)),
        ..Default::default()
    });
    round(&g::top::entry::restart::Input { hard: Some(true), ..Default::default() });
    round(&top.level);
    round(&top.options);
    round(&top.either);
    round(&top.kind);
    round(&top.share);
    round(&top.bytes);
    round(&top.on);
}

#[test]
fn what_yang_cannot_say_is_refused() {
    #[derive(Default, netconf_derive::Yang)]
    #[yang(root, module = model::M, crate = ::yang_data)]
    struct Foreign {
        #[yang(leaf, module = Module::new("other", "urn:other"))]
        a: Option<u8>,
    }
    let error = Foreign::yang_module().expect_err("the node is of another module");
    assert_eq!(error.to_string(), "/a: it is of module `other`, whose text it belongs into");

    #[derive(Default, netconf_derive::Yang)]
    #[yang(root, module = model::M, crate = ::yang_data)]
    struct Tagged {
        #[yang(leaf, mandatory(error_app_tag = "x"))]
        a: Option<u8>,
    }
    let error = Tagged::yang_module().expect_err("mandatory has no error-app-tag");
    assert_eq!(error.to_string(), "/a: YANG has no place for the `error_app_tag` of this constraint");

    #[derive(Default, netconf_derive::Yang)]
    #[yang(root, module = model::M, crate = ::yang_data)]
    struct Twice {
        #[yang(leaf, code = 5)]
        a: Option<u8>,
        #[yang(leaf, code = 5)]
        b: Option<u8>,
    }
    let error = Twice::yang_module().expect_err("a code stands once");
    assert_eq!(error.to_string(), "/b: the code 5 stands at /a, too");
}

#[test]
fn an_input_is_held_against_the_data_of_the_server() {
    use yang_data::binding::Rpc as _;
    let schema = Arc::new(schema(&text()));
    let tree = yang_data::tree::Tree::new(Arc::clone(&schema));
    let good = PingInput { host: Some("h".into()), ..Default::default() };
    assert_eq!(model::Ping::validate_input(&good, &tree), Ok(()));
    let bad = PingInput { count: Some(11), ..Default::default() };
    let Violations(found) = model::Ping::validate_input(&bad, &tree).expect_err("11 pings are too many");
    assert_eq!(found[0].seen, "11 is above 10");
    let Violations(found) =
        model::Ping::validate_output(&PingOutput::default(), &tree).expect_err("it says nothing");
    assert_eq!((found[0].tag, &*found[0].path), ("missing-element", "/exported:ping/millis"));
    let _ = (Kind::Input, List::<model::Entry>::new());
}
