//! What came of an operation, as the content of an `rpc-reply` (RFC 6241 section 4.2).

use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::server::error;
use crate::server::operation::Outcome;
use crate::server::service::RpcReply;
use crate::xml::BASE_NAMESPACE;
use yang_data::codec::CodecError;
use yang_data::event::Sink;
use yang_data::view::EncodeOptions;
use yang_data::xml::Writer;

/// Writes a reply. `is_configuration`: is state to be left out (`get-config`)?
pub(super) fn write(outcome: Outcome, is_configuration: bool, core: &Core) -> Result<RpcReply, RpcError> {
    let options = EncodeOptions { config_only: is_configuration };
    let body = match outcome {
        Outcome::Done => return Ok(RpcReply::ok()),
        Outcome::Data(view, filter) => {
            let selection = filter.select(&view).map_err(|e| error::rpc_error(e, &core.schema))?;
            let body = text(b"<data>".to_vec(), |sink| match selection {
                Some(selection) => selection.encode(sink, &options),
                None => view.encode(sink, &options),
            });
            body.map(|mut body| {
                body.extend_from_slice(b"</data>");
                body
            })
        }
        // RFC 7950 section 7.14.4: without output parameters the reply is `ok`.
        Outcome::Output(tree) if tree.is_empty() => return Ok(RpcReply::ok()),
        Outcome::Output(tree) => text(Vec::new(), |sink| tree.encode(sink, &options)),
    };
    let body = body.map_err(|e| {
        tracing::error!(error = %e, "a reply could not be written");
        RpcError::operation_failed(format!("the reply could not be written: {e}"))
    })?;
    Ok(RpcReply::data(body))
}

fn text(
    before: Vec<u8>,
    write: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>,
) -> Result<Vec<u8>, CodecError> {
    let mut writer = Writer::new(before).within(BASE_NAMESPACE);
    write(&mut writer)?;
    writer.finish()
}
