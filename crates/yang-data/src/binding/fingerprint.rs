//! What a generated Rust module was made of: by this, code that was generated on top of another crate knows whether that
//! crate was made of the same.

/// The shape of a YANG module in generated code: its revision, and what else decides which types come of it. Code that uses
/// the types of another generated crate compares two of them when it is compiled.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Fingerprint {
    /// Its newest revision, empty where it has none.
    pub revision: &'static str,
    /// Its features that are on, sorted.
    pub features: &'static [&'static str],
    /// The modules whose deviations change its nodes, sorted.
    pub deviations: &'static [&'static str],
    /// A number that stands for all its nodes, types and identities.
    pub content: u64,
}

impl Fingerprint {
    /// Is it of the same revision?
    pub const fn same_revision(&self, other: &Self) -> bool {
        same(self.revision, other.revision)
    }

    /// Are the same features on?
    pub const fn same_features(&self, other: &Self) -> bool {
        all_same(self.features, other.features)
    }

    /// Do the same modules deviate from it?
    pub const fn same_deviations(&self, other: &Self) -> bool {
        all_same(self.deviations, other.deviations)
    }

    /// Are its nodes, types and identities the same?
    pub const fn same_content(&self, other: &Self) -> bool {
        self.content == other.content
    }
}

// `==` is not for constants.
const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

const fn all_same(a: &[&str], b: &[&str]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut at = 0;
    while at < a.len() {
        if !same(a[at], b[at]) {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::Fingerprint;

    const ONE: Fingerprint =
        Fingerprint { revision: "2026-01-01", features: &["a", "b"], deviations: &[], content: 7 };

    #[test]
    fn each_part_counts_by_itself() {
        const SAME: bool = ONE.same_revision(&ONE)
            && ONE.same_features(&ONE)
            && ONE.same_deviations(&ONE)
            && ONE.same_content(&ONE);
        const { assert!(SAME) };
        assert!(!ONE.same_revision(&Fingerprint { revision: "2026-01-02", ..ONE }));
        assert!(!ONE.same_revision(&Fingerprint { revision: "", ..ONE }));
        assert!(!ONE.same_features(&Fingerprint { features: &["a"], ..ONE }));
        assert!(!ONE.same_features(&Fingerprint { features: &["a", "c"], ..ONE }));
        assert!(!ONE.same_deviations(&Fingerprint { deviations: &["d"], ..ONE }));
        assert!(!ONE.same_content(&Fingerprint { content: 8, ..ONE }));
    }
}
