//! What the functions of proxy-wasm return, and those of WASI.

use abide::module::{self, Bad};
use abide_proxy::callout::NotSent;
use abide_proxy::types::Unavailable;

/// The statuses of proxy-wasm. Which of them an odd call gets is what Envoy gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Status {
    NotFound = 1,
    BadArgument = 2,
    ParseFailure = 4,
    InvalidMemoryAccess = 6,
    Empty = 7,
    CasMismatch = 8,
    InternalFailure = 10,
}

impl module::Status for Status {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        self as u32
    }
}

impl From<Bad> for Status {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::OutOfBounds | Bad::NoMemory => Self::InvalidMemoryAccess,
            Bad::Allocating => Self::InternalFailure,
            _ => Self::BadArgument,
        }
    }
}

/// Of what a filter reads or changes too early or too late.
impl From<Unavailable> for Status {
    fn from(_: Unavailable) -> Self {
        Self::BadArgument
    }
}

impl From<NotSent> for Status {
    fn from(why: NotSent) -> Self {
        match why {
            NotSent::UnknownUpstream | NotSent::BadRequest => Self::BadArgument,
            NotSent::TooMany => Self::InternalFailure,
        }
    }
}

/// What functions of WASI return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Errno {
    BadFile = 8,
    Fault = 21,
    Invalid = 28,
    NoEntry = 44,
    NoSystemCall = 52,
    NotADirectory = 20,
    NotSupported = 58,
}

impl module::Status for Errno {
    const OK: u32 = 0;

    fn code(self) -> u32 {
        self as u32
    }
}

impl From<Bad> for Errno {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::OutOfBounds | Bad::NoMemory => Self::Fault,
            _ => Self::Invalid,
        }
    }
}
