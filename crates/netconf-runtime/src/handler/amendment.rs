//! What a handler of configuration adds to a change.

use super::typed::unfit;
use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::binding::path;
use yang_data::codec::{CodecError, Limits};
use yang_data::edit::{ApplyOptions, Edit};
use yang_data::event::{Inside, Source as _};
use yang_data::tree::Tree;
use yang_data::xml::{SliceSource, to_string};
use yang_schema::Schema;

/// What else changes with a commit. The default is nothing.
///
/// ```
/// # use netconf_runtime::Amendment;
/// # use netconf_runtime::binding::path::Edit;
/// # fn example(mtu: Edit, description: Edit) {
/// let amendment = Amendment::default().edit(mtu).edit(description);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "it does something when a handler returns it"]
pub struct Amendment {
    parts: Vec<Part>,
}

#[derive(Clone, Debug)]
enum Part {
    Typed(path::Edit),
    Data(Edit),
}

impl Amendment {
    /// Adds the edit of a typed path, such as `paths::farm().site().edit("hill".into())`.
    pub fn edit(mut self, edit: path::Edit) -> Self {
        self.parts.push(Part::Typed(edit));
        self
    }

    /// Adds edits of typed paths.
    pub fn edits(mut self, edits: impl IntoIterator<Item = path::Edit>) -> Self {
        self.parts.extend(edits.into_iter().map(Part::Typed));
        self
    }

    /// Adds an edit that has no types.
    pub fn data(mut self, edit: Edit) -> Self {
        self.parts.push(Part::Data(edit));
        self
    }

    /// Is it nothing?
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The configuration with it, one edit after the other.
    pub(crate) fn apply(&self, to: &Tree, commit: u64) -> Result<Tree, RpcError> {
        let options = ApplyOptions { commit, ..ApplyOptions::default() };
        self.parts.iter().try_fold(to.clone(), |tree, part| {
            let typed;
            let edit = match part {
                Part::Typed(edit) => {
                    typed = untyped(edit, tree.schema())?;
                    &typed
                }
                Part::Data(edit) if Arc::ptr_eq(edit.schema(), tree.schema()) => edit,
                Part::Data(_) => return Err(unfit(&"it was made for another schema")),
            };
            edit.apply(&tree, &options).map_err(|errors| first(&errors))
        })
    }
}

/// The edit of a typed path, held against the schema.
fn untyped(edit: &path::Edit, schema: &Arc<Schema>) -> Result<Edit, RpcError> {
    let decode = || -> Result<_, CodecError> {
        let text = format!("<config>{}</config>", to_string(|sink| edit.encode(sink))?);
        let mut source = SliceSource::new(text.as_bytes(), Limits::default());
        source.next()?;
        Ok(Edit::decode(schema, &mut Inside::new(&mut source)))
    };
    decode().map_err(|e| unfit(&e))?.map_err(|errors| first(&errors))
}

fn first(errors: &[yang_data::error::DataError]) -> RpcError {
    RpcError::operation_failed(errors.first().map(ToString::to_string).unwrap_or_default())
}
