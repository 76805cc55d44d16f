//! Linking: the function that offers a host's imports to guests, and what the runtime keeps of the
//! host's resources for each instance.

use super::calls;
use super::convert::{Conversion, Cx};
use super::handles::Handles;
use super::host::{self, Import};
use super::ident;
use super::usage::Lifted;
use super::view::Views;
use crate::model::{Abi, Function, FunctionKind, Leaf, Param, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::Index;

/// The function `__link`, and the tables of resources.
pub(super) fn items(abi: &Abi) -> TokenStream {
    let tables = tables(abi);
    let bounds = host::bounds(abi);
    let ty = tables_type(abi);
    let imports = host::imports(abi);
    let interfaces = imports.iter().map(|import| interface(abi, *import));
    quote! {
        #tables

        fn __link<H: #bounds>(__linker: &mut __abide::Linker) -> __abide::Step {
            #(#interfaces)*
            ::core::result::Result::Ok(())
        }

        /// Everything that loading a guest needs of a host.
        fn __builder<H: #bounds, W: __abide::World>(host: H) -> __abide::Builder<W> {
            __abide::Builder::new::<H, #ty>(host, __link::<H>)
        }
    }
}

/// The tables of the values that guests have handles on, one per resource, and the types that tell
/// the resources apart.
fn tables(abi: &Abi) -> Option<TokenStream> {
    let all: Vec<_> = abi.host_resources().collect();
    if all.is_empty() {
        return None;
    }
    let fields: Vec<Ident> = all.iter().map(|(_, of)| ident(&of.field)).collect();
    let params: Vec<Ident> = (0..all.len())
        .map(|index| format_ident!("R{index}"))
        .collect();
    let indices = 0..all.len();
    Some(quote! {
        /// A type per resource, for the runtime to tell them apart.
        #[doc(hidden)]
        #[allow(non_camel_case_types)]
        pub mod __resources {
            #(#[derive(::core::fmt::Debug)] pub enum #fields {})*
        }

        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        pub struct __Tables<#(#params),*> {
            #(#fields: __abide::Table<self::__resources::#fields, #params>,)*
        }

        impl<#(#params),*> ::core::default::Default for __Tables<#(#params),*> {
            fn default() -> Self {
                Self { #(#fields: ::core::default::Default::default(),)* }
            }
        }

        impl<#(#params: ::core::marker::Send + 'static),*> __abide::Tables for __Tables<#(#params),*> {
            fn table(&mut self, index: usize) -> ::core::option::Option<&mut dyn __abide::AnyTable> {
                match index {
                    #(#indices => ::core::option::Option::Some(&mut self.#fields),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// The tables of the host `H`.
fn tables_type(abi: &Abi) -> TokenStream {
    let mut types = abi
        .host_resources()
        .map(|(id, _)| host::resource_type(abi, id))
        .peekable();
    if types.peek().is_none() {
        return quote!(());
    }
    quote!(self::__Tables<#(#types),*>)
}

/// The number of a resource's table.
pub(super) fn table_index(abi: &Abi, id: ResourceId) -> usize {
    let before = abi.host_resources().take_while(|(other, _)| *other != id);
    before.count()
}

fn interface(abi: &Abi, import: Import<'_>) -> TokenStream {
    let (id, functions, resources) = match import {
        Some(interface) => (&*interface.id, &interface.functions, &interface.resources),
        None => ("", &abi.world.imports, &abi.world.resources),
    };
    let resources = resources.iter().map(|id| resource(abi, *id));
    let functions = functions
        .iter()
        .map(|function| link_function(abi, import, function));
    quote! {{
        let mut __interface = __linker.interface(#id)?;
        #(#resources)*
        #(#functions)*
    }}
}

/// A resource: what happens when a guest drops a handle that owns it.
fn resource(abi: &Abi, id: ResourceId) -> TokenStream {
    let resource = abi.resource(id);
    let (wit, path, field) = (&resource.wit, &resource.path, ident(&resource.field));
    let tables = tables_type(abi);
    quote! {
        __interface.resource::<self::__resources::#field, H, #tables>(
            #wit,
            #path,
            |__tables, __rep| __tables.#field.drop_value(__rep),
        )?;
    }
}

/// One import: lifts the arguments, borrows from guest memory what can be borrowed, calls the
/// host's method, lowers the result.
fn link_function(abi: &Abi, import: Import<'_>, function: &Function) -> TokenStream {
    let wire = Handles::Wire { exported: false };
    let usage = host::usage(abi).with(wire);
    let (wit, path) = (&function.wit, &function.path);
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
    let arguments = || function.params.iter().zip(&names);

    let lifted = |param: &Param| usage.lifted(&param.ty, function.borrowed);
    let borrowed = arguments().filter_map(|(param, name)| match lifted(param) {
        Lifted::String => Some(quote!(let #name = __guest.string(&#name)?;)),
        Lifted::Integers(_) => Some(quote!(let #name = __guest.list(&#name);)),
        Lifted::Floats(_) => Some(quote!(let #name = __guest.floats(&#name);)),
        Lifted::View => {
            let view = Views { usage }.to_view(&param.ty, quote!(#name));
            Some(quote! {
                let (#name, __memory) = __guest.open(#name)?;
                let #name = #view;
            })
        }
        Lifted::Owned => None,
    });
    let owned = owned_handles(abi).params(arguments());
    let lent = lent_handles(abi, function, arguments());
    let mut args = arguments().map(|(param, name)| match lifted(param) {
        Lifted::String => quote!(&#name),
        _ => quote!(#name),
    });

    let method = ident(&function.rust);
    let trap = function
        .trappable
        .then(|| quote!(.map_err(|__error| __abide::aborted(#path, __error))?));
    let host = host::implementation(abi, import);
    let host_trait = host::trait_path(abi, import);
    let call = match function.kind {
        FunctionKind::Method(id) => {
            let (ty, of) = (
                host::resource_type(abi, id),
                host::resource_trait(abi, abi.resource(id)),
            );
            quote!(<#ty as #of>::#method(#(#args),*) #trap)
        }
        _ => {
            let provides = host::provides(abi, import);
            let me = quote!(<H as #provides>::provide(__host));
            let args = std::iter::once(me).chain(&mut args);
            quote!(<#host as #host_trait>::#method(#(#args),*) #trap)
        }
    };
    let result = match &function.result {
        None => call,
        Some(ty) => {
            let lower = new_handles(abi);
            match lower.concerns(ty) {
                true => {
                    let value = lower.value(ty, quote!(__result));
                    quote!({ let __result = #call; (#value,) })
                }
                false => quote!((#call,)),
            }
        }
    };
    let tables = tables_type(abi);
    quote! {
        __interface.func(#wit, |__cx: __abide::Cx<'_>, #pattern: #ty| {
            __abide::call_host(__cx, #path, |__host: &mut H, __tables: &mut #tables, __guest| {
                #(#borrowed)*
                #owned
                #lent
                ::core::result::Result::Ok(#result)
            })
        })?;
    }
}

/// Handles that a guest gives away become the host's values.
fn owned_handles(abi: &Abi) -> Conversion<'_> {
    Conversion {
        abi,
        cx: Cx::reference("__tables"),
        handle: Box::new(|leaf, cx, handle| {
            let table = ident(&abi.resource(leaf.resource).field);
            leaf.own.then(|| quote!(#cx.#table.take(&#handle)))
        }),
    }
}

/// The host's values become handles that a guest owns.
fn new_handles(abi: &Abi) -> Conversion<'_> {
    Conversion {
        abi,
        cx: Cx::reference("__tables"),
        handle: Box::new(|leaf, cx, handle| {
            let table = ident(&abi.resource(leaf.resource).field);
            Some(quote!(#cx.#table.insert(#handle)))
        }),
    }
}

/// Handles that a guest lends become references to the host's values: exclusive ones where no more
/// than one of a resource can be lent.
fn lent_handles<'p>(
    abi: &Abi,
    function: &Function,
    arguments: impl Iterator<Item = (&'p Param, &'p Ident)>,
) -> Option<TokenStream> {
    let mut lent: Vec<ResourceId> = Vec::new();
    for leaf in abi.mentioned(function) {
        if !leaf.own && !lent.contains(&leaf.resource) {
            lent.push(leaf.resource);
        }
    }
    if lent.is_empty() {
        return None;
    }
    let tables = lent.iter().map(|id| {
        let table = ident(&abi.resource(*id).field);
        match function.shared.contains(id) {
            true => quote!(&__tables.#table),
            false => quote!(::core::option::Option::Some(&mut __tables.#table)),
        }
    });
    let conversion = Conversion {
        abi,
        cx: Cx::local("__lent"),
        handle: Box::new(|leaf: Leaf, cx, handle| {
            let index = lent.iter().position(|id| *id == leaf.resource)?;
            let index = Index::from(index);
            match (leaf.own, function.shared.contains(&leaf.resource)) {
                (true, _) => None,
                (false, true) => Some(quote!(__abide::Table::get(#cx.#index, &#handle))),
                (false, false) => Some(quote!(__abide::exclusive(&mut #cx.#index, &#handle))),
            }
        }),
    };
    let params = conversion.params(arguments);
    Some(quote! {
        let mut __lent = (#(#tables,)*);
        #params
    })
}
