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
        let mut encoder = self.encoder(options);
        while encoder.step(sink)? {}
        Ok(())
    }

    /// The same, to be written a step at a time: see [`crate::view::Encoder`].
    pub fn encoder(&self, options: &EncodeOptions) -> SelectionEncoder<'_, 'v> {
        SelectionEncoder {
            writer: Writer::new(self.view, options),
            stack: self.nodes.iter().rev().map(Step::Enter).collect(),
        }
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

enum Step<'s, 'v> {
    Enter(&'s Selected<'v>),
    /// Write what is left of the nodes below this depth.
    Walk(usize),
    Leave(usize),
}

/// Writes a selection a step at a time.
pub struct SelectionEncoder<'s, 'v> {
    writer: Writer<'v>,
    stack: Vec<Step<'s, 'v>>,
}

impl SelectionEncoder<'_, '_> {
    /// The next step; `false` when all is written. The sink must be one and the same.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn step(&mut self, sink: &mut dyn Sink) -> Result<bool, CodecError> {
        let Some(step) = self.stack.pop() else { return Ok(false) };
        match step {
            Step::Enter(selected) => {
                let depth = self.writer.depth();
                match &selected.below {
                    None => {
                        self.writer.node(sink, selected.node.clone())?;
                        self.stack.push(Step::Walk(depth));
                    }
                    Some(below) => {
                        self.writer.enter(sink, &selected.node)?;
                        if self.writer.depth() > depth {
                            self.stack.push(Step::Leave(depth));
                            self.stack.extend(below.iter().rev().map(Step::Enter));
                        }
                    }
                }
            }
            Step::Walk(depth) => {
                if self.writer.step_above(sink, depth)? {
                    self.stack.push(Step::Walk(depth));
                }
            }
            Step::Leave(depth) => {
                while self.writer.depth() > depth {
                    self.writer.leave(sink)?;
                }
            }
        }
        Ok(true)
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
