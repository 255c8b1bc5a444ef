//! What a field says of its node: the words that become a `Detail`.

use crate::attribute::{Words, code};
use crate::restriction::{Constraint, Info, condition, leafref, length, option, pattern, range};
use crate::rust_type::{Restricts, restricts};
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Error, LitStr, Result, Type};
use yang_schema::Interval;
use yang_schema::pattern::CompiledPattern;
use yang_schema::value::seen;

/// A `Detail`, and checks that rustc must make.
pub(crate) struct Detail {
    /// `None`: it says nothing.
    pub(crate) tokens: Option<TokenStream>,
    pub(crate) checks: TokenStream,
}

impl Detail {
    /// The expression for a reference to it.
    pub(crate) fn reference(&self) -> TokenStream {
        match &self.tokens {
            Some(tokens) => quote!(&#tokens),
            None => quote!(&y::Detail::NONE),
        }
    }
}

/// Words that only some kinds of nodes take, and these. Of the others the types tell.
const ONLY: [(&str, &[&str], &str); 6] = [
    ("mandatory", &["Leaf", "Choice", "AnyData", "AnyXml"], "a leaf, choice, anydata or anyxml"),
    ("nonzero", &["Leaf", "LeafList"], "a leaf or leaf-list"),
    ("min_elements", &["List", "LeafList"], "a list or leaf-list"),
    ("max_elements", &["List", "LeafList"], "a list or leaf-list"),
    ("presence", &["Container"], "a container"),
    ("default", &["Leaf", "LeafList", "Choice"], "a leaf, leaf-list or choice"),
];

/// Takes the words of a field; `ty` is its type, `kind` the kind of its node, empty for a union's member.
pub(crate) fn detail(words: &mut Words, ty: &Type, kind: &str) -> Result<Detail> {
    for (name, kinds, text) in ONLY {
        if let Some(span) = words.span_of(name)
            && !kinds.contains(&kind)
        {
            return Err(Error::new(span, format!("`{name}` is for {text}")));
        }
    }
    let (mut least, mut most) = (None, None);
    let mut set: Vec<TokenStream> = Vec::new();
    let mut checks = TokenStream::new();
    let mut parts: Option<Vec<Interval>> = None;
    let mut lengths: Option<Vec<Interval>> = None;
    for (name, field) in [("mandatory", quote!(mandatory)), ("nonzero", quote!(nonzero))] {
        if let Some(word) = words.take(name)? {
            let constraint = Constraint::new(&word)?;
            constraint.bare()?;
            let info = constraint.info.tokens();
            set.push(quote!(#field: ::core::option::Option::Some(#info)));
        }
    }
    let mandatory = set.iter().any(|s| s.to_string().starts_with("mandatory"));
    for (name, field) in [("min_elements", quote!(min_elements)), ("max_elements", quote!(max_elements))] {
        if let Some(word) = words.take(name)? {
            let constraint = Constraint::new(&word)?;
            let count = constraint.count(&word)?;
            let place = if name == "min_elements" { &mut least } else { &mut most };
            *place = Some((count, word.name.span()));
            let info = constraint.info.tokens();
            set.push(quote!(#field: ::core::option::Option::Some((#count, #info))));
        }
    }
    if let (Some((least, _)), Some((most, span))) = (least, most)
        && least > most
    {
        return Err(Error::new(span, format!("no count is at least {least} and at most {most}")));
    }
    if let Some(word) = words.take("range")? {
        let (bounds, check, intervals) = range(&word, ty)?;
        set.push(quote!(range: ::core::option::Option::Some(#bounds)));
        checks.extend(check);
        parts = Some(intervals);
    }
    if let Some(word) = words.take("length")? {
        let (bounds, check, intervals) = length(&word, ty)?;
        lengths = Some(intervals);
        set.push(quote!(length: ::core::option::Option::Some(#bounds)));
        checks.extend(check);
    }
    let mut patterns = Vec::new();
    let mut compiled = Vec::new();
    for word in words.take_all("pattern") {
        let (tokens, check, matcher, inverted) = pattern(&word, ty)?;
        compiled.push((matcher, inverted));
        patterns.push(tokens);
        checks.extend(check);
    }
    list(&mut set, quote!(patterns), &patterns);
    for (name, field) in [("must", quote!(musts)), ("when", quote!(whens))] {
        let conditions = words.take_all(name).iter().map(condition).collect::<Result<Vec<_>>>()?;
        list(&mut set, field, &conditions);
    }
    let defaults = words.take_strings("default")?;
    if let (true, Some(default)) = (mandatory, defaults.first()) {
        let message = "a node is mandatory or has a default, not both (RFC 7950 section 7.6.4)";
        return Err(Error::new(default.span(), message));
    }
    if let (true, Some(second)) = (kind != "LeafList", defaults.get(1)) {
        return Err(Error::new(second.span(), "only a leaf-list has several defaults"));
    }
    for default in defaults.iter().filter(|_| kind != "Choice") {
        check_default(default, ty, parts.as_deref())?;
        check_default_text(default, ty, lengths.as_deref(), &compiled)?;
    }
    list(&mut set, quote!(defaults), &defaults);
    let features = words.take_strings("if_feature")?;
    list(&mut set, quote!(if_features), &features);
    let bases = words.take_strings("base")?;
    list(&mut set, quote!(bases), &bases);
    for (name, field) in [
        ("units", quote!(units)),
        ("presence", quote!(presence)),
        ("typedef", quote!(typedef)),
        ("description", quote!(description)),
    ] {
        if let Some(text) = words.take_string(name)? {
            set.push(quote!(#field: ::core::option::Option::Some(#text)));
        }
    }
    if let Some(status) = words.take_string("status")? {
        match status.value().as_str() {
            "current" => {}
            "deprecated" | "obsolete" => set.push(quote!(status: ::core::option::Option::Some(#status))),
            _ => return Err(Error::new(status.span(), "a status is current, deprecated or obsolete")),
        }
    }
    if words.take_bool("config")? == Some(false) {
        set.push(quote!(config: false));
    }
    if words.take_bool("require_instance")? == Some(false) {
        set.push(quote!(require_instance: false));
    }
    if user_ordered(words)? {
        set.push(quote!(user_ordered: true));
    }
    if let Some(path) = words.take_string("leafref")? {
        leafref(&path)?;
        set.push(quote!(leafref: ::core::option::Option::Some(#path)));
    }
    let info = own_info(words)?;
    if !info.is_none() {
        let info = info.tokens();
        set.push(quote!(info: #info));
    }
    let tokens = (!set.is_empty()).then(|| quote!(y::Detail { #(#set,)* ..y::Detail::NONE }));
    Ok(Detail { tokens, checks })
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
    let mut info = Info { app_tag: words.take_string("error_app_tag")?, ..Info::default() };
    info.message = words.take_string("error_message")?;
    if let Some(word) = words.take("code")? {
        info.code = Some(code(word.value()?)?);
    }
    Ok(info)
}

fn list<T: quote::ToTokens>(set: &mut Vec<TokenStream>, field: TokenStream, items: &[T]) {
    if !items.is_empty() {
        set.push(quote!(#field: &[#(#items),*]));
    }
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

/// `module = PATH`, or `module = "name", namespace = "uri"`: an expression for `Option<Module>`.
pub(crate) fn module(words: &mut Words) -> Result<TokenStream> {
    let namespace = words.take_string("namespace")?;
    let Some(word) = words.take("module")? else {
        return match namespace {
            Some(namespace) => Err(Error::new(namespace.span(), "`namespace` goes with `module`")),
            None => Ok(option::<LitStr>(&None)),
        };
    };
    match (word.string(), namespace) {
        (Ok(name), Some(namespace)) => {
            Ok(quote!(::core::option::Option::Some(y::Module::new(#name, #namespace))))
        }
        (Ok(name), None) => Err(Error::new(name.span(), "a module's name goes with `namespace = \"...\"`")),
        (Err(_), None) => {
            let path = word.value()?;
            Ok(quote!(::core::option::Option::Some(#path)))
        }
        (Err(_), Some(namespace)) => {
            Err(Error::new(namespace.span(), "the constant tells the namespace already"))
        }
    }
}
