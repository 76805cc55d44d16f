//! What stands in the parentheses of the attributes.

use crate::error::{Errors, ModuleMessage};
use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::{Parse, ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Ident, LitStr, Path, Token, Type, bracketed};

/// What `#[abide::module(…)]` was given.
pub(super) struct ImportOptions {
    pub(super) abide: TokenStream,
    /// The module that guests import from.
    pub(super) module: LitStr,
    /// What refuses where a method has no way to say so itself.
    pub(super) refusal: TokenStream,
}

/// What `#[abide::module_exports(…)]` was given.
pub(super) struct ExportOptions {
    pub(super) abide: TokenStream,
    pub(super) memory: String,
    pub(super) allocators: Vec<LitStr>,
    pub(super) starts: Vec<LitStr>,
    pub(super) inits: Vec<LitStr>,
}

impl ImportOptions {
    pub(super) fn parse(input: TokenStream) -> Result<Self, Errors> {
        let span = input.span();
        let parsed = (|input: ParseStream<'_>| {
            let module: LitStr = input.parse()?;
            if !input.is_empty() {
                input.parse::<Token![,]>()?;
            }
            let all = Punctuated::<_, Token![,]>::parse_terminated_with(input, Entry::parse)?;
            Ok((module, all))
        })
        .parse2(input);
        let Ok((module, entries)) = parsed else {
            return Err(Errors::from((span, ModuleMessage::Imports.into())));
        };
        let (mut abide, mut refusal, mut errors) = (None, None, Errors::default());
        for Entry { name, value } in entries {
            match (name.to_string().as_str(), value) {
                ("crate", Value::Path(path)) => abide = Some(quote!(#path)),
                ("refusal", Value::Path(path)) => refusal = Some(quote!(#path)),
                (found, _) => {
                    let found = found.to_owned();
                    errors.push(name.span(), ModuleMessage::ImportOption { found });
                }
            }
        }
        errors.finish()?;
        let abide = abide.unwrap_or_else(|| quote!(::abide));
        let trap = quote!(#abide::module::Trap);
        Ok(Self {
            abide,
            module,
            refusal: refusal.unwrap_or(trap),
        })
    }
}

impl ExportOptions {
    pub(super) fn parse(input: TokenStream) -> Result<Self, Errors> {
        let span = input.span();
        let all = |input: ParseStream<'_>| {
            Punctuated::<_, Token![,]>::parse_terminated_with(input, Entry::parse)
        };
        let Ok(entries) = all.parse2(input) else {
            return Err(Errors::from((span, ModuleMessage::Exports.into())));
        };
        let literal = |text: &str| LitStr::new(text, proc_macro2::Span::call_site());
        let mut options = Self {
            abide: quote!(::abide),
            memory: "memory".to_owned(),
            allocators: vec![literal("malloc")],
            starts: vec![literal("_initialize"), literal("_start")],
            inits: Vec::new(),
        };
        let mut errors = Errors::default();
        for Entry { name, value } in entries {
            match (name.to_string().as_str(), value) {
                ("crate", Value::Path(path)) => options.abide = quote!(#path),
                ("memory", Value::Text(text)) => options.memory = text.value(),
                ("allocate", Value::List(list)) => options.allocators = list,
                ("start", Value::List(list)) => options.starts = list,
                ("init", Value::List(list)) => options.inits = list,
                (found, _) => {
                    let found = found.to_owned();
                    errors.push(name.span(), ModuleMessage::ExportOption { found });
                }
            }
        }
        errors.finish()?;
        Ok(options)
    }
}

/// `name = value`.
struct Entry {
    name: Ident,
    value: Value,
}

enum Value {
    Text(LitStr),
    List(Vec<LitStr>),
    Path(Type),
}

impl Parse for Entry {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        // `crate` is a keyword.
        let name = input.call(syn::ext::IdentExt::parse_any)?;
        input.parse::<Token![=]>()?;
        let value = if input.peek(LitStr) {
            Value::Text(input.parse()?)
        } else if input.peek(syn::token::Bracket) {
            let list;
            bracketed!(list in input);
            let all = Punctuated::<LitStr, Token![,]>::parse_terminated(&list)?;
            Value::List(all.into_iter().collect())
        } else if name == "crate" {
            let path = Path::parse_mod_style(input)?;
            Value::Path(Type::Path(syn::TypePath { qself: None, path }))
        } else {
            Value::Path(input.parse()?)
        };
        Ok(Self { name, value })
    }
}
