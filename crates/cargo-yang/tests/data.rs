//! `validate`, `convert` and `diff` as a user calls them.

mod common;

use common::{code, stderr, stdout};
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const MODULE: &str = "module port {
  yang-version 1.1;
  namespace urn:port;
  prefix p;
  import ietf-yang-metadata { prefix md; }
  md:annotation note { type string; }
  container ports {
    list port {
      key name;
      leaf name { type string; }
      leaf mtu { type uint16 { range 64..9000; } default 1500; }
      leaf speed { type uint64; must \"../mtu > 1000\" { error-app-tag slow; error-message \"too slow\"; } }
      leaf up { config false; type boolean; }
      action flap { input { leaf times { type uint8; mandatory true; } } output { leaf done { type uint8; } } }
    }
    anydata more;
  }
  rpc reset { input { leaf port { type leafref { path /ports/port/name; } } } output { leaf left { type uint8; } } }
  rpc restore { output { leaf left { type uint8; } leaf right-of { type uint8; } } }
  notification broken { leaf port { type string; } }
}
";

const METADATA: &str = "module ietf-yang-metadata {
  namespace \"urn:ietf:params:xml:ns:yang:ietf-yang-metadata\";
  prefix md;
  extension annotation { argument name; }
}
";

const GOOD: &str = "<ports xmlns=\"urn:port\">
  <port>
    <name>a</name>
    <mtu>2000</mtu>
    <speed>10</speed>
  </port>
</ports>
";

fn directory() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("port.yang"), MODULE).unwrap();
    fs::write(dir.path().join("ietf-yang-metadata.yang"), METADATA).unwrap();
    fs::write(dir.path().join("good.xml"), GOOD).unwrap();
    dir
}

fn run(dir: &Path, verb: &str, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.args([verb, "-p", ".", "-m", "port"]).args(arguments).current_dir(dir).output().unwrap()
}

/// Runs `validate` with a document; its exit code and what it said, for programs.
fn validate(document: &str, name: &str, options: &[&str]) -> (i32, String) {
    let dir = directory();
    fs::write(dir.path().join(name), document).unwrap();
    let output = run(dir.path(), "validate", &[options, &["--format", "json", name]].concat());
    (code(&output), stdout(&output) + &stderr(&output))
}

#[test]
fn a_valid_document_ends_with_0() {
    let dir = directory();
    let output = run(dir.path(), "validate", &["good.xml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stderr(&output).contains("good.xml: valid"));
    assert_eq!(validate("{\"port:ports\": {}}", "x.json", &[]), (0, String::new()));
    // A module may be a file, and the encoding may be told.
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-yang"))
        .args(["validate", "-m", "port.yang", "--xml", "good.xml"])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn errors_of_validation_have_their_places() {
    let dir = directory();
    fs::write(dir.path().join("bad.xml"), GOOD.replace("2000", "900").replace("<name>", "<nope/><name>"))
        .unwrap();
    let output = run(dir.path(), "validate", &["bad.xml"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("bad.xml:3:5"), "{}", stderr(&output));
    fs::write(dir.path().join("bad.xml"), GOOD.replace("2000", "900")).unwrap();
    let output = run(dir.path(), "validate", &["bad.xml"]);
    assert_eq!(code(&output), 1);
    let text = stderr(&output);
    for part in [
        "error[operation-failed]: too slow",
        "bad.xml:5:5",
        "5 |     <speed>10</speed>",
        "  |     ^",
        "path: /port:ports/port[name='a']/speed",
        "error-app-tag: slow",
        "1 error",
    ] {
        assert!(text.contains(part), "{part} in:\n{text}");
    }
    assert_eq!(code(&run(dir.path(), "validate", &["--operational", "bad.xml"])), 0);
    let output = run(dir.path(), "validate", &["--format", "json", "bad.xml"]);
    assert_eq!(
        stdout(&output),
        "{\"error-tag\":\"operation-failed\",\"error-app-tag\":\"slow\",\"error-path\":\"/port:ports/port[name='a']/speed\",\
         \"message\":\"too slow\",\"line\":5,\"column\":5}\n"
    );
}

#[test]
fn what_cannot_be_read_ends_with_2() {
    let dir = directory();
    assert_eq!(code(&run(dir.path(), "validate", &["missing.xml"])), 2);
    assert_eq!(code(&run(dir.path(), "validate", &["."])), 2);
    assert_eq!(code(&run(dir.path(), "validate", &["-m", "nowhere", "good.xml"])), 2);
    assert_eq!(code(&run(dir.path(), "validate", &["--type", "nonsense", "good.xml"])), 2);
    assert_eq!(code(&run(dir.path(), "validate", &["--datastore", "good.xml", "good.xml"])), 2);
}

#[test]
fn documents_of_all_types() {
    let nc = "xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"";
    let ok = |document: &str, name: &str, options: &[&str]| {
        assert_eq!(validate(document, name, options), (0, String::new()), "{document}");
    };
    let bad = |document: &str, name: &str, options: &[&str], tag: &str| {
        let (code, text) = validate(document, name, options);
        assert!(code == 1 && text.contains(tag), "{document}: {code} {text}");
    };
    ok(&format!("<data {nc}>{GOOD}</data>"), "d.xml", &[]);
    ok(&format!("<config {nc}>{GOOD}</config>"), "d.xml", &["--type", "config"]);
    ok(&format!("{GOOD}<!-- and no more -->"), "d.xml", &[]);
    bad(&format!("<data {nc}/><data {nc}/>"), "d.xml", &[], "malformed-message");
    let state = GOOD.replace("<mtu>", "<up>true</up><mtu>");
    ok(&state, "d.xml", &[]);
    bad(&state, "d.xml", &["--type", "config"], "unknown-element");
    ok(&format!("<rpc {nc} message-id='1'><reset xmlns='urn:port'/></rpc>"), "r.xml", &["--type", "rpc"]);
    let reset = "<reset xmlns='urn:port'><port>a</port></reset>";
    ok(reset, "r.xml", &["--type", "rpc", "--datastore", "good.xml"]);
    bad(reset, "r.xml", &["--type", "rpc"], "instance-required");
    ok("{\"port:reset\": {\"port\": \"a\"}}", "r.json", &["--type", "rpc", "--datastore", "good.xml"]);
    let action = |name: &str| {
        format!(
            "<rpc {nc} message-id='1'><action xmlns='urn:ietf:params:xml:ns:yang:1'>\
             <ports xmlns='urn:port'><port><name>{name}</name><flap><times>3</times></flap></port></ports></action></rpc>"
        )
    };
    ok(&action("a"), "a.xml", &["--type", "rpc", "--datastore", "good.xml"]);
    bad(&action("b"), "a.xml", &["--type", "rpc", "--datastore", "good.xml"], "data-missing");
    ok(
        "<ports xmlns='urn:port'><port><name>a</name><flap><done>3</done></flap></port></ports>",
        "a.xml",
        &["--type", "reply"],
    );
    // A NETCONF reply does not tell what it answers: its output does, or the user.
    let answer = |content: &str| format!("<rpc-reply {nc} message-id='1'>{content}</rpc-reply>");
    let reply = |content: &str, options: &[&str]| {
        validate(&answer(content), "a.xml", &[&["--type", "reply"], options].concat())
    };
    assert_eq!(reply("<ok/>", &[]), (0, String::new()));
    assert_eq!(reply("<done xmlns='urn:port'>3</done>", &[]), (0, String::new()));
    assert_eq!(reply("<left xmlns='urn:port'>3</left>", &["--reply-to", "port:reset"]), (0, String::new()));
    let flap = "<ports xmlns='urn:port'><port><name>a</name><flap><done>3</done></flap></port></ports>";
    assert_eq!(reply(flap, &[]), (0, String::new()));
    for (content, options, wanted) in [
        ("<done xmlns='urn:port'>300</done>", &[][..], "invalid-value"),
        ("<done xmlns='urn:port'>3</done><left xmlns='urn:port'>3</left>", &[], "unknown-element"),
        ("<left xmlns='urn:port'>3</left>", &[], "say --reply-to"),
        ("<left xmlns='urn:port'>3</left>", &["--reply-to", "port:nothing"], "no such rpc or action"),
        ("<right xmlns='urn:port'>3</right>", &[], "no rpc or action has the output"),
        ("<rpc-error><error-type>rpc</error-type></rpc-error>", &[], "is an error"),
        ("", &[], "is empty"),
        ("<ok/><ok/>", &[], "stands behind"),
    ] {
        let (code, text) = reply(content, options);
        assert!(code == 1 && text.contains(wanted), "{content}: {code} {text}");
    }
    ok(&answer(&format!("<data>{GOOD}</data>")), "d.xml", &[]);
    bad(&answer(&format!("<data>{}</data>", GOOD.replace("2000", "20"))), "d.xml", &[], "invalid-value");
    let event = "<broken xmlns='urn:port'><port>a</port></broken>";
    ok(event, "n.xml", &["--type", "notification"]);
    let around = |time: &str| {
        format!(
            "<notification xmlns='urn:ietf:params:xml:ns:netconf:notification:1.0'><eventTime>{time}</eventTime>{event}</notification>"
        )
    };
    ok(&around("2026-01-02T03:04:05Z"), "n.xml", &["--type", "notification"]);
    bad(&around("soon"), "n.xml", &["--type", "notification"], "eventTime");
    ok(
        "{\"ietf-restconf:notification\": {\"eventTime\": \"2026-01-02T03:04:05Z\", \"port:broken\": {\"port\": \"a\"}}}",
        "n.json",
        &["--type", "notification"],
    );
    let edit = |mtu: u32| {
        format!(
            "<config {nc} xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0'><ports xmlns='urn:port'>\
             <port nc:operation='merge'><name>a</name><mtu>{mtu}</mtu></port></ports></config>"
        )
    };
    ok(&edit(900), "e.xml", &["--type", "edit"]);
    bad(&edit(10), "e.xml", &["--type", "edit"], "invalid-value");
    bad(&edit(900), "e.xml", &["--type", "edit", "--datastore", "good.xml"], "slow");
    ok(&edit(3000), "e.xml", &["--type", "edit", "--datastore", "good.xml"]);
}

#[test]
fn annotations_that_nobody_defines_are_kept_or_refused() {
    let document = "<ports xmlns='urn:port' xmlns:x='urn:x' x:y='z'/>";
    assert_eq!(validate(document, "x.xml", &[]).0, 0);
    assert_eq!(validate(document, "x.xml", &["--unknown-annotations", "refuse"]).0, 1);
}

#[test]
fn instance_data_files_are_read_and_written() {
    let dir = directory();
    let output = run(dir.path(), "convert", &["--instance-data", "all ports", "good.xml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.contains("\"ietf-yang-instance-data:instance-data-set\"") && text.contains("\"all ports\""),
        "{text}"
    );
    fs::write(dir.path().join("set.json"), &text).unwrap();
    let output = run(dir.path(), "validate", &["set.json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // In the other encoding it is one, too, and its data is what it was.
    let output = run(dir.path(), "convert", &["set.json", "-o", "set.xml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let set = fs::read_to_string(dir.path().join("set.xml")).unwrap();
    assert!(
        set.contains("<instance-data-set xmlns=\"urn:ietf:params:xml:ns:yang:ietf-yang-instance-data\">"),
        "{set}"
    );
    assert_eq!(code(&run(dir.path(), "diff", &["set.xml", "good.xml"])), 0);
    // Errors of the data have their places; what the operational datastore holds may break a must.
    let set = set.replace("2000", "900");
    fs::write(dir.path().join("bad.xml"), &set).unwrap();
    let output = run(dir.path(), "validate", &["--format", "json", "bad.xml"]);
    assert_eq!(code(&output), 1);
    assert!(!stdout(&output).contains("null,\"column\""), "{}", stdout(&output));
    let datastore =
        "<datastore xmlns:ds='urn:ietf:params:xml:ns:yang:ietf-datastores'>ds:operational</datastore>";
    fs::write(
        dir.path().join("bad.xml"),
        set.replace("<content-data>", &format!("{datastore}<content-data>")),
    )
    .unwrap();
    let output = run(dir.path(), "validate", &["bad.xml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    fs::write(dir.path().join("bad.xml"), set.replace("<content-data>", "<nonsense/><content-data>"))
        .unwrap();
    assert_eq!(code(&run(dir.path(), "validate", &["bad.xml"])), 1);
}

#[test]
fn a_document_goes_there_and_back() {
    let dir = directory();
    let text = "<ports xmlns=\"urn:port\" xmlns:p=\"urn:port\" p:note=\"x\"><port><name>a</name><speed p:note=\"y\">18446744073709551615</speed></port></ports>";
    fs::write(dir.path().join("a.xml"), text).unwrap();
    let output = run(dir.path(), "convert", &["a.xml", "-o", "a.json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let json = fs::read_to_string(dir.path().join("a.json")).unwrap();
    assert!(json.contains("\"@speed\"") && json.contains("\"18446744073709551615\""), "{json}");
    assert_eq!(code(&run(dir.path(), "convert", &["a.json", "-o", "b.xml"])), 0);
    let output = run(dir.path(), "diff", &["a.xml", "b.xml"]);
    assert_eq!((code(&output), stdout(&output)), (0, String::new()));
    let output = run(dir.path(), "convert", &["--with-defaults", "report-all", "a.xml"]);
    assert!(stdout(&output).contains("\"mtu\": 1500"), "{}", stdout(&output));
    fs::write(dir.path().join("r.xml"), "<reset xmlns='urn:port'><port>a</port></reset>").unwrap();
    let output = run(dir.path(), "convert", &["--type", "rpc", "r.xml"]);
    assert!(stdout(&output).contains("\"port:reset\""), "{} {}", stdout(&output), stderr(&output));
}

#[test]
fn differences_are_shown_and_are_an_edit() {
    let dir = directory();
    fs::write(dir.path().join("b.xml"), GOOD.replace("2000", "3000").replace("<speed>10</speed>", ""))
        .unwrap();
    let output = run(dir.path(), "diff", &["good.xml", "b.xml"]);
    assert_eq!(code(&output), 1);
    assert_eq!(
        stdout(&output),
        "~ /port:ports/port[name='a']/mtu: \"2000\" -> \"3000\"\n- /port:ports/port[name='a']/speed: \"10\"\n"
    );
    let output = run(dir.path(), "diff", &["--edit", "good.xml", "b.xml"]);
    let edit = stdout(&output);
    assert!(edit.starts_with("<config xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">"), "{edit}");
    fs::write(dir.path().join("e.xml"), &edit).unwrap();
    let output = run(dir.path(), "validate", &["--type", "edit", "--datastore", "good.xml", "e.xml"]);
    assert_eq!(code(&output), 0, "{edit}{}", stderr(&output));
    assert_eq!(code(&run(dir.path(), "diff", &["good.xml", "missing.xml"])), 2);
}

/// How much memory the command may take on input that it refuses, in KiB of address space.
const MEMORY: u32 = 1_500_000;

/// How much of it there is: more than any reader may take.
const ENDLESS: usize = 1 << 30;

/// Runs `validate` in bounded memory, a head and then a piece over and over on its standard input; the exit code, what was
/// said, and how many bytes were taken.
fn fed(head: &'static str, piece: &'static str, json: bool) -> (i32, String, usize) {
    let dir = directory();
    let encoding = if json { "--json" } else { "--xml" };
    let command = env!("CARGO_BIN_EXE_cargo-yang");
    let mut child = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v {MEMORY}; exec '{command}' validate -p . -m port {encoding} /dev/stdin"))
        .current_dir(dir.path())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let feeder = std::thread::spawn(move || {
        let pieces = piece.repeat((1 << 16) / piece.len());
        let mut taken = 0;
        let mut next = head;
        // It need not be read to its end.
        while taken < ENDLESS && input.write_all(next.as_bytes()).is_ok() {
            taken += next.len();
            next = &pieces;
        }
        taken
    });
    let output = child.wait_with_output().unwrap();
    (code(&output), stderr(&output), feeder.join().unwrap())
}

#[test]
fn hostile_input_is_refused_soon() {
    let xml = [
        ("longer than", "<ports xmlns='urn:port' a='", "x"),
        ("longer than", "<ports xmlns='urn:port'><port><name>", "x"),
        ("longer than", "<p", "x"),
        ("longer than", "<ports xmlns='urn:port'><![CDATA[", "x"),
        ("longer than", "<ports xmlns='urn:port'>&", "x"),
        ("longer than", "<!--", "x"),
        ("longer than", "<?p ", "x"),
        ("longer than", "<ports xmlns='urn:port' ", "b='' "),
        ("deeper than 512", "<ports xmlns='urn:port'>", "<a>"),
        ("deeper than 512", "<ports xmlns='urn:port'><more>", "<a>"),
        ("there is no node", "<ports xmlns='urn:port'>", "<a/>"),
        (
            "document type",
            "<!DOCTYPE x [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><ports xmlns='urn:port'>&b;</ports>",
            " ",
        ),
        ("entity", "<ports xmlns='urn:port'>&b;</ports>", " "),
    ];
    let json = [
        ("longer than", "{\"port:ports\": {\"port\": [{\"name\": \"", "x"),
        ("longer than", "{\"port:ports\": {\"port\": [{\"mtu\": 1", "0"),
        ("longer than", "{\"", "x"),
        ("longer than", "{\"@port:ports\": {\"", "x"),
        ("stands in the object twice", "{\"port:ports\": {\"@\": {", "\"a:b\": 1, "),
        ("deeper than 512", "", "{\"a\":"),
        ("deeper than 512", "{\"port:ports\": {\"more\": ", "{\"a\":"),
        ("array in an array", "{\"port:ports\": ", "["),
        ("stands in the object twice", "{", "\"port:ports\": {}, "),
    ];
    let cases = xml.into_iter().map(|case| (case, false)).chain(json.into_iter().map(|case| (case, true)));
    for ((wanted, head, piece), json) in cases {
        let (code, said, taken) = fed(head, piece, json);
        let said: String = said.chars().take(2_000).collect();
        assert_eq!(code, 1, "{head}{piece}: {said}");
        assert!(said.contains(wanted), "{head}{piece}: {wanted}: {said}");
        assert!(taken < ENDLESS / 4, "{head}{piece}: {taken} bytes were read: {said}");
    }
}

#[test]
fn modules_are_named_as_for_the_other_verbs() {
    let dir = directory();
    // A directory of the module's name does not hide it.
    fs::create_dir(dir.path().join("port")).unwrap();
    assert_eq!(code(&run(dir.path(), "validate", &["good.xml"])), 0);
    let output = run(dir.path(), "validate", &["-p", "nowhere", "good.xml"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("-p nowhere: no such directory"), "{}", stderr(&output));
}
