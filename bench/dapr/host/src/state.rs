//! State: reading and writing through a guest, beside the same backend called without one, and what
//! of it is the call alone.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use abide::Warm;
use abide_dapr::host_async::{Service, State as _};
use abide_dapr::invocation::{Request, Verb};
use abide_dapr::state::{Consistency, Item};
use abide_dapr_host::blocks::{Condition, Read, Set, StateStore};
use abide_dapr_host::{App as _, Host};
use abide_figures::compare::{Comparison, Goal};
use abide_figures::made::Made;
use abide_figures::measure::{Effort, Samples, Subject, interleaved};
use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;

use crate::backends::{APP, Backend, Kind, VALUE};
use crate::by_hand::ByHand;
use crate::guests;
use crate::nothing::Nothing;

/// How many keys there are, as in the guest.
const KEYS: usize = 64;

const GUEST: &str = "Abide, guest";
const LESS: &str = "Abide, guest less the call";
const HOST: &str = "Abide, host";
const BACKEND: &str = "backend";
const BY_HAND: &str = "by hand";
const GUEST_ON_NOTHING: &str = "Abide, guest on nothing";
const NOTHING: &str = "nothing";

const EMBEDDED: &[Comparison] = &[
    Comparison::new(GUEST, BACKEND).goal(Goal::AtMost(1.5)),
    Comparison::new(LESS, BACKEND).goal(Goal::AtMost(1.5)),
    Comparison::new(HOST, BACKEND),
    Comparison::new(GUEST_ON_NOTHING, NOTHING),
];

const ON_SERVERS: &[Comparison] = &[
    Comparison::new(GUEST, BACKEND).goal(Goal::AtMost(1.05)),
    Comparison::new(HOST, BACKEND),
    Comparison::new(BACKEND, BY_HAND),
    Comparison::new(GUEST, BY_HAND),
];

/// What is done.
#[derive(Debug, Clone, Copy)]
enum What {
    Get,
    Set,
}

/// What all ways of doing it have.
struct Bench<'a> {
    runtime: &'a Runtime,
    service: Service,
    host: Host,
    keys: Vec<String>,
    value: Vec<u8>,
}

/// Measures both.
pub(crate) fn measure(
    backend: &Backend,
    runtime: &Runtime,
    guest: &Path,
    effort: &Effort,
) -> Result<Vec<Made>> {
    let host = backend.dapr.host(APP);
    let bench = Bench {
        runtime,
        service: runtime.block_on(guests::load(guest, host.clone(), Warm::new()))?,
        host,
        keys: (0..KEYS).map(|key| format!("k{key}")).collect(),
        value: vec![b'x'; VALUE],
    };
    // They are there, however they are read.
    runtime.block_on(bench.set(&*backend.state, KEYS as u64))?;
    let comparisons = match backend.kind.is_embedded() {
        true => EMBEDDED,
        false => ON_SERVERS,
    };
    let mut cases = Vec::new();
    for what in [What::Get, What::Set] {
        let (name, about) = named(backend.kind, what);
        let by_hand = ByHand::connect(backend.kind, backend.server.as_ref());
        let by_hand = runtime.block_on(by_hand)?;
        let mut measured = interleaved(bench.subjects(backend, what, by_hand), effort)
            .with_context(|| format!("cannot measure the case `{name}`"))?;
        measured.insert(1, less_the_call(&measured)?);
        cases.push(Made::new(name, about, measured, comparisons));
    }
    Ok(cases)
}

fn named(kind: Kind, what: What) -> (&'static str, &'static str) {
    match (kind, what) {
        (Kind::Memory, What::Get) => ("memory-get", "a value of 1 KiB is read from memory"),
        (Kind::Memory, What::Set) => ("memory-set", "a value of 1 KiB is written to memory"),
        (Kind::Redb, What::Get) => ("redb-get", "a value of 1 KiB is read from a file"),
        (Kind::Redb, What::Set) => (
            "redb-set",
            "a value of 1 KiB is written to a file, and is on the disk then",
        ),
        (Kind::Redis, What::Get) => ("redis-get", "a value of 1 KiB is read from Redis"),
        (Kind::Redis, What::Set) => ("redis-set", "a value of 1 KiB is written to Redis"),
        (Kind::Nats, What::Get) => ("nats-get", "a value of 1 KiB is read from NATS"),
        (Kind::Nats, What::Set) => ("nats-set", "a value of 1 KiB is written to NATS"),
    }
}

/// What a guest takes, less what it takes to call a store in which nothing happens.
fn less_the_call(measured: &[Samples]) -> Result<Samples> {
    let of = |name| {
        let samples = measured.iter().find(|samples| samples.name == name);
        Ok::<_, anyhow::Error>(&samples.context(name)?.nanos)
    };
    let (guest, on_nothing, nothing) = (of(GUEST)?, of(GUEST_ON_NOTHING)?, of(NOTHING)?);
    let call = on_nothing
        .iter()
        .zip(nothing)
        .map(|(guest, native)| guest - native);
    let nanos = guest.iter().zip(call).map(|(whole, call)| whole - call);
    Ok(Samples {
        name: LESS.to_owned(),
        nanos: nanos.collect(),
    })
}

impl Bench<'_> {
    fn subjects<'a>(
        &'a self,
        backend: &'a Backend,
        what: What,
        by_hand: Option<ByHand>,
    ) -> Vec<Subject<'a>> {
        let nothing: Arc<dyn StateStore> = Arc::new(Nothing {
            value: self.value.clone(),
        });
        let native = |name, store: Arc<dyn StateStore>| {
            Subject::timed(name, 1, move |times| {
                self.timed(async {
                    match what {
                        What::Get => self.get(&*store, times).await,
                        What::Set => self.set(&*store, times).await,
                    }
                })
            })
        };
        let guest = |name, store: &'static str| {
            Subject::timed(name, 1, move |times| {
                self.timed(self.guest(what, store, times))
            })
        };
        let mut subjects = vec![
            guest(GUEST, "store"),
            Subject::timed(HOST, 1, move |times| {
                self.timed(self.through_the_host(what, times))
            }),
            native(BACKEND, Arc::clone(&backend.state)),
            guest(GUEST_ON_NOTHING, "nothing"),
            native(NOTHING, nothing),
        ];
        if let Some(mut by_hand) = by_hand {
            subjects.push(Subject::timed(BY_HAND, 1, move |times| {
                self.timed(self.by_hand(what, &mut by_hand, times))
            }));
        }
        subjects
    }

    fn timed(&self, what: impl Future<Output = Result<()>>) -> Result<Duration> {
        let start = Instant::now();
        self.runtime.block_on(what)?;
        Ok(start.elapsed())
    }

    /// All of it in one call of the guest.
    async fn guest(&self, what: What, store: &str, times: u64) -> Result<()> {
        let word = match what {
            What::Get => "get",
            What::Set => "set",
        };
        let request = Request {
            verb: Verb::Post,
            method: format!("{word}/{store}/{times}"),
            query: Vec::new(),
            content_type: "application/octet-stream".to_owned(),
            data: self.value.clone(),
            metadata: Vec::new(),
        };
        let answer = self.service.on_invoke(&request).await?;
        let text = String::from_utf8_lossy(&answer.data);
        ensure!(answer.status == 200, "the guest says: {text}");
        Ok(())
    }

    async fn through_the_host(&self, what: What, times: u64) -> Result<()> {
        let mut host = self.host.clone();
        let keys = self.keys.iter().cycle().take(usize::try_from(times)?);
        for key in keys {
            match what {
                What::Get => {
                    let any = Consistency::Unspecified;
                    let entry = host.get("store", key, any, Vec::new()).await?;
                    ensure!(entry.is_some(), "`{key}` is not there");
                }
                What::Set => {
                    let item = Item {
                        key: key.clone(),
                        value: self.value.clone(),
                        etag: None,
                        options: None,
                        metadata: Vec::new(),
                    };
                    host.save("store", vec![item]).await?;
                }
            }
        }
        Ok(())
    }

    /// The keys as a backend has them.
    fn prefixed(&self) -> Vec<String> {
        let keys = self.keys.iter();
        keys.map(|key| format!("{APP}||{key}")).collect()
    }

    async fn get(&self, store: &dyn StateStore, times: u64) -> Result<()> {
        let keys = self.prefixed();
        let read = Read {
            consistency: Consistency::Unspecified,
            metadata: Vec::new(),
        };
        for key in keys.iter().cycle().take(usize::try_from(times)?) {
            let found = store.get(key, &read).await?;
            ensure!(found.is_some(), "`{key}` is not there");
        }
        Ok(())
    }

    async fn set(&self, store: &dyn StateStore, times: u64) -> Result<()> {
        let keys = self.prefixed();
        for key in keys.iter().cycle().take(usize::try_from(times)?) {
            let set = Set {
                key: key.clone(),
                value: self.value.clone(),
                condition: Condition::Any,
                consistency: Consistency::Unspecified,
                ttl: None,
                metadata: Vec::new(),
            };
            store.set(set).await?;
        }
        Ok(())
    }

    async fn by_hand(&self, what: What, client: &mut ByHand, times: u64) -> Result<()> {
        let keys = self.prefixed();
        for key in keys.iter().cycle().take(usize::try_from(times)?) {
            match what {
                What::Get => drop(client.get(key).await?),
                What::Set => client.set(key, &self.value).await?,
            }
        }
        Ok(())
    }
}
