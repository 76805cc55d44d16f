//! What a row of the table is run with: an engine of its own, a host, and handles on the guest.
//!
//! It knows how guests are loaded under each policy, and nothing of faults.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use abide::{Builder, Engine, Error, Limits, Result, Warm, Wasi};

use crate::host::{self, Rogue};

/// The guest, whose functions do wrong what they are asked to.
const ROGUE: &str = include_str!("rogue.wat");

/// Which instance serves a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    /// A new one for each call.
    Fresh,
    /// One that served calls before.
    Warm,
    /// One of one's own.
    Session,
}

impl Policy {
    pub(crate) const ALL: [Self; 3] = [Self::Fresh, Self::Warm, Self::Session];

    /// The heading of its column.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fresh => "`Fresh`",
            Self::Warm => "`Warm`",
            Self::Session => "`session()`",
        }
    }
}

/// A part of the guest's text, and what a test has in its place.
pub(crate) type Change<'a> = (&'a str, &'a str);

/// What makes a guest one that has little memory.
pub(crate) const SMALL: Change<'static> = ("(call $touch-pages)", "");

/// The guest's component, with changes.
pub(crate) fn component(changes: &[Change<'_>]) -> Vec<u8> {
    let mut text = ROGUE.to_owned();
    for (place, with) in changes {
        assert!(text.contains(place), "there is no `{place}`");
        text = text.replace(place, with);
    }
    wat::parse_str(&text).unwrap_or_else(|error| panic!("{error}"))
}

/// The engine of a row, with few instances, so that losing one shows.
pub(crate) struct Setup {
    pub(crate) engine: Engine,
    pub(crate) policy: Policy,
    pub(crate) app: App,
}

impl Setup {
    /// How many instances the engine holds.
    pub(crate) const INSTANCES: usize = 8;

    pub(crate) fn new(policy: Policy) -> Result<Self> {
        Ok(Self {
            engine: Engine::builder()
                .instances(Self::INSTANCES as u32)
                .build()?,
            policy,
            app: App::default(),
        })
    }

    /// Limits for what is not about time: however busy the machine, it is in time.
    pub(crate) fn limits() -> Limits {
        Limits::new()
            .deadline(Duration::from_secs(60))
            .wait(Duration::from_secs(10))
            .compile_time(Duration::from_secs(120))
    }

    pub(crate) fn builder(&self, limits: Limits) -> Builder<Rogue> {
        let builder = Rogue::builder(self.app.clone())
            .engine(&self.engine)
            .name("rogue")
            .wasi(Wasi::new())
            .limits(limits);
        match self.policy {
            Policy::Warm => builder.isolation(Warm::new()),
            Policy::Fresh | Policy::Session => builder,
        }
    }
}

impl Setup {
    /// What the guest needs for functions that use WASI.
    pub(crate) const WITH_WASI: &'static [Change<'static>] = &[(
        "(core instance $wasi (instantiate $without))",
        include_str!("wasi.wat.part"),
    )];

    /// What the guest needs to take what it can get of the process; what it then does is up to the
    /// number that it is asked to do at `random`.
    pub(crate) const WITH_PROCESS: &'static [Change<'static>] = &[(
        "(core instance $wasi (instantiate $without))",
        include_str!("process.wat.part"),
    )];

    /// A guest of which nobody expects that it cannot be loaded.
    pub(crate) fn load(
        &self,
        limits: fn(Limits) -> Limits,
        changes: &[Change<'_>],
    ) -> Result<Rogue, String> {
        let guest = self.builder(limits(Self::limits()));
        let guest = guest.load_bytes(component(changes));
        guest.map_err(|error| format!("the guest cannot be loaded: {error}"))
    }

    /// What comes of loading a guest.
    pub(crate) fn refuses(&self, changes: &[Change<'_>]) -> Result<Result<()>, String> {
        self.refuses_bytes(&component(changes))
    }

    /// What comes of loading a guest's bytes.
    pub(crate) fn refuses_bytes(&self, bytes: &[u8]) -> Result<Result<()>, String> {
        Ok(self.builder(Self::limits()).load_bytes(bytes).map(drop))
    }

    /// What comes of the first call of a guest, for which it has to start.
    pub(crate) fn first_call(&self, guest: &Rogue) -> Result<()> {
        match self.policy {
            Policy::Fresh | Policy::Warm => guest.count().map(drop),
            Policy::Session => guest.session()?.count().map(drop),
        }
    }
}

/// The host of all guests here.
#[derive(Clone, Default)]
pub(crate) struct App {
    again: Arc<Mutex<Option<Rogue>>>,
    /// How often `nap` was called.
    naps: Arc<AtomicU32>,
    /// Only dropped, with the state of an instance.
    _lag: Lag,
}

/// What takes its time to be dropped: for as long as somebody else writes to what it shares.
#[derive(Clone, Default)]
struct Lag(Option<Arc<RwLock<()>>>);

impl Drop for Lag {
    fn drop(&mut self) {
        if let Some(gate) = &self.0 {
            drop(gate.read());
        }
    }
}

impl App {
    /// One whose clones cannot be dropped while somebody writes to `gate`.
    pub(crate) fn slow_to_drop(gate: &Arc<RwLock<()>>) -> Self {
        Self {
            _lag: Lag(Some(Arc::clone(gate))),
            ..Self::default()
        }
    }

    /// How often a guest has begun to sleep in the host.
    pub(crate) fn naps(&self) -> u32 {
        self.naps.load(Ordering::SeqCst)
    }

    /// The handle that the import `calls-back` calls.
    pub(crate) fn again(&self) -> MutexGuard<'_, Option<Rogue>> {
        self.again.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A resource of the host.
pub(crate) struct Thing;

impl host::App for App {
    type Thing = Thing;

    fn thing_new(&mut self) -> Thing {
        Thing
    }

    fn nap(&mut self, milliseconds: u32) {
        self.naps.fetch_add(1, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(milliseconds.into()));
    }

    fn errs(&mut self) -> Result<()> {
        Err(Error::host("not on a Sunday"))
    }

    fn panics(&mut self) {
        panic!("the clock fell off the wall");
    }

    fn calls_back(&mut self) -> Result<()> {
        let again = self.again().clone();
        match again {
            Some(again) => again.calls_back(),
            None => Ok(()),
        }
    }

    fn hear(&mut self, _text: &str) {}

    fn numbers(&mut self, _numbers: &[u32]) {}

    fn lists(&mut self, _lists: Vec<Vec<u8>>) {}

    fn words(&mut self, _words: Vec<&str>) {}
}

impl host::app::Thing for Thing {
    fn touch(&mut self) {}
}
