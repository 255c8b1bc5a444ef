//! What `source` names (RFC 6241 sections 7.3 and 8.6): a datastore, a configuration inside of the request, a file.

use super::params::Param;
use super::{Errors, datastore, one};
use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::server::operation::Subject;
use yang_data::codec::CodecError;
use yang_data::event::{Event, Inside};
use yang_data::tree::{DecodeOptions, Tree};
use yang_schema::NodeId;

pub(super) async fn parse(source: &Param<'_>, core: &Core) -> Result<Subject, Errors> {
    let child = source.one_child().map_err(one)?;
    if child.is_base("config") {
        return configuration(source, core).map(Subject::Configuration);
    }
    if child.is_base("url") {
        let url = core.urls()?.parse(&source.child_text().map_err(one)?).map_err(one)?;
        return core.urls()?.read(url, &core.schema).await.map(Subject::Configuration);
    }
    Ok(Subject::Datastore(datastore::name(source, core).map_err(one)?))
}

fn configuration(source: &Param<'_>, core: &Core) -> Result<Tree, Errors> {
    let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
    let malformed = |e: CodecError| one(RpcError::malformed_message(e.to_string()));
    source
        .read(core.limits.codec, |source| {
            while !matches!(source.next()?, Event::Open { .. }) {}
            Ok(Tree::decode(&core.schema, NodeId::ROOT, &mut Inside::new(source), &options))
        })
        .and_then(|result| result)
        .map_err(malformed)?
        .map_err(|errors| core.told(errors))
}
