//! A schema made by hand: its layout, its look-ups, and its way through bytes.

use proptest::prelude::*;
use yang_schema::pattern::CompiledPattern;
use yang_schema::value::{CanonicalNames, TypeSource as _};
use yang_schema::{
    Base, BlobError, Builder, ConstraintInfo, Default as YangDefault, FileId, Identity, IdentityId, Interval,
    Module, ModuleId, Must, NodeDef, NodeId, NodeKind, Pattern, Range, Schema, SourceFile, Span, Status,
    Type, TypeDetail, TypeId, Value, XPath, YangVersion, xpath,
};

fn span(start: u32) -> Span {
    Span { file: FileId::from_index(0), start, end: start + 4 }
}

fn module(b: &mut Builder, name: &str, revision: Option<&str>, implemented: bool) -> ModuleId {
    let module = Module {
        name: b.intern(name),
        namespace: b.intern(&format!("urn:{name}")),
        prefix: b.intern(&name[..1]),
        revision: revision.map(|r| b.intern(r)),
        yang_version: YangVersion::V1_1,
        implemented,
        organization: None,
        contact: None,
        description: Some(b.intern("What it is for.")),
        reference: None,
        revisions: Vec::new(),
        imports: Vec::new(),
        submodules: Vec::new(),
        features: Vec::new(),
        identities: Vec::new(),
        typedefs: Vec::new(),
        deviated_by: Vec::new(),
        augmented_by: Vec::new(),
        extensions: Vec::new(),
        file: FileId::from_index(0),
        span: span(0),
    };
    b.add_module(module)
}

fn ty(b: &mut Builder, detail: TypeDetail) -> TypeId {
    let name = b.intern(detail.base().name());
    b.add_type(Type {
        name,
        typedef: None,
        detail,
        restricted_here: false,
        non_zero: None,
        extensions: Vec::new(),
        span: span(8),
    })
}

fn node(
    b: &mut Builder,
    up: NodeId,
    kind: NodeKind,
    module: ModuleId,
    name: &str,
    ty: Option<TypeId>,
) -> NodeId {
    let name = b.intern(name);
    let def = NodeDef { type_id: ty, ..NodeDef::new(kind, name, module, span(12)) };
    b.add_node(up, def)
}

fn identity(b: &mut Builder, module: ModuleId, name: &str, bases: &[IdentityId]) -> IdentityId {
    let name = b.intern(name);
    let id = b.add_identity(Identity {
        name,
        module,
        bases: bases.to_vec(),
        derived: Vec::new(),
        status: Status::Current,
        description: None,
        reference: None,
        if_features: Vec::new(),
        enabled: true,
        extensions: Vec::new(),
        span: span(20),
    });
    b.module_mut(module).identities.push(id);
    id
}

/// Two modules; a container with a list, a choice, an augmented leaf, a must and a default; more children than few.
fn builder() -> Builder {
    let mut b = Builder::new();
    let path = b.intern("main.yang");
    b.add_file(SourceFile { path });
    let main = module(&mut b, "main", Some("2020-01-01"), true);
    let other = module(&mut b, "other", None, true);
    module(&mut b, "other", Some("2030-01-01"), false);

    let text = b.intern("68..9000");
    let range = Range {
        text,
        parts: vec![Interval { min: 68, max: 9000 }],
        info: ConstraintInfo {
            error_app_tag: Some(b.intern("mtu-out-of-range")),
            ..ConstraintInfo::default()
        },
    };
    let mtu = ty(&mut b, TypeDetail::Integer { base: Base::Uint16, ranges: vec![range] });
    let text = b.intern("[a-z]+");
    let pattern = Pattern {
        text,
        compiled: CompiledPattern::new("[a-z]+").expect("a pattern"),
        inverted: false,
        info: ConstraintInfo::default(),
    };
    let name = ty(&mut b, TypeDetail::String { lengths: Vec::new(), patterns: vec![pattern] });

    let base = identity(&mut b, main, "base", &[]);
    let middle = identity(&mut b, other, "middle", &[base]);
    identity(&mut b, other, "end", &[middle]);
    let kind = ty(&mut b, TypeDetail::Identityref { bases: vec![base] });

    let top = node(&mut b, NodeId::ROOT, NodeKind::Container, main, "top", None);
    let list = node(&mut b, top, NodeKind::List, main, "interface", None);
    let key = node(&mut b, list, NodeKind::Leaf, main, "name", Some(name));
    let leaf = node(&mut b, list, NodeKind::Leaf, main, "mtu", Some(mtu));
    b.node_mut(list).keys = vec![key];
    let text = b.intern("1500");
    b.node_mut(leaf).defaults = vec![YangDefault { text, value: Value::Uint(1500) }];
    let choice = node(&mut b, list, NodeKind::Choice, main, "how", None);
    let case = node(&mut b, choice, NodeKind::Case, main, "fast", None);
    node(&mut b, case, NodeKind::Leaf, main, "speed", Some(mtu));
    node(&mut b, list, NodeKind::Leaf, other, "name", Some(kind));
    let many = node(&mut b, NodeId::ROOT, NodeKind::Container, main, "many", None);
    for i in 0..20 {
        node(&mut b, many, NodeKind::Leaf, main, &format!("leaf-{i}"), Some(mtu));
    }
    node(&mut b, many, NodeKind::Leaf, other, "leaf-3", Some(mtu));

    let text = b.intern("name != 'lo' or mtu > 1000");
    let expr = xpath::parse("name != 'lo' or mtu > 1000", &mut |_| None).expect("an expression");
    let expr = b.add_expr(expr);
    // In the order in which they were added; the schema sorts them by its own ids.
    let xpath =
        b.add_xpath(XPath { text, expr, default_module: main, reads: vec![leaf, key], span: span(30) });
    b.node_mut(list).musts = vec![Must { xpath, info: ConstraintInfo::default() }];

    let rpc = node(&mut b, NodeId::ROOT, NodeKind::Rpc, main, "reset", None);
    node(&mut b, rpc, NodeKind::Input, main, "input", None);
    node(&mut b, rpc, NodeKind::Output, main, "output", None);
    b
}

fn schema() -> Schema {
    builder().finish()
}

/// All that can be seen of a schema.
fn description(schema: &Schema) -> String {
    let mut out = String::new();
    for (_, module) in schema.modules() {
        out.push_str(&format!("module {} {:?}\n", schema.str(module.name), schema.opt_str(module.revision)));
    }
    for (id, identity) in schema.identities() {
        out.push_str(&format!("{id:?} {} {:?}\n", schema.str(identity.name), identity.derived));
    }
    for node in schema.root().descendants() {
        let keys: Vec<&str> = node.keys().map(|k| k.name()).collect();
        out.push_str(&format!(
            "{:?} {} {} {:?} {keys:?} {:?} {:?}\n",
            node.id(),
            node.kind().keyword(),
            node.path(),
            node.type_().map(|t| t.detail()),
            node.musts(),
            node.defaults()
        ));
        for must in node.musts() {
            let xpath = schema.xpath(must.xpath);
            out.push_str(&format!(
                "  {} {:?} {:?}\n",
                schema.str(xpath.text),
                schema.expr(xpath.expr),
                xpath.reads
            ));
        }
    }
    out
}

#[test]
fn children_stand_together_and_ids_follow() {
    let s = schema();
    let list = s.find("/main:top/interface").expect("it is there");
    let names: Vec<String> = list.children().map(|c| format!("{}:{}", c.module_name(), c.name())).collect();
    assert_eq!(names, ["main:name", "main:mtu", "main:how", "other:name"]);
    let keys: Vec<NodeId> = list.keys().map(|k| k.id()).collect();
    assert_eq!(keys, [s.find("/main:top/interface/name").expect("it is there").id()]);
    let mtu = s.find("/main:top/interface/mtu").expect("it is there");
    let reads = &s.xpath(list.musts()[0].xpath).reads;
    assert_eq!(*reads, [keys[0], mtu.id()]);
    assert!(mtu.parent() == Some(list) && !mtu.is_key());
}

#[test]
fn choices_and_cases_are_looked_through() {
    let s = schema();
    let list = s.find("/main:top/interface").expect("it is there");
    let data: Vec<&str> = list.data_children().map(|c| c.name()).collect();
    assert_eq!(data, ["name", "mtu", "speed", "name"]);
    let speed = s.find("/main:top/interface/speed").expect("without the choice");
    assert_eq!(Some(speed), s.find("/main:top/interface/how/fast/speed"));
    assert_eq!(speed.path(), "/main:top/interface/how/fast/speed");
    assert_eq!(speed.data_path(), "/main:top/interface/speed");
    assert_eq!((speed.data_ordinal(), speed.data_parent()), (2, Some(list)));
}

#[test]
fn names_of_two_modules_are_two_names() {
    let s = schema();
    let (main, other) =
        (s.find_module("main").expect("it is there"), s.find_module("other").expect("it is there"));
    let list = s.find("/main:top/interface").expect("it is there");
    assert_ne!(list.data_child(main, "name"), list.data_child(other, "name"));
    assert_eq!(s.find("/main:top/interface/other:name").map(|n| n.module()), Some(other));
    // Many children are found through a map, few by looking at each.
    let many = s.find("/main:many").expect("it is there");
    assert_eq!(many.data_child(main, "leaf-19").map(|n| n.name()), Some("leaf-19"));
    assert_eq!(many.data_child(other, "leaf-3").map(|n| n.module()), Some(other));
    assert_eq!(many.data_child(other, "leaf-4"), None);
    assert_eq!(many.data_child(main, "nothing"), None);
    for path in ["/", "/main:none", "/top", "main:top", "/none:top", "/main:top//interface"] {
        assert_eq!(s.find(path).map(|n| n.id()), (path == "/").then_some(NodeId::ROOT), "{path}");
    }
}

#[test]
fn of_two_revisions_the_implemented_one_counts() {
    let s = schema();
    let other = s.find_module("other").expect("it is there");
    assert!(s.module(other).implemented);
    assert_eq!(s.find_namespace("urn:other"), Some(other));
    let mut b = builder();
    for i in 0..3 {
        b.module_mut(ModuleId::from_index(i)).implemented = false;
    }
    assert_eq!(b.module_named("other"), Some(ModuleId::from_index(2)), "then the newest");
    assert_eq!(b.finish().find_module("other"), Some(ModuleId::from_index(2)));
}

#[test]
fn derivation_of_identities_is_the_same_before_and_after() {
    let b = builder();
    let main = ModuleId::from_index(0);
    let ids: Vec<IdentityId> = (0..3).map(IdentityId::from_index).collect();
    let before: Vec<bool> = ids.iter().flat_map(|a| ids.iter().map(|c| b.derives(*a, *c))).collect();
    assert_eq!(b.identity_named(main, "base"), Some(ids[0]));
    let s = b.finish();
    let after: Vec<bool> = ids.iter().flat_map(|a| ids.iter().map(|c| s.derives(*a, *c))).collect();
    assert_eq!(before, after);
    assert!(s.is_derived_from(ids[2], ids[0]) && !s.is_derived_from(ids[0], ids[0]));
}

#[test]
fn many_identities_are_found_as_few_are() {
    let mut b = builder();
    let main = ModuleId::from_index(0);
    let ids: Vec<IdentityId> = (0..30).map(|i| identity(&mut b, main, &format!("kind-{i}"), &[])).collect();
    let s = b.finish();
    assert_eq!(s.find_identity(main, "kind-29"), Some(ids[29]));
    assert_eq!(s.find_identity(main, "base"), Some(IdentityId::from_index(0)));
    assert_eq!(s.find_identity(main, "kind-30"), None);
    assert_eq!(s.find_identity(ModuleId::from_index(1), "kind-29"), None);
}

#[test]
fn circles_of_identities_end() {
    let mut b = builder();
    let (first, last) = (IdentityId::from_index(0), IdentityId::from_index(2));
    b.identity_mut(first).bases.push(last);
    assert!(b.derives(first, first));
    assert_eq!(b.finish().identity(first).derived.len(), 2);
}

#[test]
fn nodes_that_were_taken_out_are_gone_everywhere() {
    let mut b = builder();
    let top = b.children(NodeId::ROOT)[0];
    let list = b.children(top)[0];
    let rest: Vec<NodeId> = b.children(list).iter().copied().skip(2).collect();
    b.set_children(list, rest);
    let s = b.finish();
    let list = s.find("/main:top/interface").expect("it is there");
    assert_eq!(list.keys().len(), 0);
    assert!(s.xpath(list.musts()[0].xpath).reads.is_empty());
    assert!(s.find("/main:top/interface/mtu").is_none());
}

#[test]
fn a_schema_comes_back_from_its_bytes() {
    let s = schema();
    let bytes = s.to_bytes();
    assert_eq!(bytes, schema().to_bytes(), "same schema, same bytes");
    let back = Schema::from_bytes(&bytes).expect("nothing happened to them");
    assert_eq!(description(&back), description(&s));
    assert_eq!(back.to_bytes(), bytes);
    // What is not in the bytes works too.
    let name = back.find("/main:top/interface/name").and_then(|n| n.type_()).expect("a leaf").id();
    let parse = |text| Value::parse(&back, name, text, &CanonicalNames(&back));
    assert!(parse("abc").is_ok());
    assert!(parse("ABC").is_err());
}

#[test]
fn foreign_bytes_are_refused() {
    for bytes in [&b""[..], b"yang", b"module main {}", &[0; 100]] {
        assert_eq!(Schema::from_bytes(bytes).err(), Some(BlobError::NotABlob));
    }
}

#[test]
fn another_version_is_refused_by_name() {
    let mut bytes = schema().to_bytes();
    bytes[8] = bytes[8].wrapping_add(1);
    let error = Schema::from_bytes(&bytes).expect_err("another version");
    assert!(matches!(error, BlobError::Version { .. }));
    assert!(error.to_string().contains("generate it again"), "{error}");
}

#[test]
fn bytes_that_end_early_are_refused() {
    let bytes = schema().to_bytes();
    for end in (0..bytes.len()).step_by(7).chain(bytes.len() - 20..bytes.len()) {
        assert!(Schema::from_bytes(&bytes[..end]).is_err(), "{end} of {}", bytes.len());
    }
    let mut longer = bytes;
    longer.push(0);
    assert!(matches!(Schema::from_bytes(&longer), Err(BlobError::Damaged(_))));
}

#[test]
fn a_changed_byte_is_seen() {
    let bytes = schema().to_bytes();
    for i in 0..bytes.len() {
        for bit in [1, 0x80] {
            let mut damaged = bytes.clone();
            damaged[i] ^= bit;
            assert!(Schema::from_bytes(&damaged).is_err(), "byte {i}");
        }
    }
}

proptest! {
    #[test]
    fn random_bytes_are_refused(bytes: Vec<u8>) {
        let mut with_magic = b"yangblob\x01\0\0\0".to_vec();
        with_magic.extend_from_slice(&bytes);
        prop_assert!(Schema::from_bytes(&bytes).is_err());
        prop_assert!(Schema::from_bytes(&with_magic).is_err());
    }
}
