//! Views: what a host's method gets for an argument whose strings and lists it asked to borrow from
//! the guest's memory.
//!
//! A type lends if there is a string or a list of numbers in it; everything else is passed as it
//! is. A record or variant that lends has a view, a type of its own beside it. The view of `Page`
//! is called `PageView`; where something of that name is in the same place already, another `View`
//! is added.

use super::facts::Facts;
use super::ids::{ScopeId, TypeId};
use super::scope::Scope;
use super::types::{Kind, Type, TypeDef, dealias};

/// The view of a type.
#[derive(Debug)]
pub(crate) struct View {
    pub(crate) rust: String,
    /// Whether Rust's type can be `Copy`.
    pub(crate) copy: bool,
}

/// The views that the borrowed arguments of imports need, by [`TypeId`].
pub(super) fn all(types: &[TypeDef], scopes: &[Scope]) -> Vec<Option<View>> {
    let imports = scopes.iter().filter_map(|scope| scope.import.as_ref());
    let functions = imports.flat_map(|import| &import.functions);
    let borrowed = functions.filter(|function| function.borrowed);
    let params = borrowed.flat_map(|imported| &imported.function.params);
    let mut needed = Vec::new();
    // Handles and views do not go together: a type with a handle in it is passed owned.
    for param in params.filter(|param| Facts::of(types, &param.ty).handles.is_empty()) {
        collect(types, &param.ty, &mut needed);
    }
    // Behind what they use, as the types are.
    needed.sort_unstable_by_key(|id: &TypeId| id.0);
    let mut views: Vec<Option<View>> = types.iter().map(|_| None).collect();
    for TypeId(index) in needed {
        let mut parts = types[index].kind.parts().into_iter();
        let copy = parts.all(|ty| is_copy(types, &views, ty));
        views[index] = Some(view(types, &views, index, copy));
    }
    // Other names of a type in other interfaces are other names of its view. In the world's own
    // module, where the user's items are, no name appears that nothing needs.
    for index in 0..types.len() {
        if types[index].scope != ScopeId::WORLD
            && let Kind::Alias(Type::Named(TypeId(of))) = types[index].kind
            && let Some(View { copy, .. }) = views[of]
        {
            views[index] = Some(view(types, &views, index, copy));
        }
    }
    views
}

/// The view of a type, under a name that nothing else has there.
fn view(types: &[TypeDef], views: &[Option<View>], index: usize, copy: bool) -> View {
    let def = &types[index];
    let mut rust = format!("{}View", def.rust());
    let all = types.iter().zip(views);
    let beside: Vec<_> = all.filter(|(other, _)| other.scope == def.scope).collect();
    let taken = |rust: &String| {
        let is = |(of, view): &(&TypeDef, &Option<View>)| {
            of.rust() == *rust || view.as_ref().is_some_and(|view| view.rust == *rust)
        };
        beside.iter().any(is)
    };
    while taken(&rust) {
        rust.push_str("View");
    }
    View { rust, copy }
}

/// The records and variants in a type that lend.
fn collect(types: &[TypeDef], ty: &Type, found: &mut Vec<TypeId>) {
    let ty = dealias(types, ty);
    let parts = match ty {
        Type::Named(id) if types[id.0].facts.lends && !found.contains(id) => {
            found.push(*id);
            types[id.0].kind.parts()
        }
        other => other.children().collect(),
    };
    for part in parts {
        collect(types, part, found);
    }
}

/// Whether the view of a type can be `Copy`: whether no vector is in it.
fn is_copy(types: &[TypeDef], views: &[Option<View>], ty: &Type) -> bool {
    match dealias(types, ty) {
        Type::List(of) => matches!(dealias(types, of), Type::Number(_)),
        Type::Named(id) => match &views[id.0] {
            Some(view) => view.copy,
            None => types[id.0].facts.copy,
        },
        other => other.children().all(|ty| is_copy(types, views, ty)),
    }
}
