//! `min-elements` and `max-elements` (RFC 7950 sections 7.7.5, 7.7.6).

use super::Visit;
use crate::compile::Context;
use crate::diagnostic::{Code, Diagnostic};

/// The least number is not above the greatest, nor are there more defaults than entries may be.
pub(crate) fn elements(context: &mut Context<'_>, visit: Visit) {
    defaults(context, visit);
    let def = context.builder.node(visit.node);
    let Some(max) = def.max_elements.filter(|&max| def.min_elements > max) else { return };
    let min = def.min_elements;
    let extra = context.extra(visit.node);
    let (Some(low), Some(high)) = (extra.min_elements, extra.max_elements) else { return };
    context.diagnostics.push(
        Diagnostic::error(
            Code::ElementBounds,
            low.argument_span(),
            format!("{} has at least {min}, but at most {max} entries", context.path_of(visit.node)),
        )
        .also(high.argument_span(), "the greatest number"),
    );
}

fn defaults(context: &mut Context<'_>, visit: Visit) {
    let def = context.builder.node(visit.node);
    let extra = context.extra(visit.node);
    let (Some(max), Some(high)) = (def.max_elements, extra.max_elements) else { return };
    let Some(&one_too_many) = extra.defaults.get(max as usize) else { return };
    let message = format!(
        "{} has {} defaults, but at most {max} entries",
        context.path_of(visit.node),
        extra.defaults.len()
    );
    context.diagnostics.push(
        Diagnostic::error(Code::ElementBounds, one_too_many.argument_span(), message)
            .also(high.argument_span(), "the greatest number"),
    );
}

#[cfg(test)]
mod tests {
    use crate::check::testing::errors;

    #[test]
    fn bounds_are_in_order() {
        let list = |min: u32, max: &str| {
            errors(&format!("leaf-list l {{ type string; min-elements {min}; max-elements {max}; }}"))
        };
        assert_eq!(list(3, "3"), Vec::<String>::new());
        assert_eq!(list(3, "unbounded"), Vec::<String>::new());
        assert_eq!(list(3, "2"), ["element-bounds: `/l` has at least 3, but at most 2 entries"]);
    }
}
