//! Who may log in over SSH.

use anyhow::{Context as _, Result, bail};
use netconf_runtime::server::service::BoxFuture;
use netconf_runtime::transport::ssh::PublicKey;
use netconf_runtime::transport::ssh::server::{Authenticator, User, Users};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

/// A user with a password, and keys by which everybody may come in who has them.
#[derive(Clone, Default)]
pub(super) struct Logins {
    users: Users,
    keys: Vec<PublicKey>,
    /// The groups of users, whichever way they log in.
    groups: BTreeMap<String, Vec<String>>,
    /// For telling how to connect.
    pub(super) name: Option<String>,
}

impl Logins {
    /// Nobody yet; users of these names are in these groups.
    pub(super) fn new(groups: BTreeMap<String, Vec<String>>) -> Self {
        Self { groups, ..Self::default() }
    }

    /// Adds a user with the password in a file: its first line.
    pub(super) fn password(&mut self, name: &str, file: &Path) -> Result<()> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let password = text.lines().next().unwrap_or_default();
        if password.is_empty() {
            bail!("{}: the first line is the password, and it is empty", file.display());
        }
        self.users = std::mem::take(&mut self.users).user(name, User::new().password(password));
        self.name = Some(name.to_owned());
        Ok(())
    }

    /// Adds the keys of a file in the form of OpenSSH's `authorized_keys`.
    pub(super) fn keys(&mut self, file: &Path) -> Result<()> {
        let text =
            std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let is_type = |word: &str| ["ssh-", "ecdsa-", "sk-"].iter().any(|start| word.starts_with(start));
            // Options in front of a key restrict it: leaving them out would let more people in.
            if !line.split_whitespace().next().is_some_and(is_type) {
                bail!("{}:{number}: options in front of a key are not supported", file.display());
            }
            let key = PublicKey::parse(line).with_context(|| format!("{}:{number}", file.display()))?;
            self.keys.push(key);
        }
        if self.keys.is_empty() {
            bail!("{}: there is no key in it", file.display());
        }
        Ok(())
    }
}

impl Authenticator for Logins {
    fn password<'a>(&'a self, user: &'a str, password: &'a str, peer: SocketAddr) -> BoxFuture<'a, bool> {
        self.users.password(user, password, peer)
    }

    fn groups<'a>(&'a self, user: &'a str, _peer: SocketAddr) -> BoxFuture<'a, Vec<String>> {
        Box::pin(std::future::ready(self.groups.get(user).cloned().unwrap_or_default()))
    }

    fn public_key<'a>(
        &'a self,
        _user: &'a str,
        key: &'a PublicKey,
        _peer: SocketAddr,
    ) -> BoxFuture<'a, bool> {
        Box::pin(std::future::ready(self.keys.iter().any(|known| known.fingerprint() == key.fingerprint())))
    }
}
