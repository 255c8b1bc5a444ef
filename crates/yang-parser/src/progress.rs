//! How far a compilation is, for who waits for it.

use std::sync::Arc;

/// How far a compilation is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Progress {
    /// Files are being read. More become known on the way: those that are imported.
    Reading {
        /// Files that were read.
        done: usize,
        /// Files known so far.
        total: usize,
    },
    /// What was read is being compiled.
    Compiling {
        /// Stages that are behind.
        done: usize,
        /// All stages.
        total: usize,
    },
}

/// Whom to tell.
#[derive(Clone, Default)]
pub(crate) struct Listener(Option<Arc<dyn Fn(Progress) + Send + Sync>>);

impl Listener {
    pub(crate) fn new(listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(listener)))
    }

    pub(crate) fn tell(&self, progress: Progress) {
        if let Some(listener) = &self.0 {
            listener(progress);
        }
    }
}

impl std::fmt::Debug for Listener {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "Listener" } else { "nobody" })
    }
}
