//! From names and scalars in a document to schema nodes and values.

use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Attribute, Form, FullName, Name, Namespace, Place, Scalar};
use crate::tree::xpath_text;
use std::borrow::Cow;
use yang_schema::value::{JsonKind, NameResolver, Notation, ValueError};
use yang_schema::{CodeOf, ModuleId, NodeId, NodeKind, NodeRef, Schema, TypeId, Value};

/// The module that a name belongs to; `inherited` is that of the node above, where there is one.
pub(crate) fn module(
    schema: &Schema,
    name: Name<'_>,
    inherited: Option<ModuleId>,
    path: impl Fn() -> String,
) -> Result<ModuleId, DataError> {
    let unknown = |what: String, namespace: &str| {
        let error = DataError::new(ErrorTag::UnknownNamespace, path(), what);
        let info = ErrorInfo::BadNamespace(namespace.to_owned());
        error.info(ErrorInfo::BadElement(name.local.to_owned())).info(info)
    };
    // Most names are of the module of the node above.
    let same = |uri: &str| {
        inherited.filter(|&m| {
            let module = schema.module(m);
            module.implemented && schema.str(module.namespace) == uri
        })
    };
    match name.namespace {
        Namespace::Uri("") => Err(unknown(format!("element `{}` has no namespace", name.local), "")),
        Namespace::Uri(uri) => same(uri)
            .or_else(|| schema.find_namespace(uri))
            .filter(|&m| schema.module(m).implemented)
            .ok_or_else(|| unknown(format!("no module has the namespace `{uri}` of `{}`", name.local), uri)),
        Namespace::Module(module) => {
            schema.find_module(module).filter(|&m| schema.module(m).implemented).ok_or_else(|| {
                unknown(format!("there is no module `{module}`, which `{}` names", name.local), module)
            })
        }
        Namespace::Inherited => inherited.ok_or_else(|| {
            unknown(format!("member `{}` must name its module at the top level", name.local), "")
        }),
    }
}

/// The data child that a name stands for.
pub(crate) fn child<'s>(
    parent: NodeRef<'s>,
    name: Name<'_>,
    path: impl Fn() -> String,
) -> Result<NodeRef<'s>, DataError> {
    let schema = parent.schema();
    let inherited = (parent.id() != yang_schema::NodeId::ROOT).then(|| parent.module());
    let module = module(schema, name, inherited, &path)?;
    parent.data_child(module, name.local).ok_or_else(|| {
        let message = format!("there is no node `{}:{}` here", schema.module_name(module), name.local);
        DataError::new(ErrorTag::UnknownElement, path(), message)
            .info(ErrorInfo::BadElement(name.local.to_owned()))
    })
}

/// Would [`child`] find this node by the name? It is a data child of the parent, and has been found by some name before.
pub(crate) fn is_name(node: NodeRef<'_>, parent: NodeId, name: Name<'_>) -> bool {
    let schema = node.schema();
    node.name() == name.local
        && match name.namespace {
            Namespace::Uri(uri) => schema.str(schema.module(node.module()).namespace) == uri,
            Namespace::Module(module) => schema.module_name(node.module()) == module,
            Namespace::Inherited => parent != NodeId::ROOT && schema.node(parent).module() == node.module(),
        }
}

/// Is a JSON member an array where RFC 7951 section 5 has one, and only there?
pub(crate) fn check_place(
    node: NodeRef<'_>,
    place: Place,
    path: impl Fn() -> String,
) -> Result<(), DataError> {
    let array = matches!(node.kind(), NodeKind::List | NodeKind::LeafList);
    let (is, must) = match place {
        Place::Member if array => ("no array", "must be one"),
        // An anyxml may be whatever JSON can say (RFC 7951 section 5.6).
        Place::Item if !array && node.kind() != NodeKind::AnyXml => ("an array", "must not be one"),
        _ => return Ok(()),
    };
    let message = format!("member `{}` is {is}, and a {} {must}", node.name(), node.kind().keyword());
    Err(DataError::new(ErrorTag::BadElement, path(), message)
        .info(ErrorInfo::BadElement(node.name().to_owned())))
}

/// The names of a schema node in all codecs' words.
pub(crate) fn full_name(node: NodeRef<'_>) -> FullName<'_> {
    FullName { module: node.module_name(), namespace: node.namespace(), local: node.name() }
}

/// The value of a leaf or leaf-list entry.
pub(crate) fn value(
    node: NodeRef<'_>,
    text: &str,
    form: Form<'_>,
    path: impl Fn() -> String,
) -> Result<Value, DataError> {
    let Some(ty) = node.type_() else {
        return Err(DataError::new(ErrorTag::OperationFailed, path(), "the schema gives this node no type"));
    };
    if matches!(form, Form::JsonNull) {
        let message = "null is no value; [null] is that of type empty";
        return Err(DataError::new(ErrorTag::InvalidValue, path(), message)
            .info(ErrorInfo::BadElement(node.name().to_owned())));
    }
    let names = FormNames { schema: node.schema(), form, leaf: node.module() };
    Value::parse(node.schema(), ty.id(), &in_modules(node, text, form), &names).map_err(|e| {
        let mut error = DataError::new(ErrorTag::InvalidValue, path(), e.message());
        error.app_tag = e.app_tag;
        error = error.info(ErrorInfo::BadElement(node.name().to_owned()));
        match e.code {
            Some(code) => error.info(ErrorInfo::Code(code)),
            None => error.coded(node.schema(), node.code(CodeOf::Node), e.error_message.is_some()),
        }
    })
}

/// The text of a value as it is kept: that of an expression has the names of modules for the prefixes of its document.
fn in_modules<'t>(leaf: NodeRef<'_>, text: &'t str, form: Form<'_>) -> Cow<'t, str> {
    match form {
        Form::Xml(scope) if xpath_text::is_xpath(leaf) => {
            Cow::Owned(xpath_text::with_modules(leaf.schema(), text, scope))
        }
        _ => Cow::Borrowed(text),
    }
}

/// The type of an annotation (RFC 7952) that the schema knows, and its value. Names of annotations are never inherited.
pub(crate) fn annotation(
    schema: &Schema,
    attribute: &Attribute<'_>,
) -> Option<(TypeId, Result<Value, ValueError>)> {
    let module = match attribute.name.namespace {
        Namespace::Uri(uri) => schema.find_namespace(uri),
        Namespace::Module(module) => schema.find_module(module),
        Namespace::Inherited => None,
    }
    .filter(|&m| schema.module(m).implemented)?;
    let named =
        |a: &&yang_schema::Annotation| a.module == module && schema.str(a.name) == attribute.name.local;
    let ty = schema.annotations().iter().find(named)?.type_id;
    let names = FormNames { schema, form: attribute.form, leaf: module };
    Some((ty, Value::parse(schema, ty, &attribute.value, &names)))
}

/// A value in an attribute of an edit: the prefixes in scope of its element resolve names.
pub(crate) fn attribute_value(leaf: NodeRef<'_>, text: &str, form: Form<'_>) -> Result<Value, String> {
    let schema = leaf.schema();
    let ty = leaf.type_().ok_or("the schema gives it no type")?;
    let form = if let Form::Xml(_) = form { form } else { Form::Canonical };
    let names = FormNames { schema, form, leaf: leaf.module() };
    Value::parse(schema, ty.id(), &in_modules(leaf, text, form), &names).map_err(|e| e.message().to_owned())
}

/// Resolves prefixes as the codec says that the text came by.
struct FormNames<'a> {
    schema: &'a Schema,
    form: Form<'a>,
    leaf: ModuleId,
}

impl NameResolver for FormNames<'_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        match self.form {
            Form::Xml(prefixes) => self.schema.find_namespace(prefixes.namespace(prefix)?),
            _ if prefix.is_empty() => Some(self.leaf),
            _ => self.schema.find_module(prefix),
        }
    }

    fn notation(&self) -> Notation {
        match self.form {
            Form::Xml(_) => Notation::Xml,
            Form::JsonString => Notation::Json(JsonKind::String),
            Form::JsonNumber => Notation::Json(JsonKind::Number),
            Form::JsonBoolean => Notation::Json(JsonKind::Boolean),
            Form::JsonEmpty | Form::JsonNull => Notation::Json(JsonKind::Null),
            Form::Canonical => Notation::Canonical,
        }
    }
}

/// Is the text only what XML may put between elements? Other codecs have no such text.
pub(crate) fn is_layout(scalar: &Scalar<'_>) -> bool {
    matches!(scalar.form, Form::Xml(_))
        && scalar.text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r'))
}

/// Text that stands where only nodes may: in the root, a container, a list entry.
pub(crate) fn misplaced_text(inside: NodeRef<'_>, path: String) -> DataError {
    if inside.kind() == NodeKind::Root {
        return DataError::new(ErrorTag::BadElement, path, "text stands beside the nodes of the document");
    }
    let message = format!("text stands right below the {} `{}`", inside.kind().keyword(), inside.name());
    DataError::new(ErrorTag::BadElement, path, message).info(ErrorInfo::BadElement(inside.name().to_owned()))
}
