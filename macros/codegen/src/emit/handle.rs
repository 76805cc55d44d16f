//! The handle of a world: how a host loads a guest and calls it.

use super::calls;
use super::docs;
use super::host;
use super::ident;
use super::usage::Usage;
use crate::model::{Abi, Function, Interface, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The handle, its views, and what the runtime has to know of the world.
pub(super) fn items(abi: &Abi) -> TokenStream {
    let handle = handle(abi);
    let views = views(abi);
    let world = world_impl(abi);
    quote!(#handle #views #world)
}

fn handle(abi: &Abi) -> TokenStream {
    let usage = Usage { abi, depth: 1 };
    let world = &abi.world;
    let name = ident(&world.rust);
    let bounds = host::bounds(abi);
    let docs = docs::of_and(
        world.docs.as_deref(),
        &format!("A guest of the world `{}`, ready to be called.", world.id),
        "A handle is cheap to clone, and can be used from any number of threads. Every call runs in \
         an instance of its own, unless it is made through a [`session`](Self::session).",
    );
    let functions = world.exports.iter().map(|function| {
        let field = export_field(None, function);
        method(
            usage,
            function,
            &ident(&function.method),
            &quote!(self.0),
            &field,
        )
    });
    let accessors = abi.exported().map(|interface| {
        let (method, view) = (ident(&interface.accessor), ident(&interface.rust));
        let docs = docs::of(None, &format!("The exported interface `{}`.", interface.id));
        quote! {
            #docs
            pub fn #method(&self) -> exports::#view<'_> {
                exports::#view(&self.0)
            }
        }
    });
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        pub struct #name(__abide::Handle<#name>);

        impl #name {
            /// Loads a guest from the file of a component, with everything at its default.
            ///
            /// `host` is cloned for every instance and serves what the guest imports.
            ///
            /// # Errors
            ///
            /// The file cannot be read or is no component, or the guest does not fit this world.
            pub fn load<H: #bounds>(
                path: impl ::core::convert::AsRef<::std::path::Path>,
                host: H,
            ) -> __abide::Result<Self> {
                Self::builder(host).load(path)
            }

            /// Sets limits and grants before loading a guest.
            pub fn builder<H: #bounds>(host: H) -> __abide::Builder<Self> {
                __abide::Builder::new(host, __link::<H>)
            }

            /// One instance of one's own: it keeps its state from call to call.
            ///
            /// # Errors
            ///
            /// No instance could be had, or the guest failed while it started.
            pub fn session(&self) -> __abide::Result<__abide::Session<Self>> {
                self.0.session()
            }

            #(#functions)*
            #(#accessors)*
        }
    }
}

/// The views of the exported interfaces.
fn views(abi: &Abi) -> Option<TokenStream> {
    let usage = Usage { abi, depth: 2 };
    let handle = ident(&abi.world.rust);
    let views: Vec<_> = abi
        .exported()
        .map(|interface| view(usage, &handle, interface))
        .collect();
    if views.is_empty() {
        return None;
    }
    Some(quote! {
        /// Views of the interfaces that a guest exports: the methods of the handle return them.
        pub mod exports {
            use super::__abide;
            #(#views)*
        }
    })
}

fn view(usage: Usage<'_>, handle: &Ident, interface: &Interface) -> TokenStream {
    let name = ident(&interface.rust);
    let docs = docs::of(
        interface.docs.as_deref(),
        &format!("The interface `{}` of a guest.", interface.id),
    );
    let functions = interface.functions.iter().map(|function| {
        let field = export_field(Some(interface), function);
        method(
            usage,
            function,
            &ident(&function.rust),
            &quote!(self.0),
            &field,
        )
    });
    quote! {
        #docs
        #[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
        pub struct #name<'a>(pub(super) &'a __abide::Handle<super::#handle>);

        impl #name<'_> {
            #(#functions)*
        }
    }
}

/// A method that calls an export.
fn method(
    usage: Usage<'_>,
    function: &Function,
    name: &Ident,
    handle: &TokenStream,
    field: &Ident,
) -> TokenStream {
    let otherwise = format!("Calls the export `{}`.", function.path);
    let docs = docs::of_and(
        function.docs.as_deref(),
        &otherwise,
        "# Errors\n\nThe call failed, or the guest returned an error where it can.",
    );
    let names: Vec<Ident> = function
        .params
        .iter()
        .map(|param| ident(&param.rust))
        .collect();
    let here = TokenStream::new();
    let params = function.params.iter().zip(&names).map(|(param, name)| {
        let ty = usage.borrowed(&param.ty, &here);
        quote!(#name: #ty)
    });
    let values = calls::values(&names);
    let call = quote!(#handle.call(&#handle.exports().#field, #values));
    let (result, body) = match &function.result {
        None => (quote!(__abide::Result<()>), call),
        Some(ty) => match usage.abi.dealias(ty) {
            Type::Result(ok, err) => {
                let ok = usage.optional(ok.as_deref());
                let err = usage.optional(err.as_deref());
                (
                    quote!(::core::result::Result<#ok, __abide::CallError<#err>>),
                    quote! {
                        let (__result,) = #call?;
                        __result.map_err(__abide::CallError::Guest)
                    },
                )
            }
            _ => {
                let ty = usage.owned(ty);
                (
                    quote!(__abide::Result<#ty>),
                    quote! {
                        let (__result,) = #call?;
                        ::core::result::Result::Ok(__result)
                    },
                )
            }
        },
    };
    quote! {
        #docs
        pub fn #name(&self, #(#params),*) -> #result {
            #body
        }
    }
}

/// Where the runtime keeps an export. Two underscores stand in no name that comes from WIT.
fn export_field(interface: Option<&Interface>, function: &Function) -> Ident {
    match interface {
        Some(interface) => format_ident!("{}__{}", interface.module, function.rust),
        None => ident(&function.rust),
    }
}

/// The world as the runtime sees it: names and types of imports and exports.
fn world_impl(abi: &Abi) -> TokenStream {
    let usage = Usage { abi, depth: 1 };
    let name = ident(&abi.world.rust);
    let id = &abi.world.id;
    let exported = abi.exported().flat_map(|interface| {
        interface
            .functions
            .iter()
            .map(move |function| (Some(interface), function))
    });
    let exports: Vec<(Option<&Interface>, &Function)> = abi
        .world
        .exports
        .iter()
        .map(|function| (None, function))
        .chain(exported)
        .collect();
    let fields: Vec<Ident> = exports
        .iter()
        .map(|(interface, function)| export_field(*interface, function))
        .collect();
    let types = exports
        .iter()
        .map(|(_, function)| export_type(usage, function));
    let signatures = exports.iter().map(|(interface, function)| {
        signature(
            abi,
            interface.map_or("", |interface| &interface.id),
            function,
        )
    });
    let imported = abi.imported().flat_map(|interface| {
        interface
            .functions
            .iter()
            .map(|function| signature(abi, &interface.id, function))
    });
    let imports = abi
        .world
        .imports
        .iter()
        .map(|function| signature(abi, "", function));
    let imports = imports.chain(imported);
    quote! {
        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        pub struct __Exports { #(#fields: #types,)* }

        impl __abide::World for #name {
            type Exports = __Exports;
            const NAME: &'static str = #id;
            const IMPORTS: &'static [__abide::Signature] = &[#(#imports),*];

            fn exports(
                __check: &mut __abide::Check<'_>,
            ) -> ::core::option::Option<__Exports> {
                // All are looked up before the first that is missing ends it.
                #(let #fields = __check.export(&#signatures);)*
                ::core::option::Option::Some(__Exports { #(#fields: #fields?,)* })
            }

            fn from_handle(__handle: __abide::Handle<Self>) -> Self {
                Self(__handle)
            }
        }
    }
}

fn export_type(usage: Usage<'_>, function: &Function) -> TokenStream {
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

fn signature(abi: &Abi, interface: &str, function: &Function) -> TokenStream {
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
