//! Why a plugin does not do what it is asked for.

use std::fmt;

use super::StreamId;

/// Why a plugin does not do what it is asked for.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// It failed, or there is no room for it. [`FilterVm::is_alive`](super::FilterVm::is_alive) says
    /// whether the VM is still there.
    Guest(abide::Error),
    /// It does not start, or does not take its configuration, for this reason.
    Refused(Box<str>),
    /// There is no such stream.
    NoSuchStream(StreamId),
}

impl From<abide::Error> for Failure {
    fn from(error: abide::Error) -> Self {
        Self::Guest(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest(error) => error.fmt(f),
            Self::Refused(reason) => write!(f, "the plugin does not start: {reason}"),
            Self::NoSuchStream(StreamId(id)) => write!(f, "the VM has no stream {id}"),
        }
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Guest(error) => std::error::Error::source(error),
            _ => None,
        }
    }
}
