//! The trace that a request belongs to: W3C Trace Context, as an attribute of `rpc`.

use crate::server::service::RpcAttribute;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::Arc;

/// The namespace of the attribute (draft-ietf-netconf-trace-ctx-extension).
const NAMESPACE: &str = "urn:ietf:params:xml:ns:netconf:w3ctc:1.0";

/// The trace-id that the client sent, or a new one.
pub(super) fn id(attributes: &[RpcAttribute]) -> Arc<str> {
    let sent = attributes.iter().find(|a| a.name == "traceparent" && a.namespace == NAMESPACE);
    match sent.and_then(|a| of_parent(&a.value)) {
        Some(id) => id.into(),
        None => new().into(),
    }
}

/// The trace-id in `00-<trace-id>-<parent-id>-<flags>`. Versions to come may have more behind.
fn of_parent(text: &str) -> Option<&str> {
    let mut parts = text.split('-');
    let (version, trace, parent, flags) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let hex = |part: &str, length| {
        part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
    };
    let good = hex(version, 2) && version != "ff" && hex(trace, 32) && hex(parent, 16) && hex(flags, 2);
    let none_more = version != "00" || parts.next().is_none();
    (good && none_more && trace.bytes().any(|b| b != b'0')).then_some(trace)
}

/// 128 bits that nobody has had before: std seeds its hashers at random.
fn new() -> String {
    let half = || RandomState::new().hash_one(std::time::Instant::now()).max(1);
    format!("{:016x}{:016x}", half(), half())
}

#[cfg(test)]
mod tests {
    use super::{new, of_parent};

    #[test]
    fn what_a_client_sends() {
        let id = "4bf92f3577b34da6a3ce929d0e0e4736";
        assert_eq!(of_parent(&format!("00-{id}-00f067aa0ba902b7-01")), Some(id));
        assert_eq!(of_parent(&format!("cc-{id}-00f067aa0ba902b7-01-more")), Some(id));
        let zero = "0".repeat(32);
        for bad in [
            String::new(),
            id.to_owned(),
            format!("00-{id}-00f067aa0ba902b7-01-more"),
            format!("ff-{id}-00f067aa0ba902b7-01"),
            format!("00-{}-00f067aa0ba902b7-01", id.to_uppercase()),
            format!("00-{zero}-00f067aa0ba902b7-01"),
            format!("00-{id}-00f0-01"),
        ] {
            assert_eq!(of_parent(&bad), None, "{bad}");
        }
    }

    #[test]
    fn new_ones_differ() {
        let (a, b) = (new(), new());
        assert_eq!((a.len(), b.len()), (32, 32));
        assert_ne!(a, b);
    }
}
