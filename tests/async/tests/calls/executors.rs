//! Executors that are not tokio's: all that a call needs of one is that it polls when it is woken.
//! And what those do that are not as they should be.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::mpsc::{self, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use abide::{Error, Isolation, Result, Warm};
use abide_async_tests::{Act, App};

use super::{PUT, done, engine, lab, on, patient, policies, poll, single, within};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// An executor in ten lines.
fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(done) => return done,
            Poll::Pending => thread::park(),
        }
    }
}

#[test]
fn calls_are_made_on_any() {
    let lab = lab(&App::new(Act::Yield), patient(), Warm::new());
    assert_eq!(block_on(lab.add(1, 2)).unwrap(), 3);
    assert_eq!(block_on(lab.put_all(3)).unwrap(), 3 * PUT);
}

#[test]
fn deadlines_hold_on_any() {
    let lab = lab(&App::new(Act::Never), within(60), Isolation::Fresh);
    for error in [
        block_on(lab.spin()).unwrap_err(),
        block_on(lab.put_all(1)).unwrap_err(),
    ] {
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
    }
}

#[test]
fn each_poll_may_be_on_another_thread() {
    for isolation in policies() {
        let lab = lab(&App::new(Act::Yield), patient(), isolation);
        let mut call = Box::pin(lab.put_all(50));
        let mut polls = 0;
        let sum = loop {
            polls += 1;
            let polled = thread::scope(|scope| {
                let call = call.as_mut();
                let one = scope.spawn(|| call.poll(&mut Context::from_waker(Waker::noop())));
                one.join().unwrap()
            });
            if let Poll::Ready(sum) = polled {
                break sum.unwrap();
            }
        };
        // It may also have let others run at a tick.
        assert_eq!(sum, 50 * PUT);
        assert!(polls > 50, "{polls}");
    }
}

#[test]
fn polled_after_it_is_done_a_call_panics_and_that_is_all() {
    let one = engine(1);
    let lab = on(&one, &App::default(), patient(), Warm::new());
    let mut call = Box::pin(lab.add(1, 2));
    let mut cx = Context::from_waker(Waker::noop());
    assert_eq!(done(|| call.as_mut().poll(&mut cx)).unwrap(), 3);
    let again = catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(&mut cx)));
    assert!(again.is_err());
    drop(call);
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
}

#[test]
fn what_is_never_polled_again_keeps_its_room_until_it_is_dropped() {
    let one = engine(1);
    let limits = patient().wait(Duration::from_millis(30));
    let lab = on(&one, &App::new(Act::Never), limits, Isolation::Fresh);
    let mut call = Box::pin(lab.put_all(1));
    assert!(!poll(call.as_mut(), 1));
    let error = single().block_on(lab.add(1, 2)).unwrap_err();
    let is_busy = matches!(error, Error::Busy { session: false, .. });
    assert!(is_busy, "{error}");
    // Nor is what it was given in the line and never took.
    let mut next = Box::pin(lab.add(1, 2));
    assert!(!poll(next.as_mut(), 1));
    drop(call);
    let error = single().block_on(lab.add(1, 2)).unwrap_err();
    assert!(matches!(error, Error::Busy { .. }), "{error}");
    drop(next);
    assert_eq!(single().block_on(lab.add(1, 2)).unwrap(), 3);
}

#[test]
fn what_is_forgotten_keeps_its_room_for_good() {
    let two = engine(2);
    let limits = patient().wait(Duration::from_millis(30));
    let lab = on(&two, &App::new(Act::Never), limits, Isolation::Fresh);
    let session = single().block_on(lab.session()).unwrap();
    let session = Arc::new(session);
    let held = Arc::clone(&session);
    let mut call = Box::pin(async move { held.put_all(1).await });
    assert!(!poll(call.as_mut(), 1));
    std::mem::forget(call);
    single().block_on(async {
        let error = session.count().await.unwrap_err();
        let is_busy = matches!(error, Error::Busy { session: true, .. });
        assert!(is_busy, "{error}");
        drop(session);
        // There is the other room.
        for _ in 0..10 {
            assert_eq!(lab.add(1, 2).await.unwrap(), 3);
        }
        let other = lab.session().await.unwrap();
        let error = lab.add(1, 2).await.unwrap_err();
        assert!(matches!(error, Error::Busy { .. }), "{error}");
        drop(other);
    });
    assert_eq!(lab.stats().instances, 1);
}

/// Panics when it is woken.
struct Angry;

impl Wake for Angry {
    fn wake(self: Arc<Self>) {
        panic!("woken");
    }
}

#[test]
fn a_waker_that_panics_is_its_executors_affair() {
    let one = engine(1);
    let app = App::new(Act::Never);
    let lab = on(&one, &app, within(40), Isolation::Fresh);
    let waker = Waker::from(Arc::new(Angry));
    let mut cx = Context::from_waker(&waker);
    // It waits for the host, and others for room: the clock wakes it, and then whoever makes room
    // those.
    let mut call = Box::pin(lab.put_all(1));
    assert!(call.as_mut().poll(&mut cx).is_pending());
    let mut waiting = Box::pin(lab.add(1, 2));
    assert!(waiting.as_mut().poll(&mut cx).is_pending());
    thread::sleep(Duration::from_millis(100));
    drop(call);
    assert_eq!(done(|| waiting.as_mut().poll(&mut cx)).unwrap(), 3);
    drop(waiting);
    // The clock still goes.
    let error = single().block_on(lab.spin()).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
    let error = single().block_on(lab.put_all(1)).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}

type Spawned = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Polls its future wherever it is woken.
struct InPlace(Mutex<Option<Spawned>>);

impl Wake for InPlace {
    fn wake(self: Arc<Self>) {
        let Ok(mut future) = self.0.try_lock() else {
            return;
        };
        let waker = Waker::from(Arc::clone(&self));
        let mut cx = Context::from_waker(&waker);
        if let Some(polled) = &mut *future
            && polled.as_mut().poll(&mut cx).is_ready()
        {
            *future = None;
        }
    }
}

#[test]
fn a_waker_that_polls_gets_no_guest_to_run_on_the_clocks_thread() {
    let one = engine(1);
    let lab = on(&one, &App::new(Act::Never), within(60), Isolation::Fresh);
    let (tell, told) = mpsc::channel::<Result<()>>();
    // Waits for room, which is there at some tick.
    let mut holder = Box::pin(lab.put_all(1));
    assert!(!poll(holder.as_mut(), 1));
    let called = lab.clone();
    let task = Arc::new(InPlace(Mutex::new(Some(Box::pin(async move {
        // Woken by the clock, it goes on to call a guest there.
        let first = called.put_all(1).await.map(drop);
        tell.send(first).unwrap();
        tell.send(called.spin().await).unwrap();
    })))));
    Waker::from(task).wake();
    thread::sleep(Duration::from_millis(30));
    drop(holder);
    let patience = Duration::from_secs(60);
    let (first, second) = (told.recv_timeout(patience), told.recv_timeout(patience));
    let is_refused = |ended: &Result<()>| matches!(ended, Err(Error::Misuse { .. }));
    assert!(
        second.as_ref().is_ok_and(is_refused),
        "{first:?} {second:?}"
    );
    let text = second.unwrap().unwrap_err().to_string();
    assert!(
        text.contains("on the thread of the engine's clock"),
        "{text}"
    );
    let error = single().block_on(lab.spin()).unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error}");
}

/// A task of the executor that books show: its waker has all of it, and sends it to the executor.
struct Queued {
    future: Mutex<Option<Spawned>>,
    queue: SyncSender<Arc<Self>>,
}

impl Wake for Queued {
    fn wake(self: Arc<Self>) {
        // If the executor is gone, this drops the task, where it is woken.
        let _ = self.queue.clone().send(self);
    }
}

#[test]
fn an_executor_goes_and_its_last_task_with_the_engine_on_the_clocks_thread() {
    struct Told(mpsc::Sender<&'static str>);
    impl Drop for Told {
        fn drop(&mut self) {
            let name = thread::current().name().map(str::to_owned);
            let is_clock = name.as_deref() == Some("abide-ticker");
            let _ = self.0.send(if is_clock { "clock" } else { "other" });
        }
    }
    let (tell, told) = mpsc::channel();
    let (queue, tasks) = mpsc::sync_channel(8);
    let app = App::new(Act::Never);
    {
        let lab = lab(&app, within(40), Isolation::Fresh);
        let told = Told(tell);
        let future: Spawned = Box::pin(async move {
            // Dropped after the handle, which has the only engine.
            let (_told, lab) = (told, lab);
            let _ = lab.put_all(1).await;
        });
        let future = Mutex::new(Some(future));
        Arc::new(Queued { future, queue }).wake();
    }
    let task = tasks.recv().unwrap();
    let waker = Waker::from(Arc::clone(&task));
    if let Some(future) = &mut *task.future.lock().unwrap_or_else(PoisonError::into_inner) {
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        assert!(polled.is_pending());
    }
    // Now only the clock knows the task.
    drop((task, waker, tasks));
    let patience = Duration::from_secs(60);
    assert_eq!(told.recv_timeout(patience), Ok("clock"));
    // Its thread ends, and nothing is left that would keep the engine.
    let begun = Instant::now();
    while Arc::strong_count(&app.called) > 1 {
        assert!(begun.elapsed() < patience);
        thread::sleep(Duration::from_millis(1));
    }
}
