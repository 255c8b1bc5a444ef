//! The device of the dialogues, without generated types.

use crate::handler::{BoxFuture, Cx, Handlers, Registry, StateSender};
use crate::rpc_error::RpcError;
use crate::server::{Server, ServerBuilder};
use std::sync::{Arc, OnceLock};
use yang_data::codec::Limits;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::SliceSource;
use yang_schema::{NodeId, NodeKind, Schema};

/// The schema of the dialogues.
pub(in crate::server) fn schema() -> Arc<Schema> {
    static SCHEMA: OnceLock<Arc<Schema>> = OnceLock::new();
    let compile = || {
        let compiled =
            yang_parser::Compiler::new().source("device.yang", include_str!("device.yang")).compile();
        Arc::new(compiled.schema.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics)))
    };
    Arc::clone(SCHEMA.get_or_init(compile))
}

/// A tree from XML.
pub(in crate::server) fn tree(at: NodeId, xml: &str) -> Tree {
    let mut source = SliceSource::new(xml.as_bytes(), Limits::default());
    if at == NodeId::ROOT {
        return Tree::decode(&schema(), at, &mut source, &DecodeOptions::default()).unwrap();
    }
    let wrapped = format!("<x>{xml}</x>");
    let mut source = SliceSource::new(wrapped.as_bytes(), Limits::default());
    yang_data::event::Source::next(&mut source).unwrap();
    let mut inside = yang_data::event::Inside::new(&mut source);
    Tree::decode(&schema(), at, &mut inside, &DecodeOptions::default()).unwrap()
}

/// The content of a `data` element as a tree.
pub(in crate::server) fn tree_of(schema: &Arc<Schema>, data: &str) -> Tree {
    let mut source = SliceSource::new(data.as_bytes(), Limits::default());
    yang_data::event::Source::next(&mut source).unwrap();
    let mut inside = yang_data::event::Inside::new(&mut source);
    Tree::decode(schema, NodeId::ROOT, &mut inside, &DecodeOptions::default()).unwrap()
}

/// The node of a path.
pub(in crate::server) fn node(path: &str) -> NodeId {
    schema().find(path).unwrap().id()
}

/// What the device of the dialogues does.
pub(in crate::server) struct Device;

impl Handlers for Device {
    fn register(self: Arc<Self>, registry: &mut Registry) {
        registry.rpc_tree("device", "ping", |cx, input| Box::pin(ping(cx, input)));
        registry.rpc_tree("device", "reset", |_, input| {
            Box::pin(async move {
                let rpc = schema().node(input.at()).parent().unwrap().id();
                Ok(output(rpc, ""))
            })
        });
        registry.state_tree("/device:system", |_, out| {
            state(out, "<system xmlns='urn:device'><boots>3</boots></system>")
        });
        registry.state_tree("/device:interfaces", |_, out| {
            state(
                out,
                "<interfaces xmlns='urn:device'><interface><name>eth0</name>\
                 <counters><in>18446744073709551615</in></counters></interface></interfaces>",
            )
        });
    }
}

fn state(out: StateSender, xml: &'static str) -> BoxFuture<'static, Result<(), RpcError>> {
    Box::pin(async move { out.send_tree(tree(NodeId::ROOT, xml)).await })
}

fn output(rpc: NodeId, xml: &str) -> Tree {
    let schema = schema();
    let output = schema.node(rpc).children().find(|c| c.kind() == NodeKind::Output).unwrap().id();
    tree(output, xml)
}

async fn ping(cx: Cx, input: Tree) -> Result<Tree, RpcError> {
    let schema = schema();
    let rpc = schema.node(input.at()).parent().unwrap().id();
    let view = yang_data::view::View::of(&input);
    let host = schema.find("/device:ping/input/host").unwrap().id();
    let host = view.operation_node().unwrap().leaf(host).unwrap().canonical(&*schema).into_owned();
    match host.as_str() {
        "panic" => panic!("the handler was told to"),
        "sleep" => {
            tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
            unreachable!("the deadline comes first")
        }
        "refuse" => Err(RpcError::resource_denied("no more pings today").app_tag("tired")),
        "long" => {
            let answer = "x".repeat(60);
            // Past the types, as a careless handler would: the server's check must see it.
            let node = schema.find("/device:ping/output").unwrap().id();
            Tree::decode(
                &schema,
                node,
                &mut SliceSource::new(
                    format!("<answer xmlns='urn:device'>{answer}</answer>").as_bytes(),
                    Limits::default(),
                ),
                &DecodeOptions::default(),
            )
            .map_err(|e| RpcError::operation_failed(e[0].to_string()))
        }
        "alarm" => {
            cx.publisher().publish_tree(&tree(
                node("/device:alarm"),
                "<severity xmlns='urn:device'>7</severity><text xmlns='urn:device'>hot</text>",
            ))?;
            Ok(output(rpc, ""))
        }
        "who" | "trace" => {
            let who = format!("{} at {} by {}", cx.user(), cx.peer(), cx.transport());
            let answer = if host == "who" { who } else { cx.trace_id().to_owned() };
            Ok(output(rpc, &format!("<answer xmlns='urn:device'>{answer}</answer>")))
        }
        _ => {
            let answer = format!("{host} for {} of {}", cx.user(), cx.message_id());
            Ok(output(rpc, &format!("<answer xmlns='urn:device'>{answer}</answer>")))
        }
    }
}

/// A server of the device, before it is built.
pub(in crate::server) fn builder() -> ServerBuilder {
    Server::builder(schema()).handlers(Arc::new(Device))
}

/// A server of the device.
pub(in crate::server) async fn server() -> Server {
    builder().build().await.unwrap()
}
