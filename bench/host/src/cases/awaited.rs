//! The cases of calls that are awaited: what is called, with Abide and with `bindgen!`, and what it
//! should take. Knows both, but not how either is set up.
//!
//! All run on one thread of tokio, in a task that awaits one call after the other.

use std::hint::black_box;
use std::rc::Rc;
use std::time::{Duration, Instant};

use abide::Session;
use anyhow::{Context as _, Result, ensure};
use tokio::runtime::Runtime;
use tokio::time::timeout;

use super::{Case, Hosts, Setup};
use crate::awaiting::executor;
use crate::by_hand::awaited::LoadedAwaited;
use crate::by_hand::lost;
use crate::compare::{Comparison, Goal};
use crate::measure::Subject;
use crate::through_abide::awaited::{self as through_abide, Bench};

const SESSION: &str = "Abide async, session";
const WARM: &str = "Abide async, handle (warm)";
const HANDLE: &str = "Abide async, handle (fresh)";
/// One instance kept, wasmtime as it comes.
const DEFAULT: &str = "call_async, default Config";
/// One instance kept, tuned for speed, with Abide's limits on guests that run.
const TUNED: &str = "call_async, tuned";
/// The same with what ends an import that waits for ever.
const TIMED: &str = "call_async, tuned, timeout";
/// A new instance for each call, tuned for speed, with Abide's limits.
const FRESH: &str = "call_async, tuned (fresh)";

/// How many imports a call makes where imports are measured.
const TIMES: u32 = 1000;

/// A short list of bytes, and a long one.
const SHORT: u32 = 16;
const LONG: u32 = 1024 * 1024;

const OVERHEAD: &[Comparison] = &[
    Comparison::new(WARM, TUNED).goal(Goal::AtMost(1.15)),
    Comparison::new(SESSION, TUNED),
    Comparison::new(WARM, TIMED),
    Comparison::new(DEFAULT, WARM),
];

pub(super) const ALL: &[Case] = &[
    Case {
        name: "async-add",
        about: "add(u32, u32) -> u32, awaited",
        subjects: |hosts| kept_ways(hosts, Add),
        comparisons: OVERHEAD,
    },
    Case {
        name: "async-import",
        about: "a call with one import that is given 16 bytes and waits once",
        subjects: |hosts| kept_ways(hosts, Push(SHORT, 1)),
        comparisons: OVERHEAD,
    },
    Case {
        name: "async-imports",
        about: "an import that is given 16 bytes and waits once; figures for one, of 1,000 in a call",
        subjects: |hosts| kept_ways(hosts, Push(SHORT, TIMES)),
        comparisons: OVERHEAD,
    },
    Case {
        name: "async-import-1m",
        about: "an import that is given 1 MiB and waits once; figures for one, of 1,000 in a call",
        subjects: |hosts| kept_ways(hosts, Push(LONG, TIMES)),
        comparisons: &[
            Comparison::new(TUNED, WARM).goal(Goal::AtLeast(100.0)),
            Comparison::new(DEFAULT, WARM),
        ],
    },
    Case {
        name: "async-fresh",
        about: "a new instance, add, drop, awaited",
        subjects: |hosts| fresh_ways(hosts),
        comparisons: &[Comparison::new(HANDLE, FRESH).goal(Goal::AtMost(1.1))],
    },
];

/// The guest, loaded in every way.
#[derive(Debug)]
pub(super) struct Loaded {
    fresh: Bench,
    warm: Bench,
    default: LoadedAwaited,
    tuned: LoadedAwaited,
}

impl Loaded {
    pub(super) fn new(guest: &[u8]) -> Result<Self> {
        Ok(Self {
            fresh: through_abide::load(guest)?,
            warm: through_abide::warm(guest)?,
            default: LoadedAwaited::new(guest, Setup::Default)?,
            tuned: LoadedAwaited::new(guest, Setup::Tuned)?,
        })
    }
}

/// A call that is made in every way.
trait Call: Copy + 'static {
    async fn through_session(self, guest: &Session<Bench>) -> abide::Result<u32>;
    async fn through_handle(self, guest: &Bench) -> abide::Result<u32>;
    async fn by_hand(self, instance: &mut crate::by_hand::awaited::Instance) -> Result<u32>;

    /// What it returns.
    const RIGHT: u32;

    /// How many operations it is.
    fn operations(self) -> u32 {
        1
    }
}

#[derive(Clone, Copy)]
struct Add;

impl Call for Add {
    const RIGHT: u32 = 5;

    async fn through_session(self, guest: &Session<Bench>) -> abide::Result<u32> {
        guest.add(black_box(2), black_box(3)).await
    }

    async fn through_handle(self, guest: &Bench) -> abide::Result<u32> {
        guest.add(black_box(2), black_box(3)).await
    }

    async fn by_hand(self, instance: &mut crate::by_hand::awaited::Instance) -> Result<u32> {
        let (guest, store) = instance.parts();
        let sum = guest.call_add(store, black_box(2), black_box(3)).await;
        sum.map_err(lost)
    }
}

/// `push`: the import `take`, with so many bytes, so many times.
#[derive(Clone, Copy)]
struct Push(u32, u32);

impl Call for Push {
    const RIGHT: u32 = 0;

    async fn through_session(self, guest: &Session<Bench>) -> abide::Result<u32> {
        guest.push(self.0, self.1).await.map(|()| 0)
    }

    async fn through_handle(self, guest: &Bench) -> abide::Result<u32> {
        guest.push(self.0, self.1).await.map(|()| 0)
    }

    async fn by_hand(self, instance: &mut crate::by_hand::awaited::Instance) -> Result<u32> {
        let (guest, store) = instance.parts();
        let pushed = guest.call_push(store, self.0, self.1).await;
        pushed.map(|()| 0).map_err(lost)
    }

    fn operations(self) -> u32 {
        self.1
    }
}

/// How long a call may take where a timer of the executor says so.
const DEADLINE: Duration = Duration::from_secs(1);

/// A call in every way that keeps its instance.
fn kept_ways<C: Call>(hosts: &Hosts, call: C) -> Result<Vec<Subject<'_>>> {
    let on = Rc::new(executor()?);
    let Loaded {
        fresh,
        warm,
        default,
        tuned,
    } = &hosts.awaited;
    let session = on.block_on(fresh.session()).context(SESSION)?;
    let mut by_default = on.block_on(default.instance()).context(DEFAULT)?;
    let mut by_tuned = on.block_on(tuned.instance()).context(TUNED)?;
    let mut by_timed = on.block_on(tuned.instance()).context(TIMED)?;
    Ok(vec![
        subject(SESSION, call, &on, async move || {
            Ok(call.through_session(&session).await?)
        })?,
        subject(WARM, call, &on, async move || {
            Ok(call.through_handle(warm).await?)
        })?,
        subject(DEFAULT, call, &on, async move || {
            call.by_hand(&mut by_default).await
        })?,
        subject(TUNED, call, &on, async move || {
            by_tuned.rearm();
            call.by_hand(&mut by_tuned).await
        })?,
        subject(TIMED, call, &on, async move || {
            by_timed.rearm();
            timeout(DEADLINE, call.by_hand(&mut by_timed)).await?
        })?,
    ])
}

/// `add` in the ways that make a new instance for it.
fn fresh_ways(hosts: &Hosts) -> Result<Vec<Subject<'_>>> {
    let on = Rc::new(executor()?);
    let Loaded { fresh, tuned, .. } = &hosts.awaited;
    Ok(vec![
        subject(HANDLE, Add, &on, async || {
            Ok(Add.through_handle(fresh).await?)
        })?,
        subject(FRESH, Add, &on, async || {
            let mut instance = tuned.instance().await?;
            Add.by_hand(&mut instance).await
        })?,
    ])
}

/// Makes a subject, after seeing that the call does what it should.
fn subject<'a, C: Call>(
    name: &'static str,
    call: C,
    on: &Rc<Runtime>,
    mut make: impl AsyncFnMut() -> Result<u32> + 'a,
) -> Result<Subject<'a>> {
    let on = Rc::clone(on);
    let output = on.block_on(make()).context(name)?;
    ensure!(
        output == C::RIGHT,
        "{name}: the guest returned {output}; was it built from these sources?"
    );
    Ok(Subject::timed(name, call.operations(), move |calls| {
        on.block_on(async {
            let start = Instant::now();
            for _ in 0..calls {
                black_box(make().await?);
            }
            Ok(start.elapsed())
        })
    }))
}
