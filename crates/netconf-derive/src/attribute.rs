//! `#[yang(...)]` as it stands there: words, words with a value, words with arguments.

use crate::spelling;
use proc_macro2::Span;
use quote::ToTokens;
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::punctuated::Punctuated;
use syn::{Error, Expr, ExprLit, Ident, Lit, LitStr, Path, Result, Token, parenthesized};

/// One word with what belongs to it.
pub(crate) struct Word {
    pub(crate) name: Ident,
    pub(crate) form: Form,
}

pub(crate) enum Form {
    Flag,
    /// `word = value`.
    Value(Expr),
    /// `word(argument, key = value)`.
    Call(Vec<Argument>),
}

pub(crate) enum Argument {
    Positional(Expr),
    Named(Ident, Expr),
}

impl Parse for Word {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        let name = input.call(Ident::parse_any)?;
        let form = if input.peek(Token![=]) {
            input.parse::<Token![=]>()?;
            Form::Value(input.parse()?)
        } else if input.peek(syn::token::Paren) {
            let inside;
            parenthesized!(inside in input);
            let arguments = Punctuated::<Argument, Token![,]>::parse_terminated(&inside)?;
            Form::Call(arguments.into_iter().collect())
        } else {
            Form::Flag
        };
        Ok(Self { name, form })
    }
}

impl Parse for Argument {
    fn parse(input: ParseStream<'_>) -> Result<Self> {
        if input.peek(Ident::peek_any) && input.peek2(Token![=]) && !input.peek2(Token![==]) {
            let name = input.call(Ident::parse_any)?;
            input.parse::<Token![=]>()?;
            return Ok(Self::Named(name, input.parse()?));
        }
        Ok(Self::Positional(input.parse()?))
    }
}

/// All words of an item. Each is taken by whoever knows it; what is left at the end is an error.
pub(crate) struct Words {
    words: Vec<Word>,
    pub(crate) span: Span,
}

impl Words {
    pub(crate) fn new(attributes: &[syn::Attribute], span: Span) -> Result<Self> {
        let mut words = Vec::new();
        for attribute in attributes.iter().filter(|a| a.path().is_ident("yang")) {
            words.extend(attribute.parse_args_with(Punctuated::<Word, Token![,]>::parse_terminated)?);
        }
        Ok(Self { words, span })
    }

    /// Takes the first of some words that is there: what the item is.
    pub(crate) fn take_kind(&mut self, kinds: &[&str]) -> Result<Word> {
        match self.words.iter().position(|w| kinds.iter().any(|k| w.name == k)) {
            Some(at) => Ok(self.words.remove(at)),
            None => {
                let message = format!("#[yang(...)] must tell what this is: one of {}", kinds.join(", "));
                Err(Error::new(self.words.first().map_or(self.span, |w| w.name.span()), message))
            }
        }
    }

    /// Takes all words of a name.
    pub(crate) fn take_all(&mut self, name: &str) -> Vec<Word> {
        let mut taken = Vec::new();
        let mut at = 0;
        while at < self.words.len() {
            if self.words[at].name == name {
                taken.push(self.words.remove(at));
            } else {
                at += 1;
            }
        }
        taken
    }

    /// Where a word stands, if it does.
    pub(crate) fn span_of(&self, name: &str) -> Option<Span> {
        self.words.iter().find(|w| w.name == name).map(|w| w.name.span())
    }

    /// Takes a word that may stand once.
    pub(crate) fn take(&mut self, name: &str) -> Result<Option<Word>> {
        let mut all = self.take_all(name).into_iter();
        let first = all.next();
        match all.next() {
            Some(second) => Err(Error::new(second.name.span(), format!("`{name}` may stand once"))),
            None => Ok(first),
        }
    }

    pub(crate) fn take_flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name)? {
            Some(Word { form: Form::Flag, .. }) => Ok(true),
            Some(word) => Err(Error::new(word.name.span(), format!("`{name}` takes no value"))),
            None => Ok(false),
        }
    }

    pub(crate) fn take_string(&mut self, name: &str) -> Result<Option<LitStr>> {
        self.take(name)?.map(|word| word.string()).transpose()
    }

    pub(crate) fn take_strings(&mut self, name: &str) -> Result<Vec<LitStr>> {
        self.take_all(name).iter().map(Word::string).collect()
    }

    pub(crate) fn take_bool(&mut self, name: &str) -> Result<Option<bool>> {
        let Some(word) = self.take(name)? else { return Ok(None) };
        match word.value()? {
            Expr::Lit(ExprLit { lit: Lit::Bool(b), .. }) => Ok(Some(b.value)),
            other => Err(Error::new_spanned(other, "true or false is expected")),
        }
    }

    pub(crate) fn take_path(&mut self, name: &str) -> Result<Option<Path>> {
        let Some(word) = self.take(name)? else { return Ok(None) };
        match word.value()? {
            Expr::Path(path) => Ok(Some(path.path.clone())),
            other => Err(Error::new_spanned(other, "a path is expected")),
        }
    }

    pub(crate) fn take_type(&mut self, name: &str) -> Result<Option<syn::Type>> {
        let Some(word) = self.take(name)? else { return Ok(None) };
        syn::parse2(word.value()?.to_token_stream()).map(Some)
    }

    pub(crate) fn take_integer(&mut self, name: &str) -> Result<Option<i64>> {
        let Some(word) = self.take(name)? else { return Ok(None) };
        integer(word.value()?).map(Some)
    }

    /// Nothing may be left.
    pub(crate) fn finish(self) -> Result<()> {
        let mut errors = self.words.iter().map(|w| {
            let message = match spelling::near(&w.name.to_string()) {
                Some(near) => format!("`{}` has no meaning here: did you mean `{near}`?", w.name),
                None => format!("`{}` has no meaning here", w.name),
            };
            Error::new(w.name.span(), message)
        });
        let Some(mut error) = errors.next() else { return Ok(()) };
        errors.for_each(|e| error.combine(e));
        Err(error)
    }
}

impl Word {
    pub(crate) fn value(&self) -> Result<&Expr> {
        match &self.form {
            Form::Value(value) => Ok(value),
            _ => Err(Error::new(self.name.span(), format!("a value is expected: `{} = ...`", self.name))),
        }
    }

    pub(crate) fn string(&self) -> Result<LitStr> {
        string(self.value()?)
    }

    /// The YANG name that a kind gives: `leaf = "name"`.
    pub(crate) fn yang_name(&self) -> Result<Option<String>> {
        match &self.form {
            Form::Flag => Ok(None),
            _ => {
                let literal = self.string()?;
                let name = literal.value();
                if is_identifier(&name) {
                    return Ok(Some(name));
                }
                Err(Error::new(
                    literal.span(),
                    format!("{name:?} is no identifier of YANG (RFC 7950 section 6.2)"),
                ))
            }
        }
    }
}

pub(crate) fn string(expr: &Expr) -> Result<LitStr> {
    match expr {
        Expr::Lit(ExprLit { lit: Lit::Str(s), .. }) => Ok(s.clone()),
        other => Err(Error::new_spanned(other, "a string is expected")),
    }
}

pub(crate) fn integer(expr: &Expr) -> Result<i64> {
    let (negative, literal) = match expr {
        Expr::Unary(unary) if matches!(unary.op, syn::UnOp::Neg(_)) => (true, &*unary.expr),
        other => (false, other),
    };
    match literal {
        Expr::Lit(ExprLit { lit: Lit::Int(n), .. }) => {
            let n: i64 = n.base10_parse()?;
            Ok(if negative { -n } else { n })
        }
        other => Err(Error::new_spanned(other, "a number is expected")),
    }
}

/// An error code.
pub(crate) fn code(expr: &Expr) -> Result<u64> {
    let number = match expr {
        Expr::Lit(ExprLit { lit: Lit::Int(n), .. }) => n.base10_parse::<u64>().ok().filter(|n| *n > 0),
        _ => None,
    };
    number.ok_or_else(|| Error::new_spanned(expr, format!("a code is a number from 1 to {}", u64::MAX)))
}

/// RFC 7950 section 6.2.
pub(crate) fn is_identifier(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// `FooBar10G` as `foo-bar10-g`.
pub(crate) fn kebab(name: &str) -> String {
    let name = name.trim_start_matches("r#");
    let mut out = String::new();
    for c in name.chars() {
        if c.is_uppercase() {
            if !out.is_empty() {
                out.push('-');
            }
            out.extend(c.to_lowercase());
        } else {
            out.push(if c == '_' { '-' } else { c });
        }
    }
    out
}

/// `foo_bar` as `foo-bar`.
pub(crate) fn hyphened(name: &str) -> String {
    name.trim_start_matches("r#").replace('_', "-")
}
