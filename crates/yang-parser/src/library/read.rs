//! Reading and parsing files, on all cores where there are many. What depends on the order of files (ids, which of two
//! modules of a name is taken) is decided by the [`Library`](super::Library), one file after the other: this only has them
//! ready.

use super::newest_revision;
use crate::diagnostic::Diagnostics;
use crate::grammar;
use crate::source::Source;
use crate::syntax::{self, Stmt, StmtId, Tree};
use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use yang_schema::{FileId, Span, YangVersion};

/// A thread is not worth its start for fewer files.
const FILES_PER_THREAD: usize = 4;

/// A text with its statements, held against the grammar. It has no id yet: its places are those of file 0.
#[derive(Debug)]
pub(super) struct Parsed {
    pub(super) source: Source,
    pub(super) tree: Tree,
    pub(super) root: Option<StmtId>,
    pub(super) version: YangVersion,
    pub(super) diagnostics: Diagnostics,
}

impl Parsed {
    /// Parses a text.
    pub(super) fn new(mut source: Source) -> Parsed {
        let (tree, mut diagnostics) = syntax::read(&source.name, FileId::from_index(0), source.text.clone());
        let root = grammar::check(&tree, &mut diagnostics);
        let version = root.map_or(YangVersion::V1, grammar::version);
        source.module = root.map(|r| r.arg().to_owned());
        source.revision = root.and_then(newest_revision).map(str::to_owned);
        let root = root.map(Stmt::id);
        Parsed { source, tree, root, version, diagnostics }
    }

    /// Reads and parses a file.
    fn read(path: &Path) -> io::Result<Parsed> {
        let (text, bad) = match String::from_utf8(std::fs::read(path)?) {
            Ok(text) => (text, None),
            Err(e) => {
                let at = e.utf8_error().valid_up_to();
                (String::from_utf8_lossy(e.as_bytes()).into_owned(), Some(at))
            }
        };
        let name = path.display().to_string();
        let mut parsed = Parsed::new(Source::new(Some(path.to_owned()), name, text.into()));
        if let Some(at) = bad {
            let span = Span { file: FileId::from_index(0), start: at as u32, end: at as u32 + 3 };
            let code = crate::diagnostic::Code::InvalidUtf8;
            parsed.diagnostics.error(code, span, "the file is not valid UTF-8");
        }
        Ok(parsed)
    }

    /// Gives it its id.
    pub(super) fn numbered(mut self, file: FileId) -> Parsed {
        self.tree.set_file(file);
        self.diagnostics.set_file(file);
        self.root = self.root.map(|root| StmtId { file, ..root });
        self
    }

    /// The newest revision.
    pub(super) fn revision(&self) -> Option<&str> {
        self.source.revision.as_deref()
    }
}

/// Files that were parsed before they are taken.
#[derive(Debug)]
pub(super) struct Reader {
    threads: usize,
    ready: HashMap<PathBuf, io::Result<Parsed>>,
}

impl Default for Reader {
    fn default() -> Self {
        Self::new(1)
    }
}

impl Reader {
    /// A reader that uses so many threads.
    pub(super) fn new(threads: usize) -> Self {
        Self { threads, ready: HashMap::new() }
    }

    /// Is there more than one thread, so that it pays to say early what will be needed?
    pub(super) fn looks_ahead(&self) -> bool {
        self.threads > 1
    }

    /// Reads and parses files that will be needed.
    pub(super) fn read_ahead(&mut self, mut paths: Vec<PathBuf>) {
        paths.sort_unstable();
        paths.dedup();
        paths.retain(|path| !self.ready.contains_key(path));
        let threads = self.threads.min(paths.len() / FILES_PER_THREAD);
        if threads < 2 {
            return;
        }
        let next = AtomicUsize::new(0);
        let work = || {
            let mut done = Vec::new();
            while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
                done.push((path.clone(), Parsed::read(path)));
            }
            done
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            self.ready.extend(work());
            for other in others {
                match other.join() {
                    Ok(done) => self.ready.extend(done),
                    Err(panic) => std::panic::resume_unwind(panic),
                }
            }
        });
    }

    /// A file, read now unless it is ready.
    pub(super) fn take(&mut self, path: &Path) -> io::Result<Parsed> {
        self.ready.remove(path).unwrap_or_else(|| Parsed::read(path))
    }

    /// A look at a file that may be taken later; nothing where it cannot be read.
    pub(super) fn peek(&mut self, path: &Path) -> Option<&Parsed> {
        if !self.ready.contains_key(path) {
            self.ready.insert(path.to_owned(), Parsed::read(path));
        }
        self.ready.get(path)?.as_ref().ok()
    }

    /// Lets go of what nobody took.
    pub(super) fn finish(&mut self) {
        self.ready = HashMap::new();
    }
}
