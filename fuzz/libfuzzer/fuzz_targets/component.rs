//! Any bytes as a component. What is run is `abide_fuzz_targets::component`; this hands it to
//! libFuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| abide_fuzz_targets::component(input));
