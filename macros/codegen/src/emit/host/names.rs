//! What things are called in the module of the host's side, and what a host has to be. Paths are as
//! seen from that module.

use crate::emit::colour::Colour;
use crate::emit::tokens::ident;
use crate::emit::usage::Usage;
use crate::model::{Abi, Associated, Function, Interface, Resource, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The host's side of a world, in one colour.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) abi: &'a Abi,
    pub(super) colour: Colour,
}

/// Something that the world imports: an interface, or the world's own level for `None`.
pub(super) type Import<'a> = Option<&'a Interface>;

/// What an import is made of: its functions, its resources, and the types that stand for these.
pub(super) struct Parts<'a> {
    pub(super) functions: &'a [Function],
    pub(super) resources: &'a [ResourceId],
    pub(super) associated: &'a [Associated],
}

impl<'a> Host<'a> {
    /// The types as seen from the module.
    pub(super) fn usage(self) -> Usage<'a> {
        Usage::new(self.abi, 1)
    }

    /// Everything that the world imports and a host implements.
    pub(super) fn imports(self) -> Vec<Import<'a>> {
        let world = self.abi.world.has_imports().then_some(None);
        self.abi.imported().map(Some).chain(world).collect()
    }

    pub(super) fn parts(self, import: Import<'a>) -> Parts<'a> {
        match import {
            Some(interface) => Parts {
                functions: &interface.functions,
                resources: &interface.resources,
                associated: &interface.associated,
            },
            None => Parts {
                functions: &self.abi.world.imports,
                resources: &self.abi.world.resources,
                associated: &self.abi.world.associated,
            },
        }
    }

    /// The trait of an import.
    pub(super) fn trait_name(self, import: Import<'_>) -> Ident {
        match import {
            Some(interface) => ident(&interface.rust),
            None => format_ident!("{}Imports", self.abi.world.rust),
        }
    }

    /// The module that holds the traits of an import's resources.
    pub(super) fn module_name(self, import: Import<'_>) -> Ident {
        ident(import.map_or("imports", |interface| &interface.module))
    }

    /// The name of the trait of whoever has an implementation of an import.
    pub(super) fn provides_name(self, import: Import<'_>) -> Ident {
        format_ident!("Provides{}", self.trait_name(import))
    }

    /// The trait of whoever has an implementation of an import.
    pub(super) fn provides(self, import: Import<'_>) -> TokenStream {
        let name = self.provides_name(import);
        quote!(self::#name)
    }

    /// The trait of an import.
    pub(super) fn trait_path(self, import: Import<'_>) -> TokenStream {
        let name = self.trait_name(import);
        quote!(self::#name)
    }

    /// What the host `H` has for an import.
    pub(super) fn implementation(self, import: Import<'_>) -> TokenStream {
        let provides = self.provides(import);
        quote!(<H as #provides>::Impl)
    }

    /// The Rust type that the host `H` has for a resource.
    pub(super) fn resource_type(self, id: ResourceId) -> TokenStream {
        let import = self.abi.owner(id);
        let (of, path) = (self.implementation(import), self.trait_path(import));
        let name = ident(&self.abi.resource(id).rust);
        quote!(<#of as #path>::#name)
    }

    /// The module that the trait of a resource's methods stands in.
    pub(super) fn module_of(self, resource: &Resource) -> Ident {
        self.module_name(resource.owner.map(|owner| &self.abi.interfaces[owner]))
    }

    /// The trait of the methods of a resource, if it has any.
    pub(super) fn resource_trait(self, resource: &Resource) -> TokenStream {
        let (module, name) = (self.module_of(resource), ident(&resource.rust));
        quote!(self::#module::#name)
    }

    /// What a host has to be for this world.
    pub(super) fn bounds(self) -> TokenStream {
        let traits = self.imports().into_iter().map(|import| {
            let provides = self.provides(import);
            let parts = self.parts(import);
            // Resources of other interfaces: what the host has for them there.
            let foreign = parts.associated.iter();
            let foreign = foreign.filter(|of| !parts.resources.contains(&of.resource));
            let foreign: Vec<_> = foreign
                .map(|of| {
                    let (name, ty) = (ident(&of.rust), self.resource_type(of.resource));
                    quote!(#name = #ty)
                })
                .collect();
            if foreign.is_empty() {
                return provides;
            }
            let of = self.trait_path(import);
            quote!(#provides<Impl: #of<#(#foreign),*>>)
        });
        let bounds = self.colour.bounds();
        quote!(#(#traits +)* #bounds)
    }
}
