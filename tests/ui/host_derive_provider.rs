//! Fields that do not provide what they are marked with, and an interface that the ABI does not have.

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
struct Wrong {
    #[host(clock)]
    clock: u32,
    #[host(lok)]
    log: u32,
}

#[derive(Clone, abide::Host)]
#[host(abi = some_abi)]
struct Generic<C> {
    #[host(clock)]
    clock: C,
}

fn main() {
    let _ = some_abi::host::Plugin::load("plugin.wasm", Generic { clock: 1_u32 });
}
