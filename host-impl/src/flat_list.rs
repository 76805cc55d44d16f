//! Lists of flat values on their way in and out of a guest: one loop over one slice of its memory.
//!
//! The checks of a list (that it lies in memory, is aligned, and is within what a call may make the host
//! allocate) are the engine's own. This file knows nothing of what the values are.

use std::fmt;
use std::mem::MaybeUninit;

use wasmtime::component::__internal::{
    CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext,
};
use wasmtime::component::{ComponentType, Lift, Lower, WasmList};
use wasmtime::{ValRaw, format_err};

use crate::flat::Flat;

/// A list of flat values that came out of a guest.
pub struct FlatVec<T>(Vec<T>);

impl<T> FlatVec<T> {
    /// The values.
    pub fn into_vec(self) -> Vec<T> {
        self.0
    }
}

impl<T: fmt::Debug> fmt::Debug for FlatVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A list of flat values that goes into a guest.
pub struct FlatSlice<'a, T>(pub &'a [T]);

impl<T: fmt::Debug> fmt::Debug for FlatSlice<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

// SAFETY: the canonical ABI represents a list as a pointer and a length. `Lower`, `ABI` and the check of
// the type are those of the engine's own list of `T`.
unsafe impl<T: Flat> ComponentType for FlatVec<T> {
    type Lower = [ValRaw; 2];

    const ABI: CanonicalAbiInfo = <WasmList<T> as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <WasmList<T> as ComponentType>::typecheck(ty, types)
    }
}

// SAFETY: the engine's own list checks the pointer and the length; the values are read from a slice of
// memory, which Rust checks again, and `Flat::read` is safe code.
unsafe impl<T: Flat + Lift> Lift for FlatVec<T> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        let list = WasmList::<T>::linear_lift_from_flat(cx, ty, src)?;
        load(cx, src[0].get_u32(), list.len()).map(Self)
    }

    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        let list = WasmList::<T>::linear_lift_from_memory(cx, ty, bytes)?;
        load(cx, u32::read(&bytes[..4])?, list.len()).map(Self)
    }
}

/// The values of a list in memory.
fn load<T: Flat>(cx: &LiftContext<'_>, pointer: u32, len: usize) -> wasmtime::Result<Vec<T>> {
    let start = usize::try_from(pointer)?;
    let end = start + len * T::SIZE32;
    let bytes = cx.memory().get(start..end);
    read_all(bytes.ok_or_else(|| format_err!("list pointer/length out of bounds of memory"))?)
}

/// The values that lie one behind the other in `bytes`.
fn read_all<T: Flat>(bytes: &[u8]) -> wasmtime::Result<Vec<T>> {
    let chunks = bytes.chunks_exact(T::SIZE32);
    let len = chunks.len();
    let mut values = Vec::with_capacity(len);
    for (place, bytes) in values.spare_capacity_mut()[..len].iter_mut().zip(chunks) {
        place.write(T::read(bytes)?);
    }
    // SAFETY: the loop ran over as many places as there are chunks, the first `len` of the vector's, and
    // wrote every one of them, or this line is not reached.
    unsafe { values.set_len(len) };
    Ok(values)
}

// SAFETY: as for `FlatVec`, with the engine's own slice of `T`.
unsafe impl<T: Flat> ComponentType for FlatSlice<'_, T> {
    type Lower = [ValRaw; 2];

    const ABI: CanonicalAbiInfo = <[T] as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <[T] as ComponentType>::typecheck(ty, types)
    }
}

// SAFETY: the place of the list in memory is the guest's, checked by `LowerContext::realloc`. All of
// `dst`, or both halves of the pair in memory, are written.
unsafe impl<T: Flat> Lower for FlatSlice<'_, T> {
    fn linear_lower_to_flat<U>(
        &self,
        cx: &mut LowerContext<'_, U>,
        _ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> wasmtime::Result<()> {
        let (pointer, len) = self.store(cx)?;
        // 64 bits, so that no bit of a value on the engine's stack is left as it was.
        dst.write([ValRaw::u64(pointer.into()), ValRaw::u64(len.into())]);
        Ok(())
    }

    fn linear_lower_to_memory<U>(
        &self,
        cx: &mut LowerContext<'_, U>,
        _ty: InterfaceType,
        offset: usize,
    ) -> wasmtime::Result<()> {
        let (pointer, len) = self.store(cx)?;
        (pointer, len).write(cx.get::<8>(offset));
        Ok(())
    }
}

impl<T: Flat> FlatSlice<'_, T> {
    /// Copies the list to memory that the guest allocates for it; where it lies and how long it is.
    fn store<U>(&self, cx: &mut LowerContext<'_, U>) -> wasmtime::Result<(u32, u32)> {
        let size = self.0.len().checked_mul(T::SIZE32);
        let size = size.ok_or_else(|| format_err!("size overflow copying a list"))?;
        let start = cx.realloc(0, 0, T::ALIGN32, size)?;
        store_all(cx, start, self.0);
        Ok((u32::try_from(start)?, u32::try_from(self.0.len())?))
    }
}

/// Writes values to memory, one behind the other. Panics where that is not in memory, as the engine does.
pub(crate) fn store_all<T: Flat, U>(cx: &mut LowerContext<'_, U>, start: usize, values: &[T]) {
    let bytes = &mut cx.as_slice_mut()[start..][..values.len() * T::SIZE32];
    for (bytes, value) in bytes.chunks_exact_mut(T::SIZE32).zip(values) {
        value.write(bytes);
    }
}
