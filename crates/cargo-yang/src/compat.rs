//! `cargo yang compat`: what a new revision of modules changes, and which version comes next.

use crate::Outcome;
use crate::models::{Format, Input, classify, count, features_of, judge, search_path, show};
use crate::progress::compile;
use anyhow::Result;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::PathBuf;
use yang_parser::compat::{Change, Compatibility, Step, Verdict, compare};
use yang_parser::{Compiler, Severity, Sources};
use yang_schema::Span;

/// What `--help` says below the options.
const AFTER: &str = "\
Exit codes: 0 all changes keep to RFC 7950 section 11, 1 some do not or may not, or one of the two has errors, 2 the command
line is wrong, or a file, directory or module that it names cannot be found or read.

With --format json each change is one JSON object on a line of standard output:
  rule, verdict, step             a stable name; \"allowed\", \"unclear\" or \"forbidden\"; \"patch\", \"minor\" or \"major\"
  subject, message                what was changed: a schema path or a statement; and how
  reason                          why it is judged so
  old, new                        the places, each with file, line and column; what is new has no old place, what is gone
                                  no new one
The last line is an object with `step`, for all of it (null if nothing changed), and the numbers `changes` and `breaking`.";

#[derive(clap::Args)]
#[command(after_help = AFTER)]
pub(crate) struct Args {
    /// Directory to search for modules that both import, with those below it.
    #[arg(short = 'p', long = "path", value_name = "DIR")]
    path: Vec<PathBuf>,

    /// Directory to search for what the old modules import, before the others.
    #[arg(long, value_name = "DIR")]
    old_path: Vec<PathBuf>,

    /// Directory to search for what the new modules import, before the others.
    #[arg(long, value_name = "DIR")]
    new_path: Vec<PathBuf>,

    /// Features of a module that are on, the others off: MODULE:F1,F2. All are on in modules that are not named.
    #[arg(long, value_name = "MODULE:F1,F2")]
    features: Vec<String>,

    /// How to show what is found.
    #[arg(long, value_enum, default_value = "human")]
    format: Format,

    /// The modules as they were: a file, a directory or MODULE@REVISION.
    #[arg(value_name = "OLD")]
    old: String,

    /// The modules as they are.
    #[arg(value_name = "NEW")]
    new: String,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let old = compile(args.compiler(&args.old, &args.old_path)?);
    let new = compile(args.compiler(&args.new, &args.new_path)?);
    let mut outcome = Outcome::Done;
    for compilation in [&old, &new] {
        // Warnings are another verb's business.
        let errors: Vec<_> =
            compilation.diagnostics.iter().filter(|d| d.severity == Severity::Error).cloned().collect();
        show(&errors, &compilation.sources);
        outcome = outcome.max(judge(compilation));
    }
    let Some(found) = compare(&old, &new) else {
        return Ok(outcome);
    };
    let text = match args.format {
        Format::Human => human(&found, &old.sources, &new.sources),
        Format::Json => json(&found, &old.sources, &new.sources)?,
    };
    crate::print(text.as_bytes())?;
    Ok(if found.breaking().next().is_some() { Outcome::Faulty } else { Outcome::Done })
}

impl Args {
    fn compiler(&self, modules: &str, first: &[PathBuf]) -> Result<Compiler> {
        let mut compiler = Compiler::new().groupings(true);
        for directory in search_path(first)?.iter().chain(search_path(&self.path)?) {
            compiler = compiler.search_path(directory);
        }
        for (module, features) in features_of(&self.features)? {
            compiler = compiler.features(module, features);
        }
        Ok(match classify(modules)? {
            Input::Directory(path) => compiler.directory(path),
            Input::File(path) => compiler.file(path),
            Input::Module(name) => compiler.module(name),
        })
    }
}

fn human(found: &Compatibility, old: &Sources, new: &Sources) -> String {
    let mut out = String::new();
    let groups = [
        (Verdict::Forbidden, "RFC 7950 section 11 forbids:"),
        (Verdict::Unclear, "To be judged by a person, since it depends on what the expressions mean:"),
        (Verdict::Allowed, "Allowed:"),
    ];
    for (verdict, title) in groups {
        let mut changes = found.changes.iter().filter(|c| c.rule.verdict() == verdict).peekable();
        if changes.peek().is_none() {
            continue;
        }
        let _ = writeln!(out, "{title}");
        for change in changes {
            let _ = writeln!(out, "  {}: {} [{}]", change.subject, change.message, change.rule.name());
            let _ = writeln!(out, "    {}", places(change, old, new));
            if verdict != Verdict::Allowed {
                let _ = writeln!(out, "    {}", change.rule.reason());
            }
        }
        out.push('\n');
    }
    let breaking = found.breaking().count();
    let _ = match found.step() {
        None => writeln!(out, "nothing changed"),
        Some(step) => {
            let (all, step) = (count(found.changes.len(), "change"), step.name());
            writeln!(out, "{all}, of which {breaking} may break; a generated crate takes a {step} step")
        }
    };
    out
}

fn places(change: &Change, old: &Sources, new: &Sources) -> String {
    let was = change.old.map(|s| format!("was {}", old.locate(s)));
    let is = change.new.map(|s| new.locate(s));
    [is, was].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

#[derive(Serialize)]
struct Place<'a> {
    file: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct Line<'a> {
    rule: &'static str,
    verdict: &'static str,
    step: &'static str,
    subject: &'a str,
    message: &'a str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<Place<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<Place<'a>>,
}

#[derive(Serialize)]
struct Summary {
    step: Option<&'static str>,
    changes: usize,
    breaking: usize,
}

fn json(found: &Compatibility, old: &Sources, new: &Sources) -> Result<String> {
    let place = |sources, span: Option<Span>| span.map(|span| locate(sources, span));
    let mut out = String::new();
    for change in &found.changes {
        let line = Line {
            rule: change.rule.name(),
            verdict: change.rule.verdict().name(),
            step: change.rule.step().name(),
            subject: &change.subject,
            message: &change.message,
            reason: change.rule.reason(),
            old: place(old, change.old),
            new: place(new, change.new),
        };
        out.push_str(&serde_json::to_string(&line)?);
        out.push('\n');
    }
    let summary = Summary {
        step: found.step().map(Step::name),
        changes: found.changes.len(),
        breaking: found.breaking().count(),
    };
    out.push_str(&serde_json::to_string(&summary)?);
    out.push('\n');
    Ok(out)
}

fn locate(sources: &Sources, span: Span) -> Place<'_> {
    let source = sources.get(span.file);
    let at = source.position(span.start);
    Place { file: &source.name, line: at.line, column: at.column }
}
