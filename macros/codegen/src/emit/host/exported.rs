//! What a guest exports, as a host sees it: views of the interfaces, and handles on the resources.

use super::export::{self, Call};
use super::names::Host;
use crate::docs;
use crate::emit::tokens::ident;
use crate::model::{FunctionKind, ResourceId, Scope};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// The module `exports`; nothing where no interface is exported.
pub(super) fn module(host: Host<'_>) -> Option<TokenStream> {
    let items: Vec<_> = host
        .abi
        .exported()
        .map(|scope| {
            let view = view(host, scope);
            let resources = resources(host, scope);
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

fn view(host: Host<'_>, scope: &Scope) -> TokenStream {
    let handle = ident(&host.abi.names.world);
    let name = ident(host.abi.names.export(scope.id));
    let docs = docs::of(
        scope.docs.as_deref(),
        &format!("The interface `{}` of a guest.", scope.wit),
    );
    let functions = scope
        .exported()
        .filter(|function| !matches!(function.kind, FunctionKind::Method(_)));
    let functions = functions.map(|function| {
        let call = Call {
            scope,
            function,
            depth: 2,
            handle: quote!(self.0),
        };
        export::method(host, &call, &ident(&function.rust()))
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
fn resources(host: Host<'_>, scope: &Scope) -> Option<TokenStream> {
    if scope.resources.is_empty() {
        return None;
    }
    let module = ident(host.abi.names.module_of_traits(scope.id));
    let text = format!("Handles on the resources of the interface `{}`.", scope.wit);
    let docs = docs::of(None, &text);
    let handles = scope.resources.iter().map(|id| resource(host, scope, *id));
    Some(quote! {
        #docs
        pub mod #module {
            use super::super::__abide;
            #(#handles)*
        }
    })
}

fn resource(host: Host<'_>, scope: &Scope, id: ResourceId) -> TokenStream {
    let abi = host.abi;
    let resource = abi.resource(id);
    let (name, world): (Ident, Ident) = (ident(&resource.rust()), ident(&abi.names.world));
    let path = &resource.path;
    let otherwise = format!("A handle on a resource `{path}` of a guest.");
    let more = host.colour.when_released();
    let docs = docs::of_and(resource.docs.as_deref(), &otherwise, more);
    let deprecated = docs::deprecated(resource.deprecated.as_deref());
    let methods = scope
        .exported()
        .filter(|function| function.kind == FunctionKind::Method(id));
    let methods = methods.map(|function| {
        let call = Call {
            scope,
            function,
            depth: 3,
            handle: quote!(self.0.handle()),
        };
        export::method(host, &call, &ident(&function.rust()))
    });
    let released = host.colour.released(&name, &world);
    quote! {
        #docs
        #deprecated
        #[derive(::core::fmt::Debug)]
        pub struct #name(pub(in super::super) __abide::GuestResource<super::super::#world>);

        impl #name {
            #(#methods)*
        }

        #released

        impl __abide::GuestError for #name {
            fn fmt_guest(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Debug::fmt(self, f)
            }
        }
    }
}
