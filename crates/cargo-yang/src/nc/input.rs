//! Documents that go into messages.

use anyhow::{Context as _, Result, bail};
use std::io::Read as _;
use yang_data::codec::{CodecErrorKind, Limits};
use yang_data::event::{Event, Source as _};
use yang_data::xml;

/// A document's content, that it can stand inside of a message.
pub(super) fn without_declaration(xml: &str) -> &str {
    let text = xml.trim_start_matches('\u{feff}').trim();
    if !text.starts_with("<?xml") {
        return text;
    }
    text.find("?>").map_or(text, |end| text[end + 2..].trim_start())
}

/// The elements in a file, or in standard input (`-`).
pub(super) fn read(file: &std::path::Path) -> Result<String> {
    let mut text = String::new();
    if file.as_os_str() == "-" {
        std::io::stdin().read_to_string(&mut text).context("cannot read standard input")?;
        return elements("standard input", &text);
    }
    text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    elements(&file.display().to_string(), &text)
}

/// The elements in a text, without what may not stand inside of a message. What is not well-formed would be said of the message, at a place
/// that nobody knows.
pub(super) fn elements(whose: &str, text: &str) -> Result<String> {
    let content = without_declaration(text);
    if content.is_empty() {
        bail!("{whose} is empty: XML elements are expected");
    }
    if !content.starts_with('<') {
        bail!("{whose}: XML elements are expected (`cargo yang convert` makes XML of JSON)");
    }
    let skipped = text.find(content).map_or(0, |at| text[..at].matches('\n').count());
    // Several elements may stand side by side.
    let wrapped = format!("<x>\n{content}\n</x>");
    let mut source = xml::SliceSource::new(wrapped.as_bytes(), Limits::default());
    loop {
        match source.next() {
            Ok(Event::End) => return Ok(content.to_owned()),
            Ok(_) => {}
            Err(error) => {
                if !matches!(error.kind, CodecErrorKind::Malformed | CodecErrorKind::Truncated) {
                    return Ok(content.to_owned());
                }
                // Without the line that the wrapper has for itself, and what misses its end ends with the text.
                let line = (error.position.line as usize).saturating_sub(1).clamp(1, content.lines().count());
                bail!("{whose}:{}: {}", line + skipped, error.message)
            }
        }
    }
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
    let Some(open) = super::redact::token(&text.as_bytes()[start..]) else { return text.to_owned() };
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
    fn what_is_not_well_formed_is_not_sent() {
        let good = "<?xml version='1.0'?>\n<a xmlns='u'/>\n<b xmlns='u'><c>x</c></b>\n";
        assert_eq!(elements("f", good).unwrap(), "<a xmlns='u'/>\n<b xmlns='u'><c>x</c></b>");
        for (text, place) in [
            ("", "f is empty"),
            ("{\"a\": 1}", "convert"),
            ("<a>\n<b>\n</a>", "f:3: "),
            ("<?xml version='1.0'?>\n<a>\n<b>\n</a>", "f:4: "),
            ("<a><b/>", "f:"),
            // What would end the message's own elements.
            ("<a/></config></edit-config><close-session/>", "f:1: "),
            ("<a/></x><x>", "f:1: "),
            ("<!DOCTYPE a><a/>", "f:1: "),
        ] {
            let error = elements("f", text).unwrap_err().to_string();
            assert!(error.contains(place), "{text:?}: {error}");
        }
    }

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
