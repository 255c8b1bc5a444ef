//! XSD regular expressions (XML Schema part 2, appendix F), as YANG patterns use them (RFC 7950 section 9.4.5).
//!
//! XSD is not Perl: an expression always matches the whole text, `^` and `$` are ordinary characters, classes can be
//! subtracted (`[a-z-[aeiou]]`), and `\i`, `\c` and `\p{IsBasicLatin}` exist. So an expression is parsed by XSD's grammar and
//! written anew in the syntax of the linear-time `regex` crate.

mod block;
mod class;
#[cfg(test)]
mod tests;
mod translate;

use regex::{Regex, RegexBuilder};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// The most memory that the automaton of one pattern may take. The largest counted repetition of real models, `.{0,65535}`,
/// needs 80 MB. (Tests do not want to wait for so much.)
const AUTOMATON_LIMIT: usize = if cfg!(test) { 8 << 20 } else { 128 << 20 };

/// A pattern whose syntax has been checked; its automaton is built when it is first needed, once for all clones.
#[derive(Clone, Debug)]
pub struct CompiledPattern(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    source: Box<str>,
    anchors: bool,
    automaton: OnceLock<Result<Regex, PatternError>>,
}

/// Why a pattern cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    /// The byte of the pattern where it is wrong.
    pub offset: usize,
    /// What is wrong.
    pub message: String,
}

impl CompiledPattern {
    /// Checks the syntax of an XSD regular expression.
    ///
    /// # Errors
    /// Anything that appendix F does not allow.
    pub fn new(xsd: &str) -> Result<Self, PatternError> {
        Self::checked(xsd, false)
    }

    /// As [`new`](Self::new), but `^` at the start and `$` at the end of an alternative are anchors, hence without meaning:
    /// OpenConfig writes its patterns so.
    ///
    /// # Errors
    /// Anything else that appendix F does not allow.
    pub fn with_anchors(xsd: &str) -> Result<Self, PatternError> {
        Self::checked(xsd, true)
    }

    fn checked(xsd: &str, anchors: bool) -> Result<Self, PatternError> {
        translate::translate(xsd, anchors)?;
        Ok(Self::known(xsd, anchors))
    }

    /// A pattern whose syntax was checked before. If it was not, it matches nothing.
    pub(crate) fn known(xsd: &str, anchors: bool) -> Self {
        Self(Arc::new(Shared { source: xsd.into(), anchors, automaton: OnceLock::new() }))
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Are `^` and `$` anchors?
    pub fn has_anchors(&self) -> bool {
        self.0.anchors
    }

    /// The expression without the anchors that mean nothing in it: the same in plain XSD.
    pub fn without_anchors(&self) -> std::borrow::Cow<'_, str> {
        let text = self.source();
        if !self.has_anchors() || !text.contains(['^', '$']) {
            return text.into();
        }
        let mut out = String::with_capacity(text.len());
        // Depth of brackets; is the next character the first of an alternative?
        let (mut class, mut first) = (0usize, true);
        let mut rest = text.chars();
        while let Some(c) = rest.next() {
            let next = rest.clone().next();
            let last = matches!(next, None | Some('|' | ')'));
            match c {
                '\\' => {
                    out.push(c);
                    out.extend(rest.next());
                    first = false;
                    continue;
                }
                '[' => class += 1,
                ']' => class = class.saturating_sub(1),
                '^' if class == 0 && first => {
                    first = false;
                    continue;
                }
                '$' if class == 0 && last => continue,
                _ => {}
            }
            out.push(c);
            first = class == 0 && matches!(c, '(' | '|');
        }
        out.into()
    }

    /// Does the whole text match? A pattern whose automaton cannot be built matches nothing;
    /// [`try_match`](Self::try_match) tells.
    pub fn is_match(&self, text: &str) -> bool {
        self.try_match(text).unwrap_or(false)
    }

    /// Does the whole text match?
    ///
    /// # Errors
    /// An automaton that would take too much memory, known only when it is first built.
    pub fn try_match(&self, text: &str) -> Result<bool, PatternError> {
        match self.0.automaton.get_or_init(|| self.build()) {
            Ok(regex) => Ok(regex.is_match(text)),
            Err(error) => Err(error.clone()),
        }
    }

    fn build(&self) -> Result<Regex, PatternError> {
        let regex = translate::translate(&self.0.source, self.0.anchors)?;
        RegexBuilder::new(&regex).size_limit(AUTOMATON_LIMIT).build().map_err(|e| {
            let message = match e {
                regex::Error::CompiledTooBig(limit) => {
                    format!("the pattern {} needs more than {limit} bytes of memory", self.0.source)
                }
                other => format!("the pattern {} cannot be used: {other}", self.0.source),
            };
            PatternError { offset: 0, message }
        })
    }
}

/// A pattern that comes again and again, as those of `re-match` do: the last ones are kept.
///
/// # Errors
/// As [`CompiledPattern::new`].
pub fn kept(xsd: &str) -> Result<CompiledPattern, PatternError> {
    const MOST: usize = 256;
    static KEPT: Mutex<BTreeMap<String, CompiledPattern>> = Mutex::new(BTreeMap::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(pattern) = kept.get(xsd) {
        return Ok(pattern.clone());
    }
    let pattern = CompiledPattern::new(xsd)?;
    if kept.len() >= MOST {
        kept.clear();
    }
    kept.insert(xsd.to_owned(), pattern.clone());
    Ok(pattern)
}

impl PartialEq for CompiledPattern {
    fn eq(&self, other: &Self) -> bool {
        self.0.source == other.0.source && self.0.anchors == other.0.anchors
    }
}
