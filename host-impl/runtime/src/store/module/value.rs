//! What a function returns to its guest where all went well.

use super::bad::Bad;
use super::guest::{Guest, Stop};
use super::out::Out;
use super::param::{Buf, Dst};
use super::raw::{Raw, Ty};
use super::refusal::{Status, Trap};

/// The result of an import whose method may also return an `E`.
///
/// In ABIs with statuses every [`Out`] is one: it goes to its places, and what is returned is
/// [`Status::OK`]. Others return the result itself.
pub trait Value<E>: Sized {
    /// The raw values of its places.
    const TYPES: &'static [Ty];

    /// The type of what is returned, if anything is.
    const RESULT: Option<Ty>;

    /// Whether its places are places. Asked before the host does anything.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad>;

    /// Writes what is to be written. The bits of what is returned.
    ///
    /// # Errors
    /// That there is no room for it, or what the guest failed with that was to make some.
    fn finish(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop>;
}

impl<O: Out, S: Status> Value<S> for O {
    const TYPES: &'static [Ty] = O::TYPES;
    const RESULT: Option<Ty> = Some(Ty::I32);

    #[inline]
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
        O::check(raw, memory)
    }

    #[inline]
    fn finish(self, raw: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        self.put(raw, guest)?;
        Ok(S::OK.into())
    }
}

macro_rules! returned {
    ($($of:ty, $result:expr, |$value:ident| $bits:expr;)*) => {$(
        impl Value<Trap> for $of {
            const TYPES: &'static [Ty] = &[];
            const RESULT: Option<Ty> = $result;

            #[inline]
            fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
                Ok(())
            }

            #[inline]
            fn finish(self, _: &mut Raw<'_>, _: &mut Guest<'_>) -> Result<u64, Stop> {
                let $value = self;
                Ok($bits)
            }
        }
    )*};
}

returned! {
    (), None, |_nothing| 0;
    u32, Some(Ty::I32), |value| value.into();
    i32, Some(Ty::I32), |value| value.cast_unsigned().into();
    u64, Some(Ty::I64), |value| value;
    i64, Some(Ty::I64), |value| value.cast_unsigned();
    f32, Some(Ty::F32), |value| value.to_bits().into();
    f64, Some(Ty::F64), |value| value.to_bits();
    bool, Some(Ty::I32), |value| value.into();
}

/// Bytes for a buffer of the guest's: written if they fit, and how many there are is returned in any
/// case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit(pub Buf, pub Vec<u8>);

impl Value<Trap> for Fit {
    const TYPES: &'static [Ty] = &[];
    const RESULT: Option<Ty> = Some(Ty::I32);

    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    fn finish(self, _: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<u64, Stop> {
        let Self(buffer, bytes) = self;
        let len = u32::try_from(bytes.len()).map_err(|_| Bad::NoMemory)?;
        if len <= buffer.limit {
            guest.write(buffer.at, &bytes)?;
        }
        Ok(len.into())
    }
}

/// Bytes for a place of the guest's whose size both sides know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written(pub Dst, pub Vec<u8>);

impl Dst {
    /// Writes bytes there.
    ///
    /// # Errors
    /// [`Bad::OutOfBounds`] if there is no room.
    pub fn write(self, guest: &mut Guest<'_>, bytes: &[u8]) -> Result<(), Bad> {
        guest.write(self.at, bytes)
    }
}

impl Out for Written {
    const TYPES: &'static [Ty] = &[];

    fn check(_: &mut Raw<'_>, _: &[u8]) -> Result<(), Bad> {
        Ok(())
    }

    fn put(self, _: &mut Raw<'_>, guest: &mut Guest<'_>) -> Result<(), Stop> {
        Ok(self.0.write(guest, &self.1)?)
    }
}
