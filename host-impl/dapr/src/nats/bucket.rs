//! A bucket of values: a stream that keeps the last message of each subject.
//!
//! It is laid out as buckets of NATS are, so that their tools can read it. It is made by hand,
//! because the way of the client to make one asks old servers for what they do not have.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_nats::HeaderMap;
use async_nats::jetstream::message::{PublishMessage, StreamMessage};
use async_nats::jetstream::stream::{
    Config, DirectGetErrorKind, DiscardPolicy, LastRawMessageErrorKind, StorageType, Stream,
};
use async_nats::jetstream::{ErrorCode, context};
use bytes::Bytes;
use parking_lot::Mutex;

use super::client::Connection;
use super::error::{asking, publishing};
use super::names;
use crate::failure::{Error, Result, within};

/// What a message is in place of a value.
const OPERATION: &str = "KV-Operation";
const DELETED: &str = "DEL";
/// Why the server put a message there.
const MARKER: &str = "Nats-Marker-Reason";
/// When a value ends, in milliseconds since the epoch. Servers before 2.11 do not know of ends.
const END: &str = "Abide-End";
const TTL: &str = "Nats-TTL";
const EXPECTED: &str = "Nats-Expected-Last-Subject-Sequence";

/// For how long it is said that a value was removed, where that can have an end.
const MARK: Duration = Duration::from_secs(60);

/// A bucket.
#[derive(Debug)]
pub(super) struct Bucket {
    connection: Arc<Connection>,
    name: String,
    opened: Mutex<Option<Opened>>,
}

/// A bucket that is there.
#[derive(Debug, Clone)]
struct Opened {
    stream: Stream,
    is_direct: bool,
    has_ttl: bool,
}

/// What is there of a key.
#[derive(Debug)]
pub(super) struct Kept {
    pub(super) revision: u64,
    pub(super) value: Bytes,
    /// In milliseconds since the epoch.
    pub(super) end: Option<u64>,
    pub(super) is_live: bool,
}

/// What is written.
pub(super) struct Write<'a> {
    pub(super) key: &'a str,
    /// None removes.
    pub(super) value: Option<Bytes>,
    pub(super) ttl: Option<Duration>,
    /// The revision of what is there; 0 is that nothing is.
    pub(super) expected: Option<u64>,
}

impl Bucket {
    pub(super) fn new(connection: Arc<Connection>, name: &str) -> Self {
        Self {
            connection,
            name: name.to_owned(),
            opened: Mutex::default(),
        }
    }

    /// Whether the server ends values by itself.
    pub(super) async fn has_ttl(&self) -> Result<bool> {
        self.within(async { Ok(self.opened().await?.has_ttl) })
            .await
    }

    /// What is there. With `at_leader` all writes before are seen.
    pub(super) async fn read(&self, key: &str, at_leader: bool) -> Result<Option<Kept>> {
        let found = self.within(async {
            let opened = self.opened().await?;
            let subject = self.subject(key);
            match opened.is_direct && !at_leader {
                true => direct(&opened.stream, subject).await,
                false => raw(&opened.stream, subject).await,
            }
        });
        let found = found.await;
        if found.is_err() {
            self.forget();
        }
        Ok(found?.map(Kept::from))
    }

    /// Writes, and returns the revision.
    pub(super) async fn write(&self, write: Write<'_>) -> Result<u64> {
        let written = self.within(async {
            let opened = self.opened().await?;
            let mut headers = HeaderMap::new();
            if let Some(expected) = write.expected {
                headers.insert(EXPECTED, expected.to_string());
            }
            let is_removal = write.value.is_none();
            if is_removal {
                headers.insert(OPERATION, DELETED);
            }
            if let Some(ttl) = write.ttl {
                let ttl = ttl.as_millis().try_into().unwrap_or(u64::MAX);
                headers.insert(END, now().saturating_add(ttl).to_string());
            }
            let ttl = write.ttl.or(is_removal.then_some(MARK));
            if let Some(ttl) = ttl.filter(|_| opened.has_ttl) {
                headers.insert(TTL, ttl.as_secs().max(1).to_string());
            }
            let message = PublishMessage::build()
                .headers(headers)
                .payload(write.value.unwrap_or_default());
            let context = self.connection.jetstream().await?;
            let sent = context.send_publish(self.subject(write.key), message).await;
            let acknowledged = match sent {
                Ok(acknowledged) => acknowledged.await,
                Err(error) => Err(error),
            };
            let acknowledged = acknowledged.map_err(|error| publishing(error, write.key))?;
            Ok(acknowledged.sequence)
        });
        let written = written.await;
        if let Err(Error::Unavailable(_)) = written {
            self.forget();
        }
        written
    }

    /// Removes one revision for good. False is that it is not there.
    pub(super) async fn erase(&self, revision: u64) -> Result<bool> {
        self.within(async {
            use async_nats::jetstream::stream::DeleteMessageErrorKind as Kind;
            let opened = self.opened().await?;
            match opened.stream.delete_message(revision).await {
                Ok(erased) => Ok(erased),
                Err(error) => match error.kind() {
                    Kind::JetStream(said) => match said.error_code() {
                        ErrorCode::SEQUENCE_NOT_FOUND | ErrorCode::STREAM_MESSAGE_DELETE_FAILED => {
                            Ok(false)
                        }
                        _ => Err(asking(&error, Some(&said))),
                    },
                    Kind::TimedOut => Err(Error::Timeout),
                    Kind::Request => Err(asking(&error, None)),
                },
            }
        })
        .await
    }

    fn subject(&self, key: &str) -> String {
        format!("$KV.{}.{}", self.name, names::key(key))
    }

    async fn within<T>(&self, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
        within(self.connection.options.deadline, call).await
    }

    /// The next call looks for the bucket anew: its server may have lost it.
    fn forget(&self) {
        *self.opened.lock() = None;
    }

    async fn opened(&self) -> Result<Opened> {
        let context = self.connection.jetstream().await?;
        if let Some(opened) = &*self.opened.lock() {
            return Ok(opened.clone());
        }
        let stream = self.open(&context).await?;
        let config = &stream.cached_info().config;
        let opened = Opened {
            is_direct: config.allow_direct,
            has_ttl: config.allow_message_ttl,
            stream,
        };
        *self.opened.lock() = Some(opened.clone());
        Ok(opened)
    }

    async fn open(&self, context: &context::Context) -> Result<Stream> {
        use context::{CreateStreamErrorKind as Making, GetStreamErrorKind as Looking};
        let name = format!("KV_{}", self.name);
        let error = match context.get_stream(&name).await {
            Ok(stream) => return Ok(stream),
            Err(error) => error,
        };
        match error.kind() {
            Looking::JetStream(said) if said.error_code() == ErrorCode::STREAM_NOT_FOUND => {}
            Looking::JetStream(said) => return Err(asking(&error, Some(&said))),
            Looking::Request => return Err(asking(&error, None)),
            Looking::EmptyName | Looking::InvalidStreamName => {
                return Err(Error::Invalid(format!("`{}` is no bucket", self.name)));
            }
        }
        let config = Config {
            name,
            subjects: vec![format!("$KV.{}.>", self.name)],
            max_messages_per_subject: 1,
            discard: DiscardPolicy::New,
            allow_rollup: true,
            allow_direct: true,
            // Servers before 2.11 say that they do not have it.
            allow_message_ttl: true,
            num_replicas: self.connection.options.replicas,
            storage: StorageType::File,
            metadata: HashMap::new(),
            ..Config::default()
        };
        let made = context.create_stream(config).await;
        made.map_err(|error| match error.kind() {
            Making::JetStream(said) => asking(&error, Some(&said)),
            Making::TimedOut => Error::Timeout,
            _ => asking(&error, None),
        })
    }
}

async fn direct(stream: &Stream, subject: String) -> Result<Option<StreamMessage>> {
    match stream.direct_get_last_for_subject(subject).await {
        Ok(message) => Ok(Some(message)),
        Err(error) => match error.kind() {
            DirectGetErrorKind::NotFound => Ok(None),
            DirectGetErrorKind::TimedOut => Err(Error::Timeout),
            _ => Err(asking(&error, None)),
        },
    }
}

async fn raw(stream: &Stream, subject: String) -> Result<Option<StreamMessage>> {
    match stream.get_last_raw_message_by_subject(&subject).await {
        Ok(message) => Ok(Some(message)),
        Err(error) => match error.kind() {
            LastRawMessageErrorKind::NoMessageFound => Ok(None),
            LastRawMessageErrorKind::JetStream(said) => Err(asking(&error, Some(&said))),
            _ => Err(asking(&error, None)),
        },
    }
}

impl From<StreamMessage> for Kept {
    fn from(message: StreamMessage) -> Self {
        let header = |name: &str| message.headers.get(name).map(|value| value.as_str());
        let end = header(END).and_then(|end| end.parse().ok());
        let is_removed = header(OPERATION).is_some() || header(MARKER).is_some();
        Self {
            revision: message.sequence,
            is_live: !is_removed && end.is_none_or(|end| end > now()),
            end,
            value: message.payload,
        }
    }
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap_or_default().as_millis() as u64
}
