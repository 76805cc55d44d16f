//! What is measured: the calls, the ways of making each of them, and which ways are compared.
//!
//! How Abide and wasmtime are set up is not for this file to know, nor how time is taken.

#[cfg(feature = "async")]
mod awaited;
mod calls;
mod filters;
mod flows;
mod load;
mod modules;
mod peers;
mod threads;

use std::cell::OnceCell;

use anyhow::{Context as _, Result, ensure};

pub(crate) use self::calls::glance;
use self::calls::{Add, Call, Echo, Greet, Push};
use crate::by_hand::{Loaded, Nothing, Setup, System, Wasi, lost};
use crate::compare::{Comparison, Goal};
use crate::flows::Values;
use crate::guests::Guests;
use crate::measure::Subject;
use crate::options::Usage;
use crate::through_abide::{self, Bench};

/// An Abide session: one instance, kept.
const SESSION: &str = "Abide, session";
/// An Abide handle as `load` returns it: a new instance for each call.
const HANDLE: &str = "Abide, handle (fresh)";
/// An Abide handle whose instances are kept for further calls.
const WARM: &str = "Abide, handle (warm)";
/// `bindgen!`, one instance kept, wasmtime as it comes.
const DEFAULT: &str = "bindgen!, default Config";
/// `bindgen!`, one instance kept, tuned for speed, without any limit.
const UNLIMITED: &str = "bindgen!, tuned, no limits";
/// `bindgen!`, one instance kept, tuned for speed, with Abide's limits.
const TUNED: &str = "bindgen!, tuned";
/// `bindgen!`, a new instance for each call, tuned for speed, with Abide's limits.
const FRESH: &str = "bindgen!, tuned (fresh)";

/// Of the case of guests that allocate.
const PLAIN_ADD: &str = "Abide, wasm32-unknown, add";
const PLAIN_GREET: &str = "Abide, wasm32-unknown, greet";
const HEAP_ADD: &str = "Abide, wasm32-unknown with Heap, add";
const HEAP_GREET: &str = "Abide, wasm32-unknown with Heap, greet";
const WASI_ADD: &str = "Abide, wasip2, add";
const WASI_GREET: &str = "Abide, wasip2, greet";

/// Not a way of making a call: a time to compare with.
const MILLISECOND: &str = crate::compare::MILLISECOND;

/// What is no call: components that are loaded by the thousand.
pub(crate) const HELD: &str = "loaded";
pub(crate) const HELD_ABOUT: &str =
    "memory and time of one more loaded component, after 1,000 and 10,000";

/// How the names of the cases about filters begin.
pub(crate) const FILTERS: &str = "filter-";

/// One call, made in several ways.
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    /// The ways, ready to be measured.
    pub(crate) subjects: fn(&Hosts) -> Result<Vec<Subject<'_>>>,
    pub(crate) comparisons: &'static [Comparison],
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Case")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Abide's cost against the same done by hand, for a call without a goal of its own.
const OVERHEAD: &[Comparison] = &[
    Comparison::new(SESSION, TUNED),
    Comparison::new(WARM, TUNED).goal(Goal::AtMost(1.15)),
    Comparison::new(DEFAULT, SESSION),
    Comparison::new(HANDLE, FRESH),
];

const STARTS: &[Comparison] = &[Comparison::new(HANDLE, FRESH).goal(Goal::AtMost(1.1))];

/// The cases of single calls.
const CALLS: &[Case] = &[
    Case {
        name: "add",
        about: "add(u32, u32) -> u32: nothing but the call",
        subjects: |hosts| every_way(hosts, Add),
        comparisons: &[
            Comparison::new(SESSION, TUNED).goal(Goal::AtMost(1.3)),
            Comparison::new(SESSION, UNLIMITED),
            Comparison::new(WARM, TUNED).goal(Goal::AtMost(1.15)),
            Comparison::new(WARM, SESSION),
            Comparison::new(DEFAULT, SESSION)
                .goal(Goal::AtLeast(2.5))
                .wants_concurrency(),
            Comparison::new(HANDLE, FRESH),
        ],
    },
    Case {
        name: "greet",
        about: "greet(string) -> string, a few bytes each",
        subjects: |hosts| every_way(hosts, Greet),
        comparisons: OVERHEAD,
    },
    Case {
        name: "echo-1k",
        about: "echo(list<u8>) -> list<u8>, 1 KiB each",
        subjects: |hosts| every_way(hosts, Echo::of(1024)),
        comparisons: OVERHEAD,
    },
    Case {
        name: "echo-1m",
        about: "echo(list<u8>) -> list<u8>, 1 MiB each",
        subjects: |hosts| every_way(hosts, Echo::of(1024 * 1024)),
        comparisons: OVERHEAD,
    },
    Case {
        name: "import-1m",
        about: "an import that is given 1 MiB; figures for one import, of 1,000 in a call",
        subjects: |hosts| {
            every_way(
                hosts,
                Push {
                    size: 1024 * 1024,
                    times: 1000,
                },
            )
        },
        comparisons: &[
            Comparison::new(TUNED, SESSION).goal(Goal::AtLeast(50.0)),
            Comparison::new(DEFAULT, SESSION).goal(Goal::AtLeast(50.0)),
            Comparison::new(FRESH, HANDLE),
        ],
    },
    Case {
        name: "fresh-plain",
        about: "a new instance, add, drop; a guest without WASI (wasm32-unknown-unknown)",
        subjects: |hosts| fresh_ways(&hosts.abide, &hosts.tuned, Add),
        comparisons: STARTS,
    },
    Case {
        name: "fresh-wasi",
        about: "a new instance, add, drop; a guest with WASI (wasm32-wasip2)",
        subjects: |hosts| fresh_ways(&hosts.abide_wasi, &hosts.tuned_wasi, Add),
        comparisons: STARTS,
    },
    Case {
        name: "fresh-allocates",
        about: "a new instance, a call that allocates in the guest beside one that does not, drop",
        subjects: |hosts| {
            Ok(vec![
                fresh_of(PLAIN_ADD, &hosts.abide, Add)?,
                fresh_of(PLAIN_GREET, &hosts.abide, Greet)?,
                fresh_of(HEAP_ADD, &hosts.abide_heap, Add)?,
                fresh_of(HEAP_GREET, &hosts.abide_heap, Greet)?,
                fresh_of(WASI_ADD, &hosts.abide_wasi, Add)?,
                fresh_of(WASI_GREET, &hosts.abide_wasi, Greet)?,
            ])
        },
        comparisons: &[
            Comparison::new(PLAIN_GREET, PLAIN_ADD),
            Comparison::new(HEAP_GREET, HEAP_ADD).goal(Goal::AtMost(1.3)),
            // What whoever asks for the allocator has of it.
            Comparison::new(PLAIN_GREET, HEAP_GREET),
            Comparison::new(WASI_GREET, WASI_ADD).goal(Goal::AtMost(1.3)),
        ],
    },
    Case {
        name: "armed",
        about: "add with every limit there is, fuel included",
        subjects: |hosts| {
            Ok(vec![
                warm(&hosts.armed.0, Add)?,
                handle(&hosts.armed.1, Add)?,
                kept(TUNED, &hosts.tuned_fuel, Add)?,
                fresh(&hosts.tuned_fuel, Add)?,
            ])
        },
        comparisons: &[
            Comparison::new(WARM, TUNED).goal(Goal::AtMost(1.15)),
            Comparison::new(HANDLE, FRESH).goal(Goal::AtMost(1.1)),
        ],
    },
];

/// All cases.
pub(crate) fn all() -> impl Iterator<Item = &'static Case> {
    #[cfg(feature = "async")]
    let awaited = awaited::ALL;
    #[cfg(not(feature = "async"))]
    let awaited: &[Case] = &[];
    CALLS
        .iter()
        .chain(awaited)
        .chain(peers::ALL)
        .chain(threads::ALL)
        .chain(load::ALL)
        .chain(flows::ALL)
        .chain(modules::ALL)
        .chain(filters::ALL)
}

/// The cases whose names contain any of the filters; all of them where there is no filter.
pub(crate) fn choose(filters: &[String]) -> Result<Vec<&'static Case>> {
    for filter in filters {
        let mut names = all().map(|case| case.name).chain([HELD]);
        if !names.any(|name| name.contains(filter.as_str())) {
            let names: Vec<_> = all().map(|case| case.name).chain([HELD]).collect();
            let names = names.join(", ");
            let message = format!("no case has `{filter}` in its name; there are: {names}");
            return Err(Usage::new(message).into());
        }
    }
    let chosen = |case: &&Case| {
        filters.is_empty() || filters.iter().any(|filter| case.name.contains(filter))
    };
    Ok(all().filter(chosen).collect())
}

/// The guest, loaded in every way.
#[derive(Debug)]
pub(crate) struct Hosts {
    /// The bytes of the guest.
    guest: Vec<u8>,
    abide: Bench,
    abide_heap: Bench,
    abide_wasi: Bench,
    warm: Bench,
    /// Warm and fresh, with fuel.
    armed: (Bench, Bench),
    default: Loaded<Nothing>,
    unlimited: Loaded<Nothing>,
    tuned: Loaded<Nothing>,
    tuned_fuel: Loaded<Nothing>,
    tuned_wasi: Loaded<Wasi>,
    #[cfg(feature = "async")]
    awaited: awaited::Loaded,
    flows: flows::Loaded,
    values: Values,
    /// Compiled when they are first measured.
    peers: OnceCell<peers::Peers>,
    /// Built then, too.
    filters: OnceCell<filters::Loaded>,
}

impl Hosts {
    pub(crate) fn new(guests: &Guests) -> Result<Self> {
        Ok(Self {
            guest: guests.plain.clone(),
            abide: through_abide::load(&guests.plain)?,
            abide_heap: through_abide::load(&guests.heap)?,
            abide_wasi: through_abide::load(&guests.wasi)?,
            warm: through_abide::warm(&guests.plain)?,
            armed: through_abide::armed(&guests.plain)?,
            default: Loaded::new(&guests.plain, Setup::Default)?,
            unlimited: Loaded::new(&guests.plain, Setup::Unlimited)?,
            tuned: Loaded::new(&guests.plain, Setup::Tuned)?,
            tuned_fuel: Loaded::new(&guests.plain, Setup::TunedFuel)?,
            tuned_wasi: Loaded::new(&guests.wasi, Setup::Tuned)?,
            #[cfg(feature = "async")]
            awaited: awaited::Loaded::new(&guests.plain)?,
            flows: flows::Loaded::new(&crate::flows::guest()?)?,
            values: Values::new(),
            peers: OnceCell::new(),
            filters: OnceCell::new(),
        })
    }

    fn peers(&self) -> Result<&peers::Peers> {
        made_once(&self.peers, peers::Peers::build)
    }

    fn filters(&self) -> Result<&filters::Loaded> {
        made_once(&self.filters, filters::Loaded::build)
    }

    /// Whether wasmtime's default `Config` supports concurrent calls in this build, as it does in a
    /// build with wasmtime's default features.
    pub(crate) fn default_is_concurrent(&self) -> bool {
        self.default.is_concurrent()
    }
}

/// What is there, after it was made if need be.
fn made_once<T>(cell: &OnceCell<T>, make: fn() -> Result<T>) -> Result<&T> {
    match cell.get() {
        Some(made) => Ok(made),
        None => {
            let made = make()?;
            Ok(cell.get_or_init(|| made))
        }
    }
}

/// A call in every way there is.
fn every_way<C: Call>(hosts: &Hosts, call: C) -> Result<Vec<Subject<'_>>> {
    let mut subjects = vec![
        session(&hosts.abide, call.clone())?,
        warm(&hosts.warm, call.clone())?,
        kept(DEFAULT, &hosts.default, call.clone())?,
        kept(UNLIMITED, &hosts.unlimited, call.clone())?,
        kept(TUNED, &hosts.tuned, call.clone())?,
    ];
    subjects.extend(fresh_ways(&hosts.abide, &hosts.tuned, call)?);
    Ok(subjects)
}

/// A call in the ways that make a new instance for it.
fn fresh_ways<'a, C: Call, S: System>(
    abide: &'a Bench,
    by_hand: &'a Loaded<S>,
    call: C,
) -> Result<Vec<Subject<'a>>> {
    Ok(vec![handle(abide, call.clone())?, fresh(by_hand, call)?])
}

fn session<C: Call>(abide: &Bench, call: C) -> Result<Subject<'static>> {
    let session = abide.session().context(SESSION)?;
    subject(SESSION, call, move |call| Ok(call.through_abide(&session)?))
}

fn warm<C: Call>(abide: &Bench, call: C) -> Result<Subject<'_>> {
    subject(WARM, call, |call| Ok(call.through_abide(abide)?))
}

fn handle<C: Call>(abide: &Bench, call: C) -> Result<Subject<'_>> {
    fresh_of(HANDLE, abide, call)
}

fn fresh_of<'a, C: Call>(name: &'static str, abide: &'a Bench, call: C) -> Result<Subject<'a>> {
    subject(name, call, |call| Ok(call.through_abide(abide)?))
}

fn kept<C: Call, S: System>(
    name: &'static str,
    by_hand: &Loaded<S>,
    call: C,
) -> Result<Subject<'static>> {
    let mut instance = by_hand.instance().context(name)?;
    subject(name, call, move |call| {
        instance.rearm()?;
        let (guest, store) = instance.parts();
        call.by_hand(guest, store).map_err(lost)
    })
}

fn fresh<C: Call, S: System>(by_hand: &Loaded<S>, call: C) -> Result<Subject<'_>> {
    subject(FRESH, call, |call| {
        let mut instance = by_hand.instance()?;
        let (guest, store) = instance.parts();
        call.by_hand(guest, store).map_err(lost)
    })
}

/// Makes a subject, after seeing that the call does what it should.
fn subject<'a, C: Call>(
    name: &'static str,
    call: C,
    mut make: impl FnMut(&C) -> Result<C::Output> + 'a,
) -> Result<Subject<'a>> {
    let output = make(&call).context(name)?;
    ensure!(
        call.is_right(&output),
        "{name}: something else was returned than should be; was it built from these sources?"
    );
    Ok(Subject::new(name, call.operations(), move || make(&call)))
}
