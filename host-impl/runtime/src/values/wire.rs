//! Records and lists on their way from a guest to a view of them: lifted with as little work as can
//! be.
//!
//! The engine's derive looks the type of every field up for every record. Here, where a field lies
//! is a constant, and types are looked up for fields only whose own way of being lifted depends on
//! them.

use wasmtime::bail;
use wasmtime::component::__internal::{
    CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, bad_type_info,
};
use wasmtime::component::{ComponentType, Lift};

use super::flat::Flat as _;

/// The type of a field of a record.
#[inline]
pub fn field_type(cx: &LiftContext<'_>, record: InterfaceType, index: usize) -> InterfaceType {
    match record {
        InterfaceType::Record(record) => cx.types[record].fields[index].ty,
        _ => bad_type_info(),
    }
}

/// A list of values in their wire form.
#[derive(Debug)]
pub struct WireList<W>(Vec<W>);

impl<W> WireList<W> {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<W> IntoIterator for WireList<W> {
    type Item = W;
    type IntoIter = std::vec::IntoIter<W>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

// SAFETY: all of it is that of the engine's own list of `W`.
unsafe impl<W: ComponentType> ComponentType for WireList<W> {
    type Lower = <Vec<W> as ComponentType>::Lower;

    const ABI: CanonicalAbiInfo = <Vec<W> as ComponentType>::ABI;

    fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> wasmtime::Result<()> {
        <Vec<W> as ComponentType>::typecheck(ty, types)
    }
}

// SAFETY: safe code checks where the elements are, and each is lifted by its own implementation
// from bytes that are as many and as aligned as it has to get.
unsafe impl<W: Lift> Lift for WireList<W> {
    fn linear_lift_from_flat(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        src: &Self::Lower,
    ) -> wasmtime::Result<Self> {
        Self::load(cx, ty, src[0].get_u32(), src[1].get_u32())
    }

    fn linear_lift_from_memory(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        bytes: &[u8],
    ) -> wasmtime::Result<Self> {
        let (start, len) = (u32::read(&bytes[..4])?, u32::read(&bytes[4..8])?);
        Self::load(cx, ty, start, len)
    }
}

impl<W: Lift> WireList<W> {
    /// Lifts a list, checked and paid for as the engine does.
    fn load(
        cx: &mut LiftContext<'_>,
        ty: InterfaceType,
        start: u32,
        len: u32,
    ) -> wasmtime::Result<Self> {
        let InterfaceType::List(list) = ty else {
            bad_type_info()
        };
        let element = cx.types[list].element;
        let (start, len) = (usize::try_from(start)?, usize::try_from(len)?);
        let end = len
            .checked_mul(W::SIZE32)
            .and_then(|size| start.checked_add(size));
        let Some(bytes) = end.and_then(|end| cx.memory().get(start..end)) else {
            bail!("list pointer/length out of bounds of memory");
        };
        cx.consume_fuel_array(len, size_of::<W>())?;
        if !start.is_multiple_of(usize::try_from(W::ALIGN32)?) {
            bail!("list pointer is not aligned");
        }
        let mut values = Vec::with_capacity(len);
        for bytes in bytes.chunks_exact(W::SIZE32) {
            values.push(W::linear_lift_from_memory(cx, element, bytes)?);
        }
        Ok(Self(values))
    }
}

/// Defines the wire form of a record, given its fields in the order of the WIT with their names
/// there, and of what sort each is: `text`, `flat`, or `other`.
///
/// What the engine's derive would do for the record is done by a private struct of the same fields
/// that has that derive. Only from memory is the struct lifted in a way of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! wire_record {
    ($name:ident { $($field:ident: $ty:ty = $wit:literal as $sort:ident),+ $(,)? }) => {
        #[doc(hidden)]
        #[allow(missing_debug_implementations)]
        pub struct $name { $($field: $ty),+ }

        const _: () = {
            // A field may be of a type of any of these names.
            use $crate::__private::wasmtime as __wasmtime;
            use __wasmtime::Result as __Result;
            use __wasmtime::component::__internal::{
                CanonicalAbiInfo as __CanonicalAbiInfo, InstanceType as __InstanceType,
                InterfaceType as __InterfaceType, LiftContext as __LiftContext,
            };
            use $crate::__private::{
                ComponentType as __ComponentType, Lift as __Lift, flat_offsets,
            };

            #[derive(__ComponentType, __Lift)]
            #[component(record)]
            #[component(wasmtime_crate = __wasmtime)]
            pub struct __Fields {
                $(#[component(name = $wit)] $field: $ty,)+
            }

            const LAYOUTS: &[(usize, u32)] = &[
                $((<$ty as __ComponentType>::SIZE32, <$ty as __ComponentType>::ALIGN32)),+
            ];
            const OFFSETS: [usize; LAYOUTS.len()] = flat_offsets(LAYOUTS);

            // SAFETY: `__Fields` is the record, by the engine's own derive: all of this is its.
            unsafe impl __ComponentType for $name {
                type Lower = <__Fields as __ComponentType>::Lower;

                const ABI: __CanonicalAbiInfo = <__Fields as __ComponentType>::ABI;

                fn typecheck(ty: &__InterfaceType, types: &__InstanceType<'_>) -> __Result<()> {
                    <__Fields as __ComponentType>::typecheck(ty, types)
                }
            }

            // SAFETY: core values are lifted by `__Fields`, whose `Lower` they are. In memory,
            // every field is lifted by its own implementation, from the bytes where the canonical
            // ABI has it, and as the type that the record has there; strings and flat values do not
            // look at that.
            unsafe impl __Lift for $name {
                fn linear_lift_from_flat(
                    cx: &mut __LiftContext<'_>,
                    ty: __InterfaceType,
                    src: &Self::Lower,
                ) -> __Result<Self> {
                    let __Fields { $($field),+ } =
                        <__Fields as __Lift>::linear_lift_from_flat(cx, ty, src)?;
                    __Result::Ok(Self { $($field),+ })
                }

                #[inline]
                #[allow(unused_assignments, unused_variables)]
                fn linear_lift_from_memory(
                    cx: &mut __LiftContext<'_>,
                    ty: __InterfaceType,
                    bytes: &[u8],
                ) -> __Result<Self> {
                    let mut index = 0;
                    $(
                        let field = &bytes[OFFSETS[index]..][..<$ty as __ComponentType>::SIZE32];
                        let $field = $crate::wire_field!($sort $ty: cx, ty, index, field)?;
                        index += 1;
                    )+
                    __Result::Ok(Self { $($field),+ })
                }
            }
        };
    };
}

/// Lifts a field of a record from its bytes.
#[doc(hidden)]
#[macro_export]
macro_rules! wire_field {
    (text $ty:ty: $cx:ident, $record:ident, $index:ident, $bytes:ident) => {
        <$ty as $crate::__private::Lift>::linear_lift_from_memory(
            $cx,
            $crate::__private::wasmtime::component::__internal::InterfaceType::String,
            $bytes,
        )
    };
    (flat $ty:ty: $cx:ident, $record:ident, $index:ident, $bytes:ident) => {
        <$ty as $crate::__private::Flat>::read($bytes)
    };
    (other $ty:ty: $cx:ident, $record:ident, $index:ident, $bytes:ident) => {{
        let ty = $crate::__private::field_type($cx, $record, $index);
        <$ty as $crate::__private::Lift>::linear_lift_from_memory($cx, ty, $bytes)
    }};
}
