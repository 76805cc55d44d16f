//! The line of those who wait: who is served before whom, and that nobody waits for nothing.

use std::sync::atomic::{AtomicBool, AtomicU32};
use std::thread;

use super::*;

const LONG: Duration = Duration::from_secs(60);

fn acquire(permits: &Arc<Permits>, wait: Duration) -> Result<Permit, Denied> {
    Permits::acquire(permits, 1, wait, || false, || false)
}

#[test]
fn permits_run_out_and_come_back() {
    let permits = Arc::new(Permits::new(1));
    let held = acquire(&permits, Duration::ZERO);
    assert!(held.is_ok());
    let denied = acquire(&permits, Duration::from_millis(1));
    assert_eq!(denied.err(), Some(Denied::TimedOut { free: 0 }));
    assert!(!permits.are_waited_for());
    drop(held);
    assert!(acquire(&permits, Duration::ZERO).is_ok());
}

#[test]
fn the_line_is_served_in_order_and_the_cancelled_leave_it() {
    let permits = Arc::new(Permits::new(1));
    let held = acquire(&permits, Duration::ZERO);
    let served = Arc::new(AtomicU32::new(0));
    let cancelled = Arc::new(AtomicBool::new(false));
    let mut threads = Vec::new();
    for place in 0..6_usize {
        let (mine, served) = (Arc::clone(&permits), Arc::clone(&served));
        let cancelled = Arc::clone(&cancelled);
        threads.push(thread::spawn(move || {
            let gives_up = || place % 2 == 1 && cancelled.load(Ordering::Relaxed);
            let permit = Permits::acquire(&mine, 1, LONG, || false, gives_up);
            let turn = served.fetch_add(u32::from(permit.is_ok()), Ordering::Relaxed);
            (permit.is_ok(), turn)
        }));
        while permits.waiting.load(Ordering::Relaxed) != place + 1 {
            thread::yield_now();
        }
    }
    cancelled.store(true, Ordering::Relaxed);
    while permits.waiting.load(Ordering::Relaxed) != 3 {
        thread::yield_now();
    }
    drop(held);
    let ends: Vec<_> = threads
        .into_iter()
        .filter_map(|thread| thread.join().ok())
        .collect();
    let turns: Vec<_> = ends.iter().filter(|end| end.0).map(|end| end.1).collect();
    assert_eq!(ends.len(), 6);
    assert_eq!(turns, [0, 1, 2]);
    assert!(acquire(&permits, Duration::ZERO).is_ok());
}

#[test]
fn room_made_while_waiting_is_taken() {
    let permits = Arc::new(Permits::new(1));
    let held = Mutex::new(acquire(&permits, Duration::ZERO).ok());
    let make_room = || held.lock().take().is_some();
    assert!(Permits::acquire(&permits, 1, LONG, make_room, || false).is_ok());
}

/// Starts to wait for permits on a thread of its own.
fn start(
    permits: &Arc<Permits>,
    wanted: u32,
    wait: Duration,
) -> thread::JoinHandle<Result<Permit, Denied>> {
    let mine = Arc::clone(permits);
    let came = || {
        let line = permits.line.lock();
        line.given + line.waiting.len() as u64
    };
    let before = came();
    let thread = thread::spawn(move || Permits::acquire(&mine, wanted, wait, || false, || false));
    while came() == before && !thread.is_finished() {
        thread::yield_now();
    }
    thread
}

fn served(thread: thread::JoinHandle<Result<Permit, Denied>>) -> Permit {
    match thread.join() {
        Ok(Ok(permit)) => permit,
        other => panic!("{other:?}"),
    }
}

#[test]
fn who_wants_several_waits_for_all_of_them() {
    let permits = Arc::new(Permits::new(3));
    assert_eq!(permits.all(), 3);
    let one = acquire(&permits, Duration::ZERO);
    let three = start(&permits, 3, LONG);
    assert_eq!(permits.free(), 2);
    drop(one);
    let three = served(three);
    assert_eq!(permits.free(), 0);
    drop(three);

    // When the first gives up, there is enough for the next, and the first knows how much there
    // was.
    let one = acquire(&permits, Duration::ZERO);
    drop(one);
    let two = served(start(&permits, 2, LONG));
    let given_up = start(&permits, 3, Duration::from_millis(50));
    assert!(matches!(
        given_up.join(),
        Ok(Err(Denied::TimedOut { free: 1 }))
    ));
    assert!(acquire(&permits, Duration::ZERO).is_ok());
    drop(two);
    assert_eq!(permits.free(), 3);
}

#[test]
fn who_has_to_wait_for_others_anyway_keeps_nobody_waiting() {
    let permits = Arc::new(Permits::new(8));
    let held: Vec<_> = (0..3).map(|_| acquire(&permits, Duration::ZERO)).collect();
    let large = start(&permits, 7, LONG);
    // Far more often than there is room at once.
    for _ in 0..100 {
        let small: Vec<_> = (0..5).map(|_| acquire(&permits, Duration::ZERO)).collect();
        assert!(small.iter().all(Result::is_ok));
        let denied = acquire(&permits, Duration::ZERO).err();
        assert_eq!(denied, Some(Denied::TimedOut { free: 0 }));
    }
    assert!(!large.is_finished());
    drop(held);
    drop(served(large));
    assert_eq!(permits.free(), 8);
}

#[test]
fn who_has_to_wait_only_for_those_that_came_later_goes_before_more_of_them() {
    let permits = Arc::new(Permits::new(8));
    let held: Vec<_> = (0..2).map(|_| acquire(&permits, Duration::ZERO)).collect();
    let large = start(&permits, 7, LONG);
    let before = [0, 1].map(|_| acquire(&permits, Duration::ZERO));
    drop(held);
    // Of the two that went before it, one may stay: there is room for it beside the large one.
    let later = start(&permits, 1, LONG);
    let much_later = start(&permits, 2, Duration::from_millis(20));
    assert!(matches!(
        much_later.join(),
        Ok(Err(Denied::TimedOut { free: 6 }))
    ));
    let [stays, goes] = before;
    drop(goes);
    let large = served(large);
    assert!(!later.is_finished());
    assert_eq!(permits.free(), 0);
    drop(large);
    drop((served(later), stays));
    assert_eq!(permits.free(), 8);
}

#[test]
fn a_large_one_is_served_however_many_small_ones_come() {
    let permits = Arc::new(Permits::new(4));
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    assert!(acquire(&permits, LONG).is_ok());
                }
            });
        }
        for _ in 0..20 {
            assert!(Permits::acquire(&permits, 4, LONG, || false, || false).is_ok());
        }
        stop.store(true, Ordering::Relaxed);
    });
    assert_eq!(permits.free(), 4);
}

#[test]
fn what_is_about_to_be_given_back_is_room_enough() {
    let permits = Arc::new(Permits::new(100));
    let held: Vec<_> = (0..100)
        .filter_map(|_| acquire(&permits, LONG).ok())
        .collect();
    let (parked, leaving) = (Mutex::new(held), Mutex::new(Vec::new()));
    let make_room = || {
        let Some(mut permit) = parked.lock().pop() else {
            return false;
        };
        permit.leaves();
        leaving.lock().push(permit);
        true
    };
    // One is enough; another is asked for only when it has not come for a while.
    let denied = Permits::acquire(&permits, 1, Duration::ZERO, make_room, || false);
    assert_eq!(denied.err(), Some(Denied::TimedOut { free: 0 }));
    let evicted = leaving.lock().len();
    assert!((1..5).contains(&evicted), "{evicted}");
    leaving.lock().clear();
    assert_eq!(permits.free() as usize, evicted);
    assert_eq!(permits.line.lock().leaving, 0);
}

#[test]
fn room_is_made_until_there_is_enough() {
    let permits = Arc::new(Permits::new(3));
    let held: Vec<_> = (0..3).map(|_| acquire(&permits, Duration::ZERO)).collect();
    let held = Mutex::new(held);
    let make_room = || held.lock().pop().is_some();
    // Faster than with one for each look.
    let permit = Permits::acquire(&permits, 3, LONG, make_room, || false);
    assert!(permit.is_ok());
}
