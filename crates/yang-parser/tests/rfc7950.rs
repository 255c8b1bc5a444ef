//! RFC 7950 as a ledger of cases: every section about modules, every rule, modules that keep it and modules that break it.
//!
//! `tests/rfc7950/*.md` is read by people and run by the tests:
//!
//! - `# 7.8.2 The key of a list` opens a section of the RFC; a file holds one or several. A section that says nothing about
//!   modules has the single line `No rule about modules: <reason>`.
//! - `## A key names each leaf once.` states one rule in our own words. Below it stand its cases; other prose is free.
//! - A ```` ```yang ```` fence is a module or submodule, or, if it does not begin with either word, what stands in
//!   `module m { yang-version 1.1; namespace "urn:m"; prefix m; … }`. Words behind `yang`: `1` puts that body into a module of
//!   YANG 1, `both` compiles the case twice, as either; `import` has the compiler find the module by name on the search path (it
//!   is asked for all others), under the name `<name>.yang` or one that is given: `import b@2020-01-01.yang`;
//!   `features=x,y` supports only these features of the module (`features=` none); `escapes` replaces `\u{7}` by that character; with
//!   `more` further errors may go unmarked: where the text is broken, they depend on how the parser finds its way back.
//! - All fences below a rule are compiled together as one case, except that a line `---` begins the next case, and so does a
//!   second body in a case. A text with an empty first line is taken as it is, and is a case of its own.
//! - A line of marks says what is expected of the line above it:
//!
//!   ```text
//!       key "a a";
//!   //       ^^^ error invalid-key "named twice"
//!   ```
//!
//!   The carets lie under the exact span of a diagnostic's primary label; then come `error` or `warning`, the code, and, if
//!   wished, a part of the message in quotes. `//   ^^ note "first defined"` asks for a secondary label there. A span that goes on over the
//!   end of the line has `...` behind its carets; one without width is a `|`. Code stands indented by two columns or more, so that
//!   `//` has room. Lines of marks are taken out before the text is compiled.
//!
//! Every error has to be marked and every mark met; warnings may go unmarked. Cases of several modules are compiled in the
//! reverse order too: errors of the same codes are found. A case that fails is printed with its diagnostics and as it would have to be marked.
//! `RFC7950=7.8` runs only the sections that begin so; with `RFC7950_MOVE=1` marks whose line and code are right are moved under
//! the span that was found (look at the change: the place is part of the rule); `RFC7950_SHORT=1` leaves the rendered
//! diagnostics away.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use yang_parser::{Compilation, Compiler, Severity};
use yang_schema::Span;

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rfc7950")
}

#[allow(clippy::print_stderr, reason = "tests report counts")]
fn note(text: &str) {
    eprintln!("{text}");
}

// The files.

/// One `# ` of a file.
#[derive(Debug, Default)]
struct Section {
    number: String,
    reason: Option<String>,
    cases: Vec<Case>,
}

#[derive(Clone, Debug, Default)]
struct Case {
    rule: String,
    fences: Vec<Fence>,
}

#[derive(Clone, Debug, Default)]
struct Fence {
    /// The first and last line of its inside in the file.
    lines: (usize, usize),
    is_body: bool,
    version_1: bool,
    both: bool,
    import: Option<String>,
    features: Option<Vec<String>>,
    escapes: bool,
    more: bool,
    text: Vec<String>,
    marks: Vec<Mark>,
}

/// A line of marks.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Mark {
    /// The line of [`Fence::text`] that it is about, from 0.
    line: usize,
    /// The columns, in characters.
    start: usize,
    width: usize,
    goes_on: bool,
    /// `error`, `warning` or `note`.
    what: String,
    code: String,
    text: Option<String>,
}

impl Mark {
    fn parse(line: usize, text: &str) -> Option<Mark> {
        let rest = text.strip_prefix("//")?;
        let start = 2 + rest.len() - rest.trim_start_matches(' ').len();
        let rest = rest.trim_start_matches(' ');
        let carets = rest.len() - rest.trim_start_matches('^').len();
        let rest = match carets {
            0 => rest.strip_prefix('|')?,
            _ => &rest[carets..],
        };
        let (goes_on, rest) = rest.strip_prefix("...").map_or((false, rest), |r| (true, r));
        let rest = rest.strip_prefix(' ')?.trim();
        let (rest, text) = match rest.split_once('"') {
            Some((head, tail)) => (head.trim(), Some(tail.strip_suffix('"')?.to_owned())),
            None => (rest, None),
        };
        let (what, code) = rest.split_once(' ').unwrap_or((rest, ""));
        matches!(what, "error" | "warning" | "note").then(|| Mark {
            line,
            start,
            width: carets,
            goes_on,
            what: what.to_owned(),
            code: code.trim().to_owned(),
            text,
        })
    }

    fn write(&self) -> String {
        let sign = if self.width == 0 { "|".to_owned() } else { "^".repeat(self.width) };
        let indent = " ".repeat(self.start.saturating_sub(2));
        let mut out = format!("//{indent}{sign}{} {}", if self.goes_on { "..." } else { "" }, self.what);
        if !self.code.is_empty() {
            let _ = write!(out, " {}", self.code);
        }
        if let Some(text) = &self.text {
            let _ = write!(out, " \"{text}\"");
        }
        out
    }

    fn same_place(&self, other: &Mark) -> bool {
        // Columns that the `//` covers cannot be marked.
        let place = |m: &Mark| (m.line, m.start.max(2), (m.start + m.width).max(2), m.goes_on);
        place(self) == place(other)
    }

    /// Is what was found what this mark asks for?
    fn is_met_by(&self, found: &Mark) -> bool {
        self.same_place(found) && self.asks_for(found)
    }

    fn asks_for(&self, found: &Mark) -> bool {
        self.what == found.what
            && self.code == found.code
            && self.text.as_ref().is_none_or(|t| found.text.as_ref().is_some_and(|f| f.contains(t)))
    }
}

fn read_file(path: &Path) -> Vec<Section> {
    let text = fs::read_to_string(path).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let mut sections: Vec<Section> = Vec::new();
    let mut rule = String::new();
    let mut fresh = true;
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at];
        let place = format!("{}:{}", path.display(), at + 1);
        at += 1;
        if let Some(title) = line.strip_prefix("# ") {
            let number = title.split(' ').next().unwrap_or_default();
            assert!(number.starts_with(|c: char| c.is_ascii_digit()), "{place}: a section has a number");
            sections.push(Section { number: number.to_owned(), ..Section::default() });
            rule.clear();
            continue;
        }
        let Some(section) = sections.last_mut() else {
            panic!("{place}: the first line is `# <section> <title>`");
        };
        if let Some(title) = line.strip_prefix("## ") {
            (rule, fresh) = (title.to_owned(), true);
        } else if let Some(reason) = line.strip_prefix("No rule about modules: ") {
            section.reason = Some(reason.to_owned());
        } else if line == "---" {
            fresh = true;
        } else if let Some(words) = line.strip_prefix("```yang") {
            assert!(!rule.is_empty(), "{place}: a fence stands below a `## ` rule");
            let mut fence = fence(words, &place);
            fence.lines.0 = at;
            while at < lines.len() && lines[at] != "```" {
                match Mark::parse(fence.text.len().wrapping_sub(1), lines[at]) {
                    Some(mark) => fence.marks.push(mark),
                    None => fence.text.push(lines[at].to_owned()),
                }
                at += 1;
            }
            fence.lines.1 = at;
            at += 1;
            fence.is_body = !is_module(&fence.text);
            let last = section.cases.last_mut();
            let alone = fence.text.first().is_some_and(String::is_empty);
            let second_body = |c: &Case| fence.is_body && c.fences.iter().any(|f| f.is_body);
            match last.filter(|c| !fresh && !alone && !second_body(c)) {
                Some(case) => case.fences.push(fence),
                None => section.cases.push(Case { rule: rule.clone(), fences: vec![fence] }),
            }
            fresh = false;
        } else {
            assert!(!line.starts_with("```"), "{place}: fences are ```yang");
        }
    }
    sections
}

fn fence(words: &str, place: &str) -> Fence {
    let mut fence = Fence::default();
    for word in words.split_whitespace() {
        match word {
            "1" => fence.version_1 = true,
            "1.1" => {}
            "both" => fence.both = true,
            "import" => fence.import = Some(String::new()),
            "escapes" => fence.escapes = true,
            "more" => fence.more = true,
            name if name.ends_with(".yang") && fence.import.is_some() => fence.import = Some(name.to_owned()),
            word => match word.strip_prefix("features=") {
                Some(list) => {
                    let list = list.split(',').filter(|f| !f.is_empty());
                    fence.features = Some(list.map(str::to_owned).collect());
                }
                None => panic!("{place}: a fence says `{word}`, which means nothing"),
            },
        }
    }
    fence
}

/// The name of the module or submodule that a text holds.
fn module_name(text: &[String]) -> Option<String> {
    let mut words =
        text.iter().filter(|l| !l.trim_start().starts_with("//")).flat_map(|l| l.split_whitespace());
    let first = words.next()?;
    let name = words.next().unwrap_or_default().trim_matches(['"', '\'', '{', ';']);
    matches!(first, "module" | "submodule").then(|| name.to_owned())
}

fn is_module(text: &[String]) -> bool {
    module_name(text).is_some() || text.first().is_some_and(String::is_empty)
}

fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (digits, after) = after.split_once('}').expect("`\\u{7}`");
        out.push_str(before);
        out.push(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32).expect("a character"));
        rest = after;
    }
    out + rest
}

fn all_files() -> Vec<(PathBuf, Vec<Section>)> {
    let mut paths: Vec<_> = fs::read_dir(directory()).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "md"));
    paths.sort();
    paths.into_iter().map(|p| (p.clone(), read_file(&p))).collect()
}

// Running them.

impl Fence {
    /// What is compiled, and how many lines of it stand before the fence's own.
    fn source(&self, version_1: bool) -> (String, usize) {
        let mut text = self.text.join("\n") + "\n";
        if self.escapes {
            text = unescape(&text);
        }
        if !self.is_body {
            return (text, 0);
        }
        let version = if version_1 { "1" } else { "1.1" };
        (format!("module m {{ yang-version {version}; namespace \"urn:m\"; prefix m;\n{text}}}\n"), 1)
    }

    fn module_name(&self) -> String {
        if self.is_body { "m".to_owned() } else { module_name(&self.text).unwrap_or_default() }
    }
}

/// What the compiler said of each fence, as marks.
struct Outcome {
    compilation: Compilation,
    found: Vec<Vec<Mark>>,
    elsewhere: Vec<String>,
}

impl Case {
    fn versions(&self) -> &[bool] {
        if self.fences.iter().any(|f| f.both) {
            &[true, false]
        } else if self.fences.iter().any(|f| f.version_1) {
            &[true]
        } else {
            &[false]
        }
    }

    fn is_reject(&self) -> bool {
        self.fences.iter().flat_map(|f| &f.marks).any(|m| m.what == "error")
    }

    fn compile(&self, version_1: bool, reverse: bool, scratch: &Path) -> Outcome {
        let _ = fs::remove_dir_all(scratch);
        let mut compiler = Compiler::new();
        let mut names = Vec::new();
        let mut steps: Vec<(usize, &Fence)> = self.fences.iter().enumerate().collect();
        if reverse {
            steps.reverse();
        }
        for (i, fence) in steps {
            let (text, before) = fence.source(version_1);
            let name = match &fence.import {
                Some(file) => {
                    fs::create_dir_all(scratch).unwrap();
                    let file =
                        if file.is_empty() { format!("{}.yang", fence.module_name()) } else { file.clone() };
                    let path = scratch.join(file);
                    fs::write(&path, text).unwrap();
                    path.display().to_string()
                }
                None => {
                    let name = format!("fence {}", i + 1);
                    compiler = compiler.source(&name, text);
                    name
                }
            };
            if let Some(features) = &fence.features {
                compiler = compiler.features(fence.module_name(), features.iter().cloned());
            }
            names.push((name, i, before));
        }
        if scratch.exists() {
            compiler = compiler.search_path(scratch);
        }
        let compilation = compiler.compile();
        let mut found = vec![Vec::new(); self.fences.len()];
        let mut elsewhere = Vec::new();
        for d in &compilation.diagnostics {
            if d.labels.is_empty() {
                elsewhere.push(format!("{} {}: {}", d.severity.name(), d.code, d.message));
            }
            for label in &d.labels {
                let source = compilation.sources.get(label.span.file);
                let Some(&(_, fence, before)) = names.iter().find(|(n, ..)| *n == source.name) else {
                    elsewhere.push(format!("{} in {}", d.code, source.name));
                    continue;
                };
                let (what, code, text) = match label.primary {
                    true => (d.severity.name(), d.code.name(), &d.message),
                    false => ("note", "", &label.text),
                };
                let mut mark = place(&compilation, label.span, before);
                (mark.what, mark.code, mark.text) = (what.to_owned(), code.to_owned(), Some(text.clone()));
                found[fence].push(mark);
            }
        }
        Outcome { compilation, found, elsewhere }
    }
}

fn place(compilation: &Compilation, span: Span, before: usize) -> Mark {
    let source = compilation.sources.get(span.file);
    let (start, end) = (source.position(span.start), source.position(span.end));
    let goes_on = end.line > start.line;
    let line = source.text.lines().nth(start.line as usize - 1).unwrap_or_default();
    let end_column = if goes_on { line.chars().count() + 1 } else { end.column as usize };
    Mark {
        line: (start.line as usize - 1).saturating_sub(before),
        start: start.column as usize - 1,
        width: end_column.saturating_sub(start.column as usize),
        goes_on,
        what: String::new(),
        code: String::new(),
        text: None,
    }
}

/// What is wrong with an outcome: empty if every error is marked and every mark met.
fn problems(case: &Case, outcome: &Outcome) -> Vec<String> {
    let mut problems = outcome.elsewhere.clone();
    for (i, (fence, found)) in case.fences.iter().zip(&outcome.found).enumerate() {
        for mark in &fence.marks {
            if !found.iter().any(|f| mark.is_met_by(f)) {
                problems.push(format!(
                    "fence {}: not met: {}",
                    i + 1,
                    mark.write().trim_start_matches("//").trim()
                ));
            }
        }
        for f in found.iter().filter(|f| f.what == "error" && !fence.more) {
            if !fence.marks.iter().any(|m| m.is_met_by(f)) {
                problems.push(format!("fence {}: not marked: error {}", i + 1, f.code));
            }
        }
    }
    problems
}

/// The case as it would have to be marked.
fn marked_up(case: &Case, outcome: &Outcome) -> String {
    let mut out = String::new();
    for (fence, found) in case.fences.iter().zip(&outcome.found) {
        let wanted = |f: &&Mark| f.what == "error" || fence.marks.iter().any(|m| m.what == f.what);
        for (i, line) in fence.text.iter().enumerate() {
            let _ = writeln!(out, "{line}");
            for mark in found.iter().filter(wanted).filter(|f| f.line == i) {
                // The message stands above; few cases want it.
                let _ = writeln!(out, "{}", Mark { text: None, ..mark.clone() }.write());
            }
        }
        // What lies behind the last line, as an unclosed block does.
        for mark in found.iter().filter(wanted).filter(|f| f.line >= fence.text.len()) {
            let _ = writeln!(out, "(line {}) {}", mark.line + 1, mark.write());
        }
        out.push_str("```\n");
    }
    out
}

fn codes(compilation: &Compilation) -> BTreeSet<&'static str> {
    let errors = compilation.diagnostics.iter().filter(|d| d.severity == Severity::Error);
    errors.map(|d| d.code.name()).collect()
}

#[test]
fn every_rule_holds() {
    let filter = std::env::var("RFC7950").unwrap_or_default();
    let short = std::env::var_os("RFC7950_SHORT").is_some();
    let move_marks = std::env::var_os("RFC7950_MOVE").is_some();
    let scratch = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("rfc7950-{}", std::process::id()));
    let (mut accepted, mut rejected, mut failed) = (0, 0, Vec::new());
    for (path, sections) in all_files() {
        let mut moves = BTreeMap::new();
        for case in sections.iter().filter(|s| s.number.starts_with(&filter)).flat_map(|s| &s.cases) {
            *(if case.is_reject() { &mut rejected } else { &mut accepted }) += 1;
            for &version_1 in case.versions() {
                let outcome = case.compile(version_1, false, &scratch);
                let mut problems = problems(case, &outcome);
                if problems.is_empty() && case.fences.len() > 1 {
                    let again = case.compile(version_1, true, &scratch);
                    if codes(&again.compilation) != codes(&outcome.compilation) {
                        problems.push(format!(
                            "in the reverse order: {:?} instead of {:?}",
                            codes(&again.compilation),
                            codes(&outcome.compilation)
                        ));
                    }
                }
                if problems.is_empty() {
                    continue;
                }
                if move_marks && moved(case, &outcome, &mut moves) {
                    continue;
                }
                failed.push(format!(
                    "{}:{}: {}{}\n{}\n\n{}\n{}",
                    path.file_name().unwrap_or_default().display(),
                    case.fences[0].lines.0,
                    case.rule,
                    if case.versions().len() > 1 && version_1 { " (in YANG 1)" } else { "" },
                    problems.join("\n"),
                    if short { String::new() } else { rendered(&outcome.compilation) },
                    marked_up(case, &outcome)
                ));
                break;
            }
        }
        if !moves.is_empty() {
            rewrite(&path, &moves);
        }
    }
    let _ = fs::remove_dir_all(&scratch);
    note(&format!("RFC 7950: {accepted} cases to accept, {rejected} to reject; {} failed", failed.len()));
    assert!(failed.is_empty(), "\n{}", failed.join("\n========\n"));
}

fn rendered(compilation: &Compilation) -> String {
    #[cfg(feature = "render")]
    return yang_parser::render_human(&compilation.diagnostics, &compilation.sources, false);
    #[cfg(not(feature = "render"))]
    compilation
        .diagnostics
        .iter()
        .map(|d| {
            let place = d.span().map_or(String::new(), |s| compilation.sources.locate(s));
            format!("{place}: {} {}: {}\n", d.severity.name(), d.code, d.message)
        })
        .collect()
}

/// New texts of the fences whose marks are right but for the columns, by their lines in the file.
fn moved(case: &Case, outcome: &Outcome, moves: &mut BTreeMap<(usize, usize), Vec<String>>) -> bool {
    let mut new = Vec::new();
    for (fence, found) in case.fences.iter().zip(&outcome.found) {
        let mut left: Vec<&Mark> = found.iter().collect();
        let mut marks = Vec::new();
        for mark in &fence.marks {
            let on_line = |f: &&Mark| f.line == mark.line && mark.asks_for(f);
            let exact = left.iter().position(|f| mark.is_met_by(f));
            let Some(at) = exact.or_else(|| left.iter().position(on_line)) else { return false };
            let f = left.remove(at);
            marks.push(Mark { start: f.start, width: f.width, goes_on: f.goes_on, ..mark.clone() });
        }
        if !fence.more && left.iter().any(|f| f.what == "error" && !marks.iter().any(|m| m.is_met_by(f))) {
            return false;
        }
        let mut text = Vec::new();
        for (i, line) in fence.text.iter().enumerate() {
            text.push(line.clone());
            text.extend(marks.iter().filter(|m| m.line == i).map(Mark::write));
        }
        new.push((fence.lines, text));
    }
    moves.extend(new);
    true
}

fn rewrite(path: &Path, moves: &BTreeMap<(usize, usize), Vec<String>>) {
    let text = fs::read_to_string(path).unwrap();
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (&(first, end), new) in moves.iter().rev() {
        lines.splice(first..end, new.iter().cloned());
    }
    fs::write(path, lines.join("\n") + "\n").unwrap();
}

// The ledger.

/// The sections of RFC 7950 from 5 to 14, as its table of contents has them.
const SECTIONS: &str = "
    5
    5.1 5.1.1 5.1.2
    5.2
    5.3 5.3.1
    5.4
    5.5
    5.6 5.6.1 5.6.2 5.6.3 5.6.4 5.6.5
    5.7
    6
    6.1 6.1.1 6.1.2 6.1.3
    6.2 6.2.1
    6.3 6.3.1
    6.4 6.4.1
    6.5
    7
    7.1 7.1.1 7.1.2 7.1.3 7.1.4 7.1.5 7.1.6 7.1.7 7.1.8 7.1.9 7.1.10
    7.2 7.2.1 7.2.2 7.2.3
    7.3 7.3.1 7.3.2 7.3.3 7.3.4 7.3.5
    7.4 7.4.1
    7.5 7.5.1 7.5.2 7.5.3 7.5.4 7.5.5 7.5.6 7.5.7 7.5.8 7.5.9
    7.6 7.6.1 7.6.2 7.6.3 7.6.4 7.6.5 7.6.6 7.6.7 7.6.8
    7.7 7.7.1 7.7.2 7.7.3 7.7.4 7.7.5 7.7.6 7.7.7 7.7.8 7.7.9 7.7.10
    7.8 7.8.1 7.8.2 7.8.3 7.8.4 7.8.5 7.8.6 7.8.7
    7.9 7.9.1 7.9.2 7.9.3 7.9.4 7.9.5 7.9.6
    7.10 7.10.1 7.10.2 7.10.3 7.10.4
    7.11 7.11.1 7.11.2 7.11.3 7.11.4
    7.12 7.12.1 7.12.2
    7.13 7.13.1 7.13.2 7.13.3 7.13.4
    7.14 7.14.1 7.14.2 7.14.3 7.14.4 7.14.5
    7.15 7.15.1 7.15.2 7.15.3
    7.16 7.16.1 7.16.2 7.16.3
    7.17 7.17.1 7.17.2 7.17.3
    7.18 7.18.1 7.18.2 7.18.3
    7.19 7.19.1 7.19.2 7.19.3
    7.20 7.20.1 7.20.2 7.20.3
    7.21 7.21.1 7.21.2 7.21.3 7.21.4 7.21.5
    8
    8.1
    8.2
    8.3 8.3.1 8.3.2 8.3.3
    9
    9.1
    9.2 9.2.1 9.2.2 9.2.3 9.2.4 9.2.5
    9.3 9.3.1 9.3.2 9.3.3 9.3.4 9.3.5
    9.4 9.4.1 9.4.2 9.4.3 9.4.4 9.4.5 9.4.6 9.4.7
    9.5 9.5.1 9.5.2 9.5.3
    9.6 9.6.1 9.6.2 9.6.3 9.6.4 9.6.5
    9.7 9.7.1 9.7.2 9.7.3 9.7.4 9.7.5
    9.8 9.8.1 9.8.2 9.8.3
    9.9 9.9.1 9.9.2 9.9.3 9.9.4 9.9.5 9.9.6
    9.10 9.10.1 9.10.2 9.10.3 9.10.4 9.10.5
    9.11 9.11.1 9.11.2 9.11.3 9.11.4
    9.12 9.12.1 9.12.2 9.12.3 9.12.4
    9.13 9.13.1 9.13.2 9.13.3 9.13.4
    10
    10.1 10.1.1
    10.2 10.2.1
    10.3 10.3.1
    10.4 10.4.1 10.4.2
    10.5 10.5.1
    10.6 10.6.1
    11
    12
    13
    13.1 13.1.1
    14
";

fn numbers() -> Vec<String> {
    SECTIONS.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn ledger() {
    let mut problems = Vec::new();
    let mut seen = BTreeSet::new();
    for (path, sections) in all_files() {
        for section in sections {
            let place =
                format!("{}: section {}", path.file_name().unwrap_or_default().display(), section.number);
            let rejects = section.cases.iter().filter(|c| c.is_reject()).count();
            let accepts = section.cases.len() - rejects;
            match &section.reason {
                Some(_) if !section.cases.is_empty() => {
                    problems.push(format!("{place} has no rule, and cases"))
                }
                None if accepts == 0 => problems.push(format!("{place} has no case to accept")),
                None if rejects == 0 => problems.push(format!("{place} has no case to reject")),
                _ => {}
            }
            if !numbers().contains(&section.number) {
                problems.push(format!("{place} is not in the RFC's table of contents"));
            }
            seen.insert(section.number);
        }
    }
    for number in numbers() {
        if !seen.contains(&number) {
            problems.push(format!("no file has a section `# {number} …`"));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn sections_are_those_of_the_rfc() {
    let Some(corpus) = std::env::var_os("YANG_CORPUS") else {
        note("skipped: YANG_CORPUS is not set");
        return;
    };
    let path = Path::new(&corpus).join("rfc/rfc7950.txt");
    let Ok(text) = fs::read_to_string(&path) else {
        note(&format!("skipped: there is no {}", path.display()));
        return;
    };
    let mut contents = Vec::new();
    let table = text.lines().skip_while(|l| !l.starts_with("Table of Contents")).skip(1);
    for line in table.take_while(|l| !l.trim_start().starts_with("15.")) {
        let number = line.split_whitespace().next().unwrap_or_default().trim_end_matches('.');
        let chapter = number.split('.').next().and_then(|c| c.parse::<u32>().ok());
        let is_number = number.split('.').all(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
        if is_number && chapter.is_some_and(|c| (5..=14).contains(&c)) {
            contents.push(number.to_owned());
        }
    }
    assert_eq!(numbers(), contents);
}
