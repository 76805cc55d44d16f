//! `#[abide::module("env")]`: the methods of an `impl` block become functions that modules import.

use super::options::ImportOptions;
use crate::error::{Errors, ModuleMessage};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::ext::IdentExt as _;
use syn::spanned::Spanned as _;
use syn::{
    FnArg, GenericParam, ImplItem, ImplItemFn, ItemImpl, Lifetime, ReturnType, Type, TypeReference,
};

/// Expands one `#[abide::module]`; what is wrong comes back all at once, behind the block itself.
pub(crate) fn expand(options: TokenStream, item: TokenStream) -> Result<TokenStream, Errors> {
    let options = ImportOptions::parse(options)?;
    let span = item.span();
    let Ok(block) = syn::parse2::<ItemImpl>(item) else {
        return Err(Errors::from((span, ModuleMessage::NotAnImpl.into())));
    };
    let mut errors = Errors::default();
    if let Some((_, path, _)) = &block.trait_ {
        errors.push(path.span(), ModuleMessage::NotAnImpl);
    }
    let methods = block.items.iter().filter_map(|item| match item {
        ImplItem::Fn(method) => Some(method),
        _ => None,
    });
    let methods: Vec<TokenStream> = methods
        .map(|method| function(&options, method, &mut errors))
        .collect();
    if methods.is_empty() {
        errors.push(block.self_ty.span(), ModuleMessage::NoFunctions);
    }
    errors.finish()?;

    let ImportOptions { abide, module, .. } = &options;
    let offer = format_ident!("offer_{}", rust_name(&module.value()));
    let text = format!(
        "Offers guests the functions of the module `{}`.",
        module.value()
    );
    let ty = &block.self_ty;
    let (generics, _, bounds) = block.generics.split_for_impl();
    Ok(quote! {
        #block

        #[automatically_derived]
        impl #generics #ty #bounds {
            #[doc = #text]
            pub fn #offer(linker: &mut #abide::module::Linker<'_, Self>)
            where
                Self: #abide::module::Imports,
            {
                #(#methods)*
            }
        }
    })
}

/// A module's name as part of a Rust name.
fn rust_name(module: &str) -> String {
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    module.chars().map(letter).collect()
}

/// The statement that offers a method.
fn function(options: &ImportOptions, method: &ImplItemFn, errors: &mut Errors) -> TokenStream {
    let signature = &method.sig;
    let mut generics = signature.generics.params.iter();
    if let Some(generic) = generics.find(|one| !matches!(one, GenericParam::Lifetime(_))) {
        errors.push(generic.span(), ModuleMessage::Generic);
    }
    if let Some(asyncness) = &signature.asyncness {
        errors.push(asyncness.span(), ModuleMessage::Async);
    }
    let is_self =
        |receiver: &syn::Receiver| receiver.mutability.is_some() && receiver.reference.is_some();
    let arguments = match signature.receiver() {
        Some(receiver) if is_self(receiver) => 1,
        _ => {
            errors.push(signature.ident.span(), ModuleMessage::NoSelf);
            0
        }
    };
    let types: Vec<&Type> = signature
        .inputs
        .iter()
        .skip(arguments)
        .filter_map(|input| match input {
            FnArg::Typed(input) => Some(&*input.ty),
            FnArg::Receiver(_) => None,
        })
        .collect();
    for ty in &types {
        if let Type::ImplTrait(ty) = ty {
            errors.push(ty.span(), ModuleMessage::Generic);
        }
    }

    let ImportOptions {
        abide,
        module,
        refusal,
    } = options;
    let (method, name) = (&signature.ident, signature.ident.unraw().to_string());
    let path = format!("{}.{name}", module.value());
    let names: Vec<_> = (0..types.len())
        .map(|i| format_ident!("__argument{i}"))
        .collect();
    let constants = types.iter().map(|ty| forever((*ty).clone()));
    let call = quote!(__host.#method(#(#names),*));
    let (answer, call) = match &signature.output {
        ReturnType::Type(_, ty) if is_result(ty) => (quote!(#ty), call),
        ReturnType::Type(_, ty) => (
            quote!(::core::result::Result<#ty, #refusal>),
            quote!(::core::result::Result::Ok(#call)),
        ),
        ReturnType::Default => (
            quote!(::core::result::Result<(), #refusal>),
            quote!(::core::result::Result::Ok(#call)),
        ),
    };
    quote! {
        linker.func::<#answer>(
            #module,
            #name,
            #path,
            &[#(<#constants as #abide::module::Param<'_>>::TYPES),*],
            |__host, __raw, __memory| {
                #(let #names: #types = #abide::module::Param::take(__raw, __memory)?;)*
                <#answer as #abide::module::Answer>::check(__raw, __memory)?;
                ::core::result::Result::Ok(#call)
            },
        );
    }
}

/// Whether a type is written as a `Result`.
fn is_result(ty: &Type) -> bool {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last();
            last.is_some_and(|last| last.ident == "Result")
        }
        _ => false,
    }
}

/// A type as it stands in a constant, where nothing is borrowed for less than for ever.
fn forever(ty: Type) -> Type {
    match ty {
        Type::Reference(TypeReference { elem, .. }) => {
            let elem = forever(*elem);
            syn::parse_quote!(&'static #elem)
        }
        Type::Path(mut path) => {
            for segment in &mut path.path.segments {
                if let syn::PathArguments::AngleBracketed(arguments) = &mut segment.arguments {
                    for argument in &mut arguments.args {
                        match argument {
                            syn::GenericArgument::Lifetime(lifetime) => {
                                *lifetime = Lifetime::new("'static", lifetime.span());
                            }
                            syn::GenericArgument::Type(ty) => *ty = forever(ty.clone()),
                            _ => {}
                        }
                    }
                }
            }
            Type::Path(path)
        }
        other => other,
    }
}
