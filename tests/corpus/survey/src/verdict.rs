//! What `abi!` says to a world, read off its expansion.

use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::worlds::World;

/// What the macro makes of a world, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// On native targets.
    pub host: Outcome,
    /// On wasm targets.
    pub guest: Outcome,
}

/// What the macro makes of a world for one side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// There is code, and it is for the compiler to say whether it is good.
    Expanded,
    /// There are these messages instead.
    Refused(Vec<String>),
}

impl Outcome {
    /// The messages of a refusal.
    pub fn messages(&self) -> &[String] {
        match self {
            Self::Expanded => &[],
            Self::Refused(messages) => messages,
        }
    }
}

/// Expands `abi!` for one world.
pub(crate) fn of(world: &World) -> Verdict {
    let options = world.options();
    read(
        abide_codegen::abi(quote!((::abide) { #options })),
        &world.root.display().to_string(),
    )
}

/// Finds the errors in an expansion: those for all targets, and those for wasm alone.
///
/// Only what stands at its top is looked at, which is where the macro puts them.
fn read(expansion: TokenStream, root: &str) -> Verdict {
    let (mut host, mut guest) = (Vec::new(), Vec::new());
    match syn::parse2::<syn::File>(expansion) {
        Ok(file) => {
            for item in &file.items {
                let Some((text, for_guests)) = error(item) else {
                    continue;
                };
                let text = text.replace(&format!("{root}/"), "");
                if !for_guests {
                    host.push(text.clone());
                }
                guest.push(text);
            }
        }
        Err(error) => {
            host.push(format!("the expansion is not Rust: {error}"));
            guest = host.clone();
        }
    }
    let outcome = |messages: Vec<String>| match messages.is_empty() {
        true => Outcome::Expanded,
        false => Outcome::Refused(messages),
    };
    Verdict {
        host: outcome(host),
        guest: outcome(guest),
    }
}

/// The text of a `compile_error!`, and whether it is there for guests only.
fn error(item: &syn::Item) -> Option<(String, bool)> {
    let syn::Item::Macro(called) = item else {
        return None;
    };
    if called.mac.path.segments.last()?.ident != "compile_error" {
        return None;
    }
    let tokens = &called.mac.tokens;
    let literal = syn::parse2::<LitStr>(tokens.clone());
    let text = literal.map_or_else(|_| tokens.to_string(), |literal| literal.value());
    let for_guests = called.attrs.iter().any(|attr| attr.path().is_ident("cfg"));
    Some((text, for_guests))
}

#[cfg(test)]
mod tests {
    use super::{Outcome, read};
    use quote::quote;

    #[test]
    fn errors_are_found_for_the_side_that_they_are_for() {
        let verdict = read(
            quote! {
                #[doc(hidden)]
                pub use ::abide::__private as __abide;
                #[cfg(target_family = "wasm")]
                ::core::compile_error!("/there/a.wit:1:2: no guest");
                pub mod host {}
            },
            "/there",
        );
        assert_eq!(verdict.host, Outcome::Expanded);
        assert_eq!(verdict.guest.messages(), ["a.wit:1:2: no guest"]);

        let verdict = read(
            quote!(::core::compile_error! { "one" } ::core::compile_error! { "two" }),
            "/",
        );
        assert_eq!(verdict.host.messages(), ["one", "two"]);
        assert_eq!(verdict.guest, verdict.host);

        let verdict = read(quote!(pub mod), "/");
        assert!(verdict.host.messages()[0].starts_with("the expansion is not Rust"));
    }
}
