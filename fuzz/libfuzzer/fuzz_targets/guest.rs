//! Any behaviour of a guest. What is run is `abide_fuzz_targets::guest`; this hands it to
//! libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| abide_fuzz_targets::guest(input));
