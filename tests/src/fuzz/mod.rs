//! What the fuzz targets do with their bytes. `fuzz/` calls these functions under a fuzzer, `tests/fuzz_corpora.rs` calls them
//! with each corpus and with seeded mutations of it.
//!
//! A target holds if it returns: nothing from outside panics, overflows the stack, or takes time or memory out of proportion.
//! Where a target knows more of its result, it asserts that.

mod blob;
mod data;
mod expression;
mod protocol;
mod text;

pub use blob::{blob, walk};
pub use data::{edit, filter, json, xml};
pub use expression::{pattern, xpath};
pub use protocol::{a_session, framing, message};
pub use text::{text, yin};

use crate::random::Random;

/// A fuzz target.
pub struct Target {
    /// Its name: that of `fuzz/fuzz_targets/NAME.rs` and `fuzz/corpus/NAME/`.
    pub name: &'static str,
    /// What it does with its bytes.
    pub run: fn(&[u8]),
    /// Inputs that are too large to be kept in files, with what they are.
    pub large: fn() -> Vec<(&'static str, Vec<u8>)>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "blob", run: blob::blob, large: blob::large },
    Target { name: "edit", run: data::edit, large: data::large_edit },
    Target { name: "filter", run: data::filter, large: data::large_filter },
    Target { name: "framing", run: protocol::framing, large: protocol::large_frames },
    Target { name: "json", run: data::json, large: data::large_json },
    Target { name: "message", run: protocol::message, large: protocol::large_messages },
    Target { name: "pattern", run: expression::pattern, large: expression::large_patterns },
    Target { name: "session", run: protocol::a_session, large: protocol::large_sessions },
    Target { name: "text", run: text::text, large: text::large },
    Target { name: "xml", run: data::xml, large: data::large_xml },
    Target { name: "xpath", run: expression::xpath, large: expression::large_expressions },
    Target { name: "yin", run: text::yin, large: text::large_yin },
];

/// Changes bytes as a fuzzer would, and alike whenever it starts from the same seed.
pub struct Mutator {
    random: Random,
}

impl Mutator {
    /// A mutator of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    fn next(&mut self, below: usize) -> usize {
        self.random.below(below)
    }

    /// One input of several: cut, doubled, changed in single bytes, mixed with another.
    pub fn mutate(&mut self, inputs: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = inputs[self.next(inputs.len())].clone();
        for _ in 0..1 + self.next(4) {
            let at = self.next(bytes.len() + 1);
            let length = self.next(32).min(bytes.len() - at);
            match self.next(6) {
                0 => drop(bytes.drain(at..at + length)),
                1 => {
                    let part = bytes[at..at + length].to_vec();
                    let to = self.next(bytes.len() + 1);
                    bytes.splice(to..to, part);
                }
                2 => bytes.truncate(at.max(1)),
                3 => {
                    let other = &inputs[self.next(inputs.len())];
                    let from = self.next(other.len() + 1);
                    let to = (from + 1 + self.next(64)).min(other.len());
                    let part = other[from..to].to_vec();
                    bytes.splice(at..at + length, part);
                }
                4 => bytes.insert(at, self.next(256) as u8),
                _ => {
                    if let Some(byte) = bytes.get_mut(at) {
                        *byte ^= 1 << self.next(8);
                    }
                }
            }
        }
        bytes
    }
}
