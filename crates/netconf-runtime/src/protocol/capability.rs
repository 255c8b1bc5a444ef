//! Capability URIs: RFC 6241 section 8 and the RFCs that add to it.

/// NETCONF 1.0 (RFC 4741).
pub const BASE_1_0: &str = "urn:ietf:params:netconf:base:1.0";
/// NETCONF 1.1 (RFC 6241).
pub const BASE_1_1: &str = "urn:ietf:params:netconf:base:1.1";
/// `running` can be edited directly (RFC 6241 section 8.2).
pub const WRITABLE_RUNNING: &str = "urn:ietf:params:netconf:capability:writable-running:1.0";
/// There is a `candidate` (section 8.3).
pub const CANDIDATE: &str = "urn:ietf:params:netconf:capability:candidate:1.0";
/// Commits can be confirmed (section 8.4).
pub const CONFIRMED_COMMIT: &str = "urn:ietf:params:netconf:capability:confirmed-commit:1.1";
/// The older version: no `persist`, no `cancel-commit` (RFC 4741).
pub const CONFIRMED_COMMIT_1_0: &str = "urn:ietf:params:netconf:capability:confirmed-commit:1.0";
/// Edits can be all or nothing (section 8.5).
pub const ROLLBACK_ON_ERROR: &str = "urn:ietf:params:netconf:capability:rollback-on-error:1.0";
/// There is `validate`, and `test-option` (section 8.6).
pub const VALIDATE: &str = "urn:ietf:params:netconf:capability:validate:1.1";
/// The older `validate` (RFC 4741).
pub const VALIDATE_1_0: &str = "urn:ietf:params:netconf:capability:validate:1.0";
/// There is a `startup` (section 8.7).
pub const STARTUP: &str = "urn:ietf:params:netconf:capability:startup:1.0";
/// Configurations can be named by URL (section 8.8).
pub const URL: &str = "urn:ietf:params:netconf:capability:url:1.0";
/// Filters can be XPath (section 8.9).
pub const XPATH: &str = "urn:ietf:params:netconf:capability:xpath:1.0";
/// There are subscriptions (RFC 5277).
pub const NOTIFICATION: &str = "urn:ietf:params:netconf:capability:notification:1.0";
/// Operations are served while a subscription is active (RFC 5277 section 6).
pub const INTERLEAVE: &str = "urn:ietf:params:netconf:capability:interleave:1.0";
/// Defaults can be asked for (RFC 6243).
pub const WITH_DEFAULTS: &str = "urn:ietf:params:netconf:capability:with-defaults:1.0";
/// Parts of `running` can be locked (RFC 5717).
pub const PARTIAL_LOCK: &str = "urn:ietf:params:netconf:capability:partial-lock:1.0";
/// Sessions have candidates of their own, if both ends say this (draft-ietf-netconf-privcand).
pub const PRIVATE_CANDIDATE: &str = "urn:ietf:params:netconf:capability:private-candidate:1.0";
/// A commit may have a comment: the module of ours that says so, by its namespace.
pub const COMMIT_COMMENT: &str = "urn:netconf-runtime:commit-comment";
/// There is an ietf-yang-library, of this version (RFC 7950 section 5.6.4).
pub const YANG_LIBRARY_1_0: &str = "urn:ietf:params:netconf:capability:yang-library:1.0";
/// There is an ietf-yang-library, of this version (RFC 8526 section 2).
pub const YANG_LIBRARY_1_1: &str = "urn:ietf:params:netconf:capability:yang-library:1.1";

/// Whether `capability` is `wanted`, whatever parameters follow it.
#[must_use]
pub fn is(capability: &str, wanted: &str) -> bool {
    capability.strip_prefix(wanted).is_some_and(|rest| rest.is_empty() || rest.starts_with(['?', '&']))
}

/// Whether `capabilities` have `wanted`, whatever parameters follow it.
pub fn contains<S: AsRef<str>>(capabilities: impl IntoIterator<Item = S>, wanted: &str) -> bool {
    capabilities.into_iter().any(|c| is(c.as_ref(), wanted))
}

/// The value of a parameter of a capability, percent-decoding left to the caller: `module` of `urn:x?module=m&revision=r`.
#[must_use]
pub fn parameter<'c>(capability: &'c str, name: &str) -> Option<&'c str> {
    let (_, query) = capability.split_once('?')?;
    // Some devices escape the ampersand twice.
    query
        .split('&')
        .map(|p| p.strip_prefix("amp;").unwrap_or(p))
        .find_map(|p| p.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_do_not_hide_a_capability() {
        let defaults =
            "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=explicit&also-supported=trim";
        assert!(is(defaults, WITH_DEFAULTS));
        assert!(!is("urn:ietf:params:netconf:capability:with-defaults:1.01", WITH_DEFAULTS));
        assert_eq!(parameter(defaults, "also-supported"), Some("trim"));
        assert_eq!(parameter("urn:x?module=m&amp;revision=2020-01-01", "revision"), Some("2020-01-01"));
        assert_eq!(parameter("urn:x", "module"), None);
        assert!(contains(["a", BASE_1_1], BASE_1_1));
    }
}
