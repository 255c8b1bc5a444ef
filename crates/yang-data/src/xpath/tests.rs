//! What evaluation looks at, and what it leaves alone.

use crate::codec::Limits;
use crate::tree::{DecodeOptions, Tree, visited};
use crate::validate::{ValidateOptions, validate};
use crate::view::View;
use crate::xml;
use std::sync::Arc;
use yang_schema::NodeId;

/// The records that full validation looks into, for so many entries of a list that has nothing to do with it.
fn visits(module: &str, entries: usize) -> u64 {
    let text = format!("module m {{ yang-version 1.1; namespace urn:m; prefix m; {module} }}");
    let compilation = yang_parser::Compiler::new().source("m.yang", text).compile();
    let schema = Arc::new(compilation.schema.expect("the module compiles"));
    let mut text = String::from("<t xmlns='urn:m'>");
    for i in 0..entries {
        text.push_str(&format!("<l><k>{i}</k><d><e>x</e></d></l>"));
    }
    text.push_str("<f>1</f><g><f>2</f><n><k>1</k><f>3</f></n><n><k>2</k><f>3</f></n></g></t>");
    let mut source = xml::SliceSource::new(text.as_bytes(), Limits::default());
    let tree = Tree::decode(&schema, NodeId::ROOT, &mut source, &DecodeOptions::default()).expect("it fits");
    let before = visited();
    let errors = validate(&View::of(&tree), &ValidateOptions::default());
    assert!(errors.is_empty(), "{errors:?}");
    visited() - before
}

#[test]
fn a_name_anywhere_is_sought_where_the_schema_has_it() {
    for must in [
        "count(//f) = 4",
        "count(/t//f) = 4",
        "count(//n/f) = 2",
        "count(//n[k = 1]) = 1 and count(//n[last()]) = 1 and //n[1]/k = 1",
        "count(//f[1]) = 4 and //f[. = 3]/../k = 2 and not(//e[. = 2]/f)",
        "count(descendant::f) = 4 and count(descendant::f[3]) = 1",
        "(//f)[1] = 1 and (//f)[4] = 3 and not((//f)[5])",
    ] {
        let module = format!(
            "container t {{ must '{must}';
               list l {{ key k; leaf k {{ type uint32; }} container d {{ leaf e {{ type string; }} }} }} leaf f {{ type string; }}
               container g {{ leaf f {{ type string; }}
                 list n {{ key k; leaf k {{ type uint8; }} leaf f {{ type string; }} }} }} }}"
        );
        if must.contains("//e") || must.contains("f[3]") {
            visits(&module, 3);
        } else {
            assert_eq!(visits(&module, 3), visits(&module, 300), "{must}");
        }
    }
}
