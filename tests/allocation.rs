//! `Limits::host_allocation` is a bound for what is allocated, and not only for what the engine
//! counts: whatever a guest hands over, an allocator sees no more than that.
//!
//! The guest is that of `tests/trust`. The test stands alone, because the allocator is everybody's.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use abide::{Error, LimitKind, Limits, Result};

abide::abi!({
    wit: "tests/trust/wit",
    trappable: ["app.errs", "app.calls-back"],
    borrowed: ["app.words"],
});

/// The system's allocator, and how much it has given out: now, and at most.
struct Counting {
    now: AtomicUsize,
    most: AtomicUsize,
}

#[global_allocator]
static ALLOCATOR: Counting = Counting {
    now: AtomicUsize::new(0),
    most: AtomicUsize::new(0),
};

/// What a piece of memory takes: what is kept beside it, and no less than the smallest that common
/// allocators have.
fn taken(size: usize) -> usize {
    (size + 8).next_multiple_of(16).max(32)
}

// SAFETY: all of it is done by the system's allocator; counting changes nothing about that.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let taken = taken(layout.size());
        let now = self.now.fetch_add(taken, Ordering::Relaxed) + taken;
        self.most.fetch_max(now, Ordering::Relaxed);
        // SAFETY: the caller keeps what this asks of its caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        self.now.fetch_sub(taken(layout.size()), Ordering::Relaxed);
        // SAFETY: as above, and the piece is one of the system's.
        unsafe { System.dealloc(pointer, layout) }
    }
}

impl Counting {
    /// How much more was given out at once while something was done than before.
    fn during<T>(&self, work: impl FnOnce() -> T) -> (usize, T) {
        let before = self.now.load(Ordering::Relaxed);
        self.most.store(before, Ordering::Relaxed);
        let done = work();
        (self.most.load(Ordering::Relaxed) - before, done)
    }
}

#[derive(Clone)]
struct App;

struct Thing;

impl host::App for App {
    type Thing = Thing;

    fn thing_new(&mut self) -> Thing {
        Thing
    }

    fn nap(&mut self, _milliseconds: u32) {}

    fn errs(&mut self) -> Result<()> {
        Ok(())
    }

    fn panics(&mut self) {}

    fn calls_back(&mut self) -> Result<()> {
        Ok(())
    }

    fn hear(&mut self, _text: &str) {}

    fn numbers(&mut self, _numbers: &[u32]) {}

    fn lists(&mut self, lists: Vec<Vec<u8>>) {
        assert!(!lists.is_empty());
    }

    fn words(&mut self, words: Vec<&str>) {
        assert!(!words.is_empty());
    }
}

impl host::app::Thing for Thing {
    fn touch(&mut self) {}
}

/// How much the host may allocate.
const LIMIT: usize = 1 << 20;

/// What a call takes whatever it hands over: an instance, and what the host keeps of it.
const BESIDE: usize = 128 << 10;

/// Hands over so many pieces of so many bytes.
type HandsOver = fn(&host::Rogue, u32, u32) -> Result<()>;

#[test]
fn no_more_is_allocated_than_the_limit_says_however_small_the_pieces() {
    let text = include_str!("trust/rogue.wat").replace("(call $touch-pages)", "");
    let limits = Limits::new()
        .deadline(Duration::from_secs(600))
        .compile_time(Duration::from_secs(600))
        .host_allocation(LIMIT);
    let guest = host::Rogue::builder(App)
        .limits(limits)
        .load_bytes(wat::parse_str(&text).unwrap())
        .unwrap();
    let all: [(&str, HandsOver); 3] = [
        ("returned", |guest, count, bytes| {
            guest.same_lists(count, bytes).map(drop)
        }),
        ("passed", |guest, count, bytes| {
            guest.pass_same_lists(count, bytes)
        }),
        ("lent", |guest, count, bytes| {
            guest.pass_same_words(count, bytes)
        }),
    ];
    for (name, hands_over) in all {
        for bytes in [0, 1, 8, 9, 25, 100, 10_000] {
            // As many as may be.
            let (mut fine, mut too_many) = (0, 1 << 18);
            while too_many - fine > 1 {
                let count = u32::midpoint(fine, too_many);
                match hands_over(&guest, count, bytes) {
                    Ok(()) => fine = count,
                    Err(Error::Limit {
                        what: LimitKind::HostAllocation,
                        limit,
                        ..
                    }) => {
                        assert_eq!(limit, LIMIT as u64);
                        too_many = count;
                    }
                    Err(other) => panic!("{count} {bytes}: {other}"),
                }
            }
            assert!(fine > 0, "{name} {bytes}");
            for count in [fine, too_many] {
                let (most, _) = ALLOCATOR.during(|| hands_over(&guest, count, bytes));
                assert!(
                    most <= LIMIT + BESIDE,
                    "{count} pieces of {bytes} bytes that were {name} took {most} bytes"
                );
            }
        }
    }
}
