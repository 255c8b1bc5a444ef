//! The modules of a device: downloaded, and compiled.

use super::target::Target;
use crate::library::{Asking, Files, Library, is_name, references};
use anyhow::{Context as _, Result, bail};
use netconf_runtime::client::{Error, ModuleSet, Session};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_parser::{Compiler, Severity};
use yang_schema::Schema;

/// So many modules are asked for before the first has come.
const AT_ONCE: usize = 16;

/// A device that names more modules than this, and others in those, is not believed.
const MOST: usize = 20_000;

/// What becomes of modules that are there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// They are kept: a revision does not change.
    Keep,
    /// They are downloaded again, and what an earlier download left and the device has no more goes.
    Replace,
}

/// What came of a download.
#[derive(Debug, Default)]
pub(crate) struct Downloaded {
    /// The files of all modules.
    files: BTreeSet<String>,
    /// How many of them are new, or other than they were.
    new: usize,
    /// How many of an earlier download are gone.
    gone: usize,
    /// What the device names and does not give, and what it says.
    missing: Vec<(String, String)>,
}

/// Where the modules of a device are kept.
pub(crate) fn cache(target: &Target) -> Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|p| p.is_absolute());
    let base = base.or_else(|| std::env::home_dir().map(|home| home.join(".cache")));
    let base = base.context("there is no directory to keep the device's modules in: name one by -p")?;
    // Two devices may have two modules under one name.
    let name: String = target
        .to_string()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '_' })
        .collect();
    Ok(base.join("cargo-yang").join("schemas").join(name))
}

fn file_name(name: &str, revision: Option<&str>) -> String {
    match revision {
        Some(revision) => format!("{name}@{revision}.yang"),
        None => format!("{name}.yang"),
    }
}

/// A module or submodule, and which revision of it.
type Name = (String, Option<String>);

/// All modules and submodules that a device names.
fn wanted(modules: &ModuleSet) -> BTreeSet<Name> {
    let of = |m: &netconf_runtime::client::Module| {
        std::iter::once((m.name.clone(), m.revision.clone())).chain(m.submodules.clone()).collect::<Vec<_>>()
    };
    modules.iter().flat_map(of).collect()
}

/// Downloads all modules that the device names, and those that they name in turn; with them goes what it says of them.
pub(crate) async fn download(session: &Session, directory: &Path, found: Found) -> Result<Downloaded> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let before = Library::load(directory)?;
    let set = session.modules().await?;
    let mut done = Downloaded::default();
    let mut seen: BTreeSet<Name> = BTreeSet::new();
    let mut next: Vec<Name> = wanted(set).into_iter().collect();
    let bar = crate::progress::counter("downloading");
    while !next.is_empty() {
        next.retain(|name| seen.insert(name.clone()));
        if seen.len() > MOST {
            bail!("the device names more than {MOST} modules");
        }
        bar.set_length(seen.len() as u64);
        let mut named = BTreeSet::new();
        for some in std::mem::take(&mut next).chunks(AT_ONCE) {
            let mut texts = tokio::task::JoinSet::new();
            for name in some {
                let (session, directory, name) = (session.clone(), directory.to_owned(), name.clone());
                texts.spawn(async move { (name.clone(), text(&session, &directory, name, found).await) });
            }
            while let Some(come) = texts.join_next().await {
                let ((name, revision), come) = come?;
                bar.inc(1);
                let file = file_name(&name, revision.as_deref());
                match come? {
                    Ok(Text { text, new }) => {
                        done.new += usize::from(new);
                        named.extend(references(&text));
                        done.files.insert(file);
                    }
                    Err(why) => done.missing.push((file.trim_end_matches(".yang").to_owned(), why)),
                }
            }
        }
        // What a device does not name it may give still: modules that others import or include. Which revision is its to choose.
        let known: BTreeSet<&String> = seen.iter().map(|(name, _)| name).collect();
        next.extend(named.into_iter().filter(|name| !known.contains(name)).map(|name| (name, None)));
    }
    bar.finish_and_clear();
    done.missing.sort();
    let old = before.map(|library| library.files).unwrap_or_default();
    if found == Found::Replace {
        // Names of files they are, whoever wrote them down.
        let is_file = |file: &&String| file.strip_suffix(".yang").is_some_and(|f| f.split('@').all(is_part));
        for file in old.difference(&done.files).filter(is_file) {
            done.gone += usize::from(std::fs::remove_file(directory.join(file)).is_ok());
        }
    } else {
        done.files.extend(old);
    }
    Library::new(set, done.files.clone()).write(directory)?;
    Ok(done)
}

/// A part of a file's name: the module's name, or its revision.
fn is_part(text: &str) -> bool {
    is_name(text) || is_date(text)
}

struct Text {
    text: String,
    new: bool,
}

/// The text of a module, which is in its file then; or why there is none.
async fn text(
    session: &Session,
    directory: &Path,
    (name, revision): Name,
    found: Found,
) -> Result<Result<Text, String>> {
    if !is_name(&name) || !revision.as_deref().is_none_or(is_date) {
        return Ok(Err("that is no name of a module".to_owned()));
    }
    let path = directory.join(file_name(&name, revision.as_deref()));
    let old = std::fs::read_to_string(&path).ok();
    if found == Found::Keep
        && let Some(text) = old
    {
        return Ok(Ok(Text { text, new: false }));
    }
    let asked = session.get_schema(name);
    let asked = match revision {
        Some(revision) => asked.version(revision),
        None => asked,
    };
    match asked.await {
        Ok(text) => {
            let new = old.is_none_or(|old| old != text);
            if new {
                std::fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
            }
            Ok(Ok(Text { text, new }))
        }
        Err(Error::Rpc(errors)) => Ok(Err(errors.to_string())),
        Err(error) => Err(error.into()),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Compiles the modules that the device implements, out of these directories. What is not in them is left out.
pub(crate) async fn compile(session: &Session, directories: &[PathBuf]) -> Result<Arc<Schema>> {
    let mut compiler = Compiler::new();
    for directory in crate::models::search_path(directories)? {
        compiler = compiler.search_path(directory);
    }
    let library = Library::new(session.modules().await?, BTreeSet::new());
    let asked = library.asked(Asking::All, &Files::within(directories)?);
    if asked.modules.is_empty() {
        for directory in directories {
            compiler = compiler.directory(directory);
        }
    }
    let mut compilation = crate::models::tell(compiler, &asked).compile();
    compilation.diagnostics.retain(|d| d.severity == Severity::Error);
    match compilation.schema {
        Some(schema) => Ok(Arc::new(schema)),
        None => {
            crate::models::show(&compilation.diagnostics, &compilation.sources);
            bail!("the device's modules have errors: `--output xml` does without them")
        }
    }
}

/// Says what came of a download.
pub(crate) fn report(done: &Downloaded, directory: &Path) -> Result<()> {
    let mut err = std::io::stderr().lock();
    for (name, why) in &done.missing {
        writeln!(err, "warning: the device does not hand out {name}: {why}")?;
    }
    let count = crate::models::count(done.files.len(), "module");
    write!(err, "{count} in {}, {} of them new", directory.display(), done.new)?;
    if done.gone > 0 {
        write!(err, "; {} gone", done.gone)?;
    }
    Ok(writeln!(err)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_files_names() {
        assert!(is_date("2020-01-01") && is_part("ietf-ip") && is_part("2020-01-01"));
        assert!(!is_date("../../x-y-z") && !is_part("..") && !is_part("a/b"));
    }
}
