//! `cargo yang new`: a project with a model, a device that serves it over SSH, and a test that is its client.
//!
//! Nothing that is there already is overwritten.

use crate::Outcome;
use anyhow::{Context as _, Result, bail};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, context};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use yang_codegen::names::QName;
use yang_parser::{Compiler, render_human};
use yang_schema::{NodeKind, Schema};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directory of the new project.
    path: PathBuf,

    /// Its name; that of the directory if nothing is said.
    #[arg(long)]
    name: Option<String>,

    /// YANG modules of the device: files, or directories of them. They are copied into the project. Without any, the
    /// project starts with a small model of its own.
    #[arg(long, value_name = "FILE|DIR")]
    yang: Vec<PathBuf>,

    /// The runtime to depend on: a directory with the crates of the toolchain, or a version. If nothing is said, the
    /// checkout that this program was built in, or else its own version.
    #[arg(long, value_name = "PATH|VERSION")]
    runtime: Option<String>,
}

/// The files of a project: path, template. Both are rendered.
const TEMPLATES: [(&str, &str); 9] = [
    ("Cargo.toml", include_str!("../templates/Cargo.toml.j2")),
    ("README.md", include_str!("../templates/README.md.j2")),
    (".gitignore", include_str!("../templates/gitignore.j2")),
    ("build.rs", include_str!("../templates/build.rs.j2")),
    ("src/lib.rs", include_str!("../templates/lib.rs.j2")),
    ("src/yang.rs", include_str!("../templates/yang.rs.j2")),
    ("src/device.rs", include_str!("../templates/device.rs.j2")),
    ("src/main.rs", include_str!("../templates/main.rs.j2")),
    ("tests/device.rs", include_str!("../templates/test.rs.j2")),
];

/// The model of a project that brings none.
const MODEL: &str = include_str!("../templates/model.yang.j2");

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => {
            let name = args.path.file_name().and_then(|n| n.to_str());
            name.context("the directory has no name that a crate could have: say --name")?.to_owned()
        }
    };
    check_name(&name)?;
    let dependency = Dependency::choose(args.runtime.as_deref())?;

    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .keep_trailing_newline(true)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .context("the syntax of templates")?,
    );

    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let own_model = args.yang.is_empty();
    if own_model {
        let text = environment.render_str(MODEL, context! { name => &name })?;
        files.insert(PathBuf::from(format!("yang/{name}.yang")), text.into_bytes());
    } else {
        copy_models(&args.yang, &mut files)?;
    }
    let Some(schema) = compile(&files)? else { return Ok(Outcome::Faulty) };
    let modules = modules(&schema);
    let has_rpcs = schema.root().children().any(|n| n.kind() == NodeKind::Rpc);
    if modules.is_empty() {
        bail!("the modules define no data and no rpcs: there is nothing to serve");
    }
    for (path, template) in TEMPLATES {
        let text = environment
            .render_str(
                template,
                context! {
                    name => &name,
                    crate_name => name.replace('-', "_"),
                    module => QName::plain(&name).module_text(),
                    own_model,
                    has_rpcs,
                    modules => &modules,
                    runtime => dependency.of("netconf-runtime"),
                    codegen => dependency.of("yang-codegen"),
                },
            )
            .with_context(|| format!("the template of {path}"))?;
        files.insert(PathBuf::from(path), text.into_bytes());
    }
    write(&args.path, &files)?;
    let mut out = std::io::stderr().lock();
    writeln!(out, "made {} in {}", name, args.path.display())?;
    writeln!(out, "next: cd {} && cargo test && cargo run", args.path.display())?;
    Ok(Outcome::Done)
}

/// A name that a crate, a YANG module and a Rust module can all have.
fn check_name(name: &str) -> Result<()> {
    let ok = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.ends_with('-')
        && !name.contains("--")
        && !name.starts_with("xml");
    if !ok {
        bail!(
            "{name:?} cannot be the name of a crate and a YANG module: take lower-case words joined by hyphens"
        );
    }
    Ok(())
}

/// Where the toolchain's crates come from.
enum Dependency {
    Path(PathBuf),
    Version(String),
}

impl Dependency {
    fn choose(said: Option<&str>) -> Result<Self> {
        let crates_in = |root: &Path| {
            [root.to_path_buf(), root.join("crates")]
                .into_iter()
                .find(|d| d.join("netconf-runtime/Cargo.toml").is_file())
        };
        match said {
            Some(version)
                if version.starts_with(|c: char| c.is_ascii_digit()) && !Path::new(version).exists() =>
            {
                Ok(Dependency::Version(version.to_owned()))
            }
            Some(path) => {
                let found = crates_in(Path::new(path)).with_context(|| {
                    format!("--runtime {path}: neither a version nor a directory with netconf-runtime")
                })?;
                Ok(Dependency::Path(found.canonicalize()?))
            }
            None => {
                // Built from a checkout, this crate still stands where it was compiled, its sisters beside it.
                let here = Path::new(env!("CARGO_MANIFEST_DIR"));
                Ok(match here.parent().and_then(crates_in) {
                    Some(found) => Dependency::Path(found),
                    None => Dependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
                })
            }
        }
    }

    /// What stands in `Cargo.toml` behind `crate = {`.
    fn of(&self, name: &str) -> String {
        match self {
            Dependency::Path(crates) => format!("path = {:?}", crates.join(name).display().to_string()),
            Dependency::Version(version) => format!("version = {version:?}"),
        }
    }
}

fn copy_models(inputs: &[PathBuf], files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let mut stack = inputs.to_vec();
    let mut found = false;
    while let Some(path) = stack.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).with_context(|| path.display().to_string())?;
            for entry in entries {
                let entry = entry.with_context(|| path.display().to_string())?.path();
                if entry.is_dir() || entry.extension().is_some_and(|e| e == "yang") {
                    stack.push(entry);
                }
            }
            continue;
        }
        let name = path.file_name().with_context(|| format!("{} is no file", path.display()))?;
        let text = fs::read(&path).with_context(|| path.display().to_string())?;
        let to = Path::new("yang").join(name);
        if files.get(&to).is_some_and(|other| *other != text) {
            bail!("two different files are named {}", name.display());
        }
        files.insert(to, text);
        found = true;
    }
    if !found {
        bail!("--yang names no .yang file");
    }
    Ok(())
}

/// Compiles the models; errors are shown.
fn compile(files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Option<Schema>> {
    let mut compiler = Compiler::new();
    for (path, text) in files {
        let name = path.display().to_string();
        let text = String::from_utf8(text.clone()).with_context(|| format!("{name} is not UTF-8"))?;
        compiler = compiler.source(name, text);
    }
    let compilation = compiler.compile();
    if compilation.has_errors() {
        let text = render_human(&compilation.diagnostics, &compilation.sources, false);
        std::io::stderr().lock().write_all(text.as_bytes())?;
        return Ok(None);
    }
    Ok(compilation.schema)
}

/// The modules that have something to serve, with what the templates need of them.
fn modules(schema: &Schema) -> Vec<minijinja::Value> {
    let mut found: Vec<_> = schema.modules().filter(|(_, m)| m.implemented).collect();
    found.sort_by_key(|(_, m)| schema.str(m.name));
    found
        .into_iter()
        .filter_map(|(id, module)| {
            let nodes: Vec<_> = schema.top_level(id).collect();
            let serves = nodes.iter().any(|n| n.kind() == NodeKind::Rpc || n.kind().is_data_node());
            let rpcs: Vec<_> = nodes
                .iter()
                .filter(|n| n.kind() == NodeKind::Rpc)
                .map(|rpc| {
                    let has = |kind| rpc.children().any(|c| c.kind() == kind && c.children().len() > 0);
                    let name = QName::plain(rpc.name());
                    context! {
                        name => rpc.name(),
                        method => name.snake_text(),
                        scope => name.module_text(),
                        input => has(NodeKind::Input),
                        output => has(NodeKind::Output),
                    }
                })
                .collect();
            let name = schema.str(module.name);
            serves.then(|| context! { name, rust => QName::plain(name).module_text(), rpcs })
        })
        .collect()
}

/// Writes a project where there is none: nothing is overwritten, and on a conflict nothing is written.
fn write(root: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for path in files.keys() {
        let path = root.join(path);
        if path.symlink_metadata().is_ok() {
            bail!("{} is there already, and is left as it is", path.display());
        }
    }
    for (path, content) in files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        let mut file =
            fs::File::create_new(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        file.write_all(content).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_serve_three_languages() {
        for good in ["a", "my-device", "x25"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "My", "a_b", "1a", "a-", "a--b", "xml-device", "é"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), "mine").unwrap();
        let files = BTreeMap::from([("a".into(), b"1".to_vec()), ("b".into(), b"2".to_vec())]);
        let error = write(dir.path(), &files).unwrap_err().to_string();
        assert!(error.contains("is there already"), "{error}");
        assert_eq!(fs::read(dir.path().join("b")).unwrap(), b"mine");
        assert!(!dir.path().join("a").exists());
    }
}
