//! Statements to YIN (RFC 7950 section 13.1).

use super::{NAMESPACE, mapping};
use crate::argument::split_reference;
use crate::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::grammar::Keyword;
use crate::library::{Library, Root, SearchPath};
use crate::print::Refusal;
use crate::syntax::Stmt;
use std::path::{Path, PathBuf};
use yang_schema::{FileId, ModuleId};

/// The module in a file as YIN. How the argument of an extension's statement is written stands in the extension's definition, so
/// modules that it imports are looked for beside it and in directories and below them.
pub fn yin(path: &Path, search: &[PathBuf]) -> Result<String, Refusal> {
    let mut directories = SearchPath::default();
    for directory in search {
        directories.add(directory, true);
    }
    let mut library =
        Library::load(&[Root::File(path.to_owned())], directories, 1, crate::progress::Listener::default());
    let mut diagnostics = Vec::new();
    let file = library.sources.iter().find(|(_, s)| s.path.as_deref() == Some(path)).map(|(id, _)| id);
    let mut out = String::new();
    if let Some(file) = file {
        let mut writer = Writer { library: &library, file, out, diagnostics: Diagnostics::default() };
        writer.document();
        out = writer.out;
        diagnostics = writer.diagnostics.into_sorted();
    }
    // An import that is not found matters only where one of its extensions is used, which is told there.
    let of_file = std::mem::take(&mut library.diagnostics).into_sorted().into_iter().filter(|d| {
        d.severity == Severity::Error
            && d.code != Code::ModuleNotFound
            && d.span().is_none_or(|s| Some(s.file) == file)
    });
    diagnostics.splice(0..0, of_file);
    if diagnostics.is_empty() { Ok(out) } else { Err(Refusal { diagnostics, sources: library.sources }) }
}

struct Writer<'l> {
    library: &'l Library,
    file: FileId,
    out: String,
    diagnostics: Diagnostics,
}

impl<'l> Writer<'l> {
    fn document(&mut self) {
        let file = self.library.file(self.file);
        let Some(root) = file.root() else { return };
        self.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        let mut declared: Vec<(&str, &str)> = file
            .prefixes
            .iter()
            .filter_map(|(prefix, &module)| Some((&**prefix, self.namespace(module)?)))
            .collect();
        declared.sort_unstable();
        let pad = " ".repeat(root.keyword_text().len() + 2);
        self.out.push_str(&format!("<{}", root.keyword_text()));
        self.attribute("name", root.arg());
        self.out.push_str(&format!("\n{pad}xmlns=\"{NAMESPACE}\""));
        for (prefix, uri) in declared {
            self.out.push_str(&format!("\n{pad}xmlns:{prefix}=\""));
            escape(uri, true, &mut self.out);
            self.out.push('"');
        }
        self.out.push_str(">\n");
        for child in root.children() {
            self.statement(child, 2);
        }
        self.out.push_str(&format!("</{}>\n", root.keyword_text()));
    }

    fn namespace(&self, module: ModuleId) -> Option<&'l str> {
        self.library.file(self.library.module(module).main).root()?.value_of(Keyword::Namespace)
    }

    fn attribute(&mut self, name: &str, value: &str) {
        self.out.push_str(&format!(" {name}=\""));
        escape(value, true, &mut self.out);
        self.out.push('"');
    }

    /// Statements are nested no deeper than the syntax allows.
    fn statement(&mut self, stmt: Stmt<'l>, indent: usize) {
        let name = stmt.keyword_text();
        let (argument, prefix) = match stmt.keyword() {
            Keyword::Extended => {
                let prefix = split_reference(name).0.unwrap_or("");
                (self.extension_argument(stmt), format!("{prefix}:"))
            }
            keyword => (mapping::argument(keyword).map(|(n, e)| (n.to_owned(), e)), String::new()),
        };
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(&format!("<{name}"));
        let value = stmt.argument();
        let mut element = None;
        if let (Some((argument, is_element)), Some(value)) = (&argument, value) {
            if *is_element {
                element = Some((argument, value));
            } else {
                self.attribute(argument, value);
            }
        }
        if element.is_none() && stmt.is_childless() {
            self.out.push_str("/>\n");
            return;
        }
        self.out.push_str(">\n");
        if let Some((argument, value)) = element {
            self.out.extend(std::iter::repeat_n(' ', indent + 2));
            self.out.push_str(&format!("<{prefix}{argument}>"));
            // Below an extension's statement, what has no text may be a statement as well.
            if !prefix.is_empty() && value.trim_ascii().is_empty() && !value.contains('\r') {
                self.out.push_str(&format!("<![CDATA[{value}]]>"));
            } else {
                escape(value, false, &mut self.out);
            }
            self.out.push_str(&format!("</{prefix}{argument}>\n"));
        }
        for child in stmt.children() {
            self.statement(child, indent + 2);
        }
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(&format!("</{name}>\n"));
    }

    /// What the definition of an extension says of its argument (RFC 7950 section 7.19.2).
    fn extension_argument(&mut self, stmt: Stmt<'l>) -> Option<(String, bool)> {
        let library = self.library;
        let (prefix, name) = stmt.extension_name()?;
        let module = library.file(self.file).prefixes.get(prefix).copied();
        let definition = module.and_then(|module| {
            let files = library.module(module).files.iter();
            let mut roots = files.filter_map(|&f| library.file(f).root());
            roots.find_map(|root| root.all(Keyword::Extension).find(|e| e.arg() == name))
        });
        let Some(definition) = definition else {
            let message = format!("the definition of `{prefix}:{name}` was not found");
            self.diagnostics.push(
                Diagnostic::error(Code::UnknownExtension, stmt.keyword_span(), message).help(
                    "YIN needs the name of its argument; add its directory to the search path (`-p DIR`)",
                ),
            );
            return None;
        };
        let argument = definition.child(Keyword::Argument);
        if argument.is_some() != stmt.argument().is_some() {
            let takes = if argument.is_some() { "takes an argument" } else { "takes no argument" };
            let message = format!("`{prefix}:{name}` {takes}");
            self.diagnostics.push(
                Diagnostic::error(Code::ExtensionArgument, stmt.keyword_span(), message)
                    .also(definition.argument_span(), "as its definition says"),
            );
        }
        let argument = argument?;
        Some((argument.arg().to_owned(), argument.value_of(Keyword::YinElement) == Some("true")))
    }
}

/// Characters of an attribute or of a text. What a reader would change (line breaks, blanks in attributes) is a reference.
fn escape(text: &str, attribute: bool, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            '\r' => out.push_str("&#13;"),
            c => out.push(c),
        }
    }
}
