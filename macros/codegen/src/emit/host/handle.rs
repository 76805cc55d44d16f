//! The handle of a world: how a host loads a guest and calls it.

use super::export::{self, Call};
use super::link;
use super::names::Host;
use super::tables;
use super::world;
use crate::docs;
use crate::emit::tokens::ident;
use proc_macro2::TokenStream;
use quote::quote;

/// The handle, who may be its host, and what the runtime has to know of the world.
pub(super) fn items(host: Host<'_>) -> TokenStream {
    let handle = handle(host);
    let hosted = hosted(host);
    let world = world::items(host);
    quote!(#handle #hosted #world)
}

/// Who may be a host of the world: the one place that says so.
fn hosted(host: Host<'_>) -> TokenStream {
    let (name, bounds) = (ident(&host.abi.names.world), host.bounds());
    let (tables, link, told) = (tables::ty(host), link::closure(host), host.colour.told());
    quote! {
        impl<H: #bounds> __abide::HostedBy<H> for #name {
            fn with_host(host: H) -> __abide::Builder<Self> {
                __abide::Builder::new::<H, #tables>(host, #link) #told
            }
        }
    }
}

fn handle(host: Host<'_>) -> TokenStream {
    let (abi, colour) = (host.abi, host.colour);
    let world = &abi.world;
    let name = ident(&abi.names.world);
    let docs = docs::of_and(
        world.docs.as_deref(),
        &format!("A guest of the world `{}`, ready to be called.", world.id),
        "A handle is cheap to clone, and can be used from any number of threads. A call runs in an instance \
         of its own, unless the handle keeps instances for its calls (`Isolation::Warm`) or the call is made \
         through a [`session`](Self::session).",
    );
    let deprecated = docs::deprecated(world.deprecated.as_deref());
    let functions = abi.level().exported().zip(&abi.names.methods);
    let functions = functions.map(|(function, method)| {
        let call = Call {
            scope: abi.level(),
            function,
            depth: 1,
            handle: quote!(self.0),
        };
        export::method(host, &call, &ident(method))
    });
    let accessors = abi.exported().map(|scope| {
        let (method, view) = (
            ident(abi.names.accessor(scope.id)),
            ident(abi.names.export(scope.id)),
        );
        let docs = docs::of(None, &format!("The exported interface `{}`.", scope.wit));
        let deprecated = docs::deprecated(scope.deprecated.as_deref());
        quote! {
            #docs
            #deprecated
            pub fn #method(&self) -> exports::#view<'_> {
                exports::#view(&self.0)
            }
        }
    });
    let keyword = colour.keyword();
    let [load, session, reload, reload_bytes] =
        ["load", "session", "reload", "reload_bytes"].map(|name| colour.runtime(name));
    let load = colour.awaited(quote!(Self::builder(host).#load(path)));
    let session = colour.awaited(quote!(self.0.#session()));
    let reload = colour.awaited(quote!(self.0.#reload(path)));
    let reload_bytes = colour.awaited(quote!(self.0.#reload_bytes(component)));
    quote! {
        #docs
        #deprecated
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
            pub #keyword load<H>(
                path: impl ::core::convert::AsRef<::std::path::Path>,
                host: H,
            ) -> __abide::Result<Self>
            where
                Self: __abide::HostedBy<H>,
            {
                #load
            }

            /// Sets limits and grants before loading a guest.
            pub fn builder<H>(host: H) -> __abide::Builder<Self>
            where
                Self: __abide::HostedBy<H>,
            {
                __abide::HostedBy::with_host(host)
            }

            /// One instance of one's own: it keeps its state from call to call.
            ///
            /// # Errors
            ///
            /// No instance could be had, or the guest failed while it started.
            pub #keyword session(&self) -> __abide::Result<__abide::Session<Self>> {
                #session
            }

            /// A handle whose calls another thread can end, and what ends them.
            pub fn cancellable(&self) -> (Self, __abide::CancelHandle) {
                let (__handle, __cancel) = self.0.cancellable();
                (Self(__handle), __cancel)
            }

            /// Replaces the guest by the component in a file, for this handle and its clones.
            ///
            /// Calls that are running are finished by the guest that they began with, and sessions
            /// keep theirs.
            ///
            /// # Errors
            ///
            /// Those of loading; the guest is not replaced then.
            pub #keyword reload(
                &self,
                path: impl ::core::convert::AsRef<::std::path::Path>,
            ) -> __abide::Result<()> {
                #reload
            }

            /// Replaces the guest by a component, as [`reload`](Self::reload) does.
            ///
            /// # Errors
            ///
            /// Those of loading; the guest is not replaced then.
            pub #keyword reload_bytes(
                &self,
                component: impl ::core::convert::AsRef<[::core::primitive::u8]>,
            ) -> __abide::Result<()> {
                #reload_bytes
            }

            /// What happened so far to this handle and its clones, their sessions included.
            pub fn stats(&self) -> __abide::Stats {
                self.0.stats()
            }

            #(#functions)*
            #(#accessors)*
        }
    }
}
