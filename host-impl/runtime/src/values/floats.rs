//! A list of floats that stays in the guest's memory.
//!
//! The engine hands out slices into the guest's memory for lists of integers only. Floats have the
//! same layout as integers of their size, so this lifts such a list as integers and reads it as
//! floats.

use std::fmt;
use std::marker::PhantomData;

use wasmtime::StoreContext;
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext};
use wasmtime::component::{ComponentType, Lift, WasmList};

/// A float of WIT: `f32` or `f64`.
pub trait Float: ComponentType + Lift + bytemuck::AnyBitPattern + sealed::Sealed {
    /// The unsigned integer of the same size.
    #[doc(hidden)]
    type Bits: ComponentType + Lift + bytemuck::NoUninit;

    #[doc(hidden)]
    fn bits<'a, T: 'static>(
        list: &WasmList<Self::Bits>,
        store: StoreContext<'a, T>,
    ) -> &'a [Self::Bits];
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for f32 {}
    impl Sealed for f64 {}
}

macro_rules! floats {
    ($($float:ident as $bits:ident)*) => {$(
        impl Float for $float {
            type Bits = $bits;

            fn bits<'a, T: 'static>(
                list: &WasmList<$bits>,
                store: StoreContext<'a, T>,
            ) -> &'a [$bits] {
                list.as_le_slice(store)
            }
        }
    )*};
}

floats!(f32 as u32 f64 as u64);

/// A `list<f32>` or `list<f64>` in the guest's memory.
pub struct FloatList<F: Float> {
    bits: WasmList<F::Bits>,
    float: PhantomData<F>,
}

impl<F: Float> FloatList<F> {
    /// The floats, where they are.
    pub(crate) fn slice<'a, T: 'static>(&self, store: StoreContext<'a, T>) -> &'a [F] {
        // The memory of a guest is little-endian; `lib.rs` refuses hosts that are not. The sizes
        // are equal and integers are aligned like floats, so the cast cannot fail.
        bytemuck::cast_slice(F::bits(&self.bits, store))
    }
}

impl<F: Float> fmt::Debug for FloatList<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FloatList")
            .field("len", &self.bits.len())
            .finish_non_exhaustive()
    }
}

// SAFETY: the canonical ABI represents a list as a pointer and a length whatever its elements are,
// and `Lower` and `ABI` are those of `WasmList`. The check of the type is the one that `WasmList`
// of floats makes, so that this is used for lists of floats only.
unsafe impl<F: Float> ComponentType for FloatList<F> {
    type Lower = <WasmList<F::Bits> as ComponentType>::Lower;

    const ABI: CanonicalAbiInfo = <WasmList<F::Bits> as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <WasmList<F> as ComponentType>::typecheck(ty, types)
    }
}

// SAFETY: lifting a list reads its pointer and length and checks that the elements, by the size and
// alignment that the canonical ABI gives them, lie within memory. Both are the same for `F::Bits`
// and `F`. The elements are only ever read as `F::Bits`, through the slice of the whole list, which
// does not look at the element type recorded for the list.
unsafe impl<F: Float> Lift for FloatList<F> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        Ok(Self {
            bits: WasmList::linear_lift_from_flat(cx, ty, src)?,
            float: PhantomData,
        })
    }

    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        Ok(Self {
            bits: WasmList::linear_lift_from_memory(cx, ty, bytes)?,
            float: PhantomData,
        })
    }
}
