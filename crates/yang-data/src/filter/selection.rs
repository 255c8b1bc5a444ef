//! What a filter has selected.

use crate::codec::CodecError;
use crate::error::DataError;
use crate::event::Sink;
use crate::tree::{DecodeOptions, Tree, TreeSink, UnknownAnnotations};
use crate::view::{Cursor, EncodeOptions, View, Writer};
use yang_schema::{NodeId, NodeKind};

/// Some nodes of a view, each with all that is below it or with some of it, and all nodes above them with their keys.
pub struct Selection<'v> {
    view: &'v View,
    nodes: Vec<Selected<'v>>,
}

/// A node in a selection. Siblings stand in the order of the document, each once.
pub(super) struct Selected<'v> {
    pub(super) node: Cursor<'v>,
    /// `None`: all that is below it.
    pub(super) below: Option<Vec<Selected<'v>>>,
}

impl<'v> Selected<'v> {
    pub(super) fn whole(node: Cursor<'v>) -> Self {
        Self { node, below: None }
    }
}

/// Adds a node to its selected siblings, or to what is selected of it already.
pub(super) fn add<'v>(siblings: &mut Vec<Selected<'v>>, new: Selected<'v>) {
    // Nodes mostly come in order.
    if siblings.last().is_none_or(|last| last.node < new.node) {
        siblings.push(new);
        return;
    }
    match siblings.binary_search_by(|s| s.node.cmp(&new.node)) {
        Err(i) => siblings.insert(i, new),
        Ok(i) => match (&mut siblings[i].below, new.below) {
            (Some(old), Some(new)) => new.into_iter().for_each(|n| add(old, n)),
            (old, _) => *old = None,
        },
    }
}

impl<'v> Selection<'v> {
    pub(super) fn new(view: &'v View, nodes: Vec<Selected<'v>>) -> Self {
        Self { view, nodes }
    }

    /// Is nothing selected?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Selects one more node with all that is below it.
    pub(super) fn add_node(&mut self, node: Cursor<'v>) {
        let mut line: Vec<Cursor<'v>> = node.ancestors().filter(|c| !c.is_root()).cloned().collect();
        let mut new = Selected::whole(node);
        for up in line.drain(..) {
            let mut below = keys_of(&up);
            add(&mut below, new);
            new = Selected { node: up, below: Some(below) };
        }
        add(&mut self.nodes, new);
    }

    /// Writes the selected nodes, as they stand below the root.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink, options: &EncodeOptions) -> Result<(), CodecError> {
        enum Step<'a, 'v> {
            Enter(&'a Selected<'v>),
            Leave(usize),
        }
        let mut writer = Writer::new(sink, self.view, options);
        let mut stack: Vec<Step<'_, 'v>> = self.nodes.iter().rev().map(Step::Enter).collect();
        while let Some(step) = stack.pop() {
            match step {
                Step::Enter(selected) => {
                    let depth = writer.depth();
                    match &selected.below {
                        None => {
                            writer.node(selected.node.clone())?;
                            writer.walk_above(depth)?;
                        }
                        Some(below) => {
                            writer.enter(selected.node.clone(), None)?;
                            if writer.depth() > depth {
                                stack.push(Step::Leave(depth));
                                stack.extend(below.iter().rev().map(Step::Enter));
                            }
                        }
                    }
                }
                Step::Leave(depth) => {
                    while writer.depth() > depth {
                        writer.leave()?;
                    }
                }
            }
        }
        Ok(())
    }

    /// The selected nodes as a tree of their own.
    ///
    /// # Errors
    /// None, unless the selection is of an operation's content.
    pub fn to_tree(&self) -> Result<Tree, Vec<DataError>> {
        // What the view shows is kept as it is.
        let options =
            DecodeOptions { unknown_annotations: UnknownAnnotations::Keep, ..DecodeOptions::default() };
        let mut sink = TreeSink::new(self.view.schema(), NodeId::ROOT, &options);
        let written = self.encode(&mut sink, &EncodeOptions::default());
        written.map_err(|e| vec![DataError::from_codec(e, "/")])?;
        sink.finish()
    }
}

/// The keys of a list entry, which stand in every reply that has a part of it.
pub(super) fn keys_of<'v>(node: &Cursor<'v>) -> Vec<Selected<'v>> {
    let mut keys = Vec::new();
    if node.node().kind() == NodeKind::List {
        for key in node.node().keys().filter_map(|k| node.child(k.id())) {
            add(&mut keys, Selected::whole(key));
        }
    }
    keys
}
