//! Calls that are awaited.

mod dropped;
mod ended;
mod executors;
mod line;
mod nesting;
mod random;
mod sessions;
mod time;

use std::future::Future;
use std::pin::pin;
use std::sync::LazyLock;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use abide::{Artefacts, Builder, Engine, Error, Isolation, Limits, Warm};
use abide_async_tests::host_async::Lab;
use abide_async_tests::{Act, App, host};
use tokio::runtime::{Builder as Tokio, Runtime};

/// The guest's component.
static LAB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let text = include_str!("../../wit/lab.wat");
    wat::parse_str(text).unwrap_or_else(|error| panic!("{error}"))
});

/// As put together by all instances: 13 bytes of a key, 1,000 of a value.
const PUT: u32 = 1013;

/// However busy the machine is, it is in time.
fn patient() -> Limits {
    let minute = Duration::from_secs(60);
    Limits::new().deadline(minute).wait(minute)
}

fn within(milliseconds: u64) -> Limits {
    patient().deadline(Duration::from_millis(milliseconds))
}

fn engine(instances: u32) -> Engine {
    Engine::builder().instances(instances).build().unwrap()
}

/// A guest with an engine of its own.
fn lab(app: &App, limits: Limits, isolation: impl Into<Isolation>) -> Lab {
    on(&engine(8), app, limits, isolation)
}

fn on(engine: &Engine, app: &App, limits: Limits, isolation: impl Into<Isolation>) -> Lab {
    let builder: Builder<Lab> = Lab::builder(app.clone()).engine(engine).name("lab");
    let builder = builder.limits(limits).isolation(isolation);
    builder.load_bytes(&*LAB).unwrap()
}

/// A runtime with several threads.
fn several() -> Runtime {
    let mut runtime = Tokio::new_multi_thread();
    runtime.worker_threads(2).enable_time().build().unwrap()
}

/// A runtime with one thread.
fn single() -> Runtime {
    Tokio::new_current_thread().enable_time().build().unwrap()
}

/// Polls a future up to so many times, and drops it if it was given: whether it was done.
fn poll(future: impl Future, times: usize) -> bool {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    (0..times).any(|_| future.as_mut().poll(&mut cx).is_ready())
}

/// Polls what waits for nobody until it is done: at a tick it lets others run.
fn done<R>(mut poll: impl FnMut() -> Poll<R>) -> R {
    loop {
        if let Poll::Ready(result) = poll() {
            return result;
        }
        std::thread::yield_now();
    }
}

fn policies() -> [Isolation; 2] {
    [Isolation::Fresh, Warm::new().into()]
}

#[test]
fn a_hundred_tasks_wait_at_once_with_what_they_borrowed() {
    for isolation in policies() {
        let app = App::new(Act::Sleep(Duration::from_millis(2)));
        let lab = on(&engine(64), &app, patient(), isolation);
        several().block_on(async {
            let calls = (0..100).map(|_| {
                let lab = lab.clone();
                tokio::spawn(async move { lab.put_all(3).await })
            });
            for call in calls.collect::<Vec<_>>() {
                assert_eq!(call.await.unwrap().unwrap(), 3 * PUT);
            }
        });
        assert_eq!(app.called.load(Ordering::Relaxed), 300);
        assert_eq!(lab.stats().calls, 100);
    }
}

#[test]
fn arguments_of_exports_are_borrowed() {
    let lab = lab(&App::default(), patient(), Warm::new());
    single().block_on(async {
        let text = "a".repeat(5000);
        assert_eq!(lab.len(&text).await.unwrap(), 5000);
        assert_eq!(lab.add(2, 3).await.unwrap(), 5);
    });
}

#[test]
fn both_colours_share_an_engine_and_what_was_compiled() {
    let engine = engine(8);
    let folder = std::env::temp_dir().join(format!("abide-async-{}", std::process::id()));
    let artefacts = Artefacts::in_folder(&folder).unwrap();
    let app = App::new(Act::Yield);
    let builder = Lab::builder(app.clone()).engine(&engine).limits(patient());
    let awaited = builder.artefacts(&artefacts).load_bytes(&*LAB).unwrap();
    let builder = host::Lab::builder(app).engine(&engine).limits(patient());
    let plain = builder.artefacts(&artefacts).load_bytes(&*LAB).unwrap();
    assert_eq!(plain.put_all(2).unwrap(), 2 * PUT);
    assert_eq!(single().block_on(awaited.put_all(2)).unwrap(), 2 * PUT);
    // Compiled and kept once; the second found it in use and did not even look there.
    let stats = artefacts.stats();
    assert_eq!((stats.kept, stats.hits, stats.misses), (1, 0, 1));
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn it_is_loaded_and_reloaded_off_the_runtime() {
    let engine = engine(8);
    single().block_on(async {
        let builder = Lab::builder(App::default()).engine(&engine);
        let lab = builder.load_bytes_async(&*LAB).await.unwrap();
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
        lab.reload_bytes(&*LAB).await.unwrap();
        assert_eq!(lab.add(1, 2).await.unwrap(), 3);
        assert_eq!(lab.stats().reloads, 1);
        let error = Lab::load("no-such.wasm", App::default()).await.unwrap_err();
        assert!(matches!(error, Error::Load { .. }), "{error}");
    });
}

#[test]
fn a_host_that_panics_after_it_waited_ends_its_guest_only() {
    for isolation in policies() {
        let lab = lab(&App::new(Act::Panic), patient(), isolation);
        single().block_on(async {
            let error = lab.put_all(1).await.unwrap_err();
            let Error::HostPanic {
                import, message, ..
            } = &error
            else {
                panic!("{error}")
            };
            assert_eq!(
                (*import, &**message),
                ("demo:lab/store.put", "the disk is full")
            );
            assert_eq!(lab.add(1, 2).await.unwrap(), 3);
        });
    }
}
