//! Random values of a world's own types: an `impl` for each.

use proc_macro2::TokenStream;
use quote::quote;

use super::types::ident;
use super::{Context, resources};
use crate::model::{Kind, Owner, Part, Type, TypeDef, TypeId};
use crate::names;

/// The `impl`s for all types that the world has.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let world = context.world;
    let types = world.types.iter().enumerate();
    let there = types.filter(|(_, def)| match def.owner {
        Owner::Interface(index) => world.interfaces[index].sides.any(),
        Owner::World => true,
    });
    let impls = there.filter_map(|(index, def)| item(context, TypeId(index), def));
    let resources = resources::items(context);
    quote! {
        //! Random values of the world's types.

        use abide_fuzz_values::{Any, Rng};

        #(#impls)*
        #resources
    }
}

fn item(context: Context<'_>, id: TypeId, def: &TypeDef) -> Option<TokenStream> {
    let has_handles = !context.world.handles(&Type::Named(id)).is_empty();
    // Aliases have no Rust type of their own.
    if has_handles || matches!(def.kind, Kind::Alias(_) | Kind::Use(_) | Kind::Resource) {
        return None;
    }
    let (path, body) = (context.path(id), body(&def.kind));
    Some(quote! {
        impl Any for #path {
            fn any(rng: &mut Rng) -> Self {
                #body
            }
        }
    })
}

/// An expression that makes a value of a type that is defined like this.
pub(super) fn body(kind: &Kind) -> TokenStream {
    match kind {
        Kind::Record(fields) => {
            let fields = fields.iter().map(|field| ident(&names::value(&field.name)));
            quote!(Self { #(#fields: Any::any(rng),)* })
        }
        Kind::Variant(cases) | Kind::Enum(cases) => choice(cases),
        Kind::Flags(flags) => {
            let flags = flags.iter().map(|flag| ident(&names::flag(&flag.name)));
            quote! {
                let mut value = Self::empty();
                #(if bool::any(rng) {
                    value |= Self::#flags;
                })*
                value
            }
        }
        Kind::Alias(_) | Kind::Use(_) | Kind::Resource => TokenStream::new(),
    }
}

fn choice(cases: &[Part]) -> TokenStream {
    let count = cases.len();
    let arms = cases.iter().enumerate().map(|(index, case)| {
        let name = ident(&names::case(&case.name));
        let payload = case.ty.as_ref().map(|_| quote!((Any::any(rng))));
        let value = quote!(Self::#name #payload);
        if index + 1 == count {
            quote!(_ => #value)
        } else {
            quote!(#index => #value)
        }
    });
    quote!(match rng.below(#count) { #(#arms,)* })
}
