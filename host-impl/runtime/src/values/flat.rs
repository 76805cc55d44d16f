//! Values of a fixed layout: no pointers, no handles. Lists of them cross the boundary in one pass.
//!
//! The engine lifts and lowers a list of records element by element, and for every field of each it
//! looks the type up. For a value that is nothing but numbers at known offsets the layout is known
//! when the program is compiled, so a list is one loop over a slice of bytes. What is read, written
//! and refused is the same.

use wasmtime::bail;
use wasmtime::component::__internal::LowerContext;
use wasmtime::component::ComponentType;

/// A value that the canonical ABI lays out in a fixed number of bytes, [`ComponentType::SIZE32`],
/// without pointers and handles: numbers, `bool`, `char`, and the enums, flags, options, records
/// and tuples of them.
///
/// The trait is safe: what it writes are bytes in a guest's memory, and what it reads it has to
/// check. A wrong implementation gives wrong values and nothing worse.
pub trait Flat: ComponentType + Copy {
    /// The value in `bytes`, which are [`ComponentType::SIZE32`] many.
    ///
    /// # Errors
    /// The bytes stand for no value of the type: a `char`, an enum or an option out of range.
    fn read(bytes: &[u8]) -> wasmtime::Result<Self>;

    /// Writes the value to `bytes`, which are [`ComponentType::SIZE32`] many. Padding stays as it
    /// is.
    fn write(self, bytes: &mut [u8]);
}

/// Writes values into a guest's memory, one behind the other from `start`.
///
/// # Panics
/// If they do not fit in there. The engine checks that they do before it asks for this.
#[inline]
pub fn store_all<T: Flat, U>(cx: &mut LowerContext<'_, U>, start: usize, values: &[T]) {
    let bytes = &mut cx.as_slice_mut()[start..][..values.len() * T::SIZE32];
    for (bytes, value) in bytes.chunks_exact_mut(T::SIZE32).zip(values) {
        value.write(bytes);
    }
}

macro_rules! numbers {
    ($($number:ident)*) => {$(
        impl Flat for $number {
            #[inline(always)]
            fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
                Ok(Self::from_le_bytes(array(bytes)))
            }

            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                bytes.copy_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}

numbers!(u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);

/// The bytes of a number. A slice of another length is a mistake in an implementation of [`Flat`].
#[inline(always)]
fn array<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut array = [0; N];
    array.copy_from_slice(bytes);
    array
}

impl Flat for bool {
    #[inline(always)]
    fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
        // Any byte but zero is true, says the canonical ABI.
        Ok(u8::read(bytes)? != 0)
    }

    #[inline(always)]
    fn write(self, bytes: &mut [u8]) {
        u8::from(self).write(bytes);
    }
}

impl Flat for char {
    #[inline(always)]
    fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
        Ok(char::try_from(u32::read(bytes)?)?)
    }

    #[inline(always)]
    fn write(self, bytes: &mut [u8]) {
        u32::from(self).write(bytes);
    }
}

impl<T: Flat> Flat for Option<T> {
    #[inline(always)]
    fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
        let (tag, payload) = bytes.split_at(T::ALIGN32 as usize);
        match tag[0] {
            0 => Ok(None),
            1 => Ok(Some(T::read(payload)?)),
            _ => bail!("invalid option discriminant"),
        }
    }

    #[inline(always)]
    fn write(self, bytes: &mut [u8]) {
        // A tag of one byte; the payload is where its alignment allows it.
        let (tag, payload) = bytes.split_at_mut(T::ALIGN32 as usize);
        match self {
            None => tag[0] = 0,
            Some(value) => {
                tag[0] = 1;
                value.write(payload);
            }
        }
    }
}

/// Where the fields of a record lie, given each one's size and alignment.
///
/// # Panics
/// If `N` is not the number of `fields`. It is for constants, where that is an error of
/// compilation.
pub const fn offsets<const N: usize>(fields: &[(usize, u32)]) -> [usize; N] {
    assert!(fields.len() == N);
    let mut offsets = [0; N];
    let (mut index, mut end) = (0, 0_usize);
    while index < N {
        let (size, align) = fields[index];
        offsets[index] = end.next_multiple_of(align as usize);
        end = offsets[index] + size;
        index += 1;
    }
    offsets
}

macro_rules! tuples {
    ($(($($name:ident $index:tt),+))*) => {$(
        impl<$($name: Flat),+> Flat for ($($name,)+) {
            #[inline(always)]
            fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
                let offsets = const { offsets::<{ [$($index),+].len() }>(&[$(($name::SIZE32, $name::ALIGN32)),+]) };
                Ok(($($name::read(&bytes[offsets[$index]..][..$name::SIZE32])?,)+))
            }

            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                let offsets = const { offsets::<{ [$($index),+].len() }>(&[$(($name::SIZE32, $name::ALIGN32)),+]) };
                $(self.$index.write(&mut bytes[offsets[$index]..][..$name::SIZE32]);)+
            }
        }
    )*};
}

tuples! {
    (A 0)
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
    (A 0, B 1, C 2, D 3, E 4)
    (A 0, B 1, C 2, D 3, E 4, F 5)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10)
    (A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11)
}

/// The error of an enum that has no such case, in the engine's words.
///
/// # Errors
/// Always.
#[cold]
pub fn no_such_case<T>(found: u32) -> wasmtime::Result<T> {
    bail!("unexpected discriminant: {found}")
}

/// Makes a struct the Rust side of a WIT record whose fields are all flat, given the fields in the
/// order of the WIT with their names there: implements [`Flat`] and the engine's traits.
///
/// What the engine's derive would do for the record is done by a private struct of the same fields
/// that has that derive. Only where values lie in memory does the struct go a way of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! flat_record {
    ($vis:vis $name:ident { $($field:ident: $ty:ty = $wit:literal),+ $(,)? }) => {
        const _: () = {
            // A field may be of a type of any of these names.
            use ::core::mem::MaybeUninit as __MaybeUninit;
            use $crate::__private::wasmtime as __wasmtime;
            use __wasmtime::Result as __Result;
            use __wasmtime::component::__internal::{
                CanonicalAbiInfo as __CanonicalAbiInfo, InstanceType as __InstanceType,
                InterfaceType as __InterfaceType, LiftContext as __LiftContext,
                LowerContext as __LowerContext,
            };
            use $crate::__private::{
                ComponentType as __ComponentType, Flat as __Flat, Lift as __Lift, Lower as __Lower,
                flat_offsets, flat_store_all,
            };

            #[derive(__ComponentType, __Lift, __Lower)]
            #[component(record)]
            #[component(wasmtime_crate = __wasmtime)]
            $vis struct __Fields {
                $(#[component(name = $wit)] $field: $ty,)+
            }

            const LAYOUTS: &[(usize, u32)] = &[
                $((<$ty as __ComponentType>::SIZE32, <$ty as __ComponentType>::ALIGN32)),+
            ];
            const OFFSETS: [usize; LAYOUTS.len()] = flat_offsets(LAYOUTS);

            impl __Flat for $name {
                #[inline(always)]
                #[allow(unused_assignments)]
                fn read(bytes: &[u8]) -> __Result<Self> {
                    let mut index = 0;
                    $(
                        let $field = <$ty as __Flat>::read(
                            &bytes[OFFSETS[index]..][..<$ty as __ComponentType>::SIZE32],
                        )?;
                        index += 1;
                    )+
                    __Result::Ok(Self { $($field),+ })
                }

                #[inline(always)]
                #[allow(unused_assignments)]
                fn write(self, bytes: &mut [u8]) {
                    let Self { $($field),+ } = self;
                    let mut index = 0;
                    $(
                        <$ty as __Flat>::write(
                            $field,
                            &mut bytes[OFFSETS[index]..][..<$ty as __ComponentType>::SIZE32],
                        );
                        index += 1;
                    )+
                }
            }

            // SAFETY: `__Fields` is the record, by the engine's own derive: all of this is its.
            unsafe impl __ComponentType for $name {
                type Lower = <__Fields as __ComponentType>::Lower;

                const ABI: __CanonicalAbiInfo = <__Fields as __ComponentType>::ABI;
                const MAY_REQUIRE_REALLOC: bool = false;

                fn typecheck(ty: &__InterfaceType, types: &__InstanceType<'_>) -> __Result<()> {
                    <__Fields as __ComponentType>::typecheck(ty, types)
                }
            }

            // SAFETY: `dst` is filled by `__Fields`, whose `Lower` it is. In memory, bytes are
            // written through slices of it, by safe code.
            unsafe impl __Lower for $name {
                #[inline]
                fn linear_lower_to_flat<T>(
                    &self,
                    cx: &mut __LowerContext<'_, T>,
                    ty: __InterfaceType,
                    dst: &mut __MaybeUninit<Self::Lower>,
                ) -> __Result<()> {
                    let Self { $($field),+ } = *self;
                    __Fields { $($field),+ }.linear_lower_to_flat(cx, ty, dst)
                }

                #[inline]
                fn linear_lower_to_memory<T>(
                    &self,
                    cx: &mut __LowerContext<'_, T>,
                    _ty: __InterfaceType,
                    offset: usize,
                ) -> __Result<()> {
                    flat_store_all(cx, offset, ::core::slice::from_ref(self));
                    __Result::Ok(())
                }

                #[inline]
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

            // SAFETY: core values are lifted by `__Fields`, whose `Lower` they are; bytes are read
            // by safe code, which checks them.
            unsafe impl __Lift for $name {
                #[inline]
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
                fn linear_lift_from_memory(
                    _cx: &mut __LiftContext<'_>,
                    _ty: __InterfaceType,
                    bytes: &[u8],
                ) -> __Result<Self> {
                    <Self as __Flat>::read(bytes)
                }
            }
        };
    };
}

/// Implements [`Flat`] for an enum that is represented by the integer that the canonical ABI has
/// for it, given its cases in the order of the WIT. The engine's traits it has from the engine's
/// derive.
#[doc(hidden)]
#[macro_export]
macro_rules! flat_enum {
    ($name:ty: $bits:ident { $($case:ident),+ $(,)? }) => {
        const _: () = {
            // The enum may have any of these names.
            use $crate::__private::{Flat as __Flat, no_such_case, wasmtime as __wasmtime};

            impl __Flat for $name {
                #[inline(always)]
                fn read(bytes: &[u8]) -> __wasmtime::Result<Self> {
                    let found = <$bits as __Flat>::read(bytes)?;
                    $(
                        if found == Self::$case as $bits {
                            return __wasmtime::Result::Ok(Self::$case);
                        }
                    )+
                    no_such_case(u32::from(found))
                }

                #[inline(always)]
                fn write(self, bytes: &mut [u8]) {
                    <$bits as __Flat>::write(self as $bits, bytes);
                }
            }
        };
    };
}
