//! Random changes of a model's data, as the content of an `edit-config`.

use super::model::{Kind, Model, Random, Type};
use std::fmt::Write as _;

/// Edits of one to three places.
pub(super) fn random(random: &Random, model: &Model) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(3) {
        edit(random, model, &mut text);
    }
    text
}

fn edit(random: &Random, model: &Model, text: &mut String) {
    let data: Vec<usize> = (0..model.nodes.len())
        .filter(|i| {
            !matches!(
                model.nodes[*i].kind,
                Kind::Choice | Kind::Case | Kind::State | Kind::Leaf { key: true }
            )
        })
        .collect();
    let target = *random.pick(&data);
    let line = model.line(target);
    let (_, above) = line.split_last().expect("a node stands on its own line");
    for i in above {
        open(model, *i, "", text);
        keys(random, model, *i, text);
    }
    let operation = *random.pick(&["merge", "merge", "merge", "replace", "remove"]);
    let mut attributes = format!(" nc:operation='{operation}'");
    let user =
        matches!(model.nodes[target].kind, Kind::List { user: true, .. } | Kind::LeafList { user: true });
    if user && operation == "merge" && random.one_in(2) {
        write!(attributes, " y:insert='{}'", random.pick(&["first", "last"])).expect("a string takes all");
    }
    match model.nodes[target].kind {
        Kind::Leaf { .. } | Kind::State | Kind::LeafList { .. } => {
            open(model, target, &attributes, text);
            text.push_str(&value(random, model, target));
        }
        _ => {
            open(model, target, &attributes, text);
            keys(random, model, target, text);
            if operation != "remove" {
                content(random, model, target, text);
            }
        }
    }
    for i in line.iter().rev() {
        write!(text, "</{}>", model.nodes[*i].name).expect("a string takes all");
    }
}

fn open(model: &Model, i: usize, attributes: &str, text: &mut String) {
    let names = "xmlns='urn:m' xmlns:m='urn:m' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' xmlns:y='urn:ietf:params:xml:ns:yang:1'";
    write!(text, "<{} {names}{attributes}>", model.nodes[i].name).expect("a string takes all");
}

fn keys(random: &Random, model: &Model, i: usize, text: &mut String) {
    if matches!(model.nodes[i].kind, Kind::List { .. }) {
        for key in model.keys(i) {
            leaf(model, key, &value(random, model, key), text);
        }
    }
}

fn leaf(model: &Model, i: usize, value: &str, text: &mut String) {
    let name = &model.nodes[i].name;
    write!(text, "<{name}>{value}</{name}>").expect("a string takes all");
}

/// Children of a node, without keys.
fn content(random: &Random, model: &Model, i: usize, text: &mut String) {
    let mut children: Vec<usize> = Vec::new();
    let mut stack: Vec<usize> = model.nodes[i].children.clone();
    while let Some(child) = stack.pop() {
        match model.nodes[child].kind {
            Kind::Choice => {
                let case = *random.pick(&model.nodes[child].children);
                stack.extend(&model.nodes[case].children);
            }
            _ => children.push(child),
        }
    }
    children.retain(|_| random.one_in(2));
    for child in children {
        let name = &model.nodes[child].name;
        match model.nodes[child].kind {
            Kind::Leaf { key: false } => leaf(model, child, &value(random, model, child), text),
            Kind::Container { .. } => {
                write!(text, "<{name}>").expect("a string takes all");
                content(random, model, child, text);
                write!(text, "</{name}>").expect("a string takes all");
            }
            Kind::LeafList { .. } => {
                let mut values: Vec<String> =
                    (0..random.below(3)).map(|_| value(random, model, child)).collect();
                values.sort();
                values.dedup();
                values.iter().for_each(|value| leaf(model, child, value, text));
            }
            Kind::List { .. } => {
                let mut entries: Vec<String> = Vec::new();
                for _ in 0..random.below(3) {
                    let mut own = String::new();
                    keys(random, model, child, &mut own);
                    if !entries.contains(&own) {
                        entries.push(own);
                    }
                }
                for own in entries {
                    write!(text, "<{name}>{own}").expect("a string takes all");
                    content(random, model, child, text);
                    write!(text, "</{name}>").expect("a string takes all");
                }
            }
            _ => {}
        }
    }
}

fn value(random: &Random, model: &Model, i: usize) -> String {
    let text = match &model.nodes[i].ty {
        Type::Number => *random.pick(&["0", "1", "2", "3"]),
        Type::Word => *random.pick(&["a", "b", "ab", "bb"]),
        Type::Flag => *random.pick(&["true", "false"]),
        Type::Either => *random.pick(&["0", "1", "a", "b"]),
        Type::Leafref(target, _) => return value(random, model, *target),
        Type::Instance => {
            let data: Vec<usize> = (0..model.nodes.len())
                .filter(|i| !matches!(model.nodes[*i].kind, Kind::Choice | Kind::Case))
                .collect();
            let mut path = String::new();
            for at in model.line(*random.pick(&data)) {
                write!(path, "/m:{}", model.nodes[at].name).expect("a string takes all");
                match model.nodes[at].kind {
                    Kind::List { .. } => {
                        for key in model.keys(at) {
                            let value = value(random, model, key);
                            write!(path, "[m:{}='{value}']", model.nodes[key].name)
                                .expect("a string takes all");
                        }
                    }
                    Kind::LeafList { .. } if model.nodes[at].ty != Type::Instance => {
                        let value = value(random, model, at);
                        write!(path, "[.='{value}']").expect("a string takes all");
                    }
                    _ => {}
                }
            }
            return path;
        }
    };
    text.to_owned()
}
