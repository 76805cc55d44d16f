//! Runtime pairs: for every feature of WIT a folder with the contract (`test.wit`), a guest
//! (`guest.rs`) and a host (`host.rs`) that meet here and compare what they give each other.
//!
//! To add one, add a folder with these three files and nothing else: the build script finds it,
//! makes `host.rs` a module of this test, and [`guests`] builds `guest.rs`. Both begin with
//! `abide::abi!`, the guest with the path `test.wit`, the host with `<feature>/test.wit` and the
//! option `module`. The host gets its guest with `load!`. The first failed assertion of a guest
//! reaches the host as the error of its call.

// A hundred records in each other ask more of the compiler than it gives unasked.
#![recursion_limit = "512"]

/// Loads the guest of the feature in which it stands: `load!(host::Numbers, App)`, with generous
/// limits, or with others: `load!(host::Numbers, App, limits().memory(1 << 20))`.
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

include!(concat!(env!("OUT_DIR"), "/features.rs"));
