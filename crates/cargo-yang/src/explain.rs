//! `cargo yang explain CODE`: the rule behind a diagnostic.

use crate::Outcome;
use anyhow::{Result, bail};
use std::io::Write as _;
use yang_parser::{Code, Example, Explanation, explain};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The code, as diagnostics show it; without one, all codes are listed.
    code: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let mut out = std::io::stdout().lock();
    let Some(name) = &args.code else {
        for code in Code::ALL {
            writeln!(out, "{code}")?;
        }
        return Ok(Outcome::Done);
    };
    let Some(Explanation { code, sections, text, .. }) = explain(name) else {
        bail!("{}", unknown(name));
    };
    writeln!(out, "{code}")?;
    if sections != "-" {
        let rfc = if sections.starts_with("RFC") { "" } else { "RFC 7950, " };
        writeln!(out, "{rfc}{}{sections}", if rfc.is_empty() { "" } else { "section " })?;
    }
    writeln!(out, "\n{text}")?;
    let (wrong, right): (Vec<Example>, _) = code.examples().into_iter().partition(|e| e.is_wrong);
    for (title, examples) in [("Wrong:", wrong), ("Right:", right)] {
        if !examples.is_empty() {
            writeln!(out, "\n{title}")?;
        }
        for example in examples {
            writeln!(out)?;
            for line in example.text.lines() {
                writeln!(out, "    {line}")?;
            }
        }
    }
    Ok(Outcome::Done)
}

fn unknown(name: &str) -> String {
    let words: Vec<&str> = name.split('-').collect();
    let near: Vec<&str> =
        Code::ALL.iter().map(|c| c.name()).filter(|c| c.split('-').any(|w| words.contains(&w))).collect();
    if near.is_empty() {
        format!("no diagnostic has the code {name}; `cargo yang explain` lists them all")
    } else {
        format!("no diagnostic has the code {name}; near to it are {}", near.join(", "))
    }
}
