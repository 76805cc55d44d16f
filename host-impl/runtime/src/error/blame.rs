//! Who is to blame for an error, so that a host can decide what to do about it.
//!
//! It knows the variants of [`Error`] and nothing of how they come about.

use std::fmt;

use super::error::Error;
use super::load::LoadError;

/// Who is to blame for an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Blame {
    /// The guest: it stopped, broke the ABI, used more than it may, or does not fit. The same call
    /// will most likely fail again until the guest is replaced.
    Guest,
    /// The host: one of its functions panicked or aborted the guest, or what it grants cannot be
    /// given.
    Host,
    /// The caller: the call cannot be made in this way, or the caller cancelled it.
    Caller,
    /// Nobody: there was no room or no time. The same call may succeed later.
    Resources,
}

impl fmt::Display for Blame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Guest => "the guest",
            Self::Host => "the host",
            Self::Caller => "the caller",
            Self::Resources => "a lack of resources",
        })
    }
}

impl Error {
    /// Who is to blame.
    ///
    /// ```
    /// use abide_host::{Blame, Error};
    ///
    /// assert_eq!(Error::host("the disk is full").blame(), Blame::Host);
    /// ```
    pub fn blame(&self) -> Blame {
        match self {
            Self::Load { reason, .. } => match &**reason {
                LoadError::Read(_) => Blame::Caller,
                LoadError::AllBusy { .. } => Blame::Resources,
                _ => Blame::Guest,
            },
            Self::Link { .. }
            | Self::Trap { .. }
            | Self::Timeout { .. }
            | Self::OutOfFuel { .. }
            | Self::Limit { .. }
            | Self::Limits { .. }
            | Self::AbiViolation { .. }
            | Self::Guest { .. } => Blame::Guest,
            Self::HostPanic { .. }
            | Self::Host { .. }
            | Self::Wasi { .. }
            | Self::Artefacts { .. }
            | Self::Watch { .. } => Blame::Host,
            Self::Cancelled { .. }
            | Self::Reentrant { .. }
            | Self::TooDeep { .. }
            | Self::SmallStack { .. }
            | Self::Forked { .. }
            | Self::Setting { .. }
            | Self::Discarded { .. }
            | Self::NeedsSession { .. }
            | Self::WrongSession { .. }
            | Self::HostType { .. } => Blame::Caller,
            Self::Busy { .. } | Self::BreakerOpen { .. } | Self::Engine { .. } => Blame::Resources,
        }
    }

    /// Whether the very same call may succeed if it is made again a while later, with nothing
    /// changed.
    ///
    /// True for [`Busy`](Self::Busy), [`BreakerOpen`](Self::BreakerOpen) and
    /// [`Timeout`](Self::Timeout), which a busy machine can cause. A call that timed out has been
    /// begun: whether it may be made twice is for the caller to know.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Busy { .. } | Self::BreakerOpen { .. } | Self::Timeout { .. }
        )
    }

    /// A word for the sort of error, for logs and metrics.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Load { .. } => "load",
            Self::Link { .. } => "link",
            Self::Trap { .. } => "trap",
            Self::Timeout { .. } => "timeout",
            Self::OutOfFuel { .. } => "out-of-fuel",
            Self::Limit { .. } | Self::Limits { .. } => "limit",
            Self::Busy { .. } => "busy",
            Self::Cancelled { .. } => "cancelled",
            Self::BreakerOpen { .. } => "breaker-open",
            Self::HostPanic { .. } => "host-panic",
            Self::Host { .. } => "host",
            Self::AbiViolation { .. } => "abi-violation",
            Self::Reentrant { .. } => "reentrant",
            Self::TooDeep { .. } => "too-deep",
            Self::SmallStack { .. } => "small-stack",
            Self::Forked { .. } => "forked",
            Self::Setting { .. } => "setting",
            Self::Discarded { .. } => "discarded",
            Self::NeedsSession { .. } => "needs-session",
            Self::WrongSession { .. } => "wrong-session",
            Self::HostType { .. } => "host-type",
            Self::Guest { .. } => "guest",
            Self::Wasi { .. } => "wasi",
            Self::Artefacts { .. } => "artefacts",
            Self::Watch { .. } => "watch",
            Self::Engine { .. } => "engine",
        }
    }
}
