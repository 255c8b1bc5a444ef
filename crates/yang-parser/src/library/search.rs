//! Finding the files of modules by name and revision (RFC 7950 section 5.2).

use std::collections::{BTreeMap, HashSet};
use std::ffi::OsString;
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
    index: BTreeMap<String, Vec<Candidate>>,
    /// So many of the directories are in the index.
    indexed: usize,
    /// Directories without links in their paths whose files are in the index: one may stand below another.
    listed: HashSet<PathBuf>,
}

impl SearchPath {
    /// Adds a directory; one that is there already may become recursive.
    pub(crate) fn add(&mut self, directory: &Path, recursive: bool) {
        match self.directories.iter_mut().find(|(d, _)| d == directory) {
            Some((_, r)) if recursive && !*r => {
                *r = true;
                self.index.clear();
                self.listed.clear();
                self.indexed = 0;
            }
            Some(_) => {}
            None => self.directories.push((directory.to_owned(), recursive)),
        }
    }

    /// The files that may hold the module: those of earlier directories first.
    pub(crate) fn candidates(&mut self, name: &str) -> &[Candidate] {
        while let Some((directory, recursive)) = self.directories.get(self.indexed) {
            self.indexed += 1;
            // A directory that cannot be listed holds nothing that could be found; the missing module is reported.
            for path in list(directory, *recursive, &mut self.listed).unwrap_or_default() {
                if let Some((name, revision)) = name_of(&path) {
                    self.index.entry(name).or_default().push(Candidate { revision, path });
                }
            }
        }
        self.index.get(name).map_or(&[], Vec::as_slice)
    }

    /// All names that there are files for.
    pub(crate) fn names(&mut self) -> impl Iterator<Item = &str> {
        self.candidates("");
        self.index.keys().map(String::as_str)
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
    list(directory, recursive, &mut HashSet::new())
}

/// The same without the files of directories that were listed before.
fn list(directory: &Path, recursive: bool, listed: &mut HashSet<PathBuf>) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut queue = vec![directory.to_owned()];
    // Links may lead in a circle.
    let mut seen = HashSet::new();
    while let Some(next) = queue.pop() {
        let entries = match fs::canonicalize(&next) {
            Ok(real) if !seen.insert(real.clone()) => continue,
            Ok(real) => match listed.insert(real) {
                false if !recursive => continue,
                new => fs::read_dir(&next).map(|entries| (entries, new)),
            },
            Err(e) => Err(e),
        };
        let (entries, new) = match entries {
            Ok(entries) => entries,
            Err(e) if seen.len() <= 1 => return Err(e),
            Err(_) => continue,
        };
        let mut directories = Vec::new();
        let mut files = Vec::new();
        for entry in entries.filter_map(Result::ok) {
            let name = entry.file_name();
            let is_module = Path::new(&name).extension().is_some_and(|e| e == "yang" || e == "yin");
            let hidden = name.to_string_lossy().starts_with('.');
            let Ok(mut kind) = entry.file_type() else { continue };
            if kind.is_symlink() {
                match entry.path().metadata() {
                    Ok(target) => kind = target.file_type(),
                    Err(_) => continue,
                }
            }
            if is_module && new && kind.is_file() {
                files.push(name);
            } else if recursive && !hidden && kind.is_dir() {
                directories.push(name);
            }
        }
        files.sort_unstable();
        let yang = |name: &OsString| Path::new(name).with_extension("yang").into_os_string();
        let yin_beside_yang: Vec<bool> = files
            .iter()
            .map(|name| yang(name) != *name && files.binary_search(&yang(name)).is_ok())
            .collect();
        let mut beside = yin_beside_yang.into_iter();
        files.retain(|_| beside.next() == Some(false));
        directories.sort_unstable();
        found.extend(files.into_iter().map(|name| next.join(name)));
        queue.extend(directories.into_iter().rev().map(|name| next.join(name)));
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
