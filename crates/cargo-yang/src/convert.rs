//! `cargo yang convert`: instance data in the other encoding.

use crate::Outcome;
use crate::defaults::Defaults;
use crate::instance::{Arguments, Content, Document, report};
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use yang_data::codec::CodecError;
use yang_data::event::{FullName, Shape, Sink};
use yang_data::instance_data::{ContentSchema, Header, InstanceData};
use yang_data::operation::Operation;
use yang_data::tree::Tree;
use yang_data::view::{EncodeOptions, View};
use yang_data::{json, xml};

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Arguments,

    /// The encoding to write. It is the other one if nothing is said.
    #[arg(long, value_enum, value_name = "ENCODING")]
    to: Option<Encoding>,

    /// Where to write to; standard output if nothing is said.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// What to write of defaults: the modes of RFC 6243.
    #[arg(long, value_enum, value_name = "MODE")]
    with_defaults: Option<Defaults>,

    /// Writes an instance data file (RFC 9195) of this name.
    #[arg(long, value_name = "NAME")]
    instance_data: Option<String>,

    /// Leaves state out.
    #[arg(long)]
    config_only: bool,

    /// The document: a file, /dev/stdin or `-`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Encoding {
    Xml,
    Json,
}

/// What is to be written.
enum What {
    Tree(Tree),
    Set(Box<InstanceData>),
    Operation(Operation),
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let schema = args.data.schema()?;
    let mut document = Document::open(&args.file, &args.data.options())?;
    let content = match document.read(&schema)? {
        Ok(content) => content,
        Err(errors) => {
            report(&document, &errors)?;
            return Ok(Outcome::Faulty);
        }
    };
    let what = match (content, &args.instance_data) {
        (Content::Tree { tree, header }, None) => match header {
            Some(header) => What::Set(Box::new(InstanceData { header: *header, tree })),
            None => What::Tree(tree),
        },
        (Content::Tree { tree, header }, Some(name)) => {
            let header = header.map_or_else(|| header_of(&tree), |header| *header);
            What::Set(Box::new(InstanceData { header: Header { name: Some(name.clone()), ..header }, tree }))
        }
        (_, Some(_)) => bail!("--instance-data goes with --type data or config"),
        (Content::Operation(operation), None) => What::Operation(operation),
        (Content::Ok, None) => bail!("the reply is `ok`: there is nothing to convert"),
        (Content::Edit(_), None) => bail!("an edit is XML alone: there is nothing to convert it to"),
    };
    let to = args.to.unwrap_or(if document.is_json() { Encoding::Xml } else { Encoding::Json });
    // Nothing is left half written by what the other encoding cannot say.
    let bytes = match to {
        Encoding::Xml => {
            let mut writer = xml::Writer::indented(Vec::new(), 2);
            write(args, &what, &mut writer, true).and_then(|()| writer.finish())
        }
        Encoding::Json => {
            let mut writer = json::Writer::indented(Vec::new(), 2);
            write(args, &what, &mut writer, false).and_then(|()| writer.finish())
        }
    };
    let bytes = bytes.with_context(|| format!("cannot write {} in the other encoding", document.name()))?;
    let mut out: Box<dyn Write> = match &args.output {
        Some(path) => {
            let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
            Box::new(BufWriter::new(file))
        }
        None => Box::new(std::io::stdout().lock()),
    };
    out.write_all(&bytes)?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(Outcome::Done)
}

fn write(args: &Args, what: &What, sink: &mut dyn Sink, is_xml: bool) -> Result<(), CodecError> {
    let options = EncodeOptions { config_only: args.config_only };
    let mode = args.with_defaults.map(Defaults::mode);
    match what {
        What::Set(set) => {
            let mut set = set.clone();
            set.header.includes_defaults = mode.or(set.header.includes_defaults);
            set.encode(sink)
        }
        What::Operation(operation) => operation.encode(sink, &options),
        What::Tree(tree) => {
            let view = View::of(tree).defaults(mode.unwrap_or_default());
            // A document of XML has one root.
            if is_xml && view.root().children().nth(1).is_some() {
                let name = FullName {
                    module: "ietf-netconf",
                    namespace: "urn:ietf:params:xml:ns:netconf:base:1.0",
                    local: "data",
                };
                sink.open(name, Shape::Container, &[])?;
                view.encode(sink, &options)?;
                return sink.close();
            }
            view.encode(sink, &options)
        }
    }
}

/// What is known of the data: the modules that it is of.
fn header_of(tree: &Tree) -> Header {
    let schema = tree.schema();
    let modules = schema.modules().filter(|(_, m)| m.implemented).map(|(id, m)| {
        let name = schema.module_name(id);
        match m.revision {
            Some(revision) => format!("{name}@{}", schema.str(revision)),
            None => name.to_owned(),
        }
    });
    Header { content_schema: ContentSchema::Modules(modules.collect()), ..Header::default() }
}
