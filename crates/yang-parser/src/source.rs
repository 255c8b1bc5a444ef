//! The source texts of a compilation.

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use yang_schema::{FileId, Span};

/// One source text.
#[derive(Clone, Debug)]
pub struct Source {
    /// The file it was read from; `None` for text that was handed over.
    pub path: Option<PathBuf>,
    /// What diagnostics call it: the path, or the name that it was handed over with.
    pub name: String,
    /// The text.
    pub text: Arc<str>,
    /// The module or submodule in it, as far as it could be parsed.
    pub module: Option<String>,
    /// The newest `revision` of the module or submodule.
    pub revision: Option<String>,
    /// Found when the first place is asked for.
    places: OnceLock<Places>,
}

/// What tells the line and column of a byte without a walk over its line: a text may be one line of megabytes, and have
/// thousands of faults there.
#[derive(Clone, Debug)]
struct Places {
    /// Where each line starts.
    lines: Vec<u32>,
    /// The characters that start before each block of [`BLOCK`] bytes.
    characters: Vec<u32>,
}

const BLOCK: usize = 1024;

/// The characters that start in some bytes of UTF-8.
fn characters(bytes: &[u8]) -> u32 {
    bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count() as u32
}

impl Places {
    fn new(text: &[u8]) -> Self {
        let ends = memchr::memchr_iter(b'\n', text).map(|i| i as u32 + 1);
        let mut before = 0;
        let blocks = text.chunks(BLOCK).map(|block| {
            before += characters(block);
            before
        });
        Self {
            lines: std::iter::once(0).chain(ends).collect(),
            characters: std::iter::once(0).chain(blocks).collect(),
        }
    }

    /// The line of a byte, from 0.
    fn line(&self, offset: u32) -> usize {
        self.lines.partition_point(|&start| start <= offset) - 1
    }

    /// The characters that start before a byte.
    fn characters_before(&self, text: &[u8], at: usize) -> u32 {
        let block = at / BLOCK;
        self.characters[block] + characters(&text[block * BLOCK..at])
    }
}

/// A line and a column, both from 1; columns count characters.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Position {
    /// The line, from 1.
    pub line: u32,
    /// The character in the line, from 1.
    pub column: u32,
}

impl Source {
    pub(crate) fn new(path: Option<PathBuf>, name: String, text: Arc<str>) -> Self {
        Self { path, name, text, module: None, revision: None, places: OnceLock::new() }
    }

    /// The line and column of a byte.
    pub fn position(&self, offset: u32) -> Position {
        let (text, places) = (self.text.as_bytes(), self.places());
        let line = places.line(offset);
        let start = places.lines[line] as usize;
        let end = (offset as usize).clamp(start, text.len());
        let column = places.characters_before(text, end) - places.characters_before(text, start);
        Position { line: line as u32 + 1, column: column + 1 }
    }

    /// The bytes of the line that a byte is in, without its end.
    #[cfg_attr(not(feature = "render"), allow(dead_code, reason = "who shows lines asks for them"))]
    pub(crate) fn line(&self, offset: u32) -> std::ops::Range<usize> {
        let lines = &self.places().lines;
        let line = self.places().line(offset);
        let end = lines.get(line + 1).map_or(self.text.len(), |&next| next as usize - 1);
        lines[line] as usize..end
    }

    fn places(&self) -> &Places {
        self.places.get_or_init(|| Places::new(self.text.as_bytes()))
    }
}

/// All source texts that a compilation read, in the order of their [`FileId`]s.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    files: Vec<Source>,
}

impl Sources {
    pub(crate) fn add(&mut self, source: Source) -> FileId {
        self.files.push(source);
        FileId::from_index(self.files.len() - 1)
    }

    /// A source text.
    pub fn get(&self, id: FileId) -> &Source {
        &self.files[id.index()]
    }

    /// All of them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (FileId, &Source)> {
        self.files.iter().enumerate().map(|(i, s)| (FileId::from_index(i), s))
    }

    /// The files that were read: what a build script names in `cargo::rerun-if-changed`.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.files.iter().filter_map(|s| s.path.as_deref())
    }

    /// The text of a module or submodule, as `get-schema` (RFC 6022) hands it out.
    pub fn module_text(&self, name: &str, revision: Option<&str>) -> Option<&str> {
        self.files
            .iter()
            .find(|s| {
                s.module.as_deref() == Some(name) && (revision.is_none() || s.revision.as_deref() == revision)
            })
            .map(|s| &*s.text)
    }

    /// `file:line:column` of the start of a place.
    pub fn locate(&self, span: Span) -> String {
        let source = self.get(span.file);
        let at = source.position(span.start);
        format!("{}:{}:{}", source.name, at.line, at.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_lines_and_characters() {
        let source = Source::new(None, "m".into(), "ab\nä→x\n".into());
        assert_eq!(source.position(0), Position { line: 1, column: 1 });
        assert_eq!(source.position(2), Position { line: 1, column: 3 });
        assert_eq!(source.position(8), Position { line: 2, column: 3 });
        assert_eq!(source.position(99), Position { line: 3, column: 1 });
        assert_eq!([0, 2, 3, 8, 9, 99].map(|at| source.line(at)), [0..2, 0..2, 3..9, 3..9, 3..9, 10..10]);
    }

    #[test]
    fn positions_in_long_lines_are_those_of_a_walk() {
        let text = format!("x\n{}\nä", "a→ä𝄞".repeat(700));
        let source = Source::new(None, "m".into(), text.as_str().into());
        for (at, _) in text.char_indices() {
            let start = text[..at].rfind('\n').map_or(0, |i| i + 1);
            let line = text[..at].matches('\n').count() as u32 + 1;
            let column = text[start..at].chars().count() as u32 + 1;
            assert_eq!(source.position(at as u32), Position { line, column }, "byte {at}");
        }
        let whole = Source::new(None, "m".into(), "a".repeat(2 * BLOCK).into());
        assert_eq!(whole.position(u32::MAX), Position { line: 1, column: 2 * BLOCK as u32 + 1 });
    }
}
