//! What `with` replaces: uses of what another ABI's crate generated, and the checks that it was
//! made from the same WIT.

use super::colour::Colour;
use super::handles::Handles;
use super::rust_type::Types;
use super::tokens::ident;
use crate::args::{Args, Place, Replacement};
use crate::model::{Abi, Kind, Scope, Type, TypeDef};
use crate::written::{written, written_short};
use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

/// Where another ABI's crate has an interface, if that is used.
pub(super) fn place(args: &Args, scope: &Scope) -> Option<Place> {
    args.place(scope.replacement?, &scope.plain_module())
}

/// The module of an interface's types, used from another ABI's crate.
pub(super) fn types(place: &Place, module_name: &str) -> TokenStream {
    let (Place { abi, module }, name) = (place, ident(module_name));
    quote!(#[doc(inline)] #[allow(unreachable_pub)] pub use #abi::#module as #name;)
}

/// The user's own type under the name of the WIT type.
pub(super) fn ty(args: &Args, replacement: Replacement, def: &TypeDef) -> TokenStream {
    let (path, name) = (args.path(replacement), ident(&def.rust()));
    quote!(#[doc(inline)] #[allow(unreachable_pub)] pub use #path as #name;)
}

/// The traits of an imported interface, used from another ABI's crate.
pub(super) fn traits(
    colour: Colour,
    place: &Place,
    name: &Ident,
    provides: &Ident,
    resources: Option<Ident>,
) -> TokenStream {
    let (Place { abi, module }, host) = (place, colour.module());
    let resources = resources.map(|name| {
        quote! {
            #[allow(unreachable_pub)]
            pub use #abi::#host::__interfaces::#module::resources as #name;
        }
    });
    quote! {
        // The path is the user's, and lints that are about it would be told to the user.
        #[allow(unreachable_pub)]
        pub use #abi::#host::__interfaces::#module::{Interface as #name, Provides as #provides};
        #resources
    }
}

/// The shapes of all interfaces, for those who use them from here, and the checks of those that are
/// used from elsewhere.
pub(super) fn shapes(abi: &Abi, args: &Args) -> TokenStream {
    let all = abi.interfaces().iter().filter_map(|scope| {
        let name = ident(abi.names.module(scope.id)?);
        let items = abi.items(scope);
        if items.is_empty() {
            return None;
        }
        let items = items.iter().map(|(name, shape)| quote!((#name, #shape)));
        let items = quote!(&[#(#items),*]);
        Some(match place(args, scope) {
            None => quote!(pub const #name: &[(&str, &str)] = #items;),
            Some(Place { abi, module }) => {
                let (wit, path) = (
                    &scope.wit,
                    quote!(#abi::#module).to_string().replace(' ', ""),
                );
                // So that the compiler points at the user's path where the two differ.
                quote_spanned! {module.span()=>
                    #[allow(unreachable_pub)]
                    pub use #abi::__shapes::#module as #name;
                    const _: () = {
                        const REPORT: super::__abide::shape::Report =
                            super::__abide::shape::compare_interfaces(#wit, #path, #name, #items);
                        if let ::core::option::Option::Some(text) = REPORT.text() {
                            ::core::panic!("{}", text);
                        }
                    };
                }
            }
        })
    });
    let types = abi.types.iter().filter_map(|def| check(abi, args, def));
    quote! {
        #[doc(hidden)]
        #[allow(non_upper_case_globals)]
        pub mod __shapes { #(#all)* }
        #(#types)*
    }
}

/// The check of a type of the user's own.
fn check(abi: &Abi, args: &Args, def: &TypeDef) -> Option<TokenStream> {
    let path = args.path(def.replacement?);
    let types = Types::new(abi, 0, Handles::None);
    let member = |name: &str, ty: Option<&Type>| {
        let ty = ty.map(|ty| {
            let (wit, rust) = (abi.shape(ty), types.owned(ty));
            let shown = written_short(rust.clone());
            quote!(: #rust = (#wit, #shown))
        });
        quote!(#name #ty)
    };
    let (kind, members): (_, Vec<_>) = match &def.kind {
        Kind::Record(fields) => {
            let fields = fields
                .iter()
                .map(|field| member(&field.wit, Some(&field.ty)));
            (quote!(Record), fields.collect())
        }
        Kind::Variant(cases) => {
            let cases = cases.iter().map(|case| member(&case.wit, case.ty.as_ref()));
            (quote!(Variant), cases.collect())
        }
        Kind::Enum(cases) => {
            let cases = cases.iter().map(|case| member(&case.wit, None));
            (quote!(Enum), cases.collect())
        }
        Kind::Flags(_) | Kind::Alias(_) => return None,
    };
    let wit = &def.path;
    let as_it_lies = abi.passed_as_it_lies(def).then(|| quote!(as it lies));
    let shown = written(&path);
    // So that the compiler points at the user's path where the two do not fit.
    Some(quote_spanned! {path.span()=>
        __abide::check_type!(#path as #shown, #kind #wit #as_it_lies { #(#members),* });
    })
}
