//! The `filter` parameter (RFC 6241 sections 6 and 8.9.5).

use super::params::{Param, Request};
use crate::rpc_error::{ErrorType, QualifiedName, RpcError};
use crate::server::core::Core;
use crate::server::error;
use crate::server::operation::{Filter, Scope, XPathFilter};
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
        if !(namespace.is_empty() && matches!(name.as_str(), "type" | "select")) {
            let attribute = QualifiedName::new(namespace.clone(), name.clone());
            return Err(RpcError::unknown_attribute(attribute, param.qualified())
                .message(format!("<filter> has no attribute {name}")));
        }
    }
    match param.attribute("type") {
        None | Some("subtree") => subtree(&param, core),
        Some("xpath") => xpath(param, core),
        Some(other) => Err(RpcError::bad_attribute("type", param.qualified())
            .message(format!("{other:?} is no type of filter; subtree and xpath are"))),
    }
}

fn subtree(param: &Param<'_>, core: &Core) -> Result<Filter, RpcError> {
    if param.attribute("select").is_some() {
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
    let Some(expression) = param.attribute("select").map(str::to_owned) else {
        return Err(RpcError::missing_attribute("select", param.qualified())
            .message("an XPath filter needs the attribute select"));
    };
    if let Some((namespace, name)) = param.children.first() {
        return Err(RpcError::unknown_element(QualifiedName::new(namespace.clone(), *name))
            .message("an XPath filter is empty: its expression stands in the attribute select"));
    }
    let scope = Scope(param.scope);
    let schema = &core.schema;
    let mut resolve = |prefix: &str| scope.namespace(prefix).and_then(|uri| schema.find_namespace(uri));
    if let Err(fault) = yang_schema::xpath::parse(&expression, &mut resolve) {
        let message = format!("{expression:?} is no XPath expression: {fault}");
        return Err(RpcError::invalid_value(message).of_type(ErrorType::Protocol));
    }
    Ok(Filter::XPath(XPathFilter { expression, scope, limit: core.limits.xpath_nodes }))
}
