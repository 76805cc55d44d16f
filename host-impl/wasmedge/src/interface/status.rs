//! The statuses of 0.3.0, and why something was not done.

use abide::module::{Bad, Status};
use abide_inference_host::Error;

/// Why something of a model was not done.
#[derive(Debug)]
pub(super) enum Wrong {
    /// There is no such session, tensor or name, or a tensor has another size.
    Argument,
    /// The bytes are no model that this host runs.
    Model(Error),
    /// The instance has as much as it may have.
    Limit,
    /// The model was not run.
    Run(Error),
}

/// What functions of `wasmedge_tensorflowlite` return, as 0.3.0 has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LiteErrno {
    InvalidArgument = 1,
    InvalidEncoding = 2,
    MissingMemory = 3,
    Busy = 4,
    RuntimeError = 5,
}

impl From<Bad> for LiteErrno {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::OutOfBounds | Bad::NoMemory | Bad::TooMuch => Self::MissingMemory,
            _ => Self::InvalidArgument,
        }
    }
}

impl From<Wrong> for LiteErrno {
    fn from(wrong: Wrong) -> Self {
        wrong.log();
        match wrong {
            Wrong::Argument => Self::InvalidArgument,
            Wrong::Limit | Wrong::Model(Error::TooLarge(_)) | Wrong::Run(Error::TooLarge(_)) => {
                Self::MissingMemory
            }
            Wrong::Model(Error::Busy) | Wrong::Run(Error::Busy) => Self::Busy,
            Wrong::Model(Error::Broken(_)) => Self::InvalidEncoding,
            Wrong::Model(_) | Wrong::Run(_) => Self::RuntimeError,
        }
    }
}

impl Status for LiteErrno {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        self as u32
    }
}

impl Wrong {
    /// Tells whoever looks for it: a status says less, and 0.2.2 has none.
    pub(super) fn log(&self) {
        match self {
            Self::Argument => {
                tracing::debug!(target: "abide::wasmedge", "no such session, tensor or name, or another size");
            }
            Self::Model(error) => {
                tracing::debug!(target: "abide::wasmedge", %error, "a guest's model is not loaded");
            }
            Self::Limit => {
                tracing::debug!(target: "abide::wasmedge", "a guest has all sessions or tensors that it may have");
            }
            Self::Run(error) => {
                tracing::debug!(target: "abide::wasmedge", %error, "a guest's model is not run");
            }
        }
    }
}

/// What functions of `wasmedge_image` return, as 0.3.0 has it: it went well or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fail;

impl From<Bad> for Fail {
    fn from(_: Bad) -> Self {
        Self
    }
}

impl Status for Fail {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        1
    }
}
