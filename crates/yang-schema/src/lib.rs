//! The compiled YANG schema: plain, immutable data that a compiler fills and a device reads.
//!
//! [`Schema`] is an arena of nodes, types, identities, features and XPath expressions, addressed by small ids; [`NodeRef`],
//! [`TypeRef`] and their kin are the readable views of it. A compiler fills a [`Builder`]; [`Schema::to_bytes`] and
//! [`Schema::from_bytes`] carry the result into a device, which then starts without parsing YANG.
//!
//! What compiler and device must agree on stands here too: [`value`] (the values of the built-in types, RFC 7950
//! section 9), [`pattern`] (XSD regular expressions) and [`xpath`] (the syntax of XPath 1.0). So does [`record`]: what the derive
//! macro writes down of a struct bound to YANG, and a device reads.
//!
//! What a schema can be asked, whoever made it:
//!
//! ```
//! use yang_schema::{NodeKind, Schema, SidOf};
//!
//! fn tell(schema: &Schema) {
//!     // By path; every node by its id; all nodes in the order of the model.
//!     let Some(leaf) = schema.find("/example:top/item/name") else { return };
//!     assert_eq!(schema.node(leaf.id()), leaf);
//!     let leaves = schema.root().descendants().filter(|n| n.kind() == NodeKind::Leaf).count();
//!     // Whose it is, and by which statements of other places it came or was changed.
//!     let owner = leaf.module_name();
//!     let from = leaf.augmented_by().map(|a| (schema.module_name(a.module), a.span));
//!     let deviations = leaf.deviated_by().len();
//!     // Effective properties: all that it inherits, refinements and deviations applied.
//!     let types: Vec<&str> = leaf.type_().into_iter().flat_map(|ty| ty.chain()).map(|ty| ty.name()).collect();
//!     let defaults = leaf.defaults().iter().map(|d| d.value.canonical(schema));
//!     for must in leaf.musts() {
//!         let tag = schema.opt_str(must.info.error_app_tag);
//!         println!("{} {tag:?}", schema.str(schema.xpath(must.xpath).text));
//!     }
//!     // Back to the source, and to the meaning of prefixes there.
//!     let span = leaf.span();
//!     let file = schema.str(schema.file(span.file).path);
//!     let prefix = schema.prefix_of(span.file, leaf.module());
//!     // The number that CBOR would write for it, where one was assigned.
//!     let sid = schema.sid(SidOf::Node(leaf.id()));
//!     # let _ = (leaves, owner, from, deviations, types, defaults.count(), file, prefix, sid);
//! }
//! ```
//!
//! This crate reads no YANG text, holds no instance data and evaluates no XPath.

mod blob;
mod builder;
mod code;
mod constraint;
pub mod dependency;
mod exprs;
mod extension;
mod id;
mod identity;
mod module;
mod node;
pub mod pattern;
pub mod record;
mod schema;
mod sid;
mod span;
mod strings;
mod types;
pub mod value;
mod well_known;
pub mod xpath;

pub use blob::BlobError;
pub use builder::{Builder, NodeDef};
pub use code::{CODE_MODULE, CODE_NAMESPACE, CodeOf, ErrorCode, NodeCode};
pub use constraint::{ConstraintInfo, Must, Unique, When, WhenContext, XPath};
pub use extension::{ExtensionDef, ExtensionUse};
pub use id::{
    CodeId, ExprId, FeatureId, FileId, GroupingId, IdentityId, ModuleId, NodeId, Sym, TypeId, TypedefId,
    XPathId,
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
pub use well_known::DefaultDeny;
