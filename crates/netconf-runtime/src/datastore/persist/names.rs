//! The store's table of names: what stands for names of nodes, enums and identities on disk.

use super::PersistError;
use crate::store::NewName;
use std::collections::HashMap;

/// The names that a store knows, and those that the next record will teach it.
#[derive(Clone, Default, Debug)]
pub(crate) struct Names {
    by_id: Vec<String>,
    by_name: HashMap<String, u32>,
    /// From here on they are new.
    stored: usize,
}

impl Names {
    pub(crate) fn new(names: Vec<String>) -> Self {
        let by_name = (0u32..).zip(&names).map(|(id, name)| (name.clone(), id)).collect();
        Self { stored: names.len(), by_id: names, by_name }
    }

    /// The id of a name, given now if it has none.
    pub(crate) fn id(&mut self, name: &str) -> u32 {
        if let Some(&id) = self.by_name.get(name) {
            return id;
        }
        let id = u32::try_from(self.by_id.len()).expect("a schema has fewer than 2^32 names");
        self.by_id.push(name.to_owned());
        self.by_name.insert(name.to_owned(), id);
        id
    }

    /// The name of an id.
    pub(crate) fn name(&self, id: u32) -> Result<&str, PersistError> {
        let name = self.by_id.get(id as usize).map(String::as_str);
        name.ok_or_else(|| PersistError::Damaged(format!("no name has the number {id}")))
    }

    /// Names that no record has taught the store yet.
    pub(crate) fn new_names(&self) -> Vec<NewName> {
        let new = self.by_id.iter().enumerate().skip(self.stored);
        new.map(|(id, name)| NewName { id: id as u32, name: name.clone() }).collect()
    }

    /// A record with the new names is stored.
    pub(crate) fn settle(&mut self) {
        self.stored = self.by_id.len();
    }

    /// The record with the new names was not stored.
    pub(crate) fn forget(&mut self) {
        for name in self.by_id.drain(self.stored..) {
            self.by_name.remove(&name);
        }
    }
}
