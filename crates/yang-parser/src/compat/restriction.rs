//! What several kinds of definitions have alike: conditions, defaults, units, status, texts.

use super::{Comparison, Rule, Side, Subject};
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{ConstraintInfo, ExtensionUse, ModuleId, Must, Status, Sym, When, WhenContext};

/// The rules for a set of conditions: one more, one less, one in the place of another.
struct Rules {
    added: Rule,
    removed: Rule,
    changed: Rule,
}

impl Comparison<'_> {
    pub(super) fn musts(&mut self, subject: &Subject, old: &[Must], new: &[Must]) {
        let of = |side: Side<'_>, musts: &[Must]| -> BTreeMap<String, ConstraintInfo> {
            musts.iter().map(|m| (side.xpath(m.xpath), m.info.clone())).collect()
        };
        let (a, b) = (of(self.old, old), of(self.new, new));
        let rules = Rules { added: Rule::MustAdded, removed: Rule::MustRemoved, changed: Rule::MustChanged };
        self.conditions(subject, "must", &rules, a.keys().cloned().collect(), b.keys().cloned().collect());
        for (condition, x) in &a {
            if let Some(y) = b.get(condition) {
                self.information(subject, "must", x, y);
            }
        }
    }

    pub(super) fn whens(&mut self, subject: &Subject, old: &[When], new: &[When]) {
        let of = |side: Side<'_>, whens: &[When]| -> BTreeSet<String> {
            let text = |w: &When| match w.context {
                WhenContext::Node => side.xpath(w.xpath),
                WhenContext::Parent => format!("{} (of the parent)", side.xpath(w.xpath)),
            };
            whens.iter().map(text).collect()
        };
        let rules = Rules { added: Rule::WhenAdded, removed: Rule::WhenRemoved, changed: Rule::WhenChanged };
        let (a, b) = (of(self.old, old), of(self.new, new));
        self.conditions(subject, "when", &rules, a, b);
    }

    pub(super) fn if_features(
        &mut self,
        subject: &Subject,
        (old_module, old): (ModuleId, &[Sym]),
        (new_module, new): (ModuleId, &[Sym]),
        mandatory: bool,
    ) {
        let old = old.iter().map(|&s| self.old.schema.str(s).to_owned()).collect();
        let new = new.iter().map(|&s| self.new.schema.str(s).to_owned()).collect();
        self.if_feature_texts(subject, (old_module, old), (new_module, new), mandatory);
    }

    pub(super) fn if_feature_texts(
        &mut self,
        subject: &Subject,
        (old_module, old): (ModuleId, Vec<String>),
        (new_module, new): (ModuleId, Vec<String>),
        mandatory: bool,
    ) {
        // A module's own features can be named with its prefix and without.
        let plain = |side: Side<'_>, module: ModuleId, texts: Vec<String>| -> BTreeSet<String> {
            let own = format!("{}:", side.schema.str(side.schema.module(module).prefix));
            let spaced = |t: String| t.replace('(', " ( ").replace(')', " ) ");
            let word = |w: &str| w.strip_prefix(&own).unwrap_or(w).to_owned();
            texts
                .into_iter()
                .map(|t| spaced(t).split_whitespace().map(word).collect::<Vec<_>>().join(" "))
                .collect()
        };
        let rules = Rules {
            added: Rule::IfFeatureAdded,
            removed: if mandatory { Rule::IfFeatureRemovedMandatory } else { Rule::IfFeatureRemoved },
            changed: Rule::IfFeatureChanged,
        };
        let (a, b) = (plain(self.old, old_module, old), plain(self.new, new_module, new));
        self.conditions(subject, "if-feature", &rules, a, b);
    }

    /// All of some conditions must hold. What is in both sets is as it was.
    fn conditions(
        &mut self,
        subject: &Subject,
        what: &str,
        rules: &Rules,
        old: BTreeSet<String>,
        new: BTreeSet<String>,
    ) {
        let gone: Vec<&String> = old.difference(&new).collect();
        let come: Vec<&String> = new.difference(&old).collect();
        if let ([was], [is]) = (&gone[..], &come[..]) {
            return self.changed(rules.changed, subject, format!("its {what} was \"{was}\" and is \"{is}\""));
        }
        for text in gone {
            self.changed(rules.removed, subject, format!("{what} \"{text}\" is gone"));
        }
        for text in come {
            self.changed(rules.added, subject, format!("{what} \"{text}\" is new"));
        }
    }

    /// What a condition says of its violation. Clients may look at the tag: but section 11 does not name it.
    pub(super) fn information(
        &mut self,
        subject: &Subject,
        what: &str,
        x: &ConstraintInfo,
        y: &ConstraintInfo,
    ) {
        for (part, x, y) in [
            ("error-message", x.error_message, y.error_message),
            ("error-app-tag", x.error_app_tag, y.error_app_tag),
            ("description", x.description, y.description),
            ("reference", x.reference, y.reference),
        ] {
            let (x, y) = (self.old.optional(x), self.new.optional(y));
            self.prose(subject, &format!("{what}'s {part}"), x, y);
        }
    }

    pub(super) fn described(
        &mut self,
        subject: &Subject,
        old: (Option<Sym>, Option<Sym>),
        new: (Option<Sym>, Option<Sym>),
    ) {
        self.prose(subject, "description", self.old.optional(old.0), self.new.optional(new.0));
        self.prose(subject, "reference", self.old.optional(old.1), self.new.optional(new.1));
    }

    pub(super) fn defaults(&mut self, subject: &Subject, old: &[String], new: &[String]) {
        if old == new {
            return;
        }
        let text = |values: &[String]| format!("\"{}\"", values.join("\", \""));
        let (rule, message) = match (old, new) {
            ([], new) => (Rule::DefaultAdded, format!("it has the default {} now", text(new))),
            (old, []) => (Rule::DefaultChanged, format!("it had the default {} and has none", text(old))),
            (old, new) => {
                (Rule::DefaultChanged, format!("its default was {} and is {}", text(old), text(new)))
            }
        };
        self.changed(rule, subject, message);
    }

    pub(super) fn units(&mut self, subject: &Subject, old: Option<&str>, new: Option<&str>) {
        match (old, new) {
            (None, Some(new)) => {
                self.changed(Rule::UnitsAdded, subject, format!("it has the units {new} now"))
            }
            (Some(old), None) => self.changed(Rule::UnitsChanged, subject, format!("it had the units {old}")),
            (Some(old), Some(new)) if old != new => {
                self.changed(Rule::UnitsChanged, subject, format!("its units were {old} and are {new}"));
            }
            _ => {}
        }
    }

    pub(super) fn status(&mut self, subject: &Subject, old: Status, new: Status) {
        if old == new {
            return;
        }
        let word = |status| match status {
            Status::Current => "current",
            Status::Deprecated => "deprecated",
            Status::Obsolete => "obsolete",
        };
        let rule = if new > old { Rule::StatusAdvanced } else { Rule::StatusReverted };
        self.changed(rule, subject, format!("it was {} and is {}", word(old), word(new)));
    }

    pub(super) fn extension_uses(&mut self, subject: &Subject, old: &[ExtensionUse], new: &[ExtensionUse]) {
        let of = |side: Side<'_>, uses: &[ExtensionUse]| -> BTreeSet<String> {
            uses.iter().map(|u| written(side, u, 0)).collect()
        };
        let (a, b) = (of(self.old, old), of(self.new, new));
        for text in a.difference(&b) {
            self.changed(Rule::ExtensionUseChanged, subject, format!("the statement {text} is gone"));
        }
        for text in b.difference(&a) {
            self.changed(Rule::ExtensionUseChanged, subject, format!("the statement {text} is new"));
        }
    }
}

/// An extension's statement on one line, with the name of its module. A recursion as deep as statements may nest.
fn written(side: Side<'_>, statement: &ExtensionUse, depth: usize) -> String {
    let name = side.schema.str(statement.name);
    let mut text = match statement.module {
        Some(module) => side.qualified(module, name),
        None => name.to_owned(),
    };
    if let Some(argument) = side.optional(statement.argument) {
        let argument = argument.split_whitespace().collect::<Vec<_>>().join(" ");
        text.push_str(&format!(" \"{argument}\""));
    }
    if !statement.substatements.is_empty() && depth < 16 {
        let below = statement.substatements.iter().map(|s| written(side, s, depth + 1));
        text.push_str(&format!(" {{ {} }}", below.collect::<Vec<_>>().join("; ")));
    }
    text
}
