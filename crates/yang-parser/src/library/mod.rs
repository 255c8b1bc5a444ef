//! Finding, reading and linking modules (RFC 7950 sections 5.1, 5.2, 7.1.5, 7.1.6): what is asked for, what that imports
//! and includes, and which prefix means which module in each file.

mod builtin;
mod include;
mod link;
mod read;
mod search;

pub(crate) use search::SearchPath;
pub use search::yang_files;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::grammar::Keyword;
use crate::progress::{Listener, Progress};
use crate::source::{Source, Sources};
use crate::spelling::did_you_mean;
use crate::syntax::{Stmt, StmtId, Tree};
use read::{Parsed, Reader};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_schema::{FileId, ModuleId, YangVersion};

/// A file that was read and parsed. Its position in [`Library::files`] is its [`FileId`].
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) tree: Tree,
    /// Its `module` or `submodule` statement; without one nothing more is known of it.
    pub(crate) root: Option<StmtId>,
    pub(crate) version: YangVersion,
    /// The module that it is, or is a part of.
    pub(crate) module: Option<ModuleId>,
    /// What each prefix means, its own included.
    pub(crate) prefixes: hashbrown::HashMap<Box<str>, ModuleId>,
    /// Submodules that it includes.
    pub(crate) includes: Vec<FileId>,
}

impl File {
    pub(crate) fn root(&self) -> Option<Stmt<'_>> {
        self.root.map(|id| self.tree.stmt(id))
    }

    /// The name of the module or submodule.
    pub(crate) fn name(&self) -> &str {
        self.root().map_or("", Stmt::arg)
    }

    /// The newest revision.
    pub(crate) fn revision(&self) -> Option<&str> {
        newest_revision(self.root()?)
    }

    pub(crate) fn is_submodule(&self) -> bool {
        self.root().is_some_and(|r| r.is(Keyword::Submodule))
    }
}

/// A module with its submodules. Its position in [`Library::modules`] is its [`ModuleId`].
#[derive(Debug)]
pub(crate) struct ModuleUnit {
    pub(crate) name: String,
    pub(crate) revision: Option<String>,
    pub(crate) main: FileId,
    /// The main file and the submodules', in the order of their inclusion.
    pub(crate) files: Vec<FileId>,
    pub(crate) version: YangVersion,
    /// Was it asked for, or do its nodes have to be there for another reason?
    pub(crate) implemented: bool,
    /// Modules that it and its submodules import.
    pub(crate) imports: Vec<ModuleId>,
}

/// All modules of a compilation.
#[derive(Default, Debug)]
pub(crate) struct Library {
    pub(crate) files: Vec<File>,
    pub(crate) modules: Vec<ModuleUnit>,
    pub(crate) sources: Sources,
    pub(crate) diagnostics: Diagnostics,
    search: SearchPath,
    reader: Reader,
    by_path: HashMap<PathBuf, FileId>,
    by_name: BTreeMap<String, Vec<ModuleId>>,
    /// Files whose texts the compiler carries, by name: each is taken once, however many import it.
    carried: HashMap<&'static str, FileId>,
    /// Files that hold submodules, by name.
    submodules: HashMap<String, Vec<FileId>>,
    /// Files and directories that cannot be read; each is reported once.
    unreadable: HashSet<PathBuf>,
    /// Directories without links in their paths.
    real_directories: HashMap<PathBuf, PathBuf>,
    progress: Listener,
    /// How many files there are to read, as far as is known.
    expected: usize,
}

/// What the user asked for.
#[derive(Clone, Debug)]
pub(crate) enum Root {
    File(PathBuf),
    Directory(PathBuf),
    /// Name and revision.
    Module(String, Option<String>),
    /// Name of the text, and the text.
    Text(String, Arc<str>),
}

/// The newest `revision` of a (sub)module: the order of the statements does not count.
fn newest_revision(root: Stmt<'_>) -> Option<&str> {
    root.all(Keyword::Revision).filter_map(Stmt::argument).max()
}

impl Library {
    /// Reads what was asked for and all that it needs, on so many threads.
    pub(crate) fn load(roots: &[Root], search: SearchPath, threads: usize, progress: Listener) -> Library {
        let reader = Reader::new(threads);
        let mut library = Library { search, reader, progress, expected: roots.len(), ..Library::default() };
        let listed: Vec<Vec<PathBuf>> = roots.iter().map(|root| library.list_root(root)).collect();
        if library.reader.looks_ahead() {
            library.reader.read_ahead(listed.concat());
        }
        let mut files = Vec::new();
        for (root, paths) in roots.iter().zip(listed) {
            library.load_root(root, &paths, &mut files);
        }
        // A submodule is compiled as part of its module, which may have been given behind it.
        let (submodules, modules): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|&file| library.file(file).is_submodule());
        for file in modules.into_iter().chain(submodules) {
            library.add_root(file);
        }
        library.keep_newest();
        link::link(&mut library);
        library.reader.finish();
        library
    }

    /// The files that are asked for; their directories are searched too.
    fn list_root(&mut self, root: &Root) -> Vec<PathBuf> {
        match root {
            Root::File(path) => {
                if let Some(directory) = path.parent() {
                    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
                    self.search.add(directory, false);
                }
                vec![path.clone()]
            }
            Root::Directory(path) => {
                self.search.add(path, true);
                match yang_files(path, true) {
                    Ok(paths) if paths.is_empty() => {
                        let message = format!("there is no module in {}", path.display());
                        let d = Diagnostic::without_place(Code::ModuleNotFound, message);
                        self.diagnostics
                            .push(d.help("modules are in files whose names end with `.yang` or `.yin`"));
                        Vec::new()
                    }
                    Ok(paths) => {
                        self.expected += paths.len();
                        paths
                    }
                    Err(e) => {
                        self.unreadable(path, &e);
                        Vec::new()
                    }
                }
            }
            Root::Module(..) | Root::Text(..) => Vec::new(),
        }
    }

    fn load_root(&mut self, root: &Root, paths: &[PathBuf], files: &mut Vec<FileId>) {
        match root {
            Root::File(_) | Root::Directory(_) => {
                for path in paths {
                    files.extend(self.read(path));
                }
            }
            Root::Module(name, revision) => match self.find(name, revision.as_deref()) {
                Some(file) => files.push(file),
                None => {
                    let wanted = match revision {
                        Some(revision) => format!("{name}@{revision}"),
                        None => name.clone(),
                    };
                    let d = Diagnostic::without_place(
                        Code::ModuleNotFound,
                        format!("no module `{wanted}` was found"),
                    );
                    let d = d.help(self.not_found_help(name));
                    self.diagnostics.push(d);
                }
            },
            Root::Text(name, text) => {
                files.push(self.add(Parsed::new(Source::new(None, name.clone(), text.clone()))));
            }
        }
    }

    fn add_root(&mut self, file: FileId) {
        let Some(root) = self.file(file).root() else { return };
        if root.is(Keyword::Module) {
            let id = self.add_module(file);
            self.modules[id.index()].implemented = true;
            return;
        }
        let Some(parent) = root.child(Keyword::BelongsTo) else { return };
        let (name, span) = (parent.arg().to_owned(), parent.argument_span());
        if self.by_name.contains_key(&name) {
            return;
        }
        match self.find(&name, None) {
            Some(main) => {
                let id = self.add_module(main);
                self.modules[id.index()].implemented = true;
            }
            None => {
                let help = self.not_found_help(&name);
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::ModuleNotFound,
                        span,
                        format!("the module `{name}` that this submodule belongs to was not found"),
                    )
                    .help(help),
                );
            }
        }
    }

    /// Of several revisions of a module, the newest is implemented (RFC 7950 section 5.6.5).
    fn keep_newest(&mut self) {
        for ids in self.by_name.values() {
            let newest = ids.iter().copied().max_by_key(|id| self.modules[id.index()].revision.clone());
            for id in ids.iter().filter(|&&id| Some(id) != newest) {
                self.modules[id.index()].implemented = false;
            }
        }
    }

    pub(crate) fn file(&self, id: FileId) -> &File {
        &self.files[id.index()]
    }

    pub(crate) fn stmt(&self, id: StmtId) -> Stmt<'_> {
        self.file(id.file).tree.stmt(id)
    }

    pub(crate) fn module(&self, id: ModuleId) -> &ModuleUnit {
        &self.modules[id.index()]
    }

    /// Adds the module of a file, or finds it where it is there already.
    fn add_module(&mut self, main: FileId) -> ModuleId {
        if let Some(id) = self.file(main).module {
            return id;
        }
        let (name, revision) =
            (self.file(main).name().to_owned(), self.file(main).revision().map(str::to_owned));
        let same = self.by_name.get(&name).into_iter().flatten().copied();
        let same = { same }.find(|id| self.modules[id.index()].revision == revision);
        if let Some(known) = same {
            let first = self.modules[known.index()].main;
            if self.file(first).tree.text() != self.file(main).tree.text() {
                let (new, old) = (self.file(main).root(), self.file(first).root());
                if let (Some(new), Some(old)) = (new, old) {
                    let d = Diagnostic::error(
                        Code::DuplicateModule,
                        new.argument_span(),
                        format!(
                            "the module `{name}` was given before with another text of the same revision"
                        ),
                    )
                    .also(old.argument_span(), "first given here");
                    self.diagnostics.push(d);
                }
            }
            return known;
        }
        let id = ModuleId::from_index(self.modules.len());
        let file = &mut self.files[main.index()];
        file.module = Some(id);
        let version = file.version;
        self.by_name.entry(name.clone()).or_default().push(id);
        self.modules.push(ModuleUnit {
            name,
            revision,
            main,
            files: vec![main],
            version,
            implemented: false,
            imports: Vec::new(),
        });
        id
    }

    /// The file of a module or submodule: one that was given, else the newest (or the one of the revision) on the search
    /// path. What has been read meanwhile for other reasons does not count, so that the order of loading does not matter.
    fn find(&mut self, name: &str, revision: Option<&str>) -> Option<FileId> {
        let candidates = self.search.candidates(name).to_vec();
        let found = match (revision, &candidates[..]) {
            (Some(wanted), all) => {
                let named = all.iter().find(|c| c.revision.as_deref() == Some(wanted));
                let mut others = all.iter().filter(|c| c.revision.is_none());
                let holds = |c: &&search::Candidate| self.peek_revision(&c.path).as_deref() == Some(wanted);
                named.or_else(|| others.find(holds))
            }
            (None, [only]) => Some(only),
            (None, all) => {
                let mut best: Option<(Option<String>, &search::Candidate)> = None;
                for c in all {
                    let revision = c.revision.clone().or_else(|| self.peek_revision(&c.path));
                    if best.as_ref().is_none_or(|(newest, _)| revision > *newest) {
                        best = Some((revision, c));
                    }
                }
                best.map(|(_, c)| c)
            }
        };
        let Some(found) = found else { return self.carried(name, revision) };
        let file = self.read(&found.path)?;
        // The name of a file promises what only its text can hold; a text that could not be read was reported.
        let holds = |root: Stmt<'_>| {
            root.arg() == name && revision.is_none_or(|wanted| newest_revision(root) == Some(wanted))
        };
        self.file(file).root().is_none_or(holds).then_some(file)
    }

    /// A module whose text the compiler carries.
    fn carried(&mut self, name: &str, revision: Option<&str>) -> Option<FileId> {
        let (name, text) = builtin::module(name)?;
        let file = match self.carried.get(name) {
            Some(file) => *file,
            None => {
                let file = self.add(Parsed::new(Source::new(None, name.to_owned(), text.into())));
                self.carried.insert(name, file);
                file
            }
        };
        revision.is_none_or(|wanted| self.file(file).revision() == Some(wanted)).then_some(file)
    }

    /// The newest revision that a file declares, without taking the file into the compilation.
    fn peek_revision(&mut self, path: &Path) -> Option<String> {
        if let Some(file) = self.by_path.get(path) {
            return self.file(*file).revision().map(str::to_owned);
        }
        self.reader.peek(path)?.revision().map(str::to_owned)
    }

    /// The files that a module or submodule may come from, if none of them was read.
    fn unread(&mut self, name: &str) -> Vec<PathBuf> {
        let candidates = self.search.candidates(name);
        if candidates.iter().any(|c| self.by_path.contains_key(&c.path)) {
            return Vec::new();
        }
        candidates.iter().map(|c| c.path.clone()).collect()
    }

    fn not_found_help(&mut self, name: &str) -> String {
        if let Some(help) = did_you_mean(name, self.search.names()) {
            return help;
        }
        if self.search.candidates(name).is_empty() {
            "add its directory to the search path (`-p DIR`)".to_owned()
        } else {
            "another revision of it is on the search path".to_owned()
        }
    }

    fn unreadable(&mut self, path: &Path, error: &std::io::Error) {
        if self.unreadable.insert(path.to_owned()) {
            let message = format!("cannot read {}: {error}", path.display());
            self.diagnostics.push(Diagnostic::without_place(Code::FileUnreadable, message));
        }
    }

    /// Reads and parses a file, once.
    fn read(&mut self, path: &Path) -> Option<FileId> {
        if let Some(&file) = self.by_path.get(path) {
            return Some(file);
        }
        let real = self.real_path(path);
        if let Some(&file) = self.by_path.get(&real) {
            return Some(file);
        }
        let parsed = match self.reader.take(path) {
            Ok(parsed) => parsed,
            Err(e) => {
                self.unreadable(path, &e);
                return None;
            }
        };
        let file = self.add(parsed);
        self.by_path.insert(real, file);
        self.by_path.insert(path.to_owned(), file);
        Some(file)
    }

    /// The path without links. Most files are none, and directories are asked for once.
    fn real_path(&mut self, path: &Path) -> PathBuf {
        let is_file = path.symlink_metadata().is_ok_and(|m| m.is_file());
        if let (true, Some(directory), Some(name)) = (is_file, path.parent(), path.file_name()) {
            if let Some(real) = self.real_directories.get(directory) {
                return real.join(name);
            }
            let here = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
            if let Ok(real) = here.canonicalize() {
                let path = real.join(name);
                self.real_directories.insert(directory.to_owned(), real);
                return path;
            }
        }
        path.canonicalize().unwrap_or_else(|_| path.to_owned())
    }

    /// Takes a text into the compilation.
    fn add(&mut self, parsed: Parsed) -> FileId {
        let id = FileId::from_index(self.files.len());
        let done = self.files.len() + 1;
        self.progress.tell(Progress::Reading { done, total: self.expected.max(done) });
        let Parsed { source, tree, root, version, diagnostics } = parsed.numbered(id);
        self.sources.add(source);
        self.diagnostics.extend(diagnostics);
        self.files.push(File {
            tree,
            root,
            version,
            module: None,
            prefixes: hashbrown::HashMap::new(),
            includes: Vec::new(),
        });
        if self.file(id).is_submodule() {
            let name = self.file(id).name().to_owned();
            self.submodules.entry(name).or_default().push(id);
        }
        self.check_file_name(id);
        id
    }

    fn check_file_name(&mut self, id: FileId) {
        let path = self.sources.get(id).path.clone();
        let Some((name, revision)) = path.as_deref().and_then(search::name_of) else { return };
        let file = self.file(id);
        let Some(root) = file.root() else { return };
        let found = if name != root.arg() {
            Some(format!("the file is named for `{name}`, but holds `{}`", root.arg()))
        } else if let Some(revision) = revision.filter(|r| file.revision() != Some(r.as_str())) {
            let newest = file.revision().unwrap_or("none");
            Some(format!("the file is named for revision {revision}, but its newest is {newest}"))
        } else {
            None
        };
        if let Some(message) = found {
            let d = Diagnostic::warning(Code::ModuleName, root.argument_span(), message);
            self.diagnostics.push(d);
        }
    }
}

#[cfg(test)]
mod tests;
