//! Which part of a model is generated.

use crate::error::MapError;
use std::collections::HashSet;
use yang_schema::{NodeId, NodeRef, Schema};

/// The nodes that are generated: all, or the subtrees that were asked for with what leads to them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Selection {
    only: Option<HashSet<NodeId>>,
}

impl Selection {
    /// Everything.
    pub(crate) fn all() -> Self {
        Self::default()
    }

    /// The subtrees of these paths (`/ietf-interfaces:interfaces`; a path without a module names every module's top-level
    /// node), with the nodes above them and the keys of the lists above them.
    ///
    /// # Errors
    /// A path that names no node.
    pub(crate) fn only(schema: &Schema, paths: &[String]) -> Result<Self, Vec<MapError>> {
        let mut only = HashSet::new();
        let mut errors = Vec::new();
        for path in paths {
            let found = find(schema, path);
            if found.is_empty() {
                errors.push(
                    MapError::new(format!("`only({path:?})` names no node of the model"))
                        .help("write a schema path such as /ietf-interfaces:interfaces/interface"),
                );
            }
            for node in found {
                only.insert(node.id());
                only.extend(node.descendants().map(NodeRef::id));
                let mut at = node;
                while let Some(above) = at.parent() {
                    only.insert(above.id());
                    only.extend(above.keys().map(NodeRef::id));
                    at = above;
                }
            }
        }
        if errors.is_empty() { Ok(Self { only: Some(only) }) } else { Err(errors) }
    }

    /// Is the node generated?
    pub(crate) fn includes(&self, node: NodeRef<'_>) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&node.id()))
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
