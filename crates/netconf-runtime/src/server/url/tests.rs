//! URLs of other servers, against a web server of the tests' own.

use super::{Credentials, HttpUrls, Scheme};
use crate::server::tests::device::{builder, tree};
use crate::server::tests::peer::{Peer, refused};
use crate::server::{BuildError, Limits, Server};
use crate::transport::tls::tests::{Authority, dns};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use yang_schema::NodeId;

/// What a web server holds, and what it was asked.
#[derive(Default)]
struct Web {
    documents: Mutex<BTreeMap<String, String>>,
    asked: Mutex<Vec<String>>,
    port: u16,
}

impl Web {
    /// A server on some port of the loopback address; with TLS, if it has an identity.
    async fn start(tls: Option<TlsAcceptor>) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let web = Arc::new(Self { port: listener.local_addr().unwrap().port(), ..Self::default() });
        let served = Arc::clone(&web);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (web, tls) = (Arc::clone(&served), tls.clone());
                tokio::spawn(async move {
                    match tls {
                        None => web.connection(socket).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(socket).await {
                                web.connection(stream).await;
                            }
                        }
                    }
                });
            }
        });
        web
    }

    async fn connection(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            match stream.read_u8().await {
                Ok(byte) => head.push(byte),
                Err(_) => return,
            }
        }
        let head = String::from_utf8(head).unwrap().to_ascii_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let mut body = vec![0; length.map_or(0, |n| n.parse().unwrap())];
        stream.read_exact(&mut body).await.unwrap();
        let body = String::from_utf8(body).unwrap();
        self.asked.lock().unwrap().push(head.clone());
        let line: Vec<&str> = head.split_ascii_whitespace().collect();
        let answer = match (line[0], line[1]) {
            (_, "/moved") => response("302 Found", "Location: http://127.0.0.1:1/\r\n", "", 0),
            (_, "/kept") => response("403 Forbidden", "", "no", 2),
            (_, "/later") => response("202 Accepted", "", "", 0),
            (_, "/packed") => response("200 OK", "Content-Encoding: gzip\r\n", "x", 1),
            (_, "/short") => response("200 OK", "", "<config", 100),
            (_, "/huge") => response("200 OK", "", "", 1 << 40),
            (_, "/endless") => {
                let start = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
                stream.write_all(start.as_bytes()).await.unwrap();
                // Until nobody listens any more.
                while stream.write_all(b"5\r\n     \r\n").await.is_ok() {}
                return;
            }
            (_, "/head") => format!("HTTP/1.1 200 OK\r\nX: {}\r\n\r\n", "x".repeat(1 << 20)),
            (_, "/noise") => "what?\r\n\r\n".to_owned(),
            (_, "/never") => std::future::pending().await,
            ("put", path) => {
                self.documents.lock().unwrap().insert(path.to_owned(), body);
                response("201 Created", "", "", 0)
            }
            ("delete", path) => match self.documents.lock().unwrap().remove(path) {
                Some(_) => "HTTP/1.1 204 No Content\r\n\r\n".to_owned(),
                None => response("404 Not Found", "", "", 0),
            },
            ("get", path) => match self.documents.lock().unwrap().get(path) {
                Some(text) => response("200 OK", "", text, text.len()),
                None => response("404 Not Found", "", "", 0),
            },
            other => panic!("{other:?}"),
        };
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    fn put(&self, path: &str, text: &str) {
        self.documents.lock().unwrap().insert(path.to_owned(), text.to_owned());
    }

    fn url(&self, path: &str) -> String {
        format!("<url>http://127.0.0.1:{}{path}</url>", self.port)
    }

    fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

fn response(status: &str, headers: &str, body: &str, length: usize) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}")
}

fn config(content: &str) -> String {
    format!(
        "<config xmlns='{}'><system xmlns='urn:device'>{content}</system></config>",
        crate::BASE_NAMESPACE
    )
}

fn copy(target: &str, source: &str) -> String {
    format!("<target>{target}</target><source>{source}</source>")
}

/// A server with a host name, and a web server that it may ask.
async fn pair() -> (Arc<Web>, Server, Peer) {
    let web = Web::start(None).await;
    let urls = HttpUrls::new([Scheme::Http]).host(&web.host()).unwrap();
    let limits = Limits { file: 1000, url: Duration::from_millis(500), ..Limits::default() };
    let initial = tree(NodeId::ROOT, "<system xmlns='urn:device'><hostname>a</hostname></system>");
    let server = builder().limits(limits).initial(initial).http_urls(urls).build().await.unwrap();
    let peer = Peer::connect(&server);
    (web, server, peer)
}

// RFC 6241 section 8.8: `copy-config`, `edit-config`, `delete-config` and `validate` take URLs.
#[tokio::test]
async fn configuration_is_put_to_other_servers_and_fetched_from_them() {
    let (web, _server, mut peer) = pair().await;
    let backup = web.url("/backups/a.xml?version=1");
    assert_eq!(peer.ask("copy-config", &copy(&backup, "<running/>")).await, "ok");
    let kept = web.documents.lock().unwrap().get("/backups/a.xml?version=1").unwrap().clone();
    assert!(kept.contains("<hostname>a</hostname>"), "{kept}");
    let head = web.asked.lock().unwrap()[0].clone();
    assert!(head.starts_with("put /backups/a.xml?version=1 http/1.1\r\n"), "{head}");
    assert!(head.contains(&format!("\r\nhost: {}\r\n", web.host())), "{head}");
    assert!(head.contains("\r\ncontent-type: application/xml\r\n"), "{head}");

    web.put("/edit.xml", &config("<mtu>1400</mtu>"));
    let edit = format!("<target><running/></target>{}", web.url("/edit.xml"));
    assert_eq!(peer.ask("edit-config", &edit).await, "ok");
    assert!(peer.config("running").await.contains("<mtu>1400</mtu>"));
    let validate = |path: &str| format!("<source>{}</source>", web.url(path));
    assert_eq!(peer.ask("validate", &validate("/edit.xml")).await, "ok");
    web.put("/bad.xml", &config("<mtu>1</mtu>"));
    refused(&peer.ask("validate", &validate("/bad.xml")).await, "application invalid-value (mtu-range)");

    assert_eq!(peer.ask("copy-config", &copy("<running/>", &backup)).await, "ok");
    assert!(!peer.config("running").await.contains("mtu"));
    // From one place to another.
    assert_eq!(peer.ask("copy-config", &copy(&web.url("/b.xml"), &backup)).await, "ok");
    assert_eq!(peer.ask("delete-config", &format!("<target>{backup}</target>")).await, "ok");
    assert_eq!(web.documents.lock().unwrap().keys().collect::<Vec<_>>(), ["/b.xml", "/bad.xml", "/edit.xml"]);
    for (operation, params) in [
        ("delete-config", format!("<target>{backup}</target>")),
        ("copy-config", copy("<running/>", &backup)),
    ] {
        let told = "application data-missing: http://127.0.0.1";
        refused(&peer.ask(operation, &params).await, told);
    }
}

// Section 7.3: "If the <source> and <target> parameters identify the same URL or configuration datastore, an error MUST be
// returned with an error-tag containing 'invalid-value'."
#[tokio::test]
async fn a_url_is_not_copied_onto_itself() {
    let (web, _server, mut peer) = pair().await;
    web.put("/a.xml", &config(""));
    let other_way = format!("<url>HTTP://127.0.0.1:{}/a.xml</url>", web.port);
    let reply = peer.ask("copy-config", &copy(&web.url("/a.xml"), &other_way)).await;
    refused(&reply, "protocol invalid-value: a URL cannot be copied onto itself");
    assert!(web.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_another_server_answers_is_not_trusted() {
    let (web, server, mut peer) = pair().await;
    web.put("/text", "hello");
    web.put("/other", "<data/>");
    web.put("/long", &config(&format!("<hostname>{}</hostname>", "x".repeat(2000))));
    for (path, told) in [
        ("/text", "protocol invalid-value: http://"),
        ("/other", "protocol invalid-value: http://"),
        ("/long", "application too-big: http://"),
        ("/huge", "application too-big: http://"),
        ("/endless", "application too-big: http://"),
        ("/short", "application operation-failed: http://"),
        ("/head", "application too-big: http://"),
        ("/noise", "application operation-failed: http://"),
        ("/packed", "application operation-failed: http://"),
        ("/never", "application operation-failed: http://"),
        ("/moved", "application operation-failed: http://"),
        ("/kept", "application operation-failed: http://"),
        ("/later", "application operation-failed: http://"),
    ] {
        let reply = peer.ask("copy-config", &copy("<running/>", &web.url(path))).await;
        refused(&reply, told);
        let why = match path {
            "/long" | "/huge" | "/endless" => "has more than 1000 bytes (limit `file`)",
            "/head" => "(limit `url_head`)",
            "/never" => "it took longer than 500ms (limit `url`)",
            "/moved" => "302 Found, and redirections are not followed",
            "/kept" => "403 Forbidden",
            "/text" | "/other" => "holds no configuration",
            _ => "",
        };
        assert!(reply.contains(why), "{path}: {reply}");
    }
    // "Accepted" says only that it may be done some day.
    refused(
        &peer.ask("copy-config", &copy(&web.url("/later"), "<running/>")).await,
        "application operation-failed",
    );
    assert_eq!(server.snapshot().commit.0, 1, "nothing was changed");
}

// Whom the operator did not name, the server does not speak to.
#[tokio::test]
async fn only_hosts_that_are_allowed_are_asked() {
    let (web, _server, mut peer) = pair().await;
    let stranger = Web::start(None).await;
    let port = web.port;
    for url in [
        stranger.url("/"),
        format!("<url>https://127.0.0.1:{port}/</url>"),
        format!("<url>ftp://127.0.0.1:{port}/</url>"),
        "<url>file:///a</url>".to_owned(),
        "<url>http://127.0.0.1/</url>".to_owned(),
        format!("<url>http://localhost:{port}/</url>"),
        format!("<url>http://127.1:{port}/</url>"),
        format!("<url>http://2130706433:{port}/</url>"),
        format!("<url>http://0x7f000001:{port}/</url>"),
        format!("<url>http://[::ffff:127.0.0.1]:{port}/</url>"),
        format!("<url>http://me@127.0.0.1:{port}/</url>"),
        format!("<url>http://127.0.0.1:{port}@127.0.0.1:{}/</url>", stranger.port),
        format!("<url>http://127.0.0.1:{port}#@evil/</url>"),
        format!("<url>http://127.0.0.1:{port}\\@evil/</url>"),
        format!("<url>http://127.0.0.1:{port}/a b</url>"),
        format!("<url>http:127.0.0.1:{port}/</url>"),
        format!("<url>http://127.0.0.1:{port}0/</url>"),
        "<url>http://</url>".to_owned(),
        "<url>http:///path</url>".to_owned(),
        "<url/>".to_owned(),
    ] {
        let reply = peer.ask("copy-config", &copy("<running/>", &url)).await;
        refused(&reply, "protocol invalid-value [bad-element url]");
    }
    assert!(web.asked.lock().unwrap().is_empty() && stranger.asked.lock().unwrap().is_empty());
}

#[tokio::test]
async fn https_needs_a_certificate_that_somebody_vouches_for() {
    let authority = Authority::new("authority");
    let (identity, _) = authority.end("web", vec![dns("localhost")], "");
    let web = Web::start(Some(identity.acceptor())).await;
    web.put("/a.xml", &config("<mtu>1400</mtu>"));
    let allowed = |authority: &Authority| {
        let hosts = HttpUrls::new([Scheme::Https]).authorities(authority.certificates());
        hosts.host(&web.host()).unwrap().host(&format!("localhost:{}", web.port)).unwrap()
    };
    let copy_from = |host: &str| copy("<running/>", &format!("<url>https://{host}:{}/a.xml</url>", web.port));
    let server = builder().http_urls(allowed(&authority)).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    assert_eq!(peer.ask("copy-config", &copy_from("localhost")).await, "ok");
    assert!(peer.config("running").await.contains("<mtu>1400</mtu>"));
    // It is the certificate of another name.
    let reply = peer.ask("copy-config", &copy_from("127.0.0.1")).await;
    refused(&reply, "application operation-failed: https://127.0.0.1");
    assert!(reply.contains("certificate"), "{reply}");

    let server = builder().http_urls(allowed(&Authority::new("other"))).build().await.unwrap();
    let reply = Peer::connect(&server).ask("copy-config", &copy_from("localhost")).await;
    refused(&reply, "application operation-failed: https://localhost");
    assert_eq!(web.asked.lock().unwrap().len(), 1);
}

// RFC 7617, and RFC 3986 section 3.2.1: in TLS alone, and in no message.
#[tokio::test]
async fn credentials_are_sent_in_tls_and_told_to_nobody() {
    let authority = Authority::new("authority");
    let (identity, _) = authority.end("web", vec![dns("localhost")], "");
    let web = Web::start(Some(identity.acceptor())).await;
    web.put("/a.xml", &config("<mtu>1400</mtu>"));
    let plain = Web::start(None).await;
    let host = format!("localhost:{}", web.port);
    let own = Credentials::new("device", "of its own").unwrap();
    let urls = HttpUrls::new([Scheme::Https, Scheme::Http]).authorities(authority.certificates());
    let urls = urls.host(&host).unwrap().host(&plain.host()).unwrap();
    let urls = urls.credentials(&host, own.clone()).unwrap().credentials(&plain.host(), own).unwrap();
    let server = builder().http_urls(urls).build().await.unwrap();
    let mut peer = Peer::connect(&server);
    let copy_from = |place: &str| copy("<running/>", &format!("<url>{place}</url>"));
    // What the web server saw is in small letters.
    for (place, sent) in [
        (format!("https://ann:open%20sesame@{host}/a.xml"), Some("basic yw5uom9wzw4gc2vzyw1l")),
        (format!("https://ann@{host}/a.xml"), Some("basic yw5uog==")),
        (format!("https://{host}/a.xml"), Some("basic zgv2awnlom9migl0cybvd24=")),
    ] {
        assert_eq!(peer.ask("copy-config", &copy_from(&place)).await, "ok", "{place}");
        let head = web.asked.lock().unwrap().pop().unwrap();
        let header = head.lines().find_map(|line| line.strip_prefix("authorization: "));
        assert_eq!(header, sent, "{place}");
    }
    // Without TLS the operator's are not sent, and a client's are refused.
    let there = format!("http://{}/a.xml", plain.host());
    peer.ask("copy-config", &copy_from(&there)).await;
    let head = plain.asked.lock().unwrap().pop().unwrap();
    assert!(!head.contains("authorization"), "{head}");
    for (place, told) in [
        (
            format!("http://ann:secret@{}/a.xml", plain.host()),
            format!("\"http://***@{}/a.xml\"", plain.host()),
        ),
        (format!("https://ann:secret@{host}/gone"), format!("https://***@{host}/gone: ")),
        (format!("https://ann:secret@{host}/kept"), format!("https://***@{host}/kept: ")),
        ("https://ann:secret@elsewhere/".to_owned(), "\"https://***@elsewhere/\"".to_owned()),
        (format!("https://ann:sec\\ret@{host}/"), format!("\"https://***@{host}/\"")),
        ("ftp://ann:secret@elsewhere/".to_owned(), "\"ftp://***@elsewhere/\"".to_owned()),
    ] {
        let reply = peer.ask("copy-config", &copy_from(&place)).await;
        assert!(reply.contains(&told) && !reply.contains("sec"), "{place}: {reply}");
    }
    assert!(plain.asked.lock().unwrap().is_empty());
}

// Section 8.8.3: the capability names the schemes.
#[tokio::test]
async fn the_capability_names_the_schemes_that_are_switched_on() {
    let authority = Authority::new("authority");
    let allowed = |schemes: &[Scheme]| {
        let urls = HttpUrls::new(schemes.iter().copied()).authorities(authority.certificates());
        urls.host("config.example").unwrap()
    };
    let root = tempfile::tempdir().unwrap();
    for (server, schemes) in [
        (builder().http_urls(allowed(&[Scheme::Https])), "https"),
        (builder().http_urls(allowed(&[Scheme::Https, Scheme::Http])), "http,https"),
        (builder().url_root(root.path()).http_urls(allowed(&[Scheme::Http])), "file,http"),
    ] {
        let server = server.build().await.unwrap();
        let capabilities = server.service().greet().unwrap().capabilities;
        let wanted = format!("urn:ietf:params:netconf:capability:url:1.0?scheme={schemes}");
        assert!(capabilities.contains(&wanted), "{capabilities:?}");
    }
    for nothing in [HttpUrls::new([Scheme::Http]), allowed(&[])] {
        assert!(matches!(builder().http_urls(nothing).build().await, Err(BuildError::HttpUrls(_))));
    }
}

#[test]
fn hosts_are_names_and_addresses() {
    for good in
        ["a", "A.example", "a:1", "10.0.0.1", "10.0.0.1:8080", "[::1]", "[2001:db8::1]:443", "x_1-y.z"]
    {
        HttpUrls::new([Scheme::Http]).host(good).unwrap();
    }
    for bad in [
        "", "a:", "a:0", "a:65536", "a:+1", "a b", "a/b", "::1", "[::1", "[::1]x", "[a]", "1.2.3", "a..b",
        "*", "a@b",
    ] {
        assert!(HttpUrls::new([Scheme::Http]).host(bad).is_err(), "{bad}");
    }
}

proptest::proptest! {
    /// Whatever a client writes, what is taken names an allowed host, and nothing else.
    #[test]
    fn only_what_is_allowed_is_taken(
        text in "(http|HTTP|https|file)?:?/{0,3}(a|b|A)?[a-b0-9.:@\\[\\]%#?/\\\\ é-]{0,12}(a)?"
    ) {
        let allowed = HttpUrls::new([Scheme::Http]).host("a").unwrap();
        let urls = super::Urls::new(Default::default(), 1).http(allowed, Duration::ZERO, 0).unwrap();
        let small = text.to_ascii_lowercase();
        if urls.parse(&text).is_ok() {
            let rest = small.strip_prefix("http://a").unwrap();
            let (port, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
            let is_port = port.strip_prefix(':').is_some_and(|port| port.parse() == Ok(80));
            proptest::prop_assert!((port.is_empty() || is_port) && !path.contains('#'), "{text}");
        } else {
            proptest::prop_assert!(small != "http://a" && small != "http://a/", "{text}");
        }
    }
}
