//! A world → Rust: the code of a guest and of a host that test it.

mod common;
mod guest;
mod host;
mod lend;
mod names;
mod resources;
mod types;
mod values;

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::World;
pub(crate) use names::Names;

/// The module of the random values, and that of the calls, beside the modules of `abi!`. No name
/// that comes from WIT has two underscores.
pub(crate) const VALUES: &str = "fuzz__values";
pub(crate) const CALLS: &str = "fuzz__calls";

/// A world and what it is called in one crate.
#[derive(Clone, Copy)]
struct Context<'a> {
    world: &'a World,
    names: &'a Names,
    /// The path of the module that `abi!` stands in.
    root: &'a TokenStream,
    /// Whose handles on resources the types have.
    handles: Handles,
}

/// Where a handle is: an import's resource is the host's, an export's is the guest's, and on each
/// side their handles are of different types.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Handles {
    HostImport,
    HostExport,
    GuestImport,
    GuestExport,
}

impl Context<'_> {
    /// The same with other handles.
    fn with(self, handles: Handles) -> Self {
        Self { handles, ..self }
    }
}

/// One side of a world in Rust.
#[derive(Debug)]
pub(crate) struct Side {
    /// `impl`s that make random values of the world's types.
    pub(crate) values: String,
    /// What calls, and what is called.
    pub(crate) calls: String,
}

/// The guest, with `abi!` in the module `root`.
pub(crate) fn guest(world: &World, root: &TokenStream) -> Side {
    side(world, root, Handles::GuestExport, guest::items)
}

/// The host, with `abi!` in the module `root`.
pub(crate) fn host(world: &World, root: &TokenStream) -> Side {
    side(world, root, Handles::HostExport, host::items)
}

fn side(
    world: &World,
    root: &TokenStream,
    handles: Handles,
    calls: fn(Context<'_>) -> TokenStream,
) -> Side {
    let context = Context {
        world,
        names: &Names::of(world),
        root,
        handles,
    };
    Side {
        values: text(&values::items(context)),
        calls: text(&calls(context)),
    }
}

/// The line that expands the world: `wit` is the path of its folder, `text` what it holds.
pub(crate) fn abi(world: &World, wit: &str, text: &str, module: &str) -> String {
    let options = &world.options;
    let source = if options.inline {
        quote!(inline: #text)
    } else {
        quote!(wit: #wit)
    };
    let module = (!module.is_empty()).then(|| quote!(module: #module,));
    let name = &world.name;
    let name = options.second_world.then(|| quote!(world: #name,));
    let trappable = options.trappable.then(|| quote!(trappable: true,));
    let derives = options.derives.iter().map(|derive| types::ident(derive));
    crate::rust::text(&quote! {
        ::abide::abi!({ #source, #name #trappable #module derives: [#(#derives),*] });
    })
}

/// Tokens as formatted text.
fn text(tokens: &TokenStream) -> String {
    match syn::parse2(tokens.clone()) {
        Ok(file) => prettyplease::unparse(&file),
        // The compiler says better what is wrong with it, and where.
        Err(_) => tokens.to_string(),
    }
}
