//! Modules that the compiler carries: an import finds them without a search path. A file of the same name on the search path
//! comes before them.

/// The text of a module of a revision.
macro_rules! module {
    ($name:literal, $revision:literal) => {
        ($name, include_str!(concat!("../../yang/", $name, "@", $revision, ".yang")))
    };
}

/// Names and texts: our own, the types that nearly every module imports, and what servers of ours implement by themselves.
const MODULES: [(&str, &str); 18] = [
    ("netconf-apply-faults", include_str!("../../yang/netconf-apply-faults.yang")),
    ("netconf-commit-comment", include_str!("../../yang/netconf-commit-comment.yang")),
    ("netconf-transports", include_str!("../../yang/netconf-transports.yang")),
    (yang_schema::CODE_MODULE, include_str!("../../yang/netconf-error-codes.yang")),
    module!("ietf-datastores", "2018-02-14"),
    module!("ietf-inet-types", "2025-12-22"),
    module!("ietf-netconf", "2011-06-01"),
    module!("ietf-netconf-acm", "2018-02-14"),
    module!("ietf-netconf-monitoring", "2010-10-04"),
    module!("ietf-netconf-nmda", "2019-01-07"),
    module!("ietf-netconf-notifications", "2012-02-06"),
    module!("ietf-netconf-with-defaults", "2011-06-01"),
    module!("ietf-origin", "2018-02-14"),
    module!("ietf-yang-library", "2019-01-04"),
    module!("ietf-yang-metadata", "2016-08-05"),
    module!("ietf-yang-types", "2025-12-22"),
    module!("nc-notifications", "2008-07-14"),
    module!("notifications", "2008-07-14"),
];

/// The name and text of a module that the compiler carries.
pub(super) fn module(name: &str) -> Option<(&'static str, &'static str)> {
    MODULES.into_iter().find(|(n, _)| *n == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Compilation, Compiler};
    use std::fs;

    fn messages(compilation: &Compilation) -> Vec<String> {
        compilation.diagnostics.iter().map(|d| d.message.clone()).collect()
    }

    /// A module that uses an identity of a carried one.
    fn user(import: &str, identity: &str) -> String {
        format!(
            "module user {{ yang-version 1.1; namespace urn:user; prefix u; import ietf-datastores {{ prefix ds; {import} }}
               identity mine {{ base ds:{identity}; }} }}"
        )
    }

    /// RFC 6470 has `when "../confirm-event != 'timeout'"` on a `uses` below a notification. The context node of that is the
    /// notification (RFC 7950 section 7.21.5), so `..` is too high by one. What is published is what is carried.
    const AS_PUBLISHED: [&str; 3] = [
        "the `when` of `/netconf-confirmed-commit/session-id` names `confirm-event`, which is not in the root",
        "the `when` of `/netconf-confirmed-commit/source-host` names `confirm-event`, which is not in the root",
        "the `when` of `/netconf-confirmed-commit/username` names `confirm-event`, which is not in the root",
    ];

    /// Names that RFC 5277 gave before there was YANG.
    const OF_XML_SCHEMA: [&str; 2] = ["nc-notifications", "notifications"];

    #[test]
    fn they_compile_and_keep_the_habits() {
        for (name, text) in MODULES {
            let mut output = Compiler::new().source(name, text).lint(true).compile();
            if OF_XML_SCHEMA.contains(&name) {
                output.diagnostics.retain(|d| !d.message.contains("has capital letters"));
            }
            let expected: &[&str] = if name == "ietf-netconf-notifications" { &AS_PUBLISHED } else { &[] };
            assert_eq!(messages(&output), expected, "{name}");
            assert!(text.contains(&format!("module {name} {{")), "{name}");
        }
    }

    #[test]
    fn each_can_be_asked_for_by_name() {
        for (name, _) in MODULES {
            let output = Compiler::new().module(name).compile();
            let schema = output.schema.as_ref().unwrap_or_else(|| panic!("{name}: {:?}", messages(&output)));
            assert!(schema.module(schema.find_module(name).unwrap()).implemented, "{name}");
        }
    }

    #[test]
    fn what_is_given_or_on_the_search_path_comes_before_them() {
        let other =
            "module ietf-datastores { namespace urn:other; prefix o; revision 2001-01-01; identity other; }";
        let directory = std::env::temp_dir().join(format!("yang-parser-carried-{}", std::process::id()));
        fs::create_dir_all(&directory).unwrap();
        fs::write(directory.join("ietf-datastores.yang"), other).unwrap();
        let compiler = || Compiler::new().source("user", user("", "other"));
        let given = compiler().source("other", other).compile();
        let searched = compiler().search_path(&directory).compile();
        let carried = compiler().compile();
        let pinned = { Compiler::new().source("user", user("revision-date 2018-02-14;", "datastore")) }
            .search_path(&directory)
            .compile();
        let unknown = { Compiler::new().source("user", user("revision-date 2001-01-02;", "other")) }
            .search_path(&directory)
            .compile();
        fs::remove_dir_all(&directory).unwrap();
        for compilation in [given, searched] {
            let schema =
                compilation.schema.as_ref().unwrap_or_else(|| panic!("{:?}", messages(&compilation)));
            let module = schema.module(schema.find_module("ietf-datastores").unwrap());
            assert_eq!(schema.str(module.namespace), "urn:other");
        }
        assert!(carried.schema.is_none(), "the carried module has no identity other");
        // A revision that only the compiler has is the compiler's; one that nobody has is not found.
        assert!(pinned.schema.is_some(), "{:?}", messages(&pinned));
        assert_eq!(messages(&unknown)[0], "no module `ietf-datastores@2001-01-02` was found");
    }

    #[test]
    fn a_module_that_is_not_carried_is_missed_as_ever() {
        let text = "module user { namespace urn:user; prefix u; import ietf-datastore { prefix ds; } }";
        let output = Compiler::new().source("user", text).compile();
        assert_eq!(messages(&output), ["no module `ietf-datastore` was found"]);
        let output = Compiler::new().module("ietf-datastores@2001-01-02").compile();
        assert_eq!(messages(&output), ["no module `ietf-datastores@2001-01-02` was found"]);
    }

    #[test]
    fn a_text_is_read_once_however_many_import_it() {
        let output = Compiler::new().module("ietf-yang-library").module("ietf-netconf-monitoring").compile();
        let names: Vec<_> = output.sources.iter().map(|(_, s)| s.name.clone()).collect();
        let mut once = names.clone();
        once.sort();
        once.dedup();
        assert_eq!(names.len(), once.len(), "{names:?}");
        assert!(names.len() > 3, "{names:?}");
    }
}
