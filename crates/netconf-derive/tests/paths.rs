//! Several paths in one filter, several edits in one document, and keys that are hard to write.

use netconf_derive::Yang;
use yang_data::binding::path::{Config, Edit, Path, Query, key};
use yang_data::binding::{List, Module};
use yang_data::xml::to_string;

const M: Module = Module::new("m", "urn:m");

#[derive(Default, Yang)]
#[yang(root, module = M, crate = ::yang_data)]
struct Data {
    #[yang(container = "top")]
    top: Option<Box<Top>>,
}

#[derive(Default, Yang)]
#[yang(container = "top", module = M, crate = ::yang_data)]
struct Top {
    #[yang(leaf = "site")]
    site: Option<String>,
    #[yang(list = "server", ordered_by = "user")]
    server: List<Server>,
    #[yang(leaf_list = "tag", ordered_by = "user")]
    tag: Vec<String>,
}

#[derive(Default, Yang)]
#[yang(list = "server", key = "name", ordered_by = "user", crate = ::yang_data)]
struct Server {
    #[yang(leaf = "name")]
    name: String,
    #[yang(leaf = "memory")]
    memory: Option<u32>,
    #[yang(leaf = "card")]
    card: Option<String>,
}

fn top() -> Path<Top, Config> {
    Path::<Top, Config>::top::<Data>("top")
}

fn server(name: &str) -> Path<Server, Config> {
    top().entry("server", vec![key(name.to_owned())])
}

fn tag(name: &str) -> Path<String, Config> {
    top().item("tag", key(name.to_owned()))
}

fn site() -> Path<String, Config> {
    top().child("site")
}

fn memory(name: &str) -> Path<u32, Config> {
    server(name).child("memory")
}

fn card(name: &str) -> Path<String, Config> {
    server(name).child("card")
}

#[test]
fn a_query_is_the_union_of_its_paths() {
    let query = Query::from(&memory("a")).and(&site()).and(&card("a")).and(&memory("b"));
    assert_eq!(
        query.subtree_filter().unwrap(),
        "<top xmlns=\"urn:m\"><server><name>a</name><memory/><card/></server><site/>\
         <server><name>b</name><memory/></server></top>"
    );
    let xpath = query.xpath().unwrap();
    assert_eq!(
        xpath.text,
        "/m:top/m:server[m:name='a']/m:memory | /m:top/m:site | /m:top/m:server[m:name='a']/m:card | \
         /m:top/m:server[m:name='b']/m:memory"
    );
    assert_eq!(xpath.namespaces, [("m".to_owned(), "urn:m".to_owned())]);
    // What is wanted whole needs no parts.
    let query = Query::new().and(&memory("a")).and(&server("a"));
    assert_eq!(query.subtree_filter().unwrap(), "<top xmlns=\"urn:m\"><server><name>a</name></server></top>");
    let nowhere: Path<u8, Config> = top().child("nowhere");
    Query::new().and(&nowhere).subtree_filter().unwrap_err();
    Query::new().and(&nowhere).xpath().unwrap_err();
}

fn all(edits: &[Edit]) -> String {
    let xml = to_string(|sink| Edit::encode_all(edits, sink)).unwrap();
    xml.replace(" xmlns:ietf-netconf=\"urn:ietf:params:xml:ns:netconf:base:1.0\"", "")
}

#[test]
fn edits_that_follow_one_another_share_what_is_around() {
    assert_eq!(
        all(&[
            site().edit("hill".to_owned()),
            memory("a").edit(8),
            card("a").edit("radio".to_owned()),
            memory("b").edit(16)
        ]),
        "<top xmlns=\"urn:m\"><site>hill</site><server><name>a</name><memory>8</memory><card>radio</card></server>\
         <server><name>b</name><memory>16</memory></server></top>"
    );
    // Their order is kept: what is made after a deletion is not deleted.
    let edits = [memory("a").edit(1), server("a").remove(), card("a").edit("disk".to_owned())];
    let xml = all(&edits);
    let [made, removed, again] = ["<memory>1", "\"remove\"", "<card>disk"].map(|t| xml.find(t).unwrap());
    assert!(made < removed && removed < again, "{xml}");
}

#[test]
fn entries_go_beside_others() {
    let xml = server("c").create(Server::default()).before(&server("a")).to_xml().unwrap();
    assert!(xml.contains("insert=\"before\"") && xml.contains("key=\"[m:name='a']\""), "{xml}");
    let xml = tag("x").create("x".to_owned()).after(&tag("y")).to_xml().unwrap();
    assert!(xml.contains("insert=\"after\"") && xml.contains("value=\"y\""), "{xml}");
    let xml = server("c").create(Server::default()).first().to_xml().unwrap();
    assert!(xml.contains("insert=\"first\""), "{xml}");
    server("c").create(Server::default()).after(&tag("y")).to_xml().unwrap_err();
    server("c").create(Server::default()).after(&top()).to_xml().unwrap_err();
}

#[test]
fn quotes_in_keys() {
    assert_eq!(server("it's").to_string(), "/m:top/server[name=\"it's\"]");
    assert_eq!(server("12\"").xpath().unwrap().text, "/m:top/m:server[m:name='12\"']");
    // XPath has no escape: a filter puts a text with both together, a subtree needs no quotes.
    let both = server("it's 12\"");
    assert_eq!(both.xpath().unwrap().text, "/m:top/m:server[m:name=concat('it', \"'\", 's 12\"')]");
    assert_eq!(
        both.subtree_filter().unwrap(),
        "<top xmlns=\"urn:m\"><server><name>it's 12\"</name></server></top>"
    );
    // Predicates of `key` (RFC 7950 section 7.8.6) hold literals alone.
    let error = server("c").create(Server::default()).before(&both).to_xml().unwrap_err();
    assert!(error.to_string().contains("both quotes"), "{error}");
    // The value of a leaf-list is no predicate.
    tag("x").create("x".to_owned()).before(&tag("it's 12\"")).to_xml().unwrap();
}
