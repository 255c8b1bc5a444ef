//! Look-ups find what scans find, and properties.

use super::*;
use proptest::prelude::*;

#[test]
fn predicates_on_keys_find_what_a_scan_finds() {
    check(&[
        ("item[name = 'two']/note", "item[name='two']/note"),
        ("item['two' = name]", "item[name='two']"),
        ("item[m:name = 'two'][note]", "item[name='two']"),
        ("item[name = 'two'][size = 6]", ""),
        ("item[name = current()/ref]", "item[name='two']"),
        ("item[name = ../ref]", "item[name='two']"),
        ("item[name = 'nobody']", ""),
        ("item[name = /top/item/name]", "item[name='one'] item[name='ten'] item[name='two']"),
        ("item[name = concat('t', 'en')]", "item[name='ten']"),
        ("item[name = note]", ""),
        ("item[name = 'one'][name = 'one']", "item[name='one']"),
        ("item[name = 'one'][name = 'two']", ""),
        ("item[1]/sub[a = 1][b = 'q']/v", "item[name='one']/sub[a='1'][b='q']/v"),
        ("item[1]/sub[b = 'q' and a = '1']/v", "item[name='one']/sub[a='1'][b='q']/v"),
        (
            "item[1]/sub[a = '1']/v",
            "item[name='one']/sub[a='1'][b='p']/v item[name='one']/sub[a='1'][b='q']/v",
        ),
        ("item[1]/sub[a = '01'][b = 'p']", ""),
        ("item[1]/sub[a = 01][b = 'p']", "item[name='one']/sub[a='1'][b='p']"),
        ("item[1]/sub[a = 1.5][b = 'p']", ""),
        ("item[1]/sub[a = '1'][b = 'p'][last()]", "item[name='one']/sub[a='1'][b='p']"),
        (
            "item[1]/sub[a = current()/item[1]/sub/a][b = 'p']",
            "item[name='one']/sub[a='1'][b='p'] item[name='one']/sub[a='2'][b='p']",
        ),
        ("item[1]/tag[. = 'a']", "item[name='one']/tag[.='a']"),
        ("item[1]/tag[. = 'a'][2]", ""),
        ("mixed[id = '7']/v", "mixed[id='7']/v"),
        ("mixed[id = 7]/v", "mixed[id='7']/v"),
        ("mixed[id = 'x']/v", "mixed[id='x']/v"),
        ("by-kind[kind = 'base:des']/v", "by-kind[kind='base:des']/v"),
        ("by-kind[kind = 'des']/v", ""),
        ("item[name = true()]", "item[name='one'] item[name='ten'] item[name='two']"),
    ]);
}

#[test]
fn visited_nodes_are_limited() {
    let world = World::new();
    let view = world.view();
    assert_eq!(eval_at(&top(&view), "//node()", Some(10)), Err(EvaluationError::TooManyNodes(10)));
    assert!(eval_at(&top(&view), "item[name = 'two']/note", Some(10)).is_ok(), "a look-up visits few");
}

/// Paths with predicates on keys in forms that can and that cannot be looked up.
fn key_paths() -> impl Strategy<Value = (String, String)> {
    let key = prop::sample::select(vec![
        "'one'",
        "'two'",
        "'nobody'",
        "current()/ref",
        "'10'",
        "10",
        "/top/item/name",
    ]);
    let number = prop::sample::select(vec!["1", "'1'", "2", "'02'", "/top/item/sub/a", "1.5", "'p'"]);
    let name = prop::sample::select(vec!["'p'", "'q'", "/top/sub-b", "'x'"]);
    (key, number, name).prop_map(|(key, a, b)| {
        let fast = format!(
            "item[name = {key}]/name | item/sub[a = {a}][b = {b}]/v | item/sub[b = {b} and {a} = a]/v"
        );
        // `position() > 0` before and an `or` inside keep the look-up away.
        let slow = format!(
            "item[position() > 0][name = {key}]/name | item/sub[position() > 0][a = {a}][b = {b}]/v | \
             item/sub[(b = {b} and {a} = a) or false()]/v"
        );
        (fast, slow)
    })
}

proptest! {
    #[test]
    fn look_ups_and_scans_agree((fast, slow) in key_paths()) {
        let world = World::new();
        let view = world.view();
        let (fast, slow) = (eval(&view, &fast).expect("a path"), eval(&view, &slow).expect("a path"));
        prop_assert_eq!(shown(&fast), shown(&slow));
    }

    #[test]
    fn numbers_come_back_from_their_strings(n: f64) {
        prop_assume!(n.is_finite());
        let world = World::new();
        let view = world.view();
        let text = format!("number(string({n}))");
        let value = eval(&view, &text.replace("(-", "(0 - ")).expect("a number");
        prop_assert_eq!(value, XPathValue::Number(n));
    }
}
