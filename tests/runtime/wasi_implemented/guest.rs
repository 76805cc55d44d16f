//! Polls what the host makes, the same thing twice.

abide::abi!("test.wit");

struct Plugin;

impl guest::WasiImplemented for Plugin {
    fn wait_for_all() -> Vec<u32> {
        let (late, soon) = (guest::timers::after(9), guest::timers::after(1));
        assert!(!late.ready() && !soon.ready() && soon.ready());
        guest::poll::poll(&[&late, &soon, &late, &soon])
    }
}

export!(Plugin);
