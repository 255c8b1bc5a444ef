//! A server held against the RFCs, as its clients see it: dialogues, request in and reply out, each with the section that demands
//! it. They stand in `tests/dialogues`, and every one is held with `cargo yang serve`, as a process of its own, over SSH with NETCONF 1.1 and over
//! a unix socket with NETCONF 1.0. Where the corpus of real modules is at hand, the server has all modules of the IETF beside the
//! module that the dialogues are about.
//!
//! A dialogue begins with `== SECTION: what it is about`. `a> …` sends an operation in an rpc of session `a`, `a>> …` what
//! stands there, as messages that are set off by `]]>]]>`; `{b}` is the session-id of `b`. `a< …` says what comes:
//! `ok`; `empty` data; `is X`, just this data; `has X | Y | !Z`, a reply without error with X and Y and without Z in it; `error T1,T2 | X`,
//! an error with one of these tags, and with X in the reply; `closed`; alternatives are joined by ` or `. `a! drop` breaks the
//! connection, `a! until OPERATION lacks X` asks until X is gone. `begin XML` at the top of a file is what `running` begins with;
//! `serve OPTIONS` there is what its server is started with besides, `hello CAPABILITY` what the hellos of a and b say besides.
//! Sessions a, b and c are of a user whom access control does not bind; e is of `ann`.
#![cfg(unix)]

mod common;

use common::served::Served;
use netconf_runtime::transport::ssh::PrivateKey;
use netconf_runtime::transport::ssh::client::{HostKeyCheck, SshOptions, connect};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::Command;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
const END: &[u8] = b"]]>]]>";

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dialogues")
}

/// How a dialogue is held.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    Ssh11,
    Unix10,
}

/// A server, and what its clients need to know of it.
struct Place {
    served: Served,
    files: tempfile::TempDir,
    key: PrivateKey,
    /// Who runs the tests: the user of a unix socket.
    user: String,
    /// What the hellos of a and b say besides.
    capabilities: Vec<String>,
}

impl Place {
    fn new() -> Self {
        Self::with(&Dialogues::default())
    }

    fn with(wanted: &Dialogues) -> Self {
        let files = tempfile::tempdir().unwrap();
        let key = PrivateKey::generate().unwrap();
        let write = |name: &str, text: &str| std::fs::write(files.path().join(name), text).unwrap();
        write("keys", &key.public_key().to_openssh().unwrap());
        write("nacm.xml", "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'/>");
        std::fs::create_dir(files.path().join("urls")).unwrap();
        let id = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(id).unwrap().trim().to_owned();
        let mut arguments: Vec<String> = models();
        arguments.extend(
            ["--listen", "127.0.0.1:0", "--authorized-keys", "keys", "--unix", "socket", "--store", "store"]
                .map(str::to_owned),
        );
        arguments.extend(
            ["--nacm", "nacm.xml", "--recovery-user", &user, "--with-startup", "--url-root", "urls"]
                .map(str::to_owned),
        );
        arguments.extend(wanted.serve.iter().cloned());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let served = Served::start(files.path(), &arguments);
        Self { served, files, key, user, capabilities: wanted.hello.clone() }
    }

    async fn socket(&self) -> Pin<Box<dyn Both>> {
        let path = self.files.path().join("socket");
        Box::pin(netconf_runtime::transport::unix::connect(path).await.unwrap())
    }

    /// A session of a dialogue, by its letter. On a unix socket one is who one is: what is of `ann` goes over SSH.
    async fn session(&self, letter: &str, way: Way) -> Session {
        let version = if way == Way::Ssh11 { "1.1" } else { "1.0" };
        let more: &[String] = if ["a", "b"].contains(&letter) { &self.capabilities } else { &[] };
        if way == Way::Unix10 && letter != "e" {
            return Session::open(self.socket().await, version, more).await;
        }
        let options = SshOptions::new(if letter == "e" { "ann" } else { &self.user })
            .key(self.key.clone())
            .host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
        let stream = connect(("127.0.0.1", self.served.port()), &options).await.unwrap();
        Session::open(Box::pin(stream), version, more).await
    }

    /// Brings the server to where dialogues begin. What sessions that just ended held is free in a moment.
    async fn begin(&self, running: &str) {
        let mut session = self.session("c", Way::Unix10).await;
        let copy = format!(
            "<copy-config><target><running/></target><source><config>{running}</config></source></copy-config>"
        );
        let rest = ["<delete-config><target><startup/></target></delete-config>", "<discard-changes/>"];
        for operation in [copy.as_str()].into_iter().chain(rest) {
            session.until(operation, |reply| reply.contains("<ok/>")).await.unwrap();
        }
        session.ask("<close-session/>").await;
        assert!(session.receive().await.is_some_and(|reply| reply.contains("<ok/>")));
    }
}

/// The modules of the dialogues, and all modules of the IETF: but for the examples among them, whose defaults refer to data that
/// nobody has configured.
fn models() -> Vec<String> {
    let own = ["dialogues.yang", "company.yang"];
    let mut models: Vec<String> =
        own.iter().map(|name| directory().join(name).display().to_string()).collect();
    if let Some(corpus) = toolchain_tests::corpus::corpus() {
        let yang = corpus.join("yang");
        let mut files: Vec<String> = std::fs::read_dir(yang.join("ietf"))
            .unwrap()
            .map(|entry| entry.unwrap().path().display().to_string())
            .filter(|path| !path.contains("/example-"))
            .collect();
        files.sort();
        models.extend(files);
        models.extend(["-p".to_owned(), yang.display().to_string()]);
    }
    models
}

trait Both: AsyncRead + AsyncWrite + Send {}
impl<T: AsyncRead + AsyncWrite + Send> Both for T {}

/// A session, byte by byte: no code of ours but the transport stands between the dialogue and the server.
struct Session {
    stream: Pin<Box<dyn Both>>,
    chunked: bool,
    received: Vec<u8>,
    id: String,
    messages: u32,
}

impl Session {
    async fn open(stream: Pin<Box<dyn Both>>, version: &str, more: &[String]) -> Self {
        let mut session =
            Self { stream, chunked: false, received: Vec::new(), id: String::new(), messages: 0 };
        let hello = session.receive().await.expect("a hello");
        session.id = between(&hello, "<session-id>", "</session-id>").expect("a session-id").to_owned();
        let base = format!("urn:ietf:params:netconf:base:{version}");
        let all = std::iter::once(&base).chain(more);
        let all: String = all.map(|uri| format!("<capability>{uri}</capability>")).collect();
        let hello = format!("<hello xmlns=\"{BASE}\"><capabilities>{all}</capabilities></hello>");
        session.send(&hello).await;
        session.chunked = version == "1.1";
        session
    }

    async fn send(&mut self, message: &str) {
        let mut bytes = Vec::new();
        if self.chunked {
            bytes.extend_from_slice(format!("\n#{}\n{message}\n##\n", message.len()).as_bytes());
        } else {
            bytes.extend_from_slice(message.as_bytes());
            bytes.extend_from_slice(END);
        }
        self.send_bytes(&bytes).await;
    }

    /// What a peer that is gone does not take is nobody's loss: what comes back tells.
    async fn send_bytes(&mut self, bytes: &[u8]) {
        _ = self.stream.write_all(bytes).await;
        _ = self.stream.flush().await;
    }

    /// The next message; `None` at the end of the session.
    async fn receive(&mut self) -> Option<String> {
        loop {
            if let Some(message) = self.take() {
                return Some(message);
            }
            let read = self.stream.read_buf(&mut self.received);
            match tokio::time::timeout(Duration::from_secs(20), read).await.expect("something comes") {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// A message that is there whole.
    fn take(&mut self) -> Option<String> {
        let find = |from: usize, what: &[u8]| {
            self.received.get(from..)?.windows(what.len()).position(|w| w == what).map(|at| from + at)
        };
        let (message, end) = if self.chunked {
            let (mut message, mut at) = (Vec::new(), 0);
            loop {
                let line = find(at + 2, b"\n")?;
                assert!(self.received[at..].starts_with(b"\n#"), "a chunk: {:?}", &self.received[at..line]);
                let size = std::str::from_utf8(&self.received[at + 2..line]).unwrap();
                if size == "#" {
                    break (message, line + 1);
                }
                let size: usize = size.parse().unwrap();
                assert!((1..=65_536).contains(&size), "chunks of at most 64 KiB are sent");
                message.extend_from_slice(self.received.get(line + 1..line + 1 + size)?);
                at = line + 1 + size;
            }
        } else {
            let end = find(0, END)?;
            (self.received[..end].to_vec(), end + END.len())
        };
        self.received.drain(..end);
        Some(String::from_utf8(message).unwrap())
    }

    /// Asks until the reply is as wanted, or it takes too long: the last reply then.
    async fn until(&mut self, operation: &str, wanted: impl Fn(&str) -> bool) -> Result<(), String> {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            self.ask(operation).await;
            let reply = self.receive().await.unwrap_or_default();
            if wanted(&reply) {
                return Ok(());
            }
            if Instant::now() > end {
                return Err(reply);
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    async fn ask(&mut self, operation: &str) {
        self.messages += 1;
        let id = self.messages;
        self.send(&format!("<rpc xmlns=\"{BASE}\" message-id=\"{id}\">{operation}</rpc>")).await;
    }
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    Some(rest.split_once(after)?.0)
}

/// What is in `data` of a reply.
fn content(reply: &str) -> Option<&str> {
    if reply.contains("<data/>") {
        return Some("");
    }
    between(reply, "<data", "</data>").map(|data| data.split_once('>').map_or("", |(_, content)| content))
}

/// Is it what was expected?
fn fits(reply: Option<&str>, expected: &str) -> bool {
    // What is asked for to the letter may have any words in it.
    if let Some(data) = expected.strip_prefix("is ") {
        return reply
            .is_some_and(|reply| !reply.contains("<rpc-error") && content(reply) == Some(data.trim()));
    }
    expected.split(" or ").any(|expected| {
        let (word, rest) = expected.trim().split_once(' ').unwrap_or((expected.trim(), ""));
        let Some(reply) = reply else { return word == "closed" };
        let is_error = reply.contains("<rpc-error");
        let parts = || rest.split('|').map(str::trim).filter(|part| !part.is_empty());
        let holds = |part: &str| match part.strip_prefix('!') {
            Some(absent) => !reply.contains(absent),
            None => reply.contains(part),
        };
        match word {
            "ok" => !is_error && reply.contains("<ok/>"),
            "empty" => !is_error && content(reply).is_some_and(|content| content.trim().is_empty()),
            "has" => !is_error && parts().all(holds),
            "error" => {
                let mut parts = parts();
                let tags = parts.next().unwrap_or_default();
                let tag = |tag: &str| reply.contains(&format!("<error-tag>{}</error-tag>", tag.trim()));
                is_error && tags.split(',').any(tag) && parts.all(holds)
            }
            "closed" => false,
            _ => panic!("{expected:?} says nothing that this knows"),
        }
    })
}

struct Dialogue {
    title: String,
    lines: Vec<String>,
}

/// A file.
#[derive(Default)]
struct Dialogues {
    /// What `running` begins with.
    begin: String,
    /// What the server is started with.
    serve: Vec<String>,
    /// Capabilities of clients.
    hello: Vec<String>,
    all: Vec<Dialogue>,
}

fn read(file: &str) -> Dialogues {
    let text = std::fs::read_to_string(directory().join(file)).unwrap();
    let mut read = Dialogues::default();
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix("== ") {
            read.all.push(Dialogue { title: title.to_owned(), lines: Vec::new() });
        } else if let Some(dialogue) = read.all.last_mut() {
            dialogue.lines.push(line.to_owned());
        } else if let Some(options) = line.strip_prefix("serve ") {
            read.serve.extend(options.split(' ').map(str::to_owned));
        } else if let Some(capability) = line.strip_prefix("hello ") {
            read.hello.push(capability.to_owned());
        } else {
            read.begin.push_str(line.strip_prefix("begin ").expect("nothing else stands in front"));
        }
    }
    read
}

/// Holds a dialogue; says what came otherwise than expected.
async fn hold(place: &Place, dialogue: &Dialogue, way: Way) -> Result<(), String> {
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    for line in &dialogue.lines {
        for letter in ["a", "b", "c", "e"] {
            if (line.starts_with(letter) || line.contains(&format!("{{{letter}}}")))
                && !sessions.contains_key(letter)
            {
                sessions.insert(letter.to_owned(), place.session(letter, way).await);
            }
        }
        let mut text = line[1..].to_owned();
        for (letter, session) in &sessions {
            text = text.replace(&format!("{{{letter}}}"), &session.id);
        }
        let letter = &line[..1];
        if text == "! drop" {
            sessions.remove(letter);
            continue;
        }
        let session = sessions.get_mut(letter).expect("a letter of a session");
        if let Some(raw) = text.strip_prefix(">> ") {
            for message in raw.split("]]>]]>") {
                session.send(message).await;
            }
        } else if let Some(operation) = text.strip_prefix("> ") {
            session.ask(operation).await;
        } else if let Some(until) = text.strip_prefix("! until ") {
            let (operation, gone) = until.split_once(" lacks ").expect("what is to be gone");
            if let Err(reply) = session.until(operation, |reply| !reply.contains(gone)).await {
                return Err(format!("{line}\n    still: {reply}"));
            }
        } else if let Some(expected) = text.strip_prefix("< ") {
            let reply = session.receive().await;
            if !fits(reply.as_deref(), expected) {
                return Err(format!(
                    "{line}\n    came: {}",
                    reply.as_deref().unwrap_or("the end of the session")
                ));
            }
        } else {
            return Err(format!("{line}\n    what is this?"));
        }
    }
    Ok(())
}

async fn hold_all(file: &str, at_least: usize) {
    let read = read(file);
    let dialogues = &read.all;
    assert!(dialogues.len() >= at_least, "{file} has only {} dialogues", dialogues.len());
    let place = Place::with(&read);
    let mut wrong = Vec::new();
    for dialogue in dialogues {
        for way in [Way::Ssh11, Way::Unix10] {
            place.begin(&read.begin).await;
            if let Err(why) = hold(&place, dialogue, way).await {
                wrong.push(format!("== {} ({way:?})\n  {why}", dialogue.title));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} in {file}:\n{}", wrong.len(), dialogues.len() * 2, wrong.join("\n"));
}

macro_rules! files {
    ($($name:ident: $at_least:literal;)*) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            hold_all(concat!(stringify!($name), ".dialogue"), $at_least).await;
        }
    )*};
}

files! {
    messages: 51;
    parameters: 25;
    filters: 38;
    operations: 47;
    edit_config: 47;
    values: 26;
    lists: 30;
    reading: 51;
    defaults: 12;
    datastores: 46;
    confirmed_commit: 21;
    access: 34;
    access_rules: 30;
    errors: 22;
    base_notifications: 14;
    private_candidates: 18;
    monitoring: 12;
    notifications: 12;
}

/// RFC 6242 section 4.2: after base:1.1 is agreed, what is framed otherwise ends the session, and nothing of it is done.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn framing_that_is_wrong_ends_the_session() {
    let rpc = format!("<rpc xmlns=\"{BASE}\" message-id=\"1\"><discard-changes/></rpc>");
    let n = rpc.len();
    let wrong = [
        ("the framing of 1.0", format!("{rpc}]]>]]>")),
        ("a chunk of size 0", format!("\n#0\n\n#{n}\n{rpc}\n##\n")),
        ("a leading zero", format!("\n#0{n}\n{rpc}\n##\n")),
        ("a sign", format!("\n#+{n}\n{rpc}\n##\n")),
        ("a size of eleven digits", format!("\n#99999999999\n{rpc}\n##\n")),
        ("a size above 4294967295", format!("\n#4294967296\n{rpc}\n##\n")),
        ("a size that is no number", format!("\n#x\n{rpc}\n##\n")),
        ("no line feed in front", format!("#{n}\n{rpc}\n##\n")),
        ("text between chunks", format!("\n#{n}\n{rpc}garbage\n##\n")),
        ("an end without a chunk", "\n##\n".to_owned()),
    ];
    let place = Place::new();
    for (what, bytes) in wrong {
        let mut session = place.session("a", Way::Ssh11).await;
        session.send_bytes(bytes.as_bytes()).await;
        assert_eq!(session.receive().await, None, "{what}");
    }
    // Chunks may cut a message anywhere, and come byte by byte.
    let mut session = place.session("a", Way::Ssh11).await;
    let mut bytes = String::new();
    for c in rpc.chars() {
        bytes.push_str(&format!("\n#1\n{c}"));
    }
    bytes.push_str("\n##\n");
    for byte in bytes.as_bytes() {
        session.send_bytes(&[*byte]).await;
    }
    assert!(session.receive().await.unwrap().contains("<ok/>"));
}

/// RFC 6241 section 8.1: hellos that lead to no session.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hellos_that_are_wrong_end_the_session() {
    let place = Place::new();
    let capability = |uri: &str| format!("<capability>{uri}</capability>");
    let hello = |inside: &str| format!("<hello xmlns=\"{BASE}\">{inside}</hello>");
    let base = capability("urn:ietf:params:netconf:base:1.0");
    let wrong = [
        ("no base in common", hello(&format!("<capabilities>{}</capabilities>", capability("urn:x")))),
        ("a session-id", hello(&format!("<capabilities>{base}</capabilities><session-id>4</session-id>"))),
        ("no capabilities", hello("")),
        ("another namespace", format!("<hello><capabilities>{base}</capabilities></hello>")),
        ("no hello", format!("<rpc xmlns=\"{BASE}\" message-id=\"1\"><discard-changes/></rpc>")),
        (
            "a document type",
            format!("<!DOCTYPE hello>{}", hello(&format!("<capabilities>{base}</capabilities>"))),
        ),
        ("no XML", "good morning".to_owned()),
    ];
    for (what, text) in wrong {
        let mut session = Session {
            stream: place.socket().await,
            chunked: false,
            received: Vec::new(),
            id: String::new(),
            messages: 0,
        };
        session.receive().await.expect("the server's hello");
        session.send(&text).await;
        assert_eq!(session.receive().await, None, "{what}");
    }
}

/// A dialogue that expects what does not come must fail.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dialogue_can_fail() {
    let lines = |lines: &[&str]| Dialogue {
        title: String::new(),
        lines: lines.iter().map(|&line| line.to_owned()).collect(),
    };
    let place = Place::new();
    for expected in ["empty", "is <a/>", "has <a>", "error in-use", "closed"] {
        let dialogue = lines(&["a> <discard-changes/>", &format!("a< {expected}")]);
        assert!(hold(&place, &dialogue, Way::Ssh11).await.is_err(), "{expected}");
    }
    let dialogue = lines(&["a> <get-config/>", "a< ok"]);
    assert!(hold(&place, &dialogue, Way::Ssh11).await.is_err());
}
