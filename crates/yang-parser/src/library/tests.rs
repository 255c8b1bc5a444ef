use super::*;

fn load(texts: &[&str]) -> (Library, Vec<String>) {
    let roots: Vec<Root> =
        texts.iter().enumerate().map(|(i, t)| Root::Text(format!("t{i}"), (*t).into())).collect();
    let mut library = Library::load(&roots, SearchPath::default(), 1, Listener::default());
    let diagnostics = std::mem::take(&mut library.diagnostics).into_sorted();
    let found = diagnostics.iter().map(|d| format!("{}: {}", d.code, d.message)).collect();
    (library, found)
}

#[test]
fn prefixes_lead_to_modules() {
    let (library, errors) = load(&[
        "module b { namespace b; prefix x; import a { prefix y; } }",
        "module a { namespace a; prefix x; }",
    ]);
    assert_eq!(errors, Vec::<String>::new());
    let prefixes = &library.files[0].prefixes;
    assert_eq!(library.module(prefixes["x"]).name, "b");
    assert_eq!(library.module(prefixes["y"]).name, "a");
}

#[test]
fn what_links_wrongly() {
    for (texts, expected) in [
        (
            &["module a { namespace a; prefix a; import b { prefix b; } }"][..],
            "module-not-found: no module `b` was found",
        ),
        (
            &[
                "module a { namespace a; prefix a; import b { prefix b; } }",
                "module b { namespace b; prefix b; import a { prefix a; } }",
            ],
            "import-cycle: `b` and `a` import each other, directly or through others",
        ),
        (
            &["module a { namespace n; prefix a; }", "module b { namespace n; prefix b; }"],
            "duplicate-namespace: the namespace `n` is that of the module `a`",
        ),
        (
            &[
                "module a { namespace a; prefix a; import b { prefix a; } }",
                "module b { namespace b; prefix b; }",
            ],
            "duplicate-prefix: the prefix `a` is taken",
        ),
        (
            &["module a { namespace a; prefix a; include b; }", "module b { namespace b; prefix b; }"],
            "submodule-mismatch: `b` is a module, not a submodule",
        ),
        (
            &[
                "module a { namespace a; prefix a; include s; }",
                "submodule s { yang-version 1.1; belongs-to a { prefix a; } }",
            ],
            "version-mismatch: a module of YANG 1 includes a submodule of YANG 1.1",
        ),
        (
            &[
                "module a { namespace a; prefix a; import b { prefix b; revision-date 2020-01-01; } }",
                "module b { yang-version 1.1; namespace b; prefix b; revision 2020-01-01; }",
            ],
            "version-mismatch: a module of YANG 1 imports `b`, a module of YANG 1.1, by revision",
        ),
    ] {
        let (_, errors) = load(texts);
        assert_eq!(errors, [expected]);
    }
}

#[test]
fn the_newest_revision_is_implemented_and_the_other_importable() {
    let old = "module a { namespace a; prefix a; revision 2019-01-01; }";
    let new = "module a { namespace a; prefix a; revision 2020-01-01; revision 2019-01-01; }";
    let user = "module u { namespace u; prefix u; import a { prefix a; revision-date 2019-01-01; } }";
    for texts in [[old, new, user], [new, old, user], [user, new, old]] {
        let (library, errors) = load(&texts);
        assert_eq!(errors, Vec::<String>::new());
        for module in &library.modules {
            assert_eq!(
                module.implemented,
                module.revision.as_deref() != Some("2019-01-01"),
                "{}",
                module.name
            );
        }
        let user = library.files.iter().find(|f| f.name() == "u").unwrap();
        assert_eq!(library.module(user.prefixes["a"]).revision.as_deref(), Some("2019-01-01"));
    }
}

#[test]
fn submodules_are_part_of_their_module() {
    let (library, errors) = load(&[
        "module a { namespace a; prefix a; include s; }",
        "submodule s { belongs-to a { prefix p; } include t; }",
        "submodule t { belongs-to a { prefix q; } }",
    ]);
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(library.modules.len(), 1);
    assert_eq!(library.modules[0].files.len(), 3);
}
