//! Types of Redis: what their metadata says.

use std::sync::Arc;
use std::time::Duration;

use super::settings::Settings;
use crate::components::Block;
use crate::redis::{Redis, RedisOptions};

/// Metadata of Dapr's that is about a pool of connections, retries within a call or queues, none of
/// which there is here. It is allowed, as files have it, and means nothing.
const MEANINGLESS: [&str; 12] = [
    "redisMaxRetries",
    "redisMinRetryInterval",
    "redisMaxRetryInterval",
    "writeTimeout",
    "poolSize",
    "minIdleConns",
    "maxConnAge",
    "poolTimeout",
    "idleTimeout",
    "idleCheckFrequency",
    "queueDepth",
    "concurrency",
];

/// Makes a backend of a type. None is that something is wrong, which is told.
pub(super) fn make(type_: &str, settings: &mut Settings<'_>) -> Option<Block> {
    let redis = Redis::new(options(settings)?);
    for name in MEANINGLESS {
        settings.text(name);
    }
    Some(match type_ {
        "state.redis" => {
            let mut state = redis.state();
            if let Some(seconds) = settings.number("ttlInSeconds").filter(|ttl| *ttl > 0) {
                state = state.ttl(Duration::from_secs(seconds));
            }
            // There are no actors here.
            settings.truth("actorStateStore");
            Block::State(Arc::new(state))
        }
        "pubsub.redis" => {
            let mut broker = redis.broker();
            if let Some(group) = settings.text("consumerID") {
                broker = broker.group(group);
            }
            if let Some(patience) = time(settings, "processingTimeout") {
                broker = broker.patience(patience);
            }
            if let Some(interval) = time(settings, "redeliverInterval") {
                broker = broker.redelivery(interval);
            }
            if let Some(events) = settings.number("maxLenApprox").filter(|most| *most > 0) {
                broker = broker.length(events);
            }
            if let Some(age) = settings.time("streamTTL") {
                broker = broker.age(age);
            }
            Block::PubSub(Arc::new(broker))
        }
        "lock.redis" => Block::Lock(Arc::new(redis.locks())),
        _ => Block::Configuration(Arc::new(redis.settings())),
    })
}

fn options(settings: &mut Settings<'_>) -> Option<RedisOptions> {
    let host = settings.required("redisHost");
    let port = settings.number("redisPort");
    only(settings, "redisType", "node");
    let is_tls = settings.truth("enableTLS").unwrap_or(false);
    let trust = trust(settings);
    only(settings, "failover", "false");
    let host = host?;
    let mut options = RedisOptions::new(match port {
        Some(port) if !host.contains(':') => format!("{host}:{port}"),
        _ => host,
    });
    if let Some(username) = settings
        .text("redisUsername")
        .filter(|name| !name.is_empty())
    {
        options = options.username(username);
    }
    if let Some(password) = settings
        .text("redisPassword")
        .filter(|word| !word.is_empty())
    {
        options = options.password(password);
    }
    let database = settings.parsed("redisDB", "the number of a database", |value| {
        value.parse().ok()
    });
    if let Some(database) = database {
        options = options.database(database);
    }
    if let Some(limit) = settings
        .time("dialTimeout")
        .filter(|limit| !limit.is_zero())
    {
        options = options.connecting(limit);
    }
    if let Some(limit) = settings
        .time("readTimeout")
        .filter(|limit| !limit.is_zero())
    {
        options = options.deadline(limit);
    }
    match is_tls {
        true => secure(settings, options, &trust),
        false => Some(options),
    }
}

/// Whom a connection trusts and as whom it comes, in PEM.
#[cfg_attr(not(feature = "tls"), allow(dead_code))]
struct Trust {
    /// Dapr has none, for it trusts whoever answers. That is not to be had here.
    authorities: Option<String>,
    certificate: Option<String>,
    key: Option<String>,
}

fn trust(settings: &mut Settings<'_>) -> Trust {
    let mut text = |name| settings.text(name).filter(|text| !text.is_empty());
    Trust {
        authorities: text("caCert"),
        certificate: text("clientCert"),
        key: text("clientKey"),
    }
}

#[cfg(feature = "tls")]
fn secure(
    settings: &mut Settings<'_>,
    options: RedisOptions,
    trust: &Trust,
) -> Option<RedisOptions> {
    use crate::tls::{Identity, Tls};

    let identity = match (&trust.certificate, &trust.key) {
        (Some(certificate), Some(key)) => Some(Identity { certificate, key }),
        (None, None) => None,
        _ => {
            settings.wrong("`clientCert` and `clientKey` belong together".to_owned());
            return None;
        }
    };
    match Tls::new(trust.authorities.as_deref(), identity) {
        Ok(tls) => Some(options.tls(tls)),
        Err(error) => {
            settings.wrong(error.to_string());
            None
        }
    }
}

#[cfg(not(feature = "tls"))]
fn secure(settings: &mut Settings<'_>, _: RedisOptions, _: &Trust) -> Option<RedisOptions> {
    settings.wrong("`enableTLS` needs the feature `tls`, which is off".to_owned());
    None
}

/// Refuses all but what there is.
fn only(settings: &mut Settings<'_>, name: &str, wanted: &str) {
    let what = format!("`{wanted}`, which is all that there is here");
    settings.parsed(name, &what, |value| {
        value.eq_ignore_ascii_case(wanted).then_some(())
    });
}

/// A time of the broker. Dapr takes numbers without a unit for milliseconds there, and none at all
/// for that nothing comes again, which is not to be had here.
fn time(settings: &mut Settings<'_>, name: &str) -> Option<Duration> {
    let value = settings.text(name)?;
    let time = match value.parse() {
        Ok(milliseconds) => Some(Duration::from_millis(milliseconds)),
        Err(_) => super::settings::time(&value),
    };
    let time = time.filter(|time| !time.is_zero());
    if time.is_none() {
        settings.wrong(format!(
            "`{name}` is `{value}` and not a time such as `30s`"
        ));
    }
    time
}
