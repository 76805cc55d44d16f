//! Where wit-bindgen puts things: the guest side finds its code by these names.

use super::ids::{ScopeId, TypeId};
use super::naming;
use super::resource::Resource;
use super::scope::Scope;
use super::types::{Kind, Type, TypeDef};
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::HashMap;
use wit_parser::{self as wp, InterfaceId, Resolve, TypeOwner, WorldItem, WorldKey};

/// The names of one world's things in wit-bindgen's code.
#[derive(Debug)]
pub(crate) struct Bindings {
    /// By [`ScopeId`]: see [`functions`].
    modules: Vec<Vec<String>>,
    /// By [`TypeId`]: see [`ty`].
    types: Vec<String>,
    /// By [`TypeId`]: whether wit-bindgen has a type of its own.
    written: Vec<bool>,
}

impl Bindings {
    /// `modules` and `ids` are in the order of the scopes and types; the world's own level has no
    /// module.
    pub(super) fn new(
        resolve: &Resolve,
        ids: &[wp::TypeId],
        modules: Vec<Vec<String>>,
        types: &[TypeDef],
        scopes: &[Scope],
    ) -> Self {
        let names: Vec<String> = ids.iter().map(|id| ty(resolve, *id)).collect();
        let written = written(types, &names, scopes);
        Self {
            modules,
            types: names,
            written,
        }
    }

    /// Where the functions of an import are: `demo`, `notes`, `clock`. Those of an export are in
    /// `exports` beside them, if they are an interface's.
    pub(crate) fn module(&self, scope: ScopeId) -> &[String] {
        &self.modules[scope.0]
    }

    /// The name by which the option `with` knows a type; for a type of the world, the part behind
    /// the world's name.
    pub(crate) fn key(&self, id: TypeId) -> &str {
        &self.types[id.0]
    }

    /// What a type is called that wit-bindgen writes.
    pub(crate) fn name(&self, id: TypeId) -> String {
        type_name(self.key(id).rsplit('/').next().unwrap_or_default())
    }

    /// Whether wit-bindgen writes a type of its own for guests: for what holds handles it does in
    /// any case, and of some types it cannot be told that they are ours.
    pub(crate) fn writes(&self, id: TypeId) -> bool {
        self.written[id.0]
    }
}

impl Resource {
    /// What wit-bindgen calls its handle on the resource.
    pub(crate) fn in_bindings(&self) -> String {
        type_name(&self.wit)
    }
}

/// See [`Bindings::writes`]. wit-bindgen knows the types of inline interfaces by nothing but their
/// names, and two interfaces may have one of the same name, or an interface may have that name
/// itself. Nor can it be told of what is made of such a type.
fn written(types: &[TypeDef], names: &[String], scopes: &[Scope]) -> Vec<bool> {
    let defs = || types.iter().zip(names);
    let inline = defs().filter(|(def, name)| is_inline(def, name));
    let interfaces = scopes.iter().filter(|scope| !scope.is_world());
    let interfaces = interfaces.map(|scope| &scope.wit);
    let mut count: HashMap<&String, usize> = HashMap::new();
    for name in inline.map(|(_, name)| name).chain(interfaces) {
        *count.entry(name).or_default() += 1;
    }
    let mut unmapped: Vec<bool> = Vec::with_capacity(types.len());
    for (def, name) in defs() {
        let mut is = is_inline(def, name) && count.get(name).is_some_and(|count| *count > 1);
        // Types stand behind what they are made of.
        for part in def.kind.parts() {
            part.walk(&mut |ty| is |= matches!(ty, Type::Named(id) if unmapped[id.0]));
        }
        unmapped.push(is);
    }
    let with_handles = types.iter().map(|def| !def.facts.handles.is_empty());
    unmapped
        .iter()
        .zip(with_handles)
        .map(|(a, b)| *a || b)
        .collect()
}

/// Whether a type is one of an interface that has no name but the world's for it. (To wit-bindgen,
/// what stands for a type with a name has the name of that.)
fn is_inline(def: &TypeDef, name: &str) -> bool {
    let stands_for = matches!(def.kind, Kind::Alias(Type::Named(_)));
    !stands_for && def.scope != ScopeId::WORLD && !name.contains('/')
}

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
fn type_name(wit: &str) -> String {
    match wit.to_upper_camel_case().as_str() {
        name @ "Self" => format!("{name}_"),
        name if wit == "guest" => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// The name by which wit-bindgen's `with` knows a type; for a type of the world, the part behind
/// the world's name.
fn ty(resolve: &Resolve, id: wp::TypeId) -> String {
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
