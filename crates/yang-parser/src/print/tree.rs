//! Tree diagrams (RFC 8340).

use std::fmt::Write as _;
use yang_schema::{ModuleId, NodeKind, NodeRef, Schema, Status, TypeDetail};

/// What of a schema is drawn, and how.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TreeOptions {
    /// Names of the modules to draw; none for all whose nodes stand in the schema.
    pub modules: Vec<String>,
    /// Draws so many levels; `…` stands for what is below.
    pub depth: Option<u32>,
    /// Draws only the node of this schema path (`/module:name/name`), with what is above and below it.
    pub path: Option<String>,
    /// Breaks lines that are longer.
    pub line_length: Option<usize>,
}

/// The tree diagram of the modules. A path that leads nowhere gives an empty text.
pub fn tree(schema: &Schema, options: &TreeOptions) -> String {
    let mut modules: Vec<ModuleId> = if options.modules.is_empty() {
        schema.modules().filter(|(_, m)| m.implemented).map(|(id, _)| id).collect()
    } else {
        options.modules.iter().filter_map(|name| schema.find_module(name)).collect()
    };
    let path: Vec<NodeRef<'_>> = match &options.path {
        None => Vec::new(),
        Some(path) => {
            let mut nodes: Vec<_> = std::iter::successors(schema.find(path), |n| n.parent()).collect();
            nodes.reverse();
            let Some(top) = nodes.get(1) else { return String::new() };
            modules = vec![top.module()];
            nodes.split_off(1)
        }
    };
    let mut out = String::new();
    for &module in &modules {
        let mut printer =
            Printer { schema, options, module, modules: &modules, path: &path, out: String::new() };
        printer.module();
        if !printer.out.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&printer.out);
    }
    out
}

struct Printer<'s, 'o> {
    schema: &'s Schema,
    options: &'o TreeOptions,
    /// The module that is drawn: its names have no prefix.
    module: ModuleId,
    modules: &'o [ModuleId],
    /// The nodes that lead to the only one to draw.
    path: &'o [NodeRef<'s>],
    out: String,
}

/// What a line says behind the name.
struct Line {
    head: String,
    /// Where the type stands, or else a broken line goes on.
    column: usize,
    rest: Vec<String>,
}

impl<'s> Printer<'s, '_> {
    fn module(&mut self) {
        let schema = self.schema;
        let top = |kind: fn(NodeKind) -> bool| -> Vec<NodeRef<'s>> {
            schema.top_level(self.module).filter(|n| kind(n.kind())).collect()
        };
        let data = top(|k| k.is_data_node() || k == NodeKind::Choice);
        let rpcs = top(|k| k == NodeKind::Rpc);
        let notifications = top(|k| k == NodeKind::Notification);
        let structures = top(|k| k == NodeKind::Structure);
        let augments = if self.path.is_empty() { self.augments() } else { Vec::new() };
        self.section(None, &data);
        for (target, added) in augments {
            self.section(Some(format!("augment {}", self.prefixed_path(target))), &added);
        }
        self.section(Some("rpcs".to_owned()), &rpcs);
        self.section(Some("notifications".to_owned()), &notifications);
        for structure in structures {
            if !self.is_on_path(structure, 0) {
                continue;
            }
            let children: Vec<_> = structure.children().collect();
            // RFC 8340 section 2.1 draws what `yang-data` holds under its name.
            self.heading(&format!("structure {}", structure.name()));
            self.children(&children, "    ", None, 1);
        }
    }

    fn heading(&mut self, text: &str) {
        if self.out.is_empty() {
            let _ = writeln!(self.out, "module: {}", self.schema.module_name(self.module));
        }
        let _ = writeln!(self.out, "\n  {text}:");
    }

    fn section(&mut self, heading: Option<String>, nodes: &[NodeRef<'s>]) {
        let nodes: Vec<_> = nodes.iter().copied().filter(|n| self.is_on_path(*n, 0)).collect();
        if nodes.is_empty() {
            return;
        }
        match heading {
            None => {
                let _ = writeln!(self.out, "module: {}", self.schema.module_name(self.module));
                self.children(&nodes, "  ", None, 0);
            }
            Some(heading) => {
                self.heading(&heading);
                self.children(&nodes, "    ", None, 0);
            }
        }
    }

    fn is_on_path(&self, node: NodeRef<'s>, level: usize) -> bool {
        self.path.get(level).is_none_or(|n| *n == node)
    }

    /// What the module adds to nodes of modules that are not drawn, by target.
    fn augments(&self) -> Vec<(NodeRef<'s>, Vec<NodeRef<'s>>)> {
        let mut found: Vec<(NodeRef<'s>, Vec<NodeRef<'s>>)> = Vec::new();
        for node in self.schema.root().descendants() {
            if node.module() != self.module || node.augmented_by() != Some(self.module) {
                continue;
            }
            let Some(target) = node.parent().filter(|p| p.module() != self.module) else { continue };
            if self.modules.contains(&target.module()) {
                continue;
            }
            match found.iter_mut().find(|(t, _)| *t == target) {
                Some((_, added)) => added.push(node),
                None => found.push((target, vec![node])),
            }
        }
        found
    }

    fn prefixed_path(&self, node: NodeRef<'s>) -> String {
        let mut steps: Vec<_> = std::iter::successors(Some(node), |n| n.parent()).collect();
        steps.pop();
        steps.iter().rev().map(|n| format!("/{}:{}", self.prefix(n.module()), n.name())).collect()
    }

    fn prefix(&self, module: ModuleId) -> &'s str {
        self.schema.str(self.schema.module(module).prefix)
    }

    fn name(&self, node: NodeRef<'s>) -> String {
        if node.module() == self.module {
            node.name().to_owned()
        } else {
            format!("{}:{}", self.prefix(node.module()), node.name())
        }
    }

    /// The widest name; the types of siblings, also those in choices, stand below each other.
    fn width(&self, nodes: &[NodeRef<'s>]) -> usize {
        nodes
            .iter()
            .map(|n| match n.kind() {
                NodeKind::Choice | NodeKind::Case => 3 + self.width(&n.children().collect::<Vec<_>>()),
                _ => self.name(*n).chars().count(),
            })
            .max()
            .unwrap_or(0)
    }

    fn children(&mut self, nodes: &[NodeRef<'s>], indent: &str, width: Option<usize>, level: usize) {
        // Input and output are always there, but drawn only where they hold something.
        let nodes: Vec<_> = nodes
            .iter()
            .copied()
            .filter(|n| self.is_on_path(*n, level))
            .filter(|n| !matches!(n.kind(), NodeKind::Input | NodeKind::Output) || n.children().len() > 0)
            .collect();
        if nodes.is_empty() {
            return;
        }
        if self.options.depth.is_some_and(|depth| level >= depth as usize) {
            let _ = writeln!(self.out, "{indent}...");
            return;
        }
        let width = width.unwrap_or_else(|| self.width(&nodes));
        for (i, node) in nodes.iter().enumerate() {
            let last = i + 1 == nodes.len();
            self.node(*node, indent, width);
            let below = format!("{indent}{}", if last { "   " } else { "|  " });
            let inner =
                matches!(node.kind(), NodeKind::Choice | NodeKind::Case).then(|| width.saturating_sub(3));
            self.children(&node.children().collect::<Vec<_>>(), &below, inner, level + 1);
        }
    }

    fn node(&mut self, node: NodeRef<'s>, indent: &str, width: usize) {
        let status = match node.status() {
            Status::Current => '+',
            Status::Deprecated => 'x',
            Status::Obsolete => 'o',
        };
        let lead = format!("{indent}{status}--");
        let name = self.name(node);
        let flags = flags(node);
        let optional = if node.is_mandatory() || node.is_key() { "" } else { "?" };
        let mut line = Line { head: String::new(), column: lead.chars().count() + 4, rest: Vec::new() };
        match node.kind() {
            NodeKind::Case => line.head = format!("{lead}:({name})"),
            NodeKind::Choice => line.head = format!("{lead}{flags} ({name}){optional}"),
            NodeKind::Leaf | NodeKind::LeafList | NodeKind::AnyData | NodeKind::AnyXml => {
                let mark = if node.kind() == NodeKind::LeafList { "*" } else { optional };
                let marked = format!("{name}{mark}");
                line.head = format!("{lead}{flags} {marked:<0$}", width + 1);
                line.rest.push(format!("  {}", self.type_name(node)));
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
        let features: Vec<_> = node.if_features().collect();
        if !features.is_empty() {
            line.rest.push(format!("{{{}}}?", features.join(",")));
        }
        self.line(&line);
    }

    fn line(&mut self, line: &Line) {
        let limit = self.options.line_length.unwrap_or(usize::MAX);
        let mut length = line.head.chars().count();
        self.out.push_str(&line.head);
        for part in &line.rest {
            let more = part.chars().count() + 1;
            if length.saturating_add(more) > limit {
                let part = part.trim_start();
                let _ = write!(self.out, "\n{:1$}{part}", "", line.column);
                length = line.column + part.chars().count();
            } else {
                self.out.push(' ');
                self.out.push_str(part);
                length += more;
            }
        }
        while self.out.ends_with(' ') {
            self.out.pop();
        }
        self.out.push('\n');
    }

    fn type_name(&self, node: NodeRef<'s>) -> String {
        match node.kind() {
            NodeKind::AnyData => "<anydata>".to_owned(),
            NodeKind::AnyXml => "<anyxml>".to_owned(),
            _ => match node.type_() {
                Some(ty) => match ty.detail() {
                    TypeDetail::Leafref { path, .. } if ty.name() == "leafref" => {
                        let path = self.schema.str(self.schema.xpath(*path).text);
                        format!("-> {}", self.compact(path))
                    }
                    _ => ty.name().to_owned(),
                },
                None => String::new(),
            },
        }
    }

    /// A path without the prefix of the module that is drawn, and with others only where they change.
    fn compact(&self, path: &str) -> String {
        let path = path.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut current = self.prefix(self.module);
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
}

fn flags(node: NodeRef<'_>) -> &'static str {
    match node.kind() {
        NodeKind::Rpc | NodeKind::Action => "-x",
        NodeKind::Notification => "-n",
        NodeKind::Input => "-w",
        NodeKind::Output => "ro",
        _ if node.is_config() => "rw",
        _ => {
            let above = std::iter::successors(node.parent(), |n| n.parent());
            let place = above.map(|n| n.kind()).find(|k| {
                matches!(k, NodeKind::Input | NodeKind::Output | NodeKind::Notification | NodeKind::Structure)
            });
            match place {
                Some(NodeKind::Input) => "-w",
                // RFC 8791 section 2: nodes of structures carry no flags.
                Some(NodeKind::Structure) => "",
                _ => "ro",
            }
        }
    }
}

#[cfg(test)]
mod tests;
