//! The cases about lists and resources: what is called, with Abide and with `bindgen!`, and what it
//! should take. Knows both, but not how either is set up.

use std::hint::black_box;

use abide::Session;
use anyhow::{Context as _, Result, ensure};
use parking_lot::Mutex;
use wasmtime::Store;
use wasmtime::component::ResourceAny;

use super::{Case, Hosts, SESSION, TUNED};
use crate::by_hand::flows as by_hand;
use crate::by_hand::lost;
use crate::compare::{Comparison, Goal};
use crate::flows::Values;
use crate::measure::Subject;
use crate::through_abide::flows as through_abide;

/// `bindgen!`, tuned, with the instance in a `Mutex`: several threads can use it, as they can a
/// session.
const SHARED: &str = "bindgen!, tuned, in a Mutex";

/// How many imports a call makes where imports are measured.
const TIMES: u32 = 100;

/// Abide is never slower than this.
const NOT_SLOWER: &[Comparison] = &[Comparison::new(SESSION, TUNED).goal(Goal::AtMost(1.05))];

/// Where there is a way that is faster.
const TWICE: &[Comparison] = &[Comparison::new(TUNED, SESSION).goal(Goal::AtLeast(2.0))];

const VIEWED: &[Comparison] = &[Comparison::new(TUNED, SESSION).goal(Goal::AtLeast(1.8))];

pub(super) const ALL: &[Case] = &[
    Case {
        name: "resource-import",
        about: "a guest calls a method of the host's resource; figures for one call, of 100",
        subjects: |hosts| {
            subjects(
                hosts,
                TIMES,
                |session| session.count(TIMES),
                |sum| *sum == 3 * u64::from(TIMES),
                |guest, store| guest.call_count(store, TIMES),
                |sum| *sum == 3 * u64::from(TIMES),
            )
        },
        comparisons: NOT_SLOWER,
    },
    Case {
        name: "resource-export",
        about: "the host calls a method of the guest's resource",
        subjects: tallies,
        comparisons: &[
            Comparison::new(SESSION, TUNED).goal(Goal::AtMost(1.05)),
            Comparison::new(SESSION, SHARED),
        ],
    },
    Case {
        name: "samples-import",
        about: "1,000 flat records of 24 bytes to an import; figures for one import, of 100",
        subjects: |hosts| {
            pushes(
                hosts,
                |session| session.push_samples(TIMES),
                |guest, store| guest.call_push_samples(store, TIMES),
            )
        },
        comparisons: TWICE,
    },
    Case {
        name: "samples-in",
        about: "1,000 flat records of 24 bytes to an export",
        subjects: |hosts| {
            let ours = through_abide::samples(&hosts.values);
            let theirs = by_hand::samples(&hosts.values);
            subjects(
                hosts,
                1,
                move |session| session.eat_samples(black_box(&ours)),
                |count| *count == 1000,
                move |guest, store| guest.call_eat_samples(store, black_box(&theirs)),
                |count| *count == 1000,
            )
        },
        comparisons: TWICE,
    },
    Case {
        name: "samples-out",
        about: "1,000 flat records of 24 bytes from an export",
        subjects: |hosts| {
            subjects(
                hosts,
                1,
                |session| session.give_samples(),
                |samples| samples.len() == 1000 && samples[999].at == 999 << 32,
                |guest, store| guest.call_give_samples(store),
                |samples| samples.len() == 1000 && samples[999].at == 999 << 32,
            )
        },
        comparisons: TWICE,
    },
    Case {
        name: "entries-import-view",
        about: "1,000 records with two strings to an import, as views; figures for one import, of 100",
        subjects: |hosts| {
            pushes(
                hosts,
                |session| session.push_entries(TIMES),
                |guest, store| guest.call_push_entries(store, TIMES),
            )
        },
        comparisons: VIEWED,
    },
    Case {
        name: "entries-import",
        about: "the same, owned by the host",
        subjects: |hosts| {
            pushes(
                hosts,
                |session| session.push_owned(TIMES),
                |guest, store| guest.call_push_owned(store, TIMES),
            )
        },
        comparisons: NOT_SLOWER,
    },
    Case {
        name: "entries-in",
        about: "1,000 records with two strings to an export",
        subjects: |hosts| {
            let ours = through_abide::entries(&hosts.values);
            let theirs = by_hand::entries(&hosts.values);
            subjects(
                hosts,
                1,
                move |session| session.eat_entries(black_box(&ours)),
                |count| *count == 1000,
                move |guest, store| guest.call_eat_entries(store, black_box(&theirs)),
                |count| *count == 1000,
            )
        },
        comparisons: NOT_SLOWER,
    },
    Case {
        name: "entries-out",
        about: "1,000 records with two strings from an export",
        subjects: |hosts| {
            subjects(
                hosts,
                1,
                |session| session.give_entries(),
                |entries| entries.len() == 1000 && entries[999].name == "entries/0999.txt",
                |guest, store| guest.call_give_entries(store),
                |entries| entries.len() == 1000 && entries[999].name == "entries/0999.txt",
            )
        },
        comparisons: NOT_SLOWER,
    },
    Case {
        name: "numbers-import",
        about: "1 MiB of f64 to an import; figures for one import, of 100",
        subjects: |hosts| {
            pushes(
                hosts,
                |session| session.push_numbers(TIMES),
                |guest, store| guest.call_push_numbers(store, TIMES),
            )
        },
        comparisons: TWICE,
    },
    Case {
        name: "numbers-in",
        about: "1 MiB of f64 to an export",
        subjects: |hosts| {
            let numbers = &hosts.values.numbers;
            let count = numbers.len();
            subjects(
                hosts,
                1,
                move |session| session.eat_numbers(black_box(numbers)),
                move |eaten| *eaten as usize == count,
                move |guest, store| guest.call_eat_numbers(store, black_box(numbers)),
                move |eaten| *eaten as usize == count,
            )
        },
        comparisons: NOT_SLOWER,
    },
    Case {
        name: "numbers-out",
        about: "1 MiB of f64 from an export",
        subjects: |hosts| {
            let numbers = &hosts.values.numbers;
            subjects(
                hosts,
                1,
                |session| session.give_numbers(),
                move |given| given == numbers,
                |guest, store| guest.call_give_numbers(store),
                move |given| given == numbers,
            )
        },
        comparisons: NOT_SLOWER,
    },
];

/// The guest, loaded in both ways, and the values.
#[derive(Debug)]
pub(super) struct Loaded {
    ours: through_abide::Flows,
    by_hand: by_hand::LoadedFlows,
}

impl Loaded {
    pub(super) fn new(guest: &[u8]) -> Result<Self> {
        Ok(Self {
            ours: through_abide::load(guest)?,
            by_hand: by_hand::LoadedFlows::new(guest)?,
        })
    }
}

type OurGuest = Session<through_abide::Flows>;
type TheirStore = Store<crate::by_hand::State<by_hand::Host>>;

/// A call that makes imports and returns nothing.
fn pushes<'a>(
    hosts: &'a Hosts,
    ours: impl Fn(&OurGuest) -> abide::Result<()> + 'a,
    theirs: impl Fn(&by_hand::Flows, &mut TheirStore) -> wasmtime::Result<()> + 'a,
) -> Result<Vec<Subject<'a>>> {
    subjects(hosts, TIMES, ours, |()| true, theirs, |()| true)
}

/// A call in both ways, after seeing that it does what it should.
fn subjects<'a, A: 'a, B: 'a>(
    hosts: &'a Hosts,
    operations: u32,
    ours: impl Fn(&OurGuest) -> abide::Result<A> + 'a,
    is_right: impl Fn(&A) -> bool,
    theirs: impl Fn(&by_hand::Flows, &mut TheirStore) -> wasmtime::Result<B> + 'a,
    is_theirs_right: impl Fn(&B) -> bool,
) -> Result<Vec<Subject<'a>>> {
    let session = through_abide::session(&hosts.flows.ours, &hosts.values).context(SESSION)?;
    let mut instance = hosts.flows.by_hand.instance(&hosts.values).context(TUNED)?;
    let mut theirs = move || {
        let (guest, store) = instance.armed();
        theirs(guest, store).map_err(lost)
    };
    let right = is_right(&ours(&session)?) && is_theirs_right(&theirs()?);
    ensure!(right, "the guest returned something else than it should");
    Ok(vec![
        Subject::new(SESSION, operations, move || Ok(ours(&session)?)),
        Subject::new(TUNED, operations, theirs),
    ])
}

/// The method of a guest's resource: it is made once.
fn tallies(hosts: &Hosts) -> Result<Vec<Subject<'_>>> {
    let values = Values::empty();
    let session = through_abide::session(&hosts.flows.ours, &values).context(SESSION)?;
    let tally = session.tallies().tally_new(0)?;
    let mut instance = hosts.flows.by_hand.instance(&values).context(TUNED)?;
    let theirs = instance.tally().map_err(lost)?;
    let mut add = move || by_hand_add(&mut instance, theirs);
    let mut instance = hosts.flows.by_hand.instance(&values).context(SHARED)?;
    let theirs = instance.tally().map_err(lost)?;
    let shared = Mutex::new(instance);
    let shared_add = move || by_hand_add(&mut shared.lock(), theirs);
    let right = tally.add(3)? == 3 && add()? == 3 && shared_add()? == 3;
    ensure!(
        right,
        "the guest's tally counts something else than it should"
    );
    Ok(vec![
        Subject::new(SESSION, 1, move || Ok(tally.add(black_box(3))?)),
        Subject::new(TUNED, 1, add),
        Subject::new(SHARED, 1, shared_add),
    ])
}

fn by_hand_add(instance: &mut by_hand::Instance, tally: ResourceAny) -> Result<u64> {
    let (guest, store) = instance.armed();
    let tallies = guest.abide_flows_tallies().tally();
    tallies.call_add(store, tally, black_box(3)).map_err(lost)
}
