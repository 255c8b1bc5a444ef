//! Who may come in.

use super::super::PublicKey;
use super::UserCertificate;
use crate::server::service::BoxFuture;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::SystemTime;
use tracing::info;

/// Decides who may come in. A call may take its time; russh makes all refusals take as long as [`crate::protocol::Limits`]
/// says.
pub trait Authenticator: Send + Sync + 'static {
    /// Whether this is the user's password.
    fn password<'a>(&'a self, user: &'a str, password: &'a str, peer: SocketAddr) -> BoxFuture<'a, bool>;

    /// Whether the user may come in with this key. That the peer has the key is proved apart from this.
    fn public_key<'a>(&'a self, user: &'a str, key: &'a PublicKey, peer: SocketAddr) -> BoxFuture<'a, bool>;

    /// Whether the user may come in with this certificate; nobody may unless this says otherwise. See
    /// [`UserCertificate::check`].
    ///
    /// This is asked when the peer has signed: before that russh shows its bare key alone. So the owner of a certificate that is refused has
    /// signed in vain, where OpenSSH's server would have said so before.
    fn certificate<'a>(
        &'a self,
        user: &'a str,
        certificate: &'a UserCertificate,
        peer: SocketAddr,
    ) -> BoxFuture<'a, bool> {
        let _ = (user, certificate, peer);
        Box::pin(std::future::ready(false))
    }

    /// Whether there are certificates with which somebody may come in. If not, none is looked at.
    fn takes_certificates(&self) -> bool {
        false
    }

    /// The groups that a user who came in is in, as far as is known here; none unless this says otherwise. Access control
    /// counts them in (RFC 8341 section 3.4.1).
    fn groups<'a>(&'a self, user: &'a str, peer: SocketAddr) -> BoxFuture<'a, Vec<String>> {
        let _ = (user, peer);
        Box::pin(std::future::ready(Vec::new()))
    }

    /// A conversation (`keyboard-interactive`, RFC 4256). It begins without answers; each further call has all answers so far.
    /// Unless this says otherwise it asks for the password.
    fn converse<'a>(
        &'a self,
        user: &'a str,
        answers: &'a [String],
        peer: SocketAddr,
    ) -> BoxFuture<'a, Converse> {
        Box::pin(async move {
            match answers {
                [] => Converse::Ask(vec![Prompt { text: "Password: ".to_owned(), echo: false }]),
                [password] if self.password(user, password, peer).await => Converse::Accept,
                _ => Converse::Refuse,
            }
        })
    }
}

/// How a conversation goes on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Converse {
    /// The user comes in.
    Accept,
    /// The user does not.
    Refuse,
    /// These are asked.
    Ask(Vec<Prompt>),
}

/// A question to a user.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Prompt {
    /// What is shown.
    pub text: String,
    /// Whether the answer may be seen while it is typed.
    pub echo: bool,
}

/// Users that are named one by one.
#[derive(Clone, Default)]
pub struct Users {
    users: BTreeMap<String, User>,
    authorities: Vec<PublicKey>,
}

/// How one user may come in.
#[derive(Clone, Default)]
pub struct User {
    password: Option<String>,
    keys: Vec<PublicKey>,
    groups: Vec<String>,
}

impl Users {
    /// Nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a user.
    #[must_use]
    pub fn user(mut self, name: impl Into<String>, user: User) -> Self {
        self.users.insert(name.into(), user);
        self
    }

    /// Lets in whomever this authority gives a certificate (OpenSSH's `TrustedUserCAKeys`): each name that stands in it,
    /// whether it is added here or not.
    #[must_use]
    pub fn authority(mut self, key: PublicKey) -> Self {
        self.authorities.push(key);
        self
    }
}

impl User {
    /// One who cannot come in yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets the user in with a password. The empty one lets nobody in.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Lets the user in with a key, too.
    #[must_use]
    pub fn key(mut self, key: PublicKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Says that the user is in a group, which access control counts in (RFC 8341 section 3.4.1).
    #[must_use]
    pub fn group(mut self, name: impl Into<String>) -> Self {
        self.groups.push(name.into());
        self
    }
}

impl Authenticator for Users {
    fn password<'a>(&'a self, user: &'a str, password: &'a str, _: SocketAddr) -> BoxFuture<'a, bool> {
        let expected = self.users.get(user).and_then(|u| u.password.as_deref());
        // An unknown user takes the same way as a known one.
        let same = equal(expected.unwrap_or_default().as_bytes(), password.as_bytes());
        Box::pin(std::future::ready(same && expected.is_some_and(|p| !p.is_empty())))
    }

    fn public_key<'a>(&'a self, user: &'a str, key: &'a PublicKey, _: SocketAddr) -> BoxFuture<'a, bool> {
        let known = self.users.get(user).is_some_and(|u| u.keys.iter().any(|k| k.is(&key.0)));
        Box::pin(std::future::ready(known))
    }

    fn certificate<'a>(
        &'a self,
        user: &'a str,
        certificate: &'a UserCertificate,
        peer: SocketAddr,
    ) -> BoxFuture<'a, bool> {
        let checked = certificate.check(user, &self.authorities, peer.ip(), SystemTime::now());
        if let Err(why) = &checked {
            info!(user, %certificate, "certificate refused: {why}");
        }
        Box::pin(std::future::ready(checked.is_ok()))
    }

    fn takes_certificates(&self) -> bool {
        !self.authorities.is_empty()
    }

    fn groups<'a>(&'a self, user: &'a str, _: SocketAddr) -> BoxFuture<'a, Vec<String>> {
        let groups = self.users.get(user).map(|user| user.groups.clone());
        Box::pin(std::future::ready(groups.unwrap_or_default()))
    }
}

/// Compares in a time that depends on the length of what was guessed alone.
fn equal(expected: &[u8], guess: &[u8]) -> bool {
    let mut difference = u8::from(expected.len() != guess.len());
    for (at, byte) in guess.iter().enumerate() {
        difference |= byte ^ expected.get(at).copied().unwrap_or(!byte);
    }
    std::hint::black_box(difference) == 0
}

impl std::fmt::Debug for Users {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.users.keys()).finish()
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("keys", &self.keys).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn passwords() {
        let users = Users::new()
            .user("ann", User::new().password("secret"))
            .user("bob", User::new())
            .user("eve", User::new().password(""));
        let peer: SocketAddr = ([127, 0, 0, 1], 1).into();
        for (user, password, expected) in [
            ("ann", "secret", true),
            ("ann", "secre", false),
            ("ann", "secrets", false),
            ("ann", "", false),
            ("bob", "", false),
            ("eve", "", false),
            ("nobody", "", false),
        ] {
            assert_eq!(users.password(user, password, peer).await, expected, "{user} {password}");
        }
        assert!(!format!("{users:?} {:?}", User::new().password("secret")).contains("secret"));
    }
}
