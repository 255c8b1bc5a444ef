//! A compiled module as a sorted-by-nature list of plain sentences, so that two compilations can be compared.
//!
//! Everything that decides what data is valid stands in a fact, and what other modules may use: groupings where the
//! schema keeps them (`Compiler::groupings`), extensions, annotations. Descriptions, references, spans and the ids of one
//! arena do not.

use std::fmt::Write as _;
use yang_schema::{
    ConstraintInfo, ExtensionUse, IdentityId, Module, ModuleId, NodeRef, OrderedBy, Range, Schema, Sym,
    TypeDetail, TypeRef, Typedef, WhenContext,
};

/// The facts of one module, in the order of the model. `None` if the schema has no such module.
pub fn facts(schema: &Schema, module: &str) -> Option<Vec<String>> {
    let id = schema.find_module(module)?;
    let mut facts = Facts { schema, out: Vec::new() };
    facts.module(id, schema.module(id));
    Some(facts.out)
}

/// What differs between the facts of two compilations of a module: one line each, `-` for what only the first has and
/// `+` for what only the second has. The order of nodes counts.
pub fn differences(first: &[String], second: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    out.extend(first.iter().filter(|f| !second.contains(f)).map(|f| format!("- {f}")));
    out.extend(second.iter().filter(|f| !first.contains(f)).map(|f| format!("+ {f}")));
    if out.is_empty() && first != second {
        let moved = first.iter().zip(second).find(|(a, b)| a != b);
        out.push(match moved {
            Some((a, b)) => format!("the order differs: {a:?} stands where {b:?} should"),
            None => format!("{} facts against {}", first.len(), second.len()),
        });
    }
    out
}

struct Facts<'s> {
    schema: &'s Schema,
    out: Vec<String>,
}

impl<'s> Facts<'s> {
    fn module(&mut self, id: ModuleId, m: &'s Module) {
        let s = self.schema;
        self.say(format!("namespace {}", s.str(m.namespace)));
        self.say(format!("prefix {}", s.str(m.prefix)));
        self.say(format!("yang-version {:?}", m.yang_version));
        for revision in &m.revisions {
            self.say(format!("revision {}", s.str(revision.date)));
        }
        for import in &m.imports {
            let date = import.revision.map(|r| format!("@{}", s.str(r))).unwrap_or_default();
            let name = s.module_name(import.module);
            self.say(format!("import {name}{date} as {}", s.str(import.prefix)));
        }
        for feature in m.features.iter().map(|&f| s.feature(f)) {
            let conditions = self.list(&feature.if_features);
            self.say(format!("feature {} {:?}{conditions}", s.str(feature.name), feature.status));
        }
        for identity in m.identities.iter().map(|&i| s.identity(i)) {
            let bases = identity.bases.iter().map(|&b| self.identity(b)).collect::<Vec<_>>().join(" ");
            let conditions = self.list(&identity.if_features);
            let (name, status) = (s.str(identity.name), identity.status);
            self.say(format!("identity {name} from [{bases}] {status:?}{conditions}"));
            self.extensions(&format!("identity {name}"), &identity.extensions);
        }
        for typedef in m.typedefs.iter().map(|&t| s.typedef(t)) {
            self.typedef(typedef);
        }
        for def in s.extension_defs().iter().filter(|def| def.module == id) {
            let argument = s.opt_str(def.argument).map(|a| format!(" of {a}")).unwrap_or_default();
            let place = if def.yin_element { " in an element" } else { "" };
            self.say(format!("extension {}{argument}{place}", s.str(def.name)));
        }
        for annotation in s.annotations().iter().filter(|a| a.module == id) {
            let at = format!("annotation {}", s.str(annotation.name));
            self.say(format!("{at} {:?}", annotation.status));
            self.type_(&at, s.type_(annotation.type_id));
            self.optional(&at, "units", annotation.units);
        }
        self.extensions("module", &m.extensions);
        for node in s.root().descendants().filter(|n| n.module() == id) {
            self.node(node);
        }
    }

    fn typedef(&mut self, t: &'s Typedef) {
        let s = self.schema;
        let at = format!("typedef {}", s.str(t.name));
        self.say(format!("{at} {:?}", t.status));
        self.type_(&at, s.type_(t.type_id));
        self.optional(&at, "default", t.default.as_ref().map(|d| d.text));
        self.optional(&at, "units", t.units);
        self.extensions(&at, &t.extensions);
    }

    fn node(&mut self, n: NodeRef<'s>) {
        let s = self.schema;
        let at = n.path();
        let mut head = format!("{at}: {} {:?}", n.kind().keyword(), n.status());
        for (flag, word) in [
            (n.is_config(), "config"),
            (n.is_mandatory(), "mandatory"),
            (n.presence().is_some(), "presence"),
            (n.ordered_by() == OrderedBy::User, "ordered-by-user"),
            (n.is_key(), "key"),
        ] {
            if flag {
                head.push(' ');
                head.push_str(word);
            }
        }
        self.say(head);
        if let Some(ty) = n.type_() {
            self.type_(&at, ty);
        }
        if let Some(units) = n.units() {
            self.say(format!("{at}: units {units}"));
        }
        for default in n.defaults() {
            self.say(format!("{at}: default {}", s.str(default.text)));
        }
        if let Some(case) = n.default_case() {
            self.say(format!("{at}: default case {}", case.name()));
        }
        if n.min_elements() > 0 || n.max_elements().is_some() {
            self.say(format!("{at}: {}..{:?} elements", n.min_elements(), n.max_elements()));
        }
        if n.keys().len() > 0 {
            let keys = n.keys().map(|k| k.name()).collect::<Vec<_>>().join(" ");
            self.say(format!("{at}: keys {keys}"));
        }
        for unique in n.uniques() {
            let leaves = unique.leaves.iter().map(|&l| s.node(l).path()).collect::<Vec<_>>().join(" ");
            self.say(format!("{at}: unique {leaves}"));
        }
        for must in n.musts() {
            let info = self.info(&must.info);
            self.say(format!("{at}: must {}{info}", s.str(s.xpath(must.xpath).text)));
        }
        for when in n.whens() {
            let place = match when.context {
                WhenContext::Node => "",
                WhenContext::Parent => " (of its parent)",
            };
            self.say(format!("{at}: when {}{place}", s.str(s.xpath(when.xpath).text)));
        }
        for condition in n.if_features() {
            self.say(format!("{at}: if-feature {condition}"));
        }
        self.extensions(&at, n.extensions());
    }

    fn type_(&mut self, at: &str, ty: TypeRef<'s>) {
        let s = self.schema;
        let named = match ty.typedef() {
            Some(t) => format!("{}:{} = ", s.module_name(t.module), s.str(t.name)),
            None => String::new(),
        };
        self.say(format!("{at}: type {named}{}", ty.base().name()));
        match ty.detail() {
            TypeDetail::Integer { ranges, .. } => self.ranges(at, "range", ranges),
            TypeDetail::Decimal64 { fraction_digits, ranges } => {
                self.say(format!("{at}: fraction-digits {fraction_digits}"));
                self.ranges(at, "range", ranges);
            }
            TypeDetail::String { lengths, patterns } => {
                self.ranges(at, "length", lengths);
                for p in patterns {
                    let not = if p.inverted { "not " } else { "" };
                    let info = self.info(&p.info);
                    self.say(format!("{at}: pattern {not}{}{info}", s.str(p.text)));
                }
            }
            TypeDetail::Binary { lengths } => self.ranges(at, "length", lengths),
            TypeDetail::Enumeration(items) => {
                for e in items {
                    let conditions = self.list(&e.if_features);
                    let name = s.str(e.name);
                    self.say(format!("{at}: enum {name} = {} {:?}{conditions}", e.value, e.status));
                }
            }
            TypeDetail::Bits(items) => {
                for b in items {
                    let conditions = self.list(&b.if_features);
                    let name = s.str(b.name);
                    self.say(format!("{at}: bit {name} = {} {:?}{conditions}", b.position, b.status));
                }
            }
            TypeDetail::Leafref { path, require_instance, target, .. } => {
                let text = s.str(s.xpath(*path).text);
                self.say(format!("{at}: path {text}, require-instance {require_instance}"));
                if let Some(target) = target {
                    self.say(format!("{at}: refers to {}", s.node(*target).path()));
                }
            }
            TypeDetail::Identityref { bases } => {
                let bases = bases.iter().map(|&b| self.identity(b)).collect::<Vec<_>>().join(" ");
                self.say(format!("{at}: base [{bases}]"));
            }
            TypeDetail::Union { .. } => {
                for (i, member) in ty.members().enumerate() {
                    self.type_(&format!("{at} member {i}"), member);
                }
            }
            TypeDetail::InstanceIdentifier { require_instance } => {
                self.say(format!("{at}: require-instance {require_instance}"));
            }
            TypeDetail::Boolean | TypeDetail::Empty => {}
        }
    }

    fn ranges(&mut self, at: &str, what: &str, ranges: &[Range]) {
        for range in ranges {
            let parts: Vec<String> = range.parts.iter().map(|p| format!("{}..{}", p.min, p.max)).collect();
            let info = self.info(&range.info);
            self.say(format!("{at}: {what} {}{info}", parts.join(" | ")));
        }
    }

    fn info(&self, info: &ConstraintInfo) -> String {
        let mut out = String::new();
        if let Some(message) = info.error_message {
            let _ = write!(out, ", error-message {:?}", self.schema.str(message));
        }
        if let Some(tag) = info.error_app_tag {
            let _ = write!(out, ", error-app-tag {:?}", self.schema.str(tag));
        }
        out
    }

    fn identity(&self, id: IdentityId) -> String {
        let identity = self.schema.identity(id);
        format!("{}:{}", self.schema.module_name(identity.module), self.schema.str(identity.name))
    }

    fn list(&self, if_features: &[Sym]) -> String {
        if_features.iter().map(|&f| format!(", if-feature {}", self.schema.str(f))).collect()
    }

    fn optional(&mut self, at: &str, what: &str, text: Option<Sym>) {
        if let Some(text) = self.schema.opt_str(text) {
            self.say(format!("{at}: {what} {text}"));
        }
    }

    fn extensions(&mut self, at: &str, uses: &[ExtensionUse]) {
        for e in uses {
            self.say(format!("{at}: extension {}", self.extension(e)));
        }
    }

    fn extension(&self, e: &ExtensionUse) -> String {
        let module = e.module.map(|m| self.schema.module_name(m)).unwrap_or_default();
        let argument = self.schema.opt_str(e.argument).unwrap_or_default();
        let is_prose = |sub: &ExtensionUse| {
            sub.module.is_none() && ["description", "reference"].contains(&self.schema.str(sub.name))
        };
        let below: String = { e.substatements.iter() }
            .filter(|sub| !is_prose(sub))
            .map(|sub| format!(" {{ {} }}", self.extension(sub)))
            .collect();
        format!("{module}:{} {argument:?}{below}", self.schema.str(e.name))
    }

    fn say(&mut self, fact: String) {
        self.out.push(fact);
    }
}
