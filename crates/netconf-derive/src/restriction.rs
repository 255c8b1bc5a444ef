//! Ranges, lengths, patterns and XPath: checked here, at the user's span.

use crate::attribute::{Argument, Form, Word, code, integer, string};
use crate::rust_type::{Restricts, restricts};
use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::{Error, Expr, LitStr, Result, Type};
use yang_schema::pattern::CompiledPattern;
use yang_schema::value::range::{self, Numbers};
use yang_schema::{Interval, ModuleId, record, xpath};

/// What a constraint says of its violation.
#[derive(Default)]
pub(crate) struct Info {
    pub(crate) app_tag: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) code: Option<u64>,
}

impl Info {
    pub(crate) fn set(&mut self, name: &syn::Ident, value: &Expr) -> Result<()> {
        match name.to_string().as_str() {
            "error_app_tag" => self.app_tag = Some(string(value)?.value()),
            "error_message" => self.message = Some(string(value)?.value()),
            "code" => {
                self.code = Some(code(value)?);
            }
            _ => {
                return Err(Error::new(
                    name.span(),
                    format!("`{name}` has no meaning here: error_app_tag, error_message or code is expected"),
                ));
            }
        }
        Ok(())
    }

    pub(crate) fn is_none(&self) -> bool {
        self.app_tag.is_none() && self.message.is_none() && self.code.is_none()
    }

    pub(crate) fn record(&self) -> record::Info<'_> {
        record::Info { app_tag: self.app_tag.as_deref(), message: self.message.as_deref(), code: self.code }
    }
}

/// A constraint's word, in either form: its argument, flags, and what it says of its violation.
pub(crate) struct Constraint {
    pub(crate) argument: Option<Expr>,
    pub(crate) inverted: bool,
    pub(crate) info: Info,
}

impl Constraint {
    pub(crate) fn new(word: &Word) -> Result<Self> {
        let mut out = Self { argument: None, inverted: false, info: Info::default() };
        match &word.form {
            Form::Flag => {}
            Form::Value(value) => out.argument = Some(value.clone()),
            Form::Call(arguments) => {
                for argument in arguments {
                    match argument {
                        Argument::Positional(Expr::Path(path)) if path.path.is_ident("inverted") => {
                            out.inverted = true;
                        }
                        Argument::Positional(value) if out.argument.is_none() => {
                            out.argument = Some(value.clone());
                        }
                        Argument::Positional(value) => {
                            return Err(Error::new_spanned(value, "one argument is enough"));
                        }
                        Argument::Named(name, value) => out.info.set(name, value)?,
                    }
                }
            }
        }
        if out.inverted && word.name != "pattern" {
            return Err(Error::new(word.name.span(), "`inverted` is for patterns"));
        }
        Ok(out)
    }

    pub(crate) fn text(&self, word: &Word) -> Result<LitStr> {
        match &self.argument {
            Some(value) => string(value),
            None => Err(Error::new(word.name.span(), format!("`{}` needs an argument", word.name))),
        }
    }

    pub(crate) fn count(&self, word: &Word) -> Result<u32> {
        match &self.argument {
            Some(value) => u32::try_from(integer(value)?)
                .map_err(|_| Error::new_spanned(value, "a number from 0 to 4294967295 is expected")),
            None => Err(Error::new(word.name.span(), format!("`{}` needs a number", word.name))),
        }
    }

    /// For words that take no argument of their own: `mandatory`.
    pub(crate) fn bare(&self) -> Result<()> {
        match &self.argument {
            Some(value) => Err(Error::new_spanned(value, "no argument is expected")),
            None => Ok(()),
        }
    }
}

/// `range`: written down, with a check that rustc must make where the type is behind an alias.
pub(crate) fn range(word: &Word, ty: &Type, out: &mut String) -> Result<(TokenStream, Vec<Interval>)> {
    let constraint = Constraint::new(word)?;
    let text = constraint.text(word)?;
    let (numbers, parent) = match restricts(ty) {
        Restricts::Integer(min, max) => (Numbers::Integer, Interval { min, max }),
        Restricts::Decimal(digits) => {
            (Numbers::Decimal64(digits), Interval { min: i64::MIN.into(), max: i64::MAX.into() })
        }
        Restricts::String | Restricts::Octets | Restricts::Nothing => {
            let message = "this type takes no `range`: only integers and decimal64 do";
            return Err(Error::new(text.span(), message));
        }
        Restricts::Unknown => {
            if text.value().split(['|', '.']).any(|w| matches!(w.trim(), "min" | "max")) {
                let message = "`min` and `max` need a type that the macro knows: write the numbers";
                return Err(Error::new(text.span(), message));
            }
            (Numbers::Integer, Interval { min: i64::MIN.into(), max: u64::MAX.into() })
        }
    };
    let parts =
        range::parse(&text.value(), numbers, &[parent]).map_err(|e| Error::new(text.span(), e.message))?;
    let check = match restricts(ty) {
        Restricts::Unknown => {
            let pairs = parts.iter().map(|p| pair(*p));
            quote_spanned!(text.span()=> const _: () = __y::derived::check_range::<#ty>(&[#(#pairs),*]);)
        }
        _ => TokenStream::new(),
    };
    record::Word::Range(&text.value(), bounds(&parts), constraint.info.record()).write(out);
    Ok((check, parts))
}

/// `length`.
pub(crate) fn length(word: &Word, ty: &Type, out: &mut String) -> Result<(TokenStream, Vec<Interval>)> {
    let constraint = Constraint::new(word)?;
    let text = constraint.text(word)?;
    let check = match restricts(ty) {
        Restricts::String | Restricts::Octets => TokenStream::new(),
        Restricts::Unknown => {
            quote_spanned!(text.span()=> const _: () = __y::derived::check_length::<#ty>();)
        }
        _ => {
            let message = "this type takes no `length`: only strings and binary do";
            return Err(Error::new(text.span(), message));
        }
    };
    let all = Interval { min: 0, max: u64::MAX.into() };
    let parts = range::parse(&text.value(), Numbers::Length, &[all])
        .map_err(|e| Error::new(text.span(), e.message))?;
    record::Word::Length(&text.value(), bounds(&parts), constraint.info.record()).write(out);
    Ok((check, parts))
}

/// `pattern`: written down, with a check for rustc, the pattern, and whether it is inverted.
pub(crate) fn pattern(
    word: &Word,
    ty: &Type,
    out: &mut String,
) -> Result<(TokenStream, CompiledPattern, bool)> {
    let constraint = Constraint::new(word)?;
    let text = constraint.text(word)?;
    let check = match restricts(ty) {
        Restricts::String => TokenStream::new(),
        Restricts::Unknown => {
            quote_spanned!(text.span()=> const _: () = __y::derived::check_pattern::<#ty>();)
        }
        _ => {
            return Err(Error::new(text.span(), "this type takes no `pattern`: only strings do"));
        }
    };
    let compiled = CompiledPattern::new(&text.value()).map_err(|e| {
        Error::new(text.span(), format!("{} (at character {} of the pattern)", e.message, e.offset + 1))
    })?;
    let inverted = constraint.inverted;
    record::Word::Pattern(&text.value(), inverted, constraint.info.record()).write(out);
    Ok((check, compiled, inverted))
}

/// `must` and `when`, written down.
pub(crate) fn condition(word: &Word, out: &mut String) -> Result<()> {
    let constraint = Constraint::new(word)?;
    let text = constraint.text(word)?;
    xpath::parse(&text.value(), &mut |_| Some(ModuleId::from_index(0))).map_err(|e| {
        Error::new(text.span(), format!("{} (at character {} of the expression)", e.message, e.offset + 1))
    })?;
    let (text, info) = (text.value(), constraint.info.record());
    let word =
        if word.name == "when" { record::Word::When(&text, info) } else { record::Word::Must(&text, info) };
    word.write(out);
    Ok(())
}

/// `leafref`.
pub(crate) fn leafref(text: &LitStr) -> Result<()> {
    xpath::parse_leafref_path(&text.value(), &mut |_| Some(ModuleId::from_index(0))).map(|_| ()).map_err(
        |e| Error::new(text.span(), format!("{} (at character {} of the path)", e.message, e.offset + 1)),
    )
}

fn bounds(parts: &[Interval]) -> Vec<(i128, i128)> {
    parts.iter().map(|part| (part.min, part.max)).collect()
}

fn pair(part: Interval) -> TokenStream {
    let (min, max) =
        (proc_macro2::Literal::i128_unsuffixed(part.min), proc_macro2::Literal::i128_unsuffixed(part.max));
    quote!((#min, #max))
}
