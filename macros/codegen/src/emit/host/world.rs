//! The world as the runtime sees it: data, with each function and its types written once.

use super::calls;
use super::names::{Host, field};
use crate::emit::rust_type::Form;
use crate::emit::tokens::ident;
use crate::model::{Abi, Function, Scope};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// A function, and where it is.
type Entry<'a> = (&'a Scope, &'a Function);

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
        let is_imported = |scope: &Scope| abi.imports().any(|(other, _)| other.id == scope.id);
        let is_both = |scope: &&Scope| !scope.is_world() && is_imported(scope);
        let exported = |scope: &'a Scope| scope.exported().map(move |function| (scope, function));
        let only = abi.exported().filter(|scope| !is_both(scope));
        let mut list: Vec<Entry<'a>> = exported(abi.level()).collect();
        list.extend(only.flat_map(exported));
        let imported = list.len();
        list.extend(abi.exported().filter(is_both).flat_map(exported));
        let exported = list.len();
        // The world's own level comes first.
        let mut others: Vec<&Scope> = abi.imports().map(|(scope, _)| scope).collect();
        others.retain(|scope| scope.is_world() || scope.export.is_none());
        others.sort_by_key(|scope| !scope.is_world());
        list.extend(others.into_iter().flat_map(|scope| {
            let functions = scope.imported();
            functions.map(move |function| (scope, function))
        }));
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
pub(super) fn number(abi: &Abi, scope: &Scope, function: &Function) -> Literal {
    let functions = Functions::of(abi);
    let number = functions
        .exports()
        .position(|(of, other)| of.id == scope.id && other.wit == function.wit);
    Literal::usize_unsuffixed(number.unwrap_or_default())
}

/// What ties the world to the runtime: its description, its exports, its handle.
pub(super) fn items(host: Host<'_>) -> TokenStream {
    let abi = host.abi;
    let name = ident(&abi.names.world);
    let id = &abi.world.id;
    let functions = Functions::of(abi);
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
