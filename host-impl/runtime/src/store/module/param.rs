//! Arguments: how many raw values each is, and what is made of them.

use std::str;

use super::bad::Bad;
use super::raw::{Raw, Ty};

/// An argument of an import. What it borrows, it borrows from the guest's memory for the time of the
/// call.
pub trait Param<'m>: Sized {
    /// The raw values that it is made of.
    const TYPES: &'static [Ty];

    /// Takes it from them, and from the guest's memory.
    ///
    /// # Errors
    /// What is wrong with it.
    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad>;
}

/// A part of the guest's memory.
///
/// # Errors
/// [`Bad::OutOfBounds`] if it is not all there.
#[inline]
pub(crate) fn part(memory: &[u8], at: u32, len: u32) -> Result<&[u8], Bad> {
    let rest = memory.get(at as usize..);
    let part = rest.and_then(|rest| rest.get(..len as usize));
    part.ok_or(Bad::OutOfBounds)
}

macro_rules! numbers {
    ($($of:ty, $ty:ident, $take:ident;)*) => {$(
        impl Param<'_> for $of {
            const TYPES: &'static [Ty] = &[Ty::$ty];

            #[inline]
            fn take(raw: &mut Raw<'_>, _: &[u8]) -> Result<Self, Bad> {
                Ok(raw.$take() as $of)
            }
        }
    )*};
}

numbers! {
    u32, I32, u32;
    i32, I32, u32;
    u64, I64, u64;
    i64, I64, u64;
    f32, F32, f32;
    f64, F64, f64;
}

/// Any number but 0 is true.
impl Param<'_> for bool {
    const TYPES: &'static [Ty] = &[Ty::I32];

    #[inline]
    fn take(raw: &mut Raw<'_>, _: &[u8]) -> Result<Self, Bad> {
        Ok(raw.u32() != 0)
    }
}

/// An address and a length.
impl<'m> Param<'m> for &'m [u8] {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    #[inline]
    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let (at, len) = (raw.u32(), raw.u32());
        part(memory, at, len)
    }
}

/// An address and a length in bytes, of UTF-8.
impl<'m> Param<'m> for &'m str {
    const TYPES: &'static [Ty] = <&'m [u8]>::TYPES;

    #[inline]
    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let bytes = <&[u8]>::take(raw, memory)?;
        str::from_utf8(bytes).map_err(|_| Bad::NotUtf8)
    }
}

/// Something that is passed as its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Code<T>(pub T);

impl<T: TryFrom<u32>> Param<'_> for Code<T> {
    const TYPES: &'static [Ty] = &[Ty::I32];

    #[inline]
    fn take(raw: &mut Raw<'_>, _: &[u8]) -> Result<Self, Bad> {
        let code = T::try_from(raw.u32());
        code.map(Self).map_err(|_| Bad::UnknownCode)
    }
}

/// The buffers of a `writev`: an address and a number of pairs, each of an address and a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Iovecs<'m>(pub Vec<&'m [u8]>);

/// The size of a pair, in bytes.
const PAIR: u32 = 8;

impl<'m> Param<'m> for Iovecs<'m> {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    fn take(raw: &mut Raw<'_>, memory: &'m [u8]) -> Result<Self, Bad> {
        let (at, count) = (raw.u32(), raw.u32());
        let bytes = count.checked_mul(PAIR).ok_or(Bad::OutOfBounds)?;
        // Read before there is room made: a count that is too large is out of bounds.
        let (pairs, _) = part(memory, at, bytes)?.as_chunks::<{ PAIR as usize }>();
        raw.charge(pairs.len().saturating_mul(size_of::<&[u8]>()))?;
        let buffers = pairs.iter().map(|[a, b, c, d, e, f, g, h]| {
            let (at, len) = ([*a, *b, *c, *d], [*e, *f, *g, *h]);
            part(memory, u32::from_le_bytes(at), u32::from_le_bytes(len))
        });
        buffers.collect::<Result<_, _>>().map(Self)
    }
}

/// A buffer of the guest's, with the most that fits into it. What is written to it is a result:
/// [`Fit`](super::Fit).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buf {
    pub(super) at: u32,
    pub(super) limit: u32,
}

impl Buf {
    /// How many bytes fit into it.
    pub fn limit(self) -> u32 {
        self.limit
    }
}

impl Param<'_> for Buf {
    const TYPES: &'static [Ty] = &[Ty::I32, Ty::I32];

    #[inline]
    fn take(raw: &mut Raw<'_>, memory: &[u8]) -> Result<Self, Bad> {
        let (at, limit) = (raw.u32(), raw.u32());
        part(memory, at, limit)?;
        Ok(Self { at, limit })
    }
}

/// A place of the guest's whose size is known to both sides. What is written to it is a result:
/// [`Written`](super::Written).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dst {
    pub(super) at: u32,
    /// How much there is of the guest's memory from there on.
    room: usize,
}

impl Dst {
    /// Whether so many bytes can be written there: asked before they are made.
    ///
    /// # Errors
    /// [`Bad::OutOfBounds`] if they cannot.
    pub fn room(self, len: usize) -> Result<(), Bad> {
        match len <= self.room {
            true => Ok(()),
            false => Err(Bad::OutOfBounds),
        }
    }
}

impl Param<'_> for Dst {
    const TYPES: &'static [Ty] = &[Ty::I32];

    #[inline]
    fn take(raw: &mut Raw<'_>, memory: &[u8]) -> Result<Self, Bad> {
        let at = raw.u32();
        let room = memory.len().checked_sub(at as usize);
        let room = room.ok_or(Bad::OutOfBounds)?;
        Ok(Self { at, room })
    }
}
