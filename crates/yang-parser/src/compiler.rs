//! The front door.

use crate::compile::{self, Options};
use crate::diagnostic::{Diagnostic, Severity};
use crate::library::{Library, Root, SearchPath};
use crate::progress::{Listener, Progress};
use crate::source::Sources;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_schema::Schema;

/// Collects what to compile, then compiles it in one context.
///
/// ```
/// let compilation = yang_parser::Compiler::new()
///     .source("example", "module m { namespace urn:m; prefix m; leaf mtu { type uint16; } }")
///     .compile();
/// let schema = compilation.schema.expect("the module is valid");
/// assert_eq!(schema.find("/m:mtu").unwrap().type_().unwrap().name(), "uint16");
/// ```
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Compiler {
    roots: Vec<Root>,
    search: Vec<PathBuf>,
    options: Options,
    threads: Option<NonZeroUsize>,
}

/// The outcome.
#[derive(Debug)]
pub struct Compilation {
    /// The schema; `None` if there are errors.
    pub schema: Option<Schema>,
    /// Errors and warnings, in the order of files and places.
    pub diagnostics: Vec<Diagnostic>,
    /// The names of the modules that were asked for: what to print or generate by default. Others are in the schema because
    /// these need them.
    pub requested: Vec<String>,
    /// What was read.
    pub sources: Sources,
}

impl Compilation {
    /// Are there errors? Then there is no schema.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|d| d.severity == Severity::Error)
    }
}

impl Compiler {
    /// Nothing to compile yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for modules in a directory and all below it. Earlier directories come first.
    pub fn search_path(mut self, directory: impl Into<PathBuf>) -> Self {
        self.search.push(directory.into());
        self
    }

    /// Of this module, only these features are supported. Of modules that are not named, all are.
    pub fn features<S: Into<String>>(
        mut self,
        module: impl Into<String>,
        features: impl IntoIterator<Item = S>,
    ) -> Self {
        self.options.features.entry(module.into()).or_default().extend(features.into_iter().map(Into::into));
        self
    }

    /// Compiles the deviations of a module too: `name` or `name@revision`.
    pub fn deviation(self, module: &str) -> Self {
        self.module(module)
    }

    /// Compiles the module in a file. Its directory is searched for what it imports.
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.roots.push(Root::File(path.into()));
        self
    }

    /// Compiles the module of a name: `name` or `name@revision`.
    pub fn module(mut self, name: &str) -> Self {
        let (name, revision) = match name.split_once('@') {
            Some((name, revision)) => (name, Some(revision.to_owned())),
            None => (name, None),
        };
        self.roots.push(Root::Module(name.to_owned(), revision));
        self
    }

    /// Compiles every module in a directory and below it.
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        self.roots.push(Root::Directory(path.as_ref().to_owned()));
        self
    }

    /// Compiles a text; diagnostics call it by the name. It is YIN if the name ends with `.yin`.
    pub fn source(mut self, name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        self.roots.push(Root::Text(name.into(), text.into()));
        self
    }

    /// Reads and parses on so many threads at most; on as many as the machine has cores where this is not said. The outcome
    /// is the same.
    pub fn threads(mut self, threads: NonZeroUsize) -> Self {
        self.threads = Some(threads);
        self
    }

    /// Warns of what RFC 8407 advises against.
    pub fn lint(mut self, on: bool) -> Self {
        self.options.lint = on;
        self
    }

    /// Keeps the groupings of modules that are implemented in the schema ([`NodeKind::Grouping`](yang_schema::NodeKind)), for
    /// tree diagrams that show them.
    pub fn groupings(mut self, on: bool) -> Self {
        self.options.groupings = on;
        self
    }

    /// Tells how far the compilation is, from whichever thread gets there.
    pub fn on_progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.options.progress = Listener::new(listener);
        self
    }

    /// Reads and compiles. All errors of all files are reported, not only the first.
    pub fn compile(&self) -> Compilation {
        let mut search = SearchPath::default();
        for directory in &self.search {
            search.add(directory, true);
        }
        let cores = || std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = self.threads.map_or_else(cores, NonZeroUsize::get);
        let mut library = Library::load(&self.roots, search, threads, self.options.progress.clone());
        let (schema, mut diagnostics) = compile::compile(&library, &self.options);
        diagnostics.extend(std::mem::take(&mut library.diagnostics));
        let requested = library.modules.iter().filter(|m| m.implemented).map(|m| m.name.clone()).collect();
        Compilation { schema, diagnostics: diagnostics.into_sorted(), requested, sources: library.sources }
    }
}
