//! `http:` and `https:` URLs: read by GET, written by PUT, removed by DELETE.
//!
//! Whoever may name a URL makes this server speak to that host from where the server stands in the network. So it speaks to none
//! but those that the operator named, to their ports alone, and follows no redirection. Credentials are sent in TLS alone: those of the
//! URL, or those that the operator gave for the host.

use super::credentials::Credentials;
use super::{refused, too_big};
use crate::rpc_error::RpcError;
use crate::transport::tcp;
use crate::transport::tls::{self, Certificates};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_TYPE, HOST, USER_AGENT};
use hyper::rt::ReadBufCursor;
use hyper::{Method, Request, Response, StatusCode, Uri};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::pin::{Pin, pin};
use std::str::FromStr;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_rustls::TlsConnector;

/// hyper has no buffers below this.
const LEAST_HEAD: usize = 8192;

/// A scheme of URLs that name another server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Scheme {
    /// HTTP as it is: whoever is on the way reads and changes what is sent.
    Http,
    /// HTTP in TLS.
    Https,
}

impl Scheme {
    /// As URLs have it.
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }

    fn port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }
}

/// Which `http:` and `https:` URLs clients may name (RFC 6241 section 8.8).
///
/// ```
/// # use netconf_runtime::server::{HttpUrls, Scheme};
/// let urls = HttpUrls::new([Scheme::Https]).host("backup.example.net")?.host("[2001:db8::1]:8443")?;
/// # Ok::<(), netconf_runtime::server::HostError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HttpUrls {
    schemes: BTreeSet<Scheme>,
    hosts: BTreeSet<(Host, Option<u16>)>,
    credentials: BTreeMap<(Host, Option<u16>), Credentials>,
    authorities: Option<Certificates>,
}

/// It is no name or address of a host.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0:?} is no host: a name or address, and a port if it is not that of the scheme")]
pub struct HostError(String);

impl HttpUrls {
    /// URLs of these schemes, and of no host yet.
    #[must_use]
    pub fn new(schemes: impl IntoIterator<Item = Scheme>) -> Self {
        let (hosts, credentials) = (BTreeSet::new(), BTreeMap::new());
        Self { schemes: schemes.into_iter().collect(), hosts, credentials, authorities: None }
    }

    /// Allows a host: `NAME`, `ADDRESS` or `[ADDRESS]`, with `:PORT` where it is not the port of the scheme. The name is
    /// compared as it stands in a URL; where it leads to is for the system's resolver to say.
    ///
    /// # Errors
    /// It is no host.
    pub fn host(mut self, host: &str) -> Result<Self, HostError> {
        self.hosts.insert(authority(host).ok_or_else(|| HostError(host.to_owned()))?);
        Ok(self)
    }

    /// Logs in at a host like this, for every client whose URL names none itself. It is sent in TLS alone. The host is named as for
    /// [`host`](Self::host), which this does not stand for.
    ///
    /// # Errors
    /// It is no host.
    pub fn credentials(mut self, host: &str, credentials: Credentials) -> Result<Self, HostError> {
        let at = authority(host).ok_or_else(|| HostError(host.to_owned()))?;
        self.credentials.insert(at, credentials);
        Ok(self)
    }

    /// Who vouches for servers; without this, those whom the system trusts.
    #[must_use]
    pub fn authorities(mut self, authorities: Certificates) -> Self {
        self.authorities = Some(authorities);
        self
    }

    fn roots(&self) -> Result<RootCertStore, String> {
        if let Some(authorities) = &self.authorities {
            return authorities.roots().map_err(|e| e.to_string());
        }
        let found = rustls_native_certs::load_native_certs();
        let mut roots = RootCertStore::empty();
        // Some of what a system has may be of no use; it is enough if something is.
        roots.add_parsable_certificates(found.certs);
        if roots.is_empty() {
            let why = found.errors.first().map(|e| format!(" ({e})")).unwrap_or_default();
            return Err(format!("the system trusts no authority that could vouch for https servers{why}"));
        }
        Ok(roots)
    }
}

/// The name or address of a host, in one form each.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Host {
    /// In small letters.
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

impl Host {
    fn parse(text: &str) -> Option<Self> {
        if let Some(address) = text.strip_prefix('[') {
            return address.strip_suffix(']')?.parse().ok().map(Self::V6);
        }
        if let Ok(address) = text.parse() {
            return Some(Self::V4(address));
        }
        let is_label = |label: &str| {
            !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        let is_name = text.len() <= 253 && text.split('.').all(is_label);
        // What ends in a number is an address that is written in some other way, to those who read it so.
        let is_number = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit()));
        (is_name && !is_number).then(|| Self::Name(text.to_ascii_lowercase()))
    }
}

/// As a URL has it.
impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Host::Name(name) => f.write_str(name),
            Host::V4(address) => address.fmt(f),
            Host::V6(address) => write!(f, "[{address}]"),
        }
    }
}

/// `HOST` or `HOST:PORT`.
fn authority(text: &str) -> Option<(Host, Option<u16>)> {
    let colon = match text.strip_prefix('[') {
        Some(address) => address.find(']').map(|end| end + 2).filter(|&at| text[at..].starts_with(':')),
        None => text.find(':'),
    };
    match colon {
        None => Some((Host::parse(text)?, None)),
        Some(at) => {
            let port = &text[at + 1..];
            let port = port.bytes().all(|b| b.is_ascii_digit()).then(|| port.parse().ok())?;
            Some((Host::parse(&text[..at])?, Some(port.filter(|&port: &u16| port != 0)?)))
        }
    }
}

/// A URL whose host is allowed.
#[derive(Clone, Debug)]
pub(super) struct HttpUrl {
    /// As the client said it, but for a password.
    text: String,
    scheme: Scheme,
    host: Host,
    port: u16,
    /// Path and query.
    target: Uri,
    /// By which the server logs in; there with `https` alone.
    credentials: Option<Credentials>,
}

impl HttpUrl {
    /// Do both name one resource?
    pub(super) fn is(&self, other: &Self) -> bool {
        let place = |url: &Self| (url.scheme, url.host.clone(), url.port, url.target.to_string());
        place(self) == place(other)
    }
}

/// What speaks to other servers.
pub(super) struct Client {
    allowed: HttpUrls,
    tls: Option<TlsConnector>,
    deadline: Duration,
    /// Bytes of the head of an answer.
    head: usize,
}

impl Client {
    pub(super) fn new(allowed: HttpUrls, deadline: Duration, head: usize) -> Result<Self, String> {
        if allowed.schemes.is_empty() {
            return Err("neither http nor https is allowed".to_owned());
        }
        if allowed.hosts.is_empty() {
            return Err("no host is allowed".to_owned());
        }
        let tls = if allowed.schemes.contains(&Scheme::Https) {
            let config = ClientConfig::builder_with_provider(tls::provider())
                .with_protocol_versions(tls::VERSIONS)
                .map_err(|e| e.to_string())?
                .with_root_certificates(allowed.roots()?)
                .with_no_client_auth();
            Some(TlsConnector::from(Arc::new(config)))
        } else {
            None
        };
        Ok(Self { allowed, tls, deadline, head: head.max(LEAST_HEAD) })
    }

    pub(super) fn schemes(&self) -> impl Iterator<Item = &'static str> {
        self.allowed.schemes.iter().map(|scheme| scheme.as_str())
    }

    fn scheme(&self, name: &str) -> Option<Scheme> {
        self.allowed.schemes.iter().copied().find(|scheme| name.eq_ignore_ascii_case(scheme.as_str()))
    }

    pub(super) fn takes(&self, scheme: &str) -> bool {
        self.scheme(scheme).is_some()
    }

    /// A URL whose part behind the scheme and its colon is `rest`.
    pub(super) fn parse(&self, text: &str, scheme: &str, rest: &str) -> Result<HttpUrl, RpcError> {
        let no = |why: &str| refused(text, why);
        let scheme = self.scheme(scheme).ok_or_else(|| no("it does not take this scheme"))?;
        let rest = rest.strip_prefix("//").ok_or_else(|| no("it names no host"))?;
        let (place, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (userinfo, place) = match place.rsplit_once('@') {
            Some((userinfo, place)) => (Some(userinfo), place),
            None => (None, place),
        };
        if userinfo.is_some() && scheme == Scheme::Http {
            return Err(no("a user or password in it would be read by all who are on the way"));
        }
        if path.contains('#') {
            return Err(no("a fragment is for people who read"));
        }
        let (host, port) = authority(place).ok_or_else(|| no("it names no host"))?;
        let port = port.unwrap_or(scheme.port());
        let is_it =
            |(allowed, at): &(Host, Option<u16>)| *allowed == host && at.unwrap_or(scheme.port()) == port;
        if !self.allowed.hosts.iter().any(is_it) {
            return Err(no("the operator does not allow this host and port"));
        }
        let credentials = match userinfo {
            Some(text) => {
                Some(Credentials::of_userinfo(text).ok_or_else(|| no("its user and password are none"))?)
            }
            None => self.credentials_for(scheme, &host, port),
        };
        let target = if path.starts_with('/') { path.to_owned() } else { format!("/{path}") };
        let target = Uri::from_str(&target).map_err(|e| no(&e.to_string()))?;
        Ok(HttpUrl { text: text.to_owned(), scheme, host, port, target, credentials })
    }

    /// What the operator gave for a host: for this port rather than for whichever.
    fn credentials_for(&self, scheme: Scheme, host: &Host, port: u16) -> Option<Credentials> {
        if scheme != Scheme::Https {
            return None;
        }
        let of = |port: Option<u16>| self.allowed.credentials.get(&(host.clone(), port)).cloned();
        of(Some(port)).or_else(|| of(None).filter(|_| port == scheme.port()))
    }

    /// What is there, `most` bytes of it at most.
    pub(super) async fn get(&self, url: &HttpUrl, most: u64) -> Result<Vec<u8>, RpcError> {
        self.ask(url, Method::GET, Vec::new(), async |mut response| {
            expect(url, &response, &[StatusCode::OK])?;
            if response.headers().contains_key(CONTENT_ENCODING) {
                return Err(failed(url, &"it comes in an encoding that was not asked for"));
            }
            let body = response.body_mut();
            let mut text = Vec::new();
            if body.size_hint().lower() > most {
                return Err(too_big(&url.text, most));
            }
            while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
                let frame = frame.map_err(|e| failed(url, &told(&e)))?;
                let Ok(data) = frame.into_data() else { continue };
                if (text.len() + data.len()) as u64 > most {
                    return Err(too_big(&url.text, most));
                }
                text.extend_from_slice(&data);
            }
            Ok(text)
        })
        .await
    }

    /// Puts a document there.
    pub(super) async fn put(&self, url: &HttpUrl, content: Vec<u8>) -> Result<(), RpcError> {
        let done = [StatusCode::OK, StatusCode::CREATED, StatusCode::NO_CONTENT];
        self.ask(url, Method::PUT, content, async |response| expect(url, &response, &done)).await
    }

    /// Removes what is there.
    pub(super) async fn delete(&self, url: &HttpUrl) -> Result<(), RpcError> {
        let done = [StatusCode::OK, StatusCode::NO_CONTENT];
        self.ask(url, Method::DELETE, Vec::new(), async |response| expect(url, &response, &done)).await
    }

    /// Sends a request, and reads what comes of it before the deadline.
    async fn ask<T>(
        &self,
        url: &HttpUrl,
        method: Method,
        content: Vec<u8>,
        read: impl AsyncFnOnce(Response<Incoming>) -> Result<T, RpcError>,
    ) -> Result<T, RpcError> {
        let work = async {
            let name = match &url.host {
                Host::V6(address) => address.to_string(),
                other => other.to_string(),
            };
            let socket = tcp::connect((name.as_str(), url.port)).await.map_err(|e| failed(url, &e))?;
            match (url.scheme, &self.tls) {
                (Scheme::Https, Some(tls)) => {
                    let name = ServerName::try_from(name).map_err(|e| failed(url, &e))?;
                    let stream = tls.connect(name, socket).await.map_err(|e| failed(url, &e))?;
                    self.exchange(url, stream, method, content, read).await
                }
                (Scheme::Https, None) => Err(failed(url, &"this server has no TLS")),
                (Scheme::Http, _) => self.exchange(url, socket, method, content, read).await,
            }
        };
        match tokio::time::timeout(self.deadline, work).await {
            Ok(done) => done,
            Err(_) => Err(failed(url, &format!("it took longer than {:?} (limit `url`)", self.deadline))),
        }
    }

    /// One request and its response over a connection that stands.
    async fn exchange<S: AsyncRead + AsyncWrite + Unpin, T>(
        &self,
        url: &HttpUrl,
        stream: S,
        method: Method,
        content: Vec<u8>,
        read: impl AsyncFnOnce(Response<Incoming>) -> Result<T, RpcError>,
    ) -> Result<T, RpcError> {
        let wrong = |e: hyper::Error| {
            // hyper tells a client of this by words alone.
            if e.is_parse() && e.to_string().contains("too large") {
                return too_large_head(url, self.head);
            }
            failed(url, &told(&e))
        };
        let host = if url.port == url.scheme.port() {
            url.host.to_string()
        } else {
            format!("{}:{}", url.host, url.port)
        };
        let mut request = Request::builder()
            .method(method)
            .uri(url.target.clone())
            .header(HOST, host)
            .header(USER_AGENT, "netconf-runtime")
            .header(ACCEPT, "application/xml, text/xml")
            .header(CONNECTION, "close");
        if !content.is_empty() {
            request = request.header(CONTENT_TYPE, "application/xml");
        }
        if let Some(value) = url.credentials.as_ref().and_then(Credentials::header) {
            request = request.header(AUTHORIZATION, value);
        }
        let content = String::from_utf8(content).map_err(|e| failed(url, &e))?;
        let request = request.body(content).map_err(|e| failed(url, &e))?;
        let mut builder = http1::Builder::new();
        builder.max_buf_size(self.head);
        let (mut sender, connection) = builder.handshake(Adapter(stream)).await.map_err(wrong)?;
        let work = async {
            let response = sender.send_request(request).await.map_err(wrong)?;
            read(response).await
        };
        beside(connection, work).await
    }
}

/// Does the work, and what goes on beside it for as long as that takes.
async fn beside<W: Future>(other: impl Future, work: W) -> W::Output {
    let (mut other, mut work) = (pin!(other), pin!(work));
    let mut over = false;
    poll_fn(|cx| {
        over = over || other.as_mut().poll(cx).is_ready();
        work.as_mut().poll(cx)
    })
    .await
}

fn expect(url: &HttpUrl, response: &Response<Incoming>, wanted: &[StatusCode]) -> Result<(), RpcError> {
    let status = response.status();
    match status {
        _ if wanted.contains(&status) => Ok(()),
        StatusCode::NOT_FOUND | StatusCode::GONE => {
            Err(RpcError::data_missing(format!("{}: the server answers {status}", url.text)))
        }
        _ if status.is_redirection() => {
            Err(failed(url, &format!("the server answers {status}, and redirections are not followed")))
        }
        _ => Err(failed(url, &format!("the server answers {status}"))),
    }
}

fn failed(url: &HttpUrl, why: &dyn fmt::Display) -> RpcError {
    RpcError::operation_failed(format!("{}: {why}", url.text))
}

fn too_large_head(url: &HttpUrl, most: usize) -> RpcError {
    RpcError::too_big(format!(
        "{}: the head of the answer has more than {most} bytes (limit `url_head`)",
        url.text
    ))
}

/// An error with its cause, which alone says what happened.
fn told(error: &hyper::Error) -> String {
    match std::error::Error::source(error) {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}

/// A stream of tokio as hyper wants it.
struct Adapter<S>(S);

impl<S: AsyncRead + Unpin> hyper::rt::Read for Adapter<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut into: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        // The cursor's own memory cannot be filled without `unsafe`; a copy costs nothing beside a network.
        let mut piece = [0; 8192];
        let most = into.remaining().min(piece.len());
        let mut piece = ReadBuf::new(&mut piece[..most]);
        ready!(Pin::new(&mut self.0).poll_read(cx, &mut piece))?;
        into.put_slice(piece.filled());
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> hyper::rt::Write for Adapter<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
