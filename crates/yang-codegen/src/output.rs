//! Files on disk, written only where they change: an untouched file rebuilds nothing.

use crate::generate::File;
use std::io;
use std::path::{Path, PathBuf};

/// A file that could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct OutputError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    pub source: io::Error,
}

/// Writes files below a directory, which is made if need be; gives the paths of those that changed.
///
/// # Errors
/// The first file that cannot be read or written.
pub fn write(directory: &Path, files: &[File]) -> Result<Vec<PathBuf>, OutputError> {
    let mut changed = Vec::new();
    for file in files {
        let path = directory.join(&file.path);
        let at = |source| OutputError { path: path.clone(), source };
        match std::fs::read(&path) {
            Ok(old) if old == file.content => continue,
            Ok(_) => {}
            Err(e) if e.kind() == io::ErrorKind::NotFound => {}
            Err(e) => return Err(at(e)),
        }
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).map_err(at)?;
        }
        std::fs::write(&path, &file.content).map_err(at)?;
        changed.push(path);
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changes_is_written() {
        let dir = tempfile::tempdir().unwrap();
        let file = |path: &str, content: &str| File { path: path.into(), content: content.into() };
        let files = [file("a", "1"), file("sub/b", "2")];
        assert_eq!(write(dir.path(), &files).unwrap().len(), 2);
        assert_eq!(write(dir.path(), &files).unwrap(), Vec::<PathBuf>::new());
        let files = [file("a", "1"), file("sub/b", "3")];
        assert_eq!(write(dir.path(), &files).unwrap(), [dir.path().join("sub/b")]);
    }
}
