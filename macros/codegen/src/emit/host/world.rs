//! The world as the runtime sees it: data, with each function and its types written once.

use super::calls;
use super::names::{Host, field};
use crate::emit::colour::Colour;
use crate::emit::rust_type::Form;
use crate::emit::tokens::ident;
use crate::model::{Abi, Function, Scope};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// What ties the world to the runtime: its description, its exports, its handle.
pub(super) fn items(host: Host<'_>) -> TokenStream {
    let world = match host.colour {
        Colour::Sync => described(host),
        Colour::Async => same(host),
    };
    let name = ident(&host.abi.names.world);
    quote! {
        #world

        impl __abide::WorldHandle for #name {
            fn from_handle(__handle: __abide::Handle<Self>) -> Self {
                Self(__handle)
            }

            fn handle(&self) -> &__abide::Handle<Self> {
                &self.0
            }
        }
    }
}

/// The description, and how the exports are looked up.
fn described(host: Host<'_>) -> TokenStream {
    let abi = host.abi;
    let name = ident(&abi.names.world);
    let id = &abi.world.id;
    let functions = host.functions;
    let fields: Vec<Ident> = functions
        .exports()
        .map(|(scope, function)| field(abi, scope, function))
        .collect();
    let types = functions
        .exports()
        .map(|(scope, function)| export_type(host, scope, function));
    let numbers = (0..functions.exported).map(Literal::usize_unsuffixed);
    let signatures = functions
        .list
        .iter()
        .map(|(scope, function)| signature(abi, scope, function));
    let [exported, imported] =
        [functions.exported, functions.imported].map(Literal::usize_unsuffixed);
    let resources = abi.host_resources().map(|(_, resource)| {
        let interface = &abi.scope(resource.scope).wit;
        let name = &resource.wit;
        quote!((#interface, #name))
    });
    quote! {
        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        pub struct __Exports { #(pub(super) #fields: #types,)* }

        impl __abide::World for #name {
            type Exports = __Exports;
            const DESCRIPTION: &'static __abide::Description = &__abide::Description {
                name: #id,
                functions: &[#(#signatures),*],
                exports: ..#exported,
                imports: #imported..,
                resources: &[#(#resources),*],
            };

            fn exports(
                __check: &mut __abide::Check<'_>,
            ) -> ::core::option::Option<__Exports> {
                // All are looked up before the first that is missing ends it.
                #(let #fields = __check.export(#numbers);)*
                ::core::option::Option::Some(__Exports { #(#fields: #fields?,)* })
            }
        }
    }
}

/// The same world for the handle of another colour.
fn same(host: Host<'_>) -> TokenStream {
    let (name, common) = (ident(&host.abi.names.world), host.colour.common());
    let same = quote!(<#common::#name as __abide::World>);
    quote! {
        impl __abide::World for #name {
            type Exports = #common::__Exports;
            const DESCRIPTION: &'static __abide::Description = #same::DESCRIPTION;

            fn exports(
                __check: &mut __abide::Check<'_>,
            ) -> ::core::option::Option<#common::__Exports> {
                #same::exports(__check)
            }
        }
    }
}

fn export_type(host: Host<'_>, scope: &Scope, function: &Function) -> TokenStream {
    let types = host.passed(!scope.is_world());
    let forever = quote!('static);
    let params: Vec<_> = function
        .params
        .iter()
        .map(|param| types.rust_type(&param.ty, Form::Passed(&forever)))
        .collect();
    let params = calls::types(&params);
    let result = function.result.iter().map(|ty| types.owned(ty));
    quote!(__abide::Export<#params, (#(#result,)*)>)
}

fn signature(abi: &Abi, scope: &Scope, function: &Function) -> TokenStream {
    let (interface, name) = (&scope.wit, &function.wit);
    let params = function.params.iter().map(|param| {
        let (name, shape) = (&param.wit, abi.shape(&param.ty));
        quote!((#name, #shape))
    });
    let result = match &function.result {
        Some(ty) => {
            let shape = abi.shape(ty);
            quote!(::core::option::Option::Some(#shape))
        }
        None => quote!(::core::option::Option::None),
    };
    quote! {
        __abide::Signature {
            interface: #interface,
            name: #name,
            params: &[#(#params),*],
            result: #result,
        }
    }
}
