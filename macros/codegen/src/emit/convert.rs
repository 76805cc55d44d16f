//! Values with handles in them, from one form to another: what the runtime passes on becomes what
//! the user sees, and the other way.
//!
//! The code that it emits stands in functions that return the runtime's `Result`.

use super::tokens::ident;
use crate::model::{Abi, Leaf, Param, Type};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// How the handles in a value are converted.
pub(super) struct Conversion<'a> {
    pub(super) abi: &'a Abi,
    /// What the conversion of a handle needs.
    pub(super) cx: Cx,
    /// The expression that converts a handle, given the name of what it needs and the expression of
    /// the handle, to a value of type `Result`; `None` leaves the handle as it is.
    pub(super) handle: Box<Convert<'a>>,
}

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

/// See [`Conversion::handle`].
pub(super) type Convert<'a> = dyn Fn(Leaf, &Ident, &TokenStream) -> Option<TokenStream> + 'a;

impl Conversion<'_> {
    /// Whether anything in a type is converted.
    pub(super) fn concerns(&self, ty: &Type) -> bool {
        self.abi
            .handles(ty)
            .into_iter()
            .any(|leaf| (self.handle)(leaf, &self.cx.name, &quote!(handle)).is_some())
    }

    /// The statements that convert parameters, each under its name.
    pub(super) fn params<'p>(
        &self,
        params: impl Iterator<Item = (&'p Param, &'p Ident)>,
    ) -> TokenStream {
        let concerned = params.filter(|(param, _)| self.concerns(&param.ty));
        concerned
            .map(|(param, name)| {
                let value = self.value(&param.ty, quote!(#name));
                quote!(let #name = #value;)
            })
            .collect()
    }

    /// The expression of `value` converted.
    pub(super) fn value(&self, ty: &Type, value: TokenStream) -> TokenStream {
        if !self.concerns(ty) {
            return value;
        }
        match self.abi.dealias(ty) {
            Type::Handle(leaf) => {
                let converted = (self.handle)(*leaf, &self.cx.name, &value);
                converted.map_or(value, |converted| quote!(#converted?))
            }
            Type::List(of) => {
                let item = self.value(of, quote!(__item));
                quote!({
                    let __list = #value;
                    let mut __items = ::std::vec::Vec::with_capacity(__list.len());
                    for __item in __list {
                        __items.push(#item);
                    }
                    __items
                })
            }
            Type::Option(of) => {
                let some = self.value(of, quote!(__some));
                quote!(match #value {
                    ::core::option::Option::Some(__some) => ::core::option::Option::Some(#some),
                    ::core::option::Option::None => ::core::option::Option::None,
                })
            }
            Type::Result(ok, err) => {
                let [ok, err] = [ok, err].map(|ty| match ty {
                    Some(ty) => self.value(ty, quote!(__payload)),
                    None => quote!(__payload),
                });
                quote!(match #value {
                    ::core::result::Result::Ok(__payload) => ::core::result::Result::Ok(#ok),
                    ::core::result::Result::Err(__payload) => ::core::result::Result::Err(#err),
                })
            }
            Type::Tuple(of) => {
                let names: Vec<Ident> = (0..of.len())
                    .map(|index| format_ident!("__element{index}"))
                    .collect();
                let each = of
                    .iter()
                    .zip(&names)
                    .map(|(ty, name)| self.value(ty, quote!(#name)));
                quote!({
                    let (#(#names,)*) = #value;
                    (#(#each,)*)
                })
            }
            Type::Named(id) => {
                let (cx, inner) = (self.cx.borrowed(), ident("__cx"));
                let handles = &self.abi.def(*id).facts.handles;
                let functions = handles.iter().map(|leaf| {
                    let converted = (self.handle)(*leaf, &inner, &quote!(__handle));
                    match converted {
                        Some(converted) => quote!(|__cx, __handle| #converted),
                        None => quote!(|_, __handle| ::core::result::Result::Ok(__handle)),
                    }
                });
                quote!(#value.__convert(#cx, #(#functions),*)?)
            }
            Type::Bool | Type::Char | Type::String | Type::Number(_) => value,
        }
    }
}

/// The method by which a type that holds handles is converted.
pub(super) fn method(
    abi: &Abi,
    handles: &[(Leaf, String)],
    body: &dyn Fn(&Conversion<'_>) -> TokenStream,
) -> (TokenStream, TokenStream) {
    let functions: Vec<Ident> = (0..handles.len())
        .map(|index| format_ident!("__convert{index}"))
        .collect();
    let conversion = Conversion {
        abi,
        cx: Cx::reference("__cx"),
        handle: Box::new(|leaf, cx, handle| {
            let index = handles.iter().position(|(known, _)| *known == leaf)?;
            let function = &functions[index];
            Some(quote!(#function(&mut *#cx, #handle)))
        }),
    };
    let body = body(&conversion);
    let from: Vec<Ident> = handles.iter().map(|(_, name)| ident(name)).collect();
    let to: Vec<Ident> = from.iter().map(|name| format_ident!("__{name}")).collect();
    let signature = quote! {
        #[doc(hidden)]
        #[cfg(not(target_family = "wasm"))]
        pub fn __convert<__Cx: ?::core::marker::Sized, #(#to),*>(
            self,
            __cx: &mut __Cx,
            #(#functions: impl ::core::marker::Copy + ::core::ops::Fn(&mut __Cx, #from) -> __abide::Result<#to>,)*
        )
    };
    (signature, body)
}
