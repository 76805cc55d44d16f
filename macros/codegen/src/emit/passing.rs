//! Values with handles in them: what the runtime passes on becomes what the user sees, and the other
//! way.

use super::convert::{self, Conversion};
use super::tokens::ident;
use crate::model::{Abi, Kind, Leaf, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// How the handles in a value are converted.
pub(super) struct Passing<'a> {
    pub(super) abi: &'a Abi,
    /// What the conversion of a handle needs.
    pub(super) cx: Cx,
    /// The expression that converts a handle, given the name of what it needs and the expression of
    /// the handle, to a value of type `Step`; `None` leaves the handle as it is.
    pub(super) handle: Box<Convert<'a>>,
}

/// See [`Passing::handle`].
pub(super) type Convert<'a> = dyn Fn(Leaf, &Ident, &TokenStream) -> Option<TokenStream> + 'a;

/// A variable that is passed on by mutable reference.
pub(super) struct Cx {
    name: Ident,
    is_reference: bool,
}

impl Cx {
    /// A variable that is a mutable reference.
    pub(super) fn reference(name: &str) -> Self {
        let (name, is_reference) = (ident(name), true);
        Self { name, is_reference }
    }

    /// A variable that is no reference.
    pub(super) fn local(name: &str) -> Self {
        let (name, is_reference) = (ident(name), false);
        Self { name, is_reference }
    }

    fn borrowed(&self) -> TokenStream {
        let name = &self.name;
        match self.is_reference {
            true => quote!(&mut *#name),
            false => quote!(&mut #name),
        }
    }
}

impl Conversion for Passing<'_> {
    fn abi(&self) -> &Abi {
        self.abi
    }

    fn concerns(&self, ty: &Type) -> bool {
        self.abi
            .handles(ty)
            .into_iter()
            .any(|leaf| (self.handle)(leaf, &self.cx.name, &quote!(handle)).is_some())
    }

    fn whole(&self, ty: &Type, value: &TokenStream) -> Option<TokenStream> {
        match ty {
            Type::Handle(leaf) => {
                let converted = (self.handle)(*leaf, &self.cx.name, value)?;
                Some(quote!(#converted?))
            }
            Type::Named(id) => {
                let (cx, inner) = (self.cx.borrowed(), ident("__cx"));
                let handles = self.abi.def(*id).facts.handles.iter();
                let functions = handles.map(|leaf| {
                    let converted = (self.handle)(*leaf, &inner, &quote!(__handle));
                    match converted {
                        Some(converted) => quote!(|__cx, __handle| #converted),
                        None => quote!(|_, __handle| ::core::result::Result::Ok(__handle)),
                    }
                });
                Some(quote!(#value.__convert(#cx, #(#functions),*)?))
            }
            _ => None,
        }
    }
}

/// The method by which a type that holds handles is converted; `parameters` are those of the type.
pub(super) fn method(
    abi: &Abi,
    name: &Ident,
    kind: &Kind,
    parameters: &[(Leaf, String)],
) -> TokenStream {
    let functions: Vec<Ident> = (0..parameters.len())
        .map(|index| format_ident!("__convert{index}"))
        .collect();
    let passing = Passing {
        abi,
        cx: Cx::reference("__cx"),
        handle: Box::new(|leaf, cx, handle| {
            let index = parameters.iter().position(|(known, _)| *known == leaf)?;
            let function = &functions[index];
            Some(quote!(#function(&mut *#cx, #handle)))
        }),
    };
    let body = convert::of_self(&passing, kind, name);
    let from: Vec<Ident> = parameters.iter().map(|(_, name)| ident(name)).collect();
    let to: Vec<Ident> = from.iter().map(|name| format_ident!("__{name}")).collect();
    quote! {
        impl<#(#from),*> #name<#(#from),*> {
            #[doc(hidden)]
            #[cfg(not(target_family = "wasm"))]
            pub fn __convert<__Cx: ?::core::marker::Sized, #(#to),*>(
                self,
                __cx: &mut __Cx,
                #(#functions: impl ::core::marker::Copy + ::core::ops::Fn(&mut __Cx, #from) -> __abide::Step<#to>,)*
            ) -> __abide::Step<#name<#(#to),*>> {
                ::core::result::Result::Ok(#body)
            }
        }
    }
}
