//! What came of an operation, as the content of an `rpc-reply` (RFC 6241 section 4.2).

use crate::rpc_error::RpcError;
use crate::server::core::Core;
use crate::server::encoders::Pieces;
use crate::server::error;
use crate::server::operation::{Filter, Outcome};
use crate::server::service::{ReplyBody, RpcReply};
use crate::xml::BASE_NAMESPACE;
use bytes::Bytes;
use std::sync::Arc;
use yang_data::codec::CodecError;
use yang_data::event::Sink;
use yang_data::view::{EncodeOptions, View};
use yang_data::xml::Writer;
use yang_schema::Schema;

/// A reply up to this size is made at once; a larger one comes in pieces of about this size.
const PIECE: usize = 64 << 10;

/// Writes a reply. `is_configuration`: is state to be left out (`get-config`)?
pub(super) fn write(outcome: Outcome, is_configuration: bool, core: &Core) -> Result<RpcReply, RpcError> {
    let options = EncodeOptions { config_only: is_configuration };
    let body = match outcome {
        Outcome::Done => return Ok(RpcReply::ok()),
        Outcome::Data(view, filter) => return data(view, filter, options, core),
        // RFC 7950 section 7.14.4: without output parameters the reply is `ok`.
        Outcome::Output(tree) if tree.is_empty() => return Ok(RpcReply::ok()),
        Outcome::Output(tree) => text(|sink| tree.encode(sink, &options)),
    };
    Ok(RpcReply::data(body.map_err(failed)?))
}

fn failed(error: CodecError) -> RpcError {
    tracing::error!(%error, "a reply could not be written");
    RpcError::operation_failed(format!("the reply could not be written: {error}"))
}

fn text(write: impl FnOnce(&mut dyn Sink) -> Result<(), CodecError>) -> Result<Vec<u8>, CodecError> {
    let mut writer = Writer::new(Vec::new()).within(BASE_NAMESPACE);
    write(&mut writer)?;
    writer.finish()
}

/// `<data>`. It is begun here, and if it turns out to be large, begun again where it may take its time.
fn data(view: View, filter: Filter, options: EncodeOptions, core: &Core) -> Result<RpcReply, RpcError> {
    let mut encoding = Encoding::new(b"<data>".to_vec());
    let done = {
        let selection = filter.select(&view).map_err(|e| error::rpc_error(e, &core.schema))?;
        match &selection {
            Some(selection) => {
                let mut encoder = selection.encoder(&options);
                encoding.piece(|sink| encoder.step(sink))
            }
            None => {
                let mut encoder = view.encoder(&options);
                encoding.piece(|sink| encoder.step(sink))
            }
        }
    };
    if done.map_err(failed)? {
        return Ok(RpcReply::data(encoding.finish().map_err(failed)?));
    }
    let schema = Arc::clone(&core.schema);
    let stream = core.encoders.stream(move |pieces| async move {
        if let Err(error) = send(&view, &filter, options, &schema, &pieces).await {
            pieces.send(Err(error)).await;
        }
    })?;
    Ok(RpcReply { body: ReplyBody::Stream(stream), close: false })
}

async fn send(
    view: &View,
    filter: &Filter,
    options: EncodeOptions,
    schema: &Schema,
    pieces: &Pieces,
) -> Result<(), RpcError> {
    let mut encoding = Encoding::new(format!("<data xmlns=\"{BASE_NAMESPACE}\">").into_bytes());
    match filter.select(view).map_err(|e| error::rpc_error(e, schema))? {
        Some(selection) => {
            let mut encoder = selection.encoder(&options);
            while !encoding.piece(|sink| encoder.step(sink)).map_err(failed)? {
                if !pieces.send(Ok(encoding.take())).await {
                    return Ok(());
                }
            }
        }
        None => {
            let mut encoder = view.encoder(&options);
            while !encoding.piece(|sink| encoder.step(sink)).map_err(failed)? {
                if !pieces.send(Ok(encoding.take())).await {
                    return Ok(());
                }
            }
        }
    }
    pieces.send(Ok(encoding.finish().map_err(failed)?.into())).await;
    Ok(())
}

/// `<data>` on its way to be text.
struct Encoding(Writer<Vec<u8>>);

impl Encoding {
    fn new(start_tag: Vec<u8>) -> Self {
        Self(Writer::new(start_tag).within(BASE_NAMESPACE))
    }

    /// Takes steps until there is a piece, or all is written: then it is true.
    fn piece(
        &mut self,
        mut step: impl FnMut(&mut dyn Sink) -> Result<bool, CodecError>,
    ) -> Result<bool, CodecError> {
        while self.0.get_mut().len() < PIECE {
            if !step(&mut self.0)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn take(&mut self) -> Bytes {
        std::mem::take(self.0.get_mut()).into()
    }

    fn finish(self) -> Result<Vec<u8>, CodecError> {
        let mut text = self.0.finish()?;
        text.extend_from_slice(b"</data>");
        Ok(text)
    }
}
