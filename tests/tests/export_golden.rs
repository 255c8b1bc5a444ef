//! The module that structs describe, letter by letter, and what the generator makes of it.
//!
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo test -p toolchain-tests --test export_golden`, then read the difference.

#[path = "export/model.rs"]
#[allow(dead_code, unreachable_pub, reason = "a model")]
mod model;

use std::path::{Path, PathBuf};
use yang_data::binding::YangModule;
use yang_schema::Schema;

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/export")
}

fn text() -> String {
    model::Data::yang_module().expect("YANG can say it")
}

fn schema(text: &str) -> Schema {
    let compiled = yang_parser::Compiler::new().source("exported", text).compile();
    let told: Vec<String> =
        compiled.diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
    assert_eq!(told, Vec::<String>::new(), "{text}");
    compiled.schema.expect("it compiles")
}

#[test]
fn the_text_compiles_and_is_what_it_was() {
    let text = text();
    schema(&text);
    let path = golden().join("exported.yang");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(path, text).expect("it can be written");
    }
    assert_eq!(text, std::fs::read_to_string(path).expect("the golden file is there"));
}

#[test]
fn the_generator_makes_the_golden_file_of_it() {
    let schema = schema(&text());
    let options = yang_codegen::Options {
        paths: false,
        client: false,
        server: false,
        embed: false,
        ..Default::default()
    };
    let files = yang_codegen::generate(&schema, &[], &options).expect("all has a mapping");
    let file = files.files.iter().find(|f| f.path == "yang.gen.rs").expect("there is a root");
    let path = golden().join("exported.gen.rs");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return std::fs::write(path, &file.content).expect("it can be written");
    }
    let expected = std::fs::read(path).expect("the golden file is there");
    assert_eq!(String::from_utf8_lossy(&file.content), String::from_utf8_lossy(&expected));
}
