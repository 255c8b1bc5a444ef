//! Access control (RFC 8341): who may run which operation, read which data, change which data, and get which notification.
//!
//! The rules stand in `running`, at `/nacm`. They are compiled once a commit ([`rules`]) and sorted out once for each user
//! ([`access`]): what a user may do with a schema node is then a look into a table, unless a rule names instances by their
//! keys. Reading goes through an [`Access`] as the mask of a view, so that no filter sees what its user may not; a change is
//! held against the nodes that are different afterwards ([`write`]).
//!
//! What is denied by default (`default-deny-write`, `default-deny-all`) is denied with all that is below it.

mod access;
mod path;
mod rules;
mod state;
mod write;

pub(crate) use access::Access;
pub(crate) use rules::{Action, Rules};
pub(crate) use state::provider;

use crate::rpc_error::{ErrorType, RpcError};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use yang_data::diff::Changed;
use yang_data::tree::Tree;
use yang_schema::Schema;

/// The module that has the rules.
pub(crate) const MODULE: &str = "ietf-netconf-acm";

/// The access control of a server.
pub(crate) struct Nacm {
    schema: Arc<Schema>,
    /// Users whom no rule binds (section 3.1.3): who repairs what the rules lock up.
    recovery: BTreeSet<String>,
    rules: Mutex<Arc<Rules>>,
    /// What was denied since the server started (section 2.6).
    denied: Denied,
}

/// Counts of what was denied.
#[derive(Default)]
pub(crate) struct Denied {
    pub(crate) operations: AtomicU32,
    pub(crate) data_writes: AtomicU32,
    pub(crate) notifications: AtomicU32,
}

impl Nacm {
    /// Access control by the rules of `running`; `None` if the schema has no place for rules.
    ///
    /// # Errors
    /// Rules that name nothing.
    pub(crate) fn new(
        schema: &Arc<Schema>,
        running: &Tree,
        recovery: BTreeSet<String>,
    ) -> Result<Option<Self>, Vec<RpcError>> {
        if !schema.find_module(MODULE).is_some_and(|module| schema.module(module).implemented) {
            return Ok(None);
        }
        let rules = Mutex::new(Arc::new(Rules::compile(schema, running)?));
        Ok(Some(Self { schema: Arc::clone(schema), recovery, rules, denied: Denied::default() }))
    }

    /// The rules of a configuration, if it has others than the one before.
    ///
    /// # Errors
    /// Rules that name nothing.
    pub(crate) fn changed(&self, after: &Tree, changes: &[Changed]) -> Result<Option<Rules>, Vec<RpcError>> {
        let module = self.schema.find_module(MODULE);
        let is_rule = |change: &Changed| {
            change.path.steps.first().is_none_or(|step| Some(self.schema.node(step.node).module()) == module)
        };
        if changes.iter().any(is_rule) { Rules::compile(&self.schema, after).map(Some) } else { Ok(None) }
    }

    /// Goes by other rules from now on.
    pub(crate) fn set(&self, rules: Rules) {
        *self.rules.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(rules);
    }

    /// What a user may do as of now; `None` is everything.
    pub(crate) fn access(&self, user: &str, groups: &[String]) -> Option<Arc<Access>> {
        if self.recovery.contains(user) {
            return None;
        }
        let rules = Arc::clone(&self.rules.lock().unwrap_or_else(PoisonError::into_inner));
        rules.is_enabled().then(|| rules.of(user, groups))
    }

    /// May the operation be run (section 3.4.4)?
    ///
    /// # Errors
    /// `access-denied`, and it is counted.
    pub(crate) fn check_operation(&self, access: &Access, module: &str, name: &str) -> Result<(), RpcError> {
        if access.may_execute(module, name) {
            return Ok(());
        }
        self.denied.operations.fetch_add(1, Ordering::Relaxed);
        Err(RpcError::access_denied(format!("{} may not run {name}", access.user())))
    }

    /// Counts a change that was denied.
    pub(crate) fn count_write(&self) {
        self.denied.data_writes.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a notification that was not delivered.
    pub(crate) fn count_notification(&self) {
        self.denied.notifications.fetch_add(1, Ordering::Relaxed);
    }

    /// What was denied since the server started.
    pub(crate) fn denied(&self) -> &Denied {
        &self.denied
    }
}

/// A node that a user may not change.
pub(crate) fn denied_at(access: &Access, what: &str, path: &str, schema: &Schema) -> RpcError {
    let mut error = RpcError::access_denied(format!("{} may not {what} {path}", access.user()))
        .of_type(ErrorType::Application);
    error.path = crate::server::error::error_path(path, schema).map(Box::new);
    error
}
