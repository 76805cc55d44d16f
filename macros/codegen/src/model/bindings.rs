//! Where wit-bindgen puts things: the guest side finds its code by these names.

use super::naming;
use heck::{ToSnakeCase, ToUpperCamelCase};
use wit_parser::{InterfaceId, Resolve, TypeId, TypeOwner, WorldItem, WorldKey};

/// Where wit-bindgen puts the functions of an imported interface.
pub(super) fn functions(resolve: &Resolve, key: &WorldKey) -> Vec<String> {
    let WorldKey::Interface(id) = key else {
        return vec![naming::value(&resolve.name_world_key(key))];
    };
    let interface = &resolve.interfaces[*id];
    let name = naming::value(interface.name.as_deref().unwrap_or_default());
    let Some(package) = interface.package else {
        return vec![name];
    };
    let this = &resolve.packages[package].name;
    // With two versions of a package, wit-bindgen puts the version into the module's name.
    let versions = resolve.packages.iter().filter(|(_, other)| {
        other.name.namespace == this.namespace && other.name.name == this.name
    });
    let module = match &this.version {
        Some(version) if versions.count() > 1 => {
            let version = version.to_string().replace(['.', '-', '+'], "_");
            format!("{}{}", this.name.to_snake_case(), version.to_snake_case())
        }
        _ => naming::value(&this.name),
    };
    vec![naming::value(&this.namespace), module, name]
}

/// What wit-bindgen calls a type or a resource of its own: `Self` as it is mended in its code, and
/// `Guest` is a trait there.
pub(super) fn type_name(wit: &str) -> String {
    match wit.to_upper_camel_case().as_str() {
        name @ "Self" => format!("{name}_"),
        name if wit == "guest" => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// The name by which wit-bindgen's `with` knows a type; for a type of the world, the part behind
/// the world's name.
pub(super) fn ty(resolve: &Resolve, id: TypeId) -> String {
    let def = &resolve.types[id];
    let name = def.name.as_deref().unwrap_or_default();
    let owner = match def.owner {
        TypeOwner::Interface(id) => resolve.id_of(id).or_else(|| {
            let package = resolve.interfaces[id].package?;
            let own = inline_name(resolve, id)?;
            Some(resolve.packages[package].name.interface_id(&own))
        }),
        TypeOwner::World(_) | TypeOwner::None => None,
    };
    owner.map_or(name.to_owned(), |owner| format!("{owner}/{name}"))
}

/// The name of an interface that is written inside a world, for `with` alone: it has none of its
/// own, and the types of several could not be told apart. It could not stand in WIT, so no other
/// has it.
pub(crate) fn inline_name(resolve: &Resolve, interface: InterfaceId) -> Option<String> {
    resolve.worlds.iter().find_map(|(_, world)| {
        let sides = [("import", &world.imports), ("export", &world.exports)];
        sides.into_iter().find_map(|(side, items)| {
            items.iter().find_map(|(key, item)| match (key, item) {
                (WorldKey::Name(name), WorldItem::Interface { id, .. }) if *id == interface => {
                    Some(format!("{name} ({side} of {})", world.name))
                }
                _ => None,
            })
        })
    })
}
