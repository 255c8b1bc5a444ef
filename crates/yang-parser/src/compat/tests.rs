//! Each rule of section 11, kept and broken.

use super::{Rule, Step, Verdict, compare};
use crate::{Compilation, Compiler};

fn compiled(name: &str, header: &str, body: &str) -> Compilation {
    let text = format!(
        "module m {{ yang-version 1.1; namespace urn:m; prefix m; {header}
           feature f; feature g;
           identity base-one; identity base-two; identity thing {{ base base-one; }}
           {body} }}"
    );
    let compilation = Compiler::new().groupings(true).source(name, text).compile();
    let faults: Vec<_> = compilation.diagnostics.iter().map(|d| &d.message).collect();
    assert!(compilation.schema.is_some(), "{body}: {faults:?}");
    compilation
}

fn rules(old: &str, new: &str) -> Vec<Rule> {
    let old = compiled("old", "revision 2025-01-01;", old);
    let new = compiled("new", "revision 2026-01-01; revision 2025-01-01;", new);
    compare(&old, &new).unwrap().changes.iter().map(|c| c.rule).collect()
}

/// One row: what stood there, what stands there now, and the changes that this is.
type Row = (&'static str, &'static str, &'static [Rule]);

const ROWS: &[Row] = &[
    // What is the same by other words is no change.
    ("leaf a { type int8 { range 1..4; } }", "leaf a { type int8 { range \"1..2 | 3 .. 4\"; } }", &[]),
    ("leaf a { type string; }", "grouping s { leaf a { type string; } } uses s;", &[Rule::GroupingAdded]),
    ("leaf a { type t; } typedef t { type int8; }", "leaf a { type int8; } typedef t { type int8; }", &[]),
    ("leaf a { type int8; must \". > 1\"; }", "leaf a { type int8; must '(.  >1)'; }", &[]),
    (
        "leaf a { type int8; must '../b'; } leaf b { type int8; }",
        "leaf a { type int8; must '../m:b'; } leaf b { type int8; }",
        &[],
    ),
    ("leaf a { if-feature f; type int8; }", "leaf a { if-feature m:f; type int8; }", &[]),
    ("choice c { leaf a { type int8; } }", "choice c { case a { leaf a { type int8; } } }", &[]),
    // Enums and bits.
    (
        "leaf a { type enumeration { enum x; } }",
        "leaf a { type enumeration { enum x; enum y; } }",
        &[Rule::ItemAdded],
    ),
    (
        "leaf a { type enumeration { enum x; } }",
        "leaf a { type enumeration { enum y; enum x; } }",
        &[Rule::ItemValueChanged, Rule::ItemAdded],
    ),
    (
        "leaf a { type enumeration { enum x; enum y; } }",
        "leaf a { type enumeration { enum y { value 1; } } }",
        &[Rule::ItemRemoved],
    ),
    ("leaf a { type bits { bit x; } }", "leaf a { type bits { bit x; bit y; } }", &[Rule::ItemAdded]),
    (
        "leaf a { type bits { bit x; bit y; } }",
        "leaf a { type bits { bit y; bit x; } }",
        &[Rule::ItemValueChanged, Rule::ItemValueChanged],
    ),
    (
        "leaf a { type enumeration { enum x; } }",
        "leaf a { type enumeration { enum x { status deprecated; } } }",
        &[Rule::StatusAdvanced],
    ),
    (
        "leaf a { type enumeration { enum x; } }",
        "leaf a { type enumeration { enum x { if-feature f; } } }",
        &[Rule::IfFeatureAdded],
    ),
    // Ranges, lengths, patterns.
    ("leaf a { type int8 { range 1..4; } }", "leaf a { type int8 { range 0..4; } }", &[Rule::ValuesWidened]),
    ("leaf a { type int8 { range 1..4; } }", "leaf a { type int8; }", &[Rule::ValuesWidened]),
    ("leaf a { type int8 { range 1..4; } }", "leaf a { type int8 { range 2..5; } }", &[Rule::ValuesNarrowed]),
    (
        "leaf a { type int8 { range 1..4; } }",
        "leaf a { type int8 { range 1..2|4; } }",
        &[Rule::ValuesNarrowed],
    ),
    ("leaf a { type string; }", "leaf a { type string { length 1..max; } }", &[Rule::ValuesNarrowed]),
    (
        "leaf a { type string { length 2; } }",
        "leaf a { type string { length 1..2; } }",
        &[Rule::ValuesWidened],
    ),
    ("leaf a { type binary { length 2; } }", "leaf a { type binary { length 3; } }", &[Rule::ValuesNarrowed]),
    ("leaf a { type string { pattern x; } }", "leaf a { type string; }", &[Rule::PatternRemoved]),
    ("leaf a { type string; }", "leaf a { type string { pattern x; } }", &[Rule::PatternAdded]),
    (
        "leaf a { type string { pattern x; } }",
        "leaf a { type string { pattern x|y; } }",
        &[Rule::PatternChanged],
    ),
    (
        "leaf a { type decimal64 { fraction-digits 2; range 1..4; } }",
        "leaf a { type decimal64 { fraction-digits 2; range 1..5; } }",
        &[Rule::ValuesWidened],
    ),
    (
        "leaf a { type decimal64 { fraction-digits 2; } }",
        "leaf a { type decimal64 { fraction-digits 3; } }",
        &[Rule::TypeChanged],
    ),
    // Defaults and units.
    ("leaf a { type int8; }", "leaf a { type int8; default 1; }", &[Rule::DefaultAdded]),
    (
        "leaf a { type t; } typedef t { type int8; default 2; }",
        "leaf a { type t; default 1; } typedef t { type int8; default 2; }",
        &[Rule::DefaultChanged],
    ),
    ("leaf a { type int8; default 1; }", "leaf a { type int8; }", &[Rule::DefaultChanged]),
    ("leaf a { type int8; default 1; }", "leaf a { type int8; default 0x1; }", &[]),
    ("leaf a { type int8; }", "leaf a { type int8; units s; }", &[Rule::UnitsAdded]),
    ("leaf a { type int8; units ms; }", "leaf a { type int8; units s; }", &[Rule::UnitsChanged]),
    ("leaf a { type int8; units ms; }", "leaf a { type int8; }", &[Rule::UnitsChanged]),
    (
        "choice c { default a; leaf a { type int8; } leaf b { type int8; } }",
        "choice c { default b; leaf a { type int8; } leaf b { type int8; } }",
        &[Rule::DefaultChanged],
    ),
    // Texts.
    ("leaf a { type int8; }", "leaf a { type int8; reference \"RFC 1\"; }", &[Rule::TextChanged]),
    ("leaf a { type int8; description x; }", "leaf a { type int8; description y; }", &[Rule::TextChanged]),
    (
        "leaf a { type int8 { range 1..2; } }",
        "leaf a { type int8 { range 1..2 { error-message no; } } }",
        &[Rule::TextChanged],
    ),
    // Conditions.
    ("leaf a { type int8; must '. > 1'; }", "leaf a { type int8; }", &[Rule::MustRemoved]),
    ("leaf a { type int8; }", "leaf a { type int8; must '. > 1'; }", &[Rule::MustAdded]),
    ("leaf a { type int8; must '. > 1'; }", "leaf a { type int8; must '. > 0'; }", &[Rule::MustChanged]),
    (
        "leaf a { type int8; } leaf b { when ../a; type int8; }",
        "leaf a { type int8; } leaf b { type int8; }",
        &[Rule::WhenRemoved],
    ),
    (
        "leaf a { type int8; } leaf b { type int8; }",
        "leaf a { type int8; } leaf b { when ../a; type int8; }",
        &[Rule::WhenAdded],
    ),
    ("leaf a { if-feature f; type int8; }", "leaf a { type int8; }", &[Rule::IfFeatureRemoved]),
    (
        "container c { leaf a { if-feature f; type int8; mandatory true; } }",
        "container c { leaf a { type int8; mandatory true; } }",
        &[Rule::IfFeatureRemovedMandatory],
    ),
    ("leaf a { type int8; }", "leaf a { if-feature f; type int8; }", &[Rule::IfFeatureAdded]),
    (
        "leaf a { if-feature f; type int8; }",
        "leaf a { if-feature 'f or g'; type int8; }",
        &[Rule::IfFeatureChanged],
    ),
    ("leaf a { type int8; mandatory true; }", "leaf a { type int8; }", &[Rule::MandatoryRemoved]),
    ("leaf a { type int8; }", "leaf a { type int8; mandatory true; }", &[Rule::MandatoryAdded]),
    (
        "leaf-list a { type int8; min-elements 2; }",
        "leaf-list a { type int8; min-elements 1; }",
        &[Rule::MinElementsLowered],
    ),
    ("leaf-list a { type int8; }", "leaf-list a { type int8; min-elements 1; }", &[Rule::MinElementsRaised]),
    ("leaf-list a { type int8; max-elements 2; }", "leaf-list a { type int8; }", &[Rule::MaxElementsRaised]),
    ("leaf-list a { type int8; }", "leaf-list a { type int8; max-elements 9; }", &[Rule::MaxElementsLowered]),
    // Identities.
    (
        "identity i { base base-one; }",
        "identity i { base base-one; base base-two; }",
        &[Rule::IdentityBaseAdded],
    ),
    ("identity i { base base-one; }", "identity i;", &[Rule::IdentityBaseRemoved]),
    (
        "leaf a { type identityref { base base-one; base base-two; } }",
        "leaf a { type identityref { base base-one; } }",
        &[Rule::BaseRemoved, Rule::TypeRenamed],
    ),
    (
        "leaf a { type identityref { base base-one; } }",
        "leaf a { type identityref { base base-one; base base-two; } }",
        &[Rule::BaseAdded],
    ),
    // New definitions.
    (
        "",
        "typedef t { type int8; } grouping r; rpc p; notification n; extension e; feature h; identity i;",
        &[
            Rule::FeatureAdded,
            Rule::IdentityAdded,
            Rule::TypedefAdded,
            Rule::ExtensionAdded,
            Rule::NodeAdded,
            Rule::NodeAdded,
            Rule::GroupingAdded,
        ],
    ),
    ("container c;", "container c { leaf a { type int8; } }", &[Rule::NodeAdded]),
    ("container c;", "container c { leaf a { type int8; mandatory true; } }", &[Rule::MandatoryNodeAdded]),
    (
        "container c;",
        "container c { container d { leaf a { type int8; mandatory true; } } }",
        &[Rule::MandatoryNodeAdded],
    ),
    (
        "container c;",
        "container c { container d { presence x; leaf a { type int8; mandatory true; } } }",
        &[Rule::NodeAdded],
    ),
    ("container c;", "container c { list l { config false; min-elements 1; } }", &[Rule::MandatoryNodeAdded]),
    (
        "container c;",
        "feature h; container c { leaf a { if-feature h; type int8; mandatory true; } }",
        &[Rule::FeatureAdded, Rule::NodeAdded],
    ),
    (
        "container c;",
        "feature h; container c { leaf a { if-feature 'h or f'; type int8; mandatory true; } }",
        &[Rule::FeatureAdded, Rule::MandatoryNodeAdded],
    ),
    (
        "container c;",
        "container c { leaf a { if-feature f; type int8; mandatory true; } }",
        &[Rule::MandatoryNodeAdded],
    ),
    (
        "choice c { leaf a { type int8; } }",
        "choice c { leaf a { type int8; } case b { leaf b { type int8; mandatory true; } } }",
        &[Rule::NodeAdded],
    ),
    // State and configuration.
    ("leaf a { config false; type int8; }", "leaf a { type int8; }", &[Rule::ConfigAdded]),
    (
        "leaf a { config false; type int8; mandatory true; }",
        "leaf a { type int8; mandatory true; }",
        &[Rule::ConfigAddedMandatory],
    ),
    (
        "container c { leaf a { type int8; } }",
        "container c { config false; leaf a { type int8; } }",
        &[Rule::ConfigRemoved],
    ),
    // Status.
    ("leaf a { type int8; }", "leaf a { type int8; status obsolete; }", &[Rule::StatusAdvanced]),
    (
        "leaf a { type int8; status obsolete; }",
        "leaf a { type int8; status deprecated; }",
        &[Rule::StatusReverted],
    ),
    // Types.
    ("leaf a { type int8; }", "leaf a { type int16; }", &[Rule::TypeChanged]),
    (
        "leaf a { type union { type int8; type string; } }",
        "leaf a { type union { type string; type int8; } }",
        &[Rule::TypeChanged, Rule::TypeChanged],
    ),
    (
        "leaf a { type union { type int8; } }",
        "leaf a { type union { type int8; type string; } }",
        &[Rule::TypeChanged],
    ),
    (
        "leaf a { type union { type int8 { range 1..2; } type string; } }",
        "leaf a { type union { type int8; type string; } }",
        &[Rule::ValuesWidened],
    ),
    (
        "leaf a { type int8; } leaf b { type int8; } leaf c { type leafref { path ../a; } }",
        "leaf a { type int8; } leaf b { type int8; } leaf c { type leafref { path ../b; } }",
        &[Rule::LeafrefTargetChanged],
    ),
    (
        "leaf a { type int8; } leaf c { type leafref { path ../a; } }",
        "leaf a { type int8; } leaf c { type leafref { path /m:a; } }",
        &[],
    ),
    (
        "leaf a { type int8; } leaf c { type leafref { path ../a; } }",
        "leaf a { type int8; } leaf c { type leafref { path ../a; require-instance false; } }",
        &[Rule::RequireInstanceChanged],
    ),
    (
        "typedef t { type enumeration { enum x; } } leaf a { type t; }",
        "typedef t { type enumeration { enum x; } } leaf a { type enumeration { enum x; } }",
        &[Rule::TypeRenamed],
    ),
    (
        "typedef t { type enumeration { enum x; } } typedef u { type t; } leaf a { type t; }",
        "typedef t { type enumeration { enum x; } } typedef u { type t; } leaf a { type u; }",
        &[],
    ),
    // What may not change at all.
    ("leaf a { type int8; }", "", &[Rule::NodeRemoved]),
    ("typedef t { type int8; }", "", &[Rule::TypedefRemoved]),
    ("grouping r;", "", &[Rule::GroupingRemoved]),
    ("extension e;", "", &[Rule::ExtensionRemoved]),
    ("extension e;", "extension e { argument x; }", &[Rule::ExtensionArgumentChanged]),
    ("leaf a { type int8; }", "container a;", &[Rule::KindChanged]),
    ("container a;", "container a { presence x; }", &[Rule::PresenceChanged]),
    ("leaf-list a { type int8; }", "leaf-list a { type int8; ordered-by user; }", &[Rule::OrderedByChanged]),
    (
        "list l { key a; leaf a { type int8; } leaf b { type int8; } }",
        "list l { key \"a b\"; leaf a { type int8; } leaf b { type int8; } }",
        &[Rule::KeyChanged],
    ),
    (
        "list l { key a; leaf a { type int8; } leaf b { type int8; } }",
        "list l { key a; unique b; leaf a { type int8; } leaf b { type int8; } }",
        &[Rule::UniqueChanged],
    ),
    (
        "container c { leaf a { type int8; } leaf b { type int8; } }",
        "container c { leaf b { type int8; } leaf a { type int8; } }",
        &[Rule::Reordered],
    ),
    (
        "container c { leaf a { type int8; } leaf b { type int8; } }",
        "container c { leaf a { type int8; } leaf x { type int8; } leaf b { type int8; } }",
        &[Rule::NodeAdded],
    ),
    (
        "rpc p { input { leaf a { type int8; } } }",
        "rpc p { input { leaf a { type int8; mandatory true; } } }",
        &[Rule::MandatoryAdded],
    ),
    ("grouping r { leaf a { type int8; } }", "grouping r { leaf a { type string; } }", &[Rule::TypeChanged]),
    (
        "extension e { argument x; } leaf a { m:e 1; type int8; }",
        "extension e { argument x; } leaf a { m:e 2; type int8; }",
        &[Rule::ExtensionUseChanged, Rule::ExtensionUseChanged],
    ),
];

#[test]
fn each_change_is_known_for_what_it_is() {
    for &(old, new, expected) in ROWS {
        assert_eq!(rules(old, new), expected, "\n{old}\n{new}");
    }
}

#[test]
fn the_rows_name_nearly_every_rule() {
    let elsewhere = [
        Rule::ModuleRemoved,
        Rule::ModuleAdded,
        Rule::NamespaceChanged,
        Rule::PrefixChanged,
        Rule::RevisionMissing,
        Rule::YangVersionChanged,
        Rule::FeatureRemoved,
        Rule::IdentityRemoved,
        Rule::AnnotationRemoved,
        Rule::AnnotationAdded,
        Rule::WhenChanged,
        Rule::LeafrefPathChanged,
    ];
    for rule in Rule::ALL {
        let here = ROWS.iter().any(|(_, _, rules)| rules.contains(rule));
        assert!(here != elsewhere.contains(rule), "{}", rule.name());
    }
}

fn pair(old: &str, new: &str) -> Vec<Rule> {
    let compile = |text: &str| {
        let compilation = Compiler::new().source("m", text).compile();
        assert!(compilation.schema.is_some(), "{text}: {:?}", compilation.diagnostics);
        compilation
    };
    compare(&compile(old), &compile(new)).unwrap().changes.iter().map(|c| c.rule).collect()
}

#[test]
fn what_stands_at_the_head_of_a_module() {
    let head = |rest: &str| format!("module m {{ namespace urn:m; prefix m; {rest} }}");
    let old = head("revision 2025-01-01; leaf a { type int8; }");
    // No change, no need of a revision.
    assert_eq!(pair(&old, &old), []);
    assert_eq!(
        pair(&old, &head("revision 2025-01-01; leaf a { type int8; } leaf b { type int8; }")),
        [Rule::RevisionMissing, Rule::NodeAdded]
    );
    assert_eq!(pair(&old, &head("leaf a { type int8; }  leaf b { type int8; }"))[0], Rule::RevisionMissing);
    let renewed = "revision 2026-01-01; leaf a { type int8; }";
    assert_eq!(pair(&old, &head(renewed)), []);
    assert_eq!(
        pair(&old, &format!("module m {{ namespace urn:x; prefix x; yang-version 1.1; {renewed} }}")),
        [Rule::NamespaceChanged, Rule::PrefixChanged, Rule::YangVersionChanged]
    );
    assert_eq!(
        pair(&old, &format!("module n {{ namespace urn:n; prefix n; {renewed} }}")),
        [Rule::ModuleRemoved, Rule::ModuleAdded]
    );
    assert_eq!(
        pair(&head("revision 2025-01-01; feature f; identity i;"), &head("revision 2026-01-01;")),
        [Rule::FeatureRemoved, Rule::IdentityRemoved]
    );
    let joined = |p: &str, w: &str| {
        head(&format!(
            "revision 202{}-01-01; list l {{ key k; leaf k {{ type string; }} leaf v {{ type string; }} }}
             leaf n {{ type string; }}
             leaf r {{ when \"{w}\"; type leafref {{ path \"/m:l[m:k = current()/../m:{p}]/m:v\"; }} }}
             leaf o {{ type string; }}",
            if p == "n" { 5 } else { 6 }
        ))
    };
    assert_eq!(
        pair(&joined("n", "../n"), &joined("o", "../o")),
        [Rule::LeafrefPathChanged, Rule::WhenChanged]
    );
}

#[test]
fn annotations_come_and_go() {
    let metadata =
        "module ietf-yang-metadata { namespace urn:ietf:params:xml:ns:yang:ietf-yang-metadata; prefix md;
        extension annotation { argument name; } }";
    let of = |body: &str, year: u32| {
        let module = format!(
            "module m {{ yang-version 1.1; namespace urn:m; prefix m; import ietf-yang-metadata {{ prefix md; }}
               revision {year}-01-01; {body} }}"
        );
        let compilation = Compiler::new().source("md", metadata).source("m", module).compile();
        assert!(compilation.schema.is_some(), "{:?}", compilation.diagnostics);
        compilation
    };
    let (with, without) = (of("md:annotation seen { type string; }", 2025), of("", 2026));
    let rules = |a, b| compare(a, b).unwrap().changes.iter().map(|c| c.rule).collect::<Vec<_>>();
    assert!(rules(&with, &without).contains(&Rule::AnnotationRemoved));
    assert!(rules(&without, &with).contains(&Rule::AnnotationAdded));
}

#[test]
fn the_step_is_that_of_the_gravest_change() {
    let of = |old: &str, new: &str| {
        let old = compiled("old", "revision 2025-01-01;", old);
        let new = compiled("new", "revision 2026-01-01; revision 2025-01-01;", new);
        compare(&old, &new).unwrap().step()
    };
    assert_eq!(of("leaf a { type int8; }", "leaf a { type int8; }"), None);
    assert_eq!(of("leaf a { type int8; }", "leaf a { type int8; reference x; }"), Some(Step::Patch));
    assert_eq!(of("", "leaf a { type int8; reference x; }"), Some(Step::Minor));
    assert_eq!(of("leaf a { type int8; }", "leaf b { type int8; }"), Some(Step::Major));
}

#[test]
fn what_is_forbidden_is_a_major_step() {
    // Only the missing revision statement harms nobody who uses the generated crate.
    for rule in Rule::ALL.iter().filter(|r| r.verdict() == Verdict::Forbidden && **r != Rule::RevisionMissing)
    {
        assert_eq!(rule.step(), Step::Major, "{}", rule.name());
    }
    let mut names: Vec<_> = Rule::ALL.iter().map(|r| r.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
}

#[test]
fn a_change_has_its_places_in_both_texts() {
    let old = compiled("old", "revision 2025-01-01;", "leaf a { type int8; } leaf gone { type int8; }");
    let new = compiled("new", "revision 2026-01-01;", "leaf come { type int8; } leaf a { type int16; }");
    let found = compare(&old, &new).unwrap();
    let text = |side: &Compilation, span: Option<yang_schema::Span>| {
        span.map(|s| side.sources.get(s.file).text[s.start as usize..s.end as usize].to_owned())
    };
    let places: Vec<_> =
        found.changes.iter().map(|c| (c.rule, text(&old, c.old), text(&new, c.new))).collect();
    let a = || Some("a".to_owned());
    assert_eq!(
        places,
        [
            (Rule::TypeChanged, a(), a()),
            (Rule::NodeRemoved, Some("gone".into()), None),
            (Rule::NodeAdded, None, Some("come".into())),
        ]
    );
    assert_eq!(found.changes[0].subject, "/m:a");
}
