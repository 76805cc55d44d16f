//! What a sidecar refuses, in the terms of the ABI.
//!
//! gRPC has codes for most of it. Where Dapr has but one code for several things, its texts tell them
//! apart.

use std::error::Error as _;

use tonic::{Code, Status};

use crate::failure::{Error, failed};

/// What is looked for in texts of what is `INTERNAL`.
const CONFLICT: &str = "possible etag mismatch";
const INVALID_ETAG: &str = "invalid etag value";
const NO_APP: [&str; 2] = ["couldn't find service", "failed to resolve"];
const NO_BINDING: &str = "couldn't find output binding";

/// Codes with which a sidecar says that it has no such component, each with words of the text.
const NO_COMPONENT: [&str; 6] = [
    " is not found",
    " is not configured",
    "failed finding secret store",
    " not found",
    "not configured",
    "pubsub is not found",
];

/// What a status means, of a call about a component.
pub(super) fn of(status: &Status, component: &str) -> Error {
    let text = status.message();
    let has = |part: &str| text.contains(part);
    match status.code() {
        Code::InvalidArgument | Code::FailedPrecondition
            if NO_COMPONENT.iter().any(|part| has(part)) =>
        {
            Error::NoComponent(component.to_owned())
        }
        Code::Internal if has(NO_BINDING) => Error::NoComponent(component.to_owned()),
        Code::Internal if has(CONFLICT) => Error::Conflict(text.to_owned()),
        Code::Internal if has(INVALID_ETAG) => Error::Invalid(text.to_owned()),
        _ => plain(status),
    }
}

/// What a status means, of a call of an application.
pub(super) fn of_call(status: &Status, app: &str) -> Error {
    let text = status.message();
    match status.code() {
        Code::Internal | Code::NotFound if NO_APP.iter().any(|part| text.contains(part)) => {
            Error::NotFound(app.to_owned())
        }
        _ => plain(status),
    }
}

/// What a status means, of a call for a secret.
pub(super) fn of_secret(status: &Status, store: &str, key: &str) -> Error {
    let text = status.message();
    match status.code() {
        Code::Internal if text.contains("not found") => Error::NotFound(key.to_owned()),
        _ => of(status, store),
    }
}

fn plain(status: &Status) -> Error {
    let text = status.message().to_owned();
    match status.code() {
        Code::Aborted => Error::Conflict(text),
        Code::InvalidArgument | Code::OutOfRange | Code::ResourceExhausted => Error::Invalid(text),
        Code::PermissionDenied | Code::Unauthenticated => Error::Denied(text),
        Code::NotFound => Error::NotFound(text),
        Code::Unimplemented => Error::Unsupported(text),
        Code::DeadlineExceeded => Error::Timeout,
        // The channel's own deadline is told so.
        Code::Cancelled if text.contains("Timeout") => Error::Timeout,
        Code::Unavailable | Code::Cancelled => Error::Unavailable(text),
        // A connection that breaks has no code.
        Code::Unknown if status.source().is_some() => Error::Unavailable(text),
        code => failed(name(code), text),
    }
}

fn name(code: Code) -> &'static str {
    match code {
        Code::Unknown => "UNKNOWN",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::DataLoss => "DATA_LOSS",
        _ => "INTERNAL",
    }
}

#[cfg(test)]
mod tests {
    use tonic::{Code, Status};

    use super::{of, of_call, of_secret};
    use crate::failure::Error;

    #[test]
    fn texts_of_dapr_are_known() {
        let internal = |text: &str| Status::new(Code::Internal, text);
        let text = "error while executing state transaction: possible etag mismatch. error from x";
        assert!(matches!(of(&internal(text), "s"), Error::Conflict(_)));
        let text = "failed to invoke, id: a, err: couldn't find service: a";
        assert_eq!(
            of_call(&internal(text), "a"),
            Error::NotFound("a".to_owned())
        );
        let text = "failed getting secret with key k from secret store s: secret k not found";
        let secret = of_secret(&internal(text), "s", "k");
        assert_eq!(secret, Error::NotFound("k".to_owned()));
        let text = "state store s is not found";
        let missing = of(&Status::new(Code::InvalidArgument, text), "s");
        assert_eq!(missing, Error::NoComponent("s".to_owned()));
        let slow = of(&Status::new(Code::Cancelled, "Timeout expired"), "s");
        assert_eq!(slow, Error::Timeout);
        assert!(matches!(of(&internal("x"), "s"), Error::Failed(_)));
    }
}
