//! Edits.

use super::{base, comes_back, content, differences_hold, schema, wrapped};
use yang_data::codec::Limits;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit, ErrorOption};
use yang_data::event::{Event, Inside, Source};
use yang_data::validate::{ValidateOptions, settle_whens, validate};
use yang_data::view::View;
use yang_data::xml as xml_codec;

/// The content of an edit-config's `config`: it is refused, or leaves a tree that holds together.
pub fn edit(data: &[u8]) {
    let Ok(edit) = Edit::decode(schema(), &mut content(data)) else { return };
    for default_operation in [DefaultOperation::Merge, DefaultOperation::Replace, DefaultOperation::None] {
        let options = ApplyOptions { default_operation, commit: 1 };
        let (_, stopped) = edit.apply_with(base(), &options, ErrorOption::StopOnError);
        let (kept, errors) = edit.apply_with(base(), &options, ErrorOption::RollbackOnError);
        assert_eq!((stopped.is_empty(), stopped.len() <= 1), (errors.is_empty(), true));
        assert!(errors.is_empty() || kept == *base());
        let (part, errors) = edit.apply_with(base(), &options, ErrorOption::ContinueOnError);
        comes_back(&part);
        if !errors.is_empty() {
            continue;
        }
        let tree = part;
        let changes = differences_hold(base(), &tree);
        if let Ok(text) = wrapped(|sink| changes.encode_edit(sink)) {
            let mut source = xml_codec::SliceSource::new(text.as_bytes(), Limits::default());
            assert!(matches!(source.next(), Ok(Event::Open { .. })));
            let again = Edit::decode(schema(), &mut Inside::new(&mut source));
            let again = again.unwrap_or_else(|e| panic!("{e:?}: {text}"));
            let none = ApplyOptions { default_operation: DefaultOperation::None, commit: 1 };
            assert_eq!(again.apply(base(), &none).as_ref(), Ok(&tree), "{text}");
        }
        if let Ok(settled) = settle_whens(&tree, base(), 1) {
            let options = ValidateOptions { config_only: true, ..Default::default() };
            validate(&View::of(&settled.tree), &options);
            let again = settle_whens(&settled.tree, base(), 1).expect("what is settled is settled");
            assert!(again.removed.is_empty());
        }
    }
}

pub(in crate::fuzz) fn large_edit() -> Vec<(&'static str, Vec<u8>)> {
    let entries = |entry: &str| -> Vec<u8> {
        let all: String = (0..1_000).map(|i| entry.replace('#', &i.to_string())).collect();
        format!("<top xmlns='urn:m' xmlns:y='urn:ietf:params:xml:ns:yang:1'>{all}</top>").into_bytes()
    };
    vec![
        ("1,000 entries", entries("<list><k>#</k></list>")),
        ("1,000 entries in front of each other", entries("<order y:insert='first'>#</order>")),
        ("50,000 elements inside one another", "<top xmlns='urn:m'>".repeat(50_000).into_bytes()),
    ]
}
