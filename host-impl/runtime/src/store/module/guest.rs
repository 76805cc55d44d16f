//! The module that called an import: its memory to be written to, and its allocator.

use std::fmt;

use wasmtime::{AsContextMut, Caller};

use super::bad::Bad;
use super::told;
use crate::error::fault::Fault;
use crate::store::state::State;

/// What ends a guest.
#[derive(Debug)]
pub struct Ended(pub(crate) wasmtime::Error);

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
    /// Whether the host is told of what the guest is asked for.
    is_watched: bool,
}

impl fmt::Debug for Guest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guest").finish_non_exhaustive()
    }
}

impl<'a> Guest<'a> {
    pub(super) fn new(caller: Caller<'a, State>, is_watched: bool) -> Self {
        Self { caller, is_watched }
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
        write(self.memory(), at, bytes)
    }

    /// The guest's memory, as it is now; empty if it exports none.
    #[inline]
    pub(super) fn memory(&mut self) -> &mut [u8] {
        let known = self.caller.data().module.as_ref();
        match known.and_then(|known| known.memory) {
            Some(memory) => memory.data_mut(&mut self.caller),
            None => &mut [],
        }
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
        allocate(&mut self.caller, len, self.is_watched)
    }
}

/// Has a guest make room. `is_watched` is whether its host is told of that.
///
/// # Errors
/// Those of [`Guest::allocate`].
pub(crate) fn allocate(
    mut store: impl AsContextMut<Data = State>,
    len: usize,
    is_watched: bool,
) -> Result<u32, Stop> {
    let len = u32::try_from(len).map_err(|_| Bad::NoMemory)?;
    if len == 0 {
        return Ok(0);
    }
    let mut store = store.as_context_mut();
    // It is taken out for the time of the call: a function is not cloned for nothing, and an
    // allocator whose imports need room has none.
    let known = store.data_mut().module.as_mut();
    let allocate = known.and_then(|known| {
        let allocate = known.allocate.take()?;
        known.is_allocating = true;
        Some((allocate, known.allocator))
    });
    let (allocate, name) = allocate.ok_or(Bad::NoMemory)?;
    if is_watched {
        told::allocates(store.data_mut(), name, len).map_err(|fault| Ended((*fault).into()))?;
    }
    let at = allocate.call(&mut store, len);
    if is_watched && let Ok(at) = at {
        told::allocated(store.data_mut(), name, at).map_err(|fault| Ended((*fault).into()))?;
    }
    if let Some(known) = &mut store.data_mut().module {
        known.allocate = Some(allocate);
        known.is_allocating = false;
    }
    match at.map_err(Ended)? {
        0 => Err(Bad::NoMemory.into()),
        at => Ok(at),
    }
}

/// Writes to a guest's memory.
///
/// # Errors
/// [`Bad::OutOfBounds`] if there is no such place in it.
#[inline]
pub(crate) fn write(memory: &mut [u8], at: u32, bytes: &[u8]) -> Result<(), Bad> {
    let to = memory.get_mut(at as usize..);
    let to = to.and_then(|rest| rest.get_mut(..bytes.len()));
    to.ok_or(Bad::OutOfBounds)?.copy_from_slice(bytes);
    Ok(())
}
