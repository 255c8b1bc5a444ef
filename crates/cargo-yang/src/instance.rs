//! Instance data as the verbs `validate`, `convert` and `diff` name, read and fault it.

mod document;
mod report;
mod wrapper;

pub(crate) use document::{Content, Document, Kind, Options};
pub(crate) use report::{Format, report, report_as};

use crate::library::{self, Asking};
use crate::models::{Input, classify_module, features_of, search_path, show, tell};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_parser::{Compiler, Severity};
use yang_schema::Schema;

/// The arguments that name the modules of the data, and say how to read it.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Directory to search for modules, with those below it.
    #[arg(short = 'p', long = "path", value_name = "DIR")]
    path: Vec<PathBuf>,

    /// Module of the data: a name to find on the search path, NAME@REVISION, a file, or a directory that `nc schemas` made. All modules that are named are
    /// implemented.
    #[arg(short = 'm', long = "module", value_name = "MODULE", required = true)]
    module: Vec<String>,

    /// Features of a module that are on, the others off: MODULE:F1,F2 (`MODULE:` alone for none). All are on in modules
    /// that are not named.
    #[arg(long, value_name = "MODULE:F1,F2")]
    features: Vec<String>,

    /// What the documents hold.
    #[arg(long = "type", value_enum, value_name = "TYPE", default_value = "data")]
    pub(crate) kind: Kind,

    /// What a NETCONF reply answers, if its output does not tell: an rpc, MODULE:RPC, or the path of an action.
    #[arg(long, value_name = "OPERATION")]
    reply_to: Option<String>,

    /// The documents are XML. Without --xml and --json it is told by the name of a file, else by its first character.
    #[arg(long, conflicts_with = "json")]
    xml: bool,

    /// The documents are JSON.
    #[arg(long)]
    json: bool,

    /// What to do with annotations and attributes that no module defines.
    #[arg(long, value_enum, value_name = "POLICY", default_value = "keep")]
    unknown_annotations: Unknown,
}

/// Policy for unknown annotations.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Unknown {
    /// They are kept as they are.
    Keep,
    /// They are left out.
    Skip,
    /// They are errors.
    Refuse,
}

impl Arguments {
    /// The schema. Faults of the modules are shown, and are no faults of the data.
    pub(crate) fn schema(&self) -> Result<Arc<Schema>> {
        let mut compiler = Compiler::new();
        for directory in search_path(&self.path)? {
            compiler = compiler.search_path(directory);
        }
        for (module, features) in features_of(&self.features)? {
            compiler = compiler.features(module, features);
        }
        for module in &self.module {
            compiler = match classify_module(module)? {
                Input::Module(name) => compiler.module(name),
                Input::File(path) => compiler.file(path),
                Input::Directory(path) => match library::read(path, Asking::All)? {
                    Some(asked) => tell(compiler.search_path(path), &asked),
                    None => {
                        bail!("-m {module}: name a module, a file, or a directory that `nc schemas` made")
                    }
                },
            };
        }
        let mut compilation = compiler.compile();
        compilation.diagnostics.retain(|d| d.severity == Severity::Error);
        match compilation.schema {
            Some(schema) => Ok(Arc::new(schema)),
            None => {
                show(&compilation.diagnostics, &compilation.sources);
                bail!("the modules have errors");
            }
        }
    }

    /// How to read documents.
    pub(crate) fn options(&self) -> Options {
        let unknown_annotations = match self.unknown_annotations {
            Unknown::Keep => UnknownAnnotations::Keep,
            Unknown::Skip => UnknownAnnotations::Skip,
            Unknown::Refuse => UnknownAnnotations::Refuse,
        };
        let config_only = self.kind == Kind::Config;
        Options {
            kind: self.kind,
            json: if self.xml { Some(false) } else { self.json.then_some(true) },
            reply_to: self.reply_to.clone(),
            decode: DecodeOptions { unknown_annotations, config_only, ..DecodeOptions::default() },
        }
    }
}

/// Reads a document of configuration. Its faults are shown.
pub(crate) fn configuration(schema: &Arc<Schema>, path: &Path) -> Result<Tree> {
    let decode = DecodeOptions { config_only: true, ..DecodeOptions::default() };
    let options = Options { kind: Kind::Config, json: None, decode, reply_to: None };
    let mut document = Document::open(path, &options)?;
    match document.read(schema)? {
        Ok(Content::Tree { tree, .. }) => Ok(tree),
        Ok(_) => bail!("{}: no configuration", path.display()),
        Err(errors) => {
            report(&document, &errors)?;
            bail!("{} has errors", path.display())
        }
    }
}
