//! What validation has to look at, for each schema node: worked out once, so that data in which nothing can be wrong costs nothing.

use crate::{NodeId, NodeKind, NodeRef, Schema};

/// What there is to check at the instances of a schema node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Checks(u8);

const CONSTRAINED: u8 = 1;
const STATE: u8 = 1 << 1;
const MUST: u8 = 1 << 2;
const WHEN: u8 = 1 << 3;
const REFERS: u8 = 1 << 4;
const UNSET: u8 = 1 << 5;
const VISIT: u8 = 1 << 6;

impl Checks {
    /// Has the node, or one below it, a constraint besides its type and its keys?
    pub fn is_constrained(self) -> bool {
        self.0 & CONSTRAINED != 0
    }

    /// Does a walk down have anything to ask of the node itself, or of what is below it?
    pub fn is_to_visit(self) -> bool {
        self.0 & VISIT != 0
    }

    /// Is the node, or one below it, state?
    pub fn holds_state(self) -> bool {
        self.0 & STATE != 0
    }

    /// Has it a `must`?
    pub fn has_must(self) -> bool {
        self.0 & MUST != 0
    }

    /// Has it a `when`, or a choice or case that it is of?
    pub fn has_when(self) -> bool {
        self.0 & WHEN != 0
    }

    /// May its value name an instance that must exist?
    pub fn refers(self) -> bool {
        self.0 & REFERS != 0
    }

    /// Is there something to check even where nobody set it? A default in use and a container without presence are nodes like
    /// others (RFC 7950 section 6.4.1).
    pub fn counts_unset(self) -> bool {
        self.0 & UNSET != 0
    }
}

/// The checks of all nodes of a schema.
#[derive(Debug)]
pub struct AllChecks {
    of: Vec<Checks>,
    demanding: Lists<NodeId>,
    unset: Lists<NodeId>,
    case_ordinals: Lists<u32>,
}

/// A list for each node, one behind the other.
#[derive(Debug)]
struct Lists<T> {
    starts: Vec<u32>,
    items: Vec<T>,
}

impl<T> Lists<T> {
    fn of<'s, I: Iterator<Item = T>>(schema: &'s Schema, list: impl Fn(NodeRef<'s>) -> I) -> Self {
        let mut lists = Self { starts: vec![0], items: Vec::new() };
        for i in 0..schema.node_count() {
            lists.items.extend(list(schema.node(NodeId::from_index(i))));
            lists.starts.push(u32::try_from(lists.items.len()).expect("no node is in many lists"));
        }
        lists
    }

    fn get(&self, node: NodeId) -> &[T] {
        &self.items[self.starts[node.index()] as usize..self.starts[node.index() + 1] as usize]
    }
}

impl AllChecks {
    pub(crate) fn new(schema: &Schema) -> Self {
        let mut found = vec![0; schema.node_count()];
        // Parents have smaller ids than their children.
        for i in (0..schema.node_count()).rev() {
            let node = schema.node(NodeId::from_index(i));
            found[i] = own(node, found[i]);
            if let Some(parent) = node.parent() {
                found[parent.id().index()] |= found[i] & (CONSTRAINED | STATE);
            }
            if let Some(up) = node.data_parent().filter(|_| found[i] & UNSET != 0 || is_missed(node)) {
                // Whether it counts is for the kind of the parent to say.
                found[up.id().index()] |= UNSET;
            }
        }
        let flags = |id: NodeId| Checks(found[id.index()]);
        let demanding =
            Lists::of(schema, |node| node.children().filter(|c| demands(*c, flags(c.id()))).map(NodeRef::id));
        let unset = Lists::of(schema, |node| {
            let children = schema.data_child_ids(node.id()).iter().copied();
            children.filter(|c| flags(*c).counts_unset())
        });
        let case_ordinals = Lists::of(schema, |node| {
            let inside = if node.kind() == NodeKind::Case { Some(node.data_nodes_inside()) } else { None };
            inside.into_iter().flatten().map(NodeRef::data_ordinal)
        });
        let mut of: Vec<Checks> = found.into_iter().map(Checks).collect();
        for i in (0..schema.node_count()).rev() {
            let id = NodeId::from_index(i);
            let below = schema.data_child_ids(id).iter().any(|child| of[child.index()].is_to_visit());
            let own = of[i].0 & (MUST | WHEN | REFERS) != 0;
            if own || below || !demanding.get(id).is_empty() || !unset.get(id).is_empty() {
                of[i].0 |= VISIT;
            }
        }
        Self { of, demanding, unset, case_ordinals }
    }

    /// What there is to check at the instances of a node.
    pub fn of_node(&self, node: NodeId) -> Checks {
        self.of[node.index()]
    }

    /// The schema nodes right below a node, or in a case, that demand something of its children as a whole: mandatory nodes,
    /// choices, lists of which there must not be too few, too many or the same.
    pub fn demanding_children(&self, node: NodeId) -> &[NodeId] {
        self.demanding.get(node)
    }

    /// The data children of a node that have to be looked at even where nobody set them.
    pub fn children_that_count_unset(&self, node: NodeId) -> &[NodeId] {
        self.unset.get(node)
    }

    /// The ordinals of the data nodes of a case, those of choices in it included.
    pub fn case_ordinals(&self, case: NodeId) -> &[u32] {
        self.case_ordinals.get(case)
    }
}

/// The flags of a node; `below` says whether it has to be looked at unset for the sake of its children.
fn own(node: NodeRef<'_>, below: u8) -> u8 {
    let mut flags = below & !UNSET;
    let mut set = |flag: u8, is: bool| flags |= if is { flag } else { 0 };
    let refers = node.kind().has_value() && node.type_().is_some_and(|ty| ty.must_refer());
    // Conditions on choices and cases are their nodes'.
    let of_case = std::iter::successors(node.parent(), |n| n.parent())
        .take_while(|n| matches!(n.kind(), NodeKind::Choice | NodeKind::Case))
        .any(|n| !n.whens().is_empty());
    let checked = !node.musts().is_empty() || refers;
    set(MUST, !node.musts().is_empty());
    set(WHEN, !node.whens().is_empty() || of_case);
    set(REFERS, refers);
    set(STATE, !node.is_config());
    let counts = !node.uniques().is_empty()
        || node.is_mandatory()
        || node.min_elements() > 0
        || node.max_elements().is_some();
    set(CONSTRAINED, checked || counts || of_case || !node.whens().is_empty());
    set(
        UNSET,
        match node.kind() {
            NodeKind::Container if node.is_np_container() => checked || below & UNSET != 0,
            NodeKind::Leaf | NodeKind::LeafList => checked && !node.defaults().is_empty(),
            _ => false,
        },
    );
    flags
}

/// Does a parent without any children miss it? What is in a case is missed only where something of the case is there.
fn is_missed(node: NodeRef<'_>) -> bool {
    let in_case = node.parent().is_some_and(|up| up.kind() == NodeKind::Case);
    !in_case && (node.is_mandatory() || node.min_elements() > 0)
}

/// Does it demand something of the children of its parent as a whole?
fn demands(node: NodeRef<'_>, checks: Checks) -> bool {
    match node.kind() {
        NodeKind::Choice => checks.is_constrained(),
        NodeKind::Leaf | NodeKind::AnyData | NodeKind::AnyXml => node.is_mandatory(),
        NodeKind::LeafList | NodeKind::List => {
            node.min_elements() > 0 || node.max_elements().is_some() || !node.uniques().is_empty()
        }
        _ => false,
    }
}
