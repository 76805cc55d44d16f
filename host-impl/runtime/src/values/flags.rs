//! Makes a `bitflags` type the Rust side of a WIT `flags` type.
//!
//! The engine has a macro of its own for flags, which defines the type as well. Abide's flags are
//! made by `bitflags`, so that they are the same type on both sides and know every set operation.

/// Implements the engine's traits for a type with `bits()` and `from_bits_retain()` over `u8`,
/// `u16` or `u32`, given the flags' names in the order of their bits. Up to 8, 16 and 32 flags go
/// with these.
///
/// A bit that no flag stands for is dropped when it comes from a guest, as the canonical ABI has
/// it.
#[doc(hidden)]
#[macro_export]
macro_rules! component_flags {
    ($name:ty: u8, [$($flag:expr),* $(,)?] $(,)?) => {
        $crate::component_flags!(@impl $name, u8, U8, [$($flag),*]);
    };
    ($name:ty: u16, [$($flag:expr),* $(,)?] $(,)?) => {
        $crate::component_flags!(@impl $name, u16, U16, [$($flag),*]);
    };
    ($name:ty: u32, [$($flag:expr),* $(,)?] $(,)?) => {
        $crate::component_flags!(@impl $name, u32, U32, [$($flag),*]);
    };
    (@impl $name:ty, $bits:ident, $wit:ident, [$($flag:expr),*]) => {
        const _: () = {
            // The flags may have any of these names.
            use ::core::mem::MaybeUninit as __MaybeUninit;
            use $crate::__private::wasmtime::Result as __Result;
            use $crate::__private::wasmtime::component::__internal::{
                CanonicalAbiInfo as __CanonicalAbiInfo, InstanceType as __InstanceType,
                InterfaceType as __InterfaceType, LiftContext as __LiftContext,
                LowerContext as __LowerContext, typecheck_flags,
            };
            use $crate::__private::{
                ComponentType as __ComponentType, Flat as __Flat, Lift as __Lift, Lower as __Lower,
                flat_store_all,
            };

            const NAMES: &[&str] = &[$($flag),*];

            const _: () = ::core::assert!(
                NAMES.len() > <$bits>::BITS as usize / 2 || <$bits>::BITS == 8,
                "the canonical ABI wants the smallest integer that holds these flags",
            );
            const _: () = ::core::assert!(
                !NAMES.is_empty() && NAMES.len() <= <$bits>::BITS as usize,
                "the integer does not hold these flags",
            );

            /// The bits that stand for a flag.
            const KNOWN: $bits = <$bits>::MAX >> (<$bits>::BITS - NAMES.len() as u32);

            // SAFETY: the canonical ABI represents up to 8, 16 and 32 flags as the integer of that
            // size, whose `Lower` and `ABI` these are; the assertions above make sure that it is
            // the size for this number of flags. The check of the type accepts flags of these names
            // only.
            unsafe impl __ComponentType for $name {
                type Lower = <$bits as __ComponentType>::Lower;

                const ABI: __CanonicalAbiInfo = <$bits as __ComponentType>::ABI;
                const MAY_REQUIRE_REALLOC: bool = false;

                fn typecheck(
                    ty: &__InterfaceType,
                    types: &__InstanceType<'_>,
                ) -> __Result<()> {
                    typecheck_flags(ty, types, NAMES)
                }
            }

            // SAFETY: a single value is lowered as the integer that represents it, through the
            // integer's own implementation and as the type it expects; a list is written as bytes,
            // by safe code.
            unsafe impl __Lower for $name {
                fn linear_lower_to_flat<T>(
                    &self,
                    cx: &mut __LowerContext<'_, T>,
                    _ty: __InterfaceType,
                    dst: &mut __MaybeUninit<Self::Lower>,
                ) -> __Result<()> {
                    (self.bits() & KNOWN).linear_lower_to_flat(cx, __InterfaceType::$wit, dst)
                }

                fn linear_lower_to_memory<T>(
                    &self,
                    cx: &mut __LowerContext<'_, T>,
                    _ty: __InterfaceType,
                    offset: usize,
                ) -> __Result<()> {
                    (self.bits() & KNOWN).linear_lower_to_memory(cx, __InterfaceType::$wit, offset)
                }

                fn linear_store_list_to_memory<T>(
                    cx: &mut __LowerContext<'_, T>,
                    _ty: __InterfaceType,
                    offset: usize,
                    items: &[Self],
                ) -> __Result<()> {
                    flat_store_all(cx, offset, items);
                    __Result::Ok(())
                }
            }

            impl __Flat for $name {
                #[inline(always)]
                fn read(bytes: &[u8]) -> __Result<Self> {
                    let bits = <$bits as __Flat>::read(bytes)?;
                    __Result::Ok(Self::from_bits_retain(bits & KNOWN))
                }

                #[inline(always)]
                fn write(self, bytes: &mut [u8]) {
                    <$bits as __Flat>::write(self.bits() & KNOWN, bytes);
                }
            }

            // SAFETY: both functions lift the integer that represents the flags, through the
            // integer's own implementation and as the type it expects.
            unsafe impl __Lift for $name {
                fn linear_lift_from_flat(
                    cx: &mut __LiftContext<'_>,
                    _ty: __InterfaceType,
                    src: &Self::Lower,
                ) -> __Result<Self> {
                    let bits = <$bits>::linear_lift_from_flat(cx, __InterfaceType::$wit, src)?;
                    __Result::Ok(Self::from_bits_retain(bits & KNOWN))
                }

                fn linear_lift_from_memory(
                    cx: &mut __LiftContext<'_>,
                    _ty: __InterfaceType,
                    bytes: &[u8],
                ) -> __Result<Self> {
                    let bits = <$bits>::linear_lift_from_memory(cx, __InterfaceType::$wit, bytes)?;
                    __Result::Ok(Self::from_bits_retain(bits & KNOWN))
                }
            }
        };
    };
}
