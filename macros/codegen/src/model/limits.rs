//! What a component can have at most, and at least: checked at the WIT, because the tools that
//! would find it later know no place, or end in a panic.
//!
//! The measures are those of `wasmparser`, which both wasmtime and the tools for guests check
//! components with: `MAX_WASM_COMPONENT_TYPE_DEPTH` and `MAX_WASM_TYPE_SIZE`.

use super::builder::{Builder, functions, types};
use crate::error::Message;
use wit_parser::{self as wp, Span, TypeDefKind, WorldItem};

/// How deep types may be nested, the innermost number counted.
const MAX_DEPTH: usize = 100;

/// How many parts a type may have, written out in full.
const MAX_SIZE: usize = 1_000_000;

/// Depth and size of a type.
#[derive(Clone, Copy)]
struct Extent {
    depth: usize,
    size: usize,
}

/// A number, a string, a handle, an enum.
const LEAF: Extent = Extent { depth: 1, size: 1 };

impl Extent {
    /// That of a type with these parts.
    fn of(parts: impl Iterator<Item = Extent>) -> Self {
        parts.fold(LEAF, |all, part| Self {
            depth: all.depth.max(part.depth + 1),
            size: all.size.saturating_add(part.size),
        })
    }

    fn fits(self) -> bool {
        self.depth <= MAX_DEPTH && self.size <= MAX_SIZE
    }
}

impl Builder<'_> {
    /// Refuses types without parts, and worlds that are too deep or too large. Says how deep the
    /// types of the world are.
    pub(super) fn check_limits(&mut self) -> usize {
        let resolve = &self.package.resolve;
        let world = &resolve.worlds[self.package.world];
        let extents = extents(resolve);
        let of = |ty: &wp::Type| extent(&extents, ty);

        let interfaces = self.interfaces.iter();
        let named = interfaces.flat_map(|of| resolve.interfaces[of.id].types.values().copied());
        let named: Vec<wp::TypeId> = types(&world.imports).chain(named).collect();
        let mut deepest = 0;
        for id in named {
            let def = &resolve.types[id];
            deepest = deepest.max(extents[id.index()].depth);
            let name = def.name.as_deref().unwrap_or_default();
            self.check_empty(&def.kind, name, def.span);
            // Only the first type that is too much: those around it are so because of it.
            if parts(&def.kind).into_iter().all(|ty| of(ty).fits()) {
                self.check_extent(extents[id.index()], name, def.span);
            }
        }

        let interfaces = [&world.imports, &world.exports].into_iter().flatten();
        let interfaces = interfaces.filter_map(|(_, item)| match item {
            WorldItem::Interface { id, .. } => Some(resolve.interfaces[*id].functions.values()),
            _ => None,
        });
        let own = functions(&world.imports).chain(functions(&world.exports));
        let mut sum: usize = 0;
        for function in interfaces.flatten().chain(own) {
            let params = function.params.iter().map(|param| (&param.ty, param.span));
            for (ty, span) in params.chain(function.result.iter().map(|ty| (ty, function.span))) {
                if let wp::Type::Id(id) = ty
                    && resolve.types[*id].name.is_none()
                {
                    self.check_empty(&resolve.types[*id].kind, "tuple<>", span);
                    self.check_extent(extents[id.index()], &function.name, span);
                }
                sum = sum.saturating_add(of(ty).size);
                deepest = deepest.max(of(ty).depth);
            }
        }
        let name = world.name.clone();
        self.check_extent(
            Extent {
                depth: 1,
                size: sum,
            },
            &name,
            world.span,
        );
        deepest
    }

    fn check_empty(&mut self, kind: &TypeDefKind, name: &str, span: Span) {
        let empty = match kind {
            TypeDefKind::Record(of) => of.fields.is_empty(),
            TypeDefKind::Variant(of) => of.cases.is_empty(),
            TypeDefKind::Enum(of) => of.cases.is_empty(),
            TypeDefKind::Flags(of) => of.flags.is_empty(),
            TypeDefKind::Tuple(of) => of.types.is_empty(),
            _ => false,
        };
        if empty {
            let message = Message::Empty {
                at: self.package.location(span),
                kind: kind.as_str(),
                name: name.to_owned(),
            };
            self.errors.push(self.args.wit_span(), message);
        }
    }

    fn check_extent(&mut self, extent: Extent, name: &str, span: Span) {
        let at = self.package.location(span);
        let name = name.to_owned();
        let message = if extent.depth > MAX_DEPTH {
            Message::TooDeep {
                at,
                name,
                most: MAX_DEPTH,
            }
        } else if extent.size > MAX_SIZE {
            Message::TooLarge {
                at,
                name,
                most: MAX_SIZE,
            }
        } else {
            return;
        };
        self.errors.push(self.args.wit_span(), message);
    }
}

/// The extents of all types. Types stand behind what they use, so that one pass is enough.
fn extents(resolve: &wp::Resolve) -> Vec<Extent> {
    let mut extents = Vec::with_capacity(resolve.types.len());
    for (_, def) in &resolve.types {
        let known = match &def.kind {
            TypeDefKind::Type(of) => extent(&extents, of),
            kind => Extent::of(parts(kind).into_iter().map(|ty| extent(&extents, ty))),
        };
        extents.push(known);
    }
    extents
}

fn extent(known: &[Extent], ty: &wp::Type) -> Extent {
    match ty {
        wp::Type::Id(id) => known.get(id.index()).copied().unwrap_or(LEAF),
        _ => LEAF,
    }
}

/// The types in a type.
fn parts(kind: &TypeDefKind) -> Vec<&wp::Type> {
    match kind {
        TypeDefKind::Record(of) => of.fields.iter().map(|field| &field.ty).collect(),
        TypeDefKind::Variant(of) => of
            .cases
            .iter()
            .filter_map(|case| case.ty.as_ref())
            .collect(),
        TypeDefKind::Tuple(of) => of.types.iter().collect(),
        TypeDefKind::Result(of) => [&of.ok, &of.err].into_iter().flatten().collect(),
        TypeDefKind::List(of)
        | TypeDefKind::Option(of)
        | TypeDefKind::FixedLengthList(of, _)
        | TypeDefKind::Type(of) => vec![of],
        TypeDefKind::Map(key, value) => vec![key, value],
        _ => Vec::new(),
    }
}
