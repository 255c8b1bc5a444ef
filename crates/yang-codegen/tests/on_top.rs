//! One generated crate on top of another (`Config::extern_crate`), compiled by cargo and run: only where `SCAFFOLD=1` asks for it.

mod made;

use made::{Crate, models, skipped};
use yang_codegen::Config;

fn set() -> Config {
    Config::new().search_path(models())
}

/// What the crate on top depends on.
fn dependencies(base: &Crate) -> String {
    format!(
        "on-top-base = {{ path = {:?} }}\ntokio = {{ version = \"1\", features = [\"macros\", \"rt-multi-thread\"] }}\n\n\
         [features]\ndefault = [\"netconf-runtime/mock\"]\nfewer = []\nolder = []\n",
        base.path().display()
    )
}

#[test]
fn one_generated_crate_on_another() {
    if skipped("SCAFFOLD") {
        return;
    }
    let base = Crate::with("on-top-base", "", "[features]\ndefault = [\"netconf-runtime/mock\"]");
    base.generate("src/yang", set().module("ext-base").module("ext-types").mock(true));
    base.write("src/lib.rs", b"#![deny(warnings)]\npub mod yang {\n    include!(\"yang/yang.gen.rs\");\n}\n");

    let top = Crate::with("on-top", &dependencies(&base), "");
    let on_top = || set().module("ext-top").extern_crate("on_top_base::yang", ["ext-base", "ext-types"]);
    top.generate("src/yang", on_top().mock(true).visibility("pub(crate)"));
    // Sets that are not that of the other crate.
    top.generate("src/fewer", on_top().features("ext-base", []));
    let older = std::fs::read_to_string(models().join("ext-base.yang")).unwrap();
    top.write("older/ext-base.yang", older.replace("2026-01-01", "2025-01-01").as_bytes());
    for module in ["ext-types", "ext-top"] {
        let name = format!("{module}.yang");
        top.write(&format!("older/{name}"), &std::fs::read(models().join(&name)).unwrap());
    }
    let older = Config::new().search_path(top.path().join("older")).module("ext-top");
    top.generate("src/older", older.extern_crate("on_top_base::yang", ["ext-base", "ext-types"]));
    top.write("src/lib.rs", &std::fs::read(models().join("on_top.rs")).unwrap());

    let text = top.cargo(&["test"]);
    for test in ["values_go_from_one_to_the_other", "a_device_has_the_handlers_of_both"] {
        assert!(text.contains(&format!("{test} ... ok")), "{test}: {text}");
    }
    let text = top.cargo_fails(&["check", "--features", "fewer"]);
    assert!(text.contains("its features that are on are not those of this set (none)"), "{text}");
    let text = top.cargo_fails(&["check", "--features", "older"]);
    assert!(text.contains("its revision is not the one of this set (2025-01-01)"), "{text}");
}
