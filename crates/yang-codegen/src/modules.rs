//! The YANG modules of generated code, and which of them cannot do without which.

use crate::extern_crate::Externs;
use crate::ir::Package;
use std::collections::BTreeSet;
use yang_schema::{ModuleId, Schema};

/// A YANG module that has a Rust module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Module {
    /// Its name; with [`Options::feature_per_module`](crate::Options::feature_per_module) also that of its cargo feature.
    pub name: String,
    /// Its newest revision.
    pub revision: Option<String>,
    /// The name of the Rust module, raw where it has to be.
    pub rust: String,
    /// The modules with a Rust module whose items its own may name, sorted.
    pub needs: Vec<String>,
}

/// The modules of a package that no other crate has, in its order.
pub(crate) fn modules(schema: &Schema, package: &Package, externs: &Externs) -> Vec<Module> {
    let ids = package.modules.iter().map(|m| m.id);
    let generated: BTreeSet<ModuleId> = ids.filter(|&id| !externs.has(id)).collect();
    let module = |module: &crate::ir::Module| {
        let record = schema.module(module.id);
        let mut needs: Vec<String> = needed(schema, module.id)
            .into_iter()
            .filter(|id| *id != module.id && generated.contains(id))
            .map(|id| schema.module_name(id).to_owned())
            .collect();
        needs.sort_unstable();
        Module {
            name: schema.str(record.name).to_owned(),
            revision: schema.opt_str(record.revision).map(str::to_owned),
            rust: module.scope.name.clone(),
            needs,
        }
    };
    package.modules.iter().filter(|m| generated.contains(&m.id)).map(module).collect()
}

/// What a module imports, directly or not, and the modules whose deviations gave its nodes types of theirs. To name a thing
/// of another module, a module has to import it.
fn needed(schema: &Schema, of: ModuleId) -> BTreeSet<ModuleId> {
    let mut found = BTreeSet::new();
    let mut stack = vec![of];
    while let Some(id) = stack.pop() {
        if found.insert(id) {
            let module = schema.module(id);
            stack.extend(module.imports.iter().map(|i| i.module));
            stack.extend(&module.deviated_by);
        }
    }
    found
}
