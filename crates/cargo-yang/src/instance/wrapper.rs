//! What stands around the content of a document: elements of NETCONF and RESTCONF, an instance data file.

use super::document::Kind;
use std::io::Read;
use yang_data::codec::{CodecError, CodecErrorKind, Limits};
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Name, Namespace, Position, Source};
use yang_data::{instance_data, json, xml};

const NETCONF: (&str, &str) = ("urn:ietf:params:xml:ns:netconf:base:1.0", "ietf-netconf");
const YANG: (&str, &str) = ("urn:ietf:params:xml:ns:yang:1", "yang");
const NOTIFICATION: (&str, &str) = ("urn:ietf:params:xml:ns:netconf:notification:1.0", "notifications");
const RESTCONF: (&str, &str) = ("urn:ietf:params:xml:ns:yang:ietf-restconf", "ietf-restconf");

/// What stands around the content.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// An element or member with the content right in it.
    Plain,
    /// An instance data file.
    InstanceData,
    Notification,
    /// Of NETCONF: an action may be wrapped once more.
    Rpc,
    /// Of NETCONF: it does not tell what it is the reply to.
    RpcReply,
}

/// The name of the first element in a NETCONF reply: its namespace, and its local name.
pub(super) struct Answer(pub(super) String, pub(super) String);

impl Answer {
    pub(super) fn name(&self) -> Name<'_> {
        Name { namespace: Namespace::Uri(&self.0), local: &self.1 }
    }

    pub(super) fn is(&self, local: &str) -> bool {
        self.0 == NETCONF.0 && self.1 == local
    }
}

fn wrapper(kind: Kind, name: &Name<'_>) -> Option<Wrapper> {
    let of = |(uri, module): (&str, &str)| match name.namespace {
        Namespace::Uri(u) => u == uri,
        Namespace::Module(m) => m == module,
        Namespace::Inherited => false,
    };
    match (kind, name.local) {
        (Kind::Data | Kind::Config, _) if instance_data::is_root(*name) => Some(Wrapper::InstanceData),
        (Kind::Data | Kind::Config, "data") if of(NETCONF) || of(RESTCONF) => Some(Wrapper::Plain),
        (Kind::Data | Kind::Config | Kind::Edit, "config") if of(NETCONF) => Some(Wrapper::Plain),
        (Kind::Rpc, "rpc") if of(NETCONF) => Some(Wrapper::Rpc),
        (Kind::Rpc | Kind::Reply, "action") if of(YANG) => Some(Wrapper::Plain),
        (Kind::Reply | Kind::Data | Kind::Config, "rpc-reply") if of(NETCONF) => Some(Wrapper::RpcReply),
        (Kind::Notification, "notification") if of(NOTIFICATION) || of(RESTCONF) => {
            Some(Wrapper::Notification)
        }
        _ => None,
    }
}

/// The wrappers at the begin of a document, as far as its first bytes tell: what cannot be read tells nothing, and is reported
/// when it is read in earnest.
pub(super) fn wrappers(
    kind: Kind,
    is_json: bool,
    bytes: &mut Vec<u8>,
    input: &mut dyn Read,
) -> (Vec<Wrapper>, Option<Answer>) {
    let limits = Limits::default();
    let mut found = Vec::new();
    let mut answer = None;
    let mut look = |event: Option<Event<'_>>| match event {
        None => Look::More,
        Some(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => Look::On,
        Some(Event::Close | Event::End) => Look::Done,
        Some(Event::Open { name, .. }) => match wrapper(kind, &name) {
            Some(wrapper) if found.is_empty() || matches!(*found, [Wrapper::Rpc | Wrapper::RpcReply]) => {
                found.push(wrapper);
                if matches!(wrapper, Wrapper::Rpc | Wrapper::RpcReply) { Look::On } else { Look::Done }
            }
            _ => {
                if let ([Wrapper::RpcReply], Namespace::Uri(uri)) = (&*found, name.namespace) {
                    answer = Some(Answer(uri.to_owned(), name.local.to_owned()));
                }
                Look::Done
            }
        },
    };
    enum Look {
        /// More bytes are needed.
        More,
        On,
        Done,
    }
    let mut xml = xml::Reader::of_content(limits);
    let mut json = json::Reader::new(limits);
    let mut pushed = 0;
    loop {
        let part = &bytes[pushed..];
        if is_json {
            json.push(part)
        } else {
            xml.push(part)
        }
        pushed = bytes.len();
        loop {
            let next = if is_json { json.poll().map(&mut look) } else { xml.poll().map(&mut look) };
            match next {
                Ok(Look::On) => {}
                Ok(Look::More) => break,
                Ok(Look::Done) | Err(_) => return (found, answer),
            }
        }
        let mut chunk = [0; 8192];
        match input.read(&mut chunk) {
            Ok(count) if count > 0 && pushed < 1 << 20 => bytes.extend_from_slice(&chunk[..count]),
            // What is read here is read; the end, or what went wrong, comes again.
            Ok(count) => {
                bytes.extend_from_slice(&chunk[..count]);
                return (found, answer);
            }
            Err(_) => return (found, answer),
        }
    }
}

/// Enters the wrappers of a document and reads what stands in them, then makes sure that nothing else follows.
pub(super) fn inside<R>(
    wrappers: &[Wrapper],
    source: &mut dyn Source,
    read: impl FnOnce(&mut dyn Source) -> Result<R, Vec<DataError>>,
) -> Result<R, Vec<DataError>> {
    let Some((first, rest)) = wrappers.split_first() else { return read(source) };
    enter(source)?;
    let mut content = Inside::new(source);
    let done = match first {
        Wrapper::Plain | Wrapper::InstanceData | Wrapper::Rpc | Wrapper::RpcReply => {
            inside(rest, &mut content, read)?
        }
        Wrapper::Notification => {
            event_time(&mut content)?;
            inside(rest, &mut content, read)?
        }
    };
    content.skip().map_err(|e| vec![DataError::from_codec(e, "/")])?;
    let behind = loop {
        match source.next() {
            Ok(Event::End | Event::Close) => return Ok(done),
            Ok(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => {}
            Ok(Event::Open { name, .. }) => {
                break fault(
                    format!("`{}` stands behind the end of the data", name.local),
                    source.position(),
                );
            }
            Err(error) => break error,
        }
    };
    Err(vec![DataError::from_codec(behind, "/")])
}

pub(super) fn fault(message: String, position: Position) -> CodecError {
    CodecError { kind: CodecErrorKind::Malformed, message, position, path: None }
}

/// Takes the begin of the element or member that comes next.
pub(super) fn enter(source: &mut dyn Source) -> Result<(), Vec<DataError>> {
    loop {
        match source.next() {
            Ok(Event::Open { .. }) => return Ok(()),
            Ok(Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_)) => {}
            Ok(Event::Close | Event::End) => {
                let message = "the document ends too early".to_owned();
                return Err(vec![DataError::from_codec(fault(message, source.position()), "/")]);
            }
            Err(error) => return Err(vec![DataError::from_codec(error, "/")]),
        }
    }
}

/// `eventTime` comes first in a notification (RFC 5277 section 4).
fn event_time(source: &mut dyn Source) -> Result<(), Vec<DataError>> {
    let wrong = |message: String, source: &dyn Source| {
        Err(vec![DataError::from_codec(fault(message, source.position()), "/")])
    };
    loop {
        let is_time = match source.next() {
            Ok(Event::Text(scalar)) if scalar.text.trim().is_empty() => continue,
            Ok(Event::Open { name, .. }) => name.local == "eventTime",
            Ok(_) => false,
            Err(error) => return Err(vec![DataError::from_codec(error, "/")]),
        };
        if !is_time {
            return wrong("a notification begins with its eventTime".to_owned(), source);
        }
        let mut time = String::new();
        loop {
            match source.next() {
                Ok(Event::Text(scalar)) => time.push_str(&scalar.text),
                Ok(Event::Close | Event::End) => break,
                Ok(_) => return wrong("eventTime holds a date and time alone".to_owned(), source),
                Err(error) => return Err(vec![DataError::from_codec(error, "/")]),
            }
        }
        if !instance_data::is_date_and_time(time.trim()) {
            return wrong(format!("eventTime is {time:?}, no date and time"), source);
        }
        return Ok(());
    }
}
