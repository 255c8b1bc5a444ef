//! Modules whose Rust another generated crate has already: what is generated on top of it uses that, at the same paths.
//!
//! A struct has the fields that its own crate knows, and an identityref's type the identities. So what the modules of this
//! set add to a module of the other crate has no place there, and is an error: such modules belong into one crate.

use crate::error::MapError;
use crate::lower::Selection;
use quote::ToTokens;
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{ModuleId, NodeKind, NodeRef, Schema};

/// Another crate of generated code, and what is used of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternCrate {
    /// The path of its generated code, as it is written where this code stands: `acme_types::yang`, or `acme_types` where it is
    /// the crate's root.
    pub path: String,
    /// The modules that it has.
    pub modules: Vec<String>,
}

/// The modules that are not generated, since another crate has them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Externs {
    /// By module: which of the crates, and the path of its generated code.
    of: BTreeMap<ModuleId, (usize, String)>,
}

impl Externs {
    /// Finds the modules.
    ///
    /// # Errors
    /// A path that is none, and modules that are not in the set or stand in two crates.
    pub(crate) fn new(schema: &Schema, crates: &[ExternCrate]) -> Result<Self, Vec<MapError>> {
        let mut this = Self::default();
        let mut errors = Vec::new();
        for (at, one) in crates.iter().enumerate() {
            let said = &one.path;
            let path = match syn::parse_str::<syn::Path>(said) {
                Ok(path) if path.segments.iter().all(|s| s.arguments.is_none()) => {
                    path.into_token_stream().to_string().replace(' ', "")
                }
                _ => {
                    errors.push(
                        MapError::new(format!("`extern_crate({said:?}, …)` names no module of Rust")).help(
                            "write the path of the other crate's generated code, such as acme_types::yang",
                        ),
                    );
                    continue;
                }
            };
            for name in &one.modules {
                let Some(id) = schema.find_module(name) else {
                    errors.push(
                        MapError::new(format!(
                            "`extern_crate({said:?}, …)` names the module {name}, which is not in this set"
                        ))
                        .help("name those modules alone that the others of this set import"),
                    );
                    continue;
                };
                if let Some((other, _)) = this.of.insert(id, (at, path.clone()))
                    && other != at
                {
                    let (one, two) = (&crates[other].path, said);
                    errors.push(MapError::new(format!("the module {name} is of {one} and of {two}")));
                }
            }
        }
        if errors.is_empty() { Ok(this) } else { Err(errors) }
    }

    /// The path of the generated code that has a module.
    pub(crate) fn path(&self, module: ModuleId) -> Option<&str> {
        self.of.get(&module).map(|(_, path)| path.as_str())
    }

    /// Is it a module of another crate?
    pub(crate) fn has(&self, module: ModuleId) -> bool {
        self.of.contains_key(&module)
    }

    /// Does the item of a node stand in another crate? It stands where the topmost node above it does.
    pub(crate) fn holds(&self, node: NodeRef<'_>) -> bool {
        !self.of.is_empty() && self.has(top(node).module())
    }

    /// Have both modules their Rust in the same crate?
    pub(crate) fn together(&self, a: ModuleId, b: ModuleId) -> bool {
        let crate_of = |module| self.of.get(&module).map(|(at, _)| *at);
        crate_of(a) == crate_of(b)
    }

    /// What this set adds to modules of other crates, and what modules of other crates demand of handlers here.
    pub(crate) fn check(&self, schema: &Schema, selection: &Selection) -> Vec<MapError> {
        let mut errors = Vec::new();
        if self.of.is_empty() {
            return errors;
        }
        let tops = schema.root().children().filter(|n| n.kind() != NodeKind::Grouping);
        let nodes = tops.flat_map(|top| top.descendants());
        for node in nodes.filter(|&n| selection.includes(n)) {
            let (home, own) = (top(node).module(), node.module());
            if self.together(home, own) {
                continue;
            }
            let above = node.parent().map(NodeRef::module);
            if self.has(home) {
                // Of what an augment adds the topmost nodes are told.
                if above != Some(own) {
                    errors.push(self.added(node, home));
                }
            } else if matches!(node.kind(), NodeKind::Action | NodeKind::Notification) {
                let (name, at) = (schema.module_name(own), schema.module_name(home));
                let message = format!(
                    "the {} {} of {name} stands in {at}, whose types are generated here, while those of {name} are in {}",
                    node.kind().keyword(),
                    node.name(),
                    self.said(own),
                );
                errors.push(
                    MapError::at(node.span(), message).help(format!("add {at} to that `extern_crate`")),
                );
            }
        }
        let mut seen = BTreeSet::new();
        for (base, identity) in schema.identities().filter(|(_, i)| self.has(i.module)) {
            for &id in &identity.derived {
                let derived = schema.identity(id);
                let is_ours = !self.has(derived.module) && selection.asked_for(schema, derived.module);
                if derived.enabled && is_ours && seen.insert(id) {
                    let (module, name) = (schema.module_name(derived.module), schema.str(derived.name));
                    let message = format!(
                        "the identity {name} of {module} is derived from {}:{}, whose type is in {} and does not know it",
                        schema.module_name(identity.module),
                        schema.str(schema.identity(base).name),
                        self.said(identity.module),
                    );
                    errors.push(MapError::at(derived.span, message).help(self.advice(
                        module,
                        schema.module_name(identity.module),
                        identity.module,
                    )));
                }
            }
        }
        errors
    }

    fn added(&self, node: NodeRef<'_>, home: ModuleId) -> MapError {
        let schema = node.schema();
        let (module, of) = (node.module_name(), schema.module_name(home));
        let at = node.data_parent().map_or_else(|| "/".to_owned(), NodeRef::data_path);
        let message = format!(
            "{} {} of {module} is added to `{at}`, whose type is in {} and has no place for it",
            node.kind().keyword(),
            node.name(),
            self.said(home),
        );
        let span = node.augmented_by().map_or(node.span(), |augment| augment.span);
        MapError::at(span, message).help(self.advice(module, of, home))
    }

    fn said(&self, module: ModuleId) -> String {
        let path = self.path(module).map(ToString::to_string).unwrap_or_default();
        format!("`{}`", path.replace(' ', ""))
    }

    fn advice(&self, module: &str, of: &str, home: ModuleId) -> String {
        format!(
            "generate {module} in the crate of {} too, or take {of} out of `extern_crate`, so that its types are made here as \
             well",
            self.said(home)
        )
    }
}

fn top(node: NodeRef<'_>) -> NodeRef<'_> {
    std::iter::successors(Some(node), |n| n.parent().filter(|p| p.kind() != NodeKind::Root))
        .last()
        .unwrap_or(node)
}
