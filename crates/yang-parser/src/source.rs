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
    /// Where each line starts; found when the first place is asked for.
    lines: OnceLock<Vec<u32>>,
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
        Self { path, name, text, module: None, revision: None, lines: OnceLock::new() }
    }

    /// The line and column of a byte.
    pub fn position(&self, offset: u32) -> Position {
        let lines = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
            std::iter::once(0).chain(ends.map(|(i, _)| i as u32 + 1)).collect()
        });
        let line = lines.partition_point(|&start| start <= offset);
        let start = lines[line - 1] as usize;
        let end = (offset as usize).clamp(start, self.text.len());
        let column = self.text.get(start..end).map_or(end - start, |before| before.chars().count());
        Position { line: line as u32, column: column as u32 + 1 }
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
    }
}
