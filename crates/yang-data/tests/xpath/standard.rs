//! XPath 1.0.

use super::*;

#[test]
fn paths_select_nodes_in_the_order_of_the_document() {
    check(&[
        (".", "/model:top"),
        ("..", "/"),
        ("/", "/"),
        ("/top", "/model:top"),
        ("/m:top/m:price", "price"),
        ("/crypt:top", ""),
        ("item/size", "item[name='one']/size item[name='ten']/size item[name='two']/size"),
        ("item/tag", "item[name='one']/tag[.='x'] item[name='one']/tag[.='a'] item[name='two']/tag[.='x']"),
        ("price | flag | price", "price flag"),
        ("flag | price", "price flag"),
        ("price/..", "/model:top"),
        ("item/name/..", "item[name='one'] item[name='ten'] item[name='two']"),
        (
            "//v",
            "item[name='one']/sub[a='1'][b='p']/v item[name='one']/sub[a='1'][b='q']/v item[name='one']/sub[a='2'][b='p']/v mixed[id='7']/v mixed[id='x']/v by-kind[kind='base:des']/v",
        ),
        (
            ".//a",
            "item[name='one']/sub[a='1'][b='p']/a item[name='one']/sub[a='1'][b='q']/a item[name='one']/sub[a='2'][b='p']/a",
        ),
        ("nowhere", ""),
        ("price/x", ""),
        ("count(*)", "22"),
        ("count(m:*) = count(*)", "true"),
        ("crypt:*", ""),
        ("@price", ""),
        ("namespace::*", ""),
        ("comment() | processing-instruction()", ""),
    ]);
}

#[test]
fn axes_go_where_they_say() {
    check(&[
        ("price/following-sibling::*[1]", "flag"),
        ("price/preceding-sibling::*[1]", "mixed[id='x']"),
        ("price/preceding-sibling::mixed[2]", "mixed[id='7']"),
        ("price/preceding-sibling::mixed", "mixed[id='7'] mixed[id='x']"),
        (
            "item[name='one']/sub[1]/v/ancestor::*",
            "/model:top item[name='one'] item[name='one']/sub[a='1'][b='p']",
        ),
        ("item[name='one']/sub[1]/v/ancestor::*[1]", "item[name='one']/sub[a='1'][b='p']"),
        ("item[name='one']/sub[1]/v/ancestor::node()[last()]", "/"),
        ("price/ancestor-or-self::*", "/model:top price"),
        ("item[name='two']/name/following::tag", "item[name='two']/tag[.='x']"),
        ("item[name='two']/name/preceding::tag", "item[name='one']/tag[.='x'] item[name='one']/tag[.='a']"),
        ("item[name='two']/name/preceding::tag[1]", "item[name='one']/tag[.='a']"),
        ("item[name='two']/preceding::name[1]", "item[name='ten']/name"),
        (
            "mixed[1]/descendant-or-self::node()",
            "mixed[id='7'] mixed[id='7']/id mixed[id='7']/id/text() mixed[id='7']/v mixed[id='7']/v/text()",
        ),
        ("mixed[1]/descendant::text()", "mixed[id='7']/id/text() mixed[id='7']/v/text()"),
        ("price/self::price", "price"),
        ("price/self::flag", ""),
        ("count(//node()) = count(/descendant::node())", "true"),
        ("/following::* | /preceding::* | /..", ""),
    ]);
}

#[test]
fn predicates_count_positions_along_the_axis() {
    check(&[
        ("item[2]", "item[name='ten']"),
        ("item[last()]", "item[name='two']"),
        ("item[position() > 1]", "item[name='ten'] item[name='two']"),
        ("item[position() = 1 or position() = 3]", "item[name='one'] item[name='two']"),
        ("item[0] | item[4] | item[1.5]", ""),
        ("item/tag[1]", "item[name='one']/tag[.='x'] item[name='two']/tag[.='x']"),
        ("(item/tag)[1]", "item[name='one']/tag[.='x']"),
        ("item[tag][2]", "item[name='two']"),
        ("item[2][tag]", ""),
        ("item[note]/name", "item[name='ten']/name item[name='two']/name"),
        ("item[size > 5]/name", "item[name='one']/name item[name='ten']/name"),
        ("item['']", ""),
        ("item['x'][1]", "item[name='one']"),
        ("(item | mixed)[last()]", "mixed[id='x']"),
        ("item[count(tag) = 2]", "item[name='one']"),
    ]);
}

#[test]
fn comparisons_are_existential() {
    check(&[
        ("item/name = 'two'", "true"),
        ("item/name != 'two'", "true"),
        ("not(item/name = 'two')", "false"),
        ("item/name = 'x'", "false"),
        ("nowhere = 'x'", "false"),
        ("nowhere != 'x'", "false"),
        ("nowhere = nowhere", "false"),
        ("nowhere = false()", "true"),
        ("item = true()", "true"),
        ("item/size > 99", "true"),
        ("item/size < 5", "false"),
        ("5 >= item/size", "true"),
        ("100 < item/size", "false"),
        ("item/name = ref", "true"),
        ("item/note = item/name", "false"),
        ("item/note != item/name", "true"),
        ("price != price", "false"),
        ("item/name != item/name", "true"),
        ("item/size > item[1]/size", "true"),
        ("item/size < item/name", "false"),
        ("price = 3.1", "true"),
        ("price = '3.1'", "true"),
        ("price = '3.10'", "false"),
        ("price > 3", "true"),
        ("1 = '1.0'", "true"),
        ("'1' = '1.0'", "false"),
        ("'a' < 'b'", "false"),
        ("'1' < '2'", "true"),
        ("true() = 'x'", "true"),
        ("true() > false()", "true"),
        ("1 < 2 < 1", "false"),
        ("flag = 'true'", "true"),
        ("nothing = ''", "true"),
    ]);
}

#[test]
fn numbers_follow_the_rules_of_xpath() {
    check(&[
        ("1 + 2 * 3 - -4", "11"),
        ("5 mod 2", "1"),
        ("5 mod -2", "1"),
        ("-5 mod 2", "-1"),
        ("1.5 mod 0.5", "0"),
        ("1 div 4", "0.25"),
        ("string(1 div 0)", "\"Infinity\""),
        ("string(-1 div 0)", "\"-Infinity\""),
        ("string(0 div 0)", "\"NaN\""),
        ("string(-0)", "\"0\""),
        ("string(1000000000000000000000)", "\"1000000000000000000000\""),
        ("string(0.000001)", "\"0.000001\""),
        ("string(2.50)", "\"2.5\""),
        ("number('+1')", "NaN"),
        ("number('1e3')", "NaN"),
        ("number(' -12.50 ')", "-12.5"),
        ("number('')", "NaN"),
        ("number('.')", "NaN"),
        ("number('.5')", "0.5"),
        ("number('5.')", "5"),
        ("number('- 1')", "NaN"),
        ("number(true())", "1"),
        ("number(item)", "NaN"),
        ("number(item/size)", "10"),
        ("sum(item/size)", "115"),
        ("sum(nowhere)", "0"),
        ("floor(-1.5)", "-2"),
        ("ceiling(-1.5)", "-1"),
        ("round(2.5)", "3"),
        ("round(-2.5)", "-2"),
        ("round(0.49999999999999994)", "0"),
        ("1 div round(-0.2)", "-inf"),
        ("string(round(0 div 0))", "\"NaN\""),
    ]);
}

#[test]
fn strings_follow_the_rules_of_xpath() {
    check(&[
        ("concat('a', 1, true())", "\"a1true\""),
        ("starts-with('abc', 'ab')", "true"),
        ("starts-with('abc', '')", "true"),
        ("contains('abc', 'bc')", "true"),
        ("substring-before('1999/04/01', '/')", "\"1999\""),
        ("substring-after('1999/04/01', '/')", "\"04/01\""),
        ("substring-after('abc', 'x')", "\"\""),
        ("substring('12345', 2, 3)", "\"234\""),
        ("substring('12345', 2)", "\"2345\""),
        ("substring('12345', 1.5, 2.6)", "\"234\""),
        ("substring('12345', 0, 3)", "\"12\""),
        ("substring('12345', 0 div 0, 3)", "\"\""),
        ("substring('12345', 1, 0 div 0)", "\"\""),
        ("substring('12345', -42, 1 div 0)", "\"12345\""),
        ("substring('12345', -1 div 0, 1 div 0)", "\"\""),
        ("substring('äöü', 2, 1)", "\"ö\""),
        ("string-length('äöü')", "3"),
        ("normalize-space('  a \t b\n ')", "\"a b\""),
        ("translate('bar', 'abc', 'AB')", "\"BAr\""),
        ("translate('--aaa--', 'abc-', 'ABC')", "\"AAA\""),
        ("string(item[1]/sub[1])", "\"1p1p\""),
        ("string(nowhere)", "\"\""),
        ("string(item[2]/size)", "\"100\""),
        ("string(mixed[1])", "\"7number\""),
        ("boolean('false')", "true"),
        ("boolean('')", "false"),
        ("boolean(0)", "false"),
        ("boolean(0 div 0)", "false"),
        ("not(nowhere)", "true"),
        ("lang('en')", "false"),
        ("id('x')", ""),
    ]);
}

#[test]
fn functions_without_argument_ask_the_context() {
    check(&[
        ("item[string-length() > 8]/name", "item[name='one']/name item[name='two']/name"),
        ("item/name[string() = 'two']", "item[name='two']/name"),
        ("item/size[number() = 10]", "item[name='one']/size"),
        ("item/name[normalize-space() = 'two']", "item[name='two']/name"),
        ("*[local-name() = 'price']", "price"),
        ("name(price)", "\"model:price\""),
        ("local-name()", "\"top\""),
        ("local-name(/)", "\"\""),
        ("namespace-uri(price)", "\"urn:model\""),
        ("local-name(nowhere)", "\"\""),
    ]);
}

#[test]
fn text_nodes_stand_inside_leaves() {
    check(&[
        ("price/text()", "price/text()"),
        ("price/text() = '3.1'", "true"),
        ("price/text()/..", "price"),
        ("price/node()", "price/text()"),
        ("nothing/text()", ""),
        ("item/text()", ""),
        ("text()", ""),
        ("price/text()/text()", ""),
        ("price/text()/following-sibling::*", ""),
        ("count(item[1]//text())", "13"),
        ("local-name(price/text())", "\"\""),
    ]);
}

#[test]
fn what_can_fail_only_with_data_fails_then() {
    // What is given where nodes are needed is known without data: the parser refuses it.
    for text in ["count('x')", "sum(1)", "price | 1", "true()/x"] {
        assert!(yang_schema::xpath::parse(text, &mut |_| None).is_err(), "{text}");
    }
    let world = World::new();
    let error = eval(&world.view(), "re-match('a', '[')").expect_err("it is no pattern");
    assert!(error.to_string().contains("no pattern"), "{error}");
}

#[test]
fn what_is_not_needed_is_not_evaluated() {
    check(&[("true() or re-match('a', '[')", "true"), ("false() and re-match('a', '[')", "false")]);
}

#[test]
fn deep_expressions_fit_the_stack_of_any_thread() {
    let world = World::new();
    let view = world.view();
    let depth = yang_schema::xpath::MAX_DEPTH / 2 - 2;
    let nested = format!("{}1{}", "self::node()[".repeat(depth), "]".repeat(depth));
    let calls = format!("{}1{}", "not(".repeat(depth), ")".repeat(depth));
    std::thread::scope(|scope| {
        let run = || {
            assert_eq!(shown(&eval(&view, &nested).expect("it is deep")), "/model:top");
            eval(&view, &calls).expect("it is deep");
        };
        // Two mebibytes: what threads of the standard library and of tokio have.
        let thread = std::thread::Builder::new().stack_size(2 << 20).spawn_scoped(scope, run);
        thread.expect("a thread starts").join().expect("no overflow");
    });
}

#[test]
fn the_root_alone_is_no_trouble() {
    let schema = schema(&[BASE, MODEL]);
    let tree = Tree::new(schema);
    let view = View::of(&tree);
    assert_eq!(tree.at(), NodeId::ROOT);
    let value = |text| shown(&eval_at(&view.root(), text, None).expect(text));
    assert_eq!(value("count(//node())"), "0");
    assert_eq!(value("string(/)"), "\"\"");
    assert_eq!(value("top/item[name = 'x']"), "");
}

#[test]
fn work_that_grows_with_the_square_of_the_data_is_counted() {
    let world = World::new();
    let view = world.view();
    for text in [
        "item[contains(/, 'zz')]",
        "item[string-length(..) = 1]",
        "item[.. = 'x']",
        "item[. > /]",
        "//*[following-sibling::nowhere]",
        "//*[preceding-sibling::nowhere]",
        "//*[following::nowhere]",
        "sum(//*[number(/) = 1])",
        "//*[translate(/, 'a', 'b') = 'x']",
    ] {
        let limited = eval_at(&top(&view), text, Some(120));
        assert!(matches!(limited, Err(EvaluationError::TooManyNodes(120))), "{text}: {limited:?}");
        assert!(eval_at(&top(&view), text, Some(1_000_000)).is_ok(), "{text}");
    }
}

#[test]
fn translate_drops_replaces_and_takes_the_first_of_two() {
    check(&[
        ("translate('bar', 'abc', 'ABC')", "\"BAr\""),
        ("translate('--aaa--', 'abc-', 'ABC')", "\"AAA\""),
        ("translate('aba', 'aa', 'xy')", "\"xbx\""),
        ("translate('', 'a', 'b')", "\"\""),
    ]);
}
