//! Parameter lists longer than wasmtime's tuples.
//!
//! wasmtime takes parameters as tuples and implements its traits for up to 17 elements. A longer
//! list is a chain, `Chain(a, Chain(b, End))`, that is laid out in memory exactly as the tuple
//! would be.

use std::fmt;
use std::mem::MaybeUninit;

use wasmtime::component::__internal::{
    CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext, bad_type_info,
    map_maybe_uninit,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift, Lower};
use wasmtime::{ValRaw, format_err};

/// The most parameters that a chain can have. The macro refuses functions with more: the compiler's
/// recursion limit (128) is near.
const LONGEST: usize = 100;

/// One parameter, and those behind it.
#[derive(Debug, Clone, Copy)]
pub struct Chain<Head, Rest>(pub Head, pub Rest);

/// The end of a chain.
#[derive(Debug, Clone, Copy)]
pub struct End;

/// A chain in core wasm values: adjacent, in order.
#[doc(hidden)]
#[derive(Clone, Copy)]
#[repr(C)]
pub struct ChainLower<Head, Rest> {
    head: Head,
    rest: Rest,
}

impl<Head, Rest> fmt::Debug for ChainLower<Head, Rest> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChainLower").finish_non_exhaustive()
    }
}

/// What a chain knows of its elements.
#[doc(hidden)]
pub trait Links: Send + Sync {
    type Lower: Copy;
    const COUNT: usize;
    /// The layouts of the elements, the first `COUNT` of them.
    const LAYOUTS: [CanonicalAbiInfo; LONGEST];

    fn typecheck(found: &[InterfaceType], types: &InstanceType<'_>) -> wasmtime::Result<()>;
}

/// A chain that can be put into a guest.
#[doc(hidden)]
pub trait LowerLinks: Links {
    fn lower_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        types: &[InterfaceType],
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()>;

    fn lower_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        types: &[InterfaceType],
        offset: &mut usize,
    ) -> wasmtime::Result<()>;
}

/// A chain that can be taken out of a guest.
#[doc(hidden)]
pub trait LiftLinks: Links + Sized {
    fn lift_flat(
        cx: &mut LiftContext<'_>,
        types: &[InterfaceType],
        src: &Self::Lower,
    ) -> wasmtime::Result<Self>;

    fn lift_memory(
        cx: &mut LiftContext<'_>,
        types: &[InterfaceType],
        bytes: &[u8],
        offset: &mut usize,
    ) -> wasmtime::Result<Self>;
}

/// The first type of a list whose length was checked before.
fn split(types: &[InterfaceType]) -> (InterfaceType, &[InterfaceType]) {
    match types {
        [first, rest @ ..] => (*first, rest),
        [] => bad_type_info(),
    }
}

/// The engine's type is no `Copy`, and its `Clone` cannot be used in a constant.
const fn copied(layout: &CanonicalAbiInfo) -> CanonicalAbiInfo {
    CanonicalAbiInfo {
        size32: layout.size32,
        align32: layout.align32,
        size64: layout.size64,
        align64: layout.align64,
        flat_count: layout.flat_count,
    }
}

impl Links for End {
    type Lower = [ValRaw; 0];
    const COUNT: usize = 0;
    const LAYOUTS: [CanonicalAbiInfo; LONGEST] = [CanonicalAbiInfo::ZERO; LONGEST];

    fn typecheck(found: &[InterfaceType], _types: &InstanceType<'_>) -> wasmtime::Result<()> {
        match found.len() {
            0 => Ok(()),
            more => Err(format_err!("{more} parameters more than expected")),
        }
    }
}

impl LowerLinks for End {
    fn lower_flat<T>(
        &self,
        _cx: &mut LowerContext<'_, T>,
        _types: &[InterfaceType],
        _dst: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()> {
        Ok(())
    }

    fn lower_memory<T>(
        &self,
        _cx: &mut LowerContext<'_, T>,
        _types: &[InterfaceType],
        _offset: &mut usize,
    ) -> wasmtime::Result<()> {
        Ok(())
    }
}

impl LiftLinks for End {
    fn lift_flat(
        _cx: &mut LiftContext<'_>,
        _types: &[InterfaceType],
        _src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        Ok(Self)
    }

    fn lift_memory(
        _cx: &mut LiftContext<'_>,
        _types: &[InterfaceType],
        _bytes: &[u8],
        _offset: &mut usize,
    ) -> wasmtime::Result<Self> {
        Ok(Self)
    }
}

impl<Head: ComponentType, Rest: Links> Links for Chain<Head, Rest> {
    type Lower = ChainLower<Head::Lower, Rest::Lower>;
    const COUNT: usize = Rest::COUNT + 1;
    const LAYOUTS: [CanonicalAbiInfo; LONGEST] = {
        let mut layouts = [CanonicalAbiInfo::ZERO; LONGEST];
        layouts[0] = Head::ABI;
        let mut index = 0;
        while index < Rest::COUNT {
            layouts[index + 1] = copied(&Rest::LAYOUTS[index]);
            index += 1;
        }
        layouts
    };

    fn typecheck(found: &[InterfaceType], types: &InstanceType<'_>) -> wasmtime::Result<()> {
        let Some((first, rest)) = found.split_first() else {
            return Err(format_err!(
                "{} parameters fewer than expected",
                Self::COUNT
            ));
        };
        Head::typecheck(first, types)?;
        Rest::typecheck(rest, types)
    }
}

impl<Head: Lower, Rest: LowerLinks> LowerLinks for Chain<Head, Rest> {
    fn lower_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        types: &[InterfaceType],
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()> {
        let (first, rest) = split(types);
        self.0
            .linear_lower_to_flat(cx, first, map_maybe_uninit!(dst.head))?;
        self.1.lower_flat(cx, rest, map_maybe_uninit!(dst.rest))
    }

    fn lower_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        types: &[InterfaceType],
        offset: &mut usize,
    ) -> wasmtime::Result<()> {
        let (first, rest) = split(types);
        let at = Head::ABI.next_field32_size(offset);
        self.0.linear_lower_to_memory(cx, first, at)?;
        self.1.lower_memory(cx, rest, offset)
    }
}

impl<Head: Lift, Rest: LiftLinks> LiftLinks for Chain<Head, Rest> {
    fn lift_flat(
        cx: &mut LiftContext<'_>,
        types: &[InterfaceType],
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        let (first, rest) = split(types);
        let head = Head::linear_lift_from_flat(cx, first, &src.head)?;
        Ok(Self(head, Rest::lift_flat(cx, rest, &src.rest)?))
    }

    fn lift_memory(
        cx: &mut LiftContext<'_>,
        types: &[InterfaceType],
        bytes: &[u8],
        offset: &mut usize,
    ) -> wasmtime::Result<Self> {
        let (first, rest) = split(types);
        let at = Head::ABI.next_field32_size(offset);
        let head = Head::linear_lift_from_memory(cx, first, &bytes[at..][..Head::SIZE32])?;
        Ok(Self(head, Rest::lift_memory(cx, rest, bytes, offset)?))
    }
}

// SAFETY: `Lower` is `repr(C)` and holds the `Lower`s of the elements one behind the other, each a
// sequence of `ValRaw`, which is what a tuple's is. `ABI` is computed by the engine's own function
// for records from the elements' layouts. The check compares the number of elements and each type.
unsafe impl<Head: ComponentType, Rest: Links> ComponentType for Chain<Head, Rest> {
    type Lower = ChainLower<Head::Lower, Rest::Lower>;

    const ABI: CanonicalAbiInfo =
        CanonicalAbiInfo::record_static(<Self as Links>::LAYOUTS.split_at(Self::COUNT).0);

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        match ty {
            InterfaceType::Tuple(tuple) => {
                <Self as Links>::typecheck(&types.types[*tuple].types, types)
            }
            _ => Err(format_err!("expected a list of parameters")),
        }
    }
}

// SAFETY: it is used as a list of parameters only, and lays them out as one: see above.
unsafe impl<Head: ComponentType, Rest: Links> ComponentNamedList for Chain<Head, Rest> {}

// SAFETY: every element writes its own part of `dst`, or of the memory at its own offset, which is
// computed as `ABI` computes it; together they are all of it.
unsafe impl<Head: Lower, Rest: LowerLinks> Lower for Chain<Head, Rest> {
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()> {
        let InterfaceType::Tuple(tuple) = ty else {
            bad_type_info()
        };
        let types = &cx.types[tuple].types;
        self.lower_flat(cx, types, dst)
    }

    fn linear_lower_to_memory<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        mut offset: usize,
    ) -> wasmtime::Result<()> {
        let InterfaceType::Tuple(tuple) = ty else {
            bad_type_info()
        };
        let types = &cx.types[tuple].types;
        self.lower_memory(cx, types, &mut offset)
    }
}

// SAFETY: every element is lifted by its own implementation, from its own part of the values or of
// the bytes.
unsafe impl<Head: Lift, Rest: LiftLinks> Lift for Chain<Head, Rest> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        let InterfaceType::Tuple(tuple) = ty else {
            bad_type_info()
        };
        let types = &cx.types[tuple].types;
        Self::lift_flat(cx, types, src)
    }

    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        let InterfaceType::Tuple(tuple) = ty else {
            bad_type_info()
        };
        let types = &cx.types[tuple].types;
        Self::lift_memory(cx, types, bytes, &mut 0)
    }
}
