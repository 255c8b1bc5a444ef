//! Data nodes (RFC 7950 sections 7.5 to 7.11) of structs.

use super::text::quoted;
use super::{Export, ExportError};
use crate::binding::{Condition, Detail, Field, Info, Kind, Node, SlotMut, Table};

impl Export {
    /// The nodes of a struct, in the order of its fields.
    pub(super) fn fields(&mut self, node: &mut dyn Node) -> Result<(), ExportError> {
        let table = node.node_table();
        if let Some(module) = table.module {
            self.own(module)?;
        }
        for (index, field) in table.fields.iter().enumerate() {
            self.field(node.slot_mut(index), field)?;
        }
        let here: Vec<_> =
            self.actions.iter().filter(|(parent, _)| std::ptr::eq(*parent, table)).map(|a| a.1).collect();
        for write in here {
            self.met += 1;
            write(self)?;
        }
        Ok(())
    }

    fn field(&mut self, slot: SlotMut<'_>, field: &'static Field) -> Result<(), ExportError> {
        if field.kind == Kind::Unknown {
            return Ok(());
        }
        let keyword = match field.kind {
            Kind::Leaf => "leaf",
            Kind::LeafList => "leaf-list",
            Kind::Container => "container",
            Kind::List => "list",
            Kind::Choice => "choice",
            Kind::Case => "case",
            Kind::AnyData => "anydata",
            Kind::AnyXml => "anyxml",
            _ => return self.error("it is no data node"),
        };
        self.open(keyword, field.name)?;
        if let Some(module) = field.module {
            self.own(module)?;
        }
        self.head(field.detail)?;
        match slot {
            SlotMut::Leaf(leaf) => self.value(&leaf.describe(), field.detail)?,
            SlotMut::LeafList(list) => self.value(&list.describe(), field.detail)?,
            SlotMut::Container(container) => self.fields(container.make())?,
            SlotMut::List(list) => {
                let mut written = Ok(());
                // The entry is thrown away with the struct: only its table and types are asked for.
                let pushed = list.push(&mut |entry| {
                    written = self.entry(entry, field.detail);
                    Ok(())
                });
                debug_assert!(pushed.is_ok());
                written?;
            }
            SlotMut::Choice(choice) => {
                for default in field.detail.defaults {
                    self.body.line(&format!("default {default};"));
                }
                let cases = field.child.map_or(&[] as &[Field], |table| table().fields);
                for (variant, case) in cases.iter().enumerate() {
                    match choice.make(variant) {
                        Some(made) => self.field(made.content_mut(), case)?,
                        None => return self.error("it has a case that cannot be made"),
                    }
                }
            }
            SlotMut::Any(_) => {}
            SlotMut::Unknown(_) | SlotMut::Nothing => return self.error("it holds no data"),
        }
        self.close();
        Ok(())
    }

    fn value(&mut self, info: &super::types::TypeInfo, detail: &'static Detail) -> Result<(), ExportError> {
        self.type_(info, detail)?;
        for default in detail.defaults {
            let names = matches!(
                info,
                super::types::TypeInfo::Identityref { .. }
                    | super::types::TypeInfo::Base(yang_schema::Base::InstanceIdentifier)
            );
            let text = if names { self.with_prefixes(default) } else { (*default).to_owned() };
            self.body.line(&format!("default {};", quoted(&text)));
        }
        Ok(())
    }

    /// What every kind of node may say.
    fn head(&mut self, detail: &'static Detail) -> Result<(), ExportError> {
        for when in detail.whens {
            let text = self.with_prefixes(when.xpath);
            let said = self.said_by_code(&when.info, &Info { app_tag: None, ..detail.info })?;
            self.body.block(&format!("when {}", quoted(&text)), &said);
        }
        for expression in detail.if_features {
            self.feature(expression);
        }
        self.musts(detail.musts, &detail.info)?;
        if let Some(presence) = detail.presence {
            self.body.line(&format!("presence {};", quoted(presence)));
        }
        if let Some(units) = detail.units {
            self.body.line(&format!("units {};", quoted(units)));
        }
        if !detail.config {
            self.body.line("config false;");
        }
        if let Some(info) = &detail.mandatory {
            let said = self.said_by_code(info, &detail.info)?;
            self.body.block("mandatory true", &said);
        }
        for (keyword, count) in
            [("min-elements", &detail.min_elements), ("max-elements", &detail.max_elements)]
        {
            if let Some((n, info)) = count {
                let said = self.said_by_code(info, &detail.info)?;
                self.body.block(&format!("{keyword} {n}"), &said);
            }
        }
        if detail.user_ordered {
            self.body.line("ordered-by user;");
        }
        if let Some(status) = detail.status {
            self.body.line(&format!("status {status};"));
        }
        if let Some(description) = detail.description {
            self.body.line(&format!("description {};", quoted(description)));
        }
        if let Some(info) = &detail.nonzero {
            self.imports.insert(yang_schema::CODE_MODULE.to_owned());
            let said = self.said(info, &detail.info)?;
            self.body.block("ec:non-zero", &said);
        }
        if let Some(code) = detail.info.code {
            self.code(code)?;
            let said = detail.info.message.map(|m| format!("error-message {};", quoted(m)));
            self.body.block(&format!("ec:code {code}"), said.as_slice());
        } else if detail.info != Info::NONE && is_silent(detail) {
            return self
                .error("YANG has no place for an `error_message` or `error_app_tag` of the node itself");
        }
        Ok(())
    }

    pub(super) fn musts(&mut self, musts: &'static [Condition], node: &Info) -> Result<(), ExportError> {
        for must in musts {
            let text = self.with_prefixes(must.xpath);
            let said = self.said(&must.info, node)?;
            self.body.block(&format!("must {}", quoted(&text)), &said);
        }
        Ok(())
    }

    /// A list's own statements, then its nodes.
    fn entry(&mut self, entry: &mut dyn Node, detail: &'static Detail) -> Result<(), ExportError> {
        let table: &'static Table = entry.node_table();
        let keys: Vec<&str> = table.keys.iter().map(|&at| table.fields[at].name).collect();
        if !keys.is_empty() {
            self.body.line(&format!("key {};", quoted(&keys.join(" "))));
        }
        for unique in table.uniques {
            let text = self.with_prefixes(unique.text);
            let said = self.said_by_code(&unique.info, &Info::NONE)?;
            self.body.block(&format!("unique {}", quoted(&text)), &said);
        }
        if table.user_ordered && !detail.user_ordered {
            self.body.line("ordered-by user;");
        }
        self.fields(entry)
    }

    /// An `if-feature`; features of the module itself are defined in its text.
    fn feature(&mut self, expression: &str) {
        for word in expression.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')')) {
            let own = match word.split_once(':') {
                Some((module, name)) => (module == self.module.name).then_some(name),
                None => (!matches!(word, "" | "and" | "or" | "not")).then_some(word),
            };
            self.features.extend(own.map(str::to_owned));
        }
        let text = self.with_prefixes(expression);
        self.body.line(&format!("if-feature {};", quoted(&text)));
    }
}

/// Has it no constraint that could say what the node says?
fn is_silent(detail: &Detail) -> bool {
    detail.musts.is_empty()
        && detail.range.is_none()
        && detail.length.is_none()
        && detail.patterns.is_empty()
        && detail.nonzero.is_none()
}
