//! The YANG module that structs describe: their tables as text, without typedefs and groupings.
//!
//! What YANG has no place for is refused, never left out: a node of another module (an augment is that module's to write), an
//! `error_app_tag` of `mandatory`, a code at two nodes.

mod node;
mod text;
mod types;

use super::{Action, HasTable, Kind, Module, Node, Notification, Rpc, Table, Yang};
use std::collections::{BTreeMap, BTreeSet};
use text::Text;
pub use types::TypeInfo;

/// A root struct that describes a module. `#[derive(Yang)]` implements it for `#[yang(root, module = ...)]`, with
/// `prefix = ""`, `revision = "YYYY-MM-DD"`, `rpcs(A, B)`, `actions(A)` and `notifications(A)`.
pub trait YangModule: Yang {
    /// The module's prefix; without one it is its name.
    const PREFIX: Option<&'static str> = None;
    /// The date of its revision.
    const REVISION: Option<&'static str> = None;

    /// Tells the operations of the module.
    fn operations(_: &mut Export) {}

    /// The text of the module that the struct describes, with all that stands in it. It has no typedefs and no groupings:
    /// each type and each struct is written where it stands.
    ///
    /// In `must`, `when`, leafrefs, identities and `if_feature` prefixes are names of modules, which the text imports.
    ///
    /// # Errors
    /// YANG cannot say something of it.
    fn yang_module() -> Result<String, ExportError>
    where
        Self: Sized,
    {
        Export::of::<Self>()
    }
}

/// What YANG cannot say, and where.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{path}: {message}")]
pub struct ExportError {
    /// The node, by names from the top.
    pub path: String,
    /// What it is.
    pub message: String,
}

type Write = fn(&mut Export) -> Result<(), ExportError>;

/// A module that is being written.
pub struct Export {
    module: Module,
    prefix: String,
    body: Text,
    path: Vec<&'static str>,
    /// Modules that names are of.
    imports: BTreeSet<String>,
    features: BTreeSet<String>,
    /// The module's own identities, each with its bases.
    identities: BTreeMap<String, BTreeSet<String>>,
    codes: BTreeMap<u64, String>,
    rpcs: Vec<Write>,
    /// With the table of the struct that each stands in.
    actions: Vec<(&'static Table, Write)>,
    notifications: Vec<Write>,
    /// Actions whose struct was met.
    met: usize,
}

impl Export {
    fn of<T: YangModule>() -> Result<String, ExportError> {
        let mut root = T::default();
        let table = T::table();
        let nowhere = |message: &str| ExportError { path: "/".to_owned(), message: message.to_owned() };
        if table.kind != Kind::Root {
            return Err(nowhere("only a `root` describes a module"));
        }
        let module = table.module.ok_or_else(|| nowhere("it does not tell its module"))?;
        let mut export = Export {
            module,
            prefix: T::PREFIX.unwrap_or(module.name).to_owned(),
            body: Text::default(),
            path: Vec::new(),
            imports: BTreeSet::new(),
            features: BTreeSet::new(),
            identities: BTreeMap::new(),
            codes: BTreeMap::new(),
            rpcs: Vec::new(),
            actions: Vec::new(),
            notifications: Vec::new(),
            met: 0,
        };
        T::operations(&mut export);
        export.body.depth = 1;
        export.fields(&mut root)?;
        let (rpcs, notifications) =
            (std::mem::take(&mut export.rpcs), std::mem::take(&mut export.notifications));
        for write in rpcs.into_iter().chain(notifications) {
            write(&mut export)?;
        }
        if export.met < export.actions.len() {
            return Err(nowhere("an action stands in a struct that is not among the data"));
        }
        if export.imports.contains(&export.prefix) {
            let message = format!("the prefix `{}` is the name of a module that it imports", export.prefix);
            return Err(nowhere(&message));
        }
        Ok(export.finish(T::REVISION))
    }

    /// An rpc of the module.
    pub fn rpc<R: Rpc>(&mut self) {
        self.rpcs.push(|export| {
            export.open("rpc", R::NAME)?;
            export.own(R::MODULE)?;
            export.side("input", &mut R::Input::default())?;
            export.side("output", &mut R::Output::default())?;
            export.close();
            Ok(())
        });
    }

    /// An action of a struct in the module.
    pub fn action<A: Action>(&mut self) {
        let write: Write = |export| {
            export.open("action", A::NAME)?;
            if let Some(module) = A::MODULE {
                export.own(module)?;
            }
            export.side("input", &mut A::Input::default())?;
            export.side("output", &mut A::Output::default())?;
            export.close();
            Ok(())
        };
        self.actions.push((A::Parent::table(), write));
    }

    /// A notification of the module.
    pub fn notification<N: Notification>(&mut self) {
        self.notifications.push(|export| {
            export.open("notification", N::NAME)?;
            if let Some(module) = N::MODULE {
                export.own(module)?;
            }
            let mut node = N::default();
            export.musts(node.node_table().musts, &super::Info::NONE)?;
            export.fields(&mut node)?;
            export.close();
            Ok(())
        });
    }

    fn side(&mut self, keyword: &'static str, node: &mut dyn Node) -> Result<(), ExportError> {
        let table = node.node_table();
        if table.fields.iter().all(|f| f.kind == Kind::Unknown) && table.musts.is_empty() {
            return Ok(());
        }
        self.body.open(keyword);
        self.path.push(keyword);
        self.musts(table.musts, &super::Info::NONE)?;
        self.fields(node)?;
        self.path.pop();
        self.body.close();
        Ok(())
    }

    fn finish(self, revision: Option<&str>) -> String {
        let mut out = Text::default();
        out.open(&format!("module {}", self.module.name));
        out.line("yang-version 1.1;");
        out.line(&format!("namespace {};", text::quoted(self.module.namespace)));
        out.line(&format!("prefix {};", self.prefix));
        for import in &self.imports {
            let prefix = if import == yang_schema::CODE_MODULE { "ec" } else { import };
            out.line(&format!("import {import} {{ prefix {prefix}; }}"));
        }
        if let Some(revision) = revision {
            out.line(&format!("revision {revision};"));
        }
        for feature in &self.features {
            out.line(&format!("feature {feature};"));
        }
        for (name, bases) in &self.identities {
            if bases.is_empty() {
                out.line(&format!("identity {name};"));
            } else {
                out.open(&format!("identity {name}"));
                bases.iter().for_each(|base| out.line(&format!("base {base};")));
                out.close();
            }
        }
        out.text.push_str(&self.body.text);
        out.close();
        out.text
    }

    fn error<T>(&self, message: impl Into<String>) -> Result<T, ExportError> {
        Err(ExportError { path: format!("/{}", self.path.join("/")), message: message.into() })
    }

    fn own(&self, module: Module) -> Result<(), ExportError> {
        if module == self.module {
            return Ok(());
        }
        self.error(format!("it is of module `{}`, whose text it belongs into", module.name))
    }

    fn open(&mut self, keyword: &str, name: &'static str) -> Result<(), ExportError> {
        // Structs hold each other without end only by boxes; YANG has no such nodes.
        if self.path.len() > 200 {
            return self.error("the structs hold each other without end");
        }
        self.body.open(&format!("{keyword} {name}"));
        self.path.push(name);
        Ok(())
    }

    fn close(&mut self) {
        self.path.pop();
        self.body.close();
    }

    /// The prefix by which the text names a module.
    fn prefix_of(&mut self, module: &str) -> String {
        if module == self.module.name {
            return self.prefix.clone();
        }
        self.imports.insert(module.to_owned());
        module.to_owned()
    }

    /// An expression whose prefixes are names of modules, with those of the text.
    fn with_prefixes(&mut self, expression: &str) -> String {
        text::map_prefixes(expression, &mut |module| self.prefix_of(module))
    }
}
