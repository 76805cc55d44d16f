//! What goes wrong with NATS, in the terms of the ABI.

use std::error::Error as StdError;

use async_nats::jetstream::context::{PublishError, PublishErrorKind};
use async_nats::jetstream::{self, ErrorCode};

use crate::failure::{Error, failed};

/// Why something was not published.
pub(super) fn publishing(error: PublishError, key: &str) -> Error {
    let is_other_by_now = [
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE,
        ErrorCode::STREAM_WRONG_LAST_SEQUENCE_CONSTANT,
    ];
    match error.kind() {
        PublishErrorKind::WrongLastSequence => {
            Error::Conflict(format!("`{key}` is another by now"))
        }
        PublishErrorKind::MaxPayloadExceeded => {
            let text = "NATS: this is more than the server takes (`max_payload`)";
            Error::Invalid(text.to_owned())
        }
        PublishErrorKind::TimedOut => Error::Timeout,
        PublishErrorKind::BrokenPipe
        | PublishErrorKind::StreamNotFound
        | PublishErrorKind::MaxAckPending => Error::Unavailable(format!("NATS: {error}")),
        _ => match server(&error) {
            Some(said) if is_other_by_now.contains(&said.error_code()) => {
                Error::Conflict(format!("`{key}` is another by now"))
            }
            Some(said) => of_server(said),
            None => Error::Unavailable(format!("NATS: {error}")),
        },
    }
}

/// Why JetStream did not do something: what the server said, or that nothing was heard of it.
pub(super) fn asking<E: StdError + 'static>(error: &E, said: Option<&jetstream::Error>) -> Error {
    let mut source: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(cause) = source {
        let is_timeout =
            cause.is::<tokio::time::error::Elapsed>() || cause.to_string().contains("timed out");
        if is_timeout {
            return Error::Timeout;
        }
        source = cause.source();
    }
    match said {
        Some(said) => of_server(said),
        None => Error::Unavailable(format!("NATS: {error}")),
    }
}

fn of_server(said: &jetstream::Error) -> Error {
    match said.error_code() {
        ErrorCode::JETSTREAM_NOT_ENABLED | ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT => {
            Error::Unsupported("NATS: JetStream is not enabled".to_owned())
        }
        // It is starting, or has lost the others.
        ErrorCode::CLUSTER_NOT_AVAILABLE | ErrorCode::STREAM_OFFLINE => {
            Error::Unavailable(format!("NATS: {said}"))
        }
        code => failed(code.0.to_string(), said),
    }
}

fn server(error: &PublishError) -> Option<&jetstream::Error> {
    error.source()?.downcast_ref()
}
