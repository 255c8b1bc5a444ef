//! `cargo yang sdk`: a crate of types, typed paths and client methods, to be kept, published and depended on; of modules, or of a device
//! that is asked for them.
//!
//! Made anew over an old one, it overwrites what belongs to the generator alone, and says what its owner has to change.

use crate::Outcome;
use crate::library;
use crate::models::{Input, Models, classify_module, count};
use crate::nc::{self, Connection, Target};
use crate::scaffold::{self, Dependency};
use anyhow::{Context as _, Result, bail};
use minijinja::context;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use yang_codegen::Module;
use yang_codegen::names::QName;
use yang_schema::{NodeKind, Schema};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    models: Models,

    /// Name of the crate.
    #[arg(long)]
    name: String,

    /// Its directory; one of its name here if nothing is said.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// Generate only this subtree: a schema path such as /ietf-interfaces:interfaces.
    #[arg(long, value_name = "PATH")]
    only: Vec<String>,

    /// Directory of another crate made by `sdk`: the modules that both have are used from there, and not made again.
    #[arg(long = "extern", value_name = "DIR")]
    extern_crates: Vec<PathBuf>,

    /// The runtime to depend on: a directory with the crates of the toolchain, or a version. If nothing is said, the
    /// checkout that this program was built in, or else its own version.
    #[arg(long, value_name = "PATH|VERSION")]
    runtime: Option<String>,

    #[command(flatten, next_help_heading = "Connecting to a device")]
    connection: Connection,
}

/// Where the modules of a device are in its crate.
const MODULES: &str = "yang";

/// The files that are the owner's once they are there: path, template.
const TEMPLATES: [(&str, &str); 5] = [
    ("Cargo.toml", include_str!("../templates/sdk/Cargo.toml.j2")),
    ("README.md", include_str!("../templates/sdk/README.md.j2")),
    (".gitignore", include_str!("../templates/sdk/gitignore.j2")),
    ("src/lib.rs", include_str!("../templates/sdk/lib.rs.j2")),
    (EXAMPLE, include_str!("../templates/sdk/read.rs.j2")),
];

const EXAMPLE: &str = "examples/read.rs";

/// Features of the crate that stand for no module.
const OWN_FEATURES: [&str; 4] = ["default", "all", "ssh", "serde"];

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    scaffold::check_name(&args.name)?;
    let dependency = Dependency::choose(args.runtime.as_deref())?;
    let root = args.out.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    let Some((device, names)) = device(args.models.inputs())? else {
        return make(args, &args.models, &dependency, &root);
    };
    let directory = root.join(MODULES);
    match nc::download(&args.connection, &device, &directory)? {
        Outcome::Done => {}
        other => return Ok(other),
    }
    let outcome = make(args, &args.models.within(&directory, names), &dependency, &root)?;
    if outcome == Outcome::Faulty {
        writeln!(
            std::io::stderr(),
            "The device's modules are in {0}. Where they are wrong, mend them, and make the crate of them:\n    \
             cargo yang sdk {0} --name {1} --out {2}",
            directory.display(),
            args.name,
            root.display()
        )?;
    }
    Ok(outcome)
}

/// The device among the inputs, and the modules that are named besides.
fn device(inputs: &[String]) -> Result<Option<(Target, Vec<String>)>> {
    let (devices, others): (Vec<_>, Vec<_>) = inputs.iter().partition(|input| Target::is_one(input));
    let device = match devices.as_slice() {
        [] => return Ok(None),
        [device] => Target::parse(device)?,
        [_, second, ..] => bail!("{second}: a crate is made of one device"),
    };
    for other in &others {
        if !matches!(classify_module(other)?, Input::Module(_)) {
            bail!(
                "{other}: beside a device, name modules of it; where to look for what it does not hand out, -p says"
            );
        }
    }
    Ok(Some((device, others.into_iter().cloned().collect())))
}

/// Makes the crate of models.
fn make(args: &Args, models: &Models, dependency: &Dependency, root: &Path) -> Result<Outcome> {
    let mut config =
        models.generator()?.server(false).keep_unknown(true).file_per_module(true).feature_per_module(true);
    for path in &args.only {
        config = config.only(path);
    }
    let others = others(args, models)?;
    for other in &others {
        config = config.extern_crate(other.name.replace('-', "_"), &other.modules);
    }
    let outcome = config.generate();
    let mut out = std::io::stderr().lock();
    for warning in &outcome.warnings {
        writeln!(out, "warning: {warning}")?;
    }
    let files = match outcome.result {
        Ok(files) => files,
        Err(error @ yang_codegen::Error::Invalid { .. }) => {
            writeln!(out, "{error}")?;
            return Ok(Outcome::Faulty);
        }
        Err(error) => return Err(error.into()),
    };
    let modules = &outcome.modules;
    if modules.is_empty() {
        bail!("the modules define nothing to generate");
    }
    if let Some(module) = modules.iter().find(|m| OWN_FEATURES.contains(&m.name.as_str())) {
        bail!(
            "the module {} would need a cargo feature of its name, which the crate has for itself",
            module.name
        );
    }
    let schema = outcome.schema.as_ref().context("the generator kept no schema")?;
    let mut own = templates(args, models, root, dependency, &others, modules, schema)?;
    // What is there is its owner's. Only what the features say has to follow the modules.
    let advice = advice(root, &own)?;
    own.retain(|path, _| root.join(path).symlink_metadata().is_err());
    let made = !own.is_empty();
    scaffold::write_new(root, &own)?;
    let changed = yang_codegen::write(&root.join("src"), &files)?;

    let verb = if made { "made" } else { "made anew" };
    writeln!(
        out,
        "{verb} {} in {}: {}, {} generated, {} of them changed",
        args.name,
        root.display(),
        count(modules.len(), "module"),
        count(files.len(), "file"),
        changed.len()
    )?;
    for line in advice {
        writeln!(out, "{line}")?;
    }
    Ok(Outcome::Done)
}

fn templates(
    args: &Args,
    models: &Models,
    root: &Path,
    dependency: &Dependency,
    others: &[Other],
    modules: &[Module],
    schema: &Schema,
) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let environment = scaffold::environment()?;
    let example = example(modules, schema);
    let context = context! {
        name => &args.name,
        crate_name => args.name.replace('-', "_"),
        generator => env!("CARGO_PKG_VERSION"),
        runtime => dependency.of("netconf-runtime"),
        others => others.iter().map(|other| context! {
            name => &other.name,
            path => format!("{:?}", other.directory.display().to_string()),
            features => other.modules.iter().map(|m| name(m).to_owned()).collect::<Vec<_>>(),
        }).collect::<Vec<_>>(),
        deviations => models.deviations()?,
        of_device => library::is_in(&root.join(MODULES)),
        modules => modules.iter().map(|m| context! {
            name => &m.name,
            key => key(&m.name),
            revision => &m.revision,
            rust => &m.rust,
            needs => &m.needs,
        }).collect::<Vec<_>>(),
        example => &example,
    };
    let mut files = BTreeMap::new();
    for (path, template) in TEMPLATES {
        if path == EXAMPLE && example.is_none() {
            continue;
        }
        let text =
            environment.render_str(template, &context).with_context(|| format!("the template of {path}"))?;
        files.insert(PathBuf::from(path), text.into_bytes());
    }
    Ok(files)
}

/// Another crate whose modules are used.
struct Other {
    name: String,
    directory: PathBuf,
    /// Those of its modules that are in this set, with their revisions.
    modules: Vec<String>,
}

/// What the manifests of other crates say of them.
fn others(args: &Args, models: &Models) -> Result<Vec<Other>> {
    if args.extern_crates.is_empty() {
        return Ok(Vec::new());
    }
    let schema = models.compiler()?.compile().schema;
    let read = |directory: &PathBuf| {
        let path = directory.join("Cargo.toml");
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let manifest: toml::Table = text.parse().with_context(|| path.display().to_string())?;
        let package = manifest.get("package").and_then(toml::Value::as_table);
        let said = package.and_then(|p| p.get("metadata")?.get("yang")?.get("modules")?.as_array());
        let name = package.and_then(|p| p.get("name")?.as_str());
        let (Some(said), Some(name)) = (said, name) else {
            bail!("{}: this crate was not made by `cargo yang sdk`", path.display());
        };
        let said = said.iter().filter_map(toml::Value::as_str);
        // Where the models have errors, the generator tells them.
        let shared = said.filter(|m| schema.as_ref().is_some_and(|s| s.find_module(self::name(m)).is_some()));
        let modules: Vec<String> = shared.map(str::to_owned).collect();
        if modules.is_empty() && schema.is_some() {
            bail!("--extern {}: {name} has none of the modules of this set", directory.display());
        }
        Ok(Other { name: name.to_owned(), directory: directory.canonicalize()?, modules })
    };
    args.extern_crates.iter().map(read).collect()
}

/// The name of `name@revision`.
fn name(module: &str) -> &str {
    module.split_once('@').map_or(module, |(name, _)| name)
}

/// The name of a feature as a key of TOML.
fn key(name: &str) -> String {
    if name.contains('.') { format!("{name:?}") } else { name.to_owned() }
}

/// Something to read of a device: the first container of configuration.
fn example(modules: &[Module], schema: &Schema) -> Option<minijinja::Value> {
    modules.iter().find_map(|module| {
        let id = schema.find_module(&module.name)?;
        let mut nodes = schema.top_level(id);
        let node = nodes.find(|n| n.kind() == NodeKind::Container && n.is_config())?;
        let function = QName::plain(node.name()).snake_text();
        Some(context! { module => &module.name, rust => &module.rust, path => node.data_path(), function })
    })
}

/// Where a crate is there already: the lines of its `Cargo.toml` that the modules ask to be others.
fn advice(root: &Path, own: &BTreeMap<PathBuf, Vec<u8>>) -> Result<Vec<String>> {
    let path = root.join("Cargo.toml");
    let (Ok(old), Some(new)) = (fs::read_to_string(&path), own.get(Path::new("Cargo.toml"))) else {
        return Ok(Vec::new());
    };
    let new = std::str::from_utf8(new).context("a template is text")?;
    let (old, new) = (metadata(&old), metadata(new));
    let mut lines: Vec<String> = Vec::new();
    for line in new.iter().filter(|l| !old.contains(l)) {
        lines.push(format!("  add     {line}"));
    }
    for line in old.iter().filter(|l| !new.contains(l)) {
        lines.push(format!("  remove  {line}"));
    }
    if !lines.is_empty() {
        lines.insert(
            0,
            format!("{} is yours and was left as it is. The modules ask for these changes:", path.display()),
        );
    }
    Ok(lines)
}

/// The lines of `[features]` and of `[package.metadata.yang]`.
fn metadata(manifest: &str) -> Vec<&str> {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') && line.ends_with(']') {
            inside = matches!(line, "[features]" | "[package.metadata.yang]");
        } else if inside && !line.is_empty() && !line.starts_with('#') {
            lines.push(line);
        }
    }
    lines
}
