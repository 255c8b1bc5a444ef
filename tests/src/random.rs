//! Chance that repeats itself: the same numbers for the same seed.

/// A source of numbers (xorshift).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// A source of its own for each seed.
    pub fn new(seed: u64) -> Self {
        // The one state that never leaves itself is 0.
        Self { state: (seed ^ 0x9e37_79b9_7f4a_7c15).max(1) }
    }

    /// A number below a bound; 0 where nothing is below it.
    pub fn below(&mut self, bound: usize) -> usize {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        (self.state >> 11) as usize % bound.max(1)
    }

    /// One of several.
    ///
    /// # Panics
    /// If there are none.
    pub fn of<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }

    /// Once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}
