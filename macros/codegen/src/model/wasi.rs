//! Which interfaces of WASI the host runtime links by itself: a host grants them, and does not
//! implement them.

use super::{Interface, Leaf, Resource, TypeDef, World, handles};

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

/// Sets [`Interface::linked`], and takes the resources of linked interfaces from the host.
///
/// Where anything else of the world passes a resource of WASI's, the host has to provide it, and
/// what goes with it: then all of WASI is the host's.
pub(super) fn mark(
    types: &[TypeDef],
    resources: &mut [Resource],
    world: &World,
    interfaces: &mut [Interface],
) {
    let offered: Vec<bool> = interfaces
        .iter()
        .map(|interface| interface.imported && is_offered(&interface.id))
        .collect();
    let is_wasis = |leaf: Leaf, exported: bool| {
        let resource = &resources[leaf.resource.0];
        let guests = exported && resource.exported;
        !guests && resource.owner.is_some_and(|owner| offered[owner])
    };
    let others = interfaces
        .iter()
        .enumerate()
        .flat_map(|(index, interface)| {
            let imported = interface.imported && !offered[index];
            let imports = interface.functions.iter().filter(move |_| imported);
            let exports = interface.functions.iter().filter(|_| interface.exported);
            let imports = imports.map(|function| (function, false));
            imports.chain(exports.map(|function| (function, true)))
        });
    let worlds = world.imports.iter().chain(&world.exports);
    let mut all = others.chain(worlds.map(|function| (function, false)));
    let passed = all.any(|(function, exported)| {
        let mut handles = handles::mentioned(types, function).into_iter();
        handles.any(|leaf| is_wasis(leaf, exported))
    });
    if passed {
        return;
    }
    for (interface, offered) in interfaces.iter_mut().zip(offered) {
        interface.linked = offered;
        if offered {
            for id in &interface.resources {
                resources[id.0].imported = false;
            }
        }
    }
}
