//! Error codes from the model to the violation: what a typed value says, and what the data tree says of the same document, are
//! one and the same; and all codes stand in one registry.

mod yang {
    include!("golden/coded.gen.rs");
}

use netconf_runtime::binding::{Options, Violations, Yang};
use netconf_runtime::yang_data::codec::Limits;
use netconf_runtime::yang_data::error::DataError;
use netconf_runtime::yang_data::tree::{DecodeOptions, Tree};
use netconf_runtime::yang_data::validate::{ValidateOptions, validate};
use netconf_runtime::yang_data::view::View;
use netconf_runtime::yang_data::xml;
use netconf_runtime::yang_schema::{NodeId, Schema};
use std::path::Path;
use std::sync::{Arc, LazyLock};
use yang::coded::{Data, Port};
use yang::codes;

static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let compiled = yang_parser::Compiler::new().search_path(golden).module("coded").compile();
    Arc::new(compiled.schema.expect("the model is good"))
});

/// Of a document: what each side says, as `tag app-tag code path: message`.
fn both(content: &str) -> (Vec<String>, Vec<String>) {
    let text = format!("<port xmlns=\"urn:coded\">{content}</port>");
    let port = Port::from_xml(&text, &Options::default()).expect("the types take it");
    let empty = Tree::new(Arc::clone(&SCHEMA));
    let typed = match port.validate_in(&empty) {
        Ok(()) => Vec::new(),
        Err(Violations(violations)) => violations
            .iter()
            .map(|v| line(v.tag, v.app_tag.as_deref(), v.code, &v.path, &v.message))
            .collect(),
    };
    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
    let read = Tree::decode(&SCHEMA, NodeId::ROOT, &mut source, &DecodeOptions::default());
    let errors = match read {
        Ok(tree) => validate(&View::of(&tree), &ValidateOptions::default()),
        Err(errors) => errors,
    };
    let of = |e: &DataError| line(e.tag.as_str(), e.app_tag.as_deref(), e.code(), &e.path, &e.message);
    (sorted(typed), sorted(errors.iter().map(of).collect()))
}

fn line(tag: &str, app_tag: Option<&str>, code: Option<u64>, path: &str, message: &str) -> String {
    let code = code.map_or("-".to_owned(), |c| c.to_string());
    format!("{tag} {} {code} {path}: {message}", app_tag.unwrap_or("-"))
}

fn sorted(mut lines: Vec<String>) -> Vec<String> {
    lines.sort();
    lines
}

/// What is valid but for what a case adds.
const NAME: &str = "<name>a</name>";
const REST: &str = "<tag>t</tag><up/>";

#[test]
fn a_value_says_the_same_as_the_tree() {
    let whole = |middle: &str| format!("{NAME}{middle}{REST}");
    for (content, expected) in [
        (whole(""), vec![]),
        (
            format!("<name>abcd</name>{REST}"),
            vec!["invalid-value - 1001 /coded:port/name: A short name has 1 to 3 characters."],
        ),
        (
            format!("<name>A</name>{REST}"),
            vec!["invalid-value letters 1002 /coded:port/name: Small letters alone."],
        ),
        (whole("<mtu>9001</mtu>"), vec!["invalid-value mtu-range 100002 /coded:port/mtu: MTU out of range."]),
        (
            whole("<mtu>1500</mtu><speed>0</speed>"),
            vec!["invalid-value - 1006 /coded:port/speed: A port has a speed."],
        ),
        (
            whole("<label></label>"),
            vec!["invalid-value - - /coded:port/label: \"\" is empty, and must not be"],
        ),
        (
            whole("<speed>1</speed>"),
            vec!["operation-failed must-violation 1003 /coded:port: A port with a speed has an MTU."],
        ),
        (REST.to_owned(), vec!["data-missing - 1004 /coded:port/name: mandatory leaf `name` is missing"]),
        (
            whole("<mtu>1500</mtu><peer>x</peer>"),
            vec![
                "data-missing instance-required 1008 /coded:port/peer: \"x\" names nothing that is there (`../queue/id`)",
            ],
        ),
        (
            whole("<peer>x</peer><queue><id>x</id></queue>"),
            vec![
                "unknown-element - 1007 /coded:port/peer: leaf `peer` must not be there: when `../mtu` does not hold",
            ],
        ),
        (
            whole("<queue><id>a</id><weight>1</weight></queue><queue><id>b</id><weight>1</weight></queue>"),
            vec![
                "operation-failed data-not-unique 1009 /coded:port/queue[id='b']: `weight` must be unique in list `queue`, and \"1\" is also in /coded:port/queue[id='a']",
            ],
        ),
        (
            whole(
                "<queue><id>a</id></queue><queue><id>b</id></queue><queue><id>c</id></queue><queue><id>d</id></queue>",
            ),
            vec!["operation-failed too-many-elements 1010 /coded:port/queue: Three queues are enough."],
        ),
        (
            format!("{NAME}<up/>"),
            vec![
                "operation-failed too-few-elements 1011 /coded:port/tag: leaf-list `tag` has 0 entries, at least 1 is demanded",
            ],
        ),
        (
            format!("{NAME}<tag>t</tag>"),
            vec!["data-missing missing-choice 1012 /coded:port: no node of mandatory choice `way` is there"],
        ),
    ] {
        let (typed, tree) = both(&content);
        assert_eq!(tree, expected, "the tree: {content}");
        assert_eq!(typed, expected, "the typed value: {content}");
    }
}

#[test]
fn the_struct_alone_tells_what_it_can() {
    let port = Port { name: Some("abcd".into()), mtu: Some(9001), speed: Some(0), ..Default::default() };
    let Violations(found) = port.validate().expect_err("much is wrong");
    let codes: Vec<Option<u64>> = found.iter().map(|v| v.code).collect();
    assert_eq!(codes, [Some(1001), Some(100_002), Some(1006), Some(1011), Some(1012)]);
    assert_eq!(found[0].seen, "\"abcd\" has 4 characters, at most 3 are allowed");
    assert_eq!(found[1].seen, "9001 is above 9000");
    assert_eq!(found[2].seen, "0 is not allowed here, any other value is");
}

#[test]
fn a_value_goes_into_a_tree_and_back() {
    let port = Port { name: Some("a".into()), tag: vec!["t".into()], ..Default::default() };
    let tree = port.to_tree(&SCHEMA).expect("it fits");
    assert_eq!(Port::from_tree(&tree, &Options::default()), Ok(port.clone()));
    let data = Data { port: Some(Box::new(port)) };
    let whole = data.to_tree(&SCHEMA).expect("it fits");
    assert_eq!(Data::from_tree(&whole, &Options::default()), Ok(data.clone()));
    assert_eq!(Data::from_tree(&tree, &Options::default()), Ok(data));
}

#[test]
fn a_path_puts_the_value_in_its_place() {
    use yang::coded::paths::{self, *};
    use yang::coded::port::Queue;
    let queue = |id: &str, weight| Queue { id: id.into(), weight: Some(weight) };
    let port = Port {
        name: Some("a".into()),
        mtu: Some(1500),
        peer: Some("a".into()),
        queue: [queue("a", 1)].into(),
        tag: vec!["t".into()],
        way: Some(yang::coded::port::Way::Up(netconf_runtime::binding::Empty)),
        ..Default::default()
    };
    let tree = port.to_tree(&SCHEMA).expect("it fits");
    assert_eq!(port.validate_in(&tree), Ok(()));
    let path = paths::port().queue("b");
    assert_eq!(path.validate_in(&queue("b", 2), &tree), Ok(()));
    let Violations(found) = path.validate_in(&queue("b", 1), &tree).expect_err("the weight is taken");
    assert_eq!(found.iter().map(|v| v.code).collect::<Vec<_>>(), [Some(codes::CODE_1009)]);
    // What refers to the value from elsewhere is told, too.
    let without = Port { queue: [queue("z", 1)].into(), ..port };
    let Violations(found) = without.validate_in(&tree).expect_err("peer names a queue that is gone");
    assert_eq!(found.iter().map(|v| v.code).collect::<Vec<_>>(), [Some(codes::CODE_1008)]);
}

#[test]
fn the_registry_has_all() {
    let numbers: Vec<u64> = codes::ALL.iter().map(|c| c.number).collect();
    assert_eq!(
        numbers,
        [1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, codes::CODE_100002]
    );
    let of = |n: u64| codes::ALL.iter().find(|c| c.number == n).expect("it is there");
    assert_eq!(of(1001).message, Some("A short name has 1 to 3 characters."));
    // A typedef's code is that of all its uses.
    assert_eq!(
        of(1001).places,
        [("/coded:port/name", "`length \"1..3\"`"), ("/coded:port/alias", "`length \"1..3\"`")]
    );
    assert_eq!(of(1003).places, [("/coded:port", "`must \"not(speed) or mtu\"`")]);
}
