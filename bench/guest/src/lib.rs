//! The guest of the benchmarks. It does next to nothing: what a call of it takes is what the way
//! into it and out of it takes. It does not know which host calls it, nor what is measured.

use std::sync::OnceLock;

abide::abi!("../wit");

use guest::sink;

#[cfg(feature = "heap")]
#[global_allocator]
static HEAP: abide::Heap = abide::Heap::new();

struct Plugin;

/// How many bytes the guest holds for `push`: no more can be asked for.
const HELD: usize = 1024 * 1024;

impl guest::Bench for Plugin {
    fn add(a: u32, b: u32) -> u32 {
        a.wrapping_add(b)
    }

    fn greet(name: String) -> String {
        // Put together by hand: formatting would take longer than the call.
        ["Hello, ", &name, "!"].concat()
    }

    fn echo(bytes: Vec<u8>) -> Vec<u8> {
        bytes
    }

    fn push(size: u32, times: u32) {
        // Filled once in the life of an instance, so that the calls are what takes time. Not with
        // zeros: memory that was never written is one and the same page of them, which is faster to
        // read than real data.
        static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
        let bytes = BYTES.get_or_init(|| vec![0xa5; HELD]);
        let bytes = &bytes[..size as usize];
        for _ in 0..times {
            sink::take(bytes);
        }
    }
}

export!(Plugin);
