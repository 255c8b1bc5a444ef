//! Tree diagrams (RFC 8340).

mod line;
mod node;
mod section;

use yang_schema::{ModuleId, NodeRef, Schema};

/// What of a schema is drawn, and how.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TreeOptions {
    /// Names of the modules to draw; none for all whose nodes stand in the schema.
    pub modules: Vec<String>,
    /// Draws so many levels; `...` stands for what is below.
    pub depth: Option<u32>,
    /// Draws only the node of this schema path (`/module:name/name`), with what is above and below it.
    pub path: Option<String>,
    /// Breaks lines that are longer.
    pub line_length: Option<usize>,
    /// Draws the groupings of the modules too, if the schema has them ([`Compiler::groupings`](crate::Compiler::groupings)).
    pub groupings: bool,
    /// Draws a `uses` as one line that names the grouping, instead of the grouping's nodes.
    pub uses: bool,
    /// Writes modules' names where prefixes would stand.
    pub module_names: bool,
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
        printer.sections();
        if !printer.out.is_empty() && !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&printer.out);
    }
    out
}

/// Draws one module.
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

impl<'s> Printer<'s, '_> {
    /// What stands before names of a module.
    fn prefix(&self, module: ModuleId) -> &'s str {
        if self.options.module_names {
            self.schema.module_name(module)
        } else {
            self.schema.str(self.schema.module(module).prefix)
        }
    }

    fn is_on_path(&self, node: NodeRef<'s>, level: usize) -> bool {
        self.path.get(level).is_none_or(|n| *n == node)
    }
}

#[cfg(test)]
mod tests;
