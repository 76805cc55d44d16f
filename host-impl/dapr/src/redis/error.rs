//! What goes wrong with Redis, in the terms of the ABI.

use redis::{ErrorKind, RedisError, ServerErrorKind};

use crate::failure::{Error, failed};

/// What the client or the server said.
pub(super) fn error(error: RedisError) -> Error {
    if error.is_timeout() {
        return Error::Timeout;
    }
    match error.kind() {
        ErrorKind::Io
        | ErrorKind::Server(
            ServerErrorKind::BusyLoading
            | ServerErrorKind::TryAgain
            | ServerErrorKind::ClusterDown
            | ServerErrorKind::MasterDown
            | ServerErrorKind::ReadOnly,
        ) => Error::Unavailable(format!("Redis: {error}")),
        ErrorKind::AuthenticationFailed | ErrorKind::Server(ServerErrorKind::NoPerm) => {
            Error::Denied(format!("Redis: {error}"))
        }
        _ => match error.code() {
            Some("NOAUTH" | "WRONGPASS") => Error::Denied(format!("Redis: {error}")),
            Some(code) => failed(code, &error),
            None => failed("REDIS", &error),
        },
    }
}

/// An answer that is none.
pub(super) fn strange(what: &str) -> Error {
    failed(
        "REDIS",
        format!("the server answers {what} in a strange way"),
    )
}

/// Whether it may be otherwise the next time.
pub(super) fn is_passing(error: &Error) -> bool {
    matches!(error, Error::Unavailable(_) | Error::Timeout)
}
