//! What a guest can enable.

use std::ops::{BitAnd, BitOr};

/// What a host can do that costs something, or that not every host can.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Features(u32);

impl Features {
    /// None of them.
    pub const NONE: Self = Self(0);
    /// A request's body is kept as it is read, so that the next to handle the request can read it,
    /// too.
    pub const BUFFER_REQUEST: Self = Self(1);
    /// A response is kept until the guest has looked at it.
    pub const BUFFER_RESPONSE: Self = Self(2);
    /// There are fields behind bodies.
    pub const TRAILERS: Self = Self(4);

    /// Those of a number, whatever it says.
    pub(crate) fn of(number: u32) -> Self {
        Self(number)
    }

    pub(crate) fn number(self) -> u32 {
        self.0
    }

    /// Whether all of `others` are among these.
    #[must_use]
    pub fn contains(self, others: Self) -> bool {
        self & others == others
    }
}

impl BitOr for Features {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl BitAnd for Features {
    type Output = Self;

    fn bitand(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }
}
