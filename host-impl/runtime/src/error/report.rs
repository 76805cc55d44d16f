//! How an error is shown with its causes: to whom a `main` returns it, and by an `unwrap`.

use std::fmt;

use super::backtrace::GuestBacktrace;
use super::error::Error;
use super::untrusted;

/// How much is written of a cause, in bytes. Those of a host may quote what a guest handed over.
const LONGEST_CAUSE: usize = 16 * 1024;

impl Error {
    /// The functions that a guest was in when it stopped or was stopped, for a [`Trap`](Self::Trap)
    /// or [`Timeout`](Self::Timeout).
    pub fn backtrace(&self) -> Option<&GuestBacktrace> {
        match self {
            Self::Trap { backtrace, .. } | Self::Timeout { backtrace, .. } => Some(backtrace),
            _ => None,
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        report(self, f)?;
        match self.backtrace() {
            Some(backtrace) if !backtrace.frames().is_empty() => {
                write!(f, "\n  the guest was in:\n{backtrace}")
            }
            _ => Ok(()),
        }
    }
}

/// Writes an error and below it the chain of its causes.
pub(crate) fn report(error: &dyn std::error::Error, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "{error}")?;
    let mut cause = error.source();
    while let Some(error) = cause {
        f.write_str("\n  caused by: ")?;
        untrusted::write_lines(f, error, LONGEST_CAUSE)?;
        cause = error.source();
    }
    Ok(())
}
