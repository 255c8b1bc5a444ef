//! Imports whose prefix stands nowhere (RFC 7950 section 7.1.5).

use super::warn;
use crate::compile::Context;
use crate::diagnostic::Code;
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use std::collections::HashSet;

pub(super) fn unused_imports<'t>(context: &mut Context<'t>, root: Stmt<'t>) {
    let mut used: HashSet<&str> = HashSet::new();
    for stmt in root.descendants() {
        used.extend(stmt.extension_name().map(|(prefix, _)| prefix));
        // A description may mention what it likes; a default may be an identity.
        if stmt.keyword().is_free_text() {
            continue;
        }
        let text = stmt.arg();
        for (colon, _) in text.match_indices(':') {
            let start = text[..colon]
                .rfind(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .map_or(0, |i| i + 1);
            used.extend(text.get(start..colon));
        }
    }
    for import in root.all(Keyword::Import) {
        let unused = import.child(Keyword::Prefix).filter(|p| !used.contains(p.arg()));
        if let Some(prefix) = unused {
            let message =
                format!("`{}` is imported, but its prefix `{}` is not used", import.arg(), prefix.arg());
            warn(context, Code::UnusedImport, import, message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::warnings_of;
    use crate::Code;

    #[test]
    fn the_prefix_stands_somewhere() {
        let other = "module o { namespace urn:o; prefix o; typedef t { type string; } identity i; identity j { base i; } extension e; container c; }";
        for (body, count) in [
            ("", 1),
            ("leaf a { type string; description \"an o:t\"; }", 1),
            ("leaf a { type o:t; }", 0),
            ("leaf a { type identityref { base o:i; } default o:j; }", 0),
            ("o:e;", 0),
            ("container b { must \"/o:c\"; }", 0),
        ] {
            let text = format!("module m {{ namespace urn:m; prefix m; import o {{ prefix o; }} {body} }}");
            assert_eq!(warnings_of(Code::UnusedImport, &[other, &text]).len(), count, "{body}");
        }
    }
}
