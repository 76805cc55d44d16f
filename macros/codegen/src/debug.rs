//! `ABIDE_DEBUG`: the expansion as a file, so that it can be read and errors point into it.
//!
//! `ABIDE_DEBUG=1` writes to `target/abide` in the folder of the crate, any other value is the
//! folder to write to. The expansion then becomes an `include!` of the file. In the file the facade
//! is called `::abide`, so a crate that renames it cannot be compiled this way.

use crate::args::Args;
use crate::model::Abi;
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::quote;
use std::path::{Path, PathBuf};
use std::{env, fs, io, process};

/// `tokens`, or an `include!` of the file they were written to.
pub(crate) fn written_out(tokens: TokenStream, abi: &Abi, args: &Args) -> TokenStream {
    // Cargo expands the macro again when the variable is changed.
    let tokens = quote! {
        #tokens
        const _: ::core::option::Option<&::core::primitive::str> = ::core::option_env!("ABIDE_DEBUG");
    };
    let Some(folder) = env::var_os("ABIDE_DEBUG") else {
        return tokens;
    };
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = if folder == "1" {
        root.join("target/abide")
    } else {
        root.join(folder)
    };
    match write(&folder.join(name(abi, args)), tokens.clone()) {
        Ok(file) => quote!(::core::include!(#file);),
        // It is a help for reading: where it cannot be had, the expansion itself still can.
        Err(error) => {
            eprintln!("ABIDE_DEBUG: cannot write to {}: {error}", folder.display());
            tokens
        }
    }
}

/// The file's name: a crate has several of these where it has several modules, and a folder several
/// crates.
fn name(abi: &Abi, args: &Args) -> String {
    let mut name = format!("{}-{}", abi.package.replace(':', "-"), abi.world.wit);
    for segment in &args.module {
        name = format!("{name}-{segment}");
    }
    match env::var("CARGO_CRATE_NAME") {
        Ok(krate) => format!("{krate}-{name}.rs"),
        Err(_) => format!("{name}.rs"),
    }
}

/// Writes the file so that whoever reads it finds the old one or the whole new one: both halves of
/// an ABI may be compiled at once.
fn write(file: &Path, tokens: TokenStream) -> io::Result<String> {
    let text = named(tokens).to_string();
    let text = match syn::parse_file(&text) {
        Ok(parsed) => prettyplease::unparse(&parsed),
        Err(_) => text,
    };
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let temporary = file.with_extension(format!("{}.tmp", process::id()));
    fs::write(&temporary, text)?;
    fs::rename(&temporary, file)?;
    Ok(file.display().to_string())
}

/// The tokens with a name for the facade. In a file, `$crate` can be written in a macro alone, and
/// there it stays.
fn named(tokens: TokenStream) -> TokenStream {
    let named = tokens.into_iter().map(|token| match token {
        // One token: that of a macro has two.
        TokenTree::Ident(ident) if ident == "$crate" => quote!(::abide),
        TokenTree::Group(group) => {
            let inner = Group::new(group.delimiter(), named(group.stream()));
            TokenTree::from(inner).into()
        }
        token => token.into(),
    });
    named.collect()
}
