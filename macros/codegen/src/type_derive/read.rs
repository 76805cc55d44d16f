//! The user's type and its attributes → what WIT would see. Everything that can be wrong is said
//! here.

use super::shaped::{Kind, Member, Shaped};
use crate::error::{DeriveMessage, Errors};
use crate::model::naming;
use heck::ToKebabCase;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{ParseStream, Parser};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, LitStr, Meta, Path, Token, Variant};

pub(super) fn shaped(input: &DeriveInput) -> Result<Shaped<'_>, Errors> {
    let mut errors = Errors::default();
    if !input.generics.params.is_empty() {
        let place = input.generics.params.span();
        errors.push(place, DeriveMessage::TypeWithParameters);
    }
    let options = type_options(&input.attrs, &mut errors);
    let (kind, members) = match &input.data {
        Data::Struct(data) => (Kind::Record, fields(input, &data.fields, &mut errors)),
        Data::Enum(data) => cases(input, data, options.variant.is_some(), &mut errors),
        Data::Union(_) => {
            errors.push(input.ident.span(), DeriveMessage::TypeIsUnion);
            (Kind::Record, Vec::new())
        }
    };
    if let Some(span) = options.variant
        && kind == Kind::Record
    {
        errors.push(span, DeriveMessage::TypeVariantOnStruct);
    }
    let repr_c = repr_c(&input.attrs, &mut errors);
    distinct(&members, &mut errors);
    errors.finish()?;
    Ok(Shaped {
        name: &input.ident,
        abide: options.abide.unwrap_or_else(|| quote!(::abide)),
        kind,
        members,
        error: options.error,
        repr_c,
    })
}

/// Whether a type is laid out as in C. With `align` beside it is not.
fn repr_c(attributes: &[Attribute], errors: &mut Errors) -> bool {
    let mut words = Vec::new();
    for attribute in attributes.iter().filter(|a| a.path().is_ident("repr")) {
        let list = Punctuated::<Meta, Token![,]>::parse_terminated;
        // What does not parse is rustc's to refuse.
        words.extend(attribute.parse_args_with(list).into_iter().flatten());
    }
    for word in &words {
        if word.path().is_ident("packed") {
            errors.push(word.path().span(), DeriveMessage::TypePacked);
        }
    }
    matches!(&words[..], [only] if only.path().is_ident("C"))
}

#[derive(Default)]
struct TypeOptions {
    abide: Option<TokenStream>,
    /// Where it is said that an enum without payloads is a variant.
    variant: Option<Span>,
    error: bool,
}

fn type_options(attributes: &[Attribute], errors: &mut Errors) -> TypeOptions {
    let mut found = TypeOptions::default();
    for option in options(attributes, errors) {
        let span = option.name.span();
        let again = match (option.name.to_string().as_str(), option.value) {
            ("crate", Some(Value::Path(path))) => {
                found.abide.replace(path.to_token_stream()).is_some()
            }
            ("variant", None) => found.variant.replace(span).is_some(),
            ("error", None) => std::mem::replace(&mut found.error, true),
            (name, _) => {
                let found = name.to_owned();
                errors.push(span, DeriveMessage::TypeOption { found });
                false
            }
        };
        if again {
            let name = option.name.to_string();
            errors.push(span, DeriveMessage::TypeOptionTwice { name });
        }
    }
    found
}

/// What WIT calls a field or a case, where the user says so.
fn name_option(attributes: &[Attribute], errors: &mut Errors) -> Option<LitStr> {
    let mut found: Option<LitStr> = None;
    for option in options(attributes, errors) {
        let span = option.name.span();
        match option.value {
            Some(Value::Text(name)) if option.name == "name" => {
                if found.replace(name).is_some() {
                    let name = option.name.to_string();
                    errors.push(span, DeriveMessage::TypeOptionTwice { name });
                }
            }
            _ => {
                let found = option.name.to_string();
                errors.push(span, DeriveMessage::TypeMemberOption { found });
            }
        }
    }
    found
}

/// One of the things in `#[abide(…)]`.
struct OptionGiven {
    name: Ident,
    value: Option<Value>,
}

enum Value {
    Text(LitStr),
    Path(Path),
}

fn options(attributes: &[Attribute], errors: &mut Errors) -> Vec<OptionGiven> {
    let mut all = Vec::new();
    let ours = attributes.iter().filter(|a| a.path().is_ident("abide"));
    for attribute in ours {
        let one = |input: ParseStream<'_>| {
            let name = input.call(Ident::parse_any)?;
            if input.parse::<Option<Token![=]>>()?.is_none() {
                return Ok(OptionGiven { name, value: None });
            }
            let value = if input.peek(LitStr) {
                Value::Text(input.parse()?)
            } else {
                Value::Path(Path::parse_mod_style(input)?)
            };
            let value = Some(value);
            Ok(OptionGiven { name, value })
        };
        let list = |input: ParseStream<'_>| {
            Punctuated::<OptionGiven, Token![,]>::parse_terminated_with(input, one)
        };
        let parsed = match &attribute.meta {
            Meta::List(meta) => list.parse2(meta.tokens.clone()).ok(),
            _ => None,
        };
        match parsed {
            Some(options) if !options.is_empty() => all.extend(options),
            _ => errors.push(attribute.path().span(), DeriveMessage::TypeAttribute),
        }
    }
    all
}

fn fields<'a>(input: &'a DeriveInput, fields: &'a Fields, errors: &mut Errors) -> Vec<Member<'a>> {
    if !matches!(fields, Fields::Named(_)) {
        errors.push(input.ident.span(), DeriveMessage::TypeWithoutNames);
        return Vec::new();
    }
    let mut members = Vec::new();
    for field in fields {
        let Some(rust) = &field.ident else { continue };
        let plain = rust.unraw().to_string();
        // How the guest side writes a name that is a keyword.
        let plain = match plain.strip_suffix('_') {
            Some(keyword) if naming::value(keyword) == plain => keyword.to_owned(),
            _ => plain,
        };
        let Some(wit) = wit_name(&plain, rust, &field.attrs, errors) else {
            continue;
        };
        let guest = naming::value(&wit);
        members.push(Member {
            rust,
            span: rust.span(),
            ty: Some(&field.ty),
            guest_name: (*rust != guest).then_some(guest),
            wit,
        });
    }
    members
}

fn cases<'a>(
    input: &'a DeriveInput,
    data: &'a DataEnum,
    variant: bool,
    errors: &mut Errors,
) -> (Kind, Vec<Member<'a>>) {
    if data.variants.is_empty() {
        errors.push(input.ident.span(), DeriveMessage::TypeWithoutCases);
    }
    let payloads = data.variants.iter().any(|case| !case.fields.is_empty());
    let kind = if payloads || variant {
        Kind::Variant
    } else {
        Kind::Enum
    };
    let mut members = Vec::new();
    for case in &data.variants {
        if let Some((_, value)) = &case.discriminant {
            errors.push(value.span(), DeriveMessage::TypeDiscriminant);
        }
        let ty = payload(case, errors);
        let rust = &case.ident;
        let Some(wit) = wit_name(&rust.unraw().to_string(), rust, &case.attrs, errors) else {
            continue;
        };
        let guest = naming::case(&wit);
        members.push(Member {
            rust,
            span: rust.span(),
            ty,
            guest_name: (*rust != guest).then_some(guest),
            wit,
        });
    }
    (kind, members)
}

fn payload<'a>(case: &'a Variant, errors: &mut Errors) -> Option<&'a syn::Type> {
    match &case.fields {
        Fields::Unit => None,
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| &field.ty)
        }
        _ => {
            errors.push(case.ident.span(), DeriveMessage::TypePayload);
            None
        }
    }
}

/// The name in WIT: the one that is given, or the Rust name in WIT's spelling.
fn wit_name(
    plain: &str,
    rust: &Ident,
    attributes: &[Attribute],
    errors: &mut Errors,
) -> Option<String> {
    let (name, span, given) = match name_option(attributes, errors) {
        Some(given) => (given.value(), given.span(), true),
        None => (plain.to_kebab_case(), rust.span(), false),
    };
    if wit_parser::validate_id(&name).is_ok() {
        return Some(name);
    }
    let rust = rust.to_string();
    let message = if given {
        DeriveMessage::TypeNameGiven { found: name }
    } else {
        DeriveMessage::TypeNameMade { rust, made: name }
    };
    errors.push(span, message);
    None
}

/// Refuses two members that WIT would know by one name.
fn distinct(members: &[Member<'_>], errors: &mut Errors) {
    for (index, member) in members.iter().enumerate() {
        let earlier = members[..index].iter().find(|one| one.wit == member.wit);
        if let Some(first) = earlier {
            let (wit, first) = (member.wit.clone(), first.rust.to_string());
            errors.push(member.span, DeriveMessage::TypeNameTwice { wit, first });
        }
    }
}
