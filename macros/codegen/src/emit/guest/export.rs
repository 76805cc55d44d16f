//! The macro `export!`, and what it says to those who use it wrong.
//!
//! For hosts there is one too, and a module `guest`: who compiles a guest for its own machine is
//! told so, in one sentence.

use crate::args::Args;
use crate::docs;
use crate::emit::tokens::ident;
use crate::model::Abi;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

/// The macro `export!`, where there is something to export.
pub(super) fn for_guests(abi: &Abi, args: &Args) -> Option<TokenStream> {
    if !exports_anything(abi) {
        return None;
    }
    let name = name(args);
    // `$crate` means the crate that its span comes from. The span of the user's own tokens is in
    // the ABI crate; any other here is in `abide`, whose `macro_rules!` this expansion is part of.
    let krate = Ident::new("crate", args.wit_span());
    let here = module_path(args, &quote!($ #krate));
    let once = once(abi);
    Some(quote! {
        #[cfg(target_family = "wasm")]
        #[doc(hidden)]
        #[macro_export]
        macro_rules! #name {
            ($plugin:ty $(,)?) => {
                // Two of one name are an error at the second.
                #[doc(hidden)]
                #[macro_export]
                macro_rules! #once { () => {}; }
                const _: () = {
                    const __FITS: ::core::primitive::usize = #here::guest::__export::<$plugin>();
                    type __Plugin = <[(); __FITS] as #here::guest::__Exported<$plugin>>::Plugin;
                    #here::guest::__bindings::__export!(
                        __Plugin with_types_in #here::guest::__bindings
                    );
                };
                #here::__abide::report_panics!();
            };
            ($($other:tt)*) => {
                ::core::compile_error!(
                    "`export!` takes the type that implements the guest's traits: `export!(Plugin);`"
                );
            };
        }

        /// Exports a type as the guest's implementation of this world: `export!(Plugin);`, once.
        #[cfg(target_family = "wasm")]
        pub use #name as export;
    })
}

/// What `export!` refuses a type by that lacks a trait, once for each trait: stands in the module
/// `guest`.
///
/// Where `__export` is refused, its value is an error to the compiler, and so is the type that
/// wit-bindgen's code is then used with. The compiler says no more of that.
pub(super) fn check(abi: &Abi) -> Option<TokenStream> {
    if !exports_anything(abi) {
        return None;
    }
    let level = Some(abi.level()).filter(|level| level.export.is_some());
    let traits = abi.exported().chain(level);
    let traits = traits.map(|scope| ident(abi.names.export(scope.id)));
    Some(quote! {
        #[doc(hidden)]
        pub const fn __export<T: #(self::#traits)+*>() -> ::core::primitive::usize {
            0
        }

        #[doc(hidden)]
        pub trait __Exported<T> {
            type Plugin;
        }

        impl<T> __Exported<T> for [(); 0] {
            type Plugin = T;
        }
    })
}

/// The module `guest` and the macro `export!` where a host is compiled. Names of the user's come
/// before them.
pub(super) fn for_hosts(abi: &Abi, args: &Args) -> TokenStream {
    let docs = docs::of(
        None,
        &format!(
            "The guest side of the world `{}`. Here are its types alone; traits to implement and functions to \
             call are there where a guest is compiled: for `wasm32-wasip2` or `wasm32-unknown-unknown`.",
            abi.world.id
        ),
    );
    let message = format!(
        "a guest of `{}` is compiled for WebAssembly, and this is compiled for another target: \
         `cargo build --target wasm32-wasip2`",
        abi.world.id
    );
    let name = name(args);
    let export = exports_anything(abi).then(|| {
        quote! {
            #[cfg(not(target_family = "wasm"))]
            #[doc(hidden)]
            #[macro_export]
            macro_rules! #name {
                ($($plugin:tt)*) => {
                    ::core::compile_error!(#message);
                };
            }
        }
    });
    // Types are the same on both sides. Were they not there, the compiler would say so beside our
    // sentence.
    let modules = abi.interfaces().iter().map(|scope| {
        let name = ident(abi.names.module_of_traits(scope.id));
        let otherwise = format!("The interface `{}`.", scope.wit);
        let docs = docs::of(scope.docs.as_deref(), &otherwise);
        let types =
            (!scope.types.is_empty()).then(|| quote!(pub use super::super::super::#name::*;));
        quote!(#docs pub mod #name { #types })
    });
    let uses = export.is_some().then(|| {
        quote! {
            #[doc(hidden)]
            #[allow(unused_imports)]
            pub use #name as export;
        }
    });
    quote! {
        #export
        #[cfg(not(target_family = "wasm"))]
        #[allow(deprecated, unreachable_pub)]
        mod __native {
            #uses
            #docs
            pub mod guest { #(#modules)* }
        }
        #[cfg(not(target_family = "wasm"))]
        #[allow(unused_imports)]
        pub use self::__native::*;
    }
}

/// The path of the module that `abi!` stands in, from the root of its crate.
fn module_path(args: &Args, krate: &TokenStream) -> TokenStream {
    let segments = &args.module;
    quote!(#krate #(::#segments)*)
}

fn exports_anything(abi: &Abi) -> bool {
    abi.level().export.is_some() || abi.exported().next().is_some()
}

/// A macro that is exported stands at the crate's root, so its name has to tell several apart.
fn name(args: &Args) -> Ident {
    let mut name = format_ident!("__abide_export");
    for segment in &args.module {
        name = format_ident!("{name}_{segment}");
    }
    name
}

/// `export_demo_notes_notes_only_once`: what the compiler calls what is there twice.
fn once(abi: &Abi) -> Ident {
    let version = abi.version.iter().map(|version| format!("_{version}"));
    let world = format!("{}_{}", abi.package, abi.world.wit);
    let world = std::iter::once(world).chain(version).collect::<String>();
    let world = world.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
    format_ident!("export_{world}_only_once")
}
