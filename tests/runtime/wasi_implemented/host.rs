//! Where another interface of the world passes a resource of WASI's, the host implements that too,
//! instead of what the runtime would link.

use super::Shared;

abide::abi!({ wit: "wasi_implemented/test.wit", module: "wasi_implemented" });

#[derive(Clone)]
struct App;

struct Timer(Shared<u32>);

impl host_async::Poll for App {
    type Pollable = Timer;

    async fn poll(&mut self, in_: Vec<&Timer>) -> Vec<u32> {
        let ready = (0..).zip(in_).filter(|(_, timer)| timer.0.get() == 0);
        ready.map(|(index, _)| index).collect()
    }
}

impl host_async::poll::Pollable for Timer {
    async fn ready(&mut self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left == 0
    }
}

impl host_async::Timers for App {
    type Pollable = Timer;

    async fn after(&mut self, polls: u32) -> Timer {
        Timer(Shared::new(polls))
    }
}

#[awaited::test]
async fn the_hosts_own_wasi_is_called() {
    let guest = load!(host_async::WasiImplemented, App);
    assert_eq!(guest.wait_for_all().await.unwrap(), [1, 3]);
}
