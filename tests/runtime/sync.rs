//! The hosts in their sync form, which `sync_form.rs` made of them, and what they ask of the module
//! above them.

// Several may look at a value and change it, on one thread.
#[cfg_attr(some_features, allow(unused_imports))]
use std::cell::Cell as Shared;

/// Releases a resource of the guest.
#[cfg_attr(some_features, allow(dead_code))]
fn release<R>(resource: R) {
    drop(resource);
}

/// What was not waited for.
#[cfg_attr(some_features, allow(dead_code))]
fn at_once<T>(done: T) -> T {
    done
}

/// Does not wait.
#[cfg_attr(some_features, allow(dead_code))]
fn pause() {}

include!(concat!(env!("OUT_DIR"), "/sync.rs"));
