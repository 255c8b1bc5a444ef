//! What is printed means what was read, printing it again changes nothing, and comments stay.

use super::*;
use crate::syntax::parse;
use proptest::prelude::*;
use yang_schema::FileId;

fn printed(text: &str) -> String {
    with(text, &YangOptions::default())
}

fn with(text: &str, options: &YangOptions) -> String {
    yang("m.yang", text, options).unwrap_or_else(|r| panic!("{:?} in\n{text}", r.diagnostics))
}

/// Statements with their depths and values.
fn statements(text: &str) -> Vec<(usize, String, Option<String>)> {
    fn walk(stmt: Stmt<'_>, depth: usize, out: &mut Vec<(usize, String, Option<String>)>) {
        out.push((depth, stmt.keyword_text().to_owned(), stmt.argument().map(str::to_owned)));
        stmt.children().for_each(|c| walk(c, depth + 1, out));
    }
    let (tree, _) = parse(FileId::from_index(0), text.into());
    let mut out = Vec::new();
    tree.top().for_each(|s| walk(s, 0, &mut out));
    out
}

/// The words of all comments.
fn comments(text: &str) -> Vec<String> {
    let (tree, _) = syntax::parse_with_comments(FileId::from_index(0), text.into());
    let words = |&(start, end): &Place| {
        text[start as usize..end as usize].split_whitespace().collect::<Vec<_>>().join(" ")
    };
    tree.comments().iter().map(words).collect()
}

fn holds(text: &str, options: &YangOptions) {
    let once = with(text, options);
    if !options.order {
        assert_eq!(statements(&once), statements(text), "{text}\n-- printed --\n{once}");
        let sorted = |text: &str| {
            let mut all = comments(text);
            all.sort();
            all
        };
        assert_eq!(sorted(&once), sorted(text));
    } else {
        assert_eq!(statements(&once).len(), statements(text).len());
    }
    assert_eq!(with(&once, options), once, "printed twice, from\n{text}");
}

#[test]
fn statements_get_lines_and_blocks_indentation() {
    assert_eq!(
        printed(
            "module m{namespace urn:m;prefix 'm';leaf a{type string;mandatory \"true\"; } container c { } list l { key 'a b'; } rpc r { input{ } } }"
        ),
        "module m {
  namespace \"urn:m\";
  prefix m;
  leaf a {
    type string;
    mandatory true;
  }
  container c;
  list l {
    key \"a b\";
  }
  rpc r {
    input;
  }
}
"
    );
}

#[test]
fn text_stands_on_lines_of_its_own() {
    assert_eq!(
        printed(
            "m x {\n description \"One.\n\n              Two,\n                three.  \";\n reference 'x'; contact \"\"; units \"a b\"; }"
        ),
        "m x {
  description
    \"One.

     Two,
       three.  \";
  reference
    \"x\";
  contact
    \"\";
  units \"a b\";
}
"
    );
}

#[test]
fn quotes_are_those_that_need_no_escapes() {
    assert_eq!(
        printed(r#"m x { pattern "\\d+"; pattern 'it''s'; }"#.replace("'it''s'", "\"it's \\\\d\"").as_str()),
        "m x {\n  pattern '\\d+';\n  pattern \"it's \\\\d\";\n}\n"
    );
    assert_eq!(printed("must \"a = \\\"b\\\"\";"), "must 'a = \"b\"';\n");
    assert_eq!(printed("must \"a = 'b'\";"), "must \"a = 'b'\";\n");
    assert_eq!(printed("enum \"up\"; "), "enum up;\n");
    assert_eq!(printed("enum 'a b';"), "enum \"a b\";\n");
    assert_eq!(printed("ex:note 1.0; ex:note x;"), "ex:note \"1.0\";\nex:note x;\n");
    assert_eq!(printed("leaf \"a b\"; leaf '';"), "leaf \"a b\";\nleaf \"\";\n");
}

#[test]
fn blanks_before_a_line_break_are_kept_where_they_count() {
    let text = "x \"one \\ntwo\t\\n\" + \"  three\";";
    holds(text, &YangOptions::default());
    assert_eq!(printed(text), "x\n  \"one \\n\"\n  + \"two\t\\n\"\n  + \"  three\";\n");
}

#[test]
fn long_values_are_joined_of_parts() {
    let path = "/interfaces/interface".repeat(8);
    let text = format!("leaf a {{ type leafref {{ path \"{path}\"; }} }}");
    let out = printed(&text);
    assert!(out.lines().all(|l| l.chars().count() <= 80), "{out}");
    assert!(out.contains("\"\n      + \"/interface"), "{out}");
    holds(&text, &YangOptions::default());
    let words = "must \"".to_owned() + &"count(../entry) > 1 and ".repeat(10) + "true()\";";
    assert!(printed(&words).lines().all(|l| l.chars().count() <= 80));
    let unbroken = "pattern '".to_owned() + &"a".repeat(300) + "';";
    assert!(printed(&unbroken).lines().all(|l| l.chars().count() <= 80));
    let narrow = YangOptions { line_length: 1, ..YangOptions::default() };
    let nothing = "pattern \"\";".to_owned();
    for text in [&text, &words, &unbroken, &nothing] {
        holds(text, &narrow);
    }
}

#[test]
fn comments_stay_where_they_are() {
    let text = "// Who made it.

/* A block
 * of lines. */
module m { // opens
  // alone


  leaf a; // behind
  leaf b /* between */ { type /* before */ string; /* c1 */ /* c2 */
      /* moved
         with it */
    }
  container c {
    // nothing yet
  }

  // last
} // end
// very end
";
    let expected = "// Who made it.

/* A block
 * of lines. */
module m { // opens
  // alone

  leaf a; // behind
  /* between */
  leaf b {
    /* before */
    type string; /* c1 */ /* c2 */
    /* moved
       with it */
  }
  container c {
    // nothing yet
  }

  // last
} // end
// very end
";
    assert_eq!(printed(text), expected);
    holds(text, &YangOptions::default());
}

#[test]
fn line_breaks_are_those_of_the_text() {
    let text = "module m {\r\n  // c\r\n  description \"a\r\n    b\";\r\n}\r\n";
    let out = printed(text);
    assert_eq!(out.matches('\n').count(), out.matches("\r\n").count(), "{out:?}");
    holds(text, &YangOptions::default());
}

#[test]
fn the_canonical_order_is_for_who_asks_for_it() {
    let options = YangOptions { order: true, ..YangOptions::default() };
    let text = "module m { description d; prefix m; leaf z { description x; // d
      ex:after; type string; when 1; } grouping g; leaf a; namespace urn:m; revision 2020-01-01; import b { prefix b; } }";
    let out = with(text, &options);
    let order: Vec<_> = statements(&out).into_iter().map(|(_, keyword, _)| keyword).collect();
    assert_eq!(
        order,
        [
            "module",
            "namespace",
            "prefix",
            "import",
            "prefix",
            "description",
            "revision",
            "leaf",
            "when",
            "type",
            "description",
            "ex:after",
            "grouping",
            "leaf"
        ]
    );
    assert!(out.contains("\"x\"; // d\n    ex:after;"), "{out}");
    holds(text, &options);
}

#[test]
fn what_is_no_yang_is_refused() {
    let refusal = yang("m.yang", "module m { leaf a }", &YangOptions::default()).unwrap_err();
    assert_eq!(refusal.diagnostics.len(), 1);
    assert_eq!(refusal.sources.locate(refusal.diagnostics[0].span().unwrap()), "m.yang:1:17");
    assert!(yang("m.yang", &"a {".repeat(50_000), &YangOptions::default()).is_err());
}

#[test]
#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn real_modules_mean_the_same_and_are_printed_alike_again() {
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(std::path::PathBuf::from) else {
        eprintln!("skipped: YANG_CORPUS is not set");
        return;
    };
    let ordered = YangOptions { order: true, ..YangOptions::default() };
    let mut count = 0;
    for directory in ["yang", "conformance/kitchen-sink", "conformance/reject"] {
        for path in crate::yang_files(&corpus.join(directory), true).unwrap() {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            if parse(FileId::from_index(0), text.as_str().into()).1.has_errors() {
                continue;
            }
            holds(&text, &YangOptions::default());
            holds(&text, &ordered);
            count += 1;
        }
    }
    assert!(count > 400);
}

proptest! {
    #[test]
    fn any_value_survives(value in "[ -~\\t\\n\\\\\"'é]{0,60}", spaces in "[ \\t\\n]{0,3}", depth in 0usize..3, width in 0usize..100) {
        let escaped: String = value.chars().map(|c| match c {
            '"' => "\\\"".to_owned(),
            '\\' => "\\\\".to_owned(),
            '\n' => "\\n".to_owned(),
            c => c.to_string(),
        }).collect();
        for keyword in ["description", "pattern", "must", "leaf", "default", "ex:note", "path"] {
            let text = "a {".repeat(depth) + &format!("{keyword}{spaces} \"{escaped}\";") + &"}".repeat(depth);
            let read = statements(&text);
            prop_assert_eq!(read.last().unwrap().2.as_deref(), Some(value.as_str()));
            let options = YangOptions { line_length: width, ..YangOptions::default() };
            holds(&text, &options);
        }
    }

    #[test]
    fn any_layout_of_comments_is_printed_alike_again(words in prop::collection::vec(prop::sample::select(vec![
        "a", "{", "}", ";", " ", "\n", "\n\n\n", "/* b */", "// c\n", "/* d\n   e\n */", "\"f\n  g\"", "'h'", "+",
    ]), 0..40)) {
        let text = words.join(" ");
        if !parse(FileId::from_index(0), text.as_str().into()).1.has_errors() {
            holds(&text, &YangOptions::default());
        }
    }
}
