//! What YANG adds: its functions, its values, its contexts.

use super::*;

#[test]
fn values_are_compared_in_canonical_form() {
    check(&[
        ("string(flags)", "\"UP DOWN\""),
        ("string(blob)", "\"Zm9v\""),
        ("string(kind)", "\"base:des3\""),
        ("kind = 'base:des3'", "true"),
        ("kind = alg", "true"),
        ("string(inst)", "\"/model:top/item[name='ten']/size\""),
        ("colour = 'blue'", "true"),
    ]);
}

#[test]
fn defaults_are_there() {
    check(&[
        ("item[name='two']/size", "item[name='two']/size"),
        ("item[name='two']/size = 5", "true"),
        ("empty-np/d", "empty-np/d"),
        ("string(empty-np/d)", "\"dflt\""),
        ("presence", ""),
        ("count(empty-np)", "1"),
    ]);
    let world = World::new();
    let explicit = View::of(&world.tree);
    assert_eq!(
        shown(&eval(&explicit, "item/size | empty-np").expect("a path")),
        "item[name='one']/size item[name='ten']/size"
    );
}

#[test]
fn yang_functions() {
    check(&[
        ("current()/price", "price"),
        ("item[name = current()/ref]/name", "item[name='two']/name"),
        ("re-match('1.22.333', '\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}')", "true"),
        ("re-match('aax', 'a+')", "false"),
        ("count(item[re-match(name, 't.*')])", "2"),
        ("deref(ref)", "item[name='two']/name"),
        ("deref(ref)/../note", "item[name='two']/note"),
        ("deref(sub-b)/../v", "item[name='one']/sub[a='1'][b='q']/v"),
        ("deref(tag-ref)", "item[name='one']/tag[.='x'] item[name='two']/tag[.='x']"),
        ("deref(by-note)", "item[name='ten']/note"),
        ("deref(either)", "item[name='ten']/note"),
        ("deref(inst)", "item[name='ten']/size"),
        ("deref(price)", ""),
        ("deref(nowhere)", ""),
        ("derived-from(kind, 'base:crypto')", "true"),
        ("derived-from(kind, 'base:des')", "true"),
        ("derived-from(kind, 'base:des3')", "false"),
        ("derived-from-or-self(kind, 'base:des3')", "true"),
        ("derived-from-or-self(kind, 'base:other')", "false"),
        ("derived-from-or-self(kind, 'base:unknown')", "false"),
        ("derived-from(price, 'base:crypto')", "false"),
        ("derived-from(nowhere, 'base:crypto')", "false"),
        ("enum-value(colour)", "7"),
        ("enum-value(price)", "NaN"),
        ("enum-value(nowhere)", "NaN"),
        ("bit-is-set(flags, 'UP')", "true"),
        ("bit-is-set(flags, 'SIDEWAYS')", "false"),
        ("bit-is-set(price, 'UP')", "false"),
        ("bit-is-set(nowhere, 'UP')", "false"),
    ]);
}

#[test]
fn expressions_of_the_schema_know_their_prefixes() {
    // `alg` and `strong` come from a grouping of another module: names without prefix belong to the module of the `uses`, while
    // `ba` in the string is the prefix that the grouping's module gives itself.
    let world = World::new();
    let view = world.view();
    let strong = world.schema().find("/model:top/strong").expect("it is there");
    let must = strong.musts()[0].xpath;
    let top = top(&view);
    // The leaf is not set; its place is what the expression starts from, so any child of the same parent will do.
    let sibling = top.child_named(strong.module(), "flag").expect("it is set");
    assert_eq!(xpath::holds(must, &sibling), Ok(true));
    assert!(matches!(xpath::evaluate(must, &sibling), Ok(XPathValue::Boolean(true))));
}

fn leafref_of(schema: &Schema, path: &str) -> yang_schema::XPathId {
    match schema.find(path).and_then(|n| n.type_()).expect("a leaf").detail() {
        TypeDetail::Leafref { path, .. } => *path,
        other => panic!("{path} is no leafref but {other:?}"),
    }
}

#[test]
fn leafrefs_find_their_targets() {
    let world = World::new();
    let view = world.view();
    let top = top(&view);
    let model = world.schema().find_module("model").expect("it is there");
    for (leaf, found) in [
        ("ref", "item[name='two']/name"),
        ("sub-item", "item[name='one']/name"),
        ("sub-b", "item[name='one']/sub[a='1'][b='q']/b"),
        ("by-note", "item[name='ten']/note"),
    ] {
        let path = leafref_of(world.schema(), &format!("/model:top/{leaf}"));
        let leaf = top.child_named(model, leaf).expect("it is set");
        let targets =
            xpath::leafref_targets(&leaf, path, leaf.value().expect("it has a value")).expect("a path");
        let paths: Vec<String> = targets.iter().map(|t| t.path().replace("/model:top/", "")).collect();
        assert_eq!(paths, [found]);
    }
    let path = leafref_of(world.schema(), "/model:top/ref");
    let leaf = top.child_named(model, "ref").expect("it is set");
    let nobody = yang_schema::Value::String("nobody".into());
    assert_eq!(xpath::leafref_targets(&leaf, path, &nobody), Ok(Vec::new()));
}

#[test]
fn an_rpc_sees_itself_and_the_datastore() {
    let world = World::new();
    let rpc = world.schema().find("/model:run").expect("it is there");
    let input = rpc.children().next().expect("every rpc has an input").id();
    let tree =
        decode_at(world.schema(), input, r#"<what xmlns="urn:model">two</what><n xmlns="urn:model">3</n>"#)
            .expect("it is valid");
    let view = world.view().operation(&tree, None);
    let run = view.operation_node().expect("it was given");
    let value = |text| shown(&eval_at(&run, text, None).expect(text));
    assert_eq!(value("n + 1"), "4");
    assert_eq!(value("/run/n"), "/model:run/n");
    assert_eq!(value("/top/item[name = current()/what]/note"), "item[name='two']/note");
    assert_eq!(value("deref(what)"), "item[name='two']/name");
    assert_eq!(value("what/../n"), "/model:run/n");
    assert_eq!(value("count(/*)"), "2");
    assert_eq!(value("//n"), "/model:run/n");
}

/// What a user's filter sees: prefixes of its own for the modules.
struct OwnPrefixes<'s>(&'s Schema);

impl xpath::Names for OwnPrefixes<'_> {
    fn default_module(&self) -> Option<yang_schema::ModuleId> {
        None
    }

    fn module(&self, prefix: &str) -> Option<yang_schema::ModuleId> {
        (prefix == "mine").then(|| self.0.find_module("base")).flatten()
    }

    fn prefix(&self, module: yang_schema::ModuleId) -> Option<std::borrow::Cow<'_, str>> {
        Some(self.0.module_name(module).into())
    }
}

#[test]
fn an_identity_equals_its_name_by_any_prefix_of_its_module() {
    let world = World::new();
    let view = world.view();
    for (text, expected) in [
        ("kind = 'mine:des3'", true),
        ("kind != 'mine:des3'", false),
        ("kind = 'mine:des'", false),
        ("kind = 'des3'", false),
        ("kind = 'yours:des3'", false),
        ("by-kind[kind = 'mine:des']/v = 'single'", true),
        ("derived-from(kind, 'mine:des')", true),
        ("kind/text() = 'mine:des3'", true),
    ] {
        let expr = yang_schema::xpath::parse(text, &mut |_| None).expect(text);
        let value = xpath::evaluate_expr(&expr, &OwnPrefixes(world.schema()), &top(&view), None).expect(text);
        assert_eq!(value.boolean(), expected, "{text}");
    }
}
