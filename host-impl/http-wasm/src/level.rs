//! How much a message matters, and where it goes by default.

/// How much a message matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// For whoever works on the guest.
    Debug,
    /// Worth knowing.
    Info,
    /// Something may be wrong.
    Warn,
    /// Something is wrong.
    Error,
}

impl Level {
    /// The level of a number; none that is logged has another.
    pub(crate) fn of(number: i32) -> Option<Self> {
        Some(match number {
            -1 => Self::Debug,
            0 => Self::Info,
            1 => Self::Warn,
            2 => Self::Error,
            _ => return None,
        })
    }

    pub(crate) fn is_wanted(self) -> bool {
        match self {
            Self::Debug => tracing::enabled!(target: "abide::guest", tracing::Level::DEBUG),
            Self::Info => tracing::enabled!(target: "abide::guest", tracing::Level::INFO),
            Self::Warn => tracing::enabled!(target: "abide::guest", tracing::Level::WARN),
            Self::Error => tracing::enabled!(target: "abide::guest", tracing::Level::ERROR),
        }
    }

    pub(crate) fn trace(self, message: &str) {
        match self {
            Self::Debug => tracing::debug!(target: "abide::guest", "{message}"),
            Self::Info => tracing::info!(target: "abide::guest", "{message}"),
            Self::Warn => tracing::warn!(target: "abide::guest", "{message}"),
            Self::Error => tracing::error!(target: "abide::guest", "{message}"),
        }
    }
}
