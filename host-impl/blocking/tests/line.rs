//! The line: how many, how long, who is told that there is no room, and what a panic does.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use abide_blocking::{Bounds, Undone, Work};

fn bounds(at_a_time: usize, waiting: usize, wait: Duration) -> Bounds {
    Bounds {
        at_a_time,
        waiting,
        wait,
    }
}

const LONG: Duration = Duration::from_secs(600);

/// Work that goes on until it is let go.
fn hold(work: &Work) -> (thread::JoinHandle<()>, std::sync::mpsc::Sender<()>) {
    let (work, (let_go, held), (begun, begins)) = (work.clone(), channel(), channel());
    let thread = thread::spawn(move || {
        let done = work.here(|| {
            begun.send(()).unwrap();
            held.recv().unwrap();
        });
        done.unwrap();
    });
    begins.recv().unwrap();
    (thread, let_go)
}

#[test]
fn no_more_is_done_at_a_time_than_was_allowed() {
    let work = Work::new(bounds(2, 100, LONG));
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..50 {
                    let done = work.here(|| {
                        let running = now.fetch_add(1, Ordering::SeqCst) + 1;
                        most.fetch_max(running, Ordering::SeqCst);
                        thread::yield_now();
                        now.fetch_sub(1, Ordering::SeqCst);
                    });
                    done.unwrap();
                }
            });
        }
    });
    assert!((1..=2).contains(&most.load(Ordering::SeqCst)));
}

#[test]
fn a_full_line_and_a_long_wait_are_told() {
    let full = Work::new(bounds(1, 0, LONG));
    let (thread, let_go) = hold(&full);
    assert_eq!(full.here(|| ()), Err(Undone::Busy));
    let_go.send(()).unwrap();
    thread.join().unwrap();
    assert_eq!(full.here(|| 7), Ok(7));

    let slow = Work::new(bounds(1, 1, Duration::from_millis(20)));
    let (thread, let_go) = hold(&slow);
    assert_eq!(slow.here(|| ()), Err(Undone::Busy));
    // Whoever gave up left its place.
    assert_eq!(slow.here(|| ()), Err(Undone::Busy));
    let_go.send(()).unwrap();
    thread.join().unwrap();
    assert_eq!(slow.here(|| 8), Ok(8));
}

#[test]
fn who_waits_has_its_turn() {
    let work = Work::new(bounds(1, 1, LONG));
    let (thread, let_go) = hold(&work);
    let waits = thread::spawn({
        let work = work.clone();
        move || work.here(|| 9)
    });
    let_go.send(()).unwrap();
    assert_eq!(waits.join().unwrap(), Ok(9));
    thread.join().unwrap();
}

#[test]
fn a_panic_is_told_and_gives_back_its_turn() {
    let work = Work::new(bounds(1, 0, LONG));
    for _ in 0..3 {
        let done = work.here(|| panic!("{} is too much", 7));
        assert_eq!(
            done,
            Err::<(), _>(Undone::Panicked("7 is too much".to_owned()))
        );
    }
    let done = work.here(|| panic!("{}", "ä".repeat(1000)));
    let Err::<(), _>(Undone::Panicked(text)) = done else {
        panic!("it panicked");
    };
    assert_eq!(text.len(), 512);
}

#[cfg(feature = "async")]
mod awaited {
    use super::*;

    #[test]
    fn tasks_and_threads_stand_in_one_line() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_time()
            .build();
        let runtime = runtime.unwrap();
        let work = Work::new(bounds(1, 0, LONG));
        let (thread, let_go) = hold(&work);
        assert_eq!(runtime.block_on(work.away(|| ())), Err(Undone::Busy));
        let_go.send(()).unwrap();
        thread.join().unwrap();
        assert_eq!(runtime.block_on(work.away(|| 7)), Ok(7));
        let done = runtime.block_on(work.away(|| panic!("no")));
        assert_eq!(done, Err::<(), _>(Undone::Panicked("no".to_owned())));
        assert_eq!(work.here(|| 8), Ok(8));
    }

    #[test]
    fn what_has_begun_keeps_its_turn_though_nobody_waits_for_it() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_time()
            .build();
        let runtime = runtime.unwrap();
        let work = Work::new(bounds(1, 0, LONG));
        let ((let_go, held), (begun, begins)) = (channel(), channel());
        let task = runtime.spawn({
            let work = work.clone();
            async move {
                let job = move || {
                    begun.send(()).unwrap();
                    held.recv().unwrap();
                };
                work.away(job).await
            }
        });
        begins.recv().unwrap();
        task.abort();
        assert!(runtime.block_on(task).unwrap_err().is_cancelled());
        assert_eq!(work.here(|| ()), Err(Undone::Busy));
        let_go.send(()).unwrap();
        // It ends soon.
        while work.here(|| ()).is_err() {
            thread::yield_now();
        }
    }

    #[test]
    fn without_a_runtime_it_is_said() {
        let work = Work::new(Bounds::default());
        let mut done = std::pin::pin!(work.away(|| ()));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        let std::task::Poll::Ready(done) = done.as_mut().poll(&mut context) else {
            panic!("there is nothing to wait for");
        };
        assert_eq!(done, Err(Undone::NoRuntime));
    }
}
