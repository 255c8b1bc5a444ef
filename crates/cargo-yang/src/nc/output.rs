//! How what came is shown.

use super::Context;
use super::indent::indent;
use super::stream::{Ask, NoContent};
use anyhow::{Result, anyhow};
use clap::ValueEnum;
use netconf_runtime::RpcError;
use netconf_runtime::client::{Data, Response};
use netconf_runtime::protocol::Notification;
use std::io::Write as _;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Name, Namespace, Source as _};
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::view::{Cursor, EncodeOptions, View};
use yang_data::{json, xml};
use yang_schema::{NodeId, NodeKind, Schema};

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Format {
    /// As it came, indented.
    Xml,
    /// RFC 7951.
    Json,
    /// Names and values, indented.
    Tree,
}

impl Format {
    pub(crate) fn needs_schema(self) -> bool {
        self != Self::Xml
    }
}

/// Devices send what their modules do not have, and a reader of output wants to see the rest.
fn decode_options() -> DecodeOptions {
    DecodeOptions { skip_unknown: true, ..DecodeOptions::default() }
}

fn told(errors: &[DataError]) -> anyhow::Error {
    let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
    anyhow!("what the device sent does not fit its modules: {}; `--output xml` shows it", all.join("; "))
}

/// A source that stands in the first element of a document.
fn inside_of(document: &str) -> Result<xml::SliceSource<'_>> {
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    loop {
        match source.next().map_err(|e| anyhow!("{e}"))? {
            Event::Open { .. } | Event::End => return Ok(source),
            _ => {}
        }
    }
}

impl Context {
    fn schema(&self) -> Result<&Arc<Schema>> {
        self.schema.as_ref().ok_or_else(|| anyhow!("JSON and trees need the device's modules: -p DIR"))
    }

    /// Asks for what stands in a datastore, and shows it.
    pub(crate) async fn show(&self, get: impl Into<Ask>) -> Result<()> {
        let ask = get.into();
        if self.streams() {
            return self.stream(ask.pieces().await?, NoContent::Wrong).await;
        }
        let data = ask.whole().await?;
        warn(data.warnings())?;
        self.show_data(&data)
    }

    fn show_data(&self, data: &Data) -> Result<()> {
        if self.output == Format::Xml {
            return line(&indent(&data.xml()));
        }
        self.show_view(&View::of(&data.tree(self.schema()?, &decode_options())?))
    }

    fn show_view(&self, view: &View) -> Result<()> {
        if self.output == Format::Tree {
            let mut out = String::new();
            draw(view.root(), 0, &mut out);
            return line(out.trim_end());
        }
        let mut writer = json::Writer::indented(Vec::new(), 2);
        view.encode(&mut writer, &EncodeOptions { config_only: false })?;
        line(&String::from_utf8_lossy(&writer.finish()?))
    }

    /// Shows the reply to any operation.
    pub(crate) fn show_reply(&self, reply: &Response) -> Result<()> {
        warn(&reply.errors)?;
        if reply.content.is_empty() {
            return line("ok");
        }
        let whole: String = reply.content.iter().map(|c| c.standalone()).collect();
        if self.output == Format::Xml {
            return line(&indent(&whole));
        }
        let schema = self.schema()?;
        let first = &reply.content[0];
        if first.local() == "data" && reply.content.len() == 1 {
            let mut source = inside_of(&whole)?;
            let tree = Tree::decode(schema, NodeId::ROOT, &mut Inside::new(&mut source), &decode_options())
                .map_err(|e| told(&e))?;
            return self.show_view(&View::of(&tree));
        }
        // The reply does not say what it answers; its first element mostly does.
        let name = Name { namespace: Namespace::Uri(first.namespace()), local: first.local() };
        let candidates = Operation::with_output(schema, name);
        let [operation] = candidates.as_slice() else {
            return line(&indent(&whole));
        };
        let document = format!("<output>{whole}</output>");
        let mut source = inside_of(&document)?;
        let output =
            Operation::decode_output(schema, *operation, &mut Inside::new(&mut source), &decode_options())
                .map_err(|e| told(&e))?;
        self.show_operation(&output)
    }

    fn show_operation(&self, operation: &Operation) -> Result<()> {
        if self.output == Format::Tree {
            let view = operation.alone().map_err(|e| told(&[e]))?;
            let mut out = String::new();
            match view.operation_node() {
                Some(node) => draw_one(node, 0, &mut out),
                None => draw(view.root(), 0, &mut out),
            }
            return line(out.trim_end());
        }
        let mut writer = json::Writer::indented(Vec::new(), 2);
        operation.encode(&mut writer, &EncodeOptions { config_only: false })?;
        line(&String::from_utf8_lossy(&writer.finish()?))
    }

    /// Shows a notification, with its time in front.
    pub(crate) fn show_notification(&self, notification: &Notification) -> Result<()> {
        let event = notification.event.standalone();
        if self.output == Format::Xml {
            return line(&format!("<!-- {} -->\n{}", notification.event_time, indent(&event)));
        }
        let schema = self.schema()?;
        let mut source = xml::SliceSource::new(event.as_bytes(), Limits::default());
        let decoded = Operation::decode(schema, OperationKind::Notification, &mut source, &decode_options());
        line(&format!("# {}", notification.event_time))?;
        match decoded {
            Ok(operation) => self.show_operation(&operation),
            // One that no module has is shown as it came: the next may be known.
            Err(_) => line(&indent(&event)),
        }
    }
}

/// Says what the device warned of.
pub(super) fn warn(warnings: &[RpcError]) -> Result<()> {
    let mut err = std::io::stderr().lock();
    for warning in warnings {
        writeln!(err, "warning: the device answers {warning}")?;
    }
    Ok(())
}

/// Writes a line, or several.
pub(crate) fn line(text: &str) -> Result<()> {
    Ok(crate::print(format!("{text}\n").as_bytes())?)
}

fn draw(parent: Cursor<'_>, depth: usize, out: &mut String) {
    for child in parent.children() {
        draw_one(child, depth, out);
    }
}

fn draw_one(node: Cursor<'_>, depth: usize, out: &mut String) {
    let pad = "  ".repeat(depth);
    let schema_node = node.node();
    let above = node.parent().filter(|p| !p.is_root()).map(|p| p.node().module());
    let prefix = if above == Some(schema_node.module()) {
        String::new()
    } else {
        format!("{}:", schema_node.module_name())
    };
    out.push_str(&format!("{pad}{prefix}{}", schema_node.name()));
    match schema_node.kind() {
        NodeKind::List => {
            let keys = node.keys();
            let named: Vec<String> = schema_node
                .keys()
                .filter_map(|key| node.child(key.id()).and_then(|k| k.text()).map(|t| t.into_owned()))
                .collect();
            if !keys.is_empty() {
                out.push_str(&format!(" [{}]", named.join(", ")));
            }
            out.push('\n');
            for child in node.children().filter(|c| !c.node().is_key()) {
                draw_one(child, depth + 1, out);
            }
        }
        _ => match node.text() {
            Some(text) => out.push_str(&format!(" {}\n", text.replace('\n', "\\n"))),
            None => {
                out.push('\n');
                draw(node, depth + 1, out);
            }
        },
    }
}
