//! What the verbs that write whole projects share.

use anyhow::{Context as _, Result, bail};
use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// The templates' language.
pub(crate) fn environment() -> Result<Environment<'static>> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(minijinja::UndefinedBehavior::Strict);
    environment.set_syntax(
        SyntaxConfig::builder()
            .keep_trailing_newline(true)
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build()
            .context("the syntax of templates")?,
    );
    Ok(environment)
}

/// A name that a crate, a YANG module and a Rust module can all have.
pub(crate) fn check_name(name: &str) -> Result<()> {
    let ok = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.ends_with('-')
        && !name.contains("--")
        && !name.starts_with("xml");
    if !ok {
        bail!(
            "{name:?} cannot be the name of a crate and a YANG module: take lower-case words joined by hyphens"
        );
    }
    Ok(())
}

/// Where the toolchain's crates come from.
pub(crate) enum Dependency {
    Path(PathBuf),
    Version(String),
}

impl Dependency {
    /// What `--runtime` says.
    pub(crate) fn choose(said: Option<&str>) -> Result<Self> {
        let crates_in = |root: &Path| {
            [root.to_path_buf(), root.join("crates")]
                .into_iter()
                .find(|d| d.join("netconf-runtime/Cargo.toml").is_file())
        };
        match said {
            Some(version)
                if version.starts_with(|c: char| c.is_ascii_digit()) && !Path::new(version).exists() =>
            {
                Ok(Dependency::Version(version.to_owned()))
            }
            Some(path) => {
                let found = crates_in(Path::new(path)).with_context(|| {
                    format!("--runtime {path}: neither a version nor a directory with netconf-runtime")
                })?;
                Ok(Dependency::Path(found.canonicalize()?))
            }
            None => {
                // Built from a checkout, this crate still stands where it was compiled, its sisters beside it.
                let here = Path::new(env!("CARGO_MANIFEST_DIR"));
                Ok(match here.parent().and_then(crates_in) {
                    Some(found) => Dependency::Path(found),
                    None => Dependency::Version(env!("CARGO_PKG_VERSION").to_owned()),
                })
            }
        }
    }

    /// What stands in `Cargo.toml` behind `crate = {`.
    pub(crate) fn of(&self, name: &str) -> String {
        match self {
            Dependency::Path(crates) => format!("path = {:?}", crates.join(name).display().to_string()),
            Dependency::Version(version) => format!("version = {version:?}"),
        }
    }
}

/// Writes a project where there is none: nothing is overwritten, and on a conflict nothing is written.
pub(crate) fn write_new(root: &Path, files: &BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    for path in files.keys() {
        let path = root.join(path);
        if path.symlink_metadata().is_ok() {
            bail!("{} is there already, and is left as it is", path.display());
        }
    }
    for (path, content) in files {
        let path = root.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).with_context(|| parent.display().to_string())?;
        }
        let mut file =
            fs::File::create_new(&path).with_context(|| format!("{} cannot be made", path.display()))?;
        file.write_all(content).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_serve_three_languages() {
        for good in ["a", "my-device", "x25"] {
            assert!(check_name(good).is_ok(), "{good}");
        }
        for bad in ["", "My", "a_b", "1a", "a-", "a--b", "xml-device", "é"] {
            assert!(check_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn nothing_is_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("b"), "mine").unwrap();
        let files = BTreeMap::from([("a".into(), b"1".to_vec()), ("b".into(), b"2".to_vec())]);
        let error = write_new(dir.path(), &files).unwrap_err().to_string();
        assert!(error.contains("is there already"), "{error}");
        assert_eq!(fs::read(dir.path().join("b")).unwrap(), b"mine");
        assert!(!dir.path().join("a").exists());
    }
}
