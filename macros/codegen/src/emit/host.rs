//! The host side: a trait per imported interface, and the function that links them.
//!
//! The handle and its views are in [`super::handle`]. Nothing here names a type of wasmtime.

use super::calls;
use super::docs;
use super::usage::{Lifted, Usage};
use super::view::Views;
use super::{handle, ident, lints};
use crate::model::{Abi, Function, Interface};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The module `host`.
pub(super) fn module(abi: &Abi) -> TokenStream {
    let usage = Usage { abi, depth: 1 };
    let docs = docs::of(
        None,
        &format!(
            "The host side of the world `{}`: the handle to call a guest with, and the traits that \
             a host implements for what guests import.",
            abi.world.id
        ),
    );
    let interfaces = abi
        .imported()
        .map(|interface| interface_trait(usage, interface));
    let world = world_trait(usage);
    let link = link(usage);
    let handle = handle::items(abi);
    let lints = lints();
    quote! {
        #docs
        #lints
        #[cfg(not(target_family = "wasm"))]
        pub mod host {
            use super::__abide;
            #(#interfaces)*
            #world
            #handle
            #link
        }
    }
}

/// The trait of the functions that the world imports at its own level.
pub(super) fn world_imports(abi: &Abi) -> Ident {
    format_ident!("{}Imports", abi.world.rust)
}

/// What a host has to be for this world.
pub(super) fn bounds(abi: &Abi) -> TokenStream {
    let world = (!abi.world.imports.is_empty()).then(|| world_imports(abi));
    let traits = abi
        .imported()
        .map(|interface| ident(&interface.rust))
        .chain(world);
    quote! {
        #(#traits +)* ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
    }
}

fn interface_trait(usage: Usage<'_>, interface: &Interface) -> TokenStream {
    let name = ident(&interface.rust);
    let id = &interface.id;
    let otherwise = format!("The interface `{id}`.");
    let more = format!("Implemented by hosts: guests may import `{id}`.");
    let docs = docs::of_and(interface.docs.as_deref(), &otherwise, &more);
    let offer = format!("the import `{id}`");
    import_trait(usage, &docs, &name, &offer, &interface.functions)
}

fn world_trait(usage: Usage<'_>) -> Option<TokenStream> {
    let world = &usage.abi.world;
    if world.imports.is_empty() {
        return None;
    }
    let name = world_imports(usage.abi);
    let text = format!(
        "The functions that the world `{}` imports at its own level.",
        world.id
    );
    let offer = format!("the functions that `{}` imports at its own level", world.id);
    let docs = docs::of(None, &text);
    Some(import_trait(usage, &docs, &name, &offer, &world.imports))
}

fn import_trait(
    usage: Usage<'_>,
    docs: &TokenStream,
    name: &Ident,
    offer: &str,
    functions: &[Function],
) -> TokenStream {
    let message = format!("`{{Self}}` does not offer guests {offer}");
    let label = format!("needs `impl host::{name} for {{Self}}`");
    let methods = functions.iter().map(|function| {
        let otherwise = format!("The import `{}`.", function.path);
        let docs = docs::of(function.docs.as_deref(), &otherwise);
        let name = ident(&function.rust);
        let params = function.params.iter().map(|param| {
            let (name, ty) = (
                ident(&param.rust),
                usage.received(&param.ty, function.borrowed),
            );
            quote!(#name: #ty)
        });
        let result = import_result(usage, function);
        quote!(#docs fn #name(&mut self, #(#params),*) #result;)
    });
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name { #(#methods)* }
    }
}

fn import_result(usage: Usage<'_>, function: &Function) -> Option<TokenStream> {
    let result = function.result.as_ref().map(|ty| usage.owned(ty));
    match (function.trappable, result) {
        (false, None) => None,
        (false, Some(ty)) => Some(quote!(-> #ty)),
        (true, ty) => {
            let ty = ty.unwrap_or(quote!(()));
            Some(quote!(-> __abide::Result<#ty>))
        }
    }
}

/// The function that gives a linker everything that the world imports.
fn link(usage: Usage<'_>) -> TokenStream {
    let abi = usage.abi;
    let bounds = bounds(abi);
    let world = (!abi.world.imports.is_empty()).then(|| {
        let name = world_imports(abi);
        link_interface(usage, "", &name, &abi.world.imports)
    });
    let interfaces = abi.imported().map(|interface| {
        let name = ident(&interface.rust);
        link_interface(usage, &interface.id, &name, &interface.functions)
    });
    quote! {
        fn __link<H: #bounds>(__linker: &mut __abide::Linker) -> __abide::Result<()> {
            #world
            #(#interfaces)*
            ::core::result::Result::Ok(())
        }
    }
}

fn link_interface(usage: Usage<'_>, id: &str, of: &Ident, functions: &[Function]) -> TokenStream {
    let functions = functions
        .iter()
        .map(|function| link_function(usage, of, function));
    quote! {{
        let mut __interface = __linker.interface(#id)?;
        #(#functions)*
    }}
}

/// One import: lifts the arguments, borrows from guest memory what can be borrowed, calls the
/// host's method.
fn link_function(usage: Usage<'_>, of: &Ident, function: &Function) -> TokenStream {
    let wit = &function.wit;
    let path = &function.path;
    let method = ident(&function.rust);
    let names: Vec<Ident> = function
        .params
        .iter()
        .map(|param| ident(&param.rust))
        .collect();
    let types: Vec<_> = function
        .params
        .iter()
        .map(|param| usage.lift_type(&param.ty, function.borrowed))
        .collect();
    let (pattern, ty) = (calls::values(&names), calls::types(&types));
    let borrowed = function
        .params
        .iter()
        .zip(&names)
        .filter_map(
            |(param, name)| match usage.lifted(&param.ty, function.borrowed) {
                Lifted::String => Some(quote!(let #name = __guest.string(&#name)?;)),
                Lifted::Integers(_) => Some(quote!(let #name = __guest.list(&#name);)),
                Lifted::Floats(_) => Some(quote!(let #name = __guest.floats(&#name);)),
                Lifted::View => {
                    let view = Views { usage }.to_view(&param.ty, quote!(#name));
                    Some(quote!(let #name = #view;))
                }
                Lifted::Owned => None,
            },
        );
    let args = function.params.iter().zip(&names).map(|(param, name)| {
        match usage.lifted(&param.ty, function.borrowed) {
            Lifted::String => quote!(&#name),
            _ => quote!(#name),
        }
    });
    let trap = function.trappable.then(|| quote!(?));
    let call = quote!(<H as #of>::#method(__host, #(#args),*) #trap);
    let result = match function.result {
        Some(_) => quote!((#call,)),
        None => call,
    };
    quote! {
        __interface.func(#wit, |__cx: __abide::Cx<'_>, #pattern: #ty| {
            __abide::call_host(__cx, #path, |__host: &mut H, __guest| {
                let __guest = &__guest;
                #(#borrowed)*
                ::core::result::Result::Ok(#result)
            })
        })?;
    }
}
