//! Text with names of modules in it, such as an instance-identifier: from prefixes to modules' names and back.
//!
//! XML puts a prefix in front of every name (RFC 7950 section 9.13.2); JSON puts a module's name in front of a node where
//! its module is not that of the node before (RFC 7951 section 6.11). Text in quotes is left alone.

/// A piece of such text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Piece<'a> {
    /// A name, with what stands before its colon.
    Name(Option<&'a str>, &'a str),
    /// `[`.
    Open,
    /// `]`.
    Close,
    /// Anything else: slashes, operators, quoted text.
    Other(&'a str),
}

/// Cuts a text into its pieces. It judges nothing: an unclosed quote is a piece to the end.
pub(crate) fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let (piece, length) = match first {
            '[' => (Piece::Open, 1),
            ']' => (Piece::Close, 1),
            '"' | '\'' => {
                let end = rest[1..].find(first).map_or(rest.len(), |i| i + 2);
                (Piece::Other(&rest[..end]), end)
            }
            c if is_start(c) => name(rest),
            c if is_part(c) => {
                // A number: `1e5` holds no name.
                let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
                (Piece::Other(&rest[..end]), end)
            }
            _ => {
                let special = |c| is_part(c) || matches!(c, '[' | ']' | '"' | '\'');
                let end = rest.find(special).unwrap_or(rest.len());
                (Piece::Other(&rest[..end]), end)
            }
        };
        rest = &rest[length..];
        Some(piece)
    })
}

fn name(rest: &str) -> (Piece<'_>, usize) {
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    match rest[end..].strip_prefix(':') {
        Some(after) if after.starts_with(is_start) => {
            let local = after.find(|c| !is_part(c)).unwrap_or(after.len());
            (Piece::Name(Some(&rest[..end]), &after[..local]), end + 1 + local)
        }
        _ => (Piece::Name(None, &rest[..end]), end),
    }
}

fn is_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// Which module a name without one is in: that of the node before it, or of the node whose predicate it stands in.
#[derive(Default)]
pub(crate) struct Modules<'a> {
    stack: Vec<Option<&'a str>>,
    current: Option<&'a str>,
}

impl<'a> Modules<'a> {
    /// Takes a piece; of a name it tells the module, written or inherited.
    pub(crate) fn take(&mut self, piece: Piece<'a>) -> Option<&'a str> {
        match piece {
            Piece::Open => self.stack.push(self.current),
            Piece::Close => self.current = self.stack.pop().flatten(),
            Piece::Name(Some(module), _) => self.current = Some(module),
            Piece::Name(None, _) | Piece::Other(_) => {}
        }
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_and_quoted_text_is_left_alone() {
        let found: Vec<_> = pieces("/if:interfaces/if:interface[if:name='a:b[\"]'][2]/ip:ipv4").collect();
        assert_eq!(
            found,
            [
                Piece::Other("/"),
                Piece::Name(Some("if"), "interfaces"),
                Piece::Other("/"),
                Piece::Name(Some("if"), "interface"),
                Piece::Open,
                Piece::Name(Some("if"), "name"),
                Piece::Other("="),
                Piece::Other("'a:b[\"]'"),
                Piece::Close,
                Piece::Open,
                Piece::Other("2"),
                Piece::Close,
                Piece::Other("/"),
                Piece::Name(Some("ip"), "ipv4"),
            ]
        );
    }
}
