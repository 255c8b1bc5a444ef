use super::client::CallHomeListener;
use super::server::{CallHome, Periodic, start};
use crate::client::{Options, Session};
use crate::protocol::Limits;
use crate::server::service::CloseReason;
use crate::transport::ssh::server::{Front as SshFront, SshServerOptions, User, Users};
use crate::transport::toy::Toy;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

fn soon(clients: &[&CallHomeListener]) -> CallHome {
    let clients = clients.iter().map(|c| c.local_addr().unwrap().to_string());
    CallHome::new(clients).wait(Duration::from_millis(5), Duration::from_millis(50))
}

async fn listener() -> CallHomeListener {
    CallHomeListener::bind("127.0.0.1:0").await.unwrap()
}

/// A client by SSH, on a connection that it accepts.
async fn answer(listener: &CallHomeListener) -> (russh::client::Handle<AnyHost>, Session) {
    let (socket, _) = listener.accept().await.unwrap();
    let config = Arc::new(russh::client::Config::default());
    let mut handle = russh::client::connect_stream(config, socket, AnyHost).await.unwrap();
    assert!(handle.authenticate_password("ann", "secret").await.unwrap().success());
    let channel = handle.channel_open_session().await.unwrap();
    channel.request_subsystem(true, "netconf").await.unwrap();
    let session = Session::open(channel.into_stream(), Options::default()).await.unwrap();
    (handle, session)
}

struct AnyHost;

impl russh::client::Handler for AnyHost {
    type Error = russh::Error;

    async fn check_server_key(
        &mut self,
        _: &russh::keys::PublicKeyOrCertificate,
    ) -> Result<bool, russh::Error> {
        Ok(true)
    }
}

#[tokio::test]
async fn by_ssh_again_and_again() {
    let toy = Toy::new();
    let users = Users::new().user("ann", User::new().password("secret"));
    let options = SshServerOptions::with_new_host_key(users).unwrap().limits(Limits::default());
    let front = SshFront::new(options, Arc::new(Arc::clone(&toy))).unwrap();
    // The first of two clients never answers.
    let (dead, home) = (listener().await, listener().await);
    let to = soon(&[&dead, &home]);
    drop(dead);
    let calling =
        start(to, move |socket, peer, stopping| front.clone().connection(socket, peer, stopping)).unwrap();
    for round in 1..4 {
        let (_handle, session) = answer(&home).await;
        assert_eq!(session.id(), round);
        session.close().await.unwrap();
        assert_eq!(toy.end_of(round).await, CloseReason::Requested);
    }
    calling.shutdown().await;
}

/// A connection ends when nothing is said for a while, and the next one comes in its time.
#[tokio::test]
async fn by_ssh_from_time_to_time() {
    let toy = Toy::new();
    let users = Users::new().user("ann", User::new().password("secret"));
    let home = listener().await;
    let periodic = Periodic::new(Duration::from_millis(100))
        .anchor(std::time::UNIX_EPOCH)
        .idle_timeout(Duration::from_secs(2));
    let to = soon(&[&home]).periodic(periodic);
    let mut options = SshServerOptions::with_new_host_key(users).unwrap();
    to.bound(&mut options.limits);
    let front = SshFront::new(options, Arc::new(Arc::clone(&toy))).unwrap();
    let calling =
        start(to, move |socket, peer, stopping| front.clone().connection(socket, peer, stopping)).unwrap();
    for round in 1..3 {
        let (handle, session) = answer(&home).await;
        session.get().await.unwrap();
        // Nothing more is said, and nothing closed here.
        let reason = toy.end_of(round).await;
        assert!(matches!(&reason, CloseReason::Failed(why) if why.contains("idle_timeout")), "{reason}");
        while !handle.is_closed() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
    calling.shutdown().await;
}

#[tokio::test]
async fn by_tls() {
    use crate::transport::tls::client::{ServerIdentity, TlsOptions};
    use crate::transport::tls::server::{Front, TlsServerOptions};
    use crate::transport::tls::tests::{Authority, dns};
    use crate::transport::tls::{CertToName, MapType};

    let authority = Authority::new("authority");
    let map = CertToName::new().entry(1, authority.fingerprint(), MapType::CommonName);
    let identity = authority.end("server", vec![dns("router-7")], "").0;
    let toy = Toy::new();
    let options = TlsServerOptions::new(identity, authority.certificates(), map);
    let front = Front::new(options, Arc::new(Arc::clone(&toy))).unwrap();
    let home = listener().await;
    let calling = start(soon(&[&home]), move |socket, peer, stopping| {
        front.clone().connection(socket, peer.to_string(), stopping)
    });
    let options = TlsOptions::new(authority.end("ann", Vec::new(), "").0, authority.certificates());
    // By its address nobody knows it.
    home.accept_tls(&options).await.unwrap_err();
    for server in [ServerIdentity::Anyone, ServerIdentity::Name("router-7".to_owned())] {
        let (stream, _) = home.accept_tls(&options.clone().server(server)).await.unwrap();
        let session = Session::open(stream, Options::default()).await.unwrap();
        session.close().await.unwrap();
    }
    assert_eq!(toy.sessions.lock().unwrap()[0].0.user, "ann");
    calling.unwrap().shutdown().await;
}

#[tokio::test]
async fn when_it_stops_it_calls_no_more() {
    let home = listener().await;
    let served = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&served);
    let calling = start(soon(&[&home]), move |socket, _, mut stopping| {
        count.fetch_add(1, Ordering::SeqCst);
        async move {
            _ = stopping.wait_for(|stop| *stop).await;
            drop(socket);
            true
        }
    })
    .unwrap();
    home.accept().await.unwrap();
    while served.load(Ordering::SeqCst) == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    calling.shutdown().await;
    assert_eq!(served.load(Ordering::SeqCst), 1);
    let nobody = start(CallHome::new([""; 0]), |_, _, _| async { true });
    assert!(nobody.is_err());
}
