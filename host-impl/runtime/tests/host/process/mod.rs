//! What guests take of their host's process: open files, threads, log. The guest is the one of the
//! fault table, `tests/trust/process.wat.part`.
//!
//! The tests in `both` are there for calls that block and for those that are awaited.

#[cfg(feature = "async")]
mod awaited;
mod plain;

use crate::kit::component;

/// What the guest does, so often; see its text form.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    Open,
    OpenAndClose,
    OpenForStream,
    ReadStreams,
    List,
    BeginToList,
    MakeSockets,
    LookUp,
    WriteAtOnce,
    Write,
}

/// What the guest says of an error that it was told.
pub(crate) const ERROR: u64 = 1_000_000;
/// The codes of errors: their places in WASI's lists.
pub(crate) const BUSY: u64 = 4;
pub(crate) const NEW_SOCKET_LIMIT: u64 = 10;
pub(crate) const PERMANENT_RESOLVER_FAILURE: u64 = 20;

pub(crate) fn guest() -> Vec<u8> {
    let deeds = include_str!("../../../../../tests/trust/process.wat.part");
    component(&format!(
        r#"(component
          (core module $libc (memory (export "memory") 2))
          (core instance $libc (instantiate $libc))
          (alias core export $libc "memory" (core memory $memory))
          {deeds}
          (core module $main
            (import "deeds" "deed" (func $deed (param i32 i32) (result i32)))
            (func (export "run") (param i32 i64) (result i64)
              (i64.extend_i32_u (call $deed (local.get 0) (i32.wrap_i64 (local.get 1))))))
          (core instance $main (instantiate $main (with "deeds" (instance $wasi))))
          (func $run (param "what" u32) (param "arg" u64) (result u64) (canon lift (core func $main "run")))
          (export "run" (func $run)))"#
    ))
}
