//! Sets of modules as vendors ship them: hundreds of modules that augment, deviate and refer to each other, megabytes of
//! text in every style of writing. They are made here, the same for the same [`Shape`], and are valid as a whole.
//!
//! What real sets are known for is all in: augments of what other modules augment, deviations of all four kinds, groupings
//! of groupings across modules, chains of typedefs, unions, identities with several bases, leafrefs to leafrefs across
//! modules, enumerations of thousands, long `must` and `when`, extension statements on every node, revision histories,
//! submodules, YANG 1 beside 1.1, single quotes, concatenations, comments in odd places and CRLF.

mod block;
mod shared;
mod write;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use write::Writer;

/// How much of it.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// How many modules; submodules come on top.
    pub modules: usize,
    /// The size of all texts together, about.
    pub bytes: usize,
    /// Another number, another set.
    pub seed: u64,
}

impl Shape {
    /// As large as the largest sets that vendors publish: 900 modules, 26 MB.
    pub const FULL: Shape = Shape { modules: 900, bytes: 26 << 20, seed: 1 };

    /// The same set smaller by a factor, both in modules and in bytes.
    #[must_use]
    pub fn part(self, of: usize) -> Shape {
        Shape { modules: (self.modules / of).max(30), bytes: self.bytes / of, ..self }
    }
}

/// A file of a set.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, with `.yang`.
    pub name: String,
    /// The text.
    pub text: String,
}

/// What the modules of a set do. Each kind refers to the kinds before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    /// Extensions.
    Extensions,
    /// Typedefs, identities and features.
    Types,
    /// Groupings, each on the one of the module before.
    Groupings,
    /// Trees of their own.
    Base,
    /// Augments of trees, and of augments.
    Augment,
    /// Deviations.
    Deviation,
}

/// How many modules of each kind there are, and which stand where.
#[derive(Clone, Copy, Debug)]
struct Plan {
    types: usize,
    groupings: usize,
    base: usize,
    augments: usize,
    deviations: usize,
    seed: u64,
}

/// A target of augments: the steps down to it, each with the module that it is of.
#[derive(Clone, Debug)]
struct Target {
    steps: Vec<(String, String)>,
}

impl Plan {
    fn new(shape: Shape) -> Plan {
        let share = |of: usize| (shape.modules / of).max(2);
        let (types, groupings, base, deviations) = (share(30), share(10), share(4), share(20));
        let augments = shape.modules.saturating_sub(1 + types + groupings + base + deviations).max(4);
        Plan { types, groupings, base, augments, deviations, seed: shape.seed }
    }

    fn modules(self) -> Vec<(Kind, usize)> {
        let all = |kind, count| (0..count).map(move |i| (kind, i));
        all(Kind::Extensions, 1)
            .chain(all(Kind::Types, self.types))
            .chain(all(Kind::Groupings, self.groupings))
            .chain(all(Kind::Base, self.base))
            .chain(all(Kind::Augment, self.augments))
            .chain(all(Kind::Deviation, self.deviations))
            .collect()
    }

    /// A number that depends on what it is for alone, so that modules know of each other without being written.
    fn draw(self, what: &str, index: usize, below: usize) -> usize {
        let mut random =
            write::Random::new(self.seed ^ write::hash(what) ^ (index as u64).wrapping_mul(0x9e37));
        random.below(below)
    }

    /// Where the augment of a number goes: into a tree, or into what an earlier augment added, up to eight deep.
    fn target(self, augment: usize) -> Target {
        let own_chain = !augment.is_multiple_of(9);
        if own_chain && augment > 0 {
            let mut target = self.target(augment - 1);
            let module = name(Kind::Augment, augment - 1);
            target.steps.push((module, format!("aug-{}", augment - 1)));
            return target;
        }
        let base = self.draw("target", augment, self.base);
        let module = name(Kind::Base, base);
        let steps = [format!("tree-{base}"), "entry".to_owned(), "core".to_owned()];
        Target { steps: steps.into_iter().map(|step| (module.clone(), step)).collect() }
    }

    fn is_old(kind: Kind, index: usize) -> bool {
        kind != Kind::Extensions && index % 5 == 2
    }
}

/// The name of a module.
fn name(kind: Kind, index: usize) -> String {
    let kind = match kind {
        Kind::Extensions => return "acme-extensions".to_owned(),
        Kind::Types => "types",
        Kind::Groupings => "grouping",
        Kind::Base => "feature",
        Kind::Augment => "augment",
        Kind::Deviation => "deviation",
    };
    format!("acme-{kind}-{index}")
}

/// The prefix by which all modules of a set call a module.
fn prefix(module: &str) -> String {
    module.strip_prefix("acme-").unwrap_or(module).replace("extensions", "ext")
}

/// Makes a set.
pub fn generate(shape: Shape) -> Vec<File> {
    let plan = Plan::new(shape);
    let modules = plan.modules();
    // Few are large, most are small.
    let weight = |i: usize| match plan.draw("weight", i, 20) {
        0 => 12,
        1..=3 => 4,
        _ => 1,
    };
    let total: usize = (0..modules.len()).map(weight).sum();
    let mut files = Vec::new();
    for (i, &(kind, index)) in modules.iter().enumerate() {
        module(plan, kind, index, shape.bytes / total * weight(i) * 4 / 5, &mut files);
    }
    files
}

/// Makes a set in a directory, in directories below it as vendors sort them; the number of bytes written.
///
/// # Errors
/// When a file cannot be written.
pub fn write(shape: Shape, directory: &Path) -> io::Result<usize> {
    let mut bytes = 0;
    for (i, file) in generate(shape).into_iter().enumerate() {
        let below = directory.join(format!("release-{}", i % 7));
        std::fs::create_dir_all(&below)?;
        std::fs::write(below.join(&file.name), &file.text)?;
        bytes += file.text.len();
    }
    Ok(bytes)
}

/// One module, and its submodules, of about so many bytes.
fn module(plan: Plan, kind: Kind, index: usize, bytes: usize, files: &mut Vec<File>) {
    let module = name(kind, index);
    let old = Plan::is_old(kind, index);
    let submodules = match kind {
        Kind::Base if index.is_multiple_of(3) => 1 + index % 4,
        _ => 0,
    };
    let bytes = bytes / (submodules + 1);
    let mut writer = Writer::new(plan.seed ^ write::hash(&module), old);
    writer.open("module", &module);
    writer.version();
    writer.statement("namespace", &format!("http://acme.example.com/ns/yang/{module}"));
    writer.statement("prefix", &prefix(&module));
    let imports = imports(plan, kind, index);
    for import in &imports {
        writer.open("import", import);
        writer.statement("prefix", &prefix(import));
        writer.close();
    }
    for i in 0..submodules {
        writer.statement("include", &format!("{module}-part-{i}"));
    }
    writer.about();
    let revision = writer.revisions(4 + plan.draw("revisions", index, 40));
    match kind {
        Kind::Extensions => shared::extensions(&mut writer),
        Kind::Types => shared::types(plan, index, bytes, &mut writer),
        Kind::Groupings => shared::groupings(plan, index, bytes, &mut writer),
        Kind::Base => block::tree(plan, index, bytes, &mut writer),
        Kind::Augment => block::augment(plan, index, bytes, &mut writer),
        Kind::Deviation => block::deviations(plan, index, &mut writer),
    }
    writer.close();
    let dated =
        if index.is_multiple_of(2) { format!("{module}@{revision}.yang") } else { format!("{module}.yang") };
    files.push(File { name: dated, text: writer.finish() });
    for part in 0..submodules {
        files.push(submodule(plan, &module, &imports, index, part, bytes, old));
    }
}

fn submodule(
    plan: Plan,
    module: &str,
    imports: &BTreeSet<String>,
    index: usize,
    part: usize,
    bytes: usize,
    old: bool,
) -> File {
    let own = format!("{module}-part-{part}");
    let mut writer = Writer::new(plan.seed ^ write::hash(&own), old);
    writer.open("submodule", &own);
    writer.version();
    writer.open("belongs-to", module);
    writer.statement("prefix", &prefix(module));
    writer.close();
    for import in imports {
        writer.open("import", import);
        writer.statement("prefix", &prefix(import));
        writer.close();
    }
    writer.about();
    writer.revisions(3);
    block::part(plan, index, part, bytes, &mut writer);
    writer.close();
    File { name: format!("{own}.yang"), text: writer.finish() }
}

/// What a module refers to.
fn imports(plan: Plan, kind: Kind, index: usize) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    if kind == Kind::Extensions {
        return found;
    }
    found.insert(name(Kind::Extensions, 0));
    if kind == Kind::Types {
        found.extend((index > 0).then(|| name(Kind::Types, index - 1)));
        found.extend((index > 1).then(|| name(Kind::Types, index - 2)));
        return found;
    }
    found.insert(name(Kind::Types, shared::types_of(plan, kind, index)));
    match kind {
        Kind::Groupings => found.extend((index > 0).then(|| name(Kind::Groupings, index - 1))),
        Kind::Base => {
            found.insert(name(Kind::Groupings, shared::groupings_of(plan, kind, index)));
            found.extend((index > 0).then(|| name(Kind::Base, index - 1)));
        }
        Kind::Augment => {
            found.insert(name(Kind::Groupings, shared::groupings_of(plan, kind, index)));
            found.extend(plan.target(index).steps.into_iter().map(|(module, _)| module));
        }
        Kind::Deviation => {
            found.extend(block::deviated(plan, index).into_iter().map(|base| name(Kind::Base, base)));
        }
        Kind::Extensions | Kind::Types => {}
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_shape_is_the_same_set() {
        let shape = Shape { modules: 40, bytes: 200_000, seed: 7 };
        let texts = |shape| generate(shape).into_iter().map(|f| (f.name, f.text)).collect::<Vec<_>>();
        assert_eq!(texts(shape), texts(shape));
        assert_ne!(texts(shape), texts(Shape { seed: 8, ..shape }));
    }

    #[test]
    fn the_size_is_about_what_was_asked_for() {
        let shape = Shape::FULL.part(20);
        let files = generate(shape);
        let bytes: usize = files.iter().map(|f| f.text.len()).sum();
        assert!((shape.bytes / 2..shape.bytes * 2).contains(&bytes), "{bytes} of {}", shape.bytes);
        assert!(files.len() > shape.modules, "there are submodules");
    }

    #[test]
    fn augments_go_deep() {
        let plan = Plan::new(Shape::FULL);
        let deepest = (0..plan.augments).map(|i| plan.target(i).steps.len()).max();
        assert_eq!(deepest, Some(3 + 8));
    }
}
