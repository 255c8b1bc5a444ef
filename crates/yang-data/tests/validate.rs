//! Validation: RFC 7950 sections 8.1, 8.3 and 15.

mod common;
use common::*;
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::View;

fn check(module: &str, data: &str) -> String {
    let schema =
        schema(&[&format!("module m {{ yang-version 1.1; namespace 'urn:m'; prefix m; {module} }}")]);
    brief(&faults(&tree(&schema, &data.replace("<top", "<top xmlns='urn:m'"))))
}

#[test]
fn mandatory_leaves_are_demanded_where_their_parents_are() {
    let module = "container top { leaf a { type string; mandatory true; }
        container p { presence x; leaf b { type string; mandatory true; } }
        container np { anydata c { mandatory true; } }
        list l { key k; leaf k { type string; } leaf d { type string; mandatory true; } } }";
    assert_eq!(check(module, ""), "data-missing - /m:top/a\ndata-missing - /m:top/np/c");
    assert_eq!(
        check(module, "<top><a/><p/><np><c/></np><l><k>1</k></l><l><k>2</k><d/></l></top>"),
        "data-missing - /m:top/p/b\ndata-missing - /m:top/l[k='1']/d"
    );
}

#[test]
fn mandatory_nodes_of_a_case_only_where_the_case_is_chosen() {
    let module = "container top { choice c { mandatory true;
        case a { leaf a1 { type string; mandatory true; } leaf a2 { type string; } }
        case b { leaf b1 { type string; } } } }";
    assert_eq!(check(module, ""), "data-missing missing-choice /m:top");
    assert_eq!(check(module, "<top><b1/></top>"), "");
    assert_eq!(check(module, "<top><a2/></top>"), "data-missing - /m:top/a1");
}

#[test]
fn a_missing_choice_is_named() {
    let schema = schema(&[
        "module m { namespace 'urn:m'; prefix m; container top { choice how { mandatory true; leaf a { type string; } } } }",
    ]);
    let errors = faults(&tree(&schema, ""));
    assert_eq!(errors[0].info, [yang_data::error::ErrorInfo::MissingChoice("how".to_owned())]);
}

#[test]
fn numbers_of_entries() {
    let module = "container top { leaf-list x { type uint8; min-elements 1; max-elements 2; }
        list l { key k; max-elements 1; leaf k { type uint8; } } }";
    assert_eq!(check(module, ""), "operation-failed too-few-elements /m:top/x");
    assert_eq!(check(module, "<top><x>1</x><x>2</x></top>"), "");
    assert_eq!(
        check(module, "<top><x>1</x><x>2</x><x>3</x><l><k>1</k></l><l><k>2</k></l></top>"),
        "operation-failed too-many-elements /m:top/x\noperation-failed too-many-elements /m:top/l"
    );
}

#[test]
fn must_is_evaluated_for_each_node_and_for_defaults() {
    let module = "container top {
        leaf max { type uint8; default 5; must '. <= 10' { error-message 'Too much.'; error-app-tag too-much; } }
        list l { key k; leaf k { type uint8; } must 'k < ../max'; }
        container np { must '../max != 7'; } }";
    assert_eq!(
        check(module, "<top><l><k>4</k></l><l><k>6</k></l></top>"),
        "operation-failed must-violation /m:top/l[k='6']"
    );
    assert_eq!(check(module, "<top><max>11</max></top>"), "operation-failed too-much /m:top/max");
    assert_eq!(
        check(module, "<top><max>7</max></top>"),
        "operation-failed must-violation /m:top/np",
        "it exists without content"
    );
}

#[test]
fn the_models_words_win() {
    let schema = schema(&[
        "module m { namespace 'urn:m'; prefix m; leaf top { type uint8; must '. < 3' { error-message 'Below 3, please.'; } } }",
    ]);
    let errors = faults(&tree(&schema, "<top xmlns='urn:m'>3</top>"));
    assert_eq!(errors[0].message, "Below 3, please.");
}

#[test]
fn nodes_whose_when_does_not_hold() {
    let module = "container top { leaf a { type string; }
        leaf b { when \"../a = 'x'\"; type string; mandatory true; }
        choice c { when '../a'; leaf d { type string; } }
        container e { when \"../a = 'x'\"; leaf f { type string; mandatory true; } } }
        augment /top { when \"a = 'y'\"; leaf g { type string; mandatory true; } }";
    // Conditions of a choice are asked at its parent.
    assert_eq!(check(module, ""), "");
    assert_eq!(check(module, "<top><a>x</a></top>"), "data-missing - /m:top/b\ndata-missing - /m:top/e/f");
    assert_eq!(
        check(module, "<top><a>y</a><b/><e><f/></e></top>"),
        "data-missing - /m:top/g\nunknown-element - /m:top/b\nunknown-element - /m:top/e"
    );
}

#[test]
fn leafrefs_refer_to_what_is_there() {
    let module = "container top {
        list l { key k; leaf k { type string; } leaf v { type uint8; } }
        leaf r { type leafref { path ../l/k; } }
        leaf s { type leafref { path ../l/k; require-instance false; } }
        leaf k { type leafref { path ../l/k; } }
        leaf v { type leafref { path '/top/l[k = current()/../k]/v'; } }
        leaf u { type union { type leafref { path ../l/k; } type uint8; } }
        leaf i { type instance-identifier; }
      }";
    let list = "<l><k>a</k><v>1</v></l><l><k>b</k><v>2</v></l>";
    assert_eq!(check(module, &format!("<top>{list}<r>a</r><s>z</s><k>b</k><v>2</v><u>a</u></top>")), "");
    assert_eq!(
        check(module, &format!("<top>{list}<r>c</r><k>b</k><v>1</v><u>c</u></top>")),
        "data-missing instance-required /m:top/r\ndata-missing instance-required /m:top/v\ndata-missing instance-required /m:top/u"
    );
    assert_eq!(
        check(module, &format!("<top>{list}<i xmlns:q='urn:m'>/q:top/q:l[q:k='a']/q:v</i></top>")),
        ""
    );
    assert_eq!(
        check(module, &format!("<top>{list}<i xmlns:q='urn:m'>/q:top/q:l[q:k='c']</i></top>")),
        "data-missing instance-required /m:top/i"
    );
}

#[test]
fn unique_looks_at_all_its_leaves_and_at_defaults() {
    let module = "container top { list l { key k; unique 'ip n/port'; leaf k { type uint8; }
        leaf ip { type string; } container n { leaf port { type uint8; default 5; } } } }";
    assert_eq!(
        check(
            module,
            "<top><l><k>1</k><ip>a</ip></l><l><k>2</k><ip>b</ip></l><l><k>3</k></l><l><k>4</k></l></top>"
        ),
        "",
        "entries without all leaves do not count"
    );
    assert_eq!(
        check(
            module,
            "<top><l><k>1</k><ip>a</ip></l><l><k>2</k><ip>a</ip><n><port>6</port></n></l><l><k>3</k><ip>a</ip><n><port>5</port></n></l></top>"
        ),
        "operation-failed data-not-unique /m:top/l[k='3']"
    );
}

#[test]
fn state_is_neither_allowed_nor_demanded_in_configuration() {
    let schema = schema(&["module m { namespace 'urn:m'; prefix m; container top { leaf a { type string; }
        container s { config false; leaf b { type string; mandatory true; } leaf c { type string; } } } }"]);
    let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
    let check = |data: &str| {
        let tree = tree(&schema, data);
        (brief(&validate(&View::of(&tree), &options)), brief(&faults(&tree)))
    };
    assert_eq!(
        check("<top xmlns='urn:m'><a/></top>"),
        (String::new(), "data-missing - /m:top/s/b".to_owned())
    );
    assert_eq!(
        check("<top xmlns='urn:m'><s><c/></s></top>"),
        ("unknown-element - /m:top/s".to_owned(), "data-missing - /m:top/s/b".to_owned())
    );
}

#[test]
fn modules_without_data_may_be_left_in_peace() {
    let schema = schema(&[
        "module m { namespace 'urn:m'; prefix m; leaf top { type string; mandatory true; } container c { leaf d { type string; mandatory true; } } }",
        "module n { namespace 'urn:n'; prefix n; leaf a { type string; } leaf b { type string; mandatory true; } }",
    ]);
    let tree = tree(&schema, "<a xmlns='urn:n'/>");
    let options = ValidateOptions { present_modules_only: true, ..ValidateOptions::default() };
    assert_eq!(brief(&validate(&View::of(&tree), &options)), "data-missing - /n:b");
    assert_eq!(brief(&faults(&tree)), "data-missing - /m:top\ndata-missing - /n:b\ndata-missing - /m:c/d");
}

const RPC: &str = "module m { yang-version 1.1; namespace 'urn:m'; prefix m;
    container top { leaf-list name { type string; } }
    rpc go { input {
        must 'fast or far';
        leaf name { type leafref { path '/top/name'; } mandatory true; }
        leaf fast { type empty; }
        leaf far { type uint8; must '. < 100'; }
        leaf slow { when 'not(../fast)'; type empty; }
    } output { leaf took { type uint8; mandatory true; } } }
    notification gone { leaf who { type leafref { path '/top/name'; } } } }";

#[test]
fn the_input_of_an_rpc_sees_the_datastore() {
    let schema = schema(&[RPC]);
    let store = tree(&schema, "<top xmlns='urn:m'><name>ann</name></top>");
    let module = schema.find_module("m").expect("it is there");
    let rpc = schema.find_rpc(module, "go").expect("it is there");
    let input = rpc.children().find(|c| c.name() == "input").expect("it is there").id();
    let check = |content: &str| {
        let content = content
            .replace('>', " xmlns='urn:m'>")
            .replace("</name xmlns='urn:m'>", "</name>")
            .replace("</far xmlns='urn:m'>", "</far>");
        let tree = decode_at(&schema, input, &content.replace("/ xmlns='urn:m'>", " xmlns='urn:m'/>"))
            .unwrap_or_else(|e| panic!("{}", lines(&e)));
        let view = View::new(schema.clone()).layer(&store).operation(&tree, None);
        brief(&validate(&view, &ValidateOptions::default()))
    };
    assert_eq!(check("<name>ann</name><fast/>"), "");
    assert_eq!(check(""), "operation-failed must-violation /m:go\nmissing-element - /m:go/name");
    assert_eq!(
        check("<name>bob</name><far>100</far><fast/><slow/>"),
        "data-missing instance-required /m:go/name\noperation-failed must-violation /m:go/far\nunknown-element - /m:go/slow"
    );
    let output = rpc.children().find(|c| c.name() == "output").expect("it is there").id();
    let empty = yang_data::tree::Tree::empty_at(schema.clone(), output);
    assert_eq!(
        brief(&validate(&View::of(&empty), &ValidateOptions::default())),
        "missing-element - /m:go/took"
    );
    let gone = schema.find_notification(module, "gone").expect("it is there").id();
    let gone = decode_at(&schema, gone, "<who xmlns='urn:m'>eve</who>").expect("it fits");
    let view = View::new(schema.clone()).layer(&store).operation(&gone, None);
    assert_eq!(
        brief(&validate(&view, &ValidateOptions::default())),
        "data-missing instance-required /m:gone/who"
    );
}

#[test]
fn an_action_stands_in_its_list_entry() {
    let schema = schema(&["module m { yang-version 1.1; namespace 'urn:m'; prefix m;
        list server { key name; leaf name { type string; } leaf up { type boolean; }
          action reset { input { must \"../up = 'true'\"; leaf after { type uint8; must '../../up'; } } } } }"]);
    let store = tree(
        &schema,
        "<server xmlns='urn:m'><name>a</name><up>true</up></server><server xmlns='urn:m'><name>b</name></server>",
    );
    let action = schema.find("/m:server/reset").expect("it is there");
    let input = action.children().find(|c| c.name() == "input").expect("it is there").id();
    let content = decode_at(&schema, input, "<after xmlns='urn:m'>3</after>").expect("it fits");
    let stores = View::of(&store);
    let check = |i: usize| {
        let entry = stores.root().children().nth(i).expect("it is there").instance_identifier();
        let view = View::new(schema.clone()).layer(&store).operation(&content, Some(entry));
        brief(&validate(&view, &ValidateOptions::default()))
    };
    assert_eq!(check(0), "");
    assert_eq!(
        check(1),
        "operation-failed must-violation /m:server[name='b']/reset\noperation-failed must-violation /m:server[name='b']/reset/after"
    );
}

#[test]
fn a_condition_on_a_choice_is_one_on_its_nodes() {
    let module = "container top { leaf on { type boolean; } choice c { when 'on = \"true\"'; leaf a { type string; } } }";
    assert_eq!(check(module, "<top><on>true</on><a>x</a></top>"), "");
    assert_eq!(check(module, "<top><a>x</a></top>"), "unknown-element - /m:top/a");
}

#[test]
fn state_is_refused_in_configuration_however_deep() {
    let module = "container top { container a { leaf x { type string; } container s { config false; leaf y { type string; } } } }";
    let schema =
        schema(&[&format!("module m {{ yang-version 1.1; namespace 'urn:m'; prefix m; {module} }}")]);
    let tree = tree(&schema, "<top xmlns='urn:m'><a><x>1</x><s><y>2</y></s></a></top>");
    let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
    assert_eq!(brief(&validate(&View::of(&tree), &options)), "unknown-element - /m:top/a/s");
    assert_eq!(brief(&validate(&View::of(&tree), &ValidateOptions::default())), "");
}

const CONFIG_AND_STATE: &str = "container top {
    container c { leaf conf { type string; must 'not(../seen) and not(../told) and not(//told)'; }
      leaf dep { when \"../told = 'x'\"; type string; default d; }
      leaf all { config false; type string; must '../conf and ../seen and ../told'; must 'not(../dep)'; }
      leaf seen { config false; type string; }
      leaf told { config false; type string; default x; } } }";

/// RFC 7950 section 6.4.1: for a constraint on configuration, no state is there, not even a default of it.
#[test]
fn constraints_on_configuration_see_no_state() {
    let schema = schema(&[&format!(
        "module m {{ yang-version 1.1; namespace 'urn:m'; prefix m; {CONFIG_AND_STATE} }}"
    )]);
    let options = ValidateOptions { config_only: true, ..ValidateOptions::default() };
    let config = tree(&schema, "<top xmlns='urn:m'><c><conf>1</conf></c></top>");
    assert_eq!(brief(&validate(&View::of(&config), &options)), "");
    let data = tree(&schema, "<top xmlns='urn:m'><c><conf>1</conf><all/><seen>2</seen></c></top>");
    assert_eq!(brief(&faults(&data)), "");
    // Constraints on state see both.
    let none = tree(&schema, "<top xmlns='urn:m'><c><all/></c></top>");
    assert_eq!(brief(&faults(&none)), "operation-failed must-violation /m:top/c/all");
    let unmet = tree(&schema, "<top xmlns='urn:m'><c><conf>1</conf><dep>y</dep></c></top>");
    assert_eq!(brief(&validate(&View::of(&unmet), &options)), "unknown-element - /m:top/c/dep");
    assert_eq!(brief(&faults(&unmet)), "unknown-element - /m:top/c/dep");
}
