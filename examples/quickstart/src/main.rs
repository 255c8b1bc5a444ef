//! A device and its typed client.
fn main() {}
