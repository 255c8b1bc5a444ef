//! get and get-config: RFC 6241 sections 7.7 and 7.1, with the filters of section 6 and 8.9 and the defaults of RFC 6243.

use super::get_data::{DataOptions, NMDA};
use super::{Datastore, Session, element_with, sent_by_await};
use crate::client::Error;
use crate::client::response::Response;
use crate::protocol::Fragment;
use crate::protocol::capability::{WITH_DEFAULTS, XPATH, parameter};
use crate::protocol::message::Attribute;
use crate::rpc_error::RpcError;
use crate::xml::{BASE_NAMESPACE, escape_attribute};
use std::borrow::Cow;
use std::time::Duration;
use yang_data::binding::path::{Path, Query};

/// What is wanted.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Filter {
    /// A subtree filter (section 6): elements that declare their namespaces.
    Subtree(String),
    /// An XPath expression and the namespaces of its prefixes (section 8.9).
    XPath {
        /// The expression.
        select: String,
        /// Prefix and namespace.
        namespaces: Vec<(String, String)>,
    },
}

impl Filter {
    /// A subtree filter: elements that declare their namespaces.
    #[must_use]
    pub fn subtree(xml: impl Into<String>) -> Self {
        Self::Subtree(xml.into())
    }

    /// An XPath expression and the namespaces of its prefixes.
    #[must_use]
    pub fn xpath<P: Into<String>, N: Into<String>>(
        select: impl Into<String>,
        namespaces: impl IntoIterator<Item = (P, N)>,
    ) -> Self {
        let namespaces = namespaces.into_iter().map(|(p, n)| (p.into(), n.into())).collect();
        Self::XPath { select: select.into(), namespaces }
    }

    /// Appends the `filter` element.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Subtree(xml) => {
                out.push_str("<filter type=\"subtree\">");
                out.push_str(xml);
                out.push_str("</filter>");
            }
            Self::XPath { select, namespaces } => {
                out.push_str("<filter type=\"xpath\"");
                for (prefix, namespace) in namespaces {
                    out.push_str(&format!(" xmlns:{prefix}=\""));
                    escape_attribute(out, namespace);
                    out.push('"');
                }
                out.push_str(" select=\"");
                escape_attribute(out, select);
                out.push_str("\"/>");
            }
        }
    }
}

/// How defaults are told (RFC 6243 section 3).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WithDefaults {
    /// All of them.
    ReportAll,
    /// All of them, marked.
    ReportAllTagged,
    /// No value that is its default.
    Trim,
    /// What was set by somebody.
    Explicit,
}

impl WithDefaults {
    fn as_str(self) -> &'static str {
        match self {
            Self::ReportAll => "report-all",
            Self::ReportAllTagged => "report-all-tagged",
            Self::Trim => "trim",
            Self::Explicit => "explicit",
        }
    }
}

/// What is read.
#[derive(Clone, Debug)]
pub(super) enum Source {
    /// State and configuration: get.
    State,
    /// A configuration datastore: get-config.
    Config(Datastore),
    /// A datastore of the NMDA: get-data.
    Data(Box<DataOptions>),
}

impl Source {
    fn operation(&self) -> &'static str {
        match self {
            Self::State => "get",
            Self::Config(_) => "get-config",
            Self::Data(_) => "get-data",
        }
    }

    /// The namespace of the operation, and of `data` in the reply.
    fn namespace(&self) -> &'static str {
        if let Self::Data(_) = self { NMDA } else { BASE_NAMESPACE }
    }
}

/// A get or get-config that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct Get {
    session: Session,
    source: Source,
    filter: Option<Filter>,
    query: Option<Query>,
    with_defaults: Option<WithDefaults>,
}

impl Get {
    pub(super) fn new(session: Session, source: Option<Datastore>) -> Self {
        let source = source.map_or(Source::State, Source::Config);
        Self { session, source, filter: None, query: None, with_defaults: None }
    }

    /// Asks for a part only.
    pub fn filter(mut self, filter: impl Into<Filter>) -> Self {
        self.filter = Some(filter.into());
        self
    }

    /// Asks for what stands at a path, beside what other paths lead to: all of it comes in one reply, out of which
    /// [`Data::read`] takes each. It goes as a subtree filter.
    pub fn select<T, M>(mut self, path: &Path<T, M>) -> Self {
        self.query = Some(self.query.unwrap_or_default().and(path));
        self
    }

    /// Says how defaults are to be told.
    pub fn with_defaults(mut self, mode: WithDefaults) -> Self {
        self.with_defaults = Some(mode);
        self
    }

    /// The same of something else.
    pub(super) fn of(self, source: Source) -> Self {
        Self { source, ..self }
    }

    /// The session, the operation's name and its text, after it is made sure that the device has what it needs.
    pub(in crate::client) async fn request(self) -> Result<(Session, &'static str, String), Error> {
        let capabilities = self.session.capabilities();
        let name = self.source.operation();
        let mut body = String::new();
        let query = self.query.as_ref().map(Filter::query).transpose()?;
        if query.is_some() && self.filter.is_some() {
            return Err(Error::Caller("a request has either a filter or paths that it selects".to_owned()));
        }
        let filter = query.as_ref().or(self.filter.as_ref());
        if let Some(Filter::XPath { .. }) = filter {
            capabilities.require("an XPath filter", &[XPATH])?;
        }
        match &self.source {
            Source::State => {}
            Source::Config(source) => {
                capabilities.require(&format!("get-config of {source}"), source.capability())?;
                source.write("source", &mut body);
            }
            Source::Data(options) => {
                self.session.require_module("get-data", NMDA).await?;
                options.datastore.write("datastore", &mut body);
            }
        }
        match (&self.source, filter) {
            (Source::Data(options), filter) => {
                match filter {
                    None => {}
                    Some(Filter::Subtree(xml)) => {
                        body.push_str(&format!("<subtree-filter>{xml}</subtree-filter>"));
                    }
                    Some(Filter::XPath { select, namespaces }) => {
                        element_with(&mut body, "xpath-filter", namespaces, select);
                    }
                }
                options.write(&mut body);
            }
            (_, filter) => filter.into_iter().for_each(|f| f.write(&mut body)),
        }
        write_with_defaults(&self.session, self.with_defaults, &mut body)?;
        let namespace = self.source.namespace();
        let declared =
            if namespace == BASE_NAMESPACE { String::new() } else { format!(" xmlns=\"{namespace}\"") };
        Ok((self.session, name, format!("<{name}{declared}>{body}</{name}>")))
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Data, Error> {
        let namespace = self.source.namespace();
        let (session, name, operation) = self.request().await?;
        Data::of(session.call(name, &operation).await?, name, namespace)
    }
}

/// Appends the parameter of RFC 6243 section 4.1, if the device has that mode.
pub(super) fn write_with_defaults(
    session: &Session,
    mode: Option<WithDefaults>,
    out: &mut String,
) -> Result<(), Error> {
    let Some(mode) = mode else { return Ok(()) };
    require_mode(session, mode)?;
    out.push_str("<with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">");
    out.push_str(mode.as_str());
    out.push_str("</with-defaults>");
    Ok(())
}

/// Appends an element for each identity, with its namespace.
pub(super) fn write_identities<'i>(
    out: &mut String,
    name: &str,
    identities: impl Iterator<Item = (&'i str, &'i str)>,
) {
    for (namespace, identity) in identities {
        element_with(out, name, &[("i".to_owned(), namespace.to_owned())], &format!("i:{identity}"));
    }
}

/// The device names the modes it has beside its basic one (RFC 6243 section 4.3).
fn require_mode(session: &Session, mode: WithDefaults) -> Result<(), Error> {
    let capabilities = session.capabilities();
    capabilities.require("with-defaults", &[WITH_DEFAULTS])?;
    let offered = capabilities.find(WITH_DEFAULTS).unwrap_or_default();
    let basic = parameter(offered, "basic-mode");
    let also = parameter(offered, "also-supported").unwrap_or_default();
    let has = basic == Some(mode.as_str()) || also.split(',').any(|m| m.trim() == mode.as_str());
    if has {
        return Ok(());
    }
    let what = format!("with-defaults mode {} (the device has {})", mode.as_str(), offered);
    Err(Error::NotSupported { what, capability: WITH_DEFAULTS })
}

sent_by_await!(Get => Data);

/// What a device gave: its `data` element.
#[derive(Clone, Debug)]
pub struct Data {
    fragment: Fragment,
    warnings: Vec<RpcError>,
    attributes: Vec<Attribute>,
    elapsed: Duration,
}

impl Data {
    pub(super) fn of(response: Response, name: &str, namespace: &str) -> Result<Self, Error> {
        let elapsed = response.elapsed();
        let reply = response.into_reply();
        let data = reply.content.into_iter().find(|c| c.local() == "data" && c.namespace() == namespace);
        match data {
            Some(fragment) => {
                Ok(Self { fragment, warnings: reply.errors, attributes: reply.attributes, elapsed })
            }
            None => Err(Error::Reply(format!("the reply to {name} has no `data`"))),
        }
    }

    /// The attributes of the reply, besides its message-id.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The time from when the request was given to the transport until its reply was there.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// The `data` element as a document.
    #[must_use]
    pub fn xml(&self) -> Cow<'_, str> {
        self.fragment.standalone()
    }

    /// The `data` element as it came, with the namespaces in scope around it.
    #[must_use]
    pub fn fragment(&self) -> &Fragment {
        &self.fragment
    }

    /// What the device warned of.
    #[must_use]
    pub fn warnings(&self) -> &[RpcError] {
        &self.warnings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filters() {
        let write = |filter: Filter| {
            let mut out = String::new();
            filter.write(&mut out);
            out
        };
        assert_eq!(
            write(Filter::subtree("<a xmlns='u'/>")),
            "<filter type=\"subtree\"><a xmlns='u'/></filter>"
        );
        assert_eq!(
            write(Filter::xpath("/a:x[a:n<'\"']", [("a", "u&v")])),
            "<filter type=\"xpath\" xmlns:a=\"u&amp;v\" select=\"/a:x[a:n&lt;'&quot;']\"/>"
        );
    }
}
