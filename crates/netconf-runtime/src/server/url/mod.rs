//! Configuration at URLs (RFC 6241 section 8.8): files below one directory, and, where it was said so, `http:` and `https:` URLs
//! of hosts that the operator named.

#[cfg(feature = "url-http")]
mod credentials;
mod file;
#[cfg(feature = "url-http")]
mod http;
#[cfg(all(test, feature = "client", feature = "url-http"))]
mod tests;

#[cfg(feature = "url-http")]
pub use credentials::{Credentials, CredentialsError};
#[cfg(feature = "url-http")]
pub use http::{HostError, HttpUrls, Scheme};

use super::error;
use crate::rpc_error::{ErrorInfo, ErrorType, QualifiedName, RpcError};
use file::{FileUrl, Files};
use std::io;
use std::path::Path;
use std::sync::Arc;
use yang_data::codec::{CodecError, Limits};
use yang_data::edit::Edit;
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Namespace, Source};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::{NodeId, Schema};

type Errors = Vec<RpcError>;

/// The URLs that a server takes.
#[derive(Default)]
pub(crate) struct Urls {
    files: Option<Files>,
    #[cfg(feature = "url-http")]
    http: Option<http::Client>,
    limits: Limits,
    /// Bytes that a URL may lead to.
    most: u64,
}

/// A URL that the server takes.
#[derive(Clone, Debug)]
pub(crate) struct Url {
    /// As the client said it, but for a password.
    text: String,
    place: Place,
}

/// Two ways to write one place are one.
impl PartialEq for Url {
    fn eq(&self, other: &Self) -> bool {
        match (&self.place, &other.place) {
            (Place::File(a), Place::File(b)) => a.is(b),
            #[cfg(feature = "url-http")]
            (Place::Http(a), Place::Http(b)) => a.is(b),
            #[cfg(feature = "url-http")]
            _ => false,
        }
    }
}

#[derive(Clone, Debug)]
enum Place {
    File(FileUrl),
    #[cfg(feature = "url-http")]
    Http(Box<http::HttpUrl>),
}

impl Urls {
    /// None, until some are [added](Self::files). `most` is what there may be at one, in bytes.
    pub(crate) fn new(limits: Limits, most: u64) -> Self {
        Self { limits, most, ..Self::default() }
    }

    /// Takes files below a directory.
    ///
    /// # Errors
    /// The directory is not there.
    pub(crate) fn files(mut self, root: &Path) -> io::Result<Self> {
        self.files = Some(Files::new(root)?);
        Ok(self)
    }

    /// Takes URLs of some hosts, for as long as `deadline` each; `head` is how many bytes the head of an answer may have.
    ///
    /// # Errors
    /// What is allowed makes no sense, or nobody can vouch for servers.
    #[cfg(feature = "url-http")]
    pub(crate) fn http(
        mut self,
        allowed: HttpUrls,
        deadline: std::time::Duration,
        head: usize,
    ) -> Result<Self, String> {
        self.http = Some(http::Client::new(allowed, deadline, head)?);
        Ok(self)
    }

    /// The schemes that are taken, in the order in which they are told.
    pub(crate) fn schemes(&self) -> Vec<&'static str> {
        let mut schemes = Vec::new();
        if self.files.is_some() {
            schemes.push("file");
        }
        #[cfg(feature = "url-http")]
        schemes.extend(self.http.iter().flat_map(http::Client::schemes));
        schemes
    }

    /// What a URL names.
    ///
    /// # Errors
    /// It is none that this server takes.
    pub(crate) fn parse(&self, text: &str) -> Result<Url, RpcError> {
        let (scheme, rest) = text.split_once(':').unwrap_or(("", text));
        let told = told(text);
        let place = match (scheme, &self.files) {
            ("file", Some(files)) => files.parse(&told, rest).map(Place::File)?,
            _ => self.remote(&told, scheme, rest)?,
        };
        Ok(Url { text: told.into_owned(), place })
    }

    #[cfg(feature = "url-http")]
    fn remote(&self, text: &str, scheme: &str, rest: &str) -> Result<Place, RpcError> {
        match &self.http {
            Some(client) if client.takes(scheme) => {
                client.parse(text, scheme, rest).map(|url| Place::Http(Box::new(url)))
            }
            _ => Err(self.wrong_scheme(text)),
        }
    }

    #[cfg(not(feature = "url-http"))]
    fn remote(&self, text: &str, _: &str, _: &str) -> Result<Place, RpcError> {
        Err(self.wrong_scheme(text))
    }

    fn wrong_scheme(&self, text: &str) -> RpcError {
        refused(text, &format!("it takes the schemes {}", self.schemes().join(", ")))
    }

    /// The configuration at a URL.
    pub(crate) async fn read(&self, url: Url, schema: &Arc<Schema>) -> Result<Tree, Errors> {
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        self.load(url, schema, move |schema, source| Tree::decode(schema, NodeId::ROOT, source, &options))
            .await
    }

    /// The edit at a URL (section 8.8.5.1).
    pub(crate) async fn read_edit(&self, url: Url, schema: &Arc<Schema>) -> Result<Edit, Errors> {
        self.load(url, schema, |schema, source| Edit::decode(schema, source)).await
    }

    async fn load<T: Send + 'static>(
        &self,
        url: Url,
        schema: &Arc<Schema>,
        decode: impl FnOnce(&Arc<Schema>, &mut dyn Source) -> Result<T, Vec<DataError>> + Send + 'static,
    ) -> Result<T, Errors> {
        let Url { text: name, place } = url;
        let text = match place {
            Place::File(file) => self.in_files()?.read(file, self.most).await?,
            #[cfg(feature = "url-http")]
            Place::Http(url) => self.in_http()?.get(&url, self.most).await.map_err(one)?,
        };
        let (limits, schema) = (self.limits, Arc::clone(schema));
        blocking(move || {
            let malformed = |e: &dyn std::fmt::Display| {
                one(RpcError::invalid_value(format!("{name} holds no configuration: {e}"))
                    .of_type(ErrorType::Protocol))
            };
            let mut source = SliceSource::new(&text, limits);
            let found = config(&mut source, &schema, decode).map_err(|e| malformed(&e))?;
            let found = found.ok_or_else(|| malformed(&"its root is not the element config of NETCONF"))?;
            found.map_err(|errors| error::rpc_errors(errors, &schema))
        })
        .await
    }

    /// Writes a document whole, or leaves what was there.
    pub(crate) async fn write(&self, url: Url, content: Vec<u8>) -> Result<(), Errors> {
        match url.place {
            Place::File(file) => self.in_files()?.write(file, content).await,
            #[cfg(feature = "url-http")]
            Place::Http(url) => self.in_http()?.put(&url, content).await.map_err(one),
        }
    }

    /// Removes what is there.
    pub(crate) async fn delete(&self, url: Url) -> Result<(), Errors> {
        match url.place {
            Place::File(file) => self.in_files()?.delete(file).await,
            #[cfg(feature = "url-http")]
            Place::Http(url) => self.in_http()?.delete(&url).await.map_err(one),
        }
    }

    fn in_files(&self) -> Result<&Files, Errors> {
        self.files.as_ref().ok_or_else(|| one(RpcError::operation_failed("this server has no files")))
    }

    #[cfg(feature = "url-http")]
    fn in_http(&self) -> Result<&http::Client, Errors> {
        self.http.as_ref().ok_or_else(|| one(RpcError::operation_failed("this server asks no other one")))
    }
}

/// A URL as messages may have it.
fn told(text: &str) -> std::borrow::Cow<'_, str> {
    #[cfg(feature = "url-http")]
    return credentials::concealed(text);
    #[cfg(not(feature = "url-http"))]
    text.into()
}

fn refused(text: &str, why: &str) -> RpcError {
    RpcError::invalid_value(format!("{text:?} is no URL that this server takes: {why}"))
        .of_type(ErrorType::Protocol)
        .info(ErrorInfo::BadElement(QualifiedName::base("url")))
}

fn too_big(url: &str, most: u64) -> RpcError {
    RpcError::too_big(format!("{url} has more than {most} bytes (limit `file`)"))
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
        Err(_) => Err(one(RpcError::operation_failed("the URL was not dealt with to the end"))),
    }
}

fn one(error: RpcError) -> Errors {
    vec![error]
}
