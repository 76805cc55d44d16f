//! Interfaces that are written inside a world, as wit-bindgen sees them: with names, so that its
//! option `with` can tell the types of one from those of another. The component is not to see the
//! names.

use crate::model::bindings;
use wit_parser::{InterfaceId, Resolve, WorldItem, WorldKey};

/// Gives the interfaces their names, and says which they are. Their packages know them by these
/// names, too: where assertions are compiled, which they are in a guest's dev profile, the parser
/// insists on it.
pub(super) fn name(resolve: &mut Resolve) -> Vec<InterfaceId> {
    let named = inline(resolve);
    for id in &named {
        let name = bindings::inline_name(resolve, *id);
        let interface = &mut resolve.interfaces[*id];
        interface.name.clone_from(&name);
        if let (Some(package), Some(name)) = (interface.package, name) {
            let package = &mut resolve.packages[package];
            package.interfaces.insert(name, *id);
        }
    }
    named
}

/// Takes the names from them.
pub(super) fn unname(resolve: &mut Resolve, named: &[InterfaceId]) {
    // Not only those of the beginning: exports may have got interfaces of their own since.
    for id in inline(resolve).into_iter().chain(named.iter().copied()) {
        resolve.interfaces[id].name = None;
    }
    for (_, package) in resolve.packages.iter_mut() {
        package.interfaces.retain(|_, id| !named.contains(id));
    }
}

/// The interfaces that are written inside worlds.
fn inline(resolve: &Resolve) -> Vec<InterfaceId> {
    let worlds = resolve.worlds.iter();
    let items = worlds.flat_map(|(_, world)| world.imports.iter().chain(&world.exports));
    let inline = items.filter_map(|(key, item)| match (key, item) {
        (WorldKey::Name(_), WorldItem::Interface { id, .. }) => Some(*id),
        _ => None,
    });
    inline.collect()
}
