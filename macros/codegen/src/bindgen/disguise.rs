//! A generator that is shown a world under other names than its own, and writes the component's
//! type under its own. What the names are is the business of [`inline`] and [`standins`].

use super::{inline, standins};
use anyhow::Result;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_parser::{Function, InterfaceId, Resolve, TypeId, WorldId, WorldKey};

/// A generator of code that sees other names.
pub(super) struct Disguise {
    generator: Box<dyn WorldGenerator>,
    /// The interfaces that have a name for it.
    named: Vec<InterfaceId>,
}

impl Disguise {
    /// Changes the names, for `generator` to be run.
    pub(super) fn new(generator: Box<dyn WorldGenerator>, resolve: &mut Resolve) -> Self {
        standins::put(resolve);
        let named = inline::name(resolve);
        Self { generator, named }
    }
}

/// Everything is handed on as it comes, but for the end: there the world is written for the
/// component.
impl WorldGenerator for Disguise {
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
        inline::unname(&mut resolve, &self.named);
        standins::take_back(&mut resolve);
        self.generator.finish(&resolve, world, files)
    }
}
