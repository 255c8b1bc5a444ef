//! `cargo yang new`: a project with a model, a device that serves it over SSH, and a test that is its client.
//!
//! Nothing that is there already is overwritten.

use crate::Outcome;
use crate::scaffold::{self, Dependency};
use anyhow::{Context as _, Result, bail};
use minijinja::context;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use yang_codegen::Required;
use yang_codegen::names::QName;
use yang_parser::{Compiler, render_human};
use yang_schema::Schema;

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
    ("Cargo.toml", include_str!("../templates/device/Cargo.toml.j2")),
    ("README.md", include_str!("../templates/device/README.md.j2")),
    (".gitignore", include_str!("../templates/device/gitignore.j2")),
    ("build.rs", include_str!("../templates/device/build.rs.j2")),
    ("src/lib.rs", include_str!("../templates/device/lib.rs.j2")),
    ("src/yang.rs", include_str!("../templates/device/yang.rs.j2")),
    ("src/device.rs", include_str!("../templates/device/device.rs.j2")),
    ("src/main.rs", include_str!("../templates/device/main.rs.j2")),
    ("tests/device.rs", include_str!("../templates/device/test.rs.j2")),
];

/// The model of a project that brings none.
const MODEL: &str = include_str!("../templates/device/model.yang.j2");

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let name = match &args.name {
        Some(name) => name.clone(),
        None => {
            let name = args.path.file_name().and_then(|n| n.to_str());
            name.context("the directory has no name that a crate could have: say --name")?.to_owned()
        }
    };
    scaffold::check_name(&name)?;
    let dependency = Dependency::choose(args.runtime.as_deref())?;

    let environment = scaffold::environment()?;
    let mut files: BTreeMap<PathBuf, Vec<u8>> = BTreeMap::new();
    let own_model = args.yang.is_empty();
    if own_model {
        let text = environment.render_str(MODEL, context! { name => &name })?;
        files.insert(PathBuf::from(format!("yang/{name}.yang")), text.into_bytes());
    } else {
        copy_models(&args.yang, &mut files)?;
    }
    let Some(schema) = compile(&files)? else { return Ok(Outcome::Faulty) };
    let methods = match yang_codegen::required_handlers(&schema, "crate::yang") {
        Ok(methods) => methods,
        // `build.rs` will show it, with its place.
        Err(errors) => bail!("{}", errors.iter().map(|e| e.message.as_str()).collect::<Vec<_>>().join("; ")),
    };
    let modules = modules(&schema, &methods);
    let has_methods = !methods.is_empty();
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
                    has_methods,
                    modules => &modules,
                    runtime => dependency.of("netconf-runtime"),
                    codegen => dependency.of("yang-codegen"),
                },
            )
            .with_context(|| format!("the template of {path}"))?;
        files.insert(PathBuf::from(path), text.into_bytes());
    }
    scaffold::write_new(&args.path, &files)?;
    let mut out = std::io::stderr().lock();
    writeln!(out, "made {} in {}", name, args.path.display())?;
    writeln!(out, "next: cd {} && cargo test && cargo run", args.path.display())?;
    Ok(Outcome::Done)
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
fn modules(schema: &Schema, methods: &[Required]) -> Vec<minijinja::Value> {
    let mut found: Vec<_> = schema.modules().filter(|(_, m)| m.implemented).collect();
    found.sort_by_key(|(_, m)| schema.str(m.name));
    found
        .into_iter()
        .filter_map(|(id, module)| {
            let nodes: Vec<_> = schema.top_level(id).collect();
            let name = schema.str(module.name);
            let own = methods.iter().filter(|m| m.module == name).map(|m| {
                context! {
                    name => &m.method,
                    operation => &m.operation,
                    parameters => &m.parameters,
                    output => &m.output,
                }
            });
            let own: Vec<_> = own.collect();
            let serves = !own.is_empty() || nodes.iter().any(|n| n.kind().is_data_node());
            serves.then(|| context! { name, rust => QName::plain(name).module_text(), methods => own })
        })
        .collect()
}
