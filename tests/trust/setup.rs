//! What a row of the table is run with: an engine of its own, a host, and handles on the guest.
//!
//! It knows how guests are loaded under each policy, and nothing of faults.

use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use abide::{Artefacts, Engine, Limits, Result, Warm, Wasi};

use crate::app::App;
use crate::rogue::{Builder, Rogue};

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

    /// How it is chosen.
    fn name(self) -> &'static str {
        match self {
            Self::Fresh => "`Fresh`",
            Self::Warm => "`Warm`",
            Self::Session => "`session()`",
        }
    }
}

/// How host and guest wait for one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Colour {
    /// As hosts of `host` do: a call holds up its thread, and so does an import.
    Sync,
    /// As hosts of `host_async` do: a call is awaited, and so is an import.
    Async,
}

impl Colour {
    pub(crate) const ALL: [Self; 2] = [Self::Sync, Self::Async];

    /// The module of its hosts.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Sync => "`host`",
            Self::Async => "`host_async`",
        }
    }
}

/// How a fault is run: a column of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Way {
    pub(crate) colour: Colour,
    pub(crate) policy: Policy,
}

impl Way {
    pub(crate) const COUNT: usize = Colour::ALL.len() * Policy::ALL.len();

    pub(crate) const fn new(colour: Colour, policy: Policy) -> Self {
        Self { colour, policy }
    }

    /// All of them, in the order of the columns.
    pub(crate) fn all() -> impl Iterator<Item = Self> {
        let policies = |colour| {
            Policy::ALL
                .into_iter()
                .map(move |policy| Self::new(colour, policy))
        };
        Colour::ALL.into_iter().flat_map(policies)
    }

    /// The heading of the column.
    pub(crate) fn name(self) -> String {
        let policy = self.policy.name();
        match self.colour {
            Colour::Sync => policy.to_owned(),
            Colour::Async => format!("{policy}, async"),
        }
    }

    /// The place among [all](Self::all).
    pub(crate) fn index(self) -> usize {
        self.colour as usize * Policy::ALL.len() + self.policy as usize
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

/// Where compiled code is kept: hardly any row is about a compiler, which takes most of the time.
pub(crate) fn kept() -> &'static Artefacts {
    static KEPT: LazyLock<Artefacts> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("trust-kept");
        Artefacts::in_folder(folder).unwrap_or_else(|error| panic!("{error}"))
    });
    &KEPT
}

/// The engine of a row, with few instances, so that losing one shows.
pub(crate) struct Setup {
    pub(crate) engine: Engine,
    pub(crate) way: Way,
    pub(crate) app: App,
}

impl Setup {
    /// How many instances the engine holds.
    pub(crate) const INSTANCES: usize = 8;

    pub(crate) fn new(way: Way) -> Result<Self> {
        Ok(Self {
            engine: Engine::builder()
                .instances(Self::INSTANCES as u32)
                .build()?,
            way,
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

    pub(crate) fn builder(&self, limits: Limits) -> Builder {
        let builder = Builder::new(self.way.colour, self.app.clone())
            .engine(&self.engine)
            .name("rogue")
            .wasi(Wasi::new())
            .artefacts(kept())
            .limits(limits);
        match self.way.policy {
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
        match self.way.policy {
            Policy::Fresh | Policy::Warm => guest.count().map(drop),
            Policy::Session => guest.session()?.count().map(drop),
        }
    }
}
