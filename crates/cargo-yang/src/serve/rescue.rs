//! What becomes of a stored configuration that cannot be used.

use crate::instance::configuration;
use anyhow::Result;
use netconf_runtime::migration::{DropInvalid, ReplaceWith};
use netconf_runtime::server::{Server, ServerBuilder};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::tree::Tree;
use yang_schema::Schema;

/// What `--migrate` says for dropping what does not fit.
const DROP_INVALID: &str = "drop-invalid";

#[derive(clap::Args)]
pub(super) struct RescueArgs {
    /// What becomes of a stored configuration that does not fit the modules any more: `drop-invalid` drops what does not fit, and
    /// tells each piece of it; a FILE (XML or JSON) takes the place of all. What was stored stays in the log. Without it the server
    /// does not start then, and says where the configuration does not fit.
    #[arg(long, value_name = "drop-invalid|FILE", conflicts_with = "in_memory")]
    migrate: Option<String>,

    /// The configuration (XML or JSON) to run when the stored one cannot be used: it does not fit, or the store is damaged. The
    /// store is kept under another name in its directory.
    #[arg(long, value_name = "FILE", conflicts_with = "in_memory")]
    failsafe: Option<PathBuf>,
}

/// The same, read.
pub(super) struct Rescue {
    migrate: Option<Migrate>,
    failsafe: Option<Tree>,
}

enum Migrate {
    DropInvalid,
    ReplaceWith(Tree),
}

impl RescueArgs {
    pub(super) fn prepare(&self, schema: &Arc<Schema>) -> Result<Rescue> {
        let migrate = match self.migrate.as_deref() {
            None => None,
            Some(DROP_INVALID) => Some(Migrate::DropInvalid),
            Some(file) => Some(Migrate::ReplaceWith(configuration(schema, Path::new(file))?)),
        };
        let failsafe = self.failsafe.as_deref().map(|file| configuration(schema, file)).transpose()?;
        Ok(Rescue { migrate, failsafe })
    }
}

impl Rescue {
    pub(super) fn apply(self, builder: ServerBuilder) -> ServerBuilder {
        let builder = match self.migrate {
            None => builder,
            Some(Migrate::DropInvalid) => builder.migrate(DropInvalid),
            Some(Migrate::ReplaceWith(tree)) => builder.migrate(ReplaceWith(tree)),
        };
        match self.failsafe {
            None => builder,
            Some(failsafe) => builder.failsafe(failsafe),
        }
    }
}

/// What whoever starts the server must not miss.
pub(super) fn told(server: &Server) -> String {
    let opening = server.opening();
    let mut text = String::new();
    if let Some(failsafe) = &opening.failsafe {
        text.push_str(&format!("FAILSAFE: {failsafe}\n"));
    }
    if !opening.migration.is_empty() {
        text.push_str("MIGRATED: what is stored did not fit the modules; what it was stays in the log.\n");
        for note in &opening.migration {
            text.push_str(&format!("    {note}\n"));
        }
    }
    text
}
