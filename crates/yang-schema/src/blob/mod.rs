//! A schema as bytes: what a generated crate carries, so that a device starts without parsing YANG.
//!
//! Behind the header (what it is, its version, a checksum) stand the numbers of items of each kind, the string table, the
//! XPath expressions, and the records with the nodes. [`wire`] says how data becomes bytes, [`records`] which fields there are, [`check`]
//! what must hold between them.
//!
//! Texts and expressions are most of the bytes. [`Schema::from_static`] leaves both where they are; an expression
//! is taken apart when it is first asked for, a pattern built when it first matches.

mod check;
mod nodes;
mod records;
mod wire;

pub(crate) use wire::{Counts, Reader, Wire, Writer};

use crate::Schema;
use crate::exprs::Exprs;
use crate::node::Details;
use crate::schema::Arena;
use crate::strings::Strings;
use std::borrow::Cow;
use std::ops::Range;

/// What every blob starts with.
const MAGIC: &[u8; 8] = b"yangblob";
/// Raised whenever the layout changes.
const VERSION: u32 = 4;
/// Magic, version and checksum.
const HEADER: usize = 20;

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

/// What is wrong with bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Damage(pub(crate) &'static str);

impl From<Damage> for BlobError {
    fn from(damage: Damage) -> Self {
        BlobError::Damaged(damage.0.to_owned())
    }
}

impl Schema {
    /// The schema as bytes. Same schema, same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut w = Writer::new(&self.strings);
        let strings = self.strings.all().len();
        self.arena.counts(strings, self.nodes.len(), self.details.len()).put(&mut w);
        w.octets(self.strings.text().as_bytes());
        self.strings.all().for_each(|s| (s.len() as u64).put(&mut w));
        let mut exprs = Writer::new(&self.strings);
        self.arena.exprs.iter().for_each(|e| e.put(&mut exprs));
        w.octets(&exprs.bytes);
        self.arena.put(&mut w);
        w.slice(&self.details);
        nodes::put(&self.nodes, &mut w);

        let mut out = Vec::with_capacity(HEADER + w.bytes.len());
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        out.extend_from_slice(&checksum(&w.bytes).to_le_bytes());
        out.extend_from_slice(&w.bytes);
        out
    }

    /// The schema that [`to_bytes`](Self::to_bytes) wrote.
    ///
    /// # Errors
    /// Bytes that are no schema, of another layout version, or damaged are refused. The checksum tells accidents, not
    /// attacks: who can forge the bytes can make a schema say anything, though not make it panic.
    pub fn from_bytes(bytes: &[u8]) -> Result<Schema, BlobError> {
        load(bytes, |part| Cow::Owned(bytes[part].to_vec()))
    }

    /// Gives changed bytes the checksum that they would need: for tests of what the checksum does not keep out.
    #[doc(hidden)]
    pub fn seal(bytes: &mut [u8]) {
        if let Some((header, body)) = bytes.split_at_mut_checked(HEADER) {
            header[12..].copy_from_slice(&checksum(body).to_le_bytes());
        }
    }

    /// As [`from_bytes`](Self::from_bytes), of bytes that are part of the program: texts are not copied.
    ///
    /// # Errors
    /// As for [`from_bytes`](Self::from_bytes).
    pub fn from_static(bytes: &'static [u8]) -> Result<Schema, BlobError> {
        load(bytes, |part| Cow::Borrowed(&bytes[part]))
    }
}

fn load(bytes: &[u8], keep: impl Fn(Range<usize>) -> Cow<'static, [u8]>) -> Result<Schema, BlobError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(BlobError::NotABlob)?;
    let short = Damage("it ends in its header");
    let (version, rest) = rest.split_first_chunk::<4>().ok_or(short)?;
    let found = u32::from_le_bytes(*version);
    if found != VERSION {
        return Err(BlobError::Version { found, expected: VERSION });
    }
    let (sum, body) = rest.split_first_chunk::<8>().ok_or(short)?;
    if u64::from_le_bytes(*sum) != checksum(body) {
        return Err(Damage("its checksum does not match").into());
    }
    let mut r = Reader::new(body);
    let counts = Counts::get(&mut r)?;
    let text = r.octets()?;
    let text = keep(part(HEADER + r.position(), text.len()));
    let strings = Strings::load(text, counts.strings, &mut r)?;
    let exprs = r.octets()?;
    let kept = keep(part(HEADER + r.position(), exprs.len()));
    let exprs = Exprs::load(kept, counts)?;
    let mut r = Reader::of_items(&body[r.position()..], counts, &strings);
    let mut arena = Arena::get(&mut r)?;
    arena.exprs = exprs;
    let details = Vec::<Details>::get(&mut r)?;
    let nodes = nodes::get(&mut r, counts.nodes, counts.details)?;
    if r.left() > 0 {
        return Err(Damage("something stands behind its end").into());
    }
    if arena.counts(counts.strings as usize, nodes.len(), details.len()) != counts {
        return Err(Damage("it holds more or less than it says").into());
    }
    drop(r);
    check::check(&arena, &nodes, &details)?;
    Ok(Schema::assemble(strings, arena, nodes, details))
}

/// The part of a length that ends at a place.
fn part(end: usize, length: usize) -> Range<usize> {
    end - length..end
}

impl Arena {
    fn counts(&self, strings: usize, nodes: usize, details: usize) -> Counts {
        Counts {
            strings: strings as u32,
            modules: self.modules.len() as u32,
            nodes: nodes as u32,
            details: details as u32,
            types: self.types.len() as u32,
            typedefs: self.typedefs.len() as u32,
            groupings: self.groupings.len() as u32,
            identities: self.identities.len() as u32,
            features: self.features.len() as u32,
            files: self.files.len() as u32,
            exprs: self.exprs.len() as u32,
            xpaths: self.xpaths.len() as u32,
            codes: self.codes.len() as u32,
        }
    }
}

impl Strings {
    /// A table over a text, from the length of each string.
    fn load(text: Cow<'static, [u8]>, count: u32, r: &mut Reader<'_, '_>) -> Result<Self, Damage> {
        let not_utf8 = |_: std::str::Utf8Error| Damage("its texts are not UTF-8");
        let text: Cow<'static, str> = match text {
            Cow::Borrowed(octets) => Cow::Borrowed(std::str::from_utf8(octets).map_err(not_utf8)?),
            Cow::Owned(octets) => {
                Cow::Owned(String::from_utf8(octets).map_err(|e| not_utf8(e.utf8_error()))?)
            }
        };
        if count as usize > r.left() {
            return Err(Damage("a length exceeds the bytes"));
        }
        let mut ends = Vec::with_capacity(count as usize);
        let mut end = 0u32;
        for _ in 0..count {
            let length = u32::get(r)?;
            end = end.checked_add(length).ok_or(Damage("its strings are out of order"))?;
            if !text.is_char_boundary(end as usize) {
                return Err(Damage("its strings are out of order"));
            }
            ends.push(end);
        }
        if end as usize != text.len() {
            return Err(Damage("its strings are out of order"));
        }
        Ok(Strings::new(text, ends))
    }
}

/// FNV-1a over words of eight bytes, in four lanes: quick, and enough against accidents.
fn checksum(bytes: &[u8]) -> u64 {
    const PRIME: u64 = 0x0000_0100_0000_01b3;
    const START: u64 = 0xcbf2_9ce4_8422_2325;
    let step = |hash: u64, word: u64| {
        let hash = (hash ^ word).wrapping_mul(PRIME);
        hash ^ hash >> 29
    };
    let mut lanes = [START, START + 1, START + 2, START + 3];
    let mut blocks = bytes.chunks_exact(32);
    for block in &mut blocks {
        for (lane, word) in lanes.iter_mut().zip(block.chunks_exact(8)) {
            *lane = step(*lane, u64::from_le_bytes(word.try_into().expect("chunks of eight")));
        }
    }
    let mut hash = START ^ bytes.len() as u64;
    for lane in lanes {
        hash = step(hash, lane);
    }
    for &byte in blocks.remainder() {
        hash = step(hash, u64::from(byte));
    }
    hash
}
