//! Events: from whoever publishes them through a broker to an application, which is a guest or part of
//! the host.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use abide::{Isolation, Warm};
use abide_dapr::app::{Event, Subscription, Verdict};
use abide_dapr::host_async::Pubsub as _;
use abide_dapr::pubsub::Message;
use abide_dapr_host::{App, Error, Host, Running};
use abide_figures::compare::Comparison;
use abide_figures::made::Made;
use abide_figures::measure::{Effort, Subject, interleaved};
use anyhow::{Result, ensure};
use async_trait::async_trait;
use tokio::runtime::Runtime;
use tokio::sync::Notify;
use tokio::time::timeout;

use crate::backends::{Backend, Kind};
use crate::guests;

/// How many events are published in one call.
const TOGETHER: u64 = 100;

/// How many may have been published that are not handled yet.
const WAITING: u64 = 10_000;

/// How long nothing may come.
const PATIENCE: Duration = Duration::from_secs(30);

const WARM: &str = "Abide, guest, kept";
const FRESH: &str = "Abide, guest, new for each";
const NATIVE: &str = "application of the host";

const COMPARISONS: &[Comparison] = &[
    Comparison::new(WARM, NATIVE),
    Comparison::new(FRESH, NATIVE),
];

/// An application whose events are counted. `to` handles them; where it is none, nobody has to.
pub(crate) struct Counted<A> {
    to: Option<A>,
    handled: AtomicU64,
    more: Notify,
}

impl<A> Counted<A> {
    pub(crate) fn new(to: Option<A>) -> Arc<Self> {
        Arc::new(Self {
            to,
            handled: AtomicU64::new(0),
            more: Notify::new(),
        })
    }

    pub(crate) fn handled(&self) -> u64 {
        self.handled.load(Ordering::Acquire)
    }

    /// Waits until so many were handled in all.
    async fn wait(&self, count: u64) -> Result<()> {
        loop {
            let handled = self.handled();
            if handled >= count {
                return Ok(());
            }
            let more = timeout(PATIENCE, self.more.notified()).await;
            ensure!(
                more.is_ok() || self.handled() > handled,
                "{handled} events of {count} came, and then none"
            );
        }
    }
}

#[async_trait]
impl<A: App> App for Counted<A> {
    async fn on_event(&self, event: &Event) -> Result<Verdict, Error> {
        let verdict = match &self.to {
            Some(app) => app.on_event(event).await?,
            None => Verdict::Success,
        };
        if verdict == Verdict::Success {
            self.handled.fetch_add(1, Ordering::AcqRel);
            self.more.notify_one();
        }
        Ok(verdict)
    }
}

/// A topic with an application at its end.
pub(crate) struct Flow<A> {
    host: Host,
    topic: &'static str,
    pub(crate) app: Arc<Counted<A>>,
    _running: Running,
}

impl<A: App + 'static> Flow<A> {
    pub(crate) async fn start(
        backend: &Backend,
        topic: &'static str,
        app: Arc<Counted<A>>,
    ) -> Result<Self> {
        let subscription = Subscription {
            pubsub: "pubsub".to_owned(),
            topic: topic.to_owned(),
            path: topic.to_owned(),
            rules: Vec::new(),
            dead_letter: None,
            metadata: Vec::new(),
        };
        let running = backend
            .dapr
            .subscribe("bench", subscription, Arc::clone(&app) as _);
        Ok(Self {
            host: backend.dapr.host("publisher"),
            topic,
            _running: running.await?,
            app,
        })
    }

    /// Publishes so many, and waits until they are handled.
    pub(crate) async fn send(&self, count: u64) -> Result<()> {
        let mut host = self.host.clone();
        let begin = self.app.handled();
        let mut published = 0;
        while published < count {
            let together = TOGETHER.min(count - published);
            let messages = (published..published + together).map(message).collect();
            let failed = host.publish_bulk("pubsub", self.topic, messages, Vec::new());
            let failed = failed.await?;
            ensure!(failed.is_empty(), "events were not taken: {failed:?}");
            published += together;
            self.app
                .wait((begin + published).saturating_sub(WAITING))
                .await?;
        }
        self.app.wait(begin + count).await
    }
}

fn message(number: u64) -> Message {
    Message {
        id: String::new(),
        content_type: "application/json".to_owned(),
        data: format!(r#"{{"article":"tulip","count":3,"order":{number}}}"#).into_bytes(),
        metadata: Vec::new(),
    }
}

/// Nobody.
pub(crate) struct Nobody;

#[async_trait]
impl App for Nobody {}

/// Measures events to guests, and to no guest, in turns.
pub(crate) fn measure(
    backend: &Backend,
    runtime: &Runtime,
    guest: &Path,
    effort: &Effort,
) -> Result<Made> {
    let (name, about) = match backend.kind {
        Kind::Memory => ("memory-events", "an event passes through memory"),
        Kind::Redb => (
            "redb-events",
            "an event passes through a file, and is on the disk before",
        ),
        Kind::Redis => ("redis-events", "an event passes through a stream of Redis"),
        Kind::Nats => ("nats-events", "an event passes through a stream of NATS"),
    };
    let host = backend.dapr.host("bench");
    let (warm, fresh, native) = runtime.block_on(async {
        let warm = guests::load(guest, host.clone(), Warm::new()).await?;
        let fresh = guests::load(guest, host, Isolation::Fresh).await?;
        anyhow::Ok((
            Flow::start(backend, "warm", Counted::new(Some(warm))).await?,
            Flow::start(backend, "fresh", Counted::new(Some(fresh))).await?,
            Flow::start(backend, "native", Counted::<Nobody>::new(None)).await?,
        ))
    })?;
    let timed = |what: &mut dyn FnMut() -> Result<()>| {
        let start = Instant::now();
        what()?;
        Ok(start.elapsed())
    };
    let subjects = vec![
        Subject::timed(WARM, 1, |count| {
            timed(&mut || runtime.block_on(warm.send(count)))
        }),
        Subject::timed(FRESH, 1, |count| {
            timed(&mut || runtime.block_on(fresh.send(count)))
        }),
        Subject::timed(NATIVE, 1, |count| {
            timed(&mut || runtime.block_on(native.send(count)))
        }),
    ];
    // Many at a time, for that is how they come.
    let effort = Effort {
        batch: effort.batch * 20,
        rounds: *effort.rounds.start() / 2..=*effort.rounds.end() / 4,
        ..effort.clone()
    };
    let measured = interleaved(subjects, &effort)?;
    Ok(Made::new(name, about, measured, COMPARISONS))
}
