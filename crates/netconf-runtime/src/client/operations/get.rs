//! get and get-config: RFC 6241 sections 7.7 and 7.1, with the filters of section 6 and 8.9 and the defaults of RFC 6243.

use super::{Datastore, Session};
use crate::client::Error;
use crate::protocol::capability::{WITH_DEFAULTS, XPATH, parameter};
use crate::protocol::{Fragment, Reply};
use crate::rpc_error::RpcError;
use crate::xml::escape_attribute;
use std::borrow::Cow;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
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

/// A get or get-config that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct Get {
    session: Session,
    source: Option<Datastore>,
    filter: Option<Filter>,
    query: Option<Query>,
    with_defaults: Option<WithDefaults>,
}

impl Get {
    pub(super) fn new(session: Session, source: Option<Datastore>) -> Self {
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

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<Data, Error> {
        let capabilities = self.session.capabilities();
        let name = if self.source.is_some() { "get-config" } else { "get" };
        let mut body = String::new();
        if let Some(source) = &self.source {
            capabilities.require(&format!("get-config of {source}"), source.capability())?;
            source.write("source", &mut body);
        }
        let query = self.query.as_ref().map(Filter::query).transpose()?;
        if query.is_some() && self.filter.is_some() {
            return Err(Error::Caller("a request has either a filter or paths that it selects".to_owned()));
        }
        if let Some(filter) = query.as_ref().or(self.filter.as_ref()) {
            if matches!(filter, Filter::XPath { .. }) {
                capabilities.require("an XPath filter", &[XPATH])?;
            }
            filter.write(&mut body);
        }
        if let Some(mode) = self.with_defaults {
            require_mode(&self.session, mode)?;
            body.push_str("<with-defaults xmlns=\"urn:ietf:params:xml:ns:yang:ietf-netconf-with-defaults\">");
            body.push_str(mode.as_str());
            body.push_str("</with-defaults>");
        }
        let reply = self.session.call(name, &format!("<{name}>{body}</{name}>")).await?;
        Data::of(reply, name)
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

impl IntoFuture for Get {
    type Output = Result<Data, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

/// What a device gave: its `data` element.
#[derive(Clone, Debug)]
pub struct Data {
    fragment: Fragment,
    warnings: Vec<RpcError>,
}

impl Data {
    pub(super) fn of(reply: Reply, name: &str) -> Result<Self, Error> {
        match reply.data() {
            Some(fragment) => Ok(Self { fragment: fragment.clone(), warnings: reply.errors }),
            None => Err(Error::Reply(format!("the reply to {name} has no `data`"))),
        }
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
