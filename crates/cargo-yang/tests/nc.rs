//! `nc` as a user calls it, against a server of ours over SSH and a unix socket.

mod common;
#[path = "common/device.rs"]
mod device;

use common::{code, stderr, stdout};
use device::{Fixture, PORT};
use netconf_runtime::transport::ssh::PrivateKey;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

const EDIT: &str = "<?xml version='1.0'?>\n<config xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><ports xmlns='urn:port'>\
  <port><name>a</name><mtu>1400</mtu><password>swordfish</password><hidden>treasure</hidden></port></ports></config>\n";

fn names(directory: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_days_work() {
    let Some(device) = Fixture::start() else { return };

    let hello = device.ok(&["hello"]);
    assert!(hello.starts_with("session 1, NETCONF 1.1\n"), "{hello}");
    assert!(hello.contains("urn:ietf:params:netconf:capability:candidate:1.0\n"), "{hello}");

    // Changed, and committed in one go.
    let edit = device.file("edit.xml", EDIT);
    assert_eq!(device.ok(&["edit-config", "--commit", &edit]), "ok\n");
    let running = device.ok(&["get-config"]);
    assert!(running.contains("\n      <name>a</name>\n"), "{running}");

    // All of its modules, with those that are only imported.
    let models = device.at("models");
    let out = models.display().to_string();
    device.ok(&["schemas", "--out", &out]);
    let there = names(&models);
    assert!(there.contains(&"port.yang".to_owned()), "{there:?}");
    assert!(there.contains(&"ietf-yang-types@2013-07-15.yang".to_owned()) || there.len() > 4, "{there:?}");
    assert_eq!(fs::read_to_string(models.join("port.yang")).unwrap().trim(), PORT.trim());
    let again = device.nc(&["schemas", "--out", &out]);
    assert!(stderr(&again).contains(" 0 of them new"), "{}", stderr(&again));
    assert_eq!(device.ok(&["get-schema", "port"]).trim(), PORT.trim());

    // In other forms, with these modules, and with what the command downloads by itself.
    assert!(fs::read_to_string(models.join("library.toml")).unwrap().contains("name = \"port\""));
    let json = device.ok(&[
        "get-config",
        "-o",
        "json",
        "-p",
        &out,
        "--xpath",
        "/port:ports/port:port[port:name='a']/port:mtu",
    ]);
    assert!(json.contains("\"port:ports\"") && json.contains("\"mtu\": 1400"), "{json}");
    assert!(!json.contains("swordfish"), "{json}");
    let tree = device.ok(&["get-config", "-o", "tree", "--subtree", "<ports xmlns='urn:port'/>"]);
    assert_eq!(tree, "port:ports\n  port [a]\n    mtu 1400\n    password swordfish\n    hidden treasure\n");
    let defaults = device.ok(&["get-config", "--with-defaults", "trim"]);
    assert!(defaults.contains("<mtu>1400</mtu>"), "{defaults}");

    // The candidate stays between commands, as far as the device keeps it.
    let mtu =
        device.file("mtu.xml", "<ports xmlns='urn:port'><port><name>a</name><mtu>9999</mtu></port></ports>");
    let output = device.nc(&["edit-config", &mtu]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    assert!(stderr(&output).contains("the device answers invalid-value"), "{}", stderr(&output));
    let reset = device.file(
        "reset.xml",
        "<rpc xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='9'><reset xmlns='urn:port'/></rpc>",
    );
    let output = device.nc(&["rpc", &reset]);
    assert_eq!(code(&output), 1, "no handler: {}", stderr(&output));
    let output = device.nc(&["lock"]);
    assert_eq!(
        (code(&output), stdout(&output).contains("candidate is locked")),
        (0, true),
        "{}",
        stderr(&output)
    );
}

#[test]
fn hosts_and_logins() {
    let Some(device) = Fixture::start() else { return };
    let target = device.target();
    let unknown = device.command(&[&target, "hello"]).output().unwrap();
    assert_eq!(code(&unknown), 2);
    assert!(
        stderr(&unknown).contains("--accept-new") && stderr(&unknown).contains("SHA256:"),
        "{}",
        stderr(&unknown)
    );
    assert!(!device.known_hosts().exists());
    device.ok(&["hello"]);
    let remembered = fs::read_to_string(device.known_hosts()).unwrap();
    assert!(
        remembered.starts_with(&format!("[127.0.0.1]:{} ssh-ed25519 ", device.address.port())),
        "{remembered}"
    );
    // Known from now on.
    assert_eq!(code(&device.command(&[&target, "hello"]).output().unwrap()), 0);
    // Another key than the known one is refused whatever is said.
    let other = PrivateKey::generate().unwrap().public_key().to_openssh().unwrap();
    fs::write(device.known_hosts(), format!("[127.0.0.1]:{} {other}\n", device.address.port())).unwrap();
    let changed = device.nc(&["hello"]);
    assert_eq!(code(&changed), 2);
    assert!(stderr(&changed).contains("is not the known one"), "{}", stderr(&changed));
    fs::remove_file(device.known_hosts()).unwrap();

    let mut wrong = device.command(&["--accept-new", &target, "hello"]);
    let wrong = wrong.env("NETCONF_PASSWORD", "guess").output().unwrap();
    assert_eq!(code(&wrong), 2);
    assert!(
        stderr(&wrong).contains("login refused for ann") && !stderr(&wrong).contains("guess"),
        "{}",
        stderr(&wrong)
    );
    let nobody = device.command(&["ssh://ann@127.0.0.1:1", "hello"]).output().unwrap();
    assert_eq!(code(&nobody), 2);
    assert!(stderr(&nobody).contains("connection refused"), "{}", stderr(&nobody));
}

#[test]
fn a_trace_tells_no_secrets() {
    let Some(device) = Fixture::start() else { return };
    let models = device.at("models").display().to_string();
    device.ok(&["schemas", "--out", &models, "--again"]);
    let (edit, trace) = (device.file("edit.xml", EDIT), device.at("trace").display().to_string());
    device.ok(&["--trace", &trace, "edit-config", "--commit", &edit]);
    let text = fs::read_to_string(&trace).unwrap();
    assert!(text.contains(" sent -->") && text.contains(" received -->"), "{text}");
    assert!(
        text.contains("<hello") && text.contains("<commit/>") && text.contains("<password>***</password>"),
        "{text}"
    );
    assert!(!text.contains("swordfish") && !text.contains("open-sesame"), "{text}");
    // What the modules deny to all is known by the modules.
    assert!(text.contains("treasure"), "{text}");
    device.ok(&["--trace", &trace, "-p", &models, "get-config"]);
    let text = fs::read_to_string(&trace).unwrap();
    assert!(text.contains("<hidden>***</hidden>") && !text.contains("treasure"), "{text}");
}

#[test]
fn the_shell_keeps_one_session() {
    let Some(device) = Fixture::start() else { return };
    let edit = device.file("edit.xml", EDIT);
    let script = format!(
        "# a script\nlock candidate\nedit-config {edit}\nget-config --datastore candidate\nnonsense\ncommit\nunlock candidate\n\
         get-config --xpath \"/port:ports/port:port/port:name\"\nquit\nget\n"
    );
    let target = device.target();
    let mut child = device
        .command(&["--accept-new", &target, "shell"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(script.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let (out, err) = (stdout(&output), stderr(&output));
    assert!(err.contains("nonsense"), "{err}");
    // A script with a wrong line says so at its end, having done the others.
    assert_eq!(code(&output), 1, "{err}");
    assert_eq!(out.lines().filter(|l| *l == "ok").count(), 4, "{out}\n{err}");
    assert_eq!(out.matches("<name>a</name>").count(), 2, "{out}");
}

#[test]
fn notifications_are_shown_as_they_come() {
    let Some(device) = Fixture::start() else { return };
    device.publish("<bounced xmlns='urn:port'><port>a</port><password>swordfish</password></bounced>");
    let shown = device.ok(&["subscribe", "--count", "2"]);
    assert_eq!(shown.matches("<port>a</port>").count(), 2, "{shown}");
    // With the time at which it happened.
    let time =
        shown.lines().next().unwrap().strip_prefix("<!-- ").and_then(|l| l.strip_suffix(" -->")).unwrap();
    assert!(time.len() >= 20 && time.as_bytes()[10] == b'T', "{time}");
    let shown = device.ok(&["-o", "json", "subscribe", "--count", "1"]);
    assert!(
        shown.starts_with("# ") && shown.contains("\"port:bounced\"") && shown.contains("\"port\": \"a\""),
        "{shown}"
    );
    // One that no filter lets pass does not come; what cannot be subscribed to says why.
    let wrong = device.nc(&["subscribe", "--stream", "nothing"]);
    assert_eq!(code(&wrong), 1, "{}", stderr(&wrong));
    assert!(
        stderr(&wrong).contains("the device answers") && stderr(&wrong).contains("nothing"),
        "{}",
        stderr(&wrong)
    );
    let push = device.nc(&["subscribe", "--push", "running"]);
    assert_eq!(code(&push), 2, "{}", stderr(&push));
    assert!(stderr(&push).contains("ietf-yang-push"), "{}", stderr(&push));
    let trace = device.at("trace").display().to_string();
    device.ok(&["--trace", &trace, "subscribe", "--count", "1"]);
    let text = fs::read_to_string(&trace).unwrap();
    assert!(text.contains("<password>***</password>") && !text.contains("swordfish"), "{text}");
}

/// What is wrong with what somebody wrote is said of that, before it becomes a part of a message.
#[test]
fn files_that_are_wrong() {
    let Some(device) = Fixture::start() else { return };
    for (name, text, said) in [
        ("broken.xml", "<ports xmlns='urn:port'>\n  <port>\n</ports>\n", "broken.xml:3: "),
        ("empty.xml", "\n", "empty.xml is empty"),
        ("data.json", "{\"port:ports\": {}}", "cargo yang convert"),
    ] {
        let file = device.file(name, text);
        for verb in ["edit-config", "rpc"] {
            let output = device.nc(&[verb, &file]);
            assert_eq!(code(&output), 2, "{name}: {}", stderr(&output));
            assert!(stderr(&output).contains(said), "{name}: {}", stderr(&output));
        }
    }
    let output = device.nc(&["get-config", "--subtree", "<ports"]);
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("--subtree:1: "), "{}", stderr(&output));
    let output = device.nc(&["get-config", "--xpath", "/ports"]);
    assert_eq!(code(&output), 0);
    assert!(stderr(&output).contains("/MODULE:NAME"), "{}", stderr(&output));
}

/// Devices that do not do what they should cost little time and memory, and the message says who it was.
#[cfg(unix)]
#[test]
fn devices_that_are_wrong() {
    use std::io::Read as _;
    use std::os::unix::net::UnixListener;
    const HELLO: &str = "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities>\
        <capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>4</session-id></hello>]]>]]>";
    const REPLY: &str = "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' message-id='1'><data>";
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("socket");
    let listener = UnixListener::bind(&socket).unwrap();
    let target = format!("unix:{}", socket.display());
    for (says, closes, more, expected) in [
        (String::new(), false, &["--connect-timeout", "1"][..], "no hello came within 1s"),
        (String::new(), true, &[], "cannot connect to unix:"),
        (HELLO.to_owned(), false, &["--timeout", "1"], "no reply to get came within 1s"),
        (HELLO.to_owned(), true, &[], "closed"),
        (format!("{HELLO}{REPLY}<a xmlns='u'>"), true, &[], "ended inside of a message"),
        (
            format!("{HELLO}{REPLY}{}", "<a xmlns='u'/>".repeat(200_000)),
            true,
            // A trace wants messages whole.
            &["--max-message", "1", "--trace", "/dev/null"],
            "limit `message`",
        ),
        (format!("{HELLO}{}", REPLY.replace("'1'", "'7'")), false, &["--timeout", "1"], "no reply to get"),
    ] {
        let listener = listener.try_clone().unwrap();
        let device = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            _ = stream.write_all(says.as_bytes());
            // A stream that is closed with input unread is reset.
            _ = stream.set_read_timeout(Some(std::time::Duration::from_millis(if closes {
                500
            } else {
                20_000
            })));
            let mut rest = Vec::new();
            _ = stream.read_to_end(&mut rest);
        });
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        command.args(["yang", "nc"]).args(more).args([&target, "get"]).stdin(Stdio::null());
        let output = command.output().unwrap();
        assert_eq!(code(&output), 2, "{}", stderr(&output));
        assert!(stderr(&output).contains(expected), "no {expected:?} in {}", stderr(&output));
        device.join().unwrap();
    }
}

/// A peer on a unix socket that says what the test wants, and what it was asked.
#[cfg(unix)]
struct ByHand {
    directory: tempfile::TempDir,
    listener: std::os::unix::net::UnixListener,
}

#[cfg(unix)]
impl ByHand {
    const HELLO: &str = "<hello xmlns='urn:ietf:params:xml:ns:netconf:base:1.0'><capabilities>\
        <capability>urn:ietf:params:netconf:base:1.0</capability></capabilities><session-id>4</session-id></hello>]]>]]>";
    const REPLY: &str =
        "<rpc-reply xmlns='urn:ietf:params:xml:ns:netconf:base:1.0' xmlns:p='urn:p' message-id='1'>";

    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let listener = std::os::unix::net::UnixListener::bind(directory.path().join("socket")).unwrap();
        Self { directory, listener }
    }

    /// `nc` of it.
    fn start(&self, more: &[&str], verb: &[&str]) -> std::process::Child {
        let target = format!("unix:{}", self.directory.path().join("socket").display());
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        command.args(["yang", "nc"]).args(more).arg(target).args(verb).stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// The session, in which the first request has come.
    fn asked(&self) -> std::os::unix::net::UnixStream {
        use std::io::{BufRead as _, BufReader};
        let (mut stream, _) = self.listener.accept().unwrap();
        stream.write_all(Self::HELLO.as_bytes()).unwrap();
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        let (mut read, mut messages) = (Vec::new(), 0);
        while messages < 2 {
            read.clear();
            assert!(reader.read_until(b'>', &mut read).unwrap() > 0);
            // A mark is `]]>]]>`, of which this finds both halves.
            messages += usize::from(read == b"]]>" && reader.buffer().is_empty());
        }
        stream
    }

    fn of(more: &[&str], verb: &[&str], says: &str) -> std::process::Output {
        let device = Self::new();
        let child = device.start(more, verb);
        let mut stream = device.asked();
        stream.write_all(says.as_bytes()).unwrap();
        stream.shutdown(std::net::Shutdown::Write).unwrap();
        child.wait_with_output().unwrap()
    }
}

/// Replies are written while they come, and what is wrong with the rest of one is said behind what was written.
#[cfg(unix)]
#[test]
fn replies_in_the_middle_of_which_something_is_wrong() {
    const SHOWN: &str = "<data xmlns:p=\"urn:p\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">\n  <a xmlns='u'>\n    <p:b>1</p:b>";
    let begun = format!("{}<data><a xmlns='u'><p:b>1</p:b>", ByHand::REPLY);
    let answered = "<rpc-error><error-type>application</error-type><error-tag>resource-denied</error-tag>\
        <error-severity>error</error-severity></rpc-error></rpc-reply>]]>]]>";
    for (verb, says, exit, shown, said) in [
        (
            &["get"][..],
            format!("{begun}</a></data></rpc-reply>]]>]]>"),
            0,
            format!("{SHOWN}\n  </a>\n</data>\n"),
            &[][..],
        ),
        // The device says what went wrong.
        (
            &["get"],
            format!("{begun}</a></data>{answered}"),
            1,
            format!("{SHOWN}\n  </a>\n</data>\n"),
            &["not all of the reply", "resource-denied"],
        ),
        // The session ends, or what comes is no XML.
        (
            &["get"],
            begun.clone(),
            2,
            format!("{SHOWN}\n"),
            &["not all of the reply", "ended inside of a message"],
        ),
        (
            &["get"],
            format!("{begun}</b></a>"),
            2,
            // It came at once, and what is given out has been checked.
            String::new(),
            &["broke the protocol"],
        ),
        // There is nothing.
        (&["get"], format!("{}</rpc-reply>]]>]]>", ByHand::REPLY), 2, String::new(), &["no `data`"]),
        (&["get"], format!("{}{answered}", ByHand::REPLY), 1, String::new(), &["resource-denied"]),
        (&["rpc", "-"], format!("{}<ok/></rpc-reply>]]>]]>", ByHand::REPLY), 0, "ok\n".to_owned(), &[]),
        (
            &["rpc", "-"],
            format!("{}<p:x/><p:y>2</p:y>{}", ByHand::REPLY, answered.replace("y>error<", "y>warning<")),
            0,
            "<p:x xmlns:p=\"urn:p\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\"/>\n\
             <p:y xmlns:p=\"urn:p\" xmlns=\"urn:ietf:params:xml:ns:netconf:base:1.0\">2</p:y>\n"
                .to_owned(),
            &["warning: the device answers resource-denied"],
        ),
    ] {
        let rpc = tempfile::NamedTempFile::new().unwrap();
        fs::write(rpc.path(), "<get/>").unwrap();
        let file = rpc.path().display().to_string();
        let verb: Vec<&str> =
            verb.iter().map(|word| if *word == "-" { file.as_str() } else { word }).collect();
        let output = ByHand::of(&[], &verb, &says);
        assert_eq!((code(&output), stdout(&output)), (exit, shown), "{says}: {}", stderr(&output));
        said.iter().for_each(|s| assert!(stderr(&output).contains(s), "no {s:?} in {}", stderr(&output)));
        assert_eq!(said.is_empty(), stderr(&output).is_empty(), "{}", stderr(&output));
    }
}

/// However large a reply is, little of it is held; and who has seen enough need not wait for the rest.
#[cfg(target_os = "linux")]
#[test]
fn a_large_reply_takes_little_memory() {
    use std::io::{BufRead as _, BufReader, Read as _};
    const SIZE: usize = 64 << 20;
    let most = |child: &std::process::Child| {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse::<usize>().unwrap() << 10
    };
    let piece = format!("<a xmlns='u'>{}</a>", "x".repeat(10_000)).repeat(100);
    let device = ByHand::new();
    let mut child = device.start(&["--max-message", "1"], &["get"]);
    let mut shown = child.stdout.take().unwrap();
    let counting = std::thread::spawn(move || std::io::copy(&mut shown, &mut std::io::sink()).unwrap());
    let mut stream = device.asked();
    stream.write_all(format!("{}<data>", ByHand::REPLY).as_bytes()).unwrap();
    let mut sent = 0;
    while sent < SIZE {
        stream.write_all(piece.as_bytes()).unwrap();
        sent += piece.len();
    }
    let held = most(&child);
    assert!(held < SIZE / 2, "{held} bytes for a reply of {SIZE}");
    stream.write_all(b"</data></rpc-reply>]]>]]>").unwrap();
    // The session is closed as it should be.
    let mut rest = Vec::new();
    let mut reader = BufReader::new(&mut stream);
    while !rest.ends_with(b"]]>]]>") {
        assert!(reader.read_until(b'>', &mut rest).unwrap() > 0);
    }
    assert!(String::from_utf8_lossy(&rest).contains("close-session"));
    drop(stream);
    let output = child.wait_with_output().unwrap();
    assert!(counting.join().unwrap() as usize > SIZE, "{}", stderr(&output));

    // `| head -1`, of a reply that has no end.
    let mut child = device.start(&[], &["get"]);
    let mut stream = device.asked();
    stream.write_all(format!("{}<data>", ByHand::REPLY).as_bytes()).unwrap();
    let endless = std::thread::spawn(move || while stream.write_all(piece.as_bytes()).is_ok() {});
    let mut first = vec![0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, String::new()));
    endless.join().unwrap();
}

#[cfg(unix)]
#[test]
fn by_a_unix_socket() {
    let Some(device) = Fixture::start() else { return };
    let target = format!("unix:{}", device.at("socket").display());
    let output = device.command(&[&target, "hello"]).output().unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let output = device.command(&["unix:/nonexistent/socket", "hello"]).output().unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("/nonexistent/socket"), "{}", stderr(&output));
}

#[test]
fn command_lines_that_are_wrong() {
    for arguments in [
        &["ssh://ann:secret@127.0.0.1", "hello"][..],
        &["http://x", "hello"],
        &["tls://127.0.0.1", "hello"],
        &["ssh://ann@127.0.0.1", "get", "--subtree", "x", "--xpath", "y"],
        &["ssh://ann@127.0.0.1", "commit", "--timeout", "4"],
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        let output = command.args(["yang", "nc"]).args(arguments).stdin(Stdio::null()).output().unwrap();
        assert_eq!(code(&output), 2, "{arguments:?}: {}", stderr(&output));
        assert!(!stderr(&output).contains("secret@"), "{}", stderr(&output));
    }
}
