//! What is said of a guest's type that lacks a trait.

use crate::model::{Abi, Interface, World};
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashMap;

/// The attributes that say it, by the trait's path in wit-bindgen's code.
pub(super) fn all(abi: &Abi) -> HashMap<String, TokenStream> {
    let mut all = HashMap::new();
    let World { rust, id, .. } = &abi.world;
    let message =
        format!("`{{Self}}` does not implement the functions that `{id}` exports at its own level");
    all.insert("Guest".to_owned(), explained(&message, rust));
    for interface in abi.exported() {
        let Interface { id, rust, .. } = interface;
        let path = format!("exports::{}", interface.bindings.join("::"));
        let message = format!("`{{Self}}` does not implement the export `{id}`");
        all.insert(format!("{path}::Guest"), explained(&message, rust));
        for id in &interface.resources {
            let resource = abi.resource(*id);
            let message = format!(
                "`{{Self}}` does not implement the resource `{}`",
                resource.path
            );
            let needed = format!("exports::{}::Guest{}", interface.module, resource.rust);
            let name = format!("{path}::Guest{}", resource.in_bindings());
            all.insert(name, explained(&message, &needed));
        }
    }
    all
}

fn explained(message: &str, needed: &str) -> TokenStream {
    let label = format!("needs `impl guest::{needed} for {{Self}}`");
    quote!(#[diagnostic::on_unimplemented(message = #message, label = #label)])
}
