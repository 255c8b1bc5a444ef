//! `cargo yang yin`: YANG to YIN and back (RFC 7950 section 13).

use crate::Outcome;
use crate::models::show;
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use yang_parser::Code;
use yang_parser::print::{YangOptions, yang, yin};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Directory to search for imported modules, with those below it: their extensions say how they are written in YIN.
    #[arg(short = 'p', long = "path", value_name = "DIR")]
    path: Vec<PathBuf>,

    /// What to write.
    #[arg(long, value_enum, default_value = "yin")]
    to: To,

    /// File to write to, instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,

    /// A module or submodule, in a file named `.yang` or `.yin`.
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

/// The two forms.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum To {
    /// YIN.
    Yin,
    /// Canonical YANG.
    Yang,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let text =
        fs::read_to_string(&args.file).with_context(|| format!("cannot read {}", args.file.display()))?;
    let written = match args.to {
        To::Yin => yin(&args.file, &args.path),
        To::Yang => yang(&args.file.display().to_string(), &text, &YangOptions::default()),
    };
    let written = match written {
        Ok(written) => written,
        Err(refusal) => {
            show(&refusal.diagnostics, &refusal.sources);
            if refusal.diagnostics.iter().any(|d| d.code == Code::FileUnreadable) {
                bail!("not all files could be read");
            }
            return Ok(Outcome::Faulty);
        }
    };
    match &args.out {
        Some(out) => fs::write(out, written).with_context(|| format!("cannot write {}", out.display()))?,
        None => std::io::stdout().lock().write_all(written.as_bytes())?,
    }
    Ok(Outcome::Done)
}
