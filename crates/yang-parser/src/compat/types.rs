//! Types (RFC 7950 section 9): the same where the same texts are values that mean the same.

use super::{Comparison, Rule, Side, Subject};
use std::collections::{BTreeMap, BTreeSet};
use yang_schema::{BitItem, EnumItem, Interval, ModuleId, Pattern, Range, Status, Sym, TypeDetail, TypeRef};

/// An enum or a bit.
struct Item<'s> {
    value: i64,
    status: Status,
    description: Option<&'s str>,
    reference: Option<&'s str>,
    if_features: Vec<String>,
}

impl Comparison<'_> {
    pub(super) fn types(&mut self, subject: &Subject, x: TypeRef<'_>, y: TypeRef<'_>) {
        self.type_at(subject, "", x, y, 0);
    }

    /// `at` says which member of a union it is about.
    fn type_at(&mut self, subject: &Subject, at: &str, x: TypeRef<'_>, y: TypeRef<'_>, depth: u32) {
        let (old, new) = (self.old, self.new);
        let start = self.changes.len();
        if x.base() != y.base() {
            let (was, is) = (named(old, x), named(new, y));
            return self.changed(Rule::TypeChanged, subject, format!("{at}its type was {was} and is {is}"));
        }
        match (x.detail(), y.detail()) {
            (TypeDetail::Integer { base, ranges: a }, TypeDetail::Integer { ranges: b, .. }) => {
                let all = base.integer_bounds().unwrap_or(EVERYTHING);
                self.intervals(subject, at, "range", (a, all), (b, all));
            }
            (
                TypeDetail::Decimal64 { fraction_digits: p, ranges: a },
                TypeDetail::Decimal64 { fraction_digits: q, ranges: b },
            ) => {
                if p != q {
                    let message = format!("{at}its fraction-digits were {p} and are {q}");
                    return self.changed(Rule::TypeChanged, subject, message);
                }
                let all = Interval { min: i64::MIN.into(), max: i64::MAX.into() };
                self.intervals(subject, at, "range", (a, all), (b, all));
            }
            (
                TypeDetail::String { lengths: a, patterns: p },
                TypeDetail::String { lengths: b, patterns: q },
            ) => {
                self.intervals(subject, at, "length", (a, LENGTHS), (b, LENGTHS));
                self.patterns(subject, at, p, q);
            }
            (TypeDetail::Binary { lengths: a }, TypeDetail::Binary { lengths: b }) => {
                self.intervals(subject, at, "length", (a, LENGTHS), (b, LENGTHS));
            }
            (TypeDetail::Enumeration(a), TypeDetail::Enumeration(b)) => {
                let (a, b) = (enums(old, a), enums(new, b));
                self.items(subject, at, ("enum", "value"), &a, &b, (home(old, x), home(new, y)));
            }
            (TypeDetail::Bits(a), TypeDetail::Bits(b)) => {
                let (a, b) = (bits(old, a), bits(new, b));
                self.items(subject, at, ("bit", "position"), &a, &b, (home(old, x), home(new, y)));
            }
            (TypeDetail::Identityref { bases: a }, TypeDetail::Identityref { bases: b }) => {
                let bases = |side: Side<'_>, ids: &[_]| -> BTreeSet<String> {
                    ids.iter().map(|&id| side.identity(id)).collect()
                };
                let (a, b) = (bases(old, a), bases(new, b));
                for base in b.difference(&a) {
                    self.changed(
                        Rule::BaseAdded,
                        subject,
                        format!("{at}a value must be derived from {base} too"),
                    );
                }
                for base in a.difference(&b) {
                    let message = format!("{at}a value need not be derived from {base} any more");
                    self.changed(Rule::BaseRemoved, subject, message);
                }
            }
            (TypeDetail::Leafref { .. }, TypeDetail::Leafref { .. }) => self.leafref(subject, at, x, y),
            (
                TypeDetail::InstanceIdentifier { require_instance: a },
                TypeDetail::InstanceIdentifier { require_instance: b },
            ) => self.require_instance(subject, at, *a, *b),
            (TypeDetail::Union { .. }, TypeDetail::Union { .. }) => self.union(subject, at, x, y, depth),
            _ => {}
        }
        if self.changes[start..].iter().all(|c| c.rule.verdict() == super::Verdict::Allowed) {
            self.rust_name(subject, at, x, y);
        }
    }

    /// The generator names some Rust types after the typedef, others after the leaf.
    fn rust_name(&mut self, subject: &Subject, at: &str, x: TypeRef<'_>, y: TypeRef<'_>) {
        let name = |side: Side<'_>, ty: TypeRef<'_>| {
            use yang_schema::Base::{Bits, Enumeration, Identityref, Union};
            let has_item = matches!(ty.base(), Bits | Enumeration | Union)
                || matches!(ty.detail(), TypeDetail::Identityref { bases } if bases.len() > 1)
                || (ty.base() == Identityref && ty.typedef().is_some());
            // A typedef that only gives another a name is an alias of its Rust type.
            let (mut ty, mut named) = (ty, None);
            while let Some(typedef) = ty.typedef().filter(|t| t.top_level && !ty.get().restricted_here) {
                named = Some(side.qualified(typedef.module, side.schema.str(typedef.name)));
                ty = side.schema.type_(typedef.type_id);
            }
            has_item.then_some(named)
        };
        let (was, is) = (name(self.old, x), name(self.new, y));
        if was != is {
            let text = |name: Option<Option<String>>| match name {
                Some(Some(typedef)) => format!("the typedef {typedef}"),
                Some(None) => "the node".to_owned(),
                None => "its base".to_owned(),
            };
            let message =
                format!("{at}its Rust type was named after {} and is after {}", text(was), text(is));
            self.changed(Rule::TypeRenamed, subject, message);
        }
    }

    /// The last of some ranges is the narrowest.
    fn intervals(
        &mut self,
        subject: &Subject,
        at: &str,
        what: &str,
        (old, old_all): (&[Range], Interval),
        (new, new_all): (&[Range], Interval),
    ) {
        let parts = |ranges: &[Range], all| joined(ranges.last().map_or(&[all][..], |r| &r.parts));
        let (a, b) = (parts(old, old_all), parts(new, new_all));
        if a != b {
            let text = |side: Side<'_>, ranges: &[Range]| match ranges.last() {
                Some(range) => format!("\"{}\"", side.schema.str(range.text)),
                None => format!("without {what}"),
            };
            let rule = if covers(&b, &a) { Rule::ValuesWidened } else { Rule::ValuesNarrowed };
            let (was, is) = (text(self.old, old), text(self.new, new));
            return self.changed(rule, subject, format!("{at}its {what} was {was} and is {is}"));
        }
        if let (Some(x), Some(y)) = (old.last(), new.last()) {
            self.information(subject, what, &x.info, &y.info);
        }
    }

    fn patterns(&mut self, subject: &Subject, at: &str, old: &[Pattern], new: &[Pattern]) {
        let of =
            |side: Side<'_>, patterns: &[Pattern]| -> BTreeMap<(String, bool), yang_schema::ConstraintInfo> {
                patterns
                    .iter()
                    .map(|p| ((side.schema.str(p.text).to_owned(), p.inverted), p.info.clone()))
                    .collect()
            };
        let (a, b) = (of(self.old, old), of(self.new, new));
        let text = |(text, inverted): &(String, bool)| match inverted {
            true => format!("\"{text}\", inverted,"),
            false => format!("\"{text}\""),
        };
        let gone: Vec<_> = a.keys().filter(|k| !b.contains_key(*k)).collect();
        let come: Vec<_> = b.keys().filter(|k| !a.contains_key(*k)).collect();
        if let ([was], [is]) = (&gone[..], &come[..]) {
            let message = format!("{at}its pattern was {} and is {}", text(was), text(is));
            self.changed(Rule::PatternChanged, subject, message);
        } else {
            for pattern in gone {
                self.changed(
                    Rule::PatternRemoved,
                    subject,
                    format!("{at}the pattern {} is gone", text(pattern)),
                );
            }
            for pattern in come {
                self.changed(
                    Rule::PatternAdded,
                    subject,
                    format!("{at}the pattern {} is new", text(pattern)),
                );
            }
        }
        for (pattern, x) in &a {
            if let Some(y) = b.get(pattern) {
                self.information(subject, "pattern", x, y);
            }
        }
    }

    fn items(
        &mut self,
        subject: &Subject,
        at: &str,
        (what, number): (&str, &str),
        old: &BTreeMap<&str, Item<'_>>,
        new: &BTreeMap<&str, Item<'_>>,
        (old_module, new_module): (ModuleId, ModuleId),
    ) {
        for (name, x) in old {
            let Some(y) = new.get(name) else {
                self.changed(Rule::ItemRemoved, subject, format!("{at}the {what} {name} is gone"));
                continue;
            };
            if x.value != y.value {
                let message =
                    format!("{at}the {number} of the {what} {name} was {} and is {}", x.value, y.value);
                self.changed(Rule::ItemValueChanged, subject, message);
            }
            let item = Subject { name: format!("{} {what} {name}", subject.name), ..subject.clone() };
            self.status(&item, x.status, y.status);
            let (a, b) = ((old_module, x.if_features.clone()), (new_module, y.if_features.clone()));
            self.if_feature_texts(&item, a, b, false);
            self.prose(&item, "description", x.description, y.description);
            self.prose(&item, "reference", x.reference, y.reference);
        }
        for name in new.keys().filter(|name| !old.contains_key(*name)) {
            self.changed(Rule::ItemAdded, subject, format!("{at}the {what} {name} is new"));
        }
    }

    fn leafref(&mut self, subject: &Subject, at: &str, x: TypeRef<'_>, y: TypeRef<'_>) {
        let (
            TypeDetail::Leafref { path: p, require_instance: a, target: s, .. },
            TypeDetail::Leafref { path: q, require_instance: b, target: t, .. },
        ) = (x.detail(), y.detail())
        else {
            return;
        };
        let (was, is) = (self.old.xpath(*p), self.new.xpath(*q));
        let target = |side: Side<'_>, target: &Option<_>| target.map(|id| side.schema.node(id).path());
        let (from, to) = (target(self.old, s), target(self.new, t));
        if from != to || (from.is_none() && was != is) {
            let message = format!("{at}its path was \"{was}\" and is \"{is}\"");
            self.changed(Rule::LeafrefTargetChanged, subject, message);
        } else if was != is && (was.contains('[') || is.contains('[')) {
            let message = format!("{at}its path was \"{was}\" and is \"{is}\"");
            self.changed(Rule::LeafrefPathChanged, subject, message);
        }
        self.require_instance(subject, at, *a, *b);
    }

    fn require_instance(&mut self, subject: &Subject, at: &str, was: bool, is: bool) {
        if was != is {
            let message = format!("{at}its require-instance was {was} and is {is}");
            self.changed(Rule::RequireInstanceChanged, subject, message);
        }
    }

    fn union(&mut self, subject: &Subject, at: &str, x: TypeRef<'_>, y: TypeRef<'_>, depth: u32) {
        let (a, b): (Vec<_>, Vec<_>) = (x.members().collect(), y.members().collect());
        let names = |side: Side<'_>, types: &[TypeRef<'_>]| {
            types.iter().map(|&t| named(side, t)).collect::<Vec<_>>().join(", ")
        };
        if a.len() != b.len() || depth > 64 {
            let (was, is) = (names(self.old, &a), names(self.new, &b));
            let message = format!("{at}the members of its union were {was} and are {is}");
            return self.changed(Rule::TypeChanged, subject, message);
        }
        for (i, (x, y)) in a.into_iter().zip(b).enumerate() {
            self.type_at(subject, &format!("{at}in member {} of its union: ", i + 1), x, y, depth + 1);
        }
    }
}

const EVERYTHING: Interval = Interval { min: i128::MIN, max: i128::MAX };
const LENGTHS: Interval = Interval { min: 0, max: u64::MAX as i128 };

/// A type's name as a message says it.
fn named(side: Side<'_>, ty: TypeRef<'_>) -> String {
    match ty.typedef() {
        Some(typedef) => {
            let name = side.qualified(typedef.module, side.schema.str(typedef.name));
            format!("{name} ({})", ty.base().name())
        }
        None => ty.base().name().to_owned(),
    }
}

/// The module whose prefix may stand before the features that a type's items name.
fn home(side: Side<'_>, ty: TypeRef<'_>) -> ModuleId {
    let file = ty.chain().last().map_or(ty.get().span.file, |t| t.get().span.file);
    side.schema.module_of_file(file).unwrap_or(ModuleId::from_index(0))
}

fn enums<'s>(side: Side<'s>, items: &'s [EnumItem]) -> BTreeMap<&'s str, Item<'s>> {
    let item = |i: &EnumItem| Item {
        value: i.value.into(),
        status: i.status,
        description: side.optional(i.description),
        reference: side.optional(i.reference),
        if_features: texts(side, &i.if_features),
    };
    items.iter().map(|i| (side.schema.str(i.name), item(i))).collect()
}

fn bits<'s>(side: Side<'s>, items: &'s [BitItem]) -> BTreeMap<&'s str, Item<'s>> {
    let item = |i: &BitItem| Item {
        value: i.position.into(),
        status: i.status,
        description: side.optional(i.description),
        reference: side.optional(i.reference),
        if_features: texts(side, &i.if_features),
    };
    items.iter().map(|i| (side.schema.str(i.name), item(i))).collect()
}

fn texts(side: Side<'_>, syms: &[Sym]) -> Vec<String> {
    syms.iter().map(|&s| side.schema.str(s).to_owned()).collect()
}

/// Parts that touch made one.
fn joined(parts: &[Interval]) -> Vec<Interval> {
    let mut all: Vec<Interval> = Vec::with_capacity(parts.len());
    for &part in parts {
        match all.last_mut() {
            Some(last) if last.max.saturating_add(1) >= part.min => last.max = last.max.max(part.max),
            _ => all.push(part),
        }
    }
    all
}

/// Is all of `b` in `a`?
fn covers(a: &[Interval], b: &[Interval]) -> bool {
    b.iter().all(|b| a.iter().any(|a| a.min <= b.min && b.max <= a.max))
}
