//! Which interfaces of WASI the host runtime links by itself: a host grants them, and does not
//! implement them.

use super::facts::Facts;
use super::resource::Resource;
use super::scope::{Function, Scope};
use super::types::TypeDef;

/// The packages of WASI 0.2 whose interfaces the runtime links. It has the same list, in its `wasi`
/// folder; a test compares the two.
///
/// `wasi:http` is not among them. Whether a runtime has it is up to a feature of the host's, which
/// an ABI cannot know: a world that names it has its host implement it. A guest gets the runtime's
/// by importing it beside the world.
pub const PACKAGES: &[&str] = &[
    "wasi:cli/",
    "wasi:clocks/",
    "wasi:filesystem/",
    "wasi:io/",
    "wasi:random/",
    "wasi:sockets/",
];

/// Whether the runtime offers an interface.
fn is_offered(interface: &str) -> bool {
    let mut packages = PACKAGES.iter();
    packages.any(|package| interface.starts_with(package)) && interface.contains("@0.2.")
}

/// Sets [`Import::linked`](super::scope::Import::linked).
///
/// Where anything else of the world passes a resource of WASI's, the host has to provide it, and
/// what goes with it: then all of WASI is the host's.
pub(super) fn link(types: &[TypeDef], resources: &[Resource], scopes: &mut [Scope]) {
    let is_wasis = |scope: &Scope| scope.import.is_some() && is_offered(&scope.wit);
    let passes = |scope: &Scope, function: &Function, exported: bool| {
        let handles = function.types().flat_map(|ty| Facts::of(types, ty).handles);
        let exported = exported && !scope.is_world();
        handles.into_iter().any(|leaf| {
            let owner = &scopes[resources[leaf.resource.0].scope.0];
            let guests = exported && owner.exports_resources();
            !guests && is_wasis(owner)
        })
    };
    let passed = scopes.iter().any(|scope| {
        let mut imports = scope.imported().filter(|_| !is_wasis(scope));
        imports.any(|function| passes(scope, function, false))
            || scope
                .exported()
                .any(|function| passes(scope, function, true))
    });
    if passed {
        return;
    }
    for scope in scopes {
        if let Some(import) = &mut scope.import {
            import.linked = is_offered(&scope.wit);
        }
    }
}
