//! Numbers by which two runs of the generator know that they made the same types of a module.
//!
//! What counts is what a module defines itself: its nodes wherever they stand, its typedefs, its identities. What others add to
//! its tree does not, nor do descriptions, nor which part of it is generated. Nothing here depends on the rest of the set.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use yang_schema::{ModuleId, NodeKind, NodeRef, Range, Schema, TypeDetail, TypeId, TypeRef};

/// The fingerprints of all modules of a schema.
pub(crate) fn fingerprints(schema: &Schema) -> BTreeMap<ModuleId, u64> {
    let mut types = Types { schema, known: HashMap::new() };
    let mut sums: BTreeMap<ModuleId, u64> = BTreeMap::new();
    // Summed up, since the order in which modules come is the set's.
    let mut add = |module: ModuleId, text: &str| {
        let sum = sums.entry(module).or_default();
        *sum = sum.wrapping_add(hash(text.as_bytes()));
    };
    for (id, module) in schema.modules() {
        add(id, &format!("module {} {}", schema.str(module.name), schema.str(module.namespace)));
        for &typedef in &module.typedefs {
            let typedef = schema.typedef(typedef);
            let ty = types.hash(schema.type_(typedef.type_id), 0);
            let default = typedef.default.as_ref().map(|d| schema.str(d.text));
            add(id, &format!("typedef {} {ty:x} {default:?}", schema.str(typedef.name)));
        }
        for &identity in &module.identities {
            let identity = schema.identity(identity);
            let mut text = format!("identity {} {}", schema.str(identity.name), identity.enabled);
            for &base in &identity.bases {
                let _ = write!(text, " {}", identity_name(schema, base));
            }
            add(id, &text);
        }
    }
    let tops = schema.root().children().filter(|n| n.kind() != NodeKind::Grouping);
    for node in tops.flat_map(|top| std::iter::once(top).chain(top.descendants())) {
        add(node.module(), &describe(node, &mut types));
    }
    sums
}

fn identity_name(schema: &Schema, id: yang_schema::IdentityId) -> String {
    let identity = schema.identity(id);
    format!("{}:{}", schema.module_name(identity.module), schema.str(identity.name))
}

/// All that a node demands, in one line.
fn describe(node: NodeRef<'_>, types: &mut Types<'_>) -> String {
    let schema = node.schema();
    let mut text = format!(
        "{} {} {} {} {:?} {} {:?} {:?}",
        node.kind().keyword(),
        node.path(),
        node.is_config(),
        node.is_mandatory(),
        node.presence().is_some(),
        node.min_elements(),
        node.max_elements(),
        node.ordered_by(),
    );
    for key in node.keys() {
        let _ = write!(text, " key {}", key.name());
    }
    for unique in node.uniques() {
        let _ = write!(text, " unique {:?}", schema.str(unique.text));
    }
    for default in node.defaults() {
        let _ = write!(text, " default {:?}", default.value.canonical(schema));
    }
    for must in node.musts() {
        let _ = write!(text, " must {:?}", schema.str(schema.xpath(must.xpath).text));
    }
    for when in node.whens() {
        let _ = write!(text, " when {:?}", schema.str(schema.xpath(when.xpath).text));
    }
    if let Some(ty) = node.type_() {
        let _ = write!(text, " type {:x}", types.hash(ty, 0));
    }
    text
}

/// Numbers for types; a typedef's is found once.
struct Types<'s> {
    schema: &'s Schema,
    known: HashMap<TypeId, u64>,
}

impl Types<'_> {
    fn hash(&mut self, ty: TypeRef<'_>, depth: u32) -> u64 {
        if let Some(&known) = self.known.get(&ty.id()) {
            return known;
        }
        let schema = self.schema;
        let mut text = ty.base().name().to_owned();
        if let Some(typedef) = ty.typedef() {
            // Its name is that of an item.
            let name = schema.str(typedef.name);
            let _ =
                write!(text, " {}:{name} {}", schema.module_name(typedef.module), ty.get().restricted_here);
        }
        match ty.detail() {
            TypeDetail::Integer { ranges, .. } => self.ranges(ranges, &mut text),
            TypeDetail::Decimal64 { fraction_digits, ranges } => {
                let _ = write!(text, " {fraction_digits}");
                self.ranges(ranges, &mut text);
            }
            TypeDetail::String { lengths, patterns } => {
                self.ranges(lengths, &mut text);
                for pattern in patterns {
                    let _ = write!(text, " {:?} {}", schema.str(pattern.text), pattern.inverted);
                }
            }
            TypeDetail::Binary { lengths } => self.ranges(lengths, &mut text),
            TypeDetail::Enumeration(items) => {
                for item in items.iter().filter(|item| item.enabled) {
                    let _ = write!(text, " {:?}={}", schema.str(item.name), item.value);
                }
            }
            TypeDetail::Bits(items) => {
                for item in items.iter().filter(|item| item.enabled) {
                    let _ = write!(text, " {:?}={}", schema.str(item.name), item.position);
                }
            }
            TypeDetail::Leafref { path, require_instance, target, .. } => {
                let target = target.map(|target| schema.node(target).path());
                let path = schema.str(schema.xpath(*path).text);
                let _ = write!(text, " {path:?} {require_instance} {target:?}");
            }
            TypeDetail::Identityref { bases } => {
                for &base in bases {
                    let _ = write!(text, " {}", identity_name(schema, base));
                }
            }
            // Deeper than what has a mapping at all, nothing needs to be told apart.
            TypeDetail::Union { .. } if depth > 64 => text.push_str(" deep"),
            TypeDetail::Union { .. } => {
                for member in ty.members() {
                    let member = self.hash(member, depth + 1);
                    let _ = write!(text, " {member:x}");
                }
            }
            TypeDetail::InstanceIdentifier { require_instance } => {
                let _ = write!(text, " {require_instance}");
            }
            TypeDetail::Boolean | TypeDetail::Empty => {}
        }
        let hash = hash(text.as_bytes());
        self.known.insert(ty.id(), hash);
        hash
    }

    fn ranges(&self, ranges: &[Range], text: &mut String) {
        for range in ranges {
            for part in &range.parts {
                let _ = write!(text, " {}..{}", part.min, part.max);
            }
            text.push(';');
        }
    }
}

/// FNV-1a: nobody has to be kept from making two texts of one number, and it is the same everywhere.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::fingerprints;

    fn of(module: &str, sources: &[&str]) -> u64 {
        let mut compiler = yang_parser::Compiler::new();
        for (at, text) in sources.iter().enumerate() {
            compiler = compiler.source(format!("{at}.yang"), (*text).to_owned());
        }
        let compiled = compiler.compile();
        let schema = compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
        fingerprints(&schema)[&schema.find_module(module).unwrap()]
    }

    fn a(body: &str) -> String {
        format!("module a {{ yang-version 1.1; namespace urn:a; prefix a; {body} }}")
    }

    #[test]
    fn what_makes_other_types_makes_another_number() {
        let mut seen = Vec::new();
        for body in [
            "container c { leaf l { type uint8; } }",
            "container c { leaf l { type uint16; } }",
            "container c { leaf m { type uint8; } }",
            "container c { presence p; leaf l { type uint8; } }",
            "container c { leaf l { type uint8 { range 1..7; } } }",
            "container c { leaf l { type uint8; default 3; } }",
            "container c { config false; leaf l { type uint8; } }",
            "container c { leaf l { type uint8; mandatory true; } }",
            "container c { leaf l { type enumeration { enum a; } } }",
            "container c { leaf l { type enumeration { enum a { value 3; } } } }",
            "container c { leaf l { type t; } } typedef t { type enumeration { enum a; } }",
            "container c { leaf l { type t; } } typedef t { type enumeration { enum b; } }",
            "container c { leaf l { type identityref { base i; } } } identity i;",
            "container c { leaf l { type identityref { base i; } } } identity i; identity j { base i; }",
            "container c { leaf l { type union { type int8; type string; } } }",
            "container c { leaf l { type union { type string; type int8; } } }",
        ] {
            let found = of("a", &[&a(body)]);
            assert!(!seen.contains(&found), "{body}");
            seen.push(found);
        }
    }

    #[test]
    fn words_and_the_rest_of_the_set_do_not_count() {
        let module = a("container c { leaf l { type uint8; } } identity i; typedef t { type string; }");
        let alone = of("a", &[&module]);
        let told = a(
            "description 'Told.'; container c { description 'C.'; leaf l { type uint8; } } identity i; typedef t { type string; }",
        );
        assert_eq!(of("a", &[&told]), alone);
        let other = "module b { yang-version 1.1; namespace urn:b; prefix b; import a { prefix a; } \
                     augment /a:c { leaf m { type a:t; } } identity j { base a:i; } leaf k { type uint8; } }";
        for sources in [[module.as_str(), other], [other, module.as_str()]] {
            assert_eq!(of("a", &sources), alone);
        }
        let deviated = "module d { yang-version 1.1; namespace urn:d; prefix d; import a { prefix a; } \
                        deviation /a:c/a:l { deviate replace { type uint16; } } }";
        assert_ne!(of("a", &[&module, deviated]), alone);
    }
}
