//! `validate` (RFC 6241 section 8.6.4.1).

use super::params::Request;
use super::{Errors, one, source};
use crate::server::core::Core;
use crate::server::operation::Operation;

pub(super) async fn parse(mut request: Request<'_>, core: &Core) -> Result<Operation, Errors> {
    let source = request.require("source").map_err(one)?;
    request.finish(&core.schema).map_err(one)?;
    Ok(Operation::Validate(source::parse(&source, core).await?))
}
