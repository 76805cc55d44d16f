//! What can be wrong with what a guest passes.

use std::fmt;

/// What can be wrong with an argument.
///
/// An ABI with statuses says once, by `From<Bad>`, which of them each of these is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Bad {
    /// An address or a length leads out of the guest's memory.
    OutOfBounds,
    /// A text is not valid UTF-8.
    NotUtf8,
    /// A number stands for nothing.
    UnknownCode,
    /// The guest has no memory for a result, or nothing that allocates any.
    NoMemory,
    /// The guest's allocator called a function that it may not, while it made room for a result.
    Allocating,
    /// It would take more of the host's memory than the guest may make it take. The guest is ended.
    TooMuch,
}

impl fmt::Display for Bad {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OutOfBounds => "an address or a length leads out of its memory",
            Self::NotUtf8 => "a text is not UTF-8",
            Self::UnknownCode => "a number stands for nothing",
            Self::NoMemory => "it has no memory for a result",
            Self::Allocating => "its allocator called what it may not",
            Self::TooMuch => "it hands over more than it may",
        })
    }
}

impl std::error::Error for Bad {}
