//! The table of a type: a record of what its attributes say, and the types and constants that it names.

use crate::node::Member;
use proc_macro2::TokenStream;
use quote::quote;
use yang_schema::record::{Kind, Word};

/// A table, as far as it is told.
pub(crate) struct Described {
    text: String,
    children: Vec<TokenStream>,
    modules: Vec<(String, TokenStream)>,
}

impl Described {
    pub(crate) fn new(kind: Kind, name: &str) -> Self {
        let mut this = Self { text: String::new(), children: Vec::new(), modules: Vec::new() };
        this.word(&Word::Node(kind, name));
        this
    }

    pub(crate) fn word(&mut self, word: &Word<'_>) {
        word.write(&mut self.text);
    }

    /// Words that are written already.
    pub(crate) fn words(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The module of the type, or of the field that was told last.
    pub(crate) fn module(&mut self, module: Option<&TokenStream>) {
        let Some(module) = module else { return };
        let key = module.to_string();
        let number = self.modules.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.modules.push((key, module.clone()));
            self.modules.len() - 1
        });
        self.word(&Word::Module(number));
    }

    /// A field or variant.
    pub(crate) fn member(&mut self, member: &Member) {
        let rust = if member.rust == member.name.replace('-', "_") { "" } else { &member.rust };
        self.word(&Word::Field(member.kind, &member.name, rust));
        self.module(member.module.as_ref());
        if let Some(child) = &member.child {
            self.word(&Word::Child(self.children.len()));
            self.children.push(child.clone());
        }
        self.words(&member.detail.text);
    }

    /// The expression that makes it; `set` is the modules of the set.
    pub(crate) fn expression(&self, set: Option<TokenStream>) -> TokenStream {
        let Self { text, modules, .. } = self;
        let modules = modules.iter().map(|(_, module)| module);
        let set = set.unwrap_or_else(|| quote!(&[]));
        quote!(__y::Described::new(#text, &[#(#modules),*], #set))
    }

    /// What gives the table of `ident`.
    pub(crate) fn has_table(&self, ident: &syn::Ident, set: Option<TokenStream>) -> TokenStream {
        let expression = self.expression(set);
        let children = &self.children;
        quote! {
            impl __y::HasTable for #ident {
                #[inline]
                fn table() -> &'static __y::Table {
                    static TABLE: __y::Described = #expression;
                    TABLE.table(&[#(#children),*])
                }
            }
        }
    }
}
