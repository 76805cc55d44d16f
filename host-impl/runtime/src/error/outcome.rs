//! Results of calls on their way through the runtime, and what they leave of an instance.

use super::error::Error;

/// A result that is small, because it is moved often, also where all goes well.
pub(crate) type Outcome<T = ()> = Result<T, Box<Unserved>>;

/// Why a call has no result. What becomes of its instance is up to where it failed, and not to the
/// sort of error.
#[derive(Debug)]
pub(crate) enum Unserved {
    /// The call did not get to the guest: its instance is as it was before.
    Refused(Error),
    /// The guest was called, or was just being started: its instance must not be used again.
    Failed(Error),
}

impl Unserved {
    #[cold]
    pub(crate) fn refused(error: Error) -> Box<Self> {
        Box::new(Self::Refused(error))
    }

    #[cold]
    pub(crate) fn failed(error: Error) -> Box<Self> {
        Box::new(Self::Failed(error))
    }

    pub(crate) fn error(&self) -> &Error {
        match self {
            Self::Refused(error) | Self::Failed(error) => error,
        }
    }
}

impl From<Box<Unserved>> for Error {
    fn from(unserved: Box<Unserved>) -> Self {
        match *unserved {
            Unserved::Refused(error) | Unserved::Failed(error) => error,
        }
    }
}

/// Whether the instance that a call was made on may be called again.
#[inline(always)]
pub(crate) fn leaves_whole(outcome: &Outcome) -> bool {
    match outcome {
        Ok(()) => true,
        Err(unserved) => matches!(**unserved, Unserved::Refused(_)),
    }
}
