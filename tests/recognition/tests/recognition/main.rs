//! Pictures and models in the hands of a guest, in both colours.

mod engines;
mod faults;
mod other_engine;
mod photos;

use std::time::Duration;

use abide::Limits;

/// Enough for a real model, which takes its time where tests run.
fn limits() -> Limits {
    Limits::new()
        .deadline(Duration::from_secs(120))
        .wait(Duration::from_secs(120))
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_time()
        .build();
    runtime.unwrap().block_on(future)
}
