//! State in Dapr's layout: a hash for each value, with its bytes in `data` and its etag in
//! `version`.
//!
//! All writes are done by one script, so that what is there is compared and replaced as one.

mod read;

use std::sync::Arc;
use std::time::Duration;

use abide_dapr::state::Consistency;
use async_trait::async_trait;
use redis::{Script, ScriptInvocation, Value};

use super::Redis;
use super::error::strange;
use super::link::{Link, prepared};
use crate::blocks::{Condition, Delete, Found, Metadata, Read, Set, StateStore, Step};
use crate::failure::{Error, Result};

const WRITE: &str = include_str!("write.lua");

/// How long replicas may take where a write asks for them, in milliseconds.
const REPLICAS: u32 = 1_000;

/// State of a server: `state.redis`.
#[derive(Debug, Clone)]
pub struct RedisState {
    redis: Redis,
    write: Arc<Script>,
    ttl: Option<Duration>,
}

/// Whether steps are one.
#[derive(Clone, Copy)]
enum Mode {
    All,
    Each,
}

impl RedisState {
    pub(super) fn new(redis: Redis) -> Self {
        Self {
            redis,
            write: Arc::new(Script::new(WRITE)),
            ttl: None,
        }
    }

    /// For how long values are kept of which nobody says that: `ttlInSeconds`. Without it, for
    /// ever.
    #[must_use]
    pub fn ttl(mut self, ttl: Duration) -> Self {
        self.ttl = Some(ttl);
        self
    }

    async fn write(&self, mode: Mode, steps: &[Step]) -> Result<()> {
        let mode: &[u8] = match mode {
            Mode::All => b"all",
            Mode::Each => b"each",
        };
        let (mut keys, mut arguments) = (Vec::new(), vec![mode.to_vec()]);
        let mut is_strong = false;
        for step in steps {
            let (key, what, condition, consistency) = match step {
                Step::Set(set) => (&set.key, "set", &set.condition, set.consistency),
                Step::Delete(delete) => {
                    let consistency = delete.consistency;
                    (&delete.key, "delete", &delete.condition, consistency)
                }
            };
            let (ttl, value) = match step {
                Step::Set(set) => (set.ttl.or(self.ttl), &*set.value),
                Step::Delete(_) => (None, &[][..]),
            };
            keys.push(&**key);
            let ttl = ttl.map_or(String::new(), |ttl| ttl.as_millis().to_string());
            arguments.push(what.into());
            arguments.push(wanted(condition)?.into());
            arguments.push(ttl.into());
            arguments.push(value.to_vec());
            is_strong |= consistency == Consistency::Strong;
        }
        let arguments: Vec<&[u8]> = arguments.iter().map(|argument| &**argument).collect();
        let refused: Vec<usize> = match is_strong {
            true => {
                let write = prepared(&self.write, &keys, &arguments);
                kept(&self.redis.waiting, &write).await?
            }
            false => {
                let link = &self.redis.link;
                link.script(&self.write, &keys, &arguments).await?
            }
        };
        match refused.first().and_then(|number| keys.get(number - 1)) {
            None => Ok(()),
            Some(key) => Err(Error::Conflict(format!("`{key}` is another by now"))),
        }
    }
}

/// A condition in the script's words.
fn wanted(condition: &Condition) -> Result<&str> {
    match condition {
        Condition::Any => Ok("*"),
        Condition::Absent => Ok("-"),
        Condition::Version(etag) if etag.parse::<u64>().is_ok() => Ok(etag),
        Condition::Version(etag) => {
            Err(Error::Invalid(format!("`{etag}` is no etag of this store")))
        }
    }
}

/// Writes, and waits until most of the machines have what was written. With one machine, it has. It
/// is one connection that does it all: the server waits for what came over the same.
async fn kept(link: &Link, write: &ScriptInvocation<'_>) -> Result<Vec<usize>> {
    let done = link.call(async |mut connection| {
        let refused = write.invoke_async(&mut connection).await?;
        let role: Vec<Value> = redis::cmd("ROLE").query_async(&mut connection).await?;
        let Some(Value::Array(replicas)) = role.get(2) else {
            return Ok((refused, None));
        };
        let needed = replicas.len().div_ceil(2);
        if needed == 0 {
            return Ok((refused, Some(true)));
        }
        let mut wait = redis::cmd("WAIT");
        wait.arg(needed).arg(REPLICAS);
        let kept: usize = wait.query_async(&mut connection).await?;
        Ok((refused, Some(kept >= needed)))
    });
    match done.await? {
        (refused, Some(true)) => Ok(refused),
        (_, Some(false)) => Err(Error::Timeout),
        (_, None) => Err(strange("what its part is")),
    }
}

#[async_trait]
impl StateStore for RedisState {
    fn features(&self) -> &'static [&'static str] {
        &["ETAG", "TRANSACTIONAL", "TTL"]
    }

    async fn get(&self, key: &str, _: &Read) -> Result<Option<Found>> {
        read::one(&self.redis.link, key).await
    }

    async fn get_bulk(
        &self,
        keys: &[String],
        _: usize,
        _: &Read,
    ) -> Result<Vec<Result<Option<Found>>>> {
        read::many(&self.redis.link, keys).await
    }

    async fn set(&self, set: Set) -> Result<()> {
        self.write(Mode::All, &[Step::Set(set)]).await
    }

    async fn set_many(&self, sets: Vec<Set>) -> Result<()> {
        let steps: Vec<_> = sets.into_iter().map(Step::Set).collect();
        self.write(Mode::Each, &steps).await
    }

    async fn delete(&self, delete: Delete) -> Result<()> {
        self.write(Mode::All, &[Step::Delete(delete)]).await
    }

    async fn delete_many(&self, deletes: Vec<Delete>) -> Result<()> {
        let steps: Vec<_> = deletes.into_iter().map(Step::Delete).collect();
        self.write(Mode::Each, &steps).await
    }

    async fn transact(&self, steps: Vec<Step>, _: &Metadata) -> Result<()> {
        self.write(Mode::All, &steps).await
    }
}
