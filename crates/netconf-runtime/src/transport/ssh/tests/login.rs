//! Ways to log in, and what is agreed on before.

use super::*;
use crate::server::service::BoxFuture;
use crate::transport::ssh::server::{Authenticator, Converse, Prompt};
use russh::client::KeyboardInteractiveAuthResponse as Told;
use russh::keys::Certificate;
use russh::keys::ssh_key::certificate::{Builder, CertType};
use std::net::SocketAddr;
use std::sync::atomic::AtomicUsize;
use std::time::{SystemTime, UNIX_EPOCH};

async fn serving(options: SshServerOptions) -> (Arc<Toy>, Listener) {
    let toy = Toy::new();
    let listener = listen("127.0.0.1:0", options.limits(limits()), Arc::new(Arc::clone(&toy))).await.unwrap();
    (toy, listener)
}

async fn dial(listener: &Listener) -> russh::client::Handle<AnyHost> {
    russh::client::connect(Arc::new(Config::default()), listener.local_addr(), AnyHost).await.unwrap()
}

async fn session(handle: &russh::client::Handle<AnyHost>) -> Session {
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
    Session::open(channel.into_stream(), Options::default()).await.unwrap()
}

#[tokio::test]
async fn a_conversation_asks_for_the_password() {
    let fixture = fixture().await;
    for (answers, enters) in
        [(vec!["secret"], true), (vec!["wrong"], false), (vec!["secret", "x"], false), (vec![], false)]
    {
        let mut handle = dial(&fixture.listener).await;
        let asked = handle.authenticate_keyboard_interactive_start("ann", None).await.unwrap();
        let Told::InfoRequest { prompts, .. } = asked else { panic!("{asked:?}") };
        assert_eq!((prompts.len(), prompts[0].prompt.as_str(), prompts[0].echo), (1, "Password: ", false));
        let answers: Vec<String> = answers.into_iter().map(str::to_owned).collect();
        if answers.is_empty() {
            // An answer to no question.
            let again = handle.authenticate_keyboard_interactive_respond(answers).await.unwrap();
            assert!(!matches!(again, Told::Success), "{again:?}");
            continue;
        }
        let told = handle.authenticate_keyboard_interactive_respond(answers).await.unwrap();
        assert_eq!(matches!(told, Told::Success), enters, "{told:?}");
        if enters {
            session(&handle).await.close().await.unwrap();
        }
    }
    assert_eq!(fixture.toy.sessions.lock().unwrap().len(), 1);
}

/// Two rounds of questions.
struct Riddles;

impl Authenticator for Riddles {
    fn password<'a>(&'a self, _: &'a str, _: &'a str, _: SocketAddr) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(false))
    }

    fn public_key<'a>(
        &'a self,
        _: &'a str,
        _: &'a crate::transport::ssh::PublicKey,
        _: SocketAddr,
    ) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(false))
    }

    fn converse<'a>(
        &'a self,
        user: &'a str,
        answers: &'a [String],
        _: SocketAddr,
    ) -> BoxFuture<'a, Converse> {
        let prompt = |text: &str| Prompt { text: text.to_owned(), echo: true };
        let next = match answers {
            [] => Converse::Ask(vec![prompt("one?"), prompt("two?")]),
            [one, two] if one == "1" && two == "2" => Converse::Ask(vec![prompt("three?")]),
            [_, _, three] if three == "3" && user == "ann" => Converse::Accept,
            _ => Converse::Refuse,
        };
        Box::pin(std::future::ready(next))
    }
}

#[tokio::test]
async fn a_conversation_of_several_rounds() {
    let (toy, listener) = serving(SshServerOptions::with_new_host_key(Riddles).unwrap()).await;
    for (user, last, enters) in [("ann", "3", true), ("ann", "4", false), ("eve", "3", false)] {
        let mut handle = dial(&listener).await;
        handle.authenticate_keyboard_interactive_start(user, None).await.unwrap();
        let two = vec!["1".to_owned(), "2".to_owned()];
        let asked = handle.authenticate_keyboard_interactive_respond(two).await.unwrap();
        assert!(
            matches!(&asked, Told::InfoRequest { prompts, .. } if prompts[0].prompt == "three?"),
            "{asked:?}"
        );
        let told = handle.authenticate_keyboard_interactive_respond(vec![last.to_owned()]).await.unwrap();
        assert_eq!(matches!(told, Told::Success), enters, "{told:?}");
    }
    assert!(toy.sessions.lock().unwrap().is_empty());
}

fn certificate(
    authority: &PrivateKey,
    key: &PrivateKey,
    kind: CertType,
    from: i64,
    until: i64,
) -> Certificate {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let at = |offset: i64| now.checked_add_signed(offset).unwrap();
    let mut rng = russh::keys::key::safe_rng();
    let mut builder =
        Builder::new_with_random_nonce(&mut rng, key.0.public_key(), at(from), at(until)).unwrap();
    builder.cert_type(kind).unwrap();
    builder.valid_principal("ann").unwrap();
    builder.key_id("ann's").unwrap();
    builder.sign(authority.0.as_ref()).unwrap()
}

#[tokio::test]
async fn certificates() {
    let [authority, other, key] = [(); 3].map(|()| PrivateKey::generate().unwrap());
    let users = Users::new().authority(authority.public_key());
    let (toy, listener) = serving(SshServerOptions::with_new_host_key(users).unwrap()).await;
    let enters = async |user: &str, with: &PrivateKey, certificate: Certificate| {
        let mut handle = dial(&listener).await;
        let result = handle.authenticate_openssh_cert(user, Arc::clone(&with.0), certificate).await;
        match result {
            Ok(result) if result.success() => {
                session(&handle).await.close().await.unwrap();
                true
            }
            _ => false,
        }
    };
    let good = || certificate(&authority, &key, CertType::User, -60, 60);
    assert!(enters("ann", &key, good()).await);
    assert!(!enters("eve", &key, good()).await, "the certificate does not name her");
    assert!(!enters("ann", &key, certificate(&authority, &key, CertType::User, -60, -1)).await, "it is over");
    assert!(
        !enters("ann", &key, certificate(&authority, &key, CertType::User, 50, 60)).await,
        "it has not begun"
    );
    assert!(
        !enters("ann", &key, certificate(&authority, &key, CertType::Host, -60, 60)).await,
        "it is a host's"
    );
    assert!(
        !enters("ann", &key, certificate(&other, &key, CertType::User, -60, 60)).await,
        "by somebody else"
    );
    assert!(!enters("ann", &other, good()).await, "the key is another one");
    // The key alone is nobody's.
    let mut handle = dial(&listener).await;
    let alone = russh::keys::PrivateKeyWithHashAlg::new(Arc::clone(&key.0), None);
    assert!(!handle.authenticate_publickey("ann", alone).await.unwrap().success());
    assert_eq!(toy.sessions.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn compression_if_it_is_allowed() {
    for (allowed, expected) in [(true, true), (false, false)] {
        let mut options =
            SshServerOptions::with_new_host_key(Users::new().user("ann", User::new().password("secret")))
                .unwrap();
        options.compression = allowed;
        let (_toy, listener) = serving(options).await;
        let preferred = russh::Preferred {
            compression: vec![russh::compression::ZLIB_LEGACY].into(),
            ..russh::Preferred::DEFAULT
        };
        let config = Arc::new(Config { preferred, ..Config::default() });
        let connected = russh::client::connect(config, listener.local_addr(), AnyHost).await;
        assert_eq!(connected.is_ok(), expected);
        if let Ok(mut handle) = connected {
            assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
            let reply = session(&handle).await.rpc_xml("<big>3000000</big>").await.unwrap();
            assert_eq!(reply.data().unwrap().as_str().len(), 3_000_013);
        }
    }
}

#[tokio::test]
async fn host_keys_of_the_algorithms_that_are_named() {
    let mut options = SshServerOptions::with_new_host_key(Users::new()).unwrap();
    options.host_key_algorithms = vec!["ssh-dss".to_owned()];
    let error = listen("127.0.0.1:0", options.clone(), Arc::new(Toy::new())).await.unwrap_err();
    assert!(error.to_string().contains("\"ssh-dss\""), "{error}");
    // There is no key for the only one.
    options.host_key_algorithms = vec!["rsa-sha2-512".to_owned()];
    let (_toy, listener) = serving(options.clone()).await;
    assert!(
        russh::client::connect(Arc::new(Config::default()), listener.local_addr(), AnyHost).await.is_err()
    );
    options.host_key_algorithms = vec!["rsa-sha2-512".to_owned(), "ssh-ed25519".to_owned()];
    let (_toy, listener) = serving(options).await;
    dial(&listener).await;
}

#[tokio::test]
async fn keys_are_agreed_on_again_and_again() {
    let mut options =
        SshServerOptions::with_new_host_key(Users::new().user("ann", User::new().password("secret")))
            .unwrap();
    options.rekey = Rekey { bytes: 1 << 31, after: Duration::from_secs(1) };
    let error = listen("127.0.0.1:0", options.clone(), Arc::new(Toy::new())).await.unwrap_err();
    assert!(error.to_string().contains("1073741824"), "{error}");
    // Both ways at once, under load: each direction carries some hundred times what one key may.
    options.rekey.bytes = 100_000;
    let (_toy, listener) = serving(options).await;
    let agreed = Arc::new(AtomicUsize::new(0));
    let counting = Counting(Arc::clone(&agreed));
    let mut handle =
        russh::client::connect(Arc::new(Config::default()), listener.local_addr(), counting).await.unwrap();
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, SUBSYSTEM).await.unwrap();
    let session = Session::open(channel.into_stream(), Options::default()).await.unwrap();
    let input = format!("<get>{}</get>", "y".repeat(400_000));
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let (session, input) = (session.clone(), input.clone());
            tokio::spawn(async move { session.rpc_xml(&input).await.unwrap() })
        })
        .collect();
    for call in calls {
        assert_eq!(call.await.unwrap().data().unwrap().as_str().len(), 400_013);
    }
    let agreed = agreed.load(Ordering::SeqCst);
    assert!(agreed > 10, "keys were agreed on {agreed} times");
}

/// Counts how often keys are agreed on.
struct Counting(Arc<AtomicUsize>);

impl Handler for Counting {
    type Error = russh::Error;

    async fn check_server_key(&mut self, _: &PublicKeyOrCertificate) -> Result<bool, russh::Error> {
        Ok(true)
    }

    async fn kex_done(
        &mut self,
        _: Option<&[u8]>,
        _: &russh::Names,
        _: &mut russh::client::Session,
    ) -> Result<(), russh::Error> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Ok(())
    }
}

#[tokio::test]
async fn groups_come_with_the_user() {
    let users = Users::new()
        .user("ann", User::new().password("secret").group("staff").group("operators"))
        .user("bob", User::new().password("secret"));
    let (toy, listener) = serving(SshServerOptions::with_new_host_key(users).unwrap()).await;
    for (user, groups) in [("ann", vec!["staff", "operators"]), ("bob", vec![])] {
        let mut handle = dial(&listener).await;
        assert!(handle.authenticate_password(user, "secret").await.unwrap().success());
        let channel = handle.channel_open_session().await.unwrap();
        channel.request_subsystem(true, "netconf").await.unwrap();
        let stream = channel.into_stream();
        let session = crate::client::Session::open(stream, crate::client::Options::default()).await.unwrap();
        session.rpc_xml("<get/>").await.unwrap();
        let info = toy.sessions.lock().unwrap().last().unwrap().0.clone();
        assert_eq!(
            (info.user.as_str(), info.groups),
            (user, groups.into_iter().map(str::to_owned).collect())
        );
    }
}
