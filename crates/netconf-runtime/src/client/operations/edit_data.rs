//! edit-data: RFC 8526 section 3.1.2.

use super::edit::{Content, put_together};
use super::get_data::NMDA;
use super::{DefaultOperation, NmdaDatastore, Session, element, sent_by_await};
use crate::client::Error;
use crate::protocol::capability::URL;
use yang_data::binding::Yang;
use yang_data::binding::path::Edit;

/// An edit of a datastore of the NMDA that is being put together; awaiting it sends it.
#[derive(Clone, Debug)]
#[must_use = "it is sent when it is awaited"]
pub struct EditData {
    session: Session,
    datastore: NmdaDatastore,
    default_operation: Option<DefaultOperation>,
    content: Content,
    url: Option<String>,
}

put_together!(EditData);

impl EditData {
    /// Says that the device is to fetch the configuration from a URL.
    pub fn url(mut self, url: impl Into<String>) -> Self {
        self.url = Some(url.into());
        self
    }

    /// Sends it.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn send(self) -> Result<(), Error> {
        self.session.require_module("edit-data", NMDA).await?;
        let mut body = format!("<edit-data xmlns=\"{NMDA}\">");
        self.datastore.write("datastore", &mut body);
        if let Some(operation) = self.default_operation {
            element(&mut body, "default-operation", operation.as_str());
        }
        let config = self.content.write()?;
        match self.url {
            Some(_) if !config.is_empty() => {
                return Err(Error::Caller(
                    "an edit comes with the request or from a URL, not both".to_owned(),
                ));
            }
            Some(url) => {
                self.session.capabilities().require("edit-data from a URL", &[URL])?;
                element(&mut body, "url", &url);
            }
            None => body.push_str(&format!("<config>{config}</config>")),
        }
        body.push_str("</edit-data>");
        self.session.command("edit-data", &body).await
    }
}

sent_by_await!(EditData => ());

impl Session {
    /// Changes a datastore of the NMDA.
    pub fn edit_data(&self, datastore: NmdaDatastore) -> EditData {
        EditData {
            session: self.clone(),
            datastore,
            default_operation: None,
            content: Content::default(),
            url: None,
        }
    }
}
