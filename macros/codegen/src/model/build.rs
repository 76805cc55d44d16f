//! `Resolve` → model: names are settled, what is not supported is refused, all at once.

use super::naming::{self, InterfaceName};
use super::{
    Abi, Function, FunctionKind, Interface, Param, Resource, ResourceId, Source, TypeDef, TypeId,
    World, analysis, bindings, fingerprint, flat, handles, modules, view, wasi,
};
use crate::args::Args;
use crate::error::{Errors, Message};
use crate::wit::Package;
use std::collections::{HashMap, HashSet};
use wit_parser::{self as wp, WorldItem, WorldKey};

/// The runtime takes no longer parameter lists: the compiler's recursion limit is near.
const MAX_PARAMS: usize = 100;

/// Builds the model of the world that `package` was loaded for.
pub(crate) fn build(package: &Package, args: &Args) -> Result<Abi, Errors> {
    let resolve = &package.resolve;
    let world = &resolve.worlds[package.world];
    let mut builder = Builder {
        package,
        args,
        errors: Errors::default(),
        modules: HashMap::new(),
        ids: HashMap::new(),
        types: Vec::new(),
        resource_ids: HashMap::new(),
        resources: Vec::new(),
    };
    let keys = builder.interface_keys(world);
    let names = builder.interface_names(&keys);
    for ((id, _), name) in keys.iter().zip(&names) {
        builder.modules.insert(*id, naming::module(name));
    }
    // Resources first, then types, then functions: each refers to those before it by index.
    let world_resources = builder.resources(None, types(&world.imports));
    let interface_resources: Vec<Vec<ResourceId>> = keys
        .iter()
        .enumerate()
        .map(|(owner, (id, key))| {
            let sides = sides(world, *id, key);
            let types = resolve.interfaces[*id].types.values().copied();
            builder.resources(Some((owner, &names[owner], sides)), types)
        })
        .collect();
    let world_types: Vec<TypeId> = types(&world.imports)
        .filter_map(|id| builder.value_type(id))
        .collect();
    let interface_types: Vec<Vec<TypeId>> = keys
        .iter()
        .map(|(id, _)| {
            let types = resolve.interfaces[*id].types.values();
            types.filter_map(|ty| builder.value_type(*ty)).collect()
        })
        .collect();

    // The world may be one of another package, named in full.
    let name = &resolve.packages[world.package.unwrap_or(package.id)].name;
    let id = name.interface_id(&world.name);
    let world_exports = functions(&world.exports);
    let mut methods: HashSet<String> = HashSet::new();
    let mut exports = Vec::new();
    for function in world_exports {
        let mut function = builder.function(function, "");
        function.method = naming::method(&function.wit, &methods);
        methods.insert(function.method.clone());
        exports.push(function);
    }
    let imports = functions(&world.imports)
        .map(|function| builder.function(function, ""))
        .collect();

    let mut interfaces = Vec::new();
    let defined = interface_types.into_iter().zip(interface_resources);
    for (((interface, key), name), (types, resources)) in keys.iter().zip(&names).zip(defined) {
        let accessor = naming::method(name, &methods);
        let mut built = builder.interface(*interface, key, name, accessor, types);
        built.resources = resources;
        if built.exported {
            methods.insert(built.accessor.clone());
        }
        interfaces.push(built);
    }
    let rust = naming::ty(&world.name);
    let shared = interfaces.iter().any(|interface| interface.rust == rust);
    let mut world = World {
        wit: world.name.clone(),
        id,
        rust: if shared { format!("{rust}World") } else { rust },
        docs: world.docs.contents.clone(),
        deprecated: None,
        imports,
        exports,
        types: world_types,
        resources: world_resources,
        associated: Vec::new(),
    };
    builder.check_names(&keys, &world, &interfaces);
    let refused_on_guests = builder.refused_on_guests(&keys, &world, &interfaces);
    let depth = builder.check_limits(&keys);
    builder.mark_deprecated(&keys, &mut world, &mut interfaces);
    builder.check_choices(&world, &interfaces);
    builder.check_with(&interfaces);
    let Builder {
        errors,
        mut types,
        mut resources,
        ..
    } = builder;
    errors.finish()?;

    wasi::mark(&types, &mut resources, &world, &mut interfaces);
    handles::associate(&types, &mut resources, &mut world, &mut interfaces);

    analysis::mark_errors(&mut types, &world, &interfaces);
    analysis::mark_copy_and_float(&mut types);
    analysis::mark_unmapped(&mut types, &interfaces);
    modules::settle(&world, &mut interfaces, &mut types);
    flat::mark(&mut types);
    view::mark_lending(&mut types, &interfaces);
    view::mark(&mut types, &world, &interfaces);
    let mut sources: Vec<Source> = package
        .files
        .iter()
        .map(|path| Source::File {
            shown: package.shown(path),
            path: path.clone(),
        })
        .collect();
    sources.extend(args.inline.iter().map(|text| Source::Inline(text.value())));
    Ok(Abi {
        depth,
        package: format!("{}:{}", name.namespace, name.name),
        version: name.version.as_ref().map(ToString::to_string),
        fingerprint: fingerprint::fingerprint(&world, &interfaces, &types, &resources),
        world,
        interfaces,
        types,
        resources,
        sources,
        refused_on_guests,
    })
}

/// Whether a world imports an interface, and whether it exports it. Of inline interfaces it may
/// have two under one name, one imported and one exported.
fn sides(world: &wp::World, id: wp::InterfaceId, key: &WorldKey) -> (bool, bool) {
    let has = |items: &wp::IndexMap<WorldKey, WorldItem>| {
        let item = items.get(key);
        matches!(item, Some(WorldItem::Interface { id: found, .. }) if *found == id)
    };
    (has(&world.imports), has(&world.exports))
}

/// The functions of one side of a world, at its own level.
pub(super) fn functions(
    items: &wp::IndexMap<WorldKey, WorldItem>,
) -> impl Iterator<Item = &wp::Function> {
    items.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    })
}

/// The types of a world, which stand among its imports.
pub(super) fn types(items: &wp::IndexMap<WorldKey, WorldItem>) -> impl Iterator<Item = wp::TypeId> {
    items.values().filter_map(|item| match item {
        WorldItem::Type { id, .. } => Some(*id),
        _ => None,
    })
}

/// The model in the making.
pub(super) struct Builder<'a> {
    pub(super) package: &'a Package,
    pub(super) args: &'a Args,
    pub(super) errors: Errors,
    pub(super) modules: HashMap<wp::InterfaceId, String>,
    pub(super) ids: HashMap<wp::TypeId, TypeId>,
    pub(super) types: Vec<TypeDef>,
    pub(super) resource_ids: HashMap<wp::TypeId, ResourceId>,
    pub(super) resources: Vec<Resource>,
}

impl Builder<'_> {
    /// Every interface of the world once, imports first, in the order of the WIT.
    fn interface_keys(&mut self, world: &wp::World) -> Vec<(wp::InterfaceId, WorldKey)> {
        let mut keys: Vec<(wp::InterfaceId, WorldKey)> = Vec::new();
        for (key, item) in world.imports.iter().chain(&world.exports) {
            if let WorldItem::Interface { span, .. } = item
                && let Some(interface) = self.package.resolve.implements_value(key, item)
            {
                // It could stand in the world once more, under its own name or another.
                let name = self.package.resolve.name_world_key(key);
                let what = format!("an interface under another name (`{name}: {interface}`)");
                let instead = "runtimes do not take such components yet; import or export it under \
                               its own name";
                // The parser forgets where imports like this one stand.
                let span = if span.is_known() { *span } else { world.span };
                self.unsupported(span, what, instead);
            }
            if let WorldItem::Interface { id, .. } = item
                && keys.iter().all(|(known, _)| known != id)
            {
                keys.push((*id, key.clone()));
            }
        }
        keys
    }

    fn interface_names(&self, keys: &[(wp::InterfaceId, WorldKey)]) -> Vec<String> {
        let resolve = &self.package.resolve;
        let world = &resolve.worlds[self.package.world];
        let names: Vec<_> = keys
            .iter()
            .map(|(id, key)| match key {
                WorldKey::Name(name) => InterfaceName {
                    namespace: None,
                    package: (sides(world, *id, key) == (false, true)).then_some("exported"),
                    version: None,
                    name,
                },
                WorldKey::Interface(_) => {
                    let interface = &resolve.interfaces[*id];
                    let package = interface.package.map(|id| &resolve.packages[id].name);
                    InterfaceName {
                        namespace: package.map(|name| name.namespace.as_str()),
                        package: package.map(|name| name.name.as_str()),
                        version: package
                            .and_then(|name| name.version.as_ref().map(|v| v.to_string())),
                        name: interface.name.as_deref().unwrap_or_default(),
                    }
                }
            })
            .collect();
        naming::interfaces(&names)
    }

    fn interface(
        &mut self,
        id: wp::InterfaceId,
        key: &WorldKey,
        name: &str,
        accessor: String,
        types: Vec<TypeId>,
    ) -> Interface {
        let resolve = &self.package.resolve;
        let world = &resolve.worlds[self.package.world];
        let interface = &resolve.interfaces[id];
        let in_component = resolve.name_world_key(key);
        // Messages name functions without the version, as people do.
        let path = naming::unversioned(&in_component).to_owned();
        let functions = interface.functions.values();
        let (imported, exported) = sides(world, id, key);
        Interface {
            module: naming::module(name),
            rust: naming::ty(name),
            accessor,
            docs: interface.docs.contents.clone(),
            deprecated: None,
            types,
            resources: Vec::new(),
            associated: Vec::new(),
            functions: functions
                .map(|function| self.function(function, &path))
                .collect(),
            imported,
            exported,
            linked: false,
            replacement: self.replacement(&in_component, None),
            bindings: bindings::functions(resolve, key),
            id: in_component,
        }
    }

    fn function(&mut self, function: &wp::Function, interface: &str) -> Function {
        if function.kind.is_async() {
            let what = format!("`async` (function `{}`)", function.name);
            self.unsupported(function.span, what, "declare the function without `async`");
        }
        let count = function.params.len();
        if count > MAX_PARAMS {
            let message = Message::TooManyParams {
                at: self.package.location(function.span),
                name: function.name.clone(),
                count,
                most: MAX_PARAMS,
            };
            self.errors.push(self.args.wit_span(), message);
        }
        let params = function.params.iter().map(|param| Param {
            wit: param.name.clone(),
            rust: naming::value(&param.name),
            ty: self.ty(&param.ty, param.span),
        });
        let params = params.collect();
        let kind = self.function_kind(&function.kind);
        let item = function.item_name();
        let resource = |id: ResourceId| &self.resources[id.0].wit;
        let local = match kind {
            FunctionKind::Free => item.to_owned(),
            FunctionKind::Constructor(id) | FunctionKind::Method(id) | FunctionKind::Static(id) => {
                format!("{}.{item}", resource(id))
            }
        };
        let path = match interface {
            "" => local,
            interface => format!("{interface}.{local}"),
        };
        let rust = match kind {
            FunctionKind::Free | FunctionKind::Method(_) => naming::function(item),
            FunctionKind::Constructor(id) => naming::of_resource(resource(id), "new"),
            FunctionKind::Static(id) => naming::of_resource(resource(id), item),
        };
        let mut function = Function {
            wit: function.name.clone(),
            kind,
            method: rust.clone(),
            rust,
            docs: function.docs.contents.clone(),
            deprecated: None,
            params,
            result: function
                .result
                .as_ref()
                .map(|ty| self.ty(ty, function.span)),
            shared: Vec::new(),
            generics: Vec::new(),
            trappable: self.args.trappable.choose(&path),
            borrowed: self.args.borrowed.choose(&path),
            path,
        };
        function.shared = handles::shared(&self.types, &function);
        function
    }

    fn function_kind(&mut self, kind: &wp::FunctionKind) -> FunctionKind {
        use wp::FunctionKind as Kind;
        let of = |id: &wp::TypeId| self.resource_ids.get(id).copied();
        let kind = match kind {
            Kind::Constructor(id) => of(id).map(FunctionKind::Constructor),
            Kind::Method(id) | Kind::AsyncMethod(id) => of(id).map(FunctionKind::Method),
            Kind::Static(id) | Kind::AsyncStatic(id) => of(id).map(FunctionKind::Static),
            Kind::Freestanding | Kind::AsyncFreestanding => None,
        };
        kind.unwrap_or(FunctionKind::Free)
    }
}
