//! Random models: containers, lists, leaf-lists, choices, types that refer, and conditions over all of it; with [`change`] random
//! data of them. The property tests of this crate share them: those in `tests/`, and those of incremental validation, which stand
//! beside what they test.
#![allow(dead_code, reason = "each test crate uses its part")]

pub(crate) mod change;

use std::cell::Cell;
use std::fmt::Write as _;

/// Random numbers that one seed fixes.
pub(crate) struct Random(Cell<u64>);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    pub(crate) fn next(&self) -> u64 {
        self.0.set(self.0.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
        let mut z = self.0.get();
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }

    /// True once in `n` times.
    pub(crate) fn one_in(&self, n: usize) -> bool {
        self.below(n) == 0
    }

    pub(crate) fn pick<'a, T>(&self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Container {
        presence: bool,
    },
    List {
        keys: usize,
        user: bool,
    },
    Leaf {
        key: bool,
    },
    /// A leaf that is no configuration.
    State,
    LeafList {
        user: bool,
    },
    Choice,
    Case,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Type {
    Number,
    Word,
    Flag,
    Either,
    /// One of [`VALUES`].
    Plain(usize),
    /// To the leaf of this number.
    Leafref(usize, String),
    Instance,
}

/// Types, and texts of their values in XML, all canonical.
pub(crate) const VALUES: &[(&str, &[&str])] = &[
    (
        "type string;",
        &["", "a", "b c", " x ", "&lt;&amp;>\"'", "é\u{1f600}", "1", "true", "a:b", "line&#10;two", "]]&gt;"],
    ),
    ("type int8;", &["0", "-128", "127", "5", "-1"]),
    ("type uint32;", &["0", "4294967295", "17"]),
    ("type uint64;", &["0", "18446744073709551615", "17"]),
    ("type decimal64 { fraction-digits 2; }", &["0.0", "-1.5", "92233720368547758.07", "3.14"]),
    ("type enumeration { enum one; enum \"two words\"; enum 3; }", &["one", "two words", "3"]),
    ("type bits { bit a; bit b; bit c; }", &["", "a", "a c", "a b c"]),
    ("type binary;", &["", "AQ==", "SGVsbG8="]),
    ("type identityref { base root; }", &["m:one", "m:two"]),
    ("type union { type int8; type boolean; type string; }", &["7", "true", "x", "300", "-"]),
    (
        "type union { type uint64; type enumeration { enum all; } type identityref { base root; } }",
        &["7", "all", "m:two"],
    ),
    ("type empty;", &[""]),
];

/// What keys may be: `empty` is one value, and `VALUES` ends with it.
const KEYS: usize = VALUES.len() - 1;

#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    pub(crate) ty: Type,
    /// Statements inside.
    body: String,
}

#[derive(Debug)]
pub(crate) struct Model {
    /// Those above come before those below; the first ones stand at the top.
    pub(crate) nodes: Vec<Node>,
    /// A condition speaks of nodes before this one alone: circles are forbidden (RFC 7950 section 7.21.5).
    before: Cell<usize>,
    /// Are leaves of all types there, and annotations in the data? What validates them needs few values, so that they meet.
    pub(crate) is_rich: bool,
}

impl Model {
    /// Of few values, so that references and conditions hold now and then.
    pub(crate) fn random(random: &Random) -> Self {
        Self::of(random, false)
    }

    /// Of all types and values.
    pub(crate) fn rich(random: &Random) -> Self {
        Self::of(random, true)
    }

    fn of(random: &Random, is_rich: bool) -> Self {
        let mut model = Model { nodes: Vec::new(), before: Cell::new(usize::MAX), is_rich };
        for _ in 0..2 + random.below(3) {
            model.add(random, None, 0);
        }
        model.finish(random);
        model
    }

    pub(crate) fn top(&self) -> Vec<usize> {
        (0..self.nodes.len()).filter(|i| self.nodes[*i].parent.is_none()).collect()
    }

    fn push(&mut self, kind: Kind, parent: Option<usize>, ty: Type) -> usize {
        let id = self.nodes.len();
        let name = format!("n{id}");
        self.nodes.push(Node { name, kind, parent, children: Vec::new(), ty, body: String::new() });
        if let Some(parent) = parent {
            self.nodes[parent].children.push(id);
        }
        id
    }

    fn simple(&self, random: &Random, types: usize) -> Type {
        if self.is_rich && !random.one_in(4) {
            return Type::Plain(random.below(types));
        }
        random.pick(&[Type::Number, Type::Number, Type::Word, Type::Word, Type::Flag, Type::Either]).clone()
    }

    fn add(&mut self, random: &Random, parent: Option<usize>, depth: usize) {
        let deep = depth >= 4 || self.nodes.len() > 24;
        match random.below(if deep { 5 } else { 14 }) {
            0..=3 => {
                let ty = self.simple(random, VALUES.len());
                let state = parent.is_some() && random.one_in(8);
                let kind = if state { Kind::State } else { Kind::Leaf { key: false } };
                self.push(kind, parent, ty);
            }
            4 => {
                let ty = self.simple(random, KEYS);
                self.push(Kind::LeafList { user: random.one_in(2) }, parent, ty);
            }
            5..=7 => {
                let at = self.push(Kind::Container { presence: random.one_in(2) }, parent, Type::Flag);
                self.fill(random, at, depth);
            }
            8..=11 => {
                let keys = if random.one_in(4) { 2 } else { 1 };
                let at = self.push(Kind::List { keys, user: random.one_in(3) }, parent, Type::Flag);
                for _ in 0..keys {
                    let ty = match self.is_rich {
                        true => self.simple(random, KEYS),
                        false => random.pick(&[Type::Number, Type::Word]).clone(),
                    };
                    self.push(Kind::Leaf { key: true }, Some(at), ty);
                }
                self.fill(random, at, depth);
            }
            _ => {
                let choice = self.push(Kind::Choice, parent, Type::Flag);
                for _ in 0..2 {
                    let case = self.push(Kind::Case, Some(choice), Type::Flag);
                    self.fill(random, case, depth + 1);
                }
            }
        }
    }

    fn fill(&mut self, random: &Random, at: usize, depth: usize) {
        for _ in 0..1 + random.below(3) {
            self.add(random, Some(at), depth + 1);
        }
    }

    fn is_leaf(&self, i: usize) -> bool {
        matches!(self.nodes[i].kind, Kind::Leaf { .. } | Kind::State | Kind::LeafList { .. })
    }

    fn is_config_leaf(&self, i: usize) -> bool {
        self.is_leaf(i) && self.nodes[i].kind != Kind::State
    }

    fn is_data(&self, i: usize) -> bool {
        !matches!(self.nodes[i].kind, Kind::Choice | Kind::Case)
    }

    /// The data nodes from the top down to a node.
    pub(crate) fn line(&self, i: usize) -> Vec<usize> {
        let up = std::iter::successors(Some(i), |i| self.nodes[*i].parent);
        let mut line: Vec<usize> = up.filter(|i| self.is_data(*i)).collect();
        line.reverse();
        line
    }

    /// Is a leaf of the list's entry, below it by containers without presence alone?
    fn leaves_of(&self, list: usize) -> Vec<usize> {
        let in_entry = |i: usize| {
            let line = self.line(i);
            let Some(at) = line.iter().position(|l| *l == list) else { return false };
            i != list
                && line[at + 1..line.len() - 1]
                    .iter()
                    .all(|l| matches!(self.nodes[*l].kind, Kind::Container { .. }))
        };
        (0..self.nodes.len()).filter(|i| self.is_leaf(*i) && in_entry(*i)).collect()
    }

    fn finish(&mut self, random: &Random) {
        for i in 0..self.nodes.len() {
            match self.nodes[i].kind {
                Kind::Leaf { key: false } | Kind::LeafList { .. } if random.one_in(3) => {
                    self.refer(random, i)
                }
                _ => {}
            }
        }
        for i in 0..self.nodes.len() {
            let mut body = String::new();
            self.describe(random, i, &mut body);
            self.nodes[i].body = body;
        }
    }

    fn refer(&mut self, random: &Random, i: usize) {
        if random.one_in(6) && change::targets(self).iter().any(|target| *target != i) {
            self.nodes[i].ty = Type::Instance;
            return;
        }
        let targets: Vec<usize> =
            (0..i).filter(|t| self.is_config_leaf(*t) && self.nodes[*t].ty != Type::Instance).collect();
        if targets.is_empty() {
            return;
        }
        let target = *random.pick(&targets);
        // A key of each list may be given.
        let predicate = |list: usize, model: &Model| -> String {
            let Kind::List { .. } = model.nodes[list].kind else { return String::new() };
            let keys: Vec<usize> = model.keys(list).filter(|k| *k != target).collect();
            let others: Vec<usize> = (0..i).filter(|o| model.is_leaf(*o)).collect();
            if keys.is_empty() || others.is_empty() || !random.one_in(3) {
                return String::new();
            }
            let (key, other) = (*random.pick(&keys), *random.pick(&others));
            let rel = model.relative(i, other, &mut |_| String::new());
            format!("[m:{} = current()/{rel}]", model.nodes[key].name)
        };
        let absolute = i.is_multiple_of(2);
        let path = if absolute {
            self.absolute(target, &mut |l| predicate(l, self))
        } else {
            self.relative(i, target, &mut |l| predicate(l, self))
        };
        self.nodes[i].ty = Type::Leafref(target, path);
    }

    pub(crate) fn keys(&self, list: usize) -> impl Iterator<Item = usize> + '_ {
        let keys = self.nodes[list].children.iter().copied();
        keys.filter(|c| self.nodes[*c].kind == Kind::Leaf { key: true })
    }

    fn absolute(&self, to: usize, predicate: &mut dyn FnMut(usize) -> String) -> String {
        let mut path = String::new();
        for at in self.line(to) {
            write!(path, "/m:{}{}", self.nodes[at].name, predicate(at)).expect("a string takes all");
        }
        path
    }

    fn relative(&self, from: usize, to: usize, predicate: &mut dyn FnMut(usize) -> String) -> String {
        let (a, b) = (self.line(from), self.line(to));
        let mut common = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
        // At least one step down.
        common = common.min(b.len() - 1).min(a.len() - 1);
        let mut path = "../".repeat(a.len() - common);
        for at in &b[common..] {
            write!(path, "m:{}{}/", self.nodes[*at].name, predicate(*at)).expect("a string takes all");
        }
        path.pop();
        path
    }

    fn describe(&self, random: &Random, i: usize, body: &mut String) {
        let node = &self.nodes[i];
        let mut say = |text: String| write!(body, " {text}").expect("a string takes all");
        let mut defaults = false;
        match &node.kind {
            Kind::Container { presence: true } => say("presence here;".to_owned()),
            Kind::List { user, .. } => {
                let keys: Vec<&str> = self.keys(i).map(|k| self.nodes[k].name.as_str()).collect();
                say(format!("key '{}';", keys.join(" ")));
                if *user {
                    say("ordered-by user;".to_owned());
                }
                let leaves: Vec<usize> = self
                    .leaves_of(i)
                    .into_iter()
                    .filter(|l| self.nodes[*l].kind == Kind::Leaf { key: false })
                    .collect();
                if !leaves.is_empty() && random.one_in(2) {
                    let path = |l: &usize| {
                        let line = self.line(*l);
                        let from = line.iter().position(|n| *n == i).unwrap_or(0) + 1;
                        let names: Vec<&str> =
                            line[from..].iter().map(|n| self.nodes[*n].name.as_str()).collect();
                        names.join("/")
                    };
                    let mut named = vec![path(random.pick(&leaves))];
                    let other = path(random.pick(&leaves));
                    if other != named[0] {
                        named.push(other);
                    }
                    say(format!("unique '{}';", named.join(" ")));
                }
                self.elements(random, &mut say);
            }
            Kind::LeafList { user } => {
                if *user {
                    say("ordered-by user;".to_owned());
                }
                match node.ty {
                    Type::Number if random.one_in(3) => {
                        say("default 1; default 2;".to_owned());
                        defaults = true;
                    }
                    _ => self.elements(random, &mut say),
                }
            }
            Kind::Leaf { key: false } | Kind::State => {
                if node.kind == Kind::State {
                    say("config false;".to_owned());
                }
                let default = match node.ty {
                    Type::Number => Some("1"),
                    Type::Word | Type::Either => Some("a"),
                    Type::Flag => Some("true"),
                    _ => None,
                };
                match default {
                    Some(default) if random.one_in(2) => {
                        say(format!("default {default};"));
                        defaults = true;
                    }
                    _ if random.one_in(5) && node.parent.is_some() => say("mandatory true;".to_owned()),
                    _ => {}
                }
            }
            Kind::Choice => match random.below(3) {
                0 => say(format!("default {};", self.nodes[node.children[0]].name)),
                1 if node.parent.is_some() => say("mandatory true;".to_owned()),
                _ => {}
            },
            _ => {}
        }
        if self.is_leaf(i) {
            say(match &node.ty {
                Type::Plain(ty) => VALUES[*ty].0.to_owned(),
                Type::Number => "type uint8 { range 0..3; }".to_owned(),
                Type::Word => "type string;".to_owned(),
                Type::Flag => "type boolean;".to_owned(),
                Type::Either => "type union { type uint8 { range 0..2; } type string; }".to_owned(),
                Type::Leafref(_, path) if random.one_in(4) => {
                    format!(
                        "type union {{ type leafref {{ path \"{path}\"; }} type enumeration {{ enum c; }} }}"
                    )
                }
                Type::Leafref(_, path) => format!("type leafref {{ path \"{path}\"; }}"),
                Type::Instance => "type instance-identifier;".to_owned(),
            });
        }
        let is_key = node.kind == (Kind::Leaf { key: true });
        if !is_key && random.one_in(if defaults { 3 } else { 6 }) {
            let context = if self.is_data(i) { Some(i) } else { self.line(i).last().copied() };
            let before: Vec<usize> = (0..i).filter(|b| self.is_leaf(*b)).collect();
            if let (Some(context), false) = (context, before.is_empty()) {
                self.before.set(i);
                say(format!("when \"{}\";", self.comparison(random, context, &before)));
                self.before.set(usize::MAX);
            }
        }
        if self.is_data(i) {
            while random.one_in(4) {
                say(format!("must \"{}\";", self.expression(random, i, 2)));
            }
        }
    }

    fn elements(&self, random: &Random, say: &mut dyn FnMut(String)) {
        if random.one_in(4) {
            say(format!("max-elements {};", 1 + random.below(3)));
        }
    }

    fn literal(random: &Random) -> &'static str {
        random.pick::<&'static str>(&["'a'", "'b'", "'1'", "1", "2", "'true'"])
    }

    fn path(&self, random: &Random, from: usize, to: usize) -> String {
        let absolute = random.one_in(3);
        let mut predicate = |list: usize| match self.nodes[list].kind {
            Kind::List { .. } if random.one_in(2) => self.predicate(random, list, from),
            _ => String::new(),
        };
        if absolute { self.absolute(to, &mut predicate) } else { self.relative(from, to, &mut predicate) }
    }

    fn predicate(&self, random: &Random, list: usize, from: usize) -> String {
        let before = self.before.get();
        let leaves: Vec<usize> = self.leaves_of(list).into_iter().filter(|i| *i < before).collect();
        if leaves.is_empty() {
            return String::new();
        }
        let leaf = *random.pick(&leaves);
        let line = self.line(leaf);
        let at = line.iter().position(|n| *n == list).unwrap_or(0) + 1;
        let names: Vec<String> = line[at..].iter().map(|n| format!("m:{}", self.nodes[*n].name)).collect();
        let leaf = names.join("/");
        let own: Vec<usize> = (0..self.nodes.len()).filter(|i| *i < before && self.is_leaf(*i)).collect();
        let other = self.relative(from, *random.pick(&own), &mut |_| String::new());
        match random.below(12) {
            9 => format!("[{leaf} = current()/{other}][re-match({leaf}, 'a.*|[12]')]"),
            10 => format!("[re-match({leaf}, '.*b') or {leaf} = current()/{other}]"),
            11 => format!("[{leaf} = concat('a', current()/{other})]"),
            0..=3 => format!("[{leaf} = current()/{other}]"),
            4 => format!("[{leaf} = {}]", Self::literal(random)),
            5 => format!("[{}]", 1 + random.below(2)),
            6 => "[last()]".to_owned(),
            7 => format!("[{leaf} = current()/{other} and not({leaf} = 'b')]"),
            _ => format!("[{leaf}]"),
        }
    }

    /// A path without predicates.
    fn plain(&self, from: usize, to: usize) -> String {
        self.relative(from, to, &mut |_| String::new())
    }

    fn comparison(&self, random: &Random, from: usize, leaves: &[usize]) -> String {
        let path = self.path(random, from, *random.pick(leaves));
        match random.below(6) {
            0 => path,
            1 => format!("not({path})"),
            2 => format!("{path} != {}", Self::literal(random)),
            3 => format!("not({path} = {})", Self::literal(random)),
            4 => format!("count({path}) < 2"),
            _ => {
                let other = self.path(random, from, *random.pick(leaves));
                format!("not({path} = {other})")
            }
        }
    }

    fn expression(&self, random: &Random, from: usize, depth: usize) -> String {
        let leaves: Vec<usize> = (0..self.nodes.len()).filter(|i| self.is_leaf(*i)).collect();
        let data: Vec<usize> = (0..self.nodes.len()).filter(|i| self.is_data(*i)).collect();
        let any = self.path(random, from, *random.pick(&data));
        let leaf = self.path(random, from, *random.pick(&leaves));
        let lists: Vec<usize> =
            data.iter().copied().filter(|i| matches!(self.nodes[*i].kind, Kind::List { .. })).collect();
        let refs: Vec<usize> =
            leaves.iter().copied().filter(|i| matches!(self.nodes[*i].ty, Type::Leafref(..))).collect();
        match random.below(if depth > 0 { 18 } else { 12 }) {
            0..=3 => self.comparison(random, from, &leaves),
            4 if self.is_leaf(from) => format!("count({leaf}[. = current()]) < 3"),
            4 | 5 => format!("count({any}) < {}", 1 + random.below(3)),
            6 if !lists.is_empty() => {
                let list = *random.pick(&lists);
                let path = self.path(random, from, list);
                format!("count({path}{}) <= 1", self.predicate(random, list, from))
            }
            7 if !refs.is_empty() => {
                let at = *random.pick(&refs);
                let path = self.path(random, from, at);
                format!("not(deref({path})/../*[. = {}])", Self::literal(random))
            }
            8 => format!("string({any}) != 'ab'"),
            9 => match random.below(3) {
                0 => format!("sum({leaf}) < 5"),
                1 => format!("sum({}) < 5", self.plain(from, *random.pick(&leaves))),
                _ => format!("count({}) < 4", self.plain(from, *random.pick(&data))),
            },
            10 => format!("count(//m:{}) < 4", self.nodes[*random.pick(&data)].name),
            11 if self.nodes[from].parent.is_some() => random
                .pick(&[
                    "count(preceding-sibling::*) < 3",
                    "not(following-sibling::*[. = 'b'])",
                    "count(ancestor::*/*) < 6",
                    "not(../*[2] = 'b')",
                    "count(../descendant::text()) < 5",
                    "count(following::*) < 9",
                    "not(re-match(string(..), '.*bb.*'))",
                ])
                .to_string(),
            12 | 13 => format!(
                "({}) or {}",
                self.expression(random, from, depth - 1),
                self.expression(random, from, depth - 1)
            ),
            14 => format!(
                "{} and {}",
                self.expression(random, from, depth - 1),
                self.expression(random, from, depth - 1)
            ),
            15 => format!("not({})", self.expression(random, from, depth - 1)),
            16 => format!("count({any} | {leaf}) < 4"),
            _ => format!("{leaf} or not({any})"),
        }
    }

    /// The module that defines annotations.
    pub(crate) const METADATA: &'static str = "module ietf-yang-metadata { yang-version 1.1; prefix md;
        namespace urn:ietf:params:xml:ns:yang:ietf-yang-metadata; extension annotation { argument name; } }";

    /// The text of the module `m`.
    pub(crate) fn text(&self) -> String {
        let mut text = "module m { yang-version 1.1; namespace 'urn:m'; prefix m;".to_owned();
        if self.is_rich {
            text.push_str(
                "import ietf-yang-metadata { prefix md; }
                 identity root; identity one { base root; } identity two { base one; }
                 md:annotation note { type string; } md:annotation weight { type int64; }
                 md:annotation kin { type identityref { base root; } }",
            );
        }
        for i in self.top() {
            self.write(i, &mut text);
        }
        text + "\n}"
    }

    fn write(&self, i: usize, text: &mut String) {
        let node = &self.nodes[i];
        let keyword = match node.kind {
            Kind::Container { .. } => "container",
            Kind::List { .. } => "list",
            Kind::Leaf { .. } | Kind::State => "leaf",
            Kind::LeafList { .. } => "leaf-list",
            Kind::Choice => "choice",
            Kind::Case => "case",
        };
        write!(text, "\n{keyword} {} {{{}", node.name, node.body).expect("a string takes all");
        for child in &node.children {
            self.write(*child, text);
        }
        text.push_str(" }");
    }
}
