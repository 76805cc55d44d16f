//! What makes a record or an enum flat on the host: the runtime then moves lists of it in one pass.

use crate::emit::rust_type::Types;
use crate::emit::tokens::ident;
use crate::model::{Kind, TypeDef};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// Whether the runtime's macro implements the engine's traits for a type, in place of the engine's
/// derives.
pub(super) fn replaces_derives(def: &TypeDef) -> bool {
    def.facts.flat && matches!(def.kind, Kind::Record(_))
}

/// What a flat type has beside its definition.
pub(super) fn implementation(types: Types<'_>, def: &TypeDef) -> Option<TokenStream> {
    if !def.facts.flat {
        return None;
    }
    let name = ident(&def.rust());
    let call = match &def.kind {
        Kind::Record(fields) => {
            let fields = fields.iter().map(|field| {
                let (name, ty, wit) = (ident(&field.rust()), types.owned(&field.ty), &field.wit);
                quote!(#name: #ty = #wit)
            });
            quote!(flat_record!(pub #name { #(#fields),* }))
        }
        Kind::Enum(cases) => {
            let bits = enum_bits(cases.len());
            let cases = cases.iter().map(|case| ident(&case.rust()));
            quote!(flat_enum!(#name: #bits { #(#cases),* }))
        }
        // Flags come with it, and an alias is what it stands for.
        Kind::Flags(_) | Kind::Alias(_) | Kind::Variant(_) => return None,
    };
    Some(quote! {
        #[cfg(not(target_family = "wasm"))]
        __abide::#call;
    })
}

/// The integer that represents an enum of so many cases.
pub(super) fn enum_bits(cases: usize) -> Ident {
    match cases {
        0..=0x100 => ident("u8"),
        0x101..=0x1_0000 => ident("u16"),
        _ => ident("u32"),
    }
}
