//! Where wit-bindgen puts things: the guest side finds its code by these names.

use super::naming;
use heck::{ToSnakeCase, ToUpperCamelCase};
use wit_parser::{Resolve, TypeId, TypeOwner, WorldKey};

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

/// What wit-bindgen calls a type or a resource of its own: `Self` as it is mended in its code, and `Guest`
/// is a trait there.
pub(super) fn type_name(wit: &str) -> String {
    match wit.to_upper_camel_case().as_str() {
        name @ "Self" => format!("{name}_"),
        name if wit == "guest" => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// The name by which wit-bindgen's `with` knows a type; for a type of the world, the part behind the
/// world's name.
pub(super) fn ty(resolve: &Resolve, id: TypeId) -> String {
    let def = &resolve.types[id];
    let name = def.name.as_deref().unwrap_or_default();
    let owner = match def.owner {
        TypeOwner::Interface(interface) => resolve.id_of(interface),
        TypeOwner::World(_) | TypeOwner::None => None,
    };
    owner.map_or(name.to_owned(), |owner| format!("{owner}/{name}"))
}
