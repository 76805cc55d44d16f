//! Views: what a host's method gets for an argument whose strings and lists it asked to borrow from
//! the guest's memory.
//!
//! A type lends if there is a string or a list of numbers in it; everything else is passed as it
//! is. A record or variant that lends has a view, a type of its own beside it. The view of `Page`
//! is called `PageView`; where something of that name is in the same place already, another `View`
//! is added.

use super::{Interface, Kind, Type, TypeDef, TypeId, World, dealias, handles};

/// The view of a type.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) rust: String,
    /// Whether Rust's type can be `Copy`.
    pub(crate) copy: bool,
}

/// Sets [`TypeDef::lends`]. Types stand behind what they use, so that one pass is enough.
pub(super) fn mark_lending(types: &mut [TypeDef], interfaces: &[Interface]) {
    let replaced = interfaces.iter().filter(|i| i.replacement.is_some());
    let replaced: Vec<_> = replaced.map(|i| Some(i.module.clone())).collect();
    for index in 0..types.len() {
        let (before, rest) = types.split_at_mut(index);
        let Some(def) = rest.first_mut() else { break };
        if def.replacement.is_some() || replaced.contains(&def.module) {
            // A view would have to stand beside a type that is not generated here.
            continue;
        }
        let parts = def.kind.parts();
        def.lends = parts.into_iter().any(|ty| lends(before, ty));
    }
}

/// Sets [`TypeDef::view`] on every type that the view of an argument needs.
pub(super) fn mark(types: &mut [TypeDef], world: &World, interfaces: &[Interface]) {
    let imported = interfaces.iter().filter(|interface| interface.imported);
    let functions = imported.flat_map(|interface| &interface.functions);
    let borrowed = functions
        .chain(&world.imports)
        .filter(|function| function.borrowed);
    let mut needed = Vec::new();
    let params = borrowed.flat_map(|function| &function.params);
    // Handles and views do not go together: a type with a handle in it is passed owned.
    for param in params.filter(|param| handles::in_type(types, &param.ty).is_empty()) {
        collect(types, &param.ty, &mut needed);
    }
    // Behind what they use, as the types are.
    needed.sort_unstable_by_key(|id: &TypeId| id.0);
    for TypeId(index) in needed {
        let mut parts = types[index].kind.parts().into_iter();
        let copy = parts.all(|ty| is_copy(types, ty));
        types[index].view = Some(view(types, index, copy));
    }
    // Other names of a type in other interfaces are other names of its view. In the world's own
    // module, where the user's items are, no name appears that nothing needs.
    for index in 0..types.len() {
        if types[index].module.is_some()
            && let Kind::Alias(Type::Named(TypeId(of))) = types[index].kind
            && let Some(View { copy, .. }) = types[of].view
        {
            types[index].view = Some(view(types, index, copy));
        }
    }
}

/// The view of a type, under a name that nothing else has there.
fn view(types: &[TypeDef], index: usize, copy: bool) -> View {
    let def = &types[index];
    let mut rust = format!("{}View", def.rust);
    let beside: Vec<&TypeDef> = types
        .iter()
        .filter(|other| other.module == def.module)
        .collect();
    let taken = |rust: &String| {
        let is_view = |of: &&TypeDef| of.view.as_ref().is_some_and(|view| view.rust == *rust);
        beside.iter().any(|of| of.rust == *rust || is_view(of))
    };
    while taken(&rust) {
        rust.push_str("View");
    }
    View { rust, copy }
}

/// The records and variants in a type that lend.
fn collect(types: &[TypeDef], ty: &Type, found: &mut Vec<TypeId>) {
    match dealias(types, ty) {
        Type::List(of) | Type::Option(of) => collect(types, of, found),
        Type::Result(ok, err) => {
            let both = [ok, err].into_iter().flatten();
            both.for_each(|ty| collect(types, ty, found));
        }
        Type::Tuple(of) => of.iter().for_each(|ty| collect(types, ty, found)),
        Type::Named(id) => {
            if lends(types, ty) && !found.contains(id) {
                found.push(*id);
                types[id.0]
                    .kind
                    .parts()
                    .into_iter()
                    .for_each(|ty| collect(types, ty, found));
            }
        }
        Type::Bool | Type::Char | Type::String | Type::Number(_) | Type::Handle(_) => {}
    }
}

/// Whether the view of a type can be `Copy`: whether no vector is in it.
fn is_copy(types: &[TypeDef], ty: &Type) -> bool {
    match dealias(types, ty) {
        Type::Bool | Type::Char | Type::String | Type::Number(_) | Type::Handle(_) => true,
        Type::List(of) => matches!(dealias(types, of), Type::Number(_)),
        Type::Option(of) => is_copy(types, of),
        Type::Result(ok, err) => {
            let mut both = [ok, err].into_iter().flatten();
            both.all(|ty| is_copy(types, ty))
        }
        Type::Tuple(of) => of.iter().all(|ty| is_copy(types, ty)),
        Type::Named(id) => {
            let def = &types[id.0];
            def.view.as_ref().map_or(def.copy, |view| view.copy)
        }
    }
}

/// Whether something in a type can be borrowed from a guest's memory.
pub(super) fn lends(types: &[TypeDef], ty: &Type) -> bool {
    ty.any(&|ty| match ty {
        Type::String => true,
        Type::List(of) => matches!(dealias(types, of), Type::Number(_)),
        Type::Named(id) => types[id.0].lends,
        _ => false,
    })
}
