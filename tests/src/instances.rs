//! The documents of the corpus, with what a validator must say of each: `conformance/data.tsv`, whose README tells its columns.

use crate::corpus::corpus;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A row: a document of some modules.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The line of the table.
    pub line: usize,
    /// The modules, all implemented.
    pub modules: Vec<PathBuf>,
    /// Where further modules are searched.
    pub search: Vec<PathBuf>,
    /// Modules with the features that are on; in others all are.
    pub features: BTreeMap<String, Vec<String>>,
    /// The document.
    pub file: PathBuf,
    /// Is it JSON? XML otherwise.
    pub json: bool,
    /// Is it configuration alone?
    pub config_only: bool,
    /// Are mandatory top-level nodes of modules without data in the document not demanded?
    pub present_modules_only: bool,
    /// Is it valid?
    pub accept: bool,
    /// What RFC 7950 sections 8.3 and 15 fix of the error.
    pub error_tag: Option<String>,
    /// The same.
    pub error_app_tag: Option<String>,
}

impl Instance {
    /// Its place in the table and its name, for messages.
    pub fn name(&self) -> String {
        let directory = self.file.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let file = self.file.file_name().unwrap_or_default().to_string_lossy();
        format!("line {}: {directory}/{file}", self.line)
    }
}

/// All rows, or `None` after saying that there is no corpus.
///
/// # Panics
/// On a table that is not as its README says.
pub fn instances() -> Option<Vec<Instance>> {
    let conformance = corpus()?.join("conformance");
    let table = std::fs::read_to_string(conformance.join("data.tsv")).expect("the table is there");
    let rows: Vec<Instance> =
        table.lines().enumerate().skip(1).map(|(i, line)| row(&conformance, i + 1, line)).collect();
    assert!(rows.len() > 100, "{} rows", rows.len());
    Some(rows)
}

fn row(conformance: &Path, line: usize, text: &str) -> Instance {
    let fields: Vec<&str> = text.split('\t').collect();
    let [verdict, directory, modules, file, format, datastore, present, features, _, _, tag, app_tag] =
        *fields
    else {
        panic!("line {line} has {} columns", fields.len());
    };
    let directory = conformance.join(directory);
    let some = |field: &str| (field != "-").then(|| field.to_owned());
    let mut on: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in features.split(',').filter(|f| *f != "-") {
        let (module, feature) = item.split_once(':').expect("module:feature");
        on.entry(module.to_owned()).or_default().extend((!feature.is_empty()).then(|| feature.to_owned()));
    }
    Instance {
        line,
        modules: modules.split(' ').map(|m| directory.join(m)).collect(),
        search: vec![directory.clone(), conformance.join("reject/_lib")],
        features: on,
        file: directory.join(file),
        json: format == "json",
        config_only: datastore == "config",
        present_modules_only: present == "yes",
        accept: verdict == "accept",
        error_tag: some(tag),
        error_app_tag: some(app_tag),
    }
}
