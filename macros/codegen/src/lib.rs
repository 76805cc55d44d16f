//! Turns a WIT world into the Rust code of an [`abide`](https://docs.rs/abide) ABI crate.
//!
//! Data flows one way: macro input → `args` → WIT files (`wit`) → the ABI `model` → tokens
//! (`emit`). Everything that can be wrong is refused before `emit`, which cannot fail; each phase
//! reports all of its errors at once.
//!
//! The derives are beside that way: they read the user's own Rust, and no WIT.
//!
//! This crate is an implementation detail of `abide`: use `abide::abi!`.

mod args;
#[cfg(any(feature = "guest", test))]
mod bindgen;
mod debug;
mod docs;
mod emit;
mod error;
mod host_derive;
mod model;
mod module;
mod prelude;
mod rust_macros;
mod type_derive;
mod wit;
mod written;

use proc_macro2::TokenStream;

#[doc(hidden)]
pub use model::WASI_PACKAGES;

/// Expands one `abide::abi!`: `input` is the path of the facade crate in parentheses, followed by
/// what the user wrote between the braces.
///
/// Never panics: what is wrong with the input or with the WIT comes back as `compile_error!`s.
pub fn abi(input: TokenStream) -> TokenStream {
    expand(input, false).unwrap_or_else(error::Errors::into_tokens)
}

/// What [`abi`] does, with a module `host_async` beside `host`: for hosts whose guests and functions
/// are awaited.
///
/// Never panics: what is wrong with the input or with the WIT comes back as `compile_error!`s.
pub fn abi_async(input: TokenStream) -> TokenStream {
    expand(input, true).unwrap_or_else(error::Errors::into_tokens)
}

/// Expands one `#[derive(abide::Host)]`.
///
/// Never panics: what is wrong with the attributes comes back as `compile_error!`s.
pub fn host_derive(input: TokenStream) -> TokenStream {
    host_derive::expand(input).unwrap_or_else(error::Errors::into_tokens)
}

/// Expands one `#[derive(abide::Type)]`.
///
/// Never panics: what is wrong with the type comes back as `compile_error!`s.
pub fn type_derive(input: TokenStream) -> TokenStream {
    type_derive::expand(input).unwrap_or_else(error::Errors::into_tokens)
}

/// Expands one `#[abide::module]`: `options` stands in its parentheses.
///
/// Never panics: what is wrong comes back as `compile_error!`s, with the block as it was.
pub fn module(options: TokenStream, item: TokenStream) -> TokenStream {
    let block = item.clone();
    module::imports(options, item).unwrap_or_else(|errors| {
        let errors = errors.into_tokens();
        quote::quote!(#block #errors)
    })
}

/// Expands one `#[abide::module_exports]`: `options` stands in its parentheses.
///
/// Never panics: what is wrong comes back as `compile_error!`s.
pub fn module_exports(options: TokenStream, item: TokenStream) -> TokenStream {
    module::exports(options, item).unwrap_or_else(error::Errors::into_tokens)
}

/// The part of `abi!` that only guests have: the code of the canonical ABI, to stand in a module of
/// its own. `input` is what [`abi`] was given.
///
/// Never panics by itself: what is wrong comes back as `compile_error!`s.
#[cfg(feature = "guest")]
pub fn bindings(input: TokenStream) -> TokenStream {
    let generate = || {
        let args = args::parse(input)?;
        let package = wit::load(&args)?;
        let abi = model::build(&package, &args)?;
        bindgen::generate(package, &abi, &args).map(prelude::fitting)
    };
    generate().unwrap_or_else(error::Errors::into_tokens)
}

fn expand(input: TokenStream, host_async: bool) -> Result<TokenStream, error::Errors> {
    let mut args = args::parse(input)?;
    args.host_async = host_async;
    let package = wit::load(&args)?;
    let abi = model::build(&package, &args)?;
    let tokens = prelude::fitting(emit::abi(&abi, &args));
    Ok(debug::written_out(tokens, &abi, &args))
}
