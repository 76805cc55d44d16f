//! The error of a call whose WIT result has an error of its own.

use std::fmt;

use super::error::Error;
use super::report::report;
use super::untrusted;

/// How much of a guest's answer an error tells, in bytes. The answer itself is in
/// [`CallError::Guest`].
const LONGEST: usize = 4 * 1024;

/// Why a call of a function that returns a WIT `result` did not succeed.
///
/// The two cases are different in kind: in the first the guest worked and said no, in the second it
/// did not work.
///
/// ```
/// use abide_host::{CallError, Error};
///
/// fn advice(error: &CallError<String>) -> String {
///     match error {
///         CallError::Guest(answer) => format!("the guest refused: {answer}"),
///         CallError::Failed(Error::Timeout { .. }) => "try again with more time".to_owned(),
///         CallError::Failed(other) => format!("report this: {other}"),
///     }
/// }
/// assert_eq!(advice(&CallError::Guest("no".to_owned())), "the guest refused: no");
/// ```
pub enum CallError<E> {
    /// The guest returned the error case of its `result`.
    Guest(E),
    /// The call itself failed.
    Failed(Error),
}

impl<E> CallError<E> {
    /// The guest's own error, if that is what it is.
    pub fn guest(&self) -> Option<&E> {
        match self {
            Self::Guest(error) => Some(error),
            Self::Failed(_) => None,
        }
    }

    /// The failure of the call, if that is what it is.
    pub fn failed(&self) -> Option<&Error> {
        match self {
            Self::Guest(_) => None,
            Self::Failed(error) => Some(error),
        }
    }
}

impl<E: GuestError> fmt::Display for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest(error) => {
                f.write_str("the guest answered with an error: ")?;
                untrusted::write_lines(f, AsText(error), LONGEST)
            }
            Self::Failed(error) => write!(f, "{error}"),
        }
    }
}

impl<E: fmt::Debug> fmt::Debug for CallError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Guest(error) => f.debug_tuple("Guest").field(&Shown(error)).finish(),
            Self::Failed(error) => report(error, f),
        }
    }
}

impl<E: GuestError + fmt::Debug> std::error::Error for CallError<E> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // The text of the guest's error is part of this error's own.
            Self::Guest(_) => None,
            Self::Failed(error) => error.source(),
        }
    }
}

impl<E> From<Error> for CallError<E> {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl<E: GuestError + fmt::Debug + Send + Sync + 'static> From<CallError<E>> for Error {
    fn from(error: CallError<E>) -> Self {
        match error {
            CallError::Guest(error) => Self::Guest {
                message: untrusted::lines(AsText(&error), LONGEST),
            },
            CallError::Failed(error) => error,
        }
    }
}

/// What may stand as `E` in a WIT `result<T, E>`: a value that can be shown to a human.
///
/// Generated types implement it. It exists beside [`Display`](fmt::Display) because WIT allows any
/// type there, also a list or nothing at all.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be shown as the error of a WIT `result`",
    note = "types made by `abide::abi!` implement `GuestError` where WIT uses them as an error"
)]
pub trait GuestError {
    /// Writes the error for a human.
    ///
    /// # Errors
    /// Those of the formatter.
    fn fmt_guest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result;
}

/// Shows as much of a value as an error tells.
struct Shown<'a, E>(&'a E);

impl<E: fmt::Debug> fmt::Debug for Shown<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match f.alternate() {
            true => untrusted::write_lines(f, format_args!("{:#?}", self.0), LONGEST),
            false => untrusted::write_lines(f, format_args!("{:?}", self.0), LONGEST),
        }
    }
}

/// Shows a [`GuestError`] through [`Display`](fmt::Display).
struct AsText<'a, E>(&'a E);

impl<E: GuestError> fmt::Display for AsText<'_, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt_guest(f)
    }
}

impl GuestError for () {
    fn fmt_guest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("it gave no reason")
    }
}

macro_rules! shown_by_display {
    ($($ty:ty)*) => {$(
        impl GuestError for $ty {
            fn fmt_guest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    )*};
}

shown_by_display!(String char bool u8 u16 u32 u64 i8 i16 i32 i64 f32 f64);

macro_rules! shown_by_debug {
    ($([$($generic:ident)*] $ty:ty)*) => {$(
        impl<$($generic: fmt::Debug),*> GuestError for $ty {
            fn fmt_guest(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(self, f)
            }
        }
    )*};
}

shown_by_debug! {
    [T] Vec<T>
    [T] Option<T>
    [T E] Result<T, E>
    [A] (A,)
    [A B] (A, B)
    [A B C] (A, B, C)
    [A B C D] (A, B, C, D)
    [A B C D E] (A, B, C, D, E)
    [A B C D E F] (A, B, C, D, E, F)
    [A B C D E F G] (A, B, C, D, E, F, G)
    [A B C D E F G H] (A, B, C, D, E, F, G, H)
    [A B C D E F G H I] (A, B, C, D, E, F, G, H, I)
    [A B C D E F G H I J] (A, B, C, D, E, F, G, H, I, J)
    [A B C D E F G H I J K] (A, B, C, D, E, F, G, H, I, J, K)
    [A B C D E F G H I J K L] (A, B, C, D, E, F, G, H, I, J, K, L)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guests_answer_is_shown_as_far_as_an_error_tells_and_cleaned() {
        let error = CallError::Guest("no\x1b[2J\nnever".to_owned());
        assert_eq!(
            error.to_string(),
            "the guest answered with an error: no\u{fffd}[2J\nnever"
        );
        assert_eq!(format!("{error:?}"), "Guest(\"no\\u{1b}[2J\\nnever\")");
        let long = || CallError::Guest(vec!["n".repeat(1_000_000)]);
        for text in [
            long().to_string(),
            format!("{:?}", long()),
            format!("{:#?}", long()),
            Error::from(long()).to_string(),
        ] {
            assert!(text.len() < LONGEST + 100, "{}", text.len());
        }
    }
}
