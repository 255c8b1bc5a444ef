//! A server held against the RFCs, as its clients see it: dialogues, request in and reply out, each with the section that demands
//! it. They stand in `tests/dialogues`, and every one is held over SSH with NETCONF 1.1 and over a unix socket with
//! NETCONF 1.0, each time with a server of its own.
//!
//! A dialogue begins with `== SECTION: what it is about`. `a> …` sends an operation in an rpc of session `a`, `a>> …` what
//! stands there, as messages that are set off by `]]>]]>`; `{b}` is the session-id of `b`. `a< …` says what comes:
//! `ok`; `empty` data; `has X | Y | !Z`, a reply without error with X and Y and without Z in it; `error T1,T2 | X`, an error
//! with one of these tags, and with X in the reply; `closed`; alternatives are joined by ` or `. `a! drop` breaks the
//! connection, `a! until OPERATION lacks X` asks until X is gone. `begin XML` at the top of a file is what `running` begins with.
//! Sessions a and b are of `root`, whom access control does not bind; e is of `ann`.

use netconf_runtime::server::Server;
use netconf_runtime::transport::ssh::client::{HostKeyCheck, SshOptions, connect};
use netconf_runtime::transport::ssh::server::{User, Users};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use yang_data::codec::Limits;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::{ReadSource, Reader};
use yang_schema::{NodeId, Schema};

const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
const END: &[u8] = b"]]>]]>";

fn directory() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/dialogues"))
}

fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled = yang_parser::Compiler::new()
            .file(directory().join("dialogues.yang"))
            .module("ietf-netconf-acm")
            .compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// How a dialogue is held.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Way {
    Ssh11,
    #[cfg(unix)]
    Unix10,
}

impl Way {
    #[cfg(unix)]
    const ALL: &[Way] = &[Way::Ssh11, Way::Unix10];
    #[cfg(not(unix))]
    const ALL: &[Way] = &[Way::Ssh11];
}

/// A server of a dialogue, with what must live as long as it.
struct Place {
    server: Server,
    port: u16,
    files: tempfile::TempDir,
}

impl Place {
    async fn new(begin: &str) -> Self {
        let files = tempfile::tempdir().unwrap();
        let users = ["root", "ann"]
            .iter()
            .fold(Users::new(), |users, name| users.user(*name, User::new().password("secret")));
        let mut source = ReadSource::over(Reader::of_content(Limits::default()), begin.as_bytes());
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        let initial = Tree::decode(&schema(), NodeId::ROOT, &mut source, &options).unwrap();
        let server = Server::builder(schema())
            .users(users)
            .initial(initial)
            .recovery_user("root")
            .startup(true)
            .url_root(files.path())
            .build()
            .await
            .unwrap();
        let port = server.listen_ssh("127.0.0.1:0").await.unwrap().port();
        #[cfg(unix)]
        for user in ["root", "ann"] {
            use netconf_runtime::transport::unix::server::UnixServerOptions;
            let options = UnixServerOptions::default().user(move |_| Some(user.to_owned()));
            server.listen_unix_with(files.path().join(user), options).await.unwrap();
        }
        Self { server, port, files }
    }

    /// A session of a dialogue, by its letter.
    async fn session(&self, letter: &str, way: Way) -> Session {
        let user = if letter == "e" { "ann" } else { "root" };
        let stream: Pin<Box<dyn Both>> = match way {
            Way::Ssh11 => {
                let options =
                    SshOptions::new(user).password("secret").host_key(HostKeyCheck::DangerouslyAcceptAnyKey);
                Box::pin(connect(("127.0.0.1", self.port), &options).await.unwrap())
            }
            #[cfg(unix)]
            Way::Unix10 => {
                let path = self.files.path().join(user);
                Box::pin(netconf_runtime::transport::unix::connect(path).await.unwrap())
            }
        };
        let version = if way == Way::Ssh11 { "1.1" } else { "1.0" };
        Session::open(stream, version).await
    }
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
    async fn open(stream: Pin<Box<dyn Both>>, version: &str) -> Self {
        let mut session =
            Self { stream, chunked: false, received: Vec::new(), id: String::new(), messages: 0 };
        let hello = session.receive().await.expect("a hello");
        session.id = between(&hello, "<session-id>", "</session-id>").expect("a session-id").to_owned();
        let hello = format!(
            "<hello xmlns=\"{BASE}\"><capabilities><capability>urn:ietf:params:netconf:base:{version}</capability>\
             </capabilities></hello>"
        );
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

/// Is it what was expected?
fn fits(reply: Option<&str>, expected: &str) -> bool {
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
            "empty" => {
                let content =
                    between(reply, "<data", "</data>").map(|d| d.split_once('>').map_or("", |(_, c)| c));
                !is_error && content.map_or(reply.contains("<data/>"), |content| content.trim().is_empty())
            }
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

/// What a file begins with, and its dialogues.
fn read(file: &str) -> (String, Vec<Dialogue>) {
    let text = std::fs::read_to_string(directory().join(file)).unwrap();
    let (mut begin, mut dialogues) = (String::new(), Vec::<Dialogue>::new());
    for line in text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if let Some(title) = line.strip_prefix("== ") {
            dialogues.push(Dialogue { title: title.to_owned(), lines: Vec::new() });
        } else if let Some(dialogue) = dialogues.last_mut() {
            dialogue.lines.push(line.to_owned());
        } else {
            begin.push_str(line.strip_prefix("begin ").expect("nothing else stands in front"));
        }
    }
    (begin, dialogues)
}

/// Holds a dialogue; says what came otherwise than expected.
async fn hold(begin: &str, dialogue: &Dialogue, way: Way) -> Result<(), String> {
    let place = Place::new(begin).await;
    let mut sessions: BTreeMap<String, Session> = BTreeMap::new();
    for line in &dialogue.lines {
        for letter in ["a", "b", "e"] {
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
            let end = Instant::now() + Duration::from_secs(20);
            loop {
                session.ask(operation).await;
                let reply = session.receive().await.unwrap_or_default();
                if !reply.contains(gone) {
                    break;
                }
                if Instant::now() > end {
                    return Err(format!("{line}\n    still: {reply}"));
                }
                tokio::time::sleep(Duration::from_millis(50)).await;
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
    drop(sessions);
    place.server.shutdown().await;
    Ok(())
}

async fn hold_all(file: &str, at_least: usize) {
    let (begin, dialogues) = read(file);
    assert!(dialogues.len() >= at_least, "{file} has only {} dialogues", dialogues.len());
    let mut wrong = Vec::new();
    for dialogue in &dialogues {
        for &way in Way::ALL {
            if let Err(why) = hold(&begin, dialogue, way).await {
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
    messages: 20;
    edit_config: 45;
    reading: 25;
    datastores: 25;
    confirmed_commit: 10;
    access: 10;
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
    let place = Place::new("").await;
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
#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hellos_that_are_wrong_end_the_session() {
    let place = Place::new("").await;
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
        let stream =
            netconf_runtime::transport::unix::connect(place.files.path().join("root")).await.unwrap();
        let mut session = Session {
            stream: Box::pin(stream),
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
    for expected in ["empty", "has <a>", "error in-use", "closed"] {
        let dialogue = lines(&["a> <discard-changes/>", &format!("a< {expected}")]);
        assert!(hold("", &dialogue, Way::Ssh11).await.is_err(), "{expected}");
    }
    let dialogue = lines(&["a> <get-config/>", "a< ok"]);
    assert!(hold("", &dialogue, Way::Ssh11).await.is_err());
}
