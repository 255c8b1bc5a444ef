//! Documents into trees.

use crate::codec::CodecErrorKind;
use crate::error::DataError;
use crate::event::{Event, Source};
use crate::tree::Tree;
use crate::tree::assemble::Assembler;
use std::sync::Arc;
use yang_schema::{NodeId, Schema};

/// What a decoder takes.
#[derive(Clone, Debug)]
pub struct DecodeOptions {
    /// Is a node that is not configuration an error?
    pub config_only: bool,
    /// Is configuration an error, but for keys and the containers and entries around state? A state provider has no say in it.
    pub state_only: bool,
    /// Are nodes that the schema does not know left out instead of reported?
    pub skip_unknown: bool,
    /// What becomes of annotations (RFC 7952) that the schema does not know?
    pub unknown_annotations: UnknownAnnotations,
    /// Nodes inside nodes, at most.
    pub depth: usize,
    /// Reading ends with this many errors.
    pub errors: usize,
    /// The commit id of all records.
    pub commit: u64,
}

impl Default for DecodeOptions {
    fn default() -> Self {
        Self {
            config_only: false,
            state_only: false,
            skip_unknown: false,
            unknown_annotations: UnknownAnnotations::default(),
            depth: MAX_DEPTH,
            errors: 1000,
            commit: 0,
        }
    }
}

/// What to do with an annotation that the schema does not know.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum UnknownAnnotations {
    /// It is an error.
    #[default]
    Refuse,
    /// It is left out.
    Skip,
    /// The tree keeps it as it came.
    Keep,
}

/// Deeper trees are refused: those who walk them may recurse.
pub(crate) const MAX_DEPTH: usize = 256;

impl Tree {
    /// Reads the children of a schema node: of [`NodeId::ROOT`] for a datastore, of an `input`, an `output`, a
    /// notification or a structure. The source stands inside the element around them, which it reads to its end, or to
    /// the end of the document.
    ///
    /// # Errors
    /// Everything that payload parsing finds (RFC 7950 section 8.3.1): values that their types forbid, unknown nodes,
    /// missing keys, duplicates, two cases of a choice. After a fault of the encoding there is nothing more to find.
    pub fn decode(
        schema: &Arc<Schema>,
        at: NodeId,
        source: &mut dyn Source,
        options: &DecodeOptions,
    ) -> Result<Tree, Vec<DataError>> {
        let mut assembler = Assembler::new(schema, at, options);
        while !assembler.is_hopeless() {
            let errors = assembler.errors.len();
            let opened = match source.next() {
                Ok(Event::End) => break,
                Ok(Event::Close) if assembler.is_at_top() => break,
                Ok(Event::Close) => {
                    assembler.close();
                    false
                }
                Ok(Event::Open { name, attributes, place }) => {
                    assembler.open(name, &attributes, place);
                    true
                }
                Ok(Event::Text(scalar)) => {
                    assembler.text(&scalar);
                    false
                }
                Ok(Event::Annotations { of, attributes }) => {
                    assembler.annotate(of, &attributes);
                    false
                }
                Ok(Event::EmptyArray(name)) => {
                    assembler.empty_array(name);
                    false
                }
                Err(error) if error.kind == CodecErrorKind::Duplicate => {
                    // The reader knows where it is: what follows may be wrong, too.
                    let error = DataError::from_codec(error, &assembler.path());
                    assembler.report(error);
                    false
                }
                Err(error) => {
                    let error = DataError::from_codec(error, &assembler.path());
                    assembler.report(error);
                    break;
                }
            };
            // The source cannot be asked while its event lives.
            if opened || assembler.errors.len() > errors {
                assembler.locate(source.position(), opened, errors);
            }
        }
        assembler.finish()
    }
}
