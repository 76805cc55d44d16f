//! The world as the runtime sees it: data, with each function and its types written once.

use super::calls;
use super::handle::export_field;
use super::handles::Handles;
use super::{host, ident};
use crate::model::{Abi, Function, Interface};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// A function, and the interface that it is of, if it is not the world's own.
type Entry<'a> = (Option<&'a Interface>, &'a Function);

/// The functions of a world, each once. A function's number is its place in the list.
struct Functions<'a> {
    list: Vec<Entry<'a>>,
    /// How many are exported: the first.
    exported: usize,
    /// The first that is imported. So are all behind it.
    imported: usize,
}

impl<'a> Functions<'a> {
    fn of(abi: &'a Abi) -> Self {
        let is_both = |interface: &&Interface| {
            interface.exported && abi.imported().any(|other| other.id == interface.id)
        };
        let own = |functions: &'a [Function]| functions.iter().map(|function| (None, function));
        let of = |interface: &'a Interface| {
            let functions = interface.functions.iter();
            functions.map(move |function| (Some(interface), function))
        };
        let exported = abi.exported().filter(|interface| !is_both(interface));
        let mut list: Vec<Entry<'a>> = own(&abi.world.exports).collect();
        list.extend(exported.flat_map(of));
        let imported = list.len();
        list.extend(abi.imported().filter(is_both).flat_map(of));
        let exported = list.len();
        list.extend(own(&abi.world.imports));
        let others = abi.imported().filter(|interface| !is_both(interface));
        list.extend(others.flat_map(of));
        Self {
            list,
            exported,
            imported,
        }
    }

    fn exports(&self) -> impl Iterator<Item = &Entry<'a>> {
        self.list.iter().take(self.exported)
    }
}

/// The number of an export.
pub(super) fn number(abi: &Abi, function: &Function) -> Literal {
    let functions = Functions::of(abi);
    let number = functions
        .exports()
        .position(|(_, other)| std::ptr::eq(*other, function));
    Literal::usize_unsuffixed(number.unwrap_or_default())
}

/// What ties the world to the runtime: its description, its exports, its handle.
pub(super) fn items(abi: &Abi) -> TokenStream {
    let name = ident(&abi.world.rust);
    let id = &abi.world.id;
    let functions = Functions::of(abi);
    let fields: Vec<Ident> = functions
        .exports()
        .map(|(interface, function)| export_field(abi, *interface, function))
        .collect();
    let types = functions
        .exports()
        .map(|(interface, function)| export_type(abi, interface.is_some(), function));
    let numbers = (0..functions.exported).map(Literal::usize_unsuffixed);
    let signatures = functions
        .list
        .iter()
        .map(|(interface, function)| signature(abi, *interface, function));
    let [exported, imported] =
        [functions.exported, functions.imported].map(Literal::usize_unsuffixed);
    let resources = abi.host_resources().map(|(id, resource)| {
        let interface = abi.owner(id).map_or("", |interface| &interface.id);
        let name = &resource.wit;
        quote!((#interface, #name))
    });
    quote! {
        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        pub struct __Exports { #(#fields: #types,)* }

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

fn export_type(abi: &Abi, exported: bool, function: &Function) -> TokenStream {
    let usage = host::usage(abi).with(Handles::Wire { exported });
    let forever = quote!('static);
    let params: Vec<_> = function
        .params
        .iter()
        .map(|param| usage.borrowed(&param.ty, &forever))
        .collect();
    let params = calls::types(&params);
    let result = function.result.iter().map(|ty| usage.owned(ty));
    quote!(__abide::Export<#params, (#(#result,)*)>)
}

fn signature(abi: &Abi, interface: Option<&Interface>, function: &Function) -> TokenStream {
    let interface = interface.map_or("", |interface| &interface.id);
    let name = &function.wit;
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
