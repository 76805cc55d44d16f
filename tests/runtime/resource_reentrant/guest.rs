//! Calls the host while it is itself called.

abide::abi!("test.wit");

use std::sync::atomic::{AtomicU32, Ordering};

use guest::exports::items::GuestItem;
use guest::probes::{self as host, Probe};

static ALIVE: AtomicU32 = AtomicU32::new(0);

struct Plugin;

struct Own(u32);

impl Drop for Own {
    fn drop(&mut self) {
        ALIVE.fetch_sub(1, Ordering::Relaxed);
    }
}

fn alive() -> u32 {
    ALIVE.load(Ordering::Relaxed)
}

impl GuestItem for Own {
    fn new(number: u32) -> Self {
        ALIVE.fetch_add(1, Ordering::Relaxed);
        Self(number)
    }

    fn number(&self) -> u32 {
        self.0
    }

    fn poke(&self) -> u32 {
        let before = alive();
        host::poke();
        // Nothing is destroyed while the guest is at work.
        assert_eq!(alive(), before);
        self.0
    }
}

impl guest::Items for Plugin {
    type Item = Own;

    fn alive() -> u32 {
        alive()
    }
}

impl guest::ResourceReentrant for Plugin {
    fn make_and_drop(name: String) {
        drop(Probe::new(&name));
    }

    fn poke() -> u32 {
        let before = alive();
        host::poke();
        assert_eq!(alive(), before);
        before
    }
}

export!(Plugin);
