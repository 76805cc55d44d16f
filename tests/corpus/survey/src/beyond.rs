//! What a world uses that is beyond synchronous components, found without the macro: only then may
//! the macro refuse it, and then it must.

use std::collections::BTreeSet;
use std::iter;

use wit_parser::{Function, LiveTypes, Resolve, Type, TypeDefKind, WorldId, WorldItem};

/// A component with more flags in one type is not valid.
const MAX_FLAGS: usize = 32;

/// What has to be refused, by the word that the message has for it.
///
/// For now: `async`, `error-context`, `future`, `map`, `stream`, and `implements` where an
/// interface stands in the world under another name, which runtimes have to be asked to allow. For
/// good, because no component can have it: `flags` where there are too many of them in one type,
/// and `empty` where a type has no parts.
pub(crate) fn of(resolve: &Resolve, world: WorldId) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let items = &resolve.worlds[world];
    for (key, item) in items.imports.iter().chain(&items.exports) {
        if resolve.implements_value(key, item).is_some() {
            found.insert("implements");
        }
        if functions_of(resolve, item).any(|function| function.kind.is_async()) {
            found.insert("async");
        }
    }
    let functions = items.imports.values().chain(items.exports.values());
    let functions = functions.flat_map(|item| functions_of(resolve, item));
    let mut uses = functions.flat_map(|function| {
        let params = function.params.iter().map(|param| param.ty);
        params.chain(function.result)
    });
    let mut error_context = uses.any(|ty| ty == Type::ErrorContext);
    let mut types = LiveTypes::default();
    types.add_world(resolve, world);
    for id in types.iter() {
        error_context |= parts(&resolve.types[id].kind).contains(&Type::ErrorContext);
        match resolve.types[id].kind {
            TypeDefKind::Future(_) => found.insert("future"),
            TypeDefKind::Stream(_) => found.insert("stream"),
            TypeDefKind::Map(..) => found.insert("map"),
            ref kind if is_empty(kind) => found.insert("empty"),
            TypeDefKind::Flags(ref flags) if flags.flags.len() > MAX_FLAGS => found.insert("flags"),
            _ => continue,
        };
    }
    if error_context {
        found.insert("error-context");
    }
    found
}

/// Whether a type is made of nothing. WIT allows it, and a component with one is not valid.
fn is_empty(kind: &TypeDefKind) -> bool {
    match kind {
        TypeDefKind::Record(of) => of.fields.is_empty(),
        TypeDefKind::Flags(of) => of.flags.is_empty(),
        TypeDefKind::Tuple(of) => of.types.is_empty(),
        TypeDefKind::Variant(of) => of.cases.is_empty(),
        TypeDefKind::Enum(of) => of.cases.is_empty(),
        _ => false,
    }
}

/// The functions of an item of a world.
fn functions_of<'a>(
    resolve: &'a Resolve,
    item: &'a WorldItem,
) -> Box<dyn Iterator<Item = &'a Function> + 'a> {
    match item {
        WorldItem::Function(function) => Box::new(iter::once(function)),
        WorldItem::Interface { id, .. } => Box::new(resolve.interfaces[*id].functions.values()),
        WorldItem::Type { .. } => Box::new(iter::empty()),
    }
}

/// The types that stand in a type's definition.
fn parts(kind: &TypeDefKind) -> Vec<Type> {
    match kind {
        TypeDefKind::Record(of) => of.fields.iter().map(|field| field.ty).collect(),
        TypeDefKind::Variant(of) => of.cases.iter().filter_map(|case| case.ty).collect(),
        TypeDefKind::Tuple(of) => of.types.clone(),
        TypeDefKind::Result(of) => of.ok.into_iter().chain(of.err).collect(),
        TypeDefKind::Option(of)
        | TypeDefKind::List(of)
        | TypeDefKind::FixedLengthList(of, _)
        | TypeDefKind::Type(of) => vec![*of],
        TypeDefKind::Map(key, value) => vec![*key, *value],
        TypeDefKind::Future(of) | TypeDefKind::Stream(of) => of.iter().copied().collect(),
        TypeDefKind::Resource
        | TypeDefKind::Handle(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Enum(_)
        | TypeDefKind::Unknown => Vec::new(),
    }
}
