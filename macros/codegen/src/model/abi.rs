//! What emitters ask of the model.

use super::{
    Abi, Function, Interface, Leaf, Resource, ResourceId, Type, TypeDef, TypeId, dealias, flat,
    handles, shape, view,
};

impl Abi {
    pub(crate) fn def(&self, id: TypeId) -> &TypeDef {
        &self.types[id.0]
    }

    /// The type that `ty` means when aliases are followed.
    pub(crate) fn dealias<'a>(&'a self, ty: &'a Type) -> &'a Type {
        dealias(&self.types, ty)
    }

    /// Whether a type is flat: see [`flat`].
    pub(crate) fn is_flat(&self, ty: &Type) -> bool {
        flat::is_flat(&self.types, ty)
    }

    /// Whether something in a type can be borrowed from a guest's memory.
    pub(crate) fn lends(&self, ty: &Type) -> bool {
        view::lends(&self.types, ty)
    }

    /// A type written out as in [`shape`].
    pub(crate) fn shape(&self, ty: &Type) -> String {
        shape::written(&self.types, &self.resources, ty)
    }

    pub(crate) fn resource(&self, id: ResourceId) -> &Resource {
        &self.resources[id.0]
    }

    /// Whether a handle in the signature of a function is one on a resource that the guest
    /// provides. `exported` is whether the function is one of an interface that the guest exports:
    /// there, a name means the export of an interface that is imported as well.
    pub(crate) fn is_guests(&self, leaf: Leaf, exported: bool) -> bool {
        exported && self.resource(leaf.resource).exported
    }

    /// Whether all of an interface is used from another ABI: not what a guest exports, which is its
    /// own.
    pub(crate) fn is_used_whole(&self, interface: &Interface) -> bool {
        let is_empty = interface.types.is_empty() && !interface.has_items();
        interface.replacement.is_some() && !interface.exported && !is_empty
    }

    /// The types, resources and functions of an interface by name, written out as in [`shape`].
    pub(crate) fn items(&self, interface: &Interface) -> Vec<(String, String)> {
        shape::items(self, interface)
    }

    /// Every sort of handle in a type, each once.
    pub(crate) fn handles(&self, ty: &Type) -> Vec<Leaf> {
        handles::in_type(&self.types, ty)
    }

    /// Every sort of handle in the parameters and the result of a function.
    pub(crate) fn mentioned(&self, function: &Function) -> Vec<Leaf> {
        handles::mentioned(&self.types, function)
    }

    /// The interface that defines a resource, if the world does not do so itself.
    pub(crate) fn owner(&self, id: ResourceId) -> Option<&Interface> {
        self.resource(id).owner.map(|owner| &self.interfaces[owner])
    }

    /// Interfaces that a host implements.
    pub(crate) fn imported(&self) -> impl Iterator<Item = &Interface> {
        let with_items = |i: &&Interface| i.imported && !i.linked && i.has_items();
        self.interfaces.iter().filter(with_items)
    }

    /// Interfaces that a guest implements.
    pub(crate) fn exported(&self) -> impl Iterator<Item = &Interface> {
        let with_items = |i: &&Interface| i.exported && i.has_items();
        self.interfaces.iter().filter(with_items)
    }

    /// Resources that a host provides, in the order of their tables.
    pub(crate) fn host_resources(&self) -> impl Iterator<Item = (ResourceId, &Resource)> {
        let all = self.resources.iter().enumerate();
        let imported = all.filter(|(_, resource)| resource.imported);
        imported.map(|(index, resource)| (ResourceId(index), resource))
    }
}

impl Interface {
    /// Whether there is anything in it but types of values.
    pub(crate) fn has_items(&self) -> bool {
        !(self.functions.is_empty() && self.resources.is_empty())
    }
}
