//! What values need to know of a schema, finished or in the making, and of the text that they stand in.

use crate::{
    Builder, CodeId, ErrorCode, Identity, IdentityId, Module, ModuleId, NodeId, NodeKind, Schema, Sym, Type,
    TypeId,
};

/// The part of a schema that gives text its meaning as a value.
///
/// A compiler checks defaults against a [`Builder`], a device its data against a [`Schema`]: the rules are the same.
pub trait TypeSource {
    /// A type.
    fn type_of(&self, id: TypeId) -> &Type;
    /// A string.
    fn text(&self, sym: Sym) -> &str;
    /// A module.
    fn module_of(&self, id: ModuleId) -> &Module;
    /// The module of a name: of several revisions the implemented one, else the newest.
    fn module_named(&self, name: &str) -> Option<ModuleId>;
    /// An identity.
    fn identity_of(&self, id: IdentityId) -> &Identity;
    /// The identity of a name.
    fn identity_named(&self, module: ModuleId, name: &str) -> Option<IdentityId>;
    /// Is an identity derived from another, in one or more steps?
    fn derives(&self, identity: IdentityId, base: IdentityId) -> bool;
    /// The data child of a name, choices and cases looked through.
    fn data_child_of(&self, parent: NodeId, module: ModuleId, name: &str) -> Option<NodeId>;
    /// An error code.
    fn code_of(&self, id: CodeId) -> &ErrorCode;
    /// What there is to know of a node.
    fn node_info(&self, id: NodeId) -> NodeInfo<'_>;
}

/// What an instance-identifier needs to know of a schema node.
#[derive(Clone, Copy, Debug)]
pub struct NodeInfo<'a> {
    /// Its name.
    pub name: Sym,
    /// The module of its name.
    pub module: ModuleId,
    /// Its kind.
    pub kind: NodeKind,
    /// Its type, for a leaf or leaf-list.
    pub type_id: Option<TypeId>,
    /// The keys of a list.
    pub keys: &'a [NodeId],
}

/// Resolves the prefixes of names inside a value, and says in which notation the value is written.
pub trait NameResolver {
    /// The module of a prefix. The empty prefix stands for what a name without one belongs to: the default namespace in XML,
    /// the module of the leaf in JSON, the current module in YANG.
    fn module(&self, prefix: &str) -> Option<ModuleId>;

    /// The notation of the text.
    fn notation(&self) -> Notation;
}

/// How a value is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Notation {
    /// A `default` in a YANG module: integers may be hexadecimal or octal (RFC 7950 section 9.2.1).
    Module,
    /// XML: the lexical representation of RFC 7950 section 9.
    Xml,
    /// JSON: RFC 7951 section 6 says which kind of JSON value each type takes.
    Json(JsonKind),
    /// The canonical form, with module names for prefixes.
    Canonical,
}

/// The kind of a JSON value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum JsonKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `[null]`.
    Null,
}

impl JsonKind {
    /// With its article, for messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            JsonKind::String => "a JSON string",
            JsonKind::Number => "a JSON number",
            JsonKind::Boolean => "a JSON boolean",
            JsonKind::Null => "[null]",
        }
    }
}

/// Resolves the names of the canonical form: prefixes are names of modules.
#[derive(Clone, Copy)]
pub struct CanonicalNames<'a>(pub &'a dyn TypeSource);

impl NameResolver for CanonicalNames<'_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        self.0.module_named(prefix)
    }

    fn notation(&self) -> Notation {
        Notation::Canonical
    }
}

impl TypeSource for Schema {
    fn type_of(&self, id: TypeId) -> &Type {
        self.type_record(id)
    }

    fn text(&self, sym: Sym) -> &str {
        self.str(sym)
    }

    fn module_of(&self, id: ModuleId) -> &Module {
        self.module(id)
    }

    fn module_named(&self, name: &str) -> Option<ModuleId> {
        self.find_module(name)
    }

    fn identity_of(&self, id: IdentityId) -> &Identity {
        self.identity(id)
    }

    fn identity_named(&self, module: ModuleId, name: &str) -> Option<IdentityId> {
        self.find_identity(module, name)
    }

    fn derives(&self, identity: IdentityId, base: IdentityId) -> bool {
        self.is_derived_from(identity, base)
    }

    fn data_child_of(&self, parent: NodeId, module: ModuleId, name: &str) -> Option<NodeId> {
        self.data_child(parent, module, name)
    }

    fn code_of(&self, id: CodeId) -> &ErrorCode {
        self.code(id)
    }

    fn node_info(&self, id: NodeId) -> NodeInfo<'_> {
        let record = self.node_record(id);
        NodeInfo {
            name: record.name,
            module: record.module,
            kind: record.kind,
            type_id: record.type_id,
            keys: record.details.map_or(&[], |i| &self.details(i).keys),
        }
    }
}

impl TypeSource for Builder {
    fn type_of(&self, id: TypeId) -> &Type {
        self.type_(id)
    }

    fn text(&self, sym: Sym) -> &str {
        self.str(sym)
    }

    fn module_of(&self, id: ModuleId) -> &Module {
        self.module(id)
    }

    fn module_named(&self, name: &str) -> Option<ModuleId> {
        self.modules()
            .filter(|(_, m)| self.str(m.name) == name)
            .max_by_key(|(_, m)| (m.implemented, m.revision.map(|r| self.str(r))))
            .map(|(id, _)| id)
    }

    fn identity_of(&self, id: IdentityId) -> &Identity {
        self.identity(id)
    }

    fn identity_named(&self, module: ModuleId, name: &str) -> Option<IdentityId> {
        let ids = &self.module(module).identities;
        ids.iter().copied().find(|&id| self.str(self.identity(id).name) == name)
    }

    /// `Identity::derived` is not computed yet, so this walks up. A cycle, which the compiler reports, ends the walk.
    fn derives(&self, identity: IdentityId, base: IdentityId) -> bool {
        let mut seen = Vec::new();
        let mut stack = self.identity(identity).bases.clone();
        while let Some(id) = stack.pop() {
            if id == base {
                return true;
            }
            if !seen.contains(&id) {
                seen.push(id);
                stack.extend_from_slice(&self.identity(id).bases);
            }
        }
        false
    }

    fn data_child_of(&self, parent: NodeId, module: ModuleId, name: &str) -> Option<NodeId> {
        let mut stack: Vec<NodeId> = self.children(parent).iter().rev().copied().collect();
        while let Some(id) = stack.pop() {
            let node = self.node(id);
            match node.kind {
                NodeKind::Choice | NodeKind::Case => stack.extend(self.children(id).iter().rev()),
                kind if kind.is_data_node() && node.module == module && self.str(node.name) == name => {
                    return Some(id);
                }
                _ => {}
            }
        }
        None
    }

    fn code_of(&self, id: CodeId) -> &ErrorCode {
        self.code(id)
    }

    fn node_info(&self, id: NodeId) -> NodeInfo<'_> {
        let node = self.node(id);
        NodeInfo {
            name: node.name,
            module: node.module,
            kind: node.kind,
            type_id: node.type_id,
            keys: &node.keys,
        }
    }
}
