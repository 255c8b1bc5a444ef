//! What an instance data file tells about its data (RFC 9195 section 2 and the module `ietf-yang-instance-data`).

use super::{MODULE, NAMESPACE, ROOT, codec, invalid, name};
use crate::codec::CodecError;
use crate::error::{DataError, ErrorInfo, ErrorTag};
use crate::event::{Datum, Event, Form, Inside, Name, Namespace, Place, Shape, Sink, Source};
use crate::tree::AnyData;
use crate::tree::any::AnyBuilder;
use crate::tree::names::is_layout;
use crate::view::DefaultMode;
use std::sync::Arc;
use yang_schema::Schema;
use yang_schema::pattern::CompiledPattern;

const DATASTORES: (&str, &str) = ("ietf-datastores", "urn:ietf:params:xml:ns:yang:ietf-datastores");

/// What a file tells about its data. All of it may be missing.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Header {
    /// `name`: of the data set.
    pub name: Option<String>,
    /// `format-version`: the revision of `ietf-yang-instance-data`.
    pub format_version: Option<String>,
    /// `includes-defaults`.
    pub includes_defaults: Option<DefaultMode>,
    /// `content-schema`: the modules of the data.
    pub content_schema: ContentSchema,
    /// `description`.
    pub descriptions: Vec<String>,
    /// `contact`.
    pub contact: Option<String>,
    /// `organization`.
    pub organization: Option<String>,
    /// `datastore`: where the data is from, or for.
    pub datastore: Option<Datastore>,
    /// `revision`, the newest first.
    pub revisions: Vec<Revision>,
    /// `timestamp`.
    pub timestamp: Option<String>,
}

/// How a file tells the modules of its data.
#[derive(Clone, PartialEq, Debug, Default)]
pub enum ContentSchema {
    /// It does not.
    #[default]
    Untold,
    /// `module`: `name` or `name@revision` of each.
    Modules(Vec<String>),
    /// `inline-yang-library`: instance data of `ietf-yang-library`.
    Library(Arc<AnyData>),
    /// `same-schema-as-file`: the URI of another instance data file.
    SameAsFile(String),
}

/// An identity of a datastore (RFC 8342).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Datastore {
    /// The module that defines it.
    pub module: String,
    /// Its namespace.
    pub namespace: String,
    /// Its name: `running`, `operational`, ...
    pub name: String,
}

impl Datastore {
    /// A datastore of `ietf-datastores`.
    pub fn standard(name: &str) -> Self {
        Self { module: DATASTORES.0.to_owned(), namespace: DATASTORES.1.to_owned(), name: name.to_owned() }
    }

    /// Does it hold configuration and nothing else?
    pub fn is_configuration(&self) -> bool {
        self.module == DATASTORES.0
            && matches!(&*self.name, "running" | "candidate" | "startup" | "intended" | "conventional")
    }

    /// Is it the operational state datastore, whose constraints may be broken (RFC 8342 section 5.3)?
    pub fn is_operational(&self) -> bool {
        self.module == DATASTORES.0 && self.name == "operational"
    }
}

/// An entry of `revision`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Revision {
    /// `date`.
    pub date: String,
    /// `description`.
    pub description: Option<String>,
}

impl Header {
    pub(super) fn encode(&self, schema: &Schema, sink: &mut dyn Sink) -> Result<(), CodecError> {
        leaf(sink, "name", self.name.as_deref())?;
        leaf(sink, "format-version", self.format_version.as_deref())?;
        leaf(sink, "includes-defaults", self.includes_defaults.map(DefaultMode::as_str))?;
        if self.content_schema != ContentSchema::Untold {
            sink.open(name("content-schema"), Shape::Container, &[])?;
            match &self.content_schema {
                ContentSchema::Untold => {}
                ContentSchema::Modules(modules) => leaf_list(sink, "module", modules)?,
                ContentSchema::Library(library) => {
                    sink.open(name("inline-yang-library"), Shape::Any, &[])?;
                    library.write(schema, sink)?;
                    sink.close()?;
                }
                ContentSchema::SameAsFile(uri) => leaf(sink, "same-schema-as-file", Some(uri))?,
            }
            sink.close()?;
        }
        leaf_list(sink, "description", &self.descriptions)?;
        leaf(sink, "contact", self.contact.as_deref())?;
        leaf(sink, "organization", self.organization.as_deref())?;
        if let Some(Datastore { module, namespace, name: identity }) = &self.datastore {
            sink.open(name("datastore"), Shape::Leaf, &[])?;
            sink.value(Datum::Identity { module, namespace, name: identity })?;
            sink.close()?;
        }
        for revision in &self.revisions {
            sink.open(name("revision"), Shape::ListEntry, &[])?;
            leaf(sink, "date", Some(&revision.date))?;
            leaf(sink, "description", revision.description.as_deref())?;
            sink.close()?;
        }
        leaf(sink, "timestamp", self.timestamp.as_deref())
    }
}

fn leaf(sink: &mut dyn Sink, local: &str, value: Option<&str>) -> Result<(), CodecError> {
    let Some(value) = value else { return Ok(()) };
    sink.open(name(local), Shape::Leaf, &[])?;
    sink.value(Datum::Text(value))?;
    sink.close()
}

fn leaf_list(sink: &mut dyn Sink, local: &str, values: &[String]) -> Result<(), CodecError> {
    for value in values {
        sink.open(name(local), Shape::LeafListEntry, &[])?;
        sink.value(Datum::Text(value))?;
        sink.close()?;
    }
    Ok(())
}

/// Reads the members of `instance-data-set` and what stands in them.
pub(super) struct Reader<'s> {
    schema: &'s Schema,
    header: Header,
    /// Members that may stand once and have stood.
    seen: Vec<String>,
    path: String,
}

/// What a leaf said.
struct Text {
    text: String,
    /// The namespace of its prefix, or what stands in front of its colon.
    module: Option<(bool, String)>,
}

impl<'s> Reader<'s> {
    pub(super) fn new(schema: &'s Schema) -> Self {
        let path = format!("/{MODULE}:{ROOT}");
        Self { schema, header: Header::default(), seen: Vec::new(), path }
    }

    /// The next member, which is opened.
    pub(super) fn next(&mut self, source: &mut dyn Source) -> Result<Option<String>, DataError> {
        loop {
            let found = match source.next() {
                Ok(Event::Close | Event::End) => return Ok(None),
                Ok(Event::Text(scalar)) if is_layout(&scalar) => continue,
                Ok(Event::EmptyArray(_)) => continue,
                Ok(Event::Text(_)) => {
                    Err(DataError::new(ErrorTag::BadElement, &*self.path, "text stands here"))
                }
                Ok(Event::Annotations { .. }) => {
                    let message = "annotations of an instance data file's own nodes are not known";
                    Err(DataError::new(ErrorTag::UnknownAttribute, &*self.path, message))
                }
                Ok(Event::Open { name, place, .. }) => {
                    self.check(name, place).map(|()| name.local.to_owned())
                }
                Err(error) => return Err(codec(error, &self.path)),
            };
            return found.map(Some).map_err(|e| e.at(source.position()));
        }
    }

    fn check(&mut self, name: Name<'_>, place: Place) -> Result<(), DataError> {
        let ours = match name.namespace {
            Namespace::Uri(uri) => uri == NAMESPACE,
            Namespace::Module(module) => module == MODULE,
            Namespace::Inherited => true,
        };
        let fault = |tag, what: &str| {
            let message = format!("`{}` {what}", name.local);
            let error = DataError::new(tag, format!("{}/{}", self.path, name.local), message);
            error.info(ErrorInfo::BadElement(name.local.to_owned()))
        };
        let nested = self.path.ends_with("/content-schema") || self.path.ends_with("/revision");
        let known: &[&str] = if self.path.ends_with("/content-schema") {
            &["module", "inline-yang-library", "same-schema-as-file"]
        } else if nested {
            &["date", "description"]
        } else {
            &[
                "name",
                "format-version",
                "includes-defaults",
                "content-schema",
                "description",
                "contact",
                "organization",
                "datastore",
                "revision",
                "timestamp",
                "content-data",
            ]
        };
        if !ours || !known.contains(&name.local) {
            return Err(fault(ErrorTag::UnknownElement, "is no part of an instance data set"));
        }
        let several = match name.local {
            "module" | "revision" => true,
            "description" => !nested,
            _ => false,
        };
        match place {
            Place::Member if several => {
                return Err(fault(ErrorTag::BadElement, "is no array, and must be one"));
            }
            Place::Item if !several => return Err(fault(ErrorTag::BadElement, "must not be an array")),
            _ => {}
        }
        let key = format!("{}/{}", self.path, name.local);
        if !several && self.seen.contains(&key) {
            return Err(fault(ErrorTag::BadElement, "stands there twice"));
        }
        self.seen.push(key);
        Ok(())
    }

    /// Reads a member, which is open, to its end.
    pub(super) fn member(&mut self, member: &str, source: &mut dyn Source) -> Result<(), DataError> {
        match member {
            "content-schema" => return self.content_schema(source),
            "revision" => return self.revision(source),
            _ => {}
        }
        let position = source.position();
        let text = self.text(member, source)?;
        self.set(member, text).map_err(|e| e.at(position))
    }

    fn set(&mut self, member: &str, text: Text) -> Result<(), DataError> {
        let Text { text, module } = text;
        let wrong = |what: &str| Err(invalid(&self.path, member, format!("{text:?} is {what}")));
        match member {
            "name" => self.header.name = Some(text),
            "format-version" if is_date(&text) => self.header.format_version = Some(text),
            "format-version" => return wrong("no date"),
            "includes-defaults" => match DefaultMode::from_name(&text) {
                Some(mode) => self.header.includes_defaults = Some(mode),
                None => return wrong("none of the modes of RFC 6243"),
            },
            "description" => self.header.descriptions.push(text),
            "contact" => self.header.contact = Some(text),
            "organization" => self.header.organization = Some(text),
            "timestamp" if is_date_and_time(&text) => self.header.timestamp = Some(text),
            "timestamp" => return wrong("no date and time"),
            _ => match self.datastore(&text, module) {
                Some(datastore) => self.header.datastore = Some(datastore),
                None => return wrong("no identity of a datastore"),
            },
        }
        Ok(())
    }

    fn datastore(&self, text: &str, module: Option<(bool, String)>) -> Option<Datastore> {
        let local = text.rsplit(':').next().unwrap_or(text).to_owned();
        // Without a prefix it is in the default namespace, or in the module of the leaf: neither has datastores.
        let (is_uri, given) = module?;
        if given == if is_uri { DATASTORES.1 } else { DATASTORES.0 } {
            let known = [
                "running",
                "candidate",
                "startup",
                "intended",
                "operational",
                "conventional",
                "dynamic",
                "factory-default",
            ];
            return known.contains(&&*local).then(|| Datastore::standard(&local));
        }
        let id = if is_uri { self.schema.find_namespace(&given) } else { self.schema.find_module(&given) }?;
        self.schema.find_identity(id, &local)?;
        let namespace = self.schema.str(self.schema.module(id).namespace).to_owned();
        Some(Datastore { module: self.schema.module_name(id).to_owned(), namespace, name: local })
    }

    fn content_schema(&mut self, source: &mut dyn Source) -> Result<(), DataError> {
        let above = self.path.clone();
        self.path.push_str("/content-schema");
        let position = source.position();
        let mut modules = Vec::new();
        let mut found = Vec::new();
        while let Some(member) = self.next(source)? {
            let position = source.position();
            match &*member {
                "module" => {
                    let Text { text, .. } = self.text(&member, source)?;
                    if !is_module(&text) {
                        let message = format!("{text:?} is no module with or without a revision");
                        return Err(invalid(&self.path, &member, message).at(position));
                    }
                    modules.push(text);
                }
                "inline-yang-library" => {
                    found.push(ContentSchema::Library(Arc::new(self.library(source)?)));
                }
                _ => found.push(ContentSchema::SameAsFile(self.text(&member, source)?.text)),
            }
        }
        if !modules.is_empty() {
            found.push(ContentSchema::Modules(modules));
        }
        if found.len() > 1 {
            let message = "the content schema is told in two ways";
            return Err(DataError::new(ErrorTag::BadElement, &*self.path, message).at(position));
        }
        self.header.content_schema = found.pop().unwrap_or_default();
        self.path = above;
        Ok(())
    }

    fn library(&self, source: &mut dyn Source) -> Result<AnyData, DataError> {
        let mut content = AnyBuilder::new(name("inline-yang-library"));
        let mut inside = Inside::new(source);
        loop {
            match inside.next() {
                Ok(Event::Open { name, attributes, place }) => {
                    content.open(self.schema, name, &attributes, place);
                }
                Ok(Event::Text(scalar)) => content.text(&scalar.text, scalar.form),
                Ok(Event::Annotations { of, attributes }) => content.annotate(self.schema, of, &attributes),
                Ok(Event::EmptyArray(name)) => content.empty_array(self.schema, name),
                Ok(Event::Close) => _ = content.close(),
                Ok(Event::End) => return Ok(content.finish()),
                Err(error) => return Err(codec(error, &self.path)),
            }
        }
    }

    fn revision(&mut self, source: &mut dyn Source) -> Result<(), DataError> {
        let above = self.path.clone();
        self.path.push_str("/revision");
        let position = source.position();
        let mut revision = Revision::default();
        let seen = self.seen.len();
        while let Some(member) = self.next(source)? {
            let Text { text, .. } = self.text(&member, source)?;
            match &*member {
                "date" if is_date(&text) => revision.date = text,
                "date" => {
                    return Err(invalid(&self.path, "date", format!("{text:?} is no date")).at(position));
                }
                _ => revision.description = Some(text),
            }
        }
        self.seen.truncate(seen);
        let message = if revision.date.is_empty() {
            Some((ErrorTag::MissingElement, "a revision has no date".to_owned()))
        } else if self.header.revisions.iter().any(|r| r.date == revision.date) {
            Some((ErrorTag::BadElement, format!("the revision {} stands there twice", revision.date)))
        } else {
            None
        };
        if let Some((tag, message)) = message {
            let error = DataError::new(tag, &*self.path, message);
            return Err(error.info(ErrorInfo::BadElement("date".to_owned())).at(position));
        }
        self.header.revisions.push(revision);
        self.path = above;
        Ok(())
    }

    /// The text of the leaf that is open, up to its end.
    fn text(&self, member: &str, source: &mut dyn Source) -> Result<Text, DataError> {
        let mut found = Text { text: String::new(), module: None };
        let path = || format!("{}/{member}", self.path);
        loop {
            match source.next() {
                Ok(Event::Close | Event::End) => return Ok(found),
                Ok(Event::Text(scalar)) => {
                    if !matches!(scalar.form, Form::Xml(_) | Form::JsonString | Form::Canonical) {
                        return Err(invalid(&self.path, member, "the value is no string".to_owned()));
                    }
                    found.text.push_str(&scalar.text);
                    let prefix = found.text.split_once(':').map(|(prefix, _)| prefix.trim());
                    found.module = match scalar.form {
                        Form::Xml(scope) => prefix
                            .and_then(|p| scope.namespace(p))
                            .map(|namespace| (true, namespace.to_owned())),
                        _ => prefix.map(|module| (false, module.to_owned())),
                    };
                }
                Ok(Event::Annotations { .. } | Event::EmptyArray(_)) => {}
                Ok(Event::Open { name, .. }) => {
                    let message = format!("`{}` stands inside the leaf `{member}`", name.local);
                    return Err(DataError::new(ErrorTag::BadElement, path(), message).at(source.position()));
                }
                Err(error) => return Err(codec(error, &path())),
            }
        }
    }

    pub(super) fn finish(self) -> Result<Header, DataError> {
        Ok(self.header)
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    CompiledPattern::new(pattern).is_ok_and(|p| p.is_match(text))
}

fn is_date(text: &str) -> bool {
    matches(r"\d{4}-(1[0-2]|0[1-9])-(0[1-9]|[12]\d|3[01])", text)
}

/// Is it a `date-and-time` of `ietf-yang-types`, by its form?
pub fn is_date_and_time(text: &str) -> bool {
    matches(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+\-]\d{2}:\d{2})", text)
}

fn is_module(text: &str) -> bool {
    let (name, date) = text.split_once('@').map_or((text, None), |(name, date)| (name, Some(date)));
    date.is_none_or(is_date) && matches(r"[a-zA-Z_][a-zA-Z0-9\-_.]*", name)
}
