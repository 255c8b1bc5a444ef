//! Start tags (XML 1.0 section 3.1): a whole one, cut into its name and attributes.

use super::chars::is_space;

/// A start tag's inside, between `<` and `>` or `/>`.
pub(crate) struct Tag<'t> {
    /// The element's name.
    pub(crate) name: &'t str,
    rest: &'t str,
    /// Where `rest` begins in the inside.
    offset: usize,
}

/// An attribute as it stands there.
pub(crate) struct RawAttribute<'t> {
    pub(crate) name: &'t str,
    /// Between its quotes.
    pub(crate) value: &'t str,
    /// Where it begins in the inside.
    pub(crate) offset: usize,
}

impl<'t> Tag<'t> {
    pub(crate) fn new(inside: &'t str) -> Self {
        let end = inside.bytes().position(is_space).unwrap_or(inside.len());
        Self { name: &inside[..end], rest: &inside[end..], offset: end }
    }

    /// The next attribute.
    pub(crate) fn next(&mut self) -> Option<Result<RawAttribute<'t>, (usize, &'static str)>> {
        let space = self.rest.bytes().take_while(|&b| is_space(b)).count();
        self.skip(space);
        if self.rest.is_empty() {
            return None;
        }
        Some(if space == 0 {
            Err((self.offset, "white space must stand between attributes"))
        } else {
            self.attribute()
        })
    }

    fn attribute(&mut self) -> Result<RawAttribute<'t>, (usize, &'static str)> {
        let offset = self.offset;
        let end = self.rest.bytes().position(|b| b == b'=' || is_space(b));
        let end = end.ok_or((offset, "an attribute has no value"))?;
        let name = &self.rest[..end];
        self.skip(end);
        self.skip_space();
        if !self.rest.starts_with('=') {
            return Err((self.offset, "an attribute has no value"));
        }
        self.skip(1);
        self.skip_space();
        let quote = match self.rest.bytes().next() {
            Some(b @ (b'"' | b'\'')) => char::from(b),
            _ => return Err((self.offset, "an attribute's value stands in quotes")),
        };
        let end = self.rest[1..].find(quote).ok_or((self.offset, "an attribute's value is not closed"))?;
        let value = &self.rest[1..1 + end];
        self.skip(end + 2);
        Ok(RawAttribute { name, value, offset })
    }

    fn skip(&mut self, count: usize) {
        self.rest = &self.rest[count..];
        self.offset += count;
    }

    fn skip_space(&mut self) {
        self.skip(self.rest.bytes().take_while(|&b| is_space(b)).count());
    }
}
