//! What names and prefixes of an expression mean where it is evaluated.

use std::borrow::Cow;
use std::cell::OnceCell;
use yang_schema::value::{NameResolver, Notation};
use yang_schema::{ModuleId, Schema, XPath, XPathId};

/// The names of an expression's place.
///
/// The expression's own prefixes were resolved when it was parsed; what is left are names without prefix, and prefixes inside strings.
pub trait Names {
    /// The module of names without a prefix; without one they match in any module.
    fn default_module(&self) -> Option<ModuleId>;

    /// The module of a prefix in a string, such as the name of an identity.
    fn module(&self, prefix: &str) -> Option<ModuleId>;

    /// The prefix of a module in the string value of an identityref.
    fn prefix(&self, module: ModuleId) -> Option<Cow<'_, str>>;
}

/// Prefixes are names of modules, and names without one match in any module.
pub struct ModuleNames<'s>(pub &'s Schema);

impl Names for ModuleNames<'_> {
    fn default_module(&self) -> Option<ModuleId> {
        None
    }

    fn module(&self, prefix: &str) -> Option<ModuleId> {
        self.0.find_module(prefix)
    }

    fn prefix(&self, module: ModuleId) -> Option<Cow<'_, str>> {
        Some(Cow::Borrowed(self.0.module_name(module)))
    }
}

/// Prefixes are those that the file with the expression declares (RFC 7950 sections 6.4.1 and 9.10.3).
pub(super) struct SchemaNames<'s> {
    schema: &'s Schema,
    xpath: &'s XPath,
    written_in: OnceCell<ModuleId>,
}

impl<'s> SchemaNames<'s> {
    pub(super) fn new(schema: &'s Schema, id: XPathId) -> Self {
        Self { schema, xpath: schema.xpath(id), written_in: OnceCell::new() }
    }

    /// The module that the text stands in. An expression of a grouping keeps the prefixes of the grouping's module, although
    /// its names without prefix belong to the module of the `uses`.
    fn written_in(&self) -> ModuleId {
        *self.written_in.get_or_init(|| {
            let file = self.xpath.span.file;
            let mut modules = self.schema.modules();
            let found = modules.find(|(_, m)| m.file == file || m.submodules.iter().any(|s| s.file == file));
            found.map_or(self.xpath.default_module, |(id, _)| id)
        })
    }
}

impl Names for SchemaNames<'_> {
    fn default_module(&self) -> Option<ModuleId> {
        Some(self.xpath.default_module)
    }

    fn module(&self, prefix: &str) -> Option<ModuleId> {
        let id = self.written_in();
        let module = self.schema.module(id);
        if self.schema.str(module.prefix) == prefix {
            return Some(id);
        }
        let import = module.imports.iter().find(|i| self.schema.str(i.prefix) == prefix);
        import.map(|i| i.module).or_else(|| self.schema.find_module(prefix))
    }

    fn prefix(&self, module: ModuleId) -> Option<Cow<'_, str>> {
        let id = self.written_in();
        let here = self.schema.module(id);
        let prefix = if id == module {
            here.prefix
        } else {
            // Two revisions of a module are one module to whoever reads a name.
            let name = self.schema.module_name(module);
            let import = here.imports.iter().find(|i| self.schema.module_name(i.module) == name);
            import.map_or(self.schema.module(module).name, |i| i.prefix)
        };
        Some(Cow::Borrowed(self.schema.str(prefix)))
    }
}

/// The names of a string that becomes the value of a key.
pub(super) struct KeyNames<'a>(pub(super) &'a dyn Names);

impl NameResolver for KeyNames<'_> {
    fn module(&self, prefix: &str) -> Option<ModuleId> {
        if prefix.is_empty() { self.0.default_module() } else { self.0.module(prefix) }
    }

    fn notation(&self) -> Notation {
        Notation::Canonical
    }
}
