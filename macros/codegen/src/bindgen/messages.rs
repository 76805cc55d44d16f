//! What is said of a guest's type that lacks a trait.

use crate::model::Abi;
use proc_macro2::TokenStream;
use quote::quote;
use std::collections::HashMap;

/// The attributes that say it, by the trait's path in wit-bindgen's code.
pub(super) fn all(abi: &Abi) -> HashMap<String, TokenStream> {
    let mut all = HashMap::new();
    let id = &abi.world.id;
    let message =
        format!("`{{Self}}` does not implement the functions that `{id}` exports at its own level");
    let level = explained(&message, &abi.names.world);
    all.insert("Guest".to_owned(), level);
    for scope in abi.exported() {
        let path = format!("exports::{}", abi.bindings.module(scope.id).join("::"));
        let message = format!("`{{Self}}` does not implement the export `{}`", scope.wit);
        let attribute = explained(&message, abi.names.export(scope.id));
        all.insert(format!("{path}::Guest"), attribute);
        for id in &scope.resources {
            let resource = abi.resource(*id);
            let message = format!(
                "`{{Self}}` does not implement the resource `{}`",
                resource.path
            );
            let module = abi.names.module_of_traits(scope.id);
            let needed = format!("exports::{module}::Guest{}", resource.rust());
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
