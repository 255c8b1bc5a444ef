//! Names that are likely meant where another is written.

/// No one misspells more of a name than a third; in a long name every letter may be compared in vain.
fn allowed(name: &str) -> usize {
    (name.len() / 3).max(1)
}

/// Longer names are not compared.
const LONGEST: usize = 200;

/// The known name that is closest to one that is not known, if one is close.
pub(crate) fn closest<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    if name.len() > LONGEST {
        return None;
    }
    let allowed = allowed(name);
    known
        .into_iter()
        .filter(|k| k.len().abs_diff(name.len()) <= 2 * allowed && *k != name)
        .map(|k| (if k.eq_ignore_ascii_case(name) { 0 } else { distance(k, name) }, k))
        .filter(|&(distance, _)| distance <= allowed)
        .min()
        .map(|(_, k)| k)
}

/// A help that names the closest.
pub(crate) fn did_you_mean<'k>(name: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    closest(name, known).map(|close| format!("did you mean `{close}`?"))
}

/// How many letters are to be put in, left out, exchanged, or swapped with the next one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 0..a.len() {
        let mut row = vec![i + 1];
        for j in 0..b.len() {
            let mut least = (last[j] + usize::from(a[i] != b[j])).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i] == b[j - 1] && a[i - 1] == b[j] {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (a, b, steps) in
            [("", "", 0), ("", "ab", 2), ("leaf", "laef", 1), ("type", "tpye", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(a, b), steps, "{a} {b}");
            assert_eq!(distance(b, a), steps, "{b} {a}");
        }
    }

    #[test]
    fn only_what_is_close_is_meant() {
        let known = ["mtu", "name", "enabled", "description"];
        assert_eq!(closest("mut", known), Some("mtu"));
        assert_eq!(closest("MTU", known), Some("mtu"));
        assert_eq!(closest("desciption", known), Some("description"));
        assert_eq!(closest("type", known), None);
        assert_eq!(closest(&"x".repeat(1000), known), None);
        assert_eq!(did_you_mean("nmae", known).as_deref(), Some("did you mean `name`?"));
    }
}
