//! ietf-yang-library (RFC 8525): which modules a server has. YANG 1.1 modules are announced here and nowhere else
//! (RFC 7950 section 5.6.4).

use crate::handler::{StateEntry, StateProvider};
use crate::protocol::capability::{YANG_LIBRARY_1_0, YANG_LIBRARY_1_1};
use crate::rpc_error::RpcError;
use std::sync::Arc;
use yang_data::codec::CodecError;
use yang_data::event::{Datum, FullName, Shape, Sink};
use yang_data::tree::{DecodeOptions, Tree, TreeSink};
use yang_schema::{Module, NodeId, Schema};

const MODULE: &str = "ietf-yang-library";
const NAMESPACE: &str = "urn:ietf:params:xml:ns:yang:ietf-yang-library";

/// What a server with this module says and shows.
pub(super) struct Library {
    /// The capabilities of RFC 8526 section 2 and of RFC 7950 section 5.6.4: each for the tree that it is about, and who knows one of
    /// them need not know the other.
    pub(super) capabilities: Vec<String>,
    /// The providers of the data.
    pub(super) providers: Vec<StateEntry>,
}

/// The library of a schema, if ietf-yang-library is part of it.
pub(super) fn of(schema: &Arc<Schema>, has_startup: bool) -> Option<Library> {
    let module = schema.module(schema.find_module(MODULE)?);
    let revision = schema.opt_str(module.revision)?;
    if !module.implemented {
        return None;
    }
    let id = content_id(schema);
    let is_nmda = schema.find("/ietf-yang-library:yang-library").is_some();
    let has_modules_state = schema.find("/ietf-yang-library:modules-state").is_some();
    let capabilities = [
        (is_nmda, format!("{YANG_LIBRARY_1_1}?revision={revision}&content-id={id}")),
        (has_modules_state, format!("{YANG_LIBRARY_1_0}?revision={revision}&module-set-id={id}")),
    ];
    let capabilities = capabilities.into_iter().filter(|(has, _)| *has).map(|(_, uri)| uri).collect();
    let mut providers = Vec::new();
    // RFC 8525 section 3 and, for those who know no other, RFC 7895: one who asks for one of them gets both trees' nodes, and
    // the filter does the rest.
    let paths = ["/ietf-yang-library:modules-state", "/ietf-yang-library:yang-library"];
    for path in paths.into_iter().filter(|path| schema.find(path).is_some()) {
        let id = id.clone();
        let provider: StateProvider = Arc::new(move |_, out| {
            let id = id.clone();
            Box::pin(async move {
                let tree = content(out.schema(), is_nmda, has_startup, &id)?;
                out.send_tree(tree).await
            })
        });
        providers.push(StateEntry { path: path.to_owned(), provider });
    }
    Some(Library { capabilities, providers })
}

/// Differs where the set of modules, revisions, features or deviations does.
fn content_id(schema: &Schema) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |text: &str| {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    for (_, module) in schema.modules() {
        add(schema.str(module.name));
        add(schema.opt_str(module.revision).unwrap_or_default());
        add(if module.implemented { "implement" } else { "import" });
        features(schema, module).for_each(&mut add);
        module.deviated_by.iter().for_each(|&d| add(schema.module_name(d)));
    }
    format!("{hash:016x}")
}

fn features<'s>(schema: &'s Schema, module: &'s Module) -> impl Iterator<Item = &'s str> {
    module.features.iter().map(|&f| schema.feature(f)).filter(|f| f.enabled).map(|f| schema.str(f.name))
}

fn content(schema: &Arc<Schema>, is_nmda: bool, has_startup: bool, id: &str) -> Result<Tree, RpcError> {
    let mut sink = TreeSink::new(schema, NodeId::ROOT, &DecodeOptions::default());
    let mut out = Out { sink: &mut sink };
    out.write(schema, is_nmda, has_startup, id).map_err(|e| RpcError::operation_failed(e.to_string()))?;
    sink.finish().map_err(|errors| {
        let first = errors.first().map(ToString::to_string).unwrap_or_default();
        RpcError::operation_failed(format!("the YANG library does not fit its model: {first}"))
    })
}

struct Out<'a> {
    sink: &'a mut dyn Sink,
}

type Written = Result<(), CodecError>;

impl Out<'_> {
    fn open(&mut self, local: &str, shape: Shape) -> Written {
        self.sink.open(FullName { module: MODULE, namespace: NAMESPACE, local }, shape, &[])
    }

    fn leaf(&mut self, local: &str, text: &str) -> Written {
        self.open(local, Shape::Leaf)?;
        self.sink.value(Datum::Text(text))?;
        self.sink.close()
    }

    fn write(&mut self, schema: &Schema, is_nmda: bool, has_startup: bool, id: &str) -> Written {
        if is_nmda {
            self.library(schema, has_startup, id)?;
        }
        if schema.find("/ietf-yang-library:modules-state").is_some() {
            self.modules_state(schema, id)?;
        }
        Ok(())
    }

    /// RFC 8525: one set of modules, one schema, the datastores that have it.
    fn library(&mut self, schema: &Schema, has_startup: bool, id: &str) -> Written {
        self.open("yang-library", Shape::Container)?;
        self.open("module-set", Shape::ListEntry)?;
        self.leaf("name", "all")?;
        for (_, module) in schema.modules().filter(|(_, m)| m.implemented) {
            self.open("module", Shape::ListEntry)?;
            self.leaf("name", schema.str(module.name))?;
            self.optional("revision", schema.opt_str(module.revision))?;
            self.leaf("namespace", schema.str(module.namespace))?;
            self.submodules(schema, module, false)?;
            self.features(schema, module)?;
            for &deviation in &module.deviated_by {
                self.entry("deviation", schema.module_name(deviation))?;
            }
            self.sink.close()?;
        }
        for (_, module) in schema.modules().filter(|(_, m)| !m.implemented) {
            self.open("import-only-module", Shape::ListEntry)?;
            self.leaf("name", schema.str(module.name))?;
            self.leaf("revision", schema.opt_str(module.revision).unwrap_or_default())?;
            self.leaf("namespace", schema.str(module.namespace))?;
            self.submodules(schema, module, false)?;
            self.sink.close()?;
        }
        self.sink.close()?;
        self.open("schema", Shape::ListEntry)?;
        self.leaf("name", "all")?;
        self.entry("module-set", "all")?;
        self.sink.close()?;
        let startup = has_startup.then_some("startup");
        for datastore in ["running", "candidate", "operational"].into_iter().chain(startup) {
            self.open("datastore", Shape::ListEntry)?;
            self.open("name", Shape::Leaf)?;
            self.sink.value(Datum::Identity {
                module: "ietf-datastores",
                namespace: "urn:ietf:params:xml:ns:yang:ietf-datastores",
                name: datastore,
            })?;
            self.sink.close()?;
            self.leaf("schema", "all")?;
            self.sink.close()?;
        }
        self.leaf("content-id", id)?;
        self.sink.close()
    }

    /// RFC 7895, which RFC 8525 keeps for older clients.
    fn modules_state(&mut self, schema: &Schema, id: &str) -> Written {
        self.open("modules-state", Shape::Container)?;
        self.leaf("module-set-id", id)?;
        for (_, module) in schema.modules() {
            self.open("module", Shape::ListEntry)?;
            self.leaf("name", schema.str(module.name))?;
            self.leaf("revision", schema.opt_str(module.revision).unwrap_or_default())?;
            self.leaf("namespace", schema.str(module.namespace))?;
            self.features(schema, module)?;
            for &deviation in &module.deviated_by {
                self.open("deviation", Shape::ListEntry)?;
                self.leaf("name", schema.module_name(deviation))?;
                let revision = schema.opt_str(schema.module(deviation).revision);
                self.leaf("revision", revision.unwrap_or_default())?;
                self.sink.close()?;
            }
            self.leaf("conformance-type", if module.implemented { "implement" } else { "import" })?;
            self.submodules(schema, module, true)?;
            self.sink.close()?;
        }
        self.sink.close()
    }

    fn optional(&mut self, local: &str, text: Option<&str>) -> Written {
        text.map_or(Ok(()), |text| self.leaf(local, text))
    }

    fn entry(&mut self, local: &str, text: &str) -> Written {
        self.open(local, Shape::LeafListEntry)?;
        self.sink.value(Datum::Text(text))?;
        self.sink.close()
    }

    fn features(&mut self, schema: &Schema, module: &Module) -> Written {
        features(schema, module).try_for_each(|feature| self.entry("feature", feature))
    }

    /// In RFC 7895 a submodule's revision is a key, and empty where there is none.
    fn submodules(&mut self, schema: &Schema, module: &Module, revision_is_key: bool) -> Written {
        for submodule in &module.submodules {
            self.open("submodule", Shape::ListEntry)?;
            self.leaf("name", schema.str(submodule.name))?;
            match schema.opt_str(submodule.revision) {
                None if revision_is_key => self.leaf("revision", "")?,
                revision => self.optional("revision", revision)?,
            }
            self.sink.close()?;
        }
        Ok(())
    }
}
