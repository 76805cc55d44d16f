//! Guests that use WASI, called from async code.

use abide::Error;
use tokio::runtime::{Builder, Runtime};
use tokio::task::{LocalSet, block_in_place, spawn_blocking, spawn_local};

use crate::plain::guests::default;

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn several_threads() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap()
}

/// A call that uses WASI.
fn call() -> abide::Result<()> {
    default().ask().print("hello", "")
}

/// What is said where the thread runs async code and nothing else.
#[track_caller]
fn says_what_to_do(called: abide::Result<()>) {
    let error = called.unwrap_err();
    assert!(matches!(error, Error::HostPanic { .. }), "{error:?}");
    let text = error.to_string();
    assert!(
        text.contains("call it on a thread where it may block, for instance with `tokio::task::spawn_blocking`"),
        "{text}"
    );
}

#[test]
fn a_task_may_call_a_guest() {
    // One worker: whatever the call blocks, another thread has to take over.
    let runtime = several_threads();
    runtime.block_on(async {
        let calls = (0..4).map(|_| tokio::spawn(async { default().ask().print("hello", "") }));
        let calls: Vec<_> = calls.collect();
        for call in calls {
            call.await.unwrap().unwrap();
        }
        let session = default().session().unwrap();
        session.ask().print("once", "").unwrap();
        session.ask().print("more", "").unwrap();
    });
}

#[test]
fn a_runtime_with_one_thread_says_what_to_do() {
    one_thread().block_on(async {
        says_what_to_do(call());
        // And that works.
        spawn_blocking(call).await.unwrap().unwrap();
    });
}

#[test]
fn a_local_set_says_what_to_do() {
    for runtime in [one_thread(), several_threads()] {
        let local = LocalSet::new();
        local.block_on(&runtime, async { says_what_to_do(call()) });
        runtime.block_on(local.run_until(async {
            says_what_to_do(call());
            let task = spawn_local(async { says_what_to_do(call()) });
            task.await.unwrap();
            // And that works.
            spawn_blocking(call).await.unwrap().unwrap();
        }));
        // Nothing is left over from the calls that were refused.
        call().unwrap();
    }
}

#[test]
fn where_a_thread_may_block_a_guest_may_be_called() {
    // On a thread without a runtime, and on one that only knows of some.
    call().unwrap();
    for runtime in [one_thread(), several_threads()] {
        let _entered = runtime.enter();
        call().unwrap();
    }
    let runtime = several_threads();
    runtime.block_on(async { call().unwrap() });
    runtime.block_on(async { block_in_place(call).unwrap() });
    let task = runtime.spawn(async { block_in_place(call) });
    runtime.block_on(task).unwrap().unwrap();
    // A runtime inside of one, on a thread that may block.
    let inner = runtime.spawn_blocking(|| several_threads().block_on(async { call() }));
    runtime.block_on(inner).unwrap().unwrap();
}
