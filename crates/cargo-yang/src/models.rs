//! Which modules a verb works on, as its arguments name them.

use crate::Outcome;
use crate::library::{self, Asked, Asking};
use anyhow::{Result, bail};
use clap::ValueEnum;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use yang_parser::{Code, Compilation, Compiler, Diagnostic, Severity, Sources};

/// The arguments that all verbs on models share.
#[derive(Clone, clap::Args)]
pub(crate) struct Models {
    /// Directory to search for modules, with those below it.
    #[arg(short = 'p', long = "path", value_name = "DIR")]
    path: Vec<PathBuf>,

    /// Features of a module that are on, the others off: MODULE:F1,F2 (`MODULE:` alone for none). All are on in modules
    /// that are not named.
    #[arg(long, value_name = "MODULE:F1,F2")]
    features: Vec<String>,

    /// Module whose deviations apply: MODULE, MODULE@REVISION or a file.
    #[arg(long, value_name = "MODULE")]
    deviation: Vec<String>,

    /// What to work on: files, names of modules to find on the search path, or directories.
    #[arg(required = true, value_name = "FILE|MODULE[@REV]|DIR")]
    inputs: Vec<String>,
}

/// A module that a verb brings along, and which of its features are on, where the user does not say; without a word, all.
pub(crate) struct Own<'a> {
    pub(crate) module: &'a str,
    pub(crate) features: Option<Vec<&'a str>>,
}

impl<'a> Own<'a> {
    /// With all of its features.
    pub(crate) fn new(module: &'a str) -> Self {
        Self { module, features: None }
    }
}

/// One of the inputs.
pub(crate) enum Input<'a> {
    Directory(&'a Path),
    File(&'a Path),
    Module(&'a str),
}

impl Models {
    /// The models in a compiler, ready to go.
    pub(crate) fn compiler(&self) -> Result<Compiler> {
        self.told(Compiler::new())
    }

    /// Tells a compiler of the models.
    fn told<T: Compiles>(&self, mut compiler: T) -> Result<T> {
        for directory in search_path(&self.path)? {
            compiler = compiler.search_path(directory);
        }
        for (module, features) in self.features()? {
            compiler = compiler.features(module, &features);
        }
        for deviation in &self.deviation {
            compiler = match classify_module(deviation)? {
                Input::Module(name) => compiler.deviation(name),
                Input::File(path) => compiler.file(path),
                Input::Directory(_) => {
                    bail!("--deviation {deviation}: name a module or a file, not a directory")
                }
            };
        }
        for input in &self.inputs {
            compiler = match classify(input)? {
                // What of it is asked for is said below.
                Input::Directory(path) if library::is_in(path) => compiler.search_path(path),
                Input::Directory(path) => compiler.directory(path),
                Input::File(path) => compiler.file(path),
                Input::Module(name) => compiler.module(name),
            };
        }
        for asked in self.asked()? {
            for module in &asked.absent {
                let mut err = std::io::stderr().lock();
                _ = writeln!(
                    err,
                    "warning: the device has {module}, which is left out: its text is not there"
                );
            }
            compiler = tell(compiler, &asked);
        }
        Ok(compiler)
    }

    /// What devices say of the modules: of all of a directory, or of those that are named. What the command line says goes before it.
    fn asked(&self) -> Result<Vec<Asked>> {
        let (mut all, mut names) = (Vec::new(), Vec::new());
        for input in &self.inputs {
            match classify(input)? {
                Input::Directory(path) => all.extend(library::read(path, Asking::All)?),
                Input::File(_) => {}
                Input::Module(name) => names.push(name.split_once('@').map_or(name, |(name, _)| name)),
            }
        }
        for directory in self.path.iter().filter(|_| !names.is_empty()) {
            all.extend(library::read(directory, Asking::About(&names))?);
        }
        let said = self.features()?;
        for asked in &mut all {
            asked.features.retain(|(module, _)| !said.iter().any(|(name, _)| name == module));
        }
        Ok(all)
    }

    /// The models compiled, with more modules implemented; `None` if they have errors, which are shown.
    pub(crate) fn compile_with(&self, more: &[Own<'_>]) -> Result<Option<Compilation>> {
        let mut compiler = self.compiler()?;
        let told = self.features()?;
        for Own { module, features } in more {
            compiler = compiler.module(module);
            if let Some(features) = features.as_ref().filter(|_| !told.iter().any(|(name, _)| name == module))
            {
                compiler = compiler.features(*module, features.iter().copied());
            }
        }
        let mut compilation = compiler.compile();
        if compilation.schema.is_none() {
            compilation.diagnostics.retain(|d| d.severity == Severity::Error);
            show(&compilation.diagnostics, &compilation.sources);
            return Ok(None);
        }
        Ok(Some(compilation))
    }

    /// The models in a generator, ready to go.
    pub(crate) fn generator(&self) -> Result<yang_codegen::Config> {
        self.told(yang_codegen::Config::new())
    }

    /// What to work on, as it was named.
    pub(crate) fn inputs(&self) -> &[String] {
        &self.inputs
    }

    /// The same options for the modules of a device, which are in a directory: for these of them, or for all.
    pub(crate) fn within(&self, directory: &Path, names: Vec<String>) -> Self {
        let mut models = self.clone();
        models.path.insert(0, directory.to_owned());
        models.inputs = if names.is_empty() { vec![directory.display().to_string()] } else { names };
        models
    }

    /// The modules whose deviations apply.
    pub(crate) fn deviations(&self) -> Result<Vec<String>> {
        let of_devices = self.asked()?.into_iter().flat_map(|asked| asked.deviations);
        Ok(self.deviation.iter().cloned().chain(of_devices).collect())
    }

    fn features(&self) -> Result<Vec<(&str, Vec<&str>)>> {
        features_of(&self.features)
    }
}

/// What can be told of modules: the compiler, and the generator.
pub(crate) trait Compiles {
    fn search_path(self, directory: &Path) -> Self;
    fn module(self, name: &str) -> Self;
    fn file(self, path: &Path) -> Self;
    fn directory(self, path: &Path) -> Self;
    fn features(self, module: &str, features: &[&str]) -> Self;
    fn deviation(self, module: &str) -> Self;
}

macro_rules! compiles {
    ($compiler:ty) => {
        impl Compiles for $compiler {
            fn search_path(self, directory: &Path) -> Self {
                self.search_path(directory)
            }

            fn module(self, name: &str) -> Self {
                self.module(name)
            }

            fn file(self, path: &Path) -> Self {
                self.file(path)
            }

            fn directory(self, path: &Path) -> Self {
                self.directory(path)
            }

            fn features(self, module: &str, features: &[&str]) -> Self {
                self.features(module, features.iter().copied())
            }

            fn deviation(self, module: &str) -> Self {
                self.deviation(module)
            }
        }
    };
}

compiles!(Compiler);
compiles!(yang_codegen::Config);

/// Tells a compiler what a device says of its modules.
pub(crate) fn tell<T: Compiles>(mut compiler: T, asked: &Asked) -> T {
    for module in &asked.modules {
        compiler = compiler.module(module);
    }
    for (module, features) in &asked.features {
        compiler = compiler.features(module, &features.iter().map(String::as_str).collect::<Vec<_>>());
    }
    for deviation in &asked.deviations {
        compiler = compiler.deviation(deviation);
    }
    compiler
}

/// What `-p` says: directories that are there.
pub(crate) fn search_path(options: &[PathBuf]) -> Result<&[PathBuf]> {
    for directory in options {
        if !directory.is_dir() {
            let what = if directory.exists() { "is no directory" } else { "no such directory" };
            bail!("-p {}: {what}", directory.display());
        }
    }
    Ok(options)
}

/// As [`classify`], where no directory is asked for: one of the same name does not hide a module.
pub(crate) fn classify_module(input: &str) -> Result<Input<'_>> {
    let is_name =
        !input.ends_with(".yang") && !input.ends_with(".yin") && !input.contains(std::path::is_separator);
    if is_name { Ok(Input::Module(input)) } else { classify(input) }
}

/// What `--features` says: modules, and which of their features are on.
pub(crate) fn features_of(options: &[String]) -> Result<Vec<(&str, Vec<&str>)>> {
    options
        .iter()
        .map(|text| match text.split_once(':') {
            Some((module, features)) if !module.is_empty() => {
                Ok((module, features.split(',').map(str::trim).filter(|f| !f.is_empty()).collect()))
            }
            _ => bail!("--features {text}: write MODULE:F1,F2, or MODULE: for none of its features"),
        })
        .collect()
}

/// What an input is.
pub(crate) fn classify(input: &str) -> Result<Input<'_>> {
    if input.contains("://") {
        bail!(
            "{input} is no file: `cargo yang nc {input} schemas --out DIR` downloads the modules of a device"
        );
    }
    let path = Path::new(input);
    if path.is_dir() {
        return Ok(Input::Directory(path));
    }
    if path.is_file()
        || input.ends_with(".yang")
        || input.ends_with(".yin")
        || input.contains(std::path::is_separator)
    {
        if !path.exists() {
            bail!("{input}: no such file");
        }
        return Ok(Input::File(path));
    }
    Ok(Input::Module(input))
}

/// How diagnostics are shown.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// With the source lines, on standard error.
    Human,
    /// One JSON object a line, on standard output.
    Json,
}

/// Shows diagnostics with the source lines, on standard error. Where nobody reads them, the exit code still says it.
pub(crate) fn show(diagnostics: &[Diagnostic], sources: &Sources) {
    let mut out = std::io::stderr().lock();
    let colour = out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let _ = out.write_all(yang_parser::render_human(diagnostics, sources, colour).as_bytes());
}

/// Shows what the compiler has to say, and judges it.
pub(crate) fn report(compilation: &Compilation, format: Format) -> Result<Outcome> {
    let diagnostics = &compilation.diagnostics;
    match format {
        Format::Human => {
            show(diagnostics, &compilation.sources);
        }
        Format::Json => {
            let text = yang_parser::render_json(diagnostics, &compilation.sources);
            crate::print(text.as_bytes())?;
        }
    }
    Ok(judge(compilation))
}

/// How a verb ends that got this far.
pub(crate) fn judge(compilation: &Compilation) -> Outcome {
    let diagnostics = &compilation.diagnostics;
    // What has no place in a module is about the command line.
    let missing = |d: &Diagnostic| {
        let unfound = matches!(d.code, Code::FileUnreadable | Code::ModuleNotFound | Code::UnknownFeature);
        d.severity == Severity::Error && d.span().is_none() && unfound
    };
    if diagnostics.iter().any(missing) {
        Outcome::Missing
    } else if compilation.has_errors() {
        Outcome::Faulty
    } else {
        Outcome::Done
    }
}

/// A number of things in words.
pub(crate) fn count(n: usize, thing: &str) -> String {
    if n == 1 { format!("1 {thing}") } else { format!("{n} {thing}s") }
}
