//! Finding the files of modules by name and revision (RFC 7950 section 5.2).

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A file whose name says that it holds the module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Candidate {
    /// `name@revision.yang`, or `.yin`.
    pub(crate) revision: Option<String>,
    pub(crate) path: PathBuf,
}

/// The directories to search, listed when they are first needed.
#[derive(Default, Debug)]
pub(crate) struct SearchPath {
    directories: Vec<(PathBuf, bool)>,
    index: Option<BTreeMap<String, Vec<Candidate>>>,
}

impl SearchPath {
    /// Adds a directory; one that is there already may become recursive.
    pub(crate) fn add(&mut self, directory: &Path, recursive: bool) {
        self.index = None;
        match self.directories.iter_mut().find(|(d, _)| d == directory) {
            Some((_, r)) => *r |= recursive,
            None => self.directories.push((directory.to_owned(), recursive)),
        }
    }

    /// The files that may hold the module: those of earlier directories first.
    pub(crate) fn candidates(&mut self, name: &str) -> &[Candidate] {
        let directories = &self.directories;
        let index = self.index.get_or_insert_with(|| {
            let mut index: BTreeMap<String, Vec<Candidate>> = BTreeMap::new();
            for (directory, recursive) in directories {
                // A directory that cannot be listed holds nothing that could be found; the missing module is reported.
                for path in yang_files(directory, *recursive).unwrap_or_default() {
                    if let Some((name, revision)) = name_of(&path) {
                        index.entry(name).or_default().push(Candidate { revision, path });
                    }
                }
            }
            index
        });
        index.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names that there are files for.
    pub(crate) fn names(&mut self) -> impl Iterator<Item = &str> {
        self.candidates("");
        self.index.iter().flatten().map(|(name, _)| name.as_str())
    }
}

/// Module name and revision as a file's name has them.
pub(crate) fn name_of(path: &Path) -> Option<(String, Option<String>)> {
    let name = path.file_name()?.to_str()?;
    let stem = name.strip_suffix(".yang").or_else(|| name.strip_suffix(".yin"))?;
    Some(match stem.split_once('@') {
        Some((name, revision)) => (name.to_owned(), Some(revision.to_owned())),
        None => (stem.to_owned(), None),
    })
}

/// All `.yang` and `.yin` files of a directory, and of those below it if asked for, in the order of their names. Hidden
/// directories are left out, and so is YIN beside YANG of the same name.
pub fn yang_files(directory: &Path, recursive: bool) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut seen = HashSet::new();
    let mut queue = vec![directory.to_owned()];
    let mut first = true;
    while let Some(next) = queue.pop() {
        // Links may lead in a circle.
        let listed = fs::canonicalize(&next)
            .and_then(|real| if seen.insert(real) { fs::read_dir(&next).map(Some) } else { Ok(None) });
        let entries = match listed {
            Ok(Some(entries)) => entries,
            Ok(None) => continue,
            Err(e) if first => return Err(e),
            Err(_) => continue,
        };
        first = false;
        let mut paths: Vec<PathBuf> = entries.filter_map(Result::ok).map(|e| e.path()).collect();
        paths.sort();
        for path in &paths {
            let is_module = match path.extension().and_then(|e| e.to_str()) {
                Some("yang") => true,
                Some("yin") => paths.binary_search(&path.with_extension("yang")).is_err(),
                _ => false,
            };
            if is_module && path.is_file() {
                found.push(path.clone());
            }
        }
        if recursive {
            let hidden = |p: &Path| p.file_name().is_none_or(|n| n.to_string_lossy().starts_with('.'));
            queue.extend(paths.into_iter().rev().filter(|p| !hidden(p) && p.is_dir()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files() {
        assert_eq!(name_of(Path::new("x/a.yang")), Some(("a".into(), None)));
        assert_eq!(name_of(Path::new("a@2020-01-01.yang")), Some(("a".into(), Some("2020-01-01".into()))));
        assert_eq!(name_of(Path::new("a.yin")), Some(("a".into(), None)));
        assert_eq!(name_of(Path::new("a.txt")), None);
    }

    #[test]
    fn yin_counts_where_there_is_no_yang() {
        let directory = std::env::temp_dir().join(format!("yang-parser-search-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        for name in ["a.yang", "a.yin", "b.yin", "c.txt"] {
            fs::write(directory.join(name), "").unwrap();
        }
        let found = yang_files(&directory, false).unwrap();
        let names: Vec<_> = found.iter().map(|p| p.file_name().unwrap().to_str().unwrap()).collect();
        fs::remove_dir_all(&directory).unwrap();
        assert_eq!(names, ["a.yang", "b.yin"]);
    }
}
