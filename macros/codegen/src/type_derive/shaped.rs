//! What `read` finds and `emit` prints: a type of the user's own, as WIT would see it.

use proc_macro2::{Ident, Span, TokenStream};
use syn::Type;

/// A type of the user's, as WIT would see it.
pub(super) struct Shaped<'a> {
    pub(super) name: &'a Ident,
    /// The path of the facade crate.
    pub(super) abide: TokenStream,
    pub(super) kind: Kind,
    pub(super) members: Vec<Member<'a>>,
    /// Whether the type is to be shown as the error of a `result`.
    pub(super) error: bool,
    /// Whether it is declared `#[repr(C)]`, and nothing beside.
    pub(super) repr_c: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Record,
    Variant,
    Enum,
}

/// A field of a record, or a case.
pub(super) struct Member<'a> {
    pub(super) rust: &'a Ident,
    pub(super) wit: String,
    pub(super) span: Span,
    /// The type of the field, or of the case's payload.
    pub(super) ty: Option<&'a Type>,
    /// What the member would have to be called for the guest side, where it is called otherwise.
    pub(super) guest_name: Option<String>,
}
