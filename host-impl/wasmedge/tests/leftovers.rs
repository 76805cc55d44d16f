//! Requests whose guests delete nothing leave nothing in the host's process. Alone in a process of its
//! own, whose memory no other test takes.
#![cfg(all(feature = "interface", target_os = "linux"))]

#[path = "wasmedge/engine.rs"]
mod engine;
#[path = "wasmedge/support.rs"]
#[allow(dead_code, reason = "other tests use more of it")]
mod support;

use std::sync::atomic::Ordering::Relaxed;

use abide_build::Target;
use abide_inference_host::Models;
use abide_wasmedge::{Alive, WasmEdge};
use engine::{Doubling, MARK};

/// How much of the process is in memory, in kilobytes.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().nth(1));
    number.unwrap().parse().unwrap()
}

#[test]
fn sessions_that_are_never_deleted_end_with_their_instance() {
    let model = format!("{MARK}double 10000 out");
    let data = [1_u8; 10_000];
    for (fixture, requests) in [("wasmedge-early", 10_000), ("wasmedge", 10_000)] {
        let engine = Doubling::default();
        let models = Models::builder().engine(engine.clone()).build().unwrap();
        let host = WasmEdge::new(models);
        let guest = support::load(support::build(fixture, Target::Unknown), host.clone());
        let leak = || {
            let args = (model.as_bytes(), "in", &data, "out");
            guest.call::<Vec<u8>>("leak", args).unwrap()
        };
        for _ in 0..1_000 {
            assert_eq!(leak(), [2; 10_000]);
        }
        let before = resident();
        for _ in 0..requests {
            leak();
        }
        let more = resident().saturating_sub(before);
        assert_eq!(engine.run.load(Relaxed), 1_000 + requests);
        assert_eq!(host.alive(), Alive::default());
        // Each has left 20 kB in its session: 200 MB, if they were kept.
        println!("{fixture}: {more} kB more after {requests} requests");
        assert!(more < 10_000, "{more} kB more after {requests} requests");
    }
}
