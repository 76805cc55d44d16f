//! What a world uses that is beyond synchronous components, found without the macro: only then may the
//! macro refuse it, and then it must.

use std::collections::BTreeSet;
use wit_parser::{LiveTypes, Resolve, TypeDefKind, WorldId, WorldItem};

/// A component with more flags in one type is not valid.
const MAX_FLAGS: usize = 32;

/// What is refused for now, as WIT calls it: `async`, `error-context`, `future`, `map`, `stream`; `flags` where there are
/// more of them than a component may have in one type; and `implements` where an interface stands in the
/// world under another name, which runtimes have to be asked to allow.
pub(crate) fn of(resolve: &Resolve, world: WorldId) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let items = &resolve.worlds[world];
    for (key, item) in items.imports.iter().chain(&items.exports) {
        if resolve.implements_value(key, item).is_some() {
            found.insert("implements");
        }
        let is_async = match item {
            WorldItem::Function(function) => function.kind.is_async(),
            WorldItem::Interface { id, .. } => {
                let mut functions = resolve.interfaces[*id].functions.values();
                functions.any(|function| function.kind.is_async())
            }
            WorldItem::Type { .. } => false,
        };
        if is_async {
            found.insert("async");
        }
    }
    let mut types = LiveTypes::default();
    types.add_world(resolve, world);
    for id in types.iter() {
        match resolve.types[id].kind {
            TypeDefKind::Future(_) => found.insert("future"),
            TypeDefKind::Stream(_) => found.insert("stream"),
            TypeDefKind::Map(..) => found.insert("map"),
            TypeDefKind::Flags(ref flags) if flags.flags.len() > MAX_FLAGS => found.insert("flags"),
            _ => continue,
        };
    }
    found
}
