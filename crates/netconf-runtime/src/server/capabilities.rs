//! What a server says it can do (RFC 6241 section 8): nothing that it cannot.

use crate::protocol::capability::PRIVATE_CANDIDATE;
use crate::protocol::private_candidate::ResolutionMode;
use std::fmt::Write as _;
use yang_schema::{Module, ModuleId, Schema, YangVersion};

/// Capabilities of this implementation, besides `:base`.
const ALWAYS: [&str; 8] = [
    "urn:ietf:params:netconf:capability:candidate:1.0",
    "urn:ietf:params:netconf:capability:confirmed-commit:1.1",
    "urn:ietf:params:netconf:capability:rollback-on-error:1.0",
    "urn:ietf:params:netconf:capability:validate:1.1",
    "urn:ietf:params:netconf:capability:xpath:1.0",
    "urn:ietf:params:netconf:capability:notification:1.0",
    "urn:ietf:params:netconf:capability:interleave:1.0",
    "urn:ietf:params:netconf:capability:with-defaults:1.0?basic-mode=explicit&also-supported=report-all,report-all-tagged,trim",
];

/// What a server may have or not.
#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) writable_running: bool,
    pub(super) startup: bool,
    pub(super) private_candidates: bool,
    /// The schemes of URLs; none, and there is no such capability.
    pub(super) url: Vec<&'static str>,
}

/// All capabilities of a server.
pub(super) fn of(schema: &Schema, options: Options) -> Vec<String> {
    let mut all: Vec<String> = ALWAYS.iter().map(|&c| c.to_owned()).collect();
    let optional = [
        (options.writable_running, "urn:ietf:params:netconf:capability:writable-running:1.0"),
        (options.startup, "urn:ietf:params:netconf:capability:startup:1.0"),
    ];
    all.extend(optional.into_iter().filter(|(has, _)| *has).map(|(_, capability)| capability.to_owned()));
    if options.private_candidates {
        let modes = ResolutionMode::ALL.map(ResolutionMode::as_str).join(",");
        all.push(format!("{PRIVATE_CANDIDATE}?supported-resolution-modes={modes}"));
    }
    if !options.url.is_empty() {
        let schemes = options.url.join(",");
        all.push(format!("urn:ietf:params:netconf:capability:url:1.0?scheme={schemes}"));
    }
    let mut modules: Vec<String> =
        schema.modules().filter(|(_, m)| is_announced(m)).map(|(id, m)| module_uri(schema, id, m)).collect();
    modules.sort();
    all.extend(modules);
    all
}

/// Modules of YANG 1 are announced in the hello (RFC 6020 section 5.6.4); those of YANG 1.1 must not be (RFC 7950 section
/// 5.6.4), they are for ietf-yang-library to tell of.
fn is_announced(module: &Module) -> bool {
    module.implemented && module.yang_version == YangVersion::V1
}

/// The capability of a module: its namespace, with name, revision, features and deviations.
fn module_uri(schema: &Schema, id: ModuleId, module: &Module) -> String {
    let namespace = schema.str(module.namespace);
    let separator = if namespace.contains('?') { '&' } else { '?' };
    let mut uri = format!("{namespace}{separator}module={}", schema.str(module.name));
    if let Some(revision) = schema.opt_str(module.revision) {
        let _ = write!(uri, "&revision={revision}");
    }
    let mut features: Vec<&str> = module
        .features
        .iter()
        .map(|&f| schema.feature(f))
        .filter(|f| f.enabled)
        .map(|f| schema.str(f.name))
        .collect();
    features.sort_unstable();
    if !features.is_empty() {
        let _ = write!(uri, "&features={}", features.join(","));
    }
    let mut deviations: Vec<&str> =
        schema.module(id).deviated_by.iter().map(|&d| schema.module_name(d)).collect();
    deviations.sort_unstable();
    if !deviations.is_empty() {
        let _ = write!(uri, "&deviations={}", deviations.join(","));
    }
    uri
}
