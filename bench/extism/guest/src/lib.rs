//! The guest of the benchmarks as a plug-in of Extism. It does next to nothing, like the one that
//! Abide calls.
//!
//! `add` takes its numbers as eight bytes and returns four: that is less to do than with JSON, which
//! is what most plug-ins pass.

use extism_pdk::{FnResult, plugin_fn};

/// The sum, wrapping around.
#[plugin_fn]
pub fn add(numbers: Vec<u8>) -> FnResult<Vec<u8>> {
    let number = |at: usize| {
        let bytes = numbers.get(at..at + 4).unwrap_or_default();
        u32::from_le_bytes(bytes.try_into().unwrap_or_default())
    };
    Ok(number(0).wrapping_add(number(4)).to_le_bytes().to_vec())
}

/// The same bytes: in, and out again.
#[plugin_fn]
pub fn echo(bytes: Vec<u8>) -> FnResult<Vec<u8>> {
    Ok(bytes)
}
