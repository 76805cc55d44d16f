//! Which handles are in a type, how many a call may be lent, and what the traits call them.

use super::{
    Associated, Function, FunctionKind, Interface, Kind, Leaf, Resource, ResourceId, Type, TypeDef,
    World,
};

/// Every sort of handle in a type, each once, in the order of the WIT.
pub(super) fn in_type(types: &[TypeDef], ty: &Type) -> Vec<Leaf> {
    let mut found = Vec::new();
    collect(types, ty, &mut found);
    found
}

/// Every sort of handle in what a type with a name is made of.
pub(super) fn in_kind(types: &[TypeDef], kind: &Kind) -> Vec<Leaf> {
    let mut found = Vec::new();
    for ty in kind.parts() {
        collect(types, ty, &mut found);
    }
    found
}

fn collect(types: &[TypeDef], ty: &Type, found: &mut Vec<Leaf>) {
    let mut add = |leaf: Leaf| {
        if !found.contains(&leaf) {
            found.push(leaf);
        }
    };
    match ty {
        Type::Bool | Type::Char | Type::String | Type::Number(_) => {}
        Type::List(of) | Type::Option(of) => collect(types, of, found),
        Type::Result(ok, err) => {
            let both = [ok, err].into_iter().flatten();
            both.for_each(|ty| collect(types, ty, found));
        }
        Type::Tuple(of) => of.iter().for_each(|ty| collect(types, ty, found)),
        Type::Named(id) => types[id.0].handles.iter().for_each(|(leaf, _)| add(*leaf)),
        Type::Handle(leaf) => add(*leaf),
    }
}

/// The resources of which one call of a function may be lent several.
pub(super) fn shared(types: &[TypeDef], function: &Function) -> Vec<ResourceId> {
    let mut shared = Vec::new();
    for leaf in function
        .params
        .iter()
        .flat_map(|param| in_type(types, &param.ty))
    {
        let params = function.params.iter();
        let lent: usize = params
            .map(|param| most(types, &param.ty, leaf.resource))
            .sum();
        if lent > 1 && !shared.contains(&leaf.resource) {
            shared.push(leaf.resource);
        }
    }
    shared
}

/// How many of a resource a value may lend at most; 2 stands for any number beyond 1.
fn most(types: &[TypeDef], ty: &Type, resource: ResourceId) -> usize {
    let sum = |of: &mut dyn Iterator<Item = &Type>| {
        let each = of.map(|ty| most(types, ty, resource));
        each.fold(0, |sum, lent| usize::min(sum + lent, 2))
    };
    match ty {
        Type::Bool | Type::Char | Type::String | Type::Number(_) => 0,
        Type::List(of) => usize::min(2 * most(types, of, resource), 2),
        Type::Option(of) => most(types, of, resource),
        Type::Result(ok, err) => {
            let both = [ok, err].into_iter().flatten();
            both.map(|ty| most(types, ty, resource)).max().unwrap_or(0)
        }
        Type::Tuple(of) => sum(&mut of.iter()),
        Type::Handle(leaf) => usize::from(!leaf.own && leaf.resource == resource),
        Type::Named(id) => {
            let def = &types[id.0];
            let leaf = Leaf {
                resource,
                own: false,
            };
            if def.handles.iter().all(|(known, _)| *known != leaf) {
                return 0;
            }
            match &def.kind {
                Kind::Variant(cases) => {
                    let payloads = cases.iter().filter_map(|case| case.ty.as_ref());
                    let each = payloads.map(|ty| most(types, ty, resource));
                    each.max().unwrap_or(0)
                }
                kind => sum(&mut kind.parts().into_iter()),
            }
        }
    }
}

/// Names for the type parameters of a type: the resource's own where no other has it.
pub(super) fn parameters(leaves: Vec<Leaf>, resources: &[Resource]) -> Vec<(Leaf, String)> {
    let mut named: Vec<(Leaf, String)> = Vec::new();
    for leaf in &leaves {
        let owned = Leaf { own: true, ..*leaf };
        let base = &resources[leaf.resource.0].rust;
        let mut name = match !leaf.own && leaves.contains(&owned) {
            true => format!("{base}Ref"),
            false => base.clone(),
        };
        while named.iter().any(|(_, taken)| *taken == name) {
            name.push('_');
        }
        named.push((*leaf, name));
    }
    named
}

/// Sets `associated` of the world, the interfaces and the resources, and `generics` of the
/// functions.
pub(super) fn associate(
    types: &[TypeDef],
    resources: &mut [Resource],
    world: &mut World,
    interfaces: &mut [Interface],
) {
    let empty = Vec::new();
    world.associated = names(
        types,
        resources,
        interfaces,
        &world.resources,
        &world.imports,
    );
    for id in &world.resources {
        set_methods(
            types,
            &mut resources[id.0],
            *id,
            &world.imports,
            &world.associated,
        );
    }
    for index in 0..interfaces.len() {
        let interface = &interfaces[index];
        let functions = match interface.imported {
            true => &interface.functions,
            // Only a host has these traits.
            false => &empty,
        };
        let associated = names(
            types,
            resources,
            interfaces,
            &interface.resources,
            functions,
        );
        for id in &interface.resources {
            set_methods(types, &mut resources[id.0], *id, functions, &associated);
        }
        let generics: Vec<Vec<Associated>> = interface
            .functions
            .iter()
            .map(|function| hosts(types, resources, interfaces, function, interface.exported))
            .collect();
        let interface = &mut interfaces[index];
        interface.associated = associated;
        for (function, generics) in interface.functions.iter_mut().zip(generics) {
            function.generics = generics;
        }
    }
    for function in &mut world.exports {
        function.generics = hosts(types, resources, interfaces, function, false);
    }
}

/// The resources of the host that an export names.
fn hosts(
    types: &[TypeDef],
    resources: &[Resource],
    interfaces: &[Interface],
    function: &Function,
    exported: bool,
) -> Vec<Associated> {
    let mut all = names(
        types,
        resources,
        interfaces,
        &[],
        std::slice::from_ref(function),
    );
    all.retain(|name| !(exported && resources[name.resource.0].exported));
    all
}

/// The own resources of a trait, and those of others that its functions name.
fn names(
    types: &[TypeDef],
    resources: &[Resource],
    interfaces: &[Interface],
    own: &[ResourceId],
    functions: &[Function],
) -> Vec<Associated> {
    let mut all: Vec<Associated> = Vec::new();
    let mut add = |resource: ResourceId| {
        if all.iter().any(|known| known.resource == resource) {
            return;
        }
        let of = &resources[resource.0];
        let mut rust = of.rust.clone();
        if all.iter().any(|known| known.rust == rust) {
            let owner = of.owner.map(|owner| &interfaces[owner].rust);
            rust = format!("{}{rust}", owner.map_or("World", |name| name));
        }
        while all.iter().any(|known| known.rust == rust) {
            rust.push('_');
        }
        all.push(Associated { resource, rust });
    };
    own.iter().for_each(|resource| add(*resource));
    for leaf in functions
        .iter()
        .flat_map(|function| mentioned(types, function))
    {
        add(leaf.resource);
    }
    all
}

/// Every sort of handle in the parameters and the result of a function.
pub(super) fn mentioned(types: &[TypeDef], function: &Function) -> Vec<Leaf> {
    let params = function.params.iter().map(|param| &param.ty);
    let all = params.chain(&function.result);
    all.flat_map(|ty| in_type(types, ty)).collect()
}

fn set_methods(
    types: &[TypeDef],
    resource: &mut Resource,
    id: ResourceId,
    functions: &[Function],
    names: &[Associated],
) {
    let methods = functions
        .iter()
        .filter(|function| function.kind == FunctionKind::Method(id));
    let leaves: Vec<Leaf> = methods
        .flat_map(|function| mentioned(types, function))
        .collect();
    resource.associated = names
        .iter()
        .filter(|name| name.resource != id)
        .filter(|name| leaves.iter().any(|leaf| leaf.resource == name.resource))
        .cloned()
        .collect();
}
