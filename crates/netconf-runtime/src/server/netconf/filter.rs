//! The `filter` parameter (RFC 6241 sections 6 and 8.9.5).

use super::params::{Param, Request};
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::error;
use crate::server::operation::{Filter, Scope, XPathFilter};
use crate::xml::BASE_NAMESPACE;
use yang_data::event::Prefixes;
use yang_data::filter::SubtreeFilter;

/// Takes the filter of a request; without one, all is wanted.
pub(super) fn take(request: &mut Request<'_>, namespace: &str, core: &Core) -> Result<Filter, RpcError> {
    match request.take_in(namespace, "filter")? {
        None => Ok(Filter::All),
        Some(param) => parse(param, core),
    }
}

fn parse(param: Param<'_>, core: &Core) -> Result<Filter, RpcError> {
    for (namespace, name, _) in &param.attributes {
        let is_known = namespace.is_empty() || namespace == BASE_NAMESPACE;
        if !(is_known && matches!(name.as_str(), "type" | "select")) {
            let attribute = QualifiedName::new(namespace.clone(), name.clone());
            return Err(RpcError::unknown_attribute(attribute, param.qualified())
                .message(format!("<filter> has no attribute {name}")));
        }
    }
    match attribute(&param, "type") {
        None | Some("subtree") => subtree(&param, core),
        Some("xpath") => xpath(param, core),
        Some(other) => Err(RpcError::bad_attribute("type", param.qualified())
            .message(format!("{other:?} is no type of filter; subtree and xpath are"))),
    }
}

/// The schema of RFC 6241 (appendix B) has these attributes in no namespace. Some clients put them into NETCONF's, where nothing
/// else has their names.
fn attribute<'p>(param: &'p Param<'_>, name: &str) -> Option<&'p str> {
    param.attribute(name).or_else(|| param.attribute_in(BASE_NAMESPACE, name))
}

fn subtree(param: &Param<'_>, core: &Core) -> Result<Filter, RpcError> {
    if attribute(param, "select").is_some() {
        return Err(RpcError::unknown_attribute("select", param.qualified())
            .message("a subtree filter has no attribute select"));
    }
    let filter = param
        .read(core.limits.codec, |source| SubtreeFilter::decode(&core.schema, source))
        .map_err(|e| RpcError::malformed_message(e.to_string()))?
        .map_err(|e| error::rpc_error(e, &core.schema).of_type(ErrorType::Protocol))?;
    Ok(Filter::Subtree(filter))
}

fn xpath(param: Param<'_>, core: &Core) -> Result<Filter, RpcError> {
    let Some(expression) = attribute(&param, "select").map(str::to_owned) else {
        return Err(RpcError::missing_attribute("select", param.qualified())
            .message("an XPath filter needs the attribute select"));
    };
    if let Some(child) = param.children.first() {
        return Err(RpcError::unknown_element(child.qualified())
            .message("an XPath filter is empty: its expression stands in the attribute select"));
    }
    if !param.text.trim().is_empty() {
        return Err(RpcError::bad_element(param.qualified())
            .message("an XPath filter is empty: its expression stands in the attribute select"));
    }
    let scope = Scope(param.scope);
    let schema = &core.schema;
    let mut resolve = |prefix: &str| scope.namespace(prefix).and_then(|uri| schema.find_namespace(uri));
    let refused = |why: String| Err(RpcError::invalid_value(why).of_type(ErrorType::Protocol));
    match yang_schema::xpath::parse(&expression, &mut resolve) {
        Err(fault) => return refused(format!("{expression:?} is no XPath expression: {fault}")),
        // Section 8.9.5.1: it selects nodes.
        Ok(parsed) if parsed.is_value() => {
            return refused(format!("{expression:?} does not select nodes"));
        }
        Ok(_) => {}
    }
    Ok(Filter::XPath(XPathFilter { expression, scope, limit: core.limits.xpath_nodes }))
}
