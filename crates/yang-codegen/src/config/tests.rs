//! What a build script meets.

use super::{Config, Error};
use std::fs;
use std::path::{Path, PathBuf};

const MAIN: &str = "module main { yang-version 1.1; namespace urn:main; prefix m; include part; import kinds { prefix k; }
  feature on; feature off;
  container top { leaf kind { type k:kind; } leaf on { if-feature on; type string; } leaf off { if-feature off; type string; } uses rest; }
  container other { leaf x { type string; } }
}";
const PART: &str = "submodule part { yang-version 1.1; belongs-to main { prefix m; } grouping rest { leaf rest { type string; } } }";
const KINDS: &str =
    "module kinds { namespace urn:kinds; prefix k; typedef kind { type enumeration { enum a; } } }";
const CHANGE: &str =
    "module change { yang-version 1.1; namespace urn:change; prefix c; import main { prefix m; }
  deviation /m:top/m:rest { deviate not-supported; } }";

/// A directory of modules, its name with a space in it.
struct Place {
    root: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let this = Self { root: tempfile::tempdir().unwrap() };
        for (name, text) in [("main", MAIN), ("part", PART), ("kinds", KINDS), ("change", CHANGE)] {
            this.write(&format!("{name}.yang"), text);
        }
        this
    }

    fn models(&self) -> PathBuf {
        self.root.path().join("my models")
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.models()).unwrap();
        fs::write(self.models().join(name), text).unwrap();
    }

    fn config(&self) -> Config {
        Config::new().search_path(self.models())
    }
}

fn text(config: Config) -> String {
    let files = config.generate().result.unwrap_or_else(|e| panic!("{e}"));
    let root = files.into_iter().find(|f| f.path == "yang.gen.rs").unwrap();
    String::from_utf8(root.content).unwrap()
}

fn told(config: Config) -> String {
    config.generate().result.expect_err("this has an error").to_string()
}

#[test]
fn cargo_watches_every_file_that_was_read() {
    let place = Place::new();
    let watched = |config: Config| -> Vec<String> {
        let lines = config.generate().cargo_lines();
        let names = lines.iter().filter_map(|l| l.strip_prefix("cargo::rerun-if-changed="));
        let mut names: Vec<_> =
            names.map(|p| Path::new(p).file_name().unwrap().to_str().unwrap().to_owned()).collect();
        names.sort();
        names
    };
    let all = ["kinds.yang", "main.yang", "part.yang"];
    assert_eq!(watched(place.config().module("main")), all);
    assert_eq!(watched(Config::new().file(place.models().join("main.yang"))), all);
    // Of a directory also what is to come.
    let directory = watched(Config::new().directory(place.models()));
    assert_eq!(directory, ["change.yang", "kinds.yang", "main.yang", "my models", "part.yang"]);
    // Where there are errors all the more.
    place.write("part.yang", "submodule part {");
    assert_eq!(watched(place.config().module("main")), all);
    place.write("part.yang", PART);
    place.write(
        "kinds.yang",
        "module kinds { namespace urn:kinds; prefix k; typedef kind { type unknown; } }",
    );
    assert_eq!(watched(place.config().module("main")), all);
}

#[test]
fn what_has_not_changed_is_not_written() {
    let place = Place::new();
    let out = place.root.path().join("out");
    let build = || place.config().module("main").out_dir(&out).build().unwrap();
    build();
    let root = out.join("yang.gen.rs");
    let mine = fs::read_to_string(&root).unwrap();
    let times = || -> Vec<_> {
        let mut files: Vec<_> = fs::read_dir(&out).unwrap().map(|f| f.unwrap().path()).collect();
        files.sort();
        files.into_iter().map(|f| (f.clone(), fs::metadata(&f).unwrap().modified().unwrap())).collect()
    };
    let before = times();
    build();
    assert_eq!(times(), before);
    place.write("part.yang", &PART.replace("leaf rest", "leaf more"));
    build();
    assert_ne!(fs::read_to_string(&root).unwrap(), mine);
}

#[test]
fn errors_show_the_line_and_write_nothing() {
    let place = Place::new();
    place.write(
        "kinds.yang",
        "module kinds {\n  namespace urn:kinds;\n  prefix k;\n  typedef kind { type unknown; }\n}\n",
    );
    let out = place.root.path().join("out");
    let error = place.config().module("main").out_dir(&out).build().unwrap_err();
    assert!(matches!(error, Error::Invalid { count: 1.., .. }), "{error}");
    // `main` prints an error by `Debug`.
    let told = format!("{error:?}");
    assert!(
        told.contains("my models/kinds.yang:4:") && told.contains("typedef kind { type unknown; }"),
        "{told}"
    );
    assert!(!out.exists());
}

#[test]
fn what_is_not_there_is_told() {
    let place = Place::new();
    assert!(told(place.config().module("nothing")).contains("nothing"));
    assert!(told(place.config().module("main@1999-01-01")).contains("1999-01-01"));
    assert!(told(Config::new().file(place.models().join("nothing.yang"))).contains("nothing.yang"));
    assert!(told(Config::new().directory(place.root.path().join("nowhere"))).contains("nowhere"));
    assert!(told(place.config().module("main").deviation("nothing")).contains("nothing"));
    assert!(told(place.config().module("main").features("main", ["nothing"])).contains("nothing"));
    assert!(told(place.config().module("main").only("/main:nothing")).contains("/main:nothing"));
    for nobody in [Config::new(), place.config()] {
        assert!(told(nobody).contains("no module was asked for"));
    }
}

#[test]
fn a_module_that_is_named_twice_is_there_once() {
    let place = Place::new();
    let once = text(place.config().module("main"));
    let file = place.models().join("main.yang");
    assert_eq!(text(place.config().module("main").module("main")), once);
    assert_eq!(text(place.config().module("main").file(&file)), once);
    assert_eq!(text(place.config().file(&file).file(&file)), once);
    let all = text(Config::new().directory(place.models()));
    assert_eq!(text(Config::new().directory(place.models()).directory(place.models()).module("main")), all);
}

#[test]
fn a_part_of_a_model_with_features_and_deviations() {
    let place = Place::new();
    let config = || place.config().module("main").features("main", ["on"]);
    let has = |all: &str, field: &str| all.contains(&format!("pub {field}: Option<"));
    let all = text(config().only("/main:top"));
    assert!(has(&all, "on") && has(&all, "rest") && !has(&all, "off") && !has(&all, "x"), "{all}");
    let all = text(config().only("/top").deviation("change"));
    assert!(has(&all, "on") && !has(&all, "rest") && !has(&all, "off") && !has(&all, "x"), "{all}");
    assert!(told(config().only("/main:top/off")).contains("/main:top/off"));
    let all = text(config().only("/main:top/kind"));
    assert!(has(&all, "kind") && !has(&all, "on"), "{all}");
}
