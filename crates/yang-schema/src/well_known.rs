//! Extensions of published modules that devices and tools act on, as questions to a node. Whatever else a model's extensions
//! say is in [`NodeRef::extensions`].

use crate::{ExtensionUse, NodeRef};

/// What is denied where no rule of access control speaks (RFC 8341 sections 3.2 and 3.4).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DefaultDeny {
    /// `nacm:default-deny-write`: changes.
    Write,
    /// `nacm:default-deny-all`: every access.
    All,
}

impl<'s> NodeRef<'s> {
    /// Its statement of an extension, by the names of the defining module and of the extension.
    pub fn extension(self, module: &str, name: &str) -> Option<&'s ExtensionUse> {
        let schema = self.schema();
        self.extensions()
            .iter()
            .find(|e| schema.str(e.name) == name && e.module.is_some_and(|m| schema.module_name(m) == module))
    }

    /// The label of the mount point that it is: nodes of other schemas are mounted here (RFC 8528 section 3.1).
    pub fn mount_point(self) -> Option<&'s str> {
        let label = self.extension("ietf-yang-schema-mount", "mount-point")?.argument?;
        Some(self.schema().str(label))
    }

    /// What it says itself of access without a rule. What stands below a node that nobody may read is not reached either; a
    /// server asks the nodes above, too.
    pub fn default_deny(self) -> Option<DefaultDeny> {
        let has = |name| self.extension("ietf-netconf-acm", name).is_some();
        if has("default-deny-all") {
            Some(DefaultDeny::All)
        } else {
            has("default-deny-write").then_some(DefaultDeny::Write)
        }
    }
}
