//! Incremental validation against full validation.

mod growth;
#[path = "../../../../tests/model/mod.rs"]
mod model;
mod oracle;

use super::{Draft, Validated};
use crate::codec::Limits;
use crate::edit::{ApplyOptions, DefaultOperation, Edit};
use crate::error::DataError;
use crate::event::{Event, Inside, Source};
use crate::index::IndexSet;
use crate::tree::Tree;
use crate::validate::{ValidateOptions, settle_whens, validate};
use crate::view::View;
use crate::xml;
use model::{Model, Random, change};
use proptest::prelude::*;
use std::sync::Arc;
use yang_schema::Schema;

fn compile(text: &str) -> Option<Arc<Schema>> {
    yang_parser::Compiler::new().source("m.yang", text).compile().schema.map(Arc::new)
}

fn edit(schema: &Arc<Schema>, text: &str) -> Result<Edit, Vec<DataError>> {
    let document = format!("<config>{text}</config>");
    let mut source = xml::SliceSource::new(document.as_bytes(), Limits::default());
    assert!(matches!(source.next(), Ok(Event::Open { .. })));
    Edit::decode(schema, &mut Inside::new(&mut source))
}

fn apply(tree: &Tree, text: &str) -> Result<Tree, Vec<DataError>> {
    let options = ApplyOptions { default_operation: DefaultOperation::Merge, commit: tree.commit() + 1 };
    edit(tree.schema(), text)?.apply(tree, &options)
}

fn full(tree: &Tree, config_only: bool) -> Vec<DataError> {
    let errors = validate(&View::of(tree), &ValidateOptions { config_only, ..ValidateOptions::default() });
    let line = |e: &DataError| format!("{} {:?} {} {} {:?}", e.tag, e.app_tag, e.path, e.message, e.info);
    let said = |errors: &[DataError]| errors.iter().map(line).collect::<Vec<_>>();
    assert_eq!(said(&errors), said(&oracle::validate(tree, config_only)), "the walk passes over something");
    errors
}

/// What errors say, as a set: the order is not promised to be the same.
fn said(errors: &[DataError]) -> Vec<String> {
    let line = |e: &DataError| format!("{} {:?} {} {} {:?}", e.tag, e.app_tag, e.path, e.message, e.info);
    let mut said: Vec<String> = errors.iter().map(line).collect();
    said.sort();
    said
}

/// Holds a change against full validation. Gives back the new version if it is valid.
fn change(old: &Validated, new: &Tree) -> Option<Validated> {
    let wanted = full(new, old.0.config_only);
    match old.change(new) {
        Ok(version) => {
            assert!(
                wanted.is_empty(),
                "incremental validation finds nothing of\n{}",
                said(&wanted).join("\n")
            );
            let indexes = IndexSet::new(&View::of(new).accessible());
            assert!(version.0.indexes.equals(&indexes), "the indexes are not those of the tree");
            Some(version)
        }
        Err(found) => {
            assert_eq!(said(&found), said(&wanted));
            None
        }
    }
}

/// Holds the deletion of what must not be there any longer against what looks at all. Gives back what is left.
fn settle(old: &Draft, new: &Tree) -> Option<Tree> {
    let commit = new.commit();
    match (old.settle(new, commit), settle_whens(new, old.tree(), commit)) {
        (Ok(found), Ok(wanted)) => {
            assert_eq!((&found.removed, &found.tree), (&wanted.removed, &wanted.tree));
            Some(found.tree)
        }
        (Err(found), Err(wanted)) => {
            assert_eq!(said(&found), said(&wanted));
            None
        }
        (found, wanted) => panic!("{found:?}\nbut {wanted:?}"),
    }
}

/// A change of a candidate, which need not be valid. Gives back what becomes of it.
fn revise(old: &Draft, new: &Tree) -> Option<Draft> {
    let revised = old.change(&settle(old, new)?);
    let indexes = IndexSet::new(&View::of(revised.tree()).accessible());
    assert!(revised.indexes.equals(&indexes), "the indexes are not those of the candidate");
    Some(revised)
}

/// What a run came across: a property over nothing would hold, too.
#[derive(Default, Debug)]
struct Seen {
    models: usize,
    valid: usize,
    invalid: usize,
    drafts: usize,
}

/// One model, and a walk of changes over it.
fn walk(seed: u64, steps: usize, seen: &mut Seen) {
    let random = Random::new(seed);
    let model = Model::random(&random);
    let text = model.text();
    let Some(schema) = compile(&text) else { return };
    let mut tree = Tree::new(Arc::clone(&schema));
    let config_only = !random.one_in(4);
    let mut valid = Validated::new(&tree, config_only).ok();
    for _ in 0..20 {
        if valid.is_some() {
            break;
        }
        if let Ok(next) = apply(&tree, &change::random(&random, &model)) {
            tree = next;
            valid = Validated::new(&tree, config_only).ok();
        }
    }
    let Some(mut valid) = valid else { return };
    seen.models += 1;
    let mut tree = valid.tree().clone();
    let mut draft = valid.draft(valid.tree());
    for _ in 0..steps {
        let edit = change::random(&random, &model);
        if let Ok(next) = apply(draft.tree(), &edit) {
            let run = || revise(&draft, &next);
            let Ok(revised) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) else {
                panic!("seed {seed}\n{text}\nfrom\n{:?}by {edit}\nto\n{next:?}", draft.tree());
            };
            seen.drafts += usize::from(revised.is_some());
            draft = revised.unwrap_or(draft);
        }
        let Ok(next) = apply(&tree, &edit) else { continue };
        let run = || {
            let settled = settle(&valid.0, &next);
            (change(&valid, &next), settled.and_then(|tree| change(&valid, &tree)))
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run));
        let Ok((as_it_is, settled)) = result else {
            panic!("seed {seed}\n{text}\nfrom\n{:?}by {edit}\nto\n{next:?}", valid.tree());
        };
        match as_it_is.or(settled) {
            Some(version) => {
                seen.valid += 1;
                tree = version.tree().clone();
                valid = version;
            }
            None => {
                seen.invalid += 1;
                // Further away from what was valid, or back.
                tree = if random.one_in(3) { next } else { valid.tree().clone() };
            }
        }
    }
}

#[test]
fn the_walks_come_across_both() {
    let mut seen = Seen::default();
    (0..60).for_each(|seed| walk(seed, 10, &mut seen));
    assert!(seen.models > 25 && seen.valid > 60 && seen.invalid > 60 && seen.drafts > 60, "{seen:?}");
}

proptest! {
    // A smaller seed is no smaller case.
    #![proptest_config(ProptestConfig { max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_change_is_validated_as_the_whole_is(seed: u64) {
        walk(seed, 12, &mut Seen::default());
    }
}
