//! Instances that the RFCs explain their rules with, as cases in Markdown: `tests/rfc7950/7.8-list.md` and its neighbours.
//!
//! A file is `# ` a section; each `## ` in it is a case, whose fences are worked through in their order:
//!
//! | fence | is |
//! |---|---|
//! | `yang` | a module of the case; all of a case are compiled together |
//! | `xml` | the content of a datastore, which must be valid: the tree that what follows is about |
//! | `json` | the same data as the tree, and what the tree must be when printed |
//! | `json same` | the same data as the tree |
//! | `json edit`, `json edit-error` | as for `xml`, in JSON: what XML says by attributes are annotations |
//! | `xml diff` | what is written of the diff from the tree before the last edit to the tree |
//! | `xml set`, `json set` | an instance data file (RFC 9195), which must be valid; after one in XML the one in JSON must be the same |
//! | `xml invalid TAG [APP-TAG]`, `json invalid TAG [APP-TAG]` | data that must be refused so |
//! | `xml edit [merge, replace or none]` | the content of `config`: it is made to the tree |
//! | `xml edit-error TAG [APP-TAG]` | an edit that must fail so |
//! | `xml result`, `json result` | what the tree must be |
//! | `json tree` | as `xml`, for what XML cannot say |
//! | `xml filter`, `xpath filter` | the content of `filter`, an expression |
//! | `xml selected` | what the filter before must select; empty for nothing |
//! | `xml report-all`, `report-all-tagged`, `trim`, `explicit` | what the tree is in this mode of defaults |
//! | `xml rpc`, `reply`, `notification` | such a document, which must be valid in the tree |
//! | `json rpc`, `reply`, `notification` | the same as the `xml` one before it |
//! | `xml rpc invalid TAG [APP-TAG]` and so on | such a document, which must be refused so |

mod common;
use common::*;
use std::path::Path;
use std::sync::Arc;
use yang_data::codec::Limits;
use yang_data::diff::diff;
use yang_data::edit::{ApplyOptions, DefaultOperation, Edit};
use yang_data::error::DataError;
use yang_data::event::{Event, FullName, Inside, Namespace, Shape, Source};
use yang_data::filter::{self, SubtreeFilter};
use yang_data::instance_data::InstanceData;
use yang_data::operation::{Operation, OperationKind};
use yang_data::tree::{DecodeOptions, Tree};
use yang_data::validate::{ValidateOptions, settle_whens, validate};
use yang_data::view::{DefaultMode, EncodeOptions, View};
use yang_data::{json, xml};
use yang_schema::{NodeId, Schema};

struct Fence<'t> {
    line: usize,
    info: Vec<&'t str>,
    text: String,
}

struct Case<'t> {
    name: &'t str,
    fences: Vec<Fence<'t>>,
}

fn cases(text: &str) -> Vec<Case<'_>> {
    let mut cases: Vec<Case<'_>> = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some(name) = line.strip_prefix("## ") {
            cases.push(Case { name, fences: Vec::new() });
        } else if let Some(info) = line.strip_prefix("```") {
            let body: Vec<&str> = lines.by_ref().map(|(_, l)| l).take_while(|l| *l != "```").collect();
            let fence =
                Fence { line: at + 1, info: info.split_whitespace().collect(), text: body.join("\n") };
            cases.last_mut().expect("a fence stands in a case").fences.push(fence);
        }
    }
    cases
}

/// Elements and text without layout, each name with its namespace: what a document says, however it is written.
fn said(text: &str) -> Vec<String> {
    inside(text, |source| {
        let mut said = Vec::new();
        loop {
            let event = match source.next().expect("well-formed") {
                Event::End => return said,
                Event::Close => ">".to_owned(),
                Event::Text(scalar) if scalar.text.trim().is_empty() => continue,
                Event::Text(scalar) => format!("={}", scalar.text),
                Event::Annotations { .. } | Event::EmptyArray(_) => continue,
                Event::Open { name, attributes, .. } => {
                    let full = |name: yang_data::event::Name<'_>| match name.namespace {
                        Namespace::Uri(uri) => format!("{uri}:{}", name.local),
                        _ => name.local.to_owned(),
                    };
                    let attributes: Vec<String> =
                        attributes.iter().map(|a| format!(" {}={}", full(a.name), a.value)).collect();
                    format!("<{}{}", full(name), attributes.concat())
                }
            };
            said.push(event);
        }
    })
}

fn decode_json(schema: &Arc<Schema>, text: &str) -> Result<Tree, Vec<DataError>> {
    let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
    Tree::decode(schema, NodeId::ROOT, &mut source, &DecodeOptions::default())
}

/// What stands around nodes that have no root.
const ALL: FullName<'static> = FullName { module: "all", namespace: "urn:all", local: "all" };

fn to_json(tree: &Tree) -> String {
    json::to_string(|sink| tree.encode(sink, &EncodeOptions::default())).expect("JSON can say it")
}

fn to_xml(view: &View) -> String {
    xml::to_string(|sink| {
        sink.open(ALL, Shape::Container, &[])?;
        view.encode(sink, &EncodeOptions::default())?;
        sink.close()
    })
    .expect("XML can say it")
}

fn valid(tree: Tree) -> Result<Tree, Vec<DataError>> {
    let errors = validate(&View::of(&tree), &ValidateOptions::default());
    if errors.is_empty() { Ok(tree) } else { Err(errors) }
}

fn refused<T>(outcome: Result<T, Vec<DataError>>, wanted: &[&str]) -> Result<(), String> {
    let Err(errors) = outcome else { return Err(format!("accepted; wanted {wanted:?}")) };
    let fits = |e: &DataError| {
        wanted.first().is_none_or(|t| *t == e.tag.as_str())
            && wanted.get(1).is_none_or(|t| Some(*t) == e.app_tag.as_deref())
    };
    if errors.iter().any(fits) { Ok(()) } else { Err(format!("wanted {wanted:?}, got {}", lines(&errors))) }
}

fn operation(
    schema: &Arc<Schema>,
    kind: &str,
    is_json: bool,
    text: &str,
) -> Result<Operation, Vec<DataError>> {
    let kind = match kind {
        "rpc" => OperationKind::Request,
        "reply" => OperationKind::Reply,
        _ => OperationKind::Notification,
    };
    let options = DecodeOptions::default();
    if is_json {
        let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
        return Operation::decode(schema, kind, &mut source, &options);
    }
    inside(text, |source| Operation::decode(schema, kind, source, &options))
}

/// What an operation says, in XML.
fn operation_said(operation: &Operation) -> Vec<String> {
    let text = xml::to_string(|sink| operation.encode(sink, &EncodeOptions::default()));
    said(&text.expect("XML can say it"))
}

#[derive(Default)]
struct State {
    schema: Option<Arc<Schema>>,
    tree: Option<Tree>,
    /// The tree before the last edit.
    before: Option<Tree>,
    set: Option<InstanceData>,
    selected: Option<Result<Tree, String>>,
    operation: Option<Operation>,
}

impl State {
    fn tree(&self) -> Tree {
        match &self.tree {
            Some(tree) => tree.clone(),
            None => Tree::new(self.schema()),
        }
    }

    fn schema(&self) -> Arc<Schema> {
        Arc::clone(self.schema.as_ref().expect("a case has a module"))
    }

    fn show(tree: &Tree) -> String {
        view_text(&View::of(tree))
    }

    fn same(found: &Tree, wanted: &Tree) -> Result<(), String> {
        if found == wanted {
            return Ok(());
        }
        Err(format!("found  {}\n  wanted {}", Self::show(found), Self::show(wanted)))
    }

    fn step(&mut self, fence: &Fence<'_>) -> Result<(), String> {
        let text = fence.text.as_str();
        let schema = self.schema();
        let read = |text: &str| decode(&schema, text).map_err(|e| lines(&e));
        match *fence.info.as_slice() {
            ["xml"] => {
                let tree = read(text)?;
                self.tree = Some(valid(tree).map_err(|e| lines(&e))?);
            }
            ["json"] => {
                let tree = decode_json(&schema, text).and_then(valid).map_err(|e| lines(&e))?;
                Self::same(&tree, &self.tree())?;
                let parse = |t: &str| serde_json::from_str::<serde_json::Value>(t).expect("it is JSON");
                let (printed, wanted) = (to_json(&tree), parse(text));
                if parse(&printed) != wanted {
                    return Err(format!("found  {printed}\n  wanted {wanted}"));
                }
            }
            ["json", "same"] => {
                let tree = decode_json(&schema, text).and_then(valid).map_err(|e| lines(&e))?;
                Self::same(&tree, &self.tree())?;
            }
            ["xml", "invalid", ref wanted @ ..] => refused(decode(&schema, text).and_then(valid), wanted)?,
            ["json", "invalid", ref wanted @ ..] => {
                refused(decode_json(&schema, text).and_then(valid), wanted)?;
            }
            [codec, "edit", ref options @ ..] => {
                let operation = options.first().map_or(DefaultOperation::Merge, |o| {
                    DefaultOperation::from_name(o).expect("merge, replace or none")
                });
                let edited = self.edit(codec == "json", text, operation).map_err(|e| lines(&e))?;
                self.before = Some(self.tree());
                self.tree = Some(edited);
            }
            [codec, "edit-error", ref wanted @ ..] => {
                let edited = self.edit(codec == "json", text, DefaultOperation::Merge);
                refused(edited.and_then(valid), wanted)?;
            }
            ["xml", "diff"] => {
                let (before, after) = (self.before.as_ref().expect("an edit stands before"), self.tree());
                let diff = diff(before, &after);
                let written = xml::to_string(|sink| {
                    sink.open(ALL, Shape::Container, &[])?;
                    diff.encode_edit(sink)?;
                    sink.close()
                });
                let written = written.map_err(|e| e.to_string())?;
                if said(&written) != said(&format!("<all xmlns='urn:all'>{text}</all>")) {
                    return Err(format!("written {written}"));
                }
                let none = ApplyOptions { default_operation: DefaultOperation::None, commit: 1 };
                let again = edit(&schema, text).and_then(|e| e.apply(before, &none));
                Self::same(&again.map_err(|e| lines(&e))?, &after)?;
            }
            ["xml", "set"] => {
                let set = inside(text, |source| {
                    source.next().expect("the root");
                    InstanceData::decode(&schema, &mut Inside::new(source), &DecodeOptions::default())
                });
                let set = set.map_err(|e| lines(&e))?;
                valid(set.tree.clone()).map_err(|e| lines(&e))?;
                let printed = xml::to_string(|sink| set.encode(sink)).map_err(|e| e.to_string())?;
                if said(&printed) != said(text) {
                    return Err(format!("printed {printed}"));
                }
                self.set = Some(set);
            }
            ["json", "set"] => {
                let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
                source.next().expect("the root");
                let options = DecodeOptions::default();
                let found = InstanceData::decode(&schema, &mut Inside::new(&mut source), &options);
                let found = found.map_err(|e| lines(&e))?;
                let wanted = self.set.as_ref().ok_or("the same in XML stands before")?;
                let print =
                    |set: &InstanceData| json::to_string(|sink| set.encode(sink)).expect("JSON can say it");
                Self::same(&found.tree, &wanted.tree)?;
                if print(&found) != print(wanted) {
                    return Err(format!("found {}, wanted {}", print(&found), print(wanted)));
                }
            }
            [codec, "set", "invalid", ref wanted @ ..] => {
                let read = |source: &mut dyn Source| {
                    source.next().expect("the root");
                    InstanceData::decode(&schema, &mut Inside::new(source), &DecodeOptions::default())
                };
                let found = if codec == "json" {
                    read(&mut json::SliceSource::new(text.as_bytes(), Limits::default()))
                } else {
                    inside(text, read)
                };
                refused(found.and_then(|set| valid(set.tree)), wanted)?;
            }
            ["json", "tree"] => {
                let tree = decode_json(&schema, text).and_then(valid).map_err(|e| lines(&e))?;
                self.tree = Some(tree);
            }
            ["json", "result"] => {
                let wanted = decode_json(&schema, text).map_err(|e| lines(&e))?;
                if self.tree() != wanted {
                    return Err(format!("found {}", to_json(&self.tree())));
                }
            }
            ["xml", "result"] => Self::same(&self.tree(), &read(text)?)?,
            ["xml", "filter"] => {
                let tree = self.tree();
                let view = View::of(&tree);
                let filter =
                    inside(text, |s| SubtreeFilter::decode(&schema, s)).map_err(|e| e.to_string())?;
                self.selected = Some(filter.select(&view).to_tree().map_err(|e| lines(&e)));
            }
            ["xpath", "filter"] => {
                let tree = self.tree();
                let view = View::of(&tree);
                let selection =
                    filter::xpath::select(&view, text.trim(), None, None).map_err(|e| e.to_string())?;
                self.selected = Some(selection.to_tree().map_err(|e| lines(&e)));
            }
            ["xml", "selected"] => {
                let found = self.selected.take().expect("a filter stands before")?;
                Self::same(&found, &read(text)?)?;
            }
            ["xml", mode] if DefaultMode::from_name(mode).is_some() => {
                let tree = self.tree();
                let view = View::of(&tree).defaults(DefaultMode::from_name(mode).unwrap_or_default());
                let (found, wanted) = (to_xml(&view), said(&format!("<all xmlns='urn:all'>{text}</all>")));
                if said(&found) != wanted {
                    return Err(format!("found {found}"));
                }
                // Tagged or not, what comes back is the tree.
                if mode == "report-all-tagged" {
                    Self::same(&read(text)?, &tree)?;
                }
            }
            [codec, kind @ ("rpc" | "reply" | "notification"), "invalid", ref wanted @ ..] => {
                let found = operation(&schema, kind, codec == "json", text);
                refused(found.and_then(|o| self.judge(o)), wanted)?;
            }
            ["xml", kind @ ("rpc" | "reply" | "notification")] => {
                let found = operation(&schema, kind, false, text).and_then(|o| self.judge(o));
                let found = found.map_err(|e| lines(&e))?;
                if operation_said(&found) != said(text) {
                    return Err(format!("printed {:?}", operation_said(&found)));
                }
                self.operation = Some(found);
            }
            ["json", kind @ ("rpc" | "reply" | "notification")] => {
                let found = operation(&schema, kind, true, text).map_err(|e| lines(&e))?;
                let wanted = self.operation.as_ref().expect("the same in XML stands before");
                if operation_said(&found) != operation_said(wanted) {
                    return Err(format!("found {:?}", operation_said(&found)));
                }
            }
            _ => return Err("no such fence".to_owned()),
        }
        Ok(())
    }

    fn judge(&self, operation: Operation) -> Result<Operation, Vec<DataError>> {
        let errors = validate(&operation.view(self.tree.as_ref()), &ValidateOptions::default());
        if errors.is_empty() { Ok(operation) } else { Err(errors) }
    }

    fn edit(
        &self,
        is_json: bool,
        text: &str,
        default_operation: DefaultOperation,
    ) -> Result<Tree, Vec<DataError>> {
        let tree = self.tree();
        let options = ApplyOptions { default_operation, commit: 1 };
        let edit = if is_json {
            let mut source = json::SliceSource::new(text.as_bytes(), Limits::default());
            Edit::decode(&self.schema(), &mut source)?
        } else {
            edit(&self.schema(), text)?
        };
        let new = edit.apply(&tree, &options)?;
        Ok(settle_whens(&new, &tree, 1)?.tree)
    }
}

fn run(directory: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
    let mut files: Vec<_> =
        std::fs::read_dir(path).expect("it is there").map(|e| e.expect("a file").path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut wrong = Vec::new();
    let mut count = 0;
    for file in files {
        let text = std::fs::read_to_string(&file).expect("it can be read");
        let name = file.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(text.starts_with("# "), "{name} begins with its section");
        for case in cases(&text) {
            let (modules, steps): (Vec<_>, Vec<_>) =
                case.fences.into_iter().partition(|f| f.info == ["yang"]);
            let modules: Vec<&str> = modules.iter().map(|f| f.text.as_str()).collect();
            let mut state = State { schema: Some(schema(&modules)), ..State::default() };
            assert!(!steps.is_empty(), "{name}: {}: nothing is asked", case.name);
            for fence in &steps {
                count += 1;
                if let Err(fault) = state.step(fence) {
                    wrong.push(format!("{name}:{}: {}: {:?}: {fault}", fence.line, case.name, fence.info));
                }
            }
        }
    }
    assert!(count > 3, "{directory} has cases");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn instances_of_rfc_7950() {
    run("rfc7950");
}

#[test]
fn encodings_of_rfc_7951() {
    run("rfc7951");
}

#[test]
fn filters_and_edits_of_rfc_6241() {
    run("rfc6241");
}

#[test]
fn defaults_of_rfc_6243() {
    run("rfc6243");
}

#[test]
fn annotations_of_rfc_7952() {
    run("rfc7952");
}

#[test]
fn instance_data_of_rfc_9195() {
    run("rfc9195");
}

/// The sections of each RFC that explain themselves with instance data.
const LEDGER: &[(&str, &[&str])] = &[
    (
        "rfc7950",
        &[
            "4.2.2.1", "4.2.2.2", "4.2.2.3", "4.2.2.4", "4.2.2.5", "4.2.3", "4.2.5", "4.2.6", "4.2.7",
            "4.2.8", "4.2.9", "4.2.10", "5.1.2.1", "5.6.4", "5.6.5", "6.4.1.1", "7.3.5", "7.5.3", "7.5.8",
            "7.5.9", "7.6.5", "7.6.8", "7.7.8", "7.7.9", "7.7.10", "7.8.3.1", "7.8.6", "7.8.7", "7.9.3",
            "7.9.4", "7.9.6", "7.10.4", "7.11.4", "7.12.2", "7.13.4", "7.14.4", "7.14.5", "7.15.2", "7.15.3",
            "7.16.3", "7.17.3", "7.18.3", "7.21.5", "8.3.1", "8.3.3", "9.2.1", "9.2.4", "9.3.4", "9.4.4",
            "9.4.7", "9.6.5", "9.7.5", "9.9.6", "9.10.5", "9.11.4", "9.12.4", "9.13.4", "15.1", "15.2",
            "15.3", "15.4", "15.5", "15.6", "15.7",
        ],
    ),
    (
        "rfc6241",
        &[
            "6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.4.1", "6.4.2", "6.4.3", "6.4.4", "6.4.5",
            "6.4.6", "6.4.7", "6.4.8", "7.2", "8.9",
        ],
    ),
    ("rfc6243", &["A.1", "A.2", "A.3.1", "A.3.2", "A.3.3", "A.3.4"]),
    (
        "rfc7951",
        &[
            "4", "5.1", "5.2", "5.3", "5.4", "5.5", "5.6", "6.1", "6.2", "6.3", "6.4", "6.5", "6.6", "6.7",
            "6.8", "6.9", "6.10", "6.11", "A",
        ],
    ),
    ("rfc7952", &["4.1", "5.1", "5.2.1", "5.2.2", "5.2.3", "5.2.4"]),
    ("rfc9195", &["2", "3", "C.1", "C.2", "C.3"]),
];

/// Each section of the ledger is named by a case, in parentheses.
#[test]
fn every_section_with_examples_has_cases() {
    let mut missing = Vec::new();
    for (directory, sections) in LEDGER {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(directory);
        let mut named = std::collections::BTreeSet::new();
        for file in std::fs::read_dir(path).expect("it is there") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("it can be read");
            let mut is_prose = true;
            for line in text.lines() {
                is_prose ^= line.starts_with("```");
                if !is_prose {
                    continue;
                }
                let in_parentheses = line.split('(').skip(1).filter_map(|rest| rest.split(')').next());
                named.extend(in_parentheses.flat_map(|list| list.split(',')).map(|s| s.trim().to_owned()));
            }
        }
        let is_missing = |section: &&&str| !named.contains(**section);
        missing.extend(sections.iter().filter(is_missing).map(|section| format!("{directory}: {section}")));
    }
    assert!(missing.is_empty(), "no case names {missing:?}");
}

/// A harness that cannot find a fault would be none.
#[test]
fn faults_are_found() {
    let module = "module m { yang-version 1.1; namespace urn:m; prefix m; leaf a { type uint8; } }";
    let mut state = State { schema: Some(schema(&[module])), ..State::default() };
    let mut step = |info: &[&'static str], text: &str| {
        state.step(&Fence { line: 1, info: info.to_vec(), text: text.to_owned() })
    };
    let one = "<a xmlns='urn:m'>1</a>";
    assert!(step(&["xml"], "<a xmlns='urn:m'>x</a>").is_err());
    assert!(step(&["xml"], one).is_ok());
    assert!(step(&["json"], r#"{"m:a": 2}"#).is_err());
    assert!(step(&["xml", "invalid"], one).is_err());
    assert!(step(&["xml", "result"], "<a xmlns='urn:m'>2</a>").is_err());
    assert!(step(&["xml", "edit-error"], one).is_err());
    assert!(step(&["xml", "filter"], "<a xmlns='urn:m'/>").is_ok());
    assert!(step(&["xml", "selected"], "").is_err());
    assert!(step(&["xml", "trim"], "").is_err());
    assert!(step(&["nonsense"], "").is_err());
}
