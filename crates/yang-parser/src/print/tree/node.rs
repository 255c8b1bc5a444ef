//! One node: `<status>--<flags> <name><opts> <type> <if-features>` (RFC 8340 section 2.6).

use super::Printer;
use super::line::Line;
use yang_schema::{GroupingId, ModuleId, NodeKind, NodeRef, Status, TypeDetail, TypeRef, xpath};

/// What stands on a line of its own, with its lines below it.
#[derive(Clone, Copy)]
enum Drawn<'s> {
    Node(NodeRef<'s>),
    /// A `uses` that is not expanded.
    Uses(GroupingId),
}

impl<'s> Printer<'s, '_> {
    /// Draws siblings; `level` counts from the top of the section.
    pub(super) fn children(
        &mut self,
        nodes: &[NodeRef<'s>],
        indent: &str,
        width: Option<usize>,
        level: usize,
    ) {
        self.children_to(nodes, indent, width, level, self.options.depth);
    }

    /// As [`children`](Self::children), down to another depth than that of the options.
    pub(super) fn children_to(
        &mut self,
        nodes: &[NodeRef<'s>],
        indent: &str,
        width: Option<usize>,
        level: usize,
        depth: Option<u32>,
    ) {
        // Input and output are always there, but drawn only where they hold something.
        let on_path =
            nodes.iter().copied().filter(|n| self.is_on_path(*n, level)).filter(|n| {
                !matches!(n.kind(), NodeKind::Input | NodeKind::Output) || n.children().len() > 0
            });
        let drawn = self.with_uses(on_path);
        if drawn.is_empty() {
            return;
        }
        if depth.is_some_and(|depth| level >= depth as usize) {
            self.out.push_str(indent);
            self.out.push_str("...\n");
            return;
        }
        let width = width.unwrap_or_else(|| self.width(&drawn));
        for (i, one) in drawn.iter().enumerate() {
            let below = format!("{indent}{}", if i + 1 == drawn.len() { "   " } else { "|  " });
            match *one {
                Drawn::Uses(grouping) => self.uses(grouping, indent, &below),
                Drawn::Node(node) => {
                    self.node(node, indent, &below, width);
                    let inner = matches!(node.kind(), NodeKind::Choice | NodeKind::Case)
                        .then(|| width.saturating_sub(3));
                    let children: Vec<_> = node.children().collect();
                    self.children_to(&children, &below, inner, level + 1, depth);
                }
            }
        }
    }

    /// Puts one line where a `uses` put its nodes, if that was asked for.
    fn with_uses(&self, nodes: impl Iterator<Item = NodeRef<'s>>) -> Vec<Drawn<'s>> {
        let mut drawn = Vec::new();
        let mut used = Vec::new();
        for node in nodes {
            match node.uses().filter(|_| self.options.uses) {
                None => drawn.push(Drawn::Node(node)),
                Some(grouping) if used.contains(&grouping) => {}
                Some(grouping) => {
                    used.push(grouping);
                    drawn.push(Drawn::Uses(grouping));
                }
            }
        }
        drawn
    }

    /// The widest name; the types of siblings, also those in choices, stand below each other.
    fn width(&self, drawn: &[Drawn<'s>]) -> usize {
        let one = |one: &Drawn<'s>| match *one {
            Drawn::Node(n) if matches!(n.kind(), NodeKind::Choice | NodeKind::Case) => {
                3 + self.width(&self.with_uses(n.children()))
            }
            Drawn::Node(n) => self.name(n.module(), n.name()).chars().count(),
            // It has no type.
            Drawn::Uses(_) => 0,
        };
        drawn.iter().map(one).max().unwrap_or(0)
    }

    fn uses(&mut self, grouping: GroupingId, indent: &str, below: &str) {
        let name = self.grouping_name(grouping);
        self.line(&Line { head: format!("{indent}+---u {name}"), below, ..Line::default() });
    }

    fn grouping_name(&self, id: GroupingId) -> String {
        let grouping = self.schema.grouping(id);
        self.name(grouping.module, self.schema.str(grouping.name))
    }

    fn name(&self, module: ModuleId, name: &str) -> String {
        if module == self.module { name.to_owned() } else { format!("{}:{name}", self.prefix(module)) }
    }

    fn node(&mut self, node: NodeRef<'s>, indent: &str, below: &str, width: usize) {
        let status = match node.status() {
            Status::Current => '+',
            Status::Deprecated => 'x',
            Status::Obsolete => 'o',
        };
        let lead = format!("{indent}{status}--");
        let name = self.name(node.module(), node.name());
        let flags = flags(node);
        let optional = if node.is_mandatory() || node.is_key() { "" } else { "?" };
        let hanging = if node.kind() == NodeKind::Case { 6 } else { 5 };
        let mut line =
            Line { below, hanging, width: lead.chars().count() + flags.len() + width + 1, ..Line::default() };
        match node.kind() {
            NodeKind::Case => line.head = format!("{lead}:({name})"),
            NodeKind::Choice => line.head = format!("{lead}{flags} ({name}){optional}"),
            NodeKind::Leaf | NodeKind::LeafList | NodeKind::AnyData | NodeKind::AnyXml => {
                let mark = if node.kind() == NodeKind::LeafList { "*" } else { optional };
                line.head = format!("{lead}{flags} {name}{mark}");
                (line.type_name, line.is_leafref) = self.type_name(node);
            }
            NodeKind::List => {
                line.head = format!("{lead}{flags} {name}*");
                let keys: Vec<_> = node.keys().map(|k| k.name()).collect();
                line.rest.push(format!("[{}]", keys.join(" ")));
            }
            _ => {
                let presence = if node.presence().is_some() { "!" } else { "" };
                line.head = format!("{lead}{flags} {name}{presence}");
            }
        }
        let mut features: Vec<_> = Vec::new();
        for feature in node.if_features() {
            if !features.contains(&feature) {
                features.push(feature);
            }
        }
        if !features.is_empty() {
            line.rest.push(format!("{{{}}}?", features.join(",")));
        }
        self.line(&line);
    }

    /// What stands for the type, and whether it is a leafref's target.
    fn type_name(&self, node: NodeRef<'s>) -> (String, bool) {
        match node.kind() {
            NodeKind::AnyData => ("<anydata>".to_owned(), false),
            NodeKind::AnyXml => ("<anyxml>".to_owned(), false),
            _ => match node.type_() {
                Some(ty) => match ty.detail() {
                    TypeDetail::Leafref { path, .. } if ty.name() == "leafref" => {
                        let path = self.schema.xpath(*path);
                        let mut prefix = |module| self.prefix(module).to_owned();
                        // In the path of a leafref, `=` is the only operator.
                        let text = xpath::print(self.schema.expr(path.expr), &mut prefix).replace(" = ", "=");
                        (format!("-> {}", compact(&text, self.prefix(node.module()))), true)
                    }
                    _ => (self.named_type(ty), false),
                },
                None => (String::new(), false),
            },
        }
    }

    fn named_type(&self, ty: TypeRef<'s>) -> String {
        match (ty.name().split_once(':'), ty.typedef()) {
            (Some((_, name)), Some(typedef)) if self.options.module_names => {
                format!("{}:{name}", self.schema.module_name(typedef.module))
            }
            _ => ty.name().to_owned(),
        }
    }
}

/// A path without the prefix of the node's own module, and with others only where they change.
fn compact(path: &str, own: &str) -> String {
    let mut current = own;
    // A `/` in a predicate ends no step.
    let mut depth = 0usize;
    let steps = path.split(|c: char| {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == '/' && depth == 0
    });
    let compact = steps.map(|step| {
        let name_end = step.find('[').unwrap_or(step.len());
        match step[..name_end].split_once(':') {
            Some((prefix, _)) if prefix == current => &step[prefix.len() + 1..],
            Some((prefix, _)) => {
                current = prefix;
                step
            }
            None => step,
        }
    });
    compact.collect::<Vec<_>>().join("/")
}

fn flags(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        NodeKind::Rpc | NodeKind::Action => return "-x",
        NodeKind::Notification => return "-n",
        NodeKind::Input => return "-w",
        NodeKind::Output => return "ro",
        _ => {}
    }
    // RFC 8528 section 2: the nodes of other modules are mounted here.
    if node.mount_point().is_some() {
        return "mp";
    }
    let above = std::iter::successors(node.parent(), |n| n.parent());
    let place = above.map(|n| n.kind()).find(|k| {
        matches!(
            k,
            NodeKind::Input
                | NodeKind::Output
                | NodeKind::Notification
                | NodeKind::Structure
                | NodeKind::Grouping
        )
    });
    match place {
        Some(NodeKind::Input) => "-w",
        // RFC 8791 section 2: nodes of structures carry no flags.
        Some(NodeKind::Structure) => "",
        // A grouping may be used where there is configuration, and where there is none.
        Some(NodeKind::Grouping) if node.is_config() => "",
        None if node.is_config() => "rw",
        _ => "ro",
    }
}
