//! `#[derive(abide::Host)]`: a host made of parts, each a field that provides interfaces.
//!
//! The ABI crate has a trait per imported interface, `host::provides::clock`, that everything
//! implementing the interface has, and the same in `host_async` for hosts that are awaited. The
//! derive implements it for the user's struct by passing on to the field. It knows nothing of WIT:
//! that an interface exists is found out by the compiler, in the path that the derive writes. It
//! names nothing but the paths that the user gave, so it needs neither the name of the facade crate
//! nor anything in scope.

use crate::error::{DeriveMessage, Errors};
use crate::written::written;
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote, quote_spanned};
use std::collections::HashSet;
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DeriveInput, Generics, Member, Meta, Path, PathSegment, Token, Type};

/// Expands one `#[derive(abide::Host)]`; what is wrong comes back all at once.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Errors> {
    let input: DeriveInput = syn::parse2(input)?;
    let parts = parts(&input)?;
    let parts = parts.iter().map(|part| implementation(&input, part));
    Ok(parts.collect())
}

/// An interface and the field that provides it.
struct Part<'a> {
    /// `notes_abi::host::provides::clock`.
    provides: TokenStream,
    /// Where the interface is named: there a compiler's error about it belongs.
    span: Span,
    field: Member,
    ty: &'a Type,
}

/// What the attributes of a struct say.
fn parts(input: &DeriveInput) -> Result<Vec<Part<'_>>, Errors> {
    let fields = match &input.data {
        Data::Struct(data) => &data.fields,
        Data::Enum(_) => return Err(not_a_struct(input, "an enum")),
        Data::Union(_) => return Err(not_a_struct(input, "a union")),
    };
    let mut errors = Errors::default();
    let Options { abi, sides } = struct_options(&input.attrs, &mut errors);
    // Where the option is wrong, not every field has to be told that there is none.
    let abi_missing = abi.is_none() && errors.is_empty();
    let mut parts: Vec<Part<'_>> = Vec::new();
    let mut marked = false;
    for (index, field) in fields.iter().enumerate() {
        let member = match &field.ident {
            Some(name) => Member::Named(name.clone()),
            None => Member::from(index),
        };
        for attribute in host_attributes(&field.attrs) {
            marked = true;
            for path in interfaces(attribute, &mut errors) {
                let interface = written(&path);
                let span = path.span();
                let Some(place) = place(&path, abi.as_ref()) else {
                    if abi_missing {
                        errors.push(span, DeriveMessage::HostNoAbi { interface });
                    }
                    continue;
                };
                let provides = sides.iter().map(|side| provides(&place, side));
                let provides: Vec<TokenStream> = provides.collect();
                let is_provided = |part: &&Part<'_>| {
                    let mut others = provides.iter();
                    others.any(|other| part.provides.to_string() == other.to_string())
                };
                if let Some(first) = parts.iter().find(is_provided) {
                    let first = first.field.to_token_stream().to_string();
                    errors.push(span, DeriveMessage::HostTwice { interface, first });
                    continue;
                }
                parts.extend(provides.into_iter().map(|provides| Part {
                    provides,
                    span,
                    field: member.clone(),
                    ty: &field.ty,
                }));
            }
        }
    }
    if !marked {
        errors.push(input.ident.span(), DeriveMessage::HostWithoutParts);
    }
    errors.finish()?;
    Ok(parts)
}

fn not_a_struct(input: &DeriveInput, found: &'static str) -> Errors {
    let message = DeriveMessage::HostOnOther { found };
    Errors::from((input.ident.span(), message.into()))
}

fn host_attributes(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    let attributes = attributes.iter();
    attributes.filter(|attribute| attribute.path().is_ident("host"))
}

/// What `#[host(…)]` says at the struct.
struct Options {
    /// The ABI whose interfaces fields name: `abi = path`.
    abi: Option<Path>,
    /// The modules whose traits are implemented: `host`, unless others are named.
    sides: Vec<Ident>,
}

/// The modules of an ABI that have traits for hosts.
const SIDES: [&str; 2] = ["host", "host_async"];

fn struct_options(attributes: &[Attribute], errors: &mut Errors) -> Options {
    let (mut abi, mut sides) = (None, Vec::<Ident>::new());
    for attribute in host_attributes(attributes) {
        let Some(options) = options(attribute) else {
            errors.push(attribute.path().span(), DeriveMessage::HostOption);
            continue;
        };
        for (name, value) in options {
            let found = written(&name);
            let side = name
                .get_ident()
                .filter(|side| SIDES.iter().any(|of| side == of));
            let wrong = match (value, side) {
                (Some(path), _) if name.is_ident("abi") => match abi.replace(path) {
                    None => continue,
                    Some(_) => DeriveMessage::HostOptionTwice,
                },
                (None, Some(side)) if sides.contains(side) => DeriveMessage::HostOptionTwice,
                (None, Some(side)) => {
                    sides.push(side.clone());
                    continue;
                }
                (None, None) if !name.is_ident("abi") => {
                    DeriveMessage::HostInterfaceOnStruct { found }
                }
                _ => DeriveMessage::HostOptionUnknown { found },
            };
            errors.push(name.span(), wrong);
        }
    }
    if sides.is_empty() {
        sides.push(Ident::new(SIDES[0], Span::call_site()));
    }
    Options { abi, sides }
}

/// The interfaces that `#[host(…)]` at a field names.
fn interfaces(attribute: &Attribute, errors: &mut Errors) -> Vec<Path> {
    let Some(options) = options(attribute) else {
        errors.push(attribute.path().span(), DeriveMessage::HostNames);
        return Vec::new();
    };
    let mut interfaces = Vec::new();
    for (name, value) in options {
        match value {
            None => interfaces.push(name),
            Some(_) if name.is_ident("abi") => {
                errors.push(name.span(), DeriveMessage::HostOptionOnField);
            }
            Some(_) => errors.push(name.span(), DeriveMessage::HostNames),
        }
    }
    interfaces
}

/// What stands in `#[host(…)]`, where that is anything and it parses.
fn options(attribute: &Attribute) -> Option<Punctuated<(Path, Option<Path>), Token![,]>> {
    let Meta::List(list) = &attribute.meta else {
        return None;
    };
    let all = |input: ParseStream<'_>| Punctuated::parse_terminated_with(input, option);
    let options = all.parse2(list.tokens.clone()).ok()?;
    (!options.is_empty()).then_some(options)
}

/// `name` or `name = path`.
fn option(input: ParseStream<'_>) -> syn::Result<(Path, Option<Path>)> {
    let name = Path::parse_mod_style(input)?;
    if input.parse::<Option<Token![=]>>()?.is_none() {
        return Ok((name, None));
    }
    Ok((name, Some(Path::parse_mod_style(input)?)))
}

/// Where an interface is: the path of its ABI, and its name there. `clock` is of the struct's ABI,
/// `other_abi::clock` of another.
fn place(interface: &Path, abi: Option<&Path>) -> Option<(TokenStream, PathSegment)> {
    let mut path = interface.clone();
    let last = path.segments.pop()?.into_value();
    if path.segments.is_empty() {
        // `::clock` names a crate, and a crate is no interface.
        let abi = abi.filter(|_| path.leading_colon.is_none())?;
        return Some((quote!(#abi), last));
    }
    // The `::` that stood before the last segment.
    path.segments.pop_punct();
    Some((quote!(#path), last))
}

/// The path of the trait for an interface in a module for hosts.
fn provides((abi, interface): &(TokenStream, PathSegment), side: &Ident) -> TokenStream {
    quote!(#abi::#side::provides::#interface)
}

/// Passes an interface on to the field that provides it.
fn implementation(input: &DeriveInput, part: &Part<'_>) -> TokenStream {
    let Part {
        provides,
        span,
        field,
        ty,
    } = part;
    let name = &input.ident;
    let mut generics = input.generics.clone();
    if mentions(ty, &generics) {
        // A bound on a type without parameters would be checked here and now, and blamed twice.
        let predicate = syn::parse_quote!(#ty: #provides);
        generics.make_where_clause().predicates.push(predicate);
    }
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote_spanned! {*span=>
        #[automatically_derived]
        impl #impl_generics #provides for #name #type_generics #where_clause {
            type Impl = <#ty as #provides>::Impl;

            #[inline]
            fn provide(&mut self) -> &mut Self::Impl {
                <#ty as #provides>::provide(&mut self.#field)
            }
        }
    }
}

/// Whether a type is written with a parameter of the struct.
fn mentions(ty: &Type, generics: &Generics) -> bool {
    let names: HashSet<Ident> = generics
        .params
        .iter()
        .map(|param| match param {
            syn::GenericParam::Type(param) => param.ident.unraw(),
            syn::GenericParam::Const(param) => param.ident.unraw(),
            syn::GenericParam::Lifetime(param) => param.lifetime.ident.unraw(),
        })
        .collect();
    any_ident(ty.to_token_stream(), &|ident| {
        names.contains(&ident.unraw())
    })
}

fn any_ident(tokens: TokenStream, wanted: &dyn Fn(&Ident) -> bool) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => wanted(&ident),
        TokenTree::Group(group) => any_ident(group.stream(), wanted),
        _ => false,
    })
}
