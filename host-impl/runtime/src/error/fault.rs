//! What goes wrong in a call, as seen by those who do not know which call it is.
//!
//! It knows neither a guest's name nor a function's. Who knows them makes an [`Error`] of it with
//! [`Fault::during`], and nobody makes an `Error` whose names are filled in later.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::backtrace::GuestBacktrace;
use super::error::{BoxedError, Error, boxed};
use super::kinds::{LimitKind, TrapKind};

/// The result of a step on the way into or out of a call. It is small, because a call has many.
pub type Step<T = ()> = Result<T, Box<Fault>>;

/// Everything that can go wrong where the call is not known: in the guest, in the host's functions,
/// and with what is passed between the two. Each is the variant of [`Error`] of the same name.
#[derive(Debug)]
pub enum Fault {
    Trap {
        kind: TrapKind,
        panic: Option<Box<str>>,
        stderr: Box<str>,
        backtrace: GuestBacktrace,
    },
    Timeout {
        after: Duration,
        import: Option<&'static str>,
        backtrace: GuestBacktrace,
    },
    OutOfFuel {
        fuel: u64,
    },
    Limit {
        what: LimitKind,
        limit: u64,
        wanted: Option<u64>,
    },
    /// The engine found no room for an instance, and nobody waited for it.
    Busy,
    Cancelled,
    /// The process was forked off another while the call waited.
    Forked,
    HostPanic {
        import: &'static str,
        message: Box<str>,
    },
    Host {
        import: &'static str,
        source: BoxedError,
    },
    AbiViolation {
        import: &'static str,
        reason: Box<str>,
    },
    WrongSession {
        resource: &'static str,
    },
    HostType {
        resource: &'static str,
        expected: &'static str,
        found: &'static str,
    },
    Misuse {
        problem: Box<str>,
    },
    Internal {
        reason: Box<str>,
    },
}

impl Fault {
    /// The error of a call that this happened in.
    #[cold]
    pub(crate) fn during(self, guest: &Arc<str>, function: &dyn fmt::Display) -> Error {
        let (guest, function) = (Arc::clone(guest), boxed(function));
        match self {
            Self::Trap {
                kind,
                panic,
                stderr,
                backtrace,
            } => Error::Trap {
                guest,
                function,
                kind,
                panic,
                stderr,
                backtrace,
            },
            Self::Timeout {
                after,
                import,
                backtrace,
            } => Error::Timeout {
                guest,
                function,
                after,
                import,
                backtrace,
            },
            Self::OutOfFuel { fuel } => Error::OutOfFuel {
                guest,
                function,
                fuel,
            },
            Self::Limit {
                what,
                limit,
                wanted,
            } => Error::Limit {
                guest,
                function,
                what,
                limit,
                wanted,
            },
            Self::Busy => Error::Busy {
                guest,
                function,
                session: false,
                needed: 1,
                free: 0,
                waited: Duration::ZERO,
            },
            Self::Cancelled => Error::Cancelled { guest, function },
            Self::Forked => Error::Forked,
            Self::HostPanic { import, message } => Error::HostPanic {
                guest,
                function,
                import,
                message,
            },
            Self::Host { import, source } => Error::Host {
                guest,
                function,
                import,
                source,
            },
            Self::AbiViolation { import, reason } => Error::AbiViolation {
                guest,
                function,
                import,
                reason,
            },
            Self::WrongSession { resource } => Error::WrongSession {
                guest,
                function,
                resource,
            },
            Self::HostType {
                resource,
                expected,
                found,
            } => Error::HostType {
                guest,
                function,
                resource,
                expected,
                found,
            },
            Self::Misuse { problem } => Error::Misuse {
                guest,
                function,
                problem,
            },
            Self::Internal { reason } => Error::Internal {
                guest,
                function,
                reason,
            },
        }
    }
}

/// For the engine, through which faults of the host's functions come back. It reads as it is made:
/// whoever shows an error to a human has an [`Error`].
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for Fault {}

#[cfg(test)]
mod tests {
    use super::*;

    fn during(fault: Fault) -> Error {
        fault.during(&Arc::from("kit"), &"count")
    }

    #[test]
    fn a_fault_is_told_with_the_call_that_it_happened_in() {
        let error = during(Fault::Cancelled);
        assert_eq!(
            error.to_string(),
            "the call of `count` on guest `kit` was cancelled"
        );
        let reason = "there is no result".into();
        assert_eq!(
            during(Fault::Internal { reason }).to_string(),
            "there is no result, in `count` of guest `kit`; this is a fault of the host runtime"
        );
        let problem = "the export is another guest's".into();
        assert_eq!(
            during(Fault::Misuse { problem }).to_string(),
            "guest `kit` cannot be used like this in `count`: the export is another guest's"
        );
    }

    #[test]
    fn a_fault_comes_through_the_engine() {
        let error = wasmtime::Error::from(Fault::Cancelled).context("around it");
        assert!(matches!(error.downcast(), Ok(Fault::Cancelled)));
    }
}
