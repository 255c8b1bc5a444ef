//! Small ids into the arenas of a [`Schema`](crate::Schema). An id means nothing outside the schema that made it.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub struct $name(pub(crate) u32);

        impl $name {
            /// The position in the arena.
            pub fn index(self) -> usize {
                self.0 as usize
            }

            /// The id at a position of the arena. It is checked when it is used, not here.
            pub fn from_index(index: usize) -> Self {
                Self(u32::try_from(index).expect("an arena holds fewer than 2^32 items"))
            }
        }
    )*};
}

ids! {
    /// A string of the schema's one string table.
    Sym;
    /// A module. Submodules are part of their module.
    ModuleId;
    /// A schema node.
    NodeId;
    /// A type as one `type` statement gives it, with all that it inherits merged.
    TypeId;
    /// A `typedef`.
    TypedefId;
    /// A `grouping`; kept so that generated code can share what came from one.
    GroupingId;
    /// An `identity`.
    IdentityId;
    /// A `feature`.
    FeatureId;
    /// A source file.
    FileId;
    /// A parsed XPath expression, without the place it is used in.
    ExprId;
    /// An XPath expression in its place.
    XPathId;
    /// An error code.
    CodeId;
}

impl NodeId {
    /// The root above all top-level nodes; it has no name and stands for a whole datastore.
    pub const ROOT: NodeId = NodeId(0);
}
