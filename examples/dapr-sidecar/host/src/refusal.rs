//! What is not done, as Dapr says it: a status of HTTP, a code of gRPC, a code of Dapr's own, and a
//! text. Knows neither protocol's messages.

use abide_dapr_host::{BlockKind, Error};
use tonic::Code;

/// What was asked for, with the names that stand in the answer.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Call<'a> {
    StateGet { store: &'a str, key: &'a str },
    StateBulkGet { store: &'a str },
    StateSave { store: &'a str },
    StateDelete { store: &'a str, key: &'a str },
    StateDeleteBulk { store: &'a str },
    StateTransact { store: &'a str },
    Publish { pubsub: &'a str, topic: &'a str },
    Invoke { app: &'a str },
    SecretGet { store: &'a str, key: &'a str },
    SecretBulk { store: &'a str },
    Binding { name: &'a str },
    TryLock { store: &'a str },
    Unlock { store: &'a str },
    ConfigurationGet { store: &'a str, keys: &'a [String] },
    ConfigurationSubscribe { store: &'a str, keys: &'a [String] },
    ConfigurationUnsubscribe { store: &'a str, id: &'a str },
}

/// An answer that something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) code: Code,
    /// Dapr's own code, `ERR_…`.
    pub(crate) error_code: &'static str,
    pub(crate) message: String,
    /// A finer one, `DAPR_…`, where Dapr has one.
    pub(crate) reason: Option<&'static str>,
}

impl Refusal {
    pub(crate) fn new(
        status: u16,
        code: Code,
        error_code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            error_code,
            message: message.into(),
            reason: None,
        }
    }

    pub(crate) fn because(mut self, reason: &'static str) -> Self {
        self.reason = Some(reason);
        self
    }

    /// A request that cannot be understood.
    pub(crate) fn malformed(message: impl Into<String>) -> Self {
        Self::new(400, Code::InvalidArgument, "ERR_MALFORMED_REQUEST", message)
    }

    /// What this sidecar does not do.
    pub(crate) fn unimplemented() -> Self {
        let message = "this API is currently not implemented";
        Self::new(501, Code::Unimplemented, "ERR_API_UNIMPLEMENTED", message)
    }

    /// What a call failed with. `any` is whether there is a component of that kind at all.
    pub(crate) fn of(call: Call<'_>, error: &Error, any: bool) -> Self {
        if matches!(error, Error::NoComponent(_)) {
            return call.no_component(any);
        }
        let code = match error {
            Error::NoComponent(_) | Error::Invalid(_) => Code::InvalidArgument,
            Error::Conflict(_) => Code::Aborted,
            Error::Unsupported(_) => Code::Unimplemented,
            Error::Denied(_) => Code::PermissionDenied,
            Error::Unavailable(_) => Code::Unavailable,
            Error::Timeout => Code::DeadlineExceeded,
            // What is not found has no code of its own in Dapr.
            Error::NotFound(_) | Error::Failed(_) => Code::Internal,
        };
        let status = match error {
            Error::Invalid(_) => 400,
            Error::Conflict(_) => 409,
            Error::Denied(_) => 403,
            _ => 500,
        };
        call.failed(status, code, error)
    }
}

impl Call<'_> {
    /// The kind of component that it is about.
    pub(crate) fn kind(&self) -> Option<BlockKind> {
        Some(match self {
            Self::StateGet { .. }
            | Self::StateBulkGet { .. }
            | Self::StateSave { .. }
            | Self::StateDelete { .. }
            | Self::StateDeleteBulk { .. }
            | Self::StateTransact { .. } => BlockKind::State,
            Self::Publish { .. } => BlockKind::PubSub,
            Self::Invoke { .. } => return None,
            Self::SecretGet { .. } | Self::SecretBulk { .. } => BlockKind::Secrets,
            Self::Binding { .. } => BlockKind::Binding,
            Self::TryLock { .. } | Self::Unlock { .. } => BlockKind::Lock,
            Self::ConfigurationGet { .. }
            | Self::ConfigurationSubscribe { .. }
            | Self::ConfigurationUnsubscribe { .. } => BlockKind::Configuration,
        })
    }

    fn no_component(&self, any: bool) -> Refusal {
        let invalid = Code::InvalidArgument;
        let missing = Code::FailedPrecondition;
        match *self {
            Self::StateGet { store, .. }
            | Self::StateBulkGet { store }
            | Self::StateSave { store }
            | Self::StateDelete { store, .. }
            | Self::StateDeleteBulk { store }
            | Self::StateTransact { store } => match any {
                true => Refusal::new(
                    400,
                    invalid,
                    "ERR_STATE_STORE_NOT_FOUND",
                    format!("state store {store} is not found"),
                )
                .because("DAPR_STATE_NOT_FOUND"),
                false => Refusal::new(
                    500,
                    missing,
                    "ERR_STATE_STORE_NOT_CONFIGURED",
                    format!("state store {store} is not configured"),
                )
                .because("DAPR_STATE_NOT_CONFIGURED"),
            },
            Self::Publish { pubsub, .. } => match any {
                true => Refusal::new(
                    404,
                    invalid,
                    "ERR_PUBSUB_NOT_FOUND",
                    format!("pubsub {pubsub} is not found"),
                )
                .because("DAPR_PUBSUB_NOT_FOUND"),
                false => Refusal::new(
                    400,
                    missing,
                    "ERR_PUBSUB_NOT_CONFIGURED",
                    format!("pubsub {pubsub} is not configured"),
                )
                .because("DAPR_PUBSUB_NOT_CONFIGURED"),
            },
            Self::SecretGet { store, .. } | Self::SecretBulk { store } => match any {
                true => Refusal::new(
                    401,
                    invalid,
                    "ERR_SECRET_STORE_NOT_FOUND",
                    format!("failed finding secret store with key {store}"),
                ),
                false => Refusal::new(
                    500,
                    missing,
                    "ERR_SECRET_STORES_NOT_CONFIGURED",
                    "secret store is not configured",
                ),
            },
            Self::Binding { name } => Refusal::new(
                500,
                Code::Internal,
                "ERR_INVOKE_OUTPUT_BINDING",
                format!(
                    "error invoking output binding {name}: couldn't find output binding {name}"
                ),
            ),
            Self::TryLock { store } | Self::Unlock { store } => match any {
                true => Refusal::new(
                    400,
                    invalid,
                    "ERR_LOCK_STORE_NOT_FOUND",
                    format!("lock store {store} not found"),
                ),
                false => Refusal::new(
                    500,
                    missing,
                    "ERR_LOCK_STORE_NOT_CONFIGURED",
                    "lock store is not configured",
                ),
            },
            Self::ConfigurationGet { store, .. }
            | Self::ConfigurationSubscribe { store, .. }
            | Self::ConfigurationUnsubscribe { store, .. } => match any {
                true => Refusal::new(
                    400,
                    invalid,
                    "ERR_CONFIGURATION_STORE_NOT_FOUND",
                    format!("configuration store {store} not found"),
                ),
                false => Refusal::new(
                    500,
                    missing,
                    "ERR_CONFIGURATION_STORE_NOT_CONFIGURED",
                    "configuration stores not configured",
                ),
            },
            // No component takes part.
            Self::Invoke { .. } => Refusal::unimplemented(),
        }
    }

    fn failed(&self, status: u16, code: Code, error: &Error) -> Refusal {
        let why = why(error);
        let refusal = |error_code, message| Refusal::new(status, code, error_code, message);
        // Where Dapr has no statuses for conflicts and the like.
        let plain = |error_code, message| Refusal::new(500, code, error_code, message);
        match *self {
            Self::StateGet { store, key } => refusal(
                "ERR_STATE_GET",
                format!("fail to get {key} from state store {store}: {why}"),
            ),
            Self::StateBulkGet { .. } => refusal("ERR_STATE_BULK_GET", why),
            Self::StateSave { store } => refusal(
                "ERR_STATE_SAVE",
                format!("failed saving state in state store {store}: {why}"),
            ),
            Self::StateDelete { key, .. } => refusal(
                "ERR_STATE_DELETE",
                format!("failed deleting state with key {key}: {why}"),
            ),
            Self::StateDeleteBulk { store } => refusal(
                "ERR_STATE_DELETE",
                format!("failed deleting state in state store {store}: {why}"),
            ),
            Self::StateTransact { store } => match error {
                Error::Unsupported(_) => plain(
                    "ERR_STATE_STORE_NOT_SUPPORTED",
                    format!("state store {store} doesn't support transactions"),
                )
                .because("DAPR_STATE_TRANSACTIONS_NOT_SUPPORTED"),
                _ => Refusal {
                    // Dapr does not tell a conflict from another failure here but by the text.
                    code: match code {
                        Code::Aborted => Code::Internal,
                        code => code,
                    },
                    ..plain(
                        "ERR_STATE_TRANSACTION",
                        format!("error while executing state transaction: {why}"),
                    )
                },
            },
            Self::Publish { pubsub, topic } => match error {
                Error::Denied(_) => refusal(
                    "ERR_PUBSUB_FORBIDDEN",
                    format!("topic {topic} is not allowed: {why}"),
                )
                .because("DAPR_PUBSUB_FORBIDDEN"),
                _ => refusal(
                    "ERR_PUBSUB_PUBLISH_MESSAGE",
                    format!("error when publishing to topic {topic} in pubsub {pubsub}: {why}"),
                )
                .because("DAPR_PUBSUB_PUBLISH_MESSAGE"),
            },
            Self::Invoke { app } => {
                let why = match error {
                    Error::NotFound(_) => format!("couldn't find service: {app}"),
                    _ => why,
                };
                plain(
                    "ERR_DIRECT_INVOKE",
                    format!("failed to invoke, id: {app}, err: {why}"),
                )
            }
            Self::SecretGet { store, key } => plain(
                "ERR_SECRET_GET",
                format!("failed getting secret with key {key} from secret store {store}: {why}"),
            ),
            Self::SecretBulk { store } => plain(
                "ERR_SECRET_GET",
                format!("failed getting secrets from secret store {store}: {why}"),
            ),
            Self::Binding { name } => plain(
                "ERR_INVOKE_OUTPUT_BINDING",
                format!("error invoking output binding {name}: {why}"),
            ),
            Self::TryLock { .. } => plain(
                "ERR_TRY_LOCK",
                format!("failed to try acquiring lock: {why}"),
            ),
            Self::Unlock { .. } => plain("ERR_UNLOCK", format!("failed to release lock: {why}")),
            Self::ConfigurationGet { store, keys } => plain(
                "ERR_CONFIGURATION_GET",
                format!(
                    "failed to get [{}] from Configuration store {store}: {why}",
                    keys.join(" ")
                ),
            ),
            Self::ConfigurationSubscribe { store, keys } => plain(
                "ERR_CONFIGURATION_SUBSCRIBE",
                format!(
                    "failed to subscribe [{}] from Configuration store {store}: {why}",
                    keys.join(" ")
                ),
            ),
            Self::ConfigurationUnsubscribe { id, .. } => plain(
                "ERR_CONFIGURATION_UNSUBSCRIBE",
                format!("failed to unsubscribe to configuration request {id}: {why}"),
            ),
        }
    }
}

/// That a lock has an end.
pub(crate) fn expiry(store: &str, seconds: i32) -> Result<u32, Refusal> {
    match u32::try_from(seconds) {
        Ok(seconds @ 1..) => Ok(seconds),
        _ => Err(Refusal::malformed(format!(
            "ExpiryInSeconds is not positive in lock store {store}"
        ))),
    }
}

/// That a lock and its owner have names.
pub(crate) fn check_lock(store: &str, resource: &str, owner: &str) -> Result<(), Refusal> {
    let what = match (resource, owner) {
        ("", _) => "ResourceId",
        (_, "") => "LockOwner",
        _ => return Ok(()),
    };
    Err(Refusal::malformed(format!(
        "{what} is empty in lock store {store}"
    )))
}

/// The cause, in Dapr's words where it has some.
fn why(error: &Error) -> String {
    match error {
        Error::Conflict(text) => {
            format!("possible etag mismatch. error from state store: {text}")
        }
        Error::NotFound(text) => format!("{text} not found"),
        Error::NoComponent(text)
        | Error::Unsupported(text)
        | Error::Invalid(text)
        | Error::Denied(text)
        | Error::Unavailable(text) => text.clone(),
        Error::Timeout => "context deadline exceeded".to_owned(),
        Error::Failed(failure) => failure.message.clone(),
    }
}

#[cfg(test)]
mod tests {
    use abide_dapr_host::Error;
    use tonic::Code;

    use super::{Call, Refusal};

    #[test]
    fn conflicts_are_told_as_dapr_does() {
        let conflict = Error::Conflict("k".to_owned());
        let saved = Refusal::of(Call::StateSave { store: "s" }, &conflict, true);
        assert_eq!((saved.status, saved.code), (409, Code::Aborted));
        assert_eq!(saved.error_code, "ERR_STATE_SAVE");
        let done = Refusal::of(Call::StateTransact { store: "s" }, &conflict, true);
        assert_eq!((done.status, done.code), (500, Code::Internal));
        assert!(done.message.contains("possible etag mismatch"));
    }

    #[test]
    fn a_store_that_is_not_there_is_told_from_none_at_all() {
        let error = Error::NoComponent("s".to_owned());
        let call = Call::StateSave { store: "s" };
        let (one, none) = (
            Refusal::of(call, &error, true),
            Refusal::of(call, &error, false),
        );
        assert_eq!((one.status, none.status), (400, 500));
        assert_eq!(one.error_code, "ERR_STATE_STORE_NOT_FOUND");
        assert_eq!(none.error_code, "ERR_STATE_STORE_NOT_CONFIGURED");
    }
}
