//! Rewrites what wit-bindgen cannot take, without changing what it means.

use std::collections::HashMap;
use wit_parser::{Docs, Handle, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldItem};

/// Takes the names from handles: where `type key = own<bucket>` was used, `own<bucket>` is.
/// wit-bindgen panics at a handle with a name, and at an alias for one without.
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

/// Takes the docs from the cases of enums: wit-bindgen writes them into string literals as they
/// are, quotes and backslashes included. Nobody reads them there, because the enum that guests use
/// is ours.
pub(super) fn drop_docs_of_cases(resolve: &mut Resolve) {
    for (_, def) in resolve.types.iter_mut() {
        if let TypeDefKind::Enum(of) = &mut def.kind {
            for case in &mut of.cases {
                case.docs = Docs::default();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{drop_docs_of_cases, unname_handles};
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

    #[test]
    fn only_the_cases_of_enums_lose_their_docs() {
        let wit = "
            package t:t;
            interface i {
                /// Kept.
                enum e {
                    /// Not \"kept\".
                    a,
                }
                variant v {
                    /// Kept.
                    b(e),
                }
            }
        ";
        let mut resolve = Resolve::default();
        resolve.push_source("t.wit", wit).unwrap();
        drop_docs_of_cases(&mut resolve);
        let docs: Vec<_> = resolve
            .types
            .iter()
            .flat_map(|(_, def)| {
                let cases: Vec<_> = match &def.kind {
                    TypeDefKind::Enum(of) => of.cases.iter().map(|case| &case.docs).collect(),
                    TypeDefKind::Variant(of) => of.cases.iter().map(|case| &case.docs).collect(),
                    _ => Vec::new(),
                };
                std::iter::once(&def.docs).chain(cases)
            })
            .map(|docs| docs.contents.as_deref())
            .collect();
        assert_eq!(docs, [Some("Kept."), None, None, Some("Kept.")]);
    }
}
