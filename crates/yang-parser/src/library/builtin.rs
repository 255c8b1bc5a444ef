//! Modules that the compiler carries: an import finds them without a search path. A file of the same name on the search path
//! comes before them.

/// Names and texts: our own, the types that nearly every module imports, and what servers of ours implement by themselves.
const MODULES: [(&str, &str); 4] = [
    (yang_schema::CODE_MODULE, include_str!("../../yang/netconf-error-codes.yang")),
    ("ietf-inet-types", include_str!("../../yang/ietf-inet-types@2025-12-22.yang")),
    ("ietf-netconf-acm", include_str!("../../yang/ietf-netconf-acm@2018-02-14.yang")),
    ("ietf-yang-types", include_str!("../../yang/ietf-yang-types@2025-12-22.yang")),
];

/// The text of a module that the compiler carries.
pub(super) fn text(name: &str) -> Option<&'static str> {
    MODULES.iter().find(|(n, _)| *n == name).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_compile_and_keep_the_habits() {
        for (name, text) in MODULES {
            let output = crate::Compiler::new().source(name, text).lint(true).compile();
            let found: Vec<String> = output.diagnostics.iter().map(|d| d.message.clone()).collect();
            assert_eq!(found, Vec::<String>::new(), "{name}");
            assert!(text.contains(&format!("module {name} {{")), "{name}");
        }
    }
}
