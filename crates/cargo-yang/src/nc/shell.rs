//! `shell`: one command after the other in one session, with a history and completion.

use super::Context;
use super::output::line;
use super::verbs::Verb;
use crate::Outcome;
use anyhow::Result;
use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use netconf_runtime::client::Error;
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::validate::Validator;
use rustyline::{CompletionType, Config, Editor, Helper};
use std::collections::BTreeSet;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;
use yang_schema::{NodeRef, Schema};

/// A line of the shell.
#[derive(Parser)]
#[command(name = "", no_binary_name = true, disable_version_flag = true, infer_subcommands = true)]
#[command(after_help = "`quit`, `exit` or `bye` ends the shell; so does Ctrl-D.")]
struct Line {
    #[command(subcommand)]
    verb: Verb,
}

/// What ends the shell.
const ENDS: [&str; 3] = ["quit", "exit", "bye"];

pub(crate) async fn run(context: &mut Context) -> Result<Outcome> {
    let mut worst = Outcome::Done;
    let interactive = std::io::stdin().is_terminal();
    let mut lines = Lines::new(context.schema.clone(), interactive)?;
    while let Some(text) = tokio::task::block_in_place(|| lines.next())? {
        let text = text.trim();
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if ENDS.contains(&text) {
            break;
        }
        let verb = match parse(text) {
            Ok(verb) => verb,
            Err(said) => {
                _ = writeln!(std::io::stderr(), "{}", said.trim_end());
                worst = worst.max(Outcome::Faulty);
                continue;
            }
        };
        if let Err(error) = verb.once(context, true).await {
            // What goes wrong is said, and the next command is asked for, while there is a session.
            let over = error.downcast_ref::<Error>().is_some_and(Error::is_session_over);
            if over || context.session.ended().is_some() {
                return Err(error);
            }
            _ = writeln!(std::io::stderr(), "error: {}", crate::told(&error));
            worst = worst.max(Outcome::Faulty);
        }
    }
    // Who types sees what went wrong; a script is told.
    Ok(if interactive { Outcome::Done } else { worst })
}

fn parse(text: &str) -> Result<Verb, String> {
    let words = words(text).map_err(str::to_owned)?;
    let mut command = Line::command();
    let matches = command.try_get_matches_from_mut(words).map_err(|e| e.to_string())?;
    Line::from_arg_matches(&matches).map(|line| line.verb).map_err(|e| e.to_string())
}

/// The words of a line. Quotes hold white space together; there are no escapes, which filters would be full of.
fn words(text: &str) -> Result<Vec<String>, &'static str> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in text.chars() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'')
                if word.is_none()
                    || word.as_deref().is_some_and(|w| w.ends_with('=') && w.starts_with("--")) =>
            {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    if quote.is_some() {
        return Err("error: a quote is not closed");
    }
    words.extend(word);
    Ok(words)
}

/// Where lines come from: a terminal, or whatever else standard input is.
enum Lines {
    Terminal(Box<Editor<Completion, rustyline::history::FileHistory>>, Option<std::path::PathBuf>),
    Pipe,
}

impl Lines {
    fn new(schema: Option<Arc<Schema>>, interactive: bool) -> Result<Self> {
        if !interactive {
            return Ok(Self::Pipe);
        }
        let config = Config::builder().completion_type(CompletionType::List).auto_add_history(true).build();
        let mut editor = Editor::with_config(config)?;
        editor.set_helper(Some(Completion::new(schema)));
        let history = std::env::home_dir().map(|home| home.join(".cargo-yang-history"));
        if let Some(history) = &history {
            // There is none the first time.
            _ = editor.load_history(history);
        }
        line("`help` lists the commands, `quit` ends; Tab completes")?;
        Ok(Self::Terminal(Box::new(editor), history))
    }

    fn next(&mut self) -> Result<Option<String>> {
        match self {
            Self::Pipe => {
                let mut text = String::new();
                Ok((std::io::stdin().lock().read_line(&mut text)? > 0).then_some(text))
            }
            Self::Terminal(editor, _) => match editor.readline("netconf> ") {
                Ok(text) => Ok(Some(text)),
                Err(ReadlineError::Interrupted) => Ok(Some(String::new())),
                Err(ReadlineError::Eof) => Ok(None),
                Err(error) => Err(error.into()),
            },
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        if let Self::Terminal(editor, Some(history)) = self {
            _ = editor.save_history(history);
        }
    }
}

/// Completes commands, their options and values, and paths of the device's data.
pub(crate) struct Completion {
    schema: Option<Arc<Schema>>,
}

impl Completion {
    fn new(schema: Option<Arc<Schema>>) -> Self {
        Self { schema }
    }

    /// Where the word begins that is to be completed, and what it may be.
    fn candidates(&self, text: &str) -> (usize, Vec<String>) {
        let start = text.rfind([' ', '\t', '"', '\'']).map_or(0, |at| at + 1);
        let (before, word) = text.split_at(start);
        let mut found: BTreeSet<String> = BTreeSet::new();
        if word.starts_with('/') {
            if let Some(schema) = &self.schema {
                found.extend(paths(schema, word));
            }
            return (start, found.into_iter().collect());
        }
        let command = Line::command();
        let mut words = before.split_whitespace();
        match words.next() {
            None => {
                found.extend(command.get_subcommands().map(|c| c.get_name().to_owned()));
                found.extend(ENDS.iter().map(|&e| e.to_owned()));
                found.insert("help".to_owned());
            }
            Some(verb) => {
                let Some(verb) = command.find_subcommand(verb) else { return (start, Vec::new()) };
                let last = words.next_back();
                let values = |argument: &clap::Arg| {
                    let values = argument.get_possible_values();
                    values.into_iter().map(|v| v.get_name().to_owned()).collect::<Vec<_>>()
                };
                let long = |argument: &clap::Arg| argument.get_long().map(|l| format!("--{l}"));
                let option = verb.get_arguments().find(|a| last.is_some() && long(a).as_deref() == last);
                match option.filter(|a| a.get_action().takes_values()) {
                    Some(option) => found.extend(values(option)),
                    None => {
                        found.extend(verb.get_arguments().filter_map(long));
                        found.extend(verb.get_positionals().flat_map(values));
                    }
                }
            }
        }
        found.retain(|c| c.starts_with(word));
        (start, found.into_iter().collect())
    }
}

/// How a path may go on: with the data nodes below what its complete steps lead to, named as an XPath filter names them.
fn paths(schema: &Schema, path: &str) -> Vec<String> {
    let (above, _) = path.rsplit_once('/').unwrap_or(("", path));
    let mut at = schema.root();
    for step in above.split('/').filter(|s| !s.is_empty()) {
        let step = step.split('[').next().unwrap_or(step);
        let Some(next) = at.data_children().find(|n| name(*n) == step) else { return Vec::new() };
        at = next;
    }
    let all = at.data_children().map(|n| format!("{above}/{}", name(n)));
    all.filter(|p| p.starts_with(path)).collect()
}

fn name(node: NodeRef<'_>) -> String {
    format!("{}:{}", node.module_name(), node.name())
}

impl Helper for Completion {}
impl Highlighter for Completion {}
impl Validator for Completion {}

impl Hinter for Completion {
    type Hint = String;
}

impl Completer for Completion {
    type Candidate = Pair;

    fn complete(
        &self,
        text: &str,
        position: usize,
        _: &rustyline::Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let (start, found) = self.candidates(text.get(..position).unwrap_or(text));
        Ok((start, found.into_iter().map(|c| Pair { display: c.clone(), replacement: c }).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_line() {
        assert_eq!(
            words("get --subtree '<a b=\"c\"/>'  --ns=\"x y\"").unwrap(),
            ["get", "--subtree", "<a b=\"c\"/>", "--ns=x y"]
        );
        // Quotes inside of a word are its own: predicates have them.
        assert_eq!(words("get --xpath /a[b='c']").unwrap(), ["get", "--xpath", "/a[b='c']"]);
        assert!(words("get 'a").is_err());
    }

    #[test]
    fn commands_are_parsed() {
        assert!(matches!(parse("commit --confirmed --timeout 5"), Ok(Verb::Commit { confirmed: true, .. })));
        assert!(parse("nonsense").is_err() && parse("commit --timeout 5").is_err());
        assert!(parse("help").err().unwrap().contains("get-config"));
    }

    #[test]
    fn completion() {
        let text = "module m { namespace urn:m; prefix m; container c { list l { key k; leaf k { type string; } leaf v { type string; } } } }";
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("m.yang"), text).unwrap();
        let compilation = yang_parser::Compiler::new().directory(dir.path()).compile();
        let completion = Completion::new(compilation.schema.map(Arc::new));
        for (typed, start, expected) in [
            ("get-c", 0, vec!["get-config"]),
            ("q", 0, vec!["quit"]),
            ("get-config --data", 11, vec!["--datastore"]),
            ("get-config --datastore c", 23, vec!["candidate"]),
            ("lock r", 5, vec!["running"]),
            ("get --xpath /", 12, vec!["/m:c"]),
            ("get --xpath /m:c/m:l[m:k='1']/", 27 + 2, vec![]),
            ("get --xpath /m:c/m:l/m:", 12, vec!["/m:c/m:l/m:k", "/m:c/m:l/m:v"]),
            ("nonsense --x", 9, vec![]),
        ] {
            let (at, found) = completion.candidates(typed);
            assert_eq!(found, expected, "{typed}");
            if !expected.is_empty() {
                assert_eq!(at, start, "{typed}");
            }
        }
    }
}
