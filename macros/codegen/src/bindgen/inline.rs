//! Interfaces that are written inside a world, as wit-bindgen sees them: with names, so that its option
//! `with` can tell the types of one from those of another. The component is not to see the names.

use crate::model::bindings;
use anyhow::Result;
use std::collections::HashMap;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_parser::{Function, InterfaceId, Resolve, TypeId, WorldId, WorldItem, WorldKey};

/// A generator of code that is shown names for the interfaces that have none.
pub(super) struct Named(Box<dyn WorldGenerator>);

impl Named {
    /// Gives the interfaces their names, for `generator` to be run on `world`.
    pub(super) fn new(
        generator: Box<dyn WorldGenerator>,
        resolve: &mut Resolve,
        world: WorldId,
    ) -> Self {
        let names: HashMap<_, _> = inline(resolve)
            .into_iter()
            .map(|id| (id, bindings::inline_name(resolve, id)))
            .collect();
        // It gives exports interfaces of their own. In a debug build it also checks all interfaces, and so
        // has to be done while those that have no name have none.
        if generator.uses_nominal_type_ids() {
            resolve.generate_nominal_type_ids(world);
        }
        for id in inline(resolve) {
            let original = resolve.interfaces[id].clone_of.unwrap_or(id);
            resolve.interfaces[id].name = names.get(&original).cloned().flatten();
        }
        Self(generator)
    }
}

/// The interfaces that are written inside worlds.
fn inline(resolve: &Resolve) -> Vec<InterfaceId> {
    let worlds = resolve.worlds.iter();
    let items = worlds.flat_map(|(_, world)| world.imports.iter().chain(&world.exports));
    let inline = items.filter_map(|(key, item)| match (key, item) {
        (WorldKey::Name(_), WorldItem::Interface { id, .. }) => Some(*id),
        _ => None,
    });
    inline.collect()
}

/// Everything is handed on as it comes, but for the end: there the world is written for the component.
impl WorldGenerator for Named {
    fn uses_nominal_type_ids(&self) -> bool {
        // `new` has done it.
        false
    }

    fn preprocess(&mut self, resolve: &Resolve, world: WorldId) -> Result<()> {
        self.0.preprocess(resolve, world)
    }

    fn import_interface(
        &mut self,
        resolve: &Resolve,
        name: &WorldKey,
        iface: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        self.0.import_interface(resolve, name, iface, files)
    }

    fn pre_export_interface(&mut self, resolve: &Resolve, files: &mut Files) -> Result<()> {
        self.0.pre_export_interface(resolve, files)
    }

    fn export_interface(
        &mut self,
        resolve: &Resolve,
        name: &WorldKey,
        iface: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        self.0.export_interface(resolve, name, iface, files)
    }

    fn import_funcs(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        funcs: &[(&str, &Function)],
        files: &mut Files,
    ) {
        self.0.import_funcs(resolve, world, funcs, files);
    }

    fn export_funcs(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        funcs: &[(&str, &Function)],
        files: &mut Files,
    ) -> Result<()> {
        self.0.export_funcs(resolve, world, funcs, files)
    }

    fn import_types(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        types: &[(&str, TypeId)],
        files: &mut Files,
    ) {
        self.0.import_types(resolve, world, types, files);
    }

    fn finish_imports(&mut self, resolve: &Resolve, world: WorldId, files: &mut Files) {
        self.0.finish_imports(resolve, world, files);
    }

    fn finish(&mut self, resolve: &Resolve, world: WorldId, files: &mut Files) -> Result<()> {
        let mut resolve = resolve.clone();
        for id in inline(&resolve) {
            resolve.interfaces[id].name = None;
        }
        self.0.finish(&resolve, world, files)
    }
}
