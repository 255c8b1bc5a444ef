//! What the documents say of the tree is so.

use std::path::{Path, PathBuf};
use toolchain_tests::corpus::workspace;

fn read(path: &str) -> String {
    std::fs::read_to_string(workspace().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// Words between backquotes, and targets of links.
fn named(text: &str) -> Vec<&str> {
    let quoted = text.split('`').skip(1).step_by(2);
    let linked = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    quoted.chain(linked).collect()
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let entries = |dir: &Path| -> Vec<String> {
        let found = std::fs::read_dir(dir).expect("a directory of the workspace");
        found.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect()
    };
    let top = entries(workspace());
    let crates = entries(&workspace().join("crates"));
    let mut checked = 0;
    for document in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
        for name in named(&read(document)) {
            let (first, rest) = name.split_once('/').unwrap_or((name, ""));
            let file = if top.iter().any(|t| t == first)
                && !name.contains(|c: char| c.is_whitespace() || c == '*')
            {
                PathBuf::from(name)
            } else if crates.iter().any(|c| c == first) && rest.ends_with(".rs") {
                Path::new("crates").join(first).join("src").join(rest)
            } else {
                continue;
            };
            checked += 1;
            assert!(workspace().join(&file).exists(), "{document} names {name}: no {}", file.display());
        }
    }
    assert!(checked > 60, "only {checked} paths were found in the documents");
}

#[test]
fn the_build_script_in_the_readme_is_the_quickstarts() {
    let readme = read("README.md");
    let script = read("examples/quickstart/build.rs");
    let code: Vec<&str> = script.lines().filter(|l| !l.starts_with("//")).collect();
    assert!(code.len() <= 14, "ten lines or so, not {}", code.len());
    assert!(readme.contains(&code.join("\n")), "README.md does not show examples/quickstart/build.rs");
}
