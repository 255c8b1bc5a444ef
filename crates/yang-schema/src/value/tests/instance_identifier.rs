//! RFC 7950 section 9.13, RFC 7951 section 6.11.

use super::*;

/// The model of the examples in section 9.13.4, and its nodes in `mod-b`.
pub(super) struct Tree {
    pub(super) schema: Schema,
    ty: TypeId,
    base: TypeId,
}

pub(super) fn tree() -> Tree {
    let f = Fixture::new();
    let (a, b) = (f.a, f.b);
    let base = f.identity(a, "kind", &[]);
    f.identity(b, "special", &[base]);
    let string = f.string();
    let kind = f.ty(TypeDetail::Identityref { bases: vec![base] });
    let port = f.integer(Base::Uint16);
    let empty = f.ty(TypeDetail::Empty);
    let ty = f.ty(TypeDetail::InstanceIdentifier { require_instance: true });
    let system = f.node(NodeId::ROOT, NodeKind::Container, a, "system", None);
    let list = |name: &str, keys: &[(&str, TypeId)]| {
        let list = f.node(system, NodeKind::List, a, name, None);
        let keys = keys.iter().map(|(name, ty)| f.node(list, NodeKind::Leaf, a, name, Some(*ty))).collect();
        f.builder.borrow_mut().node_mut(list).keys = keys;
        list
    };
    let user = list("user", &[("name", string)]);
    f.node(user, NodeKind::Leaf, b, "type", Some(kind));
    list("server", &[("ip", string), ("port", port)]);
    list("service", &[("name", string), ("enabled", empty)]);
    list("by-kind", &[("kind", kind)]);
    list("by-id", &[("id", ty)]);
    f.node(system, NodeKind::List, a, "stats", None);
    f.node(system, NodeKind::LeafList, a, "cipher", Some(string));
    let choice = f.node(system, NodeKind::Choice, a, "how", None);
    let case = f.node(choice, NodeKind::Case, a, "tcp", None);
    f.node(case, NodeKind::Container, a, "tcp", None);
    Tree { schema: f.finish(), ty, base: kind }
}

impl Tree {
    pub(super) fn parse(&self, text: &str, names: Names) -> Result<Value, ValueError> {
        Value::parse(&self.schema, self.ty, text, &names)
    }

    fn both_forms(&self, text: &str) -> (String, String) {
        let value = self.parse(text, XML).unwrap_or_else(|e| panic!("{text}: {e}"));
        (value.canonical(&self.schema).into_owned(), value.qualified(&self.schema).into_owned())
    }
}

#[test]
fn instance_identifiers_print_in_both_forms() {
    let t = tree();
    let cases = [
        ("/a:system", "/mod-a:system", "/mod-a:system"),
        (
            "/a:system/a:user[a:name='fred']",
            "/mod-a:system/user[name='fred']",
            "/mod-a:system/mod-a:user[mod-a:name='fred']",
        ),
        (
            "/a:system/a:user[ a:name = \"fr'ed\" ]/b:type",
            "/mod-a:system/user[name=\"fr'ed\"]/mod-b:type",
            "/mod-a:system/mod-a:user[mod-a:name=\"fr'ed\"]/mod-b:type",
        ),
        (
            // Keys come out in the order of `key`, their values canonical.
            "/a:system/a:server[a:port='080'][a:ip='192.0.2.1']",
            "/mod-a:system/server[ip='192.0.2.1'][port='80']",
            "/mod-a:system/mod-a:server[mod-a:ip='192.0.2.1'][mod-a:port='80']",
        ),
        (
            "/a:system/a:service[a:name='foo'][a:enabled='']",
            "/mod-a:system/service[name='foo'][enabled='']",
            "/mod-a:system/mod-a:service[mod-a:name='foo'][mod-a:enabled='']",
        ),
        (
            "/a:system/a:cipher[.='blowfish-cbc']",
            "/mod-a:system/cipher[.='blowfish-cbc']",
            "/mod-a:system/mod-a:cipher[.='blowfish-cbc']",
        ),
        ("/a:system/a:stats[3]", "/mod-a:system/stats[3]", "/mod-a:system/mod-a:stats[3]"),
        ("/a:system/a:tcp", "/mod-a:system/tcp", "/mod-a:system/mod-a:tcp"),
        (
            "/a:system/a:by-kind[a:kind='b:special']",
            "/mod-a:system/by-kind[kind='mod-b:special']",
            "/mod-a:system/mod-a:by-kind[mod-a:kind='mod-b:special']",
        ),
        (
            "/a:system/a:by-id[a:id=\"/a:system/a:user[a:name='x']\"]",
            "/mod-a:system/by-id[id=\"/mod-a:system/user[name='x']\"]",
            "/mod-a:system/mod-a:by-id[mod-a:id=\"/mod-a:system/mod-a:user[mod-a:name='x']\"]",
        ),
    ];
    for (text, canonical, qualified) in cases {
        assert_eq!(t.both_forms(text), (canonical.to_owned(), qualified.to_owned()), "{text}");
        let value = t.parse(text, XML).expect("it was parsed above");
        // The canonical form is that of JSON, and comes back as the same value from both.
        assert_eq!(t.parse(canonical, json(JsonKind::String)).as_ref(), Ok(&value), "{canonical}");
        let names = CanonicalNames(&t.schema);
        assert_eq!(Value::parse(&t.schema, t.ty, canonical, &names).as_ref(), Ok(&value), "{canonical}");
        assert_eq!(t.parse(qualified, XML).as_ref(), Ok(&value), "{qualified}");
    }
}

#[test]
fn instance_identifiers_name_their_modules() {
    let t = tree();
    let value = t.parse("/a:system/a:by-kind[a:kind='b:special']", XML).expect("an identifier");
    assert_eq!(value.modules(&t.schema), [ModuleId(0), ModuleId(1)]);
    let identity = Value::parse(&t.schema, t.base, "b:special", &XML).expect("an identity");
    assert_eq!(identity.modules(&t.schema), [ModuleId(1)]);
}

#[test]
fn what_is_no_instance_identifier_is_refused() {
    let t = tree();
    for text in [
        "",
        "/",
        "a:system",
        "/a:system/",
        "/system",
        "/a:nothing",
        "/c:system",
        "/a:system[1]",
        "/a:system/a:user",
        "/a:system/a:user[1]",
        "/a:system/a:user[.='fred']",
        "/a:system/a:user[a:name='fred'][a:name='fred']",
        "/a:system/a:user[b:type='x']",
        "/a:system/a:user[a:name='fred]",
        "/a:system/a:user[a:name=fred]",
        "/a:system/a:user[a:name='fred'",
        "/a:system/a:user[name='fred']",
        "/a:system/a:server[a:ip='192.0.2.1']",
        "/a:system/a:server[a:ip='192.0.2.1'][a:port='x']",
        "/a:system/a:stats",
        "/a:system/a:stats[0]",
        "/a:system/a:stats[01]",
        "/a:system/a:stats[99999999999999999999]",
        "/a:system/a:cipher",
        "/a:system/a:cipher[1]",
        "/a:system/a:cipher[.='x'][.='y']",
        "/a:system/a:how",
        "/a:system:a:user",
        "[1]",
        "/a:system /a:tcp",
    ] {
        let error = t.parse(text, XML).expect_err(text);
        assert_eq!(error.error_tag(), "invalid-value");
    }
    // JSON: the first name has its module, the others where it changes (RFC 7951 section 6.11).
    for text in ["/system", "/mod-a:system/user[name='x']/type"] {
        assert!(t.parse(text, json(JsonKind::String)).is_err(), "{text}");
    }
    assert!(t.parse("/mod-a:system/mod-a:user[mod-a:name='x']", json(JsonKind::String)).is_ok());
}

#[test]
fn deeply_nested_input_is_no_trouble() {
    let t = tree();
    assert!(t.parse(&"/a:system".repeat(100_000), XML).is_err());
    assert!(t.parse(&"[".repeat(100_000), XML).is_err());
}

#[test]
fn defaults_of_instance_identifiers_survive_the_renumbering() {
    let f = Fixture::new();
    let ty = f.ty(TypeDetail::InstanceIdentifier { require_instance: false });
    let a = f.a;
    // Laid out breadth first, `deep` gets another id than it was added with.
    let top = f.node(NodeId::ROOT, NodeKind::Container, a, "top", None);
    f.node(top, NodeKind::Container, a, "deep", None);
    let leaf = f.node(NodeId::ROOT, NodeKind::Leaf, a, "leaf", Some(ty));
    let value = f.parse_as(ty, "/a:top/a:deep", YANG).expect("an identifier");
    let text = f.builder.borrow_mut().intern("/a:top/a:deep");
    f.builder.borrow_mut().node_mut(leaf).defaults.push(crate::Default { text, value });
    let schema = f.finish();
    let leaf = schema.find("/mod-a:leaf").expect("it is there");
    assert_eq!(leaf.defaults()[0].value.canonical(&schema), "/mod-a:top/deep");
}
