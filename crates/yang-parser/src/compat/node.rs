//! Schema nodes. A node is the same where its path is.

use super::{Comparison, Rule, Side, Subject};
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{NodeKind, NodeRef, OrderedBy};

/// Groupings are defined in a space of names of their own, and so is what RFC 8791 calls a structure.
fn space(kind: NodeKind) -> u8 {
    match kind {
        NodeKind::Grouping => 1,
        NodeKind::Structure => 2,
        _ => 0,
    }
}

type Name<'s> = (&'s str, &'s str, u8);

fn name(node: NodeRef<'_>) -> Name<'_> {
    (node.module_name(), node.name(), space(node.kind()))
}

fn subject(node: NodeRef<'_>) -> String {
    match node.kind() {
        NodeKind::Grouping => format!("grouping {}:{}", node.module_name(), node.name()),
        _ => node.path(),
    }
}

/// Must it be there, once its parent is (RFC 7950 section 3, "mandatory node")?
fn is_mandatory_node(node: NodeRef<'_>) -> bool {
    match node.kind() {
        NodeKind::List | NodeKind::LeafList => node.min_elements() > 0,
        NodeKind::Container => node.presence().is_none() && node.children().any(is_mandatory_node),
        _ => node.is_mandatory(),
    }
}

impl Comparison<'_> {
    /// The children of two nodes that are the same, or all nodes at the top of a module.
    pub(super) fn children(&mut self, parent: &str, old: &[NodeRef<'_>], new: &[NodeRef<'_>]) {
        // A recursion as deep as the schema, whose depth the compiler limits.
        let after: BTreeMap<Name<'_>, NodeRef<'_>> = new.iter().map(|&n| (name(n), n)).collect();
        let before: BTreeSet<Name<'_>> = old.iter().map(|&n| name(n)).collect();
        for &x in old {
            match after.get(&name(x)) {
                Some(&y) => self.node(x, y),
                None => {
                    let rule = match x.kind() {
                        NodeKind::Grouping => Rule::GroupingRemoved,
                        _ => Rule::NodeRemoved,
                    };
                    let message = format!("the {} is gone", x.kind().keyword());
                    self.removed(rule, subject(x), x.span(), message);
                }
            }
        }
        for &y in new.iter().filter(|&&n| !before.contains(&name(n))) {
            self.new_node(y);
        }
        self.order(parent, old, new, &before, &after);
    }

    fn new_node(&mut self, node: NodeRef<'_>) {
        let what = node.kind().keyword();
        if node.kind() == NodeKind::Grouping {
            return self.added(Rule::GroupingAdded, subject(node), node.span(), "the grouping is new");
        }
        let in_data = node.kind().is_data_node() || node.kind() == NodeKind::Choice;
        if in_data && is_mandatory_node(node) && !self.is_guarded(node) {
            let message = format!("the {what} is new and mandatory");
            return self.added(Rule::MandatoryNodeAdded, subject(node), node.span(), message);
        }
        self.added(Rule::NodeAdded, subject(node), node.span(), format!("the {what} is new"));
    }

    /// Is the node there only where a server has a feature that is new as well?
    fn is_guarded(&self, node: NodeRef<'_>) -> bool {
        let (old, module) = (self.old.schema, node.module_name());
        let is_new = |word: &str| {
            let (module, feature) = match word.split_once(':') {
                Some((prefix, feature)) => {
                    let found = self.new.schema.prefix(node.span().file, prefix);
                    (found.map_or(module, |m| self.new.schema.module_name(m)), feature)
                }
                None => (module, word),
            };
            let known = old.find_module(module).is_some_and(|m| {
                old.module(m).features.iter().any(|&f| old.str(old.feature(f).name) == feature)
            });
            !known
        };
        node.if_features().any(|expression| {
            let words: Vec<&str> = expression
                .split(|c: char| c.is_whitespace() || "()".contains(c))
                .filter(|w| !w.is_empty())
                .collect();
            // With `or` or `not` in it, a server may have the node without the new feature.
            !words.iter().any(|w| matches!(*w, "or" | "not"))
                && words.iter().any(|w| *w != "and" && is_new(w))
        })
    }

    /// Definitions that were there keep their order (the last paragraph of section 11).
    fn order(
        &mut self,
        parent: &str,
        old: &[NodeRef<'_>],
        new: &[NodeRef<'_>],
        before: &BTreeSet<Name<'_>>,
        after: &BTreeMap<Name<'_>, NodeRef<'_>>,
    ) {
        let is_definition = |n: &&NodeRef<'_>| n.kind().is_data_node() || n.kind() == NodeKind::Choice;
        let kept: Vec<NodeRef<'_>> =
            old.iter().filter(is_definition).filter(|n| after.contains_key(&name(**n))).copied().collect();
        let mut now: BTreeMap<&str, Vec<NodeRef<'_>>> = BTreeMap::new();
        for &node in new.iter().filter(is_definition).filter(|n| before.contains(&name(**n))) {
            now.entry(node.module_name()).or_default().push(node);
        }
        // What other modules put there comes in the order of the modules, which means nothing: each by itself.
        for (module, nodes) in now {
            let was = kept.iter().filter(|n| n.module_name() == module);
            if let Some((x, y)) = was.zip(&nodes).find(|(x, y)| name(**x) != name(**y)) {
                let subject = Subject { name: parent.to_owned(), old: x.span(), new: y.span() };
                let message = format!("{} stands where {} stood", y.name(), x.name());
                self.changed(Rule::Reordered, &subject, message);
            }
        }
    }

    fn node(&mut self, x: NodeRef<'_>, y: NodeRef<'_>) {
        let subject = Subject { name: subject(x), old: x.span(), new: y.span() };
        if x.kind() != y.kind() {
            let (was, is) = (x.kind().keyword(), y.kind().keyword());
            return self.changed(Rule::KindChanged, &subject, format!("it was {was} and is {is}"));
        }
        self.status(&subject, x.status(), y.status());
        self.config(&subject, x, y);
        self.presence(&subject, x, y);
        self.elements(&subject, x, y);
        self.lists(&subject, x, y);
        if let (Some(a), Some(b)) = (x.type_(), y.type_()) {
            self.types(&subject, a, b);
        }
        let defaults = |side: Side<'_>, node: NodeRef<'_>| -> Vec<String> {
            let case = node.default_case().map(|c| c.name().to_owned());
            node.defaults().iter().map(|d| d.value.canonical(side.schema).to_string()).chain(case).collect()
        };
        self.defaults(&subject, &defaults(self.old, x), &defaults(self.new, y));
        self.units(&subject, x.units(), y.units());
        self.musts(&subject, x.musts(), y.musts());
        self.whens(&subject, x.whens(), y.whens());
        let if_features = |node: NodeRef<'_>| node.if_features().map(str::to_owned).collect::<Vec<_>>();
        let mandatory = is_mandatory_node(y);
        self.if_feature_texts(
            &subject,
            (x.module(), if_features(x)),
            (y.module(), if_features(y)),
            mandatory,
        );
        self.extension_uses(&subject, x.extensions(), y.extensions());
        self.prose(&subject, "description", x.description(), y.description());
        self.prose(&subject, "reference", x.reference(), y.reference());
        let (a, b): (Vec<_>, Vec<_>) = (x.children().collect(), y.children().collect());
        self.children(&subject.name, &a, &b);
    }

    fn config(&mut self, subject: &Subject, x: NodeRef<'_>, y: NodeRef<'_>) {
        // What hangs below a node that changed is told once, at the top.
        let told = |node: NodeRef<'_>| node.parent().is_none_or(|p| p.is_config());
        if x.is_config() && !y.is_config() && (told(y)) {
            self.changed(Rule::ConfigRemoved, subject, "it was configuration and is state");
        }
        if !x.is_config() && y.is_config() && x.parent().is_none_or(|p| p.is_config()) {
            match is_mandatory_node(y) {
                true => self.changed(
                    Rule::ConfigAddedMandatory,
                    subject,
                    "it was state and is mandatory configuration",
                ),
                false => self.changed(Rule::ConfigAdded, subject, "it was state and is configuration"),
            }
        }
        match (x.is_mandatory(), y.is_mandatory()) {
            (false, true) => self.changed(Rule::MandatoryAdded, subject, "it is mandatory now"),
            (true, false) => self.changed(Rule::MandatoryRemoved, subject, "it is no longer mandatory"),
            _ => {}
        }
    }

    fn presence(&mut self, subject: &Subject, x: NodeRef<'_>, y: NodeRef<'_>) {
        if x.presence().is_some() != y.presence().is_some() {
            let message = match y.presence() {
                Some(_) => "its presence has a meaning now",
                None => "its presence has no meaning any more",
            };
            self.changed(Rule::PresenceChanged, subject, message);
        } else {
            self.prose(subject, "presence", x.presence(), y.presence());
        }
    }

    fn elements(&mut self, subject: &Subject, x: NodeRef<'_>, y: NodeRef<'_>) {
        let (was, is) = (x.min_elements(), y.min_elements());
        if was != is {
            let rule = if is > was { Rule::MinElementsRaised } else { Rule::MinElementsLowered };
            self.changed(rule, subject, format!("min-elements was {was} and is {is}"));
        }
        let (was, is) = (x.max_elements(), y.max_elements());
        if was != is {
            let less = is.is_some_and(|is| was.is_none_or(|was| is < was));
            let rule = if less { Rule::MaxElementsLowered } else { Rule::MaxElementsRaised };
            let text = |n: Option<u32>| n.map_or_else(|| "unbounded".to_owned(), |n| n.to_string());
            self.changed(rule, subject, format!("max-elements was {} and is {}", text(was), text(is)));
        }
    }

    fn lists(&mut self, subject: &Subject, x: NodeRef<'_>, y: NodeRef<'_>) {
        if x.ordered_by() != y.ordered_by() {
            let word = |o| if o == OrderedBy::User { "user" } else { "system" };
            let (was, is) = (word(x.ordered_by()), word(y.ordered_by()));
            self.changed(
                Rule::OrderedByChanged,
                subject,
                format!("it was ordered by the {was} and is by the {is}"),
            );
        }
        let keys = |n: NodeRef<'_>| n.keys().map(|k| k.name().to_owned()).collect::<Vec<_>>();
        let (was, is) = (keys(x), keys(y));
        if was != is {
            let text = |keys: &[String]| match keys {
                [] => "no key".to_owned(),
                _ => format!("the key \"{}\"", keys.join(" ")),
            };
            self.changed(Rule::KeyChanged, subject, format!("it had {} and has {}", text(&was), text(&is)));
        }
        let uniques = |side: Side<'_>, node: NodeRef<'_>| -> BTreeMap<BTreeSet<String>, String> {
            let leaves =
                |u: &yang_schema::Unique| u.leaves.iter().map(|&l| side.schema.node(l).path()).collect();
            node.uniques().iter().map(|u| (leaves(u), side.schema.str(u.text).to_owned())).collect()
        };
        let (was, is) = (uniques(self.old, x), uniques(self.new, y));
        for text in was.iter().filter(|(k, _)| !is.contains_key(*k)).map(|(_, t)| t) {
            self.changed(Rule::UniqueChanged, subject, format!("unique \"{text}\" is gone"));
        }
        for text in is.iter().filter(|(k, _)| !was.contains_key(*k)).map(|(_, t)| t) {
            self.changed(Rule::UniqueChanged, subject, format!("unique \"{text}\" is new"));
        }
    }
}
