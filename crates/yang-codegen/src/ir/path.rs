//! Paths of generated items.

/// The path of an item or Rust module from the root of the generated code.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct RustPath(pub(crate) Vec<String>);

impl RustPath {
    /// What is right below it.
    #[must_use]
    pub(crate) fn join(&self, name: impl Into<String>) -> RustPath {
        let mut names = self.0.clone();
        names.push(name.into());
        RustPath(names)
    }

    /// As it is written inside the Rust module `from`: up by `super`, then down.
    pub(crate) fn seen_from(&self, from: &[String]) -> String {
        // The last name is the item's own: a Rust module of the same name is not on the way to it.
        let room = self.0.len().saturating_sub(1);
        let shared = self.0[..room].iter().zip(from).take_while(|(a, b)| a == b).count();
        let up = from[shared..].iter().map(|_| "super");
        let down = self.0[shared..].iter().map(String::as_str);
        up.chain(down).collect::<Vec<_>>().join("::")
    }
}

#[cfg(test)]
mod tests {
    use super::RustPath;

    fn path(text: &str) -> RustPath {
        RustPath(text.split("::").map(str::to_owned).collect())
    }

    #[test]
    fn paths_are_as_short_as_they_can_be() {
        let seen = |to: &str, from: &str| path(to).seen_from(&path(from).0);
        assert_eq!(seen("a::X", "a"), "X");
        assert_eq!(seen("a::b::X", "a"), "b::X");
        assert_eq!(seen("a::X", "a::b::c"), "super::super::X");
        assert_eq!(seen("b::types::X", "a::c"), "super::super::b::types::X");
        assert_eq!(seen("a::r#type::X", "a"), "r#type::X");
    }
}
