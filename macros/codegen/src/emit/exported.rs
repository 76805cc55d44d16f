//! What a guest exports, as a host sees it: views of the interfaces, and handles on the resources.

use super::docs;
use super::handle::{self, Call};
use super::ident;
use crate::model::{Abi, FunctionKind, Interface, ResourceId};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The module `exports`; nothing where no interface is exported.
pub(super) fn module(abi: &Abi) -> Option<TokenStream> {
    let items: Vec<_> = abi
        .exported()
        .map(|interface| {
            let view = view(abi, interface);
            let resources = resources(abi, interface);
            quote!(#view #resources)
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    Some(quote! {
        /// What guests export: views of the interfaces, which the methods of the handle return, and
        /// handles on resources.
        pub mod exports {
            use super::__abide;
            #(#items)*
        }
    })
}

fn view(abi: &Abi, interface: &Interface) -> TokenStream {
    let handle = ident(&abi.world.rust);
    let name = ident(&interface.rust);
    let docs = docs::of(
        interface.docs.as_deref(),
        &format!("The interface `{}` of a guest.", interface.id),
    );
    let functions = interface
        .functions
        .iter()
        .filter(|function| !matches!(function.kind, FunctionKind::Method(_)));
    let functions = functions.map(|function| {
        let call = Call {
            interface: Some(interface),
            function,
            depth: 2,
            handle: quote!(self.0),
        };
        handle::method(abi, &call, &ident(&function.rust))
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

/// The module of the handles on an interface's resources.
fn resources(abi: &Abi, interface: &Interface) -> Option<TokenStream> {
    if interface.resources.is_empty() {
        return None;
    }
    let module = ident(&interface.module);
    let text = format!(
        "Handles on the resources of the interface `{}`.",
        interface.id
    );
    let docs = docs::of(None, &text);
    let handles = interface
        .resources
        .iter()
        .map(|id| resource(abi, interface, *id));
    Some(quote! {
        #docs
        pub mod #module {
            use super::super::__abide;
            #(#handles)*
        }
    })
}

fn resource(abi: &Abi, interface: &Interface, id: ResourceId) -> TokenStream {
    let resource = abi.resource(id);
    let (name, world): (Ident, Ident) = (ident(&resource.rust), ident(&abi.world.rust));
    let path = &resource.path;
    let otherwise = format!("A handle on a resource `{path}` of a guest.");
    let more = "The resource is released when the handle is dropped. A handle keeps the instance that \
                it came from, and can be used and dropped on any thread.";
    let docs = docs::of_and(resource.docs.as_deref(), &otherwise, more);
    let deprecated = docs::deprecated(resource.deprecated.as_deref());
    let methods = interface
        .functions
        .iter()
        .filter(|function| function.kind == FunctionKind::Method(id));
    let methods = methods.map(|function| {
        let call = Call {
            interface: Some(interface),
            function,
            depth: 3,
            handle: quote!(self.0.handle()),
        };
        handle::method(abi, &call, &ident(&function.rust))
    });
    quote! {
        #docs
        #deprecated
        #[derive(::core::fmt::Debug)]
        pub struct #name(pub(in super::super) __abide::GuestResource<super::super::#world>);

        impl #name {
            #(#methods)*
        }

        impl __abide::GuestError for #name {
            fn fmt_guest(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }
    }
}
