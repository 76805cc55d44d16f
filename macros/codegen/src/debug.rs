//! `ABIDE_DEBUG`: the expansion as a file, so that it can be read and errors point into it.
//!
//! `ABIDE_DEBUG=1` writes to `target/abide` in the folder of the crate, any other value is the
//! folder to write to. The expansion then becomes an `include!` of the file. In the file the facade
//! is called `::abide`, so a crate that renames it cannot be compiled this way.

use crate::model::Abi;
use proc_macro2::TokenStream;
use quote::quote;
use std::path::{Path, PathBuf};

/// `tokens`, or an `include!` of the file they were written to.
pub(crate) fn written_out(tokens: TokenStream, abi: &Abi) -> TokenStream {
    let Some(folder) = std::env::var_os("ABIDE_DEBUG") else {
        return tokens;
    };
    let root = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let folder = if folder == "1" {
        root.join("target/abide")
    } else {
        root.join(folder)
    };
    let name = format!("{}-{}.rs", abi.package.replace(':', "-"), abi.world.wit);
    match write(&folder.join(name), &tokens) {
        Ok(file) => quote!(::core::include!(#file);),
        // It is a help for reading: where it cannot be had, the expansion itself still can.
        Err(error) => {
            eprintln!("ABIDE_DEBUG: cannot write to {}: {error}", folder.display());
            tokens
        }
    }
}

fn write(file: &Path, tokens: &TokenStream) -> std::io::Result<String> {
    let text = tokens.to_string().replace("$crate", "::abide");
    let text = match syn::parse_file(&text) {
        Ok(parsed) => prettyplease::unparse(&parsed),
        Err(_) => text,
    };
    if let Some(folder) = file.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(file, text)?;
    Ok(file.display().to_string())
}
