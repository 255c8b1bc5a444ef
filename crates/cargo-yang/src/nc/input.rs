//! Documents that go into messages.

use anyhow::{Context as _, Result};
use std::io::Read as _;

/// A document's content, that it can stand inside of a message.
pub(super) fn without_declaration(xml: &str) -> &str {
    let text = xml.trim_start_matches('\u{feff}').trim();
    if !text.starts_with("<?xml") {
        return text;
    }
    text.find("?>").map_or(text, |end| text[end + 2..].trim_start())
}

/// A file's content, or that of standard input (`-`).
pub(super) fn read(file: &std::path::Path) -> Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
    } else {
        text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    }
    Ok(without_declaration(&text).to_owned())
}

/// What stands in the outermost element, if it is NETCONF's of this name; else the text itself.
pub(super) fn unwrapped(text: &str, local: &str) -> String {
    let Some(start) = text.find('<').filter(|at| !text[*at..].starts_with("<!")) else {
        return text.to_owned();
    };
    let name =
        text[start + 1..].split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next().unwrap_or("");
    if name.rsplit(':').next() != Some(local) {
        return text.to_owned();
    }
    let Some(open) = super::redact::token(&text[start..]) else { return text.to_owned() };
    if !text[start..start + open].contains("urn:ietf:params:xml:ns:netconf:base:1.0") {
        return text.to_owned();
    }
    match text.rfind("</") {
        Some(end) if end >= start + open => text[start + open..end].trim().to_owned(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_taken_off() {
        const BASE: &str = "urn:ietf:params:xml:ns:netconf:base:1.0";
        let rpc = format!("<nc:rpc xmlns:nc='{BASE}' message-id='1'>\n<a xmlns='u'/>\n</nc:rpc>");
        assert_eq!(unwrapped(&rpc, "rpc"), "<a xmlns='u'/>");
        assert_eq!(unwrapped("<rpc xmlns='urn:mine'><a/></rpc>", "rpc"), "<rpc xmlns='urn:mine'><a/></rpc>");
        assert_eq!(unwrapped("<a/>", "rpc"), "<a/>");
        assert_eq!(without_declaration("\u{feff}<?xml version='1.0'?>\n<a/>\n"), "<a/>");
    }
}
