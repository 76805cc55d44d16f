//! The definition of one type, and what stands beside it.
//!
//! The derives `ComponentType`, `Lift` and `Lower` are wasmtime's on the host; on the guest they
//! are stand-ins that generate nothing, and wit-bindgen is told to use these types.

use super::{flat, view};
use crate::args::{Args, derive_name};
use crate::docs;
use crate::emit::passing;
use crate::emit::rust_type::Types;
use crate::emit::tokens::ident;
use crate::emit::with;
use crate::model::{Case, Field, Kind, Leaf, Type, TypeDef, TypeId};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

/// Prints the definition of a type.
pub(super) struct Emitter<'a> {
    pub(super) types: Types<'a>,
    pub(super) args: &'a Args,
    /// The parameters of the type: one for each sort of handle in it.
    pub(super) parameters: &'a [(Leaf, String)],
}

impl Emitter<'_> {
    pub(super) fn definition(&self, id: TypeId) -> TokenStream {
        let abi = self.types.abi;
        let def = abi.def(id);
        if let Some(replacement) = def.replacement {
            return with::ty(self.args, replacement, def);
        }
        let item = match &def.kind {
            Kind::Record(fields) => self.record(def, fields),
            Kind::Variant(cases) => self.variant(def, cases),
            Kind::Enum(cases) => self.enumeration(def, cases),
            Kind::Flags(cases) => self.flags(def, cases),
            Kind::Alias(of) => self.alias(def, of),
        };
        let alias = matches!(def.kind, Kind::Alias(_));
        let error = (abi.is_error(id) && !alias).then(|| self.error(def));
        let name = ident(&def.rust());
        let convert = (!self.parameters.is_empty() && !alias)
            .then(|| passing::method(abi, &name, &def.kind, self.parameters));
        let flat = flat::implementation(self.types, def);
        let view = view::definitions(self.types, id);
        quote!(#item #error #convert #flat #view)
    }

    /// The type's parameters, where it has any.
    fn parameters(&self) -> Option<TokenStream> {
        let names = self.parameters.iter();
        let names: Vec<Ident> = names.map(|(_, name)| ident(name)).collect();
        (!names.is_empty()).then(|| quote!(<#(#names),*>))
    }

    fn record(&self, def: &TypeDef, fields: &[Field]) -> TokenStream {
        let (docs, name, derives) = self.head(def, "record");
        let parameters = self.parameters();
        let fields = fields.iter().map(|field| {
            let otherwise = format!("The field `{}`.", field.wit);
            let docs = docs::of(field.docs.as_deref(), &otherwise);
            let (name, wit) = (ident(&field.rust()), &field.wit);
            let ty = self.types.owned(&field.ty);
            match flat::replaces_derives(def) {
                true => quote!(#docs pub #name: #ty),
                false => quote!(#docs #[component(name = #wit)] pub #name: #ty),
            }
        });
        let component = (!flat::replaces_derives(def))
            .then(|| quote!(#[component(record)] #[component(wasmtime_crate = __abide::wasmtime)]));
        // wit-bindgen passes lists of such records as they lie in memory, and expects that this is
        // the layout of the canonical ABI. On 32 bits it is C's.
        let layout = def.facts.copy.then(|| quote!(#[repr(C)]));
        quote! {
            #docs
            #derives
            #component
            #layout
            pub struct #name #parameters { #(#fields,)* }
        }
    }

    fn variant(&self, def: &TypeDef, cases: &[Case]) -> TokenStream {
        let (docs, name, derives) = self.head(def, "variant");
        let parameters = self.parameters();
        let cases = cases.iter().map(|case| {
            let head = case_head(case);
            let payload = case.ty.as_ref().map(|ty| self.types.owned(ty));
            let payload = payload.map(|ty| quote!((#ty)));
            quote!(#head #payload)
        });
        quote! {
            #docs
            #derives
            #[component(variant)]
            #[component(wasmtime_crate = __abide::wasmtime)]
            pub enum #name #parameters { #(#cases,)* }
        }
    }

    fn enumeration(&self, def: &TypeDef, cases: &[Case]) -> TokenStream {
        let (docs, name, derives) = self.head(def, "enum");
        let repr = flat::enum_bits(cases.len());
        let heads = cases.iter().map(case_head);
        let lift = cases.iter().enumerate().map(|(index, case)| {
            let (index, name) = (Literal::usize_unsuffixed(index), ident(&case.rust()));
            quote!(#index => Self::#name)
        });
        let wrong = format!(
            "the host passed {{}}, which is no case of the enum `{}`",
            def.path
        );
        quote! {
            #docs
            #derives
            #[component(enum)]
            #[component(wasmtime_crate = __abide::wasmtime)]
            #[repr(#repr)]
            pub enum #name { #(#heads,)* }

            // Called by wit-bindgen's code, which has this method on enums of its own.
            #[cfg(target_family = "wasm")]
            impl #name {
                #[doc(hidden)]
                pub fn _lift(value: #repr) -> Self {
                    match value {
                        #(#lift,)*
                        other => ::core::panic!(#wrong, other),
                    }
                }
            }
        }
    }

    fn flags(&self, def: &TypeDef, flags: &[Case]) -> TokenStream {
        let otherwise = format!("The WIT flags `{}`.", def.path);
        let docs = docs::of(def.docs.as_deref(), &otherwise);
        let deprecated = docs::deprecated(def.deprecated.as_deref());
        let name = ident(&def.rust());
        let bits = match flags.len() {
            0..=8 => ident("u8"),
            9..=16 => ident("u16"),
            _ => ident("u32"),
        };
        // Of the user's derives those that hold for any number: others would look into bitflags.
        let extra = self.extra_derives(&["Default", "PartialOrd", "Ord"]);
        let wit_names = flags.iter().map(|flag| &flag.wit);
        let constants = flags.iter().enumerate().map(|(bit, flag)| {
            let otherwise = format!("The flag `{}`.", flag.wit);
            let docs = docs::of(flag.docs.as_deref(), &otherwise);
            let (name, bit) = (ident(&flag.flag()), Literal::usize_unsuffixed(bit));
            quote!(#docs const #name = 1 << #bit)
        });
        quote! {
            __abide::bitflags::bitflags! {
                #docs
                #deprecated
                #[derive(
                    ::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy,
                    ::core::cmp::PartialEq, ::core::cmp::Eq, ::core::hash::Hash, #(#extra,)*
                )]
                pub struct #name: #bits { #(#constants;)* }
            }
            __abide::component_flags!(#name: #bits, [#(#wit_names),*]);
        }
    }

    /// A type of another name: re-exported where it has one of its own, an alias otherwise.
    fn alias(&self, def: &TypeDef, of: &Type) -> TokenStream {
        let otherwise = format!("The WIT type `{}`.", def.path);
        let docs = docs::of(def.docs.as_deref(), &otherwise);
        let deprecated = docs::deprecated(def.deprecated.as_deref());
        let name = ident(&def.rust());
        match of {
            Type::Named(id) if self.types.abi.def(*id).rust() == def.rust() => {
                let path = self.types.path(*id);
                quote!(#[doc(inline)] pub use #path;)
            }
            Type::Named(id) => {
                let path = self.types.path(*id);
                quote!(#[doc(inline)] pub use #path as #name;)
            }
            of => {
                let of = self.types.owned(of);
                let parameters = self.parameters();
                quote!(#docs #deprecated pub type #name #parameters = #of;)
            }
        }
    }

    fn head(&self, def: &TypeDef, kind: &str) -> (TokenStream, proc_macro2::Ident, TokenStream) {
        let otherwise = format!("The WIT {kind} `{}`.", def.path);
        let docs = docs::of(def.docs.as_deref(), &otherwise);
        let deprecated = docs::deprecated(def.deprecated.as_deref());
        let docs = quote!(#docs #deprecated);
        (docs, ident(&def.rust()), self.derives(def))
    }

    /// Our derives and the user's, each once, and none that the type cannot have.
    fn derives(&self, def: &TypeDef) -> TokenStream {
        let copy = def.facts.copy.then(|| quote!(::core::marker::Copy,));
        let eq = (!def.facts.float).then(|| quote!(::core::cmp::Eq, ::core::hash::Hash,));
        let extra = self.args.derives.iter().filter(|path| {
            let name = derive_name(path);
            let ours = ["Debug", "Clone", "Copy", "PartialEq", "Eq", "Hash"];
            !(ours.contains(&name.as_str()) || (name == "Ord" && def.facts.float))
        });
        let component = (!flat::replaces_derives(def))
            .then(|| quote!(__abide::ComponentType, __abide::Lift, __abide::Lower));
        quote! {
            #[derive(
                ::core::fmt::Debug, ::core::clone::Clone, #copy ::core::cmp::PartialEq, #eq
                #(#extra,)*
                #component
            )]
        }
    }

    fn extra_derives(&self, allowed: &[&str]) -> Vec<&syn::Path> {
        let all = self.args.derives.iter();
        all.filter(|path| allowed.contains(&derive_name(path).as_str()))
            .collect()
    }

    /// What makes a type an error: `Display` in the words of its cases, and the traits over it.
    fn error(&self, def: &TypeDef) -> TokenStream {
        let name = ident(&def.rust());
        let parameters = self.parameters();
        let bounds = parameters.is_some().then(|| {
            let names = self.parameters.iter().map(|(_, name)| ident(name));
            quote!(<#(#names: ::core::fmt::Debug),*>)
        });
        let display = match &def.kind {
            Kind::Variant(cases) | Kind::Enum(cases) => {
                let arms = cases.iter().map(|case| self.display_arm(case));
                quote!(match self { #(#arms,)* })
            }
            _ => quote!(::core::fmt::Debug::fmt(self, f)),
        };
        quote! {
            impl #bounds ::core::fmt::Display for #name #parameters {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    #display
                }
            }
            impl #bounds ::std::error::Error for #name #parameters {}
            #[cfg(not(target_family = "wasm"))]
            impl #bounds __abide::GuestError for #name #parameters {
                fn fmt_guest(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Display::fmt(self, f)
                }
            }
        }
    }

    fn display_arm(&self, case: &Case) -> TokenStream {
        let name = ident(&case.rust());
        let words = case.wit.replace('-', " ");
        let Some(ty) = &case.ty else {
            return quote!(Self::#name => f.write_str(#words));
        };
        let shows = match self.types.abi.dealias(ty) {
            Type::Bool | Type::Char | Type::String | Type::Number(_) => true,
            Type::Named(id) => self.types.abi.is_error(*id),
            // A handle may be anything; that it has `Debug` is all that is asked for.
            _ => false,
        };
        let format = if shows {
            format!("{words}: {{}}")
        } else {
            format!("{words}: {{:?}}")
        };
        quote!(Self::#name(payload) => ::core::write!(f, #format, payload))
    }
}

fn case_head(case: &Case) -> TokenStream {
    let otherwise = format!("The case `{}`.", case.wit);
    let docs = docs::of(case.docs.as_deref(), &otherwise);
    let (name, wit) = (ident(&case.rust()), &case.wit);
    quote!(#docs #[component(name = #wit)] #name)
}
