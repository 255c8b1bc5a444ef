//! From what is wrong with data to what a peer is told (RFC 6241 section 4.3 and appendix A, RFC 7950 section 15).
//! Here alone.

use crate::rpc_error::{ErrorInfo, ErrorPath, ErrorTag, ErrorType, QualifiedName, RpcError};
use yang_data::error as data;
use yang_schema::{ModuleId, Schema};

/// The namespace of YANG's own error-info (RFC 7950 section 15).
fn tag(tag: data::ErrorTag) -> ErrorTag {
    match tag {
        data::ErrorTag::TooBig => ErrorTag::TooBig,
        data::ErrorTag::InvalidValue => ErrorTag::InvalidValue,
        data::ErrorTag::MissingAttribute => ErrorTag::MissingAttribute,
        data::ErrorTag::BadAttribute => ErrorTag::BadAttribute,
        data::ErrorTag::UnknownAttribute => ErrorTag::UnknownAttribute,
        data::ErrorTag::MissingElement => ErrorTag::MissingElement,
        data::ErrorTag::BadElement => ErrorTag::BadElement,
        data::ErrorTag::UnknownElement => ErrorTag::UnknownElement,
        data::ErrorTag::UnknownNamespace => ErrorTag::UnknownNamespace,
        data::ErrorTag::DataExists => ErrorTag::DataExists,
        data::ErrorTag::DataMissing => ErrorTag::DataMissing,
        data::ErrorTag::OperationNotSupported => ErrorTag::OperationNotSupported,
        data::ErrorTag::MalformedMessage => ErrorTag::MalformedMessage,
        _ => ErrorTag::OperationFailed,
    }
}

/// What a peer is told of a fault of data.
pub(crate) fn rpc_error(error: data::DataError, schema: &Schema) -> RpcError {
    // A document that is no XML is a matter of messages; all else is content.
    let error_type = match error.tag {
        data::ErrorTag::MalformedMessage => ErrorType::Rpc,
        _ => ErrorType::Application,
    };
    let mut out = RpcError::new(error_type, tag(error.tag));
    out.app_tag = error.app_tag.map(Into::into);
    out.path = error_path(&error.path, schema).map(Box::new);
    out.message = Some(error.message.into());
    for info in error.info {
        out.info.push(match info {
            data::ErrorInfo::BadElement(name) => ErrorInfo::BadElement(qualified(&name, schema)),
            data::ErrorInfo::BadAttribute(name) => ErrorInfo::BadAttribute(qualified(&name, schema)),
            data::ErrorInfo::BadNamespace(namespace) => ErrorInfo::BadNamespace(namespace),
            data::ErrorInfo::NonUnique(path) => match error_path(&path, schema) {
                Some(path) => ErrorInfo::NonUnique(path),
                None => continue,
            },
            data::ErrorInfo::MissingChoice(name) => ErrorInfo::MissingChoice(name),
            data::ErrorInfo::Code(code) => ErrorInfo::Code(code),
            _ => continue,
        });
    }
    out
}

/// What a peer is told of many.
pub(crate) fn rpc_errors(errors: Vec<data::DataError>, schema: &Schema) -> Vec<RpcError> {
    errors.into_iter().map(|e| rpc_error(e, schema)).collect()
}

/// A name that may carry a module's name.
fn qualified(name: &str, schema: &Schema) -> QualifiedName {
    if let Some((module, local)) = name.split_once(':')
        && let Some(id) = schema.find_module(module)
    {
        return QualifiedName::new(schema.str(schema.module(id).namespace), local);
    }
    QualifiedName::from(name)
}

/// An instance-identifier in the form of RFC 7951 section 6.11 as an `error-path`: every name gets the prefix of its
/// module. Text that is no such path gives none.
pub(crate) fn error_path(path: &str, schema: &Schema) -> Option<ErrorPath> {
    if path.is_empty() {
        return None;
    }
    let mut writer = PathWriter { schema, prefixes: Vec::new(), out: String::with_capacity(path.len() * 2) };
    writer.path(path)?;
    let namespaces = writer
        .prefixes
        .into_iter()
        .map(|(id, prefix)| (prefix, schema.str(schema.module(id).namespace).to_owned()))
        .collect();
    Some(ErrorPath { xpath: writer.out, namespaces })
}

struct PathWriter<'s> {
    schema: &'s Schema,
    prefixes: Vec<(ModuleId, String)>,
    out: String,
}

impl PathWriter<'_> {
    /// `/mod:name[key='x'][.='v'][3]/name…`
    fn path(&mut self, path: &str) -> Option<()> {
        let mut rest = path;
        let mut module = None;
        while let Some(after) = rest.strip_prefix('/') {
            self.out.push('/');
            let end = after.find(['/', '[']).unwrap_or(after.len());
            let (name, mut tail) = after.split_at(end);
            if name.is_empty() {
                return tail.is_empty().then_some(());
            }
            module = Some(self.name(name, module)?);
            while let Some(predicate) = tail.strip_prefix('[') {
                tail = self.predicate(predicate, module?)?;
            }
            rest = tail;
        }
        rest.is_empty().then_some(())
    }

    /// One predicate from behind its bracket; gives what follows it.
    fn predicate<'p>(&mut self, text: &'p str, module: ModuleId) -> Option<&'p str> {
        self.out.push('[');
        let end = text.find(['=', ']'])?;
        let (name, rest) = text.split_at(end);
        let name = name.trim();
        if name == "." || name.bytes().all(|b| b.is_ascii_digit()) {
            self.out.push_str(name);
        } else {
            self.name(name, Some(module))?;
        }
        let Some(value) = rest.strip_prefix('=') else {
            self.out.push(']');
            return rest.strip_prefix(']');
        };
        let value = value.trim_start();
        let end = match value.strip_prefix("concat(") {
            // A text that has both kinds of quotes: the call ends at a parenthesis outside of them.
            Some(parts) => value.len() - parts.len() + end_of_call(parts)?,
            None => end_of_literal(value)?,
        };
        self.out.push('=');
        self.out.push_str(&value[..end]);
        self.out.push(']');
        value[end..].trim_start().strip_prefix(']')
    }

    /// A name, with the module that it is in where it says none.
    fn name(&mut self, name: &str, inherited: Option<ModuleId>) -> Option<ModuleId> {
        let (module, local) = match name.split_once(':') {
            Some((module, local)) => (self.schema.find_module(module)?, local),
            None => (inherited?, name),
        };
        let prefix = match self.prefixes.iter().find(|(id, _)| *id == module) {
            Some((_, prefix)) => prefix,
            None => {
                // Prefixes of modules may clash.
                let own = self.schema.str(self.schema.module(module).prefix);
                let mut prefix = own.to_owned();
                let mut n = 1;
                while self.prefixes.iter().any(|(_, p)| *p == prefix) {
                    n += 1;
                    prefix = format!("{own}{n}");
                }
                self.prefixes.push((module, prefix));
                &self.prefixes.last()?.1
            }
        };
        self.out.push_str(prefix);
        self.out.push(':');
        self.out.push_str(local);
        Some(module)
    }
}

/// Behind a quoted text.
fn end_of_literal(text: &str) -> Option<usize> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    Some(text[1..].find(quote)? + 2)
}

/// Behind the arguments of a function, which are quoted texts.
fn end_of_call(text: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        match text[at..].chars().next()? {
            ')' => return Some(at + 1),
            '\'' | '"' => at += end_of_literal(&text[at..])?,
            other => at += other.len_utf8(),
        }
    }
}
