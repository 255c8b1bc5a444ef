//! What the derive gives: encoding, decoding, validation, comparison, over a model with every construct.

mod model;

use model::*;
use yang_data::binding::path::{Config, Insert, Path, State, key};
use yang_data::binding::{
    Binary, Decimal64, Empty, InstanceIdentifier, List, Metadata, Notification, Options, Rpc, Yang,
};
use yang_data::codec::{CodecErrorKind, Limits};
use yang_data::xml;

fn one(name: &str, ip: &str) -> One {
    One { name: name.into(), ip: Some(ip.into()), ..Default::default() }
}

fn full() -> Top {
    Top {
        r#type: Some("x & <y>".into()),
        foo_bar: Some("a".into()),
        _foo_bar: Some("".into()),
        u: Some(U::Enumeration(UEnumeration::Any)),
        tr: Some(Transport::AUG_TCP),
        en: Some(En::TenGbs),
        bt: Some(Bt { b: true, c_d: true, ..Default::default() }),
        d: Some(Decimal64::from_units(314)),
        e: Some(Empty),
        bin: Some(Binary(vec![1, 2, 255])),
        iid: InstanceIdentifier::new("/sink:top/two[k1='a'][k2='1']/v", MODULES).ok(),
        big: Some(u64::MAX),
        ll: vec![3, -1, 2],
        llr: vec!["a".into()],
        one: [one("b", "1"), one("a", "2")].into(),
        two: [Two { k1: "a".into(), k2: 1, v: Some("v".into()) }].into(),
        none: vec![NoKey { a: Some("1".into()) }, NoKey { a: Some("1".into()) }],
        how: Some(How::Direct(HowDirect {
            mtu: Some(1500),
            inner: Some(Inner::Right(vec![1, 2])),
            ..Default::default()
        })),
        st: Some(Box::new(St { cnt: Some(7) })),
        sink_aug__extra: Some("more".into()),
        ..Default::default()
    }
}

const XML: &str = concat!(
    "<top xmlns=\"urn:sink\"><type>x &amp; &lt;y&gt;</type><foo-bar>a</foo-bar><foo_bar/><u>any</u>",
    "<tr xmlns:sink-aug=\"urn:sink:aug\">sink-aug:tcp</tr><en>10-Gb/s</en><bt>c-d b</bt><d>3.14</d><e/>",
    "<bin>AQL/</bin>",
    "<iid xmlns:sink=\"urn:sink\">/sink:top/sink:two[sink:k1='a'][sink:k2='1']/sink:v</iid>",
    "<big>18446744073709551615</big><ll>3</ll><ll>-1</ll><ll>2</ll><llr>a</llr>",
    "<one><name>b</name><ip>1</ip></one><one><name>a</name><ip>2</ip></one>",
    "<two><k1>a</k1><k2>1</k2><v>v</v></two><none><a>1</a></none><none><a>1</a></none>",
    "<mtu>1500</mtu><right>1</right><right>2</right><st><cnt>7</cnt></st>",
    "<extra xmlns=\"urn:sink:aug\">more</extra></top>"
);

const JSON: &str = concat!(
    r#"{"sink:top":{"type":"x & <y>","foo-bar":"a","foo_bar":"","u":"any","tr":"sink-aug:tcp","#,
    r#""en":"10-Gb/s","bt":"c-d b","d":"3.14","e":[null],"bin":"AQL/","#,
    r#""iid":"/sink:top/two[k1='a'][k2='1']/v","big":"18446744073709551615","ll":[3,-1,2],"llr":["a"],"#,
    r#""one":[{"name":"b","ip":"1"},{"name":"a","ip":"2"}],"two":[{"k1":"a","k2":1,"v":"v"}],"#,
    r#""none":[{"a":"1"},{"a":"1"}],"mtu":1500,"right":[1,2],"st":{"cnt":"7"},"sink-aug:extra":"more"}}"#
);

#[test]
fn xml_both_ways() {
    assert_eq!(full().to_xml().as_deref(), Ok(XML));
    assert_eq!(Top::from_xml(XML, &Options::default()), Ok(full()));
}

#[test]
fn json_both_ways() {
    assert_eq!(full().to_json().as_deref(), Ok(JSON));
    assert_eq!(Top::from_json(JSON, &Options::default()), Ok(full()));
}

#[test]
fn a_copy_is_equal_and_a_change_is_seen() {
    let top = full();
    let mut copy = top.clone();
    assert_eq!(copy, top);
    if let Some(How::Direct(direct)) = &mut copy.how {
        direct.mtu = Some(1501);
    }
    assert_ne!(copy, top);
}

#[test]
fn a_container_without_presence_is_the_same_empty_or_absent() {
    let absent = Top::default();
    let empty = Top { st: Some(Box::default()), ..Default::default() };
    assert_eq!(absent, empty);
    assert_ne!(Data::default(), Data { top: Some(Box::default()) });
}

#[test]
fn lists_compare_by_key_unless_users_order_them() {
    let two = |k1: &str| Two { k1: k1.into(), ..Default::default() };
    assert_eq!(List::from([two("a"), two("b")]), List::from([two("b"), two("a")]));
    assert_ne!(List::from([one("a", "1"), one("b", "2")]), List::from([one("b", "2"), one("a", "1")]));
}

#[test]
fn debug_shows_what_is_there() {
    let top = Top { r#type: Some("x".into()), how: Some(How::Shortcut(Empty)), ..Default::default() };
    assert_eq!(format!("{top:?}"), r#"Top { type: "x", how: Shortcut(Empty), .. }"#);
}

#[test]
fn all_violations_are_told_at_once() {
    let mut top = Top {
        u: Some(U::Uint8(11)),
        d: Some(Decimal64::from_units(10_001)),
        bin: Some(Binary(vec![0; 9])),
        ll: vec![1, 2, 3, 2, 5],
        one: [one("a", "1"), one("b", "1")].into(),
        how: Some(How::Direct(HowDirect { mtu: Some(9001), ..Default::default() })),
        ..Default::default()
    };
    top.one.insert(One {
        name: "c".into(),
        host: Some("A_B".into()),
        port: Some(1500),
        ..Default::default()
    });
    let violations = top.validate().expect_err("there are some").0;
    let told: Vec<String> = violations
        .iter()
        .map(|v| {
            format!(
                "{} {} {} {} | {} | {}",
                v.tag,
                v.app_tag.as_deref().unwrap_or("-"),
                v.code.map_or("-".to_owned(), |c| c.to_string()),
                v.path,
                v.message,
                v.seen
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "data-missing - - /sink:top/type | mandatory leaf `type` is missing | mandatory leaf `type` is missing",
            "invalid-value - - /sink:top/u | 11 is above 10 | 11 is above 10",
            "invalid-value - - /sink:top/d | 100.01 is above 100.0 | 100.01 is above 100.0",
            "invalid-value - - /sink:top/bin | \"AAAAAAAAAAAA\" has 9 octets, at most 8 are allowed | \"AAAAAAAAAAAA\" has 9 octets, at most 8 are allowed",
            "operation-failed too-many-elements 9 /sink:top/ll | leaf-list `ll` has 5 entries, at most 4 are allowed | leaf-list `ll` has 5 entries, at most 4 are allowed",
            "operation-failed - - /sink:top/ll | \"2\" stands there already | \"2\" stands there already",
            "invalid-value - - /sink:top/one[name='c']/host | no host | \"A_B\" does not match the pattern [a-z0-9.-]+",
            "invalid-value - - /sink:top/one[name='c']/port | 1500 is in no part of 1..1023 | 2000..65535 | 1500 is in no part of 1..1023 | 2000..65535",
            "operation-failed data-not-unique 3 /sink:top/one[name='b'] | `ip` must be unique in list `one`, and \"1\" is also in /sink:top/one[name='a'] | `ip` must be unique in list `one`, and \"1\" is also in /sink:top/one[name='a']",
            "invalid-value mtu-range 100002 /sink:top/mtu | MTU out of range | 9001 is above 9000",
        ]
    );
}

#[test]
fn a_valid_struct_has_no_violations() {
    assert_eq!(full().validate(), Ok(()));
}

#[test]
fn what_is_mandatory_in_an_absent_choice_or_input_is_missing() {
    let top = Top { r#type: Some("x".into()), ll: vec![1], ..Default::default() };
    let violations = top.validate().expect_err("the choice is mandatory").0;
    assert_eq!(violations.len(), 1);
    assert_eq!(violations[0].app_tag.as_deref(), Some("missing-choice"));
    assert_eq!(violations[0].path, "/sink:top");
    let input = PingInput::default().validate().expect_err("dest is mandatory").0;
    assert_eq!(input[0].code, Some(7));
}

#[test]
fn union_members_are_tried_in_order() {
    let read = |json: &str| {
        Top::from_json(&format!(r#"{{"sink:top":{{"u":{json}}}}}"#), &Options::default()).map(|t| t.u)
    };
    assert_eq!(read("7"), Ok(Some(U::Uint8(7))));
    // RFC 7951 section 6.10: a string is no uint8.
    assert!(read("\"7\"").is_err());
    assert_eq!(read("\"auto\""), Ok(Some(U::Enumeration(UEnumeration::Auto))));
    assert_eq!(read("\"abc\""), Ok(Some(U::String("abc".into()))));
    assert!(read("11").is_err());
}

#[test]
fn what_is_not_known_is_rejected_or_kept() {
    let xml = concat!(
        "<top xmlns=\"urn:sink\"><en>two</en><bt>b zz</bt><new xmlns=\"urn:new\" xmlns:n=\"urn:n\" n:at=\"1\">",
        "<a>n:x</a>text</new><type>t</type></top>"
    );
    let error = Top::from_xml(xml, &Options::default()).expect_err("en is unknown");
    assert_eq!(error.kind, CodecErrorKind::InvalidValue);
    assert_eq!(error.path.as_deref(), Some("/top/en"));
    let kept = Top::from_xml(xml, &Options::KEEP).expect("all is kept");
    assert_eq!(kept.en, Some(En::Unknown("two".into())));
    assert_eq!(kept.r#type.as_deref(), Some("t"));
    assert_eq!(
        kept.to_xml().as_deref(),
        Ok(concat!(
            "<top xmlns=\"urn:sink\"><type>t</type><en>two</en><bt>b zz</bt>",
            "<new xmlns=\"urn:new\" xmlns:ns=\"urn:n\" ns:at=\"1\"><a xmlns:n=\"urn:n\">n:x</a>text</new></top>"
        ))
    );
    let json = r#"{"sink:top":{"type":"t","new:node":[{"a":1,"b":[true,null]},{}]}}"#;
    let kept = Top::from_json(json, &Options::KEEP).expect("all is kept");
    assert_eq!(kept.to_json().as_deref(), Ok(json));
    let error = Top::from_json(json, &Options::default()).expect_err("node is unknown");
    assert_eq!(
        (error.kind, error.position.line, error.position.column),
        (CodecErrorKind::UnknownNode, 1, 37)
    );
}

/// RFC 7952: a struct holds data; what is said about the data is passed over, or refused.
#[test]
fn metadata_is_passed_over_or_refused() {
    let reject = Options { metadata: Metadata::Reject, ..Options::default() };
    for xml in [
        r#"<top xmlns="urn:sink" xmlns:m="urn:m" m:etag="1"><type>t</type></top>"#,
        r#"<top xmlns="urn:sink" xmlns:m="urn:m"><type m:etag="1">t</type></top>"#,
        r#"<top xmlns="urn:sink" xmlns:m="urn:m"><type>t</type><one m:etag="1"><name>a</name></one></top>"#,
    ] {
        let read = Top::from_xml(xml, &Options::default()).expect("it is passed over");
        assert_eq!(read.r#type.as_deref(), Some("t"));
        let error = Top::from_xml(xml, &reject).expect_err("it is refused");
        assert_eq!(error.kind, CodecErrorKind::UnknownAttribute, "{error}");
    }
    let json = r#"{"sink:top":{"@":{"m:etag":"1"},"type":"t","@type":{"m:etag":"2"}}}"#;
    assert_eq!(Top::from_json(json, &Options::default()).map(|t| t.r#type), Ok(Some("t".into())));
    let error = Top::from_json(json, &reject).expect_err("it is refused");
    assert_eq!(error.kind, CodecErrorKind::UnknownAttribute, "{error}");
}

#[test]
fn decoding_is_strict() {
    use CodecErrorKind::{Duplicate, InvalidValue, MissingKey, UnknownNode};
    for (inside, kind) in [
        ("<type>a</type><type>b</type>", Duplicate),
        ("<ip>1</ip><shortcut/>", Duplicate),
        ("<one><ip>1</ip></one>", MissingKey),
        ("<one><name>a</name></one><one><name>a</name></one>", Duplicate),
        ("<big>-1</big>", InvalidValue),
        ("<big>0x10</big>", InvalidValue),
        ("<d>1.005</d>", InvalidValue),
        ("<type><x/></type>", InvalidValue),
        ("<extra>in the wrong namespace</extra>", UnknownNode),
        ("text", InvalidValue),
        ("<e>x</e>", InvalidValue),
        ("<tr>tcp</tr>", InvalidValue),
        ("<left>1</left><right>1</right>", Duplicate),
    ] {
        let xml = format!("<top xmlns=\"urn:sink\">{inside}</top>");
        let error = Top::from_xml(&xml, &Options::default()).expect_err(inside);
        assert_eq!(error.kind, kind, "{inside}: {error}");
    }
    for json in [
        r#"{"top":{}}"#,
        r#"{"sink:top":{"type":["a"]}}"#,
        r#"{"sink:top":{"ll":1}}"#,
        r#"{"sink:top":{"one":{"name":"a"}}}"#,
        r#"{"sink:top":{"big":1}}"#,
        r#"{"sink:top":{"extra":"x"}}"#,
        r#"{"sink:top":{"e":null}}"#,
        r#"{"sink:top":{"type":null}}"#,
    ] {
        assert!(Top::from_json(json, &Options::default()).is_err(), "{json}");
    }
}

#[test]
fn anydata_and_anyxml_are_carried() {
    let xml = "<top xmlns=\"urn:sink\"><ad><x xmlns=\"urn:x\"><y>1</y></x></ad><ax a=\"b\">mixed <b>up</b> text</ax></top>";
    let top = Top::from_xml(xml, &Options::default()).expect("it is read");
    // The attribute of the anyxml node itself is metadata, which typed structs do not hold.
    assert_eq!(top.to_xml().as_deref(), Ok(xml.replace(" a=\"b\"", "").as_str()));
    assert_eq!(top.to_json().map_err(|e| e.kind), Err(CodecErrorKind::UnknownNamespace));
    let json = r#"{"sink:top":{"ad":{"x:a":{"b":[1,2],"c":"z"}},"ax":12}}"#;
    let top = Top::from_json(json, &Options::default()).expect("it is read");
    assert_eq!(top.to_json().as_deref(), Ok(json));
}

#[test]
fn a_root_passes_over_the_data_of_other_modules() {
    let xml = "<other xmlns=\"urn:other\"><a/></other><top xmlns=\"urn:sink\"><type>a</type></top>";
    let document = format!("<data>{xml}</data>");
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(matches!(yang_data::event::Source::next(&mut source), Ok(yang_data::event::Event::Open { .. })));
    let data = Data::decode(&mut source, &Options::default()).expect("it is read");
    assert_eq!(data.top.and_then(|t| t.r#type).as_deref(), Some("a"));
}

#[test]
fn lists_are_edited_in_order() {
    use yang_data::binding::Position;
    let mut list: List<One> = ["a", "b", "c"].map(|n| one(n, n)).into();
    let names = |list: &List<One>| list.iter().map(|e| e.name.clone()).collect::<String>();
    assert_eq!(list.insert_at(one("d", "d"), Position::Before(&"b".to_owned())), Ok(None));
    assert_eq!(names(&list), "adbc");
    assert!(list.insert_at(one("a", "new"), Position::Last).is_ok_and(|old| old.is_some()));
    assert_eq!(names(&list), "dbca");
    assert_eq!(list.get("a").and_then(|e| e.ip.as_deref()), Some("new"));
    assert!(list.remove("b").is_some());
    assert!(list.insert_at(one("x", "x"), Position::After(&"b".to_owned())).is_err());
    assert!(list.insert_at(one("x", "x"), Position::After(&"d".to_owned())).is_ok());
    assert_eq!(names(&list), "dxca");
    assert!(list.insert_at(one("c", "c"), Position::Before(&"c".to_owned())).is_ok());
    assert_eq!(names(&list), "dxca");
    assert_eq!(list.len(), 4);
    assert_eq!(list.into_iter().map(|e| e.name).collect::<String>(), "dxca");
}

#[test]
fn operations_carry_their_types() {
    fn name<R: Rpc<Input = PingInput, Output = ()>>() -> (&'static str, &'static str) {
        (R::NAME, R::MODULE.name)
    }
    assert_eq!(name::<Ping>(), ("ping", "sink"));
    assert_eq!(<Alarm as Notification>::NAME, "alarm");
    let alarm = Alarm { sev: Some(En::Last) };
    assert_eq!(alarm.to_xml().as_deref(), Ok("<alarm xmlns=\"urn:sink\"><sev>last</sev></alarm>"));
    assert_eq!(En::Last.value(), Some(8));
}

fn two_v() -> Path<String, Config> {
    let top: Path<Top, Config> = Path::<Top, Config>::top::<Data>("top");
    let two: Path<Two, Config> = top.entry("two", vec![key("a".to_owned()), key(1u8)]);
    two.child("v")
}

#[test]
fn paths_filter_and_find() {
    let path = two_v();
    assert_eq!(path.to_string(), "/sink:top/two[k1='a'][k2='1']/v");
    assert_eq!(
        path.subtree_filter().as_deref(),
        Ok("<top xmlns=\"urn:sink\"><two><k1>a</k1><k2>1</k2><v/></two></top>")
    );
    let xpath = path.xpath().expect("it is well-formed");
    assert_eq!(xpath.text, "/sink:top/sink:two[sink:k1='a'][sink:k2='1']/sink:v");
    assert_eq!(xpath.namespaces, [("sink".to_owned(), "urn:sink".to_owned())]);
    let read = |data: &str| {
        let document = format!("<data>{data}</data>");
        let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
        assert!(yang_data::event::Source::next(&mut source).is_ok());
        path.read(&mut source, &Options::default())
    };
    let data = "<other xmlns='o'/><top xmlns='urn:sink'><type>a</type><two><k1>b</k1><k2>1</k2><v>no</v></two>\
                <two><v>yes</v><k1>a</k1><k2>1</k2></two></top>";
    assert_eq!(read(data), Ok(Some("yes".to_owned())));
    assert_eq!(read("<top xmlns='urn:sink'/>"), Ok(None));
    let all: Path<String, Config> =
        Path::<Top, Config>::top::<Data>("top").every::<Two, Config>("two").child("v");
    let document = format!("<data>{data}</data>");
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(yang_data::event::Source::next(&mut source).is_ok());
    assert_eq!(all.read_all(&mut source, &Options::default()), Ok(vec!["no".to_owned(), "yes".to_owned()]));
    assert_eq!(all.to_string(), "/sink:top/two/v");
}

#[test]
fn a_leaf_list_is_read_and_edited_whole() {
    let path: Path<Vec<i32>, Config> = Path::<Top, Config>::top::<Data>("top").child_of(&SINK, "ll");
    let document = "<data><top xmlns='urn:sink'><ll>1</ll><type>a</type><ll>2</ll></top></data>";
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(yang_data::event::Source::next(&mut source).is_ok());
    assert_eq!(path.read(&mut source, &Options::default()), Ok(Some(vec![1, 2])));
    assert_eq!(
        path.edit(vec![3, 4]).to_xml().as_deref(),
        Ok("<top xmlns=\"urn:sink\"><ll>3</ll><ll>4</ll></top>")
    );
    let item: Path<i32, Config> = Path::<Top, Config>::top::<Data>("top").item("ll", key(3));
    assert_eq!(item.subtree_filter().as_deref(), Ok("<top xmlns=\"urn:sink\"><ll>3</ll></top>"));
}

#[test]
fn absent_state_is_no_fault_of_configuration() {
    #[derive(Default, netconf_derive::Yang)]
    #[yang(container, module = SINK, crate = ::yang_data)]
    struct Toaster {
        #[yang(leaf, config = false, mandatory)]
        status: Option<String>,
        #[yang(container, config = false)]
        state: Option<Box<State>>,
    }
    #[derive(Default, netconf_derive::Yang)]
    #[yang(container, crate = ::yang_data)]
    struct State {
        #[yang(leaf, config = false, mandatory)]
        count: Option<u8>,
    }
    assert_eq!(Toaster::default().validate(), Ok(()));
    let half = Toaster { state: Some(Box::default()), ..Default::default() };
    assert_eq!(half.validate().map_err(|v| v.0[0].path.clone()), Err("/sink:toaster/state/count".to_owned()));
}

#[test]
fn paths_edit() {
    let path = two_v();
    assert_eq!(
        path.edit("new".to_owned()).to_xml().as_deref(),
        Ok("<top xmlns=\"urn:sink\"><two><k1>a</k1><k2>1</k2><v>new</v></two></top>")
    );
    assert_eq!(
        path.delete().to_xml().as_deref(),
        Ok("<top xmlns=\"urn:sink\"><two><k1>a</k1><k2>1</k2>\
            <v xmlns:nc=\"urn:ietf:params:xml:ns:netconf:base:1.0\" nc:operation=\"delete\"/></two></top>")
    );
    let one_a: Path<One, Config> =
        Path::<Top, Config>::top::<Data>("top").entry("one", vec![key("a".to_owned())]);
    let value = One { ip: Some("1".into()), ..Default::default() };
    assert_eq!(
        one_a.edit(value).insert(Insert::After(vec![key("b".to_owned())])).to_xml().as_deref(),
        Ok(
            "<top xmlns=\"urn:sink\"><one xmlns:yang=\"urn:ietf:params:xml:ns:yang:1\" yang:insert=\"after\" \
            xmlns:sink=\"urn:sink\" yang:key=\"[sink:name='b']\"><name>a</name><ip>1</ip></one></top>"
        )
    );
    assert!(one_a.edit(one("z", "1")).to_xml().is_err());
    let mtu: Path<u16, Config> = Path::<Top, Config>::top::<Data>("top").child("mtu");
    assert_eq!(mtu.validate(&9001).map_err(|v| v.0[0].message.clone()), Err("MTU out of range".to_owned()));
    let nowhere: Path<u16, State> = Path::<Top, Config>::top::<Data>("top").child("nowhere");
    assert!(nowhere.subtree_filter().is_err());
    let top: Path<Top, Config> = Path::<Top, Config>::top::<Data>("top");
    assert_eq!(
        top.action_xml::<Reset>(&ResetInput { delay: Some(3) }).as_deref(),
        Ok("<top xmlns=\"urn:sink\"><reset><delay>3</delay></reset></top>")
    );
}

#[test]
fn serde_goes_through_the_table() {
    let data = Data { top: Some(Box::new(full())) };
    let text = serde_json::to_string(&data).expect("it is JSON");
    assert_eq!(text, JSON);
    assert_eq!(serde_json::from_str::<Data>(&text).ok(), Some(data));
    // A struct by itself is the value of its node.
    let two = Two { k1: "a".into(), k2: 1, v: None };
    assert_eq!(serde_json::to_string(&two).ok().as_deref(), Some(r#"{"k1":"a","k2":1}"#));
    assert_eq!(serde_json::from_str::<Two>(r#"{"k2":1,"k1":"a"}"#).ok(), Some(two));
    let error = serde_json::from_str::<Top>(r#"{"two":[{"k1":"a","k2":256}]}"#).expect_err("256 is no uint8");
    assert!(error.to_string().starts_with("/two/k2: 256 is above 255"), "{error}");
    assert!(serde_json::from_str::<Two>(r#"{"k2":1,"k1":"a","k3":1}"#).is_err());
    // And so is a leaf's type.
    assert_eq!(serde_json::to_value(Transport::TCP).ok(), Some("sink-base:tcp".into()));
    assert_eq!(serde_json::from_str::<Transport>("\"sink-aug:tcp\"").ok(), Some(Transport::AUG_TCP));
    assert_eq!(serde_json::from_str::<Decimal64<2>>("\"1.5\"").ok(), Some(Decimal64::from_units(150)));
    assert_eq!(serde_json::from_str::<Empty>("[null]").ok(), Some(Empty));
}
