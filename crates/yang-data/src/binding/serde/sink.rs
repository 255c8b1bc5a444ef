//! Events into a JSON value.

use super::json::Json;
use crate::binding::any::error;
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{Datum, FullName, OutAttribute, Shape, Sink};

/// Builds an object of the nodes that it is given.
pub(crate) struct JsonSink {
    frames: Vec<Frame>,
}

struct Frame {
    module: Box<str>,
    /// The name of its member in the object around.
    name: String,
    shape: Shape,
    members: Vec<(String, Json)>,
    scalar: Option<Json>,
}

impl JsonSink {
    /// `module`: names in it are not qualified.
    pub(crate) fn new(module: &str) -> Self {
        Self { frames: vec![Frame::new(module, String::new(), Shape::Container)] }
    }

    pub(crate) fn finish(mut self) -> Json {
        Json::Object(self.frames.pop().map(|f| f.members).unwrap_or_default())
    }
}

impl Frame {
    fn new(module: &str, name: String, shape: Shape) -> Self {
        Self { module: module.into(), name, shape, members: Vec::new(), scalar: None }
    }
}

impl Sink for JsonSink {
    fn open(&mut self, name: FullName<'_>, shape: Shape, _: &[OutAttribute<'_>]) -> Result<(), CodecError> {
        if name.module.is_empty() && !name.namespace.is_empty() {
            let message =
                format!("the module of namespace {:?}, for {:?}, is not known", name.namespace, name.local);
            return Err(error(CodecErrorKind::UnknownNamespace, message));
        }
        let around = self.frames.last().map_or("", |f| &f.module);
        let full = if name.module.is_empty() || around == name.module {
            name.local.to_owned()
        } else {
            format!("{}:{}", name.module, name.local)
        };
        self.frames.push(Frame::new(name.module, full, shape));
        Ok(())
    }

    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError> {
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let space = |text: &str| text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'));
        let container = matches!(frame.shape, Shape::Container | Shape::ListEntry);
        match value {
            // White space between the elements of an XML document says nothing.
            Datum::Prefixed { text, .. } if space(text) && (container || !frame.members.is_empty()) => Ok(()),
            _ if container || !frame.members.is_empty() || frame.scalar.is_some() => {
                let message = format!("JSON cannot say text among the nodes of {:?}", frame.name);
                Err(error(CodecErrorKind::InvalidValue, message))
            }
            value => {
                frame.scalar = Some(scalar(value)?);
                Ok(())
            }
        }
    }

    fn close(&mut self) -> Result<(), CodecError> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let Some(around) = self.frames.last_mut() else { return Ok(()) };
        let leaf = matches!(frame.shape, Shape::Leaf | Shape::LeafListEntry);
        let value = match frame.scalar {
            Some(scalar) if frame.members.is_empty() => scalar,
            Some(_) => {
                let message = format!("JSON cannot say text among the nodes of {:?}", frame.name);
                return Err(error(CodecErrorKind::InvalidValue, message));
            }
            None if leaf => Json::String(String::new()),
            None => Json::Object(frame.members),
        };
        if !matches!(frame.shape, Shape::ListEntry | Shape::LeafListEntry) {
            around.members.push((frame.name, value));
            return Ok(());
        }
        // Entries come one after the other.
        match around.members.last_mut() {
            Some((name, Json::Array(items))) if *name == frame.name => items.push(value),
            _ => around.members.push((frame.name, Json::Array(vec![value]))),
        }
        Ok(())
    }
}

/// A value as RFC 7951 section 6 writes it.
pub(crate) fn scalar(value: Datum<'_>) -> Result<Json, CodecError> {
    Ok(match value {
        Datum::Number(text) => Json::Number(text.to_owned()),
        Datum::Text(text) | Datum::LongNumber(text) => Json::String(text.to_owned()),
        Datum::Qualified { text, .. } | Datum::Prefixed { text, .. } => Json::String(text.to_owned()),
        Datum::Boolean(b) => Json::Boolean(b),
        Datum::Empty => Json::Array(vec![Json::Null]),
        Datum::Null => Json::Null,
        Datum::Identity { module: "", namespace, name } => {
            let message =
                format!("the module of namespace {namespace:?}, for identity {name:?}, is not known");
            return Err(error(CodecErrorKind::UnknownNamespace, message));
        }
        Datum::Identity { module, name, .. } => Json::String(format!("{module}:{name}")),
    })
}
