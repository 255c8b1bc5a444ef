//! What a new revision of modules changes (RFC 7950 section 11): which changes keep to the rules, and which step of semantic
//! versioning a crate generated from them has to take.
//!
//! Compiled schemas are compared, not texts: a leaf that moved into a grouping, or a type that got a name, is the leaf and
//! the type that it was. What no program can decide, whether another expression demands less than the one before, is
//! reported as such.

mod module;
mod node;
mod restriction;
mod rule;
#[cfg(test)]
mod tests;
mod types;

pub use rule::{Rule, Step, Verdict};

use crate::Compilation;
use yang_schema::{ModuleId, Schema, Span, XPathId};

/// One change.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// Which kind of change, and what is to be thought of it.
    pub rule: Rule,
    /// What was changed: a schema path such as `/m:top/leaf`, or a statement such as `identity m:x`.
    pub subject: String,
    /// What was done to it.
    pub message: String,
    /// The place in the old text; `None` for what is new.
    pub old: Option<Span>,
    /// The place in the new text; `None` for what is gone.
    pub new: Option<Span>,
}

/// All changes between two sets of modules, in the order of the modules' names and of the old text.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Compatibility {
    /// The changes.
    pub changes: Vec<Change>,
}

impl Compatibility {
    /// The step that the version of a crate generated from the modules has to take; `None` if nothing changed.
    pub fn step(&self) -> Option<Step> {
        self.changes.iter().map(|c| c.rule.step()).max()
    }

    /// The changes that RFC 7950 section 11 forbids, or may.
    pub fn breaking(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|c| c.rule.verdict() != Verdict::Allowed)
    }
}

/// Compares two sets of modules. `None` if one of them has errors.
///
/// Where groupings are to be compared too, both are compiled with [`Compiler::groupings`](crate::Compiler::groupings).
///
/// ```
/// use yang_parser::compat::{Rule, Step, compare};
///
/// let compile = |text: &str| yang_parser::Compiler::new().source("m", text).compile();
/// let old = compile("module m { namespace urn:m; prefix m; revision 2025-01-01; leaf a { type int8; } }");
/// let new = compile(
///     "module m { namespace urn:m; prefix m; revision 2026-01-01; revision 2025-01-01; leaf a { type int16; } }",
/// );
/// let found = compare(&old, &new).unwrap();
/// assert_eq!(found.changes[0].rule, Rule::TypeChanged);
/// assert_eq!(found.step(), Some(Step::Major));
/// ```
pub fn compare(old: &Compilation, new: &Compilation) -> Option<Compatibility> {
    let (Some(old_schema), Some(new_schema)) = (&old.schema, &new.schema) else {
        return None;
    };
    let old = Side { schema: old_schema, requested: &old.requested };
    let new = Side { schema: new_schema, requested: &new.requested };
    let mut comparison = Comparison { old, new, changes: Vec::new() };
    comparison.modules();
    Some(Compatibility { changes: comparison.changes })
}

/// One of the two sets.
#[derive(Clone, Copy)]
struct Side<'s> {
    schema: &'s Schema,
    requested: &'s [String],
}

impl<'s> Side<'s> {
    /// A name and the module it belongs to.
    fn qualified(self, module: ModuleId, name: &str) -> String {
        format!("{}:{name}", self.schema.module_name(module))
    }

    fn identity(self, id: yang_schema::IdentityId) -> String {
        let identity = self.schema.identity(id);
        self.qualified(identity.module, self.schema.str(identity.name))
    }

    /// An expression as text that means the same in both sets.
    fn xpath(self, id: XPathId) -> String {
        self.schema.qualified_xpath(id, None)
    }

    fn optional(self, sym: Option<yang_schema::Sym>) -> Option<&'s str> {
        self.schema.opt_str(sym)
    }
}

/// Something that is in both sets, and where.
#[derive(Clone)]
struct Subject {
    name: String,
    old: Span,
    new: Span,
}

struct Comparison<'s> {
    old: Side<'s>,
    new: Side<'s>,
    changes: Vec<Change>,
}

impl Comparison<'_> {
    fn changed(&mut self, rule: Rule, subject: &Subject, message: impl Into<String>) {
        let (old, new) = (Some(subject.old), Some(subject.new));
        self.changes.push(Change { rule, subject: subject.name.clone(), message: message.into(), old, new });
    }

    fn removed(&mut self, rule: Rule, subject: impl Into<String>, old: Span, message: impl Into<String>) {
        self.changes.push(Change {
            rule,
            subject: subject.into(),
            message: message.into(),
            old: Some(old),
            new: None,
        });
    }

    fn added(&mut self, rule: Rule, subject: impl Into<String>, new: Span, message: impl Into<String>) {
        self.changes.push(Change {
            rule,
            subject: subject.into(),
            message: message.into(),
            old: None,
            new: Some(new),
        });
    }

    /// Texts for people. What they say may have changed the meaning; no program can tell.
    fn prose(&mut self, subject: &Subject, what: &str, old: Option<&str>, new: Option<&str>) {
        if words(old) != words(new) {
            let done = match (old, new) {
                (None, _) => "was added",
                (_, None) => "was removed",
                _ => "was changed",
            };
            self.changed(Rule::TextChanged, subject, format!("its {what} {done}"));
        }
    }
}

/// A text without the layout.
fn words(text: Option<&str>) -> Option<Vec<&str>> {
    text.map(|t| t.split_whitespace().collect())
}
