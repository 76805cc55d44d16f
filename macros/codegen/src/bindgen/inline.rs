//! Interfaces that are written inside a world, as wit-bindgen sees them: with names, so that its option
//! `with` can tell the types of one from those of another. The component is not to see the names.

use crate::model::bindings;
use anyhow::Result;
use wit_bindgen_core::{Files, WorldGenerator};
use wit_parser::{Function, InterfaceId, Resolve, TypeId, WorldId, WorldItem, WorldKey};

/// A generator of code that is shown names for the interfaces that have none.
pub(super) struct Named {
    generator: Box<dyn WorldGenerator>,
    /// The interfaces that got one.
    named: Vec<InterfaceId>,
}

impl Named {
    /// Gives the interfaces their names, for `generator` to be run. Their packages know them by these names,
    /// too: where assertions are compiled, which they are in a guest's dev profile, the parser insists on it.
    pub(super) fn new(generator: Box<dyn WorldGenerator>, resolve: &mut Resolve) -> Self {
        let named = inline(resolve);
        for id in &named {
            let name = bindings::inline_name(resolve, *id);
            let interface = &mut resolve.interfaces[*id];
            interface.name.clone_from(&name);
            if let (Some(package), Some(name)) = (interface.package, name) {
                let package = &mut resolve.packages[package];
                package.interfaces.insert(name, *id);
            }
        }
        Self { generator, named }
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
        // Not only those of the beginning: exports may have got interfaces of their own since.
        for id in inline(&resolve).into_iter().chain(self.named.clone()) {
            resolve.interfaces[id].name = None;
        }
        for (_, package) in resolve.packages.iter_mut() {
            package.interfaces.retain(|_, id| !self.named.contains(id));
        }
        self.generator.finish(&resolve, world, files)
    }
}
