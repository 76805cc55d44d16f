//! Prints what a type needs to stand for one of WIT's. See the head of this folder for what that
//! is.

use super::shaped::{Kind, Member, Shaped};
use crate::error::DeriveMessage;
use crate::rust_macros;
use crate::written::written;
use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;

pub(super) fn all(shaped: &Shaped<'_>) -> TokenStream {
    let shape = shape(shaped);
    let host = host(shaped);
    let guest = guest(shaped);
    let error = shaped.error.then(|| error(shaped));
    quote! { #shape #host #guest #error }
}

/// The description that `abi!` compares with the WIT.
fn shape(shaped: &Shaped<'_>) -> TokenStream {
    let Shaped {
        name,
        abide,
        repr_c,
        ..
    } = shaped;
    let kind = match shaped.kind {
        Kind::Record => quote!(Record),
        Kind::Variant => quote!(Variant),
        Kind::Enum => quote!(Enum),
    };
    let members = shaped.members.iter().map(|member| {
        let (wit, rust) = (&member.wit, member.rust.unraw().to_string());
        let ty = match member.ty {
            Some(ty) => {
                let ty = written(ty);
                quote!(::core::option::Option::Some(#ty))
            }
            None => quote!(::core::option::Option::None),
        };
        quote!(#abide::__private::shape::Member { wit: #wit, rust: #rust, ty: #ty })
    });
    let types = shaped
        .members
        .iter()
        .enumerate()
        .filter_map(|(index, member)| {
            let ty = member.ty?;
            let index = Literal::usize_unsuffixed(index);
            Some(quote! {
                #[automatically_derived]
                impl #abide::__private::shape::Holds<#index> for #name { type Type = #ty; }
            })
        });
    quote! {
        #[automatically_derived]
        impl #abide::__private::shape::Shape for #name {
            const KIND: #abide::__private::shape::Kind = #abide::__private::shape::Kind::#kind;
            const MEMBERS: &'static [#abide::__private::shape::Member] = &[#(#members),*];
            const REPR_C: bool = #repr_c;
        }
        #(#types)*
    }
}

/// The mirror, and the traits of the engine by way of it.
fn host(shaped: &Shaped<'_>) -> TokenStream {
    let Shaped { name, abide, .. } = shaped;
    let mirror = mirror(shaped);
    let owned = types(shaped, |ty| ty.to_token_stream());
    let lent = types(shaped, |ty| quote!(&'lent #ty));
    let (take, lend) = conversions(shaped);
    quote! {
        #[cfg(not(target_family = "wasm"))]
        const _: () = {
            // A module, so that nothing of what is in scope here is in scope for the engine's
            // derives.
            mod __abide_mirror { #mirror }

            #[automatically_derived]
            impl #abide::__private::Mirrored for #name {
                type Owned = __abide_mirror::Mirror #owned;
                type Lent<'lent> = __abide_mirror::Mirror #lent;

                #[inline]
                fn take(__mirror: Self::Owned) -> Self { #take }

                #[inline]
                fn lend(&self) -> Self::Lent<'_> { #lend }
            }

            #abide::__private::component_mirrored!(#name);
        };
    }
}

/// The arguments of the mirror: one for each member that has a type.
fn types(shaped: &Shaped<'_>, each: impl Fn(&syn::Type) -> TokenStream) -> Option<TokenStream> {
    let types: Vec<_> = shaped
        .members
        .iter()
        .filter_map(|m| m.ty)
        .map(each)
        .collect();
    (!types.is_empty()).then(|| quote!(<#(#types),*>))
}

fn member(index: usize, kind: Kind) -> Ident {
    match kind {
        Kind::Record => format_ident!("f{index}", span = Span::call_site()),
        _ => format_ident!("C{index}", span = Span::call_site()),
    }
}

/// The type with the engine's derives. Its names are its own: those of the user could be anything.
fn mirror(shaped: &Shaped<'_>) -> TokenStream {
    let engine = {
        let abide = &shaped.abide;
        quote!(#abide::__private::wasmtime)
    };
    let all = || shaped.members.iter().enumerate();
    let parameters: Vec<Ident> = all()
        .filter(|(_, member)| member.ty.is_some())
        .map(|(index, _)| format_ident!("P{index}"))
        .collect();
    let parameters = (!parameters.is_empty()).then(|| quote!(<#(#parameters),*>));
    let members = all().map(|(index, one)| {
        let (name, wit) = (member(index, shaped.kind), &one.wit);
        let parameter = format_ident!("P{index}");
        let rest = match (shaped.kind, one.ty) {
            (Kind::Record, _) => quote!(: #parameter),
            (_, Some(_)) => quote!((#parameter)),
            (_, None) => quote!(),
        };
        let public = (shaped.kind == Kind::Record).then(|| quote!(pub));
        quote!(#[component(name = #wit)] #public #name #rest)
    });
    let head = match shaped.kind {
        Kind::Record => quote!(#[component(record)] pub struct),
        Kind::Variant => quote!(#[component(variant)] pub enum),
        Kind::Enum => {
            let repr = repr(shaped);
            quote!(#[component(enum)] #[derive(::core::clone::Clone, ::core::marker::Copy)] #[repr(#repr)] pub enum)
        }
    };
    let abide = &shaped.abide;
    let scope = rust_macros::scope(&quote!(#abide::__private));
    quote! {
        #scope
        #[allow(missing_docs, missing_debug_implementations, unreachable_pub, clippy::all)]
        #[derive(#engine::component::ComponentType, #engine::component::Lift, #engine::component::Lower)]
        #[component(wasmtime_crate = #engine)]
        #head Mirror #parameters { #(#members,)* }
    }
}

/// The bodies of `take` and `lend`.
fn conversions(shaped: &Shaped<'_>) -> (TokenStream, TokenStream) {
    let all = || shaped.members.iter().enumerate();
    if shaped.kind == Kind::Record {
        let take = all().map(|(index, one)| {
            let (rust, name) = (one.rust, member(index, shaped.kind));
            quote!(#rust: __mirror.#name)
        });
        let lend = all().map(|(index, one)| {
            let (rust, name) = (one.rust, member(index, shaped.kind));
            quote!(#name: &self.#rust)
        });
        return (
            quote!(Self { #(#take,)* }),
            quote!(__abide_mirror::Mirror { #(#lend,)* }),
        );
    }
    let arm = |from: TokenStream, to: TokenStream, one: &Member<'_>| match one.ty {
        Some(_) => quote!(#from(__payload) => #to(__payload)),
        None => quote!(#from => #to),
    };
    let take = all().map(|(index, one)| {
        let (rust, name) = (one.rust, member(index, shaped.kind));
        arm(
            quote!(__abide_mirror::Mirror::#name),
            quote!(Self::#rust),
            one,
        )
    });
    let lend = all().map(|(index, one)| {
        let (rust, name) = (one.rust, member(index, shaped.kind));
        arm(
            quote!(Self::#rust),
            quote!(__abide_mirror::Mirror::#name),
            one,
        )
    });
    (
        quote!(match __mirror { #(#take,)* }),
        quote!(match self { #(#lend,)* }),
    )
}

/// The integer that stands for a case, as the canonical ABI has it.
fn repr(shaped: &Shaped<'_>) -> Ident {
    let repr = match shaped.members.len() {
        0..=0x100 => "u8",
        0x101..=0x1_0000 => "u16",
        _ => "u32",
    };
    Ident::new(repr, Span::call_site())
}

/// What wit-bindgen's code needs of the type.
fn guest(shaped: &Shaped<'_>) -> TokenStream {
    let misnamed = shaped.members.iter().filter_map(|one| {
        let message = DeriveMessage::TypeGuestName {
            wit: one.wit.clone(),
            rust: one.rust.to_string(),
            expected: one.guest_name.clone()?,
        };
        let message = message.to_string();
        Some(quote_spanned! {one.span=>
            #[cfg(target_family = "wasm")]
            ::core::compile_error!(#message);
        })
    });
    let lift = (shaped.kind == Kind::Enum).then(|| {
        let (name, repr) = (shaped.name, repr(shaped));
        let arms = shaped.members.iter().enumerate().map(|(index, one)| {
            let (index, rust) = (Literal::usize_unsuffixed(index), one.rust);
            quote!(#index => Self::#rust)
        });
        let wrong = format!("the host passed {{}}, which is no case of the enum `{name}`");
        quote! {
            #[cfg(target_family = "wasm")]
            #[automatically_derived]
            impl #name {
                #[doc(hidden)]
                pub fn _lift(value: #repr) -> Self {
                    match value {
                        #(#arms,)*
                        other => ::core::panic!(#wrong, other),
                    }
                }
            }
        }
    });
    quote!(#(#misnamed)* #lift)
}

/// Shows the type as the error of a `result`, in the words of its `Display`.
fn error(shaped: &Shaped<'_>) -> TokenStream {
    let Shaped { name, abide, .. } = shaped;
    quote! {
        #[cfg(not(target_family = "wasm"))]
        #[automatically_derived]
        impl #abide::__private::GuestError for #name {
            fn fmt_guest(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(self, f)
            }
        }
    }
}
