//! A large reply as typed values, one after the other: each is decoded when it is there, and what was taken is forgotten.

use super::{Error, Filter, Get, GetData, Pieces};
use crate::client::typed::read_all_in;
use std::collections::VecDeque;
use yang_data::binding::Target;
use yang_data::binding::path::Path;

/// What a container on the way may hold of leaves in front of the entries: they are kept, since keys are among them.
const MOST_LEAVES: usize = 64 << 10;

/// The values at a path as they come. See [`Pieces`] for what it means not to take them.
#[derive(Debug)]
pub struct Entries<T, M> {
    pieces: Pieces,
    path: Path<T, M>,
    splitter: Splitter,
    ready: VecDeque<T>,
}

impl<T: Target, M> Entries<T, M> {
    pub(super) fn new(pieces: Pieces, path: Path<T, M>) -> Self {
        // `data` stands around what the path leads to.
        let (depth, name) = path.names().fold((1, "data"), |(depth, _), (_, name)| (depth + 1, name));
        let splitter = Splitter::new(&pieces.open_tag(), depth, name);
        Self { pieces, path, splitter, ready: VecDeque::new() }
    }

    /// The next value; `None` when there are no more.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Reply`] for a value that does not fit the type.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(value) = self.ready.pop_front() {
                return Some(Ok(value));
            }
            while let Some(document) = self.splitter.next() {
                match read_all_in(&document, &self.path) {
                    Ok(values) => self.ready.extend(values),
                    Err(error) => return Some(Err(error)),
                }
                if !self.ready.is_empty() {
                    break;
                }
            }
            if !self.ready.is_empty() {
                continue;
            }
            match self.pieces.next().await? {
                Ok(piece) => self.splitter.push(&piece),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

impl Get {
    /// Asks for all that stands at a path, and gives it one by one while it comes: the memory that it takes is that of a few
    /// values, however many there are.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn entries<T: Target, M>(self, path: &Path<T, M>) -> Result<Entries<T, M>, Error>
    where
        Path<T, M>: Clone,
    {
        let pieces = self.filter(Filter::path(path)?).pieces().await?;
        Ok(Entries::new(pieces, path.clone()))
    }

    /// Asks for it, and gives the reply in pieces while it comes.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn pieces(self) -> Result<Pieces, Error> {
        let (session, name, operation) = self.request().await?;
        session.call_in_pieces(name, &operation).await
    }
}

impl GetData {
    /// Asks for it, and gives the reply in pieces while it comes.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn pieces(self) -> Result<Pieces, Error> {
        self.into_get().pieces().await
    }

    /// Asks for all that stands at a path, and gives it one by one while it comes: see [`Get::entries`].
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn entries<T: Target, M>(self, path: &Path<T, M>) -> Result<Entries<T, M>, Error>
    where
        Path<T, M>: Clone,
    {
        self.into_get().entries(path).await
    }
}

/// Cuts the elements at one depth out of XML that is known to be well-formed. Each comes as a document of its own: in the start tags of what is around it, with the leaves that stood there before it.
#[derive(Debug)]
struct Splitter {
    /// What is around all of it.
    root: String,
    depth: usize,
    /// The local name of the elements that are wanted.
    local: String,
    /// The elements that are open around the next one.
    around: Vec<Level>,
    /// How deep inside of an element the text is that is collected: an element at the depth, or a leaf on the way.
    inside: usize,
    /// The element that is collected, from its start tag on.
    element: Vec<u8>,
    /// It holds elements: it is no leaf.
    nested: bool,
    /// What has not been looked at, because it ends inside of a token.
    rest: Vec<u8>,
    done: VecDeque<Vec<u8>>,
}

#[derive(Debug)]
struct Level {
    /// The name in the start tag.
    name: Vec<u8>,
    /// The start tag, and leaves.
    text: Vec<u8>,
    leaves: usize,
}

impl Splitter {
    /// `depth` is that of the elements that are wanted, 1 for the outermost.
    fn new(root: &str, depth: usize, local: &str) -> Self {
        Self {
            root: root.to_owned(),
            depth,
            local: local.to_owned(),
            around: Vec::new(),
            inside: 0,
            element: Vec::new(),
            nested: false,
            rest: Vec::new(),
            done: VecDeque::new(),
        }
    }

    /// The next element's document.
    fn next(&mut self) -> Option<String> {
        self.done.pop_front().and_then(|document| String::from_utf8(document).ok())
    }

    fn push(&mut self, piece: &[u8]) {
        let mut input = std::mem::take(&mut self.rest);
        input.extend_from_slice(piece);
        let mut at = 0;
        while at < input.len() {
            let end = match token_end(&input[at..]) {
                Some(length) => at + length,
                None => break,
            };
            self.token(&input[at..end]);
            at = end;
        }
        input.drain(..at);
        self.rest = input;
    }

    fn token(&mut self, token: &[u8]) {
        match token {
            [b'<', b'!' | b'?', ..] if !token.starts_with(b"<![CDATA[") => {}
            [b'<', b'/', ..] => self.close(token),
            [b'<', next, ..] if *next != b'!' => {
                self.open(token);
                if token.ends_with(b"/>") {
                    self.close(b"");
                }
            }
            text if self.inside > 0 => self.element.extend_from_slice(text),
            _ => {}
        }
    }

    /// A start tag. On the way down an element is a leaf until it turns out to hold elements.
    fn open(&mut self, tag: &[u8]) {
        if self.inside > 0 && self.around.len() + 1 < self.depth {
            // What was taken for a leaf is a container on the way.
            let text = std::mem::take(&mut self.element);
            self.around.push(Level { name: name_of(&text).to_vec(), text, leaves: 0 });
            self.inside = 0;
        }
        if self.inside > 0 {
            self.nested = true;
        }
        self.element.extend_from_slice(tag);
        self.inside += 1;
    }

    fn close(&mut self, tag: &[u8]) {
        if self.inside == 0 {
            // The end of what is around.
            self.around.pop();
            return;
        }
        self.element.extend_from_slice(tag);
        self.inside -= 1;
        if self.inside > 0 {
            return;
        }
        let element = std::mem::take(&mut self.element);
        let nested = std::mem::take(&mut self.nested);
        let wanted = self.around.len() + 1 == self.depth && local_of(&element) == self.local.as_bytes();
        if !wanted {
            // Leaves beside what is wanted, or above it, may be keys of what is around.
            if !nested {
                self.keep(&element);
            }
            return;
        }
        let mut document = self.root.clone().into_bytes();
        self.around.iter().for_each(|level| document.extend_from_slice(&level.text));
        document.extend_from_slice(&element);
        for level in self.around.iter().rev() {
            document.extend_from_slice(b"</");
            document.extend_from_slice(&level.name);
            document.push(b'>');
        }
        document.extend_from_slice(b"</rpc-reply>");
        self.done.push_back(document);
    }

    /// Keeps a leaf in what is around it, as long as there are not too many.
    fn keep(&mut self, leaf: &[u8]) {
        if let Some(level) = self.around.last_mut() {
            level.leaves += leaf.len();
            if level.leaves <= MOST_LEAVES {
                level.text.extend_from_slice(leaf);
            }
        }
    }
}

/// How long the token is that `input` begins with; nothing if its end is not there.
fn token_end(input: &[u8]) -> Option<usize> {
    let until = |end: &[u8]| memchr::memmem::find(input, end).map(|at| at + end.len());
    match input {
        [b'<', b'?', ..] => until(b"?>"),
        [b'<', b'!', ..] if input.starts_with(b"<!--") => until(b"-->"),
        [b'<', b'!', ..] if input.starts_with(b"<![CDATA[") => until(b"]]>"),
        [b'<', b'!', ..] | [b'<'] => None,
        [b'<', tag @ ..] => {
            let mut quote = None;
            for (at, byte) in tag.iter().enumerate() {
                match (quote, byte) {
                    (None, b'>') => return Some(at + 2),
                    (None, b'"' | b'\'') => quote = Some(byte),
                    (Some(open), byte) if open == byte => quote = None,
                    _ => {}
                }
            }
            None
        }
        text => Some(memchr::memchr(b'<', text).unwrap_or(text.len())),
    }
}

/// The name in a start tag.
fn name_of(tag: &[u8]) -> &[u8] {
    let name = tag.get(1..).unwrap_or_default();
    let end = name.iter().position(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n' | b'/' | b'>'));
    &name[..end.unwrap_or(name.len())]
}

fn local_of(tag: &[u8]) -> &[u8] {
    let name = name_of(tag);
    memchr::memchr(b':', name).map_or(name, |at| &name[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All documents, the input cut into pieces of this length.
    fn split(input: &str, depth: usize, local: &str, length: usize) -> Vec<String> {
        let mut splitter = Splitter::new("<r>", depth, local);
        let mut all = Vec::new();
        for piece in input.as_bytes().chunks(length) {
            splitter.push(piece);
            all.extend(std::iter::from_fn(|| splitter.next()));
        }
        assert!(splitter.around.is_empty() && splitter.rest.is_empty() && splitter.element.is_empty());
        all.iter()
            .map(|d| d.strip_prefix("<r>").unwrap().strip_suffix("</rpc-reply>").unwrap().to_owned())
            .collect()
    }

    #[test]
    fn entries_come_with_what_is_around_them() {
        let input = "<data> <n:top xmlns:n='a>b'><n:x>1</n:x>\n<n:l><n:k>one</n:k><big><deep/></big><n:e><k>1é</k><m><n/></m></n:e>\
             <other><e/></other><n:e><k><![CDATA[<2>]]></k></n:e></n:l><!-- <e/> --><n:l><n:k>two</n:k><n:e/></n:l></n:top></data>";
        let open = "<data> <n:top xmlns:n='a>b'><n:x>1</n:x>";
        let expected = [
            format!("{open}<n:l><n:k>one</n:k><n:e><k>1é</k><m><n/></m></n:e></n:l></n:top></data>"),
            format!("{open}<n:l><n:k>one</n:k><n:e><k><![CDATA[<2>]]></k></n:e></n:l></n:top></data>"),
            format!("{open}<n:l><n:k>two</n:k><n:e/></n:l></n:top></data>"),
        ];
        for length in [1, 2, 7, 1000] {
            assert_eq!(split(input, 4, "e", length), expected, "pieces of {length}");
        }
    }

    #[test]
    fn leaves_are_entries_where_they_are_asked_for() {
        let input = "<data><l><k>1</k><v>a</v></l><l><k>2</k><v>b</v><v>c</v></l></data>";
        assert_eq!(
            split(input, 3, "v", 3),
            [
                "<data><l><k>1</k><v>a</v></l></data>",
                "<data><l><k>2</k><v>b</v></l></data>",
                "<data><l><k>2</k><v>c</v></l></data>",
            ]
        );
        assert_eq!(split("<data/>", 3, "v", 3), Vec::<String>::new());
    }

    /// What is kept does not grow with what passes.
    #[test]
    fn what_passed_is_forgotten() {
        let mut splitter = Splitter::new("<r>", 2, "e");
        splitter.push(b"<data>");
        for _ in 0..10_000 {
            splitter.push(b"<x><y/></x><z>some text</z><e><k>1</k></e>");
            assert!(splitter.next().is_some_and(|d| d.len() < 2 * MOST_LEAVES));
        }
        let kept = splitter.around.iter().map(|l| l.text.len()).sum::<usize>();
        assert!(kept <= MOST_LEAVES + 6, "{kept}");
    }
}
