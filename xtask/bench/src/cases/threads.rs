//! The cases with more than one thread: how much more is done by two than by one.
//!
//! A figure is the time of the whole divided by the calls of all threads, so that two threads that do not
//! hinder one another have half of the figure of one.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow};

use super::calls::{Add, Call};
use super::{Case, Hosts};
use crate::by_hand::{Loaded, Nothing, lost};
use crate::compare::{Comparison, Goal};
use crate::measure::Subject;
use crate::through_abide::Bench;

const ONE: &str = "Abide, 1 thread";
const TWO: &str = "Abide, 2 threads";
/// What the machine has to give: each thread has an instance and shares nothing.
const HAND_ONE: &str = "bindgen!, tuned, 1 thread";
const HAND_TWO: &str = "bindgen!, tuned, 2 threads";

pub(super) const ALL: &[Case] = &[
    Case {
        name: "threads-warm",
        about: "add through one handle with kept instances, on one thread and on two",
        subjects: |hosts| subjects(hosts, &hosts.warm, kept),
        comparisons: &[
            Comparison::new(ONE, TWO).goal(Goal::AtLeast(1.9)),
            Comparison::new(HAND_ONE, HAND_TWO),
        ],
    },
    Case {
        name: "threads-fresh",
        about: "add through one handle with a new instance each, on one thread and on two",
        subjects: |hosts| subjects(hosts, &hosts.abide, fresh),
        comparisons: &[
            Comparison::new(ONE, TWO).goal(Goal::AtLeast(1.6)),
            Comparison::new(HAND_ONE, HAND_TWO),
        ],
    },
];

/// Makes so many calls.
type Work<'a> = Box<dyn FnMut(u64) -> Result<()> + Send + 'a>;

fn subjects<'a>(
    hosts: &'a Hosts,
    abide: &'a Bench,
    by_hand: fn(&Loaded<Nothing>) -> Result<Work<'static>>,
) -> Result<Vec<Subject<'a>>> {
    Ok(vec![
        one(ONE, through_abide(abide)),
        two(TWO, through_abide(abide), through_abide(abide))?,
        one(HAND_ONE, by_hand(&hosts.tuned)?),
        two(HAND_TWO, by_hand(&hosts.tuned)?, by_hand(&hosts.tuned)?)?,
    ])
}

fn through_abide(abide: &Bench) -> Work<'static> {
    let abide = abide.clone();
    Box::new(move |calls| {
        for _ in 0..calls {
            std::hint::black_box(Add.through_abide(&abide)?);
        }
        Ok(())
    })
}

/// One instance, used over and over again.
fn kept(by_hand: &Loaded<Nothing>) -> Result<Work<'static>> {
    let mut instance = by_hand.instance()?;
    Ok(Box::new(move |calls| {
        for _ in 0..calls {
            instance.rearm()?;
            let (guest, store) = instance.parts();
            std::hint::black_box(Add.by_hand(guest, store).map_err(lost)?);
        }
        Ok(())
    }))
}

/// A new instance for each call.
fn fresh(by_hand: &Loaded<Nothing>) -> Result<Work<'static>> {
    let by_hand = by_hand.clone();
    Ok(Box::new(move |calls| {
        for _ in 0..calls {
            let mut instance = by_hand.instance()?;
            let (guest, store) = instance.parts();
            std::hint::black_box(Add.by_hand(guest, store).map_err(lost)?);
        }
        Ok(())
    }))
}

fn one(name: &'static str, mut work: Work<'static>) -> Subject<'static> {
    Subject::timed(name, 1, move |calls| {
        let start = Instant::now();
        work(calls)?;
        Ok(start.elapsed())
    })
}

/// The work of two threads: the one that measures, and one that is there all the time.
fn two(
    name: &'static str,
    mut mine: Work<'static>,
    theirs: Work<'static>,
) -> Result<Subject<'static>> {
    let other = Other::start(theirs)?;
    Ok(Subject::timed(name, 2, move |calls| {
        let start = Instant::now();
        other.begin(calls)?;
        mine(calls)?;
        other.end()?;
        Ok(start.elapsed())
    }))
}

/// The other thread. It ends when this is dropped.
struct Other {
    orders: SyncSender<u64>,
    results: Receiver<Result<()>>,
}

impl Other {
    fn start(mut work: Work<'static>) -> Result<Self> {
        let (orders, taken) = sync_channel(1);
        let (done, results) = sync_channel(1);
        thread::Builder::new()
            .name("other".to_owned())
            .spawn(move || {
                while let Ok(calls) = taken.recv() {
                    if done.send(work(calls)).is_err() {
                        break;
                    }
                }
            })
            .context("cannot start the second thread")?;
        Ok(Self { orders, results })
    }

    fn begin(&self, calls: u64) -> Result<()> {
        self.orders
            .send(calls)
            .map_err(|_| anyhow!("the second thread has ended"))
    }

    fn end(&self) -> Result<()> {
        const LONG: Duration = Duration::from_secs(60);
        self.results
            .recv_timeout(LONG)
            .context("the second thread does not answer")?
    }
}
