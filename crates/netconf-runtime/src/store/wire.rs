//! How records and values are written as bytes: variable-length integers and length-prefixed strings, nothing more.

use super::{Change, Confirmed, Head, LogEntry, Stamp};

/// The version of the encoding of a log entry; it stands in front of each.
const LOG_ENTRY: u8 = 1;

/// The bytes end too early, or say what the format does not allow.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("stored bytes end too early or are out of order")]
pub(crate) struct Truncated;

/// Writes.
#[derive(Default)]
pub(crate) struct Writer(pub(crate) Vec<u8>);

impl Writer {
    pub(crate) fn u8(&mut self, v: u8) {
        self.0.push(v);
    }

    /// LEB128.
    pub(crate) fn int(&mut self, mut v: u64) {
        while v >= 0x80 {
            self.0.push(v as u8 | 0x80);
            v >>= 7;
        }
        self.0.push(v as u8);
    }

    pub(crate) fn bytes(&mut self, b: &[u8]) {
        self.int(b.len() as u64);
        self.0.extend_from_slice(b);
    }

    pub(crate) fn str(&mut self, s: &str) {
        self.bytes(s.as_bytes());
    }

    pub(crate) fn opt(&mut self, b: Option<&[u8]>) {
        match b {
            None => self.u8(0),
            Some(b) => {
                self.u8(1);
                self.bytes(b);
            }
        }
    }
}

/// Reads what a [`Writer`] wrote. No length is believed before the bytes are there.
pub(crate) struct Reader<'a>(pub(crate) &'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Truncated> {
        let (&first, rest) = self.0.split_first().ok_or(Truncated)?;
        self.0 = rest;
        Ok(first)
    }

    pub(crate) fn int(&mut self) -> Result<u64, Truncated> {
        let mut v = 0u64;
        for shift in (0..64).step_by(7) {
            let b = self.u8()?;
            let low = u64::from(b & 0x7f);
            if shift == 63 && low > 1 {
                return Err(Truncated);
            }
            v |= low << shift;
            if b & 0x80 == 0 {
                return Ok(v);
            }
        }
        Err(Truncated)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Truncated> {
        u32::try_from(self.int()?).map_err(|_| Truncated)
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Truncated> {
        let len = usize::try_from(self.int()?).map_err(|_| Truncated)?;
        let (head, rest) = self.0.split_at_checked(len).ok_or(Truncated)?;
        self.0 = rest;
        Ok(head)
    }

    pub(crate) fn str(&mut self) -> Result<&'a str, Truncated> {
        std::str::from_utf8(self.bytes()?).map_err(|_| Truncated)
    }

    pub(crate) fn opt(&mut self) -> Result<Option<&'a [u8]>, Truncated> {
        match self.u8()? {
            0 => Ok(None),
            1 => Ok(Some(self.bytes()?)),
            _ => Err(Truncated),
        }
    }

    fn opt_str(&mut self) -> Result<Option<String>, Truncated> {
        self.opt()?.map(|b| String::from_utf8(b.to_vec()).map_err(|_| Truncated)).transpose()
    }
}

impl Stamp {
    fn write(&self, w: &mut Writer) {
        w.str(&self.transaction);
        w.int(self.time_ms);
        w.str(&self.user);
        w.int(u64::from(self.session));
        w.opt(self.comment.as_deref().map(str::as_bytes));
        match &self.confirmed {
            None => w.u8(0),
            Some(c) => {
                w.u8(1);
                w.opt(c.persist_id.as_deref().map(str::as_bytes));
                w.int(c.deadline_ms);
                w.int(c.rollback_to.0);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, Truncated> {
        Ok(Self {
            transaction: r.str()?.to_owned(),
            time_ms: r.int()?,
            user: r.str()?.to_owned(),
            session: r.u32()?,
            comment: r.opt_str()?,
            confirmed: match r.u8()? {
                0 => None,
                1 => Some(Confirmed {
                    persist_id: r.opt_str()?,
                    deadline_ms: r.int()?,
                    rollback_to: Head(r.int()?),
                }),
                _ => return Err(Truncated),
            },
        })
    }
}

/// Writes a log entry, change by change: those of a large commit need not stand in memory twice.
#[cfg_attr(not(feature = "store-redb"), allow(dead_code, reason = "memory keeps it as it is"))]
pub(crate) struct LogEntryWriter(Writer);

#[cfg_attr(not(feature = "store-redb"), allow(dead_code, reason = "memory keeps it as it is"))]
impl LogEntryWriter {
    /// For so many changes.
    pub(crate) fn new(stamp: &Stamp, changes: usize) -> Self {
        let mut w = Writer::default();
        w.u8(LOG_ENTRY);
        stamp.write(&mut w);
        w.int(changes as u64);
        Self(w)
    }

    pub(crate) fn change(&mut self, key: &[u8], before: Option<&[u8]>, after: Option<&[u8]>) {
        self.0.bytes(key);
        self.0.opt(before);
        self.0.opt(after);
    }

    /// Gives away what is written, in pieces of a size; less than one stays for later.
    pub(crate) fn take_pieces<E>(
        &mut self,
        size: usize,
        mut take: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        let bytes = &mut self.0.0;
        let whole = bytes.len() - bytes.len() % size;
        bytes[..whole].chunks(size).try_for_each(&mut take)?;
        bytes.drain(..whole);
        Ok(())
    }

    /// What is left of the bytes; the head is the key that they are stored under.
    pub(crate) fn finish(self) -> Vec<u8> {
        self.0.0
    }
}

impl LogEntry {
    #[cfg_attr(not(feature = "store-redb"), allow(dead_code, reason = "memory keeps it as it is"))]
    pub(crate) fn from_bytes(head: Head, bytes: &[u8]) -> Result<Self, Truncated> {
        let mut r = Reader(bytes);
        if r.u8()? != LOG_ENTRY {
            return Err(Truncated);
        }
        let stamp = Stamp::read(&mut r)?;
        let mut changes = Vec::new();
        for _ in 0..r.int()? {
            changes.push(Change {
                key: r.bytes()?.to_vec(),
                before: r.opt()?.map(<[u8]>::to_vec),
                after: r.opt()?.map(<[u8]>::to_vec),
            });
        }
        if !r.is_empty() {
            return Err(Truncated);
        }
        Ok(Self { head, stamp, changes })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn integers_come_back(v: u64) {
            let mut w = Writer::default();
            w.int(v);
            let mut r = Reader(&w.0);
            prop_assert_eq!(r.int(), Ok(v));
            prop_assert!(r.is_empty());
        }

        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>) {
            let _ = LogEntry::from_bytes(Head(1), &bytes);
        }

        #[test]
        fn entries_come_back_and_no_shorter_text_does(
            user in ".*",
            persist in proptest::option::of(".*"),
            changes in proptest::collection::vec(
                (any::<Vec<u8>>(), proptest::option::of(any::<Vec<u8>>()), proptest::option::of(any::<Vec<u8>>())),
                0..4,
            ),
            cut: proptest::sample::Index,
            piece in 1usize..40,
        ) {
            let entry = LogEntry {
                head: Head(7),
                stamp: Stamp {
                    transaction: "t".into(),
                    time_ms: 12,
                    user,
                    session: 3,
                    comment: None,
                    confirmed: Some(Confirmed { persist_id: persist, deadline_ms: 9, rollback_to: Head(6) }),
                },
                changes: changes
                    .into_iter()
                    .map(|(key, before, after)| Change { key, before, after })
                    .collect(),
            };
            let mut w = LogEntryWriter::new(&entry.stamp, entry.changes.len());
            let mut bytes = Vec::new();
            for change in &entry.changes {
                w.change(&change.key, change.before.as_deref(), change.after.as_deref());
                w.take_pieces(piece, |part| -> Result<(), Truncated> {
                    assert_eq!(part.len(), piece, "all but the last are of one size");
                    bytes.extend_from_slice(part);
                    Ok(())
                }).unwrap();
            }
            bytes.extend(w.finish());
            prop_assert_eq!(LogEntry::from_bytes(Head(7), &bytes), Ok(entry));
            prop_assert!(LogEntry::from_bytes(Head(7), &bytes[..cut.index(bytes.len())]).is_err());
        }
    }
}
