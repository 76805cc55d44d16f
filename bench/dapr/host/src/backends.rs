//! The backends that are measured, each with what it stands on.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use abide_dapr_host::blocks::{PubSub, StateStore};
use abide_dapr_host::embedded::{Broker, File, Memory};
use abide_dapr_host::nats::{Nats, NatsOptions};
use abide_dapr_host::redis::{Redis, RedisOptions};
use abide_dapr_host::{Block, Component, Dapr};
use abide_test_servers::{Nats as Version, Server, nats, redis_with};
use anyhow::{Context as _, Result};

use crate::nothing::Nothing;

/// The id of the application.
pub(crate) const APP: &str = "bench";

/// The bytes of a value.
pub(crate) const VALUE: usize = 1_024;

/// How many events a stream of Redis keeps about: more than wait at any time.
const LENGTH: u64 = 100_000;

/// Which backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Memory,
    Redb,
    Redis,
    Nats,
}

impl Kind {
    pub(crate) const ALL: [Self; 4] = [Self::Memory, Self::Redb, Self::Redis, Self::Nats];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redb => "redb",
            Self::Redis => "redis",
            Self::Nats => "nats",
        }
    }

    /// What it is, for people.
    pub(crate) fn about(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Redb => "one file (redb)",
            Self::Redis => "Redis",
            Self::Nats => "NATS JetStream",
        }
    }

    /// Whether it is of this process.
    pub(crate) fn is_embedded(self) -> bool {
        matches!(self, Self::Memory | Self::Redb)
    }

    /// How many events are many there.
    pub(crate) fn events(self) -> u64 {
        match self {
            Self::Memory => 1_000_000,
            // Each is written to the disk before it is acknowledged.
            Self::Redb => 20_000,
            Self::Redis | Self::Nats => 200_000,
        }
    }
}

/// A backend, with what it stands on.
#[derive(Debug)]
pub(crate) struct Backend {
    pub(crate) kind: Kind,
    pub(crate) state: Arc<dyn StateStore>,
    /// What guests use: `store`, `nothing` and `pubsub`.
    pub(crate) dapr: Dapr,
    /// None is that it is of this process.
    pub(crate) server: Option<Server>,
    _file: Option<Removed>,
}

/// Removes a file in the end.
#[derive(Debug)]
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

impl Backend {
    /// Starts it. None is that it cannot be had.
    pub(crate) async fn start(kind: Kind) -> Result<Option<Self>> {
        Ok(match kind {
            Kind::Memory => {
                let (state, broker) = (Arc::new(Memory::new()), Arc::new(Broker::new()));
                Some(Self::new(kind, state, broker, None, None)?)
            }
            Kind::Redb => {
                let path = path()?;
                let file = File::open(&path)?;
                let broker = Arc::new(file.broker()?);
                let removed = Some(Removed(path));
                Some(Self::new(kind, Arc::new(file), broker, None, removed)?)
            }
            Kind::Redis => match redis_with(&["--appendonly", "no"]) {
                Some(server) => {
                    let redis = Redis::new(RedisOptions::new(server.address()));
                    let broker = Arc::new(redis.broker().length(LENGTH));
                    let state = Arc::new(redis.state());
                    Some(Self::new(kind, state, broker, Some(server), None)?)
                }
                None => None,
            },
            Kind::Nats => match nats(Version::Current) {
                Some(server) => {
                    let nats = Nats::new(NatsOptions::new(server.address()));
                    let (state, broker) = (Arc::new(nats.state("state")), Arc::new(nats.broker()));
                    Some(Self::new(kind, state, broker, Some(server), None)?)
                }
                None => None,
            },
        })
    }

    fn new(
        kind: Kind,
        state: Arc<dyn StateStore>,
        broker: Arc<dyn PubSub>,
        server: Option<Server>,
        file: Option<Removed>,
    ) -> Result<Self> {
        let nothing = Nothing {
            value: vec![b'x'; VALUE],
        };
        let dapr = Dapr::builder()
            .component(Component::new("store", Block::State(Arc::clone(&state))))
            .component(Component::state("nothing", nothing))
            .component(Component::new("pubsub", Block::PubSub(broker)))
            .build()?;
        Ok(Self {
            kind,
            state,
            dapr,
            server,
            _file: file,
        })
    }
}

/// A file that nobody else has.
fn path() -> Result<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../target/dapr-bench");
    fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
    Ok(folder.join(format!("{}.redb", std::process::id())))
}
