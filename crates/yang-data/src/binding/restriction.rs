//! Ranges, lengths and patterns of one value (RFC 7950 sections 9.2.4, 9.4.4 and 9.4.5).

use super::leaf::check_characters;
use super::{Bounds, Detail, Facet, Info, LeafValue, Pattern, canonical};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock, RwLock};
use yang_schema::Interval;
use yang_schema::pattern::CompiledPattern;
use yang_schema::value::range::Numbers;
use yang_schema::value::seen;

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
        // What was kept is no value of the model; but a union's member may be chosen for it.
        Facet::None | Facet::Unknown(_) => {}
        Facet::Invalid(what) => faults.push(invalid(&Info::NONE, what.to_owned())),
        Facet::Member(value, detail) => check_value(value, detail, faults),
        Facet::Number { value: n, fraction_digits } => {
            if let Some(range) = &detail.range
                && !range.contains(n)
            {
                let numbers = match fraction_digits {
                    0 => Numbers::Integer,
                    digits => Numbers::Decimal64(digits),
                };
                let seen = seen::outside(&range.intervals(), n, numbers);
                faults.push(invalid(&range.info, seen.unwrap_or_default()));
            }
        }
        Facet::Octets(count) => {
            if let Some(length) = &detail.length
                && !length.contains(count as i128)
            {
                let seen = seen::wrong_length(&length.intervals(), count, "octet", &canonical(value));
                faults.push(invalid(&length.info, seen.unwrap_or_default()));
            }
        }
        Facet::Text(text) => {
            if let Err(e) = check_characters(text) {
                faults.push(invalid(&Info::NONE, e.0));
            }
            if let Some(length) = &detail.length {
                let count = characters(text);
                if !length.contains(count as i128) {
                    let seen = seen::wrong_length(&length.intervals(), count, "character", text);
                    faults.push(invalid(&length.info, seen.unwrap_or_default()));
                }
            }
            for pattern in detail.patterns {
                if let Some(seen) = mismatch(pattern, text) {
                    faults.push(invalid(&pattern.info, seen));
                }
            }
        }
    }
}

/// What is said of a value, or a union's member, that the model does not know.
pub(crate) fn unknown(value: &dyn LeafValue) -> Option<String> {
    match value.facet() {
        Facet::Member(value, _) => unknown(value),
        Facet::Unknown(seen) => Some(seen),
        _ => None,
    }
}

fn characters(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().count() }
}

impl Bounds {
    fn contains(&self, n: i128) -> bool {
        self.parts.iter().any(|&(min, max)| (min..=max).contains(&n))
    }

    fn intervals(&self) -> Vec<Interval> {
        self.parts.iter().map(|&(min, max)| Interval { min, max }).collect()
    }
}

fn mismatch(pattern: &'static Pattern, text: &str) -> Option<String> {
    let automaton = pattern.automaton.get_or_init(|| compiled(pattern.text)).as_ref();
    let matches = automaton.map_err(String::clone).and_then(|p| p.try_match(text).map_err(|e| e.to_string()));
    match matches {
        Ok(matches) if matches == pattern.inverted => {
            Some(seen::mismatch(text, pattern.text, pattern.inverted))
        }
        Ok(_) => None,
        Err(message) => Some(format!("the pattern {} cannot be used: {message}", pattern.text)),
    }
}

/// What a pattern became.
pub(super) type Automaton = Result<Arc<CompiledPattern>, String>;

/// A pattern's automaton. Models use the same few patterns in very many places: each is built once for all of them.
fn compiled(text: &'static str) -> Automaton {
    static KNOWN: OnceLock<RwLock<HashMap<&'static str, Automaton>>> = OnceLock::new();
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
