//! The modules of a device: downloaded, and compiled.

use super::target::Target;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::client::{Error, ModuleSet, Session};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_parser::{Compiler, Severity};
use yang_schema::Schema;

/// What becomes of modules that are there already.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// They are kept: a revision does not change.
    Keep,
    /// They are downloaded again.
    Replace,
}

/// What came of a download.
#[derive(Debug, Default)]
pub(crate) struct Downloaded {
    /// Names with revisions.
    pub(crate) written: Vec<String>,
    pub(crate) kept: Vec<String>,
    /// What the device names and does not give, and what it says.
    pub(crate) missing: Vec<(String, String)>,
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

/// A name that can be one of a file. It comes from the device.
fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && name.len() <= 200
}

fn file_name(name: &str, revision: Option<&str>) -> String {
    match revision {
        Some(revision) => format!("{name}@{revision}.yang"),
        None => format!("{name}.yang"),
    }
}

/// All modules and submodules that a device names.
fn wanted(modules: &ModuleSet) -> BTreeMap<(String, Option<String>), ()> {
    let mut all = BTreeMap::new();
    for module in modules.iter() {
        all.insert((module.name.clone(), module.revision.clone()), ());
        for submodule in &module.submodules {
            all.insert(submodule.clone(), ());
        }
    }
    all
}

/// Downloads all modules that the device names, and those that they name in turn.
pub(crate) async fn download(session: &Session, directory: &Path, found: Found) -> Result<Downloaded> {
    std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
    let mut done = Downloaded::default();
    let mut seen = BTreeSet::new();
    let mut next: Vec<(String, Option<String>)> = wanted(session.modules().await?).into_keys().collect();
    while !next.is_empty() {
        let mut texts = Vec::new();
        for (name, revision) in std::mem::take(&mut next) {
            let shown = revision.as_ref().map_or_else(|| name.clone(), |r| format!("{name}@{r}"));
            if !seen.insert((name.clone(), revision.clone())) {
                continue;
            }
            if !is_name(&name) || !revision.as_deref().is_none_or(is_date) {
                done.missing.push((shown, "that is no name of a module".to_owned()));
                continue;
            }
            let path = directory.join(file_name(&name, revision.as_deref()));
            if found == Found::Keep
                && let Ok(text) = std::fs::read_to_string(&path)
            {
                done.kept.push(shown);
                texts.push(text);
                continue;
            }
            let asked = session.get_schema(name.as_str());
            let asked = match &revision {
                Some(revision) => asked.version(revision.as_str()),
                None => asked,
            };
            match asked.await {
                Ok(text) => {
                    std::fs::write(&path, &text)
                        .with_context(|| format!("cannot write {}", path.display()))?;
                    done.written.push(shown);
                    texts.push(text);
                }
                Err(Error::Rpc(errors)) => done.missing.push((shown, errors.to_string())),
                Err(error) => return Err(error.into()),
            }
        }
        // What a device does not name it may give still: modules that others import or include.
        let known: BTreeSet<&String> = seen.iter().map(|(name, _)| name).collect();
        for text in &texts {
            for (name, revision) in references(text) {
                if !known.contains(&name) && is_name(&name) {
                    next.push((name, revision));
                }
            }
        }
        next.sort();
        next.dedup();
    }
    Ok(done)
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// The modules and submodules that a text imports and includes, without revisions: the one that is asked for is the device's to choose.
fn references(text: &str) -> Vec<(String, Option<String>)> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line
            .split(|c: char| c.is_whitespace() || matches!(c, '{' | ';' | '"' | '\''))
            .filter(|w| !w.is_empty());
        if let (Some("import" | "include"), Some(name)) = (words.next(), words.next())
            && is_name(name)
        {
            found.push((name.to_owned(), None));
        }
    }
    found
}

/// Compiles the modules that the device implements, out of these directories. What is not in them is left out.
pub(crate) async fn compile(session: &Session, directories: &[PathBuf]) -> Result<Arc<Schema>> {
    let modules = session.modules().await?;
    let mut files = BTreeSet::new();
    for directory in crate::models::search_path(directories)? {
        collect(directory, &mut files)?;
    }
    let mut compiler = Compiler::new();
    for directory in directories {
        compiler = compiler.search_path(directory);
    }
    let mut any = false;
    for module in modules.iter().filter(|m| m.import_only != Some(true)) {
        let exact = module.revision.as_ref().map(|r| format!("{}@{r}", module.name));
        let named = exact.filter(|name| files.contains(name)).or_else(|| {
            let prefix = format!("{}@", module.name);
            let there = files.iter().any(|f| *f == module.name || f.starts_with(&prefix));
            there.then(|| module.name.clone())
        });
        let Some(named) = named else { continue };
        any = true;
        compiler = compiler.module(&named);
        // A device that tells of modules by monitoring alone does not tell of their features.
        if module.import_only == Some(false) {
            compiler = compiler.features(&module.name, module.features.iter().map(String::as_str));
        }
    }
    if !any {
        for directory in directories {
            compiler = compiler.directory(directory);
        }
    }
    let mut compilation = compiler.compile();
    compilation.diagnostics.retain(|d| d.severity == Severity::Error);
    match compilation.schema {
        Some(schema) => Ok(Arc::new(schema)),
        None => {
            crate::models::show(&compilation.diagnostics, &compilation.sources);
            bail!("the device's modules have errors: `--output xml` does without them")
        }
    }
}

/// The names of the module files in a directory, and in those below it, without their ending.
fn collect(directory: &Path, files: &mut BTreeSet<String>) -> Result<()> {
    let entries =
        std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else if let Some(name) =
            path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".yang"))
        {
            files.insert(name.to_owned());
        }
    }
    Ok(())
}

/// Says what came of a download.
pub(crate) fn report(done: &Downloaded, directory: &Path) -> Result<()> {
    let mut err = std::io::stderr().lock();
    for (name, why) in &done.missing {
        writeln!(err, "warning: {name} is missing: {why}")?;
    }
    let count = crate::models::count(done.written.len() + done.kept.len(), "module");
    writeln!(err, "{count} in {}, {} of them new", directory.display(), done.written.len())?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_names() {
        for name in ["ietf-ip", "_x", "a.b"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "../x", "a/b", "-x", "a b", ".x"] {
            assert!(!is_name(name), "{name}");
        }
        assert!(is_date("2020-01-01") && !is_date("../../x-y-z"));
    }

    #[test]
    fn what_a_module_names() {
        let text = "module a {\n  import b { prefix b; }\n  include \"c\";\n\timport 'd'{\n  // import-x y\n  leaf import;";
        let names: Vec<_> = references(text).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "c", "d"]);
    }
}
