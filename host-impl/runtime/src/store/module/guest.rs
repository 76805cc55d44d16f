//! The module that called an import: its memory to be written to, and its allocator.

use std::fmt;

use wasmtime::Caller;

use super::bad::Bad;
use crate::error::fault::Fault;
use crate::store::state::State;

/// What ends a guest.
#[derive(Debug)]
pub struct Ended(pub(super) wasmtime::Error);

impl Ended {
    pub(crate) fn by(fault: Fault) -> Self {
        Self(fault.into())
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a result was not written.
#[derive(Debug)]
pub enum Stop {
    /// There is no place for it. The ABI says what the guest gets.
    Bad(Bad),
    /// The guest failed while it made room.
    Ended(Ended),
}

impl From<Bad> for Stop {
    fn from(bad: Bad) -> Self {
        Self::Bad(bad)
    }
}

impl From<Ended> for Stop {
    fn from(ended: Ended) -> Self {
        Self::Ended(ended)
    }
}

/// The guest that called an import, after the host's method returned.
pub struct Guest<'a> {
    caller: Caller<'a, State>,
}

impl fmt::Debug for Guest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").finish_non_exhaustive()
    }
}

impl<'a> Guest<'a> {
    pub(super) fn new(caller: Caller<'a, State>) -> Self {
        Self { caller }
    }

    /// What its store carries.
    pub(super) fn state(&mut self) -> &mut State {
        self.caller.data_mut()
    }

    /// Writes to the guest's memory.
    ///
    /// # Errors
    /// [`Bad::OutOfBounds`] if there is no such place in it.
    #[inline]
    pub fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), Bad> {
        let known = self.caller.data().module.as_ref();
        let memory = known.and_then(|known| known.memory);
        let memory = memory.ok_or(Bad::OutOfBounds)?;
        let to = memory.data_mut(&mut self.caller);
        let to = to
            .get_mut(at as usize..)
            .and_then(|rest| rest.get_mut(..bytes.len()));
        to.ok_or(Bad::OutOfBounds)?.copy_from_slice(bytes);
        Ok(())
    }

    /// Has the guest make room, by its own allocator. Where it is; 0 for no bytes.
    ///
    /// The allocator is the guest's code: it may grow the memory and call imports, and has the time of
    /// the call that is under way. What it imports itself has no room made.
    ///
    /// # Errors
    /// [`Bad::NoMemory`] if it has no allocator, or that has no room. [`Ended`] if it fails, as any
    /// code of the guest's may.
    pub fn allocate(&mut self, len: usize) -> Result<u32, Stop> {
        let len = u32::try_from(len).map_err(|_| Bad::NoMemory)?;
        if len == 0 {
            return Ok(0);
        }
        // It is taken out for the time of the call: a function is not cloned for nothing, and an
        // allocator whose imports need room has none.
        let known = self.caller.data_mut().module.as_mut();
        let allocate = known.and_then(|known| {
            let allocate = known.allocate.take()?;
            known.is_allocating = true;
            Some(allocate)
        });
        let allocate = allocate.ok_or(Bad::NoMemory)?;
        let at = allocate.call(&mut self.caller, len);
        if let Some(known) = &mut self.caller.data_mut().module {
            known.allocate = Some(allocate);
            known.is_allocating = false;
        }
        match at.map_err(Ended)? {
            0 => Err(Bad::NoMemory.into()),
            at => Ok(at),
        }
    }
}
