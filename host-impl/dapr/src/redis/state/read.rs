//! Values as they are read.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, SecondsFormat, Utc};
use redis::{FromRedisValue, Pipeline, Value};

use crate::blocks::{Found, Metadata};
use crate::failure::{Result, failed};
use crate::redis::error::{error, strange};
use crate::redis::link::Link;

/// The etag of what has none.
const NO_VERSION: &str = "0";

/// A value.
pub(super) async fn one(link: &Link, key: &str) -> Result<Option<Found>> {
    let found = many(link, std::slice::from_ref(&key.to_owned())).await?;
    let found = found.into_iter().next();
    found.unwrap_or_else(|| Err(strange("reading")))
}

/// Values, all in one go.
pub(super) async fn many(link: &Link, keys: &[String]) -> Result<Vec<Result<Option<Found>>>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let mut commands = Pipeline::with_capacity(2 * keys.len());
    for key in keys {
        commands.cmd("HMGET").arg(key).arg("data").arg("version");
        commands.cmd("PTTL").arg(key);
    }
    let mut answers = link.pipeline(&commands).await?.into_iter();
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let (Some(hash), Some(left)) = (answers.next(), answers.next()) else {
            return Err(strange("reading"));
        };
        found.push(match hash {
            // What is no hash was written by an old sidecar, or by somebody else.
            Value::ServerError(error) if error.code() == "WRONGTYPE" => text(link, key, left).await,
            hash => value(key, hash, left),
        });
    }
    Ok(found)
}

fn value(key: &str, hash: Value, left: Value) -> Result<Option<Found>> {
    let (data, version): (Option<Vec<u8>>, Option<String>) = parse(hash)?;
    match (data, version) {
        (Some(value), Some(etag)) => Ok(Some(Found {
            value,
            etag,
            metadata: end(parse(left)?),
        })),
        (None, None) => Ok(None),
        _ => Err(failed("REDIS", format!("`{key}` is no value of Dapr's"))),
    }
}

async fn text(link: &Link, key: &str, left: Value) -> Result<Option<Found>> {
    let value: Option<Vec<u8>> = link.query(redis::cmd("GET").arg(key)).await?;
    let metadata = end(parse(left)?);
    Ok(value.map(|value| Found {
        value,
        etag: NO_VERSION.to_owned(),
        metadata,
    }))
}

fn parse<T: FromRedisValue>(value: Value) -> Result<T> {
    let value = value.extract_error().map_err(error)?;
    redis::from_redis_value(value).map_err(|_| strange("reading"))
}

/// When a value ends of which so many milliseconds are left; less than none is that it does not.
fn end(left: i64) -> Metadata {
    let Ok(left) = u64::try_from(left) else {
        return Metadata::new();
    };
    let at = SystemTime::now().checked_add(Duration::from_millis(left));
    let told = |at: SystemTime| {
        let at = DateTime::<Utc>::from(at).to_rfc3339_opts(SecondsFormat::Millis, true);
        ("ttlExpireTime".to_owned(), at)
    };
    at.map(told).into_iter().collect()
}
