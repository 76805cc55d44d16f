//! `Resolve` → model: names are settled, what is not supported is refused, all at once.

use super::naming::{self, InterfaceName};
use super::{
    Abi, Case, Field, Function, Interface, Kind, Number, Param, Source, Type, TypeDef, TypeId,
    World, dealias, fingerprint,
};
use crate::args::{Args, Trappable};
use crate::error::{Errors, Message};
use crate::wit::Package;
use heck::ToSnakeCase;
use std::collections::{HashMap, HashSet};
use wit_parser::{self as wp, TypeDefKind, TypeOwner, WorldItem, WorldKey};

/// A component can have no more flags in one type (wasmparser refuses it).
const MAX_FLAGS: usize = 32;

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
    };
    let keys = builder.interface_keys(world);
    let names = builder.interface_names(&keys);
    for ((id, _), name) in keys.iter().zip(&names) {
        builder.modules.insert(*id, naming::module(name));
    }
    // Types first: functions refer to them by index.
    let world_types: Vec<TypeId> = world
        .imports
        .values()
        .filter_map(|item| match item {
            WorldItem::Type { id, .. } => Some(builder.type_def(*id)),
            _ => None,
        })
        .collect();
    let interface_types: Vec<Vec<TypeId>> = keys
        .iter()
        .map(|(id, _)| {
            let types = resolve.interfaces[*id].types.values();
            types.map(|ty| builder.type_def(*ty)).collect()
        })
        .collect();

    let id = resolve.packages[package.id].name.interface_id(&world.name);
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
    for (((interface, key), name), types) in keys.into_iter().zip(names).zip(interface_types) {
        let accessor = naming::method(&name, &methods);
        let built = builder.interface(interface, key, &name, accessor, types);
        if built.exported {
            methods.insert(built.accessor.clone());
        }
        interfaces.push(built);
    }
    let rust = naming::ty(&world.name);
    let shared = interfaces.iter().any(|interface| interface.rust == rust);
    let world = World {
        wit: world.name.clone(),
        id,
        rust: if shared { format!("{rust}World") } else { rust },
        docs: world.docs.contents.clone(),
        imports,
        exports,
        types: world_types,
    };
    builder.check_names(&world, &interfaces);
    builder.check_trappable(&world, &interfaces);
    let Builder { errors, mut types, .. } = builder;
    errors.finish()?;

    mark_errors(&mut types, &world, &interfaces);
    mark_copy_and_float(&mut types);
    let name = &resolve.packages[package.id].name;
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
        package: format!("{}:{}", name.namespace, name.name),
        version: name.version.as_ref().map(ToString::to_string),
        fingerprint: fingerprint::fingerprint(&world, &interfaces, &types),
        world,
        interfaces,
        types,
        sources,
    })
}

fn functions(items: &wp::IndexMap<WorldKey, WorldItem>) -> impl Iterator<Item = &wp::Function> {
    items.values().filter_map(|item| match item {
        WorldItem::Function(function) => Some(function),
        _ => None,
    })
}

struct Builder<'a> {
    package: &'a Package,
    args: &'a Args,
    errors: Errors,
    modules: HashMap<wp::InterfaceId, String>,
    ids: HashMap<wp::TypeId, TypeId>,
    types: Vec<TypeDef>,
}

impl Builder<'_> {
    /// Every interface of the world once, imports first, in the order of the WIT.
    fn interface_keys(&self, world: &wp::World) -> Vec<(wp::InterfaceId, WorldKey)> {
        let mut keys: Vec<(wp::InterfaceId, WorldKey)> = Vec::new();
        for (key, item) in world.imports.iter().chain(&world.exports) {
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
        let names: Vec<_> = keys
            .iter()
            .map(|(id, key)| match key {
                WorldKey::Name(name) => InterfaceName {
                    namespace: None,
                    package: None,
                    version: None,
                    name,
                },
                WorldKey::Interface(_) => {
                    let interface = &resolve.interfaces[*id];
                    let package = interface.package.map(|id| &resolve.packages[id].name);
                    InterfaceName {
                        namespace: package.map(|name| name.namespace.as_str()),
                        package: package.map(|name| name.name.as_str()),
                        version: package.and_then(|name| name.version.as_ref().map(|v| v.to_string())),
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
        key: WorldKey,
        name: &str,
        accessor: String,
        types: Vec<TypeId>,
    ) -> Interface {
        let resolve = &self.package.resolve;
        let world = &resolve.worlds[self.package.world];
        let interface = &resolve.interfaces[id];
        let in_component = resolve.name_world_key(&key);
        // Messages name functions without the version, as people do.
        let path = in_component.split('@').next().unwrap_or_default().to_owned();
        let functions = interface.functions.values();
        Interface {
            module: naming::module(name),
            rust: naming::ty(name),
            accessor,
            docs: interface.docs.contents.clone(),
            types,
            functions: functions.map(|function| self.function(function, &path)).collect(),
            imported: world.imports.contains_key(&key),
            exported: world.exports.contains_key(&key),
            bindings: bindings_path(resolve, &key),
            id: in_component,
        }
    }

    fn function(&mut self, function: &wp::Function, interface: &str) -> Function {
        if function.kind.is_async() {
            let what = format!("`async` (function `{}`)", function.name);
            self.unsupported(function.span, what, "declare the function without `async`");
        }
        let params = function.params.iter().map(|param| Param {
            wit: param.name.clone(),
            rust: naming::value(&param.name),
            ty: self.ty(&param.ty, param.span),
        });
        let params = params.collect();
        let path = match interface {
            "" => function.name.clone(),
            interface => format!("{interface}.{}", function.name),
        };
        let rust = naming::value(&function.name);
        Function {
            wit: function.name.clone(),
            method: rust.clone(),
            rust,
            docs: function.docs.contents.clone(),
            params,
            result: function.result.as_ref().map(|ty| self.ty(ty, function.span)),
            trappable: match &self.args.trappable {
                Trappable::None => false,
                Trappable::All => true,
                Trappable::Some(names) => names.iter().any(|name| names_function(&name.value(), &path)),
            },
            path,
        }
    }

    /// The model's id of a named type, building it and what it uses on first sight.
    fn type_def(&mut self, id: wp::TypeId) -> TypeId {
        if let Some(known) = self.ids.get(&id) {
            return *known;
        }
        let resolve = &self.package.resolve;
        let def = &resolve.types[id];
        let wit = def.name.clone().unwrap_or_default();
        let kind = self.kind(def, &wit);
        let (path, module) = match def.owner {
            TypeOwner::Interface(owner) => {
                let interface = resolve.id_of(owner);
                let owner = interface.or_else(|| self.modules.get(&owner).cloned());
                let owner = owner.unwrap_or_default();
                let path = owner.split('@').next().unwrap_or_default();
                (format!("{path}.{wit}"), self.owner_module(def.owner))
            }
            _ => (wit.clone(), None),
        };
        let new = TypeId(self.types.len());
        self.types.push(TypeDef {
            path,
            bindings: bindings_name(resolve, id),
            rust: naming::ty(&wit),
            module,
            docs: def.docs.contents.clone(),
            kind,
            is_error: false,
            copy: false,
            float: false,
            wit,
        });
        self.ids.insert(id, new);
        new
    }

    fn owner_module(&self, owner: TypeOwner) -> Option<String> {
        match owner {
            TypeOwner::Interface(id) => self.modules.get(&id).cloned(),
            _ => None,
        }
    }

    fn kind(&mut self, def: &wp::TypeDef, wit: &str) -> Kind {
        match &def.kind {
            TypeDefKind::Record(record) => {
                let fields = record.fields.iter().map(|field| Field {
                    wit: field.name.clone(),
                    rust: naming::value(&field.name),
                    docs: field.docs.contents.clone(),
                    ty: self.ty(&field.ty, field.span),
                });
                Kind::Record(fields.collect())
            }
            TypeDefKind::Variant(variant) => {
                let cases = variant.cases.iter().map(|case| Case {
                    wit: case.name.clone(),
                    rust: naming::case(&case.name),
                    docs: case.docs.contents.clone(),
                    ty: case.ty.as_ref().map(|ty| self.ty(ty, case.span)),
                });
                Kind::Variant(cases.collect())
            }
            TypeDefKind::Enum(of) => Kind::Enum(
                of.cases
                    .iter()
                    .map(|case| Case {
                        wit: case.name.clone(),
                        rust: naming::case(&case.name),
                        docs: case.docs.contents.clone(),
                        ty: None,
                    })
                    .collect(),
            ),
            TypeDefKind::Flags(of) => {
                let count = of.flags.len();
                if count > MAX_FLAGS {
                    let at = self.package.location(def.span);
                    let name = wit.to_owned();
                    let message = Message::TooManyFlags { at, name, count };
                    self.errors.push(self.args.wit_span(), message);
                }
                Kind::Flags(
                    of.flags
                        .iter()
                        .map(|flag| Case {
                            wit: flag.name.clone(),
                            rust: naming::flag(&flag.name),
                            docs: flag.docs.contents.clone(),
                            ty: None,
                        })
                        .collect(),
                )
            }
            other => Kind::Alias(self.anonymous(other, def.span)),
        }
    }

    fn ty(&mut self, ty: &wp::Type, span: wp::Span) -> Type {
        match ty {
            wp::Type::Bool => Type::Bool,
            wp::Type::Char => Type::Char,
            wp::Type::String => Type::String,
            wp::Type::U8 => Type::Number(Number::U8),
            wp::Type::U16 => Type::Number(Number::U16),
            wp::Type::U32 => Type::Number(Number::U32),
            wp::Type::U64 => Type::Number(Number::U64),
            wp::Type::S8 => Type::Number(Number::S8),
            wp::Type::S16 => Type::Number(Number::S16),
            wp::Type::S32 => Type::Number(Number::S32),
            wp::Type::S64 => Type::Number(Number::S64),
            wp::Type::F32 => Type::Number(Number::F32),
            wp::Type::F64 => Type::Number(Number::F64),
            wp::Type::ErrorContext => self.not_yet("error-context", span),
            wp::Type::Id(id) => {
                let def = &self.package.resolve.types[*id];
                if def.name.is_some() {
                    Type::Named(self.type_def(*id))
                } else {
                    self.anonymous(&def.kind, span)
                }
            }
        }
    }

    /// A type without a name of its own.
    fn anonymous(&mut self, kind: &TypeDefKind, span: wp::Span) -> Type {
        match kind {
            TypeDefKind::List(of) => Type::List(Box::new(self.ty(of, span))),
            TypeDefKind::Option(of) => Type::Option(Box::new(self.ty(of, span))),
            TypeDefKind::Result(of) => {
                let ok = of.ok.as_ref().map(|ty| Box::new(self.ty(ty, span)));
                let err = of.err.as_ref().map(|ty| Box::new(self.ty(ty, span)));
                Type::Result(ok, err)
            }
            TypeDefKind::Tuple(of) => {
                Type::Tuple(of.types.iter().map(|ty| self.ty(ty, span)).collect())
            }
            TypeDefKind::Type(of) => self.ty(of, span),
            other => self.not_yet(other.as_str(), span),
        }
    }

    /// Refuses a kind of type, and stands in for it so that the rest is still checked.
    fn not_yet(&mut self, what: &str, span: wp::Span) -> Type {
        let instead = match what {
            "resource" | "own" | "borrow" => {
                "pass an id (`u32`) or a name (`string`), and keep the object on its side"
            }
            "future" | "stream" | "error-context" => {
                "only synchronous worlds are; pass lists, or call again for the next part"
            }
            "map" => "use `list<tuple<key, value>>`",
            _ => "use `list`",
        };
        self.unsupported(span, format!("`{what}`"), instead);
        Type::Bool
    }

    fn unsupported(&mut self, span: wp::Span, what: String, instead: &'static str) {
        let at = self.package.location(span);
        let message = Message::Unsupported { at, what, instead };
        self.errors.push(self.args.wit_span(), message);
    }

    /// Refuses WIT names that are different in WIT and the same in Rust.
    fn check_names(&mut self, world: &World, interfaces: &[Interface]) {
        let mut scopes: Vec<Vec<(String, String)>> = Vec::new();
        let pair = |wit: &str, rust: &str| (wit.to_owned(), rust.to_owned());
        for def in &self.types {
            match &def.kind {
                Kind::Record(fields) => {
                    scopes.push(fields.iter().map(|f| pair(&f.wit, &f.rust)).collect());
                }
                Kind::Variant(cases) | Kind::Enum(cases) | Kind::Flags(cases) => {
                    scopes.push(cases.iter().map(|c| pair(&c.wit, &c.rust)).collect());
                }
                Kind::Alias(_) => {}
            }
        }
        let function_lists = interfaces.iter().map(|i| &i.functions);
        for list in function_lists.chain([&world.imports, &world.exports]) {
            scopes.push(list.iter().map(|f| pair(&f.wit, &f.rust)).collect());
            for function in list {
                let params = function.params.iter();
                scopes.push(params.map(|p| pair(&p.wit, &p.rust)).collect());
            }
        }
        let type_lists = interfaces.iter().map(|i| &i.types);
        for list in type_lists.chain([&world.types]) {
            let defs = list.iter().map(|id| &self.types[id.0]);
            scopes.push(defs.map(|def| pair(&def.wit, &def.rust)).collect());
        }
        let modules = interfaces.iter().map(|i| pair(&i.id, &i.module));
        scopes.push(modules.collect());
        for scope in scopes {
            let mut seen: HashMap<String, String> = HashMap::new();
            for (wit, rust) in scope {
                if let Some(first) = seen.get(&rust) {
                    let message = Message::NameTaken {
                        at: world.id.clone(),
                        wit,
                        rust,
                        first: first.clone(),
                    };
                    self.errors.push(self.args.wit_span(), message);
                } else {
                    seen.insert(rust, wit);
                }
            }
        }
    }

    fn check_trappable(&mut self, world: &World, interfaces: &[Interface]) {
        let Trappable::Some(names) = &self.args.trappable else {
            return;
        };
        let imported = interfaces.iter().filter(|interface| interface.imported);
        let functions = imported.flat_map(|interface| &interface.functions);
        let known: Vec<String> =
            functions.chain(&world.imports).map(|function| function.path.clone()).collect();
        for name in names {
            let found = name.value();
            if !known.iter().any(|path| names_function(&found, path)) {
                let known = known.clone();
                self.errors.push(name.span(), Message::TrappableUnknown { found, known });
            }
        }
    }
}

/// Whether a user means the function at `path` by `name`: `demo:notes/clock.now-ms` in full, or
/// `clock.now-ms`.
fn names_function(name: &str, path: &str) -> bool {
    path == name || path.split_once('/').is_some_and(|(_, short)| short == name)
}

/// Where wit-bindgen puts the functions of an imported interface.
fn bindings_path(resolve: &wp::Resolve, key: &WorldKey) -> Vec<String> {
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
    let mut module = this.name.to_snake_case();
    if let Some(version) = &this.version
        && versions.count() > 1
    {
        module.push_str(&version.to_string().replace(['.', '-', '+'], "_"));
    }
    vec![naming::value(&this.namespace), module, name]
}

/// The name by which wit-bindgen's `with` knows a type.
fn bindings_name(resolve: &wp::Resolve, id: wp::TypeId) -> String {
    let def = &resolve.types[id];
    let name = def.name.as_deref().unwrap_or_default();
    let owner = match def.owner {
        TypeOwner::World(world) => Some(resolve.worlds[world].name.clone()),
        TypeOwner::Interface(interface) => resolve.id_of(interface),
        TypeOwner::None => None,
    };
    owner.map_or(name.to_owned(), |owner| format!("{owner}/{name}"))
}

/// Sets [`TypeDef::is_error`] on what stands in the `E` of a result, aliases followed.
fn mark_errors(types: &mut [TypeDef], world: &World, interfaces: &[Interface]) {
    let functions = interfaces.iter().flat_map(|interface| &interface.functions);
    let functions = functions.chain(&world.imports).chain(&world.exports);
    let mut errors: Vec<usize> = Vec::new();
    for function in functions {
        let params = function.params.iter().map(|param| &param.ty);
        for ty in params.chain(&function.result) {
            error_types(types, ty, &mut errors);
        }
    }
    for def in types.iter() {
        match &def.kind {
            Kind::Record(fields) => {
                fields.iter().for_each(|field| error_types(types, &field.ty, &mut errors));
            }
            Kind::Variant(cases) => {
                let payloads = cases.iter().filter_map(|case| case.ty.as_ref());
                payloads.for_each(|ty| error_types(types, ty, &mut errors));
            }
            Kind::Alias(of) => error_types(types, of, &mut errors),
            Kind::Enum(_) | Kind::Flags(_) => {}
        }
    }
    for index in errors {
        types[index].is_error = true;
    }
}

/// The named types in the `E` of the results in `ty`, without looking into named types.
fn error_types(types: &[TypeDef], ty: &Type, found: &mut Vec<usize>) {
    match ty {
        Type::List(of) | Type::Option(of) => error_types(types, of, found),
        Type::Tuple(of) => of.iter().for_each(|ty| error_types(types, ty, found)),
        Type::Result(ok, err) => {
            for of in [ok, err].into_iter().flatten() {
                error_types(types, of, found);
            }
            if let Some(err) = err
                && let Type::Named(id) = dealias(types, err)
            {
                found.push(id.0);
            }
        }
        Type::Bool | Type::Char | Type::String | Type::Number(_) | Type::Named(_) => {}
    }
}

/// Sets [`TypeDef::copy`] and [`TypeDef::float`]. Types stand behind what they use, so that one pass
/// is enough.
fn mark_copy_and_float(types: &mut [TypeDef]) {
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        let parts: Vec<&Type> = match &def.kind {
            Kind::Record(fields) => fields.iter().map(|field| &field.ty).collect(),
            Kind::Variant(cases) => cases.iter().filter_map(|case| case.ty.as_ref()).collect(),
            Kind::Enum(_) | Kind::Flags(_) => Vec::new(),
            Kind::Alias(of) => vec![of],
        };
        def.copy = parts.iter().all(|ty| is_copy(before, ty));
        def.float = parts.iter().any(|ty| has_float(before, ty));
    }
}

fn is_copy(types: &[TypeDef], ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Char | Type::Number(_) => true,
        Type::String | Type::List(_) => false,
        Type::Option(of) => is_copy(types, of),
        Type::Result(ok, err) => [ok, err].into_iter().flatten().all(|ty| is_copy(types, ty)),
        Type::Tuple(of) => of.iter().all(|ty| is_copy(types, ty)),
        Type::Named(id) => types[id.0].copy,
    }
}

fn has_float(types: &[TypeDef], ty: &Type) -> bool {
    match ty {
        Type::Number(number) => number.is_float(),
        Type::Bool | Type::Char | Type::String => false,
        Type::List(of) | Type::Option(of) => has_float(types, of),
        Type::Result(ok, err) => [ok, err].into_iter().flatten().any(|ty| has_float(types, ty)),
        Type::Tuple(of) => of.iter().any(|ty| has_float(types, ty)),
        Type::Named(id) => types[id.0].float,
    }
}
