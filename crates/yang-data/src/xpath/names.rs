//! What names and prefixes of an expression mean where it is evaluated.

use std::borrow::Cow;
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
}

impl<'s> SchemaNames<'s> {
    pub(super) fn new(schema: &'s Schema, id: XPathId) -> Self {
        Self { schema, xpath: schema.xpath(id) }
    }
}

impl Names for SchemaNames<'_> {
    fn default_module(&self) -> Option<ModuleId> {
        Some(self.xpath.default_module)
    }

    fn module(&self, prefix: &str) -> Option<ModuleId> {
        // An expression of a grouping keeps the prefixes of the grouping's file, although its names without prefix belong to
        // the module of the `uses`.
        let found = self.schema.prefix(self.xpath.span.file, prefix);
        found.or_else(|| self.schema.find_module(prefix))
    }

    fn prefix(&self, module: ModuleId) -> Option<Cow<'_, str>> {
        let prefix = self.schema.prefix_of(self.xpath.span.file, module);
        Some(Cow::Borrowed(prefix.unwrap_or_else(|| self.schema.module_name(module))))
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
