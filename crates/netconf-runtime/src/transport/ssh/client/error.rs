//! Why there is no SSH connection, or none any more.

use super::HostKeyError;
use std::io;
use std::time::Duration;

/// Why an SSH client could not connect.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SshError {
    /// The network, or the name: see the kind.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The host is not proved to be the one meant.
    #[error(transparent)]
    HostKey(HostKeyError),
    /// The host lets this user not in.
    #[error(
        "login refused for {user}: tried {}, the server takes {}{}",
        list(tried),
        list(offered),
        beside(problems)
    )]
    Login {
        /// The user.
        user: String,
        /// The methods that were tried.
        tried: Vec<&'static str>,
        /// The methods that the server named.
        offered: Vec<&'static str>,
        /// What could not be tried, and why.
        problems: Vec<String>,
    },
    /// The host has no NETCONF.
    #[error(
        "the server refuses the SSH subsystem `netconf`: it has none on this port (NETCONF's own is 830), or not for this user"
    )]
    Subsystem,
    /// Whoever is there speaks something else than SSH.
    #[error("{0}")]
    NotSsh(String),
    /// It took too long.
    #[error("{target} did not get as far as a NETCONF channel within {limit:?}{}", behind(said))]
    TimedOut {
        /// Whom it took.
        target: String,
        /// How long it might.
        limit: Duration,
        /// What it says that is no SSH, if it is that.
        said: Option<String>,
    },
    /// The host that leads to the one meant cannot be passed.
    #[error("the jump host {host}: {cause}")]
    Jump {
        /// The jump host.
        host: String,
        /// Why.
        cause: Box<SshError>,
    },
    /// The caller's options do not fit: an algorithm that is not known, a limit that cannot be.
    #[error("{0}")]
    Options(String),
    /// The host closed the connection.
    #[error("the server closed the connection")]
    Closed,
    /// The host does not speak SSH as this end does.
    #[error("SSH: {0}")]
    Protocol(String),
}

fn behind(said: &Option<String>) -> String {
    said.as_ref().map(|said| format!(": {said}")).unwrap_or_default()
}

fn beside(problems: &[String]) -> String {
    problems.iter().map(|p| format!("; {p}")).collect()
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}

impl From<russh::Error> for SshError {
    fn from(error: russh::Error) -> Self {
        use russh::Error as E;
        match error {
            E::IO(error) => Self::Io(error),
            E::HUP | E::Disconnect | E::SendError | E::RecvError => Self::Closed,
            E::ConnectionTimeout | E::KeepaliveTimeout | E::InactivityTimeout => {
                Self::Io(io::ErrorKind::TimedOut.into())
            }
            other => Self::Protocol(other.to_string()),
        }
    }
}
