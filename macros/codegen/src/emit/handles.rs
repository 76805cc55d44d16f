//! A handle on a resource where it stands → its Rust type.
//!
//! The same handle looks different by place: a type parameter in the definition of a type, the
//! host's own value in the traits that a host implements, a number to the runtime.

use super::colour::Colour;
use super::tokens::ident;
use crate::model::{Abi, Associated, Leaf, ResourceId};
use proc_macro2::TokenStream;
use quote::quote;

/// Where a handle stands.
#[derive(Clone, Copy)]
pub(super) enum Handles<'a> {
    /// Nowhere: types without handles only.
    None,
    /// In the definition of a type, which has them for parameters.
    Parameters(&'a [(Leaf, String)]),
    /// In the traits that a host implements.
    Trait {
        /// The resource whose trait it is, if it is no interface's.
        me: Option<ResourceId>,
        associated: &'a [Associated],
        /// Of these, a call may be lent several.
        shared: &'a [ResourceId],
    },
    /// In a method that calls an export.
    Call {
        colour: Colour,
        /// The names of the host's resources there.
        generics: &'a [Associated],
        exported: bool,
    },
    /// Between generated code and the runtime.
    Runtime { exported: bool },
}

impl Handles<'_> {
    /// The type of a handle.
    pub(super) fn ty(self, abi: &Abi, root: &TokenStream, leaf: Leaf) -> TokenStream {
        match self {
            Handles::None => quote!(()),
            Handles::Parameters(names) => {
                let names = names.iter().filter(|(known, _)| *known == leaf);
                let names = names.map(|(_, name)| ident(name));
                quote!(#(#names)*)
            }
            Handles::Trait {
                me,
                associated,
                shared,
            } => {
                let ty = match me == Some(leaf.resource) {
                    true => quote!(Self),
                    false => {
                        let name = name(associated, leaf.resource);
                        quote!(Self::#name)
                    }
                };
                match (leaf.own, shared.contains(&leaf.resource)) {
                    (true, _) => ty,
                    (false, true) => quote!(&#ty),
                    (false, false) => quote!(&mut #ty),
                }
            }
            Handles::Call {
                colour,
                generics,
                exported,
            } => {
                if abi.is_guests(leaf, exported) {
                    let path = exported_handle(abi, root, colour, leaf.resource);
                    return if leaf.own { path } else { quote!(&#path) };
                }
                let name = name(generics, leaf.resource);
                if leaf.own { name } else { quote!(&mut #name) }
            }
            Handles::Runtime { exported } => {
                if abi.is_guests(leaf, exported) {
                    quote!(__abide::ResourceAny)
                } else {
                    let tag = tag(abi, root, leaf.resource);
                    quote!(__abide::Resource<#tag>)
                }
            }
        }
    }
}

fn name(names: &[Associated], resource: ResourceId) -> TokenStream {
    let names = names.iter().filter(|name| name.resource == resource);
    let names = names.map(|name| ident(&name.rust));
    quote!(#(#names)*)
}

/// The type that tells the resources of the host apart for the runtime, in all colours. `root` is the
/// path to the module that `abi!` stands in.
pub(super) fn tag(abi: &Abi, root: &TokenStream, resource: ResourceId) -> TokenStream {
    let host = Colour::Sync.module();
    let name = ident(&abi.names.field(abi.resource(resource)));
    quote!(#root::#host::__resources::#name)
}

/// The handle on a resource that a guest exports.
pub(super) fn exported_handle(
    abi: &Abi,
    root: &TokenStream,
    colour: Colour,
    resource: ResourceId,
) -> TokenStream {
    let (host, resource) = (colour.module(), abi.resource(resource));
    let name = ident(&resource.rust());
    let module = abi.names.module(resource.scope).map(ident).into_iter();
    quote!(#root::#host::exports::#(#module::)*#name)
}
