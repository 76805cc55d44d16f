//! `#[derive(abide::Type)]`: a type of the user's own that stands for a record, a variant or an
//! enum of WIT, through the option `with` of `abi!`.
//!
//! `read` turns the user's type into a `Shaped`; `emit` prints from it what each side needs:
//! - a description of the shape, which `abi!` compares with the WIT when it is compiled;
//! - on the host, a **mirror**: a type with the same fields, generic over their types, which the
//!   engine's own derives are put on. Owned fields make it what a value is lifted to, references
//!   what is lowered;
//! - on the guest, the one method that wit-bindgen calls on enums. Fields and cases it uses by
//!   name.
//!
//! The derive knows nothing of the WIT that the type will stand for.

mod emit;
mod read;

use crate::error::Errors;
use proc_macro2::{Ident, Span, TokenStream};
use syn::{DeriveInput, Type};

/// Expands one `#[derive(abide::Type)]`; what is wrong comes back all at once.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Errors> {
    let input: DeriveInput = syn::parse2(input)?;
    let shaped = read::shaped(&input)?;
    Ok(emit::all(&shaped))
}

/// A type of the user's, as WIT would see it.
struct Shaped<'a> {
    name: &'a Ident,
    /// The path of the facade crate.
    abide: TokenStream,
    kind: Kind,
    members: Vec<Member<'a>>,
    /// Whether the type is to be shown as the error of a `result`.
    error: bool,
    /// Whether it is declared `#[repr(C)]`, and nothing beside.
    repr_c: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Record,
    Variant,
    Enum,
}

/// A field of a record, or a case.
struct Member<'a> {
    rust: &'a Ident,
    wit: String,
    span: Span,
    /// The type of the field, or of the case's payload.
    ty: Option<&'a Type>,
    /// What the member would have to be called for the guest side, where it is called otherwise.
    guest_name: Option<String>,
}
