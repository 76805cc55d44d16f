//! Guests that use WASI, called from async code.

use crate::default;
use abide::Error;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

#[test]
fn a_task_may_call_a_guest() {
    // One worker: whatever the call blocks, another thread has to take over.
    let runtime = Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
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
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let error = default().ask().print("hello", "").unwrap_err();
        assert!(matches!(error, Error::HostPanic { .. }), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("call it on a thread where it may block"),
            "{text}"
        );
        // And that works.
        let call = spawn_blocking(|| default().ask().print("hello", ""));
        call.await.unwrap().unwrap();
    });
}
