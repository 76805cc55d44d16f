//! `Resolve` → model: the facts of the WIT, what is not supported refused all at once, then what
//! things are called.

use super::abi::{Abi, Source, World};
use super::bindings::{self, Bindings};
use super::builder::{Builder, InterfaceKey, types};
use super::names::Names;
use super::naming::{self, InterfaceName};
use super::scope::Scope;
use super::{errors, fingerprint, view, wasi};
use crate::args::Args;
use crate::error::Errors;
use crate::wit::Package;
use wit_parser::{self as wp, WorldItem, WorldKey};

/// Builds the model of the world that `package` was loaded for.
pub(crate) fn build(package: &Package, args: &Args) -> Result<Abi, Errors> {
    let resolve = &package.resolve;
    let mut builder = Builder::new(package, args);
    builder.find_interfaces();
    let (world, mut scopes) = facts(&mut builder);
    let bindings = bindings(&builder, &scopes);
    let short = builder.interfaces.iter().map(|of| of.name.clone());
    let names = Names::new(&world.wit, &scopes, short.collect(), &bindings);

    builder.check_names(&world, &names, &scopes);
    let refused_on_guests = builder.refused_on_guests(&scopes);
    let depth = builder.check_limits();
    builder.check_choices(&scopes);
    builder.check_with(&scopes);
    let Builder {
        errors,
        types,
        resources,
        ..
    } = builder;
    errors.finish()?;

    wasi::link(&types, &resources, &mut scopes);
    // The world may be one of another package, named in full.
    let of_world = resolve.worlds[package.world].package;
    let name = &resolve.packages[of_world.unwrap_or(package.id)].name;
    Ok(Abi {
        package: format!("{}:{}", name.namespace, name.name),
        version: name.version.as_ref().map(ToString::to_string),
        fingerprint: fingerprint::fingerprint(&world, &scopes, &types, &resources),
        errors: errors::of(&types, &scopes),
        views: view::all(&types, &scopes),
        world,
        scopes,
        types,
        resources,
        depth,
        sources: sources(package, args),
        refused_on_guests,
        names,
        bindings,
    })
}

/// The facts of the world.
fn facts(builder: &mut Builder<'_>) -> (World, Vec<Scope>) {
    let resolve = &builder.package.resolve;
    let world = builder.world();
    // Resources first, then types, then functions: each refers to those before it by index.
    let interfaces: Vec<wp::InterfaceId> = builder.interfaces.iter().map(|of| of.id).collect();
    let types_of = |id: &wp::InterfaceId| resolve.interfaces[*id].types.values().copied();
    let mut resources = vec![builder.resources(types(&world.imports))];
    resources.extend(interfaces.iter().map(|id| builder.resources(types_of(id))));
    let mut values = vec![builder.value_types(types(&world.imports))];
    values.extend(
        interfaces
            .iter()
            .map(|id| builder.value_types(types_of(id))),
    );

    let mut defined = values.into_iter().zip(resources);
    let mut scopes = Vec::new();
    if let Some((types, resources)) = defined.next() {
        scopes.push(builder.level(types, resources));
    }
    for (index, (types, resources)) in defined.enumerate() {
        scopes.push(builder.interface(index, types, resources));
    }
    let of_world = world.package.unwrap_or(builder.package.id);
    let world = World {
        wit: world.name.clone(),
        id: resolve.packages[of_world].name.interface_id(&world.name),
        docs: world.docs.contents.clone(),
        deprecated: builder.note(&world.stability, world.package),
    };
    (world, scopes)
}

fn bindings(builder: &Builder<'_>, scopes: &[Scope]) -> Bindings {
    let resolve = &builder.package.resolve;
    let mut ids: Vec<_> = builder.ids.iter().map(|(wit, id)| (id.0, *wit)).collect();
    ids.sort_unstable_by_key(|(index, _)| *index);
    let ids: Vec<wp::TypeId> = ids.into_iter().map(|(_, wit)| wit).collect();
    let modules = builder.interfaces.iter();
    let modules = modules.map(|of| bindings::functions(resolve, &of.key));
    let modules = std::iter::once(Vec::new()).chain(modules).collect();
    Bindings::new(resolve, &ids, modules, &builder.types, scopes)
}

fn sources(package: &Package, args: &Args) -> Vec<Source> {
    let files = package.files.iter().map(|path| Source::File {
        shown: package.shown(path),
        path: path.clone(),
    });
    let inline = args.inline.iter();
    let inline = inline.map(|text| Source::Inline(text.value()));
    files.chain(inline).collect()
}

impl Builder<'_> {
    /// Finds every interface of the world once, imports first, in the order of the WIT.
    fn find_interfaces(&mut self) {
        let (resolve, world) = (&self.package.resolve, self.world());
        for (key, item) in world.imports.iter().chain(&world.exports) {
            let WorldItem::Interface { id, span, .. } = item else {
                continue;
            };
            if let Some(interface) = resolve.implements_value(key, item) {
                // It could stand in the world once more, under its own name or another.
                let name = resolve.name_world_key(key);
                let what = format!("an interface under another name (`{name}: {interface}`)");
                let instead = "runtimes do not take such components yet; import or export it under \
                               its own name";
                // The parser forgets where imports like this one stand.
                let span = if span.is_known() { *span } else { world.span };
                self.unsupported(span, what, instead);
            }
            if self.interfaces.iter().all(|known| known.id != *id) {
                self.interfaces.push(InterfaceKey {
                    id: *id,
                    key: key.clone(),
                    imported: is_side(&world.imports, *id, key),
                    exported: is_side(&world.exports, *id, key),
                    name: String::new(),
                });
            }
        }
        let names: Vec<_> = self.interfaces.iter().map(|of| self.name(of)).collect();
        let names = naming::interfaces(&names);
        for (interface, name) in self.interfaces.iter_mut().zip(names) {
            interface.name = name;
        }
    }

    /// What tells an interface from those of the same name.
    fn name<'k>(&'k self, of: &'k InterfaceKey) -> InterfaceName<'k> {
        let resolve = &self.package.resolve;
        if let WorldKey::Name(name) = &of.key {
            return InterfaceName {
                namespace: None,
                package: (of.exported && !of.imported).then_some("exported"),
                version: None,
                name,
            };
        }
        let interface = &resolve.interfaces[of.id];
        let package = interface.package.map(|id| &resolve.packages[id].name);
        InterfaceName {
            namespace: package.map(|name| name.namespace.as_str()),
            package: package.map(|name| name.name.as_str()),
            version: package.and_then(|name| name.version.as_ref().map(|v| v.to_string())),
            name: interface.name.as_deref().unwrap_or_default(),
        }
    }
}

/// Whether one side of a world has an interface. Of inline interfaces a world may have two under one
/// name, one imported and one exported.
fn is_side(side: &wp::IndexMap<WorldKey, WorldItem>, id: wp::InterfaceId, key: &WorldKey) -> bool {
    let item = side.get(key);
    matches!(item, Some(WorldItem::Interface { id: found, .. }) if *found == id)
}
