//! Enums and bits (RFC 7950 sections 9.6.4, 9.7.4) and their subsets.

use super::super::Context;
use crate::argument::{enum_value, non_negative};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use std::collections::HashMap;
use yang_schema::{BitItem, EnumItem, Sym};

impl<'t> Context<'t> {
    fn if_feature_texts(&mut self, stmt: Stmt<'t>) -> (Vec<Sym>, bool) {
        let mut enabled = true;
        let mut texts = Vec::new();
        for s in stmt.all(Keyword::IfFeature) {
            texts.push(self.builder.intern(s.arg()));
            enabled &= self.if_feature(s);
        }
        (texts, enabled)
    }

    fn enum_item(&mut self, stmt: Stmt<'t>, value: i32) -> EnumItem {
        let (if_features, enabled) = self.if_feature_texts(stmt);
        EnumItem {
            name: self.builder.intern(stmt.arg()),
            value,
            status: self.status_of(stmt),
            description: self.text_of(stmt, Keyword::Description),
            reference: self.text_of(stmt, Keyword::Reference),
            if_features,
            enabled,
        }
    }

    fn bit_item(&mut self, stmt: Stmt<'t>, position: u32) -> BitItem {
        let (if_features, enabled) = self.if_feature_texts(stmt);
        BitItem {
            name: self.builder.intern(stmt.arg()),
            position,
            status: self.status_of(stmt),
            description: self.text_of(stmt, Keyword::Description),
            reference: self.text_of(stmt, Keyword::Reference),
            if_features,
            enabled,
        }
    }

    /// The enums of `type enumeration`. A value that is not given is one above the highest so far.
    pub(super) fn new_enums(&mut self, stmt: Stmt<'t>) -> Option<Vec<EnumItem>> {
        let mut items = Vec::new();
        let mut names = HashMap::new();
        let mut values: HashMap<i32, Stmt<'t>> = HashMap::new();
        let mut highest: Option<i32> = None;
        let mut sound = true;
        for item in stmt.all(Keyword::Enum) {
            sound &= self.check_enum_name(item);
            if let Some(first) = names.insert(item.arg(), item) {
                self.twice(
                    Code::InvalidEnum,
                    item,
                    first,
                    format!("the enum `{}` stands twice in its type", item.arg()),
                );
                sound = false;
                continue;
            }
            let value = match item.child(Keyword::Value) {
                Some(value) => match enum_value(value.arg()) {
                    Some(value) => value,
                    // The grammar has reported it.
                    None => {
                        sound = false;
                        continue;
                    }
                },
                None => match highest.map_or(Some(0), |h| h.checked_add(1)) {
                    Some(value) => value,
                    None => {
                        self.error(
                            Code::InvalidEnum,
                            item,
                            format!(
                                "the enum `{}` needs a `value`: the one before it has the highest",
                                item.arg()
                            ),
                        );
                        sound = false;
                        continue;
                    }
                },
            };
            if let Some(first) = values.insert(value, item) {
                let message =
                    format!("the enums `{}` and `{}` have the same value, {value}", first.arg(), item.arg());
                self.twice(Code::InvalidEnum, item, first, message);
                sound = false;
            }
            highest = highest.max(Some(value));
            let item = self.enum_item(item, value);
            items.push(item);
        }
        sound.then_some(items)
    }

    fn check_enum_name(&mut self, item: Stmt<'t>) -> bool {
        let name = item.arg();
        let problem = if name.is_empty() {
            "an enum's name may not be empty"
        } else if name.trim() != name {
            "an enum's name may not begin or end with space"
        } else {
            return true;
        };
        if item.argument().is_some() {
            self.error(Code::InvalidEnum, item, problem);
        }
        false
    }

    /// The bits of `type bits`, by position. One that is not given is one above the highest so far.
    pub(super) fn new_bits(&mut self, stmt: Stmt<'t>) -> Option<Vec<BitItem>> {
        let mut items: Vec<BitItem> = Vec::new();
        let mut names = HashMap::new();
        let mut positions: HashMap<u32, Stmt<'t>> = HashMap::new();
        let mut highest: Option<u32> = None;
        let mut sound = true;
        for item in stmt.all(Keyword::Bit) {
            if let Some(first) = names.insert(item.arg(), item) {
                self.twice(
                    Code::InvalidBit,
                    item,
                    first,
                    format!("the bit `{}` stands twice in its type", item.arg()),
                );
                sound = false;
                continue;
            }
            let position = match item.child(Keyword::Position) {
                Some(position) => non_negative(position.arg()),
                None => {
                    let next = highest.map_or(Some(0), |h| h.checked_add(1));
                    if next.is_none() {
                        self.error(
                            Code::InvalidBit,
                            item,
                            format!(
                                "the bit `{}` needs a `position`: the one before it has the highest",
                                item.arg()
                            ),
                        );
                    }
                    next
                }
            };
            let Some(position) = position else {
                sound = false;
                continue;
            };
            if let Some(first) = positions.insert(position, item) {
                let message = format!(
                    "the bits `{}` and `{}` have the same position, {position}",
                    first.arg(),
                    item.arg()
                );
                self.twice(Code::InvalidBit, item, first, message);
                sound = false;
            }
            highest = highest.max(Some(position));
            let item = self.bit_item(item, position);
            items.push(item);
        }
        items.sort_by_key(|i| i.position);
        sound.then_some(items)
    }

    fn twice(&mut self, code: Code, item: Stmt<'t>, first: Stmt<'t>, message: String) {
        let d = Diagnostic::error(code, item.argument_span(), message)
            .also(first.argument_span(), "first given here");
        self.diagnostics.push(d);
    }

    /// Some of a base's enums, each with its value (RFC 7950 section 9.6.3).
    pub(super) fn subset_of_enums(&mut self, stmt: Stmt<'t>, base: &[EnumItem]) -> Option<Vec<EnumItem>> {
        let known: HashMap<Sym, &EnumItem> = base.iter().map(|i| (i.name, i)).collect();
        let mut items = Vec::new();
        let mut seen = HashMap::new();
        let mut sound = true;
        for item in stmt.all(Keyword::Enum) {
            let name = self.builder.intern(item.arg());
            let Some(old) = known.get(&name) else {
                self.error(Code::NotASubset, item, format!("the base type has no enum `{}`", item.arg()));
                sound = false;
                continue;
            };
            if let Some(first) = seen.insert(name, item) {
                self.twice(
                    Code::InvalidEnum,
                    item,
                    first,
                    format!("the enum `{}` stands twice in its type", item.arg()),
                );
                sound = false;
            }
            let given = item.child(Keyword::Value);
            if given.and_then(|v| enum_value(v.arg())).is_some_and(|v| v != old.value) {
                let message =
                    format!("the enum `{}` has the value {} in the base type", item.arg(), old.value);
                self.error(Code::NotASubset, given.unwrap_or(item), message);
                sound = false;
            }
            let mut new = self.enum_item(item, old.value);
            new.enabled &= old.enabled;
            new.if_features.extend_from_slice(&old.if_features);
            items.push(new);
        }
        sound.then_some(items)
    }

    /// Some of a base's bits, each with its position (RFC 7950 section 9.7.3).
    pub(super) fn subset_of_bits(&mut self, stmt: Stmt<'t>, base: &[BitItem]) -> Option<Vec<BitItem>> {
        let known: HashMap<Sym, &BitItem> = base.iter().map(|i| (i.name, i)).collect();
        let mut items = Vec::new();
        let mut seen = HashMap::new();
        let mut sound = true;
        for item in stmt.all(Keyword::Bit) {
            let name = self.builder.intern(item.arg());
            let Some(old) = known.get(&name) else {
                self.error(Code::NotASubset, item, format!("the base type has no bit `{}`", item.arg()));
                sound = false;
                continue;
            };
            if let Some(first) = seen.insert(name, item) {
                self.twice(
                    Code::InvalidBit,
                    item,
                    first,
                    format!("the bit `{}` stands twice in its type", item.arg()),
                );
                sound = false;
            }
            let given = item.child(Keyword::Position);
            if given.and_then(|p| non_negative(p.arg())).is_some_and(|p| p != old.position) {
                let message =
                    format!("the bit `{}` has the position {} in the base type", item.arg(), old.position);
                self.error(Code::NotASubset, given.unwrap_or(item), message);
                sound = false;
            }
            let mut new = self.bit_item(item, old.position);
            new.enabled &= old.enabled;
            new.if_features.extend_from_slice(&old.if_features);
            items.push(new);
        }
        items.sort_by_key(|i| i.position);
        sound.then_some(items)
    }
}
