//! The server: what a request means, apart from the bytes it comes in.
//!
//! [`Server`] is a device that runs; [`Server::builder`] puts it together from a schema, handlers and a store. What it
//! does is told in words of no protocol (`operation`), and `netconf` is a front of it that speaks XML. Sessions come in
//! through [`service`], the seam to the byte side.

mod apply_faults;
mod base_notifications;
mod builder;
mod capabilities;
mod core;
mod encoders;
pub(crate) mod error;
mod failsafe;
mod get_schema;
#[cfg(feature = "ssh")]
mod host_key;
mod invoke;
mod limits;
mod monitoring;
mod netconf;
pub(crate) mod notification;
mod operation;
mod own_data;
mod replay;
pub mod service;
mod sessions;
pub(crate) mod state;
mod streams;
#[cfg(test)]
mod tests;
pub(crate) mod time;
mod url;
mod yang_library;

pub(crate) use apply_faults::{failed as tell_apply_failed, recovered as tell_apply_recovered};
pub(crate) use base_notifications::{BaseNotifications, ConfirmEvent};
pub use builder::{BuildError, ServerBuilder};
pub use failsafe::{Failsafe, Opening};
pub use limits::Limits;
pub(crate) use own_data::OwnData;
#[cfg(feature = "url-http")]
pub use url::{Credentials, CredentialsError, HostError, HttpUrls, Scheme};

use self::core::Core;
use crate::datastore::{ApplyFault, OpenError, Snapshot};
use crate::handler::{Cx, Publisher};
use crate::rpc_error::RpcError;
use crate::store::{Head, LogEntry, StoreError};
use netconf::NetconfService;
use service::{Service, SessionInfo};
use std::path::PathBuf;
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_schema::Schema;

/// A device that runs.
pub struct Server {
    core: Arc<Core>,
    service: NetconfService,
    opening: Opening,
    /// Where what must outlive the process is kept.
    #[cfg_attr(not(feature = "ssh"), allow(dead_code, reason = "the host key is kept there"))]
    directory: Option<PathBuf>,
    #[cfg(feature = "ssh")]
    host_key: std::sync::OnceLock<crate::transport::ssh::PrivateKey>,
    #[cfg(feature = "ssh")]
    authenticator: Option<Arc<dyn crate::transport::ssh::server::Authenticator>>,
    listeners: tokio::sync::Mutex<Vec<crate::transport::listener::Running>>,
}

impl Server {
    /// Begins a server for the modules of a schema.
    pub fn builder(schema: impl Into<Arc<Schema>>) -> ServerBuilder {
        ServerBuilder::new(schema.into())
    }

    /// The server as session loops see it: for transports of one's own.
    pub fn service(&self) -> Arc<dyn Service> {
        Arc::new(self.service.clone())
    }

    /// How it began: whether a migration had something to say, and whether the failsafe configuration runs.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The datastores as of now.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.core.datastores.snapshot()
    }

    /// The schema.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.core.schema
    }

    /// Publishes notifications of what happens by itself.
    pub fn publisher(&self) -> Publisher {
        self.core.publisher()
    }

    /// Configuration handlers that failed to apply the last commit that they were given: there the device is not as it is
    /// configured.
    pub fn apply_faults(&self) -> Vec<ApplyFault> {
        self.core.datastores.faults()
    }

    /// The newest commits that the log remembers, newest first: who, when, and what in the words of the store.
    ///
    /// # Errors
    /// The store cannot be read.
    pub async fn history(&self, limit: usize) -> Result<Vec<LogEntry>, StoreError> {
        self.core.datastores.history(limit).await
    }

    /// `running` as it was after a commit that the log remembers.
    ///
    /// # Errors
    /// It is forgotten, or does not fit the modules of today.
    pub async fn running_at(&self, commit: Head) -> Result<Tree, OpenError> {
        self.core.datastores.running_at(commit).await
    }

    /// Makes `running` what `configuration` is: a commit of the server's own, which is validated and which handlers may refuse.
    ///
    /// # Errors
    /// All that can refuse a commit, and a lock of a session.
    pub async fn replace(
        &self,
        configuration: Tree,
        comment: impl Into<String>,
    ) -> Result<(), Vec<RpcError>> {
        let cx = Cx::of_server(self.core.publisher());
        self.core.datastores.replace(cx, configuration, comment.into()).await
    }

    /// Makes `running` what it was after a commit that the log remembers. That is a commit of its own: it is validated, handlers
    /// are asked, and the log has it with this comment.
    ///
    /// # Errors
    /// All that can refuse a commit, a lock of a session, a confirmed commit that waits, and a commit that is forgotten.
    pub async fn roll_back(&self, commit: Head, comment: impl Into<String>) -> Result<(), Vec<RpcError>> {
        let cx = Cx::of_server(self.core.publisher());
        self.core.datastores.roll_back(cx, commit, comment.into()).await
    }

    /// Who is connected.
    pub fn sessions(&self) -> Vec<SessionInfo> {
        self.core.sessions.list()
    }

    /// Takes no more sessions, ends those that are open, and waits for them.
    pub async fn shutdown(self) {
        self.core.sessions.stop();
        for listener in self.listeners.into_inner() {
            listener.shutdown().await;
        }
        self.core.sessions.gone().await;
        // A transaction that runs comes to its end.
        self.core.datastores.idle().await;
    }
}

#[cfg(feature = "ssh")]
mod ssh {
    use super::{Server, host_key};
    use crate::transport::ssh::PrivateKey;
    use crate::transport::ssh::server::{SshServerOptions, Users, listen};
    use std::io;
    use std::net::SocketAddr;
    use std::sync::Arc;
    use tokio::net::ToSocketAddrs;

    impl Server {
        /// The host key: that of the store's directory, made now if there is none. Where nothing is kept it lives as long as the
        /// server.
        ///
        /// # Errors
        /// The file cannot be read or written.
        pub fn host_key(&self) -> io::Result<PrivateKey> {
            if let Some(key) = self.host_key.get() {
                return Ok(key.clone());
            }
            let key = match &self.directory {
                Some(directory) => host_key::of_directory(directory).map_err(io::Error::other),
                None => PrivateKey::generate().map_err(io::Error::other),
            }?;
            // Who was first counts, if two ask at once.
            Ok(self.host_key.get_or_init(|| key).clone())
        }

        /// Listens for SSH (RFC 6242), with the users of the builder and the host key of the store. Says where.
        ///
        /// # Errors
        /// There are no users, no host key, or the address cannot be had.
        pub async fn listen_ssh(&self, address: impl ToSocketAddrs) -> io::Result<SocketAddr> {
            let Some(users) = &self.authenticator else {
                return Err(io::Error::other("nobody could log in: the server was built without users"));
            };
            let mut options = SshServerOptions::new(self.host_key()?, Users::new());
            options.authenticator = Arc::clone(users);
            self.listen_ssh_with(address, options).await
        }

        /// Listens for SSH with options of one's own. Says where.
        ///
        /// # Errors
        /// The address cannot be had, or there is no host key.
        pub async fn listen_ssh_with(
            &self,
            address: impl ToSocketAddrs,
            options: SshServerOptions,
        ) -> io::Result<SocketAddr> {
            let listener = listen(address, options, self.service()).await?;
            let address = listener.local_addr();
            self.listeners.lock().await.push(listener.into_running());
            Ok(address)
        }
    }
}

#[cfg(feature = "ssh")]
mod call_home_ssh {
    use super::Server;
    use crate::transport::call_home::server::{CallHome, start};
    use crate::transport::ssh::server::{Front, SshServerOptions};
    use std::io;

    impl Server {
        /// Calls home by SSH (RFC 8071), for as long as the server runs.
        ///
        /// # Errors
        /// There is nobody to call, or the options do not fit together.
        pub async fn call_home_ssh(&self, home: CallHome, mut options: SshServerOptions) -> io::Result<()> {
            home.bound(&mut options.limits);
            let front = Front::new(options, self.service())?;
            let calling =
                start(home, move |socket, peer, stopping| front.clone().connection(socket, peer, stopping))?;
            self.listeners.lock().await.push(calling);
            Ok(())
        }
    }
}

#[cfg(unix)]
mod unix {
    use super::Server;
    use crate::transport::unix::server::{UnixServerOptions, listen};
    use std::io;
    use std::path::Path;

    impl Server {
        /// Listens on a unix socket, for the user who runs the server. The user of a session is the user of the process
        /// at the other end, as the kernel says. Sessions of other transports are not affected.
        ///
        /// # Errors
        /// The socket cannot be made, or somebody listens there already.
        pub async fn listen_unix(&self, path: impl AsRef<Path>) -> io::Result<()> {
            self.listen_unix_with(path, UnixServerOptions::default()).await
        }

        /// The same with options: who may connect, and by which name.
        ///
        /// # Errors
        /// The socket cannot be made, or somebody listens there already.
        pub async fn listen_unix_with(
            &self,
            path: impl AsRef<Path>,
            options: UnixServerOptions,
        ) -> io::Result<()> {
            let listener = listen(path, options, self.service())?;
            self.listeners.lock().await.push(listener.into_running());
            Ok(())
        }
    }
}

#[cfg(feature = "tls")]
mod tls {
    use super::Server;
    use crate::transport::call_home::server::{CallHome, start};
    use crate::transport::tls::server::{Front, TlsServerOptions, listen};
    use std::io;
    use std::net::SocketAddr;
    use tokio::net::ToSocketAddrs;

    impl Server {
        /// Listens for TLS (RFC 7589). Says where.
        ///
        /// # Errors
        /// The address cannot be had, or the options do not fit together.
        pub async fn listen_tls(
            &self,
            address: impl ToSocketAddrs,
            options: TlsServerOptions,
        ) -> io::Result<SocketAddr> {
            let listener = listen(address, options, self.service()).await?;
            let address = listener.local_addr();
            self.listeners.lock().await.push(listener.into_running());
            Ok(address)
        }

        /// Calls home by TLS (RFC 8071), for as long as the server runs.
        ///
        /// # Errors
        /// There is nobody to call, or the options do not fit together.
        pub async fn call_home_tls(&self, home: CallHome, mut options: TlsServerOptions) -> io::Result<()> {
            home.bound(&mut options.limits);
            let front = Front::new(options, self.service())?;
            let calling = start(home, move |socket, peer, stopping| {
                front.clone().connection(socket, peer.to_string(), stopping)
            })?;
            self.listeners.lock().await.push(calling);
            Ok(())
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("sessions", &self.sessions()).finish_non_exhaustive()
    }
}
