//! Documents: found, read, and stepped into as far as their wrapping goes.

use super::wrapper::{Answer, Wrapper, enter, fault, inside, wrappers};
use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek as _};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::edit::Edit;
use yang_data::error::{DataError, ErrorTag};
use yang_data::event::{Event, Inside, Position, Source};
use yang_data::instance_data::{Header, InstanceData};
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::{json, locate, xml};
use yang_schema::{NodeId, NodeKind, Schema};

/// What a document holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(crate) enum Kind {
    /// A datastore's content, state included: its top-level nodes, or one `data` around them (RFC 6241), or an instance data
    /// file (RFC 9195).
    Data,
    /// The same without state; also one `config` around it.
    Config,
    /// An rpc or action with its input; `rpc` and `action` of NETCONF may stand around it.
    Rpc,
    /// The element of an rpc or action with its output in it; or `rpc-reply` of NETCONF, with that element or the output in it.
    Reply,
    /// A notification; `notification` of NETCONF or RESTCONF may stand around it.
    Notification,
    /// The content of an edit-config's `config`, or the element with it.
    Edit,
}

/// How documents are read.
#[derive(Clone)]
pub(crate) struct Options {
    pub(crate) kind: Kind,
    /// Told by the user.
    pub(crate) json: Option<bool>,
    pub(crate) decode: DecodeOptions,
    /// What a NETCONF reply answers, as far as the user says.
    pub(crate) reply_to: Option<String>,
}

/// What came of a document.
pub(crate) enum Content {
    Tree {
        tree: Tree,
        header: Option<Box<Header>>,
    },
    Operation(Operation),
    Edit(Edit),
    /// A NETCONF reply that says `ok` and no more.
    Ok,
}

/// A document on its way in.
pub(crate) struct Document {
    path: PathBuf,
    is_json: bool,
    options: Options,
    wrappers: Vec<Wrapper>,
    /// The first element in a NETCONF reply.
    answer: Option<Answer>,
    /// What was read of it to see what it is.
    first: Vec<u8>,
    input: Option<Box<dyn Read>>,
    seen: Rc<RefCell<Seen>>,
}

/// The begin of what was read, so that errors can be shown in it: all of it, if it is not too long.
#[derive(Default)]
struct Seen {
    bytes: Vec<u8>,
    whole: bool,
}

/// So much of a document is remembered. A longer one is read a second time, if it is a file.
const REMEMBERED: usize = 32 << 20;

impl Document {
    /// Opens a document.
    pub(crate) fn open(path: &Path, options: &Options) -> Result<Self> {
        let mut input: Box<dyn Read> = match path.to_str() {
            Some("-") => Box::new(std::io::stdin()),
            _ => Box::new(File::open(path).with_context(|| format!("cannot read {}", path.display()))?),
        };
        // The first character that is not white space tells the encoding, where nothing else does.
        let mut first = Vec::new();
        let mut chunk = [0; 4096];
        let is_space = |b: &u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        while first.iter().all(is_space) && first.len() < 1 << 20 {
            let count = input.read(&mut chunk).with_context(|| format!("cannot read {}", path.display()))?;
            if count == 0 {
                break;
            }
            first.extend_from_slice(&chunk[..count]);
        }
        let text = first.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&first);
        let extension = path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
        let is_json = options.json.unwrap_or_else(|| match extension.as_deref() {
            Some("json") => true,
            Some("xml") => false,
            _ => text.iter().find(|b| !is_space(b)).is_some_and(|b| matches!(b, b'{' | b'[')),
        });
        let (wrappers, answer) = wrappers(options.kind, is_json, &mut first, &mut *input);
        let seen = Rc::new(RefCell::new(Seen { bytes: Vec::new(), whole: true }));
        Ok(Self {
            path: path.to_owned(),
            is_json,
            options: options.clone(),
            wrappers,
            answer,
            first,
            input: Some(input),
            seen,
        })
    }

    /// Its name.
    pub(crate) fn name(&self) -> String {
        if self.path.as_os_str() == "-" { "<stdin>".to_owned() } else { self.path.display().to_string() }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.is_json
    }

    /// Reads it. What is wrong with it is the inner error; that it cannot be read the outer.
    pub(crate) fn read(&mut self, schema: &Arc<Schema>) -> Result<Result<Content, Vec<DataError>>> {
        let Some(input) = self.input.take() else { bail!("{} was read already", self.name()) };
        let first = std::io::Cursor::new(std::mem::take(&mut self.first));
        let mut source =
            self.source(Box::new(Tee { input: first.chain(input), seen: Rc::clone(&self.seen) }));
        let found = content(schema, &self.options, &self.wrappers, self.answer.as_ref(), &mut *source);
        if let Err(errors) = &found
            && let Some(error) = errors.iter().find(|e| e.tag == ErrorTag::OperationFailed && is_io(e))
        {
            bail!("cannot read {}: {}", self.name(), error.message);
        }
        Ok(found)
    }

    fn source(&self, input: Box<dyn Read>) -> Box<dyn Source> {
        let limits = Limits::default();
        if self.is_json {
            Box::new(json::ReadSource::new(input, limits))
        } else {
            Box::new(xml::ReadSource::over(xml::Reader::of_content(limits), input))
        }
    }

    /// It once more from its begin, if that can be had.
    fn again(&self) -> Option<Box<dyn Read>> {
        let seen = self.seen.borrow();
        if seen.whole {
            return Some(Box::new(std::io::Cursor::new(seen.bytes.clone())));
        }
        let mut file = File::open(&self.path).ok()?;
        // A pipe does not come twice.
        file.metadata().ok().filter(std::fs::Metadata::is_file)?;
        file.rewind().ok()?;
        Some(Box::new(file))
    }

    /// Gives errors that validation found their places in the document.
    pub(crate) fn locate(&self, schema: &Arc<Schema>, errors: &mut [DataError]) {
        let homeless: Vec<String> =
            errors.iter().filter(|e| e.position.line == 0).map(|e| e.path.clone()).collect();
        if homeless.is_empty() {
            return;
        }
        let Some(input) = self.again() else { return };
        let mut source = self.source(input);
        let paths: Vec<&str> = homeless.iter().map(String::as_str).collect();
        let places = places(schema, &self.wrappers, &mut *source, &paths).unwrap_or_default();
        for error in errors.iter_mut().filter(|e| e.position.line == 0) {
            // What is missing at the top is missing in the document.
            error.position = places.get(&error.path).copied().unwrap_or(Position { line: 1, column: 1 });
        }
    }

    /// The text of a line, cut to what stands around a column (both from 1), and the column in it.
    pub(crate) fn line(&self, position: Position) -> Option<(String, usize)> {
        const AROUND: usize = 60;
        let mut input = std::io::BufReader::new(self.again()?);
        let mut line = Vec::new();
        for number in 1..=position.line {
            line.clear();
            // Lines may be as long as the document: no more of one is taken than there is to show.
            let wanted = if number == position.line { position.column as usize * 4 + 4 * AROUND } else { 0 };
            read_line(&mut input, wanted, &mut line).ok()?;
        }
        let text = String::from_utf8_lossy(&line);
        let characters: Vec<char> = text.chars().filter(|c| *c != '\r').collect();
        let column = (position.column as usize).max(1).min(characters.len() + 1);
        let from = column.saturating_sub(AROUND);
        let to = (column + AROUND).min(characters.len());
        let mut shown: String = if from > 0 { "...".to_owned() } else { String::new() };
        let column = shown.len() + column - from;
        shown.extend(characters[from..to].iter().map(|c| if c.is_control() { ' ' } else { *c }));
        if to < characters.len() {
            shown.push_str("...");
        }
        Some((shown, column))
    }
}

/// Reads to the end of a line and keeps the first bytes of it.
fn read_line(input: &mut impl std::io::BufRead, keep: usize, line: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let bytes = input.fill_buf()?;
        if bytes.is_empty() {
            return Ok(());
        }
        let end = bytes.iter().position(|b| *b == b'\n');
        let part = &bytes[..end.unwrap_or(bytes.len())];
        line.extend_from_slice(&part[..part.len().min(keep.saturating_sub(line.len()))]);
        let count = end.map_or(bytes.len(), |e| e + 1);
        input.consume(count);
        if end.is_some() {
            return Ok(());
        }
    }
}

fn is_io(error: &DataError) -> bool {
    error.info.is_empty() && error.message.contains("os error")
}

/// Remembers what goes through.
struct Tee<R> {
    input: R,
    seen: Rc<RefCell<Seen>>,
}

impl<R: Read> Read for Tee<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.input.read(buffer)?;
        let mut seen = self.seen.borrow_mut();
        if seen.whole {
            if seen.bytes.len() + count > REMEMBERED {
                *seen = Seen { bytes: Vec::new(), whole: false };
            } else {
                seen.bytes.extend_from_slice(&buffer[..count]);
            }
        }
        Ok(count)
    }
}

fn content(
    schema: &Arc<Schema>,
    options: &Options,
    wrappers: &[Wrapper],
    answer: Option<&Answer>,
    source: &mut dyn Source,
) -> Result<Content, Vec<DataError>> {
    let decode = &options.decode;
    let operation = |kind| {
        move |source: &mut dyn Source| Operation::decode(schema, kind, source, decode).map(Content::Operation)
    };
    match options.kind {
        Kind::Data | Kind::Config if wrappers.first() == Some(&Wrapper::InstanceData) => {
            inside(wrappers, source, |source| {
                let InstanceData { header, tree } = InstanceData::decode(schema, source, decode)?;
                Ok(Content::Tree { tree, header: Some(Box::new(header)) })
            })
        }
        Kind::Data | Kind::Config => inside(wrappers, source, |source| {
            let tree = Tree::decode(schema, NodeId::ROOT, source, decode)?;
            Ok(Content::Tree { tree, header: None })
        }),
        Kind::Edit => inside(wrappers, source, |source| Edit::decode(schema, source).map(Content::Edit)),
        Kind::Rpc => inside(wrappers, source, operation(OperationKind::Request)),
        Kind::Reply if wrappers.last() == Some(&Wrapper::RpcReply) => {
            inside(wrappers, source, |source| reply(schema, options, answer, source))
        }
        Kind::Reply => inside(wrappers, source, operation(OperationKind::Reply)),
        Kind::Notification => inside(wrappers, source, operation(OperationKind::Notification)),
    }
}

/// The content of a NETCONF reply (RFC 6241 section 4.2; RFC 7950 section 7.14.4).
fn reply(
    schema: &Arc<Schema>,
    options: &Options,
    answer: Option<&Answer>,
    source: &mut dyn Source,
) -> Result<Content, Vec<DataError>> {
    let fail = |message: String, source: &dyn Source| {
        Err(vec![DataError::from_codec(fault(message, source.position()), "/")])
    };
    if answer.is_some_and(|a| a.is("ok")) {
        enter(source)?;
        Inside::new(source).skip().map_err(|e| vec![DataError::from_codec(e, "/")])?;
        // Nothing else stands in such a reply.
        return match source.next() {
            Ok(Event::Open { name, .. }) => {
                let message = format!("`{}` stands behind `ok`", name.local);
                fail(message, source)
            }
            Ok(_) => Ok(Content::Ok),
            Err(error) => Err(vec![DataError::from_codec(error, "/")]),
        };
    }
    if answer.is_some_and(|a| a.is("rpc-error")) {
        return fail("the reply is an error, and has no output".to_owned(), source);
    }
    let told = match &options.reply_to {
        None => None,
        Some(path) => {
            let path = if path.starts_with('/') { path.clone() } else { format!("/{path}") };
            let found = schema.find(&path).filter(|n| matches!(n.kind(), NodeKind::Rpc | NodeKind::Action));
            match found {
                Some(operation) => Some(operation),
                None => return fail(format!("--reply-to {path}: there is no such rpc or action"), source),
            }
        }
    };
    // The element of the operation may stand around its output, as it does where there is no rpc-reply.
    let is_operation = answer.is_some_and(|a| {
        let module = schema.find_namespace(&a.0);
        module.is_some_and(|m| {
            schema.find_rpc(m, &a.1).is_some() || schema.root().data_child(m, &a.1).is_some()
        })
    });
    let answered = match (told, answer) {
        (Some(operation), _) => operation,
        (None, Some(_)) if is_operation => {
            let operation = Operation::decode(schema, OperationKind::Reply, source, &options.decode);
            return operation.map(Content::Operation);
        }
        (None, Some(answer)) => match *Operation::with_output(schema, answer.name()) {
            [operation] => operation,
            [] => {
                let message =
                    format!("no rpc or action has the output `{}` of namespace {:?}", answer.1, answer.0);
                return fail(message, source);
            }
            [first, second, ..] => {
                let message = format!(
                    "the reply does not tell what it answers, and `{}` is an output of {} and of {}: say --reply-to",
                    answer.1,
                    first.path(),
                    second.path()
                );
                return fail(message, source);
            }
        },
        (None, None) => {
            return fail("the reply is empty: it is neither ok nor has it output".to_owned(), source);
        }
    };
    Operation::decode_output(schema, answered, source, &options.decode).map(Content::Operation)
}

/// The places of nodes.
fn places(
    schema: &Arc<Schema>,
    wrappers: &[Wrapper],
    source: &mut dyn Source,
    paths: &[&str],
) -> Result<HashMap<String, Position>, Vec<DataError>> {
    let mut found = HashMap::new();
    inside(wrappers, source, |source| {
        if wrappers.first() == Some(&Wrapper::InstanceData) {
            let there = InstanceData::seek_content(source);
            if !there.map_err(|e| vec![DataError::from_codec(e, "/")])? {
                return Ok(());
            }
            found = locate::locate(schema, &mut Inside::new(source), paths);
        } else {
            found = locate::locate(schema, source, paths);
        }
        Ok(())
    })?;
    Ok(found)
}
