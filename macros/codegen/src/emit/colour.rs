//! How a host waits for its guests, and they for it. The emitters of the host's side are given a
//! colour and write what it says; what the colours differ in stands here and nowhere else.

use super::tokens::ident;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// One way of calling and being called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
    /// A call returns when it is done, and its thread waits until then.
    Sync,
    /// A call is a future, and so is an import.
    Async,
}

/// An import as it is linked.
pub(super) struct Import<'a> {
    /// Its name in WIT.
    pub(super) wit: &'a str,
    /// What errors call it.
    pub(super) path: &'a str,
    /// What the runtime lifts: names, and the type.
    pub(super) params: (TokenStream, TokenStream),
    pub(super) tables: TokenStream,
}

impl Colour {
    /// The module of the host's side.
    pub(super) fn module(self) -> Ident {
        match self {
            Self::Sync => ident("host"),
            Self::Async => ident("host_async"),
        }
    }

    /// What the docs of the module say beside what it is for.
    pub(super) fn module_docs(self) -> &'static str {
        match self {
            Self::Sync => "",
            Self::Async => {
                " Calls of guests are futures, and so are the functions that a host offers. Dropping the \
                 future of a call drops the instance that it runs on."
            }
        }
    }

    /// The module with what is the same in all colours, seen from that of this one.
    pub(super) fn common(self) -> TokenStream {
        match self {
            Self::Sync => quote!(self),
            Self::Async => {
                let module = Self::Sync.module();
                quote!(super::#module)
            }
        }
    }

    /// What a function begins with that waits for a guest.
    pub(super) fn keyword(self) -> TokenStream {
        match self {
            Self::Sync => quote!(fn),
            Self::Async => quote!(async fn),
        }
    }

    /// The method of a trait that a host implements. `head` is its name and its parameters,
    /// `result` the type that it returns.
    pub(super) fn import(self, head: &TokenStream, result: Option<&TokenStream>) -> TokenStream {
        match self {
            Self::Sync => {
                let result = result.map(|ty| quote!(-> #ty));
                quote!(fn #head #result;)
            }
            // What an `async fn` implements as well, if its future is `Send`.
            Self::Async => {
                let nothing = quote!(());
                let result = result.unwrap_or(&nothing);
                quote! {
                    fn #head -> impl ::core::future::Future<Output = #result> + ::core::marker::Send;
                }
            }
        }
    }

    /// The value of a call that has been waited for.
    pub(super) fn awaited(self, call: TokenStream) -> TokenStream {
        match self {
            Self::Sync => call,
            Self::Async => quote!(#call.await),
        }
    }

    /// The runtime's function of this colour.
    pub(super) fn runtime(self, name: &str) -> Ident {
        match self {
            Self::Sync => ident(name),
            Self::Async => format_ident!("{name}_async"),
        }
    }

    /// What a host has to be beside what it provides: each instance has a clone, on any thread.
    pub(super) fn bounds(self) -> TokenStream {
        quote! {
            ::core::clone::Clone + ::core::marker::Send + ::core::marker::Sync + 'static
        }
    }

    /// What an implementation of an import has to be, as a trait's bounds: a reference to it may be
    /// held while it waits.
    pub(super) fn sent(self) -> Option<TokenStream> {
        match self {
            Self::Sync => None,
            Self::Async => Some(quote!(: ::core::marker::Send)),
        }
    }

    /// What the host has to have for a resource. Of what is `shared`, references may be held while
    /// it waits.
    pub(super) fn resource(self, shared: bool) -> TokenStream {
        match self == Self::Async && shared {
            false => quote!(::core::marker::Send + 'static),
            true => quote!(::core::marker::Send + ::core::marker::Sync + 'static),
        }
    }

    /// Links an import. `body` has `__host`, `__tables` and `__guest`, and comes to a `Step`.
    pub(super) fn linked(self, import: &Import<'_>, body: &TokenStream) -> TokenStream {
        let Import {
            wit,
            path,
            params: (pattern, ty),
            tables,
        } = import;
        match self {
            Self::Sync => quote! {
                __interface.func(#wit, |__cx: __abide::Cx<'_>, #pattern: #ty| {
                    __abide::call_host(__cx, #path, |__host: &mut H, __tables: &mut #tables, __guest| {
                        #body
                    })
                })?;
            },
            Self::Async => quote! {
                __interface.func_async(#wit, |mut __cx: __abide::Cx<'_>, #pattern: #ty| {
                    ::std::boxed::Box::new(async move {
                        let mut __call = __abide::HostCall::<H, #tables>::take(&mut __cx, #path)?;
                        let __outcome = {
                            let (__host, __tables, __guest) = __call.parts(&__cx)?;
                            let __body = async { #body };
                            let __body = ::core::pin::pin!(::core::option::Option::Some(__body));
                            __abide::caught(#path, __body).await
                        };
                        __call.put_back(&mut __cx);
                        __outcome
                    })
                })?;
            },
        }
    }

    /// The docs of a handle on a guest's resource.
    pub(super) fn when_released(self) -> &'static str {
        match self {
            Self::Sync => {
                "The resource is released when the handle is dropped. A handle keeps the instance that \
                 it came from, and can be used and dropped on any thread."
            }
            Self::Async => {
                "The resource is released by `abide::release`, or, where the handle is dropped, at the \
                 next call of its session. A handle keeps the instance that it came from, and can be \
                 used and dropped on any thread."
            }
        }
    }

    /// What has a handle on a guest's resource released by the runtime, where that is to be
    /// awaited. `world` is two modules above the handle.
    pub(super) fn released(self, handle: &Ident, world: &Ident) -> Option<TokenStream> {
        match self {
            Self::Sync => None,
            Self::Async => Some(quote! {
                impl __abide::GuestHandle for #handle {
                    type World = super::super::#world;

                    fn into_resource(self) -> __abide::GuestResource<super::super::#world> {
                        self.0
                    }
                }
            }),
        }
    }

    /// What a builder is told.
    pub(super) fn told(self) -> Option<TokenStream> {
        match self {
            Self::Sync => None,
            Self::Async => Some(quote!(.on_fibres())),
        }
    }
}
