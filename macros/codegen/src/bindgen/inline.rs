//! Interfaces that are written inside a world, as wit-bindgen sees them: with names, so that its option
//! `with` can tell the types of one from those of another. The component is not to see the names.

use crate::model::bindings;
use anyhow::Result;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_parser::{Function, InterfaceId, Resolve, TypeId, WorldId, WorldKey};

/// A generator of code that is shown names for the interfaces that have none.
pub(super) struct Named {
    generator: Box<dyn WorldGenerator>,
    interfaces: Vec<InterfaceId>,
}

impl Named {
    /// Gives the interfaces their names, for `generator` to be run.
    pub(super) fn new(generator: Box<dyn WorldGenerator>, resolve: &mut Resolve) -> Self {
        let ids = resolve.interfaces.iter().map(|(id, _)| id);
        let names: Vec<(InterfaceId, String)> = ids
            .filter_map(|id| Some((id, bindings::inline_name(resolve, id)?)))
            .collect();
        let interfaces = names.iter().map(|(id, _)| *id).collect();
        for (id, name) in names {
            resolve.interfaces[id].name = Some(name);
        }
        Self {
            generator,
            interfaces,
        }
    }
}

/// Everything is handed on as it comes, but for the end: there the world is written for the component.
impl WorldGenerator for Named {
    fn uses_nominal_type_ids(&self) -> bool {
        self.generator.uses_nominal_type_ids()
    }

    fn preprocess(&mut self, resolve: &Resolve, world: WorldId) -> Result<()> {
        self.generator.preprocess(resolve, world)
    }

    fn import_interface(
        &mut self,
        resolve: &Resolve,
        name: &WorldKey,
        iface: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        self.generator.import_interface(resolve, name, iface, files)
    }

    fn pre_export_interface(&mut self, resolve: &Resolve, files: &mut Files) -> Result<()> {
        self.generator.pre_export_interface(resolve, files)
    }

    fn export_interface(
        &mut self,
        resolve: &Resolve,
        name: &WorldKey,
        iface: InterfaceId,
        files: &mut Files,
    ) -> Result<()> {
        self.generator.export_interface(resolve, name, iface, files)
    }

    fn import_funcs(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        funcs: &[(&str, &Function)],
        files: &mut Files,
    ) {
        self.generator.import_funcs(resolve, world, funcs, files);
    }

    fn export_funcs(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        funcs: &[(&str, &Function)],
        files: &mut Files,
    ) -> Result<()> {
        self.generator.export_funcs(resolve, world, funcs, files)
    }

    fn import_types(
        &mut self,
        resolve: &Resolve,
        world: WorldId,
        types: &[(&str, TypeId)],
        files: &mut Files,
    ) {
        self.generator.import_types(resolve, world, types, files);
    }

    fn finish_imports(&mut self, resolve: &Resolve, world: WorldId, files: &mut Files) {
        self.generator.finish_imports(resolve, world, files);
    }

    fn finish(&mut self, resolve: &Resolve, world: WorldId, files: &mut Files) -> Result<()> {
        let mut resolve = resolve.clone();
        for id in &self.interfaces {
            resolve.interfaces[*id].name = None;
        }
        self.generator.finish(&resolve, world, files)
    }
}
