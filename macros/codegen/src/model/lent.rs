//! How many of a resource one call may be lent: the guest may lend the same one twice.

use super::abi::Abi;
use super::ids::ResourceId;
use super::resource::Leaf;
use super::scope::Function;
use super::types::{Kind, Type};

impl Abi {
    /// The resources of which one call of a function may be lent several.
    pub(crate) fn shared(&self, function: &Function) -> Vec<ResourceId> {
        let mut shared = Vec::new();
        let params = || function.params.iter();
        for leaf in params().flat_map(|param| self.handles(&param.ty)) {
            let lent: usize = params()
                .map(|param| self.most(&param.ty, leaf.resource))
                .sum();
            if lent > 1 && !shared.contains(&leaf.resource) {
                shared.push(leaf.resource);
            }
        }
        shared
    }

    /// How many of a resource a value may lend at most; 2 stands for any number beyond 1.
    fn most(&self, ty: &Type, resource: ResourceId) -> usize {
        let own = false;
        if !self.handles(ty).contains(&Leaf { resource, own }) {
            return 0;
        }
        let (parts, one_of) = match ty {
            Type::Handle(_) => return 1,
            Type::Named(id) => {
                let kind = &self.def(*id).kind;
                (kind.parts(), matches!(kind, Kind::Variant(_)))
            }
            other => (
                other.children().collect(),
                matches!(other, Type::Result(..)),
            ),
        };
        let each = parts.into_iter().map(|part| self.most(part, resource));
        let most = match one_of {
            true => each.max().unwrap_or(0),
            false => each.sum(),
        };
        let times = if matches!(ty, Type::List(_)) { 2 } else { 1 };
        usize::min(times * most, 2)
    }
}
