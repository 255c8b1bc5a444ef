//! Clients that the server calls by itself (RFC 8071).

use anyhow::{Result, bail};
use netconf_runtime::transport::call_home::server::{CallHome, Periodic};
use netconf_runtime::transport::call_home::{SSH_PORT, TLS_PORT};
use std::net::Ipv6Addr;
use std::time::Duration;

#[derive(clap::Args)]
pub(super) struct CallHomeArgs {
    /// Calls a client that waits there (RFC 8071), and speaks SSH with it; the port is 4334 if none is said. Of several the first is
    /// called that answers. It calls again when the connection is over. Without --listen it only calls.
    #[arg(long, value_name = "HOST[:PORT]")]
    call_home: Vec<String>,

    /// The same by TLS; the port is 4335 if none is said.
    #[arg(long, value_name = "HOST[:PORT]")]
    call_home_tls: Vec<String>,

    /// Calls once in so many seconds, in place of keeping a connection all the time. Such connections end when no request has come for
    /// as long as --idle-timeout says, or else for 180 seconds.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    call_home_period: Option<u64>,
}

/// Whom to call, and when.
pub(super) struct Homes {
    pub(super) ssh: Option<CallHome>,
    pub(super) tls: Option<CallHome>,
}

impl CallHomeArgs {
    pub(super) fn prepare(&self, idle_timeout: Option<Duration>) -> Result<Homes> {
        let home = |option: &str, clients: &[String], port: u16| -> Result<Option<CallHome>> {
            if clients.is_empty() {
                return Ok(None);
            }
            let clients: Vec<String> =
                clients.iter().map(|client| with_port(option, client, port)).collect::<Result<_>>()?;
            let home = CallHome::new(clients);
            Ok(Some(match self.call_home_period {
                None => home,
                Some(seconds) => {
                    let periodic = Periodic::new(Duration::from_secs(seconds));
                    home.periodic(match idle_timeout {
                        Some(limit) => periodic.idle_timeout(limit),
                        None => periodic,
                    })
                }
            }))
        };
        let homes = Homes {
            ssh: home("--call-home", &self.call_home, SSH_PORT)?,
            tls: home("--call-home-tls", &self.call_home_tls, TLS_PORT)?,
        };
        if self.call_home_period.is_some() && homes.ssh.is_none() && homes.tls.is_none() {
            bail!("--call-home-period goes with --call-home or --call-home-tls");
        }
        Ok(homes)
    }
}

/// `host:port`, whatever was said of it.
fn with_port(option: &str, client: &str, port: u16) -> Result<String> {
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
    // What is in brackets is an address of IPv6.
    let end = match client.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) if address.parse::<Ipv6Addr>().is_ok() => address.len() + 2,
        _ => client.find(|c| !is_in_name(c)).unwrap_or(client.len()),
    };
    let (host, rest) = client.split_at(end);
    let port = match rest.strip_prefix(':') {
        Some(port) => port.parse::<u16>().ok().filter(|&port| port > 0),
        None if rest.is_empty() => Some(port),
        None => None,
    };
    match port {
        Some(port) if !host.is_empty() => Ok(format!("{host}:{port}")),
        _ => bail!("{option} {client}: write HOST or HOST:PORT, and an address of IPv6 in brackets"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_said_or_that_of_the_rfc() {
        for (said, meant) in [
            ("nms", "nms:4334"),
            ("nms.example:1", "nms.example:1"),
            ("192.0.2.1", "192.0.2.1:4334"),
            ("[2001:db8::1]", "[2001:db8::1]:4334"),
            ("[::1]:65535", "[::1]:65535"),
        ] {
            assert_eq!(with_port("--call-home", said, 4334).unwrap(), meant);
        }
        for wrong in
            ["", ":1", "nms:", "nms:0", "nms:65536", "::1", "[::1", "[nms]:1", "[::1]1", "ssh://nms", "a/b"]
        {
            assert!(with_port("--call-home", wrong, 4334).is_err(), "{wrong}");
        }
    }
}
