//! `cargo yang serve` and `cargo yang store`, as users run them.

mod common;

use common::served::Served;
use common::{code, stderr, stdout};
use netconf_runtime::client::{Datastore, HostKeyCheck, Options, ResolutionMode, Session, SshOptions};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const MODEL: &str = "module box { yang-version 1.1; namespace 'urn:box'; prefix b;
  import ietf-yang-types { prefix yang; }
  revision 2026-01-01;
  container box { leaf label { type string; } leaf width { type uint8 { range '1..100'; } }
    leaf mac { type yang:mac-address; } }
  rpc shake; }";

/// A directory with a model, a password and what else a test needs.
fn place() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("box.yang"), MODEL).unwrap();
    std::fs::write(dir.path().join("password"), "secret\n").unwrap();
    dir
}

fn yang(at: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
    command.arg("yang").args(arguments).current_dir(at).stdin(Stdio::null()).output().unwrap()
}

/// A server of the model, for a user with a password.
fn serve(at: &Path, arguments: &[&str]) -> Served {
    Served::with_password(at, &[&["box.yang"], arguments].concat())
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), work).await.expect("in time") })
}

async fn label(session: &Session) -> String {
    let config = session.get_config(Datastore::Running).send().await.unwrap().xml().into_owned();
    let found = config.split_once("<label>").and_then(|(_, rest)| rest.split_once("</label>"));
    found.map(|(label, _)| label.to_owned()).unwrap_or_default()
}

fn set(label: &str) -> String {
    format!("<box xmlns='urn:box'><label>{label}</label></box>")
}

#[test]
fn what_is_configured_outlives_the_server_however_it_ends() {
    let dir = place();
    let served = serve(dir.path(), &[]);
    assert!(served.said.iter().any(|line| line.contains("No access control")), "{:?}", served.said);
    block_on(async {
        let session = served.session("admin").await;
        session.edit_config(Datastore::Running).config_xml(set("first")).send().await.unwrap();
        session.edit_config(Datastore::Candidate).config_xml(set("second")).send().await.unwrap();
        session.commit().await.unwrap();
    });
    served.kill();
    let served = serve(dir.path(), &[]);
    block_on(async {
        let session = served.session("admin").await;
        assert_eq!(label(&session).await, "second");
        // A confirmed commit that nobody confirms before the end is taken back.
        session.edit_config(Datastore::Candidate).config_xml(set("third")).send().await.unwrap();
        let waiting = session.commit_confirmed().persist("token").send().await.unwrap();
        assert_eq!(waiting.detach().as_deref(), Some("token"));
        assert_eq!(label(&session).await, "third");
    });
    served.kill();
    let served = serve(dir.path(), &[]);
    block_on(async { assert_eq!(label(&served.session("admin").await).await, "second") });
    served.stop();
}

#[test]
fn the_host_key_is_made_once() {
    let dir = place();
    let key = |dir: &Path| std::fs::read_to_string(dir.join("netconf-store/host_key")).unwrap();
    serve(dir.path(), &[]).stop();
    let first = key(dir.path());
    serve(dir.path(), &[]).stop();
    assert_eq!(key(dir.path()), first);
}

#[test]
fn it_tells_of_its_modules_and_hands_them_out() {
    let dir = place();
    let served = serve(dir.path(), &["--in-memory"]);
    block_on(async {
        let session = served.session("admin").await;
        let text = session.get_schema("box").send().await.unwrap();
        assert_eq!(text, MODEL);
        let state = session.get().send().await.unwrap();
        let state = state.xml();
        for module in ["box", "ietf-netconf", "ietf-netconf-monitoring", "ietf-yang-library"] {
            assert!(state.contains(&format!("<name>{module}</name>")), "{module} in {state}");
        }
        // What nobody wrote code for.
        let refused = session.rpc_xml("<shake xmlns='urn:box'/>").await;
        let errors = format!("{:?}", refused.map(|_| ()));
        assert!(errors.contains("OperationNotSupported"), "{errors}");
    });
    assert!(!dir.path().join("netconf-store").exists());
    served.stop();
}

#[test]
fn without_a_way_in_it_does_not_start_and_names_the_options() {
    let dir = place();
    let refused = |arguments: &[&str], said: &[&str]| {
        let mut all = vec!["serve", "box.yang"];
        all.extend(arguments);
        let output = yang(dir.path(), &all);
        assert_eq!(code(&output), 2, "{arguments:?}");
        for word in said {
            assert!(stderr(&output).contains(word), "{word} in {}", stderr(&output));
        }
        assert!(!dir.path().join("netconf-store").exists(), "{arguments:?}");
    };
    refused(&[], &["--user", "--password-file", "--authorized-keys", "--unix", "--tls"]);
    refused(&["--listen", "127.0.0.1:0"], &["nobody could log in", "--user"]);
    refused(&["--user", "x"], &["--password-file"]);
    refused(&["--user", "x", "--password-file", "nowhere"], &["cannot read nowhere"]);
    std::fs::write(dir.path().join("empty"), "\n").unwrap();
    refused(&["--user", "x", "--password-file", "empty"], &["empty"]);
    std::fs::write(dir.path().join("keys"), "from=\"10.0.0.1\" ssh-ed25519 AAAA\n").unwrap();
    refused(&["--authorized-keys", "keys"], &["keys:1", "options"]);
    std::fs::write(dir.path().join("keys"), "# none\n").unwrap();
    refused(&["--authorized-keys", "keys"], &["no key"]);
    refused(&["--tls", "127.0.0.1:0"], &["--cert", "--key", "--client-ca"]);
    std::fs::write(dir.path().join("wrong.yang"), "module wrong { }").unwrap();
    let output = yang(dir.path(), &["serve", "wrong.yang", "--user", "x", "--password-file", "password"]);
    assert_eq!(code(&output), 1);
    assert!(stderr(&output).contains("namespace"), "{}", stderr(&output));
}

#[test]
fn access_control_comes_from_a_file() {
    let dir = place();
    let rules = "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'>
      <groups><group><name>writers</name><user-name>ann</user-name></group></groups>
      <rule-list><name>all</name><group>writers</group>
        <rule><name>box</name><path>/box:box/box:label</path><action>permit</action></rule></rule-list></nacm>";
    std::fs::write(dir.path().join("nacm.xml"), rules).unwrap();
    std::fs::write(dir.path().join("start.json"), r#"{"box:box": {"label": "begin", "width": 5}}"#).unwrap();
    let arguments = ["--nacm", "nacm.xml", "--recovery-user", "admin", "--startup", "start.json"];
    let served = serve(dir.path(), &arguments);
    block_on(async {
        let session = served.session("admin").await;
        assert_eq!(label(&session).await, "begin");
        session.edit_config(Datastore::Running).config_xml(set("by admin")).send().await.unwrap();
        assert!(
            session.get_config(Datastore::Running).send().await.unwrap().xml().contains("<user-name>ann")
        );
    });
    served.stop();
    // Without the recovery user the rules bind admin, too; and the store keeps its own configuration.
    let served = serve(dir.path(), &arguments[..2]);
    block_on(async {
        let session = served.session("admin").await;
        assert_eq!(label(&session).await, "by admin");
        let refused = session.edit_config(Datastore::Running).config_xml(set("no")).send().await.unwrap_err();
        assert_eq!(refused.rpc_errors()[0].tag, netconf_runtime::ErrorTag::AccessDenied);
    });
    served.stop();
    // Rules that say nothing: RFC 8341 lets nobody write then.
    std::fs::write(
        dir.path().join("nacm.xml"),
        "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/>",
    )
    .unwrap();
    let served = serve(dir.path(), &arguments[..4]);
    block_on(async {
        let session = served.session("admin").await;
        let running = session.get_config(Datastore::Running).send().await.unwrap();
        assert!(!running.xml().contains("<user-name>ann"), "the old rules are gone");
    });
    served.stop();
    for (rules, named) in [
        (rules.replace("/box:box/box:label", "/box:nothing"), "nothing"),
        ("<box xmlns='urn:box'><label>x</label></box>".to_owned(), "/box:box is no rule"),
    ] {
        std::fs::write(dir.path().join("nacm.xml"), rules).unwrap();
        let output = yang(
            dir.path(),
            &["serve", "box.yang", "--nacm", "nacm.xml", "--user", "x", "--password-file", "password"],
        );
        assert_eq!(code(&output), 2);
        assert!(stderr(&output).contains(named), "{}", stderr(&output));
    }
}

#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[test]
fn what_it_frees_goes_back_to_the_system() {
    let dir = place();
    let served = Served::start(dir.path(), &["box.yang", "--unix", "socket", "--in-memory"]);
    let of_process = |what: &str| std::fs::read(format!("/proc/{}/{what}", served.id())).unwrap();
    let environment = String::from_utf8_lossy(&of_process("environ")).into_owned();
    assert!(environment.contains("glibc.malloc.trim_threshold="), "{environment}");
    // It is the process that was started, with its arguments.
    let arguments = String::from_utf8_lossy(&of_process("cmdline")).replace('\0', " ");
    assert!(arguments.contains("yang serve box.yang --unix socket --in-memory"), "{arguments}");
    served.stop();
}

#[cfg(unix)]
#[test]
fn a_unix_socket_takes_the_user_of_the_process() {
    let dir = place();
    let served = Served::start(dir.path(), &["box.yang", "--unix", "socket", "--in-memory"]);
    block_on(async {
        let stream = netconf_runtime::transport::unix::connect(dir.path().join("socket")).await.unwrap();
        let session = Session::open(stream, Default::default()).await.unwrap();
        session.edit_config(Datastore::Running).config_xml(set("here")).send().await.unwrap();
        assert_eq!(label(&session).await, "here");
        session.close().await.unwrap();
    });
    served.stop();
}

#[test]
fn the_store_has_a_log_and_a_way_back() {
    let dir = place();
    let served = serve(dir.path(), &[]);
    block_on(async {
        let session = served.session("admin").await;
        for name in ["a", "b"] {
            session.edit_config(Datastore::Running).config_xml(set(name)).send().await.unwrap();
        }
    });
    // A store has one owner.
    let busy = yang(dir.path(), &["store", "log", "netconf-store"]);
    assert_eq!(code(&busy), 2);
    assert!(stderr(&busy).contains("in use"), "{}", stderr(&busy));
    served.stop();

    let log = yang(dir.path(), &["store", "log", "netconf-store"]);
    assert_eq!(code(&log), 0, "{}", stderr(&log));
    let log = stdout(&log);
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].starts_with("2  ") && lines[0].contains("admin in session 1"), "{log}");

    let of = ["--store", "netconf-store", "box.yang"];
    let store = |verb: &str, more: &[&str]| {
        let mut all = vec!["store", verb];
        all.extend(of);
        all.extend(more);
        yang(dir.path(), &all)
    };
    let diff = store("diff", &["--from", "1"]);
    assert_eq!(code(&diff), 1);
    assert!(stdout(&diff).contains('a') && stdout(&diff).contains('b'), "{}", stdout(&diff));
    let export = store("export", &["--at", "1"]);
    assert!(stdout(&export).contains("<label>a</label>"), "{}", stdout(&export));
    std::fs::write(dir.path().join("a.xml"), &export.stdout).unwrap();

    assert_eq!(code(&store("rollback", &["--to", "1", "--comment", "b was wrong"])), 0);
    assert!(stdout(&store("export", &[])).contains("<label>a</label>"));
    assert!(stdout(&yang(dir.path(), &["store", "log", "netconf-store"])).contains("b was wrong"));
    let forgotten = store("rollback", &["--to", "99"]);
    assert_eq!(code(&forgotten), 2);
    assert!(stderr(&forgotten).contains("99"), "{}", stderr(&forgotten));

    std::fs::write(dir.path().join("c.json"), r#"{"box:box": {"label": "c"}}"#).unwrap();
    assert_eq!(code(&store("import", &["--from", "c.json"])), 0);
    assert!(stdout(&store("export", &[])).contains("<label>c</label>"));
    std::fs::write(dir.path().join("wrong.json"), r#"{"box:box": {"width": 101}}"#).unwrap();
    let refused = store("import", &["--from", "wrong.json"]);
    assert_eq!(code(&refused), 2);
    assert!(stderr(&refused).contains("101"), "{}", stderr(&refused));
    assert_eq!(code(&store("import", &["--from", "a.xml"])), 0);
}

/// A web server for one request after the other: PUT keeps what comes, GET gives it back. Says where it is.
fn web() -> std::net::SocketAddr {
    use std::io::{BufRead as _, BufReader, Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let mut kept = Vec::new();
        for stream in listener.incoming() {
            let mut stream = BufReader::new(stream.unwrap());
            let (mut first, mut length) = (String::new(), 0);
            stream.read_line(&mut first).unwrap();
            loop {
                let mut line = String::new();
                stream.read_line(&mut line).unwrap();
                if let Some((_, value)) =
                    line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"))
                {
                    length = value.trim().parse().unwrap();
                }
                if line.trim().is_empty() {
                    break;
                }
            }
            if first.starts_with("PUT") {
                kept = vec![0; length];
                stream.read_exact(&mut kept).unwrap();
            }
            let body: &[u8] = if first.starts_with("GET") { &kept } else { b"" };
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            let stream = stream.get_mut();
            stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).unwrap();
        }
    });
    address
}

#[test]
fn configuration_goes_to_hosts_that_are_allowed_and_comes_back() {
    let dir = place();
    let host = web().to_string();
    let served = serve(dir.path(), &["--url-scheme", "http", "--url-host", &host]);
    block_on(async {
        let session = served.session("admin").await;
        let scheme = session.capabilities().find("urn:ietf:params:netconf:capability:url:1.0").unwrap();
        assert!(scheme.ends_with("?scheme=http"), "{scheme}");
        let url = |host: &str| Datastore::Url(format!("http://{host}/backup.xml"));
        session.edit_config(Datastore::Running).config_xml(set("kept")).send().await.unwrap();
        session.copy_config(Datastore::Running, url(&host)).await.unwrap();
        session.edit_config(Datastore::Running).config_xml(set("other")).send().await.unwrap();
        session.copy_config(url(&host), Datastore::Running).await.unwrap();
        assert_eq!(label(&session).await, "kept");
        let refused = session.copy_config(url("127.0.0.1:1"), Datastore::Running).await.unwrap_err();
        assert!(refused.to_string().contains("the operator does not allow"), "{refused}");
    });
    served.stop();
    // What is wrong with a file of passwords is told by its lines alone.
    let arguments =
        ["serve", "box.yang", "--in-memory", "--unix", "socket", "--url-scheme", "https", "--url-host", "a"];
    for (text, named) in [
        ("# none\n\na secret", "passwords:3: a line is"),
        ("a/b ann:secret", "passwords:1"),
        ("a an\u{7}n:secret", "passwords:1"),
    ] {
        std::fs::write(dir.path().join("passwords"), text).unwrap();
        let refused = yang(dir.path(), &[&arguments[..], &["--url-credentials", "passwords"]].concat());
        assert_eq!(code(&refused), 2, "{}", stderr(&refused));
        assert!(
            stderr(&refused).contains(named) && !stderr(&refused).contains("secret"),
            "{}",
            stderr(&refused)
        );
    }
    // A scheme without a host would be of no use, and a host is no URL.
    for wrong in [&["--url-scheme", "https"][..], &["--url-scheme", "http", "--url-host", "http://a/"]] {
        let refused =
            yang(dir.path(), &[&["serve", "box.yang", "--in-memory", "--unix", "socket"], wrong].concat());
        assert_eq!(code(&refused), 2, "{}", stderr(&refused));
        assert!(stderr(&refused).contains("--url-host"), "{}", stderr(&refused));
    }
}

#[test]
fn sessions_have_candidates_of_their_own_where_they_and_the_server_say_so() {
    let dir = place();
    let served = serve(dir.path(), &["--private-candidates", "--in-memory"]);
    block_on(async {
        let own = async || {
            let ssh = SshOptions::new("admin").password("secret");
            let ssh = ssh.host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
            let options = Options::default().private_candidate();
            Session::connect_ssh_with(("127.0.0.1", served.port()), ssh, options).await.unwrap()
        };
        let (one, two) = (own().await, own().await);
        one.edit_config(Datastore::Candidate).config_xml(set("one")).send().await.unwrap();
        two.edit_config(Datastore::Candidate).config_xml(set("two")).send().await.unwrap();
        two.commit().await.unwrap();
        assert!(one.commit().await.unwrap_err().to_string().contains("conflict"));
        one.update(ResolutionMode::PreferCandidate).await.unwrap();
        one.commit().await.unwrap();
        assert_eq!(label(&two).await, "one");
    });
    served.stop();
}

#[cfg(unix)]
#[test]
fn groups_of_users_count_in_access_control_whichever_way_they_come() {
    let dir = place();
    let rules = "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'>
      <rule-list><name>all</name><group>operators</group>
        <rule><name>box</name><path>/box:box</path><action>permit</action></rule></rule-list></nacm>";
    std::fs::write(dir.path().join("nacm.xml"), rules).unwrap();
    let id = Command::new("id").arg("-un").output().unwrap().stdout;
    let here = format!("{}:operators", String::from_utf8(id).unwrap().trim());
    let common = ["--nacm", "nacm.xml", "--in-memory", "--unix", "socket"];
    for (groups, may) in [
        (&["--group", "admin:auditors,operators", "--group", &here][..], true),
        (&["--group", "ann:operators"], false),
    ] {
        let served = serve(dir.path(), &[&common, groups].concat());
        block_on(async {
            let stream = netconf_runtime::transport::unix::connect(dir.path().join("socket")).await.unwrap();
            let unix = Session::open(stream, Default::default()).await.unwrap();
            for session in [served.session("admin").await, unix] {
                let written = session.edit_config(Datastore::Running).config_xml(set("x")).send().await;
                assert_eq!(written.is_ok(), may, "{groups:?}: {written:?}");
            }
        });
        served.stop();
    }
    for wrong in ["ann", "ann:", ":operators", "ann:operators,"] {
        let refused =
            yang(dir.path(), &["serve", "box.yang", "--nacm", "nacm.xml", "--unix", "s", "--group", wrong]);
        assert_eq!(code(&refused), 2);
        assert!(stderr(&refused).contains("ann:operators,auditors"), "{}", stderr(&refused));
    }
    let refused = yang(dir.path(), &["serve", "box.yang", "--unix", "s", "--group", "ann:operators"]);
    assert!(stderr(&refused).contains("--nacm"), "they would be of no use: {}", stderr(&refused));
}

#[cfg(unix)]
#[test]
fn the_permissions_of_the_socket_are_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let dir = place();
    for (said, mode) in
        [(&[][..], 0o600), (&["--unix-mode", "660"], 0o660), (&["--unix-mode", "0666"], 0o666)]
    {
        let served =
            Served::start(dir.path(), &[&["box.yang", "--unix", "socket", "--in-memory"], said].concat());
        let permissions = std::fs::metadata(dir.path().join("socket")).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, mode);
        served.stop();
    }
    for wrong in ["rw", "68", "888", "1000"] {
        let refused = yang(dir.path(), &["serve", "box.yang", "--unix", "s", "--unix-mode", wrong]);
        assert_eq!(code(&refused), 2, "{wrong}");
    }
}

/// The end that waits for a server to call.
async fn called(home: &netconf_runtime::transport::call_home::client::CallHomeListener) -> Session {
    let (socket, peer) = home.accept().await.unwrap();
    let options = SshOptions::new("admin").password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
    let stream = netconf_runtime::transport::ssh::client::connect_over(socket, peer, &options).await.unwrap();
    Session::open(stream, Default::default()).await.unwrap()
}

#[test]
fn it_calls_home_again_and_again() {
    let dir = place();
    for period in [&[][..], &["--call-home-period", "1"]] {
        block_on(async {
            let home = netconf_runtime::transport::call_home::client::CallHomeListener::bind("127.0.0.1:0");
            let home = home.await.unwrap();
            let address = home.local_addr().unwrap().to_string();
            let arguments = [
                "box.yang",
                "--in-memory",
                "--user",
                "admin",
                "--password-file",
                "password",
                "--call-home",
                &address,
            ];
            let served = Served::start(dir.path(), &[&arguments[..], period].concat());
            let said = served.said.join("\n");
            assert!(said.contains(&format!("it calls {address} by SSH")), "{said}");
            assert!(!said.contains("ssh -s"), "it does not listen: {said}");
            for round in ["one", "two"] {
                let session = called(&home).await;
                session.edit_config(Datastore::Running).config_xml(set(round)).send().await.unwrap();
                assert_eq!(label(&session).await, round);
                session.close().await.unwrap();
            }
            served.stop();
        });
    }
    for (wrong, named) in [
        (&["--call-home", "nms"][..], "--user"),
        (&["--call-home-period", "9", "--unix", "s"], "--call-home"),
        (&["--call-home-tls", "nms"], "--cert"),
        (&["--call-home", "ssh://nms", "--user", "admin", "--password-file", "password"], "HOST:PORT"),
    ] {
        let refused = yang(dir.path(), &[&["serve", "box.yang"], wrong].concat());
        assert_eq!(code(&refused), 2, "{wrong:?}");
        assert!(stderr(&refused).contains(named), "{}", stderr(&refused));
    }
}

#[test]
fn sessions_that_are_idle_end_where_a_limit_says_so() {
    let dir = place();
    let served = serve(dir.path(), &["--in-memory", "--idle-timeout", "1"]);
    block_on(async {
        let (idle, listens) = (served.session("admin").await, served.session("admin").await);
        let _events = listens.create_subscription().await.unwrap();
        while idle.ended().is_none() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(label(&listens).await, "", "who listens is never idle");
    });
    served.stop();
}

#[test]
fn a_comment_goes_with_its_commit_into_the_log() {
    let dir = place();
    std::fs::write(dir.path().join("change.xml"), set("commented")).unwrap();
    let served = serve(dir.path(), &[]);
    let target = format!("ssh://admin@127.0.0.1:{}", served.port());
    let nc = |arguments: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        command.args(["yang", "nc", "--accept-new", &target]).args(arguments).current_dir(dir.path());
        command.env("HOME", dir.path()).env("NETCONF_PASSWORD", "secret").env_remove("SSH_AUTH_SOCK");
        let output = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    nc(&["edit-config", "--commit", "--comment", "ticket 4711", "change.xml"]);
    std::fs::write(dir.path().join("change.xml"), set("again")).unwrap();
    nc(&["edit-config", "change.xml"]);
    nc(&["commit", "--confirmed", "--persist", "id", "--comment", "on\n\u{9b}31m trial"]);
    nc(&["commit", "--persist-id", "id", "--comment", "it stays"]);
    served.stop();
    let log = stdout(&yang(dir.path(), &["store", "log", "netconf-store"]));
    let lines: Vec<&str> = log.lines().collect();
    assert_eq!(lines.len(), 3, "{log}");
    assert!(lines[0].ends_with(": it stays"), "{log}");
    // What it says is no layout, and no orders to a terminal.
    assert!(lines[1].ends_with(": on\\n\\u{9b}31m trial"), "{log}");
    assert!(lines[2].ends_with(": ticket 4711"), "{log}");
}
