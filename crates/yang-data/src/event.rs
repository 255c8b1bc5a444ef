//! What every codec speaks: instance data as a stream of events.
//!
//! XML and JSON readers are [`Source`]s, their writers [`Sink`]s; so are data trees and typed structs. Any source can be
//! poured into any sink that knows its schema. A source does not know the schema: whether an element is a leaf or a
//! container is for whoever reads it to decide, and so is what white space means.

use crate::codec::CodecError;
use std::borrow::Cow;

/// How a codec names the module of a node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Namespace<'a> {
    /// XML: the namespace name; empty for none.
    Uri(&'a str),
    /// JSON (RFC 7951 section 4): the name of the module.
    Module(&'a str),
    /// JSON: not said, so the module of the node above.
    Inherited,
}

/// A qualified name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Name<'a> {
    /// Its module.
    pub namespace: Namespace<'a>,
    /// The local name.
    pub local: &'a str,
}

/// A name in both codecs' words: what a [`Sink`] is given, since a writer must serve either.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FullName<'a> {
    /// The module's name; empty where it is not known (inside anydata that came by XML), which JSON refuses to write.
    pub module: &'a str,
    /// The module's namespace; empty where it is not known (inside anydata that came by JSON), which XML refuses to write.
    pub namespace: &'a str,
    /// The local name.
    pub local: &'a str,
}

/// An event of a [`Source`].
#[derive(Debug)]
pub enum Event<'a> {
    /// A node begins: an element, a member of an object, an item of an array.
    Open {
        /// Its name.
        name: Name<'a>,
        /// Its attributes (XML) or metadata (RFC 7952 section 5, JSON); namespace declarations are not among them.
        attributes: Cow<'a, [Attribute<'a>]>,
        /// Where it stands among its siblings, as far as the codec tells.
        place: Place,
    },
    /// The value of the node that is open. XML sends all character data, white space between elements too.
    Text(Scalar<'a>),
    /// Annotations that stand apart from what they annotate (RFC 7952 section 5.2), in front of it or behind it: JSON alone has
    /// them. Those of XML are the attributes of [`Event::Open`].
    Annotations {
        /// What they annotate.
        of: Annotated<'a>,
        /// The annotations.
        attributes: Cow<'a, [Attribute<'a>]>,
    },
    /// An array without items, by its name, which JSON alone has: a list or leaf-list without entries, which is none, or an anyxml.
    EmptyArray(Name<'a>),
    /// The node ends.
    Close,
    /// The document is over. It comes for ever then.
    End,
}

/// What [`Event::Annotations`] are about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Annotated<'a> {
    /// The node that is open: a container, a list entry, anydata.
    Open,
    /// The leaf or anyxml of this name in the node that is open.
    Member(Name<'a>),
    /// The item of an array of this name, by its position from 0: a leaf-list entry.
    Item(Name<'a>, usize),
}

/// Where a node that opens stands. RFC 7951 writes lists and leaf-lists as arrays and nothing else so; a strict reader holds
/// documents to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// The codec does not tell: XML, a data tree, a typed struct.
    Untold,
    /// JSON: a member of an object, its value no array.
    Member,
    /// JSON: an item of the array that is the member's value.
    Item,
}

/// An attribute or annotation.
#[derive(Clone)]
pub struct Attribute<'a> {
    /// Its name. An XML attribute without a prefix has the namespace `Uri("")`.
    pub name: Name<'a>,
    /// Its value.
    pub value: Cow<'a, str>,
    /// What the codec says about the value.
    pub form: Form<'a>,
}

impl std::fmt::Debug for Attribute<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}={:?}", self.name, self.value)
    }
}

/// The same name and text.
impl PartialEq for Attribute<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

/// A value as its codec wrote it.
pub struct Scalar<'a> {
    /// The text.
    pub text: Cow<'a, str>,
    /// What the codec says about it.
    pub form: Form<'a>,
}

impl std::fmt::Debug for Scalar<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.text.fmt(f)
    }
}

/// What a codec says about a scalar besides its text.
#[derive(Clone, Copy)]
pub enum Form<'a> {
    /// XML: prefixes in the text stand for the namespaces in scope.
    Xml(&'a dyn Prefixes),
    /// JSON: a string. Names in it carry modules' names (RFC 7951 section 6.8).
    JsonString,
    /// JSON: a number.
    JsonNumber,
    /// JSON: `true` or `false`.
    JsonBoolean,
    /// JSON: `[null]`; the text is empty.
    JsonEmpty,
    /// JSON: `null` outside of `[null]`, which only anydata and anyxml may hold; the text is empty.
    JsonNull,
    /// The canonical form with modules' names for prefixes, whatever codec it came by: from a data tree.
    Canonical,
}

/// The prefixes in scope.
pub trait Prefixes {
    /// The namespace of a prefix; the default namespace for the empty one.
    fn namespace(&self, prefix: &str) -> Option<&str>;
}

/// A value for a writer: each codec prints it in its own way.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Datum<'a> {
    /// A string, enum name, bits, base64: text without names in it.
    Text(&'a str),
    /// A number that JSON writes as a number: 8 to 32 bits.
    Number(&'a str),
    /// A number that JSON writes as a string: 64 bits, decimal64.
    LongNumber(&'a str),
    /// A boolean.
    Boolean(bool),
    /// `empty`.
    Empty,
    /// JSON's `null`, from the inside of anydata or anyxml; XML cannot write it.
    Null,
    /// Text of anydata or anyxml that came by XML, with the namespaces of the prefixes that it may use; JSON writes the text.
    Prefixed {
        /// The text.
        text: &'a str,
        /// Prefix and namespace of each prefix in the text.
        prefixes: &'a [(&'a str, &'a str)],
    },
    /// An identity.
    Identity {
        /// The name of its module.
        module: &'a str,
        /// The namespace of its module.
        namespace: &'a str,
        /// Its name.
        name: &'a str,
    },
    /// Text that names modules, such as an instance-identifier, in JSON's form: a module's name in front of each node whose
    /// module is not that of the node before. `modules` maps each to its namespace, so that XML can declare prefixes.
    Qualified {
        /// The text.
        text: &'a str,
        /// Module name and namespace of each module in the text.
        modules: &'a [(&'a str, &'a str)],
    },
}

/// How a node that opens stands among its siblings: JSON must know, XML need not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A container, rpc, notification, input, output: one object.
    Container,
    /// A list entry: an object in an array. Entries of one list come one after the other.
    ListEntry,
    /// A leaf.
    Leaf,
    /// A leaf-list entry: an item of an array. Entries of one leaf-list come one after the other.
    LeafListEntry,
    /// anydata: its content is nodes.
    Any,
    /// anyxml: its content is whatever the codec can say.
    AnyXml,
    /// An item of an [`AnyXmlArray`](Self::AnyXmlArray); its name is that of the array.
    AnyXmlItem,
    /// An anyxml that is an array in JSON, with its items in it. XML cannot say it.
    AnyXmlArray,
    /// A list or leaf-list of anydata that has no entries: JSON writes an array without items, XML nothing. It is closed at once.
    NoEntry,
}

/// What takes events: a writer.
pub trait Sink {
    /// A node begins.
    ///
    /// # Errors
    /// What the sink cannot write or take.
    fn open(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
    ) -> Result<(), CodecError>;

    /// The value of the leaf that is open.
    ///
    /// # Errors
    /// What the sink cannot write or take.
    fn value(&mut self, value: Datum<'_>) -> Result<(), CodecError>;

    /// The node ends.
    ///
    /// # Errors
    /// What the sink cannot write or take.
    fn close(&mut self) -> Result<(), CodecError>;

    /// Identities of a module are likely to stand somewhere in the node that is opened next: a sink that must declare names may do
    /// it there once.
    fn announce(&mut self, _module: &str, _namespace: &str) {}

    /// A node that holds a value and nothing else, from its begin to its end. A sink may do it in one go.
    ///
    /// # Errors
    /// What the sink cannot write or take.
    fn leaf(
        &mut self,
        name: FullName<'_>,
        shape: Shape,
        attributes: &[OutAttribute<'_>],
        value: Datum<'_>,
    ) -> Result<(), CodecError> {
        self.open(name, shape, attributes)?;
        self.value(value)?;
        self.close()
    }
}

/// An attribute for a writer.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct OutAttribute<'a> {
    /// Its name; an empty namespace is XML's attribute without prefix.
    pub name: FullName<'a>,
    /// Its value.
    pub value: Datum<'a>,
}

/// What gives events: a reader.
pub trait Source {
    /// The next event.
    ///
    /// # Errors
    /// The first error ends the stream: it comes again at each further call.
    fn next(&mut self) -> Result<Event<'_>, CodecError>;

    /// Where the event that came last began, for diagnostics.
    fn position(&self) -> Position;
}

/// A place in a document, from 1; zero where there is no text.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Position {
    /// The line.
    pub line: u32,
    /// The column, in characters.
    pub column: u32,
}

/// The inside of a node that has been opened on another source: its events up to its close, which comes as [`Event::End`].
///
/// So the content of `<config>` or `<data>` is read as a document of its own.
pub struct Inside<'s> {
    source: &'s mut dyn Source,
    depth: u64,
    over: bool,
}

impl<'s> Inside<'s> {
    /// Reads what follows an [`Event::Open`] that was just taken from the source.
    pub fn new(source: &'s mut dyn Source) -> Self {
        Self { source, depth: 0, over: false }
    }

    /// Passes over what is left of the node, its close included.
    ///
    /// # Errors
    /// Those of the source.
    pub fn skip(mut self) -> Result<(), CodecError> {
        while !matches!(self.next()?, Event::End) {}
        Ok(())
    }
}

impl Source for Inside<'_> {
    fn next(&mut self) -> Result<Event<'_>, CodecError> {
        if self.over {
            return Ok(Event::End);
        }
        let event = self.source.next()?;
        match event {
            Event::Open { .. } => self.depth += 1,
            Event::Close if self.depth == 0 => {
                self.over = true;
                return Ok(Event::End);
            }
            Event::Close => self.depth -= 1,
            Event::End => self.over = true,
            Event::Text(_) | Event::Annotations { .. } | Event::EmptyArray(_) => {}
        }
        Ok(event)
    }

    fn position(&self) -> Position {
        self.source.position()
    }
}
