//! Values of a fixed layout: no pointers, no handles. Lists of them cross the boundary in one pass.
//!
//! The engine lifts and lowers a list of records element by element, and for every field of each it
//! looks the type up. For a value that is nothing but numbers at known offsets the layout is known when
//! the program is compiled, so a list is one loop over a slice of bytes. What is read and written, and
//! what is refused, is the same. This file knows values and bytes, nothing of guests and calls.

use wasmtime::bail;
use wasmtime::component::ComponentType;

/// A value that the canonical ABI lays out in a fixed number of bytes, [`ComponentType::SIZE32`], without
/// pointers and handles: numbers, `bool`, `char`, and the enums, flags, records and tuples of them.
///
/// The trait is safe: what it writes are bytes in a guest's memory, and what it reads it has to check. A
/// wrong implementation gives wrong values and nothing worse.
pub trait Flat: ComponentType + Copy {
    /// The value in `bytes`, which are [`ComponentType::SIZE32`] many.
    ///
    /// # Errors
    /// The bytes stand for no value of the type: a `char` or an enum out of range.
    fn read(bytes: &[u8]) -> wasmtime::Result<Self>;

    /// Writes the value to `bytes`, which are [`ComponentType::SIZE32`] many. Padding stays as it is.
    fn write(self, bytes: &mut [u8]);
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

/// Where the fields of a record lie, given each one's size and alignment.
pub const fn offsets<const N: usize>(fields: &[(usize, u32); N]) -> [usize; N] {
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
                let offsets = const { offsets(&[$(($name::SIZE32, $name::ALIGN32)),+]) };
                Ok(($($name::read(&bytes[offsets[$index]..][..$name::SIZE32])?,)+))
            }

            #[inline(always)]
            fn write(self, bytes: &mut [u8]) {
                let offsets = const { offsets(&[$(($name::SIZE32, $name::ALIGN32)),+]) };
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
}

/// The error of an enum that has no such case, in the engine's words.
///
/// # Errors
/// Always.
#[cold]
pub fn no_such_case<T>(found: u32) -> wasmtime::Result<T> {
    bail!("unexpected discriminant: {found}")
}

/// Implements [`Flat`] for a record, given its fields in the order of the WIT.
#[doc(hidden)]
#[macro_export]
macro_rules! flat_record {
    ($name:ty { $($field:ident: $ty:ty),+ $(,)? }) => {
        const _: () = {
            use $crate::__private::{ComponentType, Flat, flat_offsets, wasmtime};

            const COUNT: usize = [$(stringify!($field)),+].len();
            const OFFSETS: [usize; COUNT] = flat_offsets(&[
                $((<$ty as ComponentType>::SIZE32, <$ty as ComponentType>::ALIGN32)),+
            ]);

            impl Flat for $name {
                #[inline(always)]
                #[allow(unused_assignments)]
                fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
                    let mut index = 0;
                    $(
                        let $field = <$ty as Flat>::read(
                            &bytes[OFFSETS[index]..][..<$ty as ComponentType>::SIZE32],
                        )?;
                        index += 1;
                    )+
                    wasmtime::Result::Ok(Self { $($field),+ })
                }

                #[inline(always)]
                #[allow(unused_assignments)]
                fn write(self, bytes: &mut [u8]) {
                    let Self { $($field),+ } = self;
                    let mut index = 0;
                    $(
                        <$ty as Flat>::write(
                            $field,
                            &mut bytes[OFFSETS[index]..][..<$ty as ComponentType>::SIZE32],
                        );
                        index += 1;
                    )+
                }
            }
        };
    };
}

/// Implements [`Flat`] for an enum that is represented by the integer that the canonical ABI has for it,
/// given its cases in the order of the WIT.
#[doc(hidden)]
#[macro_export]
macro_rules! flat_enum {
    ($name:ty: $bits:ident { $($case:ident),+ $(,)? }) => {
        const _: () = {
            use $crate::__private::{Flat, no_such_case, wasmtime};

            impl Flat for $name {
                #[inline(always)]
                fn read(bytes: &[u8]) -> wasmtime::Result<Self> {
                    let found = <$bits as Flat>::read(bytes)?;
                    $(
                        if found == Self::$case as $bits {
                            return wasmtime::Result::Ok(Self::$case);
                        }
                    )+
                    no_such_case(u32::from(found))
                }

                #[inline(always)]
                fn write(self, bytes: &mut [u8]) {
                    <$bits as Flat>::write(self as $bits, bytes);
                }
            }
        };
    };
}
