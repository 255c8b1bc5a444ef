//! The generator as `build.rs` calls it.

use crate::extern_crate::ExternCrate;
use crate::generate::{self, ModuleText, Options};
use crate::output::{self, OutputError};
use crate::report::Report;
use std::collections::BTreeSet;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use yang_parser::{Code, Compilation, Compiler, Diagnostic, Severity};

/// Which modules to compile and what to make of them.
///
/// ```no_run
/// // build.rs
/// fn main() -> Result<(), yang_codegen::Error> {
///     yang_codegen::Config::new().search_path("yang").module("ietf-interfaces").build()
/// }
/// ```
///
/// Beside `yang-codegen` as a build dependency, the crate depends on `netconf-runtime`, with its feature `client` or `server` for the sides
/// that it is. What is generated for a side is there where the runtime has its feature; with neither, types and paths are left.
///
/// The Rust comes in with one line: `mod yang { include!(concat!(env!("OUT_DIR"), "/yang.gen.rs")); }`.
#[derive(Debug)]
#[must_use = "nothing is generated before `build`"]
pub struct Config {
    compiler: Compiler,
    options: Options,
    out_dir: Option<PathBuf>,
    /// The modules that were named, without their revisions.
    named: BTreeSet<String>,
    /// Those of other crates, as they were named.
    of_others: Vec<String>,
    /// Directories all of whose modules were asked for.
    watched: Vec<PathBuf>,
}

impl Default for Config {
    fn default() -> Self {
        Self::new()
    }
}

impl Config {
    /// No modules yet; all parts are generated.
    pub fn new() -> Self {
        Self {
            compiler: Compiler::new(),
            options: Options::default(),
            out_dir: None,
            named: BTreeSet::new(),
            watched: Vec::new(),
            of_others: Vec::new(),
        }
    }

    /// A directory in which modules are found, it and those below it. May be called often.
    pub fn search_path(mut self, directory: impl AsRef<Path>) -> Self {
        self.compiler = self.compiler.search_path(directory.as_ref());
        self
    }

    /// A module of the set: `name` or `name@revision`.
    pub fn module(mut self, name: impl AsRef<str>) -> Self {
        let name = name.as_ref();
        self.named.insert(without_revision(name).to_owned());
        self.compiler = self.compiler.module(name);
        self
    }

    /// A module of the set, by its file.
    pub fn file(mut self, path: impl AsRef<Path>) -> Self {
        self.compiler = self.compiler.file(path.as_ref());
        self
    }

    /// All modules of a directory.
    pub fn directory(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        // A module that comes into it later belongs to the set.
        self.watched.push(path.to_path_buf());
        self.compiler = self.compiler.directory(path);
        self
    }

    /// The features of a module that are on. All are, in modules that are not named here.
    pub fn features<'a>(mut self, module: &str, features: impl IntoIterator<Item = &'a str>) -> Self {
        self.compiler = self.compiler.features(module, features);
        self
    }

    /// A module whose deviations apply.
    pub fn deviation(mut self, module: impl AsRef<str>) -> Self {
        self.compiler = self.compiler.deviation(module.as_ref());
        self
    }

    /// Generates only the subtree of a path such as `/ietf-interfaces:interfaces`, and what leads to it. May be called often.
    pub fn only(mut self, path: impl Into<String>) -> Self {
        self.options.only.push(path.into());
        self
    }

    /// Whether to generate typed paths; they are if nothing is said.
    pub fn paths(mut self, on: bool) -> Self {
        self.options.paths = on;
        self
    }

    /// Whether to generate methods for rpcs on the client's session; they are if nothing is said. They are there where the
    /// runtime has its feature `client`.
    pub fn client(mut self, on: bool) -> Self {
        self.options.client = on;
        self
    }

    /// Handler traits get hooks for the changes of this node, as they have for each top-level node: a list's tell which entries
    /// come, go and change. The path is one such as `/ietf-interfaces:interfaces/interface`. May be called often.
    pub fn hook(mut self, path: impl Into<String>) -> Self {
        self.options.hooks.push(path.into());
        self
    }

    /// Handler traits get a method that provides the state of this list, or of this container in a list, instance by instance,
    /// and only of those that a request can see; top-level lists have one anyway. May be called often.
    pub fn stream(mut self, path: impl Into<String>) -> Self {
        self.options.streams.push(path.into());
        self
    }

    /// Whether to generate `mock()`, a device in memory for tests of the client's side; it is not if nothing is said. It needs
    /// the runtime's feature `mock`.
    pub fn mock(mut self, on: bool) -> Self {
        self.options.mock = on;
        self
    }

    /// Whether to generate handler traits; they are if nothing is said. They are there where the runtime has its feature
    /// `server`.
    pub fn server(mut self, on: bool) -> Self {
        self.options.server = on;
        self
    }

    /// Whether types keep what the model does not know; they refuse it if nothing is said.
    pub fn keep_unknown(mut self, on: bool) -> Self {
        self.options.keep_unknown = on;
        self
    }

    /// Whether the generated code carries the compiled schema and the modules' texts; it does if nothing is said. A client
    /// needs neither.
    pub fn embed(mut self, on: bool) -> Self {
        self.options.embed = on;
        self
    }

    /// Whether each module gets a file of its own beside the root file.
    pub fn file_per_module(mut self, on: bool) -> Self {
        self.options.file_per_module = on;
        self
    }

    /// Whether each module stands behind a cargo feature of its name, with all that it puts into others by `augment`. The
    /// crate has to have these features; [`Outcome::modules`] tells which of them needs which.
    pub fn feature_per_module(mut self, on: bool) -> Self {
        self.options.feature_per_module = on;
        self
    }

    /// Who sees what is generated: `pub`, as it is if nothing is said, `pub(crate)`, `pub(super)`, `pub(in …)`, or the empty text
    /// for the Rust module alone that the code stands in.
    pub fn visibility(mut self, visibility: impl Into<String>) -> Self {
        self.options.visibility = visibility.into();
        self
    }

    /// Modules of the set (`name` or `name@revision`) whose Rust another generated crate has: its types are used, and not made
    /// again, so that a value of that crate is a value here. `path` is that of its generated code, such as `acme_types::yang`; this
    /// crate has to depend on it.
    ///
    /// ```no_run
    /// // build.rs of a crate that depends on `acme_types`
    /// fn main() -> Result<(), yang_codegen::Error> {
    ///     yang_codegen::Config::new()
    ///         .search_path("yang")
    ///         .module("acme-router")
    ///         .extern_crate("acme_types::yang", ["ietf-interfaces", "ietf-inet-types"])
    ///         .build()
    /// }
    /// ```
    ///
    /// The modules stand at the same paths as if they were generated here, with their typed paths, client traits and handlers.
    /// That crate has to name them as modules of its set (what it only imports is not whole there), in the same revision, with
    /// the same features and deviations: otherwise this crate does not compile, and the message tells what differs. Where they
    /// stand behind cargo features, these have to be on.
    ///
    /// What this set adds to them is an error, since it would have no place: nodes by `augment`, and identities derived from
    /// theirs. Such a module belongs into the other crate, or the types of both into this one. May be called often.
    pub fn extern_crate<M: Into<String>>(
        mut self,
        path: impl Into<String>,
        modules: impl IntoIterator<Item = M>,
    ) -> Self {
        let named: Vec<String> = modules.into_iter().map(Into::into).collect();
        let modules = named.iter().map(|name| without_revision(name).to_owned()).collect();
        self.options.extern_crates.push(ExternCrate { path: path.into(), modules });
        self.of_others.extend(named);
        self
    }

    /// Where the files go: cargo's `OUT_DIR` if nothing is said.
    pub fn out_dir(mut self, directory: impl Into<PathBuf>) -> Self {
        self.out_dir = Some(directory.into());
        self
    }

    /// Compiles and generates, and tells what cargo must watch.
    ///
    /// # Errors
    /// The modules have errors or hold what has no mapping to Rust; or a file cannot be written. The error shows all of
    /// it, with the source lines.
    pub fn build(self) -> Result<(), Error> {
        let out_dir = match self.out_dir.clone() {
            Some(directory) => directory,
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or(Error::NoOutDir)?,
        };
        let outcome = self.generate();
        let cargo = std::env::var_os("OUT_DIR").is_some();
        if cargo {
            // Also of a failed build: it has to be run again when these change.
            let mut out = io::stdout().lock();
            for line in outcome.cargo_lines() {
                // Nobody to tell if cargo is gone.
                let _ = writeln!(out, "{line}");
            }
        }
        let files = outcome.result?;
        output::write(&out_dir, &files)?;
        Ok(())
    }

    /// As [`build`](Self::build); on an error it prints it and ends the build script.
    pub fn build_or_exit(self) {
        if let Err(error) = self.build() {
            let _ = writeln!(io::stderr(), "{error}");
            std::process::exit(1);
        }
    }

    /// Compiles and generates, and writes nothing.
    pub fn generate(mut self) -> Outcome {
        for name in std::mem::take(&mut self.of_others) {
            if self.named.insert(without_revision(&name).to_owned()) {
                self.compiler = self.compiler.module(&name);
            }
        }
        let Compilation { schema, diagnostics, sources, requested, .. } = self.compiler.compile();
        self.options.modules = requested;
        let files = sources.paths().map(Path::to_path_buf);
        let inputs: Vec<PathBuf> = files.chain(std::mem::take(&mut self.watched)).collect();
        let (warnings, mut errors): (Vec<_>, Vec<_>) =
            diagnostics.into_iter().partition(|d| d.severity == Severity::Warning);
        if errors.is_empty() && self.options.modules.is_empty() {
            let none = Diagnostic::without_place(Code::ModuleNotFound, "no module was asked for".to_owned());
            errors.push(none.help("name one by `module` or `file`, or all of a directory by `directory`"));
        }
        let (mut result, mut report, mut modules) = (None, None, Vec::new());
        if let (true, Some(schema)) = (errors.is_empty(), &schema) {
            let texts: Vec<ModuleText<'_>> = sources
                .iter()
                .filter_map(|(_, s)| {
                    let name = s.module.as_deref()?;
                    Some(ModuleText { name, revision: s.revision.as_deref(), text: &s.text })
                })
                .collect();
            match generate::generate(schema, &texts, &self.options) {
                Ok(generated) => {
                    result = Some(generated.files);
                    report = Some(generated.report);
                    modules = generated.modules;
                }
                Err(found) => errors.extend(found.into_iter().map(diagnostic)),
            }
        }
        let result = result.ok_or_else(|| Error::Invalid {
            count: errors.len(),
            report: yang_parser::render_human(&errors, &sources, false),
        });
        let warnings = warnings
            .iter()
            .map(|d| {
                let place = d.span().map(|s| format!("{}: ", sources.locate(s))).unwrap_or_default();
                format!("{place}{} [{}]", d.message, d.code)
            })
            .collect();
        Outcome { result, report, modules, schema, inputs, warnings }
    }
}

fn without_revision(name: &str) -> &str {
    name.split_once('@').map_or(name, |(name, _)| name)
}

fn diagnostic(error: crate::MapError) -> Diagnostic {
    let out = match error.span {
        Some(span) => Diagnostic::error(Code::Unsupported, span, error.message),
        None => Diagnostic::without_place(Code::Unsupported, error.message),
    };
    match error.help {
        Some(help) => out.help(help),
        None => out,
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The files.
    pub result: Result<Vec<generate::File>, Error>,
    /// What of the model is in the files; nothing where there are none.
    pub report: Option<Report>,
    /// The modules of YANG that have a module of Rust in the files.
    pub modules: Vec<crate::Module>,
    /// The compiled schema, if the modules have no errors.
    pub schema: Option<yang_schema::Schema>,
    /// The files that were read, and the directories of which all modules were asked for.
    pub inputs: Vec<PathBuf>,
    /// Warnings of the compiler, one line each.
    pub warnings: Vec<String>,
}

impl Outcome {
    /// What a build script prints for cargo.
    fn cargo_lines(&self) -> Vec<String> {
        let inputs = self.inputs.iter().map(|p| format!("cargo::rerun-if-changed={}", p.display()));
        let warnings = self.warnings.iter().map(|w| format!("cargo::warning={w}"));
        inputs.chain(warnings).collect()
    }
}

/// Why nothing was generated.
///
/// `Debug` is the same text as `Display`: a `main` that returns it shows it as it should be read.
#[derive(thiserror::Error)]
pub enum Error {
    /// The modules have errors, or hold what has no mapping to Rust.
    #[error("{report}{count} error{} in the YANG modules", if *count == 1 { "" } else { "s" })]
    Invalid {
        /// How many.
        count: usize,
        /// All of them, with the source lines.
        report: String,
    },
    /// A file could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// There is no place to write to.
    #[error("OUT_DIR is not set: call this from build.rs, or say `out_dir`")]
    NoOutDir,
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `main` puts "Error: " in front; the report starts on its own line.
        write!(f, "\n{self}")
    }
}

#[cfg(test)]
mod tests;
