//! Restrictions of the built-in types (RFC 7950 sections 9.2 to 9.13): which may stand where, and what they say.

use super::super::Context;
use super::super::scope::Kind;
use crate::argument::{non_negative, shortened};
use crate::diagnostic::{Code, Diagnostic};
use crate::grammar::Keyword;
use crate::syntax::Stmt;
use yang_schema::pattern::CompiledPattern;
use yang_schema::value::range::{self, ANY_LENGTH, Numbers};
use yang_schema::{Base, ConstraintInfo, Interval, Pattern, Range, TypeDetail, TypeId, XPath, YangVersion};

impl<'t> Context<'t> {
    /// A built-in type with the restrictions of the statement that names it.
    pub(super) fn builtin_detail(&mut self, stmt: Stmt<'t>, base: Base) -> Option<TypeDetail> {
        self.check_restrictions(stmt, base, false);
        let missing = |keyword: Keyword| stmt.child(keyword).is_none().then_some(keyword);
        let needed = match base {
            Base::Decimal64 => missing(Keyword::FractionDigits),
            Base::Enumeration => missing(Keyword::Enum),
            Base::Bits => missing(Keyword::Bit),
            Base::Leafref => missing(Keyword::Path),
            Base::Identityref => missing(Keyword::Base),
            Base::Union => missing(Keyword::Type),
            _ => None,
        };
        if let Some(needed) = needed {
            self.diagnostics.push(
                Diagnostic::error(
                    Code::MissingRestriction,
                    stmt.argument_span(),
                    format!("the type `{}` needs the statement `{}`", base.name(), needed.text()),
                )
                .here(format!("`{}` is missing", needed.text())),
            );
            return None;
        }
        let fresh = match base {
            Base::String => TypeDetail::String { lengths: Vec::new(), patterns: Vec::new() },
            Base::Binary => TypeDetail::Binary { lengths: Vec::new() },
            Base::Boolean => TypeDetail::Boolean,
            Base::Empty => TypeDetail::Empty,
            Base::Decimal64 => {
                let digits = stmt.child(Keyword::FractionDigits)?;
                let fraction_digits = non_negative(digits.arg()).and_then(|n| u8::try_from(n).ok())?;
                if !(1..=18).contains(&fraction_digits) {
                    return None;
                }
                TypeDetail::Decimal64 { fraction_digits, ranges: Vec::new() }
            }
            Base::Enumeration => TypeDetail::Enumeration(self.new_enums(stmt)?),
            Base::Bits => TypeDetail::Bits(self.new_bits(stmt)?),
            Base::Leafref => self.leafref_detail(stmt)?,
            Base::Identityref => {
                let mut bases = Vec::new();
                for base in stmt.all(Keyword::Base) {
                    let found =
                        self.scopes.resolve(base, Kind::Identity, base.arg(), &mut self.diagnostics)?;
                    self.check_status_reference(base, found, found.argument_span());
                    bases.push(*self.identities.get(&found.id())?);
                }
                TypeDetail::Identityref { bases }
            }
            Base::Union => {
                let members: Option<Vec<TypeId>> =
                    stmt.all(Keyword::Type).map(|m| self.done(m).map(|e| e.id)).collect();
                let members = members?;
                if self.version(stmt) == YangVersion::V1 {
                    self.check_union_members(stmt, &members);
                }
                TypeDetail::Union { members }
            }
            Base::InstanceIdentifier => TypeDetail::InstanceIdentifier { require_instance: true },
            integer => TypeDetail::Integer { base: integer, ranges: Vec::new() },
        };
        self.restricted(stmt, fresh)
    }

    /// RFC 6020 section 9.12: a union of YANG 1 has no empty or leafref members.
    fn check_union_members(&mut self, stmt: Stmt<'t>, members: &[TypeId]) {
        for (member, &id) in stmt.all(Keyword::Type).zip(members) {
            let name = match self.builder.type_(id).detail {
                TypeDetail::Empty => "empty",
                TypeDetail::Leafref { .. } => "leafref",
                _ => continue,
            };
            self.diagnostics.push(
                Diagnostic::error(
                    Code::VersionMismatch,
                    member.argument_span(),
                    format!("a union with a member of type {name} is new in YANG 1.1"),
                )
                .help("add `yang-version 1.1;` to the module"),
            );
        }
    }

    /// A derived type: what its base has, with the restrictions of the statement that names it.
    pub(super) fn derived_detail(&mut self, stmt: Stmt<'t>, base: TypeId) -> Option<TypeDetail> {
        let detail = self.builder.type_(base).detail.clone();
        let kind = detail.base();
        self.check_restrictions(stmt, kind, true);
        match detail {
            TypeDetail::Enumeration(items) if stmt.child(Keyword::Enum).is_some() => {
                self.subset_of_enums(stmt, &items).map(TypeDetail::Enumeration)
            }
            TypeDetail::Bits(items) if stmt.child(Keyword::Bit).is_some() => {
                self.subset_of_bits(stmt, &items).map(TypeDetail::Bits)
            }
            detail => self.restricted(stmt, detail),
        }
    }

    /// Restrictions that have no place in a type are reported.
    fn check_restrictions(&mut self, stmt: Stmt<'t>, base: Base, derived: bool) {
        let v1 = self.version(stmt) == YangVersion::V1;
        for child in stmt.children() {
            let (allowed, new) = match child.keyword() {
                Keyword::Extended | Keyword::Unknown => continue,
                Keyword::Range => (base.integer_bounds().is_some() || base == Base::Decimal64, false),
                Keyword::Length => (matches!(base, Base::String | Base::Binary), false),
                Keyword::Pattern => (base == Base::String, false),
                Keyword::FractionDigits => (base == Base::Decimal64 && !derived, false),
                Keyword::Enum => (base == Base::Enumeration, derived),
                Keyword::Bit => (base == Base::Bits, derived),
                Keyword::Path => (base == Base::Leafref && !derived, false),
                Keyword::Base => (base == Base::Identityref && !derived, false),
                Keyword::Type => (base == Base::Union && !derived, false),
                Keyword::RequireInstance => {
                    (matches!(base, Base::Leafref | Base::InstanceIdentifier), base == Base::Leafref)
                }
                // The grammar has reported it.
                _ => continue,
            };
            let word = child.keyword_text();
            if !allowed {
                let what = if derived { "a type derived from" } else { "the type" };
                self.diagnostics.push(Diagnostic::error(
                    Code::InvalidRestriction,
                    child.keyword_span(),
                    format!("`{word}` does not restrict {what} `{}`", base.name()),
                ));
            } else if new && v1 {
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::VersionMismatch,
                        child.keyword_span(),
                        format!("`{word}` here is new in YANG 1.1"),
                    )
                    .help("add `yang-version 1.1;` to the module"),
                );
            }
        }
    }

    /// Adds `range`, `length`, `pattern` and `require-instance`.
    fn restricted(&mut self, stmt: Stmt<'t>, mut detail: TypeDetail) -> Option<TypeDetail> {
        match &mut detail {
            TypeDetail::Integer { base, ranges } => {
                let bounds = base.integer_bounds()?;
                ranges.extend(self.range(stmt, Keyword::Range, Numbers::Integer, ranges.last(), bounds)?);
            }
            TypeDetail::Decimal64 { fraction_digits, ranges } => {
                let bounds = Interval { min: i128::from(i64::MIN), max: i128::from(i64::MAX) };
                let numbers = Numbers::Decimal64(*fraction_digits);
                ranges.extend(self.range(stmt, Keyword::Range, numbers, ranges.last(), bounds)?);
            }
            TypeDetail::String { lengths, patterns } => {
                lengths.extend(self.range(
                    stmt,
                    Keyword::Length,
                    Numbers::Length,
                    lengths.last(),
                    ANY_LENGTH,
                )?);
                let mut written: Vec<_> = stmt.all(Keyword::Pattern).collect();
                if written.is_empty() && self.is_openconfig(stmt) {
                    written.extend(
                        stmt.children()
                            .filter(|c| self.is_use_of(*c, "openconfig-extensions", "posix-pattern")),
                    );
                }
                for pattern in written {
                    patterns.extend(self.pattern(pattern));
                }
            }
            TypeDetail::Binary { lengths } => {
                lengths.extend(self.range(
                    stmt,
                    Keyword::Length,
                    Numbers::Length,
                    lengths.last(),
                    ANY_LENGTH,
                )?);
            }
            TypeDetail::Leafref { require_instance, .. }
            | TypeDetail::InstanceIdentifier { require_instance } => {
                if let Some(value) = stmt.value_of(Keyword::RequireInstance) {
                    *require_instance = value != "false";
                }
            }
            _ => {}
        }
        Some(detail)
    }

    /// The `range` or `length` of a type; `Some(None)` where there is none, `None` where it is wrong.
    #[allow(clippy::option_option, reason = "the one is 'there is none', the other 'it is wrong'")]
    fn range(
        &mut self,
        stmt: Stmt<'t>,
        keyword: Keyword,
        numbers: Numbers,
        parent: Option<&Range>,
        bounds: Interval,
    ) -> Option<Option<Range>> {
        let Some(range) = stmt.child(keyword) else { return Some(None) };
        if range.arg().trim().is_empty() {
            // It has been reported.
            return None;
        }
        let unrestricted = [bounds];
        let parent = parent.map_or(&unrestricted[..], |r| &r.parts);
        match range::parse(range.arg(), numbers, parent) {
            Ok(parts) => Some(Some(Range {
                text: self.builder.intern(range.arg()),
                parts,
                info: self.constraint_info(range),
            })),
            Err(e) => {
                let at = e.offset.min(range.arg().len());
                self.diagnostics.push(
                    Diagnostic::error(
                        Code::InvalidRange,
                        range.argument_part(at, range.arg().len()),
                        format!("invalid {}: {}", range.keyword_text(), e.message),
                    )
                    .also(stmt.argument_span(), "restricts this type"),
                );
                None
            }
        }
    }

    fn pattern(&mut self, stmt: Stmt<'t>) -> Option<Pattern> {
        let text = stmt.arg();
        let compiled = if self.is_openconfig(stmt) {
            CompiledPattern::with_anchors(text)
        } else {
            CompiledPattern::new(text)
        };
        match compiled {
            Ok(compiled) => Some(Pattern {
                text: self.builder.intern(text),
                compiled,
                inverted: stmt.value_of(Keyword::Modifier) == Some("invert-match"),
                info: self.constraint_info(stmt),
            }),
            Err(e) => {
                let at = e.offset.min(text.len());
                let end = text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
                self.diagnostics.push(Diagnostic::error(
                    Code::InvalidPattern,
                    stmt.argument_part(at, end.max(at)),
                    format!("invalid pattern `{}`: {}", shortened(text), e.message),
                ));
                None
            }
        }
    }

    /// OpenConfig anchors its patterns with `^` and `$`, which XSD takes for ordinary characters.
    fn is_openconfig(&self, stmt: Stmt<'t>) -> bool {
        let name = "openconfig-extensions";
        let library = self.library;
        let module = library.module(self.module_of(stmt));
        module.name == name || module.imports.iter().any(|&m| library.module(m).name == name)
    }

    /// `error-message` and its kin.
    pub(crate) fn constraint_info(&mut self, stmt: Stmt<'t>) -> ConstraintInfo {
        ConstraintInfo {
            error_message: self.text_of(stmt, Keyword::ErrorMessage),
            error_app_tag: self.text_of(stmt, Keyword::ErrorAppTag),
            description: self.text_of(stmt, Keyword::Description),
            reference: self.text_of(stmt, Keyword::Reference),
            code: self.code_below(stmt),
        }
    }

    /// A leafref without a place: each leaf gets its own.
    fn leafref_detail(&mut self, stmt: Stmt<'t>) -> Option<TypeDetail> {
        let path = stmt.child(Keyword::Path)?;
        let expr = self.leafref_path(path)?;
        let xpath = XPath {
            text: self.builder.intern(path.arg()),
            expr,
            default_module: self.module_of(stmt),
            reads: Vec::new(),
            span: path.argument_span(),
        };
        Some(TypeDetail::Leafref {
            path: self.builder.add_xpath(xpath),
            require_instance: true,
            target: None,
            real: None,
        })
    }
}
