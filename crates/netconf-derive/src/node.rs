//! Structs of data: their table, and their fields by number.

use crate::attribute::{self, Argument, Form, Words, hyphened, is_identifier, kebab};
use crate::described::Described;
use crate::detail::{Detail, detail, module, optional, user_ordered};
use crate::restriction::{Constraint, condition};
use crate::rust_type::{entry as entry_type, is_outermost as is};
use crate::{bits, choice, enumeration, identityref, operation, union_type};
use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::BTreeSet;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, LitStr, Result, Type};
use yang_schema::record::{Kind, Word};

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    if let Some(parameter) = input.generics.params.first() {
        return Err(Error::new(parameter.span(), "a type bound to YANG has no parameters"));
    }
    let mut words = Words::new(&input.attrs, input.ident.span())?;
    let runtime = words.take_path("crate")?;
    let runtime = runtime.map_or_else(|| quote!(::netconf_runtime), ToTokens::into_token_stream);
    let body = match &input.data {
        Data::Struct(data) => {
            let kind = words.take_kind(&[
                "root",
                "container",
                "list",
                "case",
                "input",
                "output",
                "notification",
                "bits",
                "identityref",
                "rpc",
                "action",
            ])?;
            match kind.name.to_string().as_str() {
                "bits" => bits::expand(input, &data.fields, &mut words)?,
                "identityref" => identityref::expand(input, &data.fields, &mut words)?,
                "rpc" | "action" => operation::expand(input, &data.fields, &kind, &mut words)?,
                _ => node(input, &data.fields, &kind, &mut words)?,
            }
        }
        Data::Enum(data) => {
            let kind = words.take_kind(&["choice", "enumeration", "union"])?;
            match kind.name.to_string().as_str() {
                "choice" => choice::expand(input, data, &kind, &mut words)?,
                "enumeration" => enumeration::expand(input, data, &mut words)?,
                _ => union_type::expand(input, data, &mut words)?,
            }
        }
        Data::Union(data) => {
            return Err(Error::new(data.union_token.span(), "a Rust union cannot be bound to YANG"));
        }
    };
    words.finish()?;
    Ok(quote! {
        #[automatically_derived]
        #[allow(deprecated, clippy::all)]
        const _: () = {
            use #runtime::binding as __y;
            #body
        };
    })
}

/// A field, or a variant of a choice.
pub(crate) struct Member {
    pub(crate) name: String,
    /// The name of the field or variant.
    pub(crate) rust: String,
    pub(crate) kind: Kind,
    /// The variant of `Slot`.
    pub(crate) slot: &'static str,
    pub(crate) detail: Detail,
    /// The function that gives the table of its type, if that has one.
    pub(crate) child: Option<TokenStream>,
    /// Where it says what it is.
    pub(crate) span: Span,
    /// Its module, if that is told.
    pub(crate) module: Option<TokenStream>,
}

/// RFC 7950 section 6.2.1: nodes below one parent have different names, but for those of different modules.
pub(crate) fn distinct(members: &[Member]) -> Result<()> {
    let module = |member: &Member| member.module.as_ref().map(ToString::to_string);
    let mut seen = BTreeSet::new();
    for member in members.iter().filter(|m| m.kind != Kind::Unknown) {
        if !seen.insert((&member.name, module(member))) {
            return Err(Error::new(member.span, format!("a node {:?} is there already", member.name)));
        }
    }
    Ok(())
}

/// Reads the attribute of a field or variant.
pub(crate) fn member(
    attributes: &[syn::Attribute],
    rust: &str,
    name: String,
    ty: &Type,
    case: bool,
) -> Result<Member> {
    let mut words = Words::new(attributes, ty.span())?;
    let mut kinds = vec!["leaf", "leaf_list", "container", "list", "choice", "anydata", "anyxml"];
    kinds.push(if case { "case" } else { "unknown" });
    let word = words.take_kind(&kinds)?;
    let (kind, slot) = match word.name.to_string().as_str() {
        "leaf" => (Kind::Leaf, "Leaf"),
        "leaf_list" => (Kind::LeafList, "LeafList"),
        "container" => (Kind::Container, "Container"),
        "list" => (Kind::List, "List"),
        "choice" => (Kind::Choice, "Choice"),
        "anydata" => (Kind::AnyData, "Any"),
        "anyxml" => (Kind::AnyXml, "Any"),
        "case" => (Kind::Case, "Container"),
        _ => (Kind::Unknown, "Unknown"),
    };
    let span = word.name.span();
    let name = word.yang_name()?.unwrap_or(name);
    let module = module(&mut words)?;
    let detail = detail(&mut words, ty, Some(kind))?;
    words.finish()?;
    let child = matches!(kind, Kind::Container | Kind::List | Kind::Choice | Kind::Case).then(|| {
        let ty = entry_type(ty);
        quote_spanned!(ty.span()=> <#ty as __y::HasTable>::table)
    });
    Ok(Member { name, rust: rust.to_owned(), kind, slot, detail, child, span, module })
}

/// `#[yang(skip)]`: the field is no node. It is copied with the struct, and neither compared nor shown, written or read.
fn skipped(field: &syn::Field) -> Result<bool> {
    let mut words = Words::new(&field.attrs, field.ty.span())?;
    if !words.take_flag("skip")? {
        return Ok(false);
    }
    words.finish()?;
    Ok(true)
}

fn node(
    input: &DeriveInput,
    fields: &Fields,
    kind: &attribute::Word,
    words: &mut Words,
) -> Result<TokenStream> {
    let ident = &input.ident;
    let name = match kind.name.to_string().as_str() {
        "root" => String::new(),
        _ => kind.yang_name()?.unwrap_or_else(|| kebab(&ident.to_string())),
    };
    let mut members = Vec::new();
    let mut rust_names = Vec::new();
    let mut types = Vec::new();
    let mut skips = Vec::new();
    match fields {
        Fields::Named(named) => {
            for field in &named.named {
                let Some(rust) = &field.ident else { continue };
                if skipped(field)? {
                    skips.push(rust.clone());
                    continue;
                }
                let text = rust.to_string();
                let shown = text.trim_start_matches("r#").to_owned();
                members.push(member(&field.attrs, &shown, hyphened(&text), &field.ty, false)?);
                rust_names.push(rust.clone());
                types.push(field.ty.clone());
            }
        }
        Fields::Unit => {}
        Fields::Unnamed(unnamed) => {
            return Err(Error::new(unnamed.span(), "the fields of a struct bound to YANG have names"));
        }
    }
    distinct(&members)?;
    if let Some(second) = members.iter().enumerate().filter(|(_, m)| m.kind == Kind::Unknown).nth(1) {
        return Err(Error::new(types[second.0].span(), "one field holds all unknown nodes"));
    }

    let node_kind = match kind.name.to_string().as_str() {
        "root" => Kind::Root,
        "list" => Kind::List,
        "case" => Kind::Case,
        "input" => Kind::Input,
        "output" => Kind::Output,
        "notification" => Kind::Notification,
        _ => Kind::Container,
    };
    let mut table = Described::new(node_kind, &name);
    let own_module = module(words)?;
    table.module(own_module.as_ref());
    let set = words.take_path("modules")?.map(ToTokens::into_token_stream);
    let operations = described(words, kind, ident, own_module.is_some())?;
    let keys = keys(words, kind, &members, &types)?;
    keys.iter().for_each(|&key| table.word(&Word::Key(key)));
    for word in words.take_all("unique") {
        if kind.name != "list" {
            return Err(Error::new(kind.name.span(), "`unique` is for lists"));
        }
        unique(&word, &members, &mut table)?;
    }
    if user_ordered(words)? {
        table.word(&Word::UserOrdered);
    }
    let mut musts = String::new();
    for word in words.take_all("must") {
        condition(&word, &mut musts)?;
    }
    table.words(&musts);
    members.iter().for_each(|member| table.member(member));
    let has_table = table.has_table(ident, set);

    let indexes: Vec<usize> = (0..members.len()).collect();
    let slots: Vec<_> = members.iter().map(|m| syn::Ident::new(m.slot, ident.span())).collect();
    let checks = members.iter().map(|m| &m.detail.checks);
    let get = indexes.iter().zip(&slots).zip(&rust_names).zip(&types).map(
        |(((index, slot), rust), ty)| quote_spanned!(ty.span()=> #index => __y::Slot::#slot(&self.#rust),),
    );
    let get_mut = indexes.iter().zip(&slots).zip(&rust_names).zip(&types).map(|(((index, slot), rust), ty)| {
        quote_spanned!(ty.span()=> #index => __y::SlotMut::#slot(&mut self.#rust),)
    });
    let entry = entry(ident, &keys, &rust_names, &types);
    let copy = if skips.is_empty() {
        quote!(__y::derived::clone(self))
    } else {
        quote! {
            let mut copy: Self = __y::derived::clone(self);
            #(copy.#skips = ::core::clone::Clone::clone(&self.#skips);)*
            copy
        }
    };
    let shown = ident.to_string();
    let nested = words.take_flag("nested")?;
    if nested && kind.name != "notification" {
        return Err(Error::new(kind.name.span(), "`nested` is for a notification that is defined on a node"));
    }
    let notification = (kind.name == "notification").then(|| {
        let which = if nested { quote!(NestedNotification) } else { quote!(Notification) };
        let module = optional(&own_module);
        quote! {
            impl __y::#which for #ident {
                const NAME: &'static str = #name;
                const MODULE: ::core::option::Option<__y::Module> = #module;
            }
        }
    });
    Ok(quote! {
        #(#checks)*
        #has_table
        impl __y::Node for #ident {
            #[inline]
            fn slot(&self, index: usize) -> __y::Slot<'_> {
                match index {
                    #(#get)*
                    _ => __y::Slot::Nothing,
                }
            }
            #[inline]
            fn slot_mut(&mut self, index: usize) -> __y::SlotMut<'_> {
                match index {
                    #(#get_mut)*
                    _ => __y::SlotMut::Nothing,
                }
            }
        }
        impl ::core::clone::Clone for #ident {
            #[inline]
            fn clone(&self) -> Self {
                #copy
            }
        }
        impl ::core::cmp::PartialEq for #ident {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                __y::derived::same(self, other)
            }
        }
        impl ::core::fmt::Debug for #ident {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                __y::derived::debug(self, #shown, f)
            }
        }
        __y::derived::impl_serde!(node #ident);
        #entry
        #notification
        #operations
    })
}

/// What a root says of its module for an export: prefix, revision and operations.
fn described(
    words: &mut Words,
    kind: &attribute::Word,
    ident: &syn::Ident,
    has_module: bool,
) -> Result<TokenStream> {
    const OPERATIONS: [(&str, &str); 3] =
        [("rpcs", "rpc"), ("actions", "action"), ("notifications", "notification")];
    let is_root = kind.name == "root";
    let mut items = Vec::new();
    for (name, constant) in [("prefix", "PREFIX"), ("revision", "REVISION")] {
        let Some(span) = words.span_of(name) else { continue };
        let text = words.take_string(name)?;
        let Some(text) = text.filter(|_| is_root) else {
            return Err(Error::new(span, format!("`{name}` is for a root")));
        };
        let value = text.value();
        let good = match name {
            "prefix" => is_identifier(&value),
            _ => {
                value.len() == 10
                    && value.bytes().enumerate().all(|(i, b)| match i {
                        4 | 7 => b == b'-',
                        _ => b.is_ascii_digit(),
                    })
            }
        };
        if !good {
            let what = if name == "prefix" { "an identifier" } else { "a date, YYYY-MM-DD" };
            return Err(Error::new(text.span(), format!("{value:?} is not {what}")));
        }
        let constant = syn::Ident::new(constant, text.span());
        items.push(quote!(const #constant: ::core::option::Option<&'static str> = ::core::option::Option::Some(#text);));
    }
    let mut calls = Vec::new();
    for (name, method) in OPERATIONS {
        let method = syn::Ident::new(method, ident.span());
        for word in words.take_all(name) {
            if !is_root {
                return Err(Error::new(word.name.span(), format!("`{name}` is for a root")));
            }
            let Form::Call(arguments) = &word.form else {
                return Err(Error::new(
                    word.name.span(),
                    format!("types are expected: `{name}(One, Other)`"),
                ));
            };
            for argument in arguments {
                match argument {
                    Argument::Positional(syn::Expr::Path(path)) => {
                        calls.push(quote_spanned!(path.span()=> export.#method::<#path>();));
                    }
                    Argument::Positional(other) => {
                        return Err(Error::new_spanned(other, "a type is expected"));
                    }
                    Argument::Named(name, _) => return Err(Error::new(name.span(), "a type is expected")),
                }
            }
        }
    }
    if !calls.is_empty() {
        items.push(quote!(fn operations(export: &mut __y::Export) { #(#calls)* }));
    }
    if !is_root || !has_module {
        return Ok(TokenStream::new());
    }
    Ok(quote!(impl __y::YangModule for #ident { #(#items)* }))
}

/// The positions of the key leaves.
fn keys(words: &mut Words, kind: &attribute::Word, members: &[Member], types: &[Type]) -> Result<Vec<usize>> {
    let Some(text) = words.take_string("key")? else { return Ok(Vec::new()) };
    if kind.name != "list" {
        return Err(Error::new(text.span(), "`key` is for lists"));
    }
    let mut keys = Vec::new();
    for name in text.value().split_ascii_whitespace() {
        match members.iter().position(|m| m.name == name && m.kind == Kind::Leaf) {
            Some(at) if keys.contains(&at) => {
                return Err(Error::new(text.span(), format!("{name:?} is a key twice")));
            }
            Some(at) if is(&types[at], "Option") => {
                let message = "a key is always there: its type is no `Option`";
                return Err(Error::new(types[at].span(), message));
            }
            Some(at) => keys.push(at),
            None => return Err(Error::new(text.span(), format!("no leaf {name:?} is among the fields"))),
        }
    }
    if keys.is_empty() {
        return Err(Error::new(text.span(), "a key names leaves"));
    }
    Ok(keys)
}

fn entry(ident: &syn::Ident, keys: &[usize], names: &[syn::Ident], types: &[Type]) -> TokenStream {
    let (key, make) = match keys {
        [] => return TokenStream::new(),
        [one] => {
            let (ty, name) = (&types[*one], &names[*one]);
            (quote!(#ty), quote!(__y::derived::Cow::Borrowed(&self.#name)))
        }
        many => {
            let types = many.iter().map(|k| &types[*k]);
            let names = many.iter().map(|k| &names[*k]);
            (
                quote!((#(#types),*)),
                quote!(__y::derived::Cow::Owned((#(::core::clone::Clone::clone(&self.#names)),*))),
            )
        }
    };
    quote! {
        impl __y::Entry for #ident {
            type Key = #key;
            #[inline]
            fn key(&self) -> __y::derived::Cow<'_, Self::Key> {
                #make
            }
        }
    }
}

/// `unique("a b/c")`.
fn unique(word: &attribute::Word, members: &[Member], table: &mut Described) -> Result<()> {
    let constraint = Constraint::new(word)?;
    let text: LitStr = constraint.text(word)?;
    let value = text.value();
    for path in value.split_ascii_whitespace() {
        let mut steps = path.split('/').map(|step| step.rsplit(':').next().unwrap_or(step));
        let (first, more) = (steps.next().unwrap_or_default(), steps.next().is_some());
        let wrong = match members.iter().find(|m| m.name == first) {
            Some(member) if more && member.kind == Kind::Container => continue,
            Some(member) if !more && member.kind == Kind::Leaf => continue,
            // What stands in cases is in types that are not seen here.
            None if members.iter().any(|m| m.kind == Kind::Choice) => continue,
            Some(_) if more => format!("{first:?} is no container"),
            Some(_) => format!("{first:?} is no leaf"),
            None => format!("no node {first:?} is among the fields"),
        };
        return Err(Error::new(text.span(), wrong));
    }
    if value.split_ascii_whitespace().next().is_none() {
        return Err(Error::new(text.span(), "`unique` names leaves"));
    }
    table.word(&Word::Unique(&value, constraint.info.record()));
    Ok(())
}
