//! `cargo yang fmt`: modules in canonical layout, written in place.

use crate::Outcome;
use crate::models::{count, show};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use yang_parser::print::{YangOptions, yang};
use yang_parser::yang_files;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Writes nothing; names the files that would change, and ends with 1 if there are any.
    #[arg(long)]
    check: bool,

    /// Sorts substatements into the canonical order of RFC 7950 section 14.
    #[arg(long)]
    order: bool,

    /// Length at which lines are broken, where that changes no meaning.
    #[arg(long, value_name = "N", default_value = "80")]
    line_length: usize,

    /// Files, directories whose modules are all formatted, or `-` for standard input to standard output.
    #[arg(required = true, value_name = "FILE|DIR")]
    inputs: Vec<PathBuf>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let mut options = YangOptions::default();
    options.order = args.order;
    options.line_length = args.line_length;
    let (mut changed, mut total, mut faulty) = (0, 0, false);
    for input in &args.inputs {
        if input == Path::new("-") {
            let mut text = String::new();
            std::io::stdin().lock().read_to_string(&mut text).context("cannot read standard input")?;
            total += 1;
            match formatted("<standard input>", &text, &options)? {
                Some(new) => {
                    changed += usize::from(new != text);
                    if !args.check {
                        std::io::stdout().lock().write_all(new.as_bytes())?;
                    }
                }
                None => faulty = true,
            }
            continue;
        }
        if input.extension().is_some_and(|e| e == "yin") {
            bail!(
                "{0}: this is YIN, which has no canonical layout; `cargo yang yin --to yang {0}` writes YANG",
                input.display()
            );
        }
        let mut paths = vec![input.clone()];
        if input.is_dir() {
            paths = yang_files(input, true).with_context(|| format!("cannot read {}", input.display()))?;
            paths.retain(|p| p.extension().is_some_and(|e| e == "yang"));
        }
        for path in paths {
            let text =
                fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
            total += 1;
            let Some(new) = formatted(&path.display().to_string(), &text, &options)? else {
                faulty = true;
                continue;
            };
            if new == text {
                continue;
            }
            changed += 1;
            if args.check {
                writeln!(std::io::stdout().lock(), "{}", path.display())?;
            } else {
                fs::write(&path, new).with_context(|| format!("cannot write {}", path.display()))?;
            }
        }
    }
    let would = if args.check { "would change" } else { "changed" };
    writeln!(std::io::stderr().lock(), "{} read: {changed} {would}", count(total, "file"))?;
    Ok(if faulty || (args.check && changed > 0) { Outcome::Faulty } else { Outcome::Done })
}

/// The text in canonical layout; what keeps it from having one is shown.
fn formatted(name: &str, text: &str, options: &YangOptions) -> Result<Option<String>> {
    match yang(name, text, options) {
        Ok(new) => Ok(Some(new)),
        Err(refusal) => {
            show(&refusal.diagnostics, &refusal.sources);
            Ok(None)
        }
    }
}
