//! What the WIT has deprecated, and since when.
//!
//! What one calls or names is deprecated: functions, types, the world's handle, the way to an
//! interface. What one has to implement is not, because nobody could follow such advice.

use super::builder::{Builder, InterfaceKey};
use wit_parser::{self as wp, Stability, WorldItem, WorldKey};

impl Builder<'_> {
    /// That of an interface. The world may have deprecated its use of one that is not deprecated
    /// itself.
    pub(super) fn note_of_interface(&self, of: &InterfaceKey) -> Option<String> {
        let (world, interface) = (self.world(), &self.package.resolve.interfaces[of.id]);
        let here = |side: &wp::IndexMap<WorldKey, WorldItem>| match side.get(&of.key)? {
            WorldItem::Interface { stability, .. } => self.note(stability, world.package),
            _ => None,
        };
        let note = self.note(&interface.stability, interface.package);
        note.or_else(|| here(&world.exports))
            .or_else(|| here(&world.imports))
    }

    /// That of a type or a resource.
    pub(super) fn note_of_type(&self, id: wp::TypeId) -> Option<String> {
        let resolve = &self.package.resolve;
        let def = &resolve.types[id];
        let package = match def.owner {
            wp::TypeOwner::Interface(owner) => resolve.interfaces[owner].package,
            wp::TypeOwner::World(owner) => resolve.worlds[owner].package,
            wp::TypeOwner::None => None,
        };
        self.note(&def.stability, package)
    }

    /// `since version 0.2.0 of demo:store`.
    pub(super) fn note(
        &self,
        stability: &Stability,
        package: Option<wp::PackageId>,
    ) -> Option<String> {
        let (Stability::Stable { deprecated, .. } | Stability::Unstable { deprecated, .. }) =
            stability
        else {
            return None;
        };
        let version = deprecated.as_ref()?;
        let package = package.map(|id| &self.package.resolve.packages[id].name);
        Some(match package {
            Some(name) => format!(
                "since version {version} of {}:{}",
                name.namespace, name.name
            ),
            None => format!("since version {version}"),
        })
    }
}
