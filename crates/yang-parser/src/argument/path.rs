//! Schema node identifiers (RFC 7950 section 6.5).

use super::{is_identifier, shortened, split_reference};

/// One name of a schema node identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct NodeStep<'a> {
    pub(crate) prefix: Option<&'a str>,
    pub(crate) name: &'a str,
}

/// The names of a schema node identifier, from the top.
pub(crate) type SchemaPath<'a> = Vec<NodeStep<'a>>;

/// The names, or what is wrong with the form.
pub(crate) fn parse_schema_path(text: &str, absolute: bool) -> Result<SchemaPath<'_>, String> {
    let rest = match (text.strip_prefix('/'), absolute) {
        (Some(rest), true) => rest,
        (None, false) => text,
        (None, true) => return Err(format!("`{}` does not start with `/`", shortened(text))),
        (Some(_), false) => return Err(format!("`{}` starts with `/`", shortened(text))),
    };
    rest.split('/')
        .map(|step| {
            let (prefix, name) = split_reference(step);
            if prefix.is_none_or(is_identifier) && is_identifier(name) {
                Ok(NodeStep { prefix, name })
            } else if step.is_empty() {
                Err(format!("an empty name in `{}`", shortened(text)))
            } else {
                Err(format!("`{}` in `{}` is no name", shortened(step), shortened(text)))
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form() {
        let names = parse_schema_path("/a:b/c", true).unwrap();
        assert_eq!(names, [NodeStep { prefix: Some("a"), name: "b" }, NodeStep { prefix: None, name: "c" }]);
        for (bad, absolute) in [
            ("a", true),
            ("/a", false),
            ("/", true),
            ("/a/", true),
            ("", false),
            ("a//b", false),
            ("a[b]", false),
        ] {
            assert!(parse_schema_path(bad, absolute).is_err(), "{bad}");
        }
    }
}
