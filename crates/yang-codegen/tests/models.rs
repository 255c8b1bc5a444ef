//! Generated code in crates of their own, as users have it: compiled by cargo, without warnings, and run.
//!
//! That compiles the runtime once more, so it is done only where `SCAFFOLD=1` asks for it, as `.ci/run` does. Real models, and
//! the kitchen sink of the corpus, are where `YANG_CORPUS` says.

use std::path::{Path, PathBuf};
use std::process::Command;
use yang_codegen::Config;

#[allow(clippy::print_stderr, reason = "says that it was skipped")]
fn skipped(variable: &str) -> bool {
    let missing = std::env::var_os(variable).is_none();
    if missing {
        eprintln!("skipped: {variable} is not set");
    }
    missing
}

fn corpus() -> Option<PathBuf> {
    (!skipped("YANG_CORPUS")).then(|| std::env::var_os("YANG_CORPUS").map(PathBuf::from))?
}

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A crate outside of the workspace, with its profiles and the versions of its dependencies.
struct Crate {
    directory: tempfile::TempDir,
}

impl Crate {
    fn new(name: &str) -> Self {
        let this = Self { directory: tempfile::tempdir().unwrap() };
        let root = here().join("../..");
        let workspace = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
        let profiles = &workspace[workspace.find("[profile.dev]").expect("the workspace has profiles")..];
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
             netconf-runtime = {{ path = {:?} }}\n\n{profiles}",
            root.join("crates/netconf-runtime").display()
        );
        this.write("Cargo.toml", manifest.as_bytes());
        this.write("src/lib.rs", b"");
        std::fs::copy(root.join("Cargo.lock"), this.directory.path().join("Cargo.lock")).unwrap();
        this
    }

    fn write(&self, path: &str, content: &[u8]) {
        let path = self.directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Generates into a directory of the crate; nothing of the model may be lost.
    fn generate(&self, directory: &str, config: Config) {
        let outcome = config.generate();
        let report = outcome.report.unwrap_or_default();
        for file in outcome.result.unwrap() {
            self.write(&format!("{directory}/{}", file.path), &file.content);
        }
        for (kind, count) in report.kinds() {
            assert_eq!(count.schema, count.mapped, "{directory}: {kind}");
        }
    }

    /// Runs cargo, and gives what it said. The crates deny warnings themselves; cargo's own are of profiles for packages that
    /// they do not have.
    fn cargo(&self, verb: &str) -> String {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
        let output = Command::new(env!("CARGO"))
            .args([verb, "--offline"])
            .current_dir(self.directory.path())
            // Dependencies are shared with the workspace, as far as they are the same.
            .env("CARGO_TARGET_DIR", target)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{text}");
        text.into_owned()
    }
}

/// Models at their nastiest, run.
#[test]
fn nasty_models_and_the_kitchen_sink() {
    if skipped("SCAFFOLD") {
        return;
    }
    let models = here().join("tests/models");
    let test = |name: &str| std::fs::read(models.join(name)).unwrap();
    let made = Crate::new("generated-nasty");
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
        made.generate("src/sink_bare", all().features("ks", []));
        made.write("tests/sink.rs", &test("sink.rs"));
    }
    let text = made.cargo("test");
    assert!(text.contains("test lists_keyed_by_every_type ... ok"), "{text}");
    assert!(corpus.is_none() || text.contains("test the_whole_goes_both_ways ... ok"), "{text}");
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
    made.cargo("check");
}
