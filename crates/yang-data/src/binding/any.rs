//! anydata and anyxml (RFC 7950 sections 7.10 and 7.11), and nodes that the model does not know: kept as they came.

use super::ValueContext;
use crate::codec::{CodecError, CodecErrorKind};
use crate::event::{
    Attribute, Datum, Event, Form, FullName, Inside, Name, Namespace, OutAttribute, Place, Scalar, Shape,
    Sink, Source,
};
use crate::qualified::{Piece, pieces};

/// A name in the words of the codec it came by.
#[derive(Clone, PartialEq, Eq, Debug)]
struct OwnedName {
    /// Empty where the codec does not tell it.
    module: Box<str>,
    /// Empty where the codec does not tell it.
    namespace: Box<str>,
    local: Box<str>,
}

#[derive(Clone, PartialEq, Debug)]
enum Item {
    Open { name: OwnedName, in_array: bool, attributes: Vec<(OwnedName, Box<str>)> },
    Text(Text),
    Close,
}

#[derive(Clone, PartialEq, Debug)]
enum Text {
    /// XML's, with the namespaces of the prefixes that it may use.
    Xml(Box<str>, Vec<(Box<str>, Box<str>)>),
    String(Box<str>),
    Number(Box<str>),
    Boolean(bool),
    Empty,
    Null,
}

/// Content that no type describes: events of a codec, in order.
///
/// What came by XML can be written as XML, and what came by JSON as JSON. From one to the other it goes as far as names are
/// known in both (a writer refuses a name that it cannot write), and JSON's numbers become text.
#[derive(Clone, PartialEq, Default)]
pub struct Fragment {
    items: Vec<Item>,
}

impl Fragment {
    /// Reads a source to its end. Names that do not tell their module are in that of the context, whose set of modules
    /// also tells namespaces by names and names by namespaces, as far as it goes.
    ///
    /// # Errors
    /// Those of the source.
    pub fn read(source: &mut dyn Source, context: &ValueContext<'_>) -> Result<Self, CodecError> {
        let top = (Box::from(context.module.name), Box::from(context.module.namespace));
        Self::read_inside(source, context, top)
    }

    fn read_inside(
        source: &mut dyn Source,
        context: &ValueContext<'_>,
        top: (Box<str>, Box<str>),
    ) -> Result<Self, CodecError> {
        let mut fragment = Self::default();
        let mut around = vec![top];
        loop {
            match source.next()? {
                Event::Open { name, attributes, place } => {
                    let inherited = around.last().map_or(("", ""), |(m, n)| (&**m, &**n));
                    let begin = Begin::new(&name, &attributes, place, context, inherited);
                    around.push(begin.module());
                    fragment.items.push(begin.0);
                }
                Event::Text(scalar) => fragment.items.push(Item::Text(own(&scalar))),
                Event::Close => {
                    around.pop();
                    fragment.items.push(Item::Close);
                }
                Event::EmptyArray(name) => {
                    let message =
                        format!("the empty array {:?} inside of unknown JSON is not kept", name.local);
                    let position = source.position();
                    let kind = CodecErrorKind::InvalidValue;
                    return Err(CodecError { kind, message, position, path: None });
                }
                Event::Annotations { .. } => {
                    let message = "annotations (RFC 7952) inside of unknown JSON are not kept".to_owned();
                    let position = source.position();
                    let kind = CodecErrorKind::UnknownAttribute;
                    return Err(CodecError { kind, message, position, path: None });
                }
                Event::End => return Ok(fragment),
            }
        }
    }

    /// A node whose begin is at hand, and its inside from the source, its close included.
    pub(crate) fn read_node(
        begin: Begin,
        source: &mut dyn Source,
        context: &ValueContext<'_>,
    ) -> Result<Self, CodecError> {
        let top = begin.module();
        let mut fragment = Self { items: vec![begin.0] };
        let inside = Self::read_inside(&mut Inside::new(source), context, top)?;
        fragment.items.extend(inside.items);
        fragment.items.push(Item::Close);
        Ok(fragment)
    }

    /// Is there nothing in it?
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// The text right in it, as far as it has any: anyxml may hold text alone.
    pub fn text(&self) -> Option<&str> {
        match self.items.as_slice() {
            [Item::Text(Text::Xml(t, _) | Text::String(t) | Text::Number(t))] => Some(t),
            [Item::Text(Text::Boolean(true))] => Some("true"),
            [Item::Text(Text::Boolean(false))] => Some("false"),
            _ => None,
        }
    }

    /// The name of its first node.
    pub(crate) fn first_name(&self) -> Option<&str> {
        match self.items.first() {
            Some(Item::Open { name, .. }) => Some(&name.local),
            _ => None,
        }
    }

    /// The name of its first node, with the name of its module where the codec told it.
    fn name(&self) -> Option<(Option<&str>, &str)> {
        match self.items.first() {
            Some(Item::Open { name, .. }) => {
                Some(((!name.module.is_empty()).then_some(&*name.module), &*name.local))
            }
            _ => None,
        }
    }

    /// Gives it to a sink.
    ///
    /// # Errors
    /// The sink cannot write a name whose module the codec did not tell, or text among nodes; or its own errors.
    pub fn write(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        for (at, item) in self.items.iter().enumerate() {
            match item {
                Item::Open { name, in_array, attributes } => {
                    let leaf = !matches!(self.items.get(at + 1), Some(Item::Open { .. }))
                        && (matches!(self.items.get(at + 1), Some(Item::Text(t)) if !t.is_space())
                            || matches!(self.items.get(at + 2), Some(Item::Close)));
                    let shape = match (in_array, leaf) {
                        (false, false) => Shape::Container,
                        (true, false) => Shape::ListEntry,
                        (false, true) => Shape::Leaf,
                        (true, true) => Shape::LeafListEntry,
                    };
                    let attributes: Vec<OutAttribute<'_>> = attributes
                        .iter()
                        .map(|(name, value)| OutAttribute { name: name.full(), value: Datum::Text(value) })
                        .collect();
                    sink.open(name.full(), shape, &attributes)?;
                }
                Item::Text(text) => text.write(sink)?,
                Item::Close => sink.close()?,
            }
        }
        Ok(())
    }
}

/// The begin of a node that no field has.
pub(crate) struct Begin(Item);

impl Begin {
    /// Module and namespace are filled in as far as the set tells one by the other.
    pub(crate) fn new(
        name: &Name<'_>,
        attributes: &[Attribute<'_>],
        place: Place,
        context: &ValueContext<'_>,
        inherited: (&str, &str),
    ) -> Self {
        let full = |name: &Name<'_>, inherited: (&str, &str)| {
            let (module, namespace) = match name.namespace {
                Namespace::Uri("") => ("", ""),
                Namespace::Uri(uri) => (context.by_namespace(uri).map_or("", |m| m.name), uri),
                Namespace::Module(module) => (module, context.by_name(module).map_or("", |m| m.namespace)),
                Namespace::Inherited => inherited,
            };
            OwnedName { module: module.into(), namespace: namespace.into(), local: name.local.into() }
        };
        let attributes =
            attributes.iter().map(|a| (full(&a.name, ("", "")), Box::from(a.value.as_ref()))).collect();
        let name = full(name, inherited);
        Self(Item::Open { name, in_array: place == Place::Item, attributes })
    }

    /// Its module and namespace.
    fn module(&self) -> (Box<str>, Box<str>) {
        match &self.0 {
            Item::Open { name, .. } => (name.module.clone(), name.namespace.clone()),
            _ => Default::default(),
        }
    }

    /// Is it of another module?
    pub(crate) fn is_foreign(&self, module: &super::Module) -> bool {
        match &self.0 {
            Item::Open { name, .. } if name.module.is_empty() => *name.namespace != *module.namespace,
            Item::Open { name, .. } => *name.module != *module.name,
            _ => false,
        }
    }

    pub(crate) fn local(&self) -> &str {
        match &self.0 {
            Item::Open { name, .. } => &name.local,
            _ => "",
        }
    }
}

/// Kept content is shown as XML-like text, short and for people.
impl std::fmt::Debug for Fragment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for item in &self.items {
            match item {
                Item::Open { name, .. } => write!(f, "<{}>", name.local)?,
                Item::Text(Text::Xml(t, _) | Text::String(t)) => write!(f, "{t:?}")?,
                Item::Text(Text::Number(t)) => f.write_str(t)?,
                Item::Text(Text::Boolean(b)) => write!(f, "{b}")?,
                Item::Text(Text::Empty) => f.write_str("[null]")?,
                Item::Text(Text::Null) => f.write_str("null")?,
                Item::Close => f.write_str("</>")?,
            }
        }
        Ok(())
    }
}

impl OwnedName {
    fn full(&self) -> FullName<'_> {
        FullName { module: &self.module, namespace: &self.namespace, local: &self.local }
    }
}

fn own(scalar: &Scalar<'_>) -> Text {
    let text = || Box::from(scalar.text.as_ref());
    match scalar.form {
        Form::Xml(scope) => {
            let mut prefixes: Vec<(Box<str>, Box<str>)> = Vec::new();
            for piece in pieces(&scalar.text) {
                let Piece::Name(Some(prefix), _) = piece else { continue };
                if prefixes.iter().any(|(p, _)| **p == *prefix) {
                    continue;
                }
                if let Some(uri) = scope.namespace(prefix) {
                    prefixes.push((prefix.into(), uri.into()));
                }
            }
            Text::Xml(text(), prefixes)
        }
        Form::JsonString | Form::Canonical => Text::String(text()),
        Form::JsonNumber => Text::Number(text()),
        Form::JsonBoolean => Text::Boolean(scalar.text == "true"),
        Form::JsonEmpty => Text::Empty,
        Form::JsonNull => Text::Null,
    }
}

impl Text {
    fn is_space(&self) -> bool {
        matches!(self, Text::Xml(text, _) if text.bytes().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n')))
    }

    fn write(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        match self {
            Text::Xml(text, prefixes) => {
                let prefixes: Vec<(&str, &str)> = prefixes.iter().map(|(p, u)| (&**p, &**u)).collect();
                sink.value(Datum::Prefixed { text, prefixes: &prefixes })
            }
            Text::String(text) => sink.value(Datum::Text(text)),
            Text::Number(text) => sink.value(Datum::Number(text)),
            Text::Boolean(b) => sink.value(Datum::Boolean(*b)),
            Text::Empty => sink.value(Datum::Empty),
            Text::Null => sink.value(Datum::Null),
        }
    }
}

/// anydata and anyxml alike.
pub trait AnyValue: Send + Sync + 'static {
    /// The content.
    fn fragment(&self) -> &Fragment;
    /// The content in this type.
    fn from_fragment(fragment: Fragment) -> Self;
}

macro_rules! any {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Default, Debug)]
        pub struct $name(pub Fragment);

        impl AnyValue for $name {
            fn fragment(&self) -> &Fragment {
                &self.0
            }
            fn from_fragment(fragment: Fragment) -> Self {
                Self(fragment)
            }
        }
    )*};
}

any! {
    /// The content of an `anydata` node: nodes of some model that is not known here.
    AnyData;
    /// The content of an `anyxml` node: whatever XML can say.
    AnyXml;
}

/// Nodes that the model does not know, kept in the order of the document.
#[derive(Clone, PartialEq, Default, Debug)]
pub struct Unknown {
    nodes: Vec<Fragment>,
}

impl Unknown {
    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The nodes, each with its begin and end.
    pub fn nodes(&self) -> &[Fragment] {
        &self.nodes
    }

    /// The names of the nodes, each with its module where that is known, in the order in which they came.
    pub fn names(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        self.nodes.iter().filter_map(Fragment::name)
    }

    pub(crate) fn push(&mut self, node: Fragment) {
        self.nodes.push(node);
    }

    /// Writes all nodes; those of one name one after the other, since JSON makes an array of them.
    pub(crate) fn write(&self, sink: &mut dyn Sink) -> Result<(), CodecError> {
        let mut order: Vec<(usize, usize)> = Vec::with_capacity(self.nodes.len());
        let mut first: std::collections::HashMap<Option<&str>, usize> = std::collections::HashMap::new();
        for (at, node) in self.nodes.iter().enumerate() {
            order.push((*first.entry(node.first_name()).or_insert(at), at));
        }
        order.sort_unstable();
        order.into_iter().try_for_each(|(_, at)| self.nodes[at].write(sink))
    }
}

/// An error of the binding itself.
pub(crate) fn error(kind: CodecErrorKind, message: String) -> CodecError {
    CodecError { kind, message, position: crate::event::Position::default(), path: None }
}
