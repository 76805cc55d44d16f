//! What the method of an import returns, as a whole.

use super::bad::Bad;
use super::guest::{Ended, Guest, Stop};
use super::raw::{Raw, Ty};
use super::refusal::Refusal;
use super::value::Value;

/// A result or a refusal: what methods under `#[abide::module]` return.
pub trait Answer: Sized {
    /// What refuses.
    type Refusal: Refusal;

    /// The raw values of the places for results.
    const TYPES: &'static [Ty];

    /// The type of what is returned, if anything is.
    const RESULT: Option<Ty>;

    /// Whether the places for results are places.
    ///
    /// # Errors
    /// What is wrong with them.
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad>;

    /// The bits of what is returned to the guest.
    ///
    /// # Errors
    /// What ends the guest.
    fn finish(
        self,
        raw: &mut Raw<'_>,
        guest: &mut Guest<'_>,
        import: &'static str,
    ) -> Result<u64, Ended>;
}

impl<V: Value<E>, E: Refusal> Answer for Result<V, E> {
    type Refusal = E;

    const TYPES: &'static [Ty] = V::TYPES;
    const RESULT: Option<Ty> = V::RESULT;

    #[inline]
    fn check(raw: &mut Raw<'_>, memory: &[u8]) -> Result<(), Bad> {
        V::check(raw, memory)
    }

    #[inline]
    fn finish(
        self,
        raw: &mut Raw<'_>,
        guest: &mut Guest<'_>,
        import: &'static str,
    ) -> Result<u64, Ended> {
        match self.map(|value| value.finish(raw, guest)) {
            Ok(Ok(bits)) => Ok(bits),
            Ok(Err(Stop::Bad(bad))) => E::from(bad).refuse(import),
            Ok(Err(Stop::Ended(ended))) => Err(ended),
            Err(refusal) => refusal.refuse(import),
        }
    }
}
