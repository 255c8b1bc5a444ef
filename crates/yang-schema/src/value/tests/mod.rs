//! The rules and examples of RFC 7950 section 9 and RFC 7951 section 6.

mod instance_identifier;
mod number;
mod properties;
mod text;
mod union;

use super::*;
use crate::pattern::CompiledPattern;
use crate::{
    BitItem, Builder, ConstraintInfo, EnumItem, FileId, Identity, Interval, Module, NodeDef, NodeId,
    NodeKind, Pattern, Range, Schema, Span, Status, Type, XPathId, YangVersion, xpath,
};

use std::cell::RefCell;

const SPAN: Span = Span { file: FileId(0), start: 0, end: 0 };

/// A builder with two modules: `mod-a` (prefix `a`) and `mod-b` (prefix `b`).
struct Fixture {
    builder: RefCell<Builder>,
    a: ModuleId,
    b: ModuleId,
}

fn module(builder: &mut Builder, name: &str, prefix: &str) -> ModuleId {
    let module = Module {
        name: builder.intern(name),
        namespace: builder.intern(&format!("urn:{name}")),
        prefix: builder.intern(prefix),
        revision: None,
        yang_version: YangVersion::V1_1,
        implemented: true,
        organization: None,
        contact: None,
        description: None,
        reference: None,
        revisions: Vec::new(),
        imports: Vec::new(),
        submodules: Vec::new(),
        features: Vec::new(),
        identities: Vec::new(),
        typedefs: Vec::new(),
        deviated_by: Vec::new(),
        augmented_by: Vec::new(),
        extensions: Vec::new(),
        file: FileId(0),
        span: SPAN,
    };
    builder.add_module(module)
}

/// The text's notation, and the module of names without prefix.
#[derive(Clone, Copy)]
struct Names(Notation, Option<ModuleId>);

impl NameResolver for Names {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        match prefix {
            "" => self.1,
            "a" | "mod-a" => Some(ModuleId(0)),
            "b" | "mod-b" => Some(ModuleId(1)),
            _ => None,
        }
    }

    fn notation(&self) -> Notation {
        self.0
    }
}

const XML: Names = Names(Notation::Xml, Some(ModuleId(0)));
const YANG: Names = Names(Notation::Module, Some(ModuleId(0)));

fn json(kind: JsonKind) -> Names {
    Names(Notation::Json(kind), Some(ModuleId(0)))
}

impl Fixture {
    fn new() -> Self {
        let mut builder = Builder::new();
        let a = module(&mut builder, "mod-a", "a");
        let b = module(&mut builder, "mod-b", "b");
        Self { builder: RefCell::new(builder), a, b }
    }

    fn ty(&self, detail: TypeDetail) -> TypeId {
        let mut builder = self.builder.borrow_mut();
        let name = builder.intern(detail.base().name());
        builder.add_type(Type {
            name,
            typedef: None,
            detail,
            restricted_here: true,
            non_zero: None,
            extensions: Vec::new(),
            span: SPAN,
        })
    }

    fn info(&self, message: &str, app_tag: &str) -> ConstraintInfo {
        let mut builder = self.builder.borrow_mut();
        ConstraintInfo {
            error_message: (!message.is_empty()).then(|| builder.intern(message)),
            error_app_tag: (!app_tag.is_empty()).then(|| builder.intern(app_tag)),
            ..ConstraintInfo::default()
        }
    }

    fn range(&self, parts: &[(i128, i128)], info: ConstraintInfo) -> Range {
        let parts = parts.iter().map(|&(min, max)| Interval { min, max }).collect();
        Range { text: self.builder.borrow_mut().intern("as written"), parts, info }
    }

    fn plain(&self, parts: &[(i128, i128)]) -> Range {
        self.range(parts, ConstraintInfo::default())
    }

    fn integer(&self, base: Base) -> TypeId {
        self.ty(TypeDetail::Integer { base, ranges: Vec::new() })
    }

    fn string(&self) -> TypeId {
        self.ty(TypeDetail::String { lengths: Vec::new(), patterns: Vec::new() })
    }

    fn pattern(&self, xsd: &str, inverted: bool, info: ConstraintInfo) -> Pattern {
        let text = self.builder.borrow_mut().intern(xsd);
        Pattern { text, compiled: CompiledPattern::new(xsd).expect("a pattern"), inverted, info }
    }

    fn enumeration(&self, names: &[&str]) -> TypeId {
        let items = names
            .iter()
            .zip(0..)
            .map(|(name, value)| EnumItem {
                name: self.builder.borrow_mut().intern(name),
                value,
                status: Status::Current,
                description: None,
                reference: None,
                if_features: Vec::new(),
                enabled: *name != "off",
            })
            .collect();
        self.ty(TypeDetail::Enumeration(items))
    }

    fn bits(&self, names: &[&str]) -> TypeId {
        let items = names
            .iter()
            .zip(0..)
            .map(|(name, position)| BitItem {
                name: self.builder.borrow_mut().intern(name),
                position,
                status: Status::Current,
                description: None,
                reference: None,
                if_features: Vec::new(),
                enabled: true,
            })
            .collect();
        self.ty(TypeDetail::Bits(items))
    }

    fn identity(&self, module: ModuleId, name: &str, bases: &[IdentityId]) -> IdentityId {
        let mut builder = self.builder.borrow_mut();
        let name = builder.intern(name);
        let id = builder.add_identity(Identity {
            name,
            module,
            bases: bases.to_vec(),
            derived: Vec::new(),
            status: Status::Current,
            description: None,
            reference: None,
            if_features: Vec::new(),
            enabled: true,
            extensions: Vec::new(),
            span: SPAN,
        });
        builder.module_mut(module).identities.push(id);
        id
    }

    fn node(
        &self,
        parent: NodeId,
        kind: NodeKind,
        module: ModuleId,
        name: &str,
        ty: Option<TypeId>,
    ) -> NodeId {
        let mut builder = self.builder.borrow_mut();
        let name = builder.intern(name);
        let mut def = NodeDef::new(kind, name, module, SPAN);
        def.type_id = ty;
        builder.add_node(parent, def)
    }

    fn parse_as(&self, ty: TypeId, text: &str, names: Names) -> Result<Value, ValueError> {
        Value::parse(&*self.builder.borrow(), ty, text, &names)
    }

    /// The canonical form of a text in XML.
    fn xml(&self, ty: TypeId, text: &str) -> Result<String, String> {
        let value = self.parse_as(ty, text, XML).map_err(|e| e.to_string())?;
        Ok(value.canonical(&*self.builder.borrow()).into_owned())
    }

    fn finish(self) -> Schema {
        self.builder.into_inner().finish()
    }
}

#[test]
fn a_value_takes_24_bytes() {
    assert_eq!(size_of::<Value>(), 24);
    assert_eq!(size_of::<Option<Value>>(), 24);
}
