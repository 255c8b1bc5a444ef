//! `cargo yang validate`: is a document what its modules say it must be?

use crate::Outcome;
use crate::instance::{Arguments, Content, Document, Format, Kind, report, report_as};
use crate::models::count;
use anyhow::{Result, bail};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::error::{DataError, ErrorTag};
use yang_data::operation::Operation;
use yang_data::tree::Tree;
use yang_data::validate::{ValidateOptions, settle_whens, validate};
use yang_data::view::View;
use yang_schema::Schema;

#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    data: Arguments,

    /// Does not demand the mandatory top-level nodes of modules that the document has no data of.
    #[arg(long)]
    present_only: bool,

    /// The data is of the operational state datastore, which may break when, must, mandatory, unique, min-elements and
    /// max-elements (RFC 8342 section 5.3).
    #[arg(long)]
    operational: bool,

    /// How to show what is wrong.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// The datastore that an rpc, reply or notification may refer to; an edit is made to it, and the result checked.
    #[arg(long, value_name = "FILE")]
    datastore: Option<PathBuf>,

    /// The document: a file, /dev/stdin or `-`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let is_datastore = matches!(args.data.kind, Kind::Data | Kind::Config);
    if args.datastore.is_some() && is_datastore {
        bail!("--datastore goes with --type rpc, reply, notification or edit");
    }
    let schema = args.data.schema()?;
    let datastore = match &args.datastore {
        Some(path) => match read_datastore(args, &schema, path)? {
            Some(tree) => Some(tree),
            None => bail!("{}: the datastore has errors", path.display()),
        },
        None => None,
    };
    let mut document = Document::open(&args.file, &args.data.options())?;
    let mut errors = match document.read(&schema)? {
        Ok(content) => faults(args, content, datastore.as_ref()),
        Err(errors) => errors,
    };
    document.locate(&schema, &mut errors);
    report_as(args.format, &document, &errors)?;
    if args.format == Format::Human {
        let mut out = std::io::stderr().lock();
        if errors.is_empty() {
            writeln!(out, "{}: valid", document.name())?;
        } else {
            writeln!(out, "{}: {}", document.name(), count(errors.len(), "error"))?;
        }
    }
    Ok(if errors.is_empty() { Outcome::Done } else { Outcome::Faulty })
}

fn faults(args: &Args, content: Content, datastore: Option<&Tree>) -> Vec<DataError> {
    let config_only = args.data.kind == Kind::Config;
    let options = ValidateOptions {
        config_only,
        present_modules_only: args.present_only,
        operational: args.operational,
    };
    match content {
        Content::Tree { tree, header } => {
            let datastore = header.and_then(|h| h.datastore);
            let options = ValidateOptions {
                config_only: config_only || datastore.as_ref().is_some_and(|d| d.is_configuration()),
                operational: args.operational || datastore.as_ref().is_some_and(|d| d.is_operational()),
                ..options
            };
            validate(&View::of(&tree), &options)
        }
        Content::Operation(operation) => of_operation(&operation, datastore, &options),
        Content::Ok => Vec::new(),
        Content::Edit(edit) => match datastore {
            Some(tree) => of_edit(&edit, tree, &options),
            None => Vec::new(),
        },
    }
}

fn of_operation(
    operation: &Operation,
    datastore: Option<&Tree>,
    options: &ValidateOptions,
) -> Vec<DataError> {
    let view = operation.view(datastore);
    if let (Some(_), Some(parent)) = (datastore, operation.parent())
        && view.find(parent).is_none()
    {
        // RFC 7950 section 7.15.2.
        let path = parent.print(&**operation.tree().schema(), false);
        let message = format!("`{}` is on a node that is not there", operation.node().name());
        return vec![DataError::new(ErrorTag::DataMissing, path, message)];
    }
    validate(&view, options)
}

fn of_edit(edit: &Edit, tree: &Tree, options: &ValidateOptions) -> Vec<DataError> {
    let apply = ApplyOptions { default_operation: DefaultOperation::Merge, commit: 1 };
    let edited = edit.apply(tree, &apply).and_then(|new| settle_whens(&new, tree, 1));
    match edited {
        Ok(settled) => {
            validate(&View::of(&settled.tree), &ValidateOptions { config_only: false, ..*options })
        }
        Err(errors) => errors,
    }
}

fn read_datastore(args: &Args, schema: &Arc<Schema>, path: &Path) -> Result<Option<Tree>> {
    let mut options = args.data.options();
    options.kind = Kind::Data;
    // Its own name or first character tells its encoding.
    options.json = None;
    let mut document = Document::open(path, &options)?;
    match document.read(schema)? {
        Ok(Content::Tree { tree, .. }) => Ok(Some(tree)),
        Ok(_) => Ok(None),
        Err(errors) => {
            report(&document, &errors)?;
            Ok(None)
        }
    }
}
