//! Clients, handlers and hooks of models at their nastiest, and each side alone: compiled by cargo, without warnings, as users
//! have them. Only where `SCAFFOLD=1` asks for it.

mod made;

use made::{Crate, corpus, models, skipped};
use yang_codegen::Config;

fn abyss() -> Config {
    Config::new()
        .search_path(models())
        .module("abyss")
        .module("abyss-aug")
        .module("std")
        .features("abyss", ["on"])
}

/// With all that can be asked for.
fn whole(config: Config) -> Config {
    let config = config
        .mock(true)
        .hook("/abyss:four/five")
        .hook("/abyss:four/five/six/six")
        .hook("/abyss:uses-b/uses-c");
    let config = config.hook("/abyss:M/abyss-aug:M").hook("/abyss:four/conf").stream("/abyss:four/five");
    let config = config
        .stream("/abyss:four/five/six")
        .stream("/abyss:M/abyss-aug:M")
        .stream("/abyss:uses-b/uses-c/acts/act");
    config.stream("/abyss:M/abyss-aug:four").stream("/abyss:four/five/abyss-aug:way")
}

#[test]
fn everything_at_once() {
    if skipped("SCAFFOLD") {
        return;
    }
    let made = Crate::with(
        "generated-whole",
        "",
        "[features]\ndefault = [\"netconf-runtime/mock\", \"netconf-runtime/serde\"]",
    );
    let mut modules = vec!["whole", "kept", "deviated", "private"];
    made.generate("src/whole", whole(abyss()));
    made.generate("src/kept", whole(abyss()).keep_unknown(true).file_per_module(true));
    made.generate("src/deviated", abyss().deviation("abyss-dev"));
    made.generate("src/private", whole(abyss()).visibility(""));
    let nasty = Config::new().search_path(models()).module("nasty").module("nasty-b.2_x").module("nasty-aug");
    made.generate("src/nasty", nasty.mock(true));
    modules.push("nasty");
    let set = |modules: &[&str]| {
        let config = Config::new().search_path(models());
        modules.iter().fold(config, |config, module| config.module(*module))
    };
    made.generate("src/maze", set(&["maze", "maze-ids", "maze-walls"]).mock(true));
    made.generate("src/words", set(&["self", "crate", "rt", "Option", "Vec", "codes"]).mock(true));
    modules.extend(["maze", "words"]);
    if let Some(corpus) = corpus() {
        let sink = corpus.join("conformance/kitchen-sink");
        let all = Config::new()
            .search_path(sink)
            .module("ks")
            .module("ks-base")
            .module("ks-aug")
            .module("ks-more-ids");
        made.generate("src/sink", all.mock(true).hook("/ks:top/one").stream("/ks:top/st"));
        modules.push("sink");
    }
    let mut lib = String::from("#![deny(warnings)]\n");
    for module in modules {
        let visible = if module == "private" { "" } else { "pub " };
        lib.push_str(&format!("#[path = \"{module}/yang.gen.rs\"]\n{visible}mod {module};\n"));
    }
    made.write("src/lib.rs", lib.as_bytes());
    made.cargo(&["check"]);
}

/// A client needs nothing of a server, a server nothing of a client, types need neither, whatever was asked for.
#[test]
fn each_side_alone() {
    if skipped("SCAFFOLD") {
        return;
    }
    let features =
        "[features]\nclient = [\"netconf-runtime/client\"]\nserver = [\"netconf-runtime/server\"]\n";
    let made = Crate::with("generated-sides", "", features);
    let sides =
        || Config::new().search_path(models()).module("ext-base").module("ext-top").module("ext-more");
    made.generate("src/types", sides().client(false).server(false));
    made.generate(
        "src/bare",
        sides().client(false).server(false).paths(false).embed(false).visibility("pub(crate)"),
    );
    made.generate("src/both", sides());
    made.generate("src/client", sides().server(false).embed(false));
    made.generate("src/server", sides().client(false));
    made.generate("src/pathless", sides().client(false).paths(false));
    made.write(
        "src/lib.rs",
        b"#![deny(warnings)]
pub mod types { include!(\"types/yang.gen.rs\"); }
mod bare { include!(\"bare/yang.gen.rs\"); }
// With what there is of the runtime: the types at least.
pub mod both { include!(\"both/yang.gen.rs\"); }
#[cfg(feature = \"client\")]
pub mod client { include!(\"client/yang.gen.rs\"); }
#[cfg(feature = \"server\")]
pub mod server { include!(\"server/yang.gen.rs\"); }
#[cfg(feature = \"server\")]
pub mod pathless { include!(\"pathless/yang.gen.rs\"); }
",
    );
    made.cargo(&["check"]);
    made.cargo(&["check", "--features", "client"]);
    made.cargo(&["check", "--features", "server"]);
}
