//! `file:` URLs below one directory, which a server names.

use super::{Errors, blocking, one, percent_decoded, refused};
use crate::rpc_error::RpcError;
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

/// Where the files are.
#[derive(Clone)]
pub(super) struct Files {
    root: PathBuf,
}

/// A file that a URL names.
#[derive(Clone, Debug)]
pub(super) struct FileUrl {
    /// As the client said it.
    text: String,
    /// Below the root.
    path: PathBuf,
}

impl FileUrl {
    /// Do both name one file?
    pub(super) fn is(&self, other: &Self) -> bool {
        self.path == other.path
    }
}

impl Files {
    /// # Errors
    /// The directory is not there.
    pub(super) fn new(root: &Path) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is no directory"));
        }
        Ok(Self { root })
    }

    /// The file that a URL names, whose part behind `file:` is `rest`. Nothing that leads out of the directory is one.
    pub(super) fn parse(&self, text: &str, rest: &str) -> Result<FileUrl, RpcError> {
        let rest = match rest.strip_prefix("//") {
            None => rest,
            Some(authority) => match authority.find('/') {
                Some(at) if matches!(&authority[..at], "" | "localhost") => &authority[at..],
                _ => return Err(refused(text, "a file has no host")),
            },
        };
        if rest.contains(['?', '#']) {
            return Err(refused(text, "a file has no query and no fragment"));
        }
        let Some(decoded) = percent_decoded(rest.trim_start_matches('/')) else {
            return Err(refused(
                text,
                "a % in it is followed by no two hexadecimal digits, or it is no UTF-8",
            ));
        };
        let path = Path::new(&decoded);
        let is_plain = path.components().all(|c| matches!(c, Component::Normal(_)));
        if decoded.is_empty() || decoded.contains('\0') || !is_plain {
            return Err(refused(text, "it names no file below the directory of this server"));
        }
        Ok(FileUrl { text: text.to_owned(), path: self.root.join(path) })
    }

    /// The bytes of a file, `most` of them at most.
    pub(super) async fn read(&self, url: FileUrl, most: u64) -> Result<Vec<u8>, Errors> {
        let root = self.root.clone();
        blocking(move || {
            let mut text = Vec::new();
            inside(&root, &url)
                .and_then(|path| fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut text))
                .map_err(|e| one(failed(&url, &e)))?;
            if text.len() as u64 > most { Err(one(super::too_big(&url.text, most))) } else { Ok(text) }
        })
        .await
    }

    /// Writes a file whole, or leaves what was there.
    pub(super) async fn write(&self, url: FileUrl, content: Vec<u8>) -> Result<(), Errors> {
        let root = self.root.clone();
        blocking(move || {
            let write = || {
                let path = inside(&root, &url)?;
                let mut name = path.file_name().unwrap_or_default().to_owned();
                name.push(".new");
                let beside = path.with_file_name(name);
                let mut file = fs::File::create(&beside)?;
                file.write_all(&content)?;
                file.sync_all()?;
                fs::rename(&beside, &path)?;
                path.parent().map_or(Ok(()), |directory| fs::File::open(directory)?.sync_all())
            };
            write().map_err(|e| one(failed(&url, &e)))
        })
        .await
    }

    /// Removes a file.
    pub(super) async fn delete(&self, url: FileUrl) -> Result<(), Errors> {
        let root = self.root.clone();
        blocking(move || inside(&root, &url).and_then(fs::remove_file).map_err(|e| one(failed(&url, &e))))
            .await
    }
}

/// The path of a file, if no link leads out of the root.
fn inside(root: &Path, url: &FileUrl) -> io::Result<PathBuf> {
    let outside = || io::Error::new(io::ErrorKind::PermissionDenied, "it leads out of the directory");
    let directory = url.path.parent().ok_or_else(outside)?.canonicalize()?;
    if !directory.starts_with(root) {
        return Err(outside());
    }
    let path = directory.join(url.path.file_name().ok_or_else(outside)?);
    match fs::symlink_metadata(&path) {
        Ok(about) if about.is_symlink() => Err(outside()),
        Ok(about) if about.is_dir() => Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory")),
        _ => Ok(path),
    }
}

fn failed(url: &FileUrl, error: &io::Error) -> RpcError {
    let message = format!("{}: {error}", url.text);
    match error.kind() {
        io::ErrorKind::NotFound => RpcError::data_missing(message),
        _ => RpcError::operation_failed(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(files: &Files, text: &str) -> Result<FileUrl, RpcError> {
        files.parse(text, text.strip_prefix("file:").unwrap())
    }

    #[test]
    fn only_files_below_the_root_are_named() {
        let root = tempfile::tempdir().unwrap();
        let files = Files::new(root.path()).unwrap();
        let root = root.path().canonicalize().unwrap();
        for (text, path) in [
            ("file:a.xml", "a.xml"),
            ("file:///a.xml", "a.xml"),
            ("file:/dir/a.xml", "dir/a.xml"),
            ("file://localhost/a%20b.xml", "a b.xml"),
        ] {
            assert_eq!(parse(&files, text).unwrap().path, root.join(path), "{text}");
        }
        for text in [
            "file:",
            "file:///",
            "file://host/a.xml",
            "file:../a.xml",
            "file:///../../etc/passwd",
            "file:a/%2e%2e/%2E%2E/b",
            "file:a%00",
            "file:a%zz",
            "file:a?b",
        ] {
            assert!(parse(&files, text).is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_not_followed() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(other.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink(other.path(), root.path().join("way")).unwrap();
        std::os::unix::fs::symlink(other.path().join("secret"), root.path().join("file")).unwrap();
        let files = Files::new(root.path()).unwrap();
        for text in ["file:way/secret", "file:file"] {
            let url = parse(&files, text).unwrap();
            assert!(inside(&files.root, &url).is_err(), "{text}");
        }
    }
}
