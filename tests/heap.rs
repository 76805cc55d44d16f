//! The allocator for guests without WASI: nothing overlaps, and a guest that takes little takes no
//! page.

mod support;

use abide_build::Target;

abide::abi!("tests/fixtures/heap/wit");

use host::Heap;

fn on(target: Target) -> abide::Session<Heap> {
    let heap = Heap::load(support::guest("heap", target), ()).unwrap();
    heap.session().unwrap()
}

/// What is in a block that the guest fills.
fn sum(bytes: u32) -> u64 {
    (0..u64::from(bytes)).map(|number| number % 256).sum()
}

#[test]
fn what_is_left_of_the_last_page_comes_first() {
    let heap = on(Target::Unknown);
    let pages = heap.pages().unwrap();
    assert_eq!(heap.join("left ", "over").unwrap(), "left over");
    assert_eq!(heap.pages().unwrap(), pages, "there was room");
    // Then the memory grows.
    let bytes = 300_000;
    let sum = sum(bytes);
    assert_eq!(heap.fill(bytes).unwrap(), sum);
    let grown = heap.pages().unwrap();
    assert!(grown > pages);
    // What was given back is used again.
    for _ in 0..50 {
        assert_eq!(heap.fill(bytes).unwrap(), sum);
    }
    assert_eq!(heap.pages().unwrap(), grown);
}

#[test]
fn a_first_block_may_be_larger_than_what_is_left() {
    let heap = on(Target::Unknown);
    assert_eq!(heap.fill(100_000).unwrap(), sum(100_000));
    assert_eq!(heap.join("a", "b").unwrap(), "ab");
}

#[test]
fn nothing_overlaps() {
    for target in [Target::Unknown, Target::Wasip2] {
        for seed in [3, 0x5eed, 0x1234_5678_9abc_def0] {
            let heap = on(target);
            let (seen, damaged) = heap.churn(seed, 3000).unwrap();
            assert!(seen > 500, "{seen}");
            assert_eq!(damaged, 0, "{target:?}, {seed:#x}");
        }
    }
}
