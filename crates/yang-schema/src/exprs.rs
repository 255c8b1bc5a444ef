//! The XPath expressions of a schema. Those of a blob are taken apart when they are first asked for: most never are.

use crate::blob::{Counts, Damage, Reader, Wire};
use crate::xpath::Expr;
use std::borrow::Cow;
use std::ops::{Index, IndexMut};
use std::sync::OnceLock;

/// All expressions, by id.
#[derive(Clone, Default, Debug)]
pub(crate) struct Exprs {
    cells: Vec<OnceLock<Box<Expr>>>,
    packed: Packed,
}

/// The expressions in bytes, which have been checked.
#[derive(Clone, Default, Debug)]
struct Packed {
    bytes: Cow<'static, [u8]>,
    /// Where each starts.
    starts: Vec<u32>,
    counts: Counts,
}

impl Packed {
    fn get(&self, index: usize) -> Expr {
        let at = self.starts[index] as usize;
        Expr::get(&mut Reader::at(&self.bytes, at, self.counts)).expect("it was read over when it was loaded")
    }
}

impl Exprs {
    /// Reads over expressions in bytes, which may be anything.
    pub(crate) fn load(bytes: Cow<'static, [u8]>, counts: Counts) -> Result<Self, Damage> {
        let mut r = Reader::at(&bytes, 0, counts);
        let mut starts = Vec::new();
        for _ in 0..counts.exprs {
            starts.push(u32::try_from(r.position()).map_err(|_| Damage("it is too large"))?);
            Expr::skip(&mut r)?;
        }
        if r.left() > 0 {
            return Err(Damage("something stands behind its expressions"));
        }
        let mut cells = Vec::new();
        cells.resize_with(starts.len(), OnceLock::new);
        Ok(Self { cells, packed: Packed { bytes, starts, counts } })
    }

    pub(crate) fn len(&self) -> usize {
        self.cells.len()
    }

    pub(crate) fn push(&mut self, expr: Expr) {
        self.cells.push(OnceLock::from(Box::new(expr)));
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Expr> {
        (0..self.cells.len()).map(|i| &self[i])
    }
}

impl Index<usize> for Exprs {
    type Output = Expr;

    fn index(&self, index: usize) -> &Expr {
        self.cells[index].get_or_init(|| Box::new(self.packed.get(index)))
    }
}

impl IndexMut<usize> for Exprs {
    fn index_mut(&mut self, index: usize) -> &mut Expr {
        if self.cells[index].get().is_none() {
            self.cells[index] = OnceLock::from(Box::new(self.packed.get(index)));
        }
        self.cells[index].get_mut().expect("it was just filled")
    }
}

impl PartialEq for Exprs {
    fn eq(&self, other: &Self) -> bool {
        self.len() == other.len() && self.iter().eq(other.iter())
    }
}

/// An expression written and read.
#[cfg(test)]
pub(crate) fn through_bytes(expr: &Expr) -> Expr {
    let strings = crate::strings::Strings::default();
    let mut w = crate::blob::Writer::new(&strings);
    expr.put(&mut w);
    let counts = Counts { exprs: 1, modules: u32::MAX, ..Counts::default() };
    Exprs::load(w.bytes.into(), counts).expect("it was just written")[0].clone()
}
