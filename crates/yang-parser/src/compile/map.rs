//! A quick hash for small keys that nobody outside chooses: ids and positions.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// Folds words by multiplication.
#[derive(Default, Clone, Copy, Debug)]
pub(crate) struct WordHasher(u64);

impl Hasher for WordHasher {
    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }

    fn write(&mut self, bytes: &[u8]) {
        for &b in bytes {
            self.write_u64(u64::from(b));
        }
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(23) ^ n).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }
}

/// A map whose keys are ids. Names, which come from outside, go into std's own.
pub(crate) type IdMap<K, V> = HashMap<K, V, BuildHasherDefault<WordHasher>>;
