//! What an import says that cannot do what it is asked for: a status, where its ABI has those, or the
//! end of the guest.

use std::fmt;

use super::bad::Bad;
use super::guest::{Ended, Stop};
use crate::error::boxed;
use crate::error::fault::Fault;

/// The statuses of an ABI: numbers that its functions return.
pub trait Status: From<Bad> + Send + 'static {
    /// The number that says that all went well.
    const OK: u32;

    /// The number of this one.
    fn code(self) -> u32;
}

/// What an import's method returns where it cannot do what it is asked for.
///
/// A [`Status`] is one that the guest gets. [`Trap`] ends the guest.
pub trait Refusal: From<Bad> + Send + 'static {
    /// The bits of what the guest gets, or what ends it. `import` is the function's name.
    ///
    /// # Errors
    /// What ends the guest.
    fn refuse(self, import: &'static str) -> Result<u64, Ended>;
}

impl<S: Status> Refusal for S {
    #[inline]
    fn refuse(self, _: &'static str) -> Result<u64, Ended> {
        Ok(self.code().into())
    }
}

/// Ends the guest: for ABIs without statuses, and for arguments that no guest in its right mind passes.
#[derive(Debug)]
pub struct Trap(Box<str>);

impl Trap {
    /// For a reason of the host's own.
    pub fn new(reason: impl fmt::Display) -> Self {
        Self(boxed(&reason))
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<Bad> for Trap {
    fn from(bad: Bad) -> Self {
        Self::new(bad)
    }
}

/// Where no import is at fault, but what the guest returned to its host.
impl From<Trap> for Stop {
    #[cold]
    fn from(trap: Trap) -> Self {
        let (import, reason) = ("", trap.0);
        Self::Ended(Ended::by(Fault::AbiViolation { import, reason }))
    }
}

impl Refusal for Trap {
    #[cold]
    fn refuse(self, import: &'static str) -> Result<u64, Ended> {
        let reason = self.0;
        Err(Ended::by(Fault::AbiViolation { import, reason }))
    }
}
