//! The guest: exports that check what they are given and hand it on to the import of the same name, where
//! there is one.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::common::arguments;
use super::lend::Caller;
use super::types::ident;
use crate::model::{Function, Role, Sides};
use crate::names;

/// The type that implements every export, and its `impl`s.
pub(super) fn items(context: Context<'_>) -> TokenStream {
    let (world, root) = (context.world, context.root);
    let exported = |interface: Option<usize>| {
        let functions = world.functions();
        functions
            .filter(|(of, _, sides)| *of == interface && sides.export)
            .map(|(of, function, sides)| export(context, of, function, sides))
            .collect::<Vec<_>>()
    };
    let all = std::iter::once(None).chain((0..world.interfaces.len()).map(Some));
    let impls = all.filter_map(|interface| {
        let methods = exported(interface);
        let name = match interface {
            None => &context.names.world,
            Some(index) => &context.names.traits[index],
        };
        let name = ident(name);
        (!methods.is_empty()).then(|| {
            quote! {
                impl #root::guest::#name for Plugin {
                    #(#methods)*
                }
            }
        })
    });
    quote! {
        //! What the guest exports.

        pub struct Plugin;

        #(#impls)*
    }
}

/// The path of an imported function.
fn import(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let (root, name) = (context.root, ident(&names::value(&function.name)));
    match interface {
        None => quote!(#root::guest::#name),
        Some(index) => {
            let module = ident(&context.names.modules[index]);
            quote!(#root::guest::#module::#name)
        }
    }
}

/// Asks the host for the round.
fn round(context: Context<'_>) -> TokenStream {
    let mut functions = context.world.functions();
    let round = functions.find(|(_, function, _)| function.role == Role::Round);
    let path = round.map(|(interface, function, _)| import(context, interface, function));
    quote!(let round = #path();)
}

fn export(
    context: Context<'_>,
    interface: Option<usize>,
    function: &Function,
    sides: Sides,
) -> TokenStream {
    let name = ident(&names::value(&function.name));
    let round = round(context);
    if function.role == Role::Drive {
        let calls = context.world.only_imported();
        let calls = calls.map(|(of, function)| drive(context, of, function));
        return quote! {
            fn #name() {
                #round
                #(#calls)*
            }
        };
    }
    let params = function
        .params
        .iter()
        .zip(arguments(function))
        .map(|(param, name)| {
            let ty = context.owned(&param.ty);
            quote!(#name: #ty)
        });
    let result = context.optional(function.result.as_ref());
    let rng = context.rng(function, &quote!(round));
    let arguments = context.check_arguments(interface, function, "guest");
    let answer = if sides.import {
        let call = call(context, interface, function);
        let check = context.check_result(interface, function, "guest");
        quote! {
            let result = #call;
            #check
            result
        }
    } else {
        quote!(::abide_fuzz_values::Any::any(&mut rng))
    };
    quote! {
        fn #name(#(#params),*) -> #result {
            #round
            #rng
            #arguments
            #answer
        }
    }
}

/// Calls an import that no export hands anything on to.
fn drive(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let rng = context.rng(function, &quote!(round));
    let arguments = context.make_arguments(function);
    let call = call(context, interface, function);
    let check = context.check_result(interface, function, "guest");
    quote! {{
        #rng
        #arguments
        let result = #call;
        #check
    }}
}

fn call(context: Context<'_>, interface: Option<usize>, function: &Function) -> TokenStream {
    let path = import(context, interface, function);
    let lent = function.params.iter().zip(arguments(function));
    let lent = lent.map(|(param, name)| context.lend(Caller::Guest, &param.ty, &quote!((&#name))));
    quote!(#path(#(#lent),*))
}
