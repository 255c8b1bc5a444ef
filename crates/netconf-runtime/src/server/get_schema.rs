//! `get-schema` (RFC 6022 section 3.1) and the list of what it gives (section 2.1.3): a server hands out its own modules.

use crate::ModuleTexts;
use crate::handler::{BoxFuture, RpcHandler, StateEntry};
use crate::rpc_error::{ErrorType, RpcError};
use std::sync::Arc;
use yang_data::codec::CodecError;
use yang_data::error::DataError;
use yang_data::event::{Datum, FullName, Shape, Sink};
use yang_data::tree::{DecodeOptions, Tree, TreeSink};
use yang_data::view::View;
use yang_schema::{NodeId, NodeKind, NodeRef, Schema};

const MODULE: &str = "ietf-netconf-monitoring";
const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

/// What a server with ietf-netconf-monitoring does by itself.
pub(super) struct Texts {
    /// The node of `get-schema`.
    pub(super) rpc: NodeId,
    /// Its handler.
    pub(super) handler: RpcHandler,
    /// The provider of the list of schemas.
    pub(super) schemas: StateEntry,
}

/// Hands out texts, if ietf-netconf-monitoring is part of the schema.
pub(super) fn of(schema: &Schema, texts: &Arc<ModuleTexts>) -> Option<Texts> {
    let rpc = schema.find_rpc(schema.find_module(MODULE)?, "get-schema")?.id();
    let own = Arc::clone(texts);
    let handler: RpcHandler = Arc::new(move |_, input| -> BoxFuture<'static, Result<Tree, RpcError>> {
        Box::pin(std::future::ready(get_schema(&input, &own)))
    });
    let own = Arc::clone(texts);
    let schemas = StateEntry {
        path: "/ietf-netconf-monitoring:netconf-state/schemas".to_owned(),
        provider: Arc::new(move |_, out| {
            let own = Arc::clone(&own);
            Box::pin(async move {
                let tree = schemas(out.schema(), &own)?;
                out.send_tree(tree).await
            })
        }),
    };
    Some(Texts { rpc, handler, schemas })
}

/// Is it the rpc that a server with texts answers by itself?
pub(super) fn is(rpc: NodeRef<'_>) -> bool {
    rpc.name() == "get-schema" && rpc.module_name() == MODULE
}

fn get_schema(input: &Tree, texts: &ModuleTexts) -> Result<Tree, RpcError> {
    let schema = input.schema();
    let view = View::of(input);
    let module = schema.find_module(MODULE);
    let parameter = |name: &str| -> Option<String> {
        let at = view.operation_node()?.child_named(module?, name)?;
        Some(at.text()?.into_owned())
    };
    let refused = |why: String| Err(RpcError::invalid_value(why).of_type(ErrorType::Protocol));
    let identifier = parameter("identifier").unwrap_or_default();
    if let Some(format) = parameter("format")
        && format != format!("{MODULE}:yang")
    {
        return refused(format!("{identifier} is there as YANG, not as {format}"));
    }
    let version = parameter("version");
    let is_it = |&(_, (name, revision)): &(usize, (&str, Option<&str>))| {
        name == identifier && version.as_deref().is_none_or(|v| v == revision.unwrap_or_default())
    };
    let mut found = texts.modules().enumerate().filter(is_it);
    match (found.next(), found.next(), version) {
        (None, _, None) => refused(format!("there is no schema {identifier}")),
        (None, _, Some(version)) => {
            refused(format!("there is no version {version:?} of a schema {identifier}"))
        }
        (Some(_), Some(_), _) => {
            Err(RpcError::operation_failed(format!("there is more than one version of {identifier}"))
                .of_type(ErrorType::Protocol)
                .app_tag("data-not-unique"))
        }
        (Some((at, _)), None, _) => {
            let text = texts.text(at).map_err(|e| {
                RpcError::operation_failed(format!("the text of {identifier} cannot be read: {e}"))
            })?;
            let output = schema.node(input.at()).parent().and_then(|rpc| {
                rpc.children().find(|c| c.kind() == NodeKind::Output).map(|output| output.id())
            });
            let mut sink = TreeSink::new(schema, output.unwrap_or(NodeId::ROOT), &DecodeOptions::default());
            let write = |sink: &mut dyn Sink| -> Result<(), CodecError> {
                sink.open(name("data"), Shape::Any, &[])?;
                sink.value(Datum::Text(&text))?;
                sink.close()
            };
            made(write(&mut sink), sink.finish())
        }
    }
}

fn schemas(schema: &Arc<Schema>, texts: &ModuleTexts) -> Result<Tree, RpcError> {
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
    let write = |sink: &mut dyn Sink| -> Result<(), CodecError> {
        sink.open(name("netconf-state"), Shape::Container, &[])?;
        sink.open(name("schemas"), Shape::Container, &[])?;
        for (identifier, revision) in texts.modules() {
            sink.open(name("schema"), Shape::ListEntry, &[])?;
            leaf(sink, "identifier", Shape::Leaf, Datum::Text(identifier))?;
            leaf(sink, "version", Shape::Leaf, Datum::Text(revision.unwrap_or_default()))?;
            let yang = Datum::Identity { module: MODULE, namespace: NAMESPACE, name: "yang" };
            leaf(sink, "format", Shape::Leaf, yang)?;
            if let Some(namespace) = namespace(schema, identifier) {
                leaf(sink, "namespace", Shape::Leaf, Datum::Text(namespace))?;
            }
            leaf(sink, "location", Shape::LeafListEntry, Datum::Text("NETCONF"))?;
            sink.close()?;
        }
        sink.close()?;
        sink.close()
    };
    made(write(&mut sink), sink.finish())
}

/// The namespace of a module, or of the module that a submodule belongs to; none for a module that the schema does not know.
pub(super) fn namespace<'s>(schema: &'s Schema, name: &str) -> Option<&'s str> {
    let includes = |m: &yang_schema::Module| m.submodules.iter().any(|s| schema.str(s.name) == name);
    let module =
        schema.find_module(name).or_else(|| schema.modules().find(|(_, m)| includes(m)).map(|(id, _)| id));
    module.map(|id| schema.str(schema.module(id).namespace))
}

fn name(local: &str) -> FullName<'_> {
    FullName { module: MODULE, namespace: NAMESPACE, local }
}

fn leaf(sink: &mut dyn Sink, local: &str, shape: Shape, value: Datum<'_>) -> Result<(), CodecError> {
    sink.open(name(local), shape, &[])?;
    sink.value(value)?;
    sink.close()
}

fn made(written: Result<(), CodecError>, tree: Result<Tree, Vec<DataError>>) -> Result<Tree, RpcError> {
    written.map_err(|e| RpcError::operation_failed(e.to_string()))?;
    tree.map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        RpcError::operation_failed(format!(
            "what the server says of its modules does not fit the model: {first}"
        ))
    })
}
