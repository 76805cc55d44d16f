//! The procedural macros of [`abide`](https://docs.rs/abide): entry points and nothing else.
//!
//! What a macro does stands in `abide-codegen`, an ordinary library that can be tested and read
//! like one. Use these macros through the facade crate `abide`; they are re-exported there.

use proc_macro::TokenStream;

/// Turns a WIT world into the code of an ABI crate. Called by `abide::abi!`, which puts the path of
/// the facade crate in front of the user's input.
#[doc(hidden)]
#[proc_macro]
pub fn abi(input: TokenStream) -> TokenStream {
    let expand = match cfg!(feature = "async") {
        true => abide_codegen::abi_async,
        false => abide_codegen::abi,
    };
    expand(input.into()).into()
}

// Documented in the facade, where it can be shown in use.
#[allow(missing_docs)]
#[proc_macro_derive(Host, attributes(host))]
pub fn host(input: TokenStream) -> TokenStream {
    abide_codegen::host_derive(input.into()).into()
}

// Documented in the facade, where it can be shown in use.
#[allow(missing_docs)]
#[proc_macro_derive(Type, attributes(abide))]
pub fn type_(input: TokenStream) -> TokenStream {
    abide_codegen::type_derive(input.into()).into()
}

// Documented in the facade, where it can be shown in use.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn module(options: TokenStream, item: TokenStream) -> TokenStream {
    abide_codegen::module(options.into(), item.into()).into()
}

// Documented in the facade, where it can be shown in use.
#[allow(missing_docs)]
#[proc_macro_attribute]
pub fn module_exports(options: TokenStream, item: TokenStream) -> TokenStream {
    abide_codegen::module_exports(options.into(), item.into()).into()
}

/// Writes the code of the canonical ABI for a guest. Called by what `abi!` expands to, with the
/// input of `abi!`: only there is it known that the crate is compiled for a guest.
#[cfg(feature = "guest")]
#[doc(hidden)]
#[proc_macro]
pub fn bindings(input: TokenStream) -> TokenStream {
    abide_codegen::bindings(input.into()).into()
}

/// Stands in for wasmtime's derive of the same name where a type is compiled for a guest: there the
/// attributes must be known and nothing is to be generated.
#[doc(hidden)]
#[proc_macro_derive(ComponentType, attributes(component))]
pub fn component_type(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// See [`macro@ComponentType`].
#[doc(hidden)]
#[proc_macro_derive(Lift, attributes(component))]
pub fn lift(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}

/// See [`macro@ComponentType`].
#[doc(hidden)]
#[proc_macro_derive(Lower, attributes(component))]
pub fn lower(_input: TokenStream) -> TokenStream {
    TokenStream::new()
}
