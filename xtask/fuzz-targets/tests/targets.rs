//! A short run of every target, always with the same inputs. `fuzz/` and this package's program run as many
//! others as one likes.

use std::path::Path;
use std::time::Duration;

use abide_fuzz_targets::TARGETS;
use abide_fuzz_targets::drive::{Until, drive};

/// Runs a target until the seeds and `inputs` others were run, or for some seconds on a slow machine.
fn short(name: &str, inputs: u64) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = (target.seeds)().unwrap().len() as u64;
    assert!(seeds > 10, "{name} has only {seeds} seeds");
    let until = Until {
        inputs: seeds + inputs,
        time: Duration::from_secs(6),
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let count = drive(target, 4, until, folder).unwrap();
    assert!(count > seeds, "{name}: no time for more than the seeds");
}

#[test]
fn any_text_as_wit() {
    short("wit", 3000);
}

#[cfg(feature = "runtime")]
#[test]
fn any_bytes_as_a_component() {
    short("component", 2000);
}

#[cfg(feature = "runtime")]
#[test]
fn any_behaviour_of_a_guest() {
    short("guest", 500);
}
