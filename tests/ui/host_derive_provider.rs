//! Fields that do not provide what they are marked with.

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

#[derive(Clone, abide::Host)]
#[host(abi = some_abi)]
struct Plain {
    #[host(clock)]
    clock: u32,
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
