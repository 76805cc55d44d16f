//! An interface that a host both implements and leaves to a part.

mod some_abi {
    abide::abi!({
        inline: "
            package demo:some@0.1.0;
            interface clock { now-ms: func() -> u64; }
            world plugin { import clock; }
        ",
        module: "some_abi",
    });
}

struct Clock;

impl some_abi::host::Clock for Clock {
    fn now_ms(&mut self) -> u64 {
        0
    }
}

#[derive(abide::Host)]
#[host(abi = some_abi)]
struct Both {
    #[host(clock)]
    clock: Clock,
}

impl some_abi::host::Clock for Both {
    fn now_ms(&mut self) -> u64 {
        0
    }
}

fn main() {}
