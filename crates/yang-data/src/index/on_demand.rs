//! Indexes of a view, made when they are needed.

use super::{address, hash};
use crate::view::Cursor;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use yang_schema::{NodeId, NodeRef, Value};

/// The addresses below a scope, by the hash of the value's string.
type Found = HashMap<u64, Vec<Box<[Value]>>>;

/// What is known of a leaf below a scope.
#[derive(Clone)]
enum State {
    /// It was asked for once. Whoever asks but once pays less for looking at each entry than for an index.
    Once,
    /// An index is being made: who asks meanwhile looks at each entry.
    Making,
    Made(Arc<Found>),
}

/// The indexes of one view, by the place in memory of the scope's record: the view keeps its trees.
#[derive(Default)]
pub(crate) struct OnDemand(Mutex<HashMap<(usize, NodeId), State>>);

impl OnDemand {
    /// See [`find`](super::find).
    pub(super) fn find<'v>(
        &self,
        scope: &Cursor<'v>,
        leaf: NodeRef<'v>,
        text: &str,
    ) -> Option<Vec<Cursor<'v>>> {
        let key = (scope.only_record()?, leaf.id());
        let state = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let before = known.get(&key).cloned();
            let next = match &before {
                None => State::Once,
                Some(State::Once) => State::Making,
                Some(other) => other.clone(),
            };
            known.insert(key, next);
            before
        };
        let made = match state {
            None | Some(State::Making) => return None,
            Some(State::Made(made)) => made,
            Some(State::Once) => {
                let made = Arc::new(make(scope, leaf));
                let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
                known.insert(key, State::Made(Arc::clone(&made)));
                made
            }
        };
        let found = made.get(&hash(&[], text)).map_or(&[][..], Vec::as_slice);
        Some(found.iter().filter_map(|keys| address::descend(scope, leaf, keys)).collect())
    }
}

fn make(scope: &Cursor<'_>, leaf: NodeRef<'_>) -> Found {
    let mut found = Found::new();
    address::each_below(scope, &mut Vec::new(), leaf, &mut |at, keys| {
        if let Some(text) = super::text_of(at) {
            found.entry(hash(&[], &*text)).or_default().push(keys.into());
        }
    });
    found
}
