//! What other modules use: extensions, typedefs, identities, features and groupings.

use super::write::Writer;
use super::{Kind, Plan, name, prefix};

pub(super) fn extensions(w: &mut Writer) {
    for (extension, argument) in
        [("hidden", None), ("cli-name", Some("text")), ("info", Some("text")), ("task", Some("name"))]
    {
        w.open("extension", extension);
        if let Some(argument) = argument {
            w.open("argument", argument);
            w.statement("yin-element", if extension == "info" { "true" } else { "false" });
            w.close();
        }
        w.description();
        w.close();
    }
}

/// The module of types that a module uses.
pub(super) fn types_of(plan: Plan, kind: Kind, index: usize) -> usize {
    plan.draw(&format!("types of {kind:?}"), index, plan.types)
}

/// The module of groupings that a module uses.
pub(super) fn groupings_of(plan: Plan, kind: Kind, index: usize) -> usize {
    plan.draw(&format!("groupings of {kind:?}"), index, plan.groupings)
}

/// Typedefs `t0`, `t1`.. (a chain through the modules), `mode` (an enumeration), `any` (a union), `kind-ref`; identities
/// `kind`, `kind-0`..; features `f0`..`f3`.
pub(super) fn types(plan: Plan, index: usize, bytes: usize, w: &mut Writer) {
    let before = (index > 0).then(|| prefix(&name(Kind::Types, index - 1)));
    for feature in 0..4 {
        w.open("feature", &format!("f{feature}"));
        match &before {
            Some(before) if feature > 0 && !w.old => {
                w.statement(
                    "if-feature",
                    &format!("f{} or (not {before}:f{feature} and {before}:f0)", feature - 1),
                );
            }
            _ if feature > 0 => w.statement("if-feature", &format!("f{}", feature - 1)),
            _ => {}
        }
        w.description();
        w.close();
    }
    identities(plan, index, w);
    chain(before.as_deref(), w);
    let mut more = 0;
    while w.len() < bytes {
        huge(more, w);
        more += 1;
    }
}

fn identities(plan: Plan, index: usize, w: &mut Writer) {
    w.open("identity", "kind");
    w.description();
    w.close();
    for i in 0..12 {
        w.open("identity", &format!("kind-{i}"));
        w.statement("base", &if i < 3 { "kind".to_owned() } else { format!("kind-{}", i - 3) });
        if !w.old && i > 6 {
            w.statement("base", &format!("kind-{}", i - 5));
            if index > 1 {
                let far = index - 1 - plan.draw("base", index + i, 2);
                w.statement("base", &format!("{}:kind-{i}", prefix(&name(Kind::Types, far))));
            }
        }
        w.description();
        w.extension();
        w.close();
    }
}

fn chain(before: Option<&str>, w: &mut Writer) {
    for i in 0..12 {
        w.open("typedef", &format!("t{i}"));
        let base = match (i, before) {
            (0, Some(before)) => format!("{before}:t0"),
            (0, None) => "string".to_owned(),
            _ => format!("t{}", i - 1),
        };
        w.open("type", &base);
        if i == 0 && before.is_none() {
            w.statement("length", "1..4000");
            w.statement("pattern", r"[^\s]([\w\d \-_.:/\[\]]*[^\s])?|\*");
        } else if i % 4 == 1 {
            w.statement("length", &format!("1..{}", 3000 - i * 7));
        } else if i == 6 {
            w.statement("pattern", "[a-zA-Z0-9].*");
        }
        w.close();
        if i == 3 {
            w.statement("default", "any-name");
        }
        w.description();
        w.close();
    }
    w.open("typedef", "kind-ref");
    w.open("type", "identityref");
    w.statement("base", "kind");
    w.close();
    w.close();
    w.open("typedef", "rate");
    w.open("type", "decimal64");
    w.statement("fraction-digits", "4");
    w.statement("range", "-10.5 .. -0.0001 | 0 | 1.5..max");
    w.close();
    w.statement("units", "Mbit/s");
    w.close();
    w.open("typedef", "flags");
    w.open("type", "bits");
    for i in 0..40 {
        w.open("bit", &format!("flag-{i}"));
        if i % 3 == 0 {
            w.statement("position", &format!("{}", i * 2));
        }
        w.close();
    }
    w.close();
    w.close();
    w.open("typedef", "any");
    w.open("type", "union");
    w.open("type", "uint32");
    w.statement("range", "1..100 | 200..4294967295");
    w.close();
    w.statement("type", "kind-ref");
    w.statement("type", "t5");
    w.open("type", "union");
    w.statement("type", "boolean");
    w.statement("type", "rate");
    w.close();
    w.close();
    w.close();
    w.open("typedef", "mode");
    w.open("type", "enumeration");
    for i in 0..30 {
        w.open("enum", &format!("mode {i}"));
        w.statement("value", &format!("{}", i * 3 - 5));
        w.description();
        w.close();
    }
    w.close();
    w.statement("default", "mode 7");
    w.close();
}

/// Enumerations of products, chips and alarms.
fn huge(number: usize, w: &mut Writer) {
    w.open("typedef", &format!("product-{number}"));
    w.open("type", "enumeration");
    for i in 0..600 {
        if w.random.one_in(3) {
            w.open("enum", &format!("acme-{number}-sku-{i}"));
            w.description();
            w.close();
        } else {
            w.statement("enum", &format!("acme-{number}-sku-{i}"));
        }
    }
    w.close();
    w.description();
    w.close();
}

/// Groupings `level-0` to `level-8`: each uses the next lower one, that of the module before where there is one.
pub(super) fn groupings(plan: Plan, index: usize, bytes: usize, w: &mut Writer) {
    let types = prefix(&name(Kind::Types, types_of(plan, Kind::Groupings, index)));
    let before = (index > 0).then(|| prefix(&name(Kind::Groupings, index - 1)));
    for level in 0..9 {
        w.open("grouping", &format!("level-{level}"));
        w.description();
        w.open("leaf", &format!("name-{level}"));
        w.statement("type", &format!("{types}:t{level}"));
        w.description();
        w.extension();
        w.close();
        w.open("leaf", &format!("mode-{level}"));
        w.statement("type", &format!("{types}:mode"));
        w.statement(
            "must",
            &format!(". != 'mode 3' or ../name-{level} = 'x' and string-length(../name-{level}) < 400"),
        );
        w.close();
        if level > 0 {
            w.open("container", &format!("below-{level}"));
            w.open(
                "uses",
                &match &before {
                    Some(before) if level % 2 == 0 => format!("{before}:level-{}", level - 1),
                    _ => format!("level-{}", level - 1),
                },
            );
            w.open("refine", &format!("name-{}", level - 1));
            w.description();
            w.close();
            w.close();
            w.close();
        }
        w.close();
    }
    let mut more = 0;
    while w.len() < bytes {
        w.open("grouping", &format!("common-{more}"));
        super::block::leaves(&types, 8, w);
        w.close();
        more += 1;
    }
}
