//! A schema as bytes: what a generated crate carries, so that a device starts without parsing YANG.

use crate::node::{Details, NodeRecord};
use crate::schema::Arena;
use crate::strings::Strings;
use crate::{ModuleId, NodeId, NodeKind, Schema, Span, Status, Sym, TypeId};
use serde::{Deserialize, Serialize};

/// What every blob starts with.
const MAGIC: &[u8; 8] = b"yangblob";
/// Raised whenever the layout changes.
const VERSION: u32 = 2;

/// Why bytes are not a schema that this version reads.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// The bytes are something else.
    #[error("these bytes are not a compiled YANG schema")]
    NotABlob,
    /// Another version of the library made them.
    #[error(
        "the compiled schema has layout version {found}, this library reads version {expected}: generate it again"
    )]
    Version {
        /// The version in the bytes.
        found: u32,
        /// The version that this library reads.
        expected: u32,
    },
    /// They changed since they were made.
    #[error("the compiled schema is damaged: {0}")]
    Damaged(String),
}

/// The nodes, field by field: the encoding stays small and quick to read.
#[derive(Serialize, Deserialize, Default)]
struct Columns {
    names: Vec<Sym>,
    modules: Vec<ModuleId>,
    kinds: Vec<NodeKind>,
    flags: Vec<u8>,
    parents: Vec<NodeId>,
    child_counts: Vec<u32>,
    types: Vec<Option<TypeId>>,
    details: Vec<Option<u32>>,
    descriptions: Vec<Option<Sym>>,
    references: Vec<Option<Sym>>,
    spans: Vec<Span>,
}

#[derive(Serialize)]
struct BlobOut<'a> {
    strings: &'a Strings,
    arena: &'a Arena,
    columns: Columns,
    details: &'a [Details],
}

#[derive(Deserialize)]
struct BlobIn {
    strings: Strings,
    arena: Arena,
    columns: Columns,
    details: Vec<Details>,
}

const CONFIG: u8 = 1;
const MANDATORY: u8 = 2;
const STATUS_SHIFT: u8 = 2;

impl Columns {
    fn new(nodes: &[NodeRecord]) -> Columns {
        let mut c = Columns::default();
        for n in nodes {
            c.names.push(n.name);
            c.modules.push(n.module);
            c.kinds.push(n.kind);
            let status = match n.status {
                Status::Current => 0,
                Status::Deprecated => 1,
                Status::Obsolete => 2,
            };
            let flag = |on: bool, bit: u8| if on { bit } else { 0 };
            c.flags.push(flag(n.config, CONFIG) | flag(n.mandatory, MANDATORY) | (status << STATUS_SHIFT));
            c.parents.push(n.parent);
            c.child_counts.push(n.child_count);
            c.types.push(n.type_id);
            c.details.push(n.details);
            c.descriptions.push(n.description);
            c.references.push(n.reference);
            c.spans.push(n.span);
        }
        c
    }

    fn into_records(self) -> Option<Vec<NodeRecord>> {
        let n = self.names.len();
        let same = [
            self.modules.len(),
            self.kinds.len(),
            self.flags.len(),
            self.parents.len(),
            self.child_counts.len(),
            self.types.len(),
            self.details.len(),
            self.descriptions.len(),
            self.references.len(),
            self.spans.len(),
        ];
        if n == 0 || same.iter().any(|&len| len != n) {
            return None;
        }
        let mut first_child = 1u32;
        let mut nodes = Vec::with_capacity(n);
        for i in 0..n {
            let flags = self.flags[i];
            nodes.push(NodeRecord {
                name: self.names[i],
                module: self.modules[i],
                kind: self.kinds[i],
                config: flags & CONFIG != 0,
                mandatory: flags & MANDATORY != 0,
                status: match flags >> STATUS_SHIFT {
                    0 => Status::Current,
                    1 => Status::Deprecated,
                    2 => Status::Obsolete,
                    _ => return None,
                },
                parent: self.parents[i],
                first_child,
                child_count: self.child_counts[i],
                type_id: self.types[i],
                details: self.details[i],
                description: self.descriptions[i],
                reference: self.references[i],
                span: self.spans[i],
            });
            first_child = first_child.checked_add(self.child_counts[i])?;
        }
        // Children stand after their parent, and every node but the root is the child of one.
        (first_child as usize == n).then_some(nodes)
    }
}

impl Schema {
    /// The schema as bytes. Same schema, same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let blob = BlobOut {
            strings: &self.strings,
            arena: &self.arena,
            columns: Columns::new(&self.nodes),
            details: &self.details,
        };
        let body = postcard::to_stdvec(&blob).expect("plain data is always encodable");
        let mut out = Vec::with_capacity(body.len() + 24);
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&checksum(&body).to_le_bytes());
        out.extend_from_slice(&body);
        out
    }

    /// The schema that [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// Bytes that are no schema, of another layout version, or damaged are refused. The checksum tells accidents, not
    /// attacks: load only bytes that you trust as you trust your program.
    pub fn from_bytes(bytes: &[u8]) -> Result<Schema, BlobError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(BlobError::NotABlob)?;
        let damaged = |why: &str| BlobError::Damaged(why.to_owned());
        let (version, rest) =
            rest.split_first_chunk::<4>().ok_or_else(|| damaged("it ends in its header"))?;
        let found = u32::from_le_bytes(*version);
        if found != VERSION {
            return Err(BlobError::Version { found, expected: VERSION });
        }
        let (sum, body) = rest.split_first_chunk::<8>().ok_or_else(|| damaged("it ends in its header"))?;
        if u64::from_le_bytes(*sum) != checksum(body) {
            return Err(damaged("its checksum does not match"));
        }
        let blob: BlobIn = postcard::from_bytes(body).map_err(|e| damaged(&e.to_string()))?;
        if !blob.strings.is_sound() || blob.strings.len() == 0 {
            return Err(damaged("its strings are out of order"));
        }
        let nodes = blob.columns.into_records().ok_or_else(|| damaged("its nodes do not form a tree"))?;
        Ok(Schema::assemble(blob.strings, blob.arena, nodes, blob.details))
    }
}

/// FNV-1a over words of eight bytes: quick, and enough against accidents.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    let mut hash = 0xcbf2_9ce4_8422_2325_u64 ^ bytes.len() as u64;
    let mut words = bytes.chunks_exact(8);
    for word in &mut words {
        hash = (hash ^ u64::from_le_bytes(word.try_into().expect("chunks of eight"))).wrapping_mul(PRIME);
        hash ^= hash >> 29;
    }
    for &byte in words.remainder() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }
    hash
}
