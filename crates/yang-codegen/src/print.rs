//! Tokens as text, laid out as people would.

use crate::error::MapError;
use proc_macro2::TokenStream;
use quote::ToTokens;

/// Items, with attributes in front of each.
///
/// # Errors
/// The tokens are no items of Rust.
pub(crate) fn items(tokens: &TokenStream, attributes: Option<&TokenStream>) -> Result<String, MapError> {
    let parse = |tokens: TokenStream| {
        syn::parse2::<syn::File>(tokens).map_err(|e| {
            MapError::new(format!(
                "the generator made Rust that does not parse ({e}): please report this model"
            ))
        })
    };
    let mut file = parse(tokens.clone())?;
    if let Some(attributes) = attributes {
        let gated = file.items.iter().flat_map(|item| [attributes.clone(), item.to_token_stream()]);
        file = parse(gated.collect())?;
    }
    Ok(spaced(&prettyplease::unparse(&file)))
}

/// An empty line in front of each item and method that follows another, as people write it.
fn spaced(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 16);
    let mut before = "";
    for line in text.lines() {
        let starts = line.trim_start();
        let ended =
            matches!(before.trim_start(), "}" | "};") || before.ends_with(';') && !before.contains("let ");
        let begins = ["///", "#[", "pub ", "impl", "fn ", "struct "].iter().any(|s| starts.starts_with(s));
        if ended && begins {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
        before = line;
    }
    out
}
