//! `#[abide::module_exports]`: a trait of signatures becomes a handle on guests that are modules.

use super::options::ExportOptions;
use crate::error::{Errors, ModuleMessage};
use proc_macro2::{Literal, Span, TokenStream};
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, FnArg, Ident, ItemTrait, Pat, ReturnType, TraitItem, TraitItemFn, Type};

/// Methods that every handle has.
const OURS: [&str; 8] = [
    "load_module",
    "builder",
    "session",
    "cancellable",
    "reload",
    "reload_bytes",
    "stats",
    "clone",
];

/// A callback, as it is declared.
struct Callback<'a> {
    docs: Vec<&'a Attribute>,
    name: &'a Ident,
    params: Vec<(&'a Ident, &'a Type)>,
    result: TokenStream,
    /// Whether a guest without it is refused.
    is_required: bool,
}

impl Callback<'_> {
    /// Where it is declared, for what is generated.
    fn span(&self) -> Span {
        self.name.span().resolved_at(Span::call_site())
    }
}

/// Expands one `#[abide::module_exports]`; what is wrong comes back all at once.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> Result<TokenStream, Errors> {
    let options = ExportOptions::parse(options)?;
    let span = item.span();
    let Ok(declared) = syn::parse2::<ItemTrait>(item) else {
        return Err(Errors::from((span, ModuleMessage::NotATrait.into())));
    };
    let mut errors = Errors::default();
    if !declared.generics.params.is_empty() {
        errors.push(declared.generics.span(), ModuleMessage::Generic);
    }
    let callbacks = declared.items.iter().filter_map(|item| match item {
        TraitItem::Fn(function) => callback(function, &mut errors),
        other => {
            errors.push(other.span(), ModuleMessage::NotAFunction);
            None
        }
    });
    let callbacks: Vec<Callback<'_>> = callbacks.collect();
    errors.finish()?;
    Ok(handle(&options, &declared, &callbacks))
}

fn callback<'a>(function: &'a TraitItemFn, errors: &mut Errors) -> Option<Callback<'a>> {
    let signature = &function.sig;
    let before = errors.len();
    if !signature.generics.params.is_empty() {
        errors.push(signature.generics.span(), ModuleMessage::Generic);
    }
    if let Some(asyncness) = &signature.asyncness {
        errors.push(asyncness.span(), ModuleMessage::Async);
    }
    if let Some(body) = &function.default {
        errors.push(body.span(), ModuleMessage::Body);
    }
    if OURS.iter().any(|ours| signature.ident == ours) {
        let found = signature.ident.to_string();
        errors.push(signature.ident.span(), ModuleMessage::Ours { found });
    }
    let params = signature.inputs.iter().filter_map(|input| match input {
        FnArg::Typed(typed) => match &*typed.pat {
            Pat::Ident(name) => Some((&name.ident, &*typed.ty)),
            other => {
                errors.push(other.span(), ModuleMessage::Parameter);
                None
            }
        },
        FnArg::Receiver(receiver) => {
            errors.push(receiver.span(), ModuleMessage::Receiver);
            None
        }
    });
    let params = params.collect();
    let result = match &signature.output {
        ReturnType::Default => quote!(()),
        ReturnType::Type(_, ty) => quote!(#ty),
    };
    let docs = function.attrs.iter();
    let docs = docs.filter(|attribute| attribute.path().is_ident("doc"));
    let mut attributes = function.attrs.iter();
    let is_required = attributes.any(|attribute| attribute.path().is_ident("required"));
    (errors.len() == before).then(|| Callback {
        is_required,
        docs: docs.collect(),
        name: &signature.ident,
        params,
        result,
    })
}

fn handle(
    options: &ExportOptions,
    declared: &ItemTrait,
    callbacks: &[Callback<'_>],
) -> TokenStream {
    let ExportOptions {
        abide,
        memory,
        allocators,
        starts,
        inits,
    } = options;
    let (name, visibility, docs) = (&declared.ident, &declared.vis, &declared.attrs);
    let world = name.unraw().to_string();
    let callbacks_type = format_ident!("__{}Callbacks", name.unraw());
    let runtime = quote!(#abide::__private);
    let fields: Vec<&Ident> = callbacks.iter().map(|callback| callback.name).collect();
    let names: Vec<String> = fields
        .iter()
        .map(|field| field.unraw().to_string())
        .collect();
    let types = callbacks.iter().map(|callback| {
        let params = callback.params.iter().map(|(_, ty)| ty);
        let result = &callback.result;
        quote!(#runtime::Callback<fn(#(#params),*) -> #result>)
    });
    // What is no type of a callback is blamed on the callback.
    let checks = callbacks.iter().enumerate().map(|(number, callback)| {
        let number = Literal::usize_unsuffixed(number);
        match callback.is_required {
            true => quote_spanned!(callback.span()=> __check.required(#number)),
            false => quote_spanned!(callback.span()=> __check.callback(#number)),
        }
    });
    let count = Literal::usize_unsuffixed(callbacks.len());
    let methods = callbacks.iter().enumerate().map(|(number, callback)| {
        let Callback {
            docs,
            name,
            params,
            result,
            is_required,
        } = callback;
        let number = Literal::usize_unsuffixed(number);

        let (names, types): (Vec<_>, Vec<_>) = params.iter().copied().unzip();
        let call = match is_required {
            true => quote_spanned!(callback.span()=> call_required),
            false => quote_spanned!(callback.span()=> call_back),
        };
        let call = quote_spanned! {callback.span()=>
            self.0.#call(
                #number,
                |__callbacks| &__callbacks.#name,
                (#(#names,)*),
            )
        };
        let (returned, absent) = match is_required {
            true => (quote!(#result), "Every guest exports it."),
            false => (
                quote!(::core::option::Option<#result>),
                "`None` if the guest does not export it; then nothing is called.",
            ),
        };
        quote! {
            #(#docs)*
            ///
            #[doc = #absent]
            ///
            /// # Errors
            ///
            /// The call failed.
            #visibility fn #name(
                &self,
                #(#names: #types),*
            ) -> #abide::Result<#returned> {
                #call
            }
        }
    });
    quote! {
        #(#docs)*
        ///
        /// A handle on a guest that is a plain module. It is cheap to clone, and can be used from any
        /// number of threads.
        #[derive(::core::clone::Clone, ::core::fmt::Debug)]
        #visibility struct #name(#runtime::Handle<#name>);

        #[doc(hidden)]
        #[derive(::core::fmt::Debug)]
        #visibility struct #callbacks_type { #(#fields: #types,)* }

        impl #name {
            /// Loads a module from its file, with everything at its default.
            ///
            /// `host` is cloned for every instance and serves what the guest imports.
            ///
            /// # Errors
            ///
            /// The file cannot be read or is no module, or the module does not fit this ABI.
            #visibility fn load_module<H>(
                path: impl ::core::convert::AsRef<::std::path::Path>,
                host: H,
            ) -> #abide::Result<Self>
            where
                Self: #abide::HostedBy<H>,
            {
                Self::builder(host).load(path)
            }

            /// Sets limits before loading a module.
            #visibility fn builder<H>(host: H) -> #abide::Builder<Self>
            where
                Self: #abide::HostedBy<H>,
            {
                #abide::HostedBy::with_host(host)
            }

            /// One instance of one's own: it keeps its state from call to call.
            ///
            /// # Errors
            ///
            /// No instance could be had, or the guest failed while it started.
            #visibility fn session(&self) -> #abide::Result<#abide::Session<Self>> {
                self.0.session()
            }

            /// A handle whose calls another thread can end, and what ends them.
            #visibility fn cancellable(&self) -> (Self, #abide::CancelHandle) {
                let (__handle, __cancel) = self.0.cancellable();
                (Self(__handle), __cancel)
            }

            /// Replaces the guest by the module in a file, for this handle and its clones.
            ///
            /// # Errors
            ///
            /// Those of loading; the guest is not replaced then.
            #visibility fn reload(
                &self,
                path: impl ::core::convert::AsRef<::std::path::Path>,
            ) -> #abide::Result<()> {
                self.0.reload(path)
            }

            /// Replaces the guest by a module, as [`reload`](Self::reload) does.
            ///
            /// # Errors
            ///
            /// Those of loading; the guest is not replaced then.
            #visibility fn reload_bytes(
                &self,
                module: impl ::core::convert::AsRef<[::core::primitive::u8]>,
            ) -> #abide::Result<()> {
                self.0.reload_bytes(module)
            }

            /// What happened so far to this handle and its clones, their sessions included.
            #visibility fn stats(&self) -> #abide::Stats {
                self.0.stats()
            }

            #(#methods)*
        }

        impl<H: #abide::module::Imports> #abide::HostedBy<H> for #name {
            fn with_host(host: H) -> #abide::Builder<Self> {
                #abide::Builder::of_modules(
                    host,
                    &#runtime::ModuleAbi {
                        memory: #memory,
                        allocators: &[#(#allocators),*],
                        starts: &[#(#starts),*],
                        inits: &[#(#inits),*],
                    },
                )
            }
        }

        impl #runtime::World for #name {
            type Exports = #callbacks_type;
            const DESCRIPTION: &'static #runtime::Description = &#runtime::Description {
                name: #world,
                functions: &[#(#runtime::Signature {
                    interface: "",
                    name: #names,
                    params: &[],
                    result: ::core::option::Option::None,
                }),*],
                exports: ..#count,
                imports: #count..,
                resources: &[],
            };

            fn exports(
                __check: &mut #runtime::Check<'_>,
            ) -> ::core::option::Option<#callbacks_type> {
                // All are looked up before the first of another type ends it.
                #(let #fields = #checks;)*
                ::core::option::Option::Some(#callbacks_type { #(#fields: #fields?,)* })
            }
        }

        impl #runtime::WorldHandle for #name {
            fn from_handle(__handle: #runtime::Handle<Self>) -> Self {
                Self(__handle)
            }

            fn handle(&self) -> &#runtime::Handle<Self> {
                &self.0
            }
        }
    }
}
