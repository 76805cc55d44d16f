//! A hundred thousand resources in each direction, and nothing of them is left: no value of the
//! host, no memory of the guest, no handle, no memory of the process.
//!
//! One test at a time, since the memory of the process is everybody's. Sessions have few handles:
//! the engine would refuse a call as soon as some of them stayed.

#[path = "../support/mod.rs"]
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use abide::{Limits, Session};
use abide_build::Target;

abide::abi!("tests/fixtures/leaks/wit");

use things::Labelled;

/// How many resources each test makes.
const COUNT: u32 = 100_000;

/// How much the process may grow meanwhile: less than a tenth of what the values themselves would
/// need if they stayed, and less than what a table would need for their places alone.
const GROWTH: usize = 1 << 20;

/// The host, and how many of its values were made and are alive.
#[derive(Clone, Default)]
struct App {
    made: Arc<AtomicUsize>,
    alive: Arc<AtomicUsize>,
}

struct Thing {
    number: u32,
    alive: Arc<AtomicUsize>,
    // So that what leaks shows in the size of the process.
    _ballast: Box<[u8; 128]>,
}

impl App {
    fn thing(&self, number: u32) -> Thing {
        self.made.fetch_add(1, Ordering::Relaxed);
        self.alive.fetch_add(1, Ordering::Relaxed);
        Thing {
            number,
            alive: Arc::clone(&self.alive),
            _ballast: Box::new([1; 128]),
        }
    }

    fn made(&self) -> u32 {
        self.made.load(Ordering::Relaxed) as u32
    }

    fn alive(&self) -> usize {
        self.alive.load(Ordering::Relaxed)
    }
}

impl Drop for Thing {
    fn drop(&mut self) {
        self.alive.fetch_sub(1, Ordering::Relaxed);
    }
}

impl host::Things for App {
    type Thing = Thing;

    fn thing_new(&mut self, number: u32) -> Thing {
        self.thing(number)
    }

    fn through(&mut self, of: Thing) -> Thing {
        of
    }

    fn label(&mut self, of: Thing) -> Labelled<Thing> {
        Labelled {
            label: of.number.to_string(),
            thing: of,
        }
    }

    fn sum(&mut self, of: Vec<&Thing>) -> u64 {
        of.iter().map(|thing| u64::from(thing.number)).sum()
    }

    fn many(&mut self, count: u32) -> Vec<Thing> {
        (0..count).map(|number| self.thing(number)).collect()
    }
}

impl host::things::Thing for Thing {
    fn number(&mut self) -> u32 {
        self.number
    }
}

/// Keeps the tests of this program apart, and loads the guest.
fn alone() -> (MutexGuard<'static, ()>, host::Leaks, App) {
    static ALONE: Mutex<()> = Mutex::new(());
    static GUEST: OnceLock<Vec<u8>> = OnceLock::new();
    let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let guest =
        GUEST.get_or_init(|| std::fs::read(support::guest("leaks", Target::Unknown)).unwrap());
    let app = App::default();
    let limits = Limits::default()
        .handles(64)
        .deadline(Duration::from_secs(120));
    let guest = host::Leaks::builder(app.clone())
        .name("leaks")
        .limits(limits)
        .load_bytes(guest)
        .unwrap();
    (alone, guest, app)
}

/// The memory of this process that is in use, in bytes. Linux tells; elsewhere it is always 0, and
/// what the tests say of it holds.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).map(str::parse);
    pages.and_then(Result::ok).unwrap_or(0) * 4096
}

/// Runs `round` once, so that all is warm, and then as often as it takes to make [`COUNT`]
/// resources of `each`; fails if the process or the guest's memory has grown since the first.
fn flat(session: &Session<host::Leaks>, each: u32, mut round: impl FnMut()) {
    round();
    let (pages, before) = (session.pages().unwrap(), resident());
    for _ in 0..COUNT / each {
        round();
    }
    assert_eq!(session.pages().unwrap(), pages);
    assert_flat(before);
}

fn assert_flat(before: usize) {
    let grown = resident().saturating_sub(before);
    assert!(grown < GROWTH, "the process has grown by {grown} bytes");
}

#[test]
fn the_guest_makes_passes_and_drops() {
    let (_alone, guest, app) = alone();
    let session = guest.session().unwrap();
    flat(&session, 10_000, || {
        assert!(session.churn(10_000).unwrap() > 0);
        assert_eq!(app.alive(), 0);
    });
    assert_eq!(app.made(), COUNT + 10_000);
}

#[test]
fn the_host_gives_lends_and_gets_back() {
    let (_alone, guest, app) = alone();
    let session = guest.session().unwrap();
    flat(&session, 10_000, || {
        for number in 0..10_000 {
            let mut thing = app.thing(number);
            assert_eq!(session.peek(&mut thing).unwrap(), number);
            let thing: Thing = session.pass(thing).unwrap();
            assert_eq!(thing.number, number);
        }
        assert_eq!(app.alive(), 0);
    });
    assert_eq!(app.made(), COUNT + 10_000);
}

#[test]
fn the_host_makes_passes_and_drops() {
    let (_alone, guest, _) = alone();
    let session = guest.session().unwrap();
    let items = session.items();
    flat(&session, 10_000, || {
        for number in (0..10_000).step_by(10) {
            let item = items.through(items.item_new(number).unwrap()).unwrap();
            let other = items.item_new(number + 1).unwrap();
            let sum = items.sum(vec![&item, &other, &item]).unwrap();
            assert_eq!(sum, 3 * u64::from(number) + 1);
            assert_eq!(other.fork().is_ok(), number % 2 == 1);
            let joined = item.joined(other).unwrap();
            assert_eq!(joined.number().unwrap(), 2 * number + 1);
            assert_eq!(items.many(6).unwrap().len(), 6);
        }
        assert_eq!(items.alive().unwrap(), 0);
    });
}

#[test]
fn instances_take_with_them_what_guests_forget() {
    let (_alone, guest, app) = alone();
    let each = 50;
    let round = || {
        guest.forget(each).unwrap();
        assert_eq!(app.alive(), 0);
    };
    // Instances come out of a pool: all of its places have to be warm.
    (0..COUNT / each / 4).for_each(|_| round());
    let before = resident();
    (0..COUNT / each).for_each(|_| round());
    assert_flat(before);
    assert_eq!(app.made(), COUNT + COUNT / 4);
}

#[test]
fn calls_that_are_refused_leave_nothing() {
    let (_alone, guest, app) = alone();
    let (session, other) = (guest.session().unwrap(), guest.session().unwrap());
    let foreign = other.items().item_new(1).unwrap();
    flat(&session, 5_000, || {
        for number in 0..2_500 {
            // The first is lent already when the second turns out to be of another session.
            let item = session.items().item_new(number).unwrap();
            assert!(session.items().sum(vec![&item, &foreign]).is_err());
            // And this is moved for nothing.
            let lost = other.items().item_new(number).unwrap();
            assert!(item.joined(lost).is_err());
        }
        assert_eq!(session.items().alive().unwrap(), 0);
        assert_eq!(other.items().alive().unwrap(), 1);
    });
    assert_eq!(app.made(), 0);
}
