//! Results on their way through the runtime.

use super::error::Error;

/// A result that is small, because it is moved often, also where all goes well.
pub(crate) type Outcome<T = ()> = Result<T, Box<Error>>;

/// Whether the instance that a call was made on may be called again: the call ended well, or was
/// refused before it reached the guest.
#[inline(always)]
pub(crate) fn leaves_whole(outcome: &Outcome) -> bool {
    match outcome {
        Ok(()) => true,
        Err(error) => error.is_refusal(),
    }
}
