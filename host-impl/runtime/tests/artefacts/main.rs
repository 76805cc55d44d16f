//! Compiled code that is kept in a folder: found again, refused when it is not what was written,
//! and never in the way of loading a guest. And what is hard to compile, away from tests that
//! measure deadlines.

#[allow(
    dead_code,
    unreachable_pub,
    reason = "a world for many tests, of which these use a part"
)]
#[path = "../host/kit.rs"]
mod kit;

mod folders;
mod nested;
mod store;
mod support;
mod tampered;
