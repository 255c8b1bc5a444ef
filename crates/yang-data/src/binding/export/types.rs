//! `type` statements (RFC 7950 section 7.4) of leaves, by what the Rust type says of itself and what the field restricts.

use super::text::quoted;
use super::{Export, ExportError};
use crate::binding::{Bounds, Detail, Identity, Info};
use yang_schema::Base;

/// What a type of leaf values is.
#[derive(Debug)]
pub enum TypeInfo {
    /// A built-in type without words of its own.
    Base(Base),
    /// `decimal64` with so many fraction digits.
    Decimal64(u8),
    /// Enums with their values.
    Enumeration(&'static [(&'static str, i32)]),
    /// Bits with their positions.
    Bits(&'static [(&'static str, u32)]),
    /// Members with their restrictions.
    Union(Vec<(TypeInfo, &'static Detail)>),
    /// Bases, and the identities that the type lists.
    Identityref {
        /// As `module:identity`.
        bases: &'static [&'static str],
        /// Those that the type knows.
        known: Vec<Identity>,
    },
}

impl Export {
    pub(super) fn type_(&mut self, info: &TypeInfo, detail: &'static Detail) -> Result<(), ExportError> {
        if let Some(path) = detail.leafref {
            let path = self.with_prefixes(path);
            self.body.open("type leafref");
            self.body.line(&format!("path {};", quoted(&path)));
            if !detail.require_instance {
                self.body.line("require-instance false;");
            }
            self.body.close();
            return Ok(());
        }
        match info {
            TypeInfo::Base(Base::InstanceIdentifier) if !detail.require_instance => {
                self.body.block("type instance-identifier", &["require-instance false;".to_owned()]);
            }
            TypeInfo::Base(base) => {
                self.restricted(&format!("type {}", base.name()), None, detail)?;
            }
            TypeInfo::Decimal64(digits) => {
                self.restricted("type decimal64", Some(format!("fraction-digits {digits};")), detail)?;
            }
            TypeInfo::Enumeration(enums) => {
                self.body.open("type enumeration");
                for (name, value) in *enums {
                    self.body.block(&format!("enum {}", quoted(name)), &[format!("value {value};")]);
                }
                self.body.close();
            }
            TypeInfo::Bits(bits) => {
                self.body.open("type bits");
                for (name, position) in *bits {
                    self.body.block(&format!("bit {name}"), &[format!("position {position};")]);
                }
                self.body.close();
            }
            TypeInfo::Union(members) => {
                self.body.open("type union");
                for (member, detail) in members {
                    self.type_(member, detail)?;
                }
                self.body.close();
            }
            TypeInfo::Identityref { bases, known } => self.identityref(bases, known, detail)?,
        }
        Ok(())
    }

    fn identityref(
        &mut self,
        bases: &'static [&'static str],
        known: &[Identity],
        detail: &'static Detail,
    ) -> Result<(), ExportError> {
        let bases = if detail.bases.is_empty() { bases } else { detail.bases };
        if bases.is_empty() {
            return self.error("the identityref tells no `base`");
        }
        let mut named = Vec::new();
        for base in bases {
            let (module, name) = base.split_once(':').unwrap_or((self.module.name, base));
            if module == self.module.name {
                self.identities.entry(name.to_owned()).or_default();
            }
            named.push(format!("{}:{name}", self.prefix_of(module)));
        }
        for identity in known.iter().filter(|i| i.module() == self.module.name) {
            let of = self.identities.entry(identity.name().to_owned()).or_default();
            of.extend(named.iter().cloned());
        }
        let lines: Vec<String> = named.iter().map(|base| format!("base {base};")).collect();
        self.body.block("type identityref", &lines);
        Ok(())
    }

    /// A type with its range, length and patterns.
    fn restricted(
        &mut self,
        head: &str,
        first: Option<String>,
        detail: &'static Detail,
    ) -> Result<(), ExportError> {
        if first.is_none() && detail.range.is_none() && detail.length.is_none() && detail.patterns.is_empty()
        {
            self.body.line(&format!("{head};"));
            return Ok(());
        }
        self.body.open(head);
        if let Some(line) = first {
            self.body.line(&line);
        }
        for (keyword, bounds) in [("range", &detail.range), ("length", &detail.length)] {
            if let Some(Bounds { text, info, .. }) = bounds {
                let said = self.said(info, &detail.info)?;
                self.body.block(&format!("{keyword} {}", quoted(text)), &said);
            }
        }
        for pattern in detail.patterns {
            let mut said = self.said(&pattern.info, &detail.info)?;
            if pattern.inverted {
                said.insert(0, "modifier invert-match;".to_owned());
            }
            self.body.block(&format!("pattern {}", quoted(pattern.text)), &said);
        }
        self.body.close();
        Ok(())
    }

    /// What a constraint says of its violation, in its own `error-message`, `error-app-tag` and `code`; what the node says for all
    /// stands at each, but for its code, which has a place at the node.
    pub(super) fn said(&mut self, own: &Info, node: &Info) -> Result<Vec<String>, ExportError> {
        let mut lines = Vec::new();
        if let Some(message) = own.message.or(node.message) {
            lines.push(format!("error-message {};", quoted(message)));
        }
        if let Some(tag) = own.app_tag.or(node.app_tag) {
            lines.push(format!("error-app-tag {};", quoted(tag)));
        }
        if let Some(code) = own.code {
            self.code(code)?;
            lines.push(format!("ec:code {code};"));
        }
        Ok(lines)
    }

    /// The same of a statement that has only a code, which may hold the message.
    pub(super) fn said_by_code(&mut self, own: &Info, node: &Info) -> Result<Vec<String>, ExportError> {
        if own.app_tag.or(node.app_tag).is_some() {
            return self.error("YANG has no place for the `error_app_tag` of this constraint");
        }
        let Some(code) = own.code else {
            return match own.message {
                Some(_) => self
                    .error("YANG has no place for the `error_message` of this constraint without a `code`"),
                None => Ok(Vec::new()),
            };
        };
        self.code(code)?;
        Ok(vec![match own.message {
            Some(message) => format!("ec:code {code} {{ error-message {}; }}", quoted(message)),
            None => format!("ec:code {code};"),
        }])
    }

    /// Each code is given once in a module.
    pub(super) fn code(&mut self, code: u64) -> Result<(), ExportError> {
        self.imports.insert(yang_schema::CODE_MODULE.to_owned());
        let here = format!("/{}", self.path.join("/"));
        if let Some(first) = self.codes.insert(code, here) {
            return self.error(format!("the code {code} stands at {first}, too"));
        }
        Ok(())
    }
}
