//! The Rust that compiles the corpus: one module for each world, with `abi!` in it.

use crate::Entry;
use crate::verdict::Outcome;
use proc_macro2::{Ident, Span};
use quote::quote;
use std::collections::HashSet;

/// The worlds that hosts can be compiled for, as a Rust file with a module for each.
///
/// The modules have to stand at the root of a crate that depends on `abide`.
pub fn host_modules(entries: &[Entry]) -> String {
    let expanded = entries
        .iter()
        .filter(|entry| entry.verdict.host == Outcome::Expanded);
    expanded.map(module).collect()
}

/// The worlds that guests can be compiled for, as Rust files with a module for each: as many files as
/// there have to be crates.
///
/// In one crate an interface can be exported by one world only, because wit-bindgen makes a macro for
/// it whose name is known at the crate's root. Otherwise the files are about equally long.
pub fn guest_modules(entries: &[Entry]) -> Vec<String> {
    let mut crates: Vec<Crate<'_>> = Vec::new();
    let expanded = entries
        .iter()
        .filter(|entry| entry.verdict.guest == Outcome::Expanded);
    // Those that export first: the others go where there is room.
    let (mut ordered, imports): (Vec<&Entry>, Vec<&Entry>) =
        expanded.partition(|entry| !entry.world.exported.is_empty());
    ordered.extend(imports);
    for entry in ordered {
        let free = crates.iter_mut().filter(|one| one.takes(entry));
        match free.min_by_key(|one| one.worlds) {
            Some(one) => one.add(entry),
            None => {
                let mut one = Crate::default();
                one.add(entry);
                crates.push(one);
            }
        }
    }
    crates.into_iter().map(|one| one.text).collect()
}

/// A crate in the making.
#[derive(Debug, Default)]
struct Crate<'a> {
    text: String,
    worlds: usize,
    exported: HashSet<&'a str>,
}

impl<'a> Crate<'a> {
    fn takes(&self, entry: &Entry) -> bool {
        let mut exported = entry.world.exported.iter();
        exported.all(|interface| !self.exported.contains(interface.as_str()))
    }

    fn add(&mut self, entry: &'a Entry) {
        let exported = entry.world.exported.iter().map(String::as_str);
        self.exported.extend(exported);
        self.text.push_str(&module(entry));
        self.worlds += 1;
    }
}

/// One line, so that the compiler's messages show which world they are about.
fn module(Entry { world, .. }: &Entry) -> String {
    let options = world.options();
    let name = Ident::new(&world.module, Span::call_site());
    let docs = format!("`{}` in `{}` of {}.", world.id, world.wit, world.source);
    format!(
        "{}\n",
        quote!(#[doc = #docs] pub mod #name { ::abide::abi!({ #options }); })
    )
}
