//! What is configured: a shop whose total must be the sum of its items, and whose shelf is in the order that its users give it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use toolchain_tests::random::Random;
use yang_data::codec::Limits;
use yang_data::diff::diff;
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::xml::{ReadSource, Reader};
use yang_schema::NodeId;

pub(crate) const SCHEMA_TEXT: &str = r#"
module kill {
  yang-version 1.1;
  namespace "urn:kill";
  prefix k;
  container shop {
    leaf total { type uint32; must ". = sum(../item/amount)"; }
    list item {
      key name;
      leaf name { type uint32; }
      leaf amount { type uint32; }
      leaf text { type string; }
    }
    list shelf {
      key item;
      ordered-by user;
      leaf item { type leafref { path "../../item/name"; } }
    }
  }
  list writer {
    key id;
    leaf id { type uint32; }
    leaf step { type uint32; }
    leaf text { type string; }
    list piece {
      key n;
      leaf n { type uint32; }
      leaf of { type leafref { path "../../step"; } }
    }
  }
}
"#;

/// Items have names below this.
const NAMES: usize = 40;

/// The content of a datastore.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(crate) struct Document {
    items: BTreeMap<u32, (u32, String)>,
    shelf: Vec<u32>,
}

impl Document {
    fn total(&self) -> u32 {
        self.items.values().map(|(amount, _)| amount).sum()
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// All of it. An empty one says nothing; any other one has a total.
    pub(crate) fn xml(&self) -> String {
        if self.is_empty() {
            return String::new();
        }
        let mut xml = format!("<shop xmlns='urn:kill'><total>{}</total>", self.total());
        for (name, (amount, text)) in &self.items {
            write!(xml, "<item><name>{name}</name><amount>{amount}</amount><text>{text}</text></item>")
                .unwrap();
        }
        for item in &self.shelf {
            write!(xml, "<shelf><item>{item}</item></shelf>").unwrap();
        }
        xml + "</shop>"
    }

    /// Some change of several nodes that only together are valid, and the edit that makes it. No amount is ever there twice, so
    /// that no two documents are alike by chance.
    pub(crate) fn changed(&self, random: &mut Random, amounts: &mut u32) -> (Self, String) {
        let mut after = self.clone();
        let mut edits = String::new();
        let mut touched = Vec::new();
        for nth in 0..1 + random.below(6) {
            let name = random.below(NAMES) as u32;
            if touched.contains(&name) {
                continue;
            }
            touched.push(name);
            // There is always something left, and always something new.
            if nth > 0 && after.items.len() > 1 && after.items.contains_key(&name) && random.once_in(2) {
                after.items.remove(&name);
                write!(edits, "<item nc:operation='delete'><name>{name}</name></item>").unwrap();
                if after.shelf.contains(&name) {
                    after.shelf.retain(|item| *item != name);
                    write!(edits, "<shelf nc:operation='delete'><item>{name}</item></shelf>").unwrap();
                }
                continue;
            }
            *amounts += 1;
            // Now and then more than a page of the store.
            let length = if random.once_in(12) { 3000 + random.below(6000) } else { random.below(80) };
            let text = "x".repeat(length);
            write!(
                edits,
                "<item nc:operation='replace'><name>{name}</name><amount>{amounts}</amount>\
                 <text>{text}</text></item>"
            )
            .unwrap();
            after.items.insert(name, (*amounts, text));
        }
        if random.once_in(3) {
            let name = **random.of(&after.items.keys().collect::<Vec<_>>());
            let (place, at) = if random.once_in(2) { ("first", 0) } else { ("last", usize::MAX) };
            after.shelf.retain(|item| *item != name);
            after.shelf.insert(at.min(after.shelf.len()), name);
            write!(edits, "<shelf yang:insert='{place}'><item>{name}</item></shelf>").unwrap();
        }
        let xml = format!(
            "<shop xmlns='urn:kill' xmlns:nc='urn:ietf:params:xml:ns:netconf:base:1.0' \
             xmlns:yang='urn:ietf:params:xml:ns:yang:1'>{edits}<total>{}</total></shop>",
            after.total()
        );
        (after, xml)
    }

    /// Is a datastore this, and nothing else?
    pub(crate) fn is(&self, tree: &Tree) -> bool {
        let xml = self.xml();
        let mut source = ReadSource::over(Reader::of_content(Limits::default()), xml.as_bytes());
        let options = DecodeOptions { config_only: true, ..DecodeOptions::default() };
        let own = Tree::decode(&super::schema(), NodeId::ROOT, &mut source, &options).unwrap();
        diff(&own, tree).is_empty()
    }
}
