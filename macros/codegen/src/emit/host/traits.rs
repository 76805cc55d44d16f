//! The traits that a host implements: one per imported interface, one per imported resource, and
//! one by which a host may leave an interface to a part of it.

use super::arguments::Argument;
use super::names::{Host, Import};
use crate::args::Args;
use crate::docs;
use crate::emit::tokens::ident;
use crate::emit::usage::{Handles, Usage};
use crate::emit::with;
use crate::model::{Abi, Associated, Function, FunctionKind, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// All traits of the module `host`.
pub(super) fn items(host: Host<'_>, args: &Args) -> TokenStream {
    let imports = host.imports();
    let traits = imports.iter().map(|import| {
        let replacement = import.and_then(|interface| interface.replacement);
        if let Some(place) = replacement.and_then(|entry| args.place(entry)) {
            let name = host.trait_name(*import);
            let module = has_resource_traits(host, *import).then(|| host.module_name(*import));
            return with::traits(
                host.colour,
                &place,
                &name,
                &host.provides_name(*import),
                module,
            );
        }
        let items = interface_trait(host, *import);
        let resources = resource_traits(host, *import);
        let provides = provides_trait(host, *import);
        quote!(#items #resources #provides)
    });
    let names = imports.iter().map(|import| {
        let (of, name) = (host.provides_name(*import), host.module_name(*import));
        quote!(pub use super::#of as #name;)
    });
    let parts = (!imports.is_empty()).then(|| {
        quote! {
            /// The traits of hosts that are put together from parts, by the names of the
            /// interfaces.
            pub mod provides { #(#names)* }
        }
    });
    let interfaces = imports.iter().map(|import| {
        let (module, name) = (host.module_name(*import), host.trait_name(*import));
        let provides = host.provides_name(*import);
        let resources = has_resource_traits(host, *import)
            .then(|| quote!(pub use super::super::#module as resources;));
        quote! {
            pub mod #module {
                pub use super::super::{#name as Interface, #provides as Provides};
                #resources
            }
        }
    });
    quote! {
        #(#traits)*
        #parts
        /// The traits by the names of the interfaces, for ABIs that use them from here.
        #[doc(hidden)]
        pub mod __interfaces { #(#interfaces)* }
    }
}

/// What messages call an import.
fn offer(abi: &Abi, import: Import<'_>) -> String {
    match import {
        Some(interface) => format!("the import `{}`", interface.id),
        None => format!("the functions {}", of_world(abi)),
    }
}

fn of_world(abi: &Abi) -> String {
    format!("that `{}` imports at its own level", abi.world.id)
}

fn trait_docs(abi: &Abi, import: Import<'_>) -> TokenStream {
    let Some(interface) = import else {
        return docs::of(None, &format!("The functions {}.", of_world(abi)));
    };
    let id = &interface.id;
    let otherwise = format!("The interface `{id}`.");
    let more = format!("Implemented by hosts: guests may import `{id}`.");
    docs::of_and(interface.docs.as_deref(), &otherwise, &more)
}

fn interface_trait(host: Host<'_>, import: Import<'_>) -> TokenStream {
    let parts = host.parts(import);
    let (docs, name) = (trait_docs(host.abi, import), host.trait_name(import));
    let offer = offer(host.abi, import);
    let message = format!("`{{Self}}` does not offer guests {offer}");
    let side = host.colour.module();
    let label = format!("needs `impl {side}::{name} for {{Self}}`");
    let types = parts.associated.iter().map(|of| {
        let own = parts.resources.contains(&of.resource);
        associated_type(host, of, own)
    });
    let functions = parts
        .functions
        .iter()
        .filter(|function| !matches!(function.kind, FunctionKind::Method(_)))
        .map(|function| signature(host, 1, function, None, parts.associated));
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name { #(#types)* #(#functions)* }
    }
}

/// The associated type that stands for a resource: the interface's own have bounds.
fn associated_type(host: Host<'_>, of: &Associated, own: bool) -> TokenStream {
    let abi = host.abi;
    let (name, resource) = (ident(&of.rust), abi.resource(of.resource));
    let docs = docs::of(
        resource.docs.as_deref(),
        &format!("What the host has for the resource `{}`.", resource.path),
    );
    if !own {
        return quote!(#docs type #name;);
    }
    let methods = has_methods(abi, of.resource).then(|| {
        let path = host.resource_trait(resource);
        let same = resource.associated.iter().map(|other| {
            let name = ident(&other.rust);
            quote!(#name = Self::#name)
        });
        quote!(#path<#(#same),*> +)
    });
    quote!(#docs type #name: #methods ::core::marker::Send + 'static;)
}

/// Whether a resource that the host provides has methods, and so a trait.
fn has_methods(abi: &Abi, id: ResourceId) -> bool {
    let functions = match abi.owner(id) {
        Some(interface) => &interface.functions,
        None => &abi.world.imports,
    };
    functions
        .iter()
        .any(|function| function.kind == FunctionKind::Method(id))
}

/// Whether an import has resources with methods, and so a module of their traits.
fn has_resource_traits(host: Host<'_>, import: Import<'_>) -> bool {
    let mut resources = host.parts(import).resources.iter();
    resources.any(|id| has_methods(host.abi, *id))
}

/// The module of the traits of an import's resources.
fn resource_traits(host: Host<'_>, import: Import<'_>) -> Option<TokenStream> {
    let parts = host.parts(import);
    let traits: Vec<_> = parts
        .resources
        .iter()
        .filter(|id| has_methods(host.abi, **id))
        .map(|id| resource_trait(host, *id, parts.functions))
        .collect();
    if traits.is_empty() {
        return None;
    }
    let module = host.module_name(import);
    let text = match import {
        Some(interface) => format!("The resources of the interface `{}`.", interface.id),
        None => format!("The resources of the world `{}`.", host.abi.world.id),
    };
    let docs = docs::of(None, &text);
    Some(quote! {
        #docs
        pub mod #module {
            use super::super::__abide;
            #(#traits)*
        }
    })
}

fn resource_trait(host: Host<'_>, id: ResourceId, functions: &[Function]) -> TokenStream {
    let resource = host.abi.resource(id);
    let name = ident(&resource.rust);
    let path = &resource.path;
    let otherwise = format!("The methods of the resource `{path}`.");
    let more = "Implemented by a host's own type, which guests have handles on. A value is dropped \
                when the guest drops its handle, or when the guest's instance goes.";
    let docs = docs::of_and(resource.docs.as_deref(), &otherwise, more);
    let message = format!("`{{Self}}` does not have the methods of the resource `{path}`");
    let module = host.module_of(resource);
    let side = host.colour.module();
    let label = format!("needs `impl {side}::{module}::{name} for {{Self}}`");
    let types = resource
        .associated
        .iter()
        .map(|of| associated_type(host, of, false));
    let methods = functions
        .iter()
        .filter(|function| function.kind == FunctionKind::Method(id))
        .map(|function| signature(host, 2, function, Some(id), &resource.associated));
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name: ::core::marker::Sized { #(#types)* #(#methods)* }
    }
}

/// A method of a trait, `depth` modules deep.
fn signature(
    host: Host<'_>,
    depth: usize,
    function: &Function,
    me: Option<ResourceId>,
    associated: &[Associated],
) -> TokenStream {
    let handles = Handles::Trait {
        me,
        associated,
        shared: &function.shared,
    };
    let usage = Usage::new(host.abi, depth).with(handles);
    let otherwise = format!("The import `{}`.", function.path);
    let docs = docs::of(function.docs.as_deref(), &otherwise);
    let name = ident(&function.rust);
    let (receiver, params) = match function.params.split_first() {
        Some((_, rest)) if me.is_some() => {
            let shared = me.is_some_and(|me| function.shared.contains(&me));
            (
                if shared {
                    quote!(&self)
                } else {
                    quote!(&mut self)
                },
                rest,
            )
        }
        _ => (quote!(&mut self), &*function.params),
    };
    let params = params.iter().map(|param| {
        let argument = Argument::new(usage, &param.ty, function.borrowed);
        let (name, ty) = (ident(&param.rust), argument.received());
        quote!(#name: #ty)
    });
    let head = quote!(#name(#receiver, #(#params),*));
    let method = host.colour.import(&head, result(usage, function).as_ref());
    let deprecated = docs::deprecated(function.deprecated.as_deref());
    quote!(#docs #deprecated #method)
}

/// What a method returns, if it returns anything.
fn result(usage: Usage<'_>, function: &Function) -> Option<TokenStream> {
    let result = function.result.as_ref().map(|ty| usage.owned(ty));
    match (function.trappable, result) {
        (false, None) => None,
        (false, Some(ty)) => Some(ty),
        (true, ty) => {
            let ty = ty.unwrap_or(quote!(()));
            Some(quote!(__abide::Result<#ty>))
        }
    }
}

/// The trait of whoever has an implementation of an import: the implementation itself, or a host
/// that has it for a part.
fn provides_trait(host: Host<'_>, import: Import<'_>) -> TokenStream {
    let offer = offer(host.abi, import);
    let of: Ident = host.trait_name(import);
    let provides = host.provides_name(import);
    let module = host.module_name(import);
    let text = format!(
        "A host that has an implementation of [`{of}`]: itself, or a part of it that is marked with \
         `#[host({module})]` under `#[derive(abide::Host)]`."
    );
    let docs = docs::of(None, &text);
    let message = format!("`{{Self}}` does not offer guests {offer}");
    let side = host.colour.module();
    let label =
        format!("needs `impl {side}::{of} for {{Self}}`, or a field with `#[host({module})]`");
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #provides {
            /// The implementation.
            type Impl: #of;

            /// The implementation.
            fn provide(&mut self) -> &mut Self::Impl;
        }

        impl<T: self::#of> #provides for T {
            type Impl = T;

            fn provide(&mut self) -> &mut T {
                self
            }
        }
    }
}
