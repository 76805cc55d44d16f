//! Names of metadata that mean the same for every component.

use std::time::Duration;

use crate::failure::{Error, Result};

const TTL: &str = "ttlInSeconds";
const RAW: &str = "rawPayload";

/// For how long something is kept, if not for ever.
pub(crate) fn ttl(metadata: &[(String, String)]) -> Result<Option<Duration>> {
    let Some(value) = value(metadata, TTL) else {
        return Ok(None);
    };
    match value.parse::<i64>() {
        // Dapr's word for "for ever".
        Ok(-1 | 0) => Ok(None),
        Ok(seconds @ 1..) => Ok(Some(Duration::from_secs(seconds.unsigned_abs()))),
        _ => Err(Error::Invalid(format!("`{TTL}` is `{value}`"))),
    }
}

/// Whether events are data without a CloudEvent around it.
pub(crate) fn is_raw(metadata: &[(String, String)]) -> Result<bool> {
    match value(metadata, RAW) {
        None => Ok(false),
        Some(value) if value.eq_ignore_ascii_case("true") => Ok(true),
        Some(value) if value.eq_ignore_ascii_case("false") => Ok(false),
        Some(value) => Err(Error::Invalid(format!("`{RAW}` is `{value}`"))),
    }
}

/// The value of a name, in whichever case it is written.
pub(crate) fn value<'a>(metadata: &'a [(String, String)], wanted: &str) -> Option<&'a str> {
    let found = metadata
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    found.map(|(_, value)| value.as_str())
}
