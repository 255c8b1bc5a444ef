//! The modules of a device, wherever it tells of them: ietf-yang-library (RFC 8525 and RFC 7895), ietf-netconf-monitoring
//! (RFC 6022), and the hello (RFC 6020 section 5.6.4).

use super::capabilities::percent_decoded;
use super::operations::{Data, Filter};
use super::{Capabilities, Error, Session};
use crate::protocol::capability::{YANG_LIBRARY_1_0, YANG_LIBRARY_1_1, parameter};
use crate::xml::{Element, Scanner, Token};
use std::collections::BTreeMap;

const LIBRARY: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-library";
const MONITORING: &str = "urn:ietf:params:xml:ns:yang:ietf-netconf-monitoring";

/// A module or submodule of a device.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
#[non_exhaustive]
pub struct Module {
    /// Its name.
    pub name: String,
    /// Its revision, if it has one.
    pub revision: Option<String>,
    /// Its namespace; that of its module for a submodule; empty if the device does not say it.
    pub namespace: String,
    /// The features that are on.
    pub features: Vec<String>,
    /// The modules that deviate from it.
    pub deviations: Vec<String>,
    /// Its submodules, with their revisions.
    pub submodules: Vec<(String, Option<String>)>,
    /// Whether others only use its types and groupings; `None` if the device does not tell.
    pub import_only: Option<bool>,
}

/// The modules of a device, by name and revision.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct ModuleSet {
    modules: BTreeMap<(String, Option<String>), Module>,
}

impl ModuleSet {
    /// The modules, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Module> {
        self.modules.values()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.modules.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty()
    }

    /// The modules of this name, one for each revision.
    pub fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Module> {
        self.iter().filter(move |m| m.name == name)
    }

    fn has_namespace(&self, namespace: &str) -> bool {
        self.iter().any(|m| m.namespace == namespace)
    }

    /// What is told in two places is taken together.
    fn add(&mut self, module: Module) {
        let key = (module.name.clone(), module.revision.clone());
        let Some(known) = self.modules.get_mut(&key) else {
            self.modules.insert(key, module);
            return;
        };
        if known.namespace.is_empty() {
            known.namespace = module.namespace;
        }
        for (all, more) in
            [(&mut known.features, module.features), (&mut known.deviations, module.deviations)]
        {
            for one in more {
                if !all.contains(&one) {
                    all.push(one);
                }
            }
        }
        for one in module.submodules {
            if !known.submodules.contains(&one) {
                known.submodules.push(one);
            }
        }
        // A module that one schema implements is implemented.
        known.import_only = match (known.import_only, module.import_only) {
            (Some(a), Some(b)) => Some(a && b),
            (a, b) => a.or(b),
        };
    }

    /// Those that a hello names.
    pub(super) fn of_hello(capabilities: &Capabilities) -> Self {
        let mut set = Self::default();
        for uri in capabilities.iter() {
            let Some(name) = parameter(uri, "module").filter(|name| !name.is_empty()) else { continue };
            let list = |parameter_name| {
                let names = parameter(uri, parameter_name).unwrap_or_default();
                names.split(',').filter(|n| !n.is_empty()).map(percent_decoded).collect()
            };
            set.add(Module {
                name: percent_decoded(name),
                revision: parameter(uri, "revision").filter(|r| !r.is_empty()).map(percent_decoded),
                namespace: uri.split('?').next().unwrap_or_default().to_owned(),
                features: list("features"),
                deviations: list("deviations"),
                submodules: Vec::new(),
                import_only: Some(false),
            });
        }
        set
    }

    /// Those of a `yang-library` (RFC 8525), a `modules-state` (RFC 7895) or a `netconf-state/schemas` (RFC 6022).
    fn add_state(&mut self, state: &Element) {
        for child in &state.children {
            match (child.namespace.as_str(), child.local.as_str()) {
                // The former holds module-sets, the latter modules.
                (LIBRARY, "module-set") => self.add_state(child),
                (LIBRARY, "module") => {
                    let import = child_text(child, "conformance-type").map(|t| t == "import");
                    self.add(module(child, import.or(Some(false))));
                }
                (LIBRARY, "import-only-module") => self.add(module(child, Some(true))),
                (MONITORING, "schemas") => self.add_state(child),
                (MONITORING, "schema") => {
                    let yang =
                        child_text(child, "format").is_none_or(|f| f.rsplit(':').next() == Some("yang"));
                    let name = child_text(child, "identifier").unwrap_or_default();
                    if yang && !name.is_empty() {
                        self.add(Module {
                            name,
                            revision: child_text(child, "version").filter(|v| !v.is_empty()),
                            namespace: child_text(child, "namespace").unwrap_or_default(),
                            ..Module::default()
                        });
                    }
                }
                _ => {}
            }
        }
    }
}

fn child_text(element: &Element, name: &str) -> Option<String> {
    let child = element.children.iter().find(|c| c.local == name && c.namespace == element.namespace)?;
    Some(child.text.trim().to_owned())
}

fn module(element: &Element, import_only: Option<bool>) -> Module {
    let revision = |element: &Element| child_text(element, "revision").filter(|r| !r.is_empty());
    let named = |name: &'static str| element.children.iter().filter(move |c| c.local == name);
    Module {
        name: child_text(element, "name").unwrap_or_default(),
        revision: revision(element),
        namespace: child_text(element, "namespace").unwrap_or_default(),
        features: named("feature").map(|f| f.text.trim().to_owned()).collect(),
        // RFC 8525 has names, RFC 7895 entries.
        deviations: named("deviation")
            .map(|d| child_text(d, "name").unwrap_or_else(|| d.text.trim().to_owned()))
            .collect(),
        submodules: named("submodule")
            .map(|s| (child_text(s, "name").unwrap_or_default(), revision(s)))
            .collect(),
        import_only,
    }
}

/// The elements in a `data` element.
fn elements(data: &Data) -> Result<Vec<Element>, Error> {
    let document = data.xml();
    let unreadable = |e: crate::XmlError| Error::Reply(e.to_string());
    let mut scanner = Scanner::new(document.as_bytes()).map_err(unreadable)?;
    let Token::Open { raw, span } = scanner.next().map_err(unreadable)? else { return Ok(Vec::new()) };
    Ok(Element::read(&mut scanner, raw, span).map_err(unreadable)?.children)
}

impl Session {
    /// The modules of the device. They are asked for once a session, and remembered.
    ///
    /// # Errors
    /// See [`Error`]. A device that tells of them in its hello alone is asked nothing.
    pub async fn modules(&self) -> Result<&ModuleSet, Error> {
        self.inner.modules.get_or_try_init(|| self.read_modules()).await
    }

    async fn read_modules(&self) -> Result<ModuleSet, Error> {
        let capabilities = self.capabilities();
        let mut set = ModuleSet::of_hello(capabilities);
        let library = |name: &str| Filter::subtree(format!("<{name} xmlns=\"{LIBRARY}\"/>"));
        let mut asked = Vec::new();
        if capabilities.has(YANG_LIBRARY_1_1) {
            asked.push(library("yang-library"));
        }
        if capabilities.has(YANG_LIBRARY_1_0) || capabilities.has(LIBRARY) {
            // A device that names the module only may have either.
            asked.extend([library("yang-library"), library("modules-state")]);
        }
        asked.dedup();
        if capabilities.has(MONITORING) {
            asked.push(Filter::subtree(format!(
                "<netconf-state xmlns=\"{MONITORING}\"><schemas/></netconf-state>"
            )));
        }
        for filter in asked {
            match self.get().filter(filter).await {
                Ok(data) => elements(&data)?.iter().for_each(|state| set.add_state(state)),
                // Who may not read it, or has announced it in vain, still has the rest.
                Err(Error::Rpc(errors)) => tracing::debug!("no modules from the device: {errors}"),
                Err(error) => return Err(error),
            }
        }
        Ok(set)
    }

    /// The device has a module, which a hello names if it is of YANG 1, and the library alone if it is of YANG 1.1 (RFC 7950
    /// section 5.6.4).
    pub(super) async fn require_module(&self, what: &str, namespace: &'static str) -> Result<(), Error> {
        if self.capabilities().has(namespace) || self.modules().await?.has_namespace(namespace) {
            return Ok(());
        }
        Err(Error::NotSupported { what: what.to_owned(), capability: namespace })
    }
}
