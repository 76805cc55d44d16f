//! The cases with more than one thread: how much more is done by two than by one.
//!
//! A figure is the time of the whole divided by the calls of all threads, so that two threads that
//! do not hinder one another have half of the figure of one.

use std::cell::OnceCell;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
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
/// What the machine has to give: each thread has an instance, or makes them on one engine, and
/// shares nothing else.
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
    let other = Other::of_this_process(&hosts.tuned)?;
    Ok(vec![
        one(ONE, through_abide(abide)),
        two(TWO, through_abide(abide), &other, through_abide(abide)),
        one(HAND_ONE, by_hand(&hosts.tuned)?),
        two(
            HAND_TWO,
            by_hand(&hosts.tuned)?,
            &other,
            by_hand(&hosts.tuned)?,
        ),
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
    other: &Rc<Other>,
    theirs: Work<'static>,
) -> Subject<'static> {
    let (other, theirs) = (Rc::clone(other), Arc::new(Mutex::new(theirs)));
    Subject::timed(name, 2, move |calls| {
        let start = Instant::now();
        other.begin(&theirs, calls)?;
        mine(calls)?;
        other.end()?;
        Ok(start.elapsed())
    })
}

/// Work that another thread does, and how many calls of it.
type Order = (Arc<Mutex<Work<'static>>>, u64);

/// The other thread. It ends when this is dropped.
struct Other {
    orders: SyncSender<Order>,
    results: Receiver<Result<()>>,
}

impl Other {
    /// The one that all cases and ways use.
    ///
    /// The pool of wasmtime's engines is in parts, one for each core, and threads get theirs in
    /// turn when they first make an instance. Two that share a part are in each other's way all the
    /// time. The thread that measures has had the first one; this makes sure that the other has the
    /// second, whichever cases run.
    fn of_this_process(by_hand: &Loaded<Nothing>) -> Result<Rc<Self>> {
        thread_local! {
            static OTHER: OnceCell<Rc<Other>> = const { OnceCell::new() };
        }
        OTHER.with(|cell| {
            if let Some(other) = cell.get() {
                return Ok(Rc::clone(other));
            }
            drop(by_hand.instance()?);
            let other = Rc::new(Self::start()?);
            other.begin(&Arc::new(Mutex::new(fresh(by_hand)?)), 1)?;
            other.end()?;
            Ok(Rc::clone(cell.get_or_init(|| other)))
        })
    }

    fn start() -> Result<Self> {
        let (orders, taken) = sync_channel::<Order>(1);
        let (done, results) = sync_channel(1);
        thread::Builder::new()
            .name("other".to_owned())
            .spawn(move || {
                while let Ok((work, calls)) = taken.recv() {
                    let result = match work.lock() {
                        Ok(mut work) => work(calls),
                        Err(_) => Err(anyhow!("the work failed before")),
                    };
                    if done.send(result).is_err() {
                        break;
                    }
                }
            })
            .context("cannot start the second thread")?;
        Ok(Self { orders, results })
    }

    fn begin(&self, work: &Arc<Mutex<Work<'static>>>, calls: u64) -> Result<()> {
        self.orders
            .send((Arc::clone(work), calls))
            .map_err(|_| anyhow!("the second thread has ended"))
    }

    fn end(&self) -> Result<()> {
        const LONG: Duration = Duration::from_secs(60);
        self.results
            .recv_timeout(LONG)
            .context("the second thread does not answer")?
    }
}
