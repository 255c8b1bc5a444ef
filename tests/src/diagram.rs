//! Tree diagrams (RFC 8340) read back into trees, to compare them.

use std::collections::BTreeMap;

/// A node as a diagram draws it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Node {
    /// `+`, `x` or `o`.
    pub status: char,
    /// `rw`, `ro`, `-w`, …; empty where there are none.
    pub flags: String,
    /// The name with its prefix; of choices and cases with their parentheses; of a section its heading.
    pub name: String,
    /// `?`, `!` or `*`.
    pub options: String,
    /// The keys of a list.
    pub keys: Option<String>,
    /// The type or the target of a leafref.
    pub type_name: String,
    /// The features.
    pub features: Vec<String>,
    /// What stands below it.
    pub children: Vec<Node>,
}

impl Node {
    /// Without what stands below it.
    #[must_use]
    pub fn alone(&self) -> Node {
        Node { children: Vec::new(), ..self.clone() }
    }
}

/// The diagrams of some modules.
#[derive(Debug, Default)]
pub struct Diagram {
    /// By the module's name: its sections, the data first under an empty name. The steps of paths in headings are without
    /// prefixes.
    pub modules: BTreeMap<String, Vec<Node>>,
}

impl Diagram {
    /// Reads diagrams, one behind the other, whose lines are not broken.
    ///
    /// # Panics
    /// If a line is none of a diagram.
    pub fn read(text: &str) -> Diagram {
        let mut diagram = Diagram::default();
        let mut module = String::new();
        // The nodes above the next line, with the columns of their status.
        let mut open: Vec<(usize, Node)> = Vec::new();
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            if let Some(name) = line.strip_prefix("module: ") {
                diagram.close(&module, &mut open, 0);
                module = name.to_owned();
                diagram.modules.entry(module.clone()).or_default();
                open.push((0, Node::default()));
            } else if let Some(start) = status_column(line) {
                diagram.close(&module, &mut open, start);
                open.push((start, node(&line[start..])));
            } else {
                let heading = line.trim().strip_suffix(':').unwrap_or_else(|| panic!("no heading: {line}"));
                diagram.close(&module, &mut open, 0);
                open.push((0, Node { name: without_prefixes(heading), ..Node::default() }));
            }
        }
        diagram.close(&module, &mut open, 0);
        // A module without data has no such section.
        for sections in diagram.modules.values_mut() {
            sections.retain(|s| !s.name.is_empty() || !s.children.is_empty());
        }
        diagram
    }

    /// What is open at a column or behind it has no more children.
    fn close(&mut self, module: &str, open: &mut Vec<(usize, Node)>, column: usize) {
        while let Some((_, node)) = open.pop_if(|(start, _)| *start >= column) {
            match open.last_mut() {
                Some((_, above)) => above.children.push(node),
                None => self.modules.entry(module.to_owned()).or_default().push(node),
            }
        }
    }
}

/// Where the status of a node stands; only bars stand before it.
fn status_column(line: &str) -> Option<usize> {
    let start = line.find(|c| !matches!(c, ' ' | '|'))?;
    line[start..]
        .starts_with(['+', 'x', 'o'])
        .then_some(start)
        .filter(|_| line[start + 1..].starts_with("--"))
}

fn without_prefixes(heading: &str) -> String {
    heading.split('/').map(|s| s.rsplit_once(':').map_or(s, |(_, name)| name)).collect::<Vec<_>>().join("/")
}

fn node(text: &str) -> Node {
    let status = text.chars().next().unwrap_or_default();
    let mut rest = &text[3..];
    let mut node = Node { status, ..Node::default() };
    if !rest.starts_with(':') {
        let (flags, behind) = rest.split_once(' ').unwrap_or((rest, ""));
        node.flags = flags.to_owned();
        rest = behind;
    }
    if let Some((before, features)) = rest.strip_suffix("}?").and_then(|r| r.rsplit_once('{')) {
        node.features = features.split(',').map(str::to_owned).collect();
        rest = before.trim_end();
    }
    let (name, behind) = rest.split_once(' ').unwrap_or((rest, ""));
    let bare = name.trim_end_matches(['?', '!', '*']);
    node.name = bare.to_owned();
    node.options = name[bare.len()..].to_owned();
    let behind = behind.trim();
    match behind.strip_prefix('[').and_then(|b| b.strip_suffix(']')) {
        Some(keys) => node.keys = Some(keys.to_owned()),
        None => node.type_name = behind.to_owned(),
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagrams_are_read() {
        let text = "module: m
  +--rw a! {f,g}?
  |  +--rw (b)
  |     +--:(c)
  |        x--ro d*   -> ../x[y=current()/../z]/q
  +--rw l* [k1 k2]
     +--rw p:k1    string

  augment /x:y/x:z:
    +---n n
";
        let diagram = Diagram::read(text);
        let [data, augment] = &diagram.modules["m"][..] else { panic!("{diagram:?}") };
        assert_eq!((data.children.len(), augment.name.as_str()), (2, "augment /y/z"));
        let a = &data.children[0];
        assert_eq!((a.flags.as_str(), a.name.as_str(), a.options.as_str()), ("rw", "a", "!"));
        assert_eq!(a.features, ["f", "g"]);
        let d = &a.children[0].children[0].children[0];
        assert_eq!(
            (d.status, d.options.as_str(), d.type_name.as_str()),
            ('x', "*", "-> ../x[y=current()/../z]/q")
        );
        assert_eq!(data.children[1].keys.as_deref(), Some("k1 k2"));
        assert_eq!(augment.children[0].flags, "-n");
    }
}
