//! The loop that makes pixels grey, by itself: what the benchmarks measure.

use std::hint::black_box;

use recognise_abi::kernel::guest::Kernel;

struct Loop;

impl Kernel for Loop {
    fn grey(rgb: Vec<u8>, times: u32) -> Vec<u8> {
        let mut grey = Vec::new();
        for _ in 0..times {
            grey = recognise_kernel::grey(black_box(&rgb));
        }
        grey
    }
}

recognise_abi::kernel::export!(Loop);
