//! Versions and ends of values, for stores that count their writes.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat};

use crate::blocks::{Condition, Metadata};
use crate::failure::{Error, Result};

/// Milliseconds since the epoch; 0 is never.
pub(super) type End = u64;

/// Whether a write is done, by the version of what is there.
pub(super) fn check(condition: &Condition, key: &str, version: Option<u64>) -> Result<()> {
    let holds = match condition {
        Condition::Any => true,
        Condition::Absent => version.is_none(),
        Condition::Version(etag) => {
            let wanted = etag.parse::<u64>();
            let wanted =
                wanted.map_err(|_| Error::Invalid(format!("`{etag}` is no etag of this store")))?;
            version == Some(wanted)
        }
    };
    match holds {
        true => Ok(()),
        false => Err(Error::Conflict(format!("`{key}` is another by now"))),
    }
}

pub(super) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_millis() as u64
}

/// When something ends that is kept for so long.
pub(super) fn end(ttl: Option<Duration>) -> End {
    let end = |ttl: Duration| now().saturating_add(ttl.as_millis().try_into().unwrap_or(u64::MAX));
    ttl.map_or(0, end)
}

pub(super) fn is_over(end: End) -> bool {
    end != 0 && end <= now()
}

/// What a store says of a value with that end.
pub(super) fn metadata(end: End) -> Metadata {
    let at = i64::try_from(end).ok().filter(|at| *at != 0);
    let at = at.and_then(DateTime::from_timestamp_millis);
    let told = |at: DateTime<_>| {
        let at = at.to_rfc3339_opts(SecondsFormat::Millis, true);
        ("ttlExpireTime".to_owned(), at)
    };
    at.map(told).into_iter().collect()
}
