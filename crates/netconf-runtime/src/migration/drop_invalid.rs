//! What does not fit is dropped, and each piece of it is told.

use super::{Document, Migrated, Migration, Unfit, decode};
use std::collections::BTreeSet;
use yang_data::error::DataError;
use yang_data::validate::Validated;

/// So often is looked again: what is dropped may be what something else needs.
const ROUNDS: usize = 10_000;

/// Drops what the modules do not know or do not allow, and nothing else; what depends on what was dropped goes too. The notes tell of
/// each node that goes, and why.
#[derive(Clone, Copy, Default, Debug)]
pub struct DropInvalid;

impl Migration for DropInvalid {
    fn migrate(&self, unfit: Unfit) -> Result<Migrated, String> {
        let mut document = unfit.document;
        let mut notes = Vec::new();
        for _ in 0..ROUNDS {
            let errors = match decode(&unfit.schema, &document, 0) {
                Err(errors) => drop_unreadable(&mut document, &errors).map(|()| errors)?,
                Ok(tree) => match Validated::new(&tree, true) {
                    Err(errors) => drop_invalid(&mut document, &errors)?,
                    Ok(_) => return Ok(notes.into_iter().fold(Migrated::document(document), Migrated::note)),
                },
            };
            notes.extend(errors.iter().map(|error| format!("dropped: {error}")));
        }
        Err("there is no end to what would have to be dropped".to_owned())
    }
}

/// What cannot be read is known by its number.
fn drop_unreadable(document: &mut Document, errors: &[DataError]) -> Result<(), String> {
    let numbers: BTreeSet<u32> = errors.iter().map(|error| error.position.line).collect();
    match document.remove_numbered(&numbers) {
        0 => Err(format!("nothing can be dropped that would mend this: {}", errors[0])),
        _ => Ok(()),
    }
}

/// What breaks a constraint is known by its path. Gives those that something was dropped for.
fn drop_invalid(document: &mut Document, errors: &[DataError]) -> Result<Vec<DataError>, String> {
    // References to what is not there are broken each by itself. Of all else the first may be why the second is broken.
    let (dangling, others): (Vec<_>, Vec<_>) =
        errors.iter().partition(|error| error.app_tag.as_deref() == Some("instance-required"));
    let mut dropped = Vec::new();
    for error in dangling {
        if drop_at(document, &error.path)? {
            dropped.push(error.clone());
        }
    }
    if !dropped.is_empty() {
        return Ok(dropped);
    }
    for error in others {
        if drop_at(document, &error.path)? {
            return Ok(vec![error.clone()]);
        }
    }
    let why: Vec<String> = errors.iter().map(ToString::to_string).collect();
    Err(format!("nothing can be dropped that would mend this: {}", why.join("; ")))
}

/// Drops what is at a path. Where nothing is, since something is missing there, what stands around it goes.
fn drop_at(document: &mut Document, path: &str) -> Result<bool, String> {
    let mut path = path;
    while path.len() > 1 {
        if !document.remove(path).map_err(|e| e.to_string())?.is_empty() {
            return Ok(true);
        }
        path = &path[..last_step(path)];
    }
    Ok(false)
}

/// Where the last step of a path begins.
fn last_step(path: &str) -> usize {
    let mut quote = None;
    let mut last = 0;
    for (at, c) in path.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '/') => last = at,
            _ => {}
        }
    }
    last
}
