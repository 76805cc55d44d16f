//! Runtime pairs: for every feature of WIT a folder with the contract (`test.wit`), a guest
//! (`guest.rs`) and a host (`host.rs`) that meet here and compare what they give each other.
//!
//! To add one, add a folder with these three files and nothing else: the build script finds it,
//! makes `host.rs` a module of this test, and [`guests`] builds `guest.rs`. Both begin with
//! `abide::abi!`, the guest with the path `test.wit`, the host with `<feature>/test.wit` and the
//! option `module`. The host gets its guest with `load!`. The first failed assertion of a guest
//! reaches the host as the error of its call.
//!
//! A host is written for `host_async` and tested in that form as it stands: `strings::joined`. The
//! build script makes the form for `host` of it, without `async` and `.await`. That one is a module
//! of the same name in [`sync`]: `sync::strings::joined`. Both use one expansion of the contract.
//! What the compiler and the tests say of the second form names a file in `target/`, whose lines
//! and columns are those of `host.rs`. What holds for one form only stands under `#[cfg(sync)]` or
//! `#[cfg(not(sync))]`, or `host.rs` asks the module above for it: this file, or [`sync`].

// A hundred records in each other ask more of the compiler than it gives unasked.
#![recursion_limit = "512"]

use std::future::Future;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use abide::GuestHandle;
use tokio::runtime::Builder;

#[cfg_attr(some_features, allow(unused_imports))]
use self::shared::Shared;

/// Loads the guest of the feature in which it stands: `load!(host_async::Numbers, App)`, with
/// generous limits, or with others: `load!(host_async::Numbers, App, limits().memory(1 << 20))`. It
/// blocks in both forms: guests do not see how they were loaded, and this is less to compile.
macro_rules! load {
    ($world:ty, $host:expr) => {
        load!($world, $host, crate::guests::limits())
    };
    ($world:ty, $host:expr, $limits:expr) => {
        <$world>::builder($host)
            .limits($limits)
            .load(crate::guests::component(module_path!()))
            .unwrap_or_else(|error| panic!("{error:?}"))
    };
}

#[cfg_attr(some_features, allow(dead_code))]
mod alive;
mod guests;
#[cfg_attr(some_features, allow(dead_code))]
mod shared;
mod sync;

/// Runs a test: on one thread, and as something that could run on several.
fn block_on(test: impl Future<Output = ()> + Send) {
    run(Box::pin(test));
}

fn run(test: Pin<Box<dyn Future<Output = ()> + Send + '_>>) {
    let runtime = Builder::new_current_thread().enable_time().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("{error}"));
    runtime.block_on(test);
}

/// Releases a resource of the guest. One that is only dropped is released at the next call of its
/// session.
#[cfg_attr(some_features, allow(dead_code))]
async fn release(resource: impl GuestHandle) {
    let released = abide::release(resource).await;
    released.unwrap_or_else(|error| panic!("{error}"));
}

/// What a future comes to, for whoever cannot wait for it.
#[cfg_attr(some_features, allow(dead_code))]
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut cx) {
            return done;
        }
    }
}

/// Waits once, for nothing.
#[cfg_attr(some_features, allow(dead_code))]
async fn pause() {
    tokio::task::yield_now().await;
}

include!(concat!(env!("OUT_DIR"), "/features.rs"));
