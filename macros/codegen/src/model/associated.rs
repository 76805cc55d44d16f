//! What resources are called in a trait or a function that names them: the associated types of the
//! traits that a host implements, the parameters of the methods that call a guest, and those of the
//! types that hold handles.

use super::abi::Abi;
use super::ids::ResourceId;
use super::resource::Leaf;
use super::scope::{Function, FunctionKind, Scope};
use super::types::TypeDef;

/// A resource that a trait names, and the name it has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Associated {
    pub(crate) resource: ResourceId,
    pub(crate) rust: String,
}

/// The parameter of functions that the derives of wasmtime write: a type that derives has no other
/// of that name.
const OF_DERIVES: &str = "T";

impl Abi {
    /// Those of the trait that a host implements for an import: the resources that are defined
    /// there, and those of others that its functions name.
    pub(crate) fn associated(&self, scope: &Scope) -> Vec<Associated> {
        self.named(&scope.resources, scope.imported())
    }

    /// Those of the trait of a resource's methods: the other resources that they name, as the trait
    /// of the import calls them.
    pub(crate) fn associated_of(&self, id: ResourceId) -> Vec<Associated> {
        let scope = self.scope(self.resource(id).scope);
        let methods = scope.imported();
        let methods = methods.filter(|function| function.kind == FunctionKind::Method(id));
        let leaves: Vec<Leaf> = methods.flat_map(|of| self.mentioned(of)).collect();
        let mut all = self.associated(scope);
        all.retain(|name| {
            name.resource != id && leaves.iter().any(|leaf| leaf.resource == name.resource)
        });
        all
    }

    /// The resources of the host that an export names, which are generic where it is called.
    pub(crate) fn generics(&self, scope: &Scope, function: &Function) -> Vec<Associated> {
        let mut all = self.named(&[], std::iter::once(function));
        all.retain(|name| !(scope.exports_resources() && self.is_exported(name.resource)));
        all
    }

    /// Names for the type parameters of a type, one for each sort of handle in it: the resource's
    /// own where no other has it.
    pub(crate) fn parameters(&self, def: &TypeDef) -> Vec<(Leaf, String)> {
        let leaves = &def.facts.handles;
        let mut named: Vec<(Leaf, String)> = Vec::new();
        for leaf in leaves {
            let owned = Leaf { own: true, ..*leaf };
            let base = self.resource(leaf.resource).rust();
            let mut name = match !leaf.own && leaves.contains(&owned) {
                true => format!("{base}Ref"),
                false => base,
            };
            while name == OF_DERIVES || named.iter().any(|(_, taken)| *taken == name) {
                name.push('_');
            }
            named.push((*leaf, name));
        }
        named
    }

    /// Names for some resources, and for those of others that functions name.
    fn named<'f>(
        &self,
        own: &[ResourceId],
        functions: impl Iterator<Item = &'f Function>,
    ) -> Vec<Associated> {
        let mut all: Vec<Associated> = Vec::new();
        let mentioned = functions.flat_map(|function| self.mentioned(function));
        let mentioned = mentioned.map(|leaf| leaf.resource);
        for resource in own.iter().copied().chain(mentioned) {
            if all.iter().any(|known| known.resource == resource) {
                continue;
            }
            let of = self.resource(resource);
            let mut rust = of.rust();
            if all.iter().any(|known| known.rust == rust) {
                let scope = self.scope(of.scope);
                let owner = match scope.is_world() {
                    true => "World",
                    false => self.names.import(of.scope),
                };
                rust = format!("{owner}{rust}");
            }
            while all.iter().any(|known| known.rust == rust) {
                rust.push('_');
            }
            all.push(Associated { resource, rust });
        }
        all
    }
}
