//! A compiled schema, damaged or forged: bytes changed here and there, with a checksum that fits.

use std::sync::OnceLock;
use yang_parser::{Compiler, print};
use yang_schema::value::{CanonicalNames, quoted};
use yang_schema::{
    ExtensionUse, FeatureId, FileId, GroupingId, NodeRef, Schema, SidOf, TypedefId, Value, xpath,
};

/// A little of everything that a schema can hold.
const MODEL: &str = include_str!("blob.yang");

/// The bytes that are changed.
fn whole() -> &'static [u8] {
    static WHOLE: OnceLock<Vec<u8>> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let compilation = Compiler::new().source("everything.yang", MODEL).compile();
        compilation.schema.unwrap_or_else(|| panic!("{:?}", compilation.diagnostics)).to_bytes()
    })
}

/// Each four bytes of the input are a change: where (two bytes), what, and with which byte. So an input means something whatever the
/// layout of a blob is.
pub fn blob(changes: &[u8]) {
    let mut bytes = whole().to_vec();
    for change in changes.chunks_exact(4).take(64) {
        let header = 20;
        let place = usize::from(u16::from_le_bytes([change[0], change[1]]));
        let at = header + place % (bytes.len() - header).max(1);
        match change[2] % 5 {
            _ if at >= bytes.len() => bytes.push(change[3]),
            0 => bytes[at] = change[3],
            1 => bytes[at] ^= change[3],
            2 => bytes.insert(at, change[3]),
            3 => drop(bytes.remove(at)),
            _ => {
                let end = (at + usize::from(change[3])).min(bytes.len());
                let again = bytes[at..end].to_vec();
                bytes.splice(at..at, again);
            }
        }
    }
    Schema::seal(&mut bytes);
    if let Ok(schema) = Schema::from_bytes(&bytes) {
        walk(&schema);
        let again = schema.to_bytes();
        let second = Schema::from_bytes(&again).expect("what was accepted is written acceptably");
        assert_eq!(second.to_bytes(), again);
    }
}

/// Asks a schema all that it can be asked. Answers may be wrong, but there are some.
pub fn walk(schema: &Schema) {
    for (id, module) in schema.modules() {
        let name = schema.module_name(id);
        assert!(schema.find_module(name).is_some() && schema.revisions_of(name).any(|m| m == id));
        assert!(schema.find_namespace(schema.str(module.namespace)).is_some());
        schema.sid(SidOf::Module(id));
        for import in &module.imports {
            schema.prefix(import.file, schema.str(import.prefix));
            schema.prefix_of(import.file, import.module);
        }
        for &feature in &module.features {
            named_feature(schema, feature);
        }
        for &identity in &module.identities {
            schema.find_identity(id, schema.str(schema.identity(identity).name));
        }
        module.typedefs.iter().for_each(|&t| typedef(schema, t));
        extensions(schema, &module.extensions);
        schema.top_level(id).for_each(|node| _ = (schema.find_rpc(id, node.name()), node.name()));
        schema.module_of_file(module.file).map(|m| schema.module(m));
    }
    for (id, identity) in schema.identities() {
        schema.str(identity.name);
        identity.bases.iter().for_each(|&base| _ = schema.is_derived_from(id, base));
        extensions(schema, &identity.extensions);
    }
    for annotation in schema.annotations() {
        schema.type_(annotation.type_id).base();
    }
    for def in schema.extension_defs() {
        schema.opt_str(def.argument);
    }
    for (item, sid) in schema.sids() {
        assert_eq!(schema.sid(item), Some(sid));
    }
    let mut seen = 1;
    for found in schema.root().descendants() {
        seen += 1;
        node(schema, found);
    }
    assert_eq!(seen, schema.node_count());
    schema.dependencies().constraints();
    print::tree(schema, &print::TreeOptions::default());
}

fn named_feature(schema: &Schema, id: FeatureId) {
    let feature = schema.feature(id);
    schema.str(feature.name);
    file(schema, feature.span.file);
}

fn file(schema: &Schema, id: FileId) {
    schema.str(schema.file(id).path);
}

fn typedef(schema: &Schema, id: TypedefId) {
    let typedef = schema.typedef(id);
    schema.str(typedef.name);
    extensions(schema, &typedef.extensions);
    schema.type_(typedef.type_id).chain().for_each(|t| _ = t.name());
    if let Some(default) = &typedef.default {
        default.value.canonical(schema);
    }
}

fn extensions(schema: &Schema, uses: &[ExtensionUse]) {
    for one in uses {
        schema.opt_str(one.argument);
        one.module.map(|m| schema.module_name(m));
        extensions(schema, &one.substatements);
    }
}

fn node(schema: &Schema, node: NodeRef<'_>) {
    // The path is as long as the node is deep; that many steps at each node would be too many.
    if node.id().index().is_power_of_two() {
        let path = node.path();
        assert!(path.starts_with('/'));
        schema.find(&path);
        node.data_path();
    }
    let _ = (node.description(), node.reference(), node.presence(), node.units());
    file(schema, node.span().file);
    let parent = node.parent().expect("only the root has none");
    parent.child(node.module(), node.name());
    if let Some(up) = node.data_parent().filter(|_| node.kind().is_data_node()) {
        let found = up.data_child(node.module(), node.name()).expect("it is there under its name");
        assert_eq!((found.name(), found.module()), (node.name(), node.module()));
        let ordinal = node.data_ordinal() as usize;
        assert_eq!(up.data_children().nth(ordinal), Some(node));
    }
    node.keys().for_each(|key| assert!(key.is_key() && key.type_().is_some()));
    node.uniques().iter().flat_map(|u| &u.leaves).for_each(|&leaf| _ = schema.node(leaf).name());
    node.default_case().map(|case| case.name());
    node.grouping().into_iter().for_each(|g| grouping(schema, g));
    node.augmented_by().map(|a| schema.module_name(a.module));
    node.deviated_by().iter().for_each(|d| _ = schema.module_name(d.module));
    node.if_features().for_each(drop);
    extensions(schema, node.extensions());
    for xpath in node.musts().iter().map(|m| m.xpath).chain(node.whens().iter().map(|w| w.xpath)) {
        let xpath = schema.xpath(xpath);
        xpath::print(schema.expr(xpath.expr), &mut |m| schema.module_name(m).to_owned());
        xpath.reads.iter().for_each(|&read| _ = schema.node(read).name());
    }
    for default in node.defaults() {
        default.value.canonical(schema);
        default.value.modules(schema);
    }
    if let Some(ty) = node.type_() {
        ty.chain().for_each(|t| _ = (t.name(), t.base(), t.members().count(), t.real().base()));
        let names = CanonicalNames(schema);
        for text in ["", "1", "-3", "a", "true", "x:y", "/everything:top", "2001:db8::1", &quoted("a'b")] {
            if let Ok(value) = Value::parse(schema, ty.id(), text, &names) {
                value.canonical(schema);
                value.base_in(schema, ty.id());
                value.check(schema, ty.id()).ok();
            }
        }
    }
}

fn grouping(schema: &Schema, id: GroupingId) {
    schema.str(schema.grouping(id).name);
}

pub(super) fn large() -> Vec<(&'static str, Vec<u8>)> {
    let numbers = |count: u32, what: [u8; 2]| {
        (0..count).flat_map(|i| [(i * 7919) as u8, (i * 31) as u8, what[0], what[1]]).collect()
    };
    vec![
        ("64 bytes set to the largest", numbers(64, [0, 0xff])),
        ("64 parts doubled", numbers(64, [4, 0xff])),
        ("64 bytes taken out", numbers(64, [3, 0])),
    ]
}
