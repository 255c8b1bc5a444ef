//! Schemas from YANG, trees from XML.
#![allow(dead_code, reason = "each test crate uses its part")]

use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Source};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::validate::{ValidateOptions, settle_whens, validate};
use yang_data::view::{EncodeOptions, View};
use yang_data::xml;
use yang_schema::{NodeId, Schema};

/// Compiles modules; all of them are implemented.
pub(crate) fn schema(modules: &[&str]) -> Arc<Schema> {
    let mut compiler = yang_parser::Compiler::new();
    for (i, text) in modules.iter().enumerate() {
        compiler = compiler.source(format!("test-{i}.yang"), *text);
    }
    let compilation = compiler.compile();
    match compilation.schema {
        Some(schema) => Arc::new(schema),
        None => panic!("{:#?}", compilation.diagnostics),
    }
}

/// Reads what stands inside one element around `text`.
pub(crate) fn inside<R>(text: &str, read: impl FnOnce(&mut dyn Source) -> R) -> R {
    let document = format!("<outermost>{text}</outermost>");
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    read(&mut Inside::new(&mut source))
}

pub(crate) fn decode_at(schema: &Arc<Schema>, at: NodeId, text: &str) -> Result<Tree, Vec<DataError>> {
    inside(text, |source| Tree::decode(schema, at, source, &DecodeOptions::default()))
}

pub(crate) fn decode(schema: &Arc<Schema>, text: &str) -> Result<Tree, Vec<DataError>> {
    decode_at(schema, NodeId::ROOT, text)
}

pub(crate) fn tree(schema: &Arc<Schema>, text: &str) -> Tree {
    decode(schema, text).unwrap_or_else(|e| panic!("{}", lines(&e)))
}

/// The XML of a tree, without the namespace declarations, one element on another's heels.
pub(crate) fn text(tree: &Tree) -> String {
    view_text(&View::of(tree))
}

pub(crate) fn view_text(view: &View) -> String {
    plain(&xml::to_string(|sink| view.encode(sink, &EncodeOptions::default())).expect("a string takes all"))
}

/// XML without its namespace declarations.
pub(crate) fn plain(xml: &str) -> String {
    let mut plain = String::new();
    let mut rest = xml;
    while let Some(start) = rest.find(" xmlns") {
        plain.push_str(&rest[..start]);
        let value = rest[start..].find('"').map_or(rest.len(), |i| start + i + 1);
        let end = rest[value..].find('"').map_or(rest.len(), |i| value + i + 1);
        rest = &rest[end..];
    }
    plain + rest
}

pub(crate) fn edit(schema: &Arc<Schema>, text: &str) -> Result<Edit, Vec<DataError>> {
    inside(text, |source| Edit::decode(schema, source))
}

pub(crate) fn edit_for(schema: &Arc<Schema>, text: &str, commit: u64) -> Result<Edit, Vec<DataError>> {
    inside(text, |source| Edit::decode_for(schema, source, commit))
}

/// The tree after an edit whose nodes say what is to be done.
pub(crate) fn apply(
    tree: &Tree,
    default_operation: DefaultOperation,
    text: &str,
) -> Result<Tree, Vec<DataError>> {
    let options = ApplyOptions { default_operation, commit: tree.commit() + 1 };
    let new = edit(tree.schema(), text)?.apply(tree, &options);
    // Whether the commit is known when the edit is read makes no difference.
    let foreseen = edit_for(tree.schema(), text, options.commit)?.apply(tree, &options);
    assert_eq!(foreseen, new);
    let new = new?;
    Ok(settle_whens(&new, tree, options.commit)?.tree)
}

pub(crate) fn faults(tree: &Tree) -> Vec<DataError> {
    validate(&View::of(tree), &ValidateOptions::default())
}

/// Tag, app-tag and path of each error, one a line.
pub(crate) fn brief(errors: &[DataError]) -> String {
    let line = |e: &DataError| format!("{} {} {}", e.tag, e.app_tag.as_deref().unwrap_or("-"), e.path);
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn lines(errors: &[DataError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
