//! `--trace`: every message into a file, without the secrets in it.

use super::redact::Secrets;
use anyhow::{Context as _, Result};
use netconf_runtime::client::{Error, Interceptor};
use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Instant, SystemTime, UNIX_EPOCH};
use yang_schema::Schema;

/// Writes messages down.
pub(crate) struct Tracer {
    state: Mutex<State>,
    begun: Instant,
}

struct State {
    file: File,
    secrets: Secrets,
}

impl Tracer {
    pub(crate) fn create(path: &Path) -> Result<Arc<Self>> {
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        // Secrets are left out as far as they are known: what is left is nobody else's business.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).with_context(|| format!("cannot write {}", path.display()))?;
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        writeln!(
            file,
            "<!-- begun {} s after 1970; times below are in seconds from then -->",
            now.as_secs()
        )?;
        let state = Mutex::new(State { file, secrets: Secrets::by_name() });
        Ok(Arc::new(Self { state, begun: Instant::now() }))
    }

    /// From now on what the modules deny to all is left out, too.
    pub(crate) fn conceal_by(&self, schema: &Schema) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).secrets.add(schema);
    }

    fn write(&self, what: &str, session: u32, text: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let shown = state.secrets.conceal(text);
        let time = self.begun.elapsed().as_secs_f64();
        // A trace that cannot be written must not end the session.
        _ = writeln!(state.file, "<!-- {time:.3} session {session} {what} -->\n{shown}");
    }
}

impl Interceptor for Tracer {
    fn sent(&self, session_id: u32, message: &str) {
        self.write("sent", session_id, message);
    }

    fn received(&self, session_id: u32, message: &str) {
        self.write("received", session_id, message);
    }

    fn disconnected(&self, session_id: u32, reason: &Error) {
        self.write("over", session_id, &format!("<!-- {} -->", reason.to_string().replace("--", "- -")));
    }
}
