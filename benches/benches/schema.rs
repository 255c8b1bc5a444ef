//! What a device saves by carrying its schema as a blob: compiling the quickstart's modules from text against loading
//! the same schema from bytes.

use std::path::PathBuf;
use yang_parser::Compiler;
use yang_schema::Schema;

fn main() {
    divan::main();
}

fn compile() -> Schema {
    let models = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/quickstart/yang"));
    let compiled = Compiler::new()
        .search_path(models)
        .module("ietf-ip")
        .module("iana-if-type")
        .module("example-toaster")
        .compile();
    compiled.schema.expect("the quickstart's modules compile")
}

/// Reads the files, parses, checks.
#[divan::bench]
fn from_text() -> Schema {
    compile()
}

/// Loads the bytes and builds the look-up tables.
#[divan::bench]
fn from_blob(bencher: divan::Bencher<'_, '_>) {
    let bytes = compile().to_bytes();
    bencher.counter(divan::counter::BytesCount::new(bytes.len())).bench(|| Schema::from_bytes(&bytes));
}
