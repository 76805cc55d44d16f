//! Rewrites what wit-bindgen cannot take, without changing what it means.

use std::collections::HashMap;
use wit_parser::{Handle, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldItem};

/// Takes the names from handles: where `type key = own<bucket>` was used, `own<bucket>` is. wit-bindgen
/// panics at a handle with a name, and at an alias for one without.
///
/// The names are lost to the component too. Nobody who calls it or links it to a host misses them.
pub(super) fn unname_handles(resolve: &mut Resolve) {
    let mut handles: HashMap<TypeId, Handle> = HashMap::new();
    // A type stands behind those that it is made of, so what an alias is for is known by then.
    for (id, def) in resolve.types.iter().filter(|(_, def)| def.name.is_some()) {
        match &def.kind {
            TypeDefKind::Handle(handle) => handles.insert(id, *handle),
            TypeDefKind::Type(Type::Id(of)) => match handles.get(of) {
                Some(handle) => handles.insert(id, *handle),
                None => continue,
            },
            _ => continue,
        };
    }
    for (_, interface) in resolve.interfaces.iter_mut() {
        interface.types.retain(|_, id| !handles.contains_key(id));
    }
    for (_, world) in resolve.worlds.iter_mut() {
        let is_handle = |item: &WorldItem| matches!(item, WorldItem::Type { id, .. } if handles.contains_key(id));
        world.imports.retain(|_, item| !is_handle(item));
    }
    for (id, handle) in handles {
        let def = &mut resolve.types[id];
        def.kind = TypeDefKind::Handle(handle);
        def.name = None;
        def.owner = TypeOwner::None;
    }
}

#[cfg(test)]
mod tests {
    use super::unname_handles;
    use wit_parser::{Resolve, TypeDefKind};

    #[test]
    fn handles_lose_their_names_and_nothing_else_does() {
        let wit = "
            package t:t;
            interface i {
                resource r;
                type key = own<r>;
                type twice = key;
                type keys = list<key>;
                f: func(k: key) -> twice;
            }
            interface j { use i.{key}; record door { key: key } }
            world w { import j; use i.{r}; type lent = borrow<r>; import open: func(k: lent); }
        ";
        let mut resolve = Resolve::default();
        resolve.push_source("t.wit", wit).unwrap();
        unname_handles(&mut resolve);
        let named = resolve.types.iter().filter_map(|(_, def)| {
            let name = def.name.as_deref()?;
            assert!(!matches!(def.kind, TypeDefKind::Handle(_)), "{name}");
            Some(name)
        });
        let mut named: Vec<_> = named.collect();
        named.sort_unstable();
        assert_eq!(named, ["door", "keys", "r", "r"]);
        resolve.assert_valid();
    }
}
