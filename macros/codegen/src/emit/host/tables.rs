//! What the runtime keeps of the host's resources for each instance.

use super::names::Host;
use crate::emit::colour::Colour;
use crate::emit::tokens::ident;
use crate::model::{Abi, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The tables of the values that guests have handles on, one per resource, and the types that tell
/// the resources apart. All colours use those of one.
pub(super) fn items(host: Host<'_>) -> Option<TokenStream> {
    let all: Vec<_> = host.abi.host_resources().collect();
    if all.is_empty() || host.colour != Colour::Sync {
        return None;
    }
    let fields: Vec<Ident> = all
        .iter()
        .map(|(_, of)| ident(&host.abi.names.field(of)))
        .collect();
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
            #(pub(super) #fields: __abide::Table<self::__resources::#fields, #params>,)*
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
pub(super) fn ty(host: Host<'_>) -> TokenStream {
    let mut types = host
        .abi
        .host_resources()
        .map(|(id, _)| host.resource_type(id))
        .peekable();
    if types.peek().is_none() {
        return quote!(());
    }
    let common = host.colour.common();
    quote!(#common::__Tables<#(#types),*>)
}

/// The number of a resource's table.
pub(super) fn index(abi: &Abi, id: ResourceId) -> usize {
    let before = abi.host_resources().take_while(|(other, _)| *other != id);
    before.count()
}
