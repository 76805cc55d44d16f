//! The traits that a host implements: one per imported interface, one per imported resource, and
//! one by which a host may leave an interface to a part of it.

use super::arguments::Argument;
use super::names::Host;
use crate::args::Args;
use crate::docs;
use crate::emit::handles::Handles;
use crate::emit::rust_type::Types;
use crate::emit::tokens::ident;
use crate::emit::with;
use crate::model::{Abi, Associated, FunctionKind, ImportedFunction, ResourceId, Scope};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// All traits of the module `host`.
pub(super) fn items(host: Host<'_>, args: &Args) -> TokenStream {
    let imports: Vec<&Scope> = host.abi.imports().map(|(scope, _)| scope).collect();
    let traits = imports.iter().map(|import| {
        if let Some(place) = with::place(args, import) {
            let name = host.trait_name(import);
            let module = has_resource_traits(host, import).then(|| host.module_name(import));
            return with::traits(
                host.colour,
                &place,
                &name,
                &host.provides_name(import),
                module,
            );
        }
        let items = interface_trait(host, import);
        let resources = resource_traits(host, import);
        let provides = provides_trait(host, import);
        quote!(#items #resources #provides)
    });
    let names = imports.iter().map(|import| {
        let (of, name) = (host.provides_name(import), host.module_name(import));
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
        let (module, name) = (host.module_name(import), host.trait_name(import));
        let provides = host.provides_name(import);
        let resources = has_resource_traits(host, import)
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
fn offer(abi: &Abi, import: &Scope) -> String {
    match import.is_world() {
        true => format!("the functions {}", of_world(abi)),
        false => format!("the import `{}`", import.wit),
    }
}

fn of_world(abi: &Abi) -> String {
    format!("that `{}` imports at its own level", abi.world.id)
}

fn trait_docs(abi: &Abi, import: &Scope) -> TokenStream {
    if import.is_world() {
        return docs::of(None, &format!("The functions {}.", of_world(abi)));
    }
    let wit = &import.wit;
    let otherwise = format!("The interface `{wit}`.");
    let more = format!("Implemented by hosts: guests may import `{wit}`.");
    docs::of_and(import.docs.as_deref(), &otherwise, &more)
}

fn interface_trait(host: Host<'_>, import: &Scope) -> TokenStream {
    let associated = host.abi.associated(import);
    let (docs, name) = (trait_docs(host.abi, import), host.trait_name(import));
    let offer = offer(host.abi, import);
    let message = format!("`{{Self}}` does not offer guests {offer}");
    let side = host.colour.module();
    let label = format!("needs `impl {side}::{name} for {{Self}}`");
    let sent = host.colour.sent();
    let types = associated.iter().map(|of| {
        let own = import.resources.contains(&of.resource);
        associated_type(host, of, own)
    });
    let functions = functions(import)
        .filter(|of| !matches!(of.function.kind, FunctionKind::Method(_)))
        .map(|of| signature(host, 1, of, None, &associated));
    quote! {
        #docs
        #[diagnostic::on_unimplemented(message = #message, label = #label)]
        pub trait #name #sent { #(#types)* #(#functions)* }
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
        let same = abi.associated_of(of.resource).into_iter().map(|other| {
            let name = ident(&other.rust);
            quote!(#name = Self::#name)
        });
        quote!(#path<#(#same),*> +)
    });
    let bounds = host.colour.resource(is_shared(abi, of.resource));
    quote!(#docs type #name: #methods #bounds;)
}

/// Whether some import may be lent several of a resource at once.
fn is_shared(abi: &Abi, id: ResourceId) -> bool {
    let mut imported = abi.imports().flat_map(|(scope, _)| scope.imported());
    imported.any(|function| abi.shared(function).contains(&id))
}

/// The functions of an import.
fn functions(import: &Scope) -> impl Iterator<Item = &ImportedFunction> {
    import.import.iter().flat_map(|import| &import.functions)
}

/// Whether a resource that the host provides has methods, and so a trait.
fn has_methods(abi: &Abi, id: ResourceId) -> bool {
    let mut functions = abi.scope(abi.resource(id).scope).imported();
    functions.any(|function| function.kind == FunctionKind::Method(id))
}

/// Whether an import has resources with methods, and so a module of their traits.
fn has_resource_traits(host: Host<'_>, import: &Scope) -> bool {
    let mut resources = import.resources.iter();
    resources.any(|id| has_methods(host.abi, *id))
}

/// The module of the traits of an import's resources.
fn resource_traits(host: Host<'_>, import: &Scope) -> Option<TokenStream> {
    let resources = import.resources.iter().copied();
    let with_methods = resources.filter(|id| has_methods(host.abi, *id));
    let traits: Vec<_> = with_methods
        .map(|id| resource_trait(host, import, id))
        .collect();
    if traits.is_empty() {
        return None;
    }
    let module = host.module_name(import);
    let text = match import.is_world() {
        true => format!("The resources of the world `{}`.", host.abi.world.id),
        false => format!("The resources of the interface `{}`.", import.wit),
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

fn resource_trait(host: Host<'_>, import: &Scope, id: ResourceId) -> TokenStream {
    let resource = host.abi.resource(id);
    let name = ident(&resource.rust());
    let path = &resource.path;
    let otherwise = format!("The methods of the resource `{path}`.");
    let more = "Implemented by a host's own type, which guests have handles on. A value is dropped \
                when the guest drops its handle, or when the guest's instance goes.";
    let docs = docs::of_and(resource.docs.as_deref(), &otherwise, more);
    let message = format!("`{{Self}}` does not have the methods of the resource `{path}`");
    let module = host.module_name(import);
    let side = host.colour.module();
    let label = format!("needs `impl {side}::{module}::{name} for {{Self}}`");
    let associated = host.abi.associated_of(id);
    let types = associated.iter().map(|of| associated_type(host, of, false));
    let methods = functions(import)
        .filter(|of| of.function.kind == FunctionKind::Method(id))
        .map(|of| signature(host, 2, of, Some(id), &associated));
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
    imported: &ImportedFunction,
    me: Option<ResourceId>,
    associated: &[Associated],
) -> TokenStream {
    let function = &imported.function;
    let shared = host.abi.shared(function);
    let handles = Handles::Trait {
        me,
        associated,
        shared: &shared,
    };
    let types = Types::new(host.abi, depth, handles);
    let otherwise = format!("The import `{}`.", function.path);
    let docs = docs::of(function.docs.as_deref(), &otherwise);
    let name = ident(&function.rust());
    let (receiver, params) = match function.params.split_first() {
        Some((_, rest)) if me.is_some() => (
            if me.is_some_and(|me| shared.contains(&me)) {
                quote!(&self)
            } else {
                quote!(&mut self)
            },
            rest,
        ),
        _ => (quote!(&mut self), &*function.params),
    };
    let params = params.iter().map(|param| {
        let argument = Argument::new(types, &param.ty, imported.borrowed);
        let (name, ty) = (ident(&param.rust()), argument.received());
        quote!(#name: #ty)
    });
    let head = quote!(#name(#receiver, #(#params),*));
    let method = host.colour.import(&head, result(types, imported).as_ref());
    let deprecated = docs::deprecated(function.deprecated.as_deref());
    quote!(#docs #deprecated #method)
}

/// What a method returns, if it returns anything.
fn result(types: Types<'_>, imported: &ImportedFunction) -> Option<TokenStream> {
    let result = imported.function.result.as_ref();
    match (imported.trappable, result.map(|ty| types.owned(ty))) {
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
fn provides_trait(host: Host<'_>, import: &Scope) -> TokenStream {
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

        // A host may also have a part for it: this is not the only way.
        #[diagnostic::do_not_recommend]
        impl<T: self::#of> #provides for T {
            type Impl = T;

            fn provide(&mut self) -> &mut T {
                self
            }
        }
    }
}
