//! The method that calls an export.

use super::calls;
use super::names::{Host, field};
use super::tables;
use crate::docs;
use crate::emit::convert;
use crate::emit::handles::{Handles, exported_handle, tag};
use crate::emit::passing::{Cx, Passing};
use crate::emit::rust_type::{Form, Types};
use crate::emit::tokens::ident;
use crate::model::{Function, FunctionKind, Scope, Type};
use proc_macro2::{Ident, TokenStream};
use quote::quote;

/// An export, and where the method stands that calls it.
pub(super) struct Call<'a> {
    /// Where the export is.
    pub(super) scope: &'a Scope,
    pub(super) function: &'a Function,
    /// How many modules deep the method stands.
    pub(super) depth: usize,
    /// The expression of the handle: a place.
    pub(super) handle: TokenStream,
}

/// A method that calls an export.
pub(super) fn method(host: Host<'_>, call: &Call<'_>, name: &Ident) -> TokenStream {
    let (abi, colour) = (host.abi, host.colour);
    let function = call.function;
    let exported = !call.scope.is_world();
    let names = abi.generics(call.scope, function);
    let handles = Handles::Call {
        colour,
        generics: &names,
        exported,
    };
    let types = Types::new(abi, call.depth, handles);
    let otherwise = format!("Calls the export `{}`.", function.path);
    let docs = docs::of_and(
        function.docs.as_deref(),
        &otherwise,
        "# Errors\n\nThe call failed, or the guest returned an error where it can.",
    );
    let deprecated = docs::deprecated(function.deprecated.as_deref());
    let generics = names.iter().map(|of| {
        let name = ident(&of.rust);
        quote!(#name: ::core::marker::Send + 'static)
    });
    let arguments: Vec<Ident> = function
        .params
        .iter()
        .map(|param| ident(&param.rust()))
        .collect();
    let is_method = matches!(function.kind, FunctionKind::Method(_));
    let here = TokenStream::new();
    let params = function.params.iter().zip(&arguments);
    let params = params.skip(usize::from(is_method)).map(|(param, name)| {
        let ty = types.rust_type(&param.ty, Form::Passed(&here));
        quote!(#name: #ty)
    });
    let run = colour.awaited(run(host, call, &types.root(), &arguments));
    let keyword = colour.keyword();
    let (result, body) = match &function.result {
        None => (quote!(__abide::Result<()>), run),
        Some(ty) => match abi.dealias(ty) {
            Type::Result(ok, err) => {
                let ok = types.optional(ok.as_deref(), Form::Owned);
                let err = types.optional(err.as_deref(), Form::Owned);
                (
                    quote!(::core::result::Result<#ok, __abide::CallError<#err>>),
                    quote! {
                        let (__result,) = #run?;
                        __result.map_err(__abide::CallError::Guest)
                    },
                )
            }
            _ => {
                let ty = types.owned(ty);
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
        pub #keyword #name<#(#generics),*>(&self, #(#params),*) -> #result {
            #body
        }
    }
}

/// The call itself: plain, or with handles that are passed on under way.
fn run(host: Host<'_>, call: &Call<'_>, root: &TokenStream, names: &[Ident]) -> TokenStream {
    let (abi, colour) = (host.abi, host.colour);
    let (function, handle) = (call.function, &call.handle);
    let exported = !call.scope.is_world();
    let number = host.functions.number(call.scope, function);
    let field = field(abi, call.scope, function);
    let values = calls::values(names);
    let mentioned = abi.mentioned(function);
    if mentioned.is_empty() {
        let call = colour.runtime("call");
        return quote!(#handle.#call(#number, |__exports| &__exports.#field, #values));
    }
    // Handles on the guest's resources are of one instance: that of a session.
    let in_session = mentioned.iter().any(|leaf| abi.is_guests(*leaf, exported));
    let me = matches!(function.kind, FunctionKind::Method(_))
        .then(|| names.first().map(|name| quote!(let #name = self;)));
    let passed = Passing {
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
            let index = tables::index(abi, leaf.resource);
            Some(match leaf.own {
                true => quote!(#cx.give_value(#index, #handle, #path)),
                false => quote!(#cx.lend_value(#index, #handle, #path)),
            })
        }),
    };
    let returned = Passing {
        abi,
        cx: Cx::reference("__passing"),
        handle: Box::new(|leaf, cx, value| {
            if abi.is_guests(leaf, exported) {
                let path = exported_handle(abi, root, colour, leaf.resource);
                return Some(quote! {
                    __abide::GuestResource::returned(&#handle, #value).map(#path)
                });
            }
            let path = &abi.resource(leaf.resource).path;
            let index = tables::index(abi, leaf.resource);
            Some(quote!(#cx.take_value(#index, #value, #path)))
        }),
    };
    // Before anything is passed: what the guest returned could not be given back.
    let generics = abi.generics(call.scope, function);
    let expected = generics.iter().map(|of| {
        let (index, path) = (
            tables::index(abi, of.resource),
            &abi.resource(of.resource).path,
        );
        let (tag, name) = (tag(abi, root, of.resource), ident(&of.rust));
        quote!(__passing.expects::<#tag, #name>(#index, #path)?;)
    });
    let params = convert::params(&passed, function.params.iter().zip(names));
    let result = match &function.result {
        None => quote!(|_, __nothing: ()| ::core::result::Result::Ok(__nothing)),
        Some(ty) => {
            let value = convert::value(&returned, ty, quote!(__result));
            quote!(|__passing, (__result,)| ::core::result::Result::Ok((#value,)))
        }
    };
    let call_with = colour.runtime("call_with");
    quote! {
        #handle.#call_with(
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
