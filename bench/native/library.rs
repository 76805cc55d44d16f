//! The guest of the benchmarks as a shared library: trusted code in the process, without any wall
//! around it.

/// The sum, wrapping around.
#[unsafe(no_mangle)]
pub extern "C" fn add(a: u32, b: u32) -> u32 {
    a.wrapping_add(b)
}

/// The same bytes: from where they are to where the caller wants them.
///
/// # Safety
/// There are `len` bytes at `from`, and as many to be written at `to`, elsewhere.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn echo(from: *const u8, len: usize, to: *mut u8) {
    // SAFETY: that is what the caller promises.
    unsafe { to.copy_from_nonoverlapping(from, len) }
}
