//! Names and passwords for other servers: basic authentication (RFC 7617), in TLS alone. They come from the operator, or stand in a URL
//! as its userinfo (RFC 3986 section 3.2.1), and never in a message, an error or a log.

use super::percent_decoded;
use hyper::header::HeaderValue;
use std::borrow::Cow;
use std::fmt;
use yang_data::binding::Binary;

/// What stands in the place of a userinfo.
const CONCEALED: &str = "***@";

/// A name and a password for another server.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: String,
}

/// They cannot be sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "the name of a user has no colon in it, and neither name nor password has control characters (RFC 7617 section 2)"
)]
pub struct CredentialsError;

impl Credentials {
    /// A user with a password, which may be empty.
    ///
    /// # Errors
    /// Basic authentication has no way to send them.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Result<Self, CredentialsError> {
        let (user, password) = (user.into(), password.into());
        if user.contains(':') || user.chars().chain(password.chars()).any(char::is_control) {
            return Err(CredentialsError);
        }
        Ok(Self { user, password })
    }

    /// Those of the userinfo of a URL; `None` where it is none.
    pub(super) fn of_userinfo(text: &str) -> Option<Self> {
        let is_known = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:%".contains(&b);
        if !text.bytes().all(is_known) {
            return None;
        }
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        Self::new(percent_decoded(user)?, percent_decoded(password)?).ok()
    }

    /// The value of the header `Authorization`.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let both = format!("{}:{}", self.user, self.password);
        let text = format!("Basic {}", Binary::from(both.into_bytes()).to_base64());
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

/// Without the password.
impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A URL as it may be told: without its userinfo, also where it is no URL that is taken. A password that is not escaped may hold what
/// else ends the userinfo; then all up to the last `@` counts as it.
pub(super) fn concealed(url: &str) -> Cow<'_, str> {
    let scheme = if url.starts_with("//") { Some(0) } else { url.find(':').map(|at| at + 1) };
    let Some(scheme) = scheme else { return Cow::Borrowed(url) };
    let start = scheme + if url[scheme..].starts_with("//") { 2 } else { 0 };
    let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |at| start + at);
    let is_cut = || {
        let port = url[start..end].rsplit_once(':').map(|(_, port)| port);
        port.is_some_and(|port| !port.bytes().all(|b| b.is_ascii_digit()))
    };
    let at = url[start..end].rfind('@').or_else(|| url[start..].rfind('@').filter(|_| is_cut()));
    match at {
        None => Cow::Borrowed(url),
        Some(at) => Cow::Owned(format!("{}{CONCEALED}{}", &url[..start], &url[start + at + 1..])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_sent_as_rfc_7617_says() {
        // Section 2 and, for what is no ASCII, section 2.1 have these examples.
        for (user, password, header) in [
            ("Aladdin", "open sesame", "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            ("test", "123\u{a3}", "Basic dGVzdDoxMjPCow=="),
            ("a", "", "Basic YTo="),
        ] {
            let header_of = Credentials::new(user, password).unwrap().header().unwrap();
            assert_eq!(header_of, header);
            assert!(header_of.is_sensitive());
        }
        for (user, password) in [("a:b", "c"), ("a\n", "c"), ("a", "\u{7f}")] {
            assert_eq!(Credentials::new(user, password), Err(CredentialsError));
        }
    }

    #[test]
    fn a_userinfo_is_read_as_rfc_3986_writes_it() {
        let of = Credentials::of_userinfo;
        assert_eq!(of("ann:p:q"), Credentials::new("ann", "p:q").ok());
        assert_eq!(of("a%40b:%C3%A9%3A"), Credentials::new("a@b", "\u{e9}:").ok());
        assert_eq!(of("ann"), Credentials::new("ann", "").ok());
        for wrong in ["a%3Ab:c", "a@b", "a b", "a\\", "%ff", "%4", "a:%0a", "\u{e9}"] {
            assert_eq!(of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn what_is_told_has_no_password_in_it() {
        for (url, told) in [
            ("https://a:b@c/d", "https://***@c/d"),
            ("https://a:b@c@d?e", "https://***@d?e"),
            ("https://c/d@e", "https://c/d@e"),
            ("file:///a@b", "file:///a@b"),
            ("//a@b", "//***@b"),
            ("https:a:b@c/d", "https:***@c/d"),
            ("https://a:b/c?d@e/f", "https://***@e/f"),
            ("https://c:443/d@e", "https://c:443/d@e"),
            ("a@b", "a@b"),
        ] {
            assert_eq!(concealed(url), told);
        }
        assert!(!format!("{:?}", Credentials::new("ann", "secret")).contains("secret"));
    }
}
