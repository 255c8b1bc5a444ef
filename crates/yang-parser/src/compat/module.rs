//! Modules and what they define beside nodes: features, identities, typedefs, extensions, annotations.

use super::{Comparison, Rule, Subject};
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{ModuleId, NodeRef, Span, YangVersion};

impl Comparison<'_> {
    pub(super) fn modules(&mut self) {
        let (old, new) = (self.old, self.new);
        let asked: BTreeSet<&str> = old.requested.iter().chain(new.requested).map(String::as_str).collect();
        for name in asked {
            // Of several revisions, the one that is implemented stands first.
            match (old.schema.find_module(name), new.schema.find_module(name)) {
                (Some(before), Some(after)) => self.module(name, before, after),
                (Some(before), None) => {
                    let span = old.schema.module(before).span;
                    self.removed(Rule::ModuleRemoved, format!("module {name}"), span, "the module is gone");
                }
                (None, Some(after)) => {
                    let span = new.schema.module(after).span;
                    self.added(Rule::ModuleAdded, format!("module {name}"), span, "the module is new");
                }
                (None, None) => {}
            }
        }
    }

    fn module(&mut self, name: &str, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let (a, b) = (old.schema.module(before), new.schema.module(after));
        let subject = Subject { name: format!("module {name}"), old: a.span, new: b.span };
        let start = self.changes.len();

        let text = |x, y| (old.schema.str(x), new.schema.str(y));
        let (x, y) = text(a.namespace, b.namespace);
        if x != y {
            self.changed(Rule::NamespaceChanged, &subject, format!("its namespace was {x} and is {y}"));
        }
        let (x, y) = text(a.prefix, b.prefix);
        if x != y {
            self.changed(Rule::PrefixChanged, &subject, format!("its prefix was {x} and is {y}"));
        }
        if a.yang_version != b.yang_version {
            let word = |v| if v == YangVersion::V1 { "1" } else { "1.1" };
            let (x, y) = (word(a.yang_version), word(b.yang_version));
            self.changed(Rule::YangVersionChanged, &subject, format!("its yang-version was {x} and is {y}"));
        }
        for (what, x, y) in [
            ("organization", a.organization, b.organization),
            ("contact", a.contact, b.contact),
            ("description", a.description, b.description),
            ("reference", a.reference, b.reference),
        ] {
            self.prose(&subject, what, old.optional(x), new.optional(y));
        }
        self.extension_uses(&subject, &a.extensions, &b.extensions);
        self.features(before, after);
        self.identities(before, after);
        self.typedefs(before, after);
        self.extensions(before, after);
        self.annotations(before, after);
        self.top_level(before, after);

        let (x, y) = (old.optional(a.revision), new.optional(b.revision));
        if self.changes.len() > start && y <= x {
            let message = match y {
                Some(date) => format!("the module was changed, and its newest revision is still {date}"),
                None => "the module was changed, and has no revision".to_owned(),
            };
            let change = super::Change {
                rule: Rule::RevisionMissing,
                subject: subject.name,
                message,
                old: Some(subject.old),
                new: Some(subject.new),
            };
            self.changes.insert(start, change);
        }
    }

    fn features(&mut self, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let of = |side: super::Side<'_>, module: ModuleId| -> BTreeMap<String, _> {
            let ids = side.schema.module(module).features.iter();
            ids.map(|&id| (side.schema.str(side.schema.feature(id).name).to_owned(), id)).collect()
        };
        let (a, b) = (of(old, before), of(new, after));
        for (name, &id) in &a {
            let x = old.schema.feature(id);
            let subject = format!("feature {}", old.qualified(before, name));
            let Some(&id) = b.get(name) else {
                self.removed(Rule::FeatureRemoved, subject, x.span, "the feature is gone");
                continue;
            };
            let y = new.schema.feature(id);
            let subject = Subject { name: subject, old: x.span, new: y.span };
            self.status(&subject, x.status, y.status);
            self.if_features(&subject, (before, &x.if_features), (after, &y.if_features), false);
            self.described(&subject, (x.description, x.reference), (y.description, y.reference));
        }
        for (name, &id) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            let span = new.schema.feature(id).span;
            let subject = format!("feature {}", new.qualified(after, name));
            self.added(Rule::FeatureAdded, subject, span, "the feature is new");
        }
    }

    fn identities(&mut self, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let of = |side: super::Side<'_>, module: ModuleId| -> BTreeMap<String, _> {
            let ids = side.schema.module(module).identities.iter();
            ids.map(|&id| (side.schema.str(side.schema.identity(id).name).to_owned(), id)).collect()
        };
        let (a, b) = (of(old, before), of(new, after));
        for (name, &id) in &a {
            let x = old.schema.identity(id);
            let subject = format!("identity {}", old.qualified(before, name));
            let Some(&id) = b.get(name) else {
                self.removed(Rule::IdentityRemoved, subject, x.span, "the identity is gone");
                continue;
            };
            let y = new.schema.identity(id);
            let subject = Subject { name: subject, old: x.span, new: y.span };
            let bases = |side: super::Side<'_>, ids: &[_]| -> BTreeSet<String> {
                ids.iter().map(|&id| side.identity(id)).collect()
            };
            let (was, is) = (bases(old, &x.bases), bases(new, &y.bases));
            for base in was.difference(&is) {
                self.changed(
                    Rule::IdentityBaseRemoved,
                    &subject,
                    format!("it is no longer derived from {base}"),
                );
            }
            for base in is.difference(&was) {
                self.changed(Rule::IdentityBaseAdded, &subject, format!("it is derived from {base} too"));
            }
            self.status(&subject, x.status, y.status);
            self.if_features(&subject, (before, &x.if_features), (after, &y.if_features), false);
            self.described(&subject, (x.description, x.reference), (y.description, y.reference));
            self.extension_uses(&subject, &x.extensions, &y.extensions);
        }
        for (name, &id) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            let span = new.schema.identity(id).span;
            let subject = format!("identity {}", new.qualified(after, name));
            self.added(Rule::IdentityAdded, subject, span, "the identity is new");
        }
    }

    fn typedefs(&mut self, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let of = |side: super::Side<'_>, module: ModuleId| -> BTreeMap<String, _> {
            let ids = side.schema.module(module).typedefs.iter();
            ids.map(|&id| (side.schema.str(side.schema.typedef(id).name).to_owned(), id)).collect()
        };
        let (a, b) = (of(old, before), of(new, after));
        for (name, &id) in &a {
            let x = old.schema.typedef(id);
            let subject = format!("typedef {}", old.qualified(before, name));
            let Some(&id) = b.get(name) else {
                self.removed(Rule::TypedefRemoved, subject, x.span, "the typedef is gone");
                continue;
            };
            let y = new.schema.typedef(id);
            let subject = Subject { name: subject, old: x.span, new: y.span };
            self.types(&subject, old.schema.type_(x.type_id), new.schema.type_(y.type_id));
            let text = |side: super::Side<'_>, default: &Option<yang_schema::Default>| -> Vec<String> {
                default.iter().map(|d| d.value.canonical(side.schema).to_string()).collect()
            };
            self.defaults(&subject, &text(old, &x.default), &text(new, &y.default));
            self.units(&subject, old.optional(x.units), new.optional(y.units));
            self.status(&subject, x.status, y.status);
            self.described(&subject, (x.description, x.reference), (y.description, y.reference));
            self.extension_uses(&subject, &x.extensions, &y.extensions);
        }
        for (name, &id) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            let span = new.schema.typedef(id).span;
            let subject = format!("typedef {}", new.qualified(after, name));
            self.added(Rule::TypedefAdded, subject, span, "the typedef is new");
        }
    }

    fn extensions(&mut self, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let of =
            |side: super::Side<'_>, module: ModuleId| -> BTreeMap<String, (Option<String>, bool, Span)> {
                let all = side.schema.extension_defs().iter().filter(|e| e.module == module);
                all.map(|e| {
                    let argument = side.optional(e.argument).map(str::to_owned);
                    (side.schema.str(e.name).to_owned(), (argument, e.yin_element, e.span))
                })
                .collect()
            };
        let (a, b) = (of(old, before), of(new, after));
        for (name, (argument, element, span)) in &a {
            let subject = format!("extension {}", old.qualified(before, name));
            let Some((now, now_element, now_span)) = b.get(name) else {
                self.removed(Rule::ExtensionRemoved, subject, *span, "the extension is gone");
                continue;
            };
            if (argument.is_some(), element) != (now.is_some(), now_element) {
                let subject = Subject { name: subject, old: *span, new: *now_span };
                self.changed(Rule::ExtensionArgumentChanged, &subject, "it takes another argument");
            }
        }
        for (name, (_, _, span)) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            let subject = format!("extension {}", new.qualified(after, name));
            self.added(Rule::ExtensionAdded, subject, *span, "the extension is new");
        }
    }

    fn annotations(&mut self, before: ModuleId, after: ModuleId) {
        let (old, new) = (self.old, self.new);
        let of = |side: super::Side<'_>, module: ModuleId| -> BTreeMap<String, usize> {
            let all = side.schema.annotations().iter().enumerate().filter(|(_, a)| a.module == module);
            all.map(|(i, a)| (side.schema.str(a.name).to_owned(), i)).collect()
        };
        let (a, b) = (of(old, before), of(new, after));
        for (name, &i) in &a {
            let x = &old.schema.annotations()[i];
            let subject = format!("annotation {}", old.qualified(before, name));
            let Some(&i) = b.get(name) else {
                self.removed(Rule::AnnotationRemoved, subject, x.span, "the annotation is gone");
                continue;
            };
            let y = &new.schema.annotations()[i];
            let subject = Subject { name: subject, old: x.span, new: y.span };
            self.types(&subject, old.schema.type_(x.type_id), new.schema.type_(y.type_id));
            self.units(&subject, old.optional(x.units), new.optional(y.units));
            self.status(&subject, x.status, y.status);
        }
        for (name, &i) in b.iter().filter(|(name, _)| !a.contains_key(*name)) {
            let span = new.schema.annotations()[i].span;
            let subject = format!("annotation {}", new.qualified(after, name));
            self.added(Rule::AnnotationAdded, subject, span, "the annotation is new");
        }
    }

    /// All that stands at the top of the module: data, rpcs, notifications, structures, and groupings where they were kept.
    fn top_level(&mut self, before: ModuleId, after: ModuleId) {
        let old: Vec<NodeRef<'_>> = self.old.schema.top_level(before).collect();
        let new: Vec<NodeRef<'_>> = self.new.schema.top_level(after).collect();
        let module = self.old.schema.module_name(before).to_owned();
        self.children(&format!("module {module}"), &old, &new);
    }
}
