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
use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

/// The most memory that the automaton of one pattern may take. The largest counted repetition of real models, `.{0,65535}`,
/// needs 80 MB. (Tests do not want to wait for so much.)
const AUTOMATON_LIMIT: usize = if cfg!(test) { 8 << 20 } else { 128 << 20 };

/// A pattern whose syntax has been checked; its automaton is built when it is first needed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompiledPattern {
    source: Box<str>,
    anchors: bool,
    #[serde(skip)]
    automaton: OnceLock<Box<Result<Regex, PatternError>>>,
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
        Ok(Self { source: xsd.into(), anchors, automaton: OnceLock::new() })
    }

    /// The expression as written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Are `^` and `$` anchors?
    pub fn has_anchors(&self) -> bool {
        self.anchors
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
        let automaton = self.automaton.get_or_init(|| Box::new(self.build()));
        match automaton.as_ref() {
            Ok(regex) => Ok(regex.is_match(text)),
            Err(error) => Err(error.clone()),
        }
    }

    fn build(&self) -> Result<Regex, PatternError> {
        let regex = translate::translate(&self.source, self.anchors)?;
        RegexBuilder::new(&regex).size_limit(AUTOMATON_LIMIT).build().map_err(|e| {
            let message = match e {
                regex::Error::CompiledTooBig(limit) => {
                    format!("the pattern {} needs more than {limit} bytes of memory", self.source)
                }
                other => format!("the pattern {} cannot be used: {other}", self.source),
            };
            PatternError { offset: 0, message }
        })
    }
}

impl PartialEq for CompiledPattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.anchors == other.anchors
    }
}
