//! edit-config: RFC 6241 section 7.2.

use super::{Datastore, Session, sent_by_await};
use crate::client::typed::{unwritable, write_edits};
use crate::client::{Error, Response};
use crate::protocol::capability::{ROLLBACK_ON_ERROR, VALIDATE, VALIDATE_1_0};
use yang_data::binding::Yang;
use yang_data::binding::path::Edit;
use yang_data::xml::to_string;

/// What is done with data that does not say it itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefaultOperation {
    /// It is merged.
    Merge,
    /// It replaces the whole datastore.
    Replace,
    /// Nothing.
    None,
}

impl DefaultOperation {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Replace => "replace",
            Self::None => "none",
        }
    }
}

/// Whether the outcome is checked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TestOption {
    /// It is checked, and set if it is valid.
    TestThenSet,
    /// It is set unchecked.
    Set,
    /// It is checked only.
    TestOnly,
}

/// What happens at an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorOption {
    /// The rest is not done.
    StopOnError,
    /// The rest is done.
    ContinueOnError,
    /// All is undone.
    RollbackOnError,
}

/// An edit that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct EditConfig {
    session: Session,
    target: Datastore,
    default_operation: Option<DefaultOperation>,
    test: Option<TestOption>,
    error: Option<ErrorOption>,
    content: Content,
}

/// What is edited.
#[derive(Clone, Debug)]
pub(super) struct Content {
    /// What is written already, or why it could not be: the first error is what sending it gives.
    config: Result<String, Error>,
    /// What comes after it.
    edits: Vec<Edit>,
}

impl Default for Content {
    fn default() -> Self {
        Self { config: Ok(String::new()), edits: Vec::new() }
    }
}

impl Content {
    /// Adds what was written, or could not be.
    pub(super) fn push(&mut self, xml: Result<&str, Error>) {
        self.write_pending();
        self.add(xml);
    }

    pub(super) fn push_value<T: Yang>(&mut self, value: &T) {
        let xml = to_string(|sink| value.encode(sink));
        self.push(xml.as_deref().map_err(unwritable));
    }

    pub(super) fn push_edits(&mut self, edits: impl IntoIterator<Item = Edit>) {
        self.edits.extend(edits);
    }

    /// Edits that follow one another are written together.
    fn write_pending(&mut self) {
        if !self.edits.is_empty() {
            let xml = write_edits(&std::mem::take(&mut self.edits));
            self.add(xml.as_deref().map_err(Clone::clone));
        }
    }

    fn add(&mut self, xml: Result<&str, Error>) {
        match (&mut self.config, xml) {
            (Ok(config), Ok(xml)) => config.push_str(xml),
            (config @ Ok(_), Err(error)) => *config = Err(error),
            (Err(_), _) => {}
        }
    }

    /// All of it.
    pub(super) fn write(mut self) -> Result<String, Error> {
        self.write_pending();
        self.config
    }
}

/// What all edits are put together by: the type has a `default_operation` and a `content`.
macro_rules! put_together {
    ($edit:ident) => {
        impl $edit {
            /// Adds configuration as XML: elements that declare their namespaces.
            pub fn config_xml(mut self, xml: impl AsRef<str>) -> Self {
                self.content.push(Ok(xml.as_ref()));
                self
            }

            /// Adds what was written, or keeps why it could not be: the first error is what sending it gives.
            pub(in crate::client) fn push_xml(mut self, xml: Result<&str, Error>) -> Self {
                self.content.push(xml);
                self
            }

            /// Adds a value: a `root`, or a top-level container.
            ///
            /// It is not checked here, for it may be a part of what it will be merged with: [`Yang::validate`] does it.
            pub fn config<T: Yang>(mut self, value: &T) -> Self {
                self.content.push_value(value);
                self
            }

            /// Adds an edit at a path. What stands around edits that follow one another is sent once.
            pub fn edit(self, edit: &Edit) -> Self {
                self.edits([edit])
            }

            /// Adds edits at paths, in their order.
            pub fn edits<'e>(mut self, edits: impl IntoIterator<Item = &'e Edit>) -> Self {
                self.content.push_edits(edits.into_iter().cloned());
                self
            }

            /// Says what is done with data that does not say it itself.
            pub fn default_operation(mut self, operation: DefaultOperation) -> Self {
                self.default_operation = Some(operation);
                self
            }
        }
    };
}

pub(super) use put_together;

put_together!(EditConfig);

impl EditConfig {
    pub(super) fn new(session: Session, target: Datastore) -> Self {
        Self {
            session,
            target,
            default_operation: None,
            test: None,
            error: None,
            content: Content::default(),
        }
    }

    /// Says whether the outcome is checked.
    pub fn test_option(mut self, option: TestOption) -> Self {
        self.test = Some(option);
        self
    }

    /// Says what happens at an error.
    pub fn error_option(mut self, option: ErrorOption) -> Self {
        self.error = Some(option);
        self
    }

    fn require(&self) -> Result<(), Error> {
        let capabilities = self.session.capabilities();
        let target = &self.target;
        capabilities.require(&format!("edit-config of {target}"), target.capability_to_write())?;
        match self.test {
            Some(TestOption::TestOnly) => capabilities.require("test-option test-only", &[VALIDATE])?,
            Some(_) => capabilities.require("test-option", &[VALIDATE, VALIDATE_1_0])?,
            None => {}
        }
        if self.error == Some(ErrorOption::RollbackOnError) {
            capabilities.require("error-option rollback-on-error", &[ROLLBACK_ON_ERROR])?;
        }
        Ok(())
    }

    /// Sends it. What the device warns of goes into the log.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<(), Error> {
        let (session, body) = self.request()?;
        session.command("edit-config", &body).await
    }

    /// Sends it, and gives the reply: `errors` in it are what the device warns of.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn reply(self) -> Result<Response, Error> {
        let (session, body) = self.request()?;
        session.done("edit-config", &body).await
    }

    fn request(self) -> Result<(Session, String), Error> {
        self.require()?;
        let mut body = String::from("<edit-config>");
        self.target.write("target", &mut body);
        let mut option = |name: &str, value: &str| body.push_str(&format!("<{name}>{value}</{name}>"));
        if let Some(operation) = self.default_operation {
            option("default-operation", operation.as_str());
        }
        if let Some(test) = self.test {
            option(
                "test-option",
                match test {
                    TestOption::TestThenSet => "test-then-set",
                    TestOption::Set => "set",
                    TestOption::TestOnly => "test-only",
                },
            );
        }
        if let Some(error) = self.error {
            option(
                "error-option",
                match error {
                    ErrorOption::StopOnError => "stop-on-error",
                    ErrorOption::ContinueOnError => "continue-on-error",
                    ErrorOption::RollbackOnError => "rollback-on-error",
                },
            );
        }
        body.push_str("<config>");
        body.push_str(&self.content.write()?);
        body.push_str("</config></edit-config>");
        Ok((self.session, body))
    }
}

sent_by_await!(EditConfig => ());
