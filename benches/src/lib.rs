//! Nothing: the measurements are the bench targets in `benches/`. `cargo bench -p toolchain-benches` prints them.
