//! Which URLs clients may name (RFC 6241 section 8.8).

use anyhow::{Context as _, Result, bail};
use netconf_runtime::server::{Credentials, HttpUrls, Scheme, ServerBuilder};
use netconf_runtime::transport::tls::Certificates;
use std::path::{Path, PathBuf};

#[derive(clap::Args)]
pub(super) struct UrlArgs {
    /// Lets clients name files below this directory by `file:` URLs.
    #[arg(long, value_name = "DIR")]
    url_root: Option<PathBuf>,

    /// Lets clients name URLs of other servers, by these schemes. This server then reads and writes there itself, and of the hosts
    /// that --url-host names alone.
    #[arg(long, value_name = "SCHEME", value_delimiter = ',', requires = "url_host")]
    url_scheme: Vec<SchemeArg>,

    /// A host that such URLs may name; with a port, if it is not that of the scheme.
    #[arg(long, value_name = "HOST[:PORT]", requires = "url_scheme")]
    url_host: Vec<String>,

    /// The authorities of those hosts' certificates, as PEM; without it, those that the system trusts.
    #[arg(long, value_name = "FILE", requires = "url_scheme")]
    url_ca: Option<PathBuf>,

    /// By what names and passwords this server logs in at such hosts: a file with lines `HOST[:PORT] USER:PASSWORD`. They are sent by
    /// https alone. A client may say its own in a URL, `https://USER:PASSWORD@HOST/PATH`.
    #[arg(long, value_name = "FILE", requires = "url_scheme")]
    url_credentials: Option<PathBuf>,
}

#[derive(clap::ValueEnum, Clone, Copy)]
enum SchemeArg {
    Http,
    Https,
}

impl From<SchemeArg> for Scheme {
    fn from(arg: SchemeArg) -> Self {
        match arg {
            SchemeArg::Http => Scheme::Http,
            SchemeArg::Https => Scheme::Https,
        }
    }
}

impl UrlArgs {
    /// May clients name any?
    pub(super) fn any(&self) -> bool {
        self.url_root.is_some() || !self.url_scheme.is_empty()
    }

    /// Reads what they name.
    pub(super) fn prepare(&self) -> Result<Urls> {
        let http = if self.url_scheme.is_empty() {
            None
        } else {
            let mut urls = HttpUrls::new(self.url_scheme.iter().copied().map(Scheme::from));
            for host in &self.url_host {
                if host.contains("//") {
                    bail!("--url-host {host}: a host, not a URL");
                }
                urls = urls.host(host).context("--url-host")?;
            }
            if let Some(path) = &self.url_ca {
                urls = urls.authorities(Certificates::load(path)?);
            }
            if let Some(path) = &self.url_credentials {
                urls = with_credentials(urls, path)?;
            }
            Some(urls)
        };
        Ok(Urls { root: self.url_root.clone(), http })
    }
}

/// Adds what a file says; messages tell the line and nothing of what stands in it.
fn with_credentials(mut urls: HttpUrls, path: &Path) -> Result<HttpUrls> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let place = || format!("{}:{number}", path.display());
        let found = line.split_once(char::is_whitespace).and_then(|(host, rest)| {
            let (user, password) = rest.trim_start().split_once(':')?;
            Some((host, user, password))
        });
        let Some((host, user, password)) = found else {
            bail!("{}: a line is HOST[:PORT] USER:PASSWORD", place());
        };
        let credentials = Credentials::new(user, password).with_context(place)?;
        urls = urls.credentials(host, credentials).with_context(place)?;
    }
    Ok(urls)
}

/// URLs whose files are read.
pub(super) struct Urls {
    root: Option<PathBuf>,
    http: Option<HttpUrls>,
}

impl Urls {
    pub(super) fn apply(self, mut builder: ServerBuilder) -> ServerBuilder {
        if let Some(root) = self.root {
            builder = builder.url_root(root);
        }
        match self.http {
            Some(urls) => builder.http_urls(urls),
            None => builder,
        }
    }
}
