//! `cargo yang diff`: what is different between two documents.

use crate::Outcome;
use crate::instance::{Arguments, Content, Document, Kind, report};
use anyhow::{Context as _, Result, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::event::{FullName, Shape, Sink as _};
use yang_data::tree::Tree;
use yang_data::xml;
use yang_schema::Schema;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Arguments,

    /// Writes the changes as the `config` of an edit-config that makes the second document of the first.
    #[arg(long)]
    edit: bool,

    /// The document before.
    #[arg(value_name = "A")]
    old: PathBuf,

    /// The document after.
    #[arg(value_name = "B")]
    new: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    if !matches!(args.data.kind, Kind::Data | Kind::Config) {
        bail!("documents that can be compared are of --type data or config");
    }
    let schema = args.data.schema()?;
    let old = read(args, &schema, &args.old)?;
    let new = read(args, &schema, &args.new)?;
    let diff = yang_data::diff::diff(&old, &new);
    let mut out = std::io::stdout().lock();
    if args.edit {
        let mut writer = xml::Writer::indented(Vec::new(), 2);
        let name = FullName {
            module: "ietf-netconf",
            namespace: "urn:ietf:params:xml:ns:netconf:base:1.0",
            local: "config",
        };
        writer.open(name, Shape::Container, &[])?;
        diff.encode_edit(&mut writer)?;
        writer.close()?;
        out.write_all(&writer.finish()?)?;
        out.write_all(b"\n")?;
    } else {
        write!(out, "{diff}")?;
    }
    Ok(if diff.is_empty() { Outcome::Done } else { Outcome::Faulty })
}

fn read(args: &Args, schema: &Arc<Schema>, path: &Path) -> Result<Tree> {
    let mut document = Document::open(path, &args.data.options())?;
    match document.read(schema)? {
        Ok(Content::Tree { tree, .. }) => Ok(tree),
        Ok(_) => bail!("{}: no data", path.display()),
        Err(errors) => {
            report(&document, &errors)?;
            Err(anyhow::anyhow!("{} has errors", path.display())).context("there is nothing to compare")
        }
    }
}
