//! What deny.toml demands of licences and sources, held without a further tool.

use toolchain_tests::cargo::packages;
use toolchain_tests::corpus::workspace;

/// What of deny.toml is held here.
#[derive(serde::Deserialize)]
struct Deny {
    licenses: Licences,
    bans: Bans,
}

#[derive(serde::Deserialize)]
struct Licences {
    allow: Vec<String>,
    exceptions: Vec<Exception>,
}

#[derive(serde::Deserialize)]
struct Exception {
    #[serde(rename = "crate")]
    name: String,
    allow: Vec<String>,
}

#[derive(serde::Deserialize)]
struct Bans {
    deny: Vec<Banned>,
}

#[derive(serde::Deserialize)]
struct Banned {
    #[serde(rename = "crate")]
    name: String,
}

fn deny() -> Deny {
    let text = std::fs::read_to_string(workspace().join("deny.toml")).expect("deny.toml");
    toml::from_str(&text).expect("deny.toml as cargo-deny documents it")
}

#[test]
fn every_licence_is_allowed() {
    let licences = deny().licenses;
    let refused: Vec<String> = packages()
        .iter()
        .filter(|p| {
            let allowed = |licence: &str| {
                let excepted = licences.exceptions.iter().filter(|e| e.name == p.name).flat_map(|e| &e.allow);
                licences.allow.iter().chain(excepted).any(|a| a == licence)
            };
            !p.license.as_deref().is_some_and(|expression| satisfied(expression, &allowed))
        })
        .map(|p| format!("{} {}: {}", p.name, p.version, p.license.as_deref().unwrap_or("no licence")))
        .collect();
    assert!(refused.is_empty(), "deny.toml does not allow:\n{}", refused.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let packages = packages();
    for exception in deny().licenses.exceptions {
        assert!(
            packages.iter().any(|p| p.name == exception.name),
            "nothing uses {} any more",
            exception.name
        );
    }
}

#[test]
fn every_package_comes_from_the_public_registry_or_this_workspace() {
    let packages = packages();
    let ours = packages.iter().filter(|p| p.source.is_none()).count();
    assert!((9..30).contains(&ours), "this workspace has {ours} packages?");
    let strange: Vec<_> = packages
        .iter()
        .filter(|p| {
            let source = p.source.as_deref();
            source.is_some_and(|s| !s.starts_with("registry+") || !s.ends_with("/crates.io-index"))
        })
        .map(|p| format!("{} {}: {:?}", p.name, p.version, p.source))
        .collect();
    assert!(strange.is_empty(), "{}", strange.join("\n"));
}

#[test]
fn what_is_banned_is_absent() {
    let packages = packages();
    for banned in deny().bans.deny {
        assert!(packages.iter().all(|p| p.name != banned.name), "{} came in", banned.name);
    }
}

/// Is an SPDX expression satisfied by licences that are allowed? `AND` binds closer than `OR`; `WITH` makes another
/// licence of what stands before it; the old form `A/B` is `A OR B`.
fn satisfied(expression: &str, allowed: &dyn Fn(&str) -> bool) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut tokens = spaced.split_whitespace().peekable();
    let ok = either(&mut tokens, allowed);
    assert!(tokens.next().is_none(), "not an SPDX expression: {expression}");
    ok
}

type Tokens<'t> = std::iter::Peekable<std::str::SplitWhitespace<'t>>;

fn either(tokens: &mut Tokens<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut ok = both(tokens, allowed);
    while tokens.next_if_eq(&"OR").is_some() {
        ok |= both(tokens, allowed);
    }
    ok
}

fn both(tokens: &mut Tokens<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    let mut ok = one(tokens, allowed);
    while tokens.next_if_eq(&"AND").is_some() {
        ok &= one(tokens, allowed);
    }
    ok
}

fn one(tokens: &mut Tokens<'_>, allowed: &dyn Fn(&str) -> bool) -> bool {
    if tokens.next_if_eq(&"(").is_some() {
        let ok = either(tokens, allowed);
        assert_eq!(tokens.next(), Some(")"), "a parenthesis is not closed");
        return ok;
    }
    let licence = tokens.next().expect("a licence");
    match tokens.next_if_eq(&"WITH") {
        Some(_) => allowed(&format!("{licence} WITH {}", tokens.next().expect("an exception"))),
        None => allowed(licence),
    }
}

#[test]
fn expressions_are_read_as_spdx_says() {
    let allowed = |l: &str| l == "MIT" || l == "ISC";
    for good in ["MIT", "GPL-2.0/MIT", "MIT AND ISC", "(GPL-2.0 OR ISC) AND MIT", "GPL-2.0 AND X OR MIT"] {
        assert!(satisfied(good, &allowed), "{good}");
    }
    for bad in ["GPL-2.0", "MIT AND GPL-2.0", "MIT WITH X", "MIT AND (X OR Y)", "ISC AND X OR Y"] {
        assert!(!satisfied(bad, &allowed), "{bad}");
    }
}
