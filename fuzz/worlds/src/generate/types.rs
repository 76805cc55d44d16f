//! Random types: definitions, and types where they are used.

use super::{Generator, docs};
use crate::model::{Kind, Owner, Part, Type, TypeId};
use crate::names::{For, Scope};

const PLAIN: &[&str] = &[
    "bool", "char", "u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64",
];

/// How much a definition or a function may hold, as [`World::weight`](crate::model::World::weight)
/// has it. wit-bindgen writes everything that is in a value into one function; without a bound
/// there are worlds that take a compiler minutes.
const MAX_WEIGHT: usize = 60;

/// How deep types without names are in each other, in a definition.
const DEPTH: usize = 3;

impl Generator {
    /// Defines a type; it may use those in `known`.
    pub(super) fn type_def(&mut self, owner: Owner, known: &[TypeId], scope: &mut Scope) -> TypeId {
        let mut left = self.budget();
        let kind = match self.rng.below(8) {
            0..3 => {
                let count = self.count(&[1, 2, 3, 3, 4, 5, 8, 25]);
                Kind::Record(self.parts(count, For::Value, |generator| {
                    Some(generator.ty_within(&mut left, known, DEPTH))
                }))
            }
            3 | 4 => {
                let count = self.count(&[1, 2, 3, 4, 5, 8, 20]);
                Kind::Variant(self.parts(count, For::Case, |generator| {
                    let has_payload = !generator.rng.once_in(3);
                    has_payload.then(|| generator.ty_within(&mut left, known, DEPTH))
                }))
            }
            5 => {
                let count = self.count(&[1, 2, 3, 5, 9, 9, 256, 257]);
                Kind::Enum(self.parts(count, For::Case, |_| None))
            }
            6 => {
                let count = self.count(&[1, 2, 7, 8, 9, 16, 17, 31, 32]);
                Kind::Flags(self.parts(count, For::Case, |_| None))
            }
            _ => Kind::Alias(self.ty_within(&mut left, known, DEPTH)),
        };
        let of = if matches!(kind, Kind::Alias(_)) {
            For::Alias
        } else {
            For::Type
        };
        let name = scope.name(&mut self.rng, of);
        self.push_type(owner, name, kind)
    }

    /// A type of those that one thing holds; `left` says how much more it may hold.
    pub(super) fn ty_within(&mut self, left: &mut usize, known: &[TypeId], depth: usize) -> Type {
        let mut ty = self.ty(known, depth);
        if self.world.weight(&ty) > *left {
            ty = self.plain();
        }
        *left = left.saturating_sub(self.world.weight(&ty));
        ty
    }

    /// How much one thing may hold.
    pub(super) fn budget(&self) -> usize {
        MAX_WEIGHT
    }

    fn plain(&mut self) -> Type {
        match self.rng.below(4) {
            0 => Type::String,
            _ => Type::Plain(self.rng.pick::<&str>(PLAIN)),
        }
    }

    /// A type where it is used, with at most `depth` types without a name around each other.
    pub(super) fn ty(&mut self, known: &[TypeId], depth: usize) -> Type {
        if !known.is_empty() && self.rng.once_in(3) {
            return Type::Named(*self.rng.pick(known));
        }
        if depth == 0 || self.rng.once_in(3) {
            return self.plain();
        }
        match self.rng.below(8) {
            0..3 => Type::List(self.boxed(known, depth)),
            3 | 4 => Type::Option(self.boxed(known, depth)),
            5 | 6 => {
                let has = self.rng.below(4);
                let ok = (has & 1 != 0).then(|| self.boxed(known, depth));
                let err = (has & 2 != 0).then(|| self.boxed(known, depth));
                Type::Result(ok, err)
            }
            _ => {
                let count = self.count(&[1, 2, 2, 3, 12]);
                Type::Tuple((0..count).map(|_| self.ty(known, depth - 1)).collect())
            }
        }
    }

    fn boxed(&mut self, known: &[TypeId], depth: usize) -> Box<Type> {
        Box::new(self.ty(known, depth - 1))
    }

    /// One of `counts`.
    fn count(&mut self, counts: &[usize]) -> usize {
        *self.rng.pick(counts)
    }

    fn parts(
        &mut self,
        count: usize,
        of: For,
        mut ty: impl FnMut(&mut Self) -> Option<Type>,
    ) -> Vec<Part> {
        let mut scope = Scope::default();
        (0..count)
            .map(|_| Part {
                name: scope.name(&mut self.rng, of),
                docs: docs(&mut self.rng),
                ty: ty(self),
            })
            .collect()
    }
}
