//! Ranges, lengths and patterns of one value (RFC 7950 sections 9.2.4, 9.4.4 and 9.4.5).

use super::leaf::{Excerpt, check_characters};
use super::{Bounds, Detail, Facet, Info, LeafValue, Pattern, decimal64};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};
use yang_schema::pattern::CompiledPattern;

/// A fault at a value: what RFC 7950 calls it and what was seen.
pub(crate) struct Fault<'i> {
    pub(crate) tag: &'static str,
    pub(crate) app_tag: Option<&'static str>,
    pub(crate) info: &'i Info,
    pub(crate) seen: String,
}

impl<'i> Fault<'i> {
    pub(crate) fn new(
        tag: &'static str,
        app_tag: Option<&'static str>,
        info: &'i Info,
        seen: String,
    ) -> Self {
        Self { tag, app_tag, info, seen }
    }
}

/// Does a value keep the restrictions? A union's derived code chooses its member by it.
pub fn accepts(value: &dyn LeafValue, detail: &'static Detail) -> bool {
    let mut faults = Vec::new();
    check_value(value, detail, &mut faults);
    faults.is_empty()
}

pub(crate) fn check_value(value: &dyn LeafValue, detail: &'static Detail, faults: &mut Vec<Fault<'static>>) {
    let invalid = |info, seen| Fault::new("invalid-value", None, info, seen);
    match value.facet() {
        Facet::None => {}
        Facet::Invalid(what) => faults.push(invalid(&Info::NONE, what.to_owned())),
        Facet::Member(value, detail) => check_value(value, detail, faults),
        Facet::Number { value, fraction_digits } => {
            if let Some(range) = &detail.range
                && let Some(seen) = outside(range, value, fraction_digits)
            {
                faults.push(invalid(&range.info, seen));
            }
        }
        Facet::Octets(count) => {
            if let Some(length) = &detail.length
                && let Some(seen) = outside(length, count as i128, 0)
            {
                faults.push(invalid(&length.info, format!("the number of octets {seen}")));
            }
        }
        Facet::Text(text) => {
            if let Err(e) = check_characters(text) {
                faults.push(invalid(&Info::NONE, e.0));
            }
            if let Some(length) = &detail.length
                && let Some(seen) = outside(length, text.chars().count() as i128, 0)
            {
                faults.push(invalid(&length.info, format!("the length {seen}")));
            }
            for pattern in detail.patterns {
                if let Some(seen) = mismatch(pattern, text) {
                    faults.push(invalid(&pattern.info, seen));
                }
            }
        }
    }
}

/// What is wrong with a number, in words.
fn outside(bounds: &Bounds, value: i128, fraction_digits: u8) -> Option<String> {
    if bounds.parts.iter().any(|&(min, max)| (min..=max).contains(&value)) {
        return None;
    }
    let show = |value: i128| {
        let mut text = String::new();
        if fraction_digits == 0 || decimal64::print(value, fraction_digits, &mut text).is_err() {
            text = value.to_string();
        }
        text
    };
    let (first, last) = (bounds.parts.first()?, bounds.parts.last()?);
    Some(if value < first.0 {
        format!("{} is below {}", show(value), show(first.0))
    } else if value > last.1 {
        format!("{} is above {}", show(value), show(last.1))
    } else {
        format!("{} lies outside {}", show(value), bounds.text)
    })
}

fn mismatch(pattern: &'static Pattern, text: &str) -> Option<String> {
    let matches = compiled(pattern.text).and_then(|p| p.try_match(text).map_err(|e| e.to_string()));
    let matches = match matches {
        Ok(matches) => matches,
        Err(message) => return Some(format!("the pattern {:?} cannot be used: {message}", pattern.text)),
    };
    (matches == pattern.inverted).then(|| {
        let verb = if pattern.inverted { "matches" } else { "does not match" };
        format!("{:?} {verb} the pattern {:?}", Excerpt(text), pattern.text)
    })
}

type Compiled = Result<Arc<CompiledPattern>, String>;

/// A pattern's automaton. Models use the same few patterns in very many places: each is built once for all of them.
fn compiled(text: &'static str) -> Compiled {
    static KNOWN: OnceLock<RwLock<HashMap<&'static str, Compiled>>> = OnceLock::new();
    let known = KNOWN.get_or_init(RwLock::default);
    if let Ok(known) = known.read()
        && let Some(found) = known.get(text)
    {
        return found.clone();
    }
    let compiled = CompiledPattern::new(text).map(Arc::new).map_err(|e| e.to_string());
    if let Ok(mut known) = known.write() {
        known.insert(text, compiled.clone());
    }
    compiled
}
