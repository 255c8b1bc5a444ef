mod deadlines;

use super::client::{ServerIdentity, TlsError, TlsOptions, connect, over};
use super::server::{TlsServerOptions, listen};
use super::*;
use crate::client::{Options, Session};
use crate::protocol::Limits;
use crate::server::service::{CloseReason, TransportKind};
use crate::transport::Listener;
use crate::transport::toy::Toy;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use std::time::Duration;

impl Identity {
    /// A server that asks its clients for nothing.
    pub(crate) fn acceptor(&self) -> tokio_rustls::TlsAcceptor {
        let config = rustls::ServerConfig::builder_with_provider(super::provider())
            .with_protocol_versions(super::VERSIONS)
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(self.chain.0.clone(), self.key.clone_key())
            .unwrap();
        tokio_rustls::TlsAcceptor::from(Arc::new(config))
    }
}

/// An authority.
pub(crate) struct Authority {
    pem: String,
    der: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn params(name: &str) -> CertificateParams {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
    }

    pub(crate) fn new(name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let certificate = params.self_signed(&key).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().to_vec(), issuer: Issuer::new(params, key) }
    }

    /// An authority below this one.
    fn authority(&self, name: &str) -> Self {
        let (params, key) = (Self::params(name), KeyPair::generate().unwrap());
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Self { pem: certificate.pem(), der: certificate.der().to_vec(), issuer: Issuer::new(params, key) }
    }

    pub(crate) fn certificates(&self) -> Certificates {
        Certificates::from_pem(self.pem.as_bytes()).unwrap()
    }

    /// An end below this one, with what leads up to it, and its certificate.
    pub(crate) fn end(&self, name: &str, alternatives: Vec<SanType>, above: &str) -> (Identity, Vec<u8>) {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.subject_alt_names = alternatives;
        params.extended_key_usages =
            vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let chain = format!("{}{above}", certificate.pem());
        let identity = Identity::from_pem(chain.as_bytes(), key.serialize_pem().as_bytes()).unwrap();
        (identity, certificate.der().to_vec())
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(HashAlgorithm::Sha256, &self.der)
    }
}

pub(crate) fn dns(name: &str) -> SanType {
    SanType::DnsName(name.try_into().unwrap())
}

fn mail(name: &str) -> SanType {
    SanType::Rfc822Name(name.try_into().unwrap())
}

fn address(address: &str) -> SanType {
    SanType::IpAddress(address.parse().unwrap())
}

struct Fixture {
    toy: Arc<Toy>,
    listener: Listener,
    authority: Authority,
}

impl Fixture {
    /// A server for `localhost` whose clients are who their names say.
    async fn new(limits: Limits) -> Self {
        let authority = Authority::new("authority");
        let map = CertToName::new().entry(1, authority.fingerprint(), MapType::CommonName);
        let (identity, _) = authority.end("server", vec![dns("localhost"), address("127.0.0.1")], "");
        let options = TlsServerOptions::new(identity, authority.certificates(), map).limits(limits);
        let toy = Toy::new();
        let listener = listen("127.0.0.1:0", options, Arc::new(Arc::clone(&toy))).await.unwrap();
        Self { toy, listener, authority }
    }

    fn options(&self, user: &str) -> TlsOptions {
        let (identity, _) = self.authority.end(user, Vec::new(), "");
        TlsOptions::new(identity, self.authority.certificates())
    }

    async fn connect(&self, options: &TlsOptions) -> Result<Session, String> {
        let port = self.listener.local_addr().port();
        let stream = connect("127.0.0.1", port, options).await.map_err(|e| e.to_string())?;
        Session::open(stream, Options::default()).await.map_err(|e| e.to_string())
    }
}

#[tokio::test]
async fn a_session() {
    let fixture = Fixture::new(Limits::default()).await;
    let session = fixture.connect(&fixture.options("ann")).await.unwrap();
    let reply = session.rpc_xml("<big>3000000</big>").await.unwrap();
    assert_eq!(reply.data().unwrap().as_str().len(), 3_000_013);
    {
        let sessions = fixture.toy.sessions.lock().unwrap();
        assert_eq!((sessions[0].0.user.as_str(), sessions[0].0.transport), ("ann", TransportKind::Tls));
    }
    session.close().await.unwrap();
    assert_eq!(fixture.toy.end_of(1).await, CloseReason::Requested);
    fixture.listener.shutdown().await;
}

#[tokio::test]
async fn both_versions_and_none_that_is_older() {
    let fixture = Fixture::new(Limits::default()).await;
    let port = fixture.listener.local_addr().port();
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let identity = fixture.options("ann").identity;
        let roots = fixture.authority.certificates().roots().unwrap();
        let config = rustls::ClientConfig::builder_with_provider(provider())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots)
            .with_client_auth_cert(identity.chain.0.clone(), identity.key.clone_key())
            .unwrap();
        let socket = crate::transport::tcp::connect(("127.0.0.1", port)).await.unwrap();
        let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
        let stream = connector.connect("localhost".try_into().unwrap(), socket).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(version.version));
        Session::open(stream, Options::default()).await.unwrap().close().await.unwrap();
    }
}

#[tokio::test]
async fn who_the_server_is() {
    let fixture = Fixture::new(Limits::default()).await;
    let port = fixture.listener.local_addr().port();
    let options = fixture.options("ann").server(ServerIdentity::Name("elsewhere".to_owned()));
    let error = connect("127.0.0.1", port, &options).await.unwrap_err();
    assert!(matches!(error, TlsError::Server(_)), "{error}");
    let options = options.server(ServerIdentity::Name("localhost".to_owned()));
    connect("127.0.0.1", port, &options).await.unwrap();
    // Whatever its name, an authority vouches for it, or nobody does.
    let options = options.server(ServerIdentity::Anyone);
    let socket = || crate::transport::tcp::connect(("127.0.0.1", port));
    over(socket().await.unwrap(), "elsewhere", &options).await.unwrap();
    let mut stranger = options.clone();
    stranger.authorities = Authority::new("other").certificates();
    let error = over(socket().await.unwrap(), "localhost", &stranger).await.unwrap_err();
    assert!(matches!(error, TlsError::Server(_)), "{error}");
    let error = connect("127.0.0.1", 1, &options).await.unwrap_err();
    assert!(matches!(error, TlsError::Io { kind: std::io::ErrorKind::ConnectionRefused, .. }), "{error}");
}

#[tokio::test]
async fn who_the_client_is() {
    let fixture = Fixture::new(Limits::default()).await;
    // One whom nobody vouches for, and one who has no name.
    let other = Authority::new("authority");
    let mut stranger = fixture.options("ann");
    stranger.identity = other.end("ann", Vec::new(), "").0;
    fixture.connect(&stranger).await.unwrap_err();
    fixture.connect(&fixture.options("")).await.unwrap_err();
    // One without a certificate.
    let roots = fixture.authority.certificates().roots().unwrap();
    let config = rustls::ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let socket = crate::transport::tcp::connect(fixture.listener.local_addr()).await.unwrap();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    if let Ok(stream) = connector.connect("localhost".try_into().unwrap(), socket).await {
        Session::open(stream, Options::default()).await.unwrap_err();
    }
    assert!(fixture.toy.sessions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_peer_that_says_nothing_is_let_go() {
    let limits = Limits { login_timeout: Duration::from_millis(50), connections: 1, ..Limits::default() };
    let fixture = Fixture::new(limits).await;
    let mut silent = crate::transport::tcp::connect(fixture.listener.local_addr()).await.unwrap();
    let mut byte = [0];
    let read = tokio::io::AsyncReadExt::read(&mut silent, &mut byte).await;
    assert!(matches!(read, Ok(0) | Err(_)), "{read:?}");
    // And whoever never answers a client.
    let deaf = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let options = fixture.options("ann").timeout(Duration::from_millis(50));
    let error = connect("127.0.0.1", deaf.local_addr().unwrap().port(), &options).await.unwrap_err();
    assert!(matches!(error, TlsError::TimedOut { .. }), "{error}");
}

#[test]
fn identities_that_are_none() {
    let authority = Authority::new("authority");
    assert!(Certificates::from_pem(b"").is_err() && Certificates::from_pem(b"x").is_err());
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(Certificates::from_pem(broken.as_bytes()).is_err());
    assert!(Identity::from_pem(authority.pem.as_bytes(), b"").is_err());
    let error = Certificates::load("/nonexistent/pem").unwrap_err();
    assert!(error.to_string().starts_with("/nonexistent/pem: "), "{error}");
    let (identity, _) = authority.end("ann", Vec::new(), "");
    assert!(format!("{identity:?}").contains("CN=ann") && !format!("{identity:?}").contains("key"));
}

fn der(identity: &Identity) -> &[rustls::pki_types::CertificateDer<'static>] {
    &identity.chain.0
}

/// RFC 7407 section 3.3: each kind of map.
#[test]
fn names_of_certificates() {
    let authority = Authority::new("authority");
    let trusted = authority.certificates();
    let names = vec![
        SanType::URI("urn:x".try_into().unwrap()),
        address("2001:db8::A"),
        mail("FooBar@Example.COM"),
        dns("Host.Example.COM"),
        address("192.0.2.1"),
    ];
    let (all, own) = authority.end("Ann É", names, "");
    let (mail_first, _) = authority.end("b", vec![mail("A@B.c"), address("192.0.2.1")], "");
    let (v4, _) = authority.end("c", vec![address("192.0.2.1")], "");
    let (bare, _) = authority.end("d", Vec::new(), "");
    let by = |map_type: MapType| CertToName::new().entry(1, authority.fingerprint(), map_type);
    for (identity, map_type, name) in [
        (&all, MapType::Specified("eve".to_owned()), Some("eve")),
        (&all, MapType::SanRfc822Name, Some("FooBar@example.com")),
        (&all, MapType::SanDnsName, Some("host.example.com")),
        (&all, MapType::SanIpAddress, Some("20010db800000000000000000000000a")),
        (&all, MapType::SanAny, Some("20010db800000000000000000000000a")),
        (&all, MapType::CommonName, Some("Ann É")),
        (&mail_first, MapType::SanAny, Some("A@b.c")),
        (&v4, MapType::SanIpAddress, Some("192.0.2.1")),
        (&v4, MapType::SanDnsName, None),
        (&bare, MapType::SanAny, None),
        (&bare, MapType::CommonName, Some("d")),
    ] {
        assert_eq!(by(map_type.clone()).name(der(identity), &trusted).as_deref(), name, "{map_type:?}");
    }
    // Each hash, of the certificate itself.
    for algorithm in HashAlgorithm::ALL {
        let map = CertToName::new().entry(1, Fingerprint::of(algorithm, &own), MapType::CommonName);
        assert_eq!(map.name(der(&all), &trusted).as_deref(), Some("Ann É"), "{algorithm:?}");
        assert_eq!(map.name(der(&bare), &trusted), None, "{algorithm:?}");
    }
    assert_eq!(by(MapType::CommonName).name(&[], &trusted), None);
}

#[test]
fn entries_are_tried_in_the_order_of_their_ids() {
    let authority = Authority::new("authority");
    let (identity, own) = authority.end("ann", vec![dns("host")], "");
    let own = Fingerprint::of(HashAlgorithm::Sha512, &own);
    let map = CertToName::new()
        .entry(30, authority.fingerprint(), MapType::CommonName)
        .entry(4, own, MapType::SanDnsName)
        .entry(2, authority.fingerprint(), MapType::SanIpAddress)
        .entry(1, Fingerprint::of(HashAlgorithm::Md5, b"other"), MapType::Specified("root".to_owned()));
    assert_eq!(map.name(der(&identity), &authority.certificates()).as_deref(), Some("host"));
    let ids: Vec<u32> = map.iter().map(|(id, ..)| id).collect();
    assert_eq!(ids, [1, 2, 4, 30]);
}

#[test]
fn an_authority_counts_if_it_is_trusted_and_in_the_chain() {
    let root = Authority::new("root");
    let middle = root.authority("middle");
    let other = Authority::new("other");
    let both = Certificates::from_pem(format!("{}{}{}", root.pem, middle.pem, other.pem).as_bytes()).unwrap();
    let (identity, _) = middle.end("ann", Vec::new(), &middle.pem);
    let by = |authority: &Authority| CertToName::new().entry(1, authority.fingerprint(), MapType::CommonName);
    assert_eq!(by(&root).name(der(&identity), &both).as_deref(), Some("ann"));
    assert_eq!(by(&middle).name(der(&identity), &both).as_deref(), Some("ann"));
    assert_eq!(by(&other).name(der(&identity), &both), None);
    // The peer sends it, but nobody here trusts it: it is not held locally.
    assert_eq!(by(&middle).name(der(&identity), &root.certificates()), None);
    // The peer adds an authority that has nothing to do with it.
    let (forged, _) = root.end("ann", Vec::new(), &other.pem);
    assert_eq!(by(&other).name(der(&forged), &both), None);
}

#[test]
fn fingerprints_as_text() {
    let fingerprint = Fingerprint::of(HashAlgorithm::Sha1, b"abc");
    let text = fingerprint.to_string();
    assert_eq!(text, "02:a9:99:3e:36:47:06:81:6a:ba:3e:25:71:78:50:c2:6c:9c:d0:d8:9d");
    assert_eq!(text.parse(), Ok(fingerprint.clone()));
    assert_eq!(text.to_uppercase().parse(), Ok(fingerprint));
    for (text, message) in [
        ("", "two hexadecimal digits"),
        ("2:a9", "two hexadecimal digits"),
        ("02:+9", "two hexadecimal digits"),
        ("02a9", "two hexadecimal digits"),
        ("00:00", "number 0"),
        ("07:00", "number 7"),
        ("02:a9", "20 octets, and here are 1"),
    ] {
        let error = text.parse::<Fingerprint>().unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
    assert_eq!(MapType::of_identity("specified", None), None);
    assert_eq!(MapType::of_identity("san-any", None), Some(MapType::SanAny));
    assert_eq!(MapType::of_identity("cert-to-name", None), None);
}
