//! Words that are nearly right.

/// All words of `#[yang(...)]`.
const WORDS: [&str; 61] = [
    "action",
    "actions",
    "anydata",
    "anyxml",
    "base",
    "bits",
    "case",
    "choice",
    "code",
    "config",
    "container",
    "crate",
    "default",
    "description",
    "enumeration",
    "error_app_tag",
    "error_message",
    "identities",
    "identityref",
    "if_feature",
    "input",
    "inverted",
    "key",
    "leaf",
    "leaf_list",
    "leafref",
    "length",
    "list",
    "mandatory",
    "max_elements",
    "min_elements",
    "module",
    "modules",
    "must",
    "name",
    "namespace",
    "nonzero",
    "notification",
    "notifications",
    "ordered_by",
    "output",
    "parent",
    "pattern",
    "position",
    "prefix",
    "presence",
    "range",
    "require_instance",
    "revision",
    "root",
    "rpc",
    "rpcs",
    "skip",
    "status",
    "typedef",
    "union",
    "unique",
    "units",
    "unknown",
    "value",
    "when",
];

/// The word that was probably meant: one or two letters more, less or other, or two in each other's place.
pub(crate) fn near(word: &str) -> Option<&'static str> {
    let spoken = word.replace('-', "_").to_ascii_lowercase();
    let most = if word.len() < 5 { 1 } else { 2 };
    WORDS
        .iter()
        .filter(|known| **known != word)
        .map(|known| (distance(&spoken, known), *known))
        .filter(|(distance, _)| *distance <= most)
        .min()
        .map(|(_, known)| known)
}

/// Edits between two words, the swap of neighbours being one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for i in 0..=a.len() {
        for j in 0..=b.len() {
            if i == 0 || j == 0 {
                rows[i][j] = i + j;
                continue;
            }
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (rows[i - 1][j] + 1).min(rows[i][j - 1] + 1).min(rows[i - 1][j - 1] + change);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_found_and_strangers_are_not() {
        for (slip, meant) in [
            ("lenght", "length"),
            ("leaflist", "leaf_list"),
            ("Key", "key"),
            ("min-elements", "min_elements"),
        ] {
            assert_eq!(near(slip), Some(meant), "{slip}");
        }
        assert_eq!(near("serde"), None);
        assert!(WORDS.is_sorted());
    }
}
