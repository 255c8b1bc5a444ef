//! What a field says of its node, as words of a record.

use crate::attribute::{Words, code};
use crate::restriction::{Constraint, Info, condition, leafref, length, pattern, range};
use crate::rust_type::{Restricts, restricts};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result, Type};
use yang_schema::Interval;
use yang_schema::pattern::CompiledPattern;
use yang_schema::record::{self, Kind, Text};
use yang_schema::value::seen;

/// What a field says, written down, and checks that rustc must make.
pub(crate) struct Detail {
    pub(crate) text: String,
    pub(crate) checks: TokenStream,
}

/// Words that only some kinds of nodes take, and these. Of the others the types tell.
const ONLY: [(&str, &[Kind], &str); 6] = [
    (
        "mandatory",
        &[Kind::Leaf, Kind::Choice, Kind::AnyData, Kind::AnyXml],
        "a leaf, choice, anydata or anyxml",
    ),
    ("nonzero", &[Kind::Leaf, Kind::LeafList], "a leaf or leaf-list"),
    ("min_elements", &[Kind::List, Kind::LeafList], "a list or leaf-list"),
    ("max_elements", &[Kind::List, Kind::LeafList], "a list or leaf-list"),
    ("presence", &[Kind::Container], "a container"),
    ("default", &[Kind::Leaf, Kind::LeafList, Kind::Choice], "a leaf, leaf-list or choice"),
];

/// Takes the words of a field; `ty` is its type, `kind` the kind of its node; a union's member has none.
pub(crate) fn detail(words: &mut Words, ty: &Type, kind: Option<Kind>) -> Result<Detail> {
    for (name, kinds, text) in ONLY {
        if let Some(span) = words.span_of(name)
            && !kind.is_some_and(|kind| kinds.contains(&kind))
        {
            return Err(Error::new(span, format!("`{name}` is for {text}")));
        }
    }
    let (mut least, mut most) = (None, None);
    let mut text = String::new();
    let mut checks = TokenStream::new();
    let mut parts: Option<Vec<Interval>> = None;
    let mut lengths: Option<Vec<Interval>> = None;
    let mut mandatory = false;
    for name in ["mandatory", "nonzero"] {
        if let Some(word) = words.take(name)? {
            let constraint = Constraint::new(&word)?;
            constraint.bare()?;
            let info = constraint.info.record();
            if name == "mandatory" {
                mandatory = true;
                record::Word::Mandatory(info).write(&mut text);
            } else {
                record::Word::NonZero(info).write(&mut text);
            }
        }
    }
    for name in ["min_elements", "max_elements"] {
        if let Some(word) = words.take(name)? {
            let constraint = Constraint::new(&word)?;
            let (count, info) = (constraint.count(&word)?, constraint.info.record());
            if name == "min_elements" {
                least = Some(count);
                record::Word::MinElements(count, info).write(&mut text);
            } else {
                most = Some((count, word.name.span()));
                record::Word::MaxElements(count, info).write(&mut text);
            }
        }
    }
    if let (Some(least), Some((most, span))) = (least, most)
        && least > most
    {
        return Err(Error::new(span, format!("no count is at least {least} and at most {most}")));
    }
    if let Some(word) = words.take("range")? {
        let (check, intervals) = range(&word, ty, &mut text)?;
        checks.extend(check);
        parts = Some(intervals);
    }
    if let Some(word) = words.take("length")? {
        let (check, intervals) = length(&word, ty, &mut text)?;
        lengths = Some(intervals);
        checks.extend(check);
    }
    let mut compiled = Vec::new();
    for word in words.take_all("pattern") {
        let (check, matcher, inverted) = pattern(&word, ty, &mut text)?;
        compiled.push((matcher, inverted));
        checks.extend(check);
    }
    for name in ["must", "when"] {
        for word in words.take_all(name) {
            condition(&word, &mut text)?;
        }
    }
    let defaults = words.take_strings("default")?;
    if let (true, Some(default)) = (mandatory, defaults.first()) {
        let message = "a node is mandatory or has a default, not both (RFC 7950 section 7.6.4)";
        return Err(Error::new(default.span(), message));
    }
    if let (true, Some(second)) = (kind != Some(Kind::LeafList), defaults.get(1)) {
        return Err(Error::new(second.span(), "only a leaf-list has several defaults"));
    }
    for default in defaults.iter().filter(|_| kind != Some(Kind::Choice)) {
        check_default(default, ty, parts.as_deref())?;
        check_default_text(default, ty, lengths.as_deref(), &compiled)?;
    }
    let mut said = |what, literal: &LitStr| record::Word::Text(what, &literal.value()).write(&mut text);
    defaults.iter().for_each(|default| said(Text::Default, default));
    words.take_strings("if_feature")?.iter().for_each(|feature| said(Text::IfFeature, feature));
    words.take_strings("base")?.iter().for_each(|base| said(Text::Base, base));
    for (name, what) in [
        ("units", Text::Units),
        ("presence", Text::Presence),
        ("typedef", Text::Typedef),
        ("description", Text::Description),
    ] {
        if let Some(literal) = words.take_string(name)? {
            said(what, &literal);
        }
    }
    if let Some(status) = words.take_string("status")? {
        match status.value().as_str() {
            "current" => {}
            "deprecated" | "obsolete" => said(Text::Status, &status),
            _ => return Err(Error::new(status.span(), "a status is current, deprecated or obsolete")),
        }
    }
    if let Some(path) = words.take_string("leafref")? {
        leafref(&path)?;
        said(Text::Leafref, &path);
    }
    if words.take_bool("config")? == Some(false) {
        record::Word::State.write(&mut text);
    }
    if words.take_bool("require_instance")? == Some(false) {
        record::Word::NoInstance.write(&mut text);
    }
    if user_ordered(words)? {
        record::Word::UserOrdered.write(&mut text);
    }
    let info = own_info(words)?;
    if !info.is_none() {
        record::Word::Info(info.record()).write(&mut text);
    }
    Ok(Detail { text, checks })
}

pub(crate) fn user_ordered(words: &mut Words) -> Result<bool> {
    match words.take_string("ordered_by")? {
        None => Ok(false),
        Some(text) => match text.value().as_str() {
            "user" => Ok(true),
            "system" => Ok(false),
            _ => Err(Error::new(text.span(), "ordered_by is \"user\" or \"system\"")),
        },
    }
}

/// `error_app_tag`, `error_message` and `code` of the node itself.
fn own_info(words: &mut Words) -> Result<Info> {
    let mut text = |name| Ok::<_, Error>(words.take_string(name)?.map(|text| text.value()));
    let mut info =
        Info { app_tag: text("error_app_tag")?, message: text("error_message")?, ..Info::default() };
    if let Some(word) = words.take("code")? {
        info.code = Some(code(word.value()?)?);
    }
    Ok(info)
}

/// A default is a value of its type, as far as the macro knows it.
fn check_default(default: &LitStr, ty: &Type, range: Option<&[Interval]>) -> Result<()> {
    let text = default.value();
    let wrong = |what: String| Err(Error::new(default.span(), what));
    let (value, type_parts) = match restricts(ty) {
        Restricts::Integer(min, max) => match text.parse::<i128>() {
            Ok(value) => (value, vec![Interval { min, max }]),
            Err(_) => return wrong(format!("{text:?} is no integer")),
        },
        Restricts::Decimal(digits) => match yang_schema::value::Decimal64::parse(&text, digits) {
            Ok(value) => (value.digits.into(), Vec::new()),
            Err(message) => return wrong(message),
        },
        Restricts::Nothing
            if crate::rust_type::is(ty, "bool") && !matches!(text.as_str(), "true" | "false") =>
        {
            return wrong(format!("{text:?} is neither true nor false"));
        }
        _ => return Ok(()),
    };
    for parts in [Some(type_parts.as_slice()).filter(|p| !p.is_empty()), range].into_iter().flatten() {
        if !parts.iter().any(|p| p.contains(value)) {
            return wrong(format!("the default {text} lies outside of the range"));
        }
    }
    Ok(())
}

/// The same of strings.
fn check_default_text(
    default: &LitStr,
    ty: &Type,
    lengths: Option<&[Interval]>,
    patterns: &[(CompiledPattern, bool)],
) -> Result<()> {
    if restricts(ty) != Restricts::String {
        return Ok(());
    }
    let text = default.value();
    let count = text.chars().count();
    if let Some(wrong) = lengths.and_then(|l| seen::wrong_length(l, count, "character", &text)) {
        return Err(Error::new(default.span(), format!("the default is no value of the type: {wrong}")));
    }
    for (pattern, inverted) in patterns {
        if pattern.try_match(&text).is_ok_and(|matches| matches == *inverted) {
            let wrong = seen::mismatch(&text, pattern.source(), *inverted);
            return Err(Error::new(default.span(), format!("the default is no value of the type: {wrong}")));
        }
    }
    Ok(())
}

/// `module = PATH`, or `module = "name", namespace = "uri"`: an expression for a `Module`, if there is one.
pub(crate) fn module(words: &mut Words) -> Result<Option<TokenStream>> {
    let namespace = words.take_string("namespace")?;
    let Some(word) = words.take("module")? else {
        return match namespace {
            Some(namespace) => Err(Error::new(namespace.span(), "`namespace` goes with `module`")),
            None => Ok(None),
        };
    };
    match (word.string(), namespace) {
        (Ok(name), Some(namespace)) => Ok(Some(quote!(__y::Module::new(#name, #namespace)))),
        (Ok(name), None) => Err(Error::new(name.span(), "a module's name goes with `namespace = \"...\"`")),
        (Err(_), None) => {
            let path = word.value()?;
            Ok(Some(quote!(#path)))
        }
        (Err(_), Some(namespace)) => {
            Err(Error::new(namespace.span(), "the constant tells the namespace already"))
        }
    }
}

/// The same as an expression for an `Option<Module>`.
pub(crate) fn optional(module: &Option<TokenStream>) -> TokenStream {
    match module {
        Some(module) => quote!(::core::option::Option::Some(#module)),
        None => quote!(::core::option::Option::None),
    }
}
