//! What a host can go by when it decides what to do about an error: who is to blame, whether it
//! passes, and what it is called in logs.

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
    /// The host: one of its functions panicked or aborted the guest, what it grants cannot be
    /// given, or there is a bug in the runtime that it is built with.
    Host,
    /// The caller: the call cannot be made in this way, or the caller cancelled it.
    Caller,
    /// Nobody: there was no room or no time, or the operating system did not give what an engine
    /// takes. The same call may succeed later.
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

/// What is said of all errors of one variant.
struct Sort {
    blame: Blame,
    /// A word for logs and metrics.
    name: &'static str,
    is_transient: bool,
}

/// The sort of an error that is there until something changes.
const fn lasting(blame: Blame, name: &'static str) -> Sort {
    Sort {
        blame,
        name,
        is_transient: false,
    }
}

/// The sort of an error that may be gone after a while.
const fn transient(blame: Blame, name: &'static str) -> Sort {
    Sort {
        blame,
        name,
        is_transient: true,
    }
}

impl Error {
    /// One row per variant.
    fn sort(&self) -> Sort {
        use Blame::{Caller, Guest, Host, Resources};
        match self {
            Self::Load { reason, .. } => lasting(of_load(reason), "load"),
            Self::Link { .. } => lasting(Guest, "link"),
            Self::Trap { .. } => lasting(Guest, "trap"),
            Self::Timeout {
                import: Some(_), ..
            } => transient(Host, "timeout"),
            Self::Timeout { .. } => transient(Guest, "timeout"),
            Self::OutOfFuel { .. } => lasting(Guest, "out-of-fuel"),
            Self::Limit { .. } => lasting(Guest, "limit"),
            Self::Limits { .. } => lasting(Guest, "limit"),
            Self::Busy { .. } => transient(Resources, "busy"),
            Self::Cancelled { .. } => lasting(Caller, "cancelled"),
            Self::BreakerOpen { .. } => transient(Resources, "breaker-open"),
            Self::HostPanic { .. } => lasting(Host, "host-panic"),
            Self::Abort { .. } => lasting(Host, "host"),
            Self::Host { .. } => lasting(Host, "host"),
            Self::AbiViolation { .. } => lasting(Guest, "abi-violation"),
            Self::Reentrant { .. } => lasting(Caller, "reentrant"),
            Self::TooDeep { .. } => lasting(Caller, "too-deep"),
            Self::SmallStack { .. } => lasting(Caller, "small-stack"),
            Self::Forked => lasting(Caller, "forked"),
            Self::Discarded { .. } => lasting(Caller, "discarded"),
            Self::NeedsSession { .. } => lasting(Caller, "needs-session"),
            Self::WrongSession { .. } => lasting(Caller, "wrong-session"),
            Self::HostType { .. } => lasting(Caller, "host-type"),
            Self::Guest { .. } => lasting(Guest, "guest"),
            Self::Wasi { .. } => lasting(Host, "wasi"),
            Self::Artefacts { .. } => lasting(Host, "artefacts"),
            Self::Watch { .. } => lasting(Host, "watch"),
            Self::Setting { .. } => lasting(Caller, "setting"),
            Self::Engine { .. } => lasting(Resources, "engine"),
            Self::Misuse { .. } => lasting(Caller, "misuse"),
            Self::Internal { .. } => lasting(Host, "internal"),
        }
    }

    /// Who is to blame.
    ///
    /// ```
    /// use abide_host::{Blame, Error};
    ///
    /// assert_eq!(Error::host("the disk is full").blame(), Blame::Host);
    /// ```
    pub fn blame(&self) -> Blame {
        self.sort().blame
    }

    /// Whether the very same call may succeed if it is made again a while later, with nothing
    /// changed.
    ///
    /// True for [`Busy`](Self::Busy), [`BreakerOpen`](Self::BreakerOpen) and
    /// [`Timeout`](Self::Timeout), which a busy machine can cause. A call that timed out has been
    /// begun: whether it may be made twice is for the caller to know.
    pub fn is_transient(&self) -> bool {
        self.sort().is_transient
    }

    /// A word for the sort of error, for logs and metrics.
    pub(crate) fn name(&self) -> &'static str {
        self.sort().name
    }
}

/// Who is to blame for what could not be loaded.
fn of_load(reason: &LoadError) -> Blame {
    match reason {
        LoadError::Read(_) => Blame::Caller,
        LoadError::AllBusy { .. } => Blame::Resources,
        _ => Blame::Guest,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::error::fault::Fault;

    #[test]
    fn what_fails_beside_the_guest_has_a_blame_of_its_own() {
        let during = |fault: Fault| fault.during(&Arc::from("kit"), &"count");
        let engine = Error::Engine {
            reason: "no threads".into(),
            source: "EAGAIN".into(),
        };
        let misuse = during(Fault::Misuse {
            problem: "another guest's".into(),
        });
        let internal = during(Fault::Internal {
            reason: "no result".into(),
        });
        for (error, blame, name) in [
            (engine, Blame::Resources, "engine"),
            (misuse, Blame::Caller, "misuse"),
            (internal, Blame::Host, "internal"),
        ] {
            assert_eq!((error.blame(), error.name()), (blame, name), "{error}");
            assert!(!error.is_transient());
        }
    }
}
