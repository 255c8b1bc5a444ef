//! What is read of a datastore: a filter, and what is told of defaults.

use super::Context;
use super::input::elements;
use crate::defaults::Defaults;
use anyhow::{Context as _, Result, bail};
use netconf_runtime::client::{Filter, Get};
use std::io::Write as _;

#[derive(clap::Args)]
pub(crate) struct Read {
    /// Only this: a subtree filter (RFC 6241 section 6), as XML or as a file of it.
    #[arg(long, value_name = "XML|FILE", conflicts_with = "xpath")]
    subtree: Option<String>,

    /// Only this: an XPath expression. Prefixes are those of --ns, and names of the device's modules.
    #[arg(long, value_name = "EXPRESSION")]
    xpath: Option<String>,

    /// A prefix of --xpath and its namespace.
    #[arg(long = "ns", value_name = "PREFIX=URI", requires = "xpath")]
    namespaces: Vec<String>,

    /// What to tell of defaults (RFC 6243).
    #[arg(long, value_enum, value_name = "MODE")]
    pub(super) with_defaults: Option<Defaults>,
}

impl Read {
    pub(super) async fn filter(&self, context: &Context) -> Result<Option<Filter>> {
        if let Some(subtree) = &self.subtree {
            let xml = if subtree.trim_start().starts_with('<') {
                subtree.clone()
            } else {
                std::fs::read_to_string(subtree).with_context(|| format!("cannot read {subtree}"))?
            };
            let whose = if xml == *subtree { "--subtree" } else { subtree.as_str() };
            return Ok(Some(Filter::subtree(elements(whose, &xml)?)));
        }
        let Some(expression) = &self.xpath else { return Ok(None) };
        let mut namespaces = Vec::new();
        for pair in &self.namespaces {
            let Some((prefix, uri)) = pair.split_once('=') else { bail!("--ns {pair}: write PREFIX=URI") };
            namespaces.push((prefix.to_owned(), uri.to_owned()));
        }
        let prefixes = prefixes(expression);
        if prefixes.is_empty() && expression.contains(|c: char| c.is_alphabetic()) {
            // RFC 6241 section 8.9.1: there is no namespace for names without a prefix.
            _ = writeln!(
                std::io::stderr(),
                "warning: --xpath: names without a prefix are of no namespace, and no device has such nodes: write /MODULE:NAME"
            );
        }
        for prefix in prefixes {
            if namespaces.iter().any(|(p, _)| *p == prefix) {
                continue;
            }
            let modules = context.session.modules().await?;
            let Some(module) = modules.named(&prefix).find(|m| !m.namespace.is_empty()) else {
                bail!(
                    "--xpath: the prefix `{prefix}` is neither given by --ns nor the name of a module of the device"
                );
            };
            let namespace = module.namespace.clone();
            namespaces.push((prefix, namespace));
        }
        Ok(Some(Filter::XPath { select: expression.clone(), namespaces }))
    }

    /// A get or get-config of what is asked for.
    pub(super) async fn of(&self, context: &Context, mut get: Get) -> Result<Get> {
        if let Some(filter) = self.filter(context).await? {
            get = get.filter(filter);
        }
        if let Some(defaults) = self.with_defaults {
            get = get.with_defaults(defaults.asked());
        }
        Ok(get)
    }
}

/// The prefixes of an expression; what stands in quotes has none.
fn prefixes(expression: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
    let (mut word, mut quote) = (String::new(), None);
    let mut chars = expression.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, ':') if chars.peek() == Some(&':') => {
                // An axis.
                chars.next();
                word.clear();
            }
            (None, ':') if !word.is_empty() => {
                let prefix = std::mem::take(&mut word);
                if !found.contains(&prefix) {
                    found.push(prefix);
                }
            }
            (None, c) if is_name(c) => word.push(c),
            (None, _) => word.clear(),
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_expressions() {
        for (expression, expected) in [
            ("/if:interfaces/if:interface[if:name='a:b']/ip:ipv4", &["if", "ip"][..]),
            ("//ancestor::x:y | child::z", &["x"]),
            ("/a-b.c:d", &["a-b.c"]),
            ("count(/a) > 3", &[]),
        ] {
            assert_eq!(prefixes(expression), expected, "{expression}");
        }
    }
}
