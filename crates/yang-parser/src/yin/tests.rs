//! YIN and YANG say the same; what is no YIN is refused with its place.

use super::*;
use crate::Compiler;
use crate::print::{TreeOptions, YangOptions, tree, yang};
use crate::syntax::{self, Stmt, Tree};
use std::fs;
use std::path::PathBuf;
use yang_schema::FileId;

fn read(text: &str) -> (Tree, Vec<String>) {
    let (tree, diagnostics) = parse(FileId::from_index(0), text.into());
    let told = |d: &crate::Diagnostic| {
        let span = d.span().unwrap();
        format!("{}: {} [{}]", d.code, d.message, &text[span.start as usize..span.end as usize])
    };
    let found = diagnostics.list().iter().map(told).collect();
    (tree, found)
}

type Statement = (usize, String, Option<String>);

fn statements(tree: &Tree) -> Vec<Statement> {
    fn walk(stmt: Stmt<'_>, depth: usize, out: &mut Vec<Statement>) {
        out.push((depth, stmt.keyword_text().to_owned(), stmt.argument().map(str::to_owned)));
        stmt.children().for_each(|c| walk(c, depth + 1, out));
    }
    let mut out = Vec::new();
    tree.top().for_each(|s| walk(s, 0, &mut out));
    out
}

fn of_yang(text: &str) -> Vec<Statement> {
    statements(&syntax::parse(FileId::from_index(0), text.into()).0)
}

/// A directory of its own for files.
fn scratch(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let directory = std::env::temp_dir().join(format!("yang-parser-yin-{name}-{}", std::process::id()));
    fs::create_dir_all(&directory).unwrap();
    for (file, text) in files {
        fs::write(directory.join(file), text).unwrap();
    }
    directory
}

const EXTENSIONS: &str = "module exts { namespace urn:exts; prefix x;
  extension bare; extension named { argument label; } extension told { argument words { yin-element true; } } }";

const MODULE: &str = r#"module all {
  yang-version 1.1; namespace "urn:all?a&b"; prefix a; import exts { prefix e; }
  organization "O <&> \"q\""; description "  two
     lines\t and ]]> end ";
  e:bare; e:named "n'\"&\n"; e:told "t <b>"; e:told ""; e:told "  "; e:told x { e:bare; leaf odd { type string; } }
  extension own { argument o; } a:own v;
  leaf l { type string { pattern '[<&>"]\d\t' { error-message "no
      more"; } } must "a < 'b' and\n\tc" ; default ""; }
  rpc r { input { leaf i { type empty; } } output; }
}"#;

#[test]
fn every_kind_of_statement_goes_to_yin_and_back() {
    let directory = scratch(
        "kinds",
        &[
            ("exts.yang", EXTENSIONS),
            ("all.yang", &MODULE.replace("output;", "output { leaf o { type empty; } }")),
        ],
    );
    let path = directory.join("all.yang");
    let out = yin(&path, &[]).unwrap_or_else(|r| panic!("{:?}", r.diagnostics));
    let text = fs::read_to_string(&path).unwrap();
    fs::remove_dir_all(&directory).unwrap();
    for part in [
        "<module name=\"all\"\n        xmlns=\"urn:ietf:params:xml:ns:yang:yin:1\"\n        xmlns:a=\"urn:all?a&amp;b\"\n        xmlns:e=\"urn:exts\">\n",
        "  <organization>\n    <text>O &lt;&amp;&gt; \"q\"</text>\n  </organization>\n",
        "  <e:bare/>\n  <e:named label=\"n'&quot;&amp;&#10;\"/>\n  <e:told>\n    <e:words>t &lt;b&gt;</e:words>\n  </e:told>\n",
        "  <a:own o=\"v\"/>\n",
        "<must condition=\"a &lt; 'b' and&#10;&#9;c\"/>",
        "  <rpc name=\"r\">\n    <input>\n      <leaf name=\"i\">\n        <type name=\"empty\"/>\n",
    ] {
        assert!(out.contains(part), "{part}\nin\n{out}");
    }
    let (tree, faults) = read(&out);
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(statements(&tree), of_yang(&text));
    let back = yang("all.yin", &out, &YangOptions::default()).unwrap();
    assert_eq!(of_yang(&back), of_yang(&text));
}

#[test]
fn the_namespace_counts_and_not_the_prefix() {
    let text = "<?xml version='1.0' encoding='UTF-8'?>
<!-- c --><y:module xmlns:y='urn:ietf:params:xml:ns:yang:yin:1' name='m' xmlns:e='urn:e' xmlns:m='urn:m'>
  <y:namespace uri='urn:m'/><y:prefix value='m'/><y:import module='ext'><y:prefix value='e'/></y:import>
  <?pi?><other:note xmlns:other='urn:e' x='1'/><note xmlns='urn:m'><arg>a&#x41;<![CDATA[<&]]>b</arg></note>
  <y:leaf name='a&amp;'><y:type name='string'/></y:leaf>
</y:module>
<!-- end -->";
    let (tree, faults) = read(text);
    assert_eq!(faults, Vec::<String>::new());
    let found: Vec<_> = statements(&tree).into_iter().map(|(_, k, a)| (k, a.unwrap_or_default())).collect();
    let expected = [
        ("module", "m"),
        ("namespace", "urn:m"),
        ("prefix", "m"),
        ("import", "ext"),
        ("prefix", "e"),
        ("e:note", "1"),
        ("m:note", "aA<&b"),
        ("leaf", "a&"),
        ("type", "string"),
    ];
    assert_eq!(found, expected.map(|(k, a)| (k.to_owned(), a.to_owned())));
}

fn module(body: &str) -> String {
    format!("<module name=\"m\" xmlns=\"{NAMESPACE}\" xmlns:m=\"urn:m\"><prefix value=\"m\"/>{body}</module>")
}

#[test]
fn what_is_no_yin_is_told() {
    for (body, expected) in [
        ("<leaf nam='a'/>", "invalid-yin: the argument of `leaf` is `name`, not `nam` [nam]"),
        ("<input name='a'/>", "invalid-yin: `input` has no argument [name]"),
        ("<contact text='a'/>", "invalid-yin: the argument of `contact` is the element `text` [text]"),
        ("<leaf name='a'>x</leaf>", "invalid-yin: text in `leaf`, where statements stand [x]"),
        (
            "<contact><m:x/><text>a</text></contact>",
            "invalid-yin: `text` is not the first element below `contact` [text]",
        ),
        ("<contact><text>a<b/></text></contact>", "invalid-yin: `b` stands inside of an argument [b]"),
        ("<contact><text x='1'>a</text></contact>", "invalid-yin: `text` has no attribute [x]"),
        ("<m:x a='1' b='2'/>", "invalid-yin: an extension takes one argument at most [b]"),
        ("<m:x><m:y>a<m:z/></m:y></m:x>", "invalid-yin: text and elements are mixed [m:z]"),
        (
            "<leaf m:name='a'/>",
            "invalid-yin: `m:name`: the attribute of a statement has no namespace [m:name]",
        ),
        (
            "<leaf xmlns='' name='a'/>",
            "invalid-yin: `leaf` has no namespace; that of YIN is `urn:ietf:params:xml:ns:yang:yin:1` [leaf]",
        ),
        (
            "<z:leaf xmlns:z='urn:z'/>",
            "invalid-yin: no `import` has a prefix that is bound to `urn:z` [z:leaf]",
        ),
    ] {
        let (_, faults) = read(&module(body));
        assert_eq!(faults, [expected], "{body}");
    }
}

#[test]
fn what_is_no_xml_is_refused() {
    for (text, expected) in [
        ("", "there is no element in this document []"),
        ("<a", "this tag never ends [<]"),
        ("<a></b>", "expected `</a>`, found `</b>` [</b>]"),
        ("<a>", "the document ends inside of `a` []"),
        ("<a/><a/>", "a second root element [a]"),
        ("<a/>x", "text outside of the root element [x]"),
        ("<!DOCTYPE a><a/>", "a document type is not allowed [<!DOCTYPE]"),
        ("<a b='1' b='2'/>", "a second attribute `b` [b]"),
        ("<a b='<'/>", "`<` stands in the value of an attribute [<]"),
        ("<a b=1/>", "expected the value of the attribute in quotes [1]"),
        ("<a b='1'c='2'/>", "expected a blank, `>` or `/>` [c]"),
        ("<p:a/>", "the prefix `p` is not bound [p:a]"),
        ("<a xmlns:p=''/>", "`p` cannot be bound to `` [xmlns:p]"),
        ("<a:b:c/>", "`a:b:c` is no name with or without a prefix [a:b:c]"),
        ("<a><!-- -- --></a>", "`--` stands in a comment [--]"),
        ("<a><!-- </a>", "this comment never ends [<]"),
        ("<a><![CDATA[</a>", "this CDATA section never ends [<]"),
        ("<a>]]></a>", "`]]>` stands in a text []]>]"),
        ("<a>\u{1}</a>", "the character U+0001 may not stand in XML [\u{1}]"),
        (" <?xml version='1.0'?><a/>", "an XML declaration stands only at the start [<?xml]"),
        (
            "<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
            "the encoding `ISO-8859-1` is not supported: modules are UTF-8 [ version='1.0' encoding='ISO-8859-1']",
        ),
        ("<1/>", "expected the name of an element [1]"),
    ] {
        let (_, faults) = read(text);
        let last = faults.last().unwrap_or_else(|| panic!("{text} is taken"));
        assert_eq!(last, &format!("invalid-xml: {expected}"), "{text}");
    }
    for reference in
        ["&nbsp;", "&", "&#0;", "&#xD800;", "&#x110000;", "&#+65;", "&amp", "&;", "&#;", "&#99999999999999;"]
    {
        let (_, faults) = read(&module(&format!("<leaf name='{reference}'/>")));
        assert!(faults.len() == 1 && faults[0].starts_with("invalid-xml: `&"), "{reference}: {faults:?}");
    }
}

#[test]
fn depth_and_width_are_bounded() {
    let (_, faults) = read(&format!("<module xmlns='{NAMESPACE}'>{}", "<container name='a'>".repeat(50_000)));
    assert!(faults[0].starts_with("nesting-too-deep"), "{faults:?}");
    let many: String = (0..5_000).map(|i| format!(" a{i}=''")).collect();
    let (_, faults) = read(&format!("<a{many}/>"));
    assert!(faults[0].contains("more than 1024 attributes"), "{}", faults[0]);
    let (_, faults) = read(&module(&"<leaf nam=''/>".repeat(5_000)));
    assert_eq!(faults.len(), crate::syntax::MAX_FAULTS);
    let text = module("<e:told xmlns:e='urn:m'>&lt;<leaf name='ä'/></e:told>");
    (0..text.len()).filter(|&i| text.is_char_boundary(i)).for_each(|i| drop(read(&text[..i])));
}

#[test]
fn an_extension_whose_definition_is_not_found_cannot_be_mapped() {
    let directory = scratch(
        "missing",
        &[("m.yang", "module m { namespace urn:m; prefix m; import n { prefix n; } n:x 1; n:y; }")],
    );
    let refusal = yin(&directory.join("m.yang"), &[]).unwrap_err();
    let codes: Vec<_> = refusal.diagnostics.iter().map(|d| d.code.name()).collect();
    assert_eq!(codes, ["unknown-extension", "unknown-extension"]);
    assert_eq!(
        yin(&directory.join("nothing.yang"), &[]).unwrap_err().diagnostics[0].code.name(),
        "file-unreadable"
    );
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn modules_in_yin_are_found_and_compiled() {
    let directory = scratch(
        "compile",
        &[
            (
                "m.yang",
                "module m { yang-version 1.1; namespace urn:m; prefix m; import n { prefix n; } include s; uses n:g; }",
            ),
            (
                "n.yin",
                &format!(
                    "<module name='n' xmlns='{NAMESPACE}'><yang-version value='1.1'/><namespace uri='urn:n'/><prefix value='n'/><grouping name='g'><leaf name='a'><type name='uint8'><range value='1..5'/></type></leaf></grouping></module>"
                ),
            ),
            (
                "s.yin",
                &format!(
                    "<submodule name='s' xmlns='{NAMESPACE}'><yang-version value='1.1'/><belongs-to module='m'><prefix value='m'/></belongs-to><leaf name='b'><type name='strin'/></leaf></submodule>"
                ),
            ),
        ],
    );
    let compilation = Compiler::new().file(directory.join("m.yang")).compile();
    let told: Vec<_> = compilation
        .diagnostics
        .iter()
        .map(|d| {
            format!(
                "{} {}",
                d.code,
                compilation.sources.locate(d.span().unwrap()).rsplit('/').next().unwrap()
            )
        })
        .collect();
    let text = fs::read_to_string(directory.join("s.yin")).unwrap();
    let column = text.find("strin'").unwrap() + 1;
    assert_eq!(told, [format!("unknown-type s.yin:1:{column}")]);
    let text = text.replace("'strin'", "'string'");
    fs::write(directory.join("s.yin"), text).unwrap();
    let compilation = Compiler::new().file(directory.join("m.yang")).compile();
    let schema = compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics));
    assert!(schema.find("/m:a").is_some() && schema.find("/m:b").is_some());
    fs::remove_dir_all(&directory).unwrap();
}

#[test]
fn a_prefix_is_bound_to_the_namespace_of_its_module() {
    let directory = scratch(
        "namespaces",
        &[
            ("exts.yang", EXTENSIONS),
            (
                "m.yin",
                &format!(
                    "<module name='m' xmlns='{NAMESPACE}' xmlns:x='urn:other'><namespace uri='urn:m'/><prefix value='m'/><import module='exts'><prefix value='x'/></import><x:bare/></module>"
                ),
            ),
        ],
    );
    let compilation = Compiler::new().file(directory.join("m.yin")).compile();
    let codes: Vec<_> = compilation.diagnostics.iter().map(|d| d.code.name()).collect();
    assert_eq!(codes, ["invalid-yin"]);
    fs::remove_dir_all(&directory).unwrap();
}

#[allow(clippy::print_stderr, reason = "a test that is skipped says so")]
fn corpus() -> Option<PathBuf> {
    let corpus = std::env::var_os("YANG_CORPUS").map(PathBuf::from);
    if corpus.is_none() {
        eprintln!("skipped: YANG_CORPUS is not set");
    }
    corpus
}

#[test]
fn real_modules_go_to_yin_and_back() {
    let Some(corpus) = corpus() else { return };
    let search = [corpus.join("yang")];
    let mut count = 0;
    for directory in ["yang/ietf", "yang/iana", "yang/openconfig/models", "conformance/kitchen-sink"] {
        for path in crate::yang_files(&corpus.join(directory), true).unwrap() {
            let text = fs::read_to_string(&path).unwrap();
            let out =
                yin(&path, &search).unwrap_or_else(|r| panic!("{}: {:?}", path.display(), r.diagnostics));
            let (tree, faults) = read(&out);
            assert_eq!(faults, Vec::<String>::new(), "{}", path.display());
            let yang_statements = of_yang(&text);
            assert_eq!(statements(&tree), yang_statements, "{}", path.display());
            let back = yang("m.yin", &out, &YangOptions::default()).unwrap();
            assert_eq!(of_yang(&back), yang_statements, "{}", path.display());
            count += 1;
        }
    }
    assert!(count > 400);
}

#[test]
fn a_set_of_modules_in_yin_compiles_to_the_same_schema() {
    let Some(corpus) = corpus() else { return };
    let models = corpus.join("yang/openconfig/models");
    let search = [corpus.join("yang")];
    let directory = scratch("set", &[]);
    for path in crate::yang_files(&models, true).unwrap() {
        // In the same places: the order of the files is that of the modules.
        let to = directory.join(path.strip_prefix(&models).unwrap()).with_extension("yin");
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, yin(&path, &search).unwrap()).unwrap();
    }
    let compile = |directory: PathBuf| {
        let compilation = Compiler::new()
            .search_path(corpus.join("yang/ietf"))
            .search_path(corpus.join("yang/iana"))
            .directory(directory)
            .compile();
        tree(&compilation.schema.unwrap(), &TreeOptions::default())
    };
    let (of_yang, of_yin) = (compile(models), compile(directory.clone()));
    fs::remove_dir_all(&directory).unwrap();
    assert!(of_yang.len() > 100_000);
    let different = of_yang.lines().zip(of_yin.lines()).find(|(a, b)| a != b);
    assert_eq!((different, of_yang.len()), (None, of_yin.len()));
}
