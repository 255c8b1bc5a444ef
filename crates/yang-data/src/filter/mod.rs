//! Filters on a view: [`subtree`] (RFC 6241 section 6) and [`xpath`] (section 8.9).
//!
//! A filter selects; it copies nothing. A [`Selection`] points into the view and is written from there. The view's mask
//! stands in front of the filter: no predicate and no content match sees what may not be read.

pub mod selection;
pub mod subtree;
pub mod xpath;

pub use selection::{Selection, SelectionEncoder};
pub use subtree::{FilterPath, SubtreeFilter};
