//! What stands between a schema and tokens: which Rust items there will be, where, and of which types.
//!
//! The tree of [`Scope`]s is the tree of Rust modules: below the Rust module of a YANG module, one for each schema node
//! that has nodes below it, named as the node is. So the name of an item depends on the names on its own path alone.
//! What an item says of the model (constraints, documentation) is not copied here: it carries the id of its node or type.

mod path;

pub(crate) use path::RustPath;

use std::collections::BTreeMap;
use yang_schema::{IdentityId, ModuleId, NodeId, TypeId, TypedefId};

/// All that is generated for a set of modules.
#[derive(Debug)]
pub(crate) struct Package {
    /// The YANG modules of the set that have a Rust module, by name.
    pub(crate) modules: Vec<Module>,
    /// The modules that instance data can name, by name: more than those with a Rust module.
    pub(crate) known: Vec<ModuleId>,
    /// What stands at each data node that is generated.
    pub(crate) values: BTreeMap<NodeId, Content>,
}

/// The Rust module of a YANG module.
#[derive(Debug)]
pub(crate) struct Module {
    /// The YANG module.
    pub(crate) id: ModuleId,
    /// Its items and those below it.
    pub(crate) scope: Scope,
    /// Its top-level data nodes: the fields of its `Data`.
    pub(crate) top: Vec<Field>,
    /// Its rpcs.
    pub(crate) rpcs: Vec<Operation>,
    /// Actions in its namespace, wherever they stand.
    pub(crate) actions: Vec<Action>,
    /// Notifications in its namespace that are defined on a data node.
    pub(crate) nested: Vec<NodeId>,
    /// Its top-level notifications: path of the struct, and node.
    pub(crate) notifications: Vec<(RustPath, NodeId)>,
}

/// A Rust module.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Its name, keyword-safe.
    pub(crate) name: String,
    /// Its items, in the order of the model.
    pub(crate) items: Vec<Item>,
    /// The Rust modules in it.
    pub(crate) scopes: Vec<Scope>,
}

impl Scope {
    /// The Rust module of a name below, made if it is not there.
    pub(crate) fn child(&mut self, name: &str) -> &mut Scope {
        let at = match self.scopes.iter().position(|s| s.name == name) {
            Some(at) => at,
            None => {
                self.scopes.push(Scope { name: name.to_owned(), ..Scope::default() });
                self.scopes.len() - 1
            }
        };
        &mut self.scopes[at]
    }

    /// Do Rust modules stand in it so deep that rustc, which asks of each struct whether all that it holds can be sent to another
    /// thread, would not come to an end within its limit? Then those inside stand before those around them: their answers are
    /// known already.
    pub(crate) fn is_deep(&self) -> bool {
        const DEEP: usize = 16;
        let mut level: Vec<&Scope> = vec![self];
        for _ in 0..DEEP {
            level = level.into_iter().flat_map(|scope| &scope.scopes).collect();
        }
        !level.is_empty()
    }
}

/// A Rust item.
#[derive(Debug)]
pub(crate) enum Item {
    /// A container, list entry, case, input, output or notification.
    Struct(Struct),
    /// Another name of a struct that stands elsewhere.
    Shared(Shared),
    /// A choice.
    Choice(Choice),
    /// A type of leaves.
    Leaf(LeafType),
    /// The unit struct that stands for an rpc.
    Rpc(Operation),
    /// The unit struct that stands for an action.
    Action(Action),
}

/// A struct.
#[derive(Debug)]
pub(crate) struct Struct {
    /// Its name.
    pub(crate) name: String,
    /// Its schema node.
    pub(crate) node: NodeId,
    /// Its fields.
    pub(crate) fields: Vec<Field>,
}

/// A container or list whose struct is that of another, as one grouping made both and they are equal in all.
#[derive(Debug)]
pub(crate) struct Shared {
    /// Its name.
    pub(crate) name: String,
    /// Its schema node.
    pub(crate) node: NodeId,
    /// The schema node that has the struct.
    pub(crate) of: NodeId,
    /// The path of the struct.
    pub(crate) path: RustPath,
    /// The Rust module of what stands below: its name here, and the path of the one there.
    pub(crate) scope: Option<(String, RustPath)>,
}

/// A field of a struct, or the content of a shorthand case.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// Its name.
    pub(crate) name: String,
    /// Its schema node.
    pub(crate) node: NodeId,
    /// What it holds.
    pub(crate) content: Content,
}

/// What a field holds.
#[derive(Debug, Clone)]
pub(crate) enum Content {
    /// A key of the list.
    Key(Ty),
    /// Any other leaf.
    Leaf(Ty),
    /// A leaf-list.
    LeafList(Ty),
    /// A container.
    Container(RustPath),
    /// A list with keys: the path of its entries, and their keys' types.
    List(RustPath),
    /// A list without.
    KeylessList(RustPath),
    /// A choice.
    Choice(RustPath),
    /// `anydata`.
    AnyData,
    /// `anyxml`.
    AnyXml,
}

/// An enum for a choice.
#[derive(Debug)]
pub(crate) struct Choice {
    /// Its name.
    pub(crate) name: String,
    /// Its schema node.
    pub(crate) node: NodeId,
    /// Its variants.
    pub(crate) variants: Vec<Variant>,
}

/// A case.
#[derive(Debug)]
pub(crate) struct Variant {
    /// Its name.
    pub(crate) name: String,
    /// The case.
    pub(crate) case: NodeId,
    /// What it holds.
    pub(crate) content: CaseContent,
}

/// What a case holds.
#[derive(Debug)]
pub(crate) enum CaseContent {
    /// A struct of the nodes below the case.
    Case(RustPath),
    /// A shorthand case (RFC 7950 section 7.9.2): the one node.
    Shorthand(Field),
}

/// A type of leaves that has an item of its own.
#[derive(Debug)]
pub(crate) struct LeafType {
    /// Its name.
    pub(crate) name: String,
    /// What it is made from.
    pub(crate) origin: Origin,
    /// What it is.
    pub(crate) form: LeafForm,
}

/// Where a type of leaves comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Origin {
    /// A typedef.
    Typedef(TypedefId, TypeId),
    /// The type of a leaf or leaf-list.
    Node(NodeId, TypeId),
    /// A member of the union that is the type of a leaf or leaf-list; of a typedef, where the node is the root.
    Member(NodeId, TypeId),
    /// An identity that others are derived from.
    Identity(IdentityId),
}

impl Origin {
    /// The leaf or leaf-list whose own the type is.
    pub(crate) fn node(self) -> Option<NodeId> {
        match self {
            Origin::Node(node, _) | Origin::Member(node, _) => Some(node),
            Origin::Typedef(..) | Origin::Identity(_) => None,
        }
    }
}

/// What a type of leaves is.
#[derive(Debug)]
pub(crate) enum LeafForm {
    /// The same as another.
    Alias(Ty),
    /// An enumeration: an enum.
    Enumeration,
    /// Bits: a struct of booleans.
    Bits,
    /// A union: an enum with a variant for each member.
    Union(Vec<Member>),
    /// An identityref: a newtype with constants. The bases, and what is derived from all of them.
    Identityref {
        /// The bases.
        bases: Vec<IdentityId>,
        /// The values.
        values: Vec<IdentityId>,
    },
}

/// A member of a union.
#[derive(Debug)]
pub(crate) struct Member {
    /// The variant.
    pub(crate) name: String,
    /// The `type` statement.
    pub(crate) type_id: TypeId,
    /// Its Rust type.
    pub(crate) ty: Ty,
}

/// A type of values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Ty {
    /// One of Rust's: `u8`, `String`, `bool`.
    Rust(&'static str),
    /// One of the runtime's.
    Runtime(&'static str),
    /// `decimal64` with its fraction digits.
    Decimal64(u8),
    /// One that is generated.
    Path(RustPath),
}

/// An rpc, or what an action does.
#[derive(Debug, Clone)]
pub(crate) struct Operation {
    /// The name of its marker.
    pub(crate) name: String,
    /// Its schema node.
    pub(crate) node: NodeId,
    /// Its input; `None` without parameters.
    pub(crate) input: Option<RustPath>,
    /// Its output; `None` without parameters.
    pub(crate) output: Option<RustPath>,
    /// The schema nodes of those without parameters: their type is `()`.
    pub(crate) without: Vec<NodeId>,
}

/// An action (RFC 7950 section 7.15).
#[derive(Debug, Clone)]
pub(crate) struct Action {
    /// What it does.
    pub(crate) operation: Operation,
    /// The struct it stands in.
    pub(crate) parent: RustPath,
}
