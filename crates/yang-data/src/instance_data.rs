//! Instance data files (RFC 9195): a data set with what is told about it, the structure `instance-data-set` of
//! `ietf-yang-instance-data`. The schema that the data is read with need not have that module.

mod header;

pub use header::{ContentSchema, Datastore, Header, Revision, is_date_and_time};

use crate::codec::{CodecError, CodecErrorKind};
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Event, FullName, Inside, Name, Namespace, Shape, Sink, Source};
use crate::tree::{DecodeOptions, Tree};
use crate::view::{EncodeOptions, View};
use std::sync::Arc;
use yang_schema::{NodeId, Schema};

/// The name of the module.
pub const MODULE: &str = "ietf-yang-instance-data";
/// Its namespace.
pub const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-instance-data";
/// The name of the structure: the root of a file.
pub const ROOT: &str = "instance-data-set";

/// A data set.
#[derive(Clone, Debug)]
pub struct InstanceData {
    /// What is told about it.
    pub header: Header,
    /// `content-data`.
    pub tree: Tree,
}

/// Is it the name of the root of an instance data file?
pub fn is_root(name: Name<'_>) -> bool {
    name.local == ROOT
        && match name.namespace {
            Namespace::Uri(uri) => uri == NAMESPACE,
            Namespace::Module(module) => module == MODULE,
            Namespace::Inherited => false,
        }
}

impl InstanceData {
    /// Reads what stands inside of `instance-data-set`.
    ///
    /// # Errors
    /// Unknown, repeated and wrong members, and all that [`Tree::decode`] finds in `content-data`.
    pub fn decode(
        schema: &Arc<Schema>,
        source: &mut dyn Source,
        options: &DecodeOptions,
    ) -> Result<Self, Vec<DataError>> {
        let mut reader = header::Reader::new(schema);
        let mut tree = None;
        loop {
            let member = reader.next(source).map_err(|e| vec![e])?;
            let Some(member) = member else { break };
            if member != "content-data" {
                reader.member(&member, source).map_err(|e| vec![e])?;
                continue;
            }
            tree = Some(Tree::decode(schema, NodeId::ROOT, &mut Inside::new(source), options)?);
        }
        // Without data there is an empty set of it.
        let tree = tree.unwrap_or_else(|| Tree::new(Arc::clone(schema)));
        let header = reader.finish().map_err(|e| vec![e])?;
        Ok(Self { header, tree })
    }

    /// Moves a source that stands inside of `instance-data-set` into `content-data`; is there one?
    ///
    /// # Errors
    /// Those of the source.
    pub fn seek_content(source: &mut dyn Source) -> Result<bool, CodecError> {
        loop {
            let found = match source.next()? {
                Event::Open { name, .. } => name.local == "content-data",
                Event::Close | Event::End => return Ok(false),
                Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_) => continue,
            };
            if found {
                return Ok(true);
            }
            Inside::new(source).skip()?;
        }
    }

    /// Writes a whole document: `instance-data-set` with the data as the mode of defaults in the header wants it.
    ///
    /// # Errors
    /// Those of the sink.
    pub fn encode(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let mode = self.header.includes_defaults.unwrap_or_default();
        let view = View::of(&self.tree).defaults(mode);
        sink.open(name(ROOT), Shape::Container, &[])?;
        self.header.encode(self.tree.schema(), sink)?;
        sink.open(name("content-data"), Shape::Any, &[])?;
        view.encode(sink, &EncodeOptions::default())?;
        sink.close()?;
        sink.close()
    }
}

pub(crate) fn name(local: &str) -> FullName<'_> {
    FullName { module: MODULE, namespace: NAMESPACE, local }
}

fn invalid(path: &str, member: &str, message: String) -> DataError {
    DataError::new(ErrorTag::InvalidValue, format!("{path}/{member}"), message)
        .info(ErrorInfo::BadElement(member.to_owned()))
}

fn codec(error: CodecError, path: &str) -> DataError {
    debug_assert!(error.kind != CodecErrorKind::Io || !error.message.is_empty());
    DataError::from_codec(error, path)
}
