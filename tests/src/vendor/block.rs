//! Trees, augments and deviations.

use super::shared::{groupings_of, types_of};
use super::write::Writer;
use super::{Kind, Plan, name, prefix};

/// The blocks of a tree that deviations are for stand in every tree, whatever its size.
const DEVIATED: usize = 4;

struct Place {
    types: String,
    groupings: String,
}

impl Place {
    fn new(plan: Plan, kind: Kind, index: usize) -> Self {
        Self {
            types: prefix(&name(Kind::Types, types_of(plan, kind, index))),
            groupings: prefix(&name(Kind::Groupings, groupings_of(plan, kind, index))),
        }
    }
}

/// A tree: `tree-N/entry[name]/core`, which others augment, and blocks.
pub(super) fn tree(plan: Plan, index: usize, bytes: usize, w: &mut Writer) {
    let place = Place::new(plan, Kind::Base, index);
    let own = prefix(&name(Kind::Base, index));
    w.open("container", &format!("tree-{index}"));
    w.description();
    w.extension();
    w.open("list", "entry");
    w.statement("key", "name");
    w.open("leaf", "name");
    w.statement("type", &format!("{}:t4", place.types));
    w.close();
    w.open("leaf", "id");
    w.statement("type", "uint32");
    w.close();
    if index > 0 {
        let (before, other) = (prefix(&name(Kind::Base, index - 1)), index - 1);
        w.open("leaf", "peer");
        w.open("type", "leafref");
        w.statement("path", &format!("/{before}:tree-{other}/{before}:entry/{before}:name"));
        w.close();
        w.description();
        w.close();
        w.open("leaf", "peer-id");
        w.open("type", "leafref");
        let list = format!("/{before}:tree-{other}/{before}:entry[{before}:name = current()/../peer]");
        w.statement("path", &format!("{list}/{before}:id"));
        w.close();
        w.close();
        w.open("leaf", "peer-of-peer");
        w.open("type", "leafref");
        w.statement("path", "../peer");
        w.close();
        w.statement(
            "must",
            &format!(
                "not(../peer) or count(/{before}:tree-{other}/{before}:entry[{before}:name = current()/../peer]) = 1 and \
                 (../peer-id > 5 or starts-with(., 'x') or /{own}:tree-{index}/{own}:entry[{own}:id = 7]/{own}:core/{own}:block-0/{own}:enabled = 'true')"
            ),
        );
        w.close();
    }
    w.open("container", "core");
    w.description();
    for block in 0..DEVIATED {
        write_block(&place, block, w);
    }
    w.close();
    w.close();
    let mut block = DEVIATED;
    while w.len() < bytes {
        write_block(&place, block, w);
        block += 1;
    }
    w.close();
    operations(&place, w);
}

/// The part of a tree in a submodule.
pub(super) fn part(plan: Plan, index: usize, part: usize, bytes: usize, w: &mut Writer) {
    let place = Place::new(plan, Kind::Base, index);
    w.open("container", &format!("part-{index}-{part}"));
    let mut block = 0;
    while w.len() < bytes {
        write_block(&place, block, w);
        block += 1;
    }
    w.close();
}

/// Leaves of many types.
pub(super) fn leaves(types: &str, count: usize, w: &mut Writer) {
    for i in 0..count {
        w.open("leaf", &format!("leaf-{i}"));
        match w.random.below(9) {
            0 => w.statement("type", &format!("{types}:t{i}")),
            1 => w.statement("type", &format!("{types}:any")),
            2 => w.statement("type", &format!("{types}:kind-ref")),
            3 => w.statement("type", &format!("{types}:rate")),
            4 => {
                w.open("type", "enumeration");
                for value in 0..4 {
                    w.statement("enum", &format!("value-{value}"));
                }
                w.close();
            }
            5 => {
                w.open("type", "uint16");
                w.statement("range", "1..4094");
                w.close();
                w.statement("default", "1");
            }
            6 => w.statement("type", "boolean"),
            7 => w.statement("type", &format!("{types}:flags")),
            _ => {
                w.open("type", "string");
                w.statement("pattern", r"((([01]?\d\d?)|(2[0-4]\d)|(25[0-5]))\.){3}\d+(/\d{1,2})?");
                w.close();
            }
        }
        w.description();
        w.extension();
        w.close();
    }
}

fn write_block(place: &Place, number: usize, w: &mut Writer) {
    let types = &place.types;
    w.open("container", &format!("block-{number}"));
    if w.random.one_in(4) {
        let expression = if w.old { format!("{types}:f1") } else { format!("{types}:f1 or not {types}:f2") };
        w.statement("if-feature", &expression);
    }
    if w.random.one_in(6) {
        w.statement("presence", "the block is in use");
    }
    w.description();
    w.extension();
    w.open("leaf", "enabled");
    w.statement("type", "boolean");
    w.statement("default", "false");
    w.extension();
    w.close();
    w.open("leaf", "limit");
    w.statement("type", "uint32");
    w.statement("units", "packets");
    w.open("must", ". < 1000000 or ../enabled = 'true'");
    w.statement("error-message", "the limit is \"too\" high");
    w.close();
    w.statement("default", "10");
    w.description();
    w.close();
    w.open("leaf", "label");
    w.statement("type", &format!("{types}:t2"));
    let derived = if w.old { "contains" } else { "derived-from-or-self" };
    let kind = format!("not({derived}(../leaf-kind, '{types}:kind-1'))");
    let when = format!("../enabled = 'true' and (../limit > 5 or boolean(../tag[. = 'a']) and {kind})");
    w.statement("when", &when);
    w.description();
    w.close();
    w.open("leaf", "leaf-kind");
    w.statement("type", &format!("{types}:kind-ref"));
    w.close();
    w.open("leaf", "legacy");
    w.statement("type", "string");
    w.statement("status", "deprecated");
    w.close();
    w.open("leaf-list", "tag");
    w.statement("type", "string");
    w.statement("max-elements", "64");
    w.statement("ordered-by", "user");
    w.close();
    w.open("list", "item");
    w.statement("key", "index  family");
    w.statement("unique", "address port");
    w.open("leaf", "index");
    w.statement("type", "uint16");
    w.close();
    w.open("leaf", "family");
    w.statement("type", &format!("{types}:mode"));
    w.close();
    w.open("leaf", "address");
    w.statement("type", &format!("{types}:t7"));
    w.close();
    w.open("leaf", "port");
    w.statement("type", "uint16");
    w.close();
    w.open("leaf", "same-label");
    w.open("type", "leafref");
    w.statement("path", "../../label");
    w.close();
    w.close();
    if w.random.one_in(3) {
        w.statement("uses", &format!("{}:level-{}", place.groupings, number % 9));
    }
    if !w.old && w.random.one_in(5) {
        w.open("action", "clear");
        w.open("input", "");
        w.open("leaf", "hard");
        w.statement("type", "empty");
        w.close();
        w.close();
        w.close();
    }
    w.close();
    w.open("choice", "how");
    w.statement("default", "fast");
    w.open("case", "fast");
    w.open("leaf", "burst");
    w.statement("type", &format!("{types}:rate"));
    w.close();
    w.close();
    w.open("container", "slow");
    leaves(types, 2, w);
    w.close();
    w.close();
    w.open("container", "state");
    w.statement("config", "false");
    leaves(types, 8, w);
    w.close();
    w.close();
}

fn operations(place: &Place, w: &mut Writer) {
    w.open("rpc", "restart");
    w.description();
    w.open("input", "");
    leaves(&place.types, 3, w);
    w.close();
    w.open("output", "");
    leaves(&place.types, 2, w);
    w.close();
    w.close();
    w.open("notification", "changed");
    leaves(&place.types, 3, w);
    w.close();
}

/// The augment of a number: a container `aug-N`, which the next one may augment.
pub(super) fn augment(plan: Plan, index: usize, bytes: usize, w: &mut Writer) {
    let place = Place::new(plan, Kind::Augment, index);
    let target = plan.target(index);
    let path: String =
        target.steps.iter().map(|(module, step)| format!("/{}:{step}", prefix(module))).collect();
    let base = &target.steps[0];
    let (base, tree) = (prefix(&base.0), &base.1);
    w.open("augment", &path);
    if w.random.one_in(2) {
        let core = if target.steps.len() == 3 { "." } else { "ancestor-or-self::*" };
        w.statement("when", &format!("{core}/{base}:block-0/{base}:enabled = 'true' or /{base}:{tree}/{base}:entry[{base}:name = 'x']/{base}:id > 3"));
    }
    w.description();
    w.open("container", &format!("aug-{index}"));
    w.open("leaf", "entry");
    w.open("type", "leafref");
    w.statement("path", &format!("/{base}:{tree}/{base}:entry/{base}:name"));
    w.close();
    w.statement("must", &format!("/{base}:{tree}/{base}:entry[{base}:name = current()]/{base}:core/{base}:block-1/{base}:limit < 100"));
    w.close();
    w.open("leaf", "up");
    w.open("type", "leafref");
    let ups = "../".repeat(target.steps.len());
    w.statement("path", &format!("{ups}{base}:name"));
    w.close();
    w.close();
    let mut block = 0;
    while w.len() < bytes || block < 1 {
        write_block(&place, block, w);
        block += 1;
    }
    w.close();
    w.close();
}

/// The trees that a module of deviations changes. No two modules change the same.
pub(super) fn deviated(plan: Plan, index: usize) -> Vec<usize> {
    (0..plan.base).filter(|base| base % plan.deviations == index).collect()
}

/// Deviations of all four kinds.
pub(super) fn deviations(plan: Plan, index: usize, w: &mut Writer) {
    for base in deviated(plan, index) {
        let own = prefix(&name(Kind::Base, base));
        let block = |block: usize, rest: &[&str]| {
            let rest: String = rest.iter().map(|step| format!("/{own}:{step}")).collect();
            format!("/{own}:tree-{base}/{own}:entry/{own}:core/{own}:block-{block}{rest}")
        };
        let mut deviate = |path: String, how: &str, properties: &[(&str, &str)]| {
            w.open("deviation", &path);
            w.description();
            if properties.is_empty() {
                w.statement("deviate", how);
            } else {
                w.open("deviate", how);
                for (keyword, argument) in properties {
                    w.statement(keyword, argument);
                }
                w.close();
            }
            w.close();
        };
        for at in 0..DEVIATED {
            deviate(block(at, &["legacy"]), "not-supported", &[]);
            deviate(block(at, &["enabled"]), "replace", &[("default", "true")]);
            deviate(block(at, &["tag"]), "replace", &[("max-elements", "8")]);
        }
        deviate(block(0, &["limit"]), "delete", &[("units", "packets"), ("default", "10")]);
        deviate(block(1, &["limit"]), "delete", &[("must", ". < 1000000 or ../enabled = 'true'")]);
        deviate(block(2, &["limit"]), "replace", &[("type", "uint16")]);
        deviate(block(0, &["item"]), "delete", &[("unique", "address port")]);
        deviate(block(1, &["item"]), "add", &[("unique", "port"), ("max-elements", "12")]);
        deviate(block(2, &["state"]), "not-supported", &[]);
        let added = [("must", "string-length(.) < 99"), ("default", "x y")];
        deviate(block(3, &["label"]), "add", &added);
    }
}
