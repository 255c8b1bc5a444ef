//! Configuration in files (RFC 6241 section 8.8): `file:` URLs below one directory, which a server names.

use super::error;
use crate::rpc_error::{ErrorInfo, ErrorType, QualifiedName, RpcError};
use std::fs;
use std::io::{self, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use yang_data::codec::{CodecError, Limits};
use yang_data::edit::Edit;
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Namespace, Source};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::{NodeId, Schema};

type Errors = Vec<RpcError>;

/// Where the files are.
pub(crate) struct Urls {
    root: PathBuf,
    limits: Limits,
    /// Bytes of a file.
    most: u64,
}

/// A file that a URL names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Url {
    /// As the client said it.
    text: String,
    /// Below the root.
    path: PathBuf,
}

impl Urls {
    /// # Errors
    /// The directory is not there.
    pub(crate) fn new(root: &Path, limits: Limits, most: u64) -> io::Result<Self> {
        let root = root.canonicalize()?;
        if !root.is_dir() {
            return Err(io::Error::new(io::ErrorKind::NotADirectory, "it is no directory"));
        }
        Ok(Self { root, limits, most })
    }

    /// The file that a URL names. Nothing that leads out of the directory is one.
    pub(crate) fn parse(&self, text: &str) -> Result<Url, RpcError> {
        let refused = |why: &str| {
            Err(RpcError::invalid_value(format!("{text:?} is no URL that this server takes: {why}"))
                .of_type(ErrorType::Protocol)
                .info(ErrorInfo::BadElement(QualifiedName::base("url"))))
        };
        let Some(rest) = text.strip_prefix("file:") else { return refused("it takes the scheme file") };
        let rest = match rest.strip_prefix("//") {
            None => rest,
            Some(authority) => match authority.find('/') {
                Some(at) if matches!(&authority[..at], "" | "localhost") => &authority[at..],
                _ => return refused("a file has no host"),
            },
        };
        if rest.contains(['?', '#']) {
            return refused("a file has no query and no fragment");
        }
        let Some(decoded) = percent_decoded(rest.trim_start_matches('/')) else {
            return refused("a % in it is followed by no two hexadecimal digits, or it is no UTF-8");
        };
        let path = Path::new(&decoded);
        let is_plain = path.components().all(|c| matches!(c, Component::Normal(_)));
        if decoded.is_empty() || decoded.contains('\0') || !is_plain {
            return refused("it names no file below the directory of this server");
        }
        Ok(Url { text: text.to_owned(), path: self.root.join(path) })
    }

    /// The configuration in a file.
    pub(crate) async fn read(&self, url: Url, schema: &Arc<Schema>) -> Result<Tree, Errors> {
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        self.load(url, schema, move |schema, source| Tree::decode(schema, NodeId::ROOT, source, &options))
            .await
    }

    /// The edit in a file (section 8.8.5.1).
    pub(crate) async fn read_edit(&self, url: Url, schema: &Arc<Schema>) -> Result<Edit, Errors> {
        self.load(url, schema, |schema, source| Edit::decode(schema, source)).await
    }

    async fn load<T: Send + 'static>(
        &self,
        url: Url,
        schema: &Arc<Schema>,
        decode: impl FnOnce(&Arc<Schema>, &mut dyn Source) -> Result<T, Vec<DataError>> + Send + 'static,
    ) -> Result<T, Errors> {
        let (root, limits, most, schema) = (self.root.clone(), self.limits, self.most, Arc::clone(schema));
        blocking(move || {
            let mut text = Vec::new();
            inside(&root, &url)
                .and_then(|path| fs::File::open(path)?.take(most.saturating_add(1)).read_to_end(&mut text))
                .map_err(|e| one(failed(&url, &e)))?;
            if text.len() as u64 > most {
                let message = format!("{} has more than {most} bytes (limit `file`)", url.text);
                return Err(one(RpcError::too_big(message)));
            }
            let malformed = |e: &dyn std::fmt::Display| {
                one(RpcError::invalid_value(format!("{} holds no configuration: {e}", url.text))
                    .of_type(ErrorType::Protocol))
            };
            let mut source = SliceSource::new(&text, limits);
            let found = config(&mut source, &schema, decode).map_err(|e| malformed(&e))?;
            let found = found.ok_or_else(|| malformed(&"its root is not the element config of NETCONF"))?;
            found.map_err(|errors| error::rpc_errors(errors, &schema))
        })
        .await
    }

    /// Writes a file whole, or leaves what was there.
    pub(crate) async fn write(&self, url: Url, content: Vec<u8>) -> Result<(), Errors> {
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
    pub(crate) async fn delete(&self, url: Url) -> Result<(), Errors> {
        let root = self.root.clone();
        blocking(move || inside(&root, &url).and_then(fs::remove_file).map_err(|e| one(failed(&url, &e))))
            .await
    }
}

/// Reads the content of the root element `config`; `None` if it is another one.
fn config<T>(
    source: &mut SliceSource<'_>,
    schema: &Arc<Schema>,
    decode: impl FnOnce(&Arc<Schema>, &mut dyn Source) -> T,
) -> Result<Option<T>, CodecError> {
    match source.next()? {
        Event::Open { name, .. }
            if name.local == "config" && name.namespace == Namespace::Uri(crate::xml::BASE_NAMESPACE) => {}
        _ => return Ok(None),
    }
    Ok(Some(decode(schema, &mut Inside::new(source))))
}

/// The path of a file, if no link leads out of the root.
fn inside(root: &Path, url: &Url) -> io::Result<PathBuf> {
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

fn failed(url: &Url, error: &io::Error) -> RpcError {
    let message = format!("{}: {error}", url.text);
    match error.kind() {
        io::ErrorKind::NotFound => RpcError::data_missing(message),
        _ => RpcError::operation_failed(message),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        rest = tail;
        if first == b'%' {
            let (digits, tail) = rest.split_at_checked(2)?;
            let digits =
                std::str::from_utf8(digits).ok().filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            rest = tail;
        } else {
            bytes.push(first);
        }
    }
    String::from_utf8(bytes).ok()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Errors> + Send + 'static,
) -> Result<T, Errors> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(_) => Err(one(RpcError::operation_failed("the file was not dealt with to the end"))),
    }
}

fn one(error: RpcError) -> Errors {
    vec![error]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_below_the_root_are_named() {
        let root = tempfile::tempdir().unwrap();
        let urls = Urls::new(root.path(), Limits::default(), 1000).unwrap();
        let root = root.path().canonicalize().unwrap();
        for (text, path) in [
            ("file:a.xml", "a.xml"),
            ("file:///a.xml", "a.xml"),
            ("file:/dir/a.xml", "dir/a.xml"),
            ("file://localhost/a%20b.xml", "a b.xml"),
        ] {
            assert_eq!(urls.parse(text).unwrap().path, root.join(path), "{text}");
        }
        for text in [
            "",
            "a.xml",
            "http://host/a.xml",
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
            assert!(urls.parse(text).is_err(), "{text}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_that_lead_out_are_not_followed() {
        let (root, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(other.path().join("secret"), "x").unwrap();
        std::os::unix::fs::symlink(other.path(), root.path().join("way")).unwrap();
        std::os::unix::fs::symlink(other.path().join("secret"), root.path().join("file")).unwrap();
        let urls = Urls::new(root.path(), Limits::default(), 1000).unwrap();
        for text in ["file:way/secret", "file:file"] {
            let url = urls.parse(text).unwrap();
            assert!(inside(&urls.root, &url).is_err(), "{text}");
        }
    }
}
