//! Modules that do not fit: refused when they are loaded, with everything at once.

use abide::{Error, LoadError};

use super::{Env, Errno, Kit, module};

fn refused(text: &str) -> Error {
    let builder = Kit::builder(Env::default()).name("odd");
    builder.load_bytes(module(text)).unwrap_err()
}

#[test]
fn everything_that_does_not_fit_is_told_in_raw_types() {
    let error = refused(
        r#"(module
            (import "env" "log" (func (param i32) (result i32)))
            (import "env" "absent" (func (param i32 i64) (result f32)))
            (import "env" "memory" (memory 1))
            (func (export "act") (param i32) (result i32) (i32.const 0))
            (func (export "unknown") (param f64))
            (global (export "count") i32 (i32.const 1)))"#,
    );
    let text = error.to_string();
    assert_eq!(
        text,
        "guest `odd` does not fit world `Kit`:\n  \
         - export `act` has another type\n      expected: (i32, i32) -> i32\n      found:    (i32) -> i32\n  \
         - export `count` has another type\n      expected: () -> i64\n      found:    no function\n  \
         - import `env.log` has another type\n      offered:  (i32, i32, i32) -> i32\n      wanted:   (i32) -> i32\n  \
         - import `env.absent` is not offered by the host\n      wanted:   (i32, i64) -> f32\n  \
         - import `env.memory` is not offered by the host\n      wanted:   a memory\n\
         rebuild the guest against this version of the ABI, or load it with a host that implements \
         the world it was built for"
    );
}

/// With the feature `wasip1` it is offered.
#[cfg(not(feature = "wasip1"))]
#[test]
fn wasi_is_a_feature() {
    let error = refused(
        r#"(module
            (import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32))))"#,
    );
    assert!(
        error.to_string().contains("the feature `wasip1`"),
        "{error}"
    );
}

#[test]
fn a_component_is_no_module() {
    let error = refused("(component)");
    let Error::Load { reason, .. } = &error else {
        panic!("{error}")
    };
    assert!(matches!(**reason, LoadError::NoModule), "{error}");
    assert!(error.to_string().contains("plain modules"), "{error}");
}

#[test]
fn a_start_function_cannot_call_what_needs_memory() {
    let text = r#"(module
        (import "env" "log" (func $log (param i32 i32 i32) (result i32)))
        (memory (export "memory") 1)
        (func $start (drop (call $log (i32.const 0) (i32.const 0) (i32.const 0))))
        (start $start)
        (func (export "count") (result i64) (i64.const 0)))"#;
    let kit = Kit::builder(Env::default())
        .load_bytes(module(text))
        .unwrap();
    let error = kit.count().unwrap_err();
    assert!(matches!(error, Error::AbiViolation { .. }), "{error}");
    assert!(error.to_string().contains("start function"), "{error}");
}

#[test]
fn a_module_without_memory_passes_numbers_only() {
    let text = r#"(module
        (import "plain" "is_even" (func $even (param i64) (result i32)))
        (import "env" "fill" (func $fill (param i32 i32) (result i32)))
        (func (export "count") (result i64) (i64.extend_i32_u (call $even (i64.const 2))))
        (func (export "act") (param i32 i32) (result i32) (call $fill (i32.const 0) (i32.const 1))))"#;
    let kit = Kit::builder(Env::default())
        .load_bytes(module(text))
        .unwrap();
    assert_eq!(kit.count().unwrap(), Some(1));
    assert_eq!(kit.act(0, 0).unwrap(), Some(Errno::OutOfBounds as u32));
}
