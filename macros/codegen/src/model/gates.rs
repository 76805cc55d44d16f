//! What the WIT has deprecated, and since when.
//!
//! What one calls or names is deprecated: functions, types, the world's handle, the way to an
//! interface. What one has to implement is not, because nobody could follow such advice.

use super::build::{Builder, functions};
use super::{Function, Interface, World};
use wit_parser::{self as wp, Stability, WorldItem, WorldKey};

impl Builder<'_> {
    /// Sets `deprecated` on everything. `keys` are those of `interfaces`, in the same order.
    pub(super) fn mark_deprecated(
        &mut self,
        keys: &[(wp::InterfaceId, WorldKey)],
        world: &mut World,
        interfaces: &mut [Interface],
    ) {
        let resolve = &self.package.resolve;
        let items = &resolve.worlds[self.package.world];
        world.deprecated = self.note(&items.stability, items.package);
        self.mark_functions(&mut world.imports, functions(&items.imports), items.package);
        self.mark_functions(&mut world.exports, functions(&items.exports), items.package);
        for ((id, key), interface) in keys.iter().zip(interfaces) {
            let of = &resolve.interfaces[*id];
            // The world may have deprecated its use of an interface that is not deprecated itself.
            let here = |side: &wp::IndexMap<WorldKey, WorldItem>| match side.get(key)? {
                WorldItem::Interface { stability, .. } => self.note(stability, items.package),
                _ => None,
            };
            let note = self.note(&of.stability, of.package);
            interface.deprecated = note
                .or_else(|| here(&items.exports))
                .or_else(|| here(&items.imports));
            self.mark_functions(&mut interface.functions, of.functions.values(), of.package);
            // Who calls a function has named the interface in passing only.
            for function in &mut interface.functions {
                function.deprecated = function.deprecated.take().or(interface.deprecated.clone());
            }
        }
        let notes: Vec<_> = self
            .ids
            .iter()
            .map(|(of, id)| (*id, self.type_note(*of)))
            .collect();
        for (id, note) in notes {
            self.types[id.0].deprecated = note;
        }
        let resources = self.resource_ids.iter();
        let notes: Vec<_> = resources
            .map(|(of, id)| (*id, self.type_note(*of)))
            .collect();
        for (id, note) in notes {
            self.resources[id.0].deprecated = note;
        }
    }

    fn mark_functions<'f>(
        &self,
        functions: &mut [Function],
        of: impl Iterator<Item = &'f wp::Function>,
        package: Option<wp::PackageId>,
    ) {
        for (function, of) in functions.iter_mut().zip(of) {
            function.deprecated = self.note(&of.stability, package);
        }
    }

    fn type_note(&self, id: wp::TypeId) -> Option<String> {
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
    fn note(&self, stability: &Stability, package: Option<wp::PackageId>) -> Option<String> {
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
