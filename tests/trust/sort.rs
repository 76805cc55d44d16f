//! How an error is called in the table: its variant, and what in it tells it from others.

use abide::Error;

/// What is no error.
pub(crate) const FINE: &str = "none";

/// `Trap(DivideByZero)`, `Timeout`, `Limit(Memory)`.
pub(crate) fn sort(error: &Error) -> String {
    match error {
        Error::Load { reason, .. } => format!("Load({})", variant(reason)),
        Error::Trap { kind, .. } => format!("Trap({})", variant(kind)),
        Error::Limit { what, .. } => format!("Limit({})", variant(what)),
        other => named(other).to_owned(),
    }
}

fn named(error: &Error) -> &'static str {
    match error {
        Error::Link { .. } => "Link",
        Error::Timeout { .. } => "Timeout",
        Error::Limits { .. } => "Limits",
        Error::OutOfFuel { .. } => "OutOfFuel",
        Error::Busy { .. } => "Busy",
        Error::Cancelled { .. } => "Cancelled",
        Error::HostPanic { .. } => "HostPanic",
        Error::Abort { .. } => "Abort",
        Error::Host { .. } => "Host",
        Error::AbiViolation { .. } => "AbiViolation",
        Error::Reentrant { .. } => "Reentrant",
        Error::TooDeep { .. } => "TooDeep",
        Error::SmallStack { .. } => "SmallStack",
        Error::Forked => "Forked",
        Error::BreakerOpen { .. } => "BreakerOpen",
        Error::Setting { .. } => "Setting",
        Error::Discarded { .. } => "Discarded",
        Error::Engine { .. } => "Engine",
        Error::Misuse { .. } => "Misuse",
        Error::Internal { .. } => "Internal",
        Error::Wasi { .. } => "Wasi",
        _ => "an error that the table does not know",
    }
}

/// The name of an enum's variant, without what is in it.
fn variant(value: &dyn std::fmt::Debug) -> String {
    let text = format!("{value:?}");
    let end = text.find(|letter: char| !letter.is_alphanumeric());
    text[..end.unwrap_or(text.len())].to_owned()
}
