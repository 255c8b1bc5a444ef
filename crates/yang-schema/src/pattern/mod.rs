//! XSD regular expressions (XML Schema part 2, appendix F), as YANG patterns use them.

use serde::{Deserialize, Serialize};

/// A translated pattern; the automaton is built when it is first needed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompiledPattern {
    source: Box<str>,
}
