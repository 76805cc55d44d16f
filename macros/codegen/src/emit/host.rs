//! The host side: the module `host`, and what a host has to be.
//!
//! The traits are in [`super::traits`], linking in [`super::link`], the handle and its views in
//! [`super::handle`]. Nothing here names a type of wasmtime.

use super::docs;
use super::usage::Usage;
use super::{exported, handle, ident, link, lints, traits};
use crate::args::Args;
use crate::model::{Abi, Interface, Resource, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The module `host`.
pub(super) fn module(abi: &Abi, args: &Args) -> TokenStream {
    let docs = docs::of(
        None,
        &format!(
            "The host side of the world `{}`: the handle to call a guest with, and the traits that \
             a host implements for what guests import.",
            abi.world.id
        ),
    );
    let traits = traits::items(abi, args);
    let handle = handle::items(abi);
    let exports = exported::module(abi);
    let link = link::items(abi);
    let lints = lints();
    quote! {
        #docs
        #lints
        #[cfg(not(target_family = "wasm"))]
        pub mod host {
            use super::__abide;
            #traits
            #handle
            #exports
            #link
        }
    }
}

/// Something that the world imports: an interface, or the world's own level for `None`.
pub(super) type Import<'a> = Option<&'a Interface>;

/// Everything that the world imports and a host implements.
pub(super) fn imports(abi: &Abi) -> Vec<Import<'_>> {
    let world = abi.world.has_imports().then_some(None);
    abi.imported().map(Some).chain(world).collect()
}

/// The resources that an import defines.
pub(super) fn resources<'a>(abi: &'a Abi, import: Import<'a>) -> &'a [ResourceId] {
    match import {
        Some(interface) => &interface.resources,
        None => &abi.world.resources,
    }
}

/// The trait of an import. In what follows, paths are as seen from the module `host`.
pub(super) fn trait_name(abi: &Abi, import: Import<'_>) -> Ident {
    match import {
        Some(interface) => ident(&interface.rust),
        None => format_ident!("{}Imports", abi.world.rust),
    }
}

/// The module that holds the traits of an import's resources.
pub(super) fn module_name(import: Import<'_>) -> Ident {
    ident(import.map_or("imports", |interface| &interface.module))
}

/// The name of the trait of whoever has an implementation of an import.
pub(super) fn provides_name(abi: &Abi, import: Import<'_>) -> Ident {
    format_ident!("Provides{}", trait_name(abi, import))
}

/// The trait of whoever has an implementation of an import.
pub(super) fn provides(abi: &Abi, import: Import<'_>) -> TokenStream {
    let name = provides_name(abi, import);
    quote!(self::#name)
}

/// The trait of an import.
pub(super) fn trait_path(abi: &Abi, import: Import<'_>) -> TokenStream {
    let name = trait_name(abi, import);
    quote!(self::#name)
}

/// What the host `H` has for an import.
pub(super) fn implementation(abi: &Abi, import: Import<'_>) -> TokenStream {
    let provides = provides(abi, import);
    quote!(<H as #provides>::Impl)
}

/// The Rust type that the host `H` has for a resource.
pub(super) fn resource_type(abi: &Abi, id: ResourceId) -> TokenStream {
    let import = abi.owner(id);
    let (of, path) = (implementation(abi, import), trait_path(abi, import));
    let name = ident(&abi.resource(id).rust);
    quote!(<#of as #path>::#name)
}

/// The trait of the methods of a resource, if it has any.
pub(super) fn resource_trait(abi: &Abi, resource: &Resource) -> TokenStream {
    let import = resource.owner.map(|owner| &abi.interfaces[owner]);
    let (module, name) = (module_name(import), ident(&resource.rust));
    quote!(self::#module::#name)
}

/// What a host has to be for this world.
pub(super) fn bounds(abi: &Abi) -> TokenStream {
    let traits = imports(abi).into_iter().map(|import| {
        let provides = provides(abi, import);
        let associated = match import {
            Some(interface) => &interface.associated,
            None => &abi.world.associated,
        };
        // Resources of other interfaces: what the host has for them there.
        let own = resources(abi, import);
        let foreign: Vec<_> = associated
            .iter()
            .filter(|of| !own.contains(&of.resource))
            .map(|of| {
                let (name, ty) = (ident(&of.rust), resource_type(abi, of.resource));
                quote!(#name = #ty)
            })
            .collect();
        if foreign.is_empty() {
            return provides;
        }
        let of = trait_path(abi, import);
        quote!(#provides<Impl: #of<#(#foreign),*>>)
    });
    quote! {
        #(#traits +)* ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
    }
}

/// The types as seen from the module `host`.
pub(super) fn usage(abi: &Abi) -> Usage<'_> {
    Usage::new(abi, 1)
}
