//! What things are called in Rust: the rules of [`naming`] applied to the facts of one world.
//!
//! Most names follow from the WIT name alone, and are asked for where they are needed. Those that
//! depend on what else is in the world are settled here, once.

use super::bindings::Bindings;
use super::ids::ScopeId;
use super::naming;
use super::resource::Resource;
use super::scope::{Function, FunctionKind, Param, Scope};
use super::types::{Case, Field, Kind, TypeDef};
use std::collections::HashSet;

/// The names of a world that do not follow from one WIT name.
#[derive(Debug)]
pub(crate) struct Names {
    /// The handle on the host, the trait on the guest.
    pub(crate) world: String,
    /// By [`ScopeId`].
    scopes: Vec<ScopeNames>,
    /// The methods of the handle for the world's own exports, in their order.
    pub(crate) methods: Vec<String>,
}

#[derive(Debug)]
struct ScopeNames {
    /// In kebab-case; empty for the world's own level.
    name: String,
    /// The module of its types, and of the traits of its resources.
    module: String,
    /// The trait that a host implements.
    import: String,
    /// The trait that a guest implements, and the view of it on the host.
    export: String,
    /// The method of the handle that gives the view.
    accessor: String,
}

impl Names {
    /// The names of what is in `scopes`. `interfaces` are those of the interfaces, in kebab-case.
    pub(super) fn new(
        world: &str,
        scopes: &[Scope],
        interfaces: Vec<String>,
        bindings: &Bindings,
    ) -> Self {
        let world = naming::ty(world);
        let shared = interfaces.iter().any(|name| naming::ty(name) == world);
        let world = if shared {
            format!("{world}World")
        } else {
            world
        };
        let mut taken: HashSet<String> = HashSet::new();
        let mut method = |wit: &str, stays: bool| {
            let name = naming::method(wit, &taken);
            if stays {
                taken.insert(name.clone());
            }
            name
        };
        let level = &scopes[ScopeId::WORLD.0];
        let methods = level.exported().map(|function| method(&function.wit, true));
        let methods = methods.collect();
        let own = ScopeNames {
            name: String::new(),
            module: "imports".to_owned(),
            import: format!("{world}Imports"),
            export: world.clone(),
            accessor: String::new(),
        };
        let others = scopes.iter().skip(1).zip(interfaces).map(|(scope, name)| {
            let trait_name = naming::ty(&name);
            ScopeNames {
                module: module(&name, scope, scopes, bindings),
                import: trait_name.clone(),
                export: trait_name,
                accessor: method(&name, scope.export.is_some()),
                name,
            }
        });
        let scopes = std::iter::once(own).chain(others).collect();
        Self {
            world,
            scopes,
            methods,
        }
    }

    /// The module of an interface's types. Those of the world have none.
    pub(crate) fn module(&self, scope: ScopeId) -> Option<&str> {
        (scope != ScopeId::WORLD).then(|| self.module_of_traits(scope))
    }

    /// The module of the traits of the resources that are defined somewhere.
    pub(crate) fn module_of_traits(&self, scope: ScopeId) -> &str {
        &self.scopes[scope.0].module
    }

    /// The trait that a host implements for an import.
    pub(crate) fn import(&self, scope: ScopeId) -> &str {
        &self.scopes[scope.0].import
    }

    /// The trait of whoever has an implementation of an import.
    pub(crate) fn provides(&self, scope: ScopeId) -> String {
        format!("Provides{}", self.import(scope))
    }

    /// The trait that a guest implements for an export, and the view of it on the host.
    pub(crate) fn export(&self, scope: ScopeId) -> &str {
        &self.scopes[scope.0].export
    }

    /// The method of the handle that gives the view of an exported interface.
    pub(crate) fn accessor(&self, scope: ScopeId) -> &str {
        &self.scopes[scope.0].accessor
    }

    /// A name that no other resource has, for what is hidden: `kv__bucket`.
    pub(crate) fn field(&self, resource: &Resource) -> String {
        let wit = naming::value(&resource.wit);
        match &*self.scopes[resource.scope.0].name {
            "" => wit,
            interface => format!("{}__{wit}", naming::value(interface)),
        }
    }
}

/// The module of an interface. Where it is called like one of ours (`exports`, `imports`,
/// `provides`), it has an underscore behind its name, but only if ours is beside it.
fn module(name: &str, scope: &Scope, scopes: &[Scope], bindings: &Bindings) -> String {
    let module = naming::module(name);
    // On the host, an interface has a module for the traits of its resources, and a name among
    // those who provide imports. On the guest it has a module in any case.
    let has_traits = scope.import.is_some() && !scope.resources.is_empty();
    let exported = scopes.iter().filter(|scope| !scope.is_world());
    let mut exported = exported.filter(|scope| scope.export.is_some() && scope.has_items());
    let is_taken = match &*module {
        "imports_" => scopes[ScopeId::WORLD.0].import.is_some(),
        "provides_" => has_traits,
        "exports_" => exported.any(|scope| {
            let mut types = scope.types.iter();
            has_traits || !scope.resources.is_empty() || types.any(|id| bindings.writes(*id))
        }),
        _ => return module,
    };
    match is_taken {
        true => module,
        false => module.trim_end_matches('_').to_owned(),
    }
}

impl Function {
    /// The method of a trait, of a view or of a handle on a resource.
    pub(crate) fn rust(&self) -> String {
        let resource = || self.wit.split([']', '.']).nth(1).unwrap_or_default();
        match self.kind {
            FunctionKind::Free | FunctionKind::Method(_) => naming::function(self.item()),
            FunctionKind::Constructor(_) => naming::of_resource(resource(), "new"),
            FunctionKind::Static(_) => naming::of_resource(resource(), self.item()),
        }
    }
}

impl Param {
    pub(crate) fn rust(&self) -> String {
        naming::value(&self.wit)
    }
}

impl Field {
    pub(crate) fn rust(&self) -> String {
        naming::value(&self.wit)
    }
}

impl Case {
    /// The case of a variant or an enum.
    pub(crate) fn rust(&self) -> String {
        naming::case(&self.wit)
    }

    /// The constant of a flag.
    pub(crate) fn flag(&self) -> String {
        naming::flag(&self.wit)
    }
}

impl TypeDef {
    pub(crate) fn rust(&self) -> String {
        match self.kind {
            Kind::Flags(_) => naming::flags(&self.wit),
            _ => naming::ty(&self.wit),
        }
    }
}

impl Resource {
    /// The trait of its methods, and the handle on one that a guest exports.
    pub(crate) fn rust(&self) -> String {
        naming::ty(&self.wit)
    }
}
