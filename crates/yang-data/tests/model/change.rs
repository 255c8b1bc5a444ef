//! Random changes of a model's data, as the content of an `edit-config`.

use super::{Kind, Model, Random, Type, VALUES};
use std::fmt::Write as _;

/// Edits of one to three places.
pub(crate) fn random(random: &Random, model: &Model) -> String {
    let mut text = String::new();
    for _ in 0..1 + random.below(3) {
        edit(random, model, &mut text);
    }
    text
}

/// All of a datastore, with what is no configuration: nodes as they come, none twice.
pub(crate) fn document(random: &Random, model: &Model) -> String {
    let mut text = String::new();
    for i in model.top() {
        if random.one_in(4) {
            continue;
        }
        match model.nodes[i].kind {
            Kind::Choice => {
                let case = *random.pick(&model.nodes[i].children);
                children(random, model, &model.nodes[case].children, NAMES, &mut text);
            }
            _ => children(random, model, &[i], NAMES, &mut text),
        }
    }
    text
}

/// Annotations (RFC 7952), now and then.
fn noted(random: &Random, model: &Model) -> &'static str {
    const ALL: &[&str] = &[" m:note=''", " m:note='a &lt; b'", " m:weight='-5'", " m:kin='m:two' m:note='x'"];
    if model.is_rich && random.one_in(6) { ALL[random.below(ALL.len())] } else { "" }
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
    let mut attributes = format!(" nc:operation='{operation}'{}", noted(random, model));
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

const NAMES: &str = " xmlns='urn:m' xmlns:m='urn:m' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' xmlns:y='urn:ietf:params:xml:ns:yang:1'";

fn open(model: &Model, i: usize, attributes: &str, text: &mut String) {
    write!(text, "<{}{NAMES}{attributes}>", model.nodes[i].name).expect("a string takes all");
}

fn keys(random: &Random, model: &Model, i: usize, text: &mut String) {
    if matches!(model.nodes[i].kind, Kind::List { .. }) {
        for key in model.keys(i) {
            leaf(model, key, noted(random, model), &value(random, model, key), text);
        }
    }
}

fn leaf(model: &Model, i: usize, attributes: &str, value: &str, text: &mut String) {
    let name = &model.nodes[i].name;
    write!(text, "<{name}{attributes}>{value}</{name}>").expect("a string takes all");
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
    self::children(random, model, &children, "", text);
}

/// These nodes; `names` are the namespaces to declare.
fn children(random: &Random, model: &Model, nodes: &[usize], names: &str, text: &mut String) {
    for &child in nodes {
        let name = &model.nodes[child].name;
        let attributes = format!("{names}{}", noted(random, model));
        match model.nodes[child].kind {
            Kind::Leaf { key: false } => {
                leaf(model, child, &attributes, &value(random, model, child), text);
            }
            Kind::State if model.is_rich => {
                leaf(model, child, &attributes, &value(random, model, child), text);
            }
            Kind::Container { .. } => {
                write!(text, "<{name}{attributes}>").expect("a string takes all");
                content(random, model, child, text);
                write!(text, "</{name}>").expect("a string takes all");
            }
            Kind::LeafList { .. } => {
                let mut values: Vec<String> =
                    (0..random.below(3)).map(|_| value(random, model, child)).collect();
                values.sort();
                values.dedup();
                values.iter().for_each(|value| leaf(model, child, &attributes, value, text));
            }
            Kind::List { .. } => {
                let mut entries: Vec<Vec<String>> = Vec::new();
                for _ in 0..random.below(3) {
                    let own: Vec<String> = model.keys(child).map(|key| value(random, model, key)).collect();
                    if !entries.contains(&own) {
                        entries.push(own);
                    }
                }
                for own in entries {
                    write!(text, "<{name}{attributes}>").expect("a string takes all");
                    for (key, value) in model.keys(child).zip(&own) {
                        leaf(model, key, noted(random, model), value, text);
                    }
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
        Type::Plain(ty) => *random.pick(VALUES[*ty].1),
        Type::Number => *random.pick(&["0", "1", "2", "3"]),
        Type::Word => *random.pick(&["a", "b", "ab", "bb"]),
        Type::Flag => *random.pick(&["true", "false"]),
        Type::Either => *random.pick(&["0", "1", "a", "b"]),
        Type::Leafref(target, _) => return value(random, model, *target),
        Type::Instance => {
            let data = targets(model);
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
                    Kind::LeafList { .. } => {
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

/// The nodes that an instance-identifier can name: a predicate of a path has no place for all quotes, nor for a path.
pub(crate) fn targets(model: &Model) -> Vec<usize> {
    fn fits(model: &Model, i: usize) -> bool {
        match &model.nodes[i].ty {
            Type::Plain(0) | Type::Instance => false,
            Type::Leafref(target, _) => fits(model, *target),
            _ => true,
        }
    }
    let named = |i: &usize| {
        model.line(*i).into_iter().all(|at| match model.nodes[at].kind {
            Kind::List { .. } => model.keys(at).all(|key| fits(model, key)),
            Kind::LeafList { .. } => fits(model, at),
            _ => true,
        })
    };
    let is_data = |i: &usize| !matches!(model.nodes[*i].kind, Kind::Choice | Kind::Case);
    (0..model.nodes.len()).filter(is_data).filter(named).collect()
}
