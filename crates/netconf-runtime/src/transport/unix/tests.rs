use super::server::{UnixServerOptions, listen};
use super::*;
use crate::client::{Options, Session};
use crate::server::service::{CloseReason, TransportKind};
use crate::transport::Listener;
use crate::transport::subsystem::carry;
use crate::transport::toy::Toy;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::sync::Arc;

struct Fixture {
    toy: Arc<Toy>,
    listener: Listener<PathBuf>,
    directory: tempfile::TempDir,
}

fn fixture(options: UnixServerOptions) -> Fixture {
    let directory = tempfile::tempdir().unwrap();
    let toy = Toy::new();
    let path = directory.path().join("netconf.sock");
    let listener = listen(&path, options, Arc::new(Arc::clone(&toy))).unwrap();
    Fixture { toy, listener, directory }
}

fn ann() -> UnixServerOptions {
    let groups = |user: &str| vec![format!("of {user}")];
    UnixServerOptions::default().user(|uid| Some(format!("user{uid}"))).groups(groups)
}

#[tokio::test]
async fn the_user_is_whom_the_kernel_names() {
    let fixture = fixture(ann());
    let path = fixture.listener.local_addr();
    let session = Session::open(connect(&path).await.unwrap(), Options::default()).await.unwrap();
    session.rpc_xml("<get/>").await.unwrap();
    let me = std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(&path).unwrap());
    {
        let sessions = fixture.toy.sessions.lock().unwrap();
        let info = &sessions[0].0;
        assert_eq!((info.user.clone(), info.transport), (format!("user{me}"), TransportKind::Unix));
        assert_eq!(info.groups, [format!("of user{me}")]);
        assert_eq!(info.peer, format!("process {}", std::process::id()));
    }
    session.close().await.unwrap();
    assert_eq!(fixture.toy.end_of(1).await, CloseReason::Requested);
    fixture.listener.shutdown().await;
    assert!(!path.exists(), "the socket goes with the listener");
    let error = connect(&path).await.unwrap_err();
    assert!(error.to_string().contains("netconf.sock"), "{error}");
    drop(fixture.directory);
}

#[tokio::test]
async fn who_has_no_name_does_not_come_in() {
    let fixture = fixture(UnixServerOptions::default().user(|_| None));
    let stream = connect(fixture.listener.local_addr()).await.unwrap();
    assert!(Session::open(stream, Options::default()).await.is_err());
    assert!(fixture.toy.sessions.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_file_of_the_socket() {
    let fixture = fixture(ann().mode(0o640));
    let path = fixture.listener.local_addr();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    assert_eq!(std::fs::read_dir(fixture.directory.path()).unwrap().count(), 1);
    let service = || Arc::new(Arc::clone(&fixture.toy));
    let error = listen(&path, ann(), service()).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
    // One that a dead server left behind is replaced, and what is no socket is not.
    let stale = fixture.directory.path().join("stale");
    drop(std::os::unix::net::UnixListener::bind(&stale).unwrap());
    let replaced = listen(&stale, ann(), service()).unwrap();
    connect(&stale).await.unwrap();
    drop(replaced);
    let file = fixture.directory.path().join("file");
    std::fs::write(&file, "precious").unwrap();
    assert_eq!(listen(&file, ann(), service()).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
}

/// What `sshd` runs, with a client at its standard input and output.
#[tokio::test]
async fn the_front_of_sshd() {
    let fixture = fixture(ann());
    let path = fixture.listener.local_addr();
    let (near, far) = std::os::unix::net::UnixStream::pair().unwrap();
    let input = far.try_clone().unwrap();
    let front = tokio::task::spawn_blocking(move || carry(&path, input, far));
    near.set_nonblocking(true).unwrap();
    let stream = tokio::net::UnixStream::from_std(near).unwrap();
    let session = Session::open(stream, Options::default()).await.unwrap();
    let reply = session.rpc_xml("<big>300000</big>").await.unwrap();
    assert_eq!(reply.data().unwrap().as_str().len(), 300_013);
    session.close().await.unwrap();
    front.await.unwrap().unwrap();
    assert_eq!(fixture.toy.end_of(1).await, CloseReason::Requested);
    let error = carry(Path::new("/nonexistent/socket"), io::empty(), io::sink()).unwrap_err();
    assert!(error.to_string().contains("/nonexistent/socket"), "{error}");
}
