//! Filters.

use super::{base, comes_back, content, schema};
use yang_data::filter::{Selection, SubtreeFilter, xpath};
use yang_data::tree::Tree;
use yang_data::view::{Cursor, DefaultMode, EncodeOptions, View};
use yang_data::{json as json_codec, xml as xml_codec};

/// An expression in the first line, a subtree filter in the others. What they choose is a part of what is there.
pub fn filter(data: &[u8]) {
    let end = data.iter().position(|b| *b == b'\n').unwrap_or(data.len());
    let rest = &data[(end + 1).min(data.len())..];
    let expression = std::str::from_utf8(&data[..end]).ok();
    let filter = SubtreeFilter::decode(schema(), &mut content(rest)).ok();
    let all = View::of(base());
    let choose = |view: &View, each: &dyn Fn(&Selection<'_>)| {
        if let Some(expression) = expression
            && let Ok(selection) = xpath::select(view, expression, None, Some(200_000))
        {
            each(&selection);
        }
        if let Some(filter) = &filter {
            each(&filter.select(view));
        }
    };
    choose(&all, &|selection| {
        let tree = selection.to_tree().expect("a selection of a tree is a tree");
        assert_eq!(selection.is_empty(), tree == Tree::new(schema().clone()));
        is_part(&View::of(&tree).root(), &all);
        comes_back(&tree);
        let written = xml_codec::to_string(|sink| selection.encode(sink, &EncodeOptions::default()));
        assert_eq!(written, super::write_xml(&tree));
    });
    if let Some(filter) = &filter
        && let Ok(chosen) = filter.select(&all).to_tree()
    {
        let again = filter.select(&View::of(&chosen)).to_tree();
        assert_eq!(again.as_ref(), Ok(&chosen), "a subtree filter keeps what it has chosen");
    }
    choose(&View::of(base()).defaults(DefaultMode::ReportAll), &|selection| {
        let _ = json_codec::to_string(|sink| selection.encode(sink, &EncodeOptions::default()));
    });
}

fn is_part(part: &Cursor<'_>, whole: &View) {
    for child in part.children() {
        let there = whole.find(&child.instance_identifier());
        let there = there.unwrap_or_else(|| panic!("{} was not there", child.path()));
        assert_eq!((child.value(), child.any()), (there.value(), there.any()), "{}", child.path());
        assert_eq!(child.annotations(), there.annotations(), "{}", child.path());
        is_part(&child, whole);
    }
}

pub(in crate::fuzz) fn large_filter() -> Vec<(&'static str, Vec<u8>)> {
    let side_by_side = "<list><k>one</k><v/></list>".repeat(20_000);
    vec![
        ("100,000 parentheses", "(".repeat(100_000).into_bytes()),
        ("nested predicates", ("//*[".repeat(30) + "1" + &"]".repeat(30)).into_bytes()),
        ("all against all", b"//*[//*[//*[//*[//*[. = ..]]]]]".to_vec()),
        (
            "50,000 filters inside one another",
            ("\n".to_owned() + &"<top xmlns='urn:m'>".repeat(50_000)).into_bytes(),
        ),
        ("20,000 filters side by side", format!("\n<top xmlns='urn:m'>{side_by_side}</top>").into_bytes()),
    ]
}
