//! The handle of a world: how a host loads a guest and calls it.

use super::calls;
use super::convert::{Conversion, Cx};
use super::docs;
use super::handles::{Handles, exported_handle, tag};
use super::host;
use super::ident;
use super::link::table_index;
use super::usage::Usage;
use super::world;
use crate::model::{Abi, Function, FunctionKind, Interface, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The handle, and what the runtime has to know of the world.
pub(super) fn items(abi: &Abi) -> TokenStream {
    let handle = handle(abi);
    let world = world::items(abi);
    quote!(#handle #world)
}

fn handle(abi: &Abi) -> TokenStream {
    let world = &abi.world;
    let name = ident(&world.rust);
    let bounds = host::bounds(abi);
    let docs = docs::of_and(
        world.docs.as_deref(),
        &format!("A guest of the world `{}`, ready to be called.", world.id),
        "A handle is cheap to clone, and can be used from any number of threads. A call runs in an instance \
         of its own, unless the handle keeps instances for its calls (`Isolation::Warm`) or the call is made \
         through a [`session`](Self::session).",
    );
    let deprecated = docs::deprecated(world.deprecated.as_deref());
    let functions = world.exports.iter().map(|function| {
        let call = Call {
            interface: None,
            function,
            depth: 1,
            handle: quote!(self.0),
        };
        method(abi, &call, &ident(&function.method))
    });
    let accessors = abi.exported().map(|interface| {
        let (method, view) = (ident(&interface.accessor), ident(&interface.rust));
        let docs = docs::of(None, &format!("The exported interface `{}`.", interface.id));
        let deprecated = docs::deprecated(interface.deprecated.as_deref());
        quote! {
            #docs
            #deprecated
            pub fn #method(&self) -> exports::#view<'_> {
                exports::#view(&self.0)
            }
        }
    });
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
            pub fn load<H: #bounds>(
                path: impl ::core::convert::AsRef<::std::path::Path>,
                host: H,
            ) -> __abide::Result<Self> {
                Self::builder(host).load(path)
            }

            /// Sets limits and grants before loading a guest.
            pub fn builder<H: #bounds>(host: H) -> __abide::Builder<Self> {
                __builder(host)
            }

            /// One instance of one's own: it keeps its state from call to call.
            ///
            /// # Errors
            ///
            /// No instance could be had, or the guest failed while it started.
            pub fn session(&self) -> __abide::Result<__abide::Session<Self>> {
                self.0.session()
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
            pub fn reload(
                &self,
                path: impl ::core::convert::AsRef<::std::path::Path>,
            ) -> __abide::Result<()> {
                self.0.reload(path)
            }

            /// Replaces the guest by a component, as [`reload`](Self::reload) does.
            ///
            /// # Errors
            ///
            /// Those of loading; the guest is not replaced then.
            pub fn reload_bytes(
                &self,
                component: impl ::core::convert::AsRef<[::core::primitive::u8]>,
            ) -> __abide::Result<()> {
                self.0.reload_bytes(component)
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

/// An export, and where the method stands that calls it.
pub(super) struct Call<'a> {
    /// The interface, if the export is not the world's own.
    pub(super) interface: Option<&'a Interface>,
    pub(super) function: &'a Function,
    /// How many modules deep the method stands.
    pub(super) depth: usize,
    /// The expression of the handle: a place.
    pub(super) handle: TokenStream,
}

/// A method that calls an export.
pub(super) fn method(abi: &Abi, call: &Call<'_>, name: &Ident) -> TokenStream {
    let function = call.function;
    let exported = call.interface.is_some();
    let handles = Handles::Call {
        generics: &function.generics,
        exported,
    };
    let usage = Usage::new(abi, call.depth).with(handles);
    let otherwise = format!("Calls the export `{}`.", function.path);
    let docs = docs::of_and(
        function.docs.as_deref(),
        &otherwise,
        "# Errors\n\nThe call failed, or the guest returned an error where it can.",
    );
    let deprecated = docs::deprecated(function.deprecated.as_deref());
    let generics = function.generics.iter().map(|of| {
        let name = ident(&of.rust);
        quote!(#name: ::core::marker::Send + 'static)
    });
    let names: Vec<Ident> = function
        .params
        .iter()
        .map(|param| ident(&param.rust))
        .collect();
    let is_method = matches!(function.kind, FunctionKind::Method(_));
    let here = TokenStream::new();
    let params = function.params.iter().zip(&names);
    let params = params.skip(usize::from(is_method)).map(|(param, name)| {
        let ty = usage.borrowed(&param.ty, &here);
        quote!(#name: #ty)
    });
    let run = run(abi, call, usage, &names);
    let (result, body) = match &function.result {
        None => (quote!(__abide::Result<()>), run),
        Some(ty) => match usage.abi.dealias(ty) {
            Type::Result(ok, err) => {
                let ok = usage.optional(ok.as_deref());
                let err = usage.optional(err.as_deref());
                (
                    quote!(::core::result::Result<#ok, __abide::CallError<#err>>),
                    quote! {
                        let (__result,) = #run?;
                        __result.map_err(__abide::CallError::Guest)
                    },
                )
            }
            _ => {
                let ty = usage.owned(ty);
                (
                    quote!(__abide::Result<#ty>),
                    quote! {
                        let (__result,) = #run?;
                        ::core::result::Result::Ok(__result)
                    },
                )
            }
        },
    };
    quote! {
        #docs
        #deprecated
        pub fn #name<#(#generics),*>(&self, #(#params),*) -> #result {
            #body
        }
    }
}

/// The call itself: plain, or with handles that are passed on under way.
fn run(abi: &Abi, call: &Call<'_>, usage: Usage<'_>, names: &[Ident]) -> TokenStream {
    let (function, handle) = (call.function, &call.handle);
    let exported = call.interface.is_some();
    let number = world::number(abi, function);
    let field = export_field(abi, call.interface, function);
    let values = calls::values(names);
    let mentioned = abi.mentioned(function);
    if mentioned.is_empty() {
        return quote!(#handle.call(#number, |__exports| &__exports.#field, #values));
    }
    // Handles on the guest's resources are of one instance: that of a session.
    let in_session = mentioned.iter().any(|leaf| abi.is_guests(*leaf, exported));
    let me = matches!(function.kind, FunctionKind::Method(_))
        .then(|| names.first().map(|name| quote!(let #name = self;)));
    let passed = Conversion {
        abi,
        cx: Cx::reference("__passing"),
        handle: Box::new(|leaf, cx, handle| {
            let path = &abi.resource(leaf.resource).path;
            if abi.is_guests(leaf, exported) {
                return Some(match leaf.own {
                    true => quote!(#cx.give(#handle.0, #path)),
                    false => quote!(#cx.lend(&#handle.0, #path)),
                });
            }
            let index = table_index(abi, leaf.resource);
            Some(match leaf.own {
                true => quote!(#cx.give_value(#index, #handle, #path)),
                false => quote!(#cx.lend_value(#index, #handle, #path)),
            })
        }),
    };
    let returned = Conversion {
        abi,
        cx: Cx::reference("__passing"),
        handle: Box::new(|leaf, cx, value| {
            if abi.is_guests(leaf, exported) {
                let path = exported_handle(usage, leaf.resource);
                return Some(quote! {
                    __abide::GuestResource::returned(&#handle, #value).map(#path)
                });
            }
            let path = &abi.resource(leaf.resource).path;
            let index = table_index(abi, leaf.resource);
            Some(quote!(#cx.take_value(#index, #value, #path)))
        }),
    };
    // Before anything is passed: what the guest returned could not be given back.
    let expected = function.generics.iter().map(|of| {
        let (index, path) = (
            table_index(abi, of.resource),
            &abi.resource(of.resource).path,
        );
        let (tag, name) = (tag(usage, of.resource), ident(&of.rust));
        quote!(__passing.expects::<#tag, #name>(#index, #path)?;)
    });
    let params = passed.params(function.params.iter().zip(names));
    let result = match &function.result {
        None => quote!(|_, __nothing: ()| ::core::result::Result::Ok(__nothing)),
        Some(ty) => {
            let value = returned.value(ty, quote!(__result));
            quote!(|__passing, (__result,)| ::core::result::Result::Ok((#value,)))
        }
    };
    quote! {
        #handle.call_with(
            #number,
            #in_session,
            |__exports| &__exports.#field,
            |__passing| {
                #me
                #(#expected)*
                #params
                ::core::result::Result::Ok(#values)
            },
            #result,
        )
    }
}

/// Where the runtime keeps an export. Two underscores stand in no name that comes from WIT.
pub(super) fn export_field(abi: &Abi, interface: Option<&Interface>, function: &Function) -> Ident {
    match (function.kind, interface) {
        (FunctionKind::Method(id), _) => {
            format_ident!("{}__{}", abi.resource(id).field, function.rust)
        }
        (_, Some(interface)) => format_ident!("{}__{}", interface.module, function.rust),
        (_, None) => ident(&function.rust),
    }
}
