//! The Rust that compiles the corpus: one module for each world, with `abi!` in it.

use proc_macro2::{Ident, Span};
use quote::quote;

use crate::Entry;
use crate::verdict::Outcome;

/// Which half of the worlds is to be compiled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// What is there on native targets.
    Host,
    /// What is there on wasm targets.
    Guest,
}

/// A Rust file with a module for each world that this side does not refuse.
///
/// The modules have to stand at the root of a crate that depends on `abide`.
pub fn modules(entries: &[Entry], side: Side) -> String {
    let expanded = entries.iter().filter(|Entry { verdict, .. }| {
        let outcome = match side {
            Side::Host => &verdict.host,
            Side::Guest => &verdict.guest,
        };
        *outcome == Outcome::Expanded
    });
    expanded.map(|entry| module(entry, side)).collect()
}

/// One line, so that the compiler's messages show which world they are about.
fn module(Entry { world, verdict, .. }: &Entry, side: Side) -> String {
    // That guests refuse a world is a warning to its hosts, which is in the table.
    let warned = (side == Side::Host && verdict.guest != Outcome::Expanded)
        .then(|| quote!(#[allow(deprecated)]));
    let options = world.options();
    let name = Ident::new(&world.module, Span::call_site());
    let docs = format!("`{}` in `{}` of {}.", world.id, world.wit, world.source);
    format!(
        "{}\n",
        quote!(#[doc = #docs] #warned pub mod #name { ::abide::abi!({ #options }); })
    )
}
