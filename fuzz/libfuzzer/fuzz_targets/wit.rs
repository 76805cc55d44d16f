//! Any text as WIT for the macro's library. What is run is `abide_fuzz_targets::wit`; this hands it
//! to libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| abide_fuzz_targets::wit(input));
