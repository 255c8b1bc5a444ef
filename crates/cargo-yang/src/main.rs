//! The `cargo yang` subcommand.
fn main() {}
