//! An interface that the ABI does not have.

mod some_abi {
    abide::abi!({
        inline: "
            package demo:some@0.1.0;
            interface clock { now-ms: func() -> u64; }
            interface log { write: func(message: string); }
            world plugin { import clock; import log; }
        ",
        module: "some_abi",
    });
}

#[derive(Clone, abide::Host)]
#[host(abi = some_abi)]
struct Host {
    #[host(lok)]
    log: u32,
}

fn main() {}
