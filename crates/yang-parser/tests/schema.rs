//! What the compiler makes of modules, section by section of RFC 7950.

use yang_parser::{Compiler, Severity};
use yang_schema::{Base, DefaultDeny, NodeKind, OrderedBy, Schema, Status, TypeDetail, Value, WhenContext};

fn compile(texts: &[&str]) -> Schema {
    with(Compiler::new(), texts)
}

fn with(mut compiler: Compiler, texts: &[&str]) -> Schema {
    for (i, text) in texts.iter().enumerate() {
        compiler = compiler.source(format!("t{i}"), *text);
    }
    let compilation = compiler.compile();
    compilation.schema.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics))
}

fn module(body: &str) -> String {
    format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {body} }}")
}

fn paths(schema: &Schema) -> Vec<String> {
    schema.root().descendants().map(|n| n.path()).collect()
}

#[test]
fn section_7_5_containers_and_7_8_lists() {
    let schema = compile(&[&module(
        "container system { presence on; must \"count(user) < 9\" { error-app-tag many; error-message \"too many\"; }
           list user { key \"name id\"; unique \"uid sub/x\"; ordered-by user; min-elements 1; max-elements 4;
             leaf id { type uint8; } leaf name { type string; } leaf uid { type int32; }
             container sub { leaf x { type string; } } } }",
    )]);
    let system = schema.find("/m:system").unwrap();
    assert_eq!(system.presence(), Some("on"));
    let info = &system.musts()[0].info;
    assert_eq!(schema.opt_str(info.error_app_tag), Some("many"));
    assert_eq!(schema.opt_str(info.error_message), Some("too many"));
    let user = schema.find("/m:system/user").unwrap();
    assert_eq!(user.keys().map(|k| k.name()).collect::<Vec<_>>(), ["name", "id"]);
    let unique: Vec<_> = user.uniques()[0].leaves.iter().map(|&l| schema.node(l).path()).collect();
    assert_eq!(unique, ["/m:system/user/uid", "/m:system/user/sub/x"]);
    assert_eq!((user.min_elements(), user.max_elements(), user.ordered_by()), (1, Some(4), OrderedBy::User));
    // What the must reads.
    let xpath = schema.xpath(system.musts()[0].xpath);
    assert_eq!(xpath.reads, [user.id()]);
}

#[test]
fn section_7_6_leaves_take_defaults_and_units_of_their_types() {
    let schema = compile(&[&module(
        "typedef t { type int32 { range \"1..max\"; } units s; default 0x10; }
         leaf a { type t; } leaf b { type t { range 1..20; } default 3; units ms; } leaf c { type t; mandatory true; }
         leaf-list d { type t; } leaf-list e { type t; min-elements 1; } leaf-list f { type t; default 4; default 5; }",
    )]);
    let values = |name: &str| -> Vec<i64> {
        let node = schema.find(&format!("/m:{name}")).unwrap();
        let number = |v: &Value| if let Value::Int(n) = v { *n } else { panic!("{v:?}") };
        node.defaults().iter().map(|d| number(&d.value)).collect()
    };
    assert_eq!(values("a"), [16]);
    assert_eq!(values("b"), [3]);
    assert_eq!(values("c"), Vec::<i64>::new());
    assert_eq!(values("d"), [16]);
    assert_eq!(values("e"), Vec::<i64>::new());
    assert_eq!(values("f"), [4, 5]);
    assert_eq!(schema.find("/m:a").unwrap().units(), Some("s"));
    assert_eq!(schema.find("/m:b").unwrap().units(), Some("ms"));
    let TypeDetail::Integer { base, ranges } = schema.find("/m:b").unwrap().type_().unwrap().detail() else {
        panic!()
    };
    assert_eq!((*base, ranges.len()), (Base::Int32, 2));
}

#[test]
fn section_7_9_shorthand_cases_are_cases() {
    let schema = compile(&[&module(
        "choice transfer { default daily; case interval { leaf interval { type uint16; default 30; } }
           container daily { leaf time { type string; } } choice nested { leaf manual { type empty; } } }",
    )]);
    assert_eq!(
        paths(&schema),
        [
            "/m:transfer",
            "/m:transfer/interval",
            "/m:transfer/interval/interval",
            "/m:transfer/daily",
            "/m:transfer/daily/daily",
            "/m:transfer/daily/daily/time",
            "/m:transfer/nested",
            "/m:transfer/nested/nested",
            "/m:transfer/nested/nested/manual",
            "/m:transfer/nested/nested/manual/manual",
        ]
    );
    let choice = schema.find("/m:transfer").unwrap();
    assert_eq!(choice.default_case().unwrap().name(), "daily");
    let data: Vec<_> = schema.root().data_children().map(|n| n.name()).collect();
    assert_eq!(data, ["interval", "daily", "manual"]);
}

#[test]
fn section_7_13_uses_refine_and_augment() {
    // After the example of section 7.13.4: nodes take the namespace of the module that uses the grouping.
    let inet = "module acme-types { yang-version 1.1; namespace urn:types; prefix at;
        grouping endpoint { leaf ip { type string; } leaf port { type uint16; must \"../ip\"; }
          container extra { leaf note { type string; } } list l { config false; leaf x { type string; } } } }";
    let user =
        "module acme { yang-version 1.1; namespace urn:acme; prefix acme; import acme-types { prefix at; }
        feature f;
        container http { uses at:endpoint { when \"on\"; if-feature f;
            refine port { default 80; description \"the port\"; must \". > 0\"; }
            refine extra { presence yes; }
            refine l { min-elements 2; }
            augment extra { leaf more { type empty; } } }
          leaf on { type empty; } } }";
    let schema = compile(&[user, inet]);
    let port = schema.find("/acme:http/port").unwrap();
    assert_eq!(port.namespace(), "urn:acme");
    assert_eq!(port.description(), Some("the port"));
    assert_eq!(schema.str(port.defaults()[0].text), "80");
    assert_eq!(port.musts().len(), 2);
    // A name without prefix in the grouping means the module that uses it (section 6.4.1).
    let ip = schema.find("/acme:http/ip").unwrap();
    assert_eq!(schema.xpath(port.musts()[0].xpath).reads, [ip.id()]);
    assert_eq!(port.whens().len(), 1);
    assert_eq!(port.whens()[0].context, WhenContext::Parent);
    assert_eq!(schema.xpath(port.whens()[0].xpath).reads, [schema.find("/acme:http/on").unwrap().id()]);
    assert_eq!(port.if_features().collect::<Vec<_>>(), ["f"]);
    assert_eq!(schema.grouping(port.grouping().unwrap()).module, schema.find_module("acme-types").unwrap());
    assert_eq!(schema.find("/acme:http/extra").unwrap().presence(), Some("yes"));
    assert!(schema.find("/acme:http/extra/more").is_some());
    assert_eq!(schema.find("/acme:http/l").unwrap().min_elements(), 2);
}

#[test]
fn section_7_14_operations() {
    let schema = compile(&[&module(
        "rpc rock { input { leaf zip { type string; } } } rpc roll;
         container c { list l { key k; leaf k { type string; } action a { output { leaf o { type string; } } } } }
         notification n { leaf x { type leafref { path /m:c/m:l/m:k; } } }
         augment /m:roll/m:input { leaf more { type string; } }",
    )]);
    let rock = schema.find_rpc(schema.find_module("m").unwrap(), "rock").unwrap();
    assert_eq!(rock.children().map(|c| c.kind()).collect::<Vec<_>>(), [NodeKind::Input, NodeKind::Output]);
    assert!(!schema.find("/m:rock/input/zip").unwrap().is_config());
    assert!(schema.find("/m:roll/input/more").is_some());
    assert_eq!(schema.find("/m:c/l/a/output/o").unwrap().data_path(), "/m:c/l/a/o");
    assert_eq!(schema.find("/m:c/l/a").unwrap().kind(), NodeKind::Action);
}

#[test]
fn section_7_17_augments_do_not_depend_on_order() {
    let a = "module a { namespace urn:a; prefix a; container c; }";
    let b = "module b { namespace urn:b; prefix b; import a { prefix a; } augment /a:c { container d; } }";
    let c = "module c { namespace urn:c; prefix c; import a { prefix a; } import b { prefix b; }
             augment /a:c/b:d { leaf e { type string; } } }";
    for order in [[a, b, c], [c, b, a], [b, c, a]] {
        let schema = compile(&order);
        let leaf = schema.find("/a:c/b:d/c:e").unwrap();
        assert_eq!(leaf.augmented_by().map(|a| a.module), schema.find_module("c"));
    }
    // What is augmented is implemented (section 5.6.5), what is only imported is not.
    let schema = compile(&[a, b]);
    assert!(schema.find("/a:c/b:d").is_some());
}

#[test]
fn section_7_18_identities() {
    let schema = compile(&[&module(
        "identity crypto; identity des { base crypto; } identity des3 { base des; }
         leaf a { type identityref { base crypto; } default m:des3; }",
    )]);
    let m = schema.find_module("m").unwrap();
    let id = |name: &str| schema.find_identity(m, name).unwrap();
    assert!(schema.is_derived_from(id("des3"), id("crypto")));
    assert!(!schema.is_derived_from(id("crypto"), id("crypto")));
    assert_eq!(schema.find("/m:a").unwrap().defaults()[0].value, Value::Identity(id("des3")));
}

#[test]
fn section_7_20_2_features_switch_nodes_off() {
    let text = module(
        "feature a; feature b { if-feature a; }
         leaf x { if-feature a; type string; } leaf y { if-feature \"not a\"; type string; } leaf z { if-feature b; type string; }
         leaf e { type enumeration { enum on; enum off { if-feature a; } } }",
    );
    let names = |compiler: Compiler| -> Vec<String> {
        with(compiler, &[&text]).root().children().map(|n| n.name().to_owned()).collect()
    };
    assert_eq!(names(Compiler::new()), ["x", "z", "e"]);
    assert_eq!(names(Compiler::new().features("m", ["a"])), ["x", "e"]);
    assert_eq!(names(Compiler::new().features("m", [""; 0])), ["y", "e"]);
    assert_eq!(names(Compiler::new().features("m", ["b"])), ["y", "e"]);
    let schema = with(Compiler::new().features("m", [""; 0]), &[&text]);
    let TypeDetail::Enumeration(items) = schema.find("/m:e").unwrap().type_().unwrap().detail() else {
        panic!()
    };
    assert_eq!(items.iter().map(|i| i.enabled).collect::<Vec<_>>(), [true, false]);
    let unknown = Compiler::new().features("m", ["nonsense"]).source("t", text.as_str()).compile();
    assert_eq!(unknown.diagnostics[0].code.name(), "unknown-feature");
}

#[test]
fn section_7_20_3_deviations() {
    let base = "module base { namespace urn:base; prefix base;
        container system { leaf daytime { type string; } leaf name { type string; must \"1\"; } leaf mode { type string; default a; }
          list user { key k; leaf k { type string; } } } }";
    let deviations = "module dev { namespace urn:dev; prefix dev; import base { prefix b; }
        deviation /b:system/b:daytime { deviate not-supported; }
        deviation /b:system/b:user { deviate add { max-elements 3; } }
        deviation /b:system/b:name { deviate replace { type int8; } deviate delete { must \"1\"; } deviate add { units x; } }
        deviation /b:system/b:mode { deviate replace { default b; } } }";
    let schema = compile(&[deviations, base]);
    assert!(schema.find("/base:system/daytime").is_none());
    assert_eq!(schema.find("/base:system/user").unwrap().max_elements(), Some(3));
    let name = schema.find("/base:system/name").unwrap();
    assert_eq!((name.type_().unwrap().base(), name.musts().len(), name.units()), (Base::Int8, 0, Some("x")));
    let dev = schema.find_module("dev").unwrap();
    assert_eq!(name.deviated_by().iter().map(|d| d.module).collect::<Vec<_>>(), [dev]);
    assert_eq!(schema.str(schema.find("/base:system/mode").unwrap().defaults()[0].text), "b");
}

#[test]
fn section_7_21_what_is_inherited() {
    let schema = compile(&[&module(
        "container c { config false; status deprecated; leaf-list a { ordered-by user; type string; } }
         container d { leaf b { type string; } }",
    )]);
    let a = schema.find("/m:c/a").unwrap();
    assert_eq!((a.is_config(), a.status(), a.ordered_by()), (false, Status::Deprecated, OrderedBy::System));
    assert!(schema.find("/m:d/b").unwrap().is_config());
}

#[test]
fn section_9_9_leafrefs_know_their_targets() {
    let types = "module types { namespace urn:t; prefix t; container top { list i { key name; leaf name { type string { length 1..9; } } } }
        typedef ref { type leafref { path /t:top/t:i/t:name; } } }";
    let user = "module u { yang-version 1.1; namespace urn:u; prefix u; import types { prefix t; }
        leaf a { type t:ref; } leaf b { type leafref { path ../a; } }
        leaf c { type union { type t:ref; type uint8; } }
        rpc r { input { leaf x { type string; } leaf y { type leafref { path ../x; } } leaf z { type leafref { path /r/x; } } } } }";
    let schema = compile(&[user, types]);
    let name = schema.find("/types:top/i/name").unwrap();
    let target = |path: &str| match schema.find(path).unwrap().type_().unwrap().detail() {
        TypeDetail::Leafref { target, real, .. } => (target.unwrap(), schema.type_(real.unwrap()).base()),
        other => panic!("{other:?}"),
    };
    assert_eq!(target("/u:a"), (name.id(), Base::String));
    assert_eq!(target("/u:b"), (schema.find("/u:a").unwrap().id(), Base::String));
    let x = schema.find("/u:r/input/x").unwrap().id();
    assert_eq!(target("/u:r/input/y"), (x, Base::String));
    assert_eq!(target("/u:r/input/z"), (x, Base::String));
    let member = schema.find("/u:c").unwrap().type_().unwrap().members().next().unwrap();
    assert_eq!(member.real().base(), Base::String);
    // Only imported, but referred to: its nodes are there (section 5.6.5).
    assert!(schema.module(schema.find_module("types").unwrap()).implemented);
}

#[test]
fn extensions_are_kept() {
    let acm = "module ietf-netconf-acm { namespace urn:nacm; prefix nacm; extension default-deny-all; extension note { argument text; } }";
    let user = "module m { namespace urn:m; prefix m; import ietf-netconf-acm { prefix n; }
        n:note top { n:note inner { description \"kept\"; } }
        leaf a { n:default-deny-all; type string { n:note type; } } }";
    let schema = compile(&[user, acm]);
    let m = schema.module(schema.find_module("m").unwrap());
    assert_eq!(schema.opt_str(m.extensions[0].argument), Some("top"));
    let inner = &m.extensions[0].substatements[0];
    assert_eq!(inner.module, schema.find_module("ietf-netconf-acm"));
    assert_eq!(inner.substatements[0].module, None);
    let a = schema.find("/m:a").unwrap();
    assert_eq!(schema.str(a.extensions()[0].name), "default-deny-all");
    assert_eq!(a.type_().unwrap().get().extensions.len(), 1);
}

#[test]
fn well_known_extensions_are_understood() {
    let metadata =
        "module ietf-yang-metadata { namespace urn:md; prefix md; extension annotation { argument name; } }";
    let structure = "module ietf-yang-structure-ext { namespace urn:sx; prefix sx;
        extension structure { argument name; } extension augment-structure { argument path; } }";
    let user =
        "module m { yang-version 1.1; namespace urn:m; prefix m; import ietf-yang-metadata { prefix md; }
        import ietf-yang-structure-ext { prefix sx; }
        md:annotation last-modified { type string; description when; }
        sx:structure book { list entry { key k; leaf k { type string; must \"/book/entry\"; } } }
        sx:augment-structure /m:book/m:entry { leaf more { type string; } } }";
    let schema = compile(&[user, metadata, structure]);
    assert_eq!(schema.str(schema.annotations()[0].name), "last-modified");
    assert_eq!(schema.find("/m:book").unwrap().kind(), NodeKind::Structure);
    assert!(schema.find("/m:book/entry/more").is_some());
    // In a structure, absolute paths start above it.
    let must = &schema.find("/m:book/entry/k").unwrap().musts()[0];
    assert_eq!(schema.xpath(must.xpath).reads, [schema.find("/m:book/entry").unwrap().id()]);
}

#[test]
fn submodules_add_to_their_module() {
    let main = "module m { yang-version 1.1; namespace urn:m; prefix m; include s; container c { uses g; leaf t { type t; } } }";
    let sub = "submodule s { yang-version 1.1; belongs-to m { prefix p; } grouping g { leaf a { type p:t; } } typedef t { type int8; }
        augment /p:c { leaf b { type t; } } }";
    for order in [[main, sub], [sub, main]] {
        let schema = compile(&order);
        assert_eq!(paths(&schema), ["/m:c", "/m:c/a", "/m:c/t", "/m:c/b"]);
        assert_eq!(schema.module(schema.find_module("m").unwrap()).submodules.len(), 1);
    }
}

#[test]
fn prefixes_mean_what_their_file_says() {
    let other = |name: &str| {
        format!("module {name} {{ namespace urn:{name}; prefix {name}; typedef t {{ type int8; }} }}")
    };
    let main = "module m { yang-version 1.1; namespace urn:m; prefix m; include s; import one { prefix x; } leaf a { type x:t; } }";
    let sub = "submodule s { yang-version 1.1; belongs-to m { prefix mine; } import two { prefix x; } leaf b { type x:t; } }";
    let schema = compile(&[main, sub, &other("one"), &other("two")]);
    let file = |path: &str| schema.find(path).unwrap().span().file;
    let (a, b) = (file("/m:a"), file("/m:b"));
    let found = |file, prefix: &str| schema.prefix(file, prefix).map(|m| schema.module_name(m));
    assert_eq!((found(a, "x"), found(b, "x")), (Some("one"), Some("two")));
    assert_eq!((found(a, "m"), found(b, "m")), (Some("m"), None));
    assert_eq!((found(a, "mine"), found(b, "mine")), (None, Some("m")));
    let m = schema.find_module("m").unwrap();
    assert_eq!((schema.prefix_of(a, m), schema.prefix_of(b, m)), (Some("m"), Some("mine")));
    let two = schema.find_module("two").unwrap();
    assert_eq!((schema.prefix_of(a, two), schema.prefix_of(b, two)), (None, Some("x")));
}

#[test]
fn statements_of_other_places_are_told_with_their_spans() {
    let base = "module base { namespace urn:base; prefix base; container c { leaf a { type string; } } }";
    let other = "module other { namespace urn:other; prefix o; import base { prefix b; }
        augment /b:c { leaf extra { type string; } } deviation /b:c/b:a { deviate add { units x; } } }";
    let schema = compile(&[base, other]);
    let texts = |span: yang_schema::Span| {
        let text = if schema.str(schema.file(span.file).path) == "t0" { base } else { other };
        &text[span.start as usize..span.end as usize]
    };
    let extra = schema.find("/base:c/other:extra").unwrap();
    let augment = extra.augmented_by().unwrap();
    assert_eq!((schema.module_name(augment.module), texts(augment.span)), ("other", "/b:c"));
    let a = schema.find("/base:c/a").unwrap();
    assert_eq!(a.deviated_by().iter().map(|d| texts(d.span)).collect::<Vec<_>>(), ["/b:c/b:a"]);
    assert!(a.augmented_by().is_none() && extra.deviated_by().is_empty());
}

#[test]
fn names_in_expressions_that_do_not_exist_are_warned_of() {
    let text = module(
        "container c { leaf a { type string; must \"../b = 'x'\"; } leaf d { type string; when \"../a\"; } }",
    );
    let compilation = Compiler::new().source("t", text).compile();
    assert!(compilation.schema.is_some());
    let found: Vec<_> =
        compilation.diagnostics.iter().map(|d| (d.severity, d.code.name(), d.message.as_str())).collect();
    assert_eq!(
        found,
        [(Severity::Warning, "xpath-node", "the `must` of `/c/a` names `b`, which is not in `/c`")]
    );
}

#[test]
fn a_schema_survives_its_blob() {
    let schema = compile(&[&module(
        "typedef t { type string { pattern '[a-z]+'; } default abc; } identity i; identity j { base i; }
         container c { leaf a { type t; must \"../b\"; } leaf b { type leafref { path ../a; } } leaf e { type identityref { base i; } default j; } }",
    )]);
    let bytes = schema.to_bytes();
    let again = Schema::from_bytes(&bytes).unwrap();
    assert_eq!(again.to_bytes(), bytes);
    assert_eq!(paths(&again), paths(&schema));
}

/// RFC 8341 section 3.2, RFC 8528 section 3.1; an extension of nobody's is asked for by its names.
#[test]
fn nodes_know_their_well_known_extensions() {
    let schema = Compiler::new()
        .source(
            "ietf-netconf-acm",
            "module ietf-netconf-acm { namespace urn:n; prefix nacm;
                extension default-deny-write; extension default-deny-all; }",
        )
        .source(
            "ietf-yang-schema-mount",
            "module ietf-yang-schema-mount { namespace urn:mnt; prefix mnt; extension mount-point { argument label; } }",
        )
        .source("x", "module x { namespace urn:x; prefix x; extension owner { argument name; } }")
        .source(
            "m",
            "module m { yang-version 1.1; namespace urn:m; prefix m;
                import ietf-netconf-acm { prefix a; } import ietf-yang-schema-mount { prefix mnt; } import x { prefix x; }
                container keys { a:default-deny-all; leaf secret { type string; x:owner crypto; } }
                leaf clock { type string; a:default-deny-write; }
                container slot { mnt:mount-point network-element; } }",
        )
        .compile()
        .schema
        .expect("the modules are valid");
    let node = |path: &str| schema.find(path).expect("it is there");
    assert_eq!(node("/m:keys").default_deny(), Some(DefaultDeny::All));
    assert_eq!(node("/m:keys/secret").default_deny(), None);
    assert_eq!(node("/m:clock").default_deny(), Some(DefaultDeny::Write));
    assert_eq!(node("/m:slot").mount_point(), Some("network-element"));
    assert_eq!(node("/m:keys").mount_point(), None);
    let owner = node("/m:keys/secret").extension("x", "owner").and_then(|e| e.argument);
    assert_eq!(owner.map(|name| schema.str(name)), Some("crypto"));
    assert_eq!(node("/m:keys/secret").extension("m", "owner"), None);
}
