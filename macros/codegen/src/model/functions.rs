//! WIT functions → the scopes of the model.

use super::builder::{Builder, functions};
use super::ids::{ResourceId, ScopeId, TypeId};
use super::naming;
use super::scope::{Export, Function, FunctionKind, Import, ImportedFunction, Param, Scope};
use crate::error::Message;
use wit_parser as wp;

/// The runtime takes no longer parameter lists: the compiler's recursion limit is near.
const MAX_PARAMS: usize = 100;

impl Builder<'_> {
    /// The world's own level.
    pub(super) fn level(&mut self, types: Vec<TypeId>, resources: Vec<ResourceId>) -> Scope {
        let world = self.world();
        let of = |this: &mut Self, side| -> Vec<Function> {
            let functions = functions(side);
            let functions = functions.map(|function| this.function(function, "", world.package));
            functions.collect()
        };
        let exports = of(self, &world.exports);
        let imports = of(self, &world.imports);
        let has_imports = !(imports.is_empty() && resources.is_empty());
        Scope {
            id: ScopeId::WORLD,
            wit: String::new(),
            docs: None,
            deprecated: None,
            types,
            resources,
            replacement: None,
            import: has_imports.then(|| self.import(imports)),
            export: (!exports.is_empty()).then_some(Export { functions: exports }),
        }
    }

    /// The interface of that index.
    pub(super) fn interface(
        &mut self,
        index: usize,
        types: Vec<TypeId>,
        resources: Vec<ResourceId>,
    ) -> Scope {
        let resolve = &self.package.resolve;
        let of = &self.interfaces[index];
        let (imported, exported) = (of.imported, of.exported);
        let deprecated = self.note_of_interface(of);
        let wit = resolve.name_world_key(&of.key);
        let interface = &resolve.interfaces[of.id];
        // Messages name functions without the version, as people do.
        let path = naming::unversioned(&wit).to_owned();
        let functions = interface.functions.values().map(|function| {
            let mut function = self.function(function, &path, interface.package);
            // Who calls a function has named the interface in passing only.
            function.deprecated = function.deprecated.or_else(|| deprecated.clone());
            function
        });
        let functions: Vec<Function> = functions.collect();
        Scope {
            id: ScopeId(index + 1),
            docs: interface.docs.contents.clone(),
            deprecated,
            types,
            resources,
            replacement: self.replacement(&wit, None),
            import: imported.then(|| self.import(functions.clone())),
            export: exported.then_some(Export { functions }),
            wit,
        }
    }

    fn import(&self, functions: Vec<Function>) -> Import {
        let functions = functions.into_iter().map(|function| ImportedFunction {
            trappable: self.args.trappable.choose(&function.path),
            borrowed: self.args.borrowed.choose(&function.path),
            function,
        });
        Import {
            functions: functions.collect(),
            linked: false,
        }
    }

    /// `interface` is what messages call the interface that the function stands in.
    fn function(
        &mut self,
        function: &wp::Function,
        interface: &str,
        package: Option<wp::PackageId>,
    ) -> Function {
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
            ty: self.ty(&param.ty, param.span),
        });
        let params = params.collect();
        let kind = self.function_kind(&function.kind);
        let item = function.item_name();
        let local = match kind {
            FunctionKind::Free => item.to_owned(),
            FunctionKind::Constructor(id) | FunctionKind::Method(id) | FunctionKind::Static(id) => {
                format!("{}.{item}", self.resources[id.0].wit)
            }
        };
        let result = function.result.as_ref();
        Function {
            wit: function.name.clone(),
            kind,
            path: match interface {
                "" => local,
                interface => format!("{interface}.{local}"),
            },
            docs: function.docs.contents.clone(),
            deprecated: self.note(&function.stability, package),
            params,
            result: result.map(|ty| self.ty(ty, function.span)),
        }
    }

    fn function_kind(&self, kind: &wp::FunctionKind) -> FunctionKind {
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
