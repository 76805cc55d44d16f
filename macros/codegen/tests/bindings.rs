//! The guest's half of `abi!`, where it can go wrong without a guest being compiled.

#![cfg(feature = "guest")]

use proc_macro2::TokenStream;

/// The guest's half of a world, formatted.
fn bindings(wit: &str) -> String {
    let input: TokenStream = format!("(abide) {{ inline: {wit:?} }}").parse().unwrap();
    let file = syn::parse2(abide_codegen::bindings(input)).unwrap();
    prettyplease::unparse(&file)
}

#[test]
fn interfaces_written_in_worlds_pass_the_checks_of_the_parser() {
    // The parser checks itself in debug builds alone, and guests are mostly built for release.
    let inline = "{ enum kind { low, high } is: func(kind: kind) -> bool; resource r { new: static func() -> r; } }";
    let worlds = format!(
        "package t:t;
         world both {{ import level: interface {inline} export other: interface {inline} }}"
    );
    let text = bindings(&worlds);
    assert!(text.contains("pub mod level"), "{text}");
    assert!(text.contains("pub mod other"), "{text}");
}
