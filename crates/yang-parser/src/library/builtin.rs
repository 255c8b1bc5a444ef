//! Modules that the compiler carries: an import finds them without a search path. A file of the same name on the search path
//! comes before them.

/// Names and texts.
const MODULES: [(&str, &str); 1] =
    [(yang_schema::CODE_MODULE, include_str!("../../yang/netconf-error-codes.yang"))];

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
