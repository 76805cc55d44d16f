//! Interfaces that are called like a module of ours (`exports`, `imports`, `provides`): where ours
//! is not beside theirs, theirs has the name. Before, it had an underscore behind it.

use super::{Interface, TypeDef, World};

/// Takes away the underscores that nothing needs.
pub(super) fn settle(world: &World, interfaces: &mut [Interface], types: &mut [TypeDef]) {
    for name in ["exports", "imports", "provides"] {
        let underscored = format!("{name}_");
        let found = interfaces.iter().position(|i| i.module == underscored);
        let Some(at) =
            found.filter(|at| !is_taken(name, &interfaces[*at], world, interfaces, types))
        else {
            continue;
        };
        interfaces[at].module = name.to_owned();
        for def in types.iter_mut() {
            if def.module.as_deref() == Some(&*underscored) {
                def.module = Some(name.to_owned());
            }
        }
    }
}

/// Whether a module of ours stands where one of the interface's does.
fn is_taken(
    name: &str,
    interface: &Interface,
    world: &World,
    interfaces: &[Interface],
    types: &[TypeDef],
) -> bool {
    // On the host, an interface has a module for the traits of its resources, and a name among
    // those who provide imports. On the guest it has a module in any case.
    let has_traits = interface.imported && !interface.resources.is_empty();
    let exported = || interfaces.iter().filter(|i| i.exported && i.has_items());
    match name {
        "imports" => world.has_imports(),
        "provides" => has_traits,
        _ => {
            let of_guests = exported().any(|i| {
                let handles = |def: &TypeDef| !def.handles.is_empty() || def.unmapped;
                !i.resources.is_empty() || i.types.iter().any(|id| handles(&types[id.0]))
            });
            of_guests || has_traits && exported().next().is_some()
        }
    }
}
