//! The compiled YANG schema: plain, immutable data that a compiler fills and a device reads.
//!
//! [`Schema`] is an arena of nodes, types, identities, features and XPath expressions, addressed by small ids; [`NodeRef`],
//! [`TypeRef`] and their kin are the readable views of it. A compiler fills a [`Builder`]; [`Schema::to_bytes`] and
//! [`Schema::from_bytes`] carry the result into a device, which then starts without parsing YANG.
//!
//! What compiler and device must agree on stands here too: [`value`] (the values of the built-in types, RFC 7950
//! section 9), [`pattern`] (XSD regular expressions) and [`xpath`] (the syntax of XPath 1.0).
//!
//! This crate reads no YANG text, holds no instance data and evaluates no XPath.

mod blob;
mod builder;
mod constraint;
pub mod dependency;
mod exprs;
mod extension;
mod id;
mod identity;
mod module;
mod node;
pub mod pattern;
mod schema;
mod sid;
mod span;
mod strings;
mod types;
pub mod value;
pub mod xpath;

pub use blob::BlobError;
pub use builder::{Builder, NodeDef};
pub use constraint::{ConstraintInfo, Must, Unique, When, WhenContext, XPath};
pub use extension::{ExtensionDef, ExtensionUse};
pub use id::{
    ExprId, FeatureId, FileId, GroupingId, IdentityId, ModuleId, NodeId, Sym, TypeId, TypedefId, XPathId,
};
pub use identity::{Feature, Identity};
pub use module::{Import, Module, Revision, Submodule, YangVersion};
pub use node::{Amendment, Default, NodeKind, NodeRef, OrderedBy, Status};
pub use schema::{Annotation, Grouping, Schema};
pub use sid::SidOf;
pub use span::{SourceFile, Span};
pub use types::{
    Base, BitItem, EnumItem, Interval, Length, Pattern, Range, Type, TypeDetail, TypeRef, Typedef,
};
pub use value::Value;
