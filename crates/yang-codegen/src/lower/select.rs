//! Which part of a model is generated.

use crate::error::MapError;
use crate::extern_crate::Externs;
use std::collections::HashSet;
use yang_schema::{ModuleId, NodeId, NodeRef, Schema};

/// The nodes that are generated: all, or those that were asked for with what leads to them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    only: Option<HashSet<NodeId>>,
    /// The modules that were asked for; empty for all.
    modules: Vec<String>,
    /// Were paths asked for?
    is_part: bool,
}

impl Selection {
    /// The data of these modules, or of all if none is named; and thereof only the subtrees of these paths
    /// (`/ietf-interfaces:interfaces`; a path without a module names every module's top-level node), or all if there is
    /// none. Nodes above what is selected belong to it, with the keys of lists.
    ///
    /// # Errors
    /// A path that names no node.
    pub(crate) fn new(
        schema: &Schema,
        modules: &[String],
        paths: &[String],
        externs: &Externs,
    ) -> Result<Self, Vec<MapError>> {
        let asked_for =
            |id: ModuleId| modules.is_empty() || modules.iter().any(|m| m == schema.module_name(id));
        let complete = schema.modules().all(|(id, m)| !m.implemented || asked_for(id));
        if complete && paths.is_empty() {
            return Ok(Self { only: None, modules: modules.to_vec(), is_part: false });
        }
        let mut errors = Vec::new();
        let mut roots = Vec::new();
        for path in paths {
            let found = find(schema, path);
            if found.is_empty() {
                errors.push(
                    MapError::new(format!("`only({path:?})` names no node of the model"))
                        .help("write a schema path such as /ietf-interfaces:interfaces/interface"),
                );
            }
            roots.extend(found);
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        if paths.is_empty() {
            roots.extend(schema.root().children());
        }
        let mut only = HashSet::new();
        for root in roots {
            for node in std::iter::once(root).chain(root.descendants()) {
                if asked_for(node.module()) {
                    with_way(node, &mut only);
                }
            }
        }
        // What another crate has is there, whoever asked for it: leafrefs have the types of their targets.
        for top in schema.root().children().filter(|top| externs.has(top.module())) {
            let below = top.descendants().filter(|node| externs.has(node.module()));
            only.extend(std::iter::once(top).chain(below).map(NodeRef::id));
        }
        Ok(Self { only: Some(only), modules: modules.to_vec(), is_part: !paths.is_empty() })
    }

    /// Is only a part of the modules generated?
    pub(crate) fn is_part(&self) -> bool {
        self.is_part
    }

    /// Is the module one of those that were asked for?
    pub(crate) fn asked_for(&self, schema: &Schema, module: ModuleId) -> bool {
        self.modules.is_empty() || self.modules.iter().any(|m| m == schema.module_name(module))
    }

    /// Is the node generated?
    pub(crate) fn includes(&self, node: NodeRef<'_>) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&node.id()))
    }
}

/// Adds a node and those above it, with the keys of lists.
fn with_way(node: NodeRef<'_>, only: &mut HashSet<NodeId>) {
    let mut at = Some(node);
    while let Some(node) = at {
        // What is above a node that is there already is there too.
        if !only.insert(node.id()) {
            return;
        }
        only.extend(node.keys().map(NodeRef::id));
        at = node.parent();
    }
}

fn find<'s>(schema: &'s Schema, path: &str) -> Vec<NodeRef<'s>> {
    let top = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    if top.contains(':') {
        return schema.find(path).into_iter().collect();
    }
    let Some(rest) = path.strip_prefix('/') else { return Vec::new() };
    schema
        .modules()
        .filter(|(_, m)| m.implemented)
        .filter_map(|(_, m)| schema.find(&format!("/{}:{rest}", schema.str(m.name))))
        .filter(|n| n.id() != NodeId::ROOT)
        .collect()
}
