//! The reasons for which hosts abort guests, from the host's function to the call that it ends.

use super::error::Error;
use super::fault::Fault;

impl Error {
    /// The error with which a host's import aborts the guest that called it.
    ///
    /// Only imports declared `trappable` can return it. The call then fails with [`Error::Host`],
    /// which names the guest, what was called and the import, and whose source is `reason`.
    ///
    /// ```
    /// fn refuse() -> abide_host::Result<u64> {
    ///     Err(abide_host::Error::host("the clock is broken"))
    /// }
    /// assert!(matches!(refuse(), Err(abide_host::Error::Abort { .. })));
    /// ```
    pub fn host(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Abort {
            source: reason.into(),
        }
    }
}

/// What ends a guest whose import returned an error: the reason of [`Error::host`], or the failure
/// of something else that the host did on the way, such as a call of another guest.
#[cold]
pub fn aborted(import: &'static str, error: Error) -> Box<Fault> {
    let source = match error {
        Error::Abort { source } => source,
        other => Box::new(other),
    };
    Box::new(Fault::Host { import, source })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn a_reason_is_the_source_as_it_was_and_so_is_the_error_of_a_nested_call() {
        let outer = |fault: Box<Fault>| fault.during(&Arc::from("kit"), &"count");
        let error = outer(aborted("log", Error::host("not on a Sunday")));
        let Error::Host { import, source, .. } = error else {
            panic!("{error}")
        };
        assert_eq!((import, &*source.to_string()), ("log", "not on a Sunday"));

        let nested = Fault::Cancelled.during(&Arc::from("inner"), &"work");
        let error = outer(aborted("log", nested));
        let Error::Host { guest, source, .. } = error else {
            panic!("{error}")
        };
        assert_eq!(&*guest, "kit");
        assert!(matches!(
            source.downcast_ref(),
            Some(Error::Cancelled { guest, .. }) if &**guest == "inner"
        ));
    }
}
