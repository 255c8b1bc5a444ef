//! Start tags that came before: documents repeat them, mostly in the same order, and what was found to be a tag once need not be
//! cut into its parts again.

use hashbrown::HashMap;

/// So many tags are kept, none of them longer than this: a document with more of them is read without.
const MOST: usize = 512;
const LONGEST: usize = 256;

/// Start tags without attributes other than namespace declarations.
#[derive(Debug, Default)]
pub(super) struct KnownTags {
    tags: Vec<KnownTag>,
    by_text: HashMap<Box<str>, usize>,
    /// The one that came last.
    last: Option<usize>,
}

/// A start tag.
#[derive(Debug)]
pub(super) struct KnownTag {
    /// Between `<` and `>`.
    pub(super) inside: Box<str>,
    /// The length of its name, which it begins with.
    name: usize,
    /// The length of the name's prefix with the colon.
    pub(super) prefix: usize,
    declarations: Box<[(Box<str>, Box<str>)]>,
    /// Does it close itself?
    pub(super) empty: bool,
    /// The one that came behind it.
    follower: Option<usize>,
}

impl KnownTag {
    pub(super) fn name(&self) -> &str {
        &self.inside[..self.name]
    }

    /// Prefixes and namespaces.
    pub(super) fn declarations(&self) -> impl Iterator<Item = (&str, &str)> {
        self.declarations.iter().map(|(prefix, uri)| (&**prefix, &**uri))
    }
}

impl KnownTags {
    /// The tag that these bytes, behind a `<`, begin with, if it is the one that may be expected.
    pub(super) fn expected(&self, bytes: &[u8]) -> Option<usize> {
        let at = self.tags[self.last?].follower?;
        let tail = bytes.strip_prefix(self.tags[at].inside.as_bytes())?;
        (tail.first() == Some(&b'>')).then_some(at)
    }

    /// The tag of a text.
    pub(super) fn find(&self, inside: &str) -> Option<usize> {
        self.by_text.get(inside).copied()
    }

    /// A tag that is found to come now.
    pub(super) fn take(&mut self, at: usize) -> &KnownTag {
        if let Some(last) = self.last.replace(at) {
            self.tags[last].follower = Some(at);
        }
        &self.tags[at]
    }

    /// A tag that is new comes now.
    pub(super) fn add<'d>(
        &mut self,
        inside: &str,
        name: &str,
        prefix: usize,
        declarations: impl Iterator<Item = (&'d str, &'d str)>,
        empty: bool,
    ) {
        if self.tags.len() >= MOST || inside.len() > LONGEST {
            return self.pass();
        }
        let declarations = declarations.map(|(prefix, uri)| (prefix.into(), uri.into())).collect();
        let tag =
            KnownTag { inside: inside.into(), name: name.len(), prefix, declarations, empty, follower: None };
        self.tags.push(tag);
        self.by_text.insert(inside.into(), self.tags.len() - 1);
        self.take(self.tags.len() - 1);
    }

    /// A tag comes that is not kept.
    pub(super) fn pass(&mut self) {
        self.last = None;
    }
}
