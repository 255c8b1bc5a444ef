//! The server's side of a unix socket.

use super::named;
use crate::protocol::Limits;
use crate::server::service::{Service, TransportKind};
use crate::transport::listener::{Accept, Listener};
use crate::transport::{Peer, serve};
use std::fs;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tracing::{Instrument as _, debug, info, info_span};

/// From the number of a user to the name that sessions have; `None` lets nobody in.
pub type UserOf = Arc<dyn Fn(u32) -> Option<String> + Send + Sync>;

/// From the name of a user to the groups that access control counts in (RFC 8341 section 3.4.1).
pub type GroupsOf = Arc<dyn Fn(&str) -> Vec<String> + Send + Sync>;

/// What a server on a unix socket needs to know.
#[derive(Clone)]
#[non_exhaustive]
pub struct UnixServerOptions {
    /// Who may connect: the permissions of the socket. At first its owner alone.
    pub mode: u32,
    /// Which user a process's user is.
    pub user: UserOf,
    /// Which groups a user is in. At first none: the system's groups were not named with access to a device in mind; see
    /// [`groups_of`].
    pub groups: GroupsOf,
    /// What peers may cost.
    pub limits: Limits,
}

impl Default for UnixServerOptions {
    /// The owner alone, by the name that `/etc/passwd` has for the number.
    fn default() -> Self {
        let groups = Arc::new(|_: &str| Vec::new());
        Self { mode: 0o600, user: Arc::new(name_of), groups, limits: Limits::default() }
    }
}

impl UnixServerOptions {
    /// Sets the permissions of the socket: `0o660` for its group, `0o666` for everybody. Who connects is asked all the same.
    #[must_use]
    pub fn mode(mut self, mode: u32) -> Self {
        self.mode = mode;
        self
    }

    /// Sets which user a process's user is.
    #[must_use]
    pub fn user(mut self, user: impl Fn(u32) -> Option<String> + Send + Sync + 'static) -> Self {
        self.user = Arc::new(user);
        self
    }

    /// Sets which groups a user is in: [`groups_of`] for those of the system.
    #[must_use]
    pub fn groups(mut self, groups: impl Fn(&str) -> Vec<String> + Send + Sync + 'static) -> Self {
        self.groups = Arc::new(groups);
        self
    }

    /// Sets what peers may cost.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl std::fmt::Debug for UnixServerOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("UnixServerOptions")
            .field("mode", &format_args!("{:o}", self.mode))
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

/// The name of a user in `/etc/passwd`. Users who are known elsewhere alone have none here.
#[must_use]
pub fn name_of(uid: u32) -> Option<String> {
    let table = fs::read_to_string("/etc/passwd").ok()?;
    name_in(&table, uid)
}

fn name_in(table: &str, uid: u32) -> Option<String> {
    table.lines().find_map(|line| {
        let mut fields = line.split(':');
        let (name, number) = (fields.next()?, fields.nth(1)?);
        (number.parse() == Ok(uid) && !name.is_empty()).then(|| name.to_owned())
    })
}

/// The groups of which `/etc/group` says that the user is a member, in its order.
#[must_use]
pub fn groups_of(user: &str) -> Vec<String> {
    fs::read_to_string("/etc/group").map(|table| groups_in(&table, user)).unwrap_or_default()
}

fn groups_in(table: &str, user: &str) -> Vec<String> {
    let of_line = |line: &str| {
        let mut fields = line.split(':');
        let (name, members) = (fields.next()?, fields.nth(2)?);
        let is_member = !user.is_empty() && members.split(',').any(|member| member.trim() == user);
        (is_member && !name.is_empty()).then(|| name.to_owned())
    };
    table.lines().filter_map(of_line).collect()
}

/// The socket's file: it goes when nobody listens any more.
struct Socket {
    listener: UnixListener,
    path: PathBuf,
    inode: u64,
}

impl Socket {
    /// The socket appears under its name with its permissions, and not before. One that nobody listens on any more is
    /// replaced; anything else that has the name is left alone.
    fn bind(path: &Path, mode: u32) -> io::Result<Self> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
            Ok(file) if !file.file_type().is_socket() => {
                return Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "there is a file that is no socket",
                ));
            }
            Ok(_) => match std::os::unix::net::UnixStream::connect(path) {
                Err(error) if error.kind() == io::ErrorKind::ConnectionRefused => {}
                _ => return Err(io::Error::new(io::ErrorKind::AddrInUse, "somebody listens there already")),
            },
        }
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}", std::process::id()));
        let new = path.with_file_name(name);
        _ = fs::remove_file(&new);
        let listener = UnixListener::bind(&new)?;
        let prepare = || {
            fs::set_permissions(&new, fs::Permissions::from_mode(mode))?;
            let inode = fs::symlink_metadata(&new)?.ino();
            fs::rename(&new, path)?;
            Ok(inode)
        };
        match prepare() {
            Ok(inode) => Ok(Self { listener, path: path.to_owned(), inode }),
            Err(error) => {
                _ = fs::remove_file(&new);
                Err(error)
            }
        }
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|file| file.ino() == self.inode) {
            _ = fs::remove_file(&self.path);
        }
    }
}

impl Accept for Socket {
    type Socket = UnixStream;
    type Peer = String;

    async fn accept(&self) -> io::Result<(UnixStream, String)> {
        let (stream, _) = self.listener.accept().await?;
        let process = stream.peer_cred().ok().and_then(|peer| peer.pid());
        let peer = process.map_or_else(|| "a process".to_owned(), |pid| format!("process {pid}"));
        Ok((stream, peer))
    }
}

/// Listens on a socket, and serves whoever comes.
///
/// # Errors
/// The socket cannot be made, or somebody listens there already. The error names it.
pub fn listen(
    path: impl AsRef<Path>,
    options: UnixServerOptions,
    service: Arc<dyn Service>,
) -> io::Result<Listener<PathBuf>> {
    let path = path.as_ref();
    let socket = Socket::bind(path, options.mode).map_err(|e| named(path, &e))?;
    info!(path = %path.display(), "listening for NETCONF on a unix socket");
    let most = options.limits.connections;
    let (options, path) = (Arc::new(options), path.to_owned());
    Ok(Listener::start(path, socket, most, move |stream, peer, stopping| {
        let span = info_span!("unix", peer);
        connection(stream, peer, Arc::clone(&options), Arc::clone(&service), stopping).instrument(span)
    }))
}

async fn connection(
    stream: UnixStream,
    address: String,
    options: Arc<UnixServerOptions>,
    service: Arc<dyn Service>,
    _stopping: watch::Receiver<bool>,
) {
    let uid = match stream.peer_cred() {
        Ok(peer) => peer.uid(),
        Err(error) => return info!("login refused: the system does not say who it is: {error}"),
    };
    let Some(user) = (options.user)(uid) else {
        return info!(uid, "login refused: the user has no name");
    };
    let groups = (options.groups)(&user);
    let peer = Peer { user, groups, address, transport: TransportKind::Unix };
    // Both halves belong to one socket: the peer sees its end when both are gone.
    let (reader, writer) = stream.into_split();
    let reason = serve(reader, writer, service, peer, options.limits.clone()).await;
    debug!("connection over: {reason}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_users() {
        let table = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\nbad\n:x:7:7::/:\n";
        assert_eq!(name_in(table, 0).as_deref(), Some("root"));
        assert_eq!(name_in(table, 65534).as_deref(), Some("nobody"));
        assert_eq!(name_in(table, 1), None);
        assert_eq!(name_in(table, 7), None);
    }

    #[test]
    fn groups_of_users() {
        let table = "root:x:0:\nstaff:x:50:ann,bob\noperators:x:60:ann\nbad\n:x:7:ann\nempty:x:8:\n";
        assert_eq!(groups_in(table, "ann"), ["staff", "operators"]);
        assert_eq!(groups_in(table, "bob"), ["staff"]);
        assert!(groups_in(table, "an").is_empty() && groups_in(table, "").is_empty());
    }
}
