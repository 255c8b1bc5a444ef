//! Text of the type `xpath1.0` (RFC 6991 section 3) and of those that stand on it, such as `node-instance-identifier`
//! (RFC 8341 section 5): the prefixes in it are those in scope of its element.
//!
//! A tree keeps no scopes. So the text is kept with the names of modules for prefixes, and whoever writes XML declares these.

use crate::event::Prefixes;
use yang_schema::{NodeRef, Schema};

const MODULE: &str = "ietf-yang-types";
const TYPE: &str = "xpath1.0";

/// Is the text of a leaf an expression?
pub(crate) fn is_xpath(leaf: NodeRef<'_>) -> bool {
    let schema = leaf.schema();
    let mut at = leaf.type_().and_then(|ty| ty.typedef());
    while let Some(typedef) = at {
        if schema.str(typedef.name) == TYPE && schema.module_name(typedef.module) == MODULE {
            return true;
        }
        at = schema.type_(typedef.type_id).typedef();
    }
    false
}

/// The text with the names of modules for prefixes. A prefix that stands for no module of the schema is left as it is: what it
/// means is for those to say who read the expression.
pub(crate) fn with_modules(schema: &Schema, text: &str, scope: &dyn Prefixes) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (start, end) in prefixes(text) {
        let module = scope.namespace(&text[start..end]).and_then(|uri| schema.find_namespace(uri));
        if let Some(module) = module {
            out.push_str(&text[done..start]);
            out.push_str(schema.module_name(module));
            done = end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// The modules that a text names: name and namespace of each.
pub(crate) fn modules<'s>(schema: &'s Schema, text: &str) -> Vec<(&'s str, &'s str)> {
    let mut found = Vec::new();
    for (start, end) in prefixes(text) {
        if let Some(module) = schema.find_module(&text[start..end]) {
            let pair = (schema.module_name(module), schema.str(schema.module(module).namespace));
            if !found.contains(&pair) {
                found.push(pair);
            }
        }
    }
    found
}

/// Where the prefixes stand: names with one colon behind them, outside of quotes.
fn prefixes(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while let Some(next) = text[at..].chars().next() {
            let start = at;
            at += next.len_utf8();
            match next {
                '\'' | '"' => at += text[at..].find(next).map_or(text.len() - at, |end| end + 1),
                _ if is_name(next) => {
                    at += text[at..].find(|c| !is_name(c)).unwrap_or(text.len() - at);
                    let rest = &text[at..];
                    if rest.starts_with("::") {
                        at += 2;
                    } else if rest.starts_with(':') {
                        let end = at;
                        at += 1;
                        return Some((start, end));
                    }
                }
                _ => {}
            }
        }
        None
    })
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

#[cfg(test)]
mod tests {
    use super::prefixes;

    #[test]
    fn prefixes_stand_in_front_of_names_and_nowhere_else() {
        let of = |text: &'static str| prefixes(text).map(|(s, e)| &text[s..e]).collect::<Vec<_>>();
        assert_eq!(of("/a:b/c:d[a:k='x:y']"), ["a", "c", "a"]);
        assert_eq!(of("/b[k=\"it's x:y\"]/a:c"), ["a"]);
        assert_eq!(of("child::a:b/descendant-or-self::c"), ["a"]);
        assert_eq!(of("a:*|count(b-1.x:c) > 1.5 and ü:e"), ["a", "b-1.x", "ü"]);
        assert_eq!(of("'open a:b"), Vec::<&str>::new());
        assert_eq!(of(":::a:"), ["a"]);
        assert_eq!(of(""), Vec::<&str>::new());
    }
}
