//! What the ABI says of itself (`ABI`), and the check that `abi!` stands where it says.

use crate::args::Args;
use crate::docs;
use crate::model::{Abi, Source};
use proc_macro2::TokenStream;
use quote::quote;

/// The constant `ABI`. It includes the WIT files, which also makes rustc watch them.
pub(super) fn abi_const(abi: &Abi) -> TokenStream {
    let docs = docs::of(
        None,
        &format!(
            "The ABI `{}`: its name, its version and its WIT.",
            abi.world.id
        ),
    );
    let Abi {
        package,
        fingerprint,
        world,
        ..
    } = abi;
    let world = &world.wit;
    let version = match &abi.version {
        Some(version) => quote!(::core::option::Option::Some(#version)),
        None => quote!(::core::option::Option::None),
    };
    let wit = abi.sources.iter().map(|source| {
        let (path, text) = match source {
            Source::File { shown, path } => {
                let path = path.display().to_string();
                (shown.as_str(), quote!(::core::include_str!(#path)))
            }
            Source::Inline(text) => ("inline", quote!(#text)),
        };
        quote!(__abide::WitFile { path: #path, text: #text })
    });
    quote! {
        #docs
        pub const ABI: __abide::Abi = __abide::Abi {
            package: #package,
            world: #world,
            version: #version,
            fingerprint: #fingerprint,
            wit: &[#(#wit),*],
        };
    }
}

/// The macro `export!` has paths from the crate's root, so `abi!` has to know its module; it cannot
/// find out, but the compiler can tell whether what it was told is true.
pub(super) fn place_check(args: &Args) -> TokenStream {
    let segments: Vec<String> = args.module.iter().map(ToString::to_string).collect();
    let module = segments.join("::");
    quote! {
        const _: () = if let ::core::option::Option::Some(text) =
            __abide::misplaced(::core::module_path!(), #module)
        {
            ::core::panic!("{}", text.get());
        };
    }
}

/// The depth of types that the compiler follows whatever they are made of, with the recursion limit
/// that it has by default.
const PLAIN_DEPTH: usize = 32;

/// Types that are nested deeper may need a higher recursion limit on the host, and without it the
/// compiler's errors are hard to understand. A macro that recurses as deep gets the one that says
/// what to do.
pub(super) fn depth_check(abi: &Abi) -> Option<TokenStream> {
    // A list is three types to the compiler, and around it are some of ours.
    let needed = 4 * abi.depth;
    let steps = (0..needed).map(|_| quote!(x));
    (abi.depth > PLAIN_DEPTH).then(|| {
        quote! {
            #[cfg(not(target_family = "wasm"))]
            const _: () = {
                macro_rules! the_types_of_this_world_are_nested_deep {
                    () => {};
                    (x $($more:tt)*) => { the_types_of_this_world_are_nested_deep! { $($more)* } };
                }
                the_types_of_this_world_are_nested_deep! { #(#steps)* }
            };
        }
    })
}
