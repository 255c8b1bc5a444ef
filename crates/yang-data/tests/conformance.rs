//! The conformance cases of a shared corpus, named by the environment variable `YANG_CORPUS`: documents and what a validator
//! must say of them.

#![allow(clippy::print_stderr, reason = "the counts are part of the answer")]

mod common;
use common::{brief, inside, lines};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::error::DataError;
use yang_data::json;
use yang_data::tree::{DecodeOptions, Tree, UnknownAnnotations};
use yang_data::validate::{ValidateOptions, validate};
use yang_data::view::View;
use yang_schema::{NodeId, Schema};

struct Row {
    line: usize,
    name: String,
    accept: bool,
    dir: PathBuf,
    modules: Vec<String>,
    instance: PathBuf,
    json: bool,
    config_only: bool,
    present_modules_only: bool,
    features: Vec<(String, Vec<String>)>,
    tag: Option<String>,
    app_tag: Option<String>,
}

fn rows(corpus: &Path) -> Vec<Row> {
    let text = std::fs::read_to_string(corpus.join("conformance/data.tsv")).expect("the table is there");
    let features_of = |field: &str| {
        let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for item in field.split(',').filter(|f| *f != "-") {
            let (module, feature) = item.split_once(':').expect("module:feature");
            let features = found.entry(module.to_owned()).or_default();
            features.extend((!feature.is_empty()).then(|| feature.to_owned()));
        }
        found.into_iter().collect()
    };
    let some = |field: &str| (field != "-").then(|| field.to_owned());
    text.lines()
        .enumerate()
        .skip(1)
        .map(|(i, line)| {
            let f: Vec<&str> = line.split('\t').collect();
            let dir = corpus.join("conformance").join(f[1]);
            Row {
                line: i + 1,
                name: format!("{}/{}", f[1], f[3]),
                accept: f[0] == "accept",
                modules: f[2].split(' ').map(str::to_owned).collect(),
                instance: dir.join(f[3]),
                dir,
                json: f[4] == "json",
                config_only: f[5] == "config",
                present_modules_only: f[6] == "yes",
                features: features_of(f[7]),
                tag: some(f[10]),
                app_tag: some(f[11]),
            }
        })
        .collect()
}

fn schema_of(corpus: &Path, row: &Row) -> Result<Arc<Schema>, String> {
    let mut compiler = yang_parser::Compiler::new()
        .search_path(&row.dir)
        .search_path(corpus.join("conformance/reject/_lib"));
    for module in &row.modules {
        compiler = compiler.file(row.dir.join(module));
    }
    for (module, features) in &row.features {
        compiler = compiler.features(module, features.clone());
    }
    let compilation = compiler.compile();
    compilation.schema.map(Arc::new).ok_or_else(|| {
        let messages: Vec<String> =
            compilation.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
        format!("modules do not compile: {}", messages.join("; "))
    })
}

fn verdict(schema: &Arc<Schema>, row: &Row) -> Result<(), Vec<DataError>> {
    let bytes = std::fs::read(&row.instance).expect("the instance is there");
    // Some documents carry metadata of another implementation, which its schema does not define.
    let unknown_annotations = UnknownAnnotations::Keep;
    let options =
        DecodeOptions { config_only: row.config_only, unknown_annotations, ..DecodeOptions::default() };
    let tree = if row.json {
        Tree::decode(schema, NodeId::ROOT, &mut json::SliceSource::new(&bytes, Limits::default()), &options)?
    } else {
        // Some files hold several roots: the content of a datastore rather than a document.
        let text = String::from_utf8_lossy(&bytes);
        let content =
            text.strip_prefix("<?xml").and_then(|t| t.split_once("?>")).map_or(&*text, |(_, rest)| rest);
        inside(content, |source| Tree::decode(schema, NodeId::ROOT, source, &options))?
    };
    let options = ValidateOptions {
        config_only: row.config_only,
        present_modules_only: row.present_modules_only,
        ..ValidateOptions::default()
    };
    let errors = validate(&View::of(&tree), &options);
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

fn hold(corpus: &Path, row: &Row) -> Result<(), String> {
    let schema = schema_of(corpus, row)?;
    match verdict(&schema, row) {
        Ok(()) if row.accept => Ok(()),
        Ok(()) => Err(format!("accepted; wanted {:?} {:?}", row.tag, row.app_tag)),
        Err(errors) if row.accept => Err(format!("rejected: {}", lines(&errors))),
        Err(errors) => {
            let found = errors.iter().any(|e| {
                row.tag.as_deref().is_none_or(|t| t == e.tag.as_str())
                    && row.app_tag.as_deref().is_none_or(|t| Some(t) == e.app_tag.as_deref())
            });
            let wanted = || format!("wanted {:?} {:?}, got {}", row.tag, row.app_tag, brief(&errors));
            if found { Ok(()) } else { Err(wanted()) }
        }
    }
}

#[test]
fn every_row_holds() {
    let Some(corpus) = std::env::var_os("YANG_CORPUS").map(PathBuf::from) else {
        eprintln!("skipped: YANG_CORPUS names no corpus");
        return;
    };
    let rows = rows(&corpus);
    let mut wrong = Vec::new();
    for row in &rows {
        if let Err(fault) = hold(&corpus, row) {
            wrong.push(format!("line {}: {}: {fault}", row.line, row.name));
        }
    }
    eprintln!("{} of {} rows hold", rows.len() - wrong.len(), rows.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
