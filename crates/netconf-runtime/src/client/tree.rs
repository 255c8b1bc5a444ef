//! Data of a schema that is known when the program runs and not when it is compiled: trees in and out.

use super::operations::{Data, EditConfig, EditData};
use super::typed::unwritable;
use super::{Error, Notifications};
use crate::protocol::Notification;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::error::DataError;
use yang_data::event::{Event, Inside, Source};
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::view::{EncodeOptions, View};
use yang_data::xml::{SliceSource, to_string};
use yang_schema::{NodeId, Schema};

fn unreadable(errors: &[DataError]) -> Error {
    let all: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Error::Reply(format!("it does not fit its modules: {}", all.join("; ")))
}

/// The configuration and state of a tree as XML.
fn written(tree: &Tree) -> Result<String, Error> {
    let view = View::of(tree);
    to_string(|sink| view.encode(sink, &EncodeOptions { config_only: true })).map_err(|e| unwritable(&e))
}

impl Data {
    /// All of it as a tree.
    ///
    /// # Errors
    /// [`Error::Reply`]: it does not fit the modules of the schema.
    pub fn tree(&self, schema: &Arc<Schema>, options: &DecodeOptions) -> Result<Tree, Error> {
        let document = self.xml();
        let mut source = SliceSource::new(document.as_bytes(), Limits::default());
        loop {
            match source.next() {
                Ok(Event::Open { .. } | Event::End) => break,
                Ok(_) => {}
                Err(error) => return Err(Error::Reply(error.to_string())),
            }
        }
        Tree::decode(schema, NodeId::ROOT, &mut Inside::new(&mut source), options).map_err(|e| unreadable(&e))
    }
}

impl EditConfig {
    /// Adds the configuration of a tree; its state is left out.
    pub fn tree(self, tree: &Tree) -> Self {
        let xml = written(tree);
        self.push_xml(xml.as_deref().map_err(Clone::clone))
    }
}

impl EditData {
    /// Adds the configuration of a tree; its state is left out.
    pub fn tree(self, tree: &Tree) -> Self {
        let xml = written(tree);
        self.push_xml(xml.as_deref().map_err(Clone::clone))
    }
}

impl Notifications {
    /// The next one as a tree of its module, with the node that it is about; `None` when the session has ended properly.
    ///
    /// # Errors
    /// As [`Notifications::next`], and [`Error::Reply`] for one that does not fit the modules of the schema.
    pub async fn next_tree(
        &mut self,
        schema: &Arc<Schema>,
        options: &DecodeOptions,
    ) -> Option<Result<(Arc<Notification>, Operation), Error>> {
        let notification = match self.next().await? {
            Ok(notification) => notification,
            Err(error) => return Some(Err(error)),
        };
        let document = notification.event.standalone().into_owned();
        let mut source = SliceSource::new(document.as_bytes(), Limits::default());
        let decoded = Operation::decode(schema, OperationKind::Notification, &mut source, options);
        Some(decoded.map(|operation| (notification, operation)).map_err(|e| unreadable(&e)))
    }
}
