//! What things are called in the module of the host's side, and what a host has to be. Paths are as
//! seen from that module.

use super::functions::Functions;
use crate::emit::colour::Colour;
use crate::emit::handles::Handles;
use crate::emit::rust_type::Types;
use crate::emit::tokens::ident;
use crate::model::{Abi, Function, FunctionKind, Resource, ResourceId, Scope};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The host's side of a world, in one colour.
#[derive(Clone, Copy)]
pub(super) struct Host<'a> {
    pub(super) abi: &'a Abi,
    pub(super) functions: &'a Functions<'a>,
    pub(super) colour: Colour,
}

impl<'a> Host<'a> {
    /// The types as the runtime passes them, seen from the module. `exported` is whether they are in
    /// the signature of a function of an interface that the guest exports.
    pub(super) fn passed(self, exported: bool) -> Types<'a> {
        Types::new(self.abi, 1, Handles::Runtime { exported })
    }

    /// The trait of an import.
    pub(super) fn trait_name(self, import: &Scope) -> Ident {
        ident(self.abi.names.import(import.id))
    }

    /// The module that holds the traits of an import's resources.
    pub(super) fn module_name(self, import: &Scope) -> Ident {
        ident(self.abi.names.module_of_traits(import.id))
    }

    /// The name of the trait of whoever has an implementation of an import.
    pub(super) fn provides_name(self, import: &Scope) -> Ident {
        ident(&self.abi.names.provides(import.id))
    }

    /// The trait of whoever has an implementation of an import.
    pub(super) fn provides(self, import: &Scope) -> TokenStream {
        let name = self.provides_name(import);
        quote!(self::#name)
    }

    /// The trait of an import.
    pub(super) fn trait_path(self, import: &Scope) -> TokenStream {
        let name = self.trait_name(import);
        quote!(self::#name)
    }

    /// What the host `H` has for an import.
    pub(super) fn implementation(self, import: &Scope) -> TokenStream {
        let provides = self.provides(import);
        quote!(<H as #provides>::Impl)
    }

    /// The Rust type that the host `H` has for a resource.
    pub(super) fn resource_type(self, id: ResourceId) -> TokenStream {
        let resource = self.abi.resource(id);
        let import = self.abi.scope(resource.scope);
        let (of, path) = (self.implementation(import), self.trait_path(import));
        let name = ident(&resource.rust());
        quote!(<#of as #path>::#name)
    }

    /// The trait of the methods of a resource, if it has any.
    pub(super) fn resource_trait(self, resource: &Resource) -> TokenStream {
        let module = self.module_name(self.abi.scope(resource.scope));
        let name = ident(&resource.rust());
        quote!(self::#module::#name)
    }

    /// What a host has to be for this world.
    pub(super) fn bounds(self) -> TokenStream {
        let traits = self.abi.imports().map(|(import, _)| {
            let provides = self.provides(import);
            // Resources of other interfaces: what the host has for them there.
            let foreign = self.abi.associated(import).into_iter();
            let foreign = foreign.filter(|of| !import.resources.contains(&of.resource));
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

/// Where the runtime keeps an export. Two underscores stand in no name that comes from WIT.
pub(super) fn field(abi: &Abi, scope: &Scope, function: &Function) -> Ident {
    match (function.kind, abi.names.module(scope.id)) {
        (FunctionKind::Method(id), _) => {
            let field = abi.names.field(abi.resource(id));
            format_ident!("{field}__{}", function.rust())
        }
        (_, Some(module)) => format_ident!("{module}__{}", function.rust()),
        (_, None) => ident(&function.rust()),
    }
}
