//! What of a message is a secret: nodes that nobody may read unless a rule says so (`nacm:default-deny-all`, RFC 8341 section 3.4.3), and elements
//! that are named like passwords, keys and secrets.

use std::borrow::Cow;
use std::collections::BTreeSet;
use yang_schema::{DefaultDeny, NodeId, Schema};

/// What stands in the place of a secret.
const CONCEALED: &str = "***";

/// Words of which a name with a secret behind it consists, between `-`, `_` and `.`.
const WORDS: [&str; 16] = [
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pass",
    "secret",
    "secrets",
    "key",
    "keys",
    "psk",
    "credential",
    "credentials",
    "community",
    "token",
    "cleartext",
    "keystring",
];

/// Knows what to conceal.
#[derive(Clone, Debug, Default)]
pub(crate) struct Secrets {
    /// Local names of nodes that a model conceals. Which of several nodes of one name is meant is not asked: too much concealed is no harm.
    names: BTreeSet<String>,
}

impl Secrets {
    pub(crate) fn by_name() -> Self {
        Self::default()
    }

    pub(crate) fn add(&mut self, schema: &Schema) {
        let nodes = (0..schema.node_count()).map(|i| schema.node(NodeId::from_index(i)));
        let denied = nodes.filter(|n| n.default_deny() == Some(DefaultDeny::All));
        self.names.extend(denied.map(|n| n.name().to_owned()));
    }

    fn is_secret(&self, local: &str) -> bool {
        if self.names.contains(local) {
            return true;
        }
        let lower = local.to_ascii_lowercase();
        lower.split(['-', '_', '.']).any(|word| WORDS.contains(&word))
            || lower.contains("password")
            || lower.contains("secret")
    }

    /// The text, with the content of secret elements replaced. It need not be well-formed: what cannot be told apart is concealed.
    pub(crate) fn conceal(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        // How deep inside of a secret element the text is.
        let mut depth = 0_usize;
        // Whether the text is an error's path; whether the node at its end is a secret, which the error's message then may tell.
        let (mut in_path, mut of_secret) = (false, false);
        while !rest.is_empty() {
            let Some(length) = token(rest.as_bytes()) else {
                out.push_str(&if depth > 0 { CONCEALED.into() } else { without_userinfo(rest) });
                return out;
            };
            let (token, behind) = rest.split_at(length);
            rest = behind;
            let markup = token.starts_with('<') && !token.starts_with("<!") && !token.starts_with("<?");
            if depth > 0 {
                match token {
                    _ if !markup => {}
                    close if close.starts_with("</") => {
                        depth -= 1;
                        if depth == 0 {
                            out.push_str(close);
                        }
                    }
                    open if !open.ends_with("/>") => depth += 1,
                    _ => {}
                }
                continue;
            }
            out.push_str(&without_userinfo(token));
            if in_path && !token.starts_with('<') {
                of_secret |= self.is_secret(last_node(token));
            }
            in_path &= !token.starts_with("</");
            if markup && !token.starts_with("</") && !token.ends_with("/>") {
                let name =
                    token[1..].split(|c: char| c.is_whitespace() || c == '>').next().unwrap_or_default();
                let local = name.rsplit(':').next().unwrap_or(name);
                match local {
                    "rpc-error" => of_secret = false,
                    "error-path" => in_path = true,
                    _ => {}
                }
                if self.is_secret(local) || (of_secret && local == "error-message") {
                    out.push_str(CONCEALED);
                    depth = 1;
                }
            }
        }
        out
    }
}

/// A text whose URLs have no user and no password in them (RFC 3986 section 3.2.1).
fn without_userinfo(text: &str) -> Cow<'_, str> {
    let mut out = Cow::Borrowed("");
    let mut rest = text;
    while let Some(start) = rest.find("://").map(|at| at + 3) {
        let ends = |c: char| "/?#<>\"'".contains(c) || c.is_whitespace();
        let end = rest[start..].find(ends).map_or(rest.len(), |at| start + at);
        let userinfo = rest[start..end].rfind('@').map_or(start, |at| start + at);
        out += &rest[..start];
        if userinfo > start {
            out += CONCEALED;
        }
        out += &rest[userinfo..end];
        rest = &rest[end..];
    }
    if out.is_empty() { Cow::Borrowed(text) } else { out + rest }
}

/// The name of the node at the end of an instance identifier.
fn last_node(path: &str) -> &str {
    let mut quote = None;
    let mut start = 0;
    for (at, c) in path.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '/') => start = at + 1,
            _ => {}
        }
    }
    let step = path[start..].split('[').next().unwrap_or_default().trim();
    step.rsplit(':').next().unwrap_or(step)
}

/// The length of the markup or text that a text begins with; nothing if it has no end. Both ends stand at ASCII characters.
pub(crate) fn token(text: &[u8]) -> Option<usize> {
    token_from(text, 0)
}

/// The same of a text whose first bytes, of which this is the number, are known to be no whole token.
pub(super) fn token_from(text: &[u8], looked_at: usize) -> Option<usize> {
    let until = |end: &[u8], start: usize| {
        let from = start.max(looked_at.saturating_sub(end.len() - 1)).min(text.len());
        text[from..].windows(end.len()).position(|w| w == end).map(|at| from + at + end.len())
    };
    for (start, end) in [(&b"<!--"[..], &b"-->"[..]), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")] {
        if text.starts_with(start) {
            return until(end, start.len());
        }
    }
    if !text.starts_with(b"<") {
        return Some(text.iter().position(|b| *b == b'<').unwrap_or(text.len()));
    }
    let mut quote = None;
    for (at, byte) in text.iter().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_left_out() {
        let secrets = Secrets { names: ["hidden".to_owned()].into() };
        for (text, shown) in [
            ("<a><password>p</password><b>x</b></a>", "<a><password>***</password><b>x</b></a>"),
            (
                "<s:auth-key xmlns:s='>'>k<!-- k --><![CDATA[k]]></s:auth-key>",
                "<s:auth-key xmlns:s='>'>***</s:auth-key>",
            ),
            ("<hidden><x><y>1</y><z/></x></hidden><x>2</x>", "<hidden>***</hidden><x>2</x>"),
            ("<private_key>x", "<private_key>***"),
            ("<secret>a<secret>b</secret>c</secret>d", "<secret>***</secret>d"),
            ("<password/><b>x</b>", "<password/><b>x</b>"),
            ("<clearTextPassword>x</clearTextPassword>", "<clearTextPassword>***</clearTextPassword>"),
            ("<monkey>x</monkey>", "<monkey>x</monkey>"),
            ("<a><b", "<a><b"),
            // So may a URL.
            ("<url>https://a:b@c/d@e</url>", "<url>https://***@c/d@e</url>"),
            (
                "<url>https://c/d@e</url>see http://x@y and ftp://a:b@c",
                "<url>https://c/d@e</url>see http://***@y and ftp://***@c",
            ),
            ("<a xmlns='http://p:q@x'/>", "<a xmlns='http://***@x'/>"),
            ("<a>://@</a>", "<a>://@</a>"),
            // A message about a secret may tell it.
            (
                "<rpc-error><error-path>/a:b[a:k='/x']/a:password</error-path><error-message>`abc` is short</error-message></rpc-error>\
                 <rpc-error><error-path>/a:password/a:b</error-path><error-message>x</error-message></rpc-error>",
                "<rpc-error><error-path>/a:b[a:k='/x']/a:password</error-path><error-message>***</error-message></rpc-error>\
                 <rpc-error><error-path>/a:password/a:b</error-path><error-message>x</error-message></rpc-error>",
            ),
        ] {
            assert_eq!(secrets.conceal(text), shown);
        }
    }
}
