//! Results that are written to where the guest says: their places stand behind a function's arguments.

use super::bad::Bad;
use super::guest::{Guest, Stop, write};
use super::param::part;
use super::raw::{Raw, Ty};

/// A result that is written to places which the guest passes.
pub trait Out: Sized {
    /// The raw values that its places are.
    const TYPES: &'static [Ty];

    /// Whether they are places. Asked before the host does anything.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad>;

    /// Writes it.
    ///
    /// # Errors
    /// That there is no room for it, or what the guest failed with that was to make some.
    fn put(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop>;
}

impl Out for () {
    const TYPES: &'static [Ty] = &[];

    #[inline]
    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    #[inline]
    fn put(self, _: &mut Raw<'_>, _: &mut Guest<'_>) -> Result<(), Stop> {
        Ok(())
    }
}

macro_rules! numbers {
    ($($of:ty)*) => {$(
        impl Out for $of {
            const TYPES: &'static [Ty] = &[Ty::I32];

            #[inline]
            fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
                part(memory, raw.u32(), size_of::<$of>() as u32).map(drop)
            }

            #[inline]
            fn put(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop> {
                Ok(guest.write(raw.u32(), &self.to_le_bytes())?)
            }
        }
    )*};
}

numbers!(u32 i32 u64 i64 f32 f64);

/// Bytes for which the guest makes room by its own allocator. Where they are and how many go to two
/// places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bytes(pub Vec<u8>);

impl Out for Bytes {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    #[inline]
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
        u32::check(raw, memory)?;
        u32::check(raw, memory)
    }

    fn put(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop> {
        let at = guest.allocate(self.0.len())?;
        // It was allocated, so it is no longer than that.
        let len = self.0.len() as u32;
        // The allocator may have grown the memory, so it is looked up now; and once, which is felt.
        let memory = guest.memory();
        write(memory, at, &self.0)?;
        write(memory, raw.u32(), &at.to_le_bytes())?;
        Ok(write(memory, raw.u32(), &len.to_le_bytes())?)
    }
}

macro_rules! tuples {
    ($(($($of:ident $index:tt),+))*) => {$(
        impl<$($of: Out),+> Out for ($($of,)+) {
            const TYPES: &'static [Ty] = places(&[$($of::TYPES),+]);

            #[inline]
            fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
                $($of::check(raw, memory)?;)+
                Ok(())
            }

            #[inline]
            fn put(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop> {
                $(self.$index.put(raw, guest)?;)+
                Ok(())
            }
        }
    )*};
}

tuples! {
    (A 0, B 1)
    (A 0, B 1, C 2)
    (A 0, B 1, C 2, D 3)
}

/// The places of several results. All of them are addresses.
const fn places(of: &[&[Ty]]) -> &'static [Ty] {
    const ADDRESSES: &[Ty] = &[Ty::I32; 16];
    let (mut count, mut i) = (0, 0);
    while i < of.len() {
        let mut j = 0;
        while j < of[i].len() {
            assert!(matches!(of[i][j], Ty::I32), "a place is an address");
            j += 1;
        }
        count += of[i].len();
        i += 1;
    }
    ADDRESSES.split_at(count).0
}
