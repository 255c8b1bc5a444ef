//! What is generated, letter by letter: for a model of our own with one of every construct.
//!
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo test -p yang-codegen --test golden`, then read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use yang_codegen::{Config, File};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

fn every() -> Config {
    Config::new()
        .search_path(golden())
        .module("every")
        .module("every-more")
        .features("every", [])
        .client(false)
        .server(false)
        .embed(false)
}

fn text(files: &[File], path: &str) -> String {
    let file = files.iter().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(file.content.clone()).expect("generated text is UTF-8")
}

fn compare(name: &str, actual: &str) {
    let path = golden().join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).expect("the golden file can be written");
        return;
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file is there");
    for (i, (a, e)) in actual.lines().zip(expected.lines()).enumerate() {
        assert_eq!(a, e, "{name}, line {}", i + 1);
    }
    assert_eq!(actual.lines().count(), expected.lines().count(), "{name}: lines");
}

#[test]
fn types_and_paths() {
    let files = every().generate().result.unwrap();
    compare("every.gen.rs", &text(&files, "yang.gen.rs"));
}

#[test]
fn error_codes() {
    let config = Config::new().search_path(golden()).module("coded").client(false).server(false).embed(false);
    compare("coded.gen.rs", &text(&config.generate().result.unwrap(), "yang.gen.rs"));
}

#[test]
fn client_and_handlers() {
    let files = every().paths(false).client(true).server(true).generate().result.unwrap();
    let all = text(&files, "yang.gen.rs");
    // The types are compared above.
    let from = all.find("/// The rpcs of `every`").expect("a client");
    let to = all[from..].find("\npub mod ").map_or(all.len(), |i| from + i);
    compare("every.operations.txt", &all[from..to]);
}

/// What generated code names of the runtime, beside what every build of it has.
fn of_runtime(config: Config) -> BTreeSet<String> {
    let all = text(&config.generate().result.unwrap(), "yang.gen.rs");
    let names = all.split("::netconf_runtime::").skip(1);
    names
        .map(|rest| {
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default().to_owned()
        })
        .collect()
}

#[test]
fn each_side_needs_its_own_feature_alone() {
    let names = |found: &[&str]| found.iter().map(|n| (*n).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(of_runtime(every()), names(&["binding"]));
    assert_eq!(of_runtime(every().client(true)), names(&["__client", "binding", "client"]));
    let server = [
        "__server",
        "Amendment",
        "BoxFuture",
        "Change",
        "Changed",
        "ConfigHandler",
        "Cx",
        "Entries",
        "Registry",
        "RpcError",
        "binding",
    ];
    assert_eq!(
        of_runtime(every().server(true).stream("/every:top/peer").stream("/every:top/sample")),
        names(&server)
    );
    assert_eq!(
        of_runtime(every().embed(true).mock(true)),
        names(&["ModuleTexts", "binding", "mock", "yang_schema"])
    );
}

#[test]
fn what_a_device_must_write() {
    let compiled =
        yang_parser::Compiler::new().search_path(golden()).module("every").module("every-more").compile();
    let methods = yang_codegen::required_handlers(&compiled.schema.unwrap(), "crate::yang").unwrap();
    let lines: Vec<String> = methods
        .iter()
        .map(|m| format!("{} {}({}) -> {}", m.module, m.method, m.parameters.join(", "), m.output))
        .collect();
    assert_eq!(
        lines,
        [
            "every ping(crate::yang::every::ping::Input) -> crate::yang::every::ping::Output",
            "every stop() -> ()",
            "every r#move(crate::yang::every::r#move::Input) -> ()",
            "every top__reset(crate::yang::every::top::reset::Input) -> crate::yang::every::top::reset::Output",
        ]
    );
}

#[test]
fn hooks_and_streams_of_what_is_not_there_are_errors() {
    for (config, told) in [
        (every().hook("/every:nothing"), "names no data node"),
        (every().hook("/every:top/state"), "names what nobody can configure"),
        (every().stream("/every:top/level"), "names a leaf"),
        (every().stream("every"), "names no data node"),
    ] {
        let error = config.generate().result.unwrap_err().to_string();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn same_input_same_bytes() {
    assert_eq!(every().generate().result.unwrap(), every().generate().result.unwrap());
}

#[test]
fn the_order_of_modules_does_not_matter() {
    let one = Config::new().search_path(golden()).module("every").module("every-more").embed(false);
    let other = Config::new().search_path(golden()).module("every-more").module("every").embed(false);
    assert_eq!(one.generate().result.unwrap(), other.generate().result.unwrap());
}

#[test]
fn a_node_more_renames_none() {
    // Without the augmenting module, every name that is left is the same.
    let less = Config::new().search_path(golden()).module("every").features("every", []);
    let less = less.client(false).server(false).embed(false).generate().result.unwrap();
    let more = text(&every().generate().result.unwrap(), "yang.gen.rs");
    let names = |text: &str| -> Vec<String> {
        text.lines()
            .map(str::trim)
            .filter(|l| l.starts_with("pub "))
            .map(|l| l.split(['(', ':', '{', '=']).next().unwrap_or_default().trim().to_owned())
            .collect()
    };
    let more = names(&more);
    for name in names(&text(&less, "yang.gen.rs")) {
        assert!(more.contains(&name), "{name} is gone");
    }
}

#[test]
fn each_module_in_a_file_of_its_own() {
    let files = every().file_per_module(true).generate().result.unwrap();
    let paths: Vec<&str> = files.iter().map(|f| f.path.as_str()).collect();
    assert_eq!(paths, ["every.gen.rs", "every_more.gen.rs", "yang.gen.rs"]);
    assert!(
        text(&files, "yang.gen.rs")
            .contains("#[rustfmt::skip]\n#[path = \"every_more.gen.rs\"]\npub mod every_more;")
    );
}

#[test]
fn only_what_is_asked_for() {
    let files = every().only("/every:top/peer").generate().result.unwrap();
    let all = text(&files, "yang.gen.rs");
    assert!(all.contains("pub struct Peer"));
    assert!(!all.contains("pub struct Pair"));
    assert!(!all.contains("pub struct Ping"));
    let error = every().only("/every:nothing").generate().result.unwrap_err().to_string();
    assert!(error.contains("names no node of the model"), "{error}");
}

#[test]
fn of_modules_not_asked_for_only_what_leads_to_those_that_are() {
    let files = Config::new().search_path(golden()).module("every-more").generate().result.unwrap();
    let all = text(&files, "yang.gen.rs");
    assert!(all.contains("pub every_more__mtu: Option<u32>"));
    assert!(!all.contains("pub foo_bar"));
    assert!(!all.contains("pub struct Alarm"));
    assert!(all.contains("pub struct Input"));
}

#[test]
fn what_the_model_does_not_know_is_kept_on_demand() {
    let files = every().keep_unknown(true).generate().result.unwrap();
    let all = text(&files, "yang.gen.rs");
    assert!(all.contains("pub unknown_: rt::Unknown"));
    assert!(all.contains("Unknown_(Box<str>)"));
}

#[test]
fn errors_show_their_place() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("bad.yang"),
        "module bad { namespace urn:b; prefix b; leaf x { type nothing; } }",
    )
    .unwrap();
    let outcome = Config::new().file(dir.path().join("bad.yang")).generate();
    let error = outcome.result.unwrap_err().to_string();
    assert!(error.contains("bad.yang:1:"), "{error}");
    assert!(error.contains("1 error in the YANG modules"), "{error}");
    assert_eq!(outcome.inputs, [dir.path().join("bad.yang")]);
}
