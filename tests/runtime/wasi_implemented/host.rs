//! Where another interface of the world passes a resource of WASI's, the host implements that too,
//! instead of what the runtime would link.

use std::cell::Cell;

abide::abi!({ wit: "wasi_implemented/test.wit", module: "wasi_implemented" });

#[derive(Clone)]
struct App;

struct Timer(Cell<u32>);

impl host::Poll for App {
    type Pollable = Timer;

    fn poll(&mut self, in_: Vec<&Timer>) -> Vec<u32> {
        let ready = (0..).zip(in_).filter(|(_, timer)| timer.0.get() == 0);
        ready.map(|(index, _)| index).collect()
    }
}

impl host::poll::Pollable for Timer {
    fn ready(&mut self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

impl host::Timers for App {
    type Pollable = Timer;

    fn after(&mut self, polls: u32) -> Timer {
        Timer(Cell::new(polls))
    }
}

#[test]
fn the_hosts_own_wasi_is_called() {
    let guest = load!(host::WasiImplemented, App);
    assert_eq!(guest.wait_for_all().unwrap(), [1, 3]);
}
