//! `nc` over TLS (RFC 7589), against `serve`.

mod common;

use common::served::Served;
use common::{code, stderr, stdout};
use netconf_runtime::client::{Datastore, Session};
use netconf_runtime::transport::call_home::client::CallHomeListener;
use netconf_runtime::transport::tls::client::{ServerIdentity, TlsOptions};
use netconf_runtime::transport::tls::{Certificates, Identity};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, SanType,
};
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// Writes the certificate of an authority, and gives who signs by it.
fn authority(at: &Path, name: &str) -> Issuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    std::fs::write(at.join(format!("{name}.pem")), params.self_signed(&key).unwrap().pem()).unwrap();
    Issuer::new(params, key)
}

/// Writes a certificate and its key.
fn certificate(at: &Path, name: &str, authority: &Issuer<'static, KeyPair>) {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.subject_alt_names = vec![SanType::DnsName(name.try_into().unwrap())];
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().unwrap();
    std::fs::write(at.join(format!("{name}.pem")), params.signed_by(&key, authority).unwrap().pem()).unwrap();
    std::fs::write(at.join(format!("{name}.key")), key.serialize_pem()).unwrap();
}

#[test]
fn both_sides_show_certificates() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    std::fs::write(at.join("a.yang"), "module a { namespace urn:a; prefix a; leaf a { type string; } }")
        .unwrap();
    let (ours, theirs) = (authority(at, "ours"), authority(at, "theirs"));
    certificate(at, "server.example", &ours);
    certificate(at, "ann", &ours);
    certificate(at, "eve", &theirs);
    let tls = ["--tls", "127.0.0.1:0", "--cert", "server.example.pem", "--key", "server.example.key"];
    let more = ["a.yang", "--client-ca", "ours.pem", "--in-memory"];
    let served = Served::start(at, &[&more[..], &tls].concat());
    let way = served.said.iter().find(|line| line.contains("nc tls://")).unwrap();
    let target = way.split_whitespace().find(|word| word.starts_with("tls://")).unwrap();

    let nc = |user: &str, authority: &str, name: Option<&str>, verb: &[&str]| -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-yang"));
        command.args([
            "nc",
            target,
            "--tls-cert",
            &format!("{user}.pem"),
            "--tls-key",
            &format!("{user}.key"),
        ]);
        command.args(["--tls-ca", authority]).args(name.map(|name| format!("--tls-name={name}")));
        command.args(verb).current_dir(at).stdin(Stdio::null()).output().unwrap()
    };
    let named = Some("server.example");
    let output = nc("ann", "ours.pem", named, &["hello"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(stdout(&output).contains("NETCONF 1.1"), "{}", stdout(&output));
    std::fs::write(at.join("edit.xml"), "<a xmlns='urn:a'>x</a>").unwrap();
    let output = nc("ann", "ours.pem", named, &["edit-config", "--commit", "edit.xml"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let output = nc("ann", "ours.pem", named, &["get-config"]);
    assert!(stdout(&output).contains(">x</a>"), "{}", stdout(&output));

    let refused = |output: Output, words: &[&str]| {
        assert_eq!(code(&output), 2, "{}", stdout(&output));
        for word in words {
            assert!(stderr(&output).contains(word), "no {word} in {}", stderr(&output));
        }
    };
    // The certificate is not that of the address, and of no name that was not asked for.
    refused(nc("ann", "ours.pem", None, &["hello"]), &[target, "certificate"]);
    refused(nc("ann", "ours.pem", Some("other.example"), &["hello"]), &["certificate"]);
    // Another authority than the server's, and a client whom the server does not believe.
    refused(nc("ann", "theirs.pem", named, &["hello"]), &["certificate"]);
    refused(nc("eve", "ours.pem", named, &["hello"]), &[target]);
    refused(nc("nobody", "ours.pem", named, &["hello"]), &["nobody.pem"]);
    served.stop();
}

/// The server calls its client (RFC 8071), and the user of the certificate is in the groups that were said.
#[test]
fn it_calls_home_by_tls_and_knows_the_groups_of_its_users() {
    let directory = tempfile::tempdir().unwrap();
    let at = directory.path();
    std::fs::write(at.join("a.yang"), "module a { namespace urn:a; prefix a; leaf a { type string; } }")
        .unwrap();
    let rules = "<nacm xmlns='urn:ietf:params:xml:ns:yang:ietf-netconf-acm'><rule-list><name>1</name><group>operators</group>\
                 <rule><name>1</name><path>/a:a</path><action>permit</action></rule></rule-list></nacm>";
    std::fs::write(at.join("nacm.xml"), rules).unwrap();
    let ours = authority(at, "ours");
    for name in ["server.example", "ann", "bob"] {
        certificate(at, name, &ours);
    }
    let options = |user: &str| {
        let path = |end: &str| at.join(format!("{user}.{end}"));
        let identity = Identity::load(path("pem"), path("key")).unwrap();
        TlsOptions::new(identity, Certificates::load(at.join("ours.pem")).unwrap())
            .server(ServerIdentity::Name("server.example".to_owned()))
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let home = CallHomeListener::bind("127.0.0.1:0").await.unwrap();
        let address = home.local_addr().unwrap().to_string();
        let tls =
            ["--call-home-tls", &address, "--cert", "server.example.pem", "--key", "server.example.key"];
        let more = ["a.yang", "--client-ca", "ours.pem", "--in-memory", "--nacm", "nacm.xml"];
        let served = Served::start(at, &[&more[..], &tls, &["--group", "ann:operators"]].concat());
        assert!(served.said.iter().any(|line| line.contains(&format!("it calls {address} by TLS"))));
        for (user, may) in [("ann", true), ("bob", false)] {
            let (stream, _) = home.accept_tls(&options(user)).await.unwrap();
            let session = Session::open(stream, Default::default()).await.unwrap();
            let change = format!("<a xmlns='urn:a'>{user}</a>");
            let edited = session.edit_config(Datastore::Running).config_xml(change).await;
            assert_eq!(edited.is_ok(), may, "{user}: {edited:?}");
            session.close().await.unwrap();
        }
        served.stop();
    });
}
