//! Generated code in crates of their own, as users have it: compiled by cargo, without warnings, and run.
//!
//! That compiles the runtime once more, so it is done only where `SCAFFOLD=1` asks for it, as `.ci/run` does. Real models, and
//! the kitchen sink of the corpus, are where `YANG_CORPUS` says.

mod made;

use made::{Crate, corpus, models, skipped};
use yang_codegen::Config;

/// Models at their nastiest, run.
#[test]
fn nasty_models_and_the_kitchen_sink() {
    if skipped("SCAFFOLD") {
        return;
    }
    let models = models();
    let test = |name: &str| std::fs::read(models.join(name)).unwrap();
    let features = "[features]\ndefault = [\"netconf-runtime/serde\"]";
    let made = Crate::with("generated-nasty", "serde = \"1\"\nserde_json = \"1\"", features);
    let nasty = || {
        let config =
            Config::new().search_path(&models).module("nasty").module("nasty-b.2_x").module("nasty-aug");
        config.client(false).server(false)
    };
    made.generate("src/nasty", nasty());
    made.generate("src/nasty_files", nasty().file_per_module(true).keep_unknown(true));
    made.write("tests/nasty.rs", &test("nasty.rs"));
    let corpus = corpus();
    if let Some(corpus) = &corpus {
        let sink = corpus.join("conformance/kitchen-sink");
        let all = || {
            let config = Config::new().search_path(&sink).module("ks").module("ks-base").module("ks-aug");
            config.module("ks-more-ids").client(false).server(false)
        };
        made.generate("src/sink", all());
        made.generate("src/sink_deviated", all().deviation("ks-dev"));
        made.generate("src/sink_kept", all().deviation("ks-dev").keep_unknown(true));
        made.generate("src/sink_bare", all().features("ks", []));
        made.write("tests/sink.rs", &test("sink.rs"));
    }
    let text = made.cargo(&["test"]);
    assert!(text.contains("test lists_keyed_by_every_type ... ok"), "{text}");
    assert!(corpus.is_none() || text.contains("test the_whole_goes_both_ways ... ok"), "{text}");
}

/// All data that nasty models can have, both ways.
#[test]
fn everything_both_ways() {
    if skipped("SCAFFOLD") {
        return;
    }
    let models = models();
    let features = "[features]\ndefault = [\"netconf-runtime/serde\"]";
    let made = Crate::with("generated-everything", "serde = \"1\"\nserde_json = \"1\"", features);
    let set = |modules: &[&str]| {
        let config = Config::new().search_path(&models);
        modules.iter().fold(config, |config, module| config.module(*module))
    };
    let abyss = || set(&["abyss", "abyss-aug", "std"]).features("abyss", ["on"]);
    made.generate("src/abyss", abyss());
    made.generate("src/kept", abyss().keep_unknown(true));
    made.generate("src/deviated", abyss().deviation("abyss-dev"));
    made.generate("src/nasty", set(&["nasty", "nasty-b.2_x", "nasty-aug"]));
    made.generate("src/maze", set(&["maze", "maze-ids", "maze-walls"]));
    made.generate("src/maze_deviated", set(&["maze", "maze-ids", "maze-walls"]).deviation("maze-dev"));
    made.generate("src/words", set(&["self", "crate", "rt", "Option", "Vec", "codes"]));
    made.write("tests/everything.rs", &std::fs::read(models.join("everything.rs")).unwrap());
    let text = made.cargo(&["test"]);
    assert!(text.contains("test the_maze ... ok"), "{text}");
}

/// Real models of many kinds in one crate.
const SAMPLE: [&str; 40] = [
    "iana-crypt-hash",
    "iana-if-type",
    "ietf-access-control-list",
    "ietf-alarms",
    "ietf-bfd-ip-sh",
    "ietf-dhcpv6-server",
    "ietf-crypto-types",
    "ietf-datastores",
    "ietf-geo-location",
    "ietf-hardware",
    "ietf-interfaces",
    "ietf-ip",
    "ietf-ipv4-unicast-routing",
    "ietf-ipv6-unicast-routing",
    "ietf-key-chain",
    "ietf-keystore",
    "ietf-lmap-control",
    "ietf-netconf-acm",
    "ietf-netconf-monitoring",
    "ietf-netconf-notifications",
    "ietf-network-topology",
    "ietf-origin",
    "ietf-ospf",
    "ietf-restconf",
    "ietf-rib-extension",
    "ietf-routing",
    "ietf-routing-policy",
    "ietf-snmp",
    "ietf-subscribed-notifications",
    "ietf-system",
    "ietf-te-topology",
    "ietf-truststore",
    "ietf-voucher",
    "ietf-yang-library",
    "ietf-yang-patch",
    "ietf-yang-push",
    "openconfig-bgp-policy",
    "openconfig-if-ip",
    "openconfig-interfaces",
    "openconfig-network-instance",
];

#[test]
fn a_sample_of_real_modules_compiles() {
    if skipped("SCAFFOLD") {
        return;
    }
    let Some(corpus) = corpus() else { return };
    let mut config = Config::new().search_path(corpus.join("yang")).client(false).server(false);
    for module in SAMPLE {
        config = config.module(module);
    }
    let made = Crate::new("generated-sample");
    made.generate("src", config);
    made.write("src/lib.rs", b"#![deny(warnings)]\ninclude!(\"yang.gen.rs\");\n");
    made.cargo(&["check"]);
}
