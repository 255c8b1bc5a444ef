//! What a device says of its modules, in a file beside their texts: which of them it implements, with which features and
//! deviations (RFC 8525). `nc schemas` and `sdk` write it; who names such a directory gets the modules as the device has them.

use anyhow::{Context as _, Result};
use netconf_runtime::client::ModuleSet;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The file's name.
pub(crate) const FILE: &str = "library.toml";

const HEADER: &str = "# What a device says of its modules, whose texts are in this directory: which of them it implements, and with which\n\
    # features and deviations. Written by `cargo yang`, together with these files.\n\n";

/// The modules of a device.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Library {
    /// The files that came from the device.
    pub(crate) files: BTreeSet<String>,
    #[serde(rename = "module", default)]
    modules: Vec<Module>,
}

/// What a device says of a module.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Module {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    /// Whether its data is the device's, or others only use its types and groupings.
    implemented: bool,
    /// The features that are on; nothing where the device does not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<Vec<String>>,
    /// The modules that deviate from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    deviations: Vec<String>,
}

/// What a compiler is to be told.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Asked {
    /// Modules to implement, with their revisions where there are files of these.
    pub(crate) modules: Vec<String>,
    /// The features that are on.
    pub(crate) features: Vec<(String, Vec<String>)>,
    /// Modules whose deviations apply.
    pub(crate) deviations: Vec<String>,
    /// What the device implements, and of what there is no text.
    pub(crate) absent: Vec<String>,
}

impl Library {
    /// What a device says, and the files that were made of it.
    pub(crate) fn new(set: &ModuleSet, files: BTreeSet<String>) -> Self {
        let module = |m: &netconf_runtime::client::Module| Module {
            name: m.name.clone(),
            revision: m.revision.clone(),
            implemented: m.import_only != Some(true),
            // A device that tells of modules by monitoring alone does not tell of their features.
            features: (m.import_only == Some(false)).then(|| m.features.clone()),
            deviations: m.deviations.clone(),
        };
        Self { files, modules: set.iter().map(module).collect() }
    }

    /// That of a directory, if it has one.
    pub(crate) fn load(directory: &Path) -> Result<Option<Self>> {
        let path = directory.join(FILE);
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let library = toml::from_str(&text);
                Ok(Some(library.with_context(|| format!("{} cannot be understood", path.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    pub(crate) fn write(&self, directory: &Path) -> Result<()> {
        let path = directory.join(FILE);
        let text = format!("{HEADER}{}", toml::to_string_pretty(self)?);
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return Ok(());
        }
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }

    /// What a compiler is to be told, where these files are.
    pub(crate) fn asked(&self, asking: Asking<'_>, files: &Files) -> Asked {
        let mut asked = Asked::default();
        match asking {
            Asking::All => {
                for module in self.modules.iter().filter(|m| m.implemented) {
                    let Some(named) = files.find(&module.name, module.revision.as_deref()) else {
                        asked.absent.push(module.name.clone());
                        continue;
                    };
                    asked.modules.push(named);
                    asked.add(module, files);
                }
            }
            Asking::About(names) => {
                let needed = files.needed(names);
                for module in self.modules.iter().filter(|m| needed.contains(&m.name)) {
                    asked.add(module, files);
                }
            }
        }
        asked
    }
}

/// What of a device's modules is wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Asking<'a> {
    /// All that it implements.
    All,
    /// Modules of these names and those that they need, which are asked for elsewhere: their features, and what deviates from them.
    About(&'a [&'a str]),
}

/// Whether a directory holds the modules of a device.
pub(crate) fn is_in(directory: &Path) -> bool {
    directory.join(FILE).is_file()
}

/// What a compiler is to be told of a directory, if it holds the modules of a device.
pub(crate) fn read(directory: &Path, asking: Asking<'_>) -> Result<Option<Asked>> {
    let Some(library) = Library::load(directory)? else { return Ok(None) };
    Ok(Some(library.asked(asking, &Files::within(&[directory.to_path_buf()])?)))
}

impl Asked {
    fn add(&mut self, module: &Module, files: &Files) {
        if let Some(features) = &module.features {
            self.features.push((module.name.clone(), features.clone()));
        }
        for deviation in &module.deviations {
            if files.has(deviation) && !self.deviations.contains(deviation) {
                self.deviations.push(deviation.clone());
            }
        }
    }
}

/// The files of modules in directories, and in those below them, by their names without the ending.
#[derive(Debug, Default)]
pub(crate) struct Files(BTreeMap<String, PathBuf>);

impl Files {
    pub(crate) fn within(directories: &[PathBuf]) -> Result<Self> {
        let mut files = Self::default();
        for directory in directories {
            files.collect(directory)?;
        }
        Ok(files)
    }

    fn collect(&mut self, directory: &Path) -> Result<()> {
        let entries =
            std::fs::read_dir(directory).with_context(|| format!("cannot read {}", directory.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                self.collect(&path)?;
            } else if let Some(name) =
                path.file_name().and_then(|n| n.to_str()).and_then(|n| n.strip_suffix(".yang"))
            {
                let name = name.to_owned();
                self.0.entry(name).or_insert(path);
            }
        }
        Ok(())
    }

    /// The files of a module, in the order of their revisions.
    fn of<'s>(&'s self, name: &'s str) -> impl Iterator<Item = (&'s String, &'s PathBuf)> {
        let is =
            move |stem: &str| stem.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with('@'));
        self.0
            .range(name.to_owned()..)
            .take_while(move |(stem, _)| stem.starts_with(name))
            .filter(move |(stem, _)| is(stem))
    }

    fn has(&self, name: &str) -> bool {
        self.of(name).next().is_some()
    }

    /// How to ask for a module: in its revision if there is a file of it.
    fn find(&self, name: &str, revision: Option<&str>) -> Option<String> {
        let exact = revision.map(|r| format!("{name}@{r}")).filter(|stem| self.0.contains_key(stem));
        exact.or_else(|| self.has(name).then(|| name.to_owned()))
    }

    /// These modules and those that they import and include, and so on.
    fn needed(&self, names: &[&str]) -> BTreeSet<String> {
        let mut needed = BTreeSet::new();
        let mut next: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        while let Some(name) = next.pop() {
            // Of several revisions the last one is what an import without one means.
            let text = self.of(&name).last().and_then(|(_, path)| std::fs::read_to_string(path).ok());
            if needed.insert(name) {
                next.extend(references(&text.unwrap_or_default()));
            }
        }
        needed
    }
}

/// A name that can be one of a file. It may come from a device.
pub(crate) fn is_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
        && name.len() <= 200
}

/// The modules and submodules that a text imports and includes.
pub(crate) fn references(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in text.lines() {
        let mut words = line
            .split(|c: char| c.is_whitespace() || matches!(c, '{' | ';' | '"' | '\''))
            .filter(|w| !w.is_empty());
        if let (Some("import" | "include"), Some(name)) = (words.next(), words.next())
            && is_name(name)
        {
            found.push(name.to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_module_names() {
        let text = "module a {\n  import b { prefix b; }\n  include \"c\";\n\timport 'd'{\n  // import-x y\n  leaf import;";
        assert_eq!(references(text), ["b", "c", "d"]);
    }

    #[test]
    fn names_of_files() {
        for name in ["ietf-ip", "_a", "a.b_c-1"] {
            assert!(is_name(name), "{name}");
        }
        for name in ["", "../etc", "a/b", "a b", ".hidden", "-a", "1a", "a\0"] {
            assert!(!is_name(name), "{name}");
        }
    }

    fn module(name: &str, revision: Option<&str>, features: Option<&[&str]>, deviations: &[&str]) -> Module {
        let all = |names: &[&str]| names.iter().map(|&n| n.to_owned()).collect::<Vec<_>>();
        Module {
            name: name.to_owned(),
            revision: revision.map(str::to_owned),
            implemented: features.is_some(),
            features: features.map(all),
            deviations: all(deviations),
        }
    }

    #[test]
    fn what_is_asked_for() {
        let dir = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("a@2020-01-01.yang", "module a {\n import b { prefix b; }\n}"),
            ("a-more@2020-01-01.yang", "module a-more {}"),
            ("b@2019-01-01.yang", "module b {}"),
            ("b@2021-01-01.yang", "module b {\n include b-sub;\n}"),
            ("d.yang", "module d {}"),
        ] {
            std::fs::write(dir.path().join(file), text).unwrap();
        }
        let modules = vec![
            module("a", Some("2020-01-01"), Some(&["x"]), &["d", "nowhere"]),
            module("a-more", Some("2022-02-02"), Some(&[]), &[]),
            module("b", Some("2021-01-01"), Some(&["y"]), &[]),
            module("c", None, Some(&[]), &[]),
            module("t", None, None, &[]),
        ];
        let library = Library { files: BTreeSet::new(), modules };
        library.write(dir.path()).unwrap();
        let library = Library::load(dir.path()).unwrap().unwrap();
        let files = Files::within(&[dir.path().to_path_buf()]).unwrap();
        let all = library.asked(Asking::All, &files);
        assert_eq!(all.modules, ["a@2020-01-01", "a-more", "b@2021-01-01"]);
        assert_eq!((all.absent, all.deviations), (vec!["c".to_owned()], vec!["d".to_owned()]));
        assert_eq!(all.features.len(), 3);
        let some = library.asked(Asking::About(&["a"]), &files);
        let names: Vec<_> = some.features.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!((names, some.deviations.len()), (vec!["a", "b"], 1));

        std::fs::write(dir.path().join(FILE), "files = 7").unwrap();
        let error = format!("{:#}", Library::load(dir.path()).unwrap_err());
        assert!(error.contains(FILE) && error.contains("files = 7"), "{error}");
    }
}
