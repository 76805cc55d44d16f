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
mod shaped;

use crate::error::Errors;
use proc_macro2::TokenStream;
use syn::DeriveInput;

/// Expands one `#[derive(abide::Type)]`; what is wrong comes back all at once.
pub(crate) fn expand(input: TokenStream) -> Result<TokenStream, Errors> {
    let input: DeriveInput = syn::parse2(input)?;
    let shaped = read::shaped(&input)?;
    Ok(emit::all(&shaped))
}
