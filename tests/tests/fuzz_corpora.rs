//! Each fuzz corpus as an ordinary test: its files, the inputs that are too large for files, and seeded mutations.

use std::collections::BTreeSet;
use std::fs;
use std::time::{Duration, Instant};
use toolchain_tests::corpus::workspace;
use toolchain_tests::fuzz::{Mutator, TARGETS, Target};

/// No input takes longer, on a slow machine, without optimisation. What grows with the square of its input does.
const LIMIT: Duration = Duration::from_secs(20);

/// Files up to this size are mutated.
const MUTATED: usize = 8 * 1024;

/// How many mutations of each corpus run, at the smallest scale.
const MUTATIONS: u64 = 2_000;

fn files(target: &Target) -> Vec<(String, Vec<u8>)> {
    let directory = workspace().join("fuzz/corpus").join(target.name);
    let entries = fs::read_dir(&directory).unwrap_or_else(|e| panic!("{}: {e}", directory.display()));
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(&path).unwrap())
        })
        .collect();
    files.sort();
    assert!(!files.is_empty(), "{} has no corpus", target.name);
    files
}

fn run(target: &Target, what: &str, data: &[u8]) {
    let start = Instant::now();
    (target.run)(data);
    let took = start.elapsed();
    assert!(took < LIMIT, "{}: {what} ({} bytes) took {took:?}", target.name, data.len());
}

#[test]
fn files_and_what_is_too_large_for_files() {
    for target in TARGETS {
        for (name, data) in files(target) {
            run(target, &name, &data);
        }
        for (what, data) in (target.large)() {
            run(target, what, &data);
        }
    }
}

#[test]
fn mutations() {
    let scale = std::env::var("CI_SCALE").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    for target in TARGETS {
        let inputs: Vec<Vec<u8>> =
            files(target).into_iter().map(|(_, data)| data).filter(|data| data.len() <= MUTATED).collect();
        for seed in 0..MUTATIONS * scale {
            let data = Mutator::new(seed).mutate(&inputs);
            // A panic shows the seed that made it.
            let outcome = std::panic::catch_unwind(|| run(target, "a mutation", &data));
            assert!(outcome.is_ok(), "{}, seed {seed}: {}", target.name, String::from_utf8_lossy(&data));
        }
    }
}

#[test]
fn every_target_is_fuzzed_and_tested() {
    let names = |directory: &str| -> BTreeSet<String> {
        fs::read_dir(workspace().join("fuzz").join(directory))
            .unwrap()
            .map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned())
            .collect()
    };
    let tested: BTreeSet<String> = TARGETS.iter().map(|t| t.name.to_owned()).collect();
    assert_eq!(names("fuzz_targets"), tested);
    assert_eq!(names("corpus"), tested);
    let manifest = fs::read_to_string(workspace().join("fuzz/Cargo.toml")).unwrap();
    for name in tested {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "fuzz/Cargo.toml has no [[bin]] {name}");
    }
}

#[test]
fn the_mutator_changes_its_input_and_repeats_itself() {
    let inputs = vec![b"module m { prefix m; }".to_vec(), b"leaf a;".to_vec()];
    let made: BTreeSet<Vec<u8>> = (0..100).map(|seed| Mutator::new(seed).mutate(&inputs)).collect();
    assert!(made.len() > 60, "{}", made.len());
    assert_eq!(Mutator::new(7).mutate(&inputs), Mutator::new(7).mutate(&inputs));
}
